//! The writing end of a live session with its clock: whoever holds it says what happened, and it says when.

use bytes::Bytes;

use crate::protocol::direction::{Direction, Side};
use crate::protocol::verdict::TransportEnd;
use crate::session::live::Wake;
use crate::session::{Event, EventKind, Journals, LiveSession, Origin, Perspective, Publisher, Recorder};

use super::clock::SessionClock;

/// Records one session as it happens.
pub struct Recording {
    clock: SessionClock,
    publisher: Publisher,
    held: Option<Held>,
}

/// Events of which it is not known yet whether they belong to the session.
#[derive(Default)]
struct Held {
    events: Vec<Event>,
    bytes: usize,
}

/// The most bytes that are held back; a request and a response's head are shorter.
const MOST_HELD: usize = 256 * 1024;

impl Recording {
    /// Begins a session now, seen with the client's eyes, in which a message may inflate to `inflation_limit` bytes; kept in a
    /// journal when there are any.
    pub fn start(
        url: Option<String>,
        inflation_limit: u64,
        journals: Option<&dyn Journals>,
        wake: Wake,
    ) -> (Recording, LiveSession) {
        let clock = SessionClock::start();
        let origin = Origin { started_at: clock.started_at(), url, perspective: Perspective::Client };
        let journal = journals.map(|journals| journals.begin(&origin));
        let (publisher, session) = Publisher::new(Recorder::with_journal(origin, inflation_limit, journal), wake);
        (Recording { clock, publisher, held: None }, session)
    }

    /// Records that this happened now.
    pub fn record(&mut self, kind: EventKind) {
        let event = Event { at: self.clock.now(), kind };
        let Some(held) = &mut self.held else { return self.publisher.record(event) };
        if let EventKind::Bytes { bytes, .. } = &event.kind {
            held.bytes = held.bytes.saturating_add(bytes.len());
        }
        held.events.push(event);
        if held.bytes > MOST_HELD {
            self.release();
        }
    }

    /// Records that these bytes crossed now.
    pub fn record_bytes(&mut self, direction: Direction, bytes: &[u8]) {
        if self.held.is_some() {
            return self.record(EventKind::Bytes { direction, bytes: Bytes::copy_from_slice(bytes) });
        }
        let at = self.clock.now();
        self.publisher.record_bytes(at, direction, bytes);
    }

    /// Holds back what is recorded from now on, until it is released or discarded; too much is released by itself.
    pub(super) fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Lets what was held back into the session, with the moments at which it happened.
    pub(super) fn release(&mut self) {
        let held = self.held.take().unwrap_or_default();
        held.events.into_iter().for_each(|event| self.publisher.record(event));
    }

    /// Drops what was held back; says whether there was anything to hold.
    pub(super) fn discard(&mut self) -> bool {
        self.held.take().is_some()
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
