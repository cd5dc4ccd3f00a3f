//! The second in which most came.

use crate::protocol::moment::Moment;

/// How many parts a second has. A second may begin with each of them.
const PARTS: usize = 100;

/// The length of a part, in nanoseconds.
const PART: u64 = 1_000_000_000 / PARTS as u64;

/// A second and what came in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// When it began: a multiple of ten milliseconds.
    pub from: Moment,
    /// How much came.
    pub amount: u64,
}

/// Finds the busiest second of what comes in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BusiestSecond {
    /// What came in the parts before the newest one, each at its number modulo their count.
    parts: [u64; PARTS],
    /// The number of the newest part.
    newest: u64,
    /// When it ends, in nanoseconds.
    newest_end: u64,
    /// What came in it.
    in_newest: u64,
    /// What came in it and in the 99 parts before it.
    in_second: u64,
    /// The most of that so far, and the newest part then.
    most: u64,
    most_until: u64,
}

impl Default for BusiestSecond {
    fn default() -> Self {
        BusiestSecond {
            parts: [0; PARTS],
            newest: 0,
            newest_end: PART,
            in_newest: 0,
            in_second: 0,
            most: 0,
            most_until: 0,
        }
    }
}

impl BusiestSecond {
    /// Adds what came at a moment, which is not before the last one.
    #[inline]
    pub(super) fn add(&mut self, at: Moment, amount: u64) {
        if at.nanoseconds() >= self.newest_end {
            self.advance(at.nanoseconds() / PART);
        }
        self.in_newest += amount;
        self.in_second += amount;
        if self.in_second > self.most {
            (self.most, self.most_until) = (self.in_second, self.newest);
        }
    }

    /// Makes another part the newest one, and forgets those that lie a second before it.
    fn advance(&mut self, part: u64) {
        let place = |part: u64| (part % PARTS as u64) as usize;
        let newest = std::mem::take(&mut self.in_newest);
        self.parts.get_mut(place(self.newest)).into_iter().for_each(|sum| *sum = newest);
        for passed in (self.newest + 1..=part).take(PARTS) {
            let oldest = self.parts.get_mut(place(passed)).map(std::mem::take);
            self.in_second -= oldest.unwrap_or(0);
        }
        self.newest = part;
        self.newest_end = (part + 1).saturating_mul(PART);
    }

    /// The busiest second so far, the first of several.
    pub(super) fn busiest(&self) -> Option<Second> {
        let from = Moment((self.most_until + 1).saturating_sub(PARTS as u64) * PART);
        (self.most > 0).then_some(Second { from, amount: self.most })
    }
}
