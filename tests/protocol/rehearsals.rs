//! Rehearsals: what sending some bytes would break, in the situations that a session can be in.

use closelook::protocol::close::CloseCode;
use closelook::protocol::finding::Rule;
use closelook::protocol::handshake::Handshake;
use closelook::protocol::http::{HeadParse, ResponseHead};
use closelook::protocol::message::MessageKind;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::rehearsal::{Situation, UnderWay, UnfinishedMessage};

use crate::transcript::hex;

fn rules(situation: &Situation, bytes: &str) -> Vec<Rule> {
    situation.rehearse(&hex(bytes)).findings.iter().map(|finding| finding.rule).collect()
}

fn unfinished(kind: MessageKind, payload: Option<&[u8]>) -> Situation {
    let unfinished_message = Some(UnfinishedMessage { kind, payload: payload.map(<[u8]>::to_vec) });
    Situation { unfinished_message, ..Situation::default() }
}

const HELLO: &str = "81 85 37 fa 21 3d 7f 9f 4d 51 58";

#[test]
fn bytes_are_judged_by_themselves() {
    let fresh = Situation::default();
    for (bytes, broken) in [
        (HELLO, vec![]),
        ("81 05 48 65 6c 6c 6f", vec![Rule::ClientFrameNotMasked]),
        ("c1 80 00 00 00 01", vec![Rule::ReservedBitWithoutExtension]),
        ("83 80 00 00 00 00", vec![Rule::ReservedOpcode { opcode: 3 }, Rule::MaskingKeyZero]),
        ("80 80 00 00 00 01", vec![Rule::ContinuationWithoutStart]),
        ("09 fe 00 01 00 00 00 01 61", vec![Rule::LengthNotMinimal { length: 1 }, Rule::ControlFrameFragmented]),
        ("88 82 00 00 00 01 03 ed", vec![Rule::CloseCodeNotAllowed { code: CloseCode(1005) }]),
        ("81 81 00 00 00 01 ff", vec![Rule::TextNotUtf8 { at: 0 }]),
    ] {
        assert_eq!(rules(&fresh, bytes), broken, "{bytes}");
    }
    assert_eq!(fresh.rehearse(&hex(HELLO).repeat(3)).frames, 3);
}

#[test]
fn an_unfinished_message_decides_what_may_follow() {
    let situation = unfinished(MessageKind::Text, Some(b"a"));
    assert_eq!(rules(&situation, HELLO), [Rule::DataFrameInsideMessage]);
    assert_eq!(rules(&situation, "80 81 00 00 00 01 62"), []);
    // A control frame may come in between.
    assert_eq!(rules(&situation, "89 80 00 00 00 01"), []);
    // The first half of a character is what the second half needs; of a binary message nothing is asked.
    let half = unfinished(MessageKind::Text, Some(&[0xC3]));
    assert_eq!(rules(&half, "80 81 00 00 00 01 bc"), []);
    assert_eq!(rules(&half, "80 81 00 00 00 01 62"), [Rule::TextNotUtf8 { at: 0 }]);
    assert_eq!(rules(&unfinished(MessageKind::Binary, Some(b"")), "80 81 00 00 00 01 ff"), []);
    // What was sent is not at hand, so the rest is not judged.
    assert_eq!(rules(&unfinished(MessageKind::Text, None), "80 81 00 00 00 01 bc"), []);
}

#[test]
fn closes_and_pings_decide_what_may_follow() {
    let closed = Situation { sent_close: Some(hex("88 80 00 00 00 01")), ..Situation::default() };
    assert_eq!(rules(&closed, HELLO), [Rule::FrameAfterClose]);
    let to_be_answered = Situation { received_close: Some(hex("88 02 03 e8")), ..Situation::default() };
    assert_eq!(rules(&to_be_answered, "88 82 00 00 00 00 03 e8"), [Rule::MaskingKeyZero]);
    let (received, sent) = (Some(CloseCode(1000)), None);
    assert_eq!(rules(&to_be_answered, "88 80 00 00 00 01"), [Rule::CloseReplyChangesCode { received, sent }]);
    let pong = "8a 82 00 00 00 01 61 62";
    assert_eq!(rules(&Situation::default(), pong), [Rule::PongWithoutPing]);
    let pinged = Situation { unanswered_pings: vec![b"x".to_vec(), b"ab".to_vec()], ..Situation::default() };
    assert_eq!(rules(&pinged, pong), []);
}

#[test]
fn a_frame_under_way_swallows_what_comes() {
    let swallowing = |opcode, fin, missing| Situation {
        under_way: Some(UnderWay::Payload { opcode, fin, missing }),
        ..Situation::default()
    };
    // All of it is payload: five bytes short of a header.
    let situation = swallowing(Opcode::Text, true, 16);
    let rehearsal = situation.rehearse(&hex("00 01 02 03 04 05 06 07 08 09 0a"));
    assert_eq!((rehearsal.frames, rehearsal.findings), (0, vec![]));
    // What is left of it ends the message, or leaves it open.
    let behind = format!("ff ff {HELLO}");
    assert_eq!(rules(&swallowing(Opcode::Text, true, 2), &behind), []);
    assert_eq!(rules(&swallowing(Opcode::Text, false, 2), &behind), [Rule::DataFrameInsideMessage]);
    let header = Situation { under_way: Some(UnderWay::Header(hex("81 85 37"))), ..Situation::default() };
    assert_eq!(rules(&header, "fa 21 3d 7f 9f 4d 51 58"), []);
}

#[test]
fn extensions_give_reserved_bits_a_meaning() {
    let head = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
    let HeadParse::Complete { head, .. } = ResponseHead::parse(head) else { panic!() };
    let handshake = Handshake { request: None, response: Some(head) };
    let situation = Situation { handshake, ..Situation::default() };
    assert_eq!(rules(&situation, "c1 81 00 00 00 01 00"), []);
    assert_eq!(rules(&situation, "a1 80 00 00 00 01"), [Rule::ReservedBitWithoutExtension]);
}
