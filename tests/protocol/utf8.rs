//! UTF-8 in pieces: the sequences of Markus Kuhn's decoder test, cut everywhere.

use closelook::protocol::direction::Side;
use closelook::protocol::finding::Rule;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::utf8::{InvalidUtf8, Utf8Validator};

use crate::transcript::{Transcript, fragment, frame, hex};

/// Sequences that are whole and right, at the edges of each length.
const VALID: [&str; 16] = [
    "",
    "00",
    "7f",
    "c2 80",
    "df bf",
    "e0 a0 80",
    "ed 9f bf",
    "ee 80 80",
    "ef bf bd",
    "ef bf bf",
    "ef bb bf",
    "f0 90 80 80",
    "f4 8f bf bf",
    "ce ba e1 bd b9 cf 83 ce bc ce b5",
    "48 65 6c 6c 6f e2 82 ac f0 9f 98 80",
    "d8 b3 d9 84 d8 a7 d9 85",
];

/// Sequences that are wrong at once.
const INVALID: [(&str, &str); 33] = [
    ("lone continuation", "80"),
    ("lone continuation", "bf"),
    ("two continuations", "80 bf"),
    ("lone first byte of two", "c2 20"),
    ("lone first byte of three", "e0 20"),
    ("lone first byte of four", "f0 20"),
    ("last byte missing, two", "df 41"),
    ("last byte missing, three", "e0 a0 41"),
    ("last byte missing, four", "f0 90 80 41"),
    ("impossible byte", "fe"),
    ("impossible byte", "ff"),
    ("first byte of five", "f8 88 80 80 80"),
    ("first byte of six", "fc 84 80 80 80 80"),
    ("overlong slash, two", "c0 af"),
    ("overlong slash, three", "e0 80 af"),
    ("overlong slash, four", "f0 80 80 af"),
    ("overlong slash, five", "f8 80 80 80 af"),
    ("overlong slash, six", "fc 80 80 80 80 af"),
    ("longest overlong, two", "c1 bf"),
    ("longest overlong, three", "e0 9f bf"),
    ("longest overlong, four", "f0 8f bf bf"),
    ("overlong NUL, two", "c0 80"),
    ("overlong NUL, three", "e0 80 80"),
    ("first high surrogate", "ed a0 80"),
    ("last private high surrogate", "ed ae 80"),
    ("last high surrogate", "ed af bf"),
    ("first low surrogate", "ed b0 80"),
    ("last low surrogate", "ed bf bf"),
    ("surrogate pair", "ed a0 80 ed b0 80"),
    ("above U+10FFFF", "f4 90 80 80"),
    ("above U+10FFFF", "f5 80 80 80"),
    ("above U+10FFFF", "f7 bf bf bf"),
    ("interrupted", "e2 82 c2 a9"),
];

