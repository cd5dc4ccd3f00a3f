//! A session as it was at one moment: everything that a view, a log writer or a search reads.

use bytes::Bytes;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::dissector::RoundTrip;
use crate::protocol::finding::Finding;
use crate::protocol::frame::{FrameHeader, FrameNumber, HeaderParse};
use crate::protocol::handshake::Handshake;
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::moment::Moment;
use crate::protocol::verdict::Verdict;

use super::annotations::{Anchor, Annotation, Annotations};
use super::append_log::Frozen;
use super::byte_store::{ByteStore, StoreReader};
use super::chunk_log::{Chunk, FrozenChunks};
use super::event::{Event, EventKind, LARGEST_PART, Origin};
use super::frame_row::FrameRow;
use super::journal::JournalState;
use super::landmark::{Landmark, LandmarkKind};
use super::message_reader::MessageReader;
use super::missing::Missing;
use super::recorder::Recorder;
use super::summary::{FrozenSummary, Gap, Totals};

/// How many frames are looked through for the fragments of one message; their payload is shown, not processed.
const LOOKED_THROUGH: usize = 65_536;

/// At most this many findings are made when a session ends.
const LAST_FINDINGS: usize = 64;

/// What a compressed message may refer to.
#[derive(Debug, Clone)]
pub(super) struct CompressionContext {
    /// The message, by its place in the list.
    pub(super) message: usize,
    /// The last bytes that were inflated before it.
    pub(super) context: Bytes,
}

/// Recorded bytes that cannot be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{length} bytes of the session cannot be read back from the file that keeps them: \
     it was changed, or its disk is not there any more"
)]
pub struct Unreadable {
    /// How many.
    pub length: usize,
}

/// A part of a direction's stream that crossed at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// When.
    pub at: Moment,
    /// Where its first byte stands in the stream.
    pub start: u64,
    /// Where the stream goes on behind it.
    pub end: u64,
}

/// One thing that was recorded.
pub(super) enum Recorded<'session> {
    /// An event that is not bytes.
    Event(Moment, &'session EventKind),
    /// Bytes.
    Chunk(Chunk),
    /// The place of bytes that were not recorded.
    Missing(Direction, Missing),
}

/// A session at one moment; it never changes.
#[derive(Debug, Clone)]
pub struct Session {
    /// Where it comes from.
    pub origin: Origin,
    /// How many bytes a message may inflate to.
    pub inflation_limit: u64,
    /// The opening handshake as far as it had come.
    pub handshake: Handshake,
    /// How it stood or ended.
    pub verdict: Verdict,
    /// The moment of the newest event.
    pub newest: Moment,
    /// How its journal stood, when it had one.
    pub journal: Option<JournalState>,
    /// What a person said of it.
    pub annotations: Annotations,
    pub(super) body_offset: Option<u64>,
    pub(super) chunks: FrozenChunks,
    pub(super) bytes: ByteStore,
    /// The frames in the order in which their headers were complete.
    pub frames: Frozen<FrameRow>,
    /// The messages that are compressed or have several frames, in the order in which they began.
    pub(super) messages: Frozen<Message>,
    pub(super) contexts: PerDirection<Frozen<CompressionContext>>,
    /// Pings and the Pongs that answered them, in the order of the Pongs.
    pub round_trips: Frozen<RoundTrip>,
    /// The findings in the order in which they could be known.
    pub findings: Frozen<Finding>,
    /// What happened beside the frames, from name resolution to the end of TCP.
    pub landmarks: Frozen<Landmark>,
    /// What was not recorded, in the order of each direction's stream.
    pub missing: PerDirection<Frozen<Missing>>,
    /// The places of the landmarks that are no remarks: these are few, those may be very many.
    pub(super) steps: Frozen<usize>,
    pub(super) summary: FrozenSummary,
}

impl Session {
    /// The session that these events make.
    pub fn replay(origin: Origin, events: impl IntoIterator<Item = Event>) -> Session {
        let mut recorder = Recorder::new(origin);
        events.into_iter().for_each(|event| recorder.record(event));
        recorder.finish()
    }

    /// The same events, read with another limit of what a compressed message may inflate to, in bytes.
    ///
    /// # Errors
    /// When the bytes cannot be read back.
    pub fn with_inflation_limit(self, limit: u64) -> Result<Session, Unreadable> {
        if self.inflation_limit == limit { Ok(self) } else { Recorder::again(&self, limit) }
    }

    /// The same session of which a person says this too; `None` when it is about a frame that is not there.
    pub fn annotated(&self, annotation: &Annotation<FrameNumber>) -> Option<Session> {
        self.anchored(annotation)?;
        let mut session = self.clone();
        session.annotations.take(annotation);
        Some(session)
    }

