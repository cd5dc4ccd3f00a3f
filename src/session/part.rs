//! Some frames of a session as a session of their own: the opening handshake, these frames whole, and what else is needed to read them.

use std::collections::HashSet;
use std::ops::Range;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::gap::Gap;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;

use super::annotations::{Anchor, Note};
use super::byte_store::StoreReader;
use super::chunk_log::Chunk;
use super::event::{Event, EventKind, LARGEST_PART};
use super::frame_row::FrameRow;
use super::missing::Missing;
use super::snapshot::{Recorded, Session, Unreadable};

/// Messages that were compressed by what was sent before them, which is not in the part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "message {message} was compressed by referring to messages before it that were not chosen, and cannot be read without them"
)]
pub struct NeedsEarlier {
    /// The first of them, by the frame that begins it.
    pub message: FrameNumber,
}

/// What of a session is in a part of it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where the frames of each direction begin.
    heads: PerDirection<u64>,
    /// Parts of each direction's stream, in order.
    streams: PerDirection<Vec<Range<u64>>>,
    /// Those frames behind which another one begins before they have ended.
    cut_off: PerDirection<Vec<Range<u64>>>,
    /// How long those parts are together.
    lengths: PerDirection<u64>,
    frames: usize,
    /// Whether nothing is missing that would say why the session ended.
    has_end: bool,
    bookmarks: Vec<(Anchor, Note)>,
}

impl Session {
    /// A part with the `chosen` frames, whose numbers rise, and the other frames of their messages. Without its Close frames it does
    /// not say how the connection ended.
    ///
    /// # Errors
    /// When a compressed message refers to one that is not in the part.
    pub fn part(&self, chosen: impl Iterator<Item = FrameNumber> + Clone) -> Result<Part, NeedsEarlier> {
        let messages: HashSet<usize> =
            chosen.clone().filter_map(|number| self.frame(number)?.message_index()).collect();
        every_message_can_be_read(self, &messages)?;
        let heads = PerDirection::from_fn(|direction| head_end(self, direction));
        let mut part = Part {
            heads,
            streams: PerDirection::from_fn(|direction| Vec::from_iter(std::iter::once(0..heads[direction]))),
            cut_off: PerDirection::default(),
            lengths: heads,
            frames: 0,
            has_end: true,
            bookmarks: Vec::new(),
        };
        let mut chosen = chosen.peekable();
        for (place, row) in self.frames.iter().enumerate() {
            part.frame_begins(row);
            let number = FrameNumber::from_index(place);
            let is_chosen = chosen.next_if_eq(&number).is_some();
            if is_chosen || row.message_index().is_some_and(|index| messages.contains(&index)) {
                part.keep(row, self.annotations.note_on(number));
            } else if row.opcode() == Opcode::Close {
                part.has_end = false;
            }
        }
        Ok(part)
    }
}

impl Part {
    /// The bookmarks on frames of the part, each with where its frame begins in it.
    pub fn bookmarks(&self) -> &[(Anchor, Note)] {
        &self.bookmarks
    }

