//! Reading what frames and messages hold, fast when they are read in order. All that a search knows of where bytes are stored is here.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::masking::MaskingKey;
use crate::protocol::message::Message;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Run, Session};

use super::pattern::Literals;

/// How many bytes are read at a time at first, and when frames are read here and there.
const LEAST_READ: usize = 4 * 1024;

/// How many bytes are read at a time once frames are read one after another.
const MOST_READ: usize = 256 * 1024;

/// What is looked for in contents.
#[derive(Debug)]
pub(super) enum Needle {
    /// These bytes.
    Bytes(Box<Finder<'static>>),
    /// One of the literals of an expression, which is to be asked where there is one.
    Literals(Literals),
}

impl Needle {
    fn find(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Needle::Bytes(finder) => finder.find(bytes),
            Needle::Literals(literals) => literals.find(bytes),
        }
    }

    /// How long it is at least.
    fn shortest(&self) -> usize {
        match self {
            Needle::Bytes(finder) => finder.needle().len(),
            Needle::Literals(literals) => literals.shortest(),
        }
    }
}

/// The content of a frame or a message, where a reader has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// In the window of a direction.
    InWindow(Direction, Range<usize>),
    /// Joined from several frames, or inflated.
    Joined,
    /// What was recorded of something of which not all was.
    Runs,
}

/// Reads the frames of one session, and looks for needles in them.
#[derive(Debug)]
pub(super) struct ContentReader {
    needles: Vec<Needle>,
    windows: PerDirection<Window>,
    messages: MessageReader,
    joined: Vec<u8>,
    joined_of: Option<(FrameNumber, Piece)>,
    runs: Vec<Vec<u8>>,
}

/// A part of a direction's stream in which every frame that is whole is unmasked.
#[derive(Debug, Default)]
struct Window {
    start: u64,
    length: usize,
    /// The bytes, and room for more.
    room: Vec<u8>,
    read_at_a_time: usize,
    hits: Vec<Hit>,
    /// A part of the stream in which none of the needles begins that [`ContentReader::next_with`] looks for.
    passed: Range<u64>,
}

/// The first place of a needle at or after `from`.
#[derive(Debug, Clone, Copy, Default)]
struct Hit {
    from: usize,
    at: Option<usize>,
    is_known: bool,
}

impl ContentReader {
    pub(super) fn new(needles: Vec<Needle>) -> ContentReader {
        ContentReader {
            needles,
            windows: PerDirection::default(),
            messages: MessageReader::default(),
            joined: Vec::new(),
            joined_of: None,
            runs: Vec::new(),
        }
    }

    /// Forgets what was joined: the next frame is another, or more of it has come.
    pub(super) fn next_frame(&mut self) {
        self.joined_of = None;
    }

    /// What the application sent: on the frame that begins a message all of it, on other frames of a message nothing, on a frame of
    /// no message its own payload.
    pub(super) fn payload(&mut self, session: &Session, number: FrameNumber, row: &FrameRow) -> Option<Piece> {
        match row.opcode() {
            Opcode::Text | Opcode::Binary if !is_whole_message(row) => {
                match session.message_of(number).filter(|message| message.inflated.is_some() || message.fragments > 1) {
                    Some(message) => Some(self.join(session, number, &message)),
                    None => Some(self.frame(session, number, row)),
                }
            }
            Opcode::Continuation if session.message_of(number).is_some() => None,
            _ => Some(self.frame(session, number, row)),
        }
    }

    /// A frame's own payload, unmasked.
    pub(super) fn frame(&mut self, session: &Session, number: FrameNumber, row: &FrameRow) -> Piece {
        if !session.is_recorded(row) {
            self.runs = recorded_runs(session, row);
            return Piece::Runs;
        }
        let window = &mut self.windows[row.direction];
        let length = session.received_payload(row);
        if !window.covers(row.payload_offset(), length) {
            window.read(session, number, row, length, self.needles.len());
        }
        Piece::InWindow(row.direction, window.place(row.payload_offset(), length))
    }

