//! Bytes as hexadecimal digits, in the two forms that logs and people read.

/// Two lower-case digits a byte, with nothing between them, for programs.
pub fn encode(bytes: &[u8]) -> String {
    faster_hex::hex_string(bytes)
}

/// Two lower-case digits a byte with spaces between the bytes, for people: `88 02 03 e8`.
pub fn spaced(bytes: impl IntoIterator<Item = u8>) -> String {
    let mut text = String::new();
    for byte in bytes {
        if !text.is_empty() {
            text.push(' ');
        }
        push_digits(&mut text, byte);
    }
    text
}

/// Why a person's text is not bytes in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HexadecimalError {
    /// A character that is no digit.
    #[error(
        "“{character}” is not a hexadecimal digit. It is character {place}; write bytes as pairs of 0-9 and a-f, spaces are fine."
    )]
    NotADigit {
        /// The character.
        character: char,
        /// Its place in the text, counted from 1, spaces included.
        place: usize,
    },
    /// Half a byte is left.
    #[error("The last byte has only one digit. Write two for each byte.")]
    OddDigits,
}

/// The bytes that a person wrote as pairs of digits, with spaces wherever they like.
///
/// # Errors
/// See [`HexadecimalError`].
pub fn parse(text: &str) -> Result<Vec<u8>, HexadecimalError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (index, character) in text.chars().enumerate().filter(|(_, character)| !character.is_whitespace()) {
        let digit = character.to_digit(16).ok_or(HexadecimalError::NotADigit { character, place: index + 1 })? as u8;
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    if high.is_some() { Err(HexadecimalError::OddDigits) } else { Ok(bytes) }
}

/// The bytes of pairs of digits, large or small; `None` when the text is anything else.
pub fn decode(digits: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    let digits = digits.as_ref();
    let mut bytes = vec![0; digits.len() / 2];
    decode_into(digits, &mut bytes)?;
    Some(bytes)
}

/// The same bytes at the start of `place`; `None` also when they are more than fit there.
pub fn decode_into<'place>(digits: &[u8], place: &'place mut [u8]) -> Option<&'place [u8]> {
    faster_hex::hex_decode(digits, place).ok().map(|bytes| &*bytes)
}

fn push_digits(text: &mut String, byte: u8) {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    text.push(digit(byte >> 4));
    text.push(digit(byte & 0x0F));
}
