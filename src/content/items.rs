//! The walk over encodings whose values say beforehand what follows: MessagePack and CBOR have this in common.

use std::borrow::Cow;
use std::ops::Range;

use crate::protocol::hexadecimal;

use super::one_line::one_line;
use super::tree::{Builder, End, Fault, Kind, LONGEST_VALUE, Limits, Tree};

/// The header of a value, and what of it is not a value of its own.
pub(super) enum Item<'bytes> {
    /// A value without members.
    Scalar(Kind, Cow<'static, str>),
    /// Text, which should be UTF-8.
    Text(&'bytes [u8]),
    /// Bytes, with what the encoding says about them before them.
    Bytes(Cow<'static, str>, &'bytes [u8]),
    /// As many members follow, or members up to a break.
    Members { kind: Kind, count: Option<u64>, value: Cow<'static, str>, only: Option<Chunk> },
    /// The end of members without a count.
    Break,
}

/// What the parts of a value in chunks have to be (RFC 8949 3.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunk {
    Text,
    Bytes,
}

/// Reads an item from the start of the bytes; `at` is where they stand. Returns it with its length.
pub(super) type Next = for<'bytes> fn(&'bytes [u8], usize) -> Result<(Item<'bytes>, usize), Fault>;

/// A fault of bytes that end inside of a value.
pub(super) fn too_short(at: usize) -> Fault {
    Fault::new(at, "the bytes end before the value does")
}

struct Open {
    kind: Kind,
    /// How many members, or keys and values, are to come; `None` up to a break.
    missing: Option<u64>,
    taken: u64,
    /// The key that was read for the next value.
    key: Option<String>,
    /// A key that is no scalar stands as a node of its own; its value is labelled by its place.
    key_was_kept: bool,
    only: Option<Chunk>,
}

impl Open {
    fn awaits_key(&self) -> bool {
        self.kind == Kind::Map && self.taken.is_multiple_of(2)
    }
}

/// The structure of the value that the bytes begin with, and where it ends.
pub(super) fn read(bytes: &[u8], limits: Limits, next: Next) -> (Tree, usize) {
    let mut builder = Builder::new(limits);
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let end = loop {
        if let Some(bound) = builder.reached() {
            break End::Cut { at, bound };
        }
        let (item, length) = match next(bytes.get(at..).unwrap_or_default(), at) {
            Ok(read) => read,
            Err(fault) => break End::Fault(fault),
        };
        let range = at..at + length;
        if let Err(fault) = place(&mut builder, &mut open, item, range.clone()) {
            break End::Fault(fault);
        }
        at = range.end;
        while open.last().is_some_and(|innermost| innermost.missing == Some(innermost.taken)) {
            open.pop();
            builder.close(at);
        }
        if open.is_empty() {
            break End::Complete;
        }
    };
    (builder.finish(end, at), at)
}

/// The structure of bytes that hold one value and nothing else.
pub(super) fn read_all(bytes: &[u8], limits: Limits, next: Next) -> Tree {
    let (mut tree, at) = read(bytes, limits, next);
    if tree.end == End::Complete && at < bytes.len() {
        tree.end = End::Fault(Fault::new(at, "more follows after the end of the value"));
    }
    tree
}

fn place(builder: &mut Builder, open: &mut Vec<Open>, item: Item<'_>, range: Range<usize>) -> Result<(), Fault> {
    if matches!(item, Item::Break) {
        return match open.last() {
            Some(innermost)
                if innermost.missing.is_none() && (innermost.kind != Kind::Map || innermost.awaits_key()) =>
            {
                open.pop();
                builder.close(range.end);
                Ok(())
            }
            _ => Err(Fault::new(range.start, "a break stands where a value should")),
        };
    }
    let mut label = Cow::Borrowed("");
    if let Some(innermost) = open.last_mut() {
        let fits = match innermost.only {
            None => true,
            Some(Chunk::Text) => matches!(item, Item::Text(_)),
            Some(Chunk::Bytes) => matches!(item, Item::Bytes(..)),
        };
        if !fits {
            return Err(Fault::new(range.start, "a chunk is of another type than the whole"));
        }
        let is_key = innermost.awaits_key();
        let place = innermost.taken;
        innermost.taken += 1;
        if innermost.kind != Kind::Map {
            // What a tag stands before is not one of several.
            let is_alone = innermost.kind == Kind::Special && innermost.only.is_none();
            if builder.keeps() && !is_alone {
                label = Cow::Owned(place.to_string());
            }
        } else if is_key {
            if let Some(key) = scalar_text(&item) {
                innermost.key = Some(key);
                return Ok(());
            }
            innermost.key_was_kept = true;
            label = Cow::Owned(format!("key {}", place / 2));
        } else if std::mem::take(&mut innermost.key_was_kept) {
            label = Cow::Owned(format!("value {}", place / 2));
        } else {
            label = Cow::Owned(innermost.key.take().unwrap_or_default());
        }
    }
    match item {
        Item::Scalar(kind, value) => {
            builder.leaf(&label, kind, &value, range);
        }
        Item::Text(bytes) if builder.keeps() => match std::str::from_utf8(bytes) {
            Ok(text) => {
                builder.leaf(&label, Kind::Text, text, range);
            }
            Err(error) => {
                let lossy = lossy_start(bytes);
                if let Some(node) = builder.leaf(&label, Kind::Text, &lossy, range) {
                    node.remark = Some(format!("not UTF-8 from its byte {} on", error.valid_up_to()).into());
                }
            }
        },
        Item::Bytes(before, bytes) if builder.keeps() => {
            let shown = bytes.get(..LONGEST_VALUE / 3).unwrap_or(bytes);
            let value = format!("{before}{}", hexadecimal::spaced(shown.iter().copied()));
            if let Some(node) = builder.leaf(&label, Kind::Bytes, &value, range) {
                node.is_cut |= shown.len() < bytes.len();
                node.members = bytes.len();
            }
        }
        Item::Text(_) => {
            builder.leaf(&label, Kind::Text, "", range);
        }
        Item::Bytes(..) => {
            builder.leaf(&label, Kind::Bytes, "", range);
        }
        Item::Members { kind, count, value, only } => {
            if let Some(node) = builder.open(&label, kind, range.start) {
                node.value = value.into_owned();
            }
            let missing = count.map(|count| if kind == Kind::Map { count.saturating_mul(2) } else { count });
            open.push(Open { kind, missing, taken: 0, key: None, key_was_kept: false, only });
        }
        Item::Break => {}
    }
    Ok(())
}

fn lossy_start(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..LONGEST_VALUE + 1).unwrap_or(bytes)).into_owned()
}

/// A key as a label: text as it is, everything else as it is shown.
fn scalar_text(item: &Item<'_>) -> Option<String> {
    match item {
        Item::Scalar(_, value) => Some(value.clone().into_owned()),
        Item::Text(bytes) => Some(lossy_start(bytes)),
        Item::Bytes(before, bytes) => {
            Some(one_line(&format!("{before}{}", hexadecimal::spaced(bytes.iter().take(64).copied())), 200))
        }
        Item::Members { .. } | Item::Break => None,
    }
}

/// Bytes that are split off the start; a fault when there are not as many.
pub(super) fn take(bytes: &[u8], start: usize, length: u64, at: usize) -> Result<(&[u8], usize), Fault> {
    let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length));
    let part = end.and_then(|end| Some((bytes.get(start..end)?, end)));
    part.ok_or_else(|| too_short(at.saturating_add(bytes.len())))
}

/// The unsigned number of `length` bytes that stand at `start`, big-endian.
pub(super) fn big_endian(bytes: &[u8], start: usize, length: u64, at: usize) -> Result<(u64, usize), Fault> {
    let (part, end) = take(bytes, start, length, at)?;
    Ok((part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)), end))
}
