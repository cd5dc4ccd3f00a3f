//! The counting: one frame after another, and what of a frame or of a message has not come yet once it is there.

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::MessageKind;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;

use super::super::event::LARGEST_PART;
use super::super::frame_row::FrameRow;
use super::super::snapshot::Session;
use super::gaps::Gaps;
use super::throughput::{Carried, Throughput};
use super::{BrokenRule, Statistics, Traffic};

/// The payload of a frame as far as it is still to be counted.
#[derive(Debug, Clone, Copy)]
struct Arriving {
    opcode: Opcode,
    /// When it counts, all at once; otherwise each part counts when it came.
    at: Option<Moment>,
    /// Where it begins and ends in its direction's stream.
    start: u64,
    end: u64,
}

/// What is counted so far, and what waits for more to come.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    counted: Statistics,
    arriving: PerDirection<Option<Arriving>>,
    /// The first frame of the newest message, while that is not there as a whole.
    open_message: PerDirection<Option<FrameNumber>>,
}

impl Tally {
    /// Begins before the first frame; none is from before this moment.
    pub(super) fn from(start: Moment) -> Tally {
        let counted = Statistics {
            during: start..start,
            ways: PerDirection::default(),
            gaps: Gaps::default(),
            throughput: Throughput::from(start),
            broken_rules: Vec::new(),
        };
        Tally { counted, arriving: PerDirection::default(), open_message: PerDirection::default() }
    }

    /// Adds the next frame. Its bytes count at the moment at which its header was complete, but those of a payload that is longer than
    /// what is recorded at once count part by part.
    #[inline]
    pub(super) fn add(&mut self, session: &Session, number: FrameNumber, row: &FrameRow) {
        let (direction, at) = (row.direction, row.at);
        if self.arriving[direction].is_some() {
            self.take_arrived(session, direction, false);
        }
        let is_whole = session.is_complete(row);
        let is_long = row.payload_length > LARGEST_PART as u64;
        let payload = if is_whole && !is_long { row.payload_length } else { 0 };
        let part = Traffic { frames: 1, payload, headers: row.header_length() };
        let way = &mut self.counted.ways[direction];
        way.lengths.add(row.payload_length);
        way.gaps.add(number, at);
        self.counted.gaps.add(number, at);
        self.carry(direction, at, row.opcode(), part);
        if is_long || !is_whole {
            let (start, at) = (row.payload_offset(), (!is_long).then_some(at));
            let end = start.saturating_add(row.payload_length);
            self.arriving[direction] = Some(Arriving { opcode: row.opcode(), at, start, end });
            self.take_arrived(session, direction, false);
        }
        if row.message_index().is_some() {
            self.begin_listed_message(session, number, direction);
        } else if let Some(kind) = MessageKind::of(row.opcode()) {
            self.end_open_message(session, direction);
            if is_whole {
                self.counted.ways[direction].messages.add_frame(kind, row.payload_length);
            } else {
                self.open_message[direction] = Some(number);
            }
        }
    }

    #[inline]
    fn carry(&mut self, direction: Direction, at: Moment, opcode: Opcode, part: Traffic) {
        let way = &mut self.counted.ways[direction];
        way.traffic.get_mut(usize::from(opcode.bits())).into_iter().for_each(|traffic| *traffic += part);
        way.busiest_frames.add(at, part.frames);
        way.busiest_bytes.add(at, part.wire());
        self.counted.throughput.add(direction, at, Carried { frames: part.frames, bytes: part.wire() });
    }

    /// Counts what has come of the newest frame of a direction; at the end also what counts as a whole only.
    #[cold]
    fn take_arrived(&mut self, session: &Session, direction: Direction, is_end: bool) {
        let Some(arriving) = self.arriving[direction].take() else { return };
        let Arriving { opcode, at, start, end } = arriving;
        let has_come = session.streams()[direction].min(end);
        match at {
            Some(at) if has_come == end || is_end => {
                let payload = has_come.saturating_sub(start);
                self.carry(direction, at, opcode, Traffic { payload, ..Traffic::default() });
            }
            Some(_) => self.arriving[direction] = Some(arriving),
            None => {
                let chunks = session.chunks.starting_at(direction, start);
                let mut next = start;
                for chunk in chunks.take_while(|chunk| chunk.stream_offset < end) {
                    let until = chunk.stream_end().min(end);
                    self.carry(direction, chunk.at, opcode, Traffic { payload: until - next, ..Traffic::default() });
                    next = until;
                }
                self.arriving[direction] = (next < end).then_some(Arriving { start: next, ..arriving });
            }
        }
    }

    /// Takes notice of a frame of a message that is compressed or has several.
    fn begin_listed_message(&mut self, session: &Session, number: FrameNumber, direction: Direction) {
        let Some(message) = session.message_of(number).filter(|message| message.first_frame == number) else { return };
        self.end_open_message(session, direction);
        if message.completed_at.is_some() {
            self.counted.ways[direction].messages.add(&message);
        } else {
            self.open_message[direction] = Some(number);
        }
    }

    /// Counts the message that was open, as whole or as unfinished.
    #[inline]
    fn end_open_message(&mut self, session: &Session, direction: Direction) {
        let Some(number) = self.open_message[direction].take() else { return };
        let figures = &mut self.counted.ways[direction].messages;
        match session.message_of(number).filter(|message| message.completed_at.is_some()) {
            Some(message) => figures.add(&message),
            None => figures.unfinished += 1,
        }
    }

    /// Adds a finding.
    pub(super) fn add_finding(&mut self, finding: &Finding) {
        let rules = &mut self.counted.broken_rules;
        match rules.iter_mut().find(|known| known.rule.name() == finding.rule.name()) {
            Some(known) => known.count += 1,
            None => rules.push(BrokenRule { rule: finding.rule, count: 1 }),
        }
    }

    /// The figures, with what is arriving counted as far as it has come until the moment that they end with.
    pub(super) fn finish(mut self, session: &Session, end: Moment) -> Statistics {
        for direction in Direction::BOTH {
            self.take_arrived(session, direction, true);
            self.end_open_message(session, direction);
        }
        let mut statistics = self.counted;
        statistics.during.end = end.max(statistics.during.start);
        statistics.broken_rules.sort_by_key(|broken| std::cmp::Reverse((broken.rule.severity(), broken.count)));
        statistics
    }
}
