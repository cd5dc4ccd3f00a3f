//! What each part of the language means, and what is said where a filter is wrong.

use closelook::protocol::direction::Side;
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::opcode::Opcode;
use closelook::search::{Field, Filter};
use closelook::session::annotations::Note;
use closelook::session::{Annotation, Session};
use proptest::prelude::*;

use crate::talk::{Talk, matching};

/// Twelve frames, one of each kind that a filter tells apart.
fn session() -> Session {
    let mut talk = Talk::begin();
    talk.at = 1_000_000_000;
    talk.say(Side::Server, Opcode::Text, "say \"grüße\"".as_bytes()); // 1
    talk.say(Side::Client, Opcode::Ping, b""); // 2
    talk.at += 500_000_000;
    talk.say(Side::Server, Opcode::Pong, b""); // 3
    talk.message(Side::Client, b"one needle in three parts", &[7, 12], false); // 4, 5, 6
    let json =
        br#"{"user":{"id":7,"name":"\u00c4da","tags":["a","b"],"odd key":null},"big":9007199254740993,"ok":true}"#;
    talk.message(Side::Server, json, &[], true); // 7
    talk.say(Side::Client, Opcode::Binary, &[0, 1, 2, 0xFF]); // 8
    talk.say(Side::Server, Opcode::Reserved(3), b"unknown"); // 9
    let rsv2 = FrameHeader { rsv2: true, ..FrameHeader::new(Opcode::Text, 2) };
    talk.frame(Side::Client, rsv2, b"[]", Some(b"[]")); // 10
    talk.say(Side::Server, Opcode::Close, &[&1001_u16.to_be_bytes()[..], b"going home"].concat()); // 11
    talk.say(Side::Client, Opcode::Close, b""); // 12
    talk.session()
}

#[test]
fn each_condition_picks_its_frames() {
    let session = session();
    for (filter, frames) in [
        ("opcode == text", &[1, 4, 7, 10][..]),
        ("opcode != text", &[2, 3, 5, 6, 8, 9, 11, 12]),
        ("opcode in {ping, pong}", &[2, 3]),
        ("opcode == reserved", &[9]),
        ("opcode == 3", &[9]),
        ("opcode == 0x08", &[11, 12]),
        ("dir == client", &[2, 4, 5, 6, 8, 10, 12]),
        ("dir != client", &[1, 3, 7, 9, 11]),
        ("dir in {client, server} && len == 0", &[2, 3, 12]),
        ("len == 0", &[2, 3, 12]),
        ("len>=7 and len<=13", &[1, 4, 6, 9, 11]),
        ("len in {2, 4}", &[8, 10]),
        ("len < 0.005 k", &[2, 3, 8, 10, 12]),
        ("len > 16 EiB", &[]),
        ("payload contains \"needle\"", &[4]),
        ("frame.payload contains \"needle\"", &[]),
        ("frame.payload contains \"one nee\"", &[4]),
        ("payload icontains \"GRÜSSE\"", &[]),
        ("payload icontains \"GRÜßE\"", &[1]),
        ("payload contains 0x0102ff", &[8]),
        ("payload contains \"\\u{e4}\"", &[]),
        ("payload contains \"\"", &[1, 2, 3, 4, 7, 8, 9, 10, 11, 12]),
        ("payload == \"[]\"", &[10]),
        ("payload != \"\" && opcode != text", &[8, 9, 11]),
        ("payload matches /^one\\b.*parts$/", &[4]),
        ("payload matches /GR..E\"$/i", &[1]),
        ("payload matches /(?-u)\\x02\\xFF/", &[8]),
        ("payload matches /a\\/b/", &[]),
        ("compressed", &[7]),
        ("fragmented", &[4, 5, 6]),
        ("!fin", &[4, 5]),
        ("rsv1", &[7]),
        ("rsv2", &[10]),
        ("rsv3 || rsv1", &[7]),
        ("masked && opcode == close", &[12]),
        ("message.len == 25", &[4]),
        ("message.len", &[1, 4, 7, 8, 10]),
        ("message.inflated == 108", &[]),
        ("message.inflated > 90 B", &[7]),
        ("!message.inflated && opcode == text", &[1, 4, 10]),
        ("close.code", &[11, 12]),
        ("close.code == 1005", &[12]),
        ("close.code != 1000", &[11, 12]),
        ("close.code in {1000, 1001}", &[11]),
        ("close.reason contains \"home\"", &[11]),
        ("close.reason", &[11]),
        ("finding", &[9, 10, 12]),
        ("finding == \"reserved-opcode\"", &[9]),
        ("finding in {\"reserved-opcode\", \"reserved-bit-without-extension\"}", &[9, 10]),
        ("finding.severity >= error", &[9, 10]),
        ("finding.severity == note", &[12]),
        ("json.user.id == 7", &[7]),
        ("json.user.id == 7.0", &[7]),
        ("json.user.id > 6.5", &[7]),
        ("json.user.id != 8", &[7]),
        ("json.user.id != 7", &[]),
        ("json.user.id == \"7\"", &[]),
        ("json.user.id in {1, 7}", &[7]),
        ("json.user.name == \"Äda\"", &[7]),
        ("json.user.name icontains \"äDA\"", &[7]),
        ("json.user.name matches /^.da$/", &[7]),
        ("json.user.tags[1] == \"b\"", &[7]),
        ("json.user.tags[*] == \"b\"", &[7]),
        ("json.user.tags[2]", &[]),
        ("json.user[\"odd key\"] == null", &[7]),
        ("json[\"user\"].tags", &[7]),
        ("json.big == 9007199254740993", &[7]),
        ("json.big == 9007199254740992", &[]),
        ("json.ok == true", &[7]),
        ("json.ok != false", &[7]),
        ("json.missing != 1", &[]),
        ("json", &[7, 10]),
        ("time >= 1.5 && time <= 1503ms", &[3]),
        ("time > 1 min", &[]),
        ("time.after_previous > 100ms", &[3]),
        ("time.after_previous && number < 3", &[2]),
        ("number == 5", &[5]),
        ("summary", &[]),
        ("not (opcode == text or opcode == binary) and len > 0 and !fragmented", &[9, 11]),
        ("opcode == ping || opcode == text && dir == client", &[2, 4, 10]),
        ("(opcode == ping || opcode == text) && dir == client", &[2, 4, 10]),
        ("!!fin && !!!masked && opcode == close", &[11]),
    ] {
        if filter.contains("EiB") {
            assert!(Filter::parse(filter).is_err());
            continue;
        }
        assert_eq!(matching(&session, filter), frames, "{filter}");
    }
}

