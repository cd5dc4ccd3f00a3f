//! Where a live session stands for what its client sends next, kept up to date by looking at each frame once.

use std::collections::VecDeque;

use crate::protocol::direction::{Direction, Side};
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::protocol::rehearsal::{Situation, UnderWay, UnfinishedMessage};
use crate::session::{FrameRow, Session};

/// How many frames are looked at in one painting; the rest is looked at in the next ones.
const FRAMES_AT_A_TIME: usize = 32 * 1024;

/// How many unanswered Pings are remembered.
const REMEMBERED_PINGS: usize = 256;

/// How much of an unfinished message is kept to check the rest of it as text, in bytes.
const KEPT_OF_MESSAGE: u64 = 4096;

/// How much of a control frame's payload is looked at, in bytes; legal ones fit.
const KEPT_CONTROL_PAYLOAD: u64 = 1024;

/// How far the client's stream is searched for the end of the request, in bytes.
const LONGEST_REQUEST: u64 = 64 * 1024;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Standing {
    looked_at: usize,
    last_client_frame: Option<FrameRow>,
    last_client_data_frame: Option<FrameNumber>,
    pings: VecDeque<Vec<u8>>,
    end_of_request: Option<u64>,
    situation: Situation,
}

impl Standing {
    /// The newest situation that is known.
    pub(super) fn situation(&self) -> &Situation {
        &self.situation
    }

    /// Looks at what is new; says whether that was everything.
    pub(super) fn update(&mut self, session: &Session) -> bool {
        let known = session.frames.len();
        for row in session.frames.iter_from(self.looked_at).take(FRAMES_AT_A_TIME) {
            // The payload of a control frame says what it is about, so it has to be whole.
            if row.opcode().is_control() && !session.is_complete(row) && self.looked_at + 1 == known {
                self.note_client_frame(FrameNumber::from_index(self.looked_at), row);
                break;
            }
            self.look_at(session, FrameNumber::from_index(self.looked_at), row);
            self.looked_at += 1;
        }
        let closes = |side: Side| session.verdict.sides[side].sent_close.as_ref().map(|close| close.wire.clone());
        self.situation = Situation {
            handshake: session.handshake.clone(),
            unanswered_pings: self.pings.iter().cloned().collect(),
            received_close: closes(Side::Server),
            sent_close: closes(Side::Client),
            unfinished_message: self.unfinished_message(session),
            under_way: self.under_way(session),
        };
        self.looked_at + 1 >= known
    }

    fn look_at(&mut self, session: &Session, number: FrameNumber, row: &FrameRow) {
        self.note_client_frame(number, row);
        let payload = || session.payload(row, KEPT_CONTROL_PAYLOAD);
        match (row.direction, row.opcode()) {
            (Direction::ServerToClient, Opcode::Ping) => {
                if self.pings.len() == REMEMBERED_PINGS {
                    self.pings.pop_front();
                }
                self.pings.push_back(payload());
            }
            (Direction::ClientToServer, Opcode::Pong) => {
                let payload = payload();
                if let Some(answered) = self.pings.iter().position(|ping| *ping == payload) {
                    self.pings.drain(..=answered);
                }
            }
            _ => {}
        }
    }

    fn note_client_frame(&mut self, number: FrameNumber, row: &FrameRow) {
        if row.direction == Direction::ClientToServer {
            self.last_client_frame = Some(*row);
            if !row.opcode().is_control() {
                self.last_client_data_frame = Some(number);
            }
        }
    }

    fn unfinished_message(&self, session: &Session) -> Option<UnfinishedMessage> {
        let message = session.message_of(self.last_client_data_frame?)?;
        let message = Some(message).filter(|message| message.completed_at.is_none())?;
        let payload =
            (message.payload_length <= KEPT_OF_MESSAGE).then(|| session.message_payload(&message, KEPT_OF_MESSAGE));
        Some(UnfinishedMessage { kind: message.kind, payload })
    }

    fn under_way(&mut self, session: &Session) -> Option<UnderWay> {
        let direction = Direction::ClientToServer;
        let end = match &self.last_client_frame {
            Some(row) => {
                let missing = row.payload_length - session.received_payload(row);
                if missing > 0 {
                    return Some(UnderWay::Payload { opcode: row.opcode(), fin: row.fin(), missing });
                }
                row.payload_offset() + row.payload_length
            }
            None => *self.end_of_request.get_or_insert_with(|| end_of_request(session)),
        };
        let unread = session.streams()[direction].saturating_sub(end);
        let header = (unread > 0).then(|| session.bytes(direction, end, unread.min(KEPT_CONTROL_PAYLOAD)));
        header.map(UnderWay::Header)
    }
}

fn end_of_request(session: &Session) -> u64 {
    let start = session.bytes(Direction::ClientToServer, 0, LONGEST_REQUEST);
    let end = start.windows(4).position(|part| part == b"\r\n\r\n");
    end.map_or(session.streams()[Direction::ClientToServer], |end| end as u64 + 4)
}
