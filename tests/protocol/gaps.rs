//! Bytes that were not recorded: frames go on behind them where their boundaries are known, and nobody is blamed for what is not there.

use closelook::protocol::close::ClosePayload;
use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::Side::{Client, Server};
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::gap::Gap;
use closelook::protocol::inflater::InflateError;
use closelook::protocol::opcode::Opcode::{Close, Continuation, Ping, Pong, Text};
use closelook::protocol::permessage_deflate::{SideCompression, WindowBits};
use closelook::protocol::verdict::Outcome;
use closelook::session::MessageReader;

use crate::transcript::{Transcript, close, fragment, frame, hex};

fn bytes_missing(length: u64) -> Rule {
    Rule::BytesMissing { length }
}

fn frames_missing(length: impl Into<Option<u32>>, next_frame: impl Into<Option<u32>>) -> Rule {
    Rule::FramesMissing { gap: Gap { length: length.into(), next_frame: next_frame.into() } }
}

/// What a frame with these bytes is, of which some from `from` on are missing, and the frame behind it.
fn with_gap(bytes: &[u8], from: usize, length: usize) -> Transcript {
    Transcript::upgraded()
        .server(&bytes[..from])
        .misses(Server, length as u32, None)
        .server(&bytes[from + length..])
        .server(frame(Server, Text, b"behind"))
}

#[test]
fn a_payload_goes_on_behind_what_is_missing_of_it() {
    let text = frame(Server, Text, "größer".as_bytes());
    // At its start, inside a character, and at its end.
    for (from, length) in [(2, 1), (4, 1), (3, 4), (9, 1), (2, 8)] {
        let transcript = with_gap(&text, from, length);
        assert_eq!(transcript.findings(), [(Some(1), Some(Server), bytes_missing(length as u64))]);
        assert_eq!(transcript.opcodes(), [Text, Text]);
        let session = transcript.session();
        let (first, second) = (session.frames.get(0).unwrap(), session.frames.get(1).unwrap());
        let place = (from - 2) as u64;
        assert_eq!(session.missing_payload(first).collect::<Vec<_>>(), vec![place..place + length as u64; 1]);
        assert!(session.is_complete(first) && !session.is_recorded(first));
        assert_eq!(session.payload(first, 100), &"größer".as_bytes()[..from - 2]);
        assert_eq!(session.payload(second, 100), b"behind");
    }
}

#[test]
fn several_gaps_in_a_payload_are_one_finding() {
    let transcript = Transcript::upgraded()
        .server(hex("82 7e 01 00"))
        .misses(Server, 100, None)
        .server([7; 56])
        .misses(Server, 60, None)
        .server([8; 40]);
    assert_eq!(transcript.findings(), [(Some(1), Some(Server), bytes_missing(160))]);
    let session = transcript.session();
    let missing: Vec<_> = session.missing_payload(session.frames.get(0).unwrap()).collect();
    assert_eq!(missing, [0..100, 156..216]);
}

#[test]
fn a_mask_goes_on_in_step_behind_a_gap() {
    let text = frame(Client, Text, "größer als alles".as_bytes());
    let transcript = Transcript::upgraded().client(&text[..9]).misses(Client, 4, None).client(&text[13..]);
    assert_eq!(transcript.findings(), [(Some(1), Some(Client), bytes_missing(4))]);
}

#[test]
fn a_frame_of_which_no_end_was_recorded_tells_at_the_end() {
    let transcript = Transcript::upgraded().server(hex("82 0a 01 02")).misses(Server, 3, None).recording_ends();
    assert_eq!(transcript.rules(), [bytes_missing(3)]);
}

#[test]
fn frames_begin_again_where_that_is_known() {
    let next = frame(Server, Text, b"next");
    // Between frames, inside a header, and beyond the end of a payload; with bytes behind that belong to no header.
    let at_once = Transcript::upgraded().misses(Server, 40, 0).server(&next);
    assert_eq!(at_once.findings(), [(None, Some(Server), frames_missing(40, 0))]);
    assert_eq!(at_once.opcodes(), [Text]);
    let in_header =
        Transcript::upgraded().server(hex("82")).misses(Server, 40, 3).server(hex("81 01 61")).server(&next);
    assert_eq!(in_header.findings(), [(None, Some(Server), frames_missing(40, 3))]);
    assert_eq!(in_header.opcodes(), [Text]);
    let beyond = Transcript::upgraded()
        .server(hex("82 05 01 02"))
        .misses(Server, 40, 2)
        .server(hex("ff"))
        .server([hex("ff"), next.clone()].concat());
    assert_eq!(
        beyond.findings(),
        [(Some(1), Some(Server), bytes_missing(3)), (None, Some(Server), frames_missing(37, 2))]
    );
    assert_eq!(beyond.frames().len(), 2);
    let session = beyond.session();
    assert_eq!(session.payload(session.frames.get(1).unwrap(), 100), b"next");
}