#[test]
fn what_a_subprotocol_says_of_a_message_can_be_asked_for() {
    let mut talk = Talk::begin();
    talk.say(Side::Client, Opcode::Text, br#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":[]}"#);
    talk.say(Side::Server, Opcode::Text, br#"{"jsonrpc":"2.0","id":1,"result":true}"#);
    talk.say(Side::Server, Opcode::Ping, b"subscribe");
    assert_eq!(matching(&talk.session(), "summary contains \"subscribe\""), [1]);
    assert_eq!(matching(&talk.session(), "summary && !(summary icontains \"SUBSCRIBE\")"), [2]);
}

#[test]
fn bookmarks_and_notes_can_be_asked_for() {
    let mut talk = Talk::begin();
    for text in ["one", "two", "three"] {
        talk.say(Side::Server, Opcode::Text, text.as_bytes());
    }
    let bookmark = |frame, note| Annotation::Bookmark { frame: FrameNumber(frame), note: Note::new(note) };
    let session =
        talk.session().annotated(&bookmark(1, "")).unwrap().annotated(&bookmark(3, "Here it begins")).unwrap();
    for (filter, frames) in [
        ("bookmark", &[1, 3][..]),
        ("!bookmark", &[2]),
        ("note", &[3]),
        ("bookmark && !note", &[1]),
        ("note contains \"begins\"", &[3]),
        ("note icontains \"HERE\"", &[3]),
        ("note matches /^Here/", &[3]),
        ("note == \"Here it begins\"", &[3]),
        ("note != \"x\"", &[3]),
        ("note contains \"three\"", &[]),
    ] {
        assert_eq!(matching(&session, filter), frames, "{filter}");
    }
    // Nothing is looked for in payloads.
    assert_eq!(Filter::parse("note contains \"begins\"").unwrap().needles().len(), 0);
}

#[test]
fn errors_point_at_the_place() {
    for (filter, at, part) in [
        ("", 0, "Expected a field"),
        ("size > 3", 0, "Did you mean len?"),
        ("payloads contains \"a\"", 0, "Did you mean payload?"),
        ("reason == \"a\"", 0, "Did you mean close.reason?"),
        ("opcode = text", 7, "=="),
        ("opcode > 3", 7, "==, != or in"),
        ("opcode == txt", 10, "text, binary"),
        ("opcode == 16", 10, "0 to 15"),
        ("dir == up", 7, "client or server"),
        ("len > big", 6, "bytes"),
        ("len > 1 && len", 14, "Expected =="),
        ("len > 99999999999999999999", 6, "not a number"),
        ("len > 5 TiB", 8, "&& or ||"),
        ("len > 5TiB", 7, "There are the units"),
        ("len > 0.3", 6, "not a number"),
        ("len > -1", 6, "not a number"),
        ("len >", 5, "bytes"),
        ("number == 5k", 11, "no unit"),
        ("close.code == 70000", 14, "0 to 65535"),
        ("time > soon", 7, "in seconds"),
        ("fin == 1", 4, "stands alone"),
        ("finding finding", 8, "&&"),
        ("finding && ", 11, "Expected a field"),
        ("finding & finding", 8, "&&"),
        ("finding | finding", 8, "||"),
        ("finding == \"nonsense\"", 11, "no rule"),
        ("finding != \"reserved-opcode\"", 8, "!(finding"),
        ("finding.severity >= bad", 20, "note, warning or error"),
        ("payload contains \"a", 17, "no end"),
        ("payload contains a", 17, "double quotes"),
        ("payload contains 0xabc", 17, "two hexadecimal digits"),
        ("payload contains 0xzz", 17, "0 to 9 and a to f"),
        ("payload icontains 0xff", 18, "Only text"),
        ("payload > \"a\"", 8, "contains"),
        ("payload has \"ü\" && §", 19, "no meaning"),
        ("payload contains \"\\x\"", 19, "backslash"),
        ("payload contains \"\\u{d800}\"", 19, "number"),
        ("payload matches \"a\"", 16, "slashes"),
        ("payload matches /a", 16, "no end"),
        ("payload matches /a(b/", 18, "group"),
        ("payload matches /\\/é[/", 20, "class"),
        ("payload matches /a/ix", 20, "flags"),
        ("payload matches /(x{999}){999}{999}/", 17, "too large"),
        ("json. == 1", 5, "key after the dot"),
        ("json.a..b", 7, "key after the dot"),
        ("json.a[x]", 7, "index"),
        ("json.a[1", 8, "Expected ]"),
        ("json.a == b", 10, "true, false or null"),
        ("json.a like 3", 7, "icontains"),
        ("(fin", 4, "Expected )"),
        ("fin)", 3, "no ( for this"),
        ("!", 1, "Expected a field"),
        ("len in 3", 7, "Expected {"),
        ("len in {3 4}", 10, "comma"),
        ("len in {}", 8, "bytes"),
    ] {
        let error = Filter::parse(filter).unwrap_err();
        assert!(error.problem.contains(part), "{filter}: {error}");
        assert_eq!(error.at, at, "{filter}: {error}");
    }
    let shown = Filter::parse("dir == up").unwrap_err().pointing_into("dir == up");
    assert!(shown.ends_with("\n  dir == up\n         ^"), "{shown}");
}

#[test]
fn long_and_deep_filters_are_refused_and_not_run() {
    let deep = format!("{}fin{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(Filter::parse(&deep).unwrap_err().problem.contains("at most"));
    let deep = format!("{}fin{}", "(".repeat(65), ")".repeat(65));
    assert!(Filter::parse(&deep).unwrap_err().problem.contains("64 deep"));
    assert!(Filter::parse(&format!("{}fin", "!".repeat(65))).unwrap_err().problem.contains("64 deep"));
    for inner in ["fin", "len > 3"] {
        let deepest = Filter::parse(&format!("{}{inner}", "!".repeat(64))).unwrap();
        assert_eq!(Filter::parse(&deepest.to_string()).unwrap(), deepest);
    }
    let many = vec!["fin"; 1_001].join("||");
    assert!(Filter::parse(&many).unwrap_err().problem.contains("1000 conditions"));
}

/// The first cells of the table of filters.
fn documented() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## Filters\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split("` |").next().unwrap().replace("\\|", "|")).collect()
}

#[test]
fn every_example_of_the_readme_is_a_filter_and_every_field_is_in_it() {
    let filters = documented();
    assert!(filters.len() >= 20, "{filters:?}");
    for filter in &filters {
        if let Err(error) = Filter::parse(filter) {
            panic!("{}", error.pointing_into(filter));
        }
    }
    let readme = include_str!("../../README.md");
    for field in Field::ALL {
        assert!(readme.contains(field.name()), "{} is not in the README", field.name());
    }
    // The same on a session that has something for most of them.
    let session = session();
    let matched = filters.iter().filter(|filter| !matching(&session, filter).is_empty()).count();
    assert!(matched >= 12, "only {matched} of the examples match anything");
}

/// Filters of every form.
fn filters() -> impl Strategy<Value = String> {
    let text = "[a-zé\\\\\"\n\u{1}/]{0,6}".prop_map(|text| {
        let mut quoted = String::from("\"");
        text.chars().for_each(|character| match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            other => quoted.push(other),
        });
        quoted + "\""
    });
    let bytes = prop_oneof![text, "([0-9a-f]{2}){1,4}".prop_map(|digits| format!("0x{digits}"))];
    let comparison = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let path = prop::collection::vec(
        prop_oneof!["\\.[a-z_$]{1,5}", "\\[[0-9]{1,3}\\]", Just("[*]".to_owned()), Just("[\"a b.\\\"\"]".to_owned())],
        0..4,
    );
    let path = path.prop_map(|steps| format!("json{}", steps.concat()));
    let quantity = prop_oneof!["[0-9]{1,9}", "[0-9]{1,6}", "[0-9]{1,5}\\.[0-9]{1,3} ?MB", "[1-9][0-9]{0,3} ?KiB"];
    let time = prop_oneof!["[0-9]{1,9}(\\.[0-9]{1,9})?", "[0-9]{1,8} ?(ns|us|ms|s|min)"];
    let number = prop_oneof!["-?[0-9]{1,20}", "-?[0-9]{1,5}\\.[0-9]{1,5}(e[+-]?[0-9]{1,2})?", "[1-9]e20"];
    let value = prop_oneof![
        bytes.clone().prop_filter("text", |text| text.starts_with('"')),
        number.boxed(),
        "(true|false|null)"
    ];
    let field = prop::sample::select(vec!["payload", "frame.payload", "close.reason", "summary", "note"]);
    let needles = ("(contains|==|!=)", bytes.clone()).prop_map(|(operator, bytes)| format!("{operator} {bytes}"));
    let texts = prop_oneof![
        needles,
        "matches /[a-z.*é]{0,4}(\\\\/)?(\\[[a-z]\\])?/i?m?s?"
            .prop_filter("a regular expression", |text| { Filter::parse(&format!("payload {text}")).is_ok() }),
        "icontains \"[a-zé]{0,4}\"",
    ];
    let condition = prop_oneof![
        prop::sample::select(vec![
            "fin",
            "rsv1",
            "masked",
            "compressed",
            "fragmented",
            "finding",
            "close.code",
            "summary",
            "bookmark",
            "note"
        ])
        .prop_map(str::to_owned),
        "opcode (==|!=) (text|close|reserved|3|11)",
        "opcode in \\{text, (ping|7)\\}",
        "dir (==|!=) (client|server)",
        "finding (== \"masking-key-zero\"|in \\{\"text-not-utf8\", \"reserved-opcode\"\\})",
        (comparison.clone(), "(note|warning|error)").prop_map(|(is, value)| format!("finding.severity {is} {value}")),
        ("(len|message\\.len|message\\.inflated)", comparison.clone(), quantity)
            .prop_map(|(field, is, value)| format!("{field} {is} {value}")),
        ("(time|time\\.after_previous)", comparison.clone(), time)
            .prop_map(|(field, is, value)| format!("{field} {is} {value}")),
        "number in \\{[0-9]{1,4}, [0-9]{1,4}\\}",
        (field, texts.clone()).prop_map(|(field, test)| format!("{field} {test}")),
        (path.clone(), comparison, value).prop_map(|(path, is, value)| format!("{path} {is} {value}")),
        path,
    ];
    condition.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), "( && | and )", inner.clone()).prop_map(|(one, and, other)| format!("({one}){and}{other}")),
            (inner.clone(), "( \\|\\| | or )", inner.clone())
                .prop_map(|(one, or, other)| format!("{one}{or}({other})")),
            ("(!|not )", inner).prop_map(|(not, inner)| format!("{not}({inner})")),
        ]
    })
}

proptest! {
    #[test]
    fn a_filter_that_is_written_out_reads_the_same(text in filters()) {
        let filter = Filter::parse(&text).map_err(|error| TestCaseError::fail(error.pointing_into(&text)));
        // A number with a fraction that is no whole number of bytes or nanoseconds is refused.
        let Ok(filter) = filter else {
            prop_assert!(text.contains('.'), "{text}");
            return Ok(());
        };
        let written = filter.to_string();
        let again = Filter::parse(&written).map_err(|error| TestCaseError::fail(error.pointing_into(&written)))?;
        prop_assert_eq!(&again, &filter, "{}", written);
        prop_assert_eq!(again.to_string(), written);
    }

    #[test]
    fn any_text_is_a_filter_or_an_error_inside_it(text in "[ a-z.!&|()=<>{}\\[\\]\"/0-9x*,-]{0,40}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(error.at <= text.chars().count());
            prop_assert!(!error.problem.is_empty());
        }
    }
}
