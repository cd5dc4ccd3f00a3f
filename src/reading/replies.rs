//! Requests and their replies over a whole session, which may grow meanwhile: each message is read once, in the order in which
//! messages were completed.

use std::sync::Arc;

use crate::content::correlation::Pairing;
use crate::content::subprotocol::{Content, Subprotocol};
use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::MessageKind;
use crate::session::append_log::{AppendLog, Frozen};
use crate::session::background::Survey;
use crate::session::latency::Exchange;
use crate::session::{MessageReader, Session};

use super::Reading;

/// How much of a message is read; an identifier behind it is not seen.
pub const LOOKED_FOR_WITHIN: u64 = 64 * 1024;

/// How many frames are looked at in one step.
const FRAMES_AT_A_TIME: usize = 512;

/// The requests that were answered so far, in the order of the replies.
#[derive(Debug, Clone)]
pub struct Replies {
    /// From the message that asked to the first that answered, each named by its first frame; timed from end to end.
    pub exchanges: Frozen<Exchange>,
    /// By what messages are read; without a subprotocol, by `id` in JSON.
    pub by: Option<Subprotocol>,
    /// How many requests wait for a reply.
    pub waiting: usize,
    /// How many frames were looked at.
    pub looked_at: usize,
    /// How many frames there were.
    pub of: usize,
}

impl Replies {
    /// All of a session; this takes as long as reading every message does.
    pub fn of(session: Arc<Session>, reading: Reading) -> Replies {
        let mut survey = ReplySurvey::new(session, reading);
        while !survey.step() {}
        survey.found(true)
    }
}

/// The looking for requests and replies.
pub struct ReplySurvey {
    session: Arc<Session>,
    reading: Reading,
    by: Option<Subprotocol>,
    reader: MessageReader,
    pairing: Pairing,
    exchanges: AppendLog<Exchange>,
    looked_at: usize,
    /// The last frame of a message that has not come as a whole; nothing follows it in its direction.
    arriving: PerDirection<Option<FrameNumber>>,
}

impl ReplySurvey {
    /// Begins before the first frame.
    pub fn new(session: Arc<Session>, reading: Reading) -> ReplySurvey {
        let by = reading.subprotocol(&session);
        ReplySurvey {
            session,
            reading,
            by,
            reader: MessageReader::default(),
            pairing: Pairing::new(by),
            exchanges: AppendLog::default(),
            looked_at: 0,
            arriving: PerDirection::default(),
        }
    }

    /// Reads the message that ends with a frame, once it is there as a whole.
    fn look_at(&mut self, number: FrameNumber) {
        let session = Arc::clone(&self.session);
        let Some(row) = session.frame(number).filter(|row| row.fin() && !row.opcode().is_control()) else { return };
        let Some(message) = session.message_of(number) else { return };
        let Some(completed_at) = message.completed_at else {
            self.arriving[row.direction] = Some(number);
            return;
        };
        let payload = self.reader.content(&session, &message, LOOKED_FOR_WITHIN);
        let content = Content {
            direction: message.direction,
            is_text: message.kind == MessageKind::Text,
            payload: &payload,
            length: message.content_length(),
        };
        for pair in self.pairing.feed(message.first_frame.0, completed_at, &content) {
            self.exchanges.push(Exchange {
                direction: pair.direction,
                asked: FrameNumber(pair.request),
                answered: FrameNumber(pair.reply),
                asked_at: pair.at,
                answered_at: completed_at,
            });
        }
    }
}

impl Survey for ReplySurvey {
    type Snapshot = Arc<Session>;
    type Found = Replies;

    const NAME: &'static str = "replies";

    fn step(&mut self) -> bool {
        let end = self.session.frames.len().min(self.looked_at.saturating_add(FRAMES_AT_A_TIME));
        for index in self.looked_at..end {
            self.look_at(FrameNumber::from_index(index));
        }
        self.looked_at = end;
        end == self.session.frames.len()
    }

    fn follow(&mut self, newer: Arc<Session>) {
        if newer.frames.len() < self.looked_at || self.reading.subprotocol(&newer) != self.by {
            *self = ReplySurvey::new(newer, self.reading);
            return;
        }
        self.session = newer;
        for direction in Direction::BOTH {
            if let Some(number) = self.arriving[direction].take() {
                self.look_at(number);
            }
        }
    }

    fn found(&self, _is_newest: bool) -> Replies {
        Replies {
            exchanges: self.exchanges.snapshot(),
            by: self.by,
            waiting: self.pairing.open(),
            looked_at: self.looked_at,
            of: self.session.frames.len(),
        }
    }
}
