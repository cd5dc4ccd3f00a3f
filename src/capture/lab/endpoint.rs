//! The server's end of one upgraded connection: frames out, messages in, and the ways to end; what to say is the behaviour's business.

use std::borrow::Cow;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::limits::Limits;
use super::receiver::{Incoming, Receiver, Violation};
use crate::protocol::close::ClosePayload;
use crate::protocol::deflater::Deflater;
use crate::protocol::frame::FrameHeader;
use crate::protocol::opcode::Opcode;
use crate::protocol::permessage_deflate::Compression;

/// How much is read at a time.
const READ_LENGTH: usize = 64 * 1024;

/// The connection is over: nothing more can be sent or received on it.
#[derive(Debug)]
pub(super) struct Ended;

/// The server's end of a connection.
pub(super) struct Endpoint {
    stream: Arc<TcpStream>,
    limits: Limits,
    receiver: Receiver,
    /// Present when messages may be compressed, and the window is one that can be compressed with.
    deflater: Option<Deflater>,
    read_buffer: Vec<u8>,
}

impl Endpoint {
    /// An endpoint on a connection that has been upgraded; `early` is what the client sent right behind its request.
    pub(super) fn new(
        stream: Arc<TcpStream>,
        limits: Limits,
        compression: Option<&Compression>,
        early: &[u8],
    ) -> Endpoint {
        let mut receiver = Receiver::new(limits.message_length, compression.map(|sides| sides.client_to_server));
        receiver.feed(early);
        let deflater = compression.and_then(|sides| Deflater::new(sides.server_to_client));
        Endpoint { stream, limits, receiver, deflater, read_buffer: vec![0; READ_LENGTH] }
    }

    /// The bounds that apply here.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sends bytes as they are.
    pub(super) fn send_bytes(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        (&*self.stream).write_all(bytes).map_err(|_| Ended)
    }

    /// Sends a final frame.
    pub(super) fn send(&mut self, opcode: Opcode, payload: &[u8]) -> Result<(), Ended> {
        self.send_bytes(&FrameHeader::new(opcode, payload.len() as u64).with_payload(payload))
    }

    /// Sends a frame without FIN: more of its message follows.
    pub(super) fn send_part(&mut self, opcode: Opcode, payload: &[u8]) -> Result<(), Ended> {
        let header = FrameHeader { fin: false, ..FrameHeader::new(opcode, payload.len() as u64) };
        self.send_bytes(&header.with_payload(payload))
    }

    /// Whether messages are compressed when they are sent so.
    pub(super) fn may_compress(&self) -> bool {
        self.deflater.is_some()
    }

    /// Sends a message, compressed if that can be done.
    pub(super) fn send_compressed(&mut self, opcode: Opcode, payload: &[u8]) -> Result<(), Ended> {
        self.send_compressed_frame(opcode, payload, true)
    }

    /// Sends a frame of a compressed message, or a plain one if compressing cannot be done; `is_last` ends the message.
    pub(super) fn send_compressed_frame(&mut self, opcode: Opcode, payload: &[u8], is_last: bool) -> Result<(), Ended> {
        let (compressed, rsv1) = match &mut self.deflater {
            Some(deflater) => {
                let compressed = deflater.deflate(payload, is_last).map_err(|_| Ended)?;
                (Cow::Owned(compressed), opcode != Opcode::Continuation)
            }
            None => (Cow::Borrowed(payload), false),
        };
        let header = FrameHeader { fin: is_last, rsv1, ..FrameHeader::new(opcode, compressed.len() as u64) };
        self.send_bytes(&header.with_payload(&compressed))
    }

    /// Sends a text message in one frame.
    pub(super) fn send_text(&mut self, text: &str) -> Result<(), Ended> {
        self.send(Opcode::Text, text.as_bytes())
    }

    /// Waits for the client.
    pub(super) fn receive(&mut self) -> Result<Incoming, Ended> {
        loop {
            if let Some(incoming) = self.receive_until(None)? {
                return Ok(incoming);
            }
        }
    }

    /// Waits for the client until `deadline`; `None` when nothing came.
    pub(super) fn receive_before(&mut self, deadline: Instant) -> Result<Option<Incoming>, Ended> {
        self.receive_until(Some(deadline))
    }

