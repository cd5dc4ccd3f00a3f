//! What a document shows of a frame: the application's words where they end with it, and otherwise the frame's own bytes.

use crate::explain::marked_close::printable;
use crate::protocol::close::ClosePayload;
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::MessageKind;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Run, Session};

/// What a frame holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// Text, with whatever characters a peer chose.
    Text(String),
    /// Bytes, or what should have been text.
    Bytes(Vec<u8>),
    /// What a Close says (RFC 6455 5.5.1), and its bytes.
    Close(String, Vec<u8>),
    /// A part of a compressed message, which is shown where it ends.
    CompressedPart,
    /// What was recorded of it, and what was not.
    Runs(Vec<Run>),
}

/// What a frame holds, at most `limit` bytes of it, and whether that is a whole compressed message.
pub(super) fn of_frame(
    session: &Session,
    number: FrameNumber,
    row: &FrameRow,
    limit: u64,
    reader: &mut MessageReader,
) -> (Payload, bool) {
    if !session.is_recorded(row) {
        return (Payload::Runs(session.payload_runs(row, limit).collect()), false);
    }
    let message = session.message_of(number);
    match message.and_then(|message| Some((message, message.inflated?))) {
        Some((message, inflated)) if inflated.problem.is_none() => {
            if message.last_frame != number || message.completed_at.is_none() {
                return (Payload::CompressedPart, false);
            }
            let content = reader.content(session, &message, limit);
            (fit(content, message.kind == MessageKind::Text, limit), true)
        }
        _ if row.opcode() == Opcode::Close => {
            let bytes = session.payload(row, limit);
            (Payload::Close(close_words(&ClosePayload::parse_start(&bytes, row.payload_length)), bytes), false)
        }
        _ => {
            let is_text = match row.opcode() {
                Opcode::Text | Opcode::Ping | Opcode::Pong => true,
                Opcode::Continuation => message.is_some_and(|message| message.kind == MessageKind::Text),
                Opcode::Binary | Opcode::Close | Opcode::Reserved(_) => false,
            };
            let is_compressed = message.is_some_and(|message| message.inflated.is_some());
            (fit(session.payload(row, limit), is_text && !is_compressed, limit), false)
        }
    }
}

fn close_words(payload: &ClosePayload) -> String {
    match payload {
        ClosePayload::Empty => "no code".into(),
        ClosePayload::OneByte(_) => "half a code".into(),
        ClosePayload::NotRecorded => "code not known".into(),
        ClosePayload::Status { code, reason } => {
            let name = code.name().map(|name| format!(" {name}")).unwrap_or_default();
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            format!("{code}{name}{reason}")
        }
    }
}

/// Bytes as text when they are meant to be and are; a character that the limit cut is no fault.
fn fit(bytes: Vec<u8>, is_text: bool, limit: u64) -> Payload {
    if !is_text {
        return Payload::Bytes(bytes);
    }
    let is_cut = bytes.len() as u64 == limit;
    match String::from_utf8(bytes) {
        Ok(text) => Payload::Text(text),
        Err(error) if is_cut && error.utf8_error().error_len().is_none() && error.utf8_error().valid_up_to() > 0 => {
            let whole = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(whole);
            String::from_utf8(bytes).map_or_else(|error| Payload::Bytes(error.into_bytes()), Payload::Text)
        }
        Err(error) => Payload::Bytes(error.into_bytes()),
    }
}

/// Whether a text has neither control characters, beside those of lines and columns, nor marks that turn its direction.
pub(super) fn is_harmless(text: &str) -> bool {
    text.split(['\n', '\r', '\t']).all(|part| printable(part).len() == part.len())
}
