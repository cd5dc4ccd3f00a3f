//! What a session is made of: events, each with its moment. A log file holds these, and what a person said of them.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

pub use crate::protocol::direction::Perspective;
use crate::protocol::direction::{Direction, Side};
use crate::protocol::gap::Gap;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::{ConnectStage, TransportEnd};

/// The most bytes that one event of a session holds, so that each fits into one IP packet of a capture file.
pub const LARGEST_PART: usize = 60_000;

/// Where a session comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// When it started, in nanoseconds since 1970-01-01 00:00 UTC.
    pub started_at: u64,
    /// The URL that was dialled, when it is known.
    pub url: Option<String>,
    /// Whose eyes it was recorded with.
    pub perspective: Perspective,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// What.
    pub kind: EventKind,
}

/// The kinds of events, in the order in which a session meets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// Name resolution succeeded.
    Resolved {
        /// The addresses, in the order in which they will be tried.
        addresses: Vec<IpAddr>,
    },
    /// The TCP connection stands.
    Connected {
        /// The client's address.
        client: SocketAddr,
        /// The server's address.
        server: SocketAddr,
    },
    /// A Unix-domain socket is connected, in the place of TCP.
    ConnectedLocally {
        /// The socket's path.
        path: String,
    },
    /// The proxy that TCP is connected to has opened the way to the destination; what was said to it is no part of the session.
    Tunnelled {
        /// The proxy's URL, without credentials.
        proxy: String,
        /// The host and port that it was asked for.
        destination: String,
        /// What it answered.
        answer: String,
    },
    /// TLS is up; the bytes of the session are the plaintext inside it.
    Secured {
        /// Such as `TLS 1.3`.
        version: String,
        /// The cipher suite by its IANA name.
        cipher: String,
        /// Whether the server's certificate was verified, or accepted whatever it was.
        verified: bool,
        /// The protocol that was agreed on by ALPN (RFC 7301).
        alpn: Option<String>,
        /// The server's certificates in DER, its own first; empty in logs of earlier versions.
        certificates: Vec<Bytes>,
    },
    /// The server pointed elsewhere, and that was followed; the bytes of that exchange are no part of the session.
    Redirected {
        /// The status code of the response.
        status: u16,
        /// The URL that was asked, without its secrets.
        from: String,
        /// The URL that was gone to, without its secrets.
        to: String,
    },
    /// Bytes crossed, as they are above TCP and TLS.
    Bytes {
        /// Which way.
        direction: Direction,
        /// The bytes.
        bytes: Bytes,
    },
    /// Bytes crossed and were not recorded.
    Missing {
        /// Which way.
        direction: Direction,
        /// What is known of them.
        gap: Gap,
    },
    /// One side's half of the TCP connection ended.
    TransportEnded {
        /// The side that ended it.
        side: Side,
        /// How.
        how: TransportEnd,
    },
    /// There is no WebSocket connection, and why.
    ConnectFailed {
        /// The step that failed.
        stage: ConnectStage,
        /// What happened.
        problem: String,
        /// What to try.
        advice: String,
    },
    /// A remark of the endpoint, such as what its library made of the bytes.
    Note {
        /// The remark.
        text: String,
    },
}
