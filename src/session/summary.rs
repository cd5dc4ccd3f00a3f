//! The timeline's summary: counts, bytes and the largest gap of groups of frames, and of groups of groups, so that any range costs a few
//! look-ups.

use std::ops::{Index, Range};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::finding::Severity;
use crate::protocol::opcode::Opcode;

use super::append_log::{AppendLog, Frozen};
use super::frame_row::FrameRow;

/// How many frames make one entry of the first level.
const GROUP: usize = 64;

/// How many entries of one level make one entry of the next.
const GROUPS: usize = 16;

/// What a range of frames holds in one direction. A session has fewer than 2^32 frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DirectionTotals {
    /// Payload bytes by their headers.
    pub payload: u64,
    /// Number of frames.
    pub frames: u32,
    /// Number of messages that begin in the range.
    pub messages: u32,
    /// Number of frames with a finding.
    pub marked: u32,
    /// A bit for each opcode that occurs, by its value.
    pub opcodes: u16,
    /// The worst finding.
    pub worst_finding: Option<Severity>,
}

impl DirectionTotals {
    fn add(&mut self, other: &DirectionTotals) {
        self.payload = self.payload.saturating_add(other.payload);
        self.frames = self.frames.saturating_add(other.frames);
        self.messages = self.messages.saturating_add(other.messages);
        self.marked = self.marked.saturating_add(other.marked);
        self.opcodes |= other.opcodes;
        self.worst_finding = self.worst_finding.max(other.worst_finding);
    }

    fn add_frame(&mut self, row: &FrameRow) {
        let opcode = row.opcode();
        self.payload = self.payload.saturating_add(row.payload_length);
        self.frames += 1;
        self.messages += u32::from(matches!(opcode, Opcode::Text | Opcode::Binary));
        self.marked += u32::from(row.worst_finding.is_some());
        self.opcodes |= 1 << opcode.bits();
        self.worst_finding = self.worst_finding.max(row.worst_finding);
    }
}

/// The time between two frames that follow each other, of whichever direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// How long, in nanoseconds.
    pub nanoseconds: u64,
    /// The place of the frame that ended it; the one before began it.
    pub ended_by: usize,
}

impl Gap {
    /// The longer of two; the first of equally long ones.
    fn or_longer(self, other: Gap) -> Gap {
        if other.nanoseconds > self.nanoseconds { other } else { self }
    }
}

/// What a range of frames holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    directions: PerDirection<DirectionTotals>,
    /// The longest time before one of the frames, counted from the frame before it.
    gap: Gap,
}

impl Totals {
    /// Number of frames of both directions.
    pub fn frames(&self) -> u64 {
        Direction::BOTH.iter().map(|direction| u64::from(self[*direction].frames)).sum()
    }

    /// Number of messages that begin in the range, of both directions.
    pub fn messages(&self) -> u64 {
        Direction::BOTH.iter().map(|direction| u64::from(self[*direction].messages)).sum()
    }

    /// Number of frames with a finding, of both directions.
    pub fn marked(&self) -> u64 {
        Direction::BOTH.iter().map(|direction| u64::from(self[*direction].marked)).sum()
    }

    /// Payload bytes of both directions.
    pub fn payload(&self) -> u64 {
        Direction::BOTH.iter().fold(0, |sum: u64, direction| sum.saturating_add(self[*direction].payload))
    }

    /// The worst finding of both directions.
    pub fn worst_finding(&self) -> Option<Severity> {
        self.directions.client_to_server.worst_finding.max(self.directions.server_to_client.worst_finding)
    }

    fn add(&mut self, other: &Totals) {
        for direction in Direction::BOTH {
            self.directions[direction].add(&other[direction]);
        }
        self.gap = self.gap.or_longer(other.gap);
    }

    fn add_frame(&mut self, place: usize, row: &FrameRow, before: Option<&FrameRow>) {
        self.directions[row.direction].add_frame(row);
        if let Some(before) = before {
            let nanoseconds = row.at.nanoseconds().saturating_sub(before.at.nanoseconds());
            self.gap = self.gap.or_longer(Gap { nanoseconds, ended_by: place });
        }
    }
}

impl Index<Direction> for Totals {
    type Output = DirectionTotals;

    fn index(&self, direction: Direction) -> &DirectionTotals {
        &self.directions[direction]
    }
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
        let start = frames.len() - GROUP;
        let mut before = start.checked_sub(1).and_then(|place| frames.get(place));
        let mut totals = Totals::default();
        for (place, row) in (start..).zip(frames.newest(GROUP)) {
            totals.add_frame(place, row, before.replace(row));
        }
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(AppendLog::default());
            }
            let Some(list) = self.levels.get_mut(level) else { return };
            list.push(totals);
            if !list.len().is_multiple_of(GROUPS) {
                return;
            }
            totals = Totals::default();
            list.newest(GROUPS).iter().for_each(|part| totals.add(part));
        }
    }

    /// Takes notice of a finding on a frame that may lie in finished groups; `is_first` when the frame had none before.
    pub fn frame_marked(&mut self, index: usize, row: &FrameRow, is_first: bool) {
        let mut index = index / GROUP;
        for level in &mut self.levels {
            let Some(totals) = level.get_mut(index) else { return };
            let total = &mut totals.directions[row.direction];
            total.worst_finding = total.worst_finding.max(row.worst_finding);
            total.marked += u32::from(is_first);
            index /= GROUPS;
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
        for (span, level) in self.spans().collect::<Vec<_>>().into_iter().rev() {
            let count = |part: &Totals| u64::from(part[direction].frames);
            while let Some(count) = level.get(index / span).map(count).filter(|count| *count <= missing) {
                missing -= count;
                index += span;
            }
        }
        let missing = usize::try_from(missing).ok()?;
        let of_direction = frames.iter_from(index).enumerate().filter(|(_, row)| row.direction == direction);
        of_direction.map(|(after, _)| index + after).nth(missing)
    }

    /// The levels, each with how many frames an entry sums up.
    fn spans(&self) -> impl Iterator<Item = (usize, &Frozen<Totals>)> {
        std::iter::successors(Some(GROUP), |span| span.checked_mul(GROUPS)).zip(&self.levels)
    }

    /// What the frames of this range hold together; costs a number of look-ups that grows with the logarithm of its length.
    pub fn totals(&self, frames: &Frozen<FrameRow>, range: Range<usize>) -> Totals {
        let mut totals = Totals::default();
        let mut index = range.start;
        let end = range.end.min(frames.len());
        while index < end {
            match self.largest_group(index, end) {
                Some((part, span)) => {
                    totals.add(part);
                    index += span;
                }
                None => {
                    let before = index.checked_sub(1).and_then(|place| frames.get(place));
                    frames.get(index).into_iter().for_each(|row| totals.add_frame(index, row, before));
                    index += 1;
                }
            }
        }
        totals
    }

    /// The largest finished group that begins at this frame and ends in the range, and how many frames it has.
    fn largest_group(&self, index: usize, end: usize) -> Option<(&Totals, usize)> {
        let fitting = self
            .spans()
            .take_while(|(span, list)| index.is_multiple_of(*span) && index + span <= end && index / span < list.len());
        let (span, list) = fitting.last()?;
        Some((list.get(index / span)?, span))
    }

    /// The longest time between two frames of this range that follow each other; costs as little.
    pub fn longest_gap(&self, frames: &Frozen<FrameRow>, range: Range<usize>) -> Option<Gap> {
        // The first frame ends a gap that began before the range.
        let later = range.start.saturating_add(1)..range.end.min(frames.len());
        (!later.is_empty()).then(|| self.totals(frames, later).gap)
    }
}
