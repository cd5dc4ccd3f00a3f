//! A frame as one JSON object, for scripts that read line by line.

use serde::Serialize;

use crate::content::subprotocol::Subprotocol;
use crate::protocol::direction::Side;
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, Session};

use super::reading::{Content, Reader, Reading};

/// One frame.
#[derive(Serialize)]
pub(super) struct FrameRecord {
    frame: u64,
    /// Nanoseconds since the session started.
    at: Moment,
    direction: Side,
    opcode: &'static str,
    /// The four bits of the opcode.
    opcode_value: u8,
    fin: bool,
    rsv1: bool,
    rsv2: bool,
    rsv3: bool,
    masked: bool,
    header_length: u64,
    length: u64,
    /// How much of the payload is there; only when that is not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<u64>,
    /// The message that the frame belongs to, by the number of its first frame.
    message: Option<u64>,
    findings: Vec<&'static str>,
    /// What the subprotocol says of the message that begins with this frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// What is in the message that ends with this frame, when that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
    #[serde(flatten)]
    payload: Payload,
}

/// The unmasked payload.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Payload {
    Text(String),
    Hex(String),
}

impl FrameRecord {
    /// The frame at this place of the session, with those of the findings that are about it.
    pub(super) fn of(session: &Session, index: usize, row: &FrameRow, findings: &[&Finding]) -> FrameRecord {
        let [rsv1, rsv2, rsv3] = row.reserved_bits();
        let received = session.received_payload(row);
        FrameRecord {
            frame: FrameNumber::from_index(index).0,
            at: row.at,
            direction: row.direction.sender(),
            opcode: row.opcode().name(),
            opcode_value: row.opcode().bits(),
            fin: row.fin(),
            rsv1,
            rsv2,
            rsv3,
            masked: row.is_masked(),
            header_length: row.header_length(),
            length: row.payload_length,
            received: (received != row.payload_length).then_some(received),
            message: session.message_of(FrameNumber::from_index(index)).map(|message| message.first_frame.0),
            findings: findings.iter().map(|finding| finding.rule.name()).collect(),
            summary: None,
            content: None,
            payload: Payload::of(row.opcode(), session.payload(row, u64::MAX)),
        }
    }
}

impl FrameRecord {
    /// Adds what the content of the frame's message says.
    pub(super) fn read(
        &mut self,
        session: &Session,
        index: usize,
        row: &FrameRow,
        subprotocol: Option<Subprotocol>,
        reading: &Reading,
        reader: &mut Reader,
    ) {
        let number = FrameNumber::from_index(index);
        self.summary = reader.previewer.summary(session, number, row, subprotocol);
        self.content = reading.content(session, number, &mut reader.messages);
    }
}

impl Payload {
    fn of(opcode: Opcode, payload: Vec<u8>) -> Payload {
        match opcode {
            Opcode::Binary | Opcode::Close | Opcode::Reserved(_) => Payload::Hex(hexadecimal::encode(&payload)),
            _ => String::from_utf8(payload)
                .map_or_else(|error| Payload::Hex(hexadecimal::encode(error.as_bytes())), Payload::Text),
        }
    }
}
