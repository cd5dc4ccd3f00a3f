//! The closing handshake: payloads, what each side reports, and every way in which a session ends.

use closelook::protocol::close::{CloseCode, ClosePayload};
use closelook::protocol::direction::Side::{Client, Server};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::{Rule, Severity};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd::{Fin, Local, Rst, Timeout};
use closelook::protocol::verdict::{ConnectStage, Outcome, TransportEnd};

use crate::transcript::{KEY, REQUEST, Transcript, close, fragment, frame, hex, response_with};

#[test]
fn a_payload_is_empty_or_a_code_and_a_reason() {
    let status = |code: u16, reason: &str| ClosePayload::Status { code: CloseCode(code), reason: reason.into() };
    let longest = [vec![0x03, 0xe8], vec![b'x'; 123]].concat();
    let rows = [
        (hex(""), ClosePayload::Empty, vec![]),
        (hex("03"), ClosePayload::OneByte(3), vec![Rule::CloseOfOneByte]),
        (hex("03 e8"), status(1000, ""), vec![]),
        (hex("03 e8 62 79 65"), status(1000, "bye"), vec![]),
        (longest, status(1000, &"x".repeat(123)), vec![]),
        (hex("03 e8 ff"), status(1000, "\u{fffd}"), vec![Rule::CloseReasonNotUtf8 { at: 0 }]),
        (hex("03 e8 61 e2 82"), status(1000, "a\u{fffd}"), vec![Rule::CloseReasonNotUtf8 { at: 1 }]),
    ];
    for (payload, expected, rules) in rows {
        assert_eq!(ClosePayload::parse(&payload), expected);
        for side in Side::BOTH {
            let bytes = frame(side, Opcode::Close, &payload);
            let transcript = Transcript::upgraded().says(side, &bytes);
            assert_eq!(transcript.rules(), rules, "{payload:02x?}");
            let sent = transcript.verdict().sides[side].sent_close.clone().unwrap();
            assert_eq!((sent.payload, sent.wire), (expected.clone(), bytes));
            assert_eq!((sent.direction, sent.number.0), (side.sends(), 1));
        }
    }
    assert_eq!(ClosePayload::bytes(CloseCode(1000), "bye"), hex("03 e8 62 79 65"));
}

#[test]
fn a_close_is_kept_as_it_was_on_the_wire() {
    let transcript = Transcript::upgraded().says_slowly(Client, hex("88 82 37 fa 21 3d 34 12")).server(hex("88 00"));
    let verdict = transcript.verdict();
    let [client, server] = Side::BOTH.map(|side| verdict.sides[side].sent_close.clone().unwrap());
    assert_eq!((client.wire, client.header_length), (hex("88 82 37 fa 21 3d 34 12"), 6));
    assert_eq!(client.payload.code(), Some(CloseCode::NORMAL_CLOSURE));
    assert_eq!((server.wire, server.header_length), (hex("88 00"), 2));
    assert_eq!(verdict.first_close_frame().unwrap().direction, Direction::ClientToServer);
    assert_eq!(verdict.reply_close_frame().unwrap().direction, Direction::ServerToClient);
    assert_eq!(verdict.closing_handshake_duration().unwrap().as_nanos(), 1);
}

#[test]
fn of_a_close_beyond_all_bounds_the_start_is_kept() {
    // The kept part ends inside a character, which is not the sender's fault.
    let payload = [hex("03 e8"), "\u{20ac}".repeat(1000).into_bytes()].concat();
    let transcript = Transcript::upgraded().server(frame(Server, Opcode::Close, &payload));
    assert_eq!(transcript.rules(), [Rule::ControlFrameTooLong { length: 3002 }]);
    assert!(transcript.verdict().sides[Server].sent_close.as_ref().unwrap().wire.len() < 1100);
    assert_eq!(transcript.reports(), [Some(1000), None]);
}

#[test]
fn codes_that_must_not_be_on_the_wire_are_reported_as_received() {
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] {
        let transcript = Transcript::upgraded().server(close(Server, Some(code)));
        let rule = Rule::CloseCodeNotAllowed { code: CloseCode(code) };
        assert_eq!(transcript.findings(), [(Some(1), Some(Server), rule)]);
        assert_eq!(transcript.reports(), [Some(code), None]);
    }
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999] {
        assert_eq!(Transcript::upgraded().server(close(Server, Some(code))).rules(), [], "{code}");
    }
}

struct Row {
    first: (Side, Option<u16>),
    reply: Option<Option<u16>>,
    end: (Side, TransportEnd),
    reports: [u16; 2],
    rules: Vec<Rule>,
}

