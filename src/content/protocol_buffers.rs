//! Protocol Buffers without a schema: field numbers and wire types are certain, and of a value every reading that it can have is given.

use std::fmt::Write as _;
use std::ops::Range;

use crate::protocol::hexadecimal;

use super::items::too_short;
use super::tree::{Builder, End, Fault, Kind, LONGEST_VALUE, Limits, Tree};

/// Messages inside of messages are looked for up to this depth; the rest is shown as bytes.
const DEEPEST_MESSAGE: usize = 24;

/// The highest field number there is.
const HIGHEST_FIELD: u64 = (1 << 29) - 1;

/// The structure of a message.
pub fn tree(bytes: &[u8], limits: Limits) -> Tree {
    let mut builder = Builder::new(limits);
    let end = match message(&mut builder, bytes, 0..bytes.len()) {
        Ok(()) => End::Complete,
        Err(end) => end,
    };
    let at = match &end {
        End::Complete => bytes.len(),
        End::Cut { at, .. } => *at,
        End::Fault(fault) => fault.at,
    };
    builder.finish(end, at)
}

/// How the value of a field is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wire {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    LengthDelimited(Range<usize>),
    GroupStart,
    GroupEnd,
}

#[derive(Debug)]
struct Field {
    number: u64,
    wire: Wire,
    /// The field with its key.
    range: Range<usize>,
}

fn varint(bytes: &[u8], at: usize, end: usize) -> Result<(u64, usize), Fault> {
    let mut value = 0_u64;
    for (place, index) in (at..end).enumerate() {
        let Some(byte) = bytes.get(index) else { break };
        let part = u64::from(byte & 0x7F);
        if place == 9 && part > 1 {
            return Err(Fault::new(index, "the varint does not fit into 64 bits"));
        }
        value |= part << (7 * place);
        if byte & 0x80 == 0 {
            return Ok((value, index + 1));
        }
        if place == 9 {
            return Err(Fault::new(index, "the varint is longer than ten bytes"));
        }
    }
    Err(too_short(end.min(bytes.len())))
}

fn field(bytes: &[u8], at: usize, end: usize) -> Result<Field, Fault> {
    let (key, start) = varint(bytes, at, end)?;
    let number = key >> 3;
    if number == 0 || number > HIGHEST_FIELD {
        return Err(Fault::new(at, format!("{number} is no field number")));
    }
    let fixed = |length: usize| {
        let part = bytes.get(start..start + length).filter(|_| start + length <= end);
        let part = part.ok_or_else(|| too_short(end))?;
        Ok((part.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte)), start + length))
    };
    let (wire, after) = match key & 7 {
        0 => varint(bytes, start, end).map(|(value, after)| (Wire::Varint(value), after))?,
        1 => fixed(8).map(|(value, after)| (Wire::Fixed64(value), after))?,
        2 => {
            let (length, from) = varint(bytes, start, end)?;
            let after = usize::try_from(length).ok().and_then(|length| from.checked_add(length));
            let after = after.filter(|after| *after <= end).ok_or_else(|| too_short(end))?;
            (Wire::LengthDelimited(from..after), after)
        }
        3 => (Wire::GroupStart, start),
        4 => (Wire::GroupEnd, start),
        5 => fixed(4).map(|(value, after)| (Wire::Fixed32(value as u32), after))?,
        other => return Err(Fault::new(at, format!("{other} is no wire type"))),
    };
    Ok(Field { number, wire, range: at..after })
}

/// Whether bytes can be the fields of a message; what is inside the fields is not looked at.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    let mut at = 0;
    let mut groups = Vec::new();
    while at < bytes.len() {
        let Ok(field) = field(bytes, at, bytes.len()) else { return false };
        match field.wire {
            Wire::GroupStart if groups.len() < DEEPEST_MESSAGE => groups.push(field.number),
            Wire::GroupStart => return false,
            Wire::GroupEnd if groups.pop() != Some(field.number) => return false,
            _ => {}
        }
        at = field.range.end;
    }
    groups.is_empty() && !bytes.is_empty()
}

