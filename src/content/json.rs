//! JSON (RFC 8259) as it is written: key order, number text and repeated keys are kept; nothing is repaired.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use super::tree::{Bound, Builder, End, Fault, Kind, Limits, Tree};

/// The longest text that [`pretty`] makes, in bytes.
const LONGEST_PRETTY: usize = 4 * 1024 * 1024;

/// Deeper levels are not indented any further.
const DEEPEST_INDENTATION: usize = 64;

/// The structure of a JSON text.
pub fn tree(text: &[u8], limits: Limits) -> Tree {
    let (mut tree, at) = read(text, limits);
    if tree.end == End::Complete
        && let Some(fault) = fault_after(text, at)
    {
        tree.end = End::Fault(fault);
    }
    tree
}

/// What is wrong with the bytes after the value.
pub(super) fn fault_after(text: &[u8], at: usize) -> Option<Fault> {
    let place = text.get(at..)?.iter().position(|byte| !is_space(*byte))?;
    Some(Fault::new(at + place, "more follows after the end of the JSON value"))
}

/// The structure of the JSON value that `text` begins with, and where it ends.
fn read(text: &[u8], limits: Limits) -> (Tree, usize) {
    let mut builder = Builder::new(limits);
    let mut keys = HashSet::new();
    let hasher = RandomState::new();
    let mut label: Option<Cow<'_, str>> = None;
    let mut repeated = false;
    let mut places: Vec<(usize, bool)> = Vec::new();
    let mut lexer = Lexer::new(text);
    let end = loop {
        if let Some(bound) = builder.reached() {
            break End::Cut { at: lexer.at, bound };
        }
        let token = match lexer.next() {
            Ok(Some(token)) => token,
            Ok(None) => break End::Complete,
            Err(fault) => break End::Fault(fault),
        };
        if let Shape::Key { escaped } = token.shape {
            let key = unescaped(token.inner(text), escaped).0;
            repeated = builder.keeps()
                && builder.parent().is_some_and(|parent| !keys.insert(hasher.hash_one((parent, key.as_ref()))));
            label = Some(key);
            continue;
        }
        if token.shape == Shape::Close {
            places.pop();
            builder.close(token.range.end);
            continue;
        }
        let name = match (label.take(), places.last_mut()) {
            (Some(key), _) => key,
            (None, Some((next, false))) => {
                *next += 1;
                if builder.keeps() { Cow::Owned((*next - 1).to_string()) } else { Cow::Borrowed("") }
            }
            _ => Cow::Borrowed(""),
        };
        let mut surrogate = false;
        let node = match token.shape {
            Shape::Open { is_map } => {
                places.push((0, is_map));
                builder.open(&name, if is_map { Kind::Map } else { Kind::Sequence }, token.range.start)
            }
            Shape::Text { escaped } if builder.keeps() => {
                let (value, is_broken) = unescaped(token.inner(text), escaped);
                surrogate = is_broken;
                builder.leaf(&name, Kind::Text, &value, token.range)
            }
            shape => {
                let kind = match shape {
                    Shape::Number => Kind::Number,
                    Shape::Boolean => Kind::Boolean,
                    Shape::Null => Kind::Null,
                    _ => Kind::Text,
                };
                let source = text.get(token.range.clone()).and_then(|bytes| std::str::from_utf8(bytes).ok());
                builder.leaf(&name, kind, source.unwrap_or_default(), token.range)
            }
        };
        if let Some(node) = node {
            if std::mem::take(&mut repeated) {
                node.remark = Some("this key came before".into());
            } else if surrogate {
                node.remark = Some("half of a surrogate pair".into());
            }
        }
    };
    (builder.finish(end, lexer.at), lexer.at)
}

/// JSON with its white space made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pretty {
    /// The text.
    pub text: String,
    /// How the reading ended.
    pub end: End,
}

