//! One direction of a TCP connection: segments in, bytes in order out; repeated bytes are dropped, early ones wait, and what the
//! capture lacks is passed over once it is known that it will not come.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

/// After how many more packets bytes are given up that the receiver has and the capture lacks: captures mix up a few packets.
const PATIENCE: u64 = 64;

/// The most bytes that are under way; what an acknowledgement is farther off than that, it was not meant for.
const MOST_UNDER_WAY: u32 = 1 << 26;

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

    /// The first bytes.
    pub(super) fn first(&self, count: usize) -> Piece<'_> {
        Piece { bytes: Cow::Borrowed(self.bytes.get(..count).unwrap_or(&self.bytes)), position: self.position }
    }

    /// The bytes without the first ones.
    pub(super) fn after(&self, passed: usize) -> Piece<'_> {
        Piece {
            bytes: Cow::Borrowed(self.bytes.get(passed..).unwrap_or_default()),
            position: self.position + passed as u64,
        }
    }
}

/// When a packet was captured: its number in its connection, and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Captured {
    pub(super) number: u64,
    pub(super) nanoseconds: u64,
}

/// A place in the order in which things crossed: beside the packet that brought or showed them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) captured: Captured,
    beside: Beside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Beside {
    Before,
    With,
    After,
}

impl Place {
    /// With what a packet brings.
    pub(super) fn with(captured: Captured) -> Place {
        Place { captured, beside: Beside::With }
    }

    fn before(captured: Captured) -> Place {
        Place { captured, beside: Beside::Before }
    }

    fn after(self) -> Place {
        Place { beside: Beside::After, ..self }
    }
}

/// What a segment carries.
#[derive(Debug)]
pub(super) struct Carried<'file> {
    /// What was captured of its bytes.
    pub(super) piece: Piece<'file>,
    /// How many more bytes it had.
    pub(super) cut: u32,
    /// Whether the stream ends behind them.
    pub(super) fin: bool,
}

impl Carried<'_> {
    fn length(&self) -> u64 {
        self.piece.len() as u64 + u64::from(self.cut)
    }
}

/// What comes out of a stream, in order.
#[derive(Debug)]
pub(super) enum Released<'file> {
    Bytes(Piece<'file>),
    /// Bytes that crossed and are not in the capture.
    Missing(u32),
    /// The FIN.
    End,
}

