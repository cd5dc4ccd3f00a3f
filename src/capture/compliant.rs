//! The compliant endpoint: tungstenite above the tap answers what RFC 6455 wants to be answered.

use std::io::ErrorKind;

use bytes::Bytes;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use crate::protocol::close::CloseCode;
use crate::protocol::deflater::DeflateFailed;
use crate::protocol::direction::Side;
use crate::protocol::inflater::InflateError;

use super::dial::Opened;
use super::endpoint::{ClosingProgress, Endpoint, LARGEST_MESSAGE, OUTPUT_LIMIT, Outgoing};
use super::outlet::Outlet;
use super::plain_frames::PlainFrames;
use super::sieve::Sieve;
use super::tap::Tap;
use super::transport::Transport;

/// What the bytes of the server are read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Messages, which tungstenite answers where the protocol demands it.
    Messages,
    /// The record only: the server's Close has come, tungstenite has given up, or this side cannot answer any more.
    Record,
}

/// Something that did not fit into the output any more.
enum Waiting {
    Message(Message),
    /// Raw bytes go behind everything that tungstenite holds, so that they come between two frames.
    Raw(Bytes),
}

pub(super) struct CompliantEndpoint {
    socket: WebSocket<PlainFrames<Outlet<Sieve<Transport>>>>,
    echo: bool,
    reading: Reading,
    waiting: Option<Waiting>,
    is_output_pending: bool,
    /// The output cannot be written, because it could not be compressed.
    is_output_lost: bool,
    has_ended_output: bool,
}

impl CompliantEndpoint {
    pub(super) fn new(opened: Opened, echo: bool) -> CompliantEndpoint {
        let config = WebSocketConfig::default()
            .read_buffer_size(64 * 1024)
            .max_write_buffer_size(OUTPUT_LIMIT)
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        // What came early goes through the adapter where there is something to adapt.
        let (early, rest) = if opened.terms.is_some() { (opened.rest, Vec::new()) } else { (Vec::new(), opened.rest) };
        // An echo needs every message.
        let sieve = if echo { Sieve::open(opened.tap) } else { Sieve::new(opened.tap) };
        let stream = PlainFrames::new(Outlet::new(sieve), opened.terms.as_ref(), early);
        CompliantEndpoint {
            socket: WebSocket::from_partially_read(stream, rest, Role::Client, Some(config)),
            echo,
            reading: Reading::Messages,
            waiting: None,
            is_output_pending: false,
            is_output_lost: false,
            has_ended_output: false,
        }
    }

    fn write(&mut self, message: Message) {
        match self.socket.write(message) {
            Ok(()) => {}
            Err(Error::WriteBufferFull(message)) => self.waiting = Some(Waiting::Message(*message)),
            // It is in the output and goes out with the next flush; or the connection has ended, which the tap has recorded.
            Err(Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed) => {}
            Err(Error::Protocol(_)) => self.note("Not sent: the closing handshake has begun.".into()),
            Err(error) => self.note(format!("Not sent: {error}.")),
        }
    }

    fn write_raw(&mut self, bytes: Bytes) {
        self.flush_socket();
        if self.is_output_pending {
            self.waiting = Some(Waiting::Raw(bytes));
        } else {
            self.socket.get_mut().stream_mut().push(bytes);
        }
    }

    fn close(&mut self, frame: Option<CloseFrame>) {
        if !self.socket.can_write() {
            return self.note("No second Close was sent: the closing handshake has begun.".into());
        }
        // tungstenite would drop a Close that finds no room in the output.
        self.socket.set_config(|config| config.max_write_buffer_size = usize::MAX);
        // Where it did not go out at once, the next flush continues.
        let _ = self.socket.close(frame);
    }

    fn server_closed(&mut self, reported: Option<CloseFrame>) {
        self.reading = Reading::Record;
        // The answer goes out before anything that comes behind the Close is looked at.
        self.flush_socket();
        let verdict = self.recording().recorder().verdict();
        let on_the_wire = verdict.sides[Side::Server].sent_close.as_ref().and_then(|close| close.payload.code());
        let reported = reported.map(|frame| CloseCode(frame.code.into()));
        if let (Some(wire), Some(reported)) = (on_the_wire, reported)
            && wire != reported
        {
            self.note(format!(
                "The server's Close carries {wire}; the library (tungstenite) takes that for a violation, tells its application {reported} and answers with it."
            ));
        }
    }

