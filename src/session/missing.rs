//! Bytes that crossed and were not recorded: their place in a session, which is one in its streams too, so that all offsets stay true.

use std::ops::Range;

use crate::protocol::direction::Direction;
use crate::protocol::gap::Gap;
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
        self.missing_payload(row).next().is_none()
    }
}
