//! The peer's frames as plain ones: compressed messages are inflated part by part, everything else stays as it is, legal or not.

use crate::protocol::decoder::{DecoderEvent, FrameDecoder};
use crate::protocol::frame::FrameHeader;
use crate::protocol::inflater::{InflateError, Inflater};
use crate::protocol::opcode::Opcode;

/// How many bytes of the wire are translated at a time. Deflate grows at most by a factor of about 1032, so that this bounds what
/// waits to be read to about a mebibyte.
pub(super) const STEP: usize = 1024;

/// Translates the bytes of one direction, from the wire to plain frames.
pub(super) struct Incoming {
    decoder: FrameDecoder,
    frames: Frames,
}

struct Frames {
    inflater: Inflater,
    header: Option<FrameHeader>,
    message: Arriving,
    is_inflating: bool,
    plain: Vec<u8>,
    fault: Option<InflateError>,
}

/// The message whose frames are arriving.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arriving {
    /// None.
    Nothing,
    /// One that is not compressed.
    Plain,
    /// A compressed one; its next plain fragment has this opcode.
    Compressed { next: Opcode },
}

impl Incoming {
    /// A translator of a direction in which nothing has been sent.
    pub(super) fn new(inflater: Inflater) -> Incoming {
        Incoming {
            decoder: FrameDecoder::new(0),
            frames: Frames {
                inflater,
                header: None,
                message: Arriving::Nothing,
                is_inflating: false,
                plain: Vec::new(),
                fault: None,
            },
        }
    }

    /// Takes the next bytes of the wire, at most [`STEP`] to keep what comes of them small, and appends what they say to `plain`.
    ///
    /// # Errors
    /// A message that cannot be inflated; what came before it has been appended, and nothing may follow.
    pub(super) fn translate(&mut self, wire: &[u8], plain: &mut Vec<u8>) -> Result<(), InflateError> {
        let frames = &mut self.frames;
        std::mem::swap(&mut frames.plain, plain);
        self.decoder.decode(wire, |event| {
            if frames.fault.is_none() {
                frames.fault = frames.take(event).err();
            }
        });
        std::mem::swap(&mut frames.plain, plain);
        frames.fault.map_or(Ok(()), Err)
    }
}

impl Frames {
    fn take(&mut self, event: DecoderEvent<'_>) -> Result<(), InflateError> {
        match event {
            DecoderEvent::Header { header, .. } => self.begin_frame(header),
            DecoderEvent::Payload { bytes, .. } if self.is_inflating => {
                self.inflate(|inflater, output| inflater.inflate(bytes, output))
            }
            DecoderEvent::Payload { bytes, .. } => {
                self.plain.extend_from_slice(bytes);
                Ok(())
            }
            DecoderEvent::Finished => self.finish_frame(),
        }
    }

    fn begin_frame(&mut self, header: FrameHeader) -> Result<(), InflateError> {
        // What a server must not do to a compressed frame is left for the reader of the plain frames to judge.
        let may_be_inflated =
            header.masking_key.is_none() && !header.rsv2 && !header.rsv3 && header.payload_length >> 63 == 0;
        self.header = Some(header);
        self.is_inflating = false;
        match (header.opcode, self.message) {
            (Opcode::Text | Opcode::Binary, Arriving::Nothing) if header.rsv1 && may_be_inflated => {
                self.message = Arriving::Compressed { next: header.opcode };
                self.is_inflating = true;
                return self.inflater.begin_message();
            }
            (Opcode::Text | Opcode::Binary, Arriving::Nothing) => self.message = Arriving::Plain,
            (Opcode::Continuation, Arriving::Compressed { .. }) if !header.rsv1 && may_be_inflated => {
                self.is_inflating = true;
                return Ok(());
            }
            _ => {}
        }
        header.write(&mut self.plain);
        Ok(())
    }

    fn finish_frame(&mut self) -> Result<(), InflateError> {
        let Some(header) = self.header.take() else { return Ok(()) };
        if !header.fin || header.opcode.is_control() || !header.opcode.is_assigned() {
            return Ok(());
        }
        if self.is_inflating {
            self.inflate(|inflater, output| inflater.end_message(output))?;
            if let Arriving::Compressed { next } = self.message {
                FrameHeader::new(next, 0).write(&mut self.plain);
            }
        }
        self.message = Arriving::Nothing;
        Ok(())
    }

    /// Appends each part that comes out as a fragment.
    fn inflate(
        &mut self,
        step: impl FnOnce(&mut Inflater, &mut dyn FnMut(&[u8])) -> Result<(), InflateError>,
    ) -> Result<(), InflateError> {
        let Arriving::Compressed { next } = &mut self.message else { return Ok(()) };
        let plain = &mut self.plain;
        step(&mut self.inflater, &mut |part| {
            if !part.is_empty() {
                let length = part.len() as u64;
                let opcode = std::mem::replace(next, Opcode::Continuation);
                FrameHeader { fin: false, ..FrameHeader::new(opcode, length) }.write(plain);
                plain.extend_from_slice(part);
            }
        })
    }
}
