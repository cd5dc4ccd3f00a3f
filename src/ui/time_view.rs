//! The part of a session's time that the timeline shows, in whole nanoseconds: zooming and panning without rounding drift.

use std::ops::RangeInclusive;

/// The narrowest view: one microsecond.
const SHORTEST: i64 = 1_000;

/// A window onto time; it may reach a little before the start and beyond the end of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeView {
    /// Nanoseconds from the session's start to the left edge.
    pub start: i64,
    /// Nanoseconds from the left edge to the right one; at least one microsecond.
    pub span: i64,
}

impl TimeView {
    /// A view of everything up to `newest`, with a margin on both sides.
    pub fn whole(newest: u64) -> TimeView {
        let newest = signed(newest).max(SHORTEST);
        let margin = newest / 40 + 1;
        TimeView { start: -margin, span: newest + 2 * margin }
    }

    /// The moment at a place between the edges (0 is left, 1 is right), in nanoseconds.
    pub fn at(&self, fraction: f64) -> i64 {
        self.start.saturating_add((self.span as f64 * fraction) as i64)
    }

    /// Where a moment lies between the edges: 0 is left, 1 is right.
    pub fn fraction(&self, nanoseconds: u64) -> f64 {
        (signed(nanoseconds).saturating_sub(self.start)) as f64 / self.span as f64
    }

    /// Moves by this part of the view's width.
    pub fn pan(&mut self, fraction: f64) {
        self.start = self.start.saturating_add((self.span as f64 * fraction) as i64);
    }

    /// Changes the width by `factor` (below 1 is closer) and keeps the moment under `fraction` where it is.
    pub fn zoom(&mut self, factor: f64, fraction: f64) {
        let fixed = self.at(fraction);
        self.span = ((self.span as f64 * factor) as i64).clamp(SHORTEST, i64::MAX / 8);
        self.start = fixed.saturating_sub((self.span as f64 * fraction) as i64);
    }

    /// Keeps the view within reach of a session that lasts until `newest`.
    pub fn clamp_to(&mut self, newest: u64) {
        let whole = TimeView::whole(newest);
        self.span = self.span.min(whole.span);
        self.start = self.start.clamp(whole.start, whole.start + whole.span - self.span);
    }

    /// Moves so that `nanoseconds` lies inside, when it does not.
    pub fn reveal(&mut self, nanoseconds: u64) {
        if !(0.0..=1.0).contains(&self.fraction(nanoseconds)) {
            self.start = signed(nanoseconds) - self.span / 2;
        }
    }

    /// Round moments for the axis, at most about `most` of them: their distance, and the first and last in the view.
    pub fn ticks(&self, most: usize) -> (i64, RangeInclusive<i64>) {
        let wanted = self.span / most.max(1) as i64 + 1;
        let mut step: i64 = 1;
        'rounds: loop {
            for multiple in [1, 2, 5] {
                if step.saturating_mul(multiple) >= wanted {
                    step = step.saturating_mul(multiple);
                    break 'rounds;
                }
            }
            step = step.saturating_mul(10);
        }
        (step, self.start.div_euclid(step) + 1..=(self.start.saturating_add(self.span)).div_euclid(step))
    }
}

/// A moment as a signed number, held far enough from the limits that sums of a few of them fit.
fn signed(nanoseconds: u64) -> i64 {
    i64::try_from(nanoseconds).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