fn check(row: Row) {
    let (first, code) = row.first;
    let mut transcript = Transcript::upgraded().says(first, close(first, code));
    if let Some(reply) = row.reply {
        transcript = transcript.says(first.peer(), close(first.peer(), reply));
        assert!(transcript.verdict().clean && transcript.verdict().outcome == Outcome::Closed, "known before TCP ends");
    } else {
        assert_eq!(transcript.verdict().outcome, Outcome::Open);
    }
    let (side, how) = row.end;
    let verdict = transcript.ends(side, how);
    let (transcript, verdict) = (&verdict, verdict.verdict());
    let what = format!("{first} {code:?}, reply {:?}, {side} {how:?}", row.reply);
    assert_eq!(transcript.reports(), row.reports.map(Some), "{what}");
    assert_eq!(verdict.outcome, Outcome::Closed, "{what}");
    assert_eq!(verdict.first_close, Some(first), "{what}");
    assert_eq!(verdict.clean, row.reply.is_some(), "{what}");
    let end = verdict.transport_end.unwrap();
    assert_eq!((end.side, end.how), (side, how), "{what}");
    assert_eq!(verdict.second_transport_end, None, "{what}");
    assert_eq!(transcript.rules(), row.rules, "{what}");
}

#[test]
fn the_two_sides_rightly_report_different_codes() {
    let changed = |received: Option<u16>, sent: Option<u16>| {
        vec![Rule::CloseReplyChangesCode { received: received.map(CloseCode), sent: sent.map(CloseCode) }]
    };
    let rows = [
        ((Client, Some(1000)), Some(1000), [1000, 1000], vec![]),
        ((Client, Some(1000)), None, [1005, 1000], changed(Some(1000), None)),
        ((Client, None), None, [1005, 1005], vec![]),
        ((Client, None), Some(1000), [1000, 1005], changed(None, Some(1000))),
        ((Server, Some(1000)), Some(1000), [1000, 1000], vec![]),
        ((Server, None), None, [1005, 1005], vec![]),
        ((Server, Some(1000)), None, [1000, 1005], changed(Some(1000), None)),
        ((Server, None), Some(1000), [1005, 1000], changed(None, Some(1000))),
        ((Server, Some(4001)), Some(4001), [4001, 4001], vec![]),
        ((Server, Some(1001)), Some(1000), [1001, 1000], changed(Some(1001), Some(1000))),
        ((Client, Some(3008)), Some(1000), [1000, 3008], changed(Some(3008), Some(1000))),
    ];
    for (first, reply, reports, rules) in rows {
        check(Row { first, reply: Some(reply), end: (Server, Fin), reports, rules });
    }
}

#[test]
fn an_unanswered_close() {
    let rows = [
        // The client drops TCP in place of an answer.
        ((Server, Some(1000)), (Client, Rst), [1000, 1006]),
        ((Server, None), (Client, Local), [1005, 1006]),
        // The server never answers: the client waited, or gave up.
        ((Client, Some(1000)), (Client, Timeout), [1006, 1000]),
        ((Client, None), (Client, Timeout), [1006, 1005]),
        ((Client, Some(4000)), (Client, Local), [1006, 4000]),
        ((Client, Some(1000)), (Server, Rst), [1006, 1000]),
    ];
    for (first, end, reports) in rows {
        let waited = end == (first.0, Timeout);
        let rule = if waited { Rule::CloseNotAnsweredInTime } else { Rule::CloseNotAnswered };
        check(Row { first, reply: None, end, reports, rules: vec![rule] });
    }
    // After a FIN the other half may go on, so the finding waits for it.
    check(Row { first: (Server, Some(1000)), reply: None, end: (Client, Fin), reports: [1000, 1006], rules: vec![] });
    let transcript = Transcript::upgraded().server(close(Server, Some(1000))).fin(Client).fin(Server);
    assert_eq!(transcript.findings(), [(Some(1), Some(Client), Rule::CloseNotAnswered)]);
}

#[test]
fn a_close_of_one_byte_holds_no_code() {
    let transcript = Transcript::upgraded().server(hex("88 01 03")).client(close(Client, Some(1002))).fin(Server);
    assert_eq!(transcript.reports(), [Some(1005), Some(1002)]);
    assert!(transcript.verdict().clean);
}

