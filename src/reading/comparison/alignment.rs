//! Which message of one list is which of the other: a longest common subsequence within a window, then what is left over by its key
//! and by its place.

use std::collections::HashMap;

/// What is known of a message for finding its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The same for the same content.
    pub(super) content: u64,
    /// The same for answers to the same request; none for what answers nothing.
    pub(super) key: Option<u64>,
}

/// How many places of one content are considered; of more, those that are nearest.
const MOST_PLACES: usize = 32;

/// A message of one list, of the other, or of both, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aligned {
    /// The same content, in the same order.
    Equal(usize, usize),
    /// The same content, in another order.
    Moved(usize, usize),
    /// Other content: answers to the same request, or what stands at the same place.
    Changed(usize, usize),
    /// Only in the first list.
    Missing(usize),
    /// Only in the second one.
    Additional(usize),
}

/// Aligns the starts of two lists; says also how many messages of each that were. Where a list goes on behind what is here, its last
/// messages wait for what follows.
pub(super) fn align(then: &[Mark], now: &[Mark], is_all: bool) -> (Vec<Aligned>, [usize; 2]) {
    let same = then.iter().zip(now).take_while(|(then, now)| then.content == now.content).count();
    let mut anchors: Vec<(usize, usize)> = (0..same).map(|place| (place, place)).collect();
    let rest = |list: &[Mark]| list.get(same..).unwrap_or_default().to_vec();
    anchors.extend(common(&rest(then), &rest(now)).into_iter().map(|(left, right)| (left + same, right + same)));
    let mut ends = [then.len(), now.len()];
    if !is_all {
        let safe = [then.len() * 3 / 4, now.len() * 3 / 4];
        let count = anchors.partition_point(|(left, right)| *left < safe[0] && *right < safe[1]);
        anchors.truncate(count);
        // Without an anchor in the whole window the half of it is given up.
        ends = anchors
            .last()
            .map_or([then.len().div_ceil(2), now.len().div_ceil(2)], |(left, right)| [left + 1, right + 1]);
    }
    (with_the_rest(then, now, &anchors, ends), ends)
}

/// A longest common subsequence, by the method of Hunt and Szymanski: its time depends on how often contents occur, not on how much
/// differs.
fn common(then: &[Mark], now: &[Mark]) -> Vec<(usize, usize)> {
    struct Link {
        pair: (usize, usize),
        before: Option<usize>,
    }
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, mark) in now.iter().enumerate() {
        places.entry(mark.content).or_default().push(place);
    }
    let mut links: Vec<Link> = Vec::new();
    // For each length of a subsequence, the one that ends earliest in the second list.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (left, mark) in then.iter().enumerate() {
        let Some(places) = places.get(&mark.content) else { continue };
        let middle = places.partition_point(|place| *place < left);
        let first = middle.saturating_sub(MOST_PLACES / 2).min(places.len().saturating_sub(MOST_PLACES));
        // From the last on, so that no two of one message follow each other.
        for right in places.iter().skip(first).take(MOST_PLACES).rev() {
            let length = ends.partition_point(|(end, _)| end < right);
            let before = length.checked_sub(1).and_then(|shorter| ends.get(shorter)).map(|(_, link)| *link);
            links.push(Link { pair: (left, *right), before });
            let end = (*right, links.len() - 1);
            match ends.get_mut(length) {
                Some(known) => *known = end,
                None => ends.push(end),
            }
        }
    }
    let mut chain = Vec::new();
    let mut next = ends.last().map(|(_, link)| *link);
    while let Some(link) = next.and_then(|link| links.get(link)) {
        chain.push(link.pair);
        next = link.before;
    }
    chain.reverse();
    chain
}

/// The anchors, and between them what was not found in the other list.
fn with_the_rest(then: &[Mark], now: &[Mark], anchors: &[(usize, usize)], ends: [usize; 2]) -> Vec<Aligned> {
    let mut likes = Likes::of(then, now, anchors, ends);
    let mut aligned = Vec::new();
    let (mut left, mut right) = (0, 0);
    let stops = anchors.iter().map(|pair| (*pair, true)).chain([((ends[0], ends[1]), false)]);
    for ((left_stop, right_stop), is_anchor) in stops {
        let mut others = (right..right_stop).filter(|place| !likes.is_taken(*place)).collect::<Vec<_>>().into_iter();
        for place in left..left_stop {
            aligned.push(match likes.of_then(place) {
                Some(like) => like,
                None => others.next().map_or(Aligned::Missing(place), |other| Aligned::Changed(place, other)),
            });
        }
        aligned.extend(others.map(Aligned::Additional));
        if is_anchor {
            aligned.push(Aligned::Equal(left_stop, right_stop));
        }
        (left, right) = (left_stop + 1, right_stop + 1);
    }
    aligned
}

/// What is in both lists, but not in the same order.
struct Likes {
    of_then: HashMap<usize, Aligned>,
    taken: Vec<bool>,
}

