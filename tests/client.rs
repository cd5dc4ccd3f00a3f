//! The client against servers of raw bytes on loopback sockets: what it sends, what it records, and how it ends.

mod raw_server;

use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use closelook::capture::Client;
use closelook::capture::command::{CloseRequest, Command, ControlPayload};
use closelook::capture::options::{Authorization, ConnectOptions};
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{Outcome, TransportEnd};
use closelook::session::{EventKind, Session};

use raw_server::{End, Peer, Received, close, connect, ended, frame, notes, serve, serve_with, wait_for};

fn options(url: &str) -> ConnectOptions {
    ConnectOptions::new(url)
}

fn is_open(session: &Session) -> bool {
    session.handshake.is_upgraded()
}

fn close_code(code: u16) -> Command {
    Command::Close(CloseRequest::new(CloseCode(code), "").unwrap())
}

/// Every end of the connection, in order.
fn ends(session: &Session) -> Vec<(Side, TransportEnd)> {
    let ending = |kind: &EventKind| match kind {
        EventKind::TransportEnded { side, how } => Some((*side, *how)),
        _ => None,
    };
    session.records().filter_map(|(_, kind)| ending(kind)).collect()
}

fn opcodes(session: &Session, direction: Direction) -> Vec<Opcode> {
    session.frames.iter().filter(|row| row.direction == direction).map(|row| row.opcode()).collect()
}

/// A script's last part: the client's Close is answered with the same bytes, then TCP ends.
fn answer_close(mut peer: Peer<std::net::TcpStream>) -> Received {
    let received = peer.read_frame();
    peer.send(&frame(0x88, &received.payload));
    peer.fin();
    assert_eq!(peer.read_to_the_end().1, End::Fin);
    received
}

#[test]
fn the_request_has_its_headers_in_order_and_the_session_its_steps() {
    let server = serve(|mut peer| {
        let request = peer.upgrade_with("Sec-WebSocket-Protocol: chat\r\n");
        answer_close(peer);
        request
    });
    let mut options = options(&format!("localhost:{}/a?b=c", server.address.port()));
    options.headers = vec![("X-One".into(), "1".into())];
    options.subprotocols = vec!["chat".into(), "other".into()];
    options.origin = Some("https://page.example".into());
    options.authorization = Some(Authorization::Bearer { token: "abc".into() });
    let client = connect(options);
    let session = wait_for(&client, is_open);
    assert_eq!(session.handshake.subprotocol(), Some("chat"));
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);

    let mut steps = session.records().map(|(_, kind)| kind);
    assert!(matches!(steps.next(), Some(EventKind::Resolved { addresses }) if !addresses.is_empty()));
    assert!(matches!(steps.next(), Some(EventKind::Connected { server: found, .. }) if *found == server.address));
    let port = server.address.port();
    let request = server.result();
    let names: Vec<_> = request.lines().skip(1).filter_map(|line| Some(line.split_once(':')?.0)).collect();
    assert_eq!(
        names,
        [
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Extensions",
            "Origin",
            "Sec-WebSocket-Protocol",
            "Authorization",
            "X-One",
        ]
    );
    assert!(request.starts_with("GET /a?b=c HTTP/1.1\r\n"));
    assert!(request.contains(&format!("Host: localhost:{port}\r\n")));
    assert_eq!(session.bytes(Direction::ClientToServer, 0, request.len() as u64), request.as_bytes());
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Client, TransportEnd::Fin)]);
    assert!(!client.is_running());
    assert!(client.send(Command::CloseEmpty).is_err());
}

#[test]
fn what_is_sent_arrives_as_it_was_asked_for() {
    let server = serve(|mut peer| {
        peer.upgrade();
        let received: Vec<_> = (0..4).map(|_| peer.read_frame()).collect();
        answer_close(peer);
        received
    });
    let client = connect(options(&server.url()));
    // Before there is a connection: it waits for it.
    client.send(Command::SendText("héllo".into())).unwrap();
    client.send(Command::SendBinary(Bytes::from_static(&[0, 1, 2]))).unwrap();
    client.send(Command::SendPing(ControlPayload::new("ping").unwrap())).unwrap();
    client.send(Command::SendPong(ControlPayload::new("").unwrap())).unwrap();
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    let expected = |first_byte, payload: &[u8]| Received { first_byte, is_masked: true, payload: payload.to_vec() };
    assert_eq!(
        server.result(),
        [expected(0x81, "héllo".as_bytes()), expected(0x82, &[0, 1, 2]), expected(0x89, b"ping"), expected(0x8A, b"")]
    );
    assert!(session.verdict.clean);
    let rules: Vec<_> = session.findings.iter().map(|finding| finding.rule.name()).collect();
    assert_eq!(rules, ["pong-without-ping", "ping-not-answered"]);
}

