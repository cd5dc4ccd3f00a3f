//! Reading JSON piece by piece through a window of fixed size, so that a file of any length needs no tree of its values.

use std::io::{self, Read};

use super::super::{BytesRead, cancelled};

/// How much of the file is looked at a time, in bytes.
const WINDOW: usize = 256 << 10;

/// The longest number that is read, in characters; JSON has no limit, and no number of a HAR comes near it.
const LONGEST_NUMBER: usize = 64;

/// The longest key that is compared with the known ones, in bytes.
const LONGEST_KEY: usize = 256;

/// Why reading cannot go on; what was read before stays.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file ends inside a value.
    Ended,
    /// What stands here is not JSON.
    Syntax {
        /// What could stand here.
        expected: &'static str,
    },
    /// The file could not be read.
    Read(io::Error),
    /// The person who asked has given up.
    Cancelled,
}

/// Whether a string fitted into what the reader may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// All of it.
    Whole,
    /// It is longer; the rest was passed over.
    Cut,
}

/// A place for a string's content, used again and again.
#[derive(Debug, Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    length: usize,
}

impl Text {
    /// The content, its escapes undone; JSON from others need not be UTF-8.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The content; bytes that are not UTF-8 are replaced.
    pub(super) fn to_owned_text(&self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    /// Takes bytes up to the next quote or backslash; says how many.
    fn take_plain(&mut self, source: &[u8]) -> usize {
        let needed = self.length + source.len();
        if self.bytes.len() < needed {
            self.bytes.resize(needed, 0);
        }
        let target = self.bytes.get_mut(self.length..).unwrap_or_default();
        let taken = copy_plain(source, target);
        self.length += taken;
        taken
    }

    fn push(&mut self, character: char) {
        let mut encoded = [0; 4];
        let encoded = character.encode_utf8(&mut encoded).as_bytes();
        let end = self.length + encoded.len();
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(target) = self.bytes.get_mut(self.length..end) {
            target.copy_from_slice(encoded);
            self.length = end;
        }
    }
}

/// Copies bytes up to the next quote or backslash, eight at a time: texts of JSON inside JSON have an escape every few bytes, for
/// which a call of a search function costs more than it finds.
fn copy_plain(source: &[u8], target: &mut [u8]) -> usize {
    let (words, rest) = source.as_chunks::<8>();
    let (target_words, _) = target.as_chunks_mut::<8>();
    let mut done = 0;
    for (word, target) in words.iter().zip(target_words) {
        *target = *word;
        let found = first_special(u64::from_le_bytes(*word));
        if found != 0 {
            return done + found.trailing_zeros() as usize / 8;
        }
        done += 8;
    }
    let target = target.get_mut(done..).unwrap_or_default();
    for (byte, target) in rest.iter().zip(target) {
        if matches!(byte, b'"' | b'\\') {
            break;
        }
        *target = *byte;
        done += 1;
    }
    done
}

/// A word whose lowest set bit is in the first byte that is a quote or a backslash.
fn first_special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    zero_bytes(word ^ (ONES * b'"' as u64)) | zero_bytes(word ^ (ONES * b'\\' as u64))
}

/// The reader.
pub(super) struct Json<'progress, 'asker, R> {
    input: R,
    progress: &'progress mut BytesRead<'asker>,
    window: Vec<u8>,
    at: usize,
    end: usize,
    /// Where the window begins in the file.
    window_offset: u64,
    key: Text,
}

impl<'progress, 'asker, R: Read> Json<'progress, 'asker, R> {
    pub(super) fn new(input: R, progress: &'progress mut BytesRead<'asker>) -> Self {
        let window = vec![0; WINDOW];
        Json { input, progress, window, at: 0, end: 0, window_offset: 0, key: Text::default() }
    }

    /// How many bytes of the file are behind the reader.
    pub(super) fn offset(&self) -> u64 {
        self.window_offset + self.at as u64
    }

    /// The callback that is told how far the reader is.
    pub(super) fn told(&mut self) -> Result<(), Fault> {
        let offset = self.offset();
        cancelled((self.progress)(offset, None)).map_err(|_| Fault::Cancelled)
    }

