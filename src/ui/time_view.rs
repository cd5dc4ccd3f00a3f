//! The part of a session's time that the timeline shows, in whole nanoseconds: zooming and panning without rounding drift.

use crate::protocol::moment::Moment;

/// The narrowest view: one microsecond.
const SHORTEST: i64 = 1_000;

/// Of how many parts of a view the margin beside the session is one.
const MARGINS: i64 = 40;

/// Places across a view are counted in parts of this size, so that a place is the same moment before and after zooming.
const PARTS: f64 = (1_i64 << 40) as f64;

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
    pub fn whole(newest: Moment) -> TimeView {
        let newest = signed(newest).max(SHORTEST);
        let span = newest + newest / (MARGINS / 2 - 1) + 2;
        TimeView { start: -(span / MARGINS), span }
    }

    /// A view of this width that has `newest` near its right edge.
    pub fn at_the_end(newest: Moment, span: i64) -> TimeView {
        TimeView { start: signed(newest) + span / MARGINS - span, span }
    }

    /// A view of what lies between two moments, with a margin on both sides.
    pub fn between(start: Moment, end: Moment) -> TimeView {
        let (start, end) = (signed(start), signed(end));
        let inside = (end - start).max(SHORTEST);
        let span = inside + inside / (MARGINS / 2 - 1) + 2;
        TimeView { start: start + (end - start) / 2 - span / 2, span }
    }

    /// Nanoseconds from the session's start to the right edge.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.span)
    }

    /// The moment at a place between the edges (0 is left, 1 is right), in nanoseconds.
    pub fn at(&self, fraction: f64) -> i64 {
        self.start.saturating_add(self.part(fraction))
    }

    /// The moment at a place between the edges; the session's start when it lies before it.
    pub fn moment(&self, fraction: f64) -> Moment {
        Moment(self.at(fraction).max(0) as u64)
    }

    /// Where a moment lies between the edges: 0 is left, 1 is right.
    pub fn fraction(&self, at: Moment) -> f64 {
        signed(at).saturating_sub(self.start) as f64 / self.span as f64
    }

    /// Moves by this part of the view's width, be it ever so little.
    pub fn pan(&mut self, fraction: f64) {
        let distance = match self.part(fraction) {
            0 if fraction > 0.0 => 1,
            0 if fraction < 0.0 => -1,
            distance => distance,
        };
        self.start = self.start.saturating_add(distance);
    }

    /// Moves so that a moment comes to lie at a place between the edges.
    pub fn put(&mut self, nanoseconds: i64, fraction: f64) {
        self.start = nanoseconds.saturating_sub(self.part(fraction));
    }

    /// Changes the width by `factor` (below 1 is closer) and keeps the moment under `fraction` where it is.
    pub fn zoom(&mut self, factor: f64, fraction: f64) {
        let fixed = self.at(fraction);
        let span = self.span as f64 * factor;
        // A small factor must not be lost in a narrow view.
        let span = if factor > 1.0 { span.ceil() } else { span.floor() };
        self.span = (span as i64).clamp(SHORTEST, i64::MAX / 8);
        self.put(fixed, fraction);
    }

    /// Keeps the view within reach of a session that lasts until `newest`.
    pub fn clamp_to(&mut self, newest: Moment) {
        self.span = self.span.min(TimeView::whole(newest).span);
        let last = TimeView::at_the_end(Moment(newest.0.max(SHORTEST as u64)), self.span).start;
        self.start = self.start.min(last).max(-(self.span / MARGINS));
    }

    /// Moves so that a moment lies inside, when it does not.
    pub fn reveal(&mut self, at: Moment) {
        if !(0.0..=1.0).contains(&self.fraction(at)) {
            self.start = signed(at) - self.span / 2;
        }
    }

    fn part(&self, fraction: f64) -> i64 {
        let parts = (fraction * PARTS).round() as i64;
        let product = i128::from(self.span) * i128::from(parts);
        // Rounded to the nearest, half a part away from the start.
        ((product + (PARTS as i128) / 2).div_euclid(PARTS as i128)) as i64
    }
}

/// A moment as a signed number, held far enough from the limits that sums of a few of them fit.
fn signed(at: Moment) -> i64 {
    i64::try_from(at.nanoseconds()).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