#[test]
fn pings_are_answered_and_an_echo_answers_messages() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&frame(0x89, b"are you there"));
        assert_eq!(
            peer.read_frame(),
            Received { first_byte: 0x8A, is_masked: true, payload: b"are you there".to_vec() }
        );
        // One message in two frames, with a Ping in between, comes back in one frame.
        peer.send(&[frame(0x01, b"He"), frame(0x89, b""), frame(0x80, b"llo"), frame(0x82, &[7; 300])].concat());
        let received: Vec<_> = (0..3).map(|_| peer.read_frame()).collect();
        peer.send(&close(1000));
        assert_eq!(peer.read_frame().code(), Some(1000));
        received
    });
    let mut options = options(&server.url());
    options.echo = true;
    let client = connect(options);
    let session = ended(&client);
    let received = server.result();
    let payloads: Vec<_> = received.iter().map(|frame| (frame.first_byte, frame.payload.as_slice())).collect();
    assert_eq!(payloads, [(0x8A, b"".as_slice()), (0x81, b"Hello"), (0x82, &[7; 300])]);
    assert_eq!(session.verdict.first_close, Some(Side::Server));
}

#[test]
fn frames_that_come_with_the_response_are_seen() {
    let server = serve(|mut peer| {
        let request = peer.read_request();
        let key = raw_server::header(&request, "Sec-WebSocket-Key").unwrap();
        let accept = closelook::protocol::handshake::accept_for_key(key);
        let head = format!(
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        peer.send(&[head.into_bytes(), frame(0x81, b"first"), frame(0x89, b"p")].concat());
        assert_eq!(peer.read_frame().payload, b"p");
        answer_close(peer)
    });
    let client = connect(options(&server.url()));
    wait_for(&client, |session| session.frames.len() == 3);
    client.send(Command::CloseEmpty).unwrap();
    let session = ended(&client);
    assert_eq!(server.result().payload, b"");
    assert_eq!(opcodes(&session, Direction::ServerToClient), [Opcode::Text, Opcode::Ping, Opcode::Close]);
    assert_eq!(session.message_content(&session.messages().next().unwrap(), 100), b"first");
}

/// The server writes its whole message before it reads anything, through buffers that hold a fraction of it.
#[test]
fn a_mebibyte_each_way_at_once_blocks_nobody() {
    let server = serve_with(
        |listener| {
            let socket = socket2::SockRef::from(listener);
            socket.set_recv_buffer_size(16 * 1024).unwrap();
            socket.set_send_buffer_size(16 * 1024).unwrap();
        },
        |mut peer| {
            peer.upgrade();
            assert_eq!(peer.read_exactly(1), [0x82]);
            peer.send(&frame(0x82, &vec![0x5A; 1024 * 1024]));
            let mut rest = peer.read_exactly(1 + 8 + 4 + 1024 * 1024);
            let key = rest[9..13].to_vec();
            let payload = rest.split_off(13);
            assert!(payload.iter().zip(key.iter().cycle()).all(|(byte, key)| byte ^ key == 0xA5));
            answer_close(peer)
        },
    );
    let client = connect(options(&server.url()));
    client.send(Command::SendBinary(vec![0xA5; 1024 * 1024].into())).unwrap();
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    assert_eq!(server.result().code(), Some(1000));
    assert_eq!(session.messages().count(), 2);
    let server_message = session
        .messages()
        .map(|message| session.message_content(&message, u64::MAX))
        .find(|payload| payload[0] == 0x5A);
    assert_eq!(server_message, Some(vec![0x5A; 1024 * 1024]));
    assert!(session.verdict.clean);
}

#[test]
fn a_flood_is_received_whole_although_nobody_looks() {
    const FRAMES: usize = 200_000;
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&frame(0x81, b"hello").repeat(FRAMES));
        peer.send(&close(1000));
        assert_eq!(peer.read_frame().code(), Some(1000));
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    server.result();
    assert_eq!(session.frames.len(), FRAMES + 2);
    assert_eq!(session.messages().count(), FRAMES);
    assert!(session.verdict.clean);
}

