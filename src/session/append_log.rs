//! A list that grows at its end and whose snapshots share what is already there.

use std::sync::Arc;

/// How many entries a block holds; a snapshot copies at most this many.
const BLOCK: usize = 1024;

/// Entries that are complete; moved here as they were written, not copied.
type Block<T> = Arc<Vec<T>>;

/// The growing list, owned by its one writer.
#[derive(Debug, Clone)]
pub struct AppendLog<T> {
    sealed: Arc<Vec<Block<T>>>,
    open: Vec<T>,
}

impl<T> Default for AppendLog<T> {
    fn default() -> Self {
        AppendLog { sealed: Arc::default(), open: Vec::new() }
    }
}

impl<T: Clone> AppendLog<T> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.sealed.len() * BLOCK + self.open.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry at the end.
    #[inline]
    pub fn push(&mut self, entry: T) {
        self.open.push(entry);
        if self.open.len() == BLOCK {
            let full = std::mem::replace(&mut self.open, Vec::with_capacity(BLOCK));
            Arc::make_mut(&mut self.sealed).push(Arc::new(full));
        }
    }

    /// The entry at this place.
    pub fn get(&self, index: usize) -> Option<&T> {
        entry(&self.sealed, &self.open, index)
    }

    /// The entries from this place on.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> {
        let sealed = self.sealed.get(start / BLOCK..).unwrap_or_default();
        let first = self.len().min(start) - (self.sealed.len() - sealed.len()) * BLOCK;
        sealed.iter().map(|block| block.as_slice()).chain([self.open.as_slice()]).flatten().skip(first)
    }

    /// The newest entries, as many as asked for; at most those that lie in one block with the last.
    pub fn newest(&self, count: usize) -> &[T] {
        let block = match self.sealed.last() {
            Some(block) if self.open.is_empty() => block,
            _ => &self.open,
        };
        block.get(block.len().saturating_sub(count)..).unwrap_or_default()
    }

    /// The entry at this place, to be changed; a block that a snapshot shares is copied first.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if index / BLOCK < self.sealed.len() {
            let block = Arc::make_mut(&mut self.sealed).get_mut(index / BLOCK)?;
            Arc::make_mut(block).get_mut(index % BLOCK)
        } else {
            self.open.get_mut(index.checked_sub(self.sealed.len() * BLOCK)?)
        }
    }

    /// The list as it is now.
    pub fn snapshot(&self) -> Frozen<T> {
        Frozen { sealed: Arc::clone(&self.sealed), open: self.open.as_slice().into() }
    }
}

/// A list as it was at one moment.
#[derive(Debug, Clone)]
pub struct Frozen<T> {
    sealed: Arc<Vec<Block<T>>>,
    open: Arc<[T]>,
}

impl<T> Frozen<T> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.sealed.len() * BLOCK + self.open.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at this place.
    pub fn get(&self, index: usize) -> Option<&T> {
        entry(&self.sealed, &self.open, index)
    }

    /// The entries from this place on.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = &T> {
        (start..self.len()).map_while(|index| self.get(index))
    }

    /// All entries.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// The number of entries at the start for which this holds, when it holds for no entry after them.
    pub fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&holds) { low = middle + 1 } else { high = middle }
        }
        low
    }
}

fn entry<'list, T>(sealed: &'list [Block<T>], open: &'list [T], index: usize) -> Option<&'list T> {
    match sealed.get(index / BLOCK) {
        Some(block) => block.get(index % BLOCK),
        None if index / BLOCK == sealed.len() => open.get(index % BLOCK),
        None => None,
    }
}
