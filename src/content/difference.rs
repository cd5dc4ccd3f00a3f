//! The first difference between two payloads: the byte, and in JSON the value; and payloads without the values that are not to count.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use super::json;
use super::json_path::{Step, shown};
use super::one_line::{one_line, quoted, readable};
use super::tree::{End, Limits, Tree, Value};
use crate::protocol::hexadecimal;

/// How many characters are shown of a value.
const SHOWN: usize = 60;

/// How many bytes are shown where payloads are no text.
const SHOWN_BYTES: usize = 16;

/// Where two payloads differ first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The first byte that differs, counted from 0; where only one payload goes on, the length of the other.
    pub at: usize,
    /// What that is.
    pub place: Place,
    /// What the first payload has there; nothing when it has no such value, or ends.
    pub left: Option<String>,
    /// What the second one has there.
    pub right: Option<String>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The value at a path of JSON.
    Value(String),
    /// Nothing but the way in which the same JSON is written.
    Writing,
    /// A byte.
    Byte,
    /// Whether they are text or bytes, which is not in the payloads themselves.
    Kind,
}

/// `json.user.id (byte 12): 7, now 8`
impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { at, place, left, right } = self;
        let nothing = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".into());
        match place {
            Place::Value(path) => write!(formatter, "{path} (byte {at}): {}, now {}", nothing(left), nothing(right)),
            Place::Writing => write!(formatter, "the same JSON, written in another way from byte {at} on"),
            Place::Kind => write!(formatter, "{}, now {}", nothing(left), nothing(right)),
            Place::Byte => write!(formatter, "byte {at}: {}, now {}", nothing(left), nothing(right)),
        }
    }
}

/// Two payloads that are compared; values of JSON at these paths do not count.
#[derive(Debug, Clone, Copy)]
pub struct Comparing<'paths> {
    /// The paths.
    pub ignored: &'paths [Vec<Step>],
}

impl Comparing<'_> {
    /// The first difference; `None` when there is none that counts.
    pub fn first(&self, left: &[u8], right: &[u8]) -> Option<Difference> {
        if left == right {
            return None;
        }
        let at = left.iter().zip(right).position(|(left, right)| left != right);
        let at = at.unwrap_or_else(|| left.len().min(right.len()));
        let (Some(left_tree), Some(right_tree)) = (whole(left), whole(right)) else {
            return Some(at_byte(left, right, at));
        };
        let Some((left_root, right_root)) = left_tree.root().zip(right_tree.root()) else {
            return Some(at_byte(left, right, at));
        };
        let mut walk = Walk { sources: [left, right], ignored: self.ignored, path: Vec::new() };
        match walk.values(Some(left_root), Some(right_root)) {
            Some(difference) => Some(difference),
            None if self.ignored.is_empty() => Some(Difference { at, place: Place::Writing, left: None, right: None }),
            None => None,
        }
    }

    /// A number that is the same for payloads without a difference.
    pub fn fingerprint(&self, payload: &[u8]) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut rest = 0;
        for range in self.ignored_ranges(payload) {
            payload.get(rest..range.start).hash(&mut hasher);
            rest = range.end;
        }
        payload.get(rest..).hash(&mut hasher);
        hasher.finish()
    }

    fn ignored_ranges(&self, payload: &[u8]) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        if !self.ignored.is_empty()
            && let Some(tree) = whole(payload)
            && let Some(root) = tree.root()
        {
            collect_ignored(root, self.ignored, &mut Vec::new(), &mut ranges);
        }
        ranges
    }
}

/// The structure of JSON, when all of it is kept.
fn whole(payload: &[u8]) -> Option<Tree> {
    let is_structured =
        payload.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte));
    let tree = is_structured.then(|| json::tree(payload, Limits::VIEW))?;
    (tree.end == End::Complete).then_some(tree)
}

fn at_byte(left: &[u8], right: &[u8], at: usize) -> Difference {
    let are_texts = readable(left).is_some() && readable(right).is_some();
    let from = |bytes: &[u8]| {
        // A text is shown from the character on that the byte belongs to.
        let start = (0..=at).rev().find(|start| !are_texts || bytes.get(*start).is_none_or(|byte| byte & 0xC0 != 0x80));
        let rest = bytes.get(start.unwrap_or(at)..).filter(|rest| !rest.is_empty())?;
        Some(match readable(rest).filter(|_| are_texts) {
            Some(text) => quoted(&one_line(text, SHOWN)),
            None => {
                let shown = rest.get(..SHOWN_BYTES).unwrap_or(rest);
                let more = if shown.len() < rest.len() { " …" } else { "" };
                format!("{}{more}", hexadecimal::spaced(shown.iter().copied()))
            }
        })
    };
    Difference { at, place: Place::Byte, left: from(left), right: from(right) }
}