#[test]
fn a_server_that_never_pauses_does_not_keep_commands_waiting() {
    let server = serve(|mut peer| {
        peer.upgrade();
        let mut reader = Peer { stream: peer.stream.try_clone().unwrap() };
        let (closed, is_closed) = mpsc::channel();
        let receiver = std::thread::spawn(move || {
            let received = reader.read_frame();
            closed.send(()).unwrap();
            received
        });
        let burst = frame(0x82, &[1; 1000]).repeat(100);
        while is_closed.try_recv().is_err() {
            peer.send(&burst);
        }
        peer.send(&close(1001));
        receiver.join().unwrap()
    });
    let client = connect(options(&server.url()));
    wait_for(&client, |session| session.frames.len() > 1000);
    client.send(close_code(4001)).unwrap();
    let session = ended(&client);
    assert_eq!(server.result().code(), Some(4001));
    assert_eq!(session.verdict.sides[Side::Client].reports, Some(CloseCode(1001)));
}

#[test]
fn close_codes_go_out_as_asked() {
    for (code, reason) in [(1000, "done"), (1001, ""), (1003, "no"), (1010, "ext"), (3000, "Türkçe"), (4001, "")] {
        let server = serve(|mut peer| {
            peer.upgrade();
            answer_close(peer)
        });
        let client = connect(options(&server.url()));
        client.send(Command::Close(CloseRequest::new(CloseCode(code), reason).unwrap())).unwrap();
        let session = ended(&client);
        let expected = [&code.to_be_bytes(), reason.as_bytes()].concat();
        assert_eq!(server.result(), Received { first_byte: 0x88, is_masked: true, payload: expected });
        assert_eq!(session.verdict.sides[Side::Client].reports, Some(CloseCode(code)));
        assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Client, TransportEnd::Fin)]);
    }
}

#[test]
fn nothing_is_sent_after_a_close_and_a_note_says_so() {
    let server = serve(|mut peer| {
        peer.upgrade();
        answer_close(peer)
    });
    let client = connect(options(&server.url()));
    client.send(Command::CloseEmpty).unwrap();
    client.send(Command::SendText("late".into())).unwrap();
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    assert_eq!(server.result().payload, b"");
    assert_eq!(notes(&session).len(), 2);
    assert_eq!(opcodes(&session, Direction::ClientToServer), [Opcode::Close]);
}

#[test]
fn an_abort_is_a_reset_for_the_server() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&frame(0x81, b"hello"));
        peer.read_to_the_end()
    });
    let client = connect(options(&server.url()));
    wait_for(&client, |session| session.frames.len() == 1);
    client.send(Command::Abort).unwrap();
    let session = ended(&client);
    assert_eq!(server.result(), (vec![], End::Reset));
    assert_eq!(ends(&session), [(Side::Client, TransportEnd::Local)]);
    assert_eq!(session.verdict.outcome, Outcome::Dropped);
}

#[test]
fn dropping_a_client_ends_its_connection() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.read_to_the_end().1
    });
    let client = connect(options(&server.url()));
    let live = client.session().clone();
    wait_for(&client, is_open);
    drop(client);
    assert_eq!(server.result(), End::Reset);
    assert_eq!(ends(&live.snapshot()), [(Side::Client, TransportEnd::Local)]);
}

#[test]
fn a_close_without_an_answer_ends_in_a_timeout() {
    let server = serve(|mut peer| {
        peer.upgrade();
        let received = peer.read_frame();
        (received.code(), peer.read_to_the_end().0)
    });
    let mut options = options(&server.url());
    options.close_patience = Duration::from_millis(50);
    let client = connect(options);
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    assert_eq!(server.result(), (Some(1000), vec![]));
    assert_eq!(ends(&session), [(Side::Client, TransportEnd::Timeout)]);
    assert_eq!(session.verdict.sides[Side::Client].reports, Some(CloseCode::ABNORMAL_CLOSURE));
    assert!(!session.verdict.clean);
}

