//! One direction of a TCP connection: segments in, bytes in order out; repeated bytes are dropped and early ones wait.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// The most bytes that wait for what comes before them; a sender cannot have more under way than a window of this size.
const MOST_EARLY: usize = 64 << 20;

/// The most segments that wait.
const MOST_EARLY_SEGMENTS: usize = 65_536;

/// Bytes of a capture, and where in the file the first of them stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Piece<'file> {
    pub(super) bytes: Cow<'file, [u8]>,
    pub(super) position: u64,
}

impl Piece<'_> {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The same bytes, which may outlive the window on the file.
    pub(super) fn into_owned(self) -> Piece<'static> {
        Piece { bytes: Cow::Owned(self.bytes.into_owned()), position: self.position }
    }

    /// The bytes without the first ones.
    fn after(&self, passed: usize) -> Piece<'_> {
        Piece {
            bytes: Cow::Borrowed(self.bytes.get(passed..).unwrap_or_default()),
            position: self.position + passed as u64,
        }
    }
}

/// The stream's state.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The sequence number that belongs to `position`; not known before the first segment.
    next: Option<u32>,
    /// How many bytes have come out.
    position: u64,
    early: BTreeMap<u64, Piece<'static>>,
    early_bytes: usize,
    end: Option<u64>,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Going,
    Ended,
    GivenUp,
}

/// What a segment made of a stream, beside the bytes that came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// The place of its FIN.
    End,
    /// The limit of what may wait for bytes that did not come: the stream was given up.
    Limit,
}

impl Stream {
    /// Whether a SYN with this sequence number is of another connection than this one.
    pub(super) fn contradicts_syn(&self, sequence: u32) -> bool {
        let start = self.next.map(|next| next.wrapping_sub(self.position as u32));
        start.is_some_and(|start| start != sequence.wrapping_add(1))
    }

    /// Places the stream: its first byte has this number.
    pub(super) fn place(&mut self, first: u32) {
        self.next.get_or_insert(first);
    }

    /// Takes a segment whose first byte has this number; `out` is given the bytes that are next in order.
    pub(super) fn accept(
        &mut self,
        sequence: u32,
        payload: &Piece<'_>,
        fin: bool,
        out: &mut dyn FnMut(Piece<'_>),
    ) -> Option<Reached> {
        if self.state != State::Going {
            return None;
        }
        let next = *self.next.get_or_insert(sequence);
        // Numbers wrap; the nearer way round is the right one (RFC 9293 3.4).
        let distance = i64::from(sequence.wrapping_sub(next) as i32);
        let start = i128::from(self.position) + i128::from(distance);
        let end = start + payload.len() as i128;
        if fin
            && let Ok(end) = u64::try_from(end)
            && end >= self.position
        {
            self.end.get_or_insert(end);
        }
        let repeated = usize::try_from(i128::from(self.position) - start).unwrap_or(0);
        if repeated < payload.len() {
            let start = u64::try_from(start).unwrap_or(0).max(self.position);
            if start == self.position && self.early.is_empty() {
                self.release(payload.after(repeated), out);
            } else {
                self.wait(start, payload.after(repeated));
                self.release_early(out);
            }
        }
        if self.end.is_some_and(|end| end <= self.position) {
            self.state = State::Ended;
            return Some(Reached::End);
        }
        if self.early_bytes > MOST_EARLY || self.early.len() > MOST_EARLY_SEGMENTS {
            self.state = State::GivenUp;
            self.early.clear();
            self.early_bytes = 0;
            return Some(Reached::Limit);
        }
        None
    }

    /// How many bytes still wait for bytes before them.
    pub(super) fn waiting(&self) -> usize {
        self.early_bytes
    }

    /// How many bytes have come out.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    fn wait(&mut self, start: u64, payload: Piece<'_>) {
        let known = self.early.get(&start).map_or(0, Piece::len);
        if payload.len() > known {
            self.early_bytes += payload.len() - known;
            self.early.insert(start, payload.into_owned());
        }
    }

    fn release(&mut self, piece: Piece<'_>, out: &mut dyn FnMut(Piece<'_>)) {
        self.position += piece.len() as u64;
        self.next = self.next.map(|next| next.wrapping_add(piece.len() as u32));
        out(piece);
    }

    fn release_early(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        while let Some(entry) = self.early.first_entry()
            && *entry.key() <= self.position
        {
            let (start, payload) = entry.remove_entry();
            self.early_bytes = self.early_bytes.saturating_sub(payload.len());
            let repeated = usize::try_from(self.position - start).unwrap_or(usize::MAX);
            if repeated < payload.len() {
                self.release(payload.after(repeated), out);
            }
        }
    }
}
