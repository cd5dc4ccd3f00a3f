//! Every match and no false one: filters against a naive search of what was sent.

use std::sync::Arc;

use closelook::protocol::direction::Side;
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::gap::Gap;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::search::{Filter, Pass};
use closelook::session::{Event, EventKind, Session};
use proptest::prelude::*;

use crate::talk::{self, Talk, matching};

#[derive(Debug, Clone)]
struct Planned {
    content: Vec<u8>,
    cuts: Vec<usize>,
    is_compressed: bool,
}

fn messages() -> impl Strategy<Value = Vec<Planned>> {
    let letters = prop::sample::select(b"abcAB".to_vec());
    let lengths = prop_oneof![8 => 0..24_usize, 2 => 100..400_usize, 1 => 2_000..9_000_usize];
    let content = lengths.prop_flat_map(move |length| prop::collection::vec(letters.clone(), length));
    let planned = (content, prop::collection::vec(any::<usize>(), 0..4), any::<bool>());
    prop::collection::vec(
        planned.prop_map(|(content, cuts, is_compressed)| Planned { content, cuts, is_compressed }),
        0..24,
    )
}

/// Both sides say their messages; `turns` says who sends the next frame, and whether it is a Ping.
fn talk(client: &[Planned], server: &[Planned], turns: &[(bool, u8)]) -> Talk {
    let mut talk = Talk::begin();
    let mut queues = [(Side::Client, client, 0, 0), (Side::Server, server, 0, 0)];
    let mut parts = [Vec::new(), Vec::new()];
    let mut next = |talk: &mut Talk, who: usize| {
        let (side, messages, place, fragment) = &mut queues[who];
        let Some(message) = messages.get(*place) else { return false };
        if *fragment == 0 {
            parts[who] = talk.fragments(*side, &message.content, &message.cuts, message.is_compressed);
        }
        talk.fragment(*side, &parts[who], *fragment, message.is_compressed, &message.content);
        *fragment += 1;
        if *fragment == parts[who].len() {
            (*place, *fragment) = (*place + 1, 0);
        }
        true
    };
    for (is_client, ping) in turns {
        let who = usize::from(!is_client);
        if *ping < 40 {
            talk.say([Side::Client, Side::Server][who], Opcode::Ping, &b"abab"[..usize::from(ping % 5)]);
        } else {
            next(&mut talk, who);
        }
    }
    for who in [0, 1] {
        while next(&mut talk, who) {}
    }
    talk
}

/// Regular expressions of pieces that can be joined.
fn expressions() -> impl Strategy<Value = String> {
    let pieces = ["a", "b", "cab", "AB", "aa", "[ab]", "[^a]", ".", "a*", "(?:b|ca)", "(?:AA)+", "(?i)", "(c)", "B?"];
    let inside = prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..6);
    let edge = prop::sample::select(vec!["", "", "^", "$", "\\b"]);
    (edge.clone(), inside, edge, any::<bool>()).prop_map(|(start, inside, end, either)| {
        let joined = format!("{start}{}{end}", inside.concat());
        if either { format!("{joined}|{}", inside.concat()) } else { joined }
    })
}

fn has(content: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || content.windows(needle.len()).any(|part| part == needle)
}

