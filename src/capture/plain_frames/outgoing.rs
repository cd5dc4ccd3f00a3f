//! Plain frames as the wire gets them: the messages that are long enough compressed, everything else as it is.

use crate::protocol::decoder::{DecoderEvent, FrameDecoder};
use crate::protocol::deflater::{DeflateFailed, Deflater};
use crate::protocol::frame::{FrameHeader, LengthEncoding};
use crate::protocol::opcode::Opcode;

/// How much memory is kept for the next frame, in bytes.
const KEPT_CAPACITY: usize = 1024 * 1024;

/// Translates the bytes of one direction, from plain frames to the wire.
///
/// It holds the compressed payload of at most one frame, whose length has to stand before it.
pub(super) struct Outgoing {
    decoder: FrameDecoder,
    frames: Frames,
}

struct Frames {
    deflater: Deflater,
    compress_from: u64,
    header: Option<FrameHeader>,
    /// Whether the message that is leaving is compressed.
    is_compressed: bool,
    /// Whether the current frame belongs to such a message.
    is_deflating: bool,
    unmasked: Vec<u8>,
    compressed: Vec<u8>,
    wire: Vec<u8>,
    failure: Option<DeflateFailed>,
}

impl Outgoing {
    /// A translator of a direction in which nothing has been sent; messages whose first frame has fewer than `compress_from` bytes
    /// are not compressed.
    pub(super) fn new(deflater: Deflater, compress_from: u64) -> Outgoing {
        Outgoing {
            decoder: FrameDecoder::new(0),
            frames: Frames {
                deflater,
                compress_from,
                header: None,
                is_compressed: false,
                is_deflating: false,
                unmasked: Vec::new(),
                compressed: Vec::new(),
                wire: Vec::new(),
                failure: None,
            },
        }
    }

    /// Takes the next bytes of plain frames and appends what the wire gets to `wire`.
    ///
    /// # Errors
    /// When memory is short; nothing may follow.
    pub(super) fn translate(&mut self, plain: &[u8], wire: &mut Vec<u8>) -> Result<(), DeflateFailed> {
        let frames = &mut self.frames;
        std::mem::swap(&mut frames.wire, wire);
        self.decoder.decode(plain, |event| {
            if frames.failure.is_none() {
                frames.failure = frames.take(event).err();
            }
        });
        std::mem::swap(&mut frames.wire, wire);
        frames.failure.map_or(Ok(()), Err)
    }
}

impl Frames {
    fn take(&mut self, event: DecoderEvent<'_>) -> Result<(), DeflateFailed> {
        match (event, self.header) {
            (DecoderEvent::Header { header, .. }, _) => self.begin_frame(header),
            (DecoderEvent::Payload { bytes, position }, Some(header)) if self.is_deflating => {
                self.unmasked.clear();
                self.unmasked.extend_from_slice(bytes);
                if let Some(key) = header.masking_key {
                    key.apply(&mut self.unmasked, position);
                }
                let is_whole = position + bytes.len() as u64 == header.payload_length;
                self.compressed.extend(self.deflater.deflate(&self.unmasked, is_whole && header.fin)?);
            }
            (DecoderEvent::Payload { bytes, .. }, _) => self.wire.extend_from_slice(bytes),
            (DecoderEvent::Finished, Some(header)) if self.is_deflating => {
                if header.payload_length == 0 {
                    self.compressed = self.deflater.deflate(&[], header.fin)?;
                }
                self.write_compressed(header);
            }
            (DecoderEvent::Finished, _) => {}
        }
        Ok(())
    }

    fn begin_frame(&mut self, header: FrameHeader) {
        match header.opcode {
            Opcode::Text | Opcode::Binary => {
                self.is_compressed = header.payload_length >= self.compress_from && !header.has_reserved_bits();
                self.is_deflating = self.is_compressed;
            }
            Opcode::Continuation => self.is_deflating = self.is_compressed && !header.has_reserved_bits(),
            _ => self.is_deflating = false,
        }
        self.header = Some(header);
        if !self.is_deflating {
            header.write(&mut self.wire);
        }
    }

    /// Writes the frame under the masking key of the plain one, which nobody else will see.
    fn write_compressed(&mut self, plain: FrameHeader) {
        let payload_length = self.compressed.len() as u64;
        let header = FrameHeader {
            rsv1: plain.opcode != Opcode::Continuation,
            length_encoding: LengthEncoding::minimal(payload_length),
            payload_length,
            ..plain
        };
        if let Some(key) = header.masking_key {
            key.apply(&mut self.compressed, 0);
        }
        header.write(&mut self.wire);
        self.wire.append(&mut self.compressed);
        self.compressed.shrink_to(KEPT_CAPACITY);
    }
}
