//! Bookmarks and notes in logs: they stay with their frames, in every format that opens again, and whatever else is lost.

use closelook::logs::{Damage, Format, without_secrets};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::opcode::Opcode;
use closelook::session::annotations::{LONGEST_NOTE, Note};
use closelook::session::{Annotation, Session};
use proptest::prelude::*;

use super::scripts::{Script, frame, rich_session};
use super::{assert_same, assert_survives, open, open_whole, save};

pub(super) fn bookmark(frame: u64, note: &str) -> Annotation<FrameNumber> {
    Annotation::Bookmark { frame: FrameNumber(frame), note: Note::new(note) }
}

pub(super) fn session_note(note: &str) -> Annotation<FrameNumber> {
    Annotation::SessionNote { note: Note::new(note) }
}

pub(super) fn annotated(session: &Session, annotations: &[Annotation<FrameNumber>]) -> Session {
    annotations.iter().fold(session.clone(), |session, annotation| session.annotated(annotation).unwrap())
}

/// The bookmarked frames with their notes.
pub(super) fn notes(session: &Session) -> Vec<(u64, &str)> {
    session.annotations.bookmarks().iter().map(|bookmark| (bookmark.frame.0, bookmark.note.text())).collect()
}

#[test]
fn bookmarks_and_notes_survive_both_formats() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:8443");
    assert!(session.frames.len() >= 10);
    let session = annotated(
        &session,
        &[
            session_note("seen on Monday\nwith \"quotes\" and grüße"),
            bookmark(3, ""),
            bookmark(2, "closelook: {\"at\":0,\"event\":\"note\",\"text\":\"no record\"}"),
            bookmark(7, &"ü".repeat(LONGEST_NOTE)),
            bookmark(5, "Bookmark"),
        ],
    );
    assert_eq!(session.annotations.note_on(FrameNumber(7)).unwrap().text().len(), LONGEST_NOTE - 1);
    assert_survives(&session);
    assert_survives(&annotated(&session, &[session_note(""), Annotation::BookmarkRemoved { frame: FrameNumber(3) }]));
    // Masking changes bytes and moves none.
    assert_eq!(without_secrets(&session).unwrap().annotations, session.annotations);
    // Another limit of inflating records everything anew.
    assert_eq!(session.clone().with_inflation_limit(7).unwrap().annotations, session.annotations);
}

#[test]
fn a_session_that_never_connected_keeps_its_note() {
    assert_survives(&annotated(&super::scripts::never_connected(), &[session_note("the cable was out")]));
}

#[test]
fn a_frame_that_is_not_there_cannot_be_annotated() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let beyond = session.frames.len() as u64 + 1;
    assert!(session.annotated(&bookmark(beyond, "nothing")).is_none());
}

/// Many frames in one event, so that they are in one packet and have one moment.
fn crowded() -> Session {
    let mut script = Script::new();
    script.connected("127.0.0.1:50123", "127.0.0.1:9001");
    script.upgrade();
    for round in 0..3_u32 {
        for side in Side::BOTH {
            let frames: Vec<u8> = (0..200)
                .flat_map(|number| frame(side, Opcode::Text, true, format!("{round} {number}").as_bytes()))
                .collect();
            script.bytes(side, frames);
        }
    }
    script.session()
}

#[test]
fn frames_of_one_packet_and_one_moment_are_told_apart() {
    let session = crowded();
    let all: Vec<_> = (1..=session.frames.len() as u64).map(|number| bookmark(number, &number.to_string())).collect();
    let session = annotated(&session, &all);
    assert_survives(&session);
    assert_eq!(notes(&session).len(), 1_200);
}

#[test]
fn more_than_a_packet_can_say_is_said_all_the_same() {
    let long = "\u{7}".repeat(LONGEST_NOTE);
    let bookmarks: Vec<_> = (201..260).map(|number| bookmark(number, &long)).collect();
    assert_survives(&annotated(&crowded(), &bookmarks));
}

