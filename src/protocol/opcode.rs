//! The opcode of a frame, all sixteen values of it (RFC 6455 5.2 and 11.8).

use std::fmt;

/// What a frame's payload is, by the four bits of its opcode field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Opcode {
    /// 0x0: more of the message that an earlier text or binary frame began.
    Continuation,
    /// 0x1: UTF-8 text.
    Text,
    /// 0x2: bytes.
    Binary,
    /// 0x8: the closing handshake.
    Close,
    /// 0x9: asks for a Pong.
    Ping,
    /// 0xA: answers a Ping, or stands alone as a heartbeat.
    Pong,
    /// 0x3 to 0x7 (data) and 0xB to 0xF (control): no meaning assigned yet.
    Reserved(u8),
}

impl Opcode {
    /// Reads the low four bits of a frame's first byte.
    pub fn from_bits(byte: u8) -> Opcode {
        match byte & 0x0F {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            reserved => Opcode::Reserved(reserved),
        }
    }

    /// The four bits on the wire.
    pub fn bits(self) -> u8 {
        match self {
            Opcode::Continuation => 0x0,
            Opcode::Text => 0x1,
            Opcode::Binary => 0x2,
            Opcode::Close => 0x8,
            Opcode::Ping => 0x9,
            Opcode::Pong => 0xA,
            Opcode::Reserved(bits) => bits & 0x0F,
        }
    }

    /// Whether this is a control frame (the highest of the four bits is set): never fragmented, at most 125 bytes (5.5).
    pub fn is_control(self) -> bool {
        self.bits() & 0x8 != 0
    }

    /// Whether the opcode is assigned by RFC 6455.
    pub fn is_assigned(self) -> bool {
        !matches!(self, Opcode::Reserved(_))
    }

    /// The name in lower case, as logs and filters write it; every reserved value is `reserved`.
    pub fn name(self) -> &'static str {
        match self {
            Opcode::Continuation => "continuation",
            Opcode::Text => "text",
            Opcode::Binary => "binary",
            Opcode::Close => "close",
            Opcode::Ping => "ping",
            Opcode::Pong => "pong",
            Opcode::Reserved(_) => "reserved",
        }
    }
}

/// The name as a title; a reserved opcode with its value: `Reserved 0x3`.
impl fmt::Display for Opcode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Opcode::Continuation => "Continuation",
            Opcode::Text => "Text",
            Opcode::Binary => "Binary",
            Opcode::Close => "Close",
            Opcode::Ping => "Ping",
            Opcode::Pong => "Pong",
            Opcode::Reserved(bits) => return write!(formatter, "Reserved 0x{bits:X}"),
        })
    }
}
