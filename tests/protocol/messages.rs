//! RFC 6455 5.4: fragments, with control frames between them.

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::Rule;
use closelook::protocol::message::MessageKind;
use closelook::protocol::opcode::Opcode;

use crate::transcript::{Transcript, fragment, frame, hex};

#[test]
fn control_frames_go_between_fragments() {
    let transcript = Transcript::upgraded()
        .client(fragment(Side::Client, false, Opcode::Text, b"one "))
        .client(frame(Side::Client, Opcode::Ping, b"now"))
        .server(frame(Side::Server, Opcode::Pong, b"now"))
        .client(fragment(Side::Client, false, Opcode::Continuation, b""))
        .client(frame(Side::Client, Opcode::Pong, b"beat"))
        .client(fragment(Side::Client, true, Opcode::Continuation, b"two"));
    let messages = transcript.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].fragments, messages[0].payload_length), (3, 7));
    assert_eq!((messages[0].first_frame.0, messages[0].last_frame.0), (1, 6));
    let of_message: Vec<Option<usize>> = transcript.frames().iter().map(|frame| frame.message).collect();
    assert_eq!(of_message, [Some(0), None, None, Some(0), None, Some(0)]);
    assert_eq!(transcript.rules(), [Rule::PongWithoutPing], "a heartbeat is worth a note");
}

#[test]
fn the_two_directions_do_not_touch_each_other() {
    let transcript = Transcript::upgraded()
        .client(fragment(Side::Client, false, Opcode::Text, b"a"))
        .server(fragment(Side::Server, false, Opcode::Binary, b"\xff"))
        .client(fragment(Side::Client, true, Opcode::Continuation, b"b"))
        .server(fragment(Side::Server, true, Opcode::Continuation, b"\xfe"));
    let messages = transcript.messages();
    assert_eq!(
        messages.iter().map(|message| (message.direction, message.kind, message.payload_length)).collect::<Vec<_>>(),
        [(Direction::ClientToServer, MessageKind::Text, 2), (Direction::ServerToClient, MessageKind::Binary, 2)]
    );
    assert_eq!(transcript.rules(), []);
}

#[test]
fn a_continuation_needs_a_start() {
    let transcript = Transcript::upgraded().server(hex("80 01 ff")).server(hex("81 01 61")).server(hex("00 00"));
    let stray = |number| (Some(number), Some(Side::Server), Rule::ContinuationWithoutStart);
    assert_eq!(transcript.findings(), [stray(1), stray(3)]);
    assert_eq!(transcript.messages().len(), 1);
    assert_eq!(transcript.frames()[0].message, None);
}

#[test]
fn a_message_ends_before_the_next_begins() {
    let transcript = Transcript::upgraded().server(hex("01 01 61")).server(hex("82 01 ff")).server(hex("80 01 62"));
    assert_eq!(
        transcript.findings(),
        [
            (Some(2), Some(Side::Server), Rule::DataFrameInsideMessage),
            (Some(3), Some(Side::Server), Rule::ContinuationWithoutStart),
        ]
    );
    let [given_up, complete] = transcript.messages()[..] else { panic!() };
    assert_eq!((given_up.completed_at, complete.completed_at.is_some()), (None, true));
}

#[test]
fn an_empty_message_is_a_message() {
    for bytes in ["81 00", "82 00", "01 00 80 00"] {
        let transcript = Transcript::upgraded().server(hex(bytes));
        assert!(transcript.messages()[0].completed_at.is_some(), "{bytes}");
        assert_eq!(transcript.rules(), []);
    }
}

#[test]
fn a_huge_claim_is_a_number_and_no_memory() {
    let transcript =
        Transcript::upgraded().server(hex("02 7f 7f ff ff ff ff ff ff ff")).server(vec![0; 1000]).fin(Side::Server);
    assert_eq!(transcript.messages()[0].payload_length, (1 << 63) - 1);
    assert_eq!(transcript.rules(), [Rule::EndedInsideFrame]);
}

#[test]
fn sums_of_claims_do_not_overflow() {
    let transcript = Transcript::upgraded().server(hex("02 01 00")).server(hex("80 7f ff ff ff ff ff ff ff ff"));
    assert_eq!(transcript.messages()[0].payload_length, u64::MAX);
}
