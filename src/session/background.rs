//! Going over a whole session in a thread of its own: what was found is shown while more is looked for, and a session that grows is
//! followed. What is looked for is the survey's matter.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::live::Wake;

/// How often what was found is shown while more is looked for.
const SHOWN_EVERY: Duration = Duration::from_millis(30);

/// One going over a session that may grow meanwhile; it has no thread of its own.
pub trait Survey: Send + 'static {
    /// What is gone over, at one moment.
    type Snapshot: Send + 'static;

    /// What is found; cheap to copy.
    type Found: Clone + Send + 'static;

    /// What its thread is called.
    const NAME: &'static str;

    /// Looks at the next part, which takes some milliseconds at most; says whether that was everything.
    fn step(&mut self) -> bool;

    /// Goes on with a later snapshot.
    fn follow(&mut self, newer: Self::Snapshot);

    /// What was found so far; `is_newest` unless a later snapshot waits already.
    fn found(&self, is_newest: bool) -> Self::Found;
}

/// A survey that goes on in a thread of its own until it is dropped.
pub struct Background<S: Survey> {
    newer: Sender<S::Snapshot>,
    /// The same channel's other end, to take out a snapshot that nobody wants any more.
    outdated: Receiver<S::Snapshot>,
    shared: Arc<Shared<S::Found>>,
}

struct Shared<Found> {
    found: Mutex<Found>,
    is_stopped: AtomicBool,
}

impl<S: Survey> Background<S> {
    /// Begins; `wake` is called when there is more to show, from the thread of the survey.
    ///
    /// # Errors
    /// When the system has no further thread.
    pub fn start(survey: S, wake: Wake) -> std::io::Result<Background<S>> {
        let (newer, snapshots) = bounded(1);
        let found = Mutex::new(survey.found(true));
        let shared = Arc::new(Shared { found, is_stopped: AtomicBool::new(false) });
        let background = Background { newer, outdated: snapshots.clone(), shared: Arc::clone(&shared) };
        std::thread::Builder::new().name(S::NAME.into()).spawn(move || run(survey, &snapshots, &shared, &wake))?;
        Ok(background)
    }

    /// Goes on with a later snapshot.
    pub fn follow(&self, snapshot: S::Snapshot) {
        if self.is_stopped() {
            return;
        }
        let mut snapshot = snapshot;
        while let Err(TrySendError::Full(newest)) = self.newer.try_send(snapshot) {
            let _ = self.outdated.try_recv();
            snapshot = newest;
        }
    }

    /// Ends it; what was found stays.
    pub fn stop(&self) {
        self.shared.is_stopped.store(true, Ordering::Release);
    }

    /// Whether it was ended before it was complete.
    pub fn is_stopped(&self) -> bool {
        self.shared.is_stopped.load(Ordering::Acquire)
    }

    /// What was found so far.
    pub fn found(&self) -> S::Found {
        self.shared.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<S: Survey> Drop for Background<S> {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run<S: Survey>(mut survey: S, snapshots: &Receiver<S::Snapshot>, shared: &Shared<S::Found>, wake: &Wake) {
    let mut shown = Instant::now();
    loop {
        let is_complete = survey.step();
        if shared.is_stopped.load(Ordering::Acquire) {
            return;
        }
        let newer = snapshots.try_recv().ok();
        if is_complete || shown.elapsed() >= SHOWN_EVERY {
            let found = survey.found(newer.is_none());
            let before = std::mem::replace(&mut *shared.found.lock().unwrap_or_else(PoisonError::into_inner), found);
            // Freed outside the lock.
            drop(before);
            wake();
            shown = Instant::now();
        }
        match newer {
            Some(newer) => survey.follow(newer),
            None if is_complete => match snapshots.recv() {
                Ok(newer) => survey.follow(newer),
                // Nobody looks any more.
                Err(_) => return,
            },
            None => {}
        }
        if shared.is_stopped.load(Ordering::Acquire) {
            return;
        }
    }
}
