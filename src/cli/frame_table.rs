//! A frame as one line of a table for reading; what comes from peers is cut to a preview here and escaped where it is printed.

use crate::protocol::close::ClosePayload;
use crate::protocol::finding::Severity;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Session};

/// How many characters of text a preview shows.
const PREVIEW_CHARACTERS: usize = 60;

/// How many bytes a preview shows in hexadecimal.
const PREVIEW_BYTES: usize = 20;

/// A character has at most four bytes in UTF-8, and one more tells that something was cut.
const PREVIEW_READ: u64 = PREVIEW_CHARACTERS as u64 * 4 + 1;

/// The names of the columns.
pub(super) fn heading() -> String {
    columns(["", "FRAME", "TIME (s)", "FROM", "OPCODE", "FLAGS", "LENGTH"], "PAYLOAD")
}

/// The frame at this place of the session; the reader is that of the whole run.
pub(super) fn line(session: &Session, index: usize, row: &FrameRow, reader: &mut MessageReader) -> String {
    let mark = match row.worst_finding {
        Some(Severity::Error) => "!",
        Some(Severity::Warning | Severity::Note) => "*",
        None => "",
    };
    columns(
        [
            mark,
            &FrameNumber::from_index(index).to_string(),
            &row.at.to_string(),
            &row.direction.sender().to_string(),
            &row.opcode().to_string(),
            &flags(row),
            &row.payload_length.to_string(),
        ],
        &preview(session, index, row, reader),
    )
}

fn columns([mark, number, time, sender, opcode, flags, length]: [&str; 7], payload: &str) -> String {
    format!("{mark:1}{number:>6}  {time:>12}  {sender:<6}  {opcode:<12}  {flags:<8}  {length:>9}  {payload}")
}

fn flags(row: &FrameRow) -> String {
    let [rsv1, rsv2, rsv3] = row.reserved_bits();
    let names = [(row.fin(), "FIN"), (rsv1, "RSV1"), (rsv2, "RSV2"), (rsv3, "RSV3"), (row.is_masked(), "MASK")];
    names.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)).collect::<Vec<_>>().join(" ")
}

fn preview(session: &Session, index: usize, row: &FrameRow, reader: &mut MessageReader) -> String {
    let number = FrameNumber::from_index(index);
    if let Some(message) = session.message_of(number).filter(|message| message.inflated.is_some()) {
        return compressed(session, number, &message, reader);
    }
    let payload = session.payload(row, PREVIEW_READ);
    let preview = match row.opcode() {
        Opcode::Close => close(&ClosePayload::parse(&payload)),
        Opcode::Binary | Opcode::Reserved(_) => bytes(&payload),
        // Text under a reserved bit, and what does not begin as text, are shown as bytes.
        _ if row.reserved_bits().contains(&true) => bytes(&payload),
        _ => text(&payload).unwrap_or_else(|| bytes(&payload)),
    };
    let received = session.received_payload(row);
    if received < row.payload_length { format!("{preview} ({received} bytes have come)") } else { preview }
}

/// What a compressed message holds stands at its first frame.
fn compressed(session: &Session, number: FrameNumber, message: &Message, reader: &mut MessageReader) -> String {
    if number != message.first_frame {
        return format!("(more of {})", message.first_frame);
    }
    let content = reader.content(session, message, PREVIEW_READ);
    let preview = match message.kind {
        MessageKind::Text => text(&content).unwrap_or_else(|| bytes(&content)),
        MessageKind::Binary => bytes(&content),
    };
    match message.inflated.and_then(|inflated| inflated.problem) {
        Some(problem) => format!("{preview} ({problem})"),
        None => format!("{preview} (inflated: {} bytes)", message.content_length()),
    }
}

fn close(payload: &ClosePayload) -> String {
    match payload {
        ClosePayload::Empty => "no code".to_owned(),
        ClosePayload::OneByte(byte) => format!("{byte:02x}: half a code"),
        ClosePayload::Status { code, reason } => {
            let name = code.name().map(|name| format!(" {name}")).unwrap_or_default();
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            format!("{code}{name}{reason}")
        }
    }
}

fn bytes(payload: &[u8]) -> String {
    hexadecimal::spaced(payload.iter().take(PREVIEW_BYTES).copied())
        + if payload.len() > PREVIEW_BYTES { " …" } else { "" }
}

/// The payload's start as text, unless it is not UTF-8; its last character may be cut.
fn text(payload: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(payload) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(payload.get(..error.valid_up_to())?).ok().filter(|text| !text.is_empty())?
        }
        Err(_) => return None,
    };
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(PREVIEW_CHARACTERS).collect();
    Some(if characters.next().is_some() { shown + "…" } else { shown })
}
