//! Reading JSON in bytes that are all there; what is cut off is read again when more of it is.

/// How many bytes of a string are looked at word by word before a search begins that is faster and slower to start.
const NEAR: usize = 64;

/// How many bytes of a string are taken together, so that a short one takes no more memory than it has.
const TAKEN: usize = 64 << 10;

/// Why a value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end inside it.
    Incomplete,
    /// What stands at the cursor is not JSON.
    Syntax {
        /// What could stand there.
        expected: &'static str,
    },
}

/// Strings that are known, each with its meaning.
pub(super) type Known<'names, K> = [(&'names [u8], K)];

/// A place in JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'json> {
    rest: &'json [u8],
}

/// A place for a string's content, used again and again.
#[derive(Debug, Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    length: usize,
}

/// How far a value was passed over.
#[derive(Debug, Default)]
pub(super) struct Passing {
    depth: u64,
    inside: Inside,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    String,
    Word,
}

impl<'json> Cursor<'json> {
    pub(super) fn new(json: &'json [u8]) -> Cursor<'json> {
        Cursor { rest: json }
    }

    /// What is behind the cursor.
    pub(super) fn rest(&self) -> &'json [u8] {
        self.rest
    }

    /// The next byte that is not white space; it is not consumed.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, Stop> {
        while let [b' ' | b'\n' | b'\r' | b'\t', behind @ ..] = self.rest {
            self.rest = behind;
        }
        self.rest.first().copied().ok_or(Stop::Incomplete)
    }

    #[inline]
    fn pass(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    /// Enters an object or an array; `false` before any other value.
    #[inline]
    pub(super) fn enter(&mut self, bracket: u8) -> Result<bool, Stop> {
        let is_here = self.peek()? == bracket;
        if is_here {
            self.pass(1);
        }
        Ok(is_here)
    }

    /// The next key of the object, by its meaning among those that are known; `None` at the end of the object.
    #[inline(always)]
    pub(super) fn key<K: Copy>(&mut self, known: &Known<K>, unusual: &mut Text) -> Result<Option<Option<K>>, Stop> {
        match self.next_of_list()? {
            b'}' => {
                self.pass(1);
                return Ok(None);
            }
            b'"' => {}
            _ => return Err(Stop::Syntax { expected: "a key or the end of an object" }),
        }
        let key = self.one_of(known, unusual)?;
        if self.peek()? != b':' {
            return Err(Stop::Syntax { expected: "a colon" });
        }
        self.pass(1);
        Ok(Some(key))
    }

    /// The next byte that is neither white space nor a comma.
    #[inline]
    fn next_of_list(&mut self) -> Result<u8, Stop> {
        loop {
            match self.peek()? {
                b',' => self.pass(1),
                byte => return Ok(byte),
            }
        }
    }

    /// Reads a string by its meaning among those that are known; any other value is passed over, and the answer is `None`.
    #[inline(always)]
    pub(super) fn one_of<K: Copy>(&mut self, known: &Known<K>, unusual: &mut Text) -> Result<Option<K>, Stop> {
        self.peek()?;
        // Most are written without an escape; and to compare is faster than to look for the end.
        if let [b'"', content @ ..] = self.rest {
            for (name, meaning) in known {
                if let Some([b'"', behind @ ..]) = content.strip_prefix(*name) {
                    self.rest = behind;
                    return Ok(Some(*meaning));
                }
            }
        }
        self.text(unusual)?;
        Ok(known.iter().find(|(name, _)| *name == unusual.bytes()).map(|(_, meaning)| *meaning))
    }

    /// Reads a string into `text`, its escapes undone; any other value is passed over, and the answer is `false`.
    #[inline]
    pub(super) fn text(&mut self, text: &mut Text) -> Result<bool, Stop> {
        self.start_of_text(text, usize::MAX)
    }

    /// The same up to the end of the string, or until there are about `most` bytes.
    #[inline]
    pub(super) fn start_of_text(&mut self, text: &mut Text, most: usize) -> Result<bool, Stop> {
        text.length = 0;
        if self.peek()? != b'"' {
            self.skip()?;
            return Ok(false);
        }
        self.pass(1);
        while text.length < most {
            let together = self.rest.len().min(most - text.length).min(TAKEN);
            let (now, _) = self.rest.split_at(together);
            self.pass(text.take(now));
            match self.rest {
                [b'"', behind @ ..] => {
                    self.rest = behind;
                    break;
                }
                [b'\\', ..] => {
                    let (character, length) = escape(self.rest)?;
                    text.push(character);
                    self.pass(length);
                }
                [] => return Err(Stop::Incomplete),
                _ => {}
            }
        }
        Ok(true)
    }

    /// Reads a number as it is written; any other value is passed over, and the answer is `None`.
    #[inline]
    pub(super) fn number(&mut self) -> Result<Option<&'json [u8]>, Stop> {
        if !matches!(self.peek()?, b'-' | b'0'..=b'9') {
            self.skip()?;
            return Ok(None);
        }
        let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let length = self.rest.iter().position(|byte| !is_part(byte)).ok_or(Stop::Incomplete)?;
        let (number, behind) = self.rest.split_at(length);
        self.rest = behind;
        Ok(Some(number))
    }

    /// Passes over a value, however deep.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        self.skip_on(&mut Passing::default())
    }

    /// Passes on over a value that was cut off.
    pub(super) fn skip_on(&mut self, passing: &mut Passing) -> Result<(), Stop> {
        loop {
            match passing.inside {
                Inside::String => self.finish_string()?,
                Inside::Word => self.finish_word()?,
                Inside::Nothing => match self.peek()? {
                    b'{' | b'[' => {
                        passing.depth += 1;
                        self.pass(1);
                    }
                    b'}' | b']' if passing.depth > 0 => {
                        passing.depth -= 1;
                        self.pass(1);
                    }
                    b'"' => {
                        passing.inside = Inside::String;
                        self.pass(1);
                        continue;
                    }
                    b',' | b':' if passing.depth > 0 => self.pass(1),
                    byte if is_of_word(byte) => {
                        passing.inside = Inside::Word;
                        continue;
                    }
                    _ => return Err(Stop::Syntax { expected: "a value" }),
                },
            }
            passing.inside = Inside::Nothing;
            if passing.depth == 0 {
                return Ok(());
            }
        }
    }

    fn finish_string(&mut self) -> Result<(), Stop> {
        loop {
            self.pass(plain_length(self.rest));
            match self.rest {
                [b'"', behind @ ..] => {
                    self.rest = behind;
                    return Ok(());
                }
                [_, _, behind @ ..] => self.rest = behind,
                _ => return Err(Stop::Incomplete),
            }
        }
    }

    fn finish_word(&mut self) -> Result<(), Stop> {
        while let [byte, behind @ ..] = self.rest {
            if !is_of_word(*byte) {
                return Ok(());
            }
            self.rest = behind;
        }
        Err(Stop::Incomplete)
    }
}

