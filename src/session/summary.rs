//! The timeline's summary: counts and bytes for groups of frames, and for groups of groups, so that any range costs a few look-ups.

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::finding::Severity;

use super::append_log::{AppendLog, Frozen};
use super::frame_row::FrameRow;

/// How many entries of one level make one entry of the next; the first level sums up frames.
const GROUP: usize = 64;

/// What a range of frames holds in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DirectionTotals {
    /// Number of frames.
    pub frames: u64,
    /// Payload bytes by their headers.
    pub payload: u64,
    /// A bit for each opcode that occurs, by its value.
    pub opcodes: u16,
    /// The worst finding.
    pub worst_finding: Option<Severity>,
}

/// What a range of frames holds.
pub type Totals = PerDirection<DirectionTotals>;

fn add(totals: &mut Totals, other: &Totals) {
    for direction in Direction::BOTH {
        let (total, part) = (&mut totals[direction], &other[direction]);
        total.frames += part.frames;
        total.payload = total.payload.saturating_add(part.payload);
        total.opcodes |= part.opcodes;
        total.worst_finding = total.worst_finding.max(part.worst_finding);
    }
}

fn add_frame(totals: &mut Totals, row: &FrameRow) {
    let total = &mut totals[row.direction];
    total.frames += 1;
    total.payload = total.payload.saturating_add(row.payload_length);
    total.opcodes |= 1 << row.opcode().bits();
    total.worst_finding = total.worst_finding.max(row.worst_finding);
}

/// The summary of a growing list of frames.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    levels: Vec<AppendLog<Totals>>,
}

impl Summary {
    /// Takes notice of a frame that was added to the list.
    #[inline]
    pub fn frame_added(&mut self, frames: &AppendLog<FrameRow>) {
        if frames.len().is_multiple_of(GROUP) {
            self.group_filled(frames);
        }
    }

    fn group_filled(&mut self, frames: &AppendLog<FrameRow>) {
        let mut totals = Totals::default();
        frames.newest(GROUP).iter().for_each(|row| add_frame(&mut totals, row));
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(AppendLog::default());
            }
            let Some(list) = self.levels.get_mut(level) else { return };
            list.push(totals);
            if !list.len().is_multiple_of(GROUP) {
                return;
            }
            totals = Totals::default();
            list.newest(GROUP).iter().for_each(|part| add(&mut totals, part));
        }
    }

    /// Takes notice of a finding on a frame that may lie in finished groups.
    pub fn frame_marked(&mut self, index: usize, row: &FrameRow) {
        let mut index = index;
        for level in &mut self.levels {
            index /= GROUP;
            let Some(totals) = level.get_mut(index) else { return };
            let worst = &mut totals[row.direction].worst_finding;
            *worst = (*worst).max(row.worst_finding);
        }
    }

    /// The summary as it is now.
    pub fn snapshot(&self) -> FrozenSummary {
        FrozenSummary { levels: self.levels.iter().map(AppendLog::snapshot).collect() }
    }
}

/// A summary as it was at one moment.
#[derive(Debug, Clone)]
pub struct FrozenSummary {
    levels: Vec<Frozen<Totals>>,
}

impl FrozenSummary {
    /// The place of the frame before which so many of its direction stand.
    pub(super) fn nth(&self, frames: &Frozen<FrameRow>, direction: Direction, nth: u64) -> Option<usize> {
        let (mut index, mut missing) = (0, nth);
        let mut span = self.levels.iter().fold(1, |span, _| span * GROUP);
        for level in self.levels.iter().rev() {
            while let Some(part) = level.get(index / span).filter(|part| part[direction].frames <= missing) {
                missing -= part[direction].frames;
                index += span;
            }
            span /= GROUP;
        }
        let missing = usize::try_from(missing).ok()?;
        let of_direction = frames.iter_from(index).enumerate().filter(|(_, row)| row.direction == direction);
        of_direction.map(|(after, _)| index + after).nth(missing)
    }

    /// What the frames of this range hold together; costs a number of look-ups that grows with the logarithm of its length.
    pub fn totals(&self, frames: &Frozen<FrameRow>, range: std::ops::Range<usize>) -> Totals {
        let mut totals = Totals::default();
        let mut index = range.start;
        let end = range.end.min(frames.len());
        while index < end {
            let (mut level, mut span) = (None, 1);
            // The largest finished group that begins here and ends in the range.
            for (candidate, list) in self.levels.iter().enumerate() {
                let wider = span * GROUP;
                if !index.is_multiple_of(wider) || index + wider > end || index / wider >= list.len() {
                    break;
                }
                (level, span) = (Some(candidate), wider);
            }
            match level.and_then(|level| self.levels.get(level)).and_then(|list| list.get(index / span)) {
                Some(part) => add(&mut totals, part),
                None => frames.get(index).into_iter().for_each(|row| add_frame(&mut totals, row)),
            }
            index += span;
        }
        totals
    }
}
