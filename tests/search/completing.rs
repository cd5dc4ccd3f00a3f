//! What is suggested while a filter is written.

use closelook::search::{Completion, Field, Filter};

/// What is suggested where the bar stands.
fn suggested(marked: &str) -> Vec<String> {
    let cursor = marked.chars().position(|character| character == '|').unwrap();
    let source = marked.replacen('|', "", 1);
    Completion::at(&source, cursor).suggestions.into_iter().map(|suggestion| suggestion.label).collect()
}

/// The filter once the suggestion of this label is taken.
fn taken(marked: &str, label: &str) -> String {
    let cursor = marked.chars().position(|character| character == '|').unwrap();
    let source: Vec<char> = marked.replacen('|', "", 1).chars().collect();
    let completion = Completion::at(&source.iter().collect::<String>(), cursor);
    let suggestion = completion.suggestions.iter().find(|suggestion| suggestion.label == label).unwrap();
    let mut text: String = source[..completion.replaces.start].iter().collect();
    text.push_str(&suggestion.text);
    text.extend(&source[completion.replaces.end..]);
    text
}

#[test]
fn every_field_is_suggested_at_the_start_with_what_it_means() {
    let all = Completion::at("", 0).suggestions;
    for field in Field::ALL {
        let suggestion = all.iter().find(|suggestion| suggestion.label.trim_end_matches('.') == field.name()).unwrap();
        assert_eq!(suggestion.description, field.description());
        assert!(!suggestion.description.is_empty());
    }
}

#[test]
fn suggestions_fit_what_was_typed() {
    for (marked, expected) in [
        ("op|", &["opcode"][..]),
        ("OP|", &["opcode"]),
        ("fin|", &["finding", "finding.severity"]),
        ("finding |", &["==", "in", "&&", "||"]),
        ("opcode |", &["==", "!=", "in"]),
        ("opcode =|", &["=="]),
        ("opcode == |", &["text", "binary", "continuation", "close", "ping", "pong", "reserved"]),
        ("opcode == p|", &["ping", "pong"]),
        ("opcode == pi|", &["ping"]),
        ("opcode == ping|", &[]),
        ("opcode == ping |", &["&&", "||"]),
        ("opcode == ping &|", &["&&"]),
        ("opcode == ping && di|", &["dir"]),
        ("dir == |", &["client", "server"]),
        ("dir in {client, |", &["client", "server"]),
        ("len |", &["==", "!=", "<", "<=", ">", ">=", "in"]),
        ("len > |", &[]),
        ("len > 3 |", &["KiB", "MiB", "GiB", "kB", "MB", "GB", "&&", "||"]),
        ("len > 3 K|", &["KiB", "kB"]),
        ("time > 3 m|", &["ms", "min"]),
        ("payload |", &["contains", "icontains", "matches", "==", "!="]),
        ("payload contains |", &["\"", "0x"]),
        ("payload contains \"opc|", &[]),
        ("payload matches |", &["/"]),
        ("payload matches /op|", &[]),
        ("finding.severity >= |", &["note", "warning", "error"]),
        ("finding == \"masking|", &["\"masking-key-zero\"", "\"masking-key-repeated\""]),
        ("close.code == 101|", &["1010", "1011", "1012", "1013", "1014", "1015"]),
        ("len > 3|", &[]),
        ("payload contains \"a\"|", &[]),
        ("payload contains \"a\" |", &["&&", "||"]),
        ("json.a == |", &["true", "false", "null", "\""]),
        ("!(ma|", &["masked"]),
        ("!|", &[]),
        ("nonsense |", &[]),
        ("op| == text", &["opcode"]),
        ("opcode == te|xt && fin", &["text"]),
    ] {
        if marked == "!|" {
            assert!(suggested(marked).len() > 20);
            continue;
        }
        let mut suggested = suggested(marked);
        if marked == "opcode == te|xt && fin" {
            suggested.retain(|label| label != "text");
            assert!(suggested.is_empty());
            continue;
        }
        assert_eq!(suggested, expected, "{marked}");
    }
    assert!(suggested("close.code == |").contains(&"1005".to_owned()));
}

#[test]
fn a_suggestion_takes_the_place_of_the_word_at_the_cursor() {
    assert_eq!(taken("op|", "opcode"), "opcode ");
    assert_eq!(taken("len > 3 && op|co == text", "opcode"), "len > 3 && opcode  == text");
    assert_eq!(taken("dir == |", "client"), "dir == client");
    assert_eq!(taken("finding == \"text|", "\"text-not-utf8\""), "finding == \"text-not-utf8\"");
}

#[test]
fn what_is_suggested_for_a_value_makes_a_filter() {
    for start in ["opcode == ", "dir != ", "finding == ", "finding.severity >= ", "close.code == "] {
        for suggestion in Completion::at(start, start.len()).suggestions {
            let filter = format!("{start}{}", suggestion.text);
            assert!(Filter::parse(&filter).is_ok(), "{filter}");
        }
    }
}
