//! Bytes as hexadecimal digits, in the two forms that logs and people read.

/// Two lower-case digits a byte, with nothing between them, for programs.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    bytes.iter().for_each(|byte| push_digits(&mut text, *byte));
    text
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

/// The bytes of pairs of digits; `None` when the text is anything else.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|&[high, low]| Some(value(high)? << 4 | value(low)?)).collect()
}

fn push_digits(text: &mut String, byte: u8) {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    text.push(digit(byte >> 4));
    text.push(digit(byte & 0x0F));
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
