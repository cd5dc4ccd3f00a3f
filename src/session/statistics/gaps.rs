//! The times between one frame and the next.

use std::time::Duration;

use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;

use super::distribution::{Distribution, Scale};

/// How many of the longest gaps are remembered.
const LONGEST: usize = 5;

/// The time between two frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The frame before it.
    pub after: FrameNumber,
    /// The frame that ended it.
    pub before: FrameNumber,
    /// When it began.
    pub from: Moment,
    /// When it ended.
    pub until: Moment,
}

impl Gap {
    /// How long it was, in nanoseconds.
    pub fn nanoseconds(&self) -> u64 {
        self.until.nanoseconds().saturating_sub(self.from.nanoseconds())
    }

    /// How long it was.
    pub fn length(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds())
    }
}

/// The gaps of a growing list of frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    last: Option<(FrameNumber, Moment)>,
    lengths: Distribution,
    /// The frame that ended the first gap in each step of the scale.
    first: Vec<Option<FrameNumber>>,
    longest: Vec<Gap>,
}

impl Default for Gaps {
    fn default() -> Self {
        Gaps { last: None, lengths: Distribution::new(Scale::Decimal), first: Vec::new(), longest: Vec::new() }
    }
}

impl Gaps {
    /// Adds the next frame.
    #[inline]
    pub(super) fn add(&mut self, number: FrameNumber, at: Moment) {
        let Some((after, from)) = self.last.replace((number, at)) else { return };
        let gap = Gap { after, before: number, from, until: at };
        let nanoseconds = gap.nanoseconds();
        let step = self.lengths.add(nanoseconds);
        if step >= self.first.len() {
            self.first.resize(step + 1, None);
        }
        if let Some(first @ None) = self.first.get_mut(step) {
            *first = Some(number);
        }
        if self.longest.len() < LONGEST || self.longest.last().is_some_and(|least| nanoseconds > least.nanoseconds()) {
            self.remember(gap);
        }
    }

    #[cold]
    fn remember(&mut self, gap: Gap) {
        let place = self.longest.partition_point(|longer| longer.nanoseconds() >= gap.nanoseconds());
        self.longest.insert(place, gap);
        self.longest.truncate(LONGEST);
    }

    /// How long they were, in nanoseconds.
    pub fn lengths(&self) -> &Distribution {
        &self.lengths
    }

    /// The longest five, the longest first.
    pub fn longest(&self) -> &[Gap] {
        &self.longest
    }

    /// The frame that ended the first gap in the step of the scale that this length belongs to.
    pub fn first_like(&self, nanoseconds: u64) -> Option<FrameNumber> {
        self.lengths.place_of(nanoseconds).and_then(|place| *self.first.get(place)?)
    }
}
