//! A frame as one JSON object, for scripts that read line by line and for people who copy one.

use serde::Serialize;

use crate::protocol::direction::Side;
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Run, Session};

/// One frame.
#[derive(Serialize)]
pub struct FrameRecord {
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
    /// How many of these bytes were not recorded; only when some were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<u64>,
    /// The message that the frame belongs to, by the number of its first frame.
    message: Option<u64>,
    findings: Vec<&'static str>,
    /// What a person wrote to the frame's bookmark; only when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    bookmark: Option<String>,
    /// Whether the message is compressed; its frames' payloads are as they were sent.
    compressed: bool,
    /// The whole message as the application sent it, where it ends with this frame and is compressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    inflated: Option<Inflated>,
    /// What the subprotocol says of the message that begins with this frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(flatten)]
    payload: Payload,
}

/// A message that was compressed.
#[derive(Serialize)]
struct Inflated {
    /// In bytes.
    length: u64,
    /// Why this is not all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    #[serde(flatten)]
    content: Payload,
}

impl Inflated {
    /// The content of the message that the frame with this number ends.
    fn of(session: &Session, number: FrameNumber, message: &Message, reader: &mut MessageReader) -> Option<Inflated> {
        let inflated = message.inflated.filter(|_| message.completed_at.is_some() && message.last_frame == number)?;
        let opcode = match message.kind {
            MessageKind::Text => Opcode::Text,
            MessageKind::Binary => Opcode::Binary,
        };
        Some(Inflated {
            length: inflated.length,
            problem: inflated.problem.map(|problem| problem.to_string()),
            content: Payload::of(opcode, reader.content(session, message, session.inflation_limit)),
        })
    }
}

/// The unmasked payload.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Payload {
    Text(String),
    Hex(String),
    /// What was recorded of it, where not all of it was.
    Parts(Vec<RecordedPart>),
}

/// Bytes, from this place of the payload on.
#[derive(Serialize)]
struct RecordedPart {
    at: u64,
    hex: String,
}

impl FrameRecord {
    /// The frame at this place of the session, with those of the findings that are about it; the reader is that of the whole run.
    pub fn of(
        session: &Session,
        index: usize,
        row: &FrameRow,
        findings: &[&Finding],
        reader: &mut MessageReader,
    ) -> FrameRecord {
        let [rsv1, rsv2, rsv3] = row.reserved_bits();
        let received = session.received_payload(row);
        let number = FrameNumber::from_index(index);
        let message = session.message_of(number);
        let compressed = message.is_some_and(|message| message.inflated.is_some());
        FrameRecord {
            frame: number.0,
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
            missing: (!session.is_recorded(row))
                .then(|| session.missing_payload(row).map(|missing| missing.end - missing.start).sum()),
            message: message.map(|message| message.first_frame.0),
            findings: findings.iter().map(|finding| finding.rule.name()).collect(),
            bookmark: session.annotations.note_on(number).map(|note| note.text().to_owned()),
            summary: None,
            compressed,
            inflated: message.and_then(|message| Inflated::of(session, number, &message, reader)),
            payload: match compressed {
                _ if !session.is_recorded(row) => Payload::Parts(recorded_parts(session, row)),
                true => Payload::Hex(hexadecimal::encode(&session.payload(row, u64::MAX))),
                false => Payload::of(row.opcode(), session.payload(row, u64::MAX)),
            },
        }
    }
}

impl FrameRecord {
    /// Adds what the subprotocol says of the message that begins with the frame.
    #[must_use]
    pub fn with_summary(self, summary: Option<String>) -> FrameRecord {
        FrameRecord { summary, ..self }
    }
}

fn recorded_parts(session: &Session, row: &FrameRow) -> Vec<RecordedPart> {
    let recorded = session.payload_runs(row, u64::MAX).filter_map(|part| match part {
        Run::Recorded(at, bytes) => Some(RecordedPart { at, hex: hexadecimal::encode(&bytes) }),
        Run::Missing(_) => None,
    });
    recorded.collect()
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
