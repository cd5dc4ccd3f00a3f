//! The sieve: it keeps back from the library above what the library would only read and drop, once that is recorded.
//!
//! A whole message in one frame that breaks no rule asks nothing of an endpoint: no Pong, no Close, no failure. Nearly everything that
//! crosses is such a message, and reading it again would cost more than recording it. All else passes as it came, byte for byte:
//! control frames, fragments, compressed messages, whatever breaks a rule, and frames that are cut by the end of what was read.

use std::io::{self, Read, Write};

use crate::protocol::direction::Direction;
use crate::session::FrameRow;

use super::tap::Tap;

/// A tapped stream whose reader is shown what it has to act upon.
pub(super) struct Sieve<S> {
    tap: Tap<S>,
    /// Whether everything passes, because the reader wants the messages.
    is_open: bool,
}

impl<S> Sieve<S> {
    /// A sieve that keeps messages back.
    pub(super) fn new(tap: Tap<S>) -> Sieve<S> {
        Sieve { tap, is_open: false }
    }

    /// A sieve that lets everything pass.
    pub(super) fn open(tap: Tap<S>) -> Sieve<S> {
        Sieve { tap, is_open: true }
    }

    /// The tap below.
    pub(super) fn tap(&self) -> &Tap<S> {
        &self.tap
    }

    /// The tap below; what is read through it directly passes whole.
    pub(super) fn tap_mut(&mut self) -> &mut Tap<S> {
        &mut self.tap
    }

    /// The stream below the tap; the recording ends.
    pub(super) fn into_stream(self) -> S {
        self.tap.into_stream()
    }

    /// Closes the gaps that messages leave among the bytes just read, whose frames stand in the index from `first` on; says how many
    /// bytes remain.
    fn sift(&mut self, bytes: &mut [u8], first: usize) -> usize {
        let end = self.tap.received();
        let start = end - bytes.len() as u64;
        let frames = self.tap.recording().recorder().frames().iter_from(first);
        let mut kept = 0;
        // Where what is not decided yet begins.
        let mut next = 0;
        for (from, to) in frames.filter_map(asks_nothing).filter_map(|(from, to)| within(from, to, start, end)) {
            if next < from {
                bytes.copy_within(next..from, kept);
                kept += from - next;
            }
            next = to;
        }
        let length = bytes.len();
        if next > 0 {
            bytes.copy_within(next..length, kept);
        }
        kept + length - next
    }
}

/// Where a frame begins and ends in the server's stream that is a message which nobody has to answer.
fn asks_nothing(row: &FrameRow) -> Option<(u64, u64)> {
    let is_seen = row.direction == Direction::ServerToClient && row.is_sound_message();
    let end = row.payload_offset().checked_add(row.payload_length)?;
    is_seen.then_some((row.stream_offset, end))
}

/// The places of a range in what was read, when all of it lies in there.
fn within(from: u64, to: u64, start: u64, end: u64) -> Option<(usize, usize)> {
    let is_inside = from >= start && to <= end;
    is_inside.then(|| ((from - start) as usize, (to - start) as usize))
}

impl<S: Read> Read for Sieve<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let first = self.tap.recording().recorder().frames().len();
            let length = self.tap.read(buffer)?;
            if length == 0 || self.is_open {
                return Ok(length);
            }
            let kept = self.sift(buffer.get_mut(..length).unwrap_or_default(), first);
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

impl<S: Write> Write for Sieve<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tap.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tap.flush()
    }
}
