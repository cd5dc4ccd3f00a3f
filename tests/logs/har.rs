//! HAR files of browsers and of other tools, and those that closelook saves.

use std::fs;
use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use closelook::logs::{self, Damage, Format, LogError, MOST_CONVERSATIONS, Opened, Selection, har};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::message::MessageKind;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::Outcome;
use closelook::session::{Event, EventKind, Origin, Perspective, Session};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::scripts::{Script, frame, never_connected, request, response, rich_session};
use super::{open, save};

/// 2026-09-21T14:13:20Z.
const START: u64 = 1_790_000_000;

const REQUEST_HEADERS: &str = r#"[{"name":"Host","value":"example.org"},{"name":"Upgrade","value":"websocket"},
    {"name":"Connection","value":"Upgrade"},{"name":"Sec-WebSocket-Version","value":"13"},
    {"name":"Sec-WebSocket-Key","value":"dGhlIHNhbXBsZSBub25jZQ=="}]"#;
const RESPONSE_HEADERS: &str = r#"[{"name":"Upgrade","value":"websocket"},{"name":"Connection","value":"Upgrade"},
    {"name":"Sec-WebSocket-Accept","value":"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}]"#;

fn headers(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// An entry with these messages, its keys in the order of the alphabet, which puts the messages before the heads.
fn entry(messages: Value) -> Value {
    json!({
        "_resourceType": "websocket",
        "_webSocketMessages": messages,
        "cache": {},
        "request": {"method": "GET", "url": "wss://example.org/feed?x=1", "httpVersion": "HTTP/1.1",
            "headers": headers(REQUEST_HEADERS), "queryString": [], "cookies": [], "headersSize": 200, "bodySize": 0},
        "response": {"status": 101, "statusText": "Switching Protocols", "httpVersion": "HTTP/1.1",
            "headers": headers(RESPONSE_HEADERS), "cookies": [], "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "", "headersSize": 129, "bodySize": 0},
        "serverIPAddress": "198.51.100.4",
        "startedDateTime": "2026-09-21T14:13:20.000Z",
        "time": 36,
        "timings": {"blocked": 1, "dns": 2, "ssl": 3, "connect": 10, "send": 0.5, "wait": 20, "receive": 0},
    })
}

fn file(entries: Vec<Value>) -> String {
    json!({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "pages": [], "entries": entries}})
        .to_string()
}

/// A small file with a message of each side before the heads.
pub(super) fn messages_first() -> Vec<u8> {
    let messages = json!([
        {"type": "send", "time": START, "opcode": 1, "data": "caf\u{e9} \"\\"},
        {"type": "receive", "time": START, "opcode": 2, "data": "AAEC"},
    ]);
    file(vec![entry(messages)]).into_bytes()
}

fn read(text: &str) -> Opened {
    open(text.as_bytes(), Format::Har).unwrap()
}

fn read_whole(text: &str) -> Session {
    let opened = read(text);
    assert_eq!(opened.damage, []);
    assert!(opened.others.is_empty());
    opened.session
}

/// What a HAR can say of a frame.
fn frames(session: &Session) -> Vec<(u64, Side, Opcode, Vec<u8>)> {
    let frame = |row: &closelook::session::FrameRow| {
        (row.at.nanoseconds(), row.direction.sender(), row.opcode(), session.payload(row, u64::MAX))
    };
    session.frames.iter().map(frame).collect()
}

fn notes(session: &Session) -> Vec<&str> {
    let mut notes = Vec::new();
    for (_, kind) in session.records() {
        if let EventKind::Note { text } = kind {
            notes.push(text.as_str());
        }
    }
    notes
}

#[test]
fn the_form_of_chromium_opens_with_times_in_seconds() {
    let text = file(vec![entry(json!([
        {"type": "send", "time": 1_790_000_000.5, "opcode": 1, "data": "say \"grüße\"\n\u{1F600}"},
        {"type": "receive", "time": 1_790_000_000.75, "opcode": 2, "data": "AAEC/w=="},
        {"type": "receive", "time": 1_790_000_001.25, "opcode": 1, "data": ""},
    ]))]);
    let session = read_whole(&text);
    assert_eq!(session.origin.started_at, START * 1_000_000_000);
    assert_eq!(session.origin.url.as_deref(), Some("wss://example.org/feed?x=1"));
    assert_eq!(session.origin.perspective, Perspective::Observer);
    assert_eq!(
        frames(&session),
        [
            (500_000_000, Side::Client, Opcode::Text, "say \"grüße\"\n\u{1F600}".into()),
            (750_000_000, Side::Server, Opcode::Binary, vec![0, 1, 2, 255]),
            (1_250_000_000, Side::Server, Opcode::Text, vec![]),
        ]
    );
    let request = session.handshake.request.as_ref().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/feed?x=1"));
    assert!(session.handshake.is_upgraded());
    let heads: Vec<u64> = session
        .landmarks
        .iter()
        .filter(|landmark| !matches!(landmark.kind, closelook::session::landmark::LandmarkKind::Event(_)))
        .map(|landmark| landmark.at.nanoseconds())
        .collect();
    assert_eq!(heads, [13_500_000, 33_500_000], "after blocked, DNS, connecting and sending; after waiting");
    // What is made up invents no finding, and the session says that it is made up.
    assert!(session.findings.is_empty());
    assert_eq!(session.verdict.outcome, Outcome::CutOff);
    assert!(session.is_reconstructed());
    assert!(notes(&session)[0].contains("Reconstructed from a HAR"), "{:?}", notes(&session));
}

#[test]
fn the_form_of_playwright_opens_with_times_in_milliseconds_and_unknown_ones() {
    let mut entry = entry(json!([]));
    let messages = json!([
        {"type": "send", "time": -1, "opcode": 1, "data": "a"},
        {"type": "receive", "time": 1_790_000_000_250.5, "opcode": 1, "data": "b"},
        {"type": "receive", "time": -1, "opcode": 1, "data": "c"},
    ]);
    let object = entry.as_object_mut().unwrap();
    object.shift_remove("_webSocketMessages");
    object.insert("_webSocketMessages".into(), messages);
    object["request"]["headers"] = json!([]);
    object["response"]["headers"] = json!([]);
    object["timings"] = json!({"send": -1, "wait": -1, "receive": -1});
    let session = read_whole(&file(vec![entry]));
    let found = frames(&session);
    assert_eq!(found.iter().map(|frame| frame.3.as_slice()).collect::<Vec<_>>(), [b"a", b"b", b"c"]);
    assert_eq!(found.iter().map(|frame| frame.0).collect::<Vec<_>>(), [0, 250_500_000, 250_500_000]);
    assert!(session.handshake.is_upgraded() && session.findings.is_empty());
    let added = notes(&session)[1];
    assert!(added.contains("request: Sec-WebSocket-Key") && added.contains("response: Upgrade"), "{added}");
}

#[test]
fn a_handshake_over_http_2_and_one_with_pseudo_fields_open() {
    let mut entry = entry(json!([{"type": "receive", "time": START, "opcode": 1, "data": "x"}]));
    entry["request"]["method"] = json!("CONNECT");
    entry["request"]["httpVersion"] = json!("h2");
    entry["request"]["headers"] = json!([{"name": ":authority", "value": "example.org"}, {"name": ":method", "value": "CONNECT"},
        {"name": "sec-websocket-version", "value": "13"}]);
    entry["response"] = json!({"status": 200, "statusText": "", "httpVersion": "h2", "headers": [
        {"name": ":status", "value": "200"}, {"name": "sec-websocket-protocol", "value": "chat"},
        {"name": "sec-websocket-extensions", "value": "permessage-deflate"}, {"name": "set-cookie", "value": "a=1\nb=2"}]});
    let session = read_whole(&file(vec![entry]));
    assert!(session.findings.is_empty(), "{:?}", session.findings.iter().collect::<Vec<_>>());
    assert_eq!(session.handshake.subprotocol(), Some("chat"));
    let cookies = &session.handshake.response.as_ref().unwrap().headers;
    assert_eq!(cookies.all("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert!(notes(&session)[1].contains("status 101 in the place of 200"));
}

#[test]
fn line_ends_in_what_makes_the_heads_end_no_head() {
    let mut entry = entry(json!([{"type": "send", "time": START, "opcode": 1, "data": "x"}]));
    entry["request"]["url"] = json!("ws://example.org\r\n\r\n/\r\n\r\n?\n");
    entry["request"]["method"] = json!("GET\n\n");
    entry["request"]["httpVersion"] = json!("HTTP/1.1\n\n");
    entry["request"]["headers"] = json!([{"name": "X\n\n", "value": "1"}, {"name": "X", "value": "1\n\n2"}]);
    entry["response"]["statusText"] = json!("Switching\n\nProtocols");
    let session = read(&file(vec![entry])).session;
    assert_eq!(messages(&session), [(Direction::ClientToServer, Opcode::Text, b"x".to_vec())]);
    assert_eq!(session.findings.iter().map(|finding| finding.rule.name()).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_refused_upgrade_is_a_session_that_failed() {
    let mut entry = entry(json!([]));
    entry.as_object_mut().unwrap().shift_remove("_webSocketMessages");
    entry["response"]["status"] = json!(403);
    entry["response"]["statusText"] = json!("Forbidden");
    let session = read_whole(&file(vec![entry]));
    assert_eq!(session.handshake.status(), Some(403));
    assert_eq!(session.verdict.outcome, Outcome::HandshakeFailed);
}

#[test]
fn masking_keys_differ_from_frame_to_frame_and_are_the_same_again() {
    let messages: Vec<Value> =
        (0..500).map(|_| json!({"type": "send", "time": START, "opcode": 1, "data": "same"})).collect();
    let text = file(vec![entry(messages.into())]);
    let (session, again) = (read_whole(&text), read_whole(&text));
    assert!(session.findings.is_empty() && session.frames.iter().all(|row| row.is_masked()));
    let keys = |session: &Session| -> Vec<_> {
        session.frames.iter().map(|row| session.header(row).unwrap().masking_key.unwrap()).collect()
    };
    assert!(keys(&session).windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(keys(&session), keys(&again));
}

#[test]
fn every_conversation_of_a_file_opens_up_to_a_bound() {
    let http = json!({"request": {"method": "GET", "url": "https://example.org/", "headers": [], "_webSocketish": {"a": ["]"]}},
        "response": {"status": 200, "content": {"text": "}".repeat(1000)}}, "startedDateTime": "2026-09-21T14:13:20.000Z"});
    let conversation = |data: &str| entry(json!([{"type": "send", "time": START, "opcode": 1, "data": data}]));
    let opened = read(&file(vec![http.clone(), conversation("one"), http.clone(), conversation("two")]));
    assert_eq!(opened.damage, []);
    let texts: Vec<Vec<u8>> = opened.into_conversations().map(|session| frames(&session).remove(0).3).collect();
    assert_eq!(texts, [b"one", b"two"]);

    let many = read(&file((0..MOST_CONVERSATIONS + 3).map(|_| conversation("x")).collect()));
    assert_eq!(many.others.len() + 1, MOST_CONVERSATIONS);
    assert!(many.damage[0].to_string().contains("3 more WebSocket conversations"), "{:?}", many.damage);

    let error = open(file(vec![http.clone(), http]).as_bytes(), Format::Har).unwrap_err();
    assert!(matches!(error, LogError::NoWebSocketInHar { entries: 2 }), "{error}");
}

#[test]
fn what_is_not_understood_is_reported_and_the_rest_is_kept() {
    let mut entry = entry(json!([
        {"type": "send", "time": START, "opcode": 1, "data": "kept"},
        {"type": "sideways", "time": START, "opcode": 1, "data": "?"},
        {"type": "send", "time": START, "opcode": 0, "data": "?"},
        {"type": "send", "time": START, "opcode": 1},
        7,
        {"type": "receive", "time": START, "opcode": 2, "data": "not base64!"},
        {"type": "error", "time": START, "opcode": -1, "data": "net::ERR_CONNECTION_RESET"},
        {"type": "receive", "time": "soon", "opcode": 1, "data": "kept too", "more": [1, {"a": "b"}]},
    ]));
    entry["_webSocketClose"] = json!({"code": 1001, "reason": "bye", "timestamp": 5});
    let opened = read(&file(vec![entry]));
    let payloads: Vec<Vec<u8>> = frames(&opened.session).into_iter().map(|frame| frame.3).collect();
    assert_eq!(payloads, [&b"kept"[..], b"not base64!", b"kept too"]);
    let problems: Vec<String> = opened.damage.iter().map(Damage::to_string).collect();
    for (problem, part) in problems.iter().zip(["`type`", "opcode", "`data`", "no object", "base64"]) {
        assert!(problem.starts_with("byte ") && problem.contains(part), "{problems:?}");
    }
    assert_eq!(problems.len(), 5);
    let notes = notes(&opened.session);
    assert!(notes.iter().any(|note| note.contains("net::ERR_CONNECTION_RESET")), "{notes:?}");
    assert!(notes.last().unwrap().contains("1001 bye"), "{notes:?}");
}

#[test]
fn a_file_that_is_cut_anywhere_is_told_to_be() {
    let whole = messages_first();
    for length in 0..whole.len() - 1 {
        let told: Vec<String> = match open(&whole[..length], Format::Har) {
            Ok(opened) => opened.damage.iter().map(Damage::to_string).collect(),
            Err(LogError::NothingReadable { first }) => vec![first.to_string()],
            Err(error) => panic!("{length}: {error}"),
        };
        assert!(told.contains(&format!("byte {length}: the file ends here, inside a value")), "{told:?}");
    }
}

#[test]
fn the_content_tells_a_har_from_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    let text = file(vec![entry(json!([{"type": "send", "time": START, "opcode": 1, "data": "x"}]))]);
    for (name, content) in [
        ("a.jsonl", text.clone()),
        ("b.bin", format!("\u{FEFF} {text}")),
        ("c.har", text.replacen("{", "{\"$schema\":\"x\",", 1)),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let opened = logs::open(&path, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(opened.session.frames.len(), 1, "{name}");
    }
    let path = folder.path().join("lines.har");
    fs::write(&path, save(&rich_session("192.0.2.7:50123", "198.51.100.4:80"), Format::JsonLines)).unwrap();
    assert!(!logs::open(&path, &mut |_| ControlFlow::Continue(())).unwrap().session.is_reconstructed());
}

/// The messages and whole control frames of a session, as a HAR can hold them.
fn messages(session: &Session) -> Vec<(Direction, Opcode, Vec<u8>)> {
    let mut found = Vec::new();
    for (place, row) in session.frames.iter().enumerate() {
        let number = FrameNumber::from_index(place);
        match session.message_of(number) {
            Some(message) if message.last_frame == number && message.completed_at.is_some() => {
                let opcode = if message.kind == MessageKind::Text { Opcode::Text } else { Opcode::Binary };
                found.push((row.direction, opcode, session.message_content(&message, u64::MAX)));
            }
            None if row.opcode() != Opcode::Continuation && session.is_complete(row) => {
                found.push((row.direction, row.opcode(), session.payload(row, u64::MAX)));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn a_saved_har_has_the_messages_the_heads_and_the_timings() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:8443");
    let bytes = save(&session, Format::Har);
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let entry = &document["log"]["entries"][0];
    assert_eq!(entry["request"]["url"], "wss://example.org/chat?x=1");
    assert_eq!(entry["response"]["status"], 101);
    assert_eq!(entry["serverIPAddress"], "198.51.100.4");
    assert_eq!(entry["connection"], "50123");
    let number = |value: &Value| value.to_string().parse::<f64>().unwrap();
    let timings = &entry["timings"];
    let phases: f64 =
        ["dns", "connect", "send", "wait", "receive"].iter().map(|phase| number(&timings[phase]).max(0.0)).sum();
    assert!((phases - number(&entry["time"])).abs() < 1e-6, "{entry}");
    assert!(number(&timings["ssl"]) <= number(&timings["connect"]));
    let again = open(&bytes, Format::Har).unwrap();
    assert_eq!(again.damage, []);
    assert_eq!(messages(&again.session), messages(&session));
    assert_eq!(again.session.handshake, session.handshake);
    // A second time it is the same conversation again.
    assert_eq!(messages(&open(&save(&again.session, Format::Har), Format::Har).unwrap().session), messages(&session));
    // One that never was connected has no messages, and says why.
    let failed: Value = serde_json::from_slice(&save(&never_connected(), Format::Har)).unwrap();
    assert!(failed["log"]["entries"][0]["response"]["_error"].is_string());
}

#[test]
fn one_chosen_frame_of_a_message_is_enough() {
    let mut script = Script::new();
    script.upgrade();
    script.frame(Side::Server, Opcode::Text, false, b"first ");
    script.frame(Side::Server, Opcode::Ping, true, b"p");
    script.frame(Side::Server, Opcode::Continuation, true, b"second");
    script.frame(Side::Client, Opcode::Binary, true, &[1, 2]);
    let session = script.session();
    let saved = |is_chosen: &dyn Fn(u64) -> bool| {
        let selection = Selection::of(&session, |number, _| is_chosen(number.0));
        let mut bytes = Vec::new();
        har::write(&session, &selection, &mut bytes, &mut |_| ControlFlow::Continue(())).unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let messages = document["log"]["entries"][0]["_webSocketMessages"].as_array().unwrap().clone();
        messages.iter().map(|message| message["data"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(saved(&|_| true), [BASE64.encode("p").as_str(), "first second", "AQI="]);
    assert_eq!(saved(&|number| number == 1), ["first second"]);
    assert_eq!(saved(&|number| number == 1 || number == 3), ["first second"]);
    assert_eq!(saved(&|number| number == 2), [BASE64.encode("p")]);
    assert_eq!(saved(&|_| false), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_conversation_survives(parts in proptest::collection::vec(any_message(), 0..30)) {
        let origin = Origin { started_at: START * 1_000_000_000, url: Some("ws://a/".into()), perspective: Perspective::Client };
        let heads = [(Side::Client, request()), (Side::Server, response())];
        let wire = heads.into_iter().map(|(side, bytes)| (0, side, bytes)).chain(parts.into_iter().map(|(gap, side, opcode, payload)| {
            (gap, side, frame(side, opcode, true, &payload))
        }));
        let mut at = 0;
        let events: Vec<Event> = wire.map(|(gap, side, bytes)| {
            at += gap;
            Event { at: Moment(at), kind: EventKind::Bytes { direction: side.sends(), bytes: Bytes::from(bytes) } }
        }).collect();
        let session = Session::replay(origin, events);
        let again = open(&save(&session, Format::Har), Format::Har).unwrap();
        prop_assert_eq!(again.damage, []);
        prop_assert_eq!(frames(&again.session), frames(&session));
        prop_assert_eq!(again.session.handshake, session.handshake);
    }

    #[test]
    fn garbage_never_harms(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<proptest::sample::Index>()) {
        let whole = file(vec![entry(json!([{"type": "send", "time": START, "opcode": 1, "data": "x"}]))]);
        let mut changed = whole.into_bytes();
        let place = cut.index(changed.len());
        changed.splice(place..(place + bytes.len()).min(changed.len()), bytes);
        let _ = open(&changed, Format::Har);
    }
}

fn any_message() -> impl Strategy<Value = (u64, Side, Opcode, Vec<u8>)> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let text = any::<String>().prop_map(|text| (Opcode::Text, text.into_bytes()));
    let bytes = proptest::collection::vec(any::<u8>(), 0..100);
    let binary = bytes.prop_map(|bytes| (Opcode::Binary, bytes));
    let control = proptest::collection::vec(any::<u8>(), 0..20).prop_flat_map(|bytes| {
        prop_oneof![Just(Opcode::Ping), Just(Opcode::Pong)].prop_map(move |opcode| (opcode, bytes.clone()))
    });
    (0..2_000_000_000_u64, side, prop_oneof![text, binary, control])
        .prop_map(|(gap, side, (opcode, bytes))| (gap, side, opcode, bytes))
}

/// What the made-up frames are made of stays the shortest form.
#[test]
fn lengths_are_written_in_their_shortest_form() {
    let messages: Vec<Value> = [125_usize, 126, 65_535, 65_536]
        .iter()
        .map(|length| json!({"type": "receive", "time": START, "opcode": 1, "data": "y".repeat(*length)}))
        .collect();
    let session = read_whole(&file(vec![entry(messages.into())]));
    assert!(session.findings.is_empty());
    for row in session.frames.iter() {
        let header = session.header(row).unwrap();
        assert_eq!(header, FrameHeader::new(Opcode::Text, row.payload_length));
    }
}

/// A frame is written again as far as somebody looks at it.
#[test]
fn a_part_of_a_made_up_frame_is_a_part_of_the_whole() {
    let text = "\u{1F600}\"\\\n".repeat(20_000);
    for length in [0, 1, 2, 3, 119, 120, 125, 126, 65_534, 65_535, 65_536, 70_001] {
        for (side, kind) in [(Side::Client, "send"), (Side::Server, "receive")] {
            let text = &text[..text.floor_char_boundary(length)];
            let bytes = vec![b'b'; length];
            let session = read_whole(&file(vec![entry(json!([
                {"type": kind, "time": START, "opcode": 1, "data": text},
                {"data": BASE64.encode(&bytes), "opcode": 2, "time": START, "type": kind},
            ]))]));
            let found: Vec<Vec<u8>> = frames(&session).into_iter().map(|frame| frame.3).collect();
            assert!(found == [text.as_bytes(), &bytes], "{length}");
            let stream = session.bytes(side.sends(), 0, u64::MAX);
            for start in (0..stream.len()).step_by(1 + stream.len() / 50) {
                for end in [start + 1, start + 14, start + 200, start + 66_000] {
                    let part = session.bytes(side.sends(), start as u64, (end - start) as u64);
                    assert!(part == stream[start..end.min(stream.len())], "{length}, {start} to {end}");
                }
            }
        }
    }
}