/// Lays JSON out with two spaces a level; all else is as it was written.
pub fn pretty(text: &[u8]) -> Pretty {
    let mut out = String::new();
    let mut lexer = Lexer::new(text);
    let mut depth = 0_usize;
    let mut after = After::Start;
    let end = loop {
        if out.len() > LONGEST_PRETTY {
            break End::Cut { at: lexer.at, bound: Bound::Length(LONGEST_PRETTY) };
        }
        let token = match lexer.next() {
            Ok(Some(token)) => token,
            Ok(None) => {
                break fault_after(text, lexer.at).map_or(End::Complete, End::Fault);
            }
            Err(fault) => break End::Fault(fault),
        };
        let is_close = token.shape == Shape::Close;
        if is_close {
            depth = depth.saturating_sub(1);
        }
        match after {
            After::Value if !is_close => out.push(','),
            _ => {}
        }
        let on_a_new_line = match after {
            After::Start | After::Key => false,
            After::Open => !is_close,
            After::Value => true,
        };
        if on_a_new_line {
            out.push('\n');
            (0..depth.min(DEEPEST_INDENTATION)).for_each(|_| out.push_str("  "));
        }
        let source = text.get(token.range.clone()).unwrap_or_default();
        out.push_str(&String::from_utf8_lossy(source));
        after = match token.shape {
            Shape::Open { .. } => {
                depth += 1;
                After::Open
            }
            Shape::Key { .. } => {
                out.push_str(": ");
                After::Key
            }
            _ => After::Value,
        };
    };
    Pretty { text: out, end }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    Start,
    Open,
    Key,
    Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Open { is_map: bool },
    Close,
    Key { escaped: bool },
    Text { escaped: bool },
    Number,
    Boolean,
    Null,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) shape: Shape,
    pub(super) range: Range<usize>,
}

impl Token {
    /// What stands between the quotation marks.
    pub(super) fn inner<'text>(&self, text: &'text [u8]) -> &'text [u8] {
        text.get(self.range.start + 1..self.range.end.saturating_sub(1)).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    /// After `[`: a value or `]`.
    FirstElement,
    /// After `{`: a key or `}`.
    FirstKey,
    Key,
    Colon,
    /// After a value: a comma or the end of what holds it.
    Comma,
    Nothing,
}