    pub(super) fn bytes(&self, piece: &Piece) -> &[u8] {
        match piece {
            Piece::InWindow(direction, range) => {
                self.windows[*direction].bytes().get(range.clone()).unwrap_or_default()
            }
            Piece::Joined => &self.joined,
            // The start is what was recorded before anything that was not.
            Piece::Runs => self.runs.first().map(Vec::as_slice).unwrap_or_default(),
        }
    }

    /// Everything that is known of a piece: all of it, or the runs that were recorded.
    pub(super) fn known<'known>(&'known self, piece: &'known Piece) -> impl Iterator<Item = &'known [u8]> {
        let runs = if *piece == Piece::Runs { self.runs.as_slice() } else { &[] };
        let whole = (*piece != Piece::Runs).then(|| self.bytes(piece));
        whole.into_iter().chain(runs.iter().map(Vec::as_slice))
    }

    /// Whether a needle, by its place in the list, is in a piece; of the literals of an expression, whether one can be.
    pub(super) fn contains(&mut self, piece: &Piece, place: usize) -> bool {
        let Some(needle) = self.needles.get(place) else { return false };
        match piece {
            Piece::InWindow(direction, range) => self.windows[*direction].contains(needle, place, range),
            Piece::Joined => needle.find(&self.joined).is_some(),
            Piece::Runs => self.runs.iter().any(|run| needle.find(run).is_some()),
        }
    }

    /// Whether a needle is in other bytes.
    pub(super) fn is_in(&self, needle: usize, bytes: &[u8]) -> bool {
        self.needles.get(needle).is_some_and(|needle| needle.find(bytes).is_some())
    }

    /// The first of these frames, by its place, that can have one of these needles in its payload or in its message; the end of the
    /// range when none can. The needles have to be the same each time.
    pub(super) fn next_with(&mut self, session: &Session, frames: Range<usize>, needles: &[usize]) -> usize {
        for (place, row) in frames.clone().zip(session.frames.iter_from(frames.start)) {
            if !is_alone(row) {
                return place;
            }
            let passed = &self.windows[row.direction].passed;
            let (start, length) = (row.payload_offset(), session.received_payload(row));
            if start >= passed.start && start + length <= passed.end {
                continue;
            }
            let piece = self.frame(session, FrameNumber::from_index(place), row);
            if needles.iter().any(|needle| self.contains(&piece, *needle)) {
                return place;
            }
            if matches!(piece, Piece::InWindow(..)) {
                self.windows[row.direction].pass(start, needles);
            }
        }
        frames.end
    }

    fn join(&mut self, session: &Session, number: FrameNumber, message: &Message) -> Piece {
        if let Some((_, piece)) = self.joined_of.as_ref().filter(|(of, _)| *of == number) {
            return piece.clone();
        }
        let piece = if message.inflated.is_some() {
            self.joined = self.messages.content(session, message, u64::MAX);
            Piece::Joined
        } else {
            self.join_frames(session, number, message)
        };
        self.joined_of = Some((number, piece.clone()));
        piece
    }

    fn join_frames(&mut self, session: &Session, number: FrameNumber, message: &Message) -> Piece {
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        let mut runs = Vec::new();
        for place in message.first_frame.index()..=message.last_frame.index() {
            let part = FrameNumber::from_index(place);
            let Some(row) = session.frame(part).filter(|row| row.direction == message.direction) else { continue };
            let belongs = part == number
                || row.opcode() == Opcode::Continuation
                    && session.message_of(part).is_some_and(|of| of.first_frame == number);
            if !belongs {
                continue;
            }
            if session.is_recorded(row) {
                let piece = self.frame(session, part, row);
                joined.extend_from_slice(self.bytes(&piece));
                continue;
            }
            for known in session.payload_runs(row, u64::MAX) {
                match known {
                    Run::Recorded(_, bytes) => joined.extend_from_slice(&bytes),
                    Run::Missing(_) => runs.push(std::mem::take(&mut joined)),
                }
            }
        }
        if runs.is_empty() {
            self.joined = joined;
            return Piece::Joined;
        }
        runs.push(joined);
        self.runs = runs;
        Piece::Runs
    }
}

