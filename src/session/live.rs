//! A session that is still being recorded: the recorder publishes snapshots, anybody takes the newest one.
//!
//! Neither side waits for the other: a snapshot is swapped in under a lock that is held for a pointer's copy. The recorder
//! publishes when the last snapshot was taken, and before it goes to sleep; so a busy connection costs one snapshot a painted
//! frame, and a window that is not painted costs nothing on a busy one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::event::Event;
use super::recorder::Recorder;
use super::snapshot::Session;

/// Called when a new snapshot can be taken, from the thread that records; must return quickly.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

struct Shared {
    published: Mutex<Arc<Session>>,
    changed: Condvar,
    taken: AtomicBool,
    wake: Wake,
}

/// The reading end.
#[derive(Clone)]
pub struct LiveSession {
    shared: Arc<Shared>,
}

impl LiveSession {
    /// The newest published snapshot.
    pub fn snapshot(&self) -> Arc<Session> {
        let snapshot = Arc::clone(&self.shared.published.lock().unwrap_or_else(PoisonError::into_inner));
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
            let mut published = self.shared.published.lock().unwrap_or_else(PoisonError::into_inner);
            while Arc::ptr_eq(&published, &snapshot) {
                let left = deadline.checked_duration_since(Instant::now())?;
                published = self.shared.changed.wait_timeout(published, left).unwrap_or_else(PoisonError::into_inner).0;
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
            wake,
        });
        let live = LiveSession { shared: Arc::clone(&shared) };
        (Publisher { recorder, unpublished: false, shared }, live)
    }

    /// Records an event, and publishes when somebody has taken the last snapshot.
    pub fn record(&mut self, event: Event) {
        self.recorder.record(event);
        self.unpublished = true;
        if self.shared.taken.swap(false, Ordering::AcqRel) {
            self.publish();
        }
    }

    /// Publishes what is not published yet; to be called before the worker sleeps.
    pub fn settle(&mut self) {
        if self.unpublished {
            self.publish();
        }
    }

    /// What has been recorded.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    fn publish(&mut self) {
        self.unpublished = false;
        let snapshot = Arc::new(self.recorder.snapshot());
        let mut slot = self.shared.published.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *slot, snapshot);
        drop(slot);
        // Freed outside the lock, as it may be large.
        drop(before);
        self.shared.changed.notify_all();
        (self.shared.wake)();
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.recorder.end();
        self.publish();
    }
}
