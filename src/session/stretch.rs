//! A stretch of a session: what crossed between two moments or from one frame to another, and the figures of it. However long it is,
//! they cost a few look-ups.

use std::ops::Range;
use std::time::Duration;

use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;

use super::snapshot::Session;
use super::summary::{Gap, Totals};

/// A part of a session without holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// What came from one moment on and before another.
    Time {
        /// The first moment.
        start: Moment,
        /// The moment after the last.
        end: Moment,
    },
    /// From one frame to another, both included; either may be the earlier one.
    Frames {
        /// Where it was begun.
        from: FrameNumber,
        /// How far it reaches.
        to: FrameNumber,
    },
}

impl Stretch {
    /// The frames of the session in it, by their places.
    pub fn frames(self, session: &Session) -> Range<usize> {
        match self {
            Stretch::Time { start, end } => session.frames_between(start, end),
            Stretch::Frames { from, to } => {
                let end = (from.max(to).index() + 1).min(session.frames.len());
                from.min(to).index().min(end)..end
            }
        }
    }

    /// The moments at which it begins and ends.
    pub fn moments(self, session: &Session) -> (Moment, Moment) {
        match self {
            Stretch::Time { start, end } => (start, end),
            Stretch::Frames { from, to } => {
                let at = |number| session.frame(number).map_or(session.newest, |row| row.at);
                (at(from.min(to)), at(from.max(to)))
            }
        }
    }
}

/// What can be said of a stretch in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The frames, by their places.
    pub frames: Range<usize>,
    /// When it begins.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// What the frames hold.
    pub totals: Totals,
    /// The longest time between two of its frames that follow each other.
    pub longest_gap: Option<Gap>,
}

impl Figures {
    /// How long the stretch is.
    pub fn duration(&self) -> Duration {
        self.end.since(self.start)
    }

    /// Frames a second; `None` for a stretch without a duration.
    pub fn frames_per_second(&self) -> Option<f64> {
        self.a_second(self.totals.frames())
    }

    /// Payload bytes a second; `None` for a stretch without a duration.
    pub fn bytes_per_second(&self) -> Option<f64> {
        self.a_second(self.totals.payload())
    }

    /// The mean payload of a frame, in bytes; `None` without a frame.
    pub fn mean_payload(&self) -> Option<u64> {
        self.totals.payload().checked_div(self.totals.frames())
    }

    fn a_second(&self, count: u64) -> Option<f64> {
        let seconds = self.duration().as_secs_f64();
        (seconds > 0.0).then(|| count as f64 / seconds)
    }
}

impl Session {
    /// The figures of a stretch.
    pub fn figures(&self, stretch: Stretch) -> Figures {
        let frames = stretch.frames(self);
        let (start, end) = stretch.moments(self);
        let (totals, longest_gap) = (self.totals(frames.clone()), self.longest_gap(frames.clone()));
        Figures { frames, start, end, totals, longest_gap }
    }
}