#[test]
fn dropped_without_a_close() {
    for side in Side::BOTH {
        for how in [Fin, Rst, Timeout, Local] {
            let transcript = Transcript::upgraded().server(hex("81 01 61")).ends(side, how);
            let verdict = transcript.verdict();
            assert_eq!(transcript.reports(), [Some(1006), Some(1006)]);
            assert_eq!((verdict.outcome, verdict.clean, verdict.first_close), (Outcome::Dropped, false, None));
            let end = verdict.transport_end.unwrap();
            assert_eq!((end.side, end.how), (side, how));
            let transcript = transcript.recording_ends();
            assert_eq!(transcript.findings(), [(None, None, Rule::EndedWithoutClose)], "{side} {how:?}");
            let transcript = transcript.ends(side.peer(), Fin);
            assert_eq!(transcript.rules(), [Rule::EndedWithoutClose], "told once");
            let second = transcript.verdict().second_transport_end.unwrap();
            assert_eq!((second.side, second.how), (side.peer(), Fin));
        }
    }
}

#[test]
fn one_side_ends_once() {
    let transcript = Transcript::upgraded().fin(Server).fin(Server);
    assert_eq!(transcript.rules(), [], "the client may still talk");
    assert_eq!(transcript.verdict().second_transport_end, None);
    let transcript = transcript.rst(Server).fin(Client);
    let (first, second) =
        (transcript.verdict().transport_end.unwrap(), transcript.verdict().second_transport_end.unwrap());
    assert_eq!(((first.side, first.how), (second.side, second.how)), ((Server, Fin), (Client, Fin)));
    assert_eq!(transcript.rules(), [Rule::EndedWithoutClose]);
}

#[test]
fn a_half_may_go_on_after_the_fin_of_the_other() {
    let transcript = Transcript::upgraded().fin(Client);
    assert_eq!(transcript.verdict().outcome, Outcome::Dropped, "should nothing more come");
    let transcript = transcript.server(hex("81 01 61")).server(close(Server, Some(1000))).fin(Server);
    let verdict = transcript.verdict();
    assert_eq!((verdict.outcome, verdict.clean, verdict.first_close), (Outcome::Closed, false, Some(Server)));
    assert_eq!(transcript.reports(), [Some(1000), Some(1006)]);
    assert_eq!(transcript.rules(), [Rule::CloseNotAnswered]);
}

#[test]
fn a_response_may_come_after_the_fin_of_the_client() {
    let transcript = Transcript::new().client(REQUEST).fin(Client);
    assert_eq!(transcript.verdict().outcome, Outcome::HandshakeFailed);
    let transcript = transcript.server(response_with("Upgrade", "upgrade")).server(close(Server, None)).fin(Server);
    assert_eq!(transcript.verdict().outcome, Outcome::Closed);
    assert_eq!(transcript.reports(), [Some(1005), Some(1006)]);
}

#[test]
fn ended_inside_a_frame_or_a_message() {
    let inside_frame = |number| (number, Some(Server), Rule::EndedInsideFrame);
    let rows = [
        ("81", inside_frame(None)),
        ("81 7e 01", inside_frame(None)),
        ("81 05 61", inside_frame(Some(1))),
        ("81 05", inside_frame(Some(1))),
        ("01 01 61 80 02 62", inside_frame(Some(2))),
        ("88 02 03", inside_frame(Some(1))),
        ("01 01 61", (Some(1), Some(Server), Rule::EndedInsideMessage)),
        ("01 01 61 00 00", (Some(2), Some(Server), Rule::EndedInsideMessage)),
    ];
    for (bytes, finding) in rows {
        let fin = Transcript::upgraded().server(hex(bytes)).fin(Server);
        assert_eq!(fin.findings(), [finding], "known at the server's FIN: {bytes}");
        let without_close = (None, None, Rule::EndedWithoutClose);
        assert_eq!(fin.fin(Client).findings(), [finding, without_close], "{bytes}");
        let rst = Transcript::upgraded().server(hex(bytes)).rst(Client);
        assert_eq!(rst.findings(), [finding, without_close], "{bytes}");
        assert_eq!(rst.verdict().outcome, Outcome::Dropped);
    }
}

#[test]
fn frames_after_a_close_are_seen_and_found() {
    let transcript = Transcript::upgraded()
        .server(close(Server, Some(1000)))
        .server(frame(Server, Opcode::Text, b"late"))
        .server(close(Server, Some(4000)))
        .client(close(Client, Some(1000)))
        .fin(Server);
    let after = |number| (Some(number), Some(Server), Rule::FrameAfterClose);
    assert_eq!(transcript.findings(), [after(2), after(3)]);
    assert_eq!(transcript.reports(), [Some(1000), Some(1000)], "the first Close counts (RFC 6455 7.1.5)");
    assert_eq!(transcript.opcodes(), [Opcode::Close, Opcode::Text, Opcode::Close, Opcode::Close]);
}

