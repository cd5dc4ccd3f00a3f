//! One TCP connection in a capture: which end is the client, and what came out of both directions, in the order in which it crossed.
//!
//! While a direction waits for bytes, what the other one says waits too: should the bytes never come, all of it has to come out in the
//! order in which it was captured.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::verdict::TransportEnd;

use super::packet::Segment;
use super::stream::{Captured, Carried, Piece, Place, Released, Stream};

/// The most bytes that wait for what comes before them; a sender cannot have more under way than a window of this size.
const MOST_WAITING: usize = 64 << 20;

/// The most segments that wait.
const MOST_WAITING_SEGMENTS: usize = 65_536;

/// The connection's state.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) client: SocketAddr,
    pub(super) server: SocketAddr,
    streams: PerDirection<Stream>,
    was_reset: PerDirection<bool>,
    delayed: Delayed,
    segments: u64,
}

/// What came out while a direction waited.
#[derive(Debug, Default)]
struct Delayed {
    /// By their places, and by how much was delayed before them.
    outputs: BTreeMap<(Place, u64), Output<'static>>,
    bytes: usize,
    count: u64,
}

impl Delayed {
    fn add(&mut self, place: Place, output: Output<'_>) {
        self.count += 1;
        self.bytes += output.held();
        self.outputs.insert((place, self.count), output.into_owned());
    }

    /// Lets out what comes before this place.
    fn let_out(&mut self, before: Option<Place>, out: &mut dyn FnMut(u64, Output<'_>)) {
        while let Some(entry) = self.outputs.first_entry()
            && before.is_none_or(|before| entry.key().0 < before)
        {
            let ((place, _), output) = entry.remove_entry();
            self.bytes -= output.held();
            out(place.captured.nanoseconds, output);
        }
    }

    fn swapped(self) -> Delayed {
        let outputs = self.outputs.into_iter().map(|(place, output)| (place, output.swapped())).collect();
        Delayed { outputs, ..self }
    }
}

/// What came out of a connection.
#[derive(Debug)]
pub(super) enum Output<'file> {
    /// Bytes, in order.
    Bytes(Direction, Piece<'file>),
    /// Bytes that crossed and are not in the capture, as many as that where it is known.
    Missing(Direction, Option<u32>),
    /// A side's FIN or RST.
    Ended(Side, TransportEnd),
}

impl<'file> Output<'file> {
    fn of(direction: Direction, released: Released<'file>) -> Output<'file> {
        match released {
            Released::Bytes(piece) => Output::Bytes(direction, piece),
            Released::Missing(length) => Output::Missing(direction, Some(length)),
            Released::End => Output::Ended(direction.sender(), TransportEnd::Fin),
        }
    }

    /// The same on a connection with the two ends in each other's place.
    pub(super) fn swapped(self) -> Output<'file> {
        match self {
            Output::Bytes(direction, piece) => Output::Bytes(direction.receiver().sends(), piece),
            Output::Missing(direction, length) => Output::Missing(direction.receiver().sends(), length),
            Output::Ended(side, how) => Output::Ended(side.peer(), how),
        }
    }

    /// The same, which may outlive the window on the file.
    pub(super) fn into_owned(self) -> Output<'static> {
        match self {
            Output::Bytes(direction, piece) => Output::Bytes(direction, piece.into_owned()),
            Output::Missing(direction, length) => Output::Missing(direction, length),
            Output::Ended(side, how) => Output::Ended(side, how),
        }
    }

    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        match self {
            Output::Bytes(_, piece) => piece.len(),
            Output::Missing(..) | Output::Ended(..) => 0,
        }
    }
}

impl Flow {
    /// The connection that this segment opens, or belongs to when the opening is not in the capture.
    pub(super) fn new(segment: &Segment<'_>, sender_is_client: bool) -> Flow {
        let (client, server) = if sender_is_client { (segment.from, segment.to) } else { (segment.to, segment.from) };
        Flow {
            client,
            server,
            streams: PerDirection::default(),
            was_reset: PerDirection::default(),
            delayed: Delayed::default(),
            segments: 0,
        }
    }

    /// The same connection with the two ends in each other's place.
    pub(super) fn swapped(self) -> Flow {
        Flow {
            client: self.server,
            server: self.client,
            streams: self.streams.swapped(),
            was_reset: self.was_reset.swapped(),
            delayed: self.delayed.swapped(),
            ..self
        }
    }

    /// The connection's addresses, in an order that does not depend on the direction of the segment.
    pub(super) fn key(segment: &Segment<'_>) -> (SocketAddr, SocketAddr) {
        (segment.from.min(segment.to), segment.from.max(segment.to))
    }

    /// Whether a segment is of this connection, by its addresses.
    pub(super) fn has(&self, segment: &Segment<'_>) -> bool {
        (segment.from == self.client && segment.to == self.server)
            || (segment.from == self.server && segment.to == self.client)
    }

