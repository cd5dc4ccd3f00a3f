//! The Close frame's payload and the close codes, by RFC 6455 5.5.1 and 7.4 and the IANA registry.

use std::fmt;

use super::direction::{Direction, Side};
use super::frame::FrameNumber;
use super::moment::Moment;

/// A close code, any value that two bytes can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloseCode(pub u16);

/// The ranges of RFC 6455 7.4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseCodeRange {
    /// 0 to 999.
    NotUsed,
    /// 1000 to 2999: RFC 6455, its successors and extensions.
    Protocol,
    /// 3000 to 3999: libraries and frameworks, by registration with IANA.
    Registered,
    /// 4000 to 4999: applications, by agreement.
    Private,
    /// 5000 and above.
    Undefined,
}

/// Why a code cannot be sent in a Close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CloseCodeRefusal {
    /// 1005.
    #[error(
        "1005 is never sent: it is what a side reports when a Close frame held no code. Send an empty Close to make the other side report it."
    )]
    NoStatusReceived,
    /// 1006.
    #[error(
        "1006 is never sent: it is what a side reports when the connection ended without a Close frame. Abort the connection to make the other side report it."
    )]
    AbnormalClosure,
    /// 1015.
    #[error("1015 is never sent: it is what a side reports when the TLS handshake failed.")]
    TlsHandshake,
    /// 1004.
    #[error("1004 is reserved and has no meaning. Use 1000, another registered code, or one from 3000 to 4999.")]
    Reserved,
    /// 0 to 999 and above 4999.
    #[error(
        "{0} is outside the ranges that a Close frame may carry. Use 1000, another registered code, or one from 3000 to 4999."
    )]
    OutsideRanges(u16),
    /// A code of the protocol's range that nobody has registered.
    #[error(
        "{0} belongs to the protocol and is not registered. Use 1000, another registered code, or one from 3000 to 4999."
    )]
    Unregistered(u16),
    /// A code that only a server sends.
    #[error(
        "{0} is sent by servers only. A client uses 1000, 1001, another registered code, or one from 3000 to 4999."
    )]
    ServerOnly(u16),
    /// A code that only a client sends.
    #[error("1010 is sent by clients only: a server that lacks an extension fails the opening handshake instead.")]
    ClientOnly,
}

impl CloseCode {
    /// 1000: the purpose is fulfilled.
    pub const NORMAL_CLOSURE: CloseCode = CloseCode(1000);
    /// 1002: a rule of the protocol was broken.
    pub const PROTOCOL_ERROR: CloseCode = CloseCode(1002);
    /// 1005: reported locally when a Close frame held no code.
    pub const NO_STATUS_RECEIVED: CloseCode = CloseCode(1005);
    /// 1006: reported locally when no Close frame came.
    pub const ABNORMAL_CLOSURE: CloseCode = CloseCode(1006);
    /// 1007: text that is not UTF-8.
    pub const INVALID_PAYLOAD: CloseCode = CloseCode(1007);
    /// 1009: a message larger than the receiver takes.
    pub const MESSAGE_TOO_BIG: CloseCode = CloseCode(1009);
    /// 1015: reported locally when TLS failed.
    pub const TLS_HANDSHAKE: CloseCode = CloseCode(1015);

    /// Every code with a name, in order.
    pub const REGISTERED: [CloseCode; 19] = [
        CloseCode(1000),
        CloseCode(1001),
        CloseCode(1002),
        CloseCode(1003),
        CloseCode(1004),
        CloseCode(1005),
        CloseCode(1006),
        CloseCode(1007),
        CloseCode(1008),
        CloseCode(1009),
        CloseCode(1010),
        CloseCode(1011),
        CloseCode(1012),
        CloseCode(1013),
        CloseCode(1014),
        CloseCode(1015),
        CloseCode(3000),
        CloseCode(3003),
        CloseCode(3008),
    ];

    /// The range that the code lies in.
    pub fn range(self) -> CloseCodeRange {
        match self.0 {
            0..=999 => CloseCodeRange::NotUsed,
            1000..=2999 => CloseCodeRange::Protocol,
            3000..=3999 => CloseCodeRange::Registered,
            4000..=4999 => CloseCodeRange::Private,
            5000.. => CloseCodeRange::Undefined,
        }
    }

