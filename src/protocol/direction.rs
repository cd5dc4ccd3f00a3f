//! The two endpoints of a conversation and the two directions between them.

use std::fmt;
use std::ops::{Index, IndexMut};

use serde::{Deserialize, Serialize};

/// One endpoint of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The endpoint that opened the TCP connection and sent the upgrade request.
    Client,
    /// The endpoint that accepted the connection.
    Server,
}

impl Side {
    /// Both sides, the client first.
    pub const BOTH: [Side; 2] = [Side::Client, Side::Server];

    /// The other endpoint.
    pub fn peer(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }

    /// The direction in which this side sends.
    pub fn sends(self) -> Direction {
        match self {
            Side::Client => Direction::ClientToServer,
            Side::Server => Direction::ServerToClient,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Side::Client => "client",
            Side::Server => "server",
        })
    }
}

/// Whose eyes a conversation is seen with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Perspective {
    /// This program was the client: "you" and "the server".
    Client,
    /// Somebody else's conversation: "the client" and "the server".
    Observer,
}

/// The way in which bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// From the client to the server.
    ClientToServer,
    /// From the server to the client.
    ServerToClient,
}

impl Direction {
    /// Both directions, the client's first.
    pub const BOTH: [Direction; 2] = [Direction::ClientToServer, Direction::ServerToClient];

    /// The side that sends in this direction.
    pub fn sender(self) -> Side {
        match self {
            Direction::ClientToServer => Side::Client,
            Direction::ServerToClient => Side::Server,
        }
    }

    /// The side that receives in this direction.
    pub fn receiver(self) -> Side {
        self.sender().peer()
    }
}

/// A pair of values, one for each direction (or for each side, by what it sends).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerDirection<T> {
    /// The value of the client's direction.
    pub client_to_server: T,
    /// The value of the server's direction.
    pub server_to_client: T,
}

impl<T> PerDirection<T> {
    /// Makes both values from their direction.
    pub fn from_fn(mut make: impl FnMut(Direction) -> T) -> Self {
        PerDirection {
            client_to_server: make(Direction::ClientToServer),
            server_to_client: make(Direction::ServerToClient),
        }
    }

    /// The same with the two ends in each other's place.
    #[must_use]
    pub fn swapped(self) -> Self {
        PerDirection { client_to_server: self.server_to_client, server_to_client: self.client_to_server }
    }
}

impl<T> Index<Direction> for PerDirection<T> {
    type Output = T;

    fn index(&self, direction: Direction) -> &T {
        match direction {
            Direction::ClientToServer => &self.client_to_server,
            Direction::ServerToClient => &self.server_to_client,
        }
    }
}

impl<T> IndexMut<Direction> for PerDirection<T> {
    fn index_mut(&mut self, direction: Direction) -> &mut T {
        match direction {
            Direction::ClientToServer => &mut self.client_to_server,
            Direction::ServerToClient => &mut self.server_to_client,
        }
    }
}

impl<T> Index<Side> for PerDirection<T> {
    type Output = T;

    fn index(&self, side: Side) -> &T {
        &self[side.sends()]
    }
}

impl<T> IndexMut<Side> for PerDirection<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        &mut self[side.sends()]
    }
}
