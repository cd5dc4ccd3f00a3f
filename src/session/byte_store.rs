//! Where the recorded bytes of a session are: in memory, or in a file that they can be read back from; who puts them there, and in which
//! form, is not known here.

use std::fmt::Debug;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

/// Bytes that were recorded together, as the source that keeps them knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Where they are: for most sources where the first of them stands.
    pub position: u64,
    /// How many there are.
    pub length: usize,
}

/// Something that the parts of a session can be read back from: a file that holds them in whatever form, or memory.
pub trait ByteSource: Debug + Send + Sync {
    /// A reader of its parts.
    fn reader(&self) -> Box<dyn PartReader + '_>;
}

/// Reads parts back. Most are asked for in the order in which they were recorded, so that a reader may read ahead.
pub trait PartReader {
    /// Fills `buffer` with the bytes of a part behind the first `skipped`, and says how many there were; fewer than fit when the rest
    /// is not there or cannot be read any more.
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize;
}

/// Copies as much as there is and fits, and says how much that is.
pub fn copy_start(from: &[u8], to: &mut [u8]) -> usize {
    let length = from.len().min(to.len());
    if let (Some(to), Some(from)) = (to.get_mut(..length), from.get(..length)) {
        to.copy_from_slice(from);
    }
    length
}

/// Positions from here on are in memory, those before in the source; no file is that long.
const IN_MEMORY: u64 = 1 << 63;

/// Bytes that are added together before they are moved to the others.
const BLOCK: usize = 1 << 20;

/// The bytes of a session: those of its source, and those that only memory holds.
#[derive(Debug, Clone, Default)]
pub(super) struct ByteStore {
    source: Option<Arc<dyn ByteSource>>,
    memory: Arc<MemoryBytes>,
}

impl ByteStore {
    /// The bytes of this source, and none in memory yet.
    pub(super) fn over(source: Arc<dyn ByteSource>) -> ByteStore {
        ByteStore { source: Some(source), memory: Arc::default() }
    }

    /// A reader of the parts that are kept.
    pub(super) fn reader(&self) -> StoreReader<'_> {
        StoreReader { store: self, source: None }
    }
}

/// Reads parts back from where they are.
pub(super) struct StoreReader<'store> {
    store: &'store ByteStore,
    source: Option<Box<dyn PartReader + 'store>>,
}

impl StoreReader<'_> {
    /// Fills `into` with the bytes of a part behind the first `skipped`, and says how many could be read.
    pub(super) fn read(&mut self, kept: Kept, skipped: usize, into: &mut [u8]) -> usize {
        match kept.position.checked_sub(IN_MEMORY) {
            Some(position) => self.store.memory.read_at(position + skipped as u64, into),
            None => {
                if self.source.is_none() {
                    self.source = self.store.source.as_ref().map(|source| source.reader());
                }
                self.source.as_mut().map_or(0, |source| source.read(kept, skipped, into))
            }
        }
    }
}

/// The writing end of what only memory holds.
#[derive(Debug, Default)]
pub(super) struct MemoryWriter {
    memory: Arc<MemoryBytes>,
    /// Bytes that are not moved to the others yet, and cannot be read before that.
    open: Vec<u8>,
    length: u64,
}

impl MemoryWriter {
    /// The writing end of a store's memory; a store has one.
    pub(super) fn of(store: &ByteStore) -> MemoryWriter {
        MemoryWriter { memory: Arc::clone(&store.memory), ..MemoryWriter::default() }
    }

    /// Keeps bytes, and says at which position.
    pub(super) fn append(&mut self, bytes: &[u8]) -> u64 {
        let position = IN_MEMORY + self.length;
        self.open.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.open.len() >= BLOCK {
            self.settle();
        }
        position
    }

    /// Lets everything that was appended be read.
    pub(super) fn settle(&mut self) {
        if !self.open.is_empty() {
            let mut block = std::mem::take(&mut self.open);
            block.shrink_to_fit();
            let start = self.length - block.len() as u64;
            let mut blocks = self.memory.blocks.write().unwrap_or_else(PoisonError::into_inner);
            blocks.push((start, block.into()));
        }
    }
}

/// Bytes in blocks, in the order of their positions and without gaps.
#[derive(Debug, Default)]
struct MemoryBytes {
    blocks: RwLock<Vec<(u64, Bytes)>>,
}

impl MemoryBytes {
    fn read_at(&self, position: u64, buffer: &mut [u8]) -> usize {
        let blocks = self.blocks.read().unwrap_or_else(PoisonError::into_inner);
        let first = blocks.partition_point(|(start, block)| start + block.len() as u64 <= position);
        let mut read = 0;
        for (start, block) in blocks.iter().skip(first) {
            let skipped = (position + read as u64).saturating_sub(*start) as usize;
            let part = block.get(skipped..).unwrap_or_default();
            let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) else { break };
            read += copy_start(part, rest);
        }
        read
    }
}
