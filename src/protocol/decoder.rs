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

/// A frame that lies in one slice from its first byte to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeFrame<'bytes> {
    /// The header.
    pub header: FrameHeader,
    /// Where its first byte stands in this direction's stream of bytes.
    pub stream_offset: u64,
    /// The payload as on the wire (still masked).
    pub payload: &'bytes [u8],
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

    /// Where the next byte stands in this direction's stream.
    pub fn stream_offset(&self) -> u64 {
        self.stream_offset
    }

    /// Whether the bytes so far end where a frame ends, neither inside a header nor inside a payload.
    pub fn is_between_frames(&self) -> bool {
        matches!(self.state, State::Header { length: 0, .. })
    }

    /// How much of the current payload is still to come, nothing between two frames; inside a header nobody knows.
    pub fn payload_to_come(&self) -> Option<u64> {
        match self.state {
            State::Header { length: 0, .. } => Some(0),
            State::Header { .. } => None,
            State::Payload { remaining, .. } => Some(remaining),
        }
    }

    /// Passes over bytes of the current payload that are not there, at most to its end; says whether the frame ends with them.
    pub fn pass_payload(&mut self, length: u64) -> bool {
        let State::Payload { position, remaining } = &mut self.state else { return false };
        let passed = length.min(*remaining);
        *position += passed;
        *remaining -= passed;
        self.stream_offset += passed;
        let is_finished = *remaining == 0;
        if is_finished {
            self.state = EMPTY_HEADER;
        }
        is_finished
    }

    /// Takes the next bytes and reports what they hold.
    pub fn decode<'bytes>(&mut self, mut bytes: &'bytes [u8], mut report: impl FnMut(DecoderEvent<'bytes>)) {
        while !bytes.is_empty() {
            bytes = self.decode_frame(bytes, &mut report);
        }
    }

    /// Takes a frame at once when the bytes begin with a whole one, and gives what is behind it; otherwise takes nothing.
    #[inline]
    pub fn whole_frame<'bytes>(&mut self, bytes: &'bytes [u8]) -> Option<(WholeFrame<'bytes>, &'bytes [u8])> {
        if !self.is_between_frames() {
            return None;
        }
        let HeaderParse::Complete(header) = FrameHeader::parse(bytes) else { return None };
        let behind_header = bytes.get(header.header_length()..)?;
        let (payload, rest) = behind_header.split_at_checked(usize::try_from(header.payload_length).ok()?)?;
        let frame = WholeFrame { header, stream_offset: self.stream_offset, payload };
        self.stream_offset += (bytes.len() - rest.len()) as u64;
        Some((frame, rest))
    }

    /// Takes bytes up to the end of the frame that they begin or continue, reports what they hold, and gives what is behind it.
    pub fn decode_frame<'bytes>(
        &mut self,
        mut bytes: &'bytes [u8],
        report: &mut impl FnMut(DecoderEvent<'bytes>),
    ) -> &'bytes [u8] {
        while !bytes.is_empty() {
            let taken = match &mut self.state {
                State::Header { collected, length } => {
                    let (taken, header) = take_header(collected, length, bytes);
                    if let Some(header) = header {
                        let end = self.stream_offset + taken as u64;
                        let stream_offset = end.saturating_sub(header.header_length() as u64);
                        report(DecoderEvent::Header { header, stream_offset });
                        self.state = State::Payload { position: 0, remaining: header.payload_length };
                    }
                    taken
                }
                State::Payload { position, remaining } => {
                    let taken = bytes.len().min(usize::try_from(*remaining).unwrap_or(usize::MAX));
                    let (payload, _) = bytes.split_at(taken);
                    report(DecoderEvent::Payload { bytes: payload, position: *position });
                    *position += taken as u64;
                    *remaining -= taken as u64;
                    taken
                }
            };
            self.stream_offset += taken as u64;
            (_, bytes) = bytes.split_at(taken);
            if let State::Payload { remaining: 0, .. } = self.state {
                self.state = EMPTY_HEADER;
                report(DecoderEvent::Finished);
                break;
            }
        }
        bytes
    }
}

/// Takes from `bytes` what the header still lacks; says how many bytes that was, and the header when it is complete.
fn take_header(collected: &mut [u8; LONGEST_HEADER], length: &mut usize, bytes: &[u8]) -> (usize, Option<FrameHeader>) {
    // Most headers lie whole in one slice and are read in place.
    if *length == 0
        && let HeaderParse::Complete(header) = FrameHeader::parse(bytes)
    {
        return (header.header_length(), Some(header));
    }
    let mut taken = 0;
    loop {
        let needed = match FrameHeader::parse(collected.get(..*length).unwrap_or_default()) {
            HeaderParse::Complete(header) => return (taken, Some(header)),
            HeaderParse::Needs(needed) => needed,
        };
        let mut missing = collected.iter_mut().take(needed).skip(*length).zip(bytes.iter().skip(taken)).peekable();
        if missing.peek().is_none() {
            return (taken, None);
        }
        for (slot, byte) in missing {
            *slot = *byte;
            *length += 1;
            taken += 1;
        }
    }
}