#[test]
fn a_later_line_wins_over_an_earlier_one() {
    let session = annotated(&crowded(), &[bookmark(1, "first"), bookmark(2, "gone"), session_note("old")]);
    let mut lines = String::from_utf8(save(&session, Format::JsonLines)).unwrap();
    let anchored = |number: u64| session.anchor(FrameNumber(number)).unwrap().offset;
    lines += &format!(
        "{{\"at\":5,\"event\":\"bookmark\",\"from\":\"client\",\"offset\":{},\"note\":\"second\"}}\n\
         {{\"at\":6,\"event\":\"bookmark_removed\",\"from\":\"client\",\"offset\":{}}}\n\
         {{\"at\":7,\"event\":\"session_note\",\"text\":\"new\"}}\n",
        anchored(1),
        anchored(2)
    );
    let changed = open_whole(lines.as_bytes(), Format::JsonLines);
    assert_eq!(notes(&changed), [(1, "second")]);
    assert_eq!(changed.annotations.session_note().text(), "new");
    assert_survives(&changed);
}

#[test]
fn a_bookmark_where_no_frame_begins_is_told_and_left_out() {
    let session = annotated(&crowded(), &[bookmark(400, "kept"), bookmark(3, "lost")]);
    let lines = String::from_utf8(save(&session, Format::JsonLines)).unwrap();
    let offset = session.anchor(FrameNumber(3)).unwrap().offset;
    let moved = lines.replace(&format!("\"offset\":{offset},"), &format!("\"offset\":{},", offset + 1));
    assert!(lines != moved);
    let opened = open(moved.as_bytes(), Format::JsonLines).unwrap();
    let told = ["a bookmark was left out: no frame begins where it says"];
    assert_eq!(opened.damage.iter().map(Damage::to_string).collect::<Vec<_>>(), told);
    assert_eq!(notes(&opened.session), [(400, "kept")]);

    // The file ends between the bookmark and the bytes of its frame.
    let (before, _) = lines.split_once("\"lost\"}\n").unwrap();
    let cut = format!("{before}\"lost\"}}\n");
    let opened = open(cut.as_bytes(), Format::JsonLines).unwrap();
    assert_eq!(notes(&opened.session), []);
    assert_eq!(opened.damage.len(), 1, "{:?}", opened.damage);
}

#[test]
fn a_note_that_is_too_long_is_told() {
    let line = format!("{{\"at\":5,\"event\":\"session_note\",\"text\":\"{}\"}}\n", "x".repeat(LONGEST_NOTE + 1));
    let lines = String::from_utf8(save(&crowded(), Format::JsonLines)).unwrap() + &line;
    let opened = open(lines.as_bytes(), Format::JsonLines).unwrap();
    assert!(opened.damage[0].problem.contains("65535 is the limit"), "{:?}", opened.damage);
    assert!(opened.session.annotations.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_annotations_survive_both_formats(
        parts in proptest::collection::vec((any::<bool>(), proptest::collection::vec(0_usize..300, 1..40)), 1..12),
        said in proptest::collection::vec((any::<proptest::sample::Index>(), any::<String>(), any::<bool>()), 0..30),
        session_note in any::<String>(),
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut script = Script::new();
        script.upgrade();
        let mut held = Vec::new();
        for (from_client, lengths) in parts {
            let side = if from_client { Side::Client } else { Side::Server };
            held.extend(lengths.into_iter().flat_map(|length| frame(side, Opcode::Binary, true, &vec![7; length])));
            // A piece may end in the middle of a frame, and of its header.
            let rest = held.split_off(cut.index(held.len()));
            script.bytes(side, std::mem::replace(&mut held, rest));
            script.bytes(side, std::mem::take(&mut held));
        }
        let mut session = script.session();
        let count = session.frames.len();
        prop_assert!(count > 0);
        let mut expected = std::collections::BTreeMap::new();
        for (place, note, is_removed) in &said {
            let frame = FrameNumber::from_index(place.index(count));
            if *is_removed {
                session = session.annotated(&Annotation::BookmarkRemoved { frame }).unwrap();
                expected.remove(&frame.0);
            } else {
                session = session.annotated(&bookmark(frame.0, note)).unwrap();
                expected.insert(frame.0, note.as_str());
            }
        }
        session = session.annotated(&self::session_note(&session_note)).unwrap();
        prop_assert_eq!(notes(&session), expected.into_iter().collect::<Vec<_>>());
        assert_survives(&session);
        assert_same(&session, &open_whole(&save(&session, Format::PcapNg), Format::PcapNg));
    }
}
