//! Reading a file from its start to its end through a window: what is seen is borrowed, and its place in the file is known.

use std::io::{self, ErrorKind, Read};

/// How many bytes are asked for together.
const STEP: usize = 256 << 10;

/// The part of a file that can be seen.
#[derive(Debug)]
pub(super) struct Window<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
}

impl<R: Read> Window<R> {
    /// A window at the start of a file.
    pub(super) fn new(input: R) -> Self {
        Window { input, buffer: Vec::new(), start: 0, end: 0, offset: 0 }
    }

    /// Where in the file the next byte stands.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next `length` bytes; fewer when the file ends before.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn see(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.end - self.start < length && self.fill()? {}
        let seen = self.buffer.get(self.start..self.end).unwrap_or_default();
        Ok(seen.get(..length).unwrap_or(seen))
    }

    /// The next line with its line end, which only the last one may be without; at most `longest` bytes of it. Empty at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn see_line(&mut self, longest: usize) -> io::Result<&[u8]> {
        let mut searched = 0;
        let length = loop {
            let seen = self.buffer.get(self.start..self.end).unwrap_or_default();
            if let Some(place) = memchr::memchr(b'\n', seen.get(searched..).unwrap_or_default()) {
                break searched + place + 1;
            }
            searched = seen.len();
            if searched >= longest || !self.fill()? {
                break searched;
            }
        };
        self.see(length.min(longest))
    }

    /// Passes over bytes that have been seen.
    pub(super) fn pass(&mut self, length: usize) {
        let length = length.min(self.end - self.start);
        self.start += length;
        self.offset += length as u64;
    }

    /// Reads more; the window grows only as the file goes, so that a length that is not true takes no memory.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + STEP {
            self.buffer.resize((self.end + STEP).next_power_of_two(), 0);
        }
        loop {
            match self.input.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => {
                    let read = read?;
                    self.end += read;
                    return Ok(read > 0);
                }
            }
        }
    }
}