#[test]
fn where_it_is_not_known_nothing_is_read_until_it_is() {
    let next = frame(Server, Text, b"next");
    let transcript = Transcript::upgraded()
        .misses(Server, 40, None)
        .server(&next)
        .client(frame(Client, Text, b"the other way goes on"))
        // Nothing is missing here; this only says where the next frame is.
        .misses(Server, 0, 1)
        .server(hex("ff"))
        .server(&next);
    assert_eq!(
        transcript.findings(),
        [(None, Some(Server), frames_missing(40, None)), (None, Some(Server), frames_missing(0, 1)),]
    );
    assert_eq!(transcript.frames().len(), 2);
}

#[test]
fn a_message_may_have_begun_or_ended_among_what_is_missing() {
    let transcript = Transcript::upgraded()
        .server(fragment(Server, false, Text, "Gr\u{fc}".as_bytes()))
        .misses(Server, 10, 0)
        // The rest of one that began there, or of the one before.
        .server(fragment(Server, false, Continuation, b"\xff"))
        .server(frame(Server, Ping, b""))
        .client(frame(Client, Pong, b""))
        .server(fragment(Server, true, Continuation, b"\xff"))
        .server(frame(Server, Text, b"a new one"))
        .fin(Server);
    assert_eq!(transcript.rules(), [frames_missing(10, 0)]);
    // The next stray one is one.
    let stray = transcript.server(fragment(Server, true, Continuation, b"?"));
    assert_eq!(stray.rules().last(), Some(&Rule::ContinuationWithoutStart));
    let begun = Transcript::upgraded()
        .server(fragment(Server, false, Text, b"unfinished"))
        .misses(Server, 10, 0)
        .server(frame(Server, Text, b"another"));
    assert_eq!(begun.rules(), [frames_missing(10, 0)]);
}

#[test]
fn pings_and_pongs_are_not_judged_by_what_is_missing() {
    let ping = frame(Server, Ping, b"there?");
    let pong = frame(Client, Pong, b"there?");
    let ends = |transcript: Transcript| {
        let transcript = transcript.client(close(Client, Some(1000))).server(close(Server, Some(1000)));
        transcript.fin(Server).fin(Client).rules()
    };
    // The Ping is cut; the Pong is cut; the Ping is among what is missing; the Pong is.
    let cut_ping = Transcript::upgraded().server(&ping[..4]).misses(Server, 4, None).client(&pong);
    assert_eq!(ends(cut_ping), [bytes_missing(4)]);
    let cut_pong = Transcript::upgraded().server(&ping).client(&pong[..7]).misses(Client, 5, None);
    assert_eq!(ends(cut_pong), [bytes_missing(5)]);
    let no_ping = Transcript::upgraded().misses(Server, 8, 0).client(&pong).client(&pong);
    assert_eq!(ends(no_ping), [frames_missing(8, 0)]);
    let no_pong = Transcript::upgraded().server(&ping).misses(Client, 12, 0).server(&ping).client(&pong);
    assert_eq!(ends(no_pong), [frames_missing(12, 0)]);
}

#[test]
fn a_close_may_be_among_what_is_missing() {
    // Nothing follows the gap: it may have held the Close.
    let hidden = Transcript::upgraded().misses(Server, 20, 0).fin(Server).fin(Client);
    assert_eq!(hidden.rules(), [frames_missing(20, 0)]);
    let verdict = hidden.verdict();
    assert_eq!((verdict.outcome, verdict.may_lack_a_close, verdict.clean), (Outcome::CutOff, true, false));
    assert_eq!(hidden.reports(), [None, None]);
    let unanswered =
        Transcript::upgraded().client(close(Client, Some(1000))).misses(Server, 20, None).fin(Server).fin(Client);
    assert_eq!(unanswered.rules(), [frames_missing(20, None)]);
    assert_eq!(unanswered.verdict().outcome, Outcome::CutOff);
    assert_eq!(unanswered.reports(), [None, Some(1000)]);
    // What frames follow, a Close did not come before.
    let goes_on =
        Transcript::upgraded().misses(Server, 20, 0).server(frame(Server, Text, b"!")).fin(Server).fin(Client);
    assert_eq!(goes_on.rules(), [frames_missing(20, 0), Rule::EndedWithoutClose]);
    assert_eq!(goes_on.verdict().outcome, Outcome::Dropped);
    assert_eq!(goes_on.reports(), [Some(1006), Some(1006)]);
    // A gap inside a payload hides no frame.
    let inside = Transcript::upgraded().server(hex("82 02")).misses(Server, 2, None).fin(Server).fin(Client);
    assert_eq!(inside.rules(), [bytes_missing(2), Rule::EndedWithoutClose]);
}

