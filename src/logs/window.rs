//! Reading a log through a window: what is seen is borrowed, and its place in the log is known.

use std::io;

use super::input::Input;

/// How many bytes are read together at first, and behind a leap; four times as many each time that reading goes on.
const LEAST_READ: usize = 4 << 10;

/// How many bytes are read together at most.
const MOST_READ: usize = 256 << 10;

/// The part of a log that can be seen.
#[derive(Debug)]
pub(super) struct Window {
    input: Input,
    buffer: Vec<u8>,
    /// Where in the log the buffer begins.
    buffer_offset: u64,
    start: usize,
    end: usize,
    read_together: usize,
}

impl Window {
    /// A window at the start of a log.
    pub(super) fn new(input: Input) -> Window {
        Window { input, buffer: Vec::new(), buffer_offset: 0, start: 0, end: 0, read_together: LEAST_READ }
    }

    /// A window that reads a byte at a time, to try every place where one may end.
    #[cfg(test)]
    pub(super) fn dripping(input: Input) -> Window {
        Window { read_together: 1, ..Window::new(input) }
    }

    /// Where in the log the next byte stands.
    pub(super) fn offset(&self) -> u64 {
        self.buffer_offset + self.start as u64
    }

    /// What can be seen without reading more.
    #[inline]
    pub(super) fn seen(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The next `length` bytes; fewer when the log ends before.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn see(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.end - self.start < length && self.read_more()? {}
        let seen = self.seen();
        Ok(seen.get(..length).unwrap_or(seen))
    }

    /// The next line with its line end, which only the last one may be without; at most `longest` bytes of it. Empty at the end of the log.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn see_line(&mut self, longest: usize) -> io::Result<&[u8]> {
        let mut searched = 0;
        let length = loop {
            let seen = self.seen();
            if let Some(place) = memchr::memchr(b'\n', seen.get(searched..).unwrap_or_default()) {
                break searched + place + 1;
            }
            searched = seen.len();
            if searched >= longest || !self.read_more()? {
                break searched;
            }
        };
        self.see(length.min(longest))
    }

    /// Passes over bytes that have been seen.
    #[inline]
    pub(super) fn pass(&mut self, length: usize) {
        self.start += length.min(self.end - self.start);
    }

    /// Goes to any place of the log.
    pub(super) fn go_to(&mut self, offset: u64) {
        match offset.checked_sub(self.buffer_offset).filter(|place| *place <= self.end as u64) {
            Some(place) => self.start = place as usize,
            None => {
                (self.buffer_offset, self.start, self.end) = (offset, 0, 0);
                self.read_together = LEAST_READ.min(self.read_together);
            }
        }
    }

    /// Reads more behind what is seen; says whether there was more. The window grows only as the log goes, so that a length that is not
    /// true takes no memory.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub(super) fn read_more(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.buffer_offset += self.start as u64;
            (self.start, self.end) = (0, self.end - self.start);
        }
        // What lies over many readings is looked at anew after each, so that there must be few of them.
        let most = self.end + self.read_together.max(self.end);
        if self.buffer.len() < most {
            self.buffer.resize(most.next_power_of_two(), 0);
        }
        let place = self.buffer.get_mut(self.end..most).unwrap_or_default();
        let read = self.input.read_at(self.buffer_offset + self.end as u64, place)?;
        self.end += read;
        if self.read_together >= LEAST_READ {
            self.read_together = (self.read_together * 4).min(MOST_READ);
        }
        Ok(read > 0)
    }
}