/// Whether what is looked for on a frame is its own payload and nothing else.
fn is_alone(row: &FrameRow) -> bool {
    is_whole_message(row) && row.opcode() != Opcode::Continuation
}

/// What was recorded of a frame's payload: up to the first byte that was not, and from each such place on.
fn recorded_runs(session: &Session, row: &FrameRow) -> Vec<Vec<u8>> {
    let mut runs = vec![Vec::new()];
    for run in session.payload_runs(row, u64::MAX) {
        match (run, runs.last_mut()) {
            (Run::Recorded(_, bytes), Some(last)) => last.extend_from_slice(&bytes),
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

/// Whether a data frame is a message by itself and as the application sees it: FIN is set, and RSV1, which marks compression, is not.
pub(super) fn is_whole_message(row: &FrameRow) -> bool {
    row.fin() && !row.reserved_bits().contains(&true)
}

impl Window {
    fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    fn end(&self) -> u64 {
        self.start + self.length as u64
    }

    fn covers(&self, offset: u64, length: u64) -> bool {
        offset >= self.start && offset + length <= self.end() && self.length > 0
    }

    fn place(&self, offset: u64, length: u64) -> Range<usize> {
        let start = offset.saturating_sub(self.start) as usize;
        // Of a frame with bytes that were not recorded only the start is here.
        start..(start + length as usize).min(self.length).max(start)
    }

    /// Reads on from a frame, at least to its end.
    fn read(&mut self, session: &Session, number: FrameNumber, row: &FrameRow, length: u64, needles: usize) {
        let goes_on = (self.start..=self.end()).contains(&row.stream_offset);
        self.read_at_a_time = if goes_on { (self.read_at_a_time * 4).min(MOST_READ) } else { 0 }.max(LEAST_READ);
        let wanted = self.read_at_a_time.max((row.header_length() + length) as usize);
        if self.room.len() < wanted || self.room.len() > wanted.max(MOST_READ) {
            self.room = vec![0; wanted];
        }
        (self.start, self.passed) = (row.stream_offset, 0..0);
        let into = self.room.get_mut(..wanted).unwrap_or_default();
        self.length = session.fill(row.direction, row.stream_offset, into);
        self.hits.clear();
        self.hits.resize(needles, Hit::default());
        for next in session.frames.iter_from(number.index()).filter(|next| next.direction == row.direction) {
            let received = session.received_payload(next);
            if !self.covers(next.payload_offset(), received) {
                break;
            }
            if !next.is_masked() {
                continue;
            }
            let payload = self.place(next.payload_offset(), received);
            // The masking key is the end of the header (RFC 6455 5.2).
            let (before, rest) = self.room.split_at_mut(payload.start);
            if let (Some(key), Some(payload)) = (before.last_chunk::<4>(), rest.get_mut(..payload.len())) {
                MaskingKey(*key).apply(payload, 0);
            }
        }
    }

    /// Whether a needle is inside a range. The window is searched on from the last hit, over frames that nobody asked for too: that
    /// is faster than to begin anew in each.
    fn contains(&mut self, needle: &Needle, place: usize, range: &Range<usize>) -> bool {
        let rest = self.room.get(range.start..self.length).unwrap_or_default();
        let Some(hit) = self.hits.get_mut(place) else { return false };
        if !hit.is_known || hit.from > range.start || hit.at.is_some_and(|at| at < range.start) {
            *hit = Hit { from: range.start, at: needle.find(rest).map(|at| range.start + at), is_known: true };
        }
        hit.at.is_some_and(|at| at + needle.shortest() <= range.end)
    }

    /// Notes that none of these needles, which were looked for from `start` on, begins before the next hit.
    fn pass(&mut self, start: u64, needles: &[usize]) {
        let hit = needles.iter().filter_map(|needle| self.hits.get(*needle)?.at).min();
        self.passed = start..hit.map_or(self.end(), |hit| self.start + hit as u64);
    }
}