    /// Which way a segment of this connection goes.
    pub(super) fn direction(&self, segment: &Segment<'_>) -> Direction {
        if segment.from == self.client { Direction::ClientToServer } else { Direction::ServerToClient }
    }

    /// Whether a segment opens another connection between the same addresses.
    pub(super) fn is_contradicted_by(&self, segment: &Segment<'_>) -> bool {
        segment.syn && self.streams[self.direction(segment)].contradicts_syn(segment.sequence)
    }

    /// Takes a segment of this connection; `out` is given what comes out, with the time at which it was captured.
    pub(super) fn accept(&mut self, segment: &Segment<'_>, nanoseconds: u64, out: &mut dyn FnMut(u64, Output<'_>)) {
        let direction = self.direction(segment);
        self.segments += 1;
        let captured = Captured { number: self.segments, nanoseconds };
        // 0 is what writers put there who do not know.
        if segment.ack && !segment.rst && segment.acknowledged != 0 {
            let acknowledged = &mut self.streams[direction.receiver().sends()];
            acknowledged.acknowledge(captured, segment.acknowledged, segment.length() > 0 || segment.fin);
        }
        let first = segment.sequence.wrapping_add(u32::from(segment.syn));
        if segment.syn {
            self.streams[direction].place(first);
        }
        // A RST may carry words for people, which are not part of the stream (RFC 9293 3.5.3).
        if (segment.fin || segment.length() > 0) && !segment.rst {
            let carried = Carried { piece: segment.payload.after(0), cut: segment.cut, fin: segment.fin };
            if self.is_waiting() {
                self.accept_while_waiting(direction, captured, first, carried, out);
            } else {
                self.streams[direction].accept(captured, first, carried, &mut |released| {
                    out(nanoseconds, Output::of(direction, released));
                });
            }
        }
        if segment.rst && !std::mem::replace(&mut self.was_reset[direction], true) {
            let output = Output::Ended(direction.sender(), TransportEnd::Rst);
            if self.is_waiting() {
                self.delayed.add(Place::with(captured), output);
            } else {
                out(nanoseconds, output);
            }
        }
        if self.is_waiting() {
            self.give_up_what_will_not_come(out);
        }
    }

    /// Lets out everything that still waits, since no more segments will come.
    pub(super) fn finish(&mut self, out: &mut dyn FnMut(u64, Output<'_>)) {
        self.give_up_everything(out);
    }

    /// Learns that so many bytes of a direction are missing here.
    pub(super) fn skip(&mut self, direction: Direction, length: u32) {
        self.streams[direction].skip(length);
    }

    fn is_waiting(&self) -> bool {
        Direction::BOTH.iter().any(|direction| self.streams[*direction].waits_since().is_some())
    }

    /// Takes what a segment carries while a direction waits: what comes out of this one may have to wait as well.
    fn accept_while_waiting(
        &mut self,
        direction: Direction,
        captured: Captured,
        first: u32,
        carried: Carried<'_>,
        out: &mut dyn FnMut(u64, Output<'_>),
    ) {
        let Flow { streams, delayed, .. } = self;
        streams[direction].accept(captured, first, carried, &mut |released| {
            delayed.add(Place::with(captured), Output::of(direction, released));
        });
        self.let_out(out);
    }

    /// Lets out what was captured before anything that still waits.
    fn let_out(&mut self, out: &mut dyn FnMut(u64, Output<'_>)) {
        let waits_since = Direction::BOTH.iter().filter_map(|direction| self.streams[*direction].waits_since()).min();
        self.delayed.let_out(waits_since, out);
    }

    fn give_up_what_will_not_come(&mut self, out: &mut dyn FnMut(u64, Output<'_>)) {
        let (bytes, segments) = Direction::BOTH
            .iter()
            .map(|direction| self.streams[*direction].waiting())
            .fold((self.delayed.bytes, self.delayed.outputs.len()), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        if bytes > MOST_WAITING || segments > MOST_WAITING_SEGMENTS {
            return self.give_up_everything(out);
        }
        for direction in Direction::BOTH {
            while self.streams[direction].waits_in_vain(self.segments) {
                self.give_up(direction);
            }
        }
        self.let_out(out);
    }

    fn give_up_everything(&mut self, out: &mut dyn FnMut(u64, Output<'_>)) {
        for direction in Direction::BOTH {
            while self.streams[direction].waits_since().is_some() {
                self.give_up(direction);
            }
        }
        self.let_out(out);
    }

    fn give_up(&mut self, direction: Direction) {
        let Flow { streams, delayed, .. } = self;
        streams[direction].give_up(&mut |place, released| delayed.add(place, Output::of(direction, released)));
    }
}