#[test]
fn a_server_that_answers_and_stays_ends_in_a_timeout_and_is_clean() {
    let server = serve(|mut peer| {
        peer.upgrade();
        let received = peer.read_frame();
        peer.send(&frame(0x88, &received.payload));
        peer.read_to_the_end();
    });
    let mut options = options(&server.url());
    options.close_patience = Duration::from_millis(50);
    let client = connect(options);
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    server.result();
    assert_eq!(ends(&session), [(Side::Client, TransportEnd::Timeout)]);
    assert!(session.verdict.clean);
}

#[test]
fn a_reset_by_the_server_is_recorded_as_such() {
    let server = serve(|mut peer| {
        peer.upgrade();
        // The client's frame has been read, so that the reset is the only thing left to see.
        assert_eq!(peer.read_frame().payload, b"x");
        peer.reset();
    });
    let client = connect(options(&server.url()));
    client.send(Command::SendText("x".into())).unwrap();
    let session = ended(&client);
    server.result();
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Rst)]);
    assert_eq!(session.verdict.outcome, Outcome::Dropped);
}

#[test]
fn an_end_without_a_close_is_answered_with_an_end() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&frame(0x81, b"bye"));
        peer.fin();
        peer.read_to_the_end()
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    assert_eq!(server.result(), (vec![], End::Fin));
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Client, TransportEnd::Fin)]);
    assert_eq!(session.verdict.sides[Side::Client].reports, Some(CloseCode::ABNORMAL_CLOSURE));
}

#[test]
fn what_follows_the_servers_close_is_recorded() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&[close(1000), frame(0x81, b"after"), vec![0x82, 0x05, 1, 2]].concat());
        assert_eq!(peer.read_frame().code(), Some(1000));
        peer.send(&[3, 4, 5]);
        peer.fin();
        peer.read_to_the_end().1
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    assert_eq!(server.result(), End::Fin);
    assert_eq!(opcodes(&session, Direction::ServerToClient), [Opcode::Close, Opcode::Text, Opcode::Binary]);
    let last = session.frames.iter().filter(|row| row.opcode() == Opcode::Binary).last().copied().unwrap();
    assert_eq!(session.payload(&last, 10), [1, 2, 3, 4, 5]);
}

/// The server breaks a rule and sends more; gives what the client closed with, and the session.
fn violation(illegal: Vec<u8>) -> (Received, std::sync::Arc<Session>) {
    let server = serve(move |mut peer| {
        peer.upgrade();
        peer.send(&illegal);
        let received = peer.read_frame();
        peer.send(&frame(0x81, b"further"));
        peer.fin();
        peer.read_to_the_end();
        received
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    (server.result(), session)
}

#[test]
fn illegal_bytes_are_answered_with_a_close_and_recorded_to_the_end() {
    for (illegal, code, rule) in [
        (frame(0xC1, b"rsv1"), 1002, "reserved-bit-without-extension"),
        (frame(0x83, b"opcode"), 1002, "reserved-opcode"),
        (vec![0x81, 0x81, 1, 2, 3, 4, 5], 1002, "server-frame-masked"),
        (frame(0x80, b"stray"), 1002, "continuation-without-start"),
        (frame(0x09, b"part"), 1002, "control-frame-fragmented"),
        (frame(0x81, &[0xFF]), 1007, "text-not-utf8"),
        (frame(0x88, &[3]), 1002, "close-of-one-byte"),
        (frame(0x88, &[0x03, 0xE8, 0xFF]), 1007, "close-reason-not-utf8"),
    ] {
        let (received, session) = violation(illegal);
        assert_eq!((received.first_byte, received.code()), (0x88, Some(code)), "{rule}");
        assert!(session.findings.iter().any(|finding| finding.rule.name() == rule), "{rule}");
        assert!(notes(&session).iter().any(|note| note.contains("tungstenite")), "{rule}");
        let further = session.frames.iter().filter(|row| row.direction == Direction::ServerToClient).last().unwrap();
        assert_eq!(session.payload(further, 100), b"further", "{rule}");
    }
}

#[test]
fn a_frame_that_claims_too_much_is_closed_with_1009() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&[0x82, 0x7F, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
        let received = peer.read_frame();
        peer.fin();
        received
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    assert_eq!(server.result().code(), Some(1009));
    assert_eq!(session.frames.iter().next().map(|row| row.payload_length), Some(1 << 62));
}

#[test]
fn a_code_that_the_library_rewrites_is_recorded_as_it_was() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&close(1014));
        peer.read_frame()
    });
    let client = connect(options(&server.url()));
    let session = ended(&client);
    assert_eq!(server.result().code(), Some(1002));
    assert_eq!(session.verdict.sides[Side::Client].reports, Some(CloseCode(1014)));
    assert!(notes(&session).iter().any(|note| note.contains("1014") && note.contains("1002")));
}