fn numbers(list: impl Iterator<Item = bool>) -> Vec<u64> {
    list.enumerate().filter(|(_, matches)| *matches).map(|(place, _)| place as u64 + 1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn needles_are_found_where_they_were_sent(
        client in messages(),
        server in messages(),
        turns in prop::collection::vec((any::<bool>(), any::<u8>()), 0..80),
        needle in "[abcAB]{1,5}",
        expression in expressions(),
        read_in in 1..5_000_usize,
    ) {
        let mut talk = talk(&client, &server, &turns);
        // The bytes come in parts that have nothing to do with frames.
        let parts = std::mem::take(&mut talk.parts);
        for (side, at, bytes) in parts {
            match talk.parts.last_mut() {
                Some((last, _, collected)) if *last == side && collected.len() < read_in => collected.extend(bytes),
                _ => talk.parts.push((side, at, bytes)),
            }
        }
        let session = talk.session();
        prop_assert_eq!(session.frames.len(), talk.contents.len());
        let folded = needle.to_lowercase().into_bytes();
        let needle = needle.into_bytes();
        let text = String::from_utf8(needle.clone()).unwrap();
        let contents = || talk.contents.iter().map(Option::as_deref);
        let sent = numbers(contents().map(|content| content.is_some_and(|content| has(content, &needle))));
        let any_case = numbers(contents().map(|content| content.is_some_and(|content| has(&content.to_ascii_lowercase(), &folded))));
        let on_wire = numbers(talk.payloads.iter().map(|payload| has(payload, &needle)));
        prop_assert_eq!(&matching(&session, &format!("payload contains \"{text}\"")), &sent);
        prop_assert_eq!(&matching(&session, &format!("payload matches /{text}/")), &sent);
        prop_assert_eq!(&matching(&session, &format!("payload icontains \"{text}\"")), &any_case);
        prop_assert_eq!(&matching(&session, &format!("payload matches /{text}/i")), &any_case);
        prop_assert_eq!(&matching(&session, &format!("frame.payload contains \"{text}\"")), &on_wire);
        let both = format!("dir == client && payload contains \"{text}\" || payload contains \"{text}\" && !(dir == client)");
        prop_assert_eq!(&matching(&session, &both), &sent);

        // With a regular expression that has literals at some places, or none; and all at once.
        let regex = closelook::search::Regex::new(&expression).unwrap();
        let expected = numbers(contents().map(|content| content.is_some_and(|content| regex.is_match(content))));
        let filter = format!("payload matches /{expression}/");
        prop_assert_eq!(&matching(&session, &filter), &expected, "{}", &filter);
        let mut pass = Pass::new(&Filter::parse(&filter).unwrap(), Arc::new(session.clone()));
        while !pass.step() {}
        let found: Vec<u64> = pass.found().matches.iter().map(|number| number.0).collect();
        prop_assert_eq!(&found, &expected, "{}", &filter);

        // Backwards, and with another needle between.
        let filter = Filter::parse(&format!("payload contains \"zz\" || payload contains \"{text}\"")).unwrap();
        let mut matcher = filter.matcher();
        let mut backwards: Vec<u64> = (0..session.frames.len()).rev().map(FrameNumber::from_index)
            .filter(|number| matcher.matches(&session, *number)).map(|number| number.0).collect();
        backwards.reverse();
        prop_assert_eq!(&backwards, &sent);

        // While the session grows, event by event, the end is the same, and what is shown between is what a new search would find.
        let mut recorder = Talk::recorder();
        let filter = Filter::parse(&format!("payload contains \"{text}\"")).unwrap();
        let mut pass = Pass::new(&filter, Arc::new(recorder.snapshot()));
        for (place, event) in talk.events().enumerate() {
            recorder.record(event);
            if place % 3 == 0 {
                pass.follow(Arc::new(recorder.snapshot()));
                pass.step();
            }
        }
        let whole = Arc::new(recorder.finish());
        pass.follow(Arc::clone(&whole));
        while !pass.step() {}
        let found: Vec<u64> = pass.found().matches.iter().map(|number| number.0).collect();
        prop_assert_eq!(&found, &sent);
        prop_assert!(pass.found().is_complete);
    }

    #[test]
    fn json_is_asked_as_serde_reads_it(
        value in json(),
        path in prop::sample::select(vec!["a", "b", "é"]),
        inner in prop::option::of(prop::sample::select(vec!["a", "b"])),
        index in 0..3_usize,
        wanted in -2..3_i64,
        escaped in any::<bool>(),
        broken in prop::sample::select(vec!["", "", "", ",", "]", " 1"]),
    ) {
        let mut text = value.to_string();
        if escaped {
            text = text.replace("\"a\"", "\"\\u0061\"");
        }
        text.push_str(broken);
        let mut talk = Talk::begin();
        talk.say(Side::Client, Opcode::Text, text.as_bytes());
        let session = talk.session();
        let is_whole = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        let at = value.get(path).filter(|_| is_whole);
        let at = match inner { Some(inner) => at.and_then(|at| at.get(inner)), None => at };
        let filter = match inner { Some(inner) => format!("json.{path}.{inner}"), None => format!("json.{path}") };
        let is = |holds: bool| if holds { vec![1] } else { Vec::new() };
        prop_assert_eq!(matching(&session, &filter), is(at.is_some()), "{} of {}", &filter, &text);
        let same = at.is_some_and(|at| at.as_i64() == Some(wanted));
        prop_assert_eq!(matching(&session, &format!("{filter} == {wanted}")), is(same), "{} of {}", &filter, &text);
        let different = at.is_some() && !same;
        prop_assert_eq!(matching(&session, &format!("{filter} != {wanted}")), is(different), "{} of {}", &filter, &text);
        let more = at.and_then(serde_json::Value::as_i64).is_some_and(|number| number > wanted);
        prop_assert_eq!(matching(&session, &format!("{filter} > {wanted}")), is(more), "{} of {}", &filter, &text);
        let element = at.and_then(|at| at.get(index)).is_some();
        prop_assert_eq!(matching(&session, &format!("{filter}[{index}]")), is(element), "{} of {}", &filter, &text);
        let any = at.and_then(serde_json::Value::as_array).is_some_and(|list| list.iter().any(|one| one.as_i64() == Some(wanted)));
        prop_assert_eq!(matching(&session, &format!("{filter}[*] == {wanted}")), is(any), "{} of {}", &filter, &text);
        let is_text = at.and_then(serde_json::Value::as_str).is_some_and(|text| text.contains('x'));
        prop_assert_eq!(matching(&session, &format!("{filter} contains \"x\"")), is(is_text), "{} of {}", &filter, &text);
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-2..3_i64).prop_map(Into::into),
        "[xyé\"\\\\]{0,3}".prop_map(Into::into),
    ];
    scalar.prop_recursive(4, 32, 4, |inner| {
        let key = prop::sample::select(vec!["a", "b", "é", "c"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
            prop::collection::btree_map(key, inner, 0..5).prop_map(|members| {
                serde_json::Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

#[test]
fn of_a_key_that_is_repeated_every_value_counts() {
    let mut talk = Talk::begin();
    talk.say(Side::Client, Opcode::Text, br#"{"a":1,"a":2}"#);
    for filter in ["json.a == 1", "json.a == 2"] {
        assert_eq!(matching(&talk.session(), filter), [1], "{filter}");
    }
}

#[test]
fn a_needle_that_is_only_in_masked_bytes_is_no_match() {
    let mut talk = Talk::begin();
    talk.say(Side::Client, Opcode::Text, b"needle");
    let masked: String = talk.parts.last().unwrap().2[6..].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(matching(&talk.session(), &format!("payload contains 0x{masked}")), [0; 0]);
    assert_eq!(matching(&talk.session(), "payload contains \"needle\""), [1]);
}

#[test]
fn a_needle_over_the_end_of_a_frame_is_no_match() {
    let mut talk = Talk::begin();
    // The second frame's header is 81 05: a needle that ends with it is on the wire and in no payload.
    talk.say(Side::Server, Opcode::Text, b"aa");
    talk.say(Side::Server, Opcode::Text, b"aaaab");
    assert_eq!(matching(&talk.session(), "payload contains 0x6181"), [0; 0]);
    assert_eq!(matching(&talk.session(), "payload contains \"aab\""), [2]);
    assert_eq!(matching(&talk.session(), "payload contains \"aa\""), [1, 2]);
}

#[test]
fn of_a_payload_that_was_not_all_recorded_the_rest_is_searched() {
    let bytes = |side: Side, bytes: &[u8]| EventKind::Bytes { direction: side.sends(), bytes: bytes.to_vec().into() };
    let missing = |side: Side, length| EventKind::Missing {
        direction: side.sends(),
        gap: Gap { length: Some(length), next_frame: None },
    };
    let begun = Talk::begin().session();
    let heads = begun.events().map(|event| event.unwrap().kind);
    // "before the gap and behind it", in one frame that is masked and in two fragments.
    let masked = FrameHeader { masking_key: Some(MaskingKey([1, 2, 3, 4])), ..FrameHeader::new(Opcode::Text, 28) };
    let masked = masked.with_payload(b"before the gap and behind it");
    let parts = [
        bytes(Side::Client, &masked[..6 + 11]),
        missing(Side::Client, 8),
        bytes(Side::Client, &masked[6 + 19..]),
        bytes(Side::Server, b"\x01\x0bbefore the "),
        bytes(Side::Server, b"\x80\x11ga"),
        missing(Side::Server, 6),
        bytes(Side::Server, b"behind it"),
        bytes(Side::Server, b"\x88\x02"),
        missing(Side::Server, 2),
    ];
    let events = heads.chain(parts).map(|kind| Event { at: Moment::START, kind });
    let session = Session::replay(talk::ORIGIN, events);
    assert_eq!(matching(&session, "payload contains \"before the\""), [1, 2]);
    assert_eq!(matching(&session, "payload contains \"behind it\""), [1, 2]);
    assert_eq!(matching(&session, "payload matches /^behind/"), [1, 2]);
    assert_eq!(matching(&session, "frame.payload contains \"behind\""), [1, 3]);
    // Nothing is found across a gap, nor said about the whole.
    for filter in ["payload contains \"the behind\"", "payload contains \"gabe\"", "payload matches /before.*behind/"] {
        assert_eq!(matching(&session, filter), [0; 0], "{filter}");
    }
    assert_eq!(matching(&session, "payload == \"before the \" || payload != \"before the \""), [0; 0]);
    assert_eq!(matching(&session, "close.code >= 0"), [0; 0]);
    assert_eq!(matching(&session, "finding == \"bytes-missing\""), [1, 3, 4]);
}
