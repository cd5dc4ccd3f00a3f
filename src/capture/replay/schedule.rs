//! When things are due: the recorded times from an anchor on, scaled by the pace, or a person's steps.

use std::time::{Duration, Instant};

use crate::protocol::moment::Moment;

use super::Pace;

/// Beyond every time that anybody waits for.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A recorded moment, and when that was now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) then: Moment,
    pub(super) now: Instant,
}

/// The times of a replay.
#[derive(Debug)]
pub(super) struct Schedule {
    pace: Pace,
    /// What due times are counted from. It stays where it is while everything is done in time, so that small delays do not add up.
    anchor: Anchor,
    /// The newest thing that was done.
    newest: Anchor,
    paused_since: Option<Instant>,
    steps: usize,
}

impl Schedule {
    /// A schedule in which this recorded moment is now.
    pub(super) fn new(pace: Pace, anchor: Anchor, starts_paused: bool) -> Schedule {
        Schedule { pace, anchor, newest: anchor, paused_since: starts_paused.then_some(anchor.now), steps: 0 }
    }

    /// When something is due that was done at this moment.
    pub(super) fn due(&self, then: Moment) -> Instant {
        later(self.anchor.now, self.pace.scaled(then.since(self.anchor.then)))
    }

    /// When something is due that was done so long after something that has happened now.
    pub(super) fn due_after(&self, took: Duration, now: Instant) -> Instant {
        if self.is_paused() { now } else { later(now, self.pace.scaled(took)) }
    }

    /// Until when something is waited for that had come before this moment: as long as it took then, and the patience.
    pub(super) fn deadline(&self, then: Moment, patience: Duration) -> Instant {
        later(later(self.newest.now, then.since(self.newest.then)), patience)
    }

    /// Notes that something was done that was done at this moment then; `in_time` unless something else than the clock held it up.
    pub(super) fn done(&mut self, then: Moment, now: Instant, in_time: bool) {
        self.newest = Anchor { then, now };
        if !in_time {
            self.anchor = self.newest;
            self.paused_since = self.paused_since.map(|_| now);
        }
    }

    /// Stops the clock.
    pub(super) fn pause(&mut self, now: Instant) {
        self.paused_since.get_or_insert(now);
    }

    /// Lets the clock go on.
    pub(super) fn resume(&mut self, now: Instant) {
        self.steps = 0;
        if let Some(since) = self.paused_since.take() {
            self.anchor.now = later(self.anchor.now, now.saturating_duration_since(since));
        }
    }

    /// Lets one thing be done while the clock stands.
    pub(super) fn allow_step(&mut self) {
        self.steps += usize::from(self.is_paused());
    }

    /// Notes that a thing is done that was allowed.
    pub(super) fn step_taken(&mut self) {
        self.steps = self.steps.saturating_sub(1);
    }

    /// Whether the clock stands.
    pub(super) fn is_paused(&self) -> bool {
        self.paused_since.is_some()
    }

    /// Whether a thing may be done while the clock stands.
    pub(super) fn may_step(&self) -> bool {
        self.steps > 0
    }
}

/// A later time; one that cannot be told never comes.
fn later(time: Instant, after: Duration) -> Instant {
    time.checked_add(after).or_else(|| time.checked_add(FOREVER)).unwrap_or(time)
}