impl Text {
    /// The content, its escapes undone; JSON from others need not be UTF-8.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Takes what a string holds up to its quote, to an escape of more than two characters, or to the end; says how much that was.
    #[inline]
    fn take(&mut self, json: &[u8]) -> usize {
        let needed = self.length + json.len();
        if self.bytes.len() < needed {
            self.bytes.resize(needed, 0);
        }
        let mut target = self.bytes.get_mut(self.length..).unwrap_or_default();
        let mut rest = json;
        loop {
            let plain = copy_plain(rest, target);
            self.length += plain;
            (_, rest) = rest.split_at(plain);
            let Some((slot, behind)) = target.get_mut(plain..).and_then(<[u8]>::split_first_mut) else { break };
            let Some((meant, behind_escape)) = simple_escape(rest) else { break };
            *slot = meant;
            self.length += 1;
            (rest, target) = (behind_escape, behind);
        }
        json.len() - rest.len()
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

/// How many bytes there are before the next quote or backslash.
#[inline]
fn plain_length(json: &[u8]) -> usize {
    let (words, _) = json.as_chunks::<8>();
    let mut length = 0;
    for word in words.iter().take(NEAR / 8) {
        let found = first_special(u64::from_le_bytes(*word));
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let rest = json.get(length..).unwrap_or_default();
    length + memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len())
}

/// Copies bytes up to the next quote or backslash, eight at a time: texts of JSON inside JSON have an escape every few bytes, for
/// which a call of a search function costs more than it finds.
#[inline]
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
#[inline]
fn first_special(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    zero_bytes(word ^ (ONES * b'"' as u64)) | zero_bytes(word ^ (ONES * b'\\' as u64))
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// What an escape of two characters means, and what is behind it; `None` when the bytes begin with anything else.
#[inline]
fn simple_escape(json: &[u8]) -> Option<(u8, &[u8])> {
    let [b'\\', letter, rest @ ..] = json else { return None };
    let meant = match letter {
        b'"' | b'\\' | b'/' => *letter,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 0x08,
        b'f' => 0x0C,
        _ => return None,
    };
    Some((meant, rest))
}

/// The character of an escape, and how long it is written.
#[cold]
fn escape(json: &[u8]) -> Result<(char, usize), Stop> {
    if let Some((meant, _)) = simple_escape(json) {
        return Ok((char::from(meant), 2));
    }
    match json {
        [b'\\', b'u', ..] => {}
        [_] => return Err(Stop::Incomplete),
        _ => return Err(Stop::Syntax { expected: "an escape that JSON has" }),
    }
    let first = code_unit(json)?;
    if !(0xD800..=0xDBFF).contains(&first) {
        return Ok((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6));
    }
    let second = match json.get(6..) {
        None | Some([] | [b'\\']) => return Err(Stop::Incomplete),
        Some(rest @ [b'\\', b'u', ..]) => match code_unit(rest) {
            Err(Stop::Incomplete) => return Err(Stop::Incomplete),
            answer => answer.ok(),
        },
        Some(_) => None,
    };
    match second {
        Some(second @ 0xDC00..=0xDFFF) => {
            let value = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            Ok((char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER), 12))
        }
        // Half a pair is replaced.
        _ => Ok((char::REPLACEMENT_CHARACTER, 6)),
    }
}

/// The code unit of `\uXXXX` at the start.
fn code_unit(escape: &[u8]) -> Result<u32, Stop> {
    let mut value = 0;
    for place in 2..6 {
        let digit = char::from(*escape.get(place).ok_or(Stop::Incomplete)?).to_digit(16);
        value = value << 4 | digit.ok_or(Stop::Syntax { expected: "four hexadecimal digits" })?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(json: &[u8]) -> Result<Vec<u8>, Stop> {
        let mut text = Text::default();
        Cursor::new(json).text(&mut text).map(|_| text.bytes().to_vec())
    }

    #[test]
    fn strings_are_what_serde_json_reads_and_cut_anywhere_they_are_incomplete() {
        for length in 0..40 {
            for tail in ["", "\"", "\\", "\n", "é\u{1F600}", "{\"a\":\"b\\\\\"}", "\u{0}\u{1f}/"] {
                let wanted = format!("{}{tail}{}", "x".repeat(length), "y".repeat(length / 3));
                let json = format!(" {} ", serde_json::to_string(&wanted).unwrap()).into_bytes();
                assert_eq!(text_of(&json), Ok(wanted.clone().into_bytes()));
                for cut in 0..json.len() - 1 {
                    assert_eq!(text_of(&json[..cut]), Err(Stop::Incomplete), "{wanted:?} cut at {cut}");
                }
                let mut start = Text::default();
                for most in 0..wanted.len() {
                    assert!(Cursor::new(&json).start_of_text(&mut start, most).unwrap());
                    assert!(start.bytes().len() >= most && wanted.as_bytes().starts_with(start.bytes()));
                }
            }
        }
    }

    #[test]
    fn escapes_are_read_as_json_has_them() {
        let long = format!("\"{}\\n\"", "z".repeat(3 * TAKEN));
        assert_eq!(text_of(long.as_bytes()).unwrap().len(), 3 * TAKEN + 1);
        for (json, text) in [
            (r#""\ud83d\ude00""#, "\u{1F600}"),
            (r#""\ud83d \u00e9\/""#, "\u{FFFD} é/"),
            (r#""\ud83dx""#, "\u{FFFD}x"),
            (r#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
            (r#""\b\f\n\r\t\"\\\u0000""#, "\u{8}\u{c}\n\r\t\"\\\0"),
        ] {
            assert_eq!(text_of(json.as_bytes()), Ok(text.as_bytes().to_vec()), "{json}");
        }
        for wrong in [r#""\x""#, r#""\u00g0""#, r#""\ud83d\u00g0""#] {
            assert!(matches!(text_of(wrong.as_bytes()), Err(Stop::Syntax { .. })), "{wrong}");
        }
    }
}
