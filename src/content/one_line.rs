//! Text of peers on one line: bounded, and with nothing in it that steers a screen or a terminal.

/// Text on one line: white space as spaces, other control characters and direction marks as dots, at most `limit` characters.
pub fn one_line(text: &str, limit: usize) -> String {
    let mut characters = text.chars();
    let mut line: String = characters.by_ref().take(limit).map(harmless).collect();
    if characters.next().is_some() {
        line.push('…');
    }
    line
}

fn harmless(character: char) -> char {
    match character {
        '\n' | '\r' | '\t' => ' ',
        // Marks that turn the direction of text would let a peer rearrange the line.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '·',
        character if character.is_control() => '·',
        character => character,
    }
}

/// Text in double quotes, with escapes for what could end it or steer a screen.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// The start of a text, at most `limit` bytes, and whether that is less than all of it.
pub fn cut(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    (text.get(..end).unwrap_or_default(), true)
}

/// Bytes as text when they are UTF-8, apart from a last character that is cut off.
pub fn readable(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}
