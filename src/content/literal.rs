//! Payloads as literals of programming languages and as words of a shell, to be pasted into a program or a terminal.

use std::fmt::Write;

/// Text as a literal where it can be, bytes otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'payload> {
    /// Text.
    Text(&'payload str),
    /// Bytes.
    Bytes(&'payload [u8]),
}

/// A Rust literal: `"text"` or `b"bytes"`.
pub fn rust(source: Source<'_>) -> String {
    match source {
        Source::Text(text) => {
            let mut literal = String::from("\"");
            for character in text.chars() {
                match character {
                    '"' | '\\' => literal.extend(['\\', character]),
                    '\n' => literal.push_str("\\n"),
                    '\r' => literal.push_str("\\r"),
                    '\t' => literal.push_str("\\t"),
                    character if is_plain(character) => literal.push(character),
                    character => {
                        let _ = write!(literal, "\\u{{{:x}}}", u32::from(character));
                    }
                }
            }
            literal + "\""
        }
        Source::Bytes(bytes) => {
            let mut literal = String::from("b\"");
            push_ascii_bytes(&mut literal, bytes, '"');
            literal + "\""
        }
    }
}

/// A JavaScript expression: `"text"`, or `new Uint8Array([…])`.
pub fn javascript(source: Source<'_>) -> String {
    match source {
        Source::Text(text) => {
            let mut literal = String::from("\"");
            for character in text.chars() {
                match character {
                    '"' | '\\' => literal.extend(['\\', character]),
                    '\n' => literal.push_str("\\n"),
                    '\r' => literal.push_str("\\r"),
                    '\t' => literal.push_str("\\t"),
                    // A script in a page ends at these letters, wherever they stand.
                    '<' => literal.push_str("\\x3c"),
                    character if is_plain(character) => literal.push(character),
                    character => {
                        let mut units = [0; 2];
                        for unit in character.encode_utf16(&mut units) {
                            let _ = write!(literal, "\\u{unit:04x}");
                        }
                    }
                }
            }
            literal + "\""
        }
        Source::Bytes(bytes) => {
            let numbers: Vec<String> = bytes.iter().map(|byte| format!("0x{byte:02x}")).collect();
            format!("new Uint8Array([{}])", numbers.join(", "))
        }
    }
}

/// A Python 3 literal: `"text"` or `b"bytes"`.
pub fn python(source: Source<'_>) -> String {
    match source {
        Source::Text(text) => {
            let mut literal = String::from("\"");
            for character in text.chars() {
                match character {
                    '"' | '\\' => literal.extend(['\\', character]),
                    '\n' => literal.push_str("\\n"),
                    '\r' => literal.push_str("\\r"),
                    '\t' => literal.push_str("\\t"),
                    character if is_plain(character) => literal.push(character),
                    character => {
                        let _ = match u32::from(character) {
                            value @ 0..=0xFF => write!(literal, "\\x{value:02x}"),
                            value @ 0x100..=0xFFFF => write!(literal, "\\u{value:04x}"),
                            value => write!(literal, "\\U{value:08x}"),
                        };
                    }
                }
            }
            literal + "\""
        }
        Source::Bytes(bytes) => {
            let mut literal = String::from("b\"");
            push_ascii_bytes(&mut literal, bytes, '"');
            literal + "\""
        }
    }
}

/// A word of a POSIX shell that stands for exactly this text; `None` when it has a zero, which no argument can.
pub fn shell_word(text: &str) -> Option<String> {
    (!text.contains('\0')).then(|| format!("'{}'", text.replace('\'', r"'\''")))
}

/// A command of a POSIX shell that prints exactly these bytes.
pub fn printf(bytes: &[u8]) -> String {
    let mut command = String::from("printf '");
    for byte in bytes {
        match byte {
            b'%' => command.push_str("%%"),
            b'\\' => command.push_str(r"\\"),
            // A digit after an octal escape of three digits is no part of it.
            b' '..=b'~' if *byte != b'\'' => command.push(char::from(*byte)),
            byte => {
                let _ = write!(command, "\\{byte:03o}");
            }
        }
    }
    command + "'"
}

fn push_ascii_bytes(literal: &mut String, bytes: &[u8], quote: char) {
    for byte in bytes {
        match char::from(*byte) {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            character if character == quote => literal.extend(['\\', character]),
            character @ ' '..='~' => literal.push(character),
            _ => {
                let _ = write!(literal, "\\x{byte:02x}");
            }
        }
    }
}

/// Whether a character can stand in a literal as it is: neither a control character nor one that hides, joins or turns others.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const TEXTS: [&str; 8] = [
        "",
        "plain",
        "say \"hi\" and 'ho'",
        "back\\slash \\n \\u{41} \\x41",
        "lines\r\n\ttab",
        "\u{0}\u{1}\u{7f}\u{9f}0",
        "grüße \u{1F600} \u{202e}\u{2028}\u{feff}",
        "</script>${x}`%s%n{0}",
    ];

    /// What a program prints in hexadecimal, or `None` where it is not installed.
    fn evaluated(program: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new(program).args(arguments).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    }

    fn all_bytes() -> Vec<u8> {
        (0..=255).chain([b'\\', b'x', b'0', 0, b'1']).collect()
    }

    fn hex(bytes: &[u8]) -> String {
        crate::protocol::hexadecimal::encode(bytes)
    }

    #[test]
    fn literals_look_as_their_languages_write_them() {
        assert_eq!(rust(Source::Text("a\"\\\n\u{1}\u{202e}é")), r#""a\"\\\n\u{1}\u{202e}é""#);
        assert_eq!(rust(Source::Bytes(b"a\"\\\0\xff'")), r#"b"a\"\\\x00\xff'""#);
        assert_eq!(javascript(Source::Text("\u{1F600}\u{2028}<")), "\"\u{1F600}\\u2028\\x3c\"");
        assert_eq!(javascript(Source::Bytes(&[0, 255])), "new Uint8Array([0x00, 0xff])");
        assert_eq!(python(Source::Text("\u{1}\u{202e}")), r#""\x01\u202e""#);
        assert_eq!(python(Source::Bytes(b"\x01'\"")), r#"b"\x01'\"""#);
        assert_eq!(shell_word("it's"), Some(r"'it'\''s'".into()));
        assert_eq!(shell_word("a\0b"), None);
        assert_eq!(printf(b"5%\\'\x001"), r"printf '5%%\\\047\0001'");
    }

    #[test]
    fn javascript_reads_what_was_written() {
        for text in TEXTS {
            let program =
                format!("process.stdout.write(Buffer.from({}).toString('hex'))", javascript(Source::Text(text)));
            let Some(read) = evaluated("node", &["-e", &program]) else { return };
            assert_eq!(read, hex(text.as_bytes()), "{program}");
        }
        let bytes = all_bytes();
        let program =
            format!("process.stdout.write(Buffer.from({}).toString('hex'))", javascript(Source::Bytes(&bytes)));
        assert_eq!(evaluated("node", &["-e", &program]), Some(hex(&bytes)));
    }

    #[test]
    fn python_reads_what_was_written() {
        for text in TEXTS {
            let program = format!("print({}.encode().hex())", python(Source::Text(text)));
            let Some(read) = evaluated("python3", &["-X", "utf8", "-c", &program]) else { return };
            assert_eq!(read, hex(text.as_bytes()), "{program}");
        }
        let bytes = all_bytes();
        let program = format!("print({}.hex())", python(Source::Bytes(&bytes)));
        assert_eq!(evaluated("python3", &["-c", &program]), Some(hex(&bytes)));
    }

    #[test]
    fn a_shell_prints_what_was_written() {
        let print_hex = |command: &str| evaluated("sh", &["-c", &format!("{command} | od -An -v -tx1 | tr -d ' \\n'")]);
        let bytes = all_bytes();
        let Some(read) = print_hex(&printf(&bytes)) else { return };
        assert_eq!(read, hex(&bytes));
        for text in TEXTS.into_iter().filter(|text| !text.is_empty()) {
            if let Some(word) = shell_word(text) {
                assert_eq!(print_hex(&format!("printf %s {word}")), Some(hex(text.as_bytes())));
            }
        }
    }
}