    /// tungstenite reads no further: fails the connection by RFC 6455 7.1.7, and keeps on recording.
    fn gave_up(&mut self, error: &Error) {
        self.reading = Reading::Record;
        if self.tap().end().is_some() {
            return;
        }
        let inflating = match error {
            Error::Io(error) => error.get_ref().and_then(|cause| cause.downcast_ref::<InflateError>()),
            _ => None,
        };
        if let Some(problem) = inflating {
            return self.cannot_inflate(problem);
        }
        let code = match error {
            Error::Utf8(_) => CloseCode::INVALID_PAYLOAD,
            Error::Capacity(_) => CloseCode::MESSAGE_TOO_BIG,
            _ => CloseCode::PROTOCOL_ERROR,
        };
        if self.socket.can_write() {
            self.note(format!("The library (tungstenite) reads no further and closes with {code}: {error}."));
            self.close(Some(CloseFrame { code: code.0.into(), reason: "".into() }));
        } else {
            self.note(format!("The library (tungstenite) reads no further: {error}."));
        }
    }

    /// Fails the connection over a compressed message (RFC 7692 7.2.2).
    fn cannot_inflate(&mut self, problem: &InflateError) {
        let code = match problem {
            InflateError::BeyondLimit { .. } => CloseCode::MESSAGE_TOO_BIG,
            _ => CloseCode::INVALID_PAYLOAD,
        };
        if self.socket.can_write() {
            self.note(format!("A message of the server cannot be read, so the client closes with {code}: {problem}."));
            self.close(Some(CloseFrame { code: code.0.into(), reason: "".into() }));
        } else {
            self.note(format!("A message of the server cannot be read: {problem}."));
        }
    }

    fn flush_socket(&mut self) {
        self.is_output_pending = match self.socket.flush() {
            Ok(()) => false,
            Err(Error::Io(error)) => {
                if let Some(failure) = error.get_ref().and_then(|cause| cause.downcast_ref::<DeflateFailed>()) {
                    self.is_output_lost = true;
                    self.note(format!("The connection is given up: {failure}."));
                }
                matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
            }
            Err(_) => false,
        };
    }
}

impl Endpoint for CompliantEndpoint {
    fn send(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Text(text) => self.write(Message::text(text)),
            Outgoing::Binary(bytes) => self.write(Message::Binary(bytes)),
            Outgoing::Ping(bytes) => self.write(Message::Ping(bytes)),
            // As a frame: a `Message::Pong` could take the place of the answer to a Ping.
            Outgoing::Pong(bytes) => self.write(Message::Frame(Frame::pong(bytes))),
            Outgoing::Close(request) => {
                self.close(Some(CloseFrame { code: request.code().0.into(), reason: request.reason().into() }));
            }
            Outgoing::EmptyClose => self.close(None),
            Outgoing::Raw(bytes) => self.write_raw(bytes),
        }
    }

    fn is_full(&self) -> bool {
        self.waiting.is_some()
    }

    fn allow(&mut self, bytes: usize) {
        self.tap_mut().allow(bytes);
        self.socket.get_mut().allow(bytes);
    }

    fn is_used_up(&self) -> bool {
        self.tap().is_used_up() || self.socket.get_ref().is_used_up()
    }

    fn is_output_lost(&self) -> bool {
        self.is_output_lost
    }

    fn read(&mut self) {
        // An echo that nobody takes must not pile up; everything else is read, whatever waits to be sent.
        while self.reading == Reading::Messages && !(self.echo && self.waiting.is_some()) {
            match self.socket.read() {
                Ok(Message::Close(frame)) => self.server_closed(frame),
                Ok(message @ (Message::Text(_) | Message::Binary(_))) if self.echo && self.socket.can_write() => {
                    self.write(message);
                }
                Ok(_) => {}
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return,
                Err(Error::Io(error)) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.gave_up(&error),
            }
        }
        if self.reading == Reading::Record {
            self.tap_mut().read_for_the_record();
        }
    }

    fn flush(&mut self) {
        if self.has_ended_output {
            return;
        }
        self.flush_socket();
        match self.waiting.take() {
            Some(Waiting::Message(message)) => self.write(message),
            Some(Waiting::Raw(bytes)) => self.write_raw(bytes),
            None => return,
        }
        self.flush_socket();
    }

    fn is_output_pending(&self) -> bool {
        self.is_output_pending || self.waiting.is_some()
    }

    fn output_ended(&mut self) {
        self.has_ended_output = true;
        self.reading = Reading::Record;
    }

    fn closing(&self) -> Option<ClosingProgress> {
        if self.socket.can_write() {
            return None;
        }
        let is_output_pending = self.is_output_pending();
        let written =
            if is_output_pending { self.tap().written().saturating_add(self.socket.get_ref().accepted()) } else { 0 };
        Some(ClosingProgress { reads_messages: self.reading == Reading::Messages, is_output_pending, written })
    }

    fn answers_fin(&self) -> bool {
        true
    }

    fn tap(&self) -> &Tap<Transport> {
        self.socket.get_ref().stream().stream().tap()
    }

    fn tap_mut(&mut self) -> &mut Tap<Transport> {
        self.socket.get_mut().stream_mut().stream_mut().tap_mut()
    }

    fn into_transport(self: Box<Self>) -> Transport {
        self.socket.into_inner().into_stream().into_stream().into_stream()
    }
}
