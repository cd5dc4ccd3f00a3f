//! Paths into JSON: the values at one place of a text, found without building its structure.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::json::{Lexer, Shape, fault_after, unescaped};
use super::one_line::quoted;

/// A step on a path, from a value to one inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of this key.
    Key(String),
    /// The element at this place, from 0 on.
    Index(u32),
    /// Any element.
    AnyIndex,
}

/// A path as filters write it: `json.items[0]["odd key"]`.
pub fn shown(path: &[Step]) -> String {
    let mut text = "json".to_owned();
    for step in path {
        // Writing to a string does not fail.
        let _ = match step {
            Step::Key(key) if !key.is_empty() && key.chars().all(is_plain) => write!(text, ".{key}"),
            Step::Key(key) => write!(text, "[{}]", quoted(key)),
            Step::Index(index) => write!(text, "[{index}]"),
            Step::AnyIndex => write!(text, "[*]"),
        };
    }
    text
}

/// Whether a character can stand in a key after a dot.
pub fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '$' | '@')
}

/// A value at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'text> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as it is written.
    Number(&'text str),
    /// A text without its escapes.
    Text(Cow<'text, str>),
    /// An object or an array.
    Structure,
}

/// Whether `wanted` holds for a value at this path. Of a key that is repeated every value is looked at; a text that is not one JSON
/// value as a whole has no values.
pub fn any(text: &[u8], path: &[Step], mut wanted: impl FnMut(Value<'_>) -> bool) -> bool {
    let mut lexer = Lexer::new(text);
    // How many maps and arrays are open, and how many of them, from the outermost on, lie on the path.
    let (mut depth, mut on_path) = (0_usize, 0_usize);
    let mut places: Vec<u32> = Vec::new();
    let mut key: Option<Cow<'_, str>> = None;
    let mut found = false;
    loop {
        let token = match lexer.next() {
            Ok(Some(token)) => token,
            Ok(None) => return found && fault_after(text, lexer.at).is_none(),
            Err(_) => return false,
        };
        if let Shape::Key { escaped } = token.shape {
            key = (depth == on_path && !found).then(|| unescaped(token.inner(text), escaped).0);
            continue;
        }
        if token.shape == Shape::Close {
            depth -= 1;
            if on_path > depth {
                on_path = depth;
                places.truncate(depth);
            }
            continue;
        }
        let fits = !found && depth == on_path && {
            match (depth.checked_sub(1).and_then(|step| path.get(step)), key.take()) {
                (None, _) => depth == 0,
                (Some(Step::Key(wanted)), key) => key.is_some_and(|key| key == *wanted),
                (Some(step), None) => {
                    let place = places.last_mut();
                    let index = place.map(|next| std::mem::replace(next, next.saturating_add(1)));
                    *step == Step::AnyIndex || index.is_some_and(|index| *step == Step::Index(index))
                }
                (Some(_), Some(_)) => false,
            }
        };
        let is_target = fits && depth == path.len();
        if let Shape::Open { .. } = token.shape {
            if is_target {
                found |= wanted(Value::Structure);
            } else if fits {
                on_path += 1;
                places.push(0);
            }
            depth += 1;
        } else if is_target {
            let source = text.get(token.range.clone()).unwrap_or_default();
            found |= wanted(match token.shape {
                Shape::Text { escaped } => Value::Text(unescaped(token.inner(text), escaped).0),
                Shape::Number => Value::Number(std::str::from_utf8(source).unwrap_or_default()),
                Shape::Boolean => Value::Boolean(source == b"true"),
                _ => Value::Null,
            });
        }
    }
}