/// Sequences that only their end makes wrong.
const TRUNCATED: [&str; 6] = ["c2", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98"];

fn check(parts: &[&[u8]]) -> Result<(), InvalidUtf8> {
    let mut validator = Utf8Validator::default();
    for part in parts {
        validator.feed(part)?;
    }
    validator.finish()
}

/// Checks the text whole, byte by byte and cut once at every place.
fn check_everywhere(text: &[u8]) -> Result<(), InvalidUtf8> {
    let whole = check(&[text]);
    let bytes: Vec<&[u8]> = text.chunks(1).collect();
    assert_eq!(check(&bytes), whole, "byte by byte: {text:02x?}");
    for cut in 0..=text.len() {
        assert_eq!(check(&[&text[..cut], &text[cut..]]), whole, "cut at {cut}: {text:02x?}");
        assert_eq!(check(&[&text[..cut], &[], &text[cut..]]), whole, "cut twice at {cut}: {text:02x?}");
    }
    whole
}

#[test]
fn valid_sequences() {
    for sequence in VALID {
        assert_eq!(check_everywhere(&hex(sequence)), Ok(()), "{sequence}");
        let inside = [b"before ".as_slice(), &hex(sequence), b" after"].concat();
        assert_eq!(check_everywhere(&inside), Ok(()), "{sequence}");
    }
}

#[test]
fn invalid_sequences() {
    for (what, sequence) in INVALID {
        assert!(check_everywhere(&hex(sequence)).is_err(), "{what}: {sequence}");
        let inside = ["caf\u{e9} ".as_bytes(), &hex(sequence), b" after"].concat();
        let expected = std::str::from_utf8(&inside).unwrap_err().valid_up_to() as u64;
        assert_eq!(check_everywhere(&inside), Err(InvalidUtf8 { at: expected }), "{what}: {sequence}");
    }
}

#[test]
fn truncated_sequences() {
    for sequence in TRUNCATED {
        assert_eq!(check_everywhere(&hex(sequence)), Err(InvalidUtf8 { at: 0 }), "{sequence}");
        let after = [b"abc".as_slice(), &hex(sequence)].concat();
        assert_eq!(check_everywhere(&after), Err(InvalidUtf8 { at: 3 }), "{sequence}");
    }
}

#[test]
fn text_is_checked_across_fragments_and_masks() {
    let text = "\u{20ac}\u{1f600}".as_bytes();
    for cut in 0..=text.len() {
        for side in Side::BOTH {
            let transcript = Transcript::upgraded()
                .says(side, fragment(side, false, Opcode::Text, &text[..cut]))
                .says(side, frame(side, Opcode::Ping, b"\xff between"))
                .says(side, fragment(side, true, Opcode::Continuation, &text[cut..]));
            assert_eq!(transcript.rules(), [], "{side}, cut at {cut}");
        }
    }
}

#[test]
fn wrong_text_is_found_as_soon_as_it_can_be() {
    let wrong = hex("61 62 ed a0 80 63 ff");
    for side in Side::BOTH {
        let bytes = frame(side, Opcode::Text, &wrong);
        let (start, rest) = bytes.split_at(bytes.len() - 3);
        let transcript = Transcript::upgraded().says(side, start);
        let found = [(Some(1), Some(side), Rule::TextNotUtf8 { at: 2 })];
        assert_eq!(transcript.findings(), found, "at the second byte of the surrogate");
        assert_eq!(transcript.says(side, rest).findings(), found, "once a message");
    }
}

#[test]
fn a_message_that_ends_inside_a_character() {
    let transcript = Transcript::upgraded()
        .server(hex("01 03 61 e2 82"))
        .server(hex("80 00"))
        .server(hex("81 01 61"))
        .server(hex("82 01 ff"));
    assert_eq!(transcript.findings(), [(Some(2), Some(Side::Server), Rule::TextNotUtf8 { at: 1 })]);
    assert!(transcript.messages().iter().all(|message| message.completed_at.is_some()));
}

#[test]
fn long_masked_text_is_checked_to_its_end() {
    let mut text = "\u{20ac}".repeat(50_000).into_bytes();
    assert_eq!(Transcript::upgraded().client(frame(Side::Client, Opcode::Text, &text)).rules(), []);
    let last = text.len() - 1;
    text[last] = b'!';
    let transcript = Transcript::upgraded().client(frame(Side::Client, Opcode::Text, &text));
    assert_eq!(transcript.rules(), [Rule::TextNotUtf8 { at: last as u64 - 2 }]);
}

#[test]
fn compressed_text_is_judged_as_it_was_before_compression() {
    // Stored blocks: 00, the length and its complement, then the text.
    let good = Transcript::upgraded_with_compression().server(hex("c1 08 00 02 00 fd ff c3 a9 00"));
    assert_eq!(good.rules(), [], "c3 and a9 are one letter");
    let bad =
        Transcript::upgraded_with_compression().server(hex("c1 08 00 02 00 fd ff 61 a9 00")).server(hex("81 01 ff"));
    let broken = |number, at| (Some(number), Some(Side::Server), Rule::TextNotUtf8 { at });
    assert_eq!(bad.findings(), [broken(1, 1), broken(2, 0)]);
}