fn message(builder: &mut Builder, bytes: &[u8], range: Range<usize>) -> Result<(), End> {
    let mut at = range.start;
    let mut groups = Vec::new();
    while at < range.end {
        if let Some(bound) = builder.reached() {
            return Err(End::Cut { at, bound });
        }
        let field = field(bytes, at, range.end).map_err(End::Fault)?;
        at = field.range.end;
        let label = field.number.to_string();
        match &field.wire {
            Wire::GroupStart => {
                groups.push(field.number);
                if let Some(node) = builder.open(&label, Kind::Map, field.range.start) {
                    node.remark = Some("group".into());
                }
            }
            Wire::GroupEnd if groups.pop() == Some(field.number) => builder.close(at),
            Wire::GroupEnd => {
                let fault = Fault::new(field.range.start, format!("group {} ends that was not begun", field.number));
                return Err(End::Fault(fault));
            }
            Wire::LengthDelimited(content) => length_delimited(builder, &label, bytes, content.clone(), field.range)?,
            wire if builder.keeps() => {
                let (value, remark) = readings(wire);
                if let Some(node) = builder.leaf(&label, Kind::Number, &value, field.range) {
                    node.remark = Some(remark.into());
                }
            }
            _ => {
                builder.leaf("", Kind::Number, "", field.range);
            }
        }
    }
    match groups.pop() {
        None => Ok(()),
        Some(number) => Err(End::Fault(Fault::new(range.end, format!("group {number} does not end")))),
    }
}

fn length_delimited(
    builder: &mut Builder,
    label: &str,
    bytes: &[u8],
    content: Range<usize>,
    range: Range<usize>,
) -> Result<(), End> {
    if !builder.keeps() {
        builder.leaf("", Kind::Bytes, "", range);
        return Ok(());
    }
    let part = bytes.get(content.clone()).unwrap_or_default();
    let text = std::str::from_utf8(part).ok().filter(|text| is_readable(text));
    let is_nested = builder.depth() < DEEPEST_MESSAGE && is_message(part);
    let bytes_text = || hexadecimal::spaced(part.iter().take(LONGEST_VALUE / 3).copied());
    match (text, is_nested) {
        (Some(text), false) => {
            if let Some(node) = builder.leaf(label, Kind::Text, text, range) {
                node.remark = Some("text or bytes".into());
            }
            Ok(())
        }
        (None, false) => {
            if let Some(node) = builder.leaf(label, Kind::Bytes, &bytes_text(), range) {
                node.remark = Some("bytes".into());
                node.is_cut |= part.len() > LONGEST_VALUE / 3;
            }
            Ok(())
        }
        (text, true) => {
            let kind = if text.is_some() { Kind::Text } else { Kind::Map };
            if let Some(node) = builder.open(label, kind, range.start) {
                node.remark = Some(if text.is_some() { "text, or the message below" } else { "message" }.into());
                if let Some(text) = text {
                    let (text, is_cut) = super::one_line::cut(text, LONGEST_VALUE);
                    node.value = text.to_owned();
                    node.is_cut = is_cut;
                }
            }
            message(builder, bytes, content)?;
            builder.close(range.end);
            Ok(())
        }
    }
}

/// Text that a person would write: no control characters besides white space.
fn is_readable(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'))
}

/// The value of a number with its other readings.
fn readings(wire: &Wire) -> (String, &'static str) {
    let mut text = String::new();
    let mut also = |reading: std::fmt::Arguments<'_>| {
        if !text.is_empty() {
            text.push_str(" · ");
        }
        // A string takes everything that is written to it.
        let _ = text.write_fmt(reading);
    };
    let remark = match *wire {
        Wire::Varint(value) => {
            also(format_args!("{value}"));
            if value > i64::MAX as u64 {
                also(format_args!("signed {}", value as i64));
            }
            also(format_args!("zigzag {}", (value >> 1) as i64 ^ -((value & 1) as i64)));
            "varint"
        }
        Wire::Fixed64(value) => {
            also(format_args!("{value}"));
            if value > i64::MAX as u64 {
                also(format_args!("signed {}", value as i64));
            }
            also(format_args!("double {:?}", f64::from_bits(value)));
            "64 bits"
        }
        Wire::Fixed32(value) => {
            also(format_args!("{value}"));
            if value > i32::MAX as u32 {
                also(format_args!("signed {}", value as i32));
            }
            also(format_args!("float {:?}", f32::from_bits(value)));
            "32 bits"
        }
        Wire::LengthDelimited(_) | Wire::GroupStart | Wire::GroupEnd => "",
    };
    (text, remark)
}

/// Whether bytes are so much like a message that it may be shown as one without being asked for: low field numbers, no groups, and
/// more than one field or one that holds text or a message.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    let mut at = 0;
    let (mut fields, mut has_content) = (0, false);
    while at < bytes.len() {
        let Ok(field) = field(bytes, at, bytes.len()) else { return false };
        at = field.range.end;
        fields += 1;
        match field.wire {
            _ if field.number > 2047 => return false,
            Wire::GroupStart | Wire::GroupEnd => return false,
            Wire::LengthDelimited(content) => {
                let part = bytes.get(content).unwrap_or_default();
                has_content |= part.len() > 2 && (is_message(part) || std::str::from_utf8(part).is_ok_and(is_readable));
            }
            _ => {}
        }
    }
    has_content || fields > 1
}
