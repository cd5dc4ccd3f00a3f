//! One direction of a TCP connection: segments in, bytes in order out; repeated bytes are dropped and early ones wait.

use std::collections::BTreeMap;

use bytes::Bytes;

/// The most bytes that wait for what comes before them; a sender cannot have more under way than a window of this size.
const MOST_EARLY: usize = 64 << 20;

/// The most segments that wait.
const MOST_EARLY_SEGMENTS: usize = 65_536;

/// The stream's state.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The sequence number that belongs to `position`; not known before the first segment.
    next: Option<u32>,
    /// How many bytes have come out.
    position: u64,
    early: BTreeMap<u64, Bytes>,
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

/// What a segment made of a stream.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Bytes that are next in order.
    pub(super) parts: Vec<Bytes>,
    /// Whether the stream's FIN is reached.
    pub(super) ended: bool,
    /// Whether the stream was given up at this segment, because too much waits for bytes that did not come.
    pub(super) given_up: bool,
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

    /// Takes a segment whose first byte has this number.
    pub(super) fn accept(&mut self, sequence: u32, payload: Bytes, fin: bool) -> Progress {
        let mut progress = Progress::default();
        if self.state != State::Going {
            return progress;
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
            self.wait(start, payload.slice(repeated..));
        }
        self.release(&mut progress);
        if self.early_bytes > MOST_EARLY || self.early.len() > MOST_EARLY_SEGMENTS {
            self.state = State::GivenUp;
            self.early.clear();
            self.early_bytes = 0;
            progress.given_up = true;
        }
        progress
    }

    /// How many bytes still wait for bytes before them.
    pub(super) fn waiting(&self) -> usize {
        self.early_bytes
    }

    /// How many bytes have come out.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    fn wait(&mut self, start: u64, payload: Bytes) {
        let known = self.early.get(&start).map_or(0, Bytes::len);
        if payload.len() > known {
            self.early_bytes += payload.len() - known;
            self.early.insert(start, payload);
        }
    }

    fn release(&mut self, progress: &mut Progress) {
        while let Some(entry) = self.early.first_entry()
            && *entry.key() <= self.position
        {
            let (start, payload) = entry.remove_entry();
            self.early_bytes = self.early_bytes.saturating_sub(payload.len());
            let repeated = usize::try_from(self.position - start).unwrap_or(usize::MAX);
            if repeated < payload.len() {
                let part = payload.slice(repeated..);
                self.position += part.len() as u64;
                self.next = self.next.map(|next| next.wrapping_add(part.len() as u32));
                progress.parts.push(part);
            }
        }
        if self.end.is_some_and(|end| end <= self.position) {
            self.state = State::Ended;
            progress.ended = true;
        }
    }
}
