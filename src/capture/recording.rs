//! The writing end of a live session with its clock: whoever holds it says what happened, and it says when.

use crate::protocol::direction::Side;
use crate::protocol::verdict::TransportEnd;
use crate::session::live::Wake;
use crate::session::{Event, EventKind, LiveSession, Origin, Perspective, Publisher, Recorder};

use super::clock::SessionClock;

/// Records one session as it happens.
pub struct Recording {
    clock: SessionClock,
    publisher: Publisher,
}

impl Recording {
    /// Begins a session now, seen with the client's eyes, in which a message may inflate to `inflation_limit` bytes.
    pub fn start(url: Option<String>, inflation_limit: u64, wake: Wake) -> (Recording, LiveSession) {
        let clock = SessionClock::start();
        let origin = Origin { started_at: clock.started_at(), url, perspective: Perspective::Client };
        let (publisher, session) = Publisher::new(Recorder::with_inflation_limit(origin, inflation_limit), wake);
        (Recording { clock, publisher }, session)
    }

    /// Records that this happened now.
    pub fn record(&mut self, kind: EventKind) {
        self.publisher.record(Event { at: self.clock.now(), kind });
    }

    /// Records a remark.
    pub fn note(&mut self, text: impl Into<String>) {
        self.record(EventKind::Note { text: text.into() });
    }

    /// Records the end of one side's half of the connection.
    pub fn transport_ended(&mut self, side: Side, how: TransportEnd) {
        self.record(EventKind::TransportEnded { side, how });
    }

    /// Publishes everything recorded so far; to be called before waiting.
    pub fn settle(&mut self) {
        self.publisher.settle();
    }

    /// What has been recorded.
    pub fn recorder(&self) -> &Recorder {
        self.publisher.recorder()
    }
}
