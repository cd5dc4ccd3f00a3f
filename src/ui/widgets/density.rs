//! What crossed in each column of a timeline. Columns lie at fixed places of the session's time, so they are the same when the view
//! moves, and those that are known are not counted again: drawing a session that grows costs its newest column.

use std::collections::VecDeque;
use std::ops::Range;

use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;
use crate::session::Session;
use crate::session::summary::Totals;
use crate::ui::time_view::TimeView;

/// How wide a column is drawn at least, in points; an eighth more at most.
pub(crate) const COLUMN: f32 = 2.0;

/// At most so many findings that came late are put into their columns one by one.
const LATE_FINDINGS: usize = 4096;

/// A column with its frames.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// The frames, by their places.
    pub(crate) frames: Range<usize>,
    /// What they hold.
    pub(crate) totals: Totals,
}

/// The columns of a view.
#[derive(Debug, Clone, Default)]
pub(crate) struct Density {
    /// How many nanoseconds a column is wide.
    width: u64,
    /// The place of the first column: it begins this many widths after the session's start.
    first: u64,
    columns: VecDeque<Column>,
    frames_known: usize,
    findings_known: usize,
}

impl Density {
    /// Has the columns of this view afterwards, `points` wide on the screen.
    pub(crate) fn cover(&mut self, session: &Session, view: &TimeView, points: f32) {
        let most = f64::from(points / COLUMN).max(1.0);
        let width = round_width((view.span as f64 / most).ceil() as u64);
        if width != self.width || session.frames.len() < self.frames_known {
            *self = Density { width, ..Density::default() };
        }
        self.forget_what_changed(session);
        (self.frames_known, self.findings_known) = (session.frames.len(), session.findings.len());
        let begin = view.start.max(0) as u64 / width;
        let end = (view.end().max(0) as u64).min(session.newest.nanoseconds()) / width + 1;
        self.keep(begin..end.max(begin));
        while self.first > begin {
            self.first -= 1;
            let column = self.counted(session, self.first, None);
            self.columns.push_front(column);
        }
        for place in self.end()..end {
            let start = self.columns.back().map(|column| column.frames.end);
            let column = self.counted(session, place, start);
            self.columns.push_back(column);
        }
    }

    /// The columns from left to right, each with the moments at which it begins and ends, in nanoseconds.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (Range<u64>, &Column)> {
        let moments = (self.first..).map(|place| place * self.width..(place + 1) * self.width);
        moments.zip(&self.columns)
    }

    /// How long a column is, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.width as f64 / 1e9
    }

    /// The most frames and the most payload bytes that a column has in one direction.
    pub(crate) fn most(&self, direction: Direction) -> (u32, u64) {
        let totals = self.columns.iter().map(|column| &column.totals[direction]);
        totals.fold((0, 0), |(frames, payload), total| (frames.max(total.frames), payload.max(total.payload)))
    }

    fn end(&self) -> u64 {
        self.first + self.columns.len() as u64
    }

    /// Leaves out the columns that are not in this range; with none left the next one is the range's first.
    fn keep(&mut self, range: Range<u64>) {
        let kept = self.first.max(range.start)..self.end().min(range.end);
        if kept.is_empty() {
            self.columns.clear();
            self.first = range.start;
        } else {
            self.columns.truncate((kept.end - self.first) as usize);
            self.columns.drain(..(kept.start - self.first) as usize);
            self.first = kept.start;
        }
    }

    /// Forgets the column that was still growing, and counts those again that a late finding is in.
    fn forget_what_changed(&mut self, session: &Session) {
        let late = session.findings.len().saturating_sub(self.findings_known);
        if late > LATE_FINDINGS {
            self.columns.clear();
        }
        if session.frames.len() > self.frames_known {
            let newest = self.frames_known.checked_sub(1).and_then(|place| session.frames.get(place));
            let growing = newest.map_or(0, |row| row.at.nanoseconds() / self.width);
            self.columns.truncate(growing.saturating_sub(self.first) as usize);
        }
        let frames = session.findings.iter_from(self.findings_known).take(LATE_FINDINGS);
        let rows = frames.filter_map(|finding| session.frame(finding.frame?));
        let places = rows.map(|row| row.at.nanoseconds() / self.width);
        for place in places.collect::<std::collections::BTreeSet<u64>>() {
            let index = place.checked_sub(self.first).map(|index| index as usize);
            if let Some(column) = index.and_then(|index| self.columns.get_mut(index)) {
                column.totals = session.totals(column.frames.clone());
            }
        }
    }

    fn counted(&self, session: &Session, place: u64, start: Option<usize>) -> Column {
        let before = |place: u64| session.frames_before(Moment(place * self.width));
        let start = start.unwrap_or_else(|| before(place));
        let frames = start..before(place + 1).max(start);
        Column { totals: session.totals(frames.clone()), frames }
    }
}

/// The next width of which there are eight in each doubling: so a view that grows keeps its columns for a while.
fn round_width(wanted: u64) -> u64 {
    let grain = 1 << wanted.max(1).ilog2().saturating_sub(3);
    wanted.max(1).next_multiple_of(grain)
}
