//! What a conversation needs of an endpoint, whoever answers behind it.

use bytes::Bytes;

use crate::protocol::direction::Side;
use crate::protocol::verdict::TransportEnd;

use super::command::CloseRequest;
use super::ear::Ear;
use super::recording::Recording;
use super::tap::Tap;
use super::transport::Transport;

/// The largest message that is received or sent, in bytes.
pub const LARGEST_MESSAGE: usize = 256 * 1024 * 1024;

/// How many bytes wait to be sent before further commands wait in their queue; the largest message fits.
pub(super) const OUTPUT_LIMIT: usize = LARGEST_MESSAGE + 64 * 1024;

/// How many bytes are read before commands get their turn.
pub(super) const TURN: usize = 1024 * 1024;

/// Something to send.
pub(super) enum Outgoing {
    Text(String),
    Binary(Bytes),
    Ping(Bytes),
    Pong(Bytes),
    Close(CloseRequest),
    EmptyClose,
    Raw(Bytes),
}

/// How far the closing handshake is; each step forward renews the patience.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct ClosingProgress {
    /// Whether messages are still awaited from the server.
    pub(super) reads_messages: bool,
    /// Whether bytes wait to be sent.
    pub(super) is_output_pending: bool,
    /// How many have been, while some wait.
    pub(super) written: u64,
}

/// One side of an open connection. Nothing here waits.
pub(super) trait Endpoint {
    /// Takes something to send; it goes out with the next flush.
    fn send(&mut self, outgoing: Outgoing);

    /// Whether what was taken must be written before more is taken.
    fn is_full(&self) -> bool;

    /// Lets this many bytes be read, and translated, before others have their turn.
    fn allow(&mut self, bytes: usize) {
        self.tap_mut().allow(bytes);
    }

    /// Whether what was allowed is used up, so that there may be more to do without the socket.
    fn is_used_up(&self) -> bool {
        self.tap().is_used_up()
    }

    /// Whether what waits to be sent can never be.
    fn is_output_lost(&self) -> bool {
        false
    }

    /// Reads what has come, up to a turn.
    fn read(&mut self);

    /// Writes as much as the connection takes.
    fn flush(&mut self);

    /// Whether the last flush left something behind.
    fn is_output_pending(&self) -> bool;

    /// Learns that this side's half has ended: nothing may be written any more.
    fn output_ended(&mut self);

    /// How far the closing handshake is, when its end is awaited with limited patience.
    fn closing(&self) -> Option<ClosingProgress>;

    /// Whether the server's FIN is answered with a FIN.
    fn answers_fin(&self) -> bool;

    /// What was heard of the server, for whoever answers by a plan.
    fn ear(&mut self) -> Option<&mut Ear> {
        None
    }

    /// The tap below.
    fn tap(&self) -> &Tap<Transport>;

    /// The tap below; nothing is written through it directly.
    fn tap_mut(&mut self) -> &mut Tap<Transport>;

    /// The bare connection; the recording ends.
    fn into_transport(self: Box<Self>) -> Transport;

    /// Where everything is recorded.
    fn recording(&mut self) -> &mut Recording {
        self.tap_mut().recording()
    }

    /// Records a remark.
    fn note(&mut self, text: String) {
        self.recording().note(text);
    }

    /// Ends this side's half of the connection.
    fn end_output(&mut self, how: TransportEnd) {
        self.tap_mut().stream_mut().shut_down();
        self.recording().transport_ended(Side::Client, how);
        self.output_ended();
    }
}
