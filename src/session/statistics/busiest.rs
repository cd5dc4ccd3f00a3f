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
    /// What came in the newest parts, each at its number modulo their count.
    parts: [u64; PARTS],
    /// The number of the newest part.
    newest: u64,
    /// The sum of all parts.
    sum: u64,
    busiest: Option<Second>,
}

impl Default for BusiestSecond {
    fn default() -> Self {
        BusiestSecond { parts: [0; PARTS], newest: 0, sum: 0, busiest: None }
    }
}

impl BusiestSecond {
    /// Adds what came at a moment, which is not before the last one.
    #[inline]
    pub(super) fn add(&mut self, at: Moment, amount: u64) {
        let part = at.nanoseconds() / PART;
        if part > self.newest {
            self.advance(part);
        }
        self.parts.get_mut((self.newest % PARTS as u64) as usize).into_iter().for_each(|sum| *sum += amount);
        self.sum += amount;
        if amount > 0 && self.busiest.is_none_or(|busiest| self.sum > busiest.amount) {
            let from = Moment((self.newest + 1).saturating_sub(PARTS as u64) * PART);
            self.busiest = Some(Second { from, amount: self.sum });
        }
    }

    /// Forgets the parts that lie more than a second before this one.
    fn advance(&mut self, part: u64) {
        for passed in (self.newest + 1..=part).take(PARTS) {
            let oldest = self.parts.get_mut((passed % PARTS as u64) as usize).map(std::mem::take);
            self.sum -= oldest.unwrap_or(0);
        }
        self.newest = part;
    }

    /// The busiest second so far, the first of several.
    pub(super) fn busiest(&self) -> Option<Second> {
        self.busiest
    }
}
