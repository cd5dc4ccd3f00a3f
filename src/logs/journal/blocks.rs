//! What a journal has and where: blocks that wait for the file in memory, everything before them in the file.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::session::byte_store::copy_start;
use crate::session::{ByteSource, JournalState, Kept, PartReader};

use super::super::positioned::read_from;

/// How many bytes may wait for the file; a session of which more wait has to end.
const MOST_WAITING: u64 = 1 << 30;

/// A block that has reached this length is written.
pub(super) const BLOCK: usize = 256 << 10;

/// The largest packet that may stand behind that, and a little more.
const OVERSHOOT: usize = 64 << 10;

/// How many buffers are kept to be filled again.
const MOST_SPARE: usize = 32;

/// Bytes at their place in the file.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) position: u64,
    pub(super) bytes: Arc<Vec<u8>>,
}

impl Block {
    fn end(&self) -> u64 {
        self.position + self.bytes.len() as u64
    }
}

/// One journal's bytes.
#[derive(Debug)]
pub(super) struct Blocks {
    path: PathBuf,
    /// None when it could not be made.
    file: Option<File>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    blocks: VecDeque<Block>,
    length: u64,
    problem: Option<Arc<str>>,
    /// Buffers of blocks that are in the file, to be filled again: fresh memory costs more than what is written into it.
    spare: Vec<Vec<u8>>,
}

impl Blocks {
    /// The bytes of a new file, or of none, and why there is none.
    pub(super) fn new(path: PathBuf, file: io::Result<File>) -> Blocks {
        let (file, problem) = match file {
            Ok(file) => (Some(file), None),
            Err(error) => (None, Some(cannot_keep(&error))),
        };
        Blocks { path, file, waiting: Mutex::new(Waiting { problem, ..Waiting::default() }) }
    }

    /// The file, when it could be made.
    pub(super) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// Lets these bytes be read, and wait for the file; leaves an empty buffer in their place.
    pub(super) fn push(&self, position: u64, bytes: &mut Vec<u8>) {
        let mut waiting = self.waiting();
        waiting.length += bytes.len() as u64;
        // What is small must not hold a large buffer for as long as it waits.
        let bytes = if bytes.len() < bytes.capacity() / 2 {
            let exact = bytes.as_slice().to_vec();
            bytes.clear();
            exact
        } else {
            std::mem::replace(bytes, waiting.spare.pop().unwrap_or_else(|| Vec::with_capacity(BLOCK + OVERSHOOT)))
        };
        waiting.blocks.push_back(Block { position, bytes: Arc::new(bytes) });
    }

    /// The block that waits longest.
    pub(super) fn first_waiting(&self) -> Option<Block> {
        self.waiting().blocks.front().cloned()
    }

    /// Learns that this block, which waited longest, is in the file now.
    pub(super) fn written(&self, block: Block) {
        let mut waiting = self.waiting();
        waiting.length -= block.bytes.len() as u64;
        waiting.blocks.pop_front();
        // Whoever still reads it keeps it.
        if let Ok(mut buffer) = Arc::try_unwrap(block.bytes)
            && waiting.spare.len() < MOST_SPARE
        {
            buffer.clear();
            waiting.spare.push(buffer);
        }
    }

    /// Learns why the file is not what it should be, or that it is again.
    pub(super) fn set_problem(&self, problem: Option<Arc<str>>) {
        self.waiting().problem = problem;
    }

    /// How the journal stands.
    pub(super) fn state(&self) -> JournalState {
        let waiting = self.waiting();
        JournalState {
            path: self.path.clone(),
            problem: waiting.problem.clone(),
            waiting: waiting.length,
            most_waiting: MOST_WAITING,
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The block that waits and holds the byte at this position, or else where the first one begins that does.
    fn find(&self, position: u64) -> Result<Block, Option<u64>> {
        let waiting = self.waiting();
        let index = waiting.blocks.partition_point(|block| block.end() <= position);
        match waiting.blocks.get(index) {
            Some(block) if block.position <= position => Ok(block.clone()),
            _ => Err(waiting.blocks.front().map(|block| block.position)),
        }
    }
}

/// Why a journal that is not written is no reason to stop, in words.
pub(super) fn cannot_keep(error: &io::Error) -> Arc<str> {
    format!("The journal cannot be written: {error}. The session goes on in memory; save it to keep it.").into()
}

impl ByteSource for Blocks {
    fn reader(&self) -> Box<dyn PartReader + '_> {
        Box::new(self)
    }
}

impl PartReader for &Blocks {
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize {
        let position = kept.position + skipped as u64;
        let mut read = 0;
        while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
            let place = position + read as u64;
            let taken = match self.find(place) {
                Ok(block) => {
                    let part = block.bytes.get((place - block.position) as usize..).unwrap_or_default();
                    copy_start(part, rest)
                }
                Err(first_waiting) => {
                    let in_file = first_waiting.map_or(u64::MAX, |first| first.saturating_sub(place));
                    let length = usize::try_from(in_file).unwrap_or(usize::MAX).min(rest.len());
                    let part = rest.get_mut(..length).unwrap_or_default();
                    self.file.as_ref().and_then(|file| read_from(file, place, part).ok()).unwrap_or(0)
                }
            };
            if taken == 0 {
                break;
            }
            read += taken;
        }
        read
    }
}