#[test]
fn the_code_of_a_close_is_told_as_far_as_it_was_recorded() {
    let whole = frame(Server, Close, b"\x03\xe9going");
    for (kept, expected) in [
        (0, ClosePayload::NotRecorded),
        (1, ClosePayload::NotRecorded),
        (2, ClosePayload::Status { code: closelook::protocol::close::CloseCode(1001), reason: String::new() }),
        (4, ClosePayload::Status { code: closelook::protocol::close::CloseCode(1001), reason: "go".into() }),
    ] {
        let transcript = Transcript::upgraded()
            .server(&whole[..2 + kept])
            .misses(Server, (7 - kept) as u32, None)
            .client(close(Client, Some(1001)));
        let verdict = transcript.verdict();
        assert_eq!(verdict.sides[Server].sent_close.as_ref().unwrap().payload, expected);
        assert_eq!(transcript.reports(), [(kept > 1).then_some(1001), Some(1001)]);
        assert_eq!(transcript.rules(), [bytes_missing(7 - kept as u64)], "{kept} bytes are there");
        assert!(verdict.clean);
    }
}

/// Compressed messages as a sender makes them that refers to what it sent before.
fn compressed(texts: &[&str]) -> Vec<Vec<u8>> {
    let bits = WindowBits::new(15).unwrap();
    let mut deflater = Deflater::new(SideCompression { window_bits: bits, takes_over_context: true }).unwrap();
    let message = |text: &&str| {
        let payload = deflater.deflate(text.as_bytes(), true).unwrap();
        FrameHeader { rsv1: true, ..FrameHeader::new(Text, payload.len() as u64) }.with_payload(&payload)
    };
    texts.iter().map(message).collect()
}

#[test]
fn a_compressed_message_that_refers_to_what_is_missing_is_not_blamed_on_its_sender() {
    let texts =
        ["the quick brown fox", "jumps over", "the quick brown fox", "0123456789", "the quick brown fox jumps over"];
    let messages = compressed(&texts);
    let told = |transcript: &Transcript| -> Vec<_> {
        let session = transcript.session();
        let content = |message| String::from_utf8(MessageReader::default().content(&session, &message, 1_000)).unwrap();
        session.messages().map(|message| (message.inflated.unwrap().problem, content(message))).collect()
    };
    let readable = |text: &str| (None, text.to_owned());
    // The first is gone; the second stands for itself, the third refers to the first.
    let transcript = Transcript::upgraded_with_compression().misses(Server, messages[0].len() as u32, 0);
    let transcript = messages[1..].iter().fold(transcript, |transcript, message| transcript.server(message));
    assert_eq!(transcript.rules()[..2], [frames_missing(messages[0].len() as u32, 0), Rule::CompressionContextUnknown]);
    assert!(transcript.rules()[1..].iter().all(|rule| *rule == Rule::CompressionContextUnknown));
    let contents = told(&transcript);
    assert_eq!(contents[0], readable(texts[1]));
    assert_eq!(contents[1].0, Some(InflateError::ContextUnknown));
    assert_eq!(contents[2], readable(texts[3]));
    // A part of the second is gone: it is no fault of the sender that it stops there.
    let cut = messages[1].len() - 3;
    let transcript = Transcript::upgraded_with_compression()
        .server(&messages[0])
        .server(&messages[1][..cut])
        .misses(Server, 3, None)
        .server(&messages[2])
        .server(&messages[3]);
    assert_eq!(transcript.rules(), [bytes_missing(3), Rule::CompressionContextUnknown]);
    let contents = told(&transcript);
    assert_eq!(contents[0], readable(texts[0]));
    assert_eq!(contents[1].0, Some(InflateError::BytesMissing));
    assert!(texts[1].starts_with(&contents[1].1));
    assert_eq!(contents[3], readable(texts[3]));
    // One reader for all of them says the same as a new one for each.
    let session = transcript.session();
    let mut reader = MessageReader::default();
    let read: Vec<_> = session.messages().map(|message| reader.content(&session, &message, 1_000)).collect();
    assert_eq!(read, contents.iter().map(|(_, content)| content.as_bytes().to_vec()).collect::<Vec<_>>());
}

#[test]
fn how_much_is_missing_need_not_be_known() {
    let transcript = Transcript::upgraded()
        .misses(Server, None, 0)
        .server(frame(Server, Text, b"from the middle on"))
        .client(frame(Client, Pong, b"an answer to something"));
    assert_eq!(transcript.rules(), [frames_missing(None, 0)]);
    assert_eq!(transcript.frames().len(), 2);
}

#[test]
fn what_is_missing_of_the_handshake_leaves_the_rest_unread() {
    let transcript = Transcript::new()
        .client("GET /chat HT")
        .misses(Client, 100, 0)
        .server("HTTP/1.1 101 Swi")
        .misses(Server, 100, 0);
    let transcript = transcript.server(frame(Server, Text, b"?")).fin(Server).fin(Client);
    assert_eq!(transcript.frames(), []);
    assert_eq!(transcript.rules(), [frames_missing(100, 0), frames_missing(100, 0)]);
    assert_eq!(transcript.verdict().outcome, Outcome::CutOff);
}