    /// The name in the IANA registry, in title case and with its abbreviations written out; 1014, which is registered with a
    /// sentence, goes by the HTTP status that the sentence refers to.
    pub fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1000 => "Normal Closure",
            1001 => "Going Away",
            1002 => "Protocol Error",
            1003 => "Unsupported Data",
            1004 => "Reserved",
            1005 => "No Status Received",
            1006 => "Abnormal Closure",
            1007 => "Invalid Frame Payload Data",
            1008 => "Policy Violation",
            1009 => "Message Too Big",
            1010 => "Mandatory Extension",
            1011 => "Internal Error",
            1012 => "Service Restart",
            1013 => "Try Again Later",
            1014 => "Bad Gateway",
            1015 => "TLS Handshake",
            3000 => "Unauthorized",
            3003 => "Forbidden",
            3008 => "Timeout",
            _ => return None,
        })
    }

    /// Whether a Close frame may carry the code at all, whichever side sends it.
    pub fn may_be_on_the_wire(self) -> bool {
        Side::BOTH.into_iter().any(|side| self.check_sendable_by(side).is_ok())
    }

    /// Whether this side may send the code in a Close frame.
    ///
    /// # Errors
    /// The reason why it may not (RFC 6455 7.4.1, 7.4.2 and the IANA registry).
    pub fn check_sendable_by(self, side: Side) -> Result<(), CloseCodeRefusal> {
        match (self.0, side) {
            (1004, _) => Err(CloseCodeRefusal::Reserved),
            (1005, _) => Err(CloseCodeRefusal::NoStatusReceived),
            (1006, _) => Err(CloseCodeRefusal::AbnormalClosure),
            (1015, _) => Err(CloseCodeRefusal::TlsHandshake),
            (1010, Side::Server) => Err(CloseCodeRefusal::ClientOnly),
            // 1011 was the server's alone until RFC erratum 3227 gave it to both sides.
            (code @ 1012..=1014, Side::Client) => Err(CloseCodeRefusal::ServerOnly(code)),
            (1000..=1014 | 3000..=4999, _) => Ok(()),
            (code @ 1016..=2999, _) => Err(CloseCodeRefusal::Unregistered(code)),
            (code, _) => Err(CloseCodeRefusal::OutsideRanges(code)),
        }
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// The unmasked payload of a Close frame (RFC 6455 5.5.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClosePayload {
    /// No bytes: there is no room for a code.
    Empty,
    /// One byte, which is half a code and a violation.
    OneByte(u8),
    /// Two bytes or more.
    Status {
        /// The first two bytes, big-endian.
        code: CloseCode,
        /// The rest as text; bytes that are not UTF-8 are replaced.
        reason: String,
    },
    /// There are bytes, and of the code not both are known: they were not recorded, or have not come.
    NotRecorded,
}

impl ClosePayload {
    /// Reads an unmasked payload.
    pub fn parse(payload: &[u8]) -> ClosePayload {
        match payload {
            [] => ClosePayload::Empty,
            [byte] => ClosePayload::OneByte(*byte),
            [high, low, reason @ ..] => ClosePayload::Status {
                code: CloseCode(u16::from_be_bytes([*high, *low])),
                reason: String::from_utf8_lossy(reason).into_owned(),
            },
        }
    }

    /// Reads the start of an unmasked payload of this length, as much of it as is known.
    pub fn parse_start(payload: &[u8], length: u64) -> ClosePayload {
        if payload.len() < 2 && (payload.len() as u64) < length {
            ClosePayload::NotRecorded
        } else {
            ClosePayload::parse(payload)
        }
    }

    /// The code, when there is one.
    pub fn code(&self) -> Option<CloseCode> {
        match self {
            ClosePayload::Status { code, .. } => Some(*code),
            ClosePayload::Empty | ClosePayload::OneByte(_) | ClosePayload::NotRecorded => None,
        }
    }

    /// The code that the receiver's program is told (RFC 6455 7.1.5), as far as that is known.
    pub fn reported(&self) -> Option<CloseCode> {
        match self {
            ClosePayload::Status { code, .. } => Some(*code),
            ClosePayload::Empty | ClosePayload::OneByte(_) => Some(CloseCode::NO_STATUS_RECEIVED),
            ClosePayload::NotRecorded => None,
        }
    }

    /// The reason, empty when there is none.
    pub fn reason(&self) -> &str {
        match self {
            ClosePayload::Status { reason, .. } => reason,
            ClosePayload::Empty | ClosePayload::OneByte(_) | ClosePayload::NotRecorded => "",
        }
    }

    /// The payload's bytes for a code and a reason, not masked.
    pub fn bytes(code: CloseCode, reason: &str) -> Vec<u8> {
        let mut bytes = code.0.to_be_bytes().to_vec();
        bytes.extend_from_slice(reason.as_bytes());
        bytes
    }
}

/// A Close frame that was on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseFrame {
    /// Its place in the session.
    pub number: FrameNumber,
    /// Which way it went.
    pub direction: Direction,
    /// When its last byte was seen.
    pub at: Moment,
    /// The whole frame as on the wire, masked when it was; of a frame far beyond 125 bytes only the start is kept.
    pub wire: Vec<u8>,
    /// How many of these bytes are the header.
    pub header_length: usize,
    /// What the payload says.
    pub payload: ClosePayload,
}
