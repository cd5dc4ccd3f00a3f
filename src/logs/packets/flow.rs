//! One TCP connection in a capture: which end is the client, and what came out of both directions.

use std::net::SocketAddr;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::verdict::TransportEnd;

use super::packet::Segment;
use super::stream::{Piece, Reached, Stream};

/// The connection's state.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) client: SocketAddr,
    pub(super) server: SocketAddr,
    streams: PerDirection<Stream>,
    was_reset: PerDirection<bool>,
}

/// What came out of a connection.
#[derive(Debug)]
pub(super) enum Output<'file> {
    /// Bytes, in order.
    Bytes(Direction, Piece<'file>),
    /// A side's FIN or RST.
    Ended(Side, TransportEnd),
    /// So much is missing in a direction that the rest of it is left out.
    GivenUp(Direction),
}

impl<'file> Output<'file> {
    /// The same on a connection with the two ends in each other's place.
    pub(super) fn swapped(self) -> Output<'file> {
        match self {
            Output::Bytes(direction, piece) => Output::Bytes(direction.receiver().sends(), piece),
            Output::Ended(side, how) => Output::Ended(side.peer(), how),
            Output::GivenUp(direction) => Output::GivenUp(direction.receiver().sends()),
        }
    }

    /// The same, which may outlive the window on the file.
    pub(super) fn into_owned(self) -> Output<'static> {
        match self {
            Output::Bytes(direction, piece) => Output::Bytes(direction, piece.into_owned()),
            Output::Ended(side, how) => Output::Ended(side, how),
            Output::GivenUp(direction) => Output::GivenUp(direction),
        }
    }
}

impl Flow {
    /// The connection that this segment opens, or belongs to when the opening is not in the capture.
    pub(super) fn new(segment: &Segment<'_>, sender_is_client: bool) -> Flow {
        let (client, server) = if sender_is_client { (segment.from, segment.to) } else { (segment.to, segment.from) };
        Flow { client, server, streams: PerDirection::default(), was_reset: PerDirection::default() }
    }

    /// The same connection with the two ends in each other's place.
    pub(super) fn swapped(self) -> Flow {
        let PerDirection { client_to_server, server_to_client } = self.streams;
        let was_reset = self.was_reset;
        Flow {
            client: self.server,
            server: self.client,
            streams: PerDirection { client_to_server: server_to_client, server_to_client: client_to_server },
            was_reset: PerDirection {
                client_to_server: was_reset.server_to_client,
                server_to_client: was_reset.client_to_server,
            },
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

    /// Takes a segment of this connection; `out` is given what comes out.
    pub(super) fn accept(&mut self, segment: &Segment<'_>, out: &mut dyn FnMut(Output<'_>)) {
        let direction = self.direction(segment);
        let stream = &mut self.streams[direction];
        let first = segment.sequence.wrapping_add(u32::from(segment.syn));
        if segment.syn {
            stream.place(first);
        }
        // A RST may carry words for people, which are not part of the stream (RFC 9293 3.5.3).
        if (segment.fin || !segment.payload.is_empty()) && !segment.rst {
            // The FIN stands after the bytes that are missing, when some are.
            let fin = segment.fin && segment.missing == 0;
            match stream.accept(first, &segment.payload, fin, &mut |piece| out(Output::Bytes(direction, piece))) {
                Some(Reached::End) => out(Output::Ended(direction.sender(), TransportEnd::Fin)),
                Some(Reached::Limit) => out(Output::GivenUp(direction)),
                None => {}
            }
        }
        if segment.rst && !std::mem::replace(&mut self.was_reset[direction], true) {
            out(Output::Ended(direction.sender(), TransportEnd::Rst));
        }
    }

    /// What a direction still lacks: where it stopped, and how many later bytes wait for the missing ones.
    pub(super) fn gap(&self, direction: Direction) -> Option<(u64, usize)> {
        let stream = &self.streams[direction];
        (stream.waiting() > 0).then(|| (stream.position(), stream.waiting()))
    }
}