    /// Passes over a byte order mark.
    pub(super) fn begin(&mut self) -> Result<(), Fault> {
        self.told()?;
        if self.ahead(3)?.starts_with(b"\xEF\xBB\xBF") {
            self.at += 3;
        }
        Ok(())
    }

    /// Enters an object; any other value is passed over, and the answer is `false`.
    pub(super) fn object(&mut self) -> Result<bool, Fault> {
        self.enter(b'{')
    }

    /// Whether an object follows.
    pub(super) fn is_object(&mut self) -> Result<bool, Fault> {
        Ok(self.peek()? == b'{')
    }

    /// Enters an array; any other value is passed over, and the answer is `false`.
    pub(super) fn array(&mut self) -> Result<bool, Fault> {
        self.enter(b'[')
    }

    /// The next key of the object, by its meaning among those that are known; `None` at the end of the object.
    pub(super) fn key<K: Copy>(&mut self, known: &[(&[u8], K)]) -> Result<Option<Option<K>>, Fault> {
        match self.next_of_list()? {
            b'}' => {
                self.at += 1;
                return Ok(None);
            }
            b'"' => {}
            _ => return Err(Fault::Syntax { expected: "a key or the end of an object" }),
        }
        // Most keys are known ones that lie in the window as a whole, without an escape.
        let ahead = self.window.get(self.at + 1..self.end).unwrap_or_default();
        let here = |(name, _): &&(&[u8], K)| ahead.strip_prefix(*name).is_some_and(|rest| rest.first() == Some(&b'"'));
        let found = match known.iter().find(here) {
            Some((name, key)) => {
                self.at += name.len() + 2;
                Some(*key)
            }
            None => self.key_by_text(known)?,
        };
        match self.peek()? {
            b':' => self.at += 1,
            _ => return Err(Fault::Syntax { expected: "a colon" }),
        }
        Ok(Some(found))
    }

    fn key_by_text<K: Copy>(&mut self, known: &[(&[u8], K)]) -> Result<Option<K>, Fault> {
        let mut key = std::mem::take(&mut self.key);
        let kept = self.string(&mut key, LONGEST_KEY);
        self.key = key;
        Ok(match kept? {
            Kept::Whole => known.iter().find(|(name, _)| *name == self.key.bytes()).map(|(_, key)| *key),
            Kept::Cut => None,
        })
    }

    /// Whether another element of the array follows.
    pub(super) fn element(&mut self) -> Result<bool, Fault> {
        if self.next_of_list()? != b']' {
            return Ok(true);
        }
        self.at += 1;
        Ok(false)
    }

    /// Reads a string of which at most `most` bytes are kept; any other value is passed over, and the answer is `None`.
    pub(super) fn text(&mut self, text: &mut Text, most: usize) -> Result<Option<Kept>, Fault> {
        text.clear();
        if self.peek()? == b'"' {
            return self.string(text, most).map(Some);
        }
        self.skip()?;
        Ok(None)
    }

