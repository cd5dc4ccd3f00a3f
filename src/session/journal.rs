//! What a recorder asks of a journal: to keep each event as it happens, where it outlives the program; how and where is not known here.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;

use super::annotations::{Anchor, Annotation};
use super::byte_store::ByteSource;
use super::event::{Event, Origin};

/// Keeps one session.
pub trait Journal: Debug + Send {
    /// Keeps an event other than bytes.
    fn keep(&mut self, event: &Event);

    /// Keeps bytes that crossed, and says at which position of the [`ByteSource`] they can be read, when they can.
    fn keep_bytes(&mut self, at: Moment, direction: Direction, bytes: &[u8]) -> Option<u64>;

    /// Keeps what a person said then; that may be after the session has ended.
    fn keep_annotation(&mut self, at: Moment, annotation: &Annotation<Anchor>);

    /// Lets everything that was kept be read, and sees to it that it reaches the file soon. Must not wait for the file.
    fn settle(&mut self);

    /// Where kept bytes are read back from.
    fn source(&self) -> Arc<dyn ByteSource>;

    /// How it stands.
    fn state(&self) -> JournalState;

    /// Whether so much waits for the file that the session has to end, before memory does.
    fn is_full(&self) -> bool {
        self.state().is_full()
    }

    /// Learns that the session has ended, so that no further event will come.
    fn finish(&mut self);
}

/// Begins journals.
pub trait Journals: Send + Sync {
    /// Begins the journal of a session. What goes wrong is told by its state.
    fn begin(&self, origin: &Origin) -> Box<dyn Journal>;
}

/// How a journal stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalState {
    /// The file.
    pub path: PathBuf,
    /// Why it is not written any more, and what to do; the session goes on in memory.
    pub problem: Option<Arc<str>>,
    /// How many bytes wait for the file, in memory.
    pub waiting: u64,
    /// How many may.
    pub most_waiting: u64,
}

impl JournalState {
    /// Whether no more can be kept, so that the session has to end.
    pub fn is_full(&self) -> bool {
        self.waiting > self.most_waiting
    }
}
