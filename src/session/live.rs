//! A session that is still being recorded: the recorder publishes snapshots, anybody takes the newest one.
//!
//! What a person says of the session goes the other way: to the recorder, so that the journal keeps it, or after the end to what is left.
//!
//! Neither side waits for the other: a snapshot is swapped in under a lock that is held for a pointer's copy. The recorder
//! publishes when the last snapshot was taken, and before it goes to sleep; so a busy connection costs one snapshot a painted
//! frame, and a window that is not painted costs nothing on a busy one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;

use super::annotations::Annotation;
use super::event::Event;
use super::journal::Journal;
use super::recorder::Recorder;
use super::snapshot::Session;

/// Called when a new snapshot can be taken, from the thread that records; must return quickly.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

struct Shared {
    published: Mutex<Arc<Session>>,
    changed: Condvar,
    taken: AtomicBool,
    /// Whether annotations wait for the recorder.
    annotated: AtomicBool,
    annotator: Mutex<Annotator>,
    wake: Wake,
}

/// Who takes what a person says of the session.
enum Annotator {
    /// The recorder, when it next looks at these.
    Recorder(Vec<Annotation<FrameNumber>>),
    /// Nobody records any more: whoever says it changes the last snapshot, and what was the recorder's journal keeps it.
    Anybody(Option<Box<dyn Journal>>),
}

impl Shared {
    fn published(&self) -> MutexGuard<'_, Arc<Session>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn annotator(&self) -> MutexGuard<'_, Annotator> {
        self.annotator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a snapshot in the place of the last one.
    fn publish(&self, snapshot: Session) {
        let before = std::mem::replace(&mut *self.published(), Arc::new(snapshot));
        // Freed outside the lock, as it may be large.
        drop(before);
        self.changed.notify_all();
        (self.wake)();
    }
}

/// The reading end.
#[derive(Clone)]
pub struct LiveSession {
    shared: Arc<Shared>,
}

impl LiveSession {
    /// The newest published snapshot.
    pub fn snapshot(&self) -> Arc<Session> {
        let snapshot = Arc::clone(&self.shared.published());
        self.shared.taken.store(true, Ordering::Release);
        snapshot
    }

    /// Waits until a published snapshot satisfies `ready`; `None` when that takes longer than `limit`.
    pub fn wait_until(&self, limit: Duration, ready: impl Fn(&Session) -> bool) -> Option<Arc<Session>> {
        let deadline = Instant::now() + limit;
        loop {
            // Judged outside the lock, so that the recorder never waits for a reader.
            let snapshot = self.snapshot();
            if ready(&snapshot) {
                return Some(snapshot);
            }
            let mut published = self.shared.published();
            while Arc::ptr_eq(&published, &snapshot) {
                let left = deadline.checked_duration_since(Instant::now())?;
                published = self.shared.changed.wait_timeout(published, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Says something of the session, now or after its end. It is published and kept when the recorder next publishes, for which
    /// somebody may have to wake it; after the end that is at once.
    pub fn annotate(&self, annotation: Annotation<FrameNumber>) {
        match &mut *self.shared.annotator() {
            Annotator::Recorder(waiting) => {
                waiting.push(annotation);
                self.shared.annotated.store(true, Ordering::Release);
            }
            Annotator::Anybody(journal) => {
                let last = Arc::clone(&self.shared.published());
                let Some((mut session, anchored)) = last.annotated(&annotation).zip(last.anchored(&annotation)) else {
                    return;
                };
                if let Some(journal) = journal {
                    journal.keep_annotation(session.newest, &anchored);
                    journal.settle();
                    session.journal = Some(journal.state());
                }
                self.shared.publish(session);
            }
        }
    }
}

/// The writing end, owned by the worker of the conversation.
pub struct Publisher {
    recorder: Recorder,
    unpublished: bool,
    shared: Arc<Shared>,
}

impl Publisher {
    /// Begins a live session with this recorder.
    pub fn new(mut recorder: Recorder, wake: Wake) -> (Publisher, LiveSession) {
        let shared = Arc::new(Shared {
            published: Mutex::new(Arc::new(recorder.snapshot())),
            changed: Condvar::new(),
            taken: AtomicBool::new(true),
            annotated: AtomicBool::new(false),
            annotator: Mutex::new(Annotator::Recorder(Vec::new())),
            wake,
        });
        let live = LiveSession { shared: Arc::clone(&shared) };
        (Publisher { recorder, unpublished: false, shared }, live)
    }

    /// Records an event, and publishes when somebody has taken the last snapshot.
    pub fn record(&mut self, event: Event) {
        self.recorder.record(event);
        self.publish_when_taken();
    }

    /// Records bytes that crossed, in the same way.
    pub fn record_bytes(&mut self, at: Moment, direction: Direction, bytes: &[u8]) {
        self.recorder.record_bytes(at, direction, bytes);
        self.publish_when_taken();
    }

    fn publish_when_taken(&mut self) {
        self.unpublished = true;
        if self.shared.taken.swap(false, Ordering::AcqRel) {
            self.publish();
        }
    }

    /// Publishes what is not published yet; to be called before the worker sleeps.
    pub fn settle(&mut self) {
        if self.unpublished || self.shared.annotated.load(Ordering::Acquire) {
            self.publish();
        }
    }

    /// What has been recorded.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    fn publish(&mut self) {
        self.unpublished = false;
        if self.shared.annotated.swap(false, Ordering::AcqRel) {
            let said = match &mut *self.shared.annotator() {
                Annotator::Recorder(waiting) => std::mem::take(waiting),
                Annotator::Anybody(_) => Vec::new(),
            };
            said.iter().for_each(|annotation| self.recorder.annotate(annotation));
        }
        self.shared.publish(self.recorder.snapshot());
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.recorder.end();
        let shared = Arc::clone(&self.shared);
        // Nobody can say anything between the last look at what was said and the handing over.
        let mut annotator = shared.annotator();
        if let Annotator::Recorder(said) = &*annotator {
            said.iter().for_each(|annotation| self.recorder.annotate(annotation));
        }
        self.shared.publish(self.recorder.snapshot());
        *annotator = Annotator::Anybody(self.recorder.take_journal());
    }
}