/// The stream's state.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The sequence number that belongs to `position`; not known before the first segment.
    next: Option<u32>,
    /// How many bytes have come out.
    position: u64,
    /// Where the last byte that was seen ends.
    furthest: u64,
    /// How much the receiver has, as far as it has said so.
    acknowledged: u64,
    /// The first number that the receiver waited for, where the stream may begin when nothing else tells.
    first_acknowledged: Option<u32>,
    /// The acknowledgements of what did not come out, the first ones first.
    shown: VecDeque<(u64, Captured)>,
    early: BTreeMap<u64, (Captured, Carried<'static>)>,
    early_bytes: usize,
    /// Where it shows first that something is missing: by a packet that is early, or that acknowledges what did not come out.
    waits_since: Option<Place>,
    /// The packet by which the receiver has all that is waited for.
    received_since: Option<u64>,
    has_ended: bool,
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

    /// Where a sequence number stands in the stream. Numbers wrap; the nearer way round is the right one (RFC 9293 3.4).
    fn place_of(&self, sequence: u32) -> Option<i64> {
        let distance = i64::from(sequence.wrapping_sub(self.next?) as i32);
        Some(self.position as i64 + distance)
    }

    /// Learns that the receiver has everything before this number, and whether it says so with bytes of its own.
    pub(super) fn acknowledge(&mut self, captured: Captured, sequence: u32, with_bytes: bool) {
        if self.next.is_none() {
            let first = *self.first_acknowledged.get_or_insert(sequence);
            if (1..=MOST_UNDER_WAY).contains(&sequence.wrapping_sub(first)) {
                self.next = Some(first);
            }
        }
        if let Some(place) = self.place_of(sequence).and_then(|place| u64::try_from(place).ok())
            && place > self.acknowledged
        {
            self.acknowledged = place;
            if self.is_behind() {
                match self.shown.back_mut() {
                    // Nothing was said since.
                    Some((acknowledged, _)) if !with_bytes => *acknowledged = place,
                    _ => self.shown.push_back((place, captured)),
                }
                self.waits_since.get_or_insert(Place::before(captured));
            }
        }
    }

    /// Whether the receiver has bytes that did not come out. A FIN counts as one byte; whether a single one is a FIN, nobody knows.
    fn is_behind(&self) -> bool {
        !self.has_ended && self.acknowledged > self.position + 1
    }

    /// Learns that so many bytes are missing here.
    pub(super) fn skip(&mut self, length: u32) {
        self.position += u64::from(length);
        self.next = self.next.map(|next| next.wrapping_add(length));
    }

    /// Takes a segment whose first byte has this number; `out` is given what is next in order.
    pub(super) fn accept(
        &mut self,
        captured: Captured,
        sequence: u32,
        carried: Carried<'_>,
        out: &mut dyn FnMut(Released<'_>),
    ) {
        if self.next.is_none() {
            let is_behind = |first: &u32| (1..=MOST_UNDER_WAY).contains(&sequence.wrapping_sub(*first));
            self.next = self.first_acknowledged.filter(is_behind).or(Some(sequence));
        }
        let Some(start) = self.place_of(sequence).filter(|_| !self.has_ended) else { return };
        let end = start + carried.length() as i64;
        // A keep-alive has a byte that was sent before, or one that never was (RFC 9293 3.8.4).
        let is_keep_alive = carried.length() <= 1 && !carried.fin && end == self.furthest as i64;
        if end < self.position as i64 || (end == self.position as i64 && !carried.fin) || is_keep_alive {
            return;
        }
        let Ok(end) = u64::try_from(end) else { return };
        self.furthest = self.furthest.max(end);
        let repeated = u64::try_from(self.position as i64 - start).unwrap_or(0);
        if let Ok(start) = u64::try_from(start)
            && start > self.position
        {
            self.wait(captured, start, carried);
        } else {
            self.release(carried, repeated, out);
            if self.waits_since.is_some() {
                self.release_early(Place::with(captured), &mut |_, released| out(released));
            }
        }
    }

    /// Where it shows first that something is missing.
    pub(super) fn waits_since(&self) -> Option<Place> {
        self.waits_since
    }

    /// How many bytes wait, and in how many segments.
    pub(super) fn waiting(&self) -> (usize, usize) {
        (self.early_bytes, self.early.len())
    }

    /// Whether what is waited for will not come any more, as far as can be known by this packet: the receiver has it, so that nobody
    /// sends it again.
    pub(super) fn waits_in_vain(&mut self, number: u64) -> bool {
        let is_received =
            self.early.first_key_value().map_or(self.is_behind(), |(first, _)| self.acknowledged >= *first);
        is_received && number - *self.received_since.get_or_insert(number) >= PATIENCE
    }

    /// Passes over what is waited for; `out` is given that it is missing, and what was behind it, each at its place.
    pub(super) fn give_up(&mut self, out: &mut dyn FnMut(Place, Released<'_>)) {
        let Some(mut newest) = self.waits_since else { return };
        let end = self.early.first_key_value().map_or(self.acknowledged, |(first, _)| *first);
        let early = self.early.values().map(|(captured, _)| *captured).min();
        while self.position < end {
            self.forget_shown();
            // What the receiver acknowledged came before what it said then.
            let shown = self.shown.front().filter(|(_, captured)| early.is_none_or(|early| *captured < early));
            let (until, by) = match (shown, early) {
                (Some((acknowledged, captured)), _) => (end.min(*acknowledged), *captured),
                (None, Some(early)) => (end, early),
                (None, None) => break,
            };
            newest = newest.max(Place::before(by));
            let length = u32::try_from(until - self.position).unwrap_or(u32::MAX);
            self.go_on(u64::from(length));
            out(newest, Released::Missing(length));
        }
        self.release_early(newest, out);
    }

    /// Forgets acknowledgements of what has come out.
    fn forget_shown(&mut self) {
        while self.shown.front().is_some_and(|(acknowledged, _)| *acknowledged <= self.position) {
            self.shown.pop_front();
        }
    }

    fn wait(&mut self, captured: Captured, start: u64, carried: Carried<'_>) {
        let value = |carried: &Carried<'_>| (carried.length(), carried.piece.len(), carried.fin);
        let known = self.early.get(&start);
        if known.is_none_or(|(_, known)| value(known) < value(&carried)) {
            let first = known.map_or(captured, |(first, _)| *first);
            let Carried { piece, cut, fin } = carried;
            self.early_bytes = self.early_bytes + piece.len() - known.map_or(0, |(_, known)| known.piece.len());
            self.early.insert(start, (first, Carried { piece: piece.into_owned(), cut, fin }));
        }
        self.waits_since.get_or_insert(Place::before(captured));
    }

    /// Lets out what a segment brings beyond its first bytes, which were known.
    fn release(&mut self, carried: Carried<'_>, repeated: u64, out: &mut dyn FnMut(Released<'_>)) {
        let Carried { piece, cut, fin } = carried;
        let known = usize::try_from(repeated).unwrap_or(usize::MAX).min(piece.len());
        let known_of_cut = u32::try_from(repeated - known as u64).unwrap_or(u32::MAX).min(cut);
        if known < piece.len() {
            self.go_on((piece.len() - known) as u64);
            out(Released::Bytes(piece.after(known)));
        }
        if known_of_cut < cut {
            self.go_on(u64::from(cut - known_of_cut));
            out(Released::Missing(cut - known_of_cut));
        }
        if fin {
            self.has_ended = true;
            self.early.clear();
            (self.early_bytes, self.waits_since) = (0, None);
            out(Released::End);
        }
    }

    /// Lets out what was early and is next now, each at the packet that brought it or at what it had to wait for.
    fn release_early(&mut self, behind: Place, out: &mut dyn FnMut(Place, Released<'_>)) {
        let mut newest = behind;
        while let Some(entry) = self.early.first_entry()
            && *entry.key() <= self.position
        {
            let (start, (captured, carried)) = entry.remove_entry();
            self.early_bytes -= carried.piece.len();
            newest = newest.max(Place::with(captured));
            self.release(carried, self.position - start, &mut |released| out(newest, released));
        }
        self.received_since = None;
        // If more is missing, what is early shows it, or an acknowledgement of it; but it is behind what has come out.
        self.forget_shown();
        let shown = self.shown.front().map(|(_, captured)| *captured).filter(|_| self.is_behind());
        let early = self.early.values().map(|(captured, _)| *captured);
        self.waits_since = early.chain(shown).min().map(|since| Place::before(since).max(newest.after()));
    }

    fn go_on(&mut self, length: u64) {
        self.position += length;
        self.next = self.next.map(|next| next.wrapping_add(length as u32));
    }
}
