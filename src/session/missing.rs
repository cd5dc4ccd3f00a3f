//! Bytes that crossed and were not recorded: their place in a session, which is one in its streams too, so that all offsets stay true.

use std::ops::Range;

use crate::protocol::direction::Direction;
use crate::protocol::gap::Gap;
use crate::protocol::message::Message;
use crate::protocol::moment::Moment;

use super::frame_row::FrameRow;
use super::snapshot::Session;

/// Bytes of one direction that were not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// When the first bytes behind them were recorded.
    pub at: Moment,
    /// Where in their direction's stream they would stand.
    pub stream_offset: u64,
    /// What is known of them.
    pub gap: Gap,
}

impl Missing {
    /// Where the stream goes on.
    pub fn stream_end(&self) -> u64 {
        self.stream_offset + self.gap.length.map_or(0, u64::from)
    }
}

/// A run of bytes that were all recorded, or all not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// These bytes, from this place on.
    Recorded(u64, Vec<u8>),
    /// Bytes that were not recorded, at these places.
    Missing(Range<u64>),
}

/// Bytes with zeros where they were not recorded, and these places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where they are none, in order.
    pub missing: Vec<Range<usize>>,
}

impl Filled {
    /// Fills up to `limit` bytes of these runs.
    fn of(runs: impl Iterator<Item = Run>, limit: u64) -> Filled {
        let mut filled = Filled::default();
        for run in runs {
            match run {
                Run::Recorded(_, bytes) => filled.bytes.extend_from_slice(&bytes),
                Run::Missing(range) => {
                    let start = filled.bytes.len();
                    let end = range.end.min(limit) as usize;
                    filled.bytes.resize(end.max(start), 0);
                    filled.missing.push(start..filled.bytes.len());
                }
            }
        }
        filled
    }
}

impl Session {
    /// The parts of a range of a direction's stream that were not recorded, in order.
    pub fn missing_in(&self, direction: Direction, range: Range<u64>) -> impl Iterator<Item = Range<u64>> + use<'_> {
        let missing = &self.missing[direction];
        let first = missing.partition_point(|missing| missing.stream_end() <= range.start);
        missing.iter_from(first).take_while(move |missing| missing.stream_offset < range.end).filter_map(
            move |missing| {
                let part = missing.stream_offset.max(range.start)..missing.stream_end().min(range.end);
                (!part.is_empty()).then_some(part)
            },
        )
    }

    /// The parts of a frame's payload that were not recorded, in order, as places in the payload.
    pub fn missing_payload(&self, row: &FrameRow) -> impl Iterator<Item = Range<u64>> + use<'_> {
        let start = row.payload_offset();
        let range = start..start.saturating_add(self.received_payload(row));
        self.missing_in(row.direction, range).map(move |part| part.start - start..part.end - start)
    }

    /// Whether nothing of a frame's payload, as far as it has come, is missing.
    pub fn is_recorded(&self, row: &FrameRow) -> bool {
        self.missing[row.direction].is_empty() || self.missing_payload(row).next().is_none()
    }

    /// Whether nothing of a message, as far as it has come, is missing.
    pub fn is_message_recorded(&self, message: &Message) -> bool {
        let mut is_recorded = true;
        if !self.missing[message.direction].is_empty() {
            self.frames_of(message, |row| {
                is_recorded = self.is_recorded(row);
                is_recorded
            });
        }
        is_recorded
    }

    /// Up to `limit` bytes of a direction's stream from `start` on, recorded or not, in runs whose places are counted from there.
    fn runs_of_stream(&self, direction: Direction, start: u64, limit: u64) -> impl Iterator<Item = Run> + use<'_> {
        let end = start.saturating_add(limit).min(self.streams()[direction].max(start));
        let mut missing = self.missing_in(direction, start..end).peekable();
        let mut place = start;
        std::iter::from_fn(move || {
            if let Some(range) = missing.next_if(|range| range.start == place) {
                place = range.end;
                return Some(Run::Missing(range.start - start..range.end - start));
            }
            let until = missing.peek().map_or(end, |range| range.start);
            let bytes = self.bytes(direction, place, until - place);
            let begins = place - start;
            place = until;
            // What cannot be read back any more ends it.
            (!bytes.is_empty()).then_some(Run::Recorded(begins, bytes))
        })
    }

    /// Up to `limit` bytes of a frame's payload, unmasked, in runs that were recorded and that were not.
    pub fn payload_runs(&self, row: &FrameRow, limit: u64) -> impl Iterator<Item = Run> + use<'_> {
        let key = if row.is_masked() { self.header(row).and_then(|header| header.masking_key) } else { None };
        let runs = self.runs_of_stream(row.direction, row.payload_offset(), limit.min(row.payload_length));
        runs.map(move |mut run| {
            if let (Run::Recorded(place, bytes), Some(key)) = (&mut run, key) {
                key.apply(bytes, *place);
            }
            run
        })
    }

    /// The same, with zeros in the place of what was not recorded; `limit` bounds the memory that this takes.
    pub fn filled_payload(&self, row: &FrameRow, limit: u64) -> Filled {
        Filled::of(self.payload_runs(row, limit), limit)
    }

    /// A frame's header and up to `limit` bytes of its payload, as on the wire, filled in the same manner.
    pub fn filled_wire_bytes(&self, row: &FrameRow, limit: u64) -> Filled {
        let length = row.header_length().saturating_add(self.received_payload(row).min(limit));
        Filled::of(self.runs_of_stream(row.direction, row.stream_offset, length), length)
    }
}