    /// Reads a number as it is written; any other value is passed over, and the answer is `None`.
    pub(super) fn number<T>(&mut self, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>, Fault> {
        if !matches!(self.peek()?, b'-' | b'0'..=b'9') {
            self.skip()?;
            return Ok(None);
        }
        let ahead = self.ahead(LONGEST_NUMBER)?;
        let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let length = ahead.iter().take_while(|byte| is_part(byte)).count();
        let number = ahead.get(..length).and_then(read);
        if length < LONGEST_NUMBER {
            self.at += length;
        } else {
            self.skip()?;
        }
        Ok(number)
    }

    /// Passes over a value, however deep.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let mut depth = 0_u64;
        loop {
            match self.peek()? {
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                b'"' => self.skip_string()?,
                b',' | b':' if depth > 0 => self.at += 1,
                b',' | b':' | b'}' | b']' => return Err(Fault::Syntax { expected: "a value" }),
                _ => self.skip_word()?,
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn enter(&mut self, bracket: u8) -> Result<bool, Fault> {
        if self.peek()? == bracket {
            self.at += 1;
            return Ok(true);
        }
        self.skip()?;
        Ok(false)
    }

    /// The next byte that is neither white space nor a comma.
    fn next_of_list(&mut self) -> Result<u8, Fault> {
        loop {
            match self.peek()? {
                b',' => self.at += 1,
                byte => return Ok(byte),
            }
        }
    }

    /// The next byte that is not white space; it is not consumed.
    #[inline]
    fn peek(&mut self) -> Result<u8, Fault> {
        loop {
            let rest = self.window.get(self.at..self.end).unwrap_or_default();
            for byte in rest {
                if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                    return Ok(*byte);
                }
                self.at += 1;
            }
            self.more()?;
        }
    }

    /// Reads a string, which begins here with its quote.
    fn string(&mut self, text: &mut Text, most: usize) -> Result<Kept, Fault> {
        text.clear();
        self.at += 1;
        loop {
            if self.at == self.end {
                self.more()?;
            }
            let rest = self.window.get(self.at..self.end).unwrap_or_default();
            // A string that is too long is no longer looked at.
            if text.length > most {
                self.finish_string()?;
                return Ok(Kept::Cut);
            }
            let taken = text.take_plain(rest);
            self.at += taken;
            match rest.get(taken) {
                None => {}
                Some(b'"') => {
                    self.at += 1;
                    return Ok(if text.length > most { Kept::Cut } else { Kept::Whole });
                }
                Some(_) => {
                    let character = self.escape()?;
                    text.push(character);
                }
            }
        }
    }

    fn skip_string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        self.finish_string()
    }

    fn finish_string(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.window.get(self.at..self.end).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                None => {
                    self.at = self.end;
                    self.more()?;
                }
                Some(place) if rest.get(place) == Some(&b'"') => {
                    self.at += place + 1;
                    return Ok(());
                }
                Some(place) => {
                    self.at += place;
                    if self.ahead(2)?.len() < 2 {
                        return Err(Fault::Ended);
                    }
                    self.at += 2;
                }
            }
        }
    }

    /// The character of an escape, which begins here with its backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let ahead = self.ahead(12)?;
        let simple = match ahead.get(1) {
            None => return Err(Fault::Ended),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'u') => {
                let first = code_unit(ahead)?;
                let second = match ahead.get(6..) {
                    Some(rest) if rest.starts_with(b"\\u") => code_unit(rest).ok(),
                    _ => None,
                };
                let (character, length) = joined(first, second);
                self.at += length;
                return Ok(character);
            }
            Some(_) => return Err(Fault::Syntax { expected: "an escape that JSON has" }),
        };
        self.at += 2;
        Ok(simple)
    }

    fn skip_word(&mut self) -> Result<(), Fault> {
        let start = self.offset();
        loop {
            let rest = self.window.get(self.at..self.end).unwrap_or_default();
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
            let length = rest.iter().take_while(|byte| is_part(byte)).count();
            self.at += length;
            if length < rest.len() {
                break;
            }
            self.more()?;
        }
        if self.offset() == start { Err(Fault::Syntax { expected: "a value" }) } else { Ok(()) }
    }

    /// The next bytes, at least `count` where the file has them; none is consumed.
    fn ahead(&mut self, count: usize) -> Result<&[u8], Fault> {
        while self.end - self.at < count {
            match self.more() {
                Err(Fault::Ended) => break,
                answer => answer?,
            }
        }
        Ok(self.window.get(self.at..self.end).unwrap_or_default())
    }

    /// Reads more of the file; what was not consumed stays.
    #[cold]
    fn more(&mut self) -> Result<(), Fault> {
        self.told()?;
        self.window.copy_within(self.at..self.end, 0);
        self.window_offset += self.at as u64;
        self.end -= self.at;
        self.at = 0;
        loop {
            match self.input.read(self.window.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => return Err(Fault::Ended),
                Ok(count) => {
                    self.end += count;
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Read(error)),
            }
        }
    }
}

