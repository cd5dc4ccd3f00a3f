//! What a log is read from: once from its start to its end, and later again at any place.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;

use crate::session::ByteSource;

use super::positioned::{FileSource, read_from};

/// A log before it is read.
pub(super) struct Input {
    /// Its bytes from the first to the last.
    pub(super) reading: Box<dyn Read>,
    /// The same bytes at any place.
    pub(super) source: Arc<dyn ByteSource>,
}

impl Input {
    /// A log in a file.
    pub(super) fn of_file(file: File) -> Input {
        let source = Arc::new(FileSource(file));
        Input { reading: Box::new(FromStart { file: Arc::clone(&source), position: 0 }), source }
    }

    /// A log in memory.
    pub(super) fn of_memory(bytes: Bytes) -> Input {
        Input { reading: Box::new(io::Cursor::new(bytes.clone())), source: Arc::new(bytes) }
    }
}

/// Reads a file without its own position, which those share who read it at any place.
struct FromStart {
    file: Arc<FileSource>,
    position: u64,
}

impl Read for FromStart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_from(&self.file.0, self.position, buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}
