//! Some frames of a session as a log: whole, at their own times, with the handshake and what else is needed to read them.

use std::ops::ControlFlow;

use closelook::logs::{self, Format, LogError, Selection};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::gap::Gap;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::Outcome;
use closelook::session::annotations::Note;
use closelook::session::{Annotation, EventKind, Session};
use proptest::prelude::*;

use super::scripts::{Script, frame, request, response, rich_session};
use super::{assert_same, open_whole, save};

const FORMATS: [Format; 2] = [Format::PcapNg, Format::JsonLines];

fn numbers(numbers: impl IntoIterator<Item = u64>) -> Selection {
    Selection::Frames(numbers.into_iter().map(FrameNumber).collect())
}

fn try_part(session: &Session, selection: &Selection, format: Format) -> Result<Vec<u8>, LogError> {
    let mut file = Vec::new();
    logs::write_selected(session, selection, format, &mut file, &mut |_| ControlFlow::Continue(()))?;
    Ok(file)
}

/// The part as it opens again, which is the same in both formats.
fn part(session: &Session, selection: &Selection) -> Session {
    let [capture, lines] = FORMATS.map(|format| open_whole(&try_part(session, selection, format).unwrap(), format));
    assert_same(&capture, &lines);
    lines
}

/// When each frame came, and its bytes.
fn frames(session: &Session) -> Vec<(u64, Vec<u8>)> {
    session.frames.iter().map(|row| (row.at.nanoseconds(), session.filled_wire_bytes(row, u64::MAX).bytes)).collect()
}

fn notes(session: &Session) -> Vec<String> {
    let notes = session.records().filter_map(|(_, kind)| match kind {
        EventKind::Note { text } => Some(text.clone()),
        _ => None,
    });
    notes.collect()
}

fn session() -> Session {
    rich_session("192.0.2.7:50123", "198.51.100.4:8443")
}

#[test]
fn a_part_has_the_frames_that_were_chosen_and_the_rest_of_their_messages() {
    let session = session();
    // A Pong that came in three pieces, and the middle of a message of three frames.
    let part = part(&session, &numbers([5, 8]));
    let all = frames(&session);
    assert_eq!(frames(&part), [5, 6, 8, 9].map(|number| all[number - 1].clone()));
    assert_eq!(part.handshake, session.handshake);
    assert_eq!(part.origin, session.origin);
    let message = part.messages().next().unwrap();
    assert_eq!(part.message_content(&message, u64::MAX), b"one two three");
    let said = notes(&part);
    let expected = "This log holds 4 of 13 frames of its session; the others were left out when it was saved.";
    assert_eq!((said[0].as_str(), said.len()), (expected, notes(&session).len() + 1));
}

#[test]
fn a_part_without_the_close_frames_has_no_end() {
    let session = session();
    let without = part(&session, &numbers(1..=11));
    assert_eq!(without.verdict.outcome, Outcome::CutOff);
    // One of the two is not enough to say why the session ended.
    assert_eq!(part(&session, &numbers([13])).verdict.outcome, Outcome::CutOff);
    let with = part(&session, &Selection::Range(11..13));
    assert_eq!(with.frames.len(), 2);
    assert_eq!(with.verdict.outcome, session.verdict.outcome);
    assert_eq!(with.verdict.sides.client_to_server.reports, session.verdict.sides.client_to_server.reports);
}

#[test]
fn a_part_with_everything_is_everything_and_a_part_of_nothing_is_the_handshake() {
    let session = session();
    let whole = part(&session, &Selection::Range(0..13));
    assert_eq!(frames(&whole), frames(&session));
    assert_eq!(whole.streams(), session.streams());
    assert_eq!(whole.event_count(), session.event_count() + 1);
    let nothing = part(&session, &numbers([]));
    assert_eq!((nothing.frames.len(), &nothing.handshake), (0, &session.handshake));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_choice_is_a_log_of_its_own(chosen in prop::collection::btree_set(1..=13_u64, 0..13)) {
        let session = session();
        let is_of_message = |number: u64| [6, 8, 9].contains(&number);
        let message_is_chosen = chosen.iter().any(|number| is_of_message(*number));
        let all = frames(&session);
        let expected: Vec<_> = (1..=13)
            .filter(|number| chosen.contains(number) || message_is_chosen && is_of_message(*number))
            .map(|number| all[number as usize - 1].clone())
            .collect();
        prop_assert_eq!(frames(&part(&session, &numbers(chosen))), expected);
    }
}

