//! Some of a session's frames, as a set of bits: small, shared with whoever looks, and exact at any place.

use std::ops::Range;
use std::sync::Arc;

use crate::protocol::frame::FrameNumber;

/// How many words a block has.
const WORDS: usize = 64;

/// How many frames a block is about.
const BLOCK: usize = WORDS * 64;

/// The frames of one block that belong to the set.
#[derive(Debug, Clone)]
struct Block {
    words: [u64; WORDS],
}

/// A block and how many frames of the set come before it.
#[derive(Debug, Clone)]
struct Placed {
    block: Arc<Block>,
    before: usize,
    count: usize,
}

/// Some of a session's frames. A copy is cheap and stays as it is.
#[derive(Debug, Clone, Default)]
pub struct FrameSet {
    blocks: Arc<Vec<Placed>>,
    count: usize,
}

impl FrameSet {
    /// How many frames belong to it.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no frame belongs to it.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a frame belongs to it.
    pub fn contains(&self, number: FrameNumber) -> bool {
        let index = number.index();
        self.word(index / 64).is_some_and(|word| word & (1 << (index % 64)) != 0)
    }

    /// The frame at this place among those that belong to it.
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

    /// How many frames of the set come before the frame at this place of the session; its own place when it belongs to it.
    pub fn before(&self, index: usize) -> usize {
        let Some(placed) = self.blocks.get(index / BLOCK) else { return self.count };
        let (word, bit) = (index % BLOCK / 64, index % 64);
        let whole: u32 = placed.block.words.iter().take(word).map(|word| word.count_ones()).sum();
        let part = placed.block.words.get(word).map_or(0, |word| (word & ((1 << bit) - 1)).count_ones());
        placed.before + (whole + part) as usize
    }

    /// How many frames of this range of the session belong to it.
    pub fn count_in(&self, range: Range<usize>) -> usize {
        self.before(range.end).saturating_sub(self.before(range.start))
    }

    /// The next frame of the set after this one, or the first one.
    pub fn next_after(&self, number: Option<FrameNumber>) -> Option<FrameNumber> {
        self.get(number.map_or(0, |number| self.before(number.index() + 1)))
    }

    /// The next frame of the set before this one, or the last one.
    pub fn last_before(&self, number: Option<FrameNumber>) -> Option<FrameNumber> {
        let before = number.map_or(self.count, |number| self.before(number.index()));
        self.get(before.checked_sub(1)?)
    }

    /// The frames of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = FrameNumber> {
        self.iter_from(0)
    }

    /// The frames of the set from this place of the session on, in order.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = FrameNumber> {
        let first = index / 64;
        let blocks = self.blocks.iter().skip(first / WORDS).flat_map(|placed| placed.block.words.iter());
        let words = (first / WORDS * WORDS..).zip(blocks).skip(first % WORDS);
        words.flat_map(move |(at, word)| {
            let asked = if at == first { u64::MAX << (index % 64) } else { u64::MAX };
            let mut rest = word & asked;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    FrameNumber::from_index(at * 64 + bit)
                })
            })
        })
    }

    /// Whether this is a copy of another set.
    pub fn is_copy_of(&self, other: &FrameSet) -> bool {
        Arc::ptr_eq(&self.blocks, &other.blocks)
    }

    /// Whether this set and another one say the same of the first `frames` frames of the session.
    pub fn agrees_with(&self, other: &FrameSet, frames: usize) -> bool {
        let block = |set: &FrameSet, index: usize| set.blocks.get(index).map(|placed| Arc::as_ptr(&placed.block));
        let differing = (0..frames.div_ceil(BLOCK)).filter(|index| block(self, *index) != block(other, *index));
        let mut words = differing.flat_map(|index| index * WORDS..((index + 1) * WORDS).min(frames.div_ceil(64)));
        words.all(|at| {
            let asked = u64::MAX >> (at * 64 + 64).saturating_sub(frames);
            (self.word(at).unwrap_or(0) ^ other.word(at).unwrap_or(0)) & asked == 0
        })
    }

    /// Says of the frame at this place of the session whether it belongs to the set.
    pub fn set(&mut self, index: usize, belongs: bool) {
        if self.word(index / 64).is_none() && !belongs {
            return;
        }
        let blocks = Arc::make_mut(&mut self.blocks);
        while blocks.len() <= index / BLOCK {
            blocks.push(Placed { block: Arc::new(Block { words: [0; WORDS] }), before: self.count, count: 0 });
        }
        let Some(placed) = blocks.get_mut(index / BLOCK) else { return };
        let Some(word) = placed.block.words.get(index % BLOCK / 64) else { return };
        let bit = 1 << (index % 64);
        if (word & bit != 0) == belongs {
            return;
        }
        if let Some(word) = Arc::make_mut(&mut placed.block).words.get_mut(index % BLOCK / 64) {
            *word ^= bit;
        }
        let change = |count: &mut usize| *count = if belongs { *count + 1 } else { *count - 1 };
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
        let mut set = FrameSet::default();
        let mut list = BTreeSet::new();
        // Numbers that jump through five blocks; every third is taken out again.
        let places = (0..6_000_usize).map(|step| step * 7_919 % (5 * BLOCK));
        for (step, place) in places.enumerate() {
            let belongs = step % 3 != 0 || !list.contains(&place);
            set.set(place, belongs);
            if belongs {
                list.insert(place)
            } else {
                list.remove(&place)
            };
        }
        let early = set.clone();
        let list: Vec<usize> = list.into_iter().collect();
        set.set(5 * BLOCK + 3, true);
        assert_eq!(early.len(), list.len());
        assert_eq!(early.iter().map(FrameNumber::index).collect::<Vec<_>>(), list);
        for start in (0..6 * BLOCK).step_by(997) {
            let rest = list.partition_point(|place| *place < start);
            assert_eq!(early.iter_from(start).map(FrameNumber::index).collect::<Vec<_>>(), list[rest..]);
        }
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
    #[test]
    fn sets_agree_up_to_the_first_frame_that_only_one_of_them_has() {
        let mut set = FrameSet::default();
        (0..3 * BLOCK).step_by(5).for_each(|place| set.set(place, true));
        for place in [0, 63, 64, BLOCK - 1, BLOCK, 2 * BLOCK + 70, 3 * BLOCK + 1] {
            let mut other = set.clone();
            other.set(place, !set.contains(FrameNumber::from_index(place)));
            for (one, another) in [(&set, &other), (&other, &set)] {
                assert!(one.agrees_with(another, place), "{place}");
                assert!(!one.agrees_with(another, place + 1), "{place}");
                assert!(!one.agrees_with(another, 5 * BLOCK), "{place}");
            }
        }
        assert!(set.agrees_with(&set.clone(), 5 * BLOCK));
        assert!(FrameSet::default().agrees_with(&FrameSet::default(), BLOCK));
    }
}
