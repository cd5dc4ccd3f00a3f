//! CBOR (RFC 8949): one data item, with tags, chunks and indefinite lengths.

use std::borrow::Cow;

use ciborium_ll::{Decoder, Error, Header, simple};

use super::items::{self, Chunk, Item, take, too_short};
use super::tree::{Fault, Kind, Limits, Tree};

/// The structure of one CBOR data item.
pub fn tree(bytes: &[u8], limits: Limits) -> Tree {
    items::read_all(bytes, limits, next)
}

/// The structure of the data item that the bytes begin with, and where it ends.
pub(super) fn read(bytes: &[u8], limits: Limits) -> (Tree, usize) {
    items::read(bytes, limits, next)
}

fn next(bytes: &[u8], at: usize) -> Result<(Item<'_>, usize), Fault> {
    // A header has at most nine bytes; the decoder is given no more, so that it cannot allocate by what they claim.
    let mut decoder = Decoder::from(bytes.get(..9).unwrap_or(bytes));
    let header = match decoder.pull() {
        Ok(header) => header,
        Err(Error::Io(_)) => return Err(too_short(at + bytes.len())),
        Err(Error::Syntax(_)) => return Err(Fault::new(at, "this byte begins no CBOR data item")),
    };
    let start = decoder.offset();
    let scalar = |kind, text: Cow<'static, str>| Ok((Item::Scalar(kind, text), start));
    let members = |kind, count: Option<usize>, only| {
        let count = count.map(|count| count as u64);
        let value = match (count, only) {
            (Some(count), _) => super::members(kind, count),
            (None, Some(Chunk::Text)) => "text in chunks".into(),
            (None, Some(Chunk::Bytes)) => "bytes in chunks".into(),
            (None, None) => "".into(),
        };
        Ok((Item::Members { kind, count, value, only }, start))
    };
    match header {
        Header::Positive(value) => scalar(Kind::Number, value.to_string().into()),
        Header::Negative(value) => scalar(Kind::Number, (-1 - i128::from(value)).to_string().into()),
        Header::Float(value) => scalar(Kind::Number, format!("{value:?}").into()),
        Header::Simple(simple::FALSE) => scalar(Kind::Boolean, "false".into()),
        Header::Simple(simple::TRUE) => scalar(Kind::Boolean, "true".into()),
        Header::Simple(simple::NULL) => scalar(Kind::Null, "null".into()),
        Header::Simple(simple::UNDEFINED) => scalar(Kind::Null, "undefined".into()),
        Header::Simple(value) => scalar(Kind::Special, format!("simple value {value}").into()),
        Header::Tag(tag) => {
            let value = tag_text(tag);
            Ok((Item::Members { kind: Kind::Special, count: Some(1), value, only: None }, start))
        }
        Header::Break => Ok((Item::Break, start)),
        Header::Bytes(Some(length)) => {
            take(bytes, start, length as u64, at).map(|(content, used)| (Item::Bytes("".into(), content), used))
        }
        Header::Text(Some(length)) => {
            take(bytes, start, length as u64, at).map(|(content, used)| (Item::Text(content), used))
        }
        Header::Bytes(None) => members(Kind::Special, None, Some(Chunk::Bytes)),
        Header::Text(None) => members(Kind::Special, None, Some(Chunk::Text)),
        Header::Array(count) => members(Kind::Sequence, count, None),
        Header::Map(count) => members(Kind::Map, count, None),
    }
}

/// The tags of RFC 8949 3.4 by their meaning.
fn tag_text(tag: u64) -> Cow<'static, str> {
    let meaning = match tag {
        0 => "date and time as text",
        1 => "seconds since 1970",
        2 => "unsigned big number",
        3 => "negative big number",
        4 => "decimal fraction",
        5 => "big float",
        21 => "to be base64url",
        22 => "to be base64",
        23 => "to be hexadecimal",
        24 => "encoded CBOR",
        32 => "URI",
        33 => "base64url",
        34 => "base64",
        36 => "MIME message",
        55799 => "this is CBOR",
        _ => return format!("tag {tag}").into(),
    };
    format!("tag {tag}: {meaning}").into()
}
