//! The rooms of the program depend on each other in one direction only, and the protocol does no input or output.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use besides itself.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("protocol", &[]),
    ("session", &["protocol"]),
    ("content", &["protocol"]),
    ("explain", &["protocol"]),
    ("logs", &["session", "protocol"]),
    ("capture", &["session", "protocol"]),
    ("reading", &["content", "explain", "session", "protocol"]),
    ("report", &["logs", "reading", "content", "explain", "session", "protocol"]),
    ("search", &["reading", "content", "session", "protocol"]),
    ("ui", &["search", "reading", "content", "explain", "session", "protocol"]),
    ("app", &["ui", "capture", "report", "logs", "search", "reading", "content", "explain", "session", "protocol"]),
    ("cli", &["app", "capture", "report", "logs", "search", "reading", "content", "explain", "session", "protocol"]),
];

/// What the protocol must not touch, so that it can be tested with bytes alone.
const NOT_IN_PROTOCOL: [&str; 9] = [
    "std::net",
    "std::fs",
    "std::thread",
    "std::process",
    "std::env",
    "std::io",
    "time::Instant",
    "time::SystemTime",
    "egui",
];

/// One file's text without its comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let without_comment = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(without_comment).collect::<Vec<_>>().join("\n")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The first names after every `crate::`, those of a group `crate::{a, b::c}` included.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            None => {
                rooms.insert(first_name(rest));
            }
            Some(group) => {
                let (mut depth, mut at_name) = (1, true);
                for (at, character) in group.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 1 => break,
                        '}' => depth -= 1,
                        ',' if depth == 1 => at_name = true,
                        name if at_name && !name.is_whitespace() => {
                            rooms.insert(first_name(&group[at..]));
                            at_name = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn names_after_the_crate_are_found_wherever_they_stand() {
    let code = "use crate::session::{self, live};\nlet x = crate::logs::open();\nuse crate::{ui::theme, explain::{a, b}, app};";
    let expected = ["app", "explain", "logs", "session", "ui"].map(str::to_owned);
    assert_eq!(rooms_used(code), BTreeSet::from(expected));
}

#[test]
fn every_room_is_known() {
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_known = ["main", "lib"].contains(&name.as_str()) || ALLOWED.iter().any(|(room, _)| *room == name);
        assert!(is_known, "{} is a room that this test does not know: say here what it may use", path.display());
    }
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let mut wrong = Vec::new();
    for (room, allowed) in ALLOWED {
        for path in files(&source().join(room)) {
            for used in rooms_used(&code(&path)) {
                if used != room && !allowed.contains(&used.as_str()) {
                    wrong.push(format!("{} uses {used}, which {room} may not", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_protocol_does_no_input_or_output_and_reads_no_clock() {
    for path in files(&source().join("protocol")) {
        let code = code(&path);
        for forbidden in NOT_IN_PROTOCOL {
            assert!(!code.contains(forbidden), "{} touches {forbidden}", path.display());
        }
    }
}
