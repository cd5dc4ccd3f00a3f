//! What a document shows of a frame: the application's words where they end with it, and otherwise the frame's own bytes.

use crate::explain::marked_close::printable;
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::MessageKind;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Session};

/// What a frame holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// Text that steers nothing.
    Text(String),
    /// Bytes, or text that is not fit to be shown as it is.
    Bytes(Vec<u8>),
    /// A part of a compressed message, which is shown where it ends.
    CompressedPart,
}

/// What a frame holds, at most `limit` bytes of it, and whether that is a whole compressed message.
pub(super) fn of_frame(
    session: &Session,
    number: FrameNumber,
    row: &FrameRow,
    limit: u64,
    reader: &mut MessageReader,
) -> (Payload, bool) {
    let message = session.message_of(number);
    match message.and_then(|message| Some((message, message.inflated?))) {
        Some((message, inflated)) if inflated.problem.is_none() => {
            if message.last_frame != number || message.completed_at.is_none() {
                return (Payload::CompressedPart, false);
            }
            let content = reader.content(session, &message, limit);
            (fit(content, message.kind == MessageKind::Text), true)
        }
        _ => {
            let is_text = match row.opcode() {
                Opcode::Text | Opcode::Ping | Opcode::Pong => true,
                Opcode::Continuation => message.is_some_and(|message| message.kind == MessageKind::Text),
                Opcode::Binary | Opcode::Close | Opcode::Reserved(_) => false,
            };
            let is_compressed = message.is_some_and(|message| message.inflated.is_some());
            (fit(session.payload(row, limit), is_text && !is_compressed), false)
        }
    }
}

/// Bytes as text when they are meant to be and can be shown as they are; a character that the limit cut is no fault.
fn fit(bytes: Vec<u8>, is_text: bool) -> Payload {
    if !is_text {
        return Payload::Bytes(bytes);
    }
    match String::from_utf8(bytes) {
        Ok(text) if is_harmless(&text) => Payload::Text(text),
        Ok(text) => Payload::Bytes(text.into_bytes()),
        Err(error) => {
            let is_cut = error.utf8_error().error_len().is_none();
            let whole = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            match std::str::from_utf8(bytes.get(..whole).unwrap_or_default()) {
                Ok(text) if is_cut && whole > 0 && is_harmless(text) => {
                    bytes.truncate(whole);
                    Payload::Text(String::from_utf8(bytes).unwrap_or_default())
                }
                _ => Payload::Bytes(bytes),
            }
        }
    }
}

/// Whether a text has neither control characters, beside those of lines and columns, nor marks that turn its direction.
fn is_harmless(text: &str) -> bool {
    let is_plain = |line: &str| printable(line).len() == line.len();
    text.split(['\n', '\r', '\t']).all(is_plain)
}
