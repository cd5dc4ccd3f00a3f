//! RFC 6455 section 4: the two heads, each rule that they can break, and what is not a handshake at all.

use closelook::protocol::direction::Side;
use closelook::protocol::dissector::Fact;
use closelook::protocol::finding::Rule;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::http::{HeadError, HeadParse, LONGEST_HEAD, RequestHead, ResponseHead};
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::Outcome;

use crate::transcript::{REQUEST, RESPONSE, Transcript, close, frame, hex, request_with, response_with};

#[test]
fn accept_answers_the_key_of_section_1_3() {
    assert_eq!(accept_for_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(accept_for_key(" dGhlIHNhbXBsZSBub25jZQ== "), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn the_handshake_of_the_rfc_upgrades() {
    let transcript = Transcript::new().client(REQUEST).server(RESPONSE);
    let handshake = transcript.dissector().handshake();
    assert!(handshake.is_upgraded());
    assert_eq!(handshake.status(), Some(101));
    assert_eq!(handshake.expected_accept().as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(handshake.request.as_ref().unwrap().target, "/chat");
    assert_eq!(transcript.verdict().outcome, Outcome::Open);
    assert_eq!(transcript.heads(), ["GET", "101"]);
}

#[test]
fn heads_may_come_byte_by_byte_and_frames_follow_at_once() {
    let hello = hex("81 05 48 65 6c 6c 6f");
    let transcript = Transcript::new()
        .says_slowly(Side::Client, REQUEST)
        .says_slowly(Side::Server, [RESPONSE.as_bytes(), &hello].concat());
    assert_eq!(transcript.heads(), ["GET", "101"]);
    assert_eq!(transcript.opcodes(), [Opcode::Text]);
    assert_eq!(transcript.frames()[0].stream_offset, RESPONSE.len() as u64);
    assert_eq!(transcript.rules(), []);
}

#[test]
fn each_rule_of_a_request() {
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let rows = [
        ("GET ", "POST ", Rule::RequestMethodNotGet),
        ("GET ", "get ", Rule::RequestMethodNotGet),
        ("HTTP/1.1", "HTTP/1.0", Rule::RequestVersionNotHttp11),
        ("Host: server.example.com\r\n", "", Rule::RequestHostMissing),
        ("Upgrade: websocket\r\n", "", Rule::RequestUpgradeMissing),
        ("Upgrade: websocket\r\n", "Upgrade: h2c\r\n", Rule::RequestUpgradeMissing),
        ("Connection: Upgrade\r\n", "Connection: keep-alive\r\n", Rule::RequestConnectionMissing),
        (key, "", Rule::RequestKeyMissing),
        (key, "Sec-WebSocket-Key: c2hvcnQ=\r\n", Rule::RequestKeyNotSixteenBytes),
        (key, "Sec-WebSocket-Key: not base64!\r\n", Rule::RequestKeyNotSixteenBytes),
        (key, "Sec-WebSocket-Key:\r\n", Rule::RequestKeyNotSixteenBytes),
        // The example of section 4.1, whose pad bits erratum 3150 corrects.
        (key, "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\r\n", Rule::RequestKeyNotSixteenBytes),
        ("Version: 13", "Version: 8", Rule::RequestWebSocketVersionNot13),
        ("Sec-WebSocket-Version: 13\r\n", "", Rule::RequestWebSocketVersionNot13),
    ];
    for (line, replacement, rule) in rows {
        let transcript = Transcript::new().client(request_with(line, replacement));
        assert_eq!(transcript.findings(), [(None, Some(Side::Client), rule)], "{line:?} -> {replacement:?}");
    }
}

#[test]
fn a_request_may_be_written_in_many_ways() {
    let rows = [
        ("Upgrade: websocket", "uPGRADE:\tWebSocket  "),
        ("Upgrade: websocket", "Upgrade: h2c, websocket"),
        ("Connection: Upgrade", "Connection: keep-alive, Upgrade"),
        ("Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade"),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-key:AQIDBAUGBwgJCgsMDQ4PEA=="),
        ("Host: server.example.com", "Host: server.example.com\r\nX-Name: caf\u{e9}"),
    ];
    for (line, replacement) in rows {
        let transcript = Transcript::new().client(request_with(line, replacement));
        assert_eq!((transcript.rules(), transcript.heads()), (vec![], vec!["GET".into()]), "{replacement:?}");
    }
    let bare_line_feeds = Transcript::new().client(REQUEST.replace("\r\n", "\n"));
    assert_eq!(bare_line_feeds.heads(), ["GET"]);
}

#[test]
fn each_rule_of_a_response() {
    let upgrade = "Upgrade: websocket\r\n";
    let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
    let chosen = |field: &str| format!("{upgrade}{field}\r\n");
    let rows = [
        (upgrade, String::new(), Rule::ResponseUpgradeMissing),
        ("Connection: Upgrade\r\n", "Connection: close\r\n".into(), Rule::ResponseConnectionMissing),
        (accept, String::new(), Rule::ResponseAcceptMissing),
        (accept, accept.replace("s3p", "S3P"), Rule::ResponseAcceptWrong),
        (upgrade, chosen("Sec-WebSocket-Protocol: chat"), Rule::ResponseSubprotocolNotOffered),
        (upgrade, chosen("Sec-WebSocket-Extensions: permessage-deflate"), Rule::ResponseExtensionNotOffered),
    ];
    for (line, replacement, rule) in rows {
        let transcript = Transcript::new().client(REQUEST).server(response_with(line, &replacement));
        assert_eq!(transcript.findings(), [(None, Some(Side::Server), rule)], "{line:?} -> {replacement:?}");
        // What follows are frames all the same: a status of 101 says so.
        assert_eq!(transcript.server(hex("89 00")).opcodes(), [Opcode::Ping]);
    }
}

#[test]
fn subprotocol_and_extensions_are_read_from_every_field() {
    let offers = "Upgrade: websocket\r\n\
        Sec-WebSocket-Protocol: soap, mqtt\r\nSec-WebSocket-Protocol: wamp\r\n\
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-other\r\n";
    let choice = "Upgrade: websocket\r\n\
        Sec-WebSocket-Protocol: wamp\r\n\
        Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\nSec-WebSocket-Extensions: x-other\r\n";
    let transcript = Transcript::new()
        .client(request_with("Upgrade: websocket\r\n", offers))
        .server(response_with("Upgrade: websocket\r\n", choice));
    let handshake = transcript.dissector().handshake();
    assert_eq!(handshake.offered_subprotocols(), ["soap", "mqtt", "wamp"]);
    assert_eq!(handshake.subprotocol(), Some("wamp"));
    assert_eq!(handshake.extensions(), ["permessage-deflate; server_no_context_takeover", "x-other"]);
    assert_eq!(transcript.rules(), []);
    // Subprotocols are compared with case (RFC 6455 4.1).
    let other_case = choice.replace("Protocol: wamp", "Protocol: WAMP");
    let transcript = Transcript::new()
        .client(request_with("Upgrade: websocket\r\n", offers))
        .server(response_with("Upgrade: websocket\r\n", &other_case));
    assert_eq!(transcript.rules(), [Rule::ResponseSubprotocolNotOffered]);
}

#[test]
fn interim_responses_come_before_the_one_that_decides() {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
    let all = format!("HTTP/1.1 100 Continue\r\n\r\n{hints}{RESPONSE}");
    let whole = Transcript::new().client(REQUEST).server(&all).server(hex("8a 00"));
    let slow = Transcript::new().client(REQUEST).says_slowly(Side::Server, &all).server(hex("8a 00"));
    for transcript in [whole, slow] {
        assert_eq!(transcript.heads(), ["GET", "101"]);
        assert_eq!(transcript.opcodes(), [Opcode::Pong]);
        assert_eq!(transcript.frames()[0].stream_offset, all.len() as u64);
    }
}

#[test]
fn interim_responses_without_end_are_read_one_after_the_other() {
    let flood = "HTTP/1.1 100 \r\n\r\n".repeat(100_000);
    let transcript = Transcript::new().client(REQUEST).server(flood + RESPONSE);
    assert_eq!(transcript.heads(), ["GET", "101"]);
}

#[test]
fn a_refusal_has_a_body_that_is_not_frames() {
    let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\n";
    let transcript = Transcript::new().client(REQUEST).server(refusal.to_owned() + "\u{1}\u{2}ab").server("more");
    assert_eq!(transcript.heads(), ["GET", "401"]);
    assert!(transcript.facts.iter().any(|fact| {
        matches!(fact, Fact::Response { body_offset, head } if *body_offset == refusal.len() as u64 && head.reason == "Unauthorized")
    }));
    // The rules of a 101 do not hold for other responses.
    assert_eq!(transcript.rules(), []);
    assert_eq!(transcript.opcodes(), []);
    assert_eq!(transcript.verdict().outcome, Outcome::HandshakeFailed);
    assert_eq!(transcript.reports(), [Some(1006), None]);
    assert_eq!(transcript.client(hex("81 00")).opcodes(), []);
}

#[test]
fn a_server_that_is_not_http_is_known_by_its_first_bytes() {
    for greeting in
        ["220 mail.example.com ESMTP\r\n", "SSH-2.0-OpenSSH_9.9", "\u{16}\u{3}\u{1}", "HTTQ", "HTTP/1.1 1O1 X\r\n\r\n"]
    {
        let transcript = Transcript::new().client(REQUEST).server(greeting);
        assert_eq!(transcript.findings(), [(None, Some(Side::Server), Rule::HeadMalformed)], "{greeting:?}");
        assert_eq!(transcript.verdict().outcome, Outcome::HandshakeFailed);
    }
    let half = Transcript::new().client(REQUEST).server("HTT");
    assert_eq!(half.rules(), []);
    assert_eq!(half.fin(Side::Server).verdict().outcome, Outcome::HandshakeFailed);
}

#[test]
fn a_client_that_is_not_http_is_known_by_its_first_byte() {
    let transcript = Transcript::new().client(hex("16 03 01 02 00"));
    assert_eq!(transcript.findings(), [(None, Some(Side::Client), Rule::HeadMalformed)]);
}

#[test]
fn start_lines_that_are_none() {
    let requests = [
        "GET /\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1 x\r\n\r\n",
        "GET / FTP/1\r\n\r\n",
        "\r\n\r\n",
        "G(T / HTTP/1.1\r\n\r\n",
    ];
    for request in requests {
        assert_eq!(RequestHead::parse(request.as_bytes()), HeadParse::Malformed(HeadError::StartLine), "{request:?}");
    }
    let responses = [
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 \r\n\r\n",
        "HTTP/1.1 +101 X\r\n\r\n",
        "HTTP/1.1 0101 X\r\n\r\n",
        "HTTP/1.1 099 X\r\n\r\n",
        "\n\n",
    ];
    for response in responses {
        assert_eq!(
            ResponseHead::parse(response.as_bytes()),
            HeadParse::Malformed(HeadError::StartLine),
            "{response:?}"
        );
    }
    for no_reason in ["HTTP/1.1 101\r\n\r\n", "HTTP/1.1 101 \r\n\r\n"] {
        let HeadParse::Complete { head, length } = ResponseHead::parse(no_reason.as_bytes()) else {
            panic!("{no_reason:?}")
        };
        assert_eq!((head.status, head.reason.as_str(), length), (101, "", no_reason.len()));
    }
}

#[test]
fn header_lines_that_are_none() {
    for (line, broken) in
        [(1, "no colon"), (1, ": no name"), (1, "Name : value"), (1, " folded: value"), (2, "A: b\r\nno colon")]
    {
        let head = format!("GET / HTTP/1.1\r\n{broken}\r\n\r\n");
        assert_eq!(
            RequestHead::parse(head.as_bytes()),
            HeadParse::Malformed(HeadError::HeaderLine { line }),
            "{broken:?}"
        );
    }
}

#[test]
fn a_head_is_at_most_64_kibibytes_long() {
    let fill = |length: usize| {
        let (start, end) = ("GET / HTTP/1.1\r\nX: ", "\r\n\r\n");
        format!("{start}{}{end}", "x".repeat(length - start.len() - end.len()))
    };
    assert!(matches!(RequestHead::parse(fill(LONGEST_HEAD).as_bytes()), HeadParse::Complete { .. }));
    assert_eq!(RequestHead::parse(fill(LONGEST_HEAD + 1).as_bytes()), HeadParse::Malformed(HeadError::TooLong));
    let no_line_end = vec![b'x'; LONGEST_HEAD + 1];
    assert_eq!(RequestHead::parse(&no_line_end[..LONGEST_HEAD]), HeadParse::Incomplete);
    assert_eq!(RequestHead::parse(&no_line_end), HeadParse::Malformed(HeadError::TooLong));
    assert_eq!(
        Transcript::new().client(REQUEST).server([b"HTTP/".as_slice(), &no_line_end].concat()).rules(),
        [Rule::HeadMalformed]
    );
}

/// Each of these took seconds or minutes when a head was looked through from its start at every byte.
#[test]
fn a_slow_head_is_looked_through_once() {
    for line in ["a: b\r\n", "x"] {
        let endless = "GET / HTTP/1.1\r\n".to_owned() + &line.repeat(LONGEST_HEAD / line.len());
        let transcript = Transcript::new().says_slowly(Side::Client, endless);
        assert_eq!(transcript.rules(), [Rule::HeadMalformed]);
    }
}

#[test]
fn frames_ahead_of_the_response_are_held_for_it() {
    let ping = frame(Side::Client, Opcode::Ping, b"early");
    let apart = Transcript::new().client(REQUEST).client("").client(&ping).client(&ping);
    let together = Transcript::new().client([REQUEST.as_bytes(), &ping, &ping].concat());
    let before = [(None, Some(Side::Client), Rule::FramesBeforeResponse)];
    for transcript in [apart, together] {
        assert_eq!(transcript.findings(), before);
        assert_eq!(transcript.opcodes(), []);
        let transcript = transcript.server(RESPONSE);
        assert_eq!(transcript.findings(), before);
        assert_eq!(transcript.opcodes(), [Opcode::Ping, Opcode::Ping]);
        assert_eq!(transcript.frames()[0].stream_offset, REQUEST.len() as u64);
    }
}

#[test]
fn nothing_ahead_of_the_response_is_no_finding() {
    assert_eq!(Transcript::new().client(REQUEST).client("").server(RESPONSE).rules(), []);
}

#[test]
fn frame_boundaries_that_were_lost_stay_lost() {
    let flood = vec![0x81; 1024 * 1024 + 1];
    let transcript = Transcript::new()
        .client(REQUEST)
        .client(flood)
        .server(RESPONSE)
        .client(frame(Side::Client, Opcode::Text, b"lost"))
        .server(frame(Side::Server, Opcode::Text, b"seen"));
    assert_eq!(transcript.rules(), [Rule::FramesBeforeResponse]);
    assert_eq!(transcript.opcodes(), [Opcode::Text]);
}

#[test]
fn frames_follow_a_malformed_request_that_the_server_accepted() {
    let transcript = Transcript::new()
        .client(request_with("Upgrade: websocket", "Upgrade: websocket\r\nno colon here"))
        .server(RESPONSE)
        .client(close(Side::Client, Some(1000)));
    assert_eq!(transcript.rules(), [Rule::HeadMalformed]);
    assert_eq!(transcript.opcodes(), [Opcode::Close]);
}

#[test]
fn a_response_may_be_told_before_its_request() {
    let transcript = Transcript::new()
        .server(RESPONSE.replace("s3p", "S3P"))
        .server(hex("89 00"))
        .client(&REQUEST[..20])
        .client(&REQUEST[20..])
        .client(frame(Side::Client, Opcode::Pong, b""));
    assert_eq!(transcript.heads(), ["101", "GET"]);
    assert_eq!(transcript.opcodes(), [Opcode::Ping, Opcode::Pong]);
    assert_eq!(transcript.findings(), [(None, Some(Side::Server), Rule::ResponseAcceptWrong)]);
    assert_eq!(transcript.frames()[1].stream_offset, REQUEST.len() as u64);
    let refused = Transcript::new().server("HTTP/1.1 503 Busy\r\n\r\n").client(REQUEST).client("more");
    assert_eq!((refused.heads(), refused.rules()), (vec!["503".into(), "GET".into()], vec![]));
}

#[test]
fn headers_that_may_stand_there_once() {
    let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let twice = |line: &str| format!("{line}{line}");
    let version = "Sec-WebSocket-Version: 13\r\n";
    let requests = [(key, Rule::RequestKeyRepeated), (version, Rule::RequestWebSocketVersionRepeated)];
    for (line, rule) in requests {
        assert_eq!(Transcript::new().client(request_with(line, &twice(line))).rules(), [rule]);
    }
    let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
    let repeated = Transcript::new().client(REQUEST).server(response_with(accept, &twice(accept)));
    assert_eq!(repeated.rules(), [Rule::ResponseAcceptRepeated]);
    let old = Transcript::new().client(REQUEST).server(response_with("HTTP/1.1", "HTTP/1.0"));
    assert_eq!(old.rules(), [Rule::ResponseVersionNotHttp11]);
    let offer = "Upgrade: websocket\r\nSec-WebSocket-Protocol: a, b\r\n";
    let chosen = "Upgrade: websocket\r\nSec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n";
    let two = Transcript::new()
        .client(request_with("Upgrade: websocket\r\n", offer))
        .server(response_with("Upgrade: websocket\r\n", chosen));
    assert_eq!(two.rules(), [Rule::ResponseSubprotocolRepeated]);
}
