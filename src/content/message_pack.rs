//! MessagePack, by its specification at <https://github.com/msgpack/msgpack/blob/master/spec.md>.

use std::borrow::Cow;

use rmp::Marker;

use super::items::{self, Item, big_endian, take, too_short};
use super::tree::{Fault, Kind, Limits, Tree};

/// The type of the extension that is a time.
const TIMESTAMP: i8 = -1;

/// The structure of one MessagePack value.
pub fn tree(bytes: &[u8], limits: Limits) -> Tree {
    items::read_all(bytes, limits, next)
}

/// The structure of the value that the bytes begin with, and where it ends.
pub(super) fn read(bytes: &[u8], limits: Limits) -> (Tree, usize) {
    items::read(bytes, limits, next)
}

fn next(bytes: &[u8], at: usize) -> Result<(Item<'_>, usize), Fault> {
    let marker = Marker::from_u8(*bytes.first().ok_or_else(|| too_short(at))?);
    let unsigned = |length| big_endian(bytes, 1, length, at);
    let number = |text: String, used| Ok((Item::Scalar(Kind::Number, text.into()), used));
    let signed = |length: u64| {
        let (value, used) = unsigned(length)?;
        let unused = 64 - 8 * length;
        number(((value << unused) as i64 >> unused).to_string(), used)
    };
    let scalar = |kind, text: &'static str| Ok((Item::Scalar(kind, text.into()), 1));
    let text = |length, start| take(bytes, start, length, at).map(|(text, used)| (Item::Text(text), used));
    match marker {
        Marker::Null => scalar(Kind::Null, "nil"),
        Marker::True => scalar(Kind::Boolean, "true"),
        Marker::False => scalar(Kind::Boolean, "false"),
        Marker::Reserved => Err(Fault::new(at, "the byte c1 begins no MessagePack value")),
        Marker::FixPos(value) => number(value.to_string(), 1),
        Marker::FixNeg(value) => number(value.to_string(), 1),
        Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64 => {
            let (value, used) = unsigned(match marker {
                Marker::U8 => 1,
                Marker::U16 => 2,
                Marker::U32 => 4,
                _ => 8,
            })?;
            number(value.to_string(), used)
        }
        Marker::I8 => signed(1),
        Marker::I16 => signed(2),
        Marker::I32 => signed(4),
        Marker::I64 => signed(8),
        Marker::F32 => {
            let (bits, used) = unsigned(4)?;
            number(format!("{:?}", f32::from_bits(bits as u32)), used)
        }
        Marker::F64 => {
            let (bits, used) = unsigned(8)?;
            number(format!("{:?}", f64::from_bits(bits)), used)
        }
        Marker::FixStr(length) => text(u64::from(length), 1),
        Marker::Str8 => unsigned(1).and_then(|(length, start)| text(length, start)),
        Marker::Str16 => unsigned(2).and_then(|(length, start)| text(length, start)),
        Marker::Str32 => unsigned(4).and_then(|(length, start)| text(length, start)),
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            let (length, start) = unsigned(match marker {
                Marker::Bin8 => 1,
                Marker::Bin16 => 2,
                _ => 4,
            })?;
            let (content, used) = take(bytes, start, length, at)?;
            Ok((Item::Bytes("".into(), content), used))
        }
        Marker::FixArray(count) => Ok((members(Kind::Sequence, u64::from(count)), 1)),
        Marker::Array16 => unsigned(2).map(|(count, used)| (members(Kind::Sequence, count), used)),
        Marker::Array32 => unsigned(4).map(|(count, used)| (members(Kind::Sequence, count), used)),
        Marker::FixMap(count) => Ok((members(Kind::Map, u64::from(count)), 1)),
        Marker::Map16 => unsigned(2).map(|(count, used)| (members(Kind::Map, count), used)),
        Marker::Map32 => unsigned(4).map(|(count, used)| (members(Kind::Map, count), used)),
        Marker::FixExt1 => extension(bytes, 1, 1, at),
        Marker::FixExt2 => extension(bytes, 1, 2, at),
        Marker::FixExt4 => extension(bytes, 1, 4, at),
        Marker::FixExt8 => extension(bytes, 1, 8, at),
        Marker::FixExt16 => extension(bytes, 1, 16, at),
        Marker::Ext8 => unsigned(1).and_then(|(length, start)| extension(bytes, start, length, at)),
        Marker::Ext16 => unsigned(2).and_then(|(length, start)| extension(bytes, start, length, at)),
        Marker::Ext32 => unsigned(4).and_then(|(length, start)| extension(bytes, start, length, at)),
    }
}

fn members(kind: Kind, count: u64) -> Item<'static> {
    Item::Members { kind, count: Some(count), value: super::members(kind, count), only: None }
}

fn extension(bytes: &[u8], start: usize, length: u64, at: usize) -> Result<(Item<'_>, usize), Fault> {
    let (kind, start) = big_endian(bytes, start, 1, at)?;
    let (content, used) = take(bytes, start, length, at)?;
    let kind = kind as u8 as i8;
    if kind == TIMESTAMP
        && let Some(time) = timestamp(content)
    {
        return Ok((Item::Scalar(Kind::Special, time), used));
    }
    Ok((Item::Bytes(format!("extension {kind}: ").into(), content), used))
}

/// The three forms of a timestamp: 32 bits of seconds, 30 bits of nanoseconds with 34 of seconds, and 32 with 64.
fn timestamp(content: &[u8]) -> Option<Cow<'static, str>> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let (seconds, nanoseconds) = match content.len() {
        4 => (number(content) as i64, 0),
        8 => {
            let both = number(content);
            ((both & 0x3_FFFF_FFFF) as i64, both >> 34)
        }
        12 => (number(content.get(4..)?) as i64, number(content.get(..4)?)),
        _ => return None,
    };
    let fraction = if nanoseconds == 0 { String::new() } else { format!(" and {nanoseconds} ns") };
    Some(format!("timestamp: {seconds} s{fraction} since 1970").into())
}