fn is_ignored(path: &[Step], ignored: &[Vec<Step>]) -> bool {
    let fits = |(step, wanted): (&Step, &Step)| {
        step == wanted || (*wanted == Step::AnyIndex && matches!(step, Step::Index(_)))
    };
    ignored.iter().any(|wanted| wanted.len() == path.len() && path.iter().zip(wanted).all(fits))
}

fn collect_ignored(value: Value<'_>, ignored: &[Vec<Step>], path: &mut Vec<Step>, ranges: &mut Vec<Range<usize>>) {
    if is_ignored(path, ignored) {
        return ranges.push(value.node().range.clone());
    }
    for (step, member) in members(value) {
        path.push(step);
        collect_ignored(member, ignored, path, ranges);
        path.pop();
    }
}

/// The members of a map or a sequence with the steps to them.
fn members(value: Value<'_>) -> impl Iterator<Item = (Step, Value<'_>)> {
    let is_map = value.is_map();
    value.members().zip(0..).map(move |(member, place)| {
        let step = if is_map { Step::Key(member.node().label.clone()) } else { Step::Index(place) };
        (step, member)
    })
}

/// Going through two structures at the same time.
struct Walk<'all> {
    sources: [&'all [u8]; 2],
    ignored: &'all [Vec<Step>],
    path: Vec<Step>,
}

impl Walk<'_> {
    /// The first difference between two values, or between one and its absence.
    fn values(&mut self, left: Option<Value<'_>>, right: Option<Value<'_>>) -> Option<Difference> {
        if is_ignored(&self.path, self.ignored) {
            return None;
        }
        let (Some(one), Some(other)) = (left, right) else { return Some(self.difference(left, right)) };
        let [one_node, other_node] = [one.node(), other.node()];
        if one_node.kind != other_node.kind {
            return Some(self.difference(left, right));
        }
        if (one.is_map() || one.is_sequence()) && !one_node.is_cut && !other_node.is_cut {
            return if one.is_map() { self.maps(one, other) } else { self.sequences(one, other) };
        }
        let is_cut = one_node.is_cut || other_node.is_cut;
        let is_same =
            if is_cut { self.source(0, one) == self.source(1, other) } else { one_node.value == other_node.value };
        (!is_same).then(|| self.difference(left, right))
    }

    fn maps(&mut self, left: Value<'_>, right: Value<'_>) -> Option<Difference> {
        // Of a key that is repeated the last value counts, as in most programs.
        let mut others: HashMap<&str, Value<'_>> =
            right.members().map(|member| (member.node().label.as_str(), member)).collect();
        for (step, member) in members(left) {
            let other = others.remove(member.node().label.as_str());
            self.path.push(step);
            let found = self.values(Some(member), other);
            self.path.pop();
            if found.is_some() {
                return found;
            }
        }
        let additional = members(right).find(|(_, member)| others.contains_key(member.node().label.as_str()));
        let (step, member) = additional?;
        self.path.push(step);
        let found = self.values(None, Some(member));
        self.path.pop();
        found
    }

    fn sequences(&mut self, left: Value<'_>, right: Value<'_>) -> Option<Difference> {
        let (mut left, mut right) = (left.members(), right.members());
        for place in 0.. {
            let pair = (left.next(), right.next());
            if pair.0.is_none() && pair.1.is_none() {
                break;
            }
            self.path.push(Step::Index(place));
            let found = self.values(pair.0, pair.1);
            self.path.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    fn source<'text>(&'text self, side: usize, value: Value<'_>) -> &'text [u8] {
        self.sources.get(side).and_then(|source| source.get(value.node().range.clone())).unwrap_or_default()
    }

    fn difference(&self, left: Option<Value<'_>>, right: Option<Value<'_>>) -> Difference {
        let [left_source, right_source] =
            [(0, left), (1, right)].map(|(side, value)| value.map_or(&[][..], |value| self.source(side, value)));
        let start = left.map(|value| value.node().range.start).or_else(|| right.map(|value| value.node().range.start));
        let same = left_source.iter().zip(right_source).take_while(|(left, right)| left == right).count();
        let shown_value = |source: &[u8]| one_line(&String::from_utf8_lossy(source), SHOWN);
        Difference {
            at: start.unwrap_or_default() + same,
            place: Place::Value(shown(&self.path)),
            left: left.map(|_| shown_value(left_source)),
            right: right.map(|_| shown_value(right_source)),
        }
    }
}
