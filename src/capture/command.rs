//! What a person or a script can ask of a running client; what the protocol does not allow can be expressed as raw bytes only.

use std::time::Duration;

use bytes::Bytes;

use crate::protocol::close::{CloseCode, CloseCodeRefusal};
use crate::protocol::direction::Side;
use crate::protocol::frame::LONGEST_CONTROL_PAYLOAD;

use super::replay::Control;

/// The payload of a Ping or a Pong: at most 125 bytes (RFC 6455 5.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlPayload(Bytes);

/// Why a control frame or a close was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The payload of a control frame is too long.
    #[error("A control frame carries at most 125 bytes; these are {0}. Shorten the payload.")]
    ControlPayloadTooLong(usize),
    /// The reason of a Close is too long.
    #[error(
        "A close reason is at most 123 bytes of UTF-8, because two of the 125 are the code; this one is {0}. Shorten it."
    )]
    ReasonTooLong(usize),
    /// The code must not be sent.
    #[error(transparent)]
    Code(#[from] CloseCodeRefusal),
}

impl ControlPayload {
    /// Checks the length.
    ///
    /// # Errors
    /// [`Refusal::ControlPayloadTooLong`] above 125 bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Result<ControlPayload, Refusal> {
        let bytes = bytes.into();
        match bytes.len() {
            length if length as u64 > LONGEST_CONTROL_PAYLOAD => Err(Refusal::ControlPayloadTooLong(length)),
            _ => Ok(ControlPayload(bytes)),
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }
}

/// A code and a reason that a client may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRequest {
    code: CloseCode,
    reason: String,
}

impl CloseRequest {
    /// Checks the code and the length of the reason.
    ///
    /// # Errors
    /// [`Refusal::Code`] for a code that a client must not send, [`Refusal::ReasonTooLong`] above 123 bytes.
    pub fn new(code: CloseCode, reason: impl Into<String>) -> Result<CloseRequest, Refusal> {
        let reason = reason.into();
        code.check_sendable_by(Side::Client)?;
        match reason.len() {
            length if length as u64 > LONGEST_CONTROL_PAYLOAD - 2 => Err(Refusal::ReasonTooLong(length)),
            _ => Ok(CloseRequest { code, reason }),
        }
    }

    /// The ordinary end: 1000 without a reason.
    pub fn normal() -> CloseRequest {
        CloseRequest { code: CloseCode::NORMAL_CLOSURE, reason: String::new() }
    }

    /// The code.
    pub fn code(&self) -> CloseCode {
        self.code
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// What a running client is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send a text message.
    SendText(String),
    /// Send a binary message.
    SendBinary(Bytes),
    /// Send a Ping.
    SendPing(ControlPayload),
    /// Send a Pong that answers nothing.
    SendPong(ControlPayload),
    /// Begin the closing handshake with a code.
    Close(CloseRequest),
    /// Begin the closing handshake with an empty Close frame.
    CloseEmpty,
    /// Write these bytes as they are, behind everything that waits; a compliant endpoint's library learns nothing of them.
    SendRaw(Bytes),
    /// End this side's half of the connection (FIN) once everything is written; the server may go on.
    EndOutput,
    /// Carry out these steps one after the other, while other commands are done as they come; takes the place of a running sequence.
    Run(Vec<Step>),
    /// Leave out the steps of the running sequence that have not been carried out.
    StopSequence,
    /// Something about the running replay.
    Replay(Control),
    /// End the TCP connection at once with a reset, or give up connecting.
    Abort,
}

/// One step of a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How long to wait, once everything that was to be sent before has been written.
    pub delay: Duration,
    /// What is done then; an abort as a step lets everything before it leave.
    pub command: Command,
}
