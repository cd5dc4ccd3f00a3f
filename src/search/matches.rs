//! The frames that a filter matches, as a set of bits: small, shared with whoever looks, and exact at any place.

use std::ops::Range;
use std::sync::Arc;

use crate::protocol::frame::FrameNumber;

/// How many words a block has.
const WORDS: usize = 64;

/// How many frames a block is about.
const BLOCK: usize = WORDS * 64;

/// The frames of one block that match.
#[derive(Debug, Clone)]
struct Block {
    words: [u64; WORDS],
}

/// A block and how many frames match before it.
#[derive(Debug, Clone)]
struct Placed {
    block: Arc<Block>,
    before: usize,
    count: usize,
}

/// The frames that match. A copy is cheap and stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    blocks: Arc<Vec<Placed>>,
    count: usize,
}

impl Matches {
    /// How many frames match.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no frame matches.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a frame matches.
    pub fn contains(&self, number: FrameNumber) -> bool {
        let index = number.index();
        self.word(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// The frame at this place among those that match.
    pub fn get(&self, place: usize) -> Option<FrameNumber> {
        let index = self.blocks.partition_point(|placed| placed.before + placed.count <= place);
        let placed = self.blocks.get(index)?;
        let mut rest = place - placed.before;
        for (at, word) in placed.block.words.iter().enumerate() {
            let ones = word.count_ones() as usize;
            if rest < ones {
                let mut word = *word;
                for _ in 0..rest {
                    word &= word - 1;
                }
                return Some(FrameNumber::from_index(index * BLOCK + at * 64 + word.trailing_zeros() as usize));
            }
            rest -= ones;
        }
        None
    }

    /// How many of the frames that match come before the frame at this place of the session; its own place when it matches.
    pub fn before(&self, index: usize) -> usize {
        let Some(placed) = self.blocks.get(index / BLOCK) else { return self.count };
        let (word, bit) = (index % BLOCK / 64, index % 64);
        let whole: u32 = placed.block.words.iter().take(word).map(|word| word.count_ones()).sum();
        let part = placed.block.words.get(word).map_or(0, |word| (word & ((1 << bit) - 1)).count_ones());
        placed.before + (whole + part) as usize
    }

    /// How many frames of this range of the session match.
    pub fn count_in(&self, range: Range<usize>) -> usize {
        self.before(range.end).saturating_sub(self.before(range.start))
    }

    /// The next frame after this one that matches, or the first one.
    pub fn next_after(&self, number: Option<FrameNumber>) -> Option<FrameNumber> {
        self.get(number.map_or(0, |number| self.before(number.index() + 1)))
    }

    /// The next frame before this one that matches, or the last one.
    pub fn last_before(&self, number: Option<FrameNumber>) -> Option<FrameNumber> {
        let before = number.map_or(self.count, |number| self.before(number.index()));
        self.get(before.checked_sub(1)?)
    }

    /// The frames that match, in order.
    pub fn iter(&self) -> impl Iterator<Item = FrameNumber> {
        let words = self.blocks.iter().flat_map(|placed| placed.block.words);
        words.enumerate().flat_map(|(at, word)| {
            let bits = (0..64).filter(move |bit| word & (1 << bit) != 0);
            bits.map(move |bit| FrameNumber::from_index(at * 64 + bit))
        })
    }

    /// Says of the frame at this place of the session whether it matches.
    pub(super) fn set(&mut self, index: usize, matches: bool) {
        if self.word(index / 64).is_none() && !matches {
            return;
        }
        let blocks = Arc::make_mut(&mut self.blocks);
        while blocks.len() <= index / BLOCK {
            blocks.push(Placed { block: Arc::new(Block { words: [0; WORDS] }), before: self.count, count: 0 });
        }
        let Some(placed) = blocks.get_mut(index / BLOCK) else { return };
        let Some(word) = placed.block.words.get(index % BLOCK / 64) else { return };
        let bit = 1 << (index % 64);
        if (word & bit != 0) == matches {
            return;
        }
        if let Some(word) = Arc::make_mut(&mut placed.block).words.get_mut(index % BLOCK / 64) {
            *word ^= bit;
        }
        let change = |count: &mut usize| *count = if matches { *count + 1 } else { *count - 1 };
        change(&mut placed.count);
        blocks.iter_mut().skip(index / BLOCK + 1).for_each(|later| change(&mut later.before));
        change(&mut self.count);
    }

    fn word(&self, word: usize) -> Option<u64> {
        self.blocks.get(word / WORDS)?.block.words.get(word % WORDS).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_set_of_bits_is_the_same_as_a_list() {
        let mut matches = Matches::default();
        let mut list = BTreeSet::new();
        // Numbers that jump through five blocks; every third is taken out again.
        let places = (0..6_000_usize).map(|step| step * 7_919 % (5 * BLOCK));
        for (step, place) in places.enumerate() {
            let matches_now = step % 3 != 0 || !list.contains(&place);
            matches.set(place, matches_now);
            if matches_now {
                list.insert(place)
            } else {
                list.remove(&place)
            };
        }
        let early = matches.clone();
        let list: Vec<usize> = list.into_iter().collect();
        matches.set(5 * BLOCK + 3, true);
        assert_eq!(early.len(), list.len());
        assert_eq!(early.iter().map(FrameNumber::index).collect::<Vec<_>>(), list);
        for (place, index) in list.iter().enumerate() {
            assert_eq!(early.get(place).map(FrameNumber::index), Some(*index));
            assert_eq!(early.before(*index), place);
            assert!(early.contains(FrameNumber::from_index(*index)));
        }
        assert_eq!(early.get(list.len()), None);
        for index in (0..6 * BLOCK).step_by(61) {
            let before = list.partition_point(|place| *place < index);
            assert_eq!(early.before(index), before);
            let number = FrameNumber::from_index(index);
            let after = list.iter().find(|place| **place > index).copied();
            assert_eq!(early.next_after(Some(number)).map(FrameNumber::index), after);
            assert_eq!(
                early.last_before(Some(number)).map(FrameNumber::index),
                before.checked_sub(1).map(|at| list[at])
            );
        }
        assert_eq!(early.count_in(BLOCK..3 * BLOCK), list.iter().filter(|at| (BLOCK..3 * BLOCK).contains(at)).count());
    }
}