#[test]
fn frames_between_the_closes_are_counted() {
    let transcript = Transcript::upgraded()
        .server(frame(Server, Opcode::Text, b"before"))
        .client(close(Client, Some(1000)))
        .server(frame(Server, Opcode::Text, b"one"))
        .server(fragment(Server, false, Opcode::Binary, b"two"))
        .server(fragment(Server, true, Opcode::Continuation, b"three"))
        .client(frame(Client, Opcode::Pong, b"late"))
        .server(close(Server, Some(1000)))
        .server(frame(Server, Opcode::Ping, b"late"));
    assert_eq!(transcript.verdict().frames_between_closes, 3);
}

#[test]
fn a_close_in_the_middle_of_a_message() {
    let transcript = Transcript::upgraded()
        .server(fragment(Server, false, Opcode::Text, b"half"))
        .server(close(Server, Some(1001)))
        .client(close(Client, Some(1001)))
        .fin(Server)
        .fin(Client);
    assert_eq!(transcript.findings(), [(Some(1), Some(Server), Rule::EndedInsideMessage)]);
    assert!(transcript.verdict().clean);
}

#[test]
fn closes_that_break_other_rules_still_close() {
    let unmasked = Transcript::upgraded().client(hex("88 02 03 e8"));
    assert_eq!(unmasked.rules(), [Rule::ClientFrameNotMasked]);
    assert_eq!(unmasked.reports(), [None, Some(1000)]);
    let masked = FrameHeader { masking_key: Some(KEY), ..FrameHeader::new(Opcode::Close, 2) };
    let masked = Transcript::upgraded().server(masked.with_payload(&[0x03, 0xe8]));
    assert_eq!(masked.rules(), [Rule::ServerFrameMasked]);
    assert_eq!(masked.reports(), [Some(1000), None]);
    let not_final = Transcript::upgraded().server(hex("08 02 03 e8"));
    assert_eq!(not_final.rules(), [Rule::ControlFrameFragmented]);
    assert_eq!(not_final.reports(), [Some(1000), None]);
}

#[test]
fn sessions_that_never_were() {
    // Each row: stage, outcome, what the client reports. A server has nothing to report on.
    let rows = [
        (ConnectStage::Dns, Outcome::ConnectFailed, 1006),
        (ConnectStage::Tcp, Outcome::ConnectFailed, 1006),
        (ConnectStage::Tls, Outcome::ConnectFailed, 1015),
        (ConnectStage::Upgrade, Outcome::HandshakeFailed, 1006),
    ];
    for (stage, outcome, client) in rows {
        let transcript = Transcript::new().fails(stage);
        let verdict = transcript.verdict();
        assert_eq!((verdict.outcome, verdict.failed_stage), (outcome, Some(stage)));
        assert_eq!(transcript.reports(), [Some(client), None]);
        assert!(!verdict.clean && verdict.is_final());
    }
}

#[test]
fn a_recording_without_an_end_is_cut_off() {
    let transcript = Transcript::upgraded().server(hex("01 01 61"));
    assert_eq!((transcript.verdict().outcome, transcript.verdict().is_final()), (Outcome::Open, false));
    let transcript = transcript.recording_ends();
    let verdict = transcript.verdict();
    assert_eq!((verdict.outcome, verdict.is_final()), (Outcome::CutOff, true));
    assert_eq!(transcript.reports(), [None, None]);
    assert_eq!(transcript.rules(), []);
}

#[test]
fn severities_tell_broken_rules_from_notes() {
    let rows = [
        (Rule::FrameAfterClose, "frame-after-close", "RFC 6455 5.5.1", Severity::Error),
        (Rule::EndedWithoutClose, "ended-without-close", "RFC 6455 7.1.5", Severity::Warning),
        (Rule::PongWithoutPing, "pong-without-ping", "RFC 6455 5.5.3", Severity::Note),
    ];
    for (rule, name, section, severity) in rows {
        assert_eq!((rule.name(), rule.section(), rule.severity()), (name, section, severity));
    }
}

#[test]
fn the_server_ends_tcp_first() {
    let closed = || Transcript::upgraded().client(close(Client, Some(1000))).server(close(Server, Some(1000)));
    assert_eq!(closed().fin(Server).fin(Client).rules(), []);
    let first = closed().fin(Client).fin(Server);
    assert_eq!(first.findings(), [(None, Some(Client), Rule::ClientEndedTransportFirst)]);
}
