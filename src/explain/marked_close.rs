//! The bytes of a Close frame, each with the field that it belongs to (RFC 6455 5.2 and 5.5.1); how they are drawn is not decided here.

use std::ops::Range;

use crate::protocol::close::{CloseFrame, ClosePayload};
use crate::protocol::frame::{FrameHeader, HeaderParse};
use crate::protocol::hexadecimal;

use super::texts::{Arguments, Texts};

/// A field of a Close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseField {
    /// FIN, the reserved bits and the opcode.
    FirstByte,
    /// The MASK bit and the payload length, with the bytes of a longer form.
    Length,
    /// The four bytes that a client masks with.
    MaskingKey,
    /// The status code.
    Code,
    /// The one byte of a payload that is too short for a code.
    HalfCode,
    /// The reason.
    Reason,
}

/// One byte as it was on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct MarkedByte {
    /// The byte on the wire.
    pub value: u8,
    /// The field that it belongs to.
    pub field: CloseField,
    /// What it says once unmasked, for a payload byte of a masked frame.
    pub unmasked: Option<u8>,
}

/// A run of bytes that make up one field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MarkedField {
    /// Which field.
    pub field: CloseField,
    /// Its place among the bytes.
    pub range: Range<usize>,
    /// Its name, for a reader.
    pub name: String,
    /// What it says, for a reader.
    pub meaning: String,
}

/// A Close frame with every byte marked; the fields are in wire order and cover all of the bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MarkedClose {
    /// The whole frame as on the wire.
    pub bytes: Vec<MarkedByte>,
    /// The fields in wire order.
    pub fields: Vec<MarkedField>,
}

impl MarkedClose {
    /// Marks the bytes of a Close frame.
    pub fn of(close: &CloseFrame, texts: &Texts) -> MarkedClose {
        let header = match FrameHeader::parse(&close.wire) {
            HeaderParse::Complete(header) => Some(header),
            HeaderParse::Needs(_) => None,
        };
        let key = header.and_then(|header| header.masking_key);
        let mut payload = close.wire.get(close.header_length..).unwrap_or_default().to_vec();
        if let Some(key) = key {
            key.apply(&mut payload, 0);
        }
        let key_start = close.header_length.saturating_sub(if key.is_some() { 4 } else { 0 });
        let one_byte = matches!(close.payload, ClosePayload::OneByte(_));
        let field_at = |index: usize| match index {
            0 => CloseField::FirstByte,
            index if index < key_start => CloseField::Length,
            index if index < close.header_length => CloseField::MaskingKey,
            _ if one_byte => CloseField::HalfCode,
            index if index < close.header_length + 2 => CloseField::Code,
            _ => CloseField::Reason,
        };
        let unmasked_at = |index: usize| payload.get(index.checked_sub(close.header_length)?).copied();
        let bytes: Vec<MarkedByte> = close
            .wire
            .iter()
            .enumerate()
            .map(|(index, value)| MarkedByte {
                value: *value,
                field: field_at(index),
                unmasked: key.and_then(|_| unmasked_at(index)),
            })
            .collect();
        let mut fields = Vec::<MarkedField>::new();
        for (index, byte) in bytes.iter().enumerate() {
            match fields.last_mut() {
                Some(field) if field.field == byte.field => field.range.end = index + 1,
                _ => fields.push(MarkedField {
                    field: byte.field,
                    range: index..index + 1,
                    name: texts.text(byte.field.name_id()).to_owned(),
                    meaning: meaning(byte.field, close, header.as_ref(), &payload, texts),
                }),
            }
        }
        MarkedClose { bytes, fields }
    }

    /// The bytes in hexadecimal, as they were on the wire: `88 02 03 e8`.
    pub fn hex(&self) -> String {
        hexadecimal::spaced(self.bytes.iter().map(|byte| byte.value))
    }
}

impl CloseField {
    fn name_id(self) -> &'static str {
        match self {
            CloseField::FirstByte => "field-first-byte",
            CloseField::Length => "field-length",
            CloseField::MaskingKey => "field-masking-key",
            CloseField::Code => "field-code",
            CloseField::HalfCode => "field-half-code",
            CloseField::Reason => "field-reason",
        }
    }
}

fn meaning(
    field: CloseField,
    close: &CloseFrame,
    header: Option<&FrameHeader>,
    payload: &[u8],
    texts: &Texts,
) -> String {
    let masked = header.is_some_and(|header| header.masking_key.is_some());
    let mut arguments = Arguments::new();
    match field {
        CloseField::FirstByte => {
            arguments.set("final", if header.is_none_or(|header| header.fin) { "yes" } else { "no" });
            let mut meaning = texts.format("field-first-byte-meaning", &arguments);
            if header.is_some_and(FrameHeader::has_reserved_bits) {
                meaning.push_str(", ");
                meaning.push_str(texts.text("field-first-byte-reserved-bits"));
            }
            meaning
        }
        CloseField::Length => {
            arguments.set("masked", if masked { "yes" } else { "no" });
            arguments.set("length", header.map_or(payload.len() as u64, |header| header.payload_length));
            texts.format("field-length-meaning", &arguments)
        }
        CloseField::MaskingKey => texts.text("field-masking-key-meaning").to_owned(),
        CloseField::Code => {
            arguments.set("code", close.payload.code().map_or(0, |code| code.0));
            arguments.set("unmasked", hexadecimal::spaced(payload.iter().take(2).copied()));
            texts.format(if masked { "field-code-meaning-masked" } else { "field-code-meaning" }, &arguments)
        }
        CloseField::HalfCode => {
            arguments.set("unmasked", hexadecimal::spaced(payload.iter().copied()));
            let id = if masked { "field-half-code-meaning-masked" } else { "field-half-code-meaning" };
            texts.format(id, &arguments)
        }
        CloseField::Reason => {
            arguments.set("reason", printable(close.payload.reason()));
            texts.format(if masked { "field-reason-meaning-masked" } else { "field-reason-meaning" }, &arguments)
        }
    }
}

/// A peer's text with control and direction characters written as escapes, so that it cannot command a terminal or reorder a line.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        let steers = matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        );
        if character.is_control() || steers {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}
