//! The incremental frame decoder of one direction: slices of any size in, headers and payload parts out.
//!
//! It holds at most one unfinished header (14 bytes) and never a payload, so its memory does not depend on the peer.

use super::frame::{FrameHeader, HeaderParse, LONGEST_HEADER};

/// What the decoder saw, in the order of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecoderEvent<'bytes> {
    /// A header is complete; the frame is known although its payload may still be on its way.
    Header {
        /// The header.
        header: FrameHeader,
        /// Where its first byte stands in this direction's stream of bytes.
        stream_offset: u64,
    },
    /// A part of the current frame's payload.
    Payload {
        /// The bytes as on the wire (still masked).
        bytes: &'bytes [u8],
        /// How many payload bytes of this frame came before them.
        position: u64,
    },
    /// The current frame's last byte has been seen.
    Finished,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Header { collected: [u8; LONGEST_HEADER], length: usize },
    Payload { position: u64, remaining: u64 },
}

const EMPTY_HEADER: State = State::Header { collected: [0; LONGEST_HEADER], length: 0 };

/// Decodes the frames of one direction.
#[derive(Debug, Clone)]
pub struct FrameDecoder {
    state: State,
    stream_offset: u64,
}

impl FrameDecoder {
    /// A decoder whose first frame begins at `stream_offset` of its direction.
    pub fn new(stream_offset: u64) -> FrameDecoder {
        FrameDecoder { state: EMPTY_HEADER, stream_offset }
    }

    /// Takes the next bytes and reports what they hold.
    pub fn decode<'bytes>(&mut self, mut bytes: &'bytes [u8], mut report: impl FnMut(DecoderEvent<'bytes>)) {
        while !bytes.is_empty() {
            match &mut self.state {
                State::Header { collected, length } => {
                    let needed = match FrameHeader::parse(collected.get(..*length).unwrap_or_default()) {
                        HeaderParse::Needs(needed) => needed,
                        // Not reached: a complete header leaves this state below.
                        HeaderParse::Complete(header) => header.header_length(),
                    };
                    let taken = needed.saturating_sub(*length).min(bytes.len());
                    let (head, rest) = bytes.split_at(taken);
                    for (slot, byte) in collected.iter_mut().skip(*length).zip(head) {
                        *slot = *byte;
                    }
                    *length += taken;
                    bytes = rest;
                    self.stream_offset += taken as u64;
                    if let HeaderParse::Complete(header) =
                        FrameHeader::parse(collected.get(..*length).unwrap_or_default())
                    {
                        let stream_offset = self.stream_offset - header.header_length() as u64;
                        report(DecoderEvent::Header { header, stream_offset });
                        self.state = State::Payload { position: 0, remaining: header.payload_length };
                        self.finish_when_nothing_remains(&mut report);
                    }
                }
                State::Payload { position, remaining } => {
                    let taken = bytes.len().min(usize::try_from(*remaining).unwrap_or(usize::MAX));
                    let (payload, rest) = bytes.split_at(taken);
                    report(DecoderEvent::Payload { bytes: payload, position: *position });
                    *position += taken as u64;
                    *remaining -= taken as u64;
                    bytes = rest;
                    self.stream_offset += taken as u64;
                    self.finish_when_nothing_remains(&mut report);
                }
            }
        }
    }

    fn finish_when_nothing_remains<'bytes>(&mut self, report: &mut impl FnMut(DecoderEvent<'bytes>)) {
        if let State::Payload { remaining: 0, .. } = self.state {
            self.state = EMPTY_HEADER;
            report(DecoderEvent::Finished);
        }
    }
}
