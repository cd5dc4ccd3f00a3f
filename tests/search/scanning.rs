//! Searches that go on in the background.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::opcode::Opcode;
use closelook::search::{Filter, Found, Pass, Scan};
use closelook::session::annotations::Note;
use closelook::session::{Annotation, Recorder, Session};

use crate::talk::Talk;

const PATIENCE: Duration = Duration::from_secs(60);

fn start(filter: &str, session: Arc<Session>) -> (Scan, Receiver<()>) {
    let (wake, woken) = channel();
    let wake = move || {
        // Nobody listens once the test is over.
        let _ = wake.send(());
    };
    let pass = Pass::new(&Filter::parse(filter).unwrap(), session);
    (Scan::start(pass, Arc::new(wake)).unwrap(), woken)
}

#[track_caller]
fn until(scan: &Scan, woken: &Receiver<()>, ready: impl Fn(&Found) -> bool) -> Found {
    loop {
        let found = scan.found();
        if ready(&found) {
            return found;
        }
        woken.recv_timeout(PATIENCE).expect("the search says no more");
    }
}

fn numbers(found: &Found) -> Vec<u64> {
    found.matches.iter().map(|number| number.0).collect()
}

fn flood(frames: usize) -> Talk {
    let mut talk = Talk::begin();
    for number in 0..frames {
        let side = if number % 3 == 0 { Side::Client } else { Side::Server };
        talk.say(side, Opcode::Text, format!("message {number} of many").as_bytes());
    }
    talk
}

#[test]
fn a_long_session_is_searched_and_every_match_found() {
    let session = Arc::new(flood(50_000).session());
    let (scan, woken) = start("payload contains \"99\"", session);
    let found = until(&scan, &woken, |found| found.is_complete);
    let expected: Vec<u64> =
        (0..50_000_u64).filter(|number| number.to_string().contains("99")).map(|number| number + 1).collect();
    assert_eq!(numbers(&found), expected);
    assert_eq!((found.looked_at, found.of), (50_000, 50_000));
}

/// More frames than one thread is given, of every kind, with lines of few letters.
fn crowd() -> (Session, Vec<Option<Vec<u8>>>) {
    let mut talk = Talk::begin();
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..40_000 {
        let side = if next(2) == 0 { Side::Client } else { Side::Server };
        let length = next(40);
        let content: Vec<u8> = (0..length).map(|_| b"abcdAB \n"[next(8)]).collect();
        match next(8) {
            0 => talk.message(side, &content, &[next(40), next(40)], false),
            1 => talk.message(side, &content, &[], true),
            2 => talk.message(side, &content, &[next(40)], true),
            3 => talk.say(side, Opcode::Ping, &content),
            4 => talk.say(side, Opcode::Binary, &content),
            _ => talk.say(side, Opcode::Text, &content),
        }
    }
    (talk.session(), talk.contents)
}

#[test]
fn every_kind_of_frame_is_searched_in_a_session_that_several_threads_share() {
    let (session, contents) = crowd();
    let session = Arc::new(session);
    assert_eq!(session.frames.len(), contents.len());
    for (filter, expression) in [
        ("payload contains \"abca\"", "abca"),
        ("payload icontains \"abABa\"", "(?i)ababa"),
        ("payload matches /bca?d b/", "bca?d b"),
        ("payload matches /^a.*b$/m", "(?m)^a.*b$"),
        ("payload matches /[cd]+B[ab]{4,}/", "[cd]+B[ab]{4,}"),
        ("payload contains \"dddd\" || payload matches /a{4}/", "dddd|a{4}"),
        ("payload contains \"ABA\" && fin || !fin && payload contains \"ABA\"", "ABA"),
    ] {
        let regex = closelook::search::Regex::new(expression).unwrap();
        let has = |content: &Option<Vec<u8>>| content.as_deref().is_some_and(|content| regex.is_match(content));
        let expected = (1..).zip(&contents).filter(|(_, content)| has(content)).map(|(number, _)| number);
        let expected: Vec<u64> = expected.collect();
        assert!(expected.len() > 10, "{filter}");
        let mut pass = Pass::new(&Filter::parse(filter).unwrap(), Arc::clone(&session));
        while !pass.step() {}
        assert_eq!(numbers(&pass.found()), expected, "{filter}");
    }
}

#[test]
fn a_session_that_grows_is_followed() {
    let talk = flood(9_000);
    let mut events = talk.events();
    let mut recorder = Talk::recorder();
    events.by_ref().take(3_000).for_each(|event| recorder.record(event));
    let (scan, woken) = start("payload contains \"77\"", Arc::new(recorder.snapshot()));
    for event in events {
        recorder.record(event);
        scan.follow(Arc::new(recorder.snapshot()));
    }
    let found = until(&scan, &woken, |found| found.is_complete && found.of == 9_000);
    let expected: Vec<u64> =
        (0..9_000_u64).filter(|number| number.to_string().contains("77")).map(|number| number + 1).collect();
    assert_eq!(numbers(&found), expected);
}

#[test]
fn a_search_that_is_stopped_keeps_what_it_found_and_finds_no_more() {
    let talk = flood(100);
    let mut recorder = Talk::recorder();
    talk.events().for_each(|event| recorder.record(event));
    let (scan, woken) = start("len > 0", Arc::new(recorder.snapshot()));
    until(&scan, &woken, |found| found.is_complete);
    scan.stop();
    assert!(scan.is_stopped());
    scan.follow(Arc::new(flood(200).session()));
    assert_eq!(scan.found().matches.len(), 100);
}

