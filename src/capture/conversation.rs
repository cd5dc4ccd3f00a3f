//! A client's conversation after the upgrade: tungstenite above the tap, commands from outside, and an orderly end.

use std::io::{ErrorKind, Read};
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use crate::protocol::close::CloseCode;
use crate::protocol::deflater::DeflateFailed;
use crate::protocol::direction::Side;
use crate::protocol::inflater::InflateError;
use crate::protocol::verdict::TransportEnd;

use super::command::Command;
use super::dial::Opened;
use super::options::ConnectOptions;
use super::plain_frames::PlainFrames;
use super::reactor::Reactor;
use super::recording::Recording;
use super::tap::{StreamEnd, Tap};
use super::transport::Transport;

/// The largest message that is received or sent, in bytes.
pub const LARGEST_MESSAGE: usize = 256 * 1024 * 1024;

/// How many bytes wait to be sent before further commands wait in their queue; the largest message fits.
const OUTPUT_LIMIT: usize = LARGEST_MESSAGE + 64 * 1024;

/// How many bytes are read before commands get their turn.
const TURN: usize = 1024 * 1024;

/// What the bytes of the server are read for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Messages, which tungstenite answers where the protocol demands it.
    Messages,
    /// The record only: the server's Close has come, or tungstenite has given up.
    Record,
}

/// How far the closing handshake is; each step forward renews the patience.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Progress {
    reading: Reading,
    is_output_pending: bool,
    /// Bytes that the server has taken, and bytes that have been compressed for it.
    written: u64,
}

pub(super) struct Conversation {
    socket: WebSocket<PlainFrames<Tap<Transport>>>,
    commands: Receiver<Command>,
    echo: bool,
    close_patience: Duration,
    reading: Reading,
    /// A message that did not fit into the output any more.
    waiting: Option<Message>,
    is_output_pending: bool,
    /// The output cannot be written, because it could not be compressed.
    is_output_lost: bool,
    progress: Option<Progress>,
    deadline: Option<Instant>,
}

impl Conversation {
    pub(super) fn new(opened: Opened, commands: Receiver<Command>, options: &ConnectOptions) -> Conversation {
        let config = WebSocketConfig::default()
            .read_buffer_size(64 * 1024)
            .max_write_buffer_size(OUTPUT_LIMIT)
            .max_message_size(Some(LARGEST_MESSAGE))
            .max_frame_size(Some(LARGEST_MESSAGE));
        // What came early goes through the adapter where there is something to adapt.
        let (early, rest) = if opened.terms.is_some() { (opened.rest, Vec::new()) } else { (Vec::new(), opened.rest) };
        let frames = PlainFrames::new(opened.tap, opened.terms.as_ref(), early);
        Conversation {
            socket: WebSocket::from_partially_read(frames, rest, Role::Client, Some(config)),
            commands,
            echo: options.echo,
            close_patience: options.close_patience,
            reading: Reading::Messages,
            waiting: None,
            is_output_pending: false,
            is_output_lost: false,
            progress: None,
            deadline: None,
        }
    }

    /// Talks until the connection has ended.
    pub(super) fn run(mut self, reactor: &mut Reactor) {
        loop {
            // Read before the commands, so that what was asked for before the abort is still done.
            let is_aborted = reactor.signal().is_aborted();
            self.socket.get_mut().allow(TURN);
            self.take_commands();
            self.read();
            self.flush();
            self.renew_patience();
            let is_too_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
            match self.tap().end() {
                Some(StreamEnd::Fin) => return self.finish(TransportEnd::Fin),
                Some(StreamEnd::Reset | StreamEnd::Broken) => return self.read_what_is_left(),
                None if is_aborted || self.is_output_lost => return self.abort(),
                None if is_too_late => return self.finish(TransportEnd::Timeout),
                None => {}
            }
            if !self.tap().is_used_up()
                && !self.socket.get_ref().is_used_up()
                && let Err(error) = self.wait(reactor)
            {
                self.note(format!("The system does not let this connection wait for its socket: {error}."));
                return self.abort();
            }
        }
    }

    fn take_commands(&mut self) {
        if let Some(message) = self.waiting.take() {
            self.write(message);
        }
        while self.waiting.is_none()
            && let Ok(command) = self.commands.try_recv()
        {
            self.apply(command);
        }
    }