#[test]
fn many_large_messages_queue_up_and_all_arrive() {
    const MESSAGES: usize = 40;
    let server = serve(|mut peer| {
        peer.upgrade();
        let lengths: Vec<_> = (0..MESSAGES).map(|_| peer.read_frame().payload.len()).collect();
        answer_close(peer);
        lengths
    });
    let client = connect(options(&server.url()));
    for index in 0..MESSAGES {
        client.send(Command::SendBinary(vec![1; 500_000 + index].into())).unwrap();
    }
    client.send(close_code(1000)).unwrap();
    let session = ended(&client);
    assert_eq!(server.result(), (0..MESSAGES).map(|index| 500_000 + index).collect::<Vec<_>>());
    assert_eq!(session.messages().count(), MESSAGES);
}

#[test]
fn the_end_of_a_client_wakes_those_who_watch() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.fin();
    });
    let (woken, wakes) = mpsc::channel();
    let client = Client::start(
        options(&server.url()),
        std::sync::Arc::new(move || {
            let _ = woken.send(());
        }),
    );
    while client.is_running() {
        client.session().snapshot();
        wakes.recv_timeout(raw_server::LIMIT).unwrap();
    }
    server.result();
}

#[test]
fn what_has_to_be_answered_is_found_among_messages_however_they_are_cut() {
    let text = || frame(0x81, "Grüße".as_bytes());
    let frames = [
        text(),
        frame(0x82, &[0xFF; 300]),
        frame(0x89, b"first"),
        text(),
        frame(0x01, b"frag"),
        frame(0x89, b"second"),
        frame(0x80, b"ment"),
        text(),
        frame(0x81, b""),
        frame(0x89, b"third"),
        text(),
        close(4001),
    ];
    let bytes = frames.concat();
    for cut in [1, 2, 3, 7, 64, bytes.len()] {
        let sent = bytes.clone();
        let server = serve(move |mut peer| {
            peer.upgrade();
            for piece in sent.chunks(cut) {
                peer.send(piece);
            }
            let answers: Vec<_> = (0..4).map(|_| peer.read_frame()).collect();
            peer.fin();
            answers
        });
        let session = ended(&connect(options(&server.url())));
        let answers = server.result();
        let payloads: Vec<_> = answers.iter().map(|answer| answer.payload.as_slice()).collect();
        assert_eq!(payloads, [b"first".as_slice(), b"second", b"third", &4001_u16.to_be_bytes()], "pieces of {cut}");
        assert_eq!(opcodes(&session, Direction::ServerToClient).len(), frames.len());
    }
}

#[test]
fn one_text_that_is_not_utf_8_among_thousands_fails_the_connection() {
    let server = serve(|mut peer| {
        peer.upgrade();
        let good = frame(0x81, b"one of many").repeat(1000);
        peer.send(&[good.clone(), frame(0x81, b"\xC3\x28"), good].concat());
        let answer = peer.read_frame();
        peer.fin();
        answer
    });
    let session = ended(&connect(options(&server.url())));
    assert_eq!(server.result().code(), Some(1007));
    assert_eq!(opcodes(&session, Direction::ServerToClient).len(), 2001);
}