/// The code unit of `\uXXXX` at the start.
fn code_unit(escape: &[u8]) -> Result<u32, Fault> {
    let digits = escape.get(2..6).ok_or(Fault::Ended)?;
    digits.iter().try_fold(0, |value, digit| {
        let digit = char::from(*digit).to_digit(16).ok_or(Fault::Syntax { expected: "four hexadecimal digits" })?;
        Ok(value << 4 | digit)
    })
}

/// The character of one code unit or of a surrogate pair, and how long it is written; half a pair is replaced.
fn joined(first: u32, second: Option<u32>) -> (char, usize) {
    match (first, second) {
        (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) => {
            let value = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    /// Gives its bytes one at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(place)) = (self.0.split_first(), target.first_mut()) else { return Ok(0) };
            *place = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn text_of(json: &str) -> (Vec<u8>, Vec<u8>) {
        let mut go_on = |_: u64, _: Option<&mut crate::session::Recorder>| ControlFlow::Continue(());
        let mut other = |_: u64, _: Option<&mut crate::session::Recorder>| ControlFlow::Continue(());
        let (mut text, mut slow) = (Text::default(), Text::default());
        assert_eq!(Json::new(json.as_bytes(), &mut go_on).text(&mut text, 1 << 20).unwrap(), Some(Kept::Whole));
        Json::new(Drip(json.as_bytes()), &mut other).text(&mut slow, 1 << 20).unwrap();
        (text.bytes().to_vec(), slow.bytes().to_vec())
    }

    #[test]
    fn strings_are_what_serde_json_reads_wherever_the_window_ends() {
        for length in 0..40 {
            for tail in ["", "\"", "\\", "\n", "é\u{1F600}", "{\"a\":\"b\\\\\"}", "\u{0}\u{1f}/"] {
                let wanted = format!("{}{tail}{}", "x".repeat(length), "y".repeat(length / 3));
                let json = format!(" {} ", serde_json::to_string(&wanted).unwrap());
                let (text, slow) = text_of(&json);
                assert_eq!(String::from_utf8(text).unwrap(), wanted);
                assert_eq!(String::from_utf8(slow).unwrap(), wanted);
            }
        }
        assert_eq!(text_of(r#""\ud83d\ude00 \ud83d \u00e9\/""#).0, "\u{1F600} \u{FFFD} é/".as_bytes());
    }

    #[test]
    fn values_are_passed_over_whole() {
        let json = r#"{"a": [1, {"b": "]}\"", "c": [[[]]]}, -1.5e3, true], "d": null, "e": 7}"#;
        let mut go_on = |_: u64, _: Option<&mut crate::session::Recorder>| ControlFlow::Continue(());
        let mut reader = Json::new(Drip(json.as_bytes()), &mut go_on);
        assert!(reader.object().unwrap());
        let known: [(&[u8], u8); 1] = [(b"e", 5)];
        assert_eq!(reader.key(&known).unwrap(), Some(None));
        reader.skip().unwrap();
        assert_eq!(reader.key(&known).unwrap(), Some(None));
        reader.skip().unwrap();
        assert_eq!(reader.key(&known).unwrap(), Some(Some(5)));
        assert_eq!(reader.number(|digits| Some(digits.to_vec())).unwrap(), Some(b"7".to_vec()));
        assert_eq!(reader.key(&known).unwrap(), None);
    }

    #[test]
    fn what_is_too_long_is_cut_and_passed_over() {
        let json = format!("[\"{}\\\"\", 3]", "z".repeat(1000));
        let mut go_on = |_: u64, _: Option<&mut crate::session::Recorder>| ControlFlow::Continue(());
        let mut reader = Json::new(json.as_bytes(), &mut go_on);
        let mut text = Text::default();
        assert!(reader.array().unwrap() && reader.element().unwrap());
        assert_eq!(reader.text(&mut text, 10).unwrap(), Some(Kept::Cut));
        assert!(reader.element().unwrap());
        assert_eq!(reader.number(|digits| Some(digits.len())).unwrap(), Some(1));
        assert!(!reader.element().unwrap());
    }
}
