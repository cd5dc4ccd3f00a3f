//! The frame header of RFC 6455 5.2: reading it from bytes and writing it as bytes; payloads are not looked at here.

use std::fmt;

use super::masking::MaskingKey;
use super::opcode::Opcode;

/// The longest header there is: two bytes, a 64-bit length and a masking key.
pub const LONGEST_HEADER: usize = 14;

/// The largest payload that a control frame may have (RFC 6455 5.5).
pub const LONGEST_CONTROL_PAYLOAD: u64 = 125;

/// A frame's place in its session, counted from 1 over both directions in the order in which headers were completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameNumber(pub u64);

impl FrameNumber {
    /// The number of the frame at this place of a list that begins with 0.
    pub fn from_index(index: usize) -> FrameNumber {
        FrameNumber(index as u64 + 1)
    }

    /// The place in a list that begins with 0.
    pub fn index(self) -> usize {
        self.0.saturating_sub(1) as usize
    }
}

impl fmt::Display for FrameNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

/// Which of the three forms the payload length was written in (RFC 6455 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LengthEncoding {
    /// The seven bits of the second byte.
    SevenBits,
    /// The seven bits say 126; two bytes follow.
    SixteenBits,
    /// The seven bits say 127; eight bytes follow.
    SixtyFourBits,
}

impl LengthEncoding {
    /// The shortest form that holds `length`, the only one that an endpoint may use.
    pub fn minimal(length: u64) -> LengthEncoding {
        match length {
            0..=125 => LengthEncoding::SevenBits,
            126..=0xFFFF => LengthEncoding::SixteenBits,
            _ => LengthEncoding::SixtyFourBits,
        }
    }

    /// How many bytes follow the second byte.
    pub fn extra_bytes(self) -> usize {
        match self {
            LengthEncoding::SevenBits => 0,
            LengthEncoding::SixteenBits => 2,
            LengthEncoding::SixtyFourBits => 8,
        }
    }

    /// How many bits this form has for the length.
    pub fn bits(self) -> u32 {
        match self {
            LengthEncoding::SevenBits => 7,
            LengthEncoding::SixteenBits => 16,
            LengthEncoding::SixtyFourBits => 64,
        }
    }

    /// The largest length that can be written in this form, in bytes; two values of the seven bits announce the other forms.
    pub fn most(self) -> u64 {
        match self {
            LengthEncoding::SevenBits => 125,
            LengthEncoding::SixteenBits => 0xFFFF,
            LengthEncoding::SixtyFourBits => u64::MAX,
        }
    }

    fn from_second_byte(byte: u8) -> LengthEncoding {
        match byte & 0x7F {
            126 => LengthEncoding::SixteenBits,
            127 => LengthEncoding::SixtyFourBits,
            _ => LengthEncoding::SevenBits,
        }
    }
}

/// Everything that comes before a frame's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameHeader {
    /// FIN: this is the last (or only) fragment of its message.
    pub fin: bool,
    /// RSV1: permessage-deflate marks a compressed message with it.
    pub rsv1: bool,
    /// RSV2: no meaning unless an extension gives it one.
    pub rsv2: bool,
    /// RSV3: no meaning unless an extension gives it one.
    pub rsv3: bool,
    /// What the payload is.
    pub opcode: Opcode,
    /// The key when MASK is set.
    pub masking_key: Option<MaskingKey>,
    /// The form that the length was written in.
    pub length_encoding: LengthEncoding,
    /// Payload length in bytes, as written, even when its top bit is set.
    pub payload_length: u64,
}

/// Whether the bytes at hand hold a whole header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderParse {
    /// At least this many bytes are needed in all.
    Needs(usize),
    /// The header is complete.
    Complete(FrameHeader),
}

