//! The tap: a stream that records every byte which crosses it, and how the peer's half of it ended.

use std::io::{self, ErrorKind, Read, Write};

use crate::protocol::direction::{Direction, Side};
use crate::protocol::verdict::TransportEnd;
use crate::session::event::LARGEST_PART;

use super::recording::Recording;

/// How a tapped stream came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamEnd {
    /// The server ended its half and may still be reading.
    Fin,
    /// The server reset the connection.
    Reset,
    /// The connection broke in another way, which is in a note of the recording.
    Broken,
}

/// A client's stream whose bytes are recorded: what is written goes to the server, what is read comes from it.
pub struct Tap<S> {
    stream: S,
    recording: Recording,
    end: Option<StreamEnd>,
    is_broken: bool,
    written: u64,
    received: u64,
    allowance: usize,
}

impl<S> Tap<S> {
    /// Taps a stream.
    pub fn new(stream: S, recording: Recording) -> Tap<S> {
        Tap { stream, recording, end: None, is_broken: false, written: 0, received: 0, allowance: usize::MAX }
    }

    /// The stream below.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// The stream below; what is read or written through it directly is not recorded.
    pub fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The stream alone; the recording ends.
    pub fn into_stream(self) -> S {
        self.stream
    }

    /// The stream and the recording, apart.
    pub fn into_parts(self) -> (S, Recording) {
        (self.stream, self.recording)
    }

    /// The recording.
    pub fn recording(&mut self) -> &mut Recording {
        &mut self.recording
    }

    /// How the stream ended, once it has.
    pub fn end(&self) -> Option<StreamEnd> {
        self.end
    }

    /// Whether a read or a write has failed, so that nothing more can cross, whatever the end was before.
    pub fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// How many bytes have been written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many bytes have been read.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Lets `bytes` be read before reads say [`ErrorKind::WouldBlock`], so that a peer who never pauses cannot keep its reader.
    pub fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Whether reads stopped because what was allowed is used up: there may be more to read.
    pub fn is_used_up(&self) -> bool {
        self.allowance == 0 && self.end.is_none()
    }

    fn record(&mut self, direction: Direction, bytes: &[u8]) {
        self.recording.record_bytes(direction, bytes);
    }

    fn failed(&mut self, error: &io::Error) {
        self.is_broken |= !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted);
        // Writing to a peer that has ended its half provokes a reset, which changes nothing about who ended what.
        if self.end.is_some() {
            return;
        }
        self.end = match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::Interrupted => None,
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                self.recording.transport_ended(Side::Server, TransportEnd::Rst);
                Some(StreamEnd::Reset)
            }
            kind => {
                self.recording.note(format!("The connection broke: {error}."));
                let timed_out = kind == ErrorKind::TimedOut;
                let how = if timed_out { TransportEnd::Timeout } else { TransportEnd::Local };
                self.recording.transport_ended(Side::Client, how);
                Some(StreamEnd::Broken)
            }
        };
    }
}

impl<S: Read> Tap<S> {
    /// Reads what has come and is allowed, for the record alone.
    pub fn read_for_the_record(&mut self) {
        self.read_along(|_| {});
    }

    /// The same, for somebody who hears it too.
    pub fn read_along(&mut self, mut hear: impl FnMut(&[u8])) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.read(&mut buffer) {
                Ok(length) if length > 0 => hear(buffer.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return,
            }
        }
    }
}

impl<S: Read> Read for Tap<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = buffer.len().min(LARGEST_PART).min(self.allowance);
        let Some(part) = buffer.get_mut(..room).filter(|part| !part.is_empty()) else {
            return if buffer.is_empty() { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) };
        };
        let result = self.stream.read(part);
        match &result {
            Ok(0) if self.end.is_none() => {
                self.end = Some(StreamEnd::Fin);
                self.recording.transport_ended(Side::Server, TransportEnd::Fin);
            }
            Ok(0) => {}
            Ok(length) => {
                self.allowance -= length;
                self.received += *length as u64;
                self.record(Direction::ServerToClient, buffer.get(..*length).unwrap_or_default());
            }
            Err(error) => self.failed(error),
        }
        result
    }
}

impl<S: Write> Write for Tap<S> {
    /// Writes as much as the stream takes at once, recorded in parts of at most [`LARGEST_PART`].
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut total = 0;
        for part in bytes.chunks(LARGEST_PART) {
            match self.stream.write(part) {
                Ok(length) => {
                    total += length;
                    self.written += length as u64;
                    self.record(Direction::ClientToServer, part.get(..length).unwrap_or_default());
                    if length < part.len() {
                        break;
                    }
                }
                Err(error) => {
                    self.failed(&error);
                    return if total > 0 { Ok(total) } else { Err(error) };
                }
            }
        }
        Ok(total)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.stream.flush();
        if let Err(error) = &result {
            self.failed(error);
        }
        result
    }
}
