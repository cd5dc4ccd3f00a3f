//! One frame in the index of a session: 32 bytes, so that ten million of them fit into memory.

use std::num::NonZeroU32;

use crate::protocol::direction::Direction;
use crate::protocol::dissector::Frame;
use crate::protocol::finding::Severity;
use crate::protocol::frame::LengthEncoding;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;

use super::annotations::Anchor;

/// What the index keeps of a frame; the rest is read from the bytes when somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameRow {
    /// When its header was complete.
    pub at: Moment,
    /// Where its first byte stands in its direction's stream of bytes.
    pub stream_offset: u64,
    /// The payload length that the header claims, in bytes.
    pub payload_length: u64,
    message: Option<NonZeroU32>,
    /// Which way it goes.
    pub direction: Direction,
    first_byte: u8,
    header_length: u8,
    /// The worst finding on this frame.
    pub worst_finding: Option<Severity>,
}

impl FrameRow {
    /// The row of a frame that the dissector reported.
    #[inline]
    pub fn new(frame: &Frame) -> FrameRow {
        FrameRow {
            at: frame.at,
            stream_offset: frame.stream_offset,
            payload_length: frame.header.payload_length,
            message: frame.message.and_then(|index| u32::try_from(index + 1).ok()).and_then(NonZeroU32::new),
            direction: frame.direction,
            first_byte: frame.header.first_byte(),
            header_length: frame.header.header_length() as u8,
            worst_finding: None,
        }
    }

    /// What the payload is.
    pub fn opcode(&self) -> Opcode {
        Opcode::from_bits(self.first_byte)
    }

    /// Whether FIN is set.
    pub fn fin(&self) -> bool {
        self.first_byte & 0x80 != 0
    }

    /// RSV1, RSV2 and RSV3.
    pub fn reserved_bits(&self) -> [bool; 3] {
        [0x40, 0x20, 0x10].map(|bit| self.first_byte & bit != 0)
    }

    /// Whether the frame has a masking key. Header lengths tell: 2, 4 and 10 bytes have none; 6, 8 and 14 have one.
    pub fn is_masked(&self) -> bool {
        matches!(self.header_length, 6 | 8 | 14)
    }

    /// The form of the payload length.
    pub fn length_encoding(&self) -> LengthEncoding {
        match self.header_length {
            4 | 8 => LengthEncoding::SixteenBits,
            10 | 14 => LengthEncoding::SixtyFourBits,
            _ => LengthEncoding::SevenBits,
        }
    }

    /// Where the frame begins in the bytes of the session.
    pub fn anchor(&self) -> Anchor {
        Anchor { direction: self.direction, offset: self.stream_offset }
    }

    /// The header's length in bytes.
    pub fn header_length(&self) -> u64 {
        u64::from(self.header_length)
    }

    /// Where the payload begins in the direction's stream.
    pub fn payload_offset(&self) -> u64 {
        self.stream_offset + self.header_length()
    }

    /// Whether it is a message by itself, neither compressed nor otherwise extended, that breaks no rule.
    pub fn is_sound_message(&self) -> bool {
        let is_data = matches!(self.opcode(), Opcode::Text | Opcode::Binary);
        is_data && self.first_byte & 0xF0 == 0x80 && self.message.is_none() && self.worst_finding.is_none()
    }

    /// The message that the frame belongs to, by its place in the list of those that are compressed or have several frames.
    pub(super) fn message_index(&self) -> Option<usize> {
        self.message.map(|number| number.get() as usize - 1)
    }

    /// Remembers a finding on this frame.
    pub fn mark(&mut self, severity: Severity) {
        self.worst_finding = self.worst_finding.max(Some(severity));
    }
}