    fn apply(&mut self, command: Command) {
        match command {
            Command::SendText(text) => self.write(Message::text(text)),
            Command::SendBinary(bytes) => self.write(Message::Binary(bytes)),
            Command::SendPing(payload) => self.write(Message::Ping(payload.bytes().clone())),
            // As a frame: a `Message::Pong` could take the place of the answer to a Ping.
            Command::SendPong(payload) => self.write(Message::Frame(Frame::pong(payload.bytes().clone()))),
            Command::Close(request) => {
                self.close(Some(CloseFrame { code: request.code().0.into(), reason: request.reason().into() }));
            }
            Command::CloseEmpty => self.close(None),
            // The signal says it, so that it does not have to wait in the queue.
            Command::Abort => {}
        }
    }

    fn write(&mut self, message: Message) {
        if message.len() > LARGEST_MESSAGE {
            let length = message.len();
            self.note(format!("Not sent: the message has {length} bytes; the limit is {LARGEST_MESSAGE}."));
            return;
        }
        match self.socket.write(message) {
            Ok(()) => {}
            Err(Error::WriteBufferFull(message)) => self.waiting = Some(*message),
            // It is in the output and goes out with the next flush; or the connection has ended, which the tap has recorded.
            Err(Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed) => {}
            Err(Error::Protocol(_)) => self.note("Not sent: the closing handshake has begun."),
            Err(error) => self.note(format!("Not sent: {error}.")),
        }
    }

    fn close(&mut self, frame: Option<CloseFrame>) {
        if !self.socket.can_write() {
            return self.note("No second Close was sent: the closing handshake has begun.");
        }
        // tungstenite would drop a Close that finds no room in the output.
        self.socket.set_config(|config| config.max_write_buffer_size = usize::MAX);
        // Where it did not go out at once, the next flush continues.
        let _ = self.socket.close(frame);
    }

    fn read(&mut self) {
        self.tap_mut().allow(TURN);
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
            self.read_for_the_record();
        }
    }

    fn read_for_the_record(&mut self) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.tap_mut().read(&mut buffer) {
                Ok(length) if length > 0 => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }

    fn server_closed(&mut self, reported: Option<CloseFrame>) {
        self.reading = Reading::Record;
        // The answer goes out before anything that comes behind the Close is looked at.
        self.flush();
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

    fn flush(&mut self) {
        self.is_output_pending = match self.socket.flush() {
            Ok(()) => self.waiting.is_some(),
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

    /// Once a Close is on its way, waits anew after each step: bytes that the server takes, and its own Close.
    fn renew_patience(&mut self) {
        if self.socket.can_write() {
            return;
        }
        let written = if self.is_output_pending {
            self.tap().written().saturating_add(self.socket.get_ref().accepted())
        } else {
            0
        };
        let progress = Progress { reading: self.reading, is_output_pending: self.is_output_pending, written };
        if self.progress.replace(progress) != Some(progress) {
            self.deadline = Instant::now().checked_add(self.close_patience);
        }
    }

    fn wait(&mut self, reactor: &mut Reactor) -> std::io::Result<()> {
        let deadline = self.deadline;
        let is_output_pending = self.is_output_pending;
        let tap = self.tap_mut();
        let wants_write = is_output_pending || tap.stream().wants_write();
        reactor.watch(tap.stream_mut().socket(), wants_write)?;
        reactor.wait(tap.recording(), deadline)
    }

    /// Ends our half of the connection.
    fn finish(mut self, how: TransportEnd) {
        self.tap_mut().stream_mut().shut_down();
        self.recording().transport_ended(Side::Client, how);
    }

    fn abort(mut self) {
        self.recording().transport_ended(Side::Client, TransportEnd::Local);
        self.socket.into_inner().into_stream().into_stream().reset();
    }

    /// A write can learn of the reset while bytes that came before it have not been read.
    fn read_what_is_left(mut self) {
        self.tap_mut().allow(usize::MAX);
        self.read_for_the_record();
    }

    fn note(&mut self, text: impl Into<String>) {
        self.recording().note(text);
    }

    fn recording(&mut self) -> &mut Recording {
        self.tap_mut().recording()
    }

    fn tap(&self) -> &Tap<Transport> {
        self.socket.get_ref().stream()
    }

    fn tap_mut(&mut self) -> &mut Tap<Transport> {
        self.socket.get_mut().stream_mut()
    }
}
