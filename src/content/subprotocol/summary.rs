//! The line about a message, put together from what is known about it.

use crate::content::one_line::one_line;
use crate::content::tree::{Kind, Value};

/// The most characters of a line.
const LONGEST: usize = 200;

/// The most characters of one part of it that a peer wrote.
const LONGEST_PART: usize = 80;

/// A line in parts.
#[derive(Debug, Default)]
pub(super) struct Summary {
    line: String,
}

impl Summary {
    pub(super) fn of(start: &str) -> Summary {
        Summary { line: one_line(start, LONGEST_PART) }
    }

    /// Adds a word after a space.
    pub(super) fn word(mut self, word: &str) -> Summary {
        if !self.line.is_empty() {
            self.line.push(' ');
        }
        self.line.push_str(&one_line(word, LONGEST_PART));
        self
    }

    /// Adds a part of its own.
    pub(super) fn part(mut self, part: &str) -> Summary {
        if !part.is_empty() {
            self.line.push_str(" · ");
            self.line.push_str(&one_line(part, LONGEST_PART));
        }
        self
    }

    /// Adds a part when there is one.
    pub(super) fn maybe(self, part: Option<String>) -> Summary {
        match part {
            Some(part) => self.part(&part),
            None => self,
        }
    }

    pub(super) fn line(self) -> String {
        one_line(&self.line, LONGEST)
    }
}

/// A value in few characters: JSON as it is written, what is larger by its number of members.
pub(super) fn brief(value: Value<'_>, json: Option<&[u8]>) -> String {
    let node = value.node();
    if let Some(source) = json.and_then(|json| json.get(node.range.clone())) {
        let start = source.get(..4 * LONGEST_PART).unwrap_or(source);
        return one_line(&String::from_utf8_lossy(start), LONGEST_PART);
    }
    match node.kind {
        Kind::Map => format!("{{{}}}", node.value),
        Kind::Sequence => format!("[{}]", node.value),
        Kind::Text => format!("\"{}\"", one_line(&node.value, LONGEST_PART)),
        _ => one_line(&node.value, LONGEST_PART),
    }
}

/// Several values in few characters.
pub(super) fn briefs<'tree>(values: impl Iterator<Item = Value<'tree>>, json: Option<&[u8]>) -> String {
    let mut text = String::new();
    for value in values {
        if !text.is_empty() {
            text.push_str(", ");
        }
        if text.len() > 4 * LONGEST_PART {
            break;
        }
        text.push_str(&brief(value, json));
    }
    text
}

/// A number of bytes: `1 byte`, `12 bytes`.
pub(super) fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".into() } else { format!("{count} bytes") }
}