impl FrameHeader {
    /// A final, unmasked frame with the shortest length encoding and no reserved bits.
    pub fn new(opcode: Opcode, payload_length: u64) -> FrameHeader {
        FrameHeader {
            fin: true,
            rsv1: false,
            rsv2: false,
            rsv3: false,
            opcode,
            masking_key: None,
            length_encoding: LengthEncoding::minimal(payload_length),
            payload_length,
        }
    }

    /// Reads a header from the start of `bytes`.
    #[inline]
    pub fn parse(bytes: &[u8]) -> HeaderParse {
        let &[first, second, ref rest @ ..] = bytes else {
            return HeaderParse::Needs(2);
        };
        let length_encoding = LengthEncoding::from_second_byte(second);
        let masked = second & 0x80 != 0;
        let needed = 2 + length_encoding.extra_bytes() + if masked { 4 } else { 0 };
        let (Some(length_bytes), true) = (rest.get(..length_encoding.extra_bytes()), bytes.len() >= needed) else {
            return HeaderParse::Needs(needed);
        };
        let payload_length = match length_encoding {
            LengthEncoding::SevenBits => u64::from(second & 0x7F),
            _ => length_bytes.iter().fold(0, |length, byte| (length << 8) | u64::from(*byte)),
        };
        let masking_key = match rest.get(length_encoding.extra_bytes()..) {
            Some(&[a, b, c, d, ..]) if masked => Some(MaskingKey([a, b, c, d])),
            _ => None,
        };
        HeaderParse::Complete(FrameHeader {
            fin: first & 0x80 != 0,
            rsv1: first & 0x40 != 0,
            rsv2: first & 0x20 != 0,
            rsv3: first & 0x10 != 0,
            opcode: Opcode::from_bits(first),
            masking_key,
            length_encoding,
            payload_length,
        })
    }

    /// The first byte: FIN, RSV1 to RSV3 and the opcode.
    #[inline]
    pub fn first_byte(&self) -> u8 {
        u8::from(self.fin) << 7
            | u8::from(self.rsv1) << 6
            | u8::from(self.rsv2) << 5
            | u8::from(self.rsv3) << 4
            | self.opcode.bits()
    }

    /// The length of this header in bytes: 2 to 14.
    #[inline]
    pub fn header_length(&self) -> usize {
        2 + self.length_encoding.extra_bytes() + if self.masking_key.is_some() { 4 } else { 0 }
    }

    /// Whether any reserved bit is set.
    pub fn has_reserved_bits(&self) -> bool {
        self.rsv1 || self.rsv2 || self.rsv3
    }

    /// Appends the header as it goes on the wire; a length that its encoding cannot hold is written modulo its size.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let mask_bit = u8::from(self.masking_key.is_some()) << 7;
        bytes.push(self.first_byte());
        match self.length_encoding {
            LengthEncoding::SevenBits => bytes.push(mask_bit | (self.payload_length as u8 & 0x7F)),
            LengthEncoding::SixteenBits => {
                bytes.push(mask_bit | 126);
                bytes.extend_from_slice(&(self.payload_length as u16).to_be_bytes());
            }
            LengthEncoding::SixtyFourBits => {
                bytes.push(mask_bit | 127);
                bytes.extend_from_slice(&self.payload_length.to_be_bytes());
            }
        }
        if let Some(MaskingKey(key)) = self.masking_key {
            bytes.extend_from_slice(&key);
        }
    }

    /// The whole frame as it goes on the wire: this header, then `payload`, masked when the header has a key.
    pub fn with_payload(&self, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.header_length() + payload.len());
        self.write_with_payload(payload, &mut bytes);
        bytes
    }

    /// Appends the whole frame.
    pub fn write_with_payload(&self, payload: &[u8], bytes: &mut Vec<u8>) {
        self.write(bytes);
        let start = bytes.len();
        bytes.extend_from_slice(payload);
        if let (Some(key), Some(body)) = (self.masking_key, bytes.get_mut(start..)) {
            key.apply(body, 0);
        }
    }
}