    /// What a person says, as a log holds it; `None` when it is about a frame that is not there.
    pub fn anchored(&self, annotation: &Annotation<FrameNumber>) -> Option<Annotation<Anchor>> {
        annotation.renamed(|frame| self.anchor(frame))
    }

    /// Where a frame begins.
    pub fn anchor(&self, frame: FrameNumber) -> Option<Anchor> {
        self.frame(frame).map(FrameRow::anchor)
    }

    /// How many bytes each direction had carried.
    pub fn streams(&self) -> PerDirection<u64> {
        self.chunks.streams()
    }

    /// How many events there are.
    pub fn event_count(&self) -> usize {
        let parts =
            self.chunks.iter().map(|chunk| if chunk.is_missing() { 1 } else { chunk.length.div_ceil(LARGEST_PART) });
        parts.sum::<usize>() + self.records().count()
    }

    /// Every event in order, with its bytes read back.
    pub fn events(&self) -> impl Iterator<Item = Result<Event, Unreadable>> + use<'_> {
        let (mut recorded, mut reader) = (self.recorded(), self.bytes.reader());
        // What is left of the newest chunk.
        let mut rest: Option<(Moment, Direction, Bytes)> = None;
        std::iter::from_fn(move || {
            if rest.is_none() {
                match recorded.next()? {
                    Recorded::Event(at, kind) => return Some(Ok(Event { at, kind: kind.clone() })),
                    Recorded::Missing(direction, Missing { at, gap, .. }) => {
                        return Some(Ok(Event { at, kind: EventKind::Missing { direction, gap } }));
                    }
                    Recorded::Chunk(chunk) => match bytes_of(&chunk, &mut reader) {
                        Ok(bytes) => rest = Some((chunk.at, chunk.direction, bytes.into())),
                        Err(unreadable) => return Some(Err(unreadable)),
                    },
                }
            }
            let (at, direction, bytes) = rest.as_mut()?;
            let part = bytes.split_to(bytes.len().min(LARGEST_PART));
            let event = Event { at: *at, kind: EventKind::Bytes { direction: *direction, bytes: part } };
            rest.take_if(|(.., bytes)| bytes.is_empty());
            Some(Ok(event))
        })
    }

    /// Every event beside bytes and what is missing of them, in order, with its moment.
    pub fn records(&self) -> impl Iterator<Item = (Moment, &EventKind)> {
        self.landmarks.iter().filter_map(|landmark| match &landmark.kind {
            LandmarkKind::Event(kind) => Some((landmark.at, kind)),
            LandmarkKind::Request | LandmarkKind::Response { .. } => None,
        })
    }

    /// Everything that was recorded, in order.
    pub(super) fn recorded(&self) -> impl Iterator<Item = Recorded<'_>> {
        let events = self.landmarks.iter().filter_map(|landmark| match &landmark.kind {
            LandmarkKind::Event(kind) => Some((landmark, kind)),
            LandmarkKind::Request | LandmarkKind::Response { .. } => None,
        });
        let (mut events, mut chunks) = (events.peekable(), self.chunks.iter().enumerate().peekable());
        let mut missing = PerDirection::from_fn(|direction| self.missing[direction].iter());
        std::iter::from_fn(move || {
            let before = chunks.peek().map_or(usize::MAX, |(index, _)| *index);
            match events.next_if(|(landmark, _)| landmark.chunks_before <= before) {
                Some((landmark, kind)) => Some(Recorded::Event(landmark.at, kind)),
                None => match chunks.next()?.1 {
                    chunk if chunk.is_missing() => {
                        Some(Recorded::Missing(chunk.direction, *missing[chunk.direction].next()?))
                    }
                    chunk => Some(Recorded::Chunk(chunk)),
                },
            }
        })
    }

    /// The landmarks that are no remarks, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Landmark> {
        self.steps_from(0)
    }

    /// Those of them from `start` on and before `end`.
    pub fn steps_between(&self, start: Moment, end: Moment) -> impl Iterator<Item = &Landmark> {
        let is_before = |place: &usize| self.landmarks.get(*place).is_some_and(|landmark| landmark.at < start);
        self.steps_from(self.steps.partition_point(is_before)).take_while(move |landmark| landmark.at < end)
    }

    fn steps_from(&self, first: usize) -> impl Iterator<Item = &Landmark> {
        self.steps.iter_from(first).filter_map(|place| self.landmarks.get(*place))
    }

    /// The landmarks from `start` on and before `end`, remarks included.
    pub fn landmarks_between(&self, start: Moment, end: Moment) -> impl Iterator<Item = &Landmark> {
        let first = self.landmarks.partition_point(|landmark| landmark.at < start);
        self.landmarks.iter_from(first).take_while(move |landmark| landmark.at < end)
    }

    /// A frame by its number.
    pub fn frame(&self, number: FrameNumber) -> Option<&FrameRow> {
        self.frames.get(number.index())
    }

    /// The first frame of a direction that begins at this offset of its stream or behind it; found in a time that grows with the
    /// logarithm of the number of frames.
    pub fn first_frame_from(&self, direction: Direction, offset: u64) -> Option<FrameNumber> {
        let nth = |nth: u64| self.summary.nth(&self.frames, direction, nth);
        let begins_before = |nth_place: Option<usize>| {
            nth_place.and_then(|place| self.frames.get(place)).is_some_and(|row| row.stream_offset < offset)
        };
        let (mut low, mut high) = (0, u64::from(self.totals(0..self.frames.len())[direction].frames));
        while low < high {
            let middle = low + (high - low) / 2;
            if begins_before(nth(middle)) { low = middle + 1 } else { high = middle }
        }
        nth(low).map(FrameNumber::from_index)
    }

    /// The findings on a frame.
    pub fn findings_of(&self, number: FrameNumber) -> impl Iterator<Item = &Finding> {
        let row = self.frame(number).filter(|row| row.worst_finding.is_some());
        // Findings are in the order of time: those on a frame lie between its header and its last byte, or at the session's end.
        let first = row.map_or(self.findings.len(), |row| self.findings.partition_point(|finding| finding.at < row.at));
        let end = row
            .and_then(|row| self.completed_at(row))
            .map_or(self.newest, |end| row.map_or(end, |row| end.max(row.at)));
        let during = self.findings.iter_from(first).take_while(move |finding| finding.at <= end);
        let at_the_end = self.findings.iter_from(first.max(self.findings.len().saturating_sub(LAST_FINDINGS)));
        let at_the_end = at_the_end.filter(move |finding| finding.at > end);
        during.chain(at_the_end).filter(move |finding| finding.frame == Some(number))
    }

    /// The frames whose headers were complete from `start` on and before `end`, by their places in the list.
    pub fn frames_between(&self, start: Moment, end: Moment) -> std::ops::Range<usize> {
        let first = self.frames_before(start);
        first..self.frames_before(end).max(first)
    }

    /// How many frames' headers were complete before a moment.
    pub fn frames_before(&self, moment: Moment) -> usize {
        self.frames.partition_point(|row| row.at < moment)
    }

    /// What a range of frames holds.
    pub fn totals(&self, range: std::ops::Range<usize>) -> Totals {
        self.summary.totals(&self.frames, range)
    }

    /// The longest time between two frames of a range that follow each other.
    pub fn longest_gap(&self, range: std::ops::Range<usize>) -> Option<Gap> {
        self.summary.longest_gap(&self.frames, range)
    }

    /// Up to `length` bytes of a direction's stream from `offset` on; fewer when they have not come, were not recorded, or cannot be
    /// read back.
    pub fn bytes(&self, direction: Direction, offset: u64, length: u64) -> Vec<u8> {
        let available = self.streams()[direction].saturating_sub(offset).min(length);
        let Ok(available) = usize::try_from(available) else { return Vec::new() };
        let mut bytes = vec![0; available];
        let read = self.fill(direction, offset, &mut bytes);
        bytes.truncate(read);
        bytes
    }

    /// Fills `into` with the bytes of a direction's stream from `offset` on, and says how many there were; fewer than fit when they
    /// have not come, were not recorded, or cannot be read back.
    pub fn fill(&self, direction: Direction, offset: u64, into: &mut [u8]) -> usize {
        let mut reader = self.bytes.reader();
        let mut filled = 0;
        for chunk in self.chunks.starting_at(direction, offset) {
            let rest = into.get_mut(filled..).unwrap_or_default();
            if rest.is_empty() || chunk.is_missing() {
                break;
            }
            let skipped = (offset + filled as u64).saturating_sub(chunk.stream_offset) as usize;
            let taken = rest.len().min(chunk.length - skipped);
            let read = reader.read(chunk.kept(), skipped, rest.get_mut(..taken).unwrap_or_default());
            filled += read;
            if read < taken {
                break;
            }
        }
        filled
    }

    /// The parts in which a direction's stream crossed, from the one on that brings the byte at `offset`.
    pub fn parts(&self, direction: Direction, offset: u64) -> impl Iterator<Item = Part> + use<'_> {
        let part = |chunk: Chunk| Part { at: chunk.at, start: chunk.stream_offset, end: chunk.stream_end() };
        self.chunks.starting_at(direction, offset).map(part)
    }

    /// The header of a frame, read again from its bytes.
    pub fn header(&self, row: &FrameRow) -> Option<FrameHeader> {
        match FrameHeader::parse(&self.bytes(row.direction, row.stream_offset, row.header_length())) {
            HeaderParse::Complete(header) => Some(header),
            HeaderParse::Needs(_) => None,
        }
    }

    /// How many payload bytes of a frame have come, those that were not recorded included.
    pub fn received_payload(&self, row: &FrameRow) -> u64 {
        self.streams()[row.direction].saturating_sub(row.payload_offset()).min(row.payload_length)
    }

    /// Whether every byte of a frame has come.
    pub fn is_complete(&self, row: &FrameRow) -> bool {
        self.received_payload(row) == row.payload_length
    }

    /// When the last byte of a frame came; `None` while it is arriving.
    pub fn completed_at(&self, row: &FrameRow) -> Option<Moment> {
        let end = self.is_complete(row).then(|| row.payload_offset() + row.payload_length)?;
        self.chunks.starting_at(row.direction, end.saturating_sub(1)).next().map(|chunk| chunk.at)
    }

    /// Up to `limit` bytes of a frame's payload, unmasked; up to the first that was not recorded.
    pub fn payload(&self, row: &FrameRow, limit: u64) -> Vec<u8> {
        let length = self.received_payload(row).min(limit);
        let mut payload = self.bytes(row.direction, row.payload_offset(), length);
        if row.is_masked()
            && let Some(key) = self.header(row).and_then(|header| header.masking_key)
        {
            key.apply(&mut payload, 0);
        }
        payload
    }

    /// The message that a frame belongs to; control frames, frames of reserved opcodes and stray continuations belong to none.
    pub fn message_of(&self, number: FrameNumber) -> Option<Message> {
        let row = self.frame(number)?;
        match row.message_index() {
            Some(index) => self.messages.get(index).copied(),
            None => self.message_of_one_frame(number, row),
        }
    }

    /// The messages in the order in which they began.
    pub fn messages(&self) -> impl Iterator<Item = Message> {
        self.messages_within(usize::MAX)
    }

    /// The messages that began within this many frames from the start.
    pub fn messages_within(&self, frames: usize) -> impl Iterator<Item = Message> {
        self.frames.iter().take(frames).enumerate().filter_map(|(place, row)| {
            let number = FrameNumber::from_index(place);
            match row.message_index() {
                Some(index) => self.messages.get(index).filter(|message| message.first_frame == number).copied(),
                None => self.message_of_one_frame(number, row),
            }
        })
    }

    fn message_of_one_frame(&self, number: FrameNumber, row: &FrameRow) -> Option<Message> {
        Some(Message {
            direction: row.direction,
            kind: MessageKind::of(row.opcode())?,
            first_frame: number,
            last_frame: number,
            fragments: 1,
            payload_length: row.payload_length,
            inflated: None,
            started_at: row.at,
            completed_at: self.completed_at(row),
        })
    }

    /// Up to `limit` bytes of what the application sent in a message: unmasked, joined over its frames, and inflated; of a message
    /// that is spread over more than 65,536 frames only the start. For one message after another a [`MessageReader`] is faster.
    pub fn message_content(&self, message: &Message, limit: u64) -> Vec<u8> {
        MessageReader::default().content(self, message, limit)
    }

    /// Up to `limit` bytes of a message's payload as it was sent, unmasked and joined over its frames, but not inflated; up to the
    /// first byte that was not recorded, and of a message that is spread over more than 65,536 frames only the start.
    pub fn message_payload(&self, message: &Message, limit: u64) -> Vec<u8> {
        let mut payload = Vec::new();
        self.frames_of(message, |row| {
            let missing = limit - payload.len() as u64;
            payload.extend(self.payload(row, missing));
            (payload.len() as u64) < limit && self.is_recorded(row)
        });
        payload
    }

    /// Shows the frames of a message one by one for as long as `take` wants more.
    pub(super) fn frames_of(&self, message: &Message, mut take: impl FnMut(&FrameRow) -> bool) {
        let index = self.frame(message.first_frame).and_then(FrameRow::message_index);
        for place in (message.first_frame.index()..=message.last_frame.index()).take(LOOKED_THROUGH) {
            let belongs = |row: &&FrameRow| place == message.first_frame.index() || row.message_index() == index;
            if let Some(row) = self.frames.get(place).filter(belongs)
                && !take(row)
            {
                return;
            }
        }
    }

    /// The start of the body that came with a response other than 101, at most `limit` bytes.
    pub fn response_body(&self, limit: u64) -> Vec<u8> {
        match self.body_offset {
            Some(offset) if !self.handshake.is_upgraded() => self.bytes(Direction::ServerToClient, offset, limit),
            _ => Vec::new(),
        }
    }
}

/// The bytes of a chunk.
pub(super) fn bytes_of(chunk: &Chunk, reader: &mut StoreReader<'_>) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = vec![0; chunk.length];
    let read = reader.read(chunk.kept(), 0, &mut bytes);
    if read == chunk.length { Ok(bytes) } else { Err(Unreadable { length: chunk.length - read }) }
}
