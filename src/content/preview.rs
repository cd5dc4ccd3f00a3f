//! A frame's payload on one line, for every table of frames.

use crate::protocol::close::ClosePayload;
use crate::protocol::direction::Direction;
use crate::protocol::hexadecimal;
use crate::protocol::opcode::Opcode;

use super::one_line::{one_line, readable};
use super::subprotocol::{Content, Subprotocol};

/// How many payload bytes a preview looks at; more need not be read.
pub const LOOKED_AT: u64 = 2048;

/// The most characters of text.
const CHARACTERS: usize = 140;

/// The most bytes in hexadecimal.
const BYTES: usize = 32;

/// A frame of which a preview is made.
#[derive(Debug, Clone, Copy)]
pub struct Previewed<'payload> {
    /// Which way it goes.
    pub direction: Direction,
    /// What the payload is.
    pub opcode: Opcode,
    /// Whether a reserved bit is set, so that an extension has a say in what the payload is.
    pub is_extended: bool,
    /// Whether the payload is all of a message; the start of one that is still arriving or has more fragments is not.
    pub is_message: bool,
    /// The start of the payload, unmasked: at least [`LOOKED_AT`] bytes when there are as many.
    pub payload: &'payload [u8],
    /// How many payload bytes the header promises.
    pub length: u64,
    /// How many of them have come.
    pub received: u64,
    /// Whether all that has come was recorded.
    pub is_recorded: bool,
}

impl Previewed<'_> {
    /// What the subprotocol says of the message that begins here.
    pub fn summary(&self, subprotocol: Option<Subprotocol>) -> Option<String> {
        let is_text = match self.opcode {
            Opcode::Text => true,
            Opcode::Binary => false,
            _ => return None,
        };
        let length = if self.is_message { self.length } else { self.length.max(self.payload.len() as u64 + 1) };
        let content = Content { direction: self.direction, is_text, payload: self.payload, length };
        subprotocol.filter(|_| !self.is_extended)?.summary(&content)
    }

    /// The line: the subprotocol's summary where there is one, else the start of the payload as text or as bytes.
    pub fn line(&self, subprotocol: Option<Subprotocol>) -> String {
        let line = self.summary(subprotocol).unwrap_or_else(|| match self.opcode {
            Opcode::Close => close(&ClosePayload::parse_start(self.payload, self.length)),
            Opcode::Binary | Opcode::Reserved(_) => self.bytes(),
            _ if self.is_extended => self.bytes(),
            _ => match readable(self.payload) {
                Some(text) if !text.is_empty() || self.payload.is_empty() => one_line(text, CHARACTERS),
                _ => self.bytes(),
            },
        });
        if self.received < self.length {
            let (received, length) = (self.received, self.length);
            return format!("{line} ({received} of {length} bytes have come)");
        }
        if !self.is_recorded {
            return format!("{line} (not all of it was recorded)");
        }
        line
    }

    fn bytes(&self) -> String {
        let shown = hexadecimal::spaced(self.payload.iter().take(BYTES).copied());
        if self.received > BYTES as u64 { shown + " …" } else { shown }
    }
}

fn close(payload: &ClosePayload) -> String {
    match payload {
        ClosePayload::Empty => "no code".into(),
        ClosePayload::OneByte(byte) => format!("{byte:02x}: half a code"),
        ClosePayload::NotRecorded => "code not known".into(),
        ClosePayload::Status { code, reason } => {
            let name = code.name().map(|name| format!(" {name}")).unwrap_or_default();
            let reason = one_line(reason, CHARACTERS);
            let reason = if reason.is_empty() { reason } else { format!(": {reason}") };
            format!("{code}{name}{reason}")
        }
    }
}
