//! The messages of a session's server, one after the other, with what each answers and how long that took.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use crate::content::correlation::Pairing;
use crate::content::difference::Comparing;
use crate::content::subprotocol::Content;
use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::moment::Moment;
use crate::reading::Reading;
use crate::reading::replies::LOOKED_FOR_WITHIN;
use crate::session::landmark::LandmarkKind;
use crate::session::{MessageReader, Session};

use super::alignment::Mark;

/// How much of a message is compared.
pub const COMPARED: u64 = 16 * 1024 * 1024;

/// A message of the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) message: Message,
    pub(super) mark: Mark,
    /// How long it took: from the request that it answers, or else from the client's newest message before it.
    pub(super) took: Option<Duration>,
}

/// Reads a session's messages in their order.
pub(super) struct Answers {
    pub(super) session: Arc<Session>,
    pub(super) reader: MessageReader,
    pairing: Pairing,
    place: usize,
    /// When the client's newest message was complete, or the session was opened.
    asked_at: Option<Moment>,
}

impl Answers {
    /// Before the first message.
    pub(super) fn of(session: Arc<Session>) -> Answers {
        let by = Reading::Automatic.subprotocol(&session);
        let opened = session.landmarks.iter().find(|landmark| matches!(landmark.kind, LandmarkKind::Response { .. }));
        Answers {
            asked_at: opened.map(|opened| opened.at),
            session,
            reader: MessageReader::default(),
            pairing: Pairing::new(by),
            place: 0,
        }
    }

    /// How many frames were looked at.
    pub(super) fn looked_at(&self) -> usize {
        self.place
    }

    /// Whether every frame was.
    pub(super) fn is_at_the_end(&self) -> bool {
        self.place >= self.session.frames.len()
    }

    /// Looks at this many more frames and gives the server's messages that they complete.
    pub(super) fn read(&mut self, frames: usize, comparing: Comparing<'_>, mut take: impl FnMut(Answer)) {
        let session = Arc::clone(&self.session);
        let end = session.frames.len().min(self.place.saturating_add(frames));
        for place in std::mem::replace(&mut self.place, end)..end {
            let number = FrameNumber::from_index(place);
            let ends_message = session.frame(number).is_some_and(|row| row.fin() && !row.opcode().is_control());
            let Some(message) = session.message_of(number).filter(|_| ends_message) else { continue };
            let Some(completed_at) = message.completed_at else { continue };
            let is_answer = message.direction == Direction::ServerToClient;
            let length = if is_answer { COMPARED } else { LOOKED_FOR_WITHIN };
            let payload = self.reader.content(&session, &message, length);
            let start = payload.get(..LOOKED_FOR_WITHIN as usize).unwrap_or(&payload);
            let content = Content {
                direction: message.direction,
                is_text: message.kind == MessageKind::Text,
                payload: start,
                length: message.content_length(),
            };
            let pair = self.pairing.feed(message.first_frame.0, completed_at, &content).into_iter().next();
            if !is_answer {
                self.asked_at = Some(completed_at);
                continue;
            }
            let mut hasher = DefaultHasher::new();
            let beyond = message.content_length().saturating_sub(COMPARED);
            (message.kind, beyond, comparing.fingerprint(&payload)).hash(&mut hasher);
            let key = pair.as_ref().map(|pair| hash_of(&pair.key));
            let took = pair.map(|pair| pair.after).or_else(|| Some(completed_at.since(self.asked_at?)));
            take(Answer { message, mark: Mark { content: hasher.finish(), key }, took });
        }
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