    /// The events of the part in order, among the first a note that it is one, with their bytes read back.
    pub fn events<'part>(
        &'part self,
        session: &'part Session,
    ) -> impl Iterator<Item = Result<Event, Unreadable>> + use<'part> {
        let text = format!(
            "This log holds {} of {} frames of its session; the others were left out when it was saved.",
            self.frames,
            session.frames.len()
        );
        let note = Event { at: Moment::START, kind: EventKind::Note { text } };
        // Behind the notes that open the session: one of them may say what kind of session it is.
        let is_leading =
            |recorded: &Recorded<'_>| matches!(recorded, Recorded::Event(Moment::START, EventKind::Note { .. }));
        let leading = session.recorded().take_while(is_leading).count();
        let mut reader = session.bytes.reader();
        let events = session.recorded().flat_map(move |recorded| self.events_in(recorded, &mut reader));
        let mut events = events.peekable();
        let before: Vec<_> = events.by_ref().take(leading).collect();
        before.into_iter().chain([Ok(note)]).chain(events)
    }

    /// What of one thing that was recorded is in the part.
    fn events_in(&self, recorded: Recorded<'_>, reader: &mut StoreReader<'_>) -> Vec<Result<Event, Unreadable>> {
        match recorded {
            Recorded::Event(_, EventKind::TransportEnded { .. }) if !self.has_end => Vec::new(),
            Recorded::Event(at, kind) => vec![Ok(Event { at, kind: kind.clone() })],
            Recorded::Missing(direction, missing) => {
                let event = |gap| Ok(Event { at: missing.at, kind: EventKind::Missing { direction, gap } });
                self.gap(direction, &missing).map(event).into_iter().collect()
            }
            Recorded::Chunk(chunk) => {
                let whole = chunk.stream_offset..chunk.stream_end();
                let kept = touched(&self.streams[chunk.direction], whole.clone());
                let parts = kept.map(|range| range.start.max(whole.start)..range.end.min(whole.end));
                let small = |part: Range<u64>| {
                    let end = part.end;
                    let starts = part.step_by(LARGEST_PART);
                    starts.map(move |start| start..end.min(start + LARGEST_PART as u64))
                };
                parts.flat_map(small).map(|part| bytes_event(&chunk, part, reader)).collect()
            }
        }
    }

    /// Takes notice that the frame before has ended, whatever its header says.
    fn frame_begins(&mut self, row: &FrameRow) {
        let start = row.stream_offset;
        if let Some(last) = self.streams[row.direction].last_mut().filter(|last| last.end > start) {
            let length = &mut self.lengths[row.direction];
            *length = length.saturating_sub(last.end - start);
            last.end = start;
            self.cut_off[row.direction].push(last.clone());
        }
    }

    /// What of bytes that were not recorded is missing in the part.
    fn gap(&self, direction: Direction, missing: &Missing) -> Option<Gap> {
        if missing.stream_end() <= self.heads[direction] {
            return Some(missing.gap);
        }
        let range = missing.stream_offset..missing.stream_end();
        match missing.gap.length {
            // In a payload, and behind it a frame begins.
            Some(_) => {
                let kept = touched(&self.streams[direction], range.clone()).next()?;
                let length = kept.end.min(range.end) - kept.start.max(range.start);
                Some(Gap { length: u32::try_from(length).ok(), next_frame: None })
            }
            None => {
                let is_inside = |kept: &Range<u64>| kept.start < range.start && range.start <= kept.end;
                let is_last =
                    self.streams[direction].last().is_some_and(|last| is_inside(last) && range.start < last.end);
                (is_last || self.cut_off[direction].iter().any(is_inside)).then_some(missing.gap)
            }
        }
    }

    fn keep(&mut self, row: &FrameRow, note: Option<&Note>) {
        self.frames += 1;
        let direction = row.direction;
        let (ranges, length) = (&mut self.streams[direction], &mut self.lengths[direction]);
        if let Some(note) = note {
            self.bookmarks.push((Anchor { direction, offset: *length }, note.clone()));
        }
        let (start, end) = (row.stream_offset, row.payload_offset().saturating_add(row.payload_length));
        *length = length.saturating_add(end - start);
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
}

/// The bytes of this range of a direction's stream, which one chunk brought.
fn bytes_event(chunk: &Chunk, range: Range<u64>, reader: &mut StoreReader<'_>) -> Result<Event, Unreadable> {
    let (skipped, length) = ((range.start - chunk.stream_offset) as usize, (range.end - range.start) as usize);
    let mut bytes = vec![0; length];
    let read = reader.read(chunk.kept(), skipped, &mut bytes);
    if read < length {
        return Err(Unreadable { length: length - read });
    }
    Ok(Event { at: chunk.at, kind: EventKind::Bytes { direction: chunk.direction, bytes: bytes.into() } })
}

/// Those of the ranges, which are in order, that have something of this one.
fn touched(ranges: &[Range<u64>], range: Range<u64>) -> impl Iterator<Item = &Range<u64>> {
    let first = ranges.partition_point(|one| one.end <= range.start);
    ranges.iter().skip(first).take_while(move |one| one.start < range.end)
}

/// Where the frames of a direction begin; without a frame it has its head only, and what may be the beginning of one.
fn head_end(session: &Session, direction: Direction) -> u64 {
    let first = session.first_frame_from(direction, 0).and_then(|number| session.frame(number));
    first.map_or(session.streams()[direction], |row| row.stream_offset)
}

/// Checks that a compressed message comes with everything that it may refer to.
fn every_message_can_be_read(session: &Session, messages: &HashSet<usize>) -> Result<(), NeedsEarlier> {
    let Some(compression) = session.handshake.compression() else { return Ok(()) };
    let mut is_incomplete = PerDirection::<bool>::default();
    for (place, message) in session.messages.iter().enumerate() {
        let direction = message.direction;
        if message.inflated.is_none() || !compression[direction].takes_over_context {
            continue;
        }
        match (messages.contains(&place), is_incomplete[direction]) {
            (true, true) => return Err(NeedsEarlier { message: message.first_frame }),
            (true, false) => {}
            (false, _) => is_incomplete[direction] = true,
        }
    }
    Ok(())
}
