//! Rehearsing: which rules a client would break if it sent these bytes now. The dissector itself judges, brought to where the session
//! stands by a few frames made for it.

use super::direction::Direction;
use super::dissector::{Dissector, Fact};
use super::finding::Finding;
use super::frame::FrameHeader;
use super::handshake::Handshake;
use super::masking::MaskingKey;
use super::message::MessageKind;
use super::moment::Moment;
use super::opcode::Opcode;

/// A key for frames that only the dissector sees; any but zero does.
const KEY: MaskingKey = MaskingKey([0x5A, 0xC3, 0x69, 0x96]);

/// A message that the client began and has not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedMessage {
    /// What it is.
    pub kind: MessageKind,
    /// What has been sent of it, unmasked; `None` when that is too much, and then the rest is not checked as text.
    pub payload: Option<Vec<u8>>,
}

/// What the client's bytes so far left unfinished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnderWay {
    /// The payload of a frame still lacks bytes.
    Payload {
        /// The frame's opcode.
        opcode: Opcode,
        /// Its FIN.
        fin: bool,
        /// How many bytes are missing.
        missing: u64,
    },
    /// The first bytes of a header.
    Header(Vec<u8>),
}

/// Where a session stands, as far as it decides about what the client may send next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Situation {
    /// The opening handshake.
    pub handshake: Handshake,
    /// The payloads of the server's Pings that no Pong has answered, the oldest first.
    pub unanswered_pings: Vec<Vec<u8>>,
    /// The server's Close frame, header and payload as on the wire.
    pub received_close: Option<Vec<u8>>,
    /// The client's Close frame, the same.
    pub sent_close: Option<Vec<u8>>,
    /// The client's message in the middle of which the session is.
    pub unfinished_message: Option<UnfinishedMessage>,
    /// The client's frame in the middle of which the session is.
    pub under_way: Option<UnderWay>,
}

/// What sending some bytes would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// The rules that the bytes break, in order.
    pub findings: Vec<Finding>,
    /// How many frames the bytes begin.
    pub frames: usize,
}

impl Situation {
    /// What the dissector would say to these bytes of the client.
    pub fn rehearse(&self, bytes: &[u8]) -> Rehearsal {
        let mut dissector = self.dissector();
        let mut rehearsal = Rehearsal { findings: Vec::new(), frames: 0 };
        dissector.receive(Direction::ClientToServer, Moment::START, bytes, &mut |fact| match fact {
            Fact::Finding(finding) => rehearsal.findings.push(finding),
            Fact::Frame(_) => rehearsal.frames += 1,
            _ => {}
        });
        rehearsal
    }

    fn dissector(&self) -> Dissector {
        let mut dissector = Dissector::after(&self.handshake);
        let mut feed = |direction, bytes: &[u8]| dissector.receive(direction, Moment::START, bytes, &mut |_| {});
        for ping in &self.unanswered_pings {
            let header = FrameHeader::new(Opcode::Ping, ping.len() as u64);
            feed(Direction::ServerToClient, &header.with_payload(ping));
        }
        if let Some(close) = &self.received_close {
            feed(Direction::ServerToClient, close);
        }
        let begins_message = matches!(&self.under_way, Some(UnderWay::Payload { opcode, .. }) if is_data(*opcode));
        if let Some(message) = &self.unfinished_message
            && !begins_message
        {
            feed(Direction::ClientToServer, &message.beginning());
        }
        if let Some(close) = &self.sent_close {
            feed(Direction::ClientToServer, close);
        }
        match &self.under_way {
            Some(UnderWay::Header(bytes)) => feed(Direction::ClientToServer, bytes),
            Some(UnderWay::Payload { opcode, fin, missing }) => {
                // What the missing bytes are is not judged again: a message counts as binary.
                let opcode = if is_data(*opcode) { Opcode::Binary } else { *opcode };
                let header = FrameHeader { fin: *fin, masking_key: Some(KEY), ..FrameHeader::new(opcode, *missing) };
                feed(Direction::ClientToServer, &header.with_payload(&[]));
            }
            None => {}
        }
        dissector
    }
}

impl UnfinishedMessage {
    fn beginning(&self) -> Vec<u8> {
        let payload = self.payload.as_deref().unwrap_or_default();
        let opcode = match self.kind {
            MessageKind::Text if self.payload.is_some() => Opcode::Text,
            _ => Opcode::Binary,
        };
        let length = payload.len() as u64;
        FrameHeader { fin: false, masking_key: Some(KEY), ..FrameHeader::new(opcode, length) }.with_payload(payload)
    }
}

fn is_data(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::Text | Opcode::Binary)
}
