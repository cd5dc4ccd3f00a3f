//! The outlet: raw bytes on their way into a stream, which nothing that is written meanwhile may break into.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};

use bytes::{Buf, Bytes};

/// A stream with a queue of raw bytes in front of it; whatever is written goes behind them.
pub(super) struct Outlet<S> {
    stream: S,
    queue: VecDeque<Bytes>,
    queued: usize,
}

impl<S> Outlet<S> {
    /// An outlet with nothing in it.
    pub(super) fn new(stream: S) -> Outlet<S> {
        Outlet { stream, queue: VecDeque::new(), queued: 0 }
    }

    /// The stream below.
    pub(super) fn stream(&self) -> &S {
        &self.stream
    }

    /// The stream below; what is written to it directly could break into raw bytes.
    pub(super) fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The stream alone; what was queued is lost.
    pub(super) fn into_stream(self) -> S {
        self.stream
    }

    /// Puts bytes at the end of the queue.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.queued += bytes.len();
            self.queue.push_back(bytes);
        }
    }

    /// How many bytes wait.
    pub(super) fn queued(&self) -> usize {
        self.queued
    }
}

impl<S: Write> Outlet<S> {
    fn drain(&mut self) -> io::Result<()> {
        while let Some(bytes) = self.queue.front_mut() {
            match self.stream.write(bytes)? {
                0 => return Err(ErrorKind::WriteZero.into()),
                length => {
                    bytes.advance(length);
                    self.queued -= length;
                }
            }
            if bytes.is_empty() {
                self.queue.pop_front();
            }
        }
        Ok(())
    }
}

impl<S: Read> Read for Outlet<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }
}

impl<S: Write> Write for Outlet<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.drain()?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain()?;
        self.stream.flush()
    }
}