/// A session with compressed messages of the server, of which the second refers to the first; the examples of RFC 7692 7.2.3.
fn compressed(parameters: &str) -> Session {
    let with = |head: Vec<u8>, line: &str| {
        let text = String::from_utf8(head).unwrap();
        text.replacen("\r\n\r\n", &format!("\r\nSec-WebSocket-Extensions: {line}\r\n\r\n"), 1).into_bytes()
    };
    let mut script = Script::new();
    script.bytes(Side::Client, with(request(), "permessage-deflate"));
    script.bytes(Side::Server, with(response(), &format!("permessage-deflate{parameters}")));
    let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let again: &[u8] = if parameters.is_empty() { &[0xf2, 0x00, 0x11, 0x00, 0x00] } else { &hello };
    for payload in [&hello, again] {
        let header = FrameHeader { rsv1: true, ..FrameHeader::new(Opcode::Text, payload.len() as u64) };
        script.bytes(Side::Server, header.with_payload(payload));
    }
    script.frame(Side::Server, Opcode::Text, true, b"as it is");
    script.session()
}

#[test]
fn compressed_messages_need_what_they_refer_to() {
    let content = |session: &Session| -> Vec<String> {
        let texts = session.messages().map(|message| session.message_content(&message, u64::MAX));
        texts.map(|text| String::from_utf8(text).unwrap()).collect()
    };
    let session = compressed("");
    assert_eq!(content(&session), ["Hello", "Hello", "as it is"]);
    assert_eq!(content(&part(&session, &numbers([1, 3]))), ["Hello", "as it is"]);
    assert_eq!(content(&part(&session, &numbers([1, 2]))), ["Hello", "Hello"]);
    assert_eq!(content(&part(&session, &numbers([3]))), ["as it is"]);
    for format in FORMATS {
        let refused = try_part(&session, &numbers([2]), format).unwrap_err().to_string();
        assert!(refused.contains("message #2 was compressed by referring to messages before it"), "{refused}");
        assert!(refused.contains("choose har, csv, txt or html, or save everything"), "{refused}");
    }
    assert!(try_part(&session, &numbers([2]), Format::Har).is_ok());
    // Where each message stands alone nothing is missing.
    let apart = compressed("; server_no_context_takeover");
    assert_eq!(content(&part(&apart, &numbers([2]))), ["Hello"]);
}

#[test]
fn a_whole_session_is_saved_without_a_note() {
    let session = session();
    for format in FORMATS {
        assert_eq!(try_part(&session, &Selection::All, format).unwrap(), save(&session, format));
    }
}

#[test]
fn what_was_not_recorded_is_missing_in_the_part_too() {
    let mut script = Script::new();
    script.upgrade();
    let missing =
        |length, next_frame| EventKind::Missing { direction: Side::Server.sends(), gap: Gap { length, next_frame } };
    script.frame(Side::Server, Opcode::Text, true, b"one");
    // Three bytes in the middle of a payload.
    let two = frame(Side::Server, Opcode::Binary, true, b"twotwotwo");
    script.bytes(Side::Server, two[..5].to_vec());
    script.push(missing(Some(3), None));
    script.bytes(Side::Server, two[8..].to_vec());
    script.frame(Side::Server, Opcode::Text, true, b"three");
    // Nobody knows how much of this one and of others; behind it are two bytes of a frame whose header is not there.
    let four = frame(Side::Server, Opcode::Binary, true, b"fourfourfour");
    script.bytes(Side::Server, four[..6].to_vec());
    script.push(missing(None, Some(2)));
    script.bytes(Side::Server, b"xx".to_vec());
    script.frame(Side::Server, Opcode::Text, true, b"five");
    let session = script.session();
    let payloads = |session: &Session| -> Vec<Vec<u8>> {
        session.frames.iter().map(|row| session.payload(row, u64::MAX)).collect()
    };
    let all = payloads(&session);
    assert_eq!(all.len(), 5);
    for chosen in [vec![1, 2], vec![2, 5], vec![1, 4, 5], vec![4], vec![3, 4], vec![1, 3, 5], vec![1, 2, 3, 4, 5]] {
        let part = part(&session, &numbers(chosen.iter().map(|number| *number as u64)));
        let expected: Vec<_> = chosen.iter().map(|number| all[number - 1].clone()).collect();
        assert_eq!(payloads(&part), expected, "{chosen:?}");
        let lost = |session: &Session, number: usize| {
            session.missing_payload(session.frames.get(number - 1).unwrap()).collect::<Vec<_>>()
        };
        for (place, number) in chosen.iter().enumerate() {
            assert_eq!(lost(&part, place + 1), lost(&session, *number), "{number} of {chosen:?}");
        }
    }
}

#[test]
fn bookmarks_go_with_their_frames() {
    let mut session = session();
    for (frame, note) in [(3, "left out"), (5, "a Pong"), (9, "the end of a message")] {
        let note = Note::new(note);
        session = session.annotated(&Annotation::Bookmark { frame: FrameNumber(frame), note }).unwrap();
    }
    let part = part(&session, &numbers([5, 8]));
    let bookmarks = part.annotations.bookmarks().iter().map(|bookmark| (bookmark.frame.0, bookmark.note.text()));
    assert_eq!(bookmarks.collect::<Vec<_>>(), [(1, "a Pong"), (4, "the end of a message")]);
}