impl Likes {
    fn of(then: &[Mark], now: &[Mark], anchors: &[(usize, usize)], ends: [usize; 2]) -> Likes {
        let mut likes = Likes { of_then: HashMap::new(), taken: vec![false; now.len()] };
        let mut is_anchored = vec![false; then.len()];
        for (left, right) in anchors {
            if let Some(anchored) = is_anchored.get_mut(*left) {
                *anchored = true;
            }
            if let Some(taken) = likes.taken.get_mut(*right) {
                *taken = true;
            }
        }
        let left_over: Vec<usize> = (0..ends[0]).filter(|place| is_anchored.get(*place) == Some(&false)).collect();
        likes.find(&left_over, then, now, ends[1], |mark| Some(mark.content), Aligned::Moved);
        likes.find(&left_over, then, now, ends[1], |mark| mark.key, Aligned::Changed);
        likes
    }

    fn find(
        &mut self,
        left_over: &[usize],
        then: &[Mark],
        now: &[Mark],
        end: usize,
        sign: impl Fn(&Mark) -> Option<u64>,
        found: impl Fn(usize, usize) -> Aligned,
    ) {
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        let free = now.iter().enumerate().take(end).filter(|(place, _)| !self.is_taken(*place));
        for (place, sign) in free.rev().filter_map(|(place, mark)| Some((place, sign(mark)?))) {
            places.entry(sign).or_default().push(place);
        }
        for place in left_over {
            if self.of_then.contains_key(place) {
                continue;
            }
            let like = then.get(*place).and_then(&sign).and_then(|sign| places.get_mut(&sign)?.pop());
            if let Some(like) = like {
                self.of_then.insert(*place, found(*place, like));
                if let Some(taken) = self.taken.get_mut(like) {
                    *taken = true;
                }
            }
        }
    }

    fn is_taken(&self, place: usize) -> bool {
        self.taken.get(place).copied().unwrap_or(true)
    }

    fn of_then(&mut self, place: usize) -> Option<Aligned> {
        self.of_then.remove(&place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters are contents, digits behind them keys.
    fn marks(text: &str) -> Vec<Mark> {
        let mark = |word: &str| {
            let (content, key) = word.split_at(1);
            Mark { content: u64::from(content.as_bytes()[0]), key: key.parse().ok() }
        };
        text.split_whitespace().map(mark).collect()
    }

    fn told(then: &str, now: &str) -> String {
        let (then, now) = (marks(then), marks(now));
        let (aligned, ends) = align(&then, &now, true);
        assert_eq!(ends, [then.len(), now.len()]);
        let word = |aligned: &Aligned| match aligned {
            Aligned::Equal(left, right) => format!("{left}={right}"),
            Aligned::Moved(left, right) => format!("{left}~{right}"),
            Aligned::Changed(left, right) => format!("{left}!{right}"),
            Aligned::Missing(left) => format!("-{left}"),
            Aligned::Additional(right) => format!("+{right}"),
        };
        aligned.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn lists_are_aligned() {
        for (then, now, expected) in [
            ("", "", ""),
            ("a b c", "a b c", "0=0 1=1 2=2"),
            ("a b c", "a x c", "0=0 1!1 2=2"),
            ("a b c", "a c", "0=0 -1 2=1"),
            ("a c", "a b c", "0=0 +1 1=2"),
            ("", "a", "+0"),
            ("a", "", "-0"),
            ("a b c d", "b c d x", "-0 1=0 2=1 3=2 +3"),
            ("a a a b", "a b", "0=0 -1 -2 3=1"),
            // In another order.
            ("a b c", "b a c", "0~1 1=0 2=2"),
            // Answers to the same requests, in another order and changed.
            ("a1 b2 c", "d2 e1 c", "0!1 1!0 2=2"),
            ("a1 b c", "x y1 c", "0!1 1!0 2=2"),
            // More and less than before in one place.
            ("a b c d", "a x y z d", "0=0 1!1 2!2 +3 3=4"),
        ] {
            assert_eq!(told(then, now), expected, "{then} | {now}");
        }
    }

    #[test]
    fn a_window_keeps_back_what_may_still_find_its_like() {
        let (then, now) = (marks("a b c d e f g h"), marks("a b c d e f x y"));
        let (aligned, ends) = align(&then, &now, false);
        assert_eq!(ends, [6, 6]);
        assert_eq!(aligned.len(), 6);
        // Without any, it goes on all the same.
        let (aligned, ends) = align(&marks("a b c d"), &marks("p q r s"), false);
        assert_eq!((aligned.len(), ends), (2, [2, 2]));
        for (then, now) in [("a", "b"), ("a", ""), ("", "b"), ("a b", "b a")] {
            let ends = align(&marks(then), &marks(now), false).1;
            assert_ne!(ends, [0, 0], "{then} {now}");
        }
    }

    #[test]
    fn contents_that_occur_often_do_not_take_long() {
        let many = vec![Mark { content: 1, key: None }; 16_384];
        let mut other = many.clone();
        other.insert(0, Mark { content: 2, key: None });
        let (aligned, _) = align(&many, &other, true);
        let equal = aligned.iter().filter(|aligned| matches!(aligned, Aligned::Equal(..))).count();
        assert_eq!(equal, many.len());
    }
}
