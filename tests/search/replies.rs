//! Requests and their replies over whole sessions.

use std::sync::Arc;

use closelook::protocol::direction::Side;
use closelook::protocol::opcode::Opcode;
use closelook::reading::Reading;
use closelook::reading::replies::{Replies, ReplySurvey};
use closelook::session::Session;
use closelook::session::background::Survey;

use crate::talk::Talk;

/// The first frames of requests and their replies, and the milliseconds between.
fn pairs(replies: &Replies) -> Vec<(u64, u64, u128)> {
    replies.exchanges.iter().map(|pair| (pair.asked.0, pair.answered.0, pair.took().as_millis())).collect()
}

fn of(session: Session) -> Replies {
    Replies::of(Arc::new(session), Reading::Automatic)
}

/// Fragments, compression, other messages between, and answers out of order.
fn talk() -> Talk {
    let mut talk = Talk::begin();
    talk.say(Side::Client, Opcode::Text, br#"{"id":1,"method":"slow"}"#);
    talk.message(Side::Client, br#"{"id":2,"method":"quick"}"#, &[5, 9], true);
    talk.say(Side::Server, Opcode::Ping, b"");
    let parts = talk.fragments(Side::Server, br#"{"id":2,"result":true}"#, &[4], true);
    talk.fragment(Side::Server, &parts, 0, true, b"");
    talk.say(Side::Client, Opcode::Pong, b"");
    talk.fragment(Side::Server, &parts, 1, true, b"");
    talk.say(Side::Server, Opcode::Text, br#"{"id":"1","result":"of nobody"}"#);
    talk.say(Side::Server, Opcode::Text, br#"{"id":1,"result":"at last"}"#);
    talk.say(Side::Client, Opcode::Text, br#"{"id":3,"method":"never"}"#);
    talk
}

#[test]
fn replies_are_found_by_their_identifiers_and_timed_from_end_to_end() {
    let replies = of(talk().session());
    assert_eq!(pairs(&replies), [(2, 6, 4), (1, 10, 9)]);
    assert_eq!((replies.waiting, replies.looked_at, replies.of), (1, 11, 11));
}

#[test]
fn a_session_that_grows_byte_by_byte_has_the_same_replies() {
    let mut talk = talk();
    let parts = std::mem::take(&mut talk.parts);
    talk.parts = parts
        .into_iter()
        .flat_map(|(side, at, bytes)| bytes.into_iter().map(move |byte| (side, at, vec![byte])))
        .collect();
    let mut recorder = Talk::recorder();
    let mut survey = ReplySurvey::new(Arc::new(recorder.snapshot()), Reading::Automatic);
    for event in talk.events() {
        recorder.record(event);
        survey.follow(Arc::new(recorder.snapshot()));
        while !survey.step() {}
    }
    assert_eq!(pairs(&survey.found(true)), pairs(&of(talk.session())));
}