/// Reads one JSON value token by token, and says of every byte that does not belong there where it is.
pub(super) struct Lexer<'text> {
    text: &'text [u8],
    pub(super) at: usize,
    expected: Expected,
    /// What is open: a map or not.
    open: Vec<bool>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl<'text> Lexer<'text> {
    pub(super) fn new(text: &'text [u8]) -> Lexer<'text> {
        Lexer { text, at: 0, expected: Expected::Value, open: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn fault<T>(&self, problem: &'static str) -> Result<T, Fault> {
        let problem = if self.at >= self.text.len() { "the JSON text ends too early" } else { problem };
        Err(Fault::new(self.at, problem))
    }

    pub(super) fn next(&mut self) -> Result<Option<Token>, Fault> {
        loop {
            if self.expected == Expected::Nothing {
                return Ok(None);
            }
            while self.peek().is_some_and(is_space) {
                self.at += 1;
            }
            let start = self.at;
            let Some(byte) = self.peek() else { return self.fault("") };
            match (self.expected, byte) {
                (Expected::Colon, b':') => {
                    self.at += 1;
                    self.expected = Expected::Value;
                }
                (Expected::Colon, _) => return self.fault("a colon should follow the key"),
                (Expected::Comma, b',') => {
                    self.at += 1;
                    self.expected = if self.is_in_map() { Expected::Key } else { Expected::Value };
                }
                (Expected::Comma | Expected::FirstKey, b'}') if self.is_in_map() => return Ok(Some(self.close())),
                (Expected::Comma | Expected::FirstElement, b']') if !self.is_in_map() => {
                    return Ok(Some(self.close()));
                }
                (Expected::Comma, _) if self.is_in_map() => return self.fault("a comma or } should follow the value"),
                (Expected::Comma, _) => return self.fault("a comma or ] should follow the value"),
                (Expected::Key | Expected::FirstKey, b'"') => {
                    let escaped = self.string()?;
                    self.expected = Expected::Colon;
                    return Ok(Some(Token { shape: Shape::Key { escaped }, range: start..self.at }));
                }
                (Expected::Key | Expected::FirstKey, _) => {
                    return self.fault("a key in quotation marks should be here");
                }
                (Expected::Nothing, _) => return Ok(None),
                (Expected::Value | Expected::FirstElement, _) => return self.value(byte).map(Some),
            }
        }
    }

    fn is_in_map(&self) -> bool {
        self.open.last().copied().unwrap_or(false)
    }

    fn close(&mut self) -> Token {
        self.at += 1;
        self.open.pop();
        self.after_value();
        Token { shape: Shape::Close, range: self.at - 1..self.at }
    }

    fn after_value(&mut self) {
        self.expected = if self.open.is_empty() { Expected::Nothing } else { Expected::Comma };
    }

    fn value(&mut self, byte: u8) -> Result<Token, Fault> {
        let start = self.at;
        let shape = match byte {
            b'{' | b'[' => {
                let is_map = byte == b'{';
                self.at += 1;
                self.open.push(is_map);
                self.expected = if is_map { Expected::FirstKey } else { Expected::FirstElement };
                return Ok(Token { shape: Shape::Open { is_map }, range: start..self.at });
            }
            b'"' => Shape::Text { escaped: self.string()? },
            b'-' | b'0'..=b'9' => {
                self.number()?;
                Shape::Number
            }
            b't' => self.word(b"true", Shape::Boolean)?,
            b'f' => self.word(b"false", Shape::Boolean)?,
            b'n' => self.word(b"null", Shape::Null)?,
            _ => return self.fault("a JSON value should be here"),
        };
        self.after_value();
        Ok(Token { shape, range: start..self.at })
    }

    fn word(&mut self, word: &[u8], shape: Shape) -> Result<Shape, Fault> {
        for expected in word {
            if self.peek() != Some(*expected) {
                return self.fault("a JSON value should be here");
            }
            self.at += 1;
        }
        Ok(shape)
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fault("a digit should be here");
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.fault("a number must not begin with 0");
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Reads a string with its quotation marks; says whether it has escapes.
    fn string(&mut self) -> Result<bool, Fault> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            match self.peek() {
                None => return self.fault(""),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return self.fault("four hexadecimal digits should follow \\u");
                                }
                                self.at += 1;
                            }
                        }
                        _ => return self.fault("there is no such escape"),
                    }
                }
                Some(0..0x20) => return self.fault("a control character has to be escaped"),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let inner = self.text.get(start + 1..self.at - 1).unwrap_or_default();
        match std::str::from_utf8(inner) {
            Ok(_) => Ok(escaped),
            Err(error) => Err(Fault::new(start + 1 + error.valid_up_to(), "the text is not UTF-8")),
        }
    }
}

/// A string's text without its escapes, and whether half of a surrogate pair in it had to be replaced.
pub(super) fn unescaped(inner: &[u8], escaped: bool) -> (Cow<'_, str>, bool) {
    let inner = std::str::from_utf8(inner).unwrap_or_default();
    if !escaped {
        return (Cow::Borrowed(inner), false);
    }
    let mut text = String::with_capacity(inner.len());
    let mut is_broken = false;
    let mut rest = inner;
    while let Some(place) = rest.find('\\') {
        text.push_str(rest.get(..place).unwrap_or_default());
        rest = rest.get(place + 1..).unwrap_or_default();
        let Some(escape) = rest.chars().next() else { break };
        rest = rest.get(escape.len_utf8()..).unwrap_or_default();
        text.push(match escape {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (character, used) = unicode_escape(rest);
                rest = rest.get(used..).unwrap_or_default();
                is_broken |= character.is_none();
                character.unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => other,
        });
    }
    text.push_str(rest);
    (Cow::Owned(text), is_broken)
}

/// The character after `\u`, with the other half of a surrogate pair, and how many bytes that took.
fn unicode_escape(text: &str) -> (Option<char>, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(first) = unit(0) else { return (None, text.len().min(4)) };
    if !(0xD800..0xDC00).contains(&first) {
        return (char::from_u32(first), 4);
    }
    match unit(6).filter(|second| (0xDC00..0xE000).contains(second) && text.get(4..6) == Some("\\u")) {
        Some(second) => (char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)), 10),
        None => (None, 4),
    }
}