#[test]
fn a_search_that_is_dropped_lets_go_of_the_session() {
    let session = Arc::new(flood(100).session());
    let (scan, woken) = start("len > 0", Arc::clone(&session));
    until(&scan, &woken, |found| found.is_complete);
    drop(scan);
    // The thread's end drops the waking function and with it the channel's other end.
    while woken.recv_timeout(PATIENCE).is_ok() {}
    assert_eq!(Arc::strong_count(&session), 1);
}

/// Goes over every snapshot, one an event; what is found each time has to be what a new search finds.
fn follow_each_event(filter: &str, talk: &Talk) -> Vec<Vec<u64>> {
    let filter = Filter::parse(filter).unwrap();
    let mut recorder = Talk::recorder();
    let snapshot = |recorder: &mut Recorder| Arc::new(recorder.snapshot());
    let mut pass = Pass::new(&filter, snapshot(&mut recorder));
    let mut history = Vec::new();
    let mut look = |session: Arc<Session>| {
        pass.follow(Arc::clone(&session));
        while !pass.step() {}
        let mut anew = Pass::new(&filter, session);
        while !anew.step() {}
        assert_eq!(numbers(&pass.found()), numbers(&anew.found()));
        history.push(numbers(&pass.found()));
    };
    for event in talk.events() {
        recorder.record(event);
        look(snapshot(&mut recorder));
    }
    look(Arc::new(recorder.finish()));
    history
}

#[test]
fn a_message_that_arrives_in_parts_is_found_once_the_needle_is_there() {
    let mut talk = Talk::begin();
    let parts = talk.fragments(Side::Server, b"a needle in parts", &[4, 11], false);
    talk.fragment(Side::Server, &parts, 0, false, b"");
    talk.say(Side::Server, Opcode::Text, b"unfinished is the one before");
    let parts = talk.fragments(Side::Client, b"another needle", &[10], true);
    talk.fragment(Side::Client, &parts, 0, true, b"");
    talk.say(Side::Server, Opcode::Ping, b"");
    talk.fragment(Side::Client, &parts, 1, true, b"");
    // One frame, byte by byte.
    talk.say(Side::Server, Opcode::Text, b"needle");
    let (side, at, bytes) = talk.parts.pop().unwrap();
    talk.parts.extend(bytes.into_iter().map(|byte| (side, at, vec![byte])));
    let history = follow_each_event("payload contains \"needle\"", &talk);
    assert_eq!(history.last().unwrap(), &[3, 6]);
    assert_eq!(history[history.len() - 3], [3]);
    let history = follow_each_event("!(payload contains \"needle\")", &talk);
    assert_eq!(history.last().unwrap(), &[1, 2, 4, 5]);
    follow_each_event("message.len > 5 && frame.payload contains \"n\"", &talk);
    follow_each_event("message.inflated > 5 || close.code", &talk);
}

#[test]
fn a_search_that_begins_again_because_the_subprotocol_has_become_known_finds_what_it_had_found() {
    let mut talk = Talk::begin();
    talk.say(Side::Server, Opcode::Text, b"a needle");
    talk.say(Side::Server, Opcode::Text, b"hay");
    talk.say(Side::Server, Opcode::Text, br#"{"jsonrpc":"2.0","id":1,"method":"subscribe"}"#);
    let history = follow_each_event("(summary || fin) && payload contains \"needle\"", &talk);
    assert_eq!(history.last().unwrap(), &[1]);
}

#[test]
fn a_finding_that_comes_late_changes_what_was_found_before() {
    let mut talk = Talk::begin();
    talk.say(Side::Client, Opcode::Ping, b"never answered");
    for _ in 0..5_000 {
        talk.parts.push((Side::Server, talk.at, vec![0x82, 0x00]));
    }
    let filter = Filter::parse("finding == \"ping-not-answered\"").unwrap();
    let mut recorder = Talk::recorder();
    let mut pass = Pass::new(&filter, Arc::new(recorder.snapshot()));
    talk.events().for_each(|event| recorder.record(event));
    pass.follow(Arc::new(recorder.snapshot()));
    while !pass.step() {}
    assert_eq!(numbers(&pass.found()), [0; 0]);
    pass.follow(Arc::new(recorder.finish()));
    while !pass.step() {}
    let late = numbers(&pass.found());
    let whole = Arc::new(talk.session());
    let mut anew = Pass::new(&filter, whole);
    while !anew.step() {}
    assert_eq!(late, numbers(&anew.found()));
}

#[test]
fn what_is_bookmarked_while_a_session_is_searched_is_found() {
    let talk = flood(6_000);
    let mut recorder = Talk::recorder();
    talk.events().for_each(|event| recorder.record(event));
    let bookmark = |frame, note| Annotation::Bookmark { frame: FrameNumber(frame), note: Note::new(note) };
    recorder.annotate(&bookmark(10, "seen"));
    let mut pass = Pass::new(&Filter::parse("note contains \"seen\"").unwrap(), Arc::new(recorder.snapshot()));
    // The first part was asked before the next words.
    assert!(!pass.step());
    let mut look = |recorder: &mut Recorder, said: &[Annotation<FrameNumber>]| {
        said.iter().for_each(|annotation| recorder.annotate(annotation));
        pass.follow(Arc::new(recorder.snapshot()));
        while !pass.step() {}
        numbers(&pass.found())
    };
    assert_eq!(look(&mut recorder, &[bookmark(20, "seen too"), bookmark(5_000, "seen")]), [10, 20, 5_000]);
    assert_eq!(look(&mut recorder, &[bookmark(20, "forgotten"), bookmark(1, "seen late")]), [1, 10, 5_000]);
    let removed = Annotation::BookmarkRemoved { frame: FrameNumber(10) };
    assert_eq!(look(&mut recorder, &[removed]), [1, 5_000]);
}