    /// What has already come, without waiting.
    pub(super) fn receive_now(&mut self) -> Result<Option<Incoming>, Ended> {
        if let Some(incoming) = self.receiver.next() {
            return Ok(Some(incoming));
        }
        self.stream.set_nonblocking(true).map_err(|_| Ended)?;
        let read = self.read();
        self.stream.set_nonblocking(false).map_err(|_| Ended)?;
        read?;
        Ok(self.receiver.next())
    }

    fn receive_until(&mut self, deadline: Option<Instant>) -> Result<Option<Incoming>, Ended> {
        loop {
            if let Some(incoming) = self.receiver.next() {
                return Ok(Some(incoming));
            }
            if !self.wait_at_most(deadline)? {
                return Ok(None);
            }
            self.read()?;
        }
    }

    /// Bounds the next read; `false` when the deadline has passed.
    fn wait_at_most(&self, deadline: Option<Instant>) -> Result<bool, Ended> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Ok(false);
        }
        self.stream.set_read_timeout(left).map_err(|_| Ended)?;
        Ok(true)
    }

    /// Reads once; a wait that ran out is no failure.
    fn read(&mut self) -> Result<(), Ended> {
        match (&*self.stream).read(&mut self.read_buffer) {
            Ok(0) => Err(Ended),
            Ok(length) => {
                self.receiver.feed(self.read_buffer.get(..length).unwrap_or_default());
                Ok(())
            }
            Err(error) if is_no_failure(error.kind()) => Ok(()),
            Err(_) => Err(Ended),
        }
    }

    /// Does what any endpoint owes its peer: answers a Ping, answers a Close, fails the connection at a violation.
    ///
    /// Messages and Pongs are left aside.
    pub(super) fn attend(&mut self, incoming: Incoming) -> Result<(), Ended> {
        match incoming {
            Incoming::Message { .. } | Incoming::Pong(_) => Ok(()),
            Incoming::Ping(payload) => self.send(Opcode::Pong, &payload),
            Incoming::Close(received) => {
                let payload = received.code().map(|code| ClosePayload::bytes(code, "")).unwrap_or_default();
                self.answer_close(&payload)
            }
            Incoming::Violation(violation) => self.fail(violation),
        }
    }

    /// Answers a Close that was received and ends TCP, as the server must do first (RFC 6455 7.1.1).
    pub(super) fn answer_close(&mut self, payload: &[u8]) -> Result<(), Ended> {
        self.send(Opcode::Close, payload)?;
        self.end_with_fin()
    }

    /// Fails the connection (RFC 6455 7.1.7).
    fn fail(&mut self, violation: Violation) -> Result<(), Ended> {
        self.send(Opcode::Close, &ClosePayload::bytes(violation.code(), &violation.reason()))?;
        self.end_with_fin()
    }

    /// Begins the closing handshake, waits for the answer and ends TCP.
    pub(super) fn close(&mut self, payload: &[u8]) -> Result<(), Ended> {
        self.send(Opcode::Close, payload)?;
        let deadline = Instant::now() + self.limits.close_patience;
        loop {
            match self.receive_before(deadline)? {
                Some(Incoming::Close(_) | Incoming::Violation(_)) | None => return self.end_with_fin(),
                // After its own Close an endpoint sends nothing, not even a Pong (RFC 6455 5.5.1).
                Some(Incoming::Message { .. } | Incoming::Ping(_) | Incoming::Pong(_)) => {}
            }
        }
    }

    /// Sends a FIN and waits for the client's, so that nothing on its way is answered with a reset.
    pub(super) fn end_with_fin(&mut self) -> Result<(), Ended> {
        self.stream.shutdown(Shutdown::Write).map_err(|_| Ended)?;
        self.wait_for_end(Some(Instant::now() + self.limits.close_patience))
    }

    /// Gives up the connection, so that the client sees a RST.
    pub(super) fn end_with_reset(&mut self) -> Result<(), Ended> {
        // A socket that may not linger is reset when its last handle is dropped.
        SockRef::from(&*self.stream).set_linger(Some(Duration::ZERO)).map_err(|_| Ended)?;
        Err(Ended)
    }

    /// Reads and leaves aside whatever comes until the client ends TCP, or until `deadline`.
    pub(super) fn wait_for_end(&mut self, deadline: Option<Instant>) -> Result<(), Ended> {
        while self.wait_at_most(deadline)? {
            match (&*self.stream).read(&mut self.read_buffer) {
                Ok(0) => return Err(Ended),
                Ok(_) => {}
                Err(error) if is_no_failure(error.kind()) => {}
                Err(_) => return Err(Ended),
            }
        }
        Err(Ended)
    }
}

fn is_no_failure(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
