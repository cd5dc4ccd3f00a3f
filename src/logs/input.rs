//! What a log is read from: bytes at any place, for several readers at a time.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use bytes::Bytes;

use crate::session::byte_store::copy_start;
use crate::session::{ByteSource, Kept, PartReader};

use super::positioned::read_from;
use super::window::Window;

/// The bytes of a log.
#[derive(Debug, Clone)]
pub(super) enum Input {
    File(Arc<File>),
    Memory(Bytes),
}

impl Input {
    /// Reads some bytes from this position on; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Input::File(file) => loop {
                match read_from(file, position, buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    answer => return answer,
                }
            },
            Input::Memory(bytes) => {
                let start = usize::try_from(position).unwrap_or(usize::MAX);
                Ok(copy_start(bytes.get(start..).unwrap_or_default(), buffer))
            }
        }
    }
}

/// Of a log that holds the bytes of its sessions as they are, such as a capture.
impl ByteSource for Input {
    fn reader(&self) -> Box<dyn PartReader + '_> {
        Box::new(Window::new(self.clone()))
    }
}

impl PartReader for Window {
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize {
        self.go_to(kept.position + skipped as u64);
        // What cannot be read is missing.
        self.see(buffer.len()).map_or(0, |seen| copy_start(seen, buffer))
    }
}
