//! How much a lab takes on, and how long it waits.

use std::time::Duration;

/// The bounds of a lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many connections are served at a time; further ones are answered with 503.
    pub connections: usize,
    /// How long a client may take for the head of its request.
    pub head_patience: Duration,
    /// The largest message that is taken, in bytes; a larger one is answered with Close 1009.
    pub message_length: u64,
    /// How long to wait for the client's Close, and after it for the end of TCP.
    pub close_patience: Duration,
    /// How long to wait for a Pong.
    pub pong_patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 256,
            head_patience: Duration::from_secs(10),
            message_length: 64 * 1024 * 1024,
            // Long enough for a person who types the answer by hand.
            close_patience: Duration::from_secs(30),
            pong_patience: Duration::from_secs(30),
        }
    }
}
