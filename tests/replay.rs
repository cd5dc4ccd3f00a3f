//! Replays over real sockets: what the recorded client sent arrives again byte for byte, in the order that the server's answers demand.
//!
//! When things are sent is tested with a time of its own, beside the player in `src/capture/replay`.

mod raw_server;

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Arc;

use closelook::capture::Client;
use closelook::capture::command::{CloseRequest, Command, ControlPayload, Step};
use closelook::capture::lab::{Lab, Scenario};
use closelook::capture::options::{Authorization, ConnectOptions, EndpointMode};
use closelook::capture::replay::{Control, Masking, Pace, RecordedRequest, Replay, RequestProblem, Standing};
use closelook::logs;
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::{Direction, Side};

use closelook::report::{self, Form, Saving};
use closelook::session::{FrameSet, Session};

use raw_server::{End, LIMIT, Peer, close, connect, ended, frame, header, notes, serve, wait_for};

fn lab() -> Lab {
    Lab::start(Lab::LOOPBACK).unwrap()
}

fn run(step: Command) -> Step {
    Step { delay: std::time::Duration::ZERO, command: step }
}

/// Records a session in which these are sent one after the other.
fn record(options: ConnectOptions, commands: Vec<Command>) -> Arc<Session> {
    let client = connect(options);
    client.send(Command::Run(commands.into_iter().map(run).collect())).unwrap();
    ended(&client)
}

fn manual(url: impl Into<String>) -> ConnectOptions {
    ConnectOptions { endpoint: EndpointMode::Manual, ..ConnectOptions::new(url) }
}

/// A replay as fast as the server allows.
fn at_once(session: &Arc<Session>) -> Replay {
    Replay { pace: Pace::AtOnce, ..Replay::of(Arc::clone(session)) }
}

fn options(session: &Session, url: Option<&str>) -> ConnectOptions {
    RecordedRequest::of(session, url, false).unwrap().options(&[])
}

fn start(options: ConnectOptions, replay: Replay) -> Client {
    Client::replay(options, replay, None, Arc::new(|| {}))
}

/// Replays a session where it was recorded; gives what came of it.
fn replayed(session: &Arc<Session>) -> Arc<Session> {
    ended(&start(options(session, None), at_once(session)))
}

/// What a side sent behind its head.
fn stream(session: &Session, direction: Direction) -> Vec<u8> {
    let start = session.frames.iter().find(|row| row.direction == direction).map(|row| row.stream_offset);
    start.map_or(Vec::new(), |start| session.bytes(direction, start, u64::MAX))
}

/// What a verdict says, apart from the times.
fn how_it_ended(session: &Session) -> impl PartialEq + std::fmt::Debug + use<> {
    let verdict = &session.verdict;
    let reports = Side::BOTH.map(|side| verdict.sides[side].reports);
    let end = verdict.transport_end.map(|end| (end.side, end.how));
    (verdict.outcome, verdict.first_close, reports, verdict.clean, end)
}

/// Answers the client's Close and ends the connection.
fn close_politely(peer: &mut Peer<TcpStream>, payload: &[u8]) {
    peer.send(&frame(0x88, payload));
    peer.fin();
    peer.read_to_the_end();
}

#[test]
fn a_conversation_with_an_echo_is_the_same_again() {
    let lab = lab();
    let ping = ControlPayload::new("still there?").unwrap();
    let commands = vec![
        Command::SendText("one".into()),
        Command::SendBinary(vec![0; 70_000].into()),
        Command::SendPing(ping),
        Command::SendText("two".into()),
        Command::Close(CloseRequest::new(CloseCode(4321), "done").unwrap()),
    ];
    let then = record(ConnectOptions { compression: None, ..ConnectOptions::new(lab.url(&Scenario::Echo)) }, commands);
    let now = replayed(&then);
    for direction in Direction::BOTH {
        assert!(stream(&now, direction) == stream(&then, direction), "{direction:?}");
    }
    assert_eq!(how_it_ended(&now), how_it_ended(&then));
    assert!(notes(&now)[0].starts_with("A replay of a recorded session as fast as possible"), "{:?}", notes(&now));
    assert!(now.findings.is_empty(), "{:?}", now.findings.iter().collect::<Vec<_>>());
}

#[test]
fn every_way_in_which_the_lab_ends_a_session_is_met_again() {
    let lab = lab();
    for path in [
        "/close/1000",
        "/close/4001",
        "/close/1005",
        "/close/empty",
        "/drop",
        "/reset",
        "/fragments",
        "/pings",
        "/compressed",
    ] {
        let then = record(ConnectOptions::new(format!("ws://{}{path}", lab.address())), Vec::new());
        let now = replayed(&then);
        assert_eq!(how_it_ended(&now), how_it_ended(&then), "{path}: {:?}", notes(&now));
        assert!(stream(&now, Direction::ServerToClient) == stream(&then, Direction::ServerToClient), "{path}");
        // New masking keys are all that differs.
        let sent = |session: &Session| {
            let of_client = session.frames.iter().filter(|row| row.direction == Direction::ClientToServer);
            of_client.map(|row| (row.opcode(), session.payload(row, u64::MAX))).collect::<Vec<_>>()
        };
        assert_eq!(sent(&now), sent(&then), "{path}");
    }
}

#[test]
fn every_way_in_which_a_client_ends_a_session_is_done_again() {
    let lab = lab();
    let close = || Command::Close(CloseRequest::normal());
    let raw = |bytes: &[u8]| Command::SendRaw(bytes.to_vec().into());
    let text = || Command::SendText("hello".into());
    for (path, commands) in [
        ("/echo", vec![text(), close()]),
        ("/echo", vec![text(), Command::CloseEmpty]),
        ("/echo-but-reply-empty", vec![text(), close()]),
        ("/echo-but-reply-1000", vec![Command::CloseEmpty]),
        ("/echo", vec![text(), Command::EndOutput]),
        ("/echo", vec![text(), Command::Abort]),
        // A Close with a code that nobody may send, and one that is cut off in the middle.
        ("/echo", vec![raw(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED])]),
        ("/echo", vec![raw(&[0x88, 0x82, 0, 0]), Command::EndOutput]),
    ] {
        let then = record(ConnectOptions::new(format!("ws://{}{path}", lab.address())), commands);
        let now = replayed(&then);
        assert_eq!(how_it_ended(&now), how_it_ended(&then), "{path}: {:?}", notes(&now));
        assert_eq!(stream(&now, Direction::ClientToServer), stream(&then, Direction::ClientToServer), "{path}");
    }
}

#[test]
fn whatever_a_client_sent_is_sent_byte_for_byte() {
    // A reserved opcode without a mask, a length in too long a form, fragments with a Ping between, a zero key, half a header.
    let parts: [&[u8]; 6] = [
        &[0xFB, 0x02, b'x', b'y'],
        &[0x81, 0xFE, 0x00, 0x02, 1, 2, 3, 4, b'h' ^ 1, b'i' ^ 2],
        &[0x01, 0x81, 9, 9, 9, 9, b'a' ^ 9],
        &[0x89, 0x80, 7, 7, 7, 7],
        &[0x80, 0x81, 0, 0, 0, 0, b'b'],
        &[0x82, 0xFF, 0x00],
    ];
    let serve_them = || {
        serve(|mut peer| {
            peer.upgrade();
            peer.read_to_the_end()
        })
    };
    let server = serve_them();
    let mut commands: Vec<_> = parts.iter().map(|part| Command::SendRaw(part.to_vec().into())).collect();
    commands.push(Command::Abort);
    let then = record(manual(server.url()), commands);
    assert_eq!(server.result(), (parts.concat(), End::Reset));
    for masking in [Masking::AsRecorded, Masking::New] {
        let server = serve_them();
        let now = ended(&start(options(&then, Some(&server.url())), Replay { masking, ..at_once(&then) }));
        let (bytes, end) = server.result();
        assert_eq!(end, End::Reset);
        match masking {
            Masking::AsRecorded => assert_eq!(bytes, parts.concat()),
            Masking::New => {
                assert_ne!(bytes, parts.concat());
                let payloads = |session: &Session| -> Vec<_> {
                    session.frames.iter().map(|row| (row.opcode(), session.payload(row, u64::MAX))).collect()
                };
                assert_eq!(payloads(&now), payloads(&then));
            }
        }
    }
}

/// A server that says nothing before it was asked, and answers nothing before it has said that it is ready.
fn strict(peer: &mut Peer<TcpStream>) -> Vec<Vec<u8>> {
    let mut received = Vec::new();
    for answer in ["ready", "welcome", "yes"] {
        peer.stream.set_nonblocking(true).unwrap();
        let mut early = [0; 1];
        match peer.stream.peek(&mut early) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => panic!("something came before it was asked for: {other:?}"),
        }
        peer.stream.set_nonblocking(false).unwrap();
        peer.send(&frame(0x81, answer.as_bytes()));
        received.push(peer.read_frame().payload);
    }
    received
}

#[test]
fn a_server_that_must_answer_first_is_waited_for() {
    let serve_strictly = || {
        serve(|mut peer| {
            peer.upgrade();
            let received = strict(&mut peer);
            close_politely(&mut peer, &[]);
            received
        })
    };
    let server = serve_strictly();
    let client = connect(ConnectOptions::new(server.url()));
    for (count, text) in ["login", "ask", "thanks"].into_iter().enumerate() {
        wait_for(&client, |session| {
            session.messages().filter(|message| message.direction == Direction::ServerToClient).count() > count
        });
        client.send(Command::SendText(text.into())).unwrap();
    }
    let then = ended(&client);
    let expected = server.result();
    for pace in [Pace::AtOnce, Pace::Times(1000.0)] {
        let server = serve_strictly();
        let now = ended(&start(options(&then, Some(&server.url())), Replay { pace, ..Replay::of(Arc::clone(&then)) }));
        assert_eq!(server.result(), expected);
        assert_eq!(how_it_ended(&now), how_it_ended(&then));
    }
}

#[test]
fn frames_go_one_by_one_when_each_is_asked_for() {
    let lab = lab();
    let texts = ["one", "two", "three"];
    let mut commands: Vec<_> = texts.iter().map(|text| Command::SendText((*text).into())).collect();
    commands.push(Command::Close(CloseRequest::normal()));
    let then = record(ConnectOptions::new(lab.url(&Scenario::Echo)), commands);
    let (woken, wakes) = std::sync::mpsc::channel();
    let wake = Arc::new(move || {
        let _ = woken.send(());
    });
    let replay = Replay { starts_paused: true, ..at_once(&then) };
    let client = Client::replay(options(&then, None), replay, None, wake);
    for count in 0..texts.len() as u64 {
        while client.replayed().is_none_or(|progress| (progress.sent, progress.standing) != (count, Standing::Paused)) {
            wakes.recv_timeout(LIMIT).unwrap();
        }
        let progress = client.replayed().unwrap();
        assert_eq!((progress.frames, progress.left_out), (4, 0));
        // The next one is named, and nothing more was sent.
        let next = then.frame(progress.next.unwrap()).unwrap();
        assert_eq!(then.payload(next, 9), texts[count as usize].as_bytes());
        let sent = client.session().snapshot();
        assert_eq!(sent.frames.iter().filter(|row| row.direction == Direction::ClientToServer).count() as u64, count);
        client.send(Command::Replay(Control::Step)).unwrap();
    }
    client.send(Command::Replay(Control::Resume)).unwrap();
    let now = ended(&client);
    assert_eq!(stream(&now, Direction::ClientToServer), stream(&then, Direction::ClientToServer));
    assert_eq!(client.replayed().unwrap().standing, Standing::Over);
}

#[test]
fn a_replay_that_is_stopped_closes() {
    let lab = lab();
    let commands = vec![Command::SendText("one".into()), Command::SendText("two".into()), Command::CloseEmpty];
    let then = record(ConnectOptions::new(lab.url(&Scenario::Echo)), commands);
    let client = start(options(&then, None), Replay { starts_paused: true, ..at_once(&then) });
    client.send(Command::Replay(Control::Step)).unwrap();
    wait_for(&client, |session| session.messages().count() == 2);
    client.send(Command::Replay(Control::Stop)).unwrap();
    let now = ended(&client);
    assert_eq!(now.verdict.sides.client_to_server.reports, Some(CloseCode(1000)));
    assert!(now.verdict.clean);
    let progress = client.replayed().unwrap();
    assert_eq!((progress.sent, progress.left_out, progress.standing), (1, 2, Standing::Over));
}

// --- compression --------------------------------------------------------------------------------------------------------------

/// A server that agrees to these parameters, or to no compression; gives what it received up to the Close, and the request.
fn compressing(parameters: Option<&'static str>) -> raw_server::Served<(Vec<raw_server::Received>, String)> {
    serve(move |mut peer| {
        let line =
            parameters.map(|it| format!("Sec-WebSocket-Extensions: permessage-deflate{it}\r\n")).unwrap_or_default();
        let request = peer.upgrade_with(&line);
        let mut received = Vec::new();
        loop {
            let frame = peer.read_frame();
            if frame.first_byte == 0x88 {
                close_politely(&mut peer, &frame.payload);
                return (received, request);
            }
            received.push(frame);
        }
    })
}

#[test]
fn compressed_messages_are_the_same_bytes_where_they_mean_the_same_and_the_same_content_elsewhere() {
    let server = compressing(Some(""));
    let options_then = ConnectOptions { compress_from: 10, ..ConnectOptions::new(server.url()) };
    let texts = ["again and again", "again and again and again", "short", "again and again"];
    let mut commands: Vec<_> = texts.iter().map(|text| Command::SendText((*text).into())).collect();
    commands.push(Command::Close(CloseRequest::normal()));
    let then = record(options_then, commands);
    let (sent, request) = server.result();
    let content = |session: &Session| -> Vec<String> {
        session
            .messages()
            .map(|message| String::from_utf8(session.message_content(&message, u64::MAX)).unwrap())
            .collect()
    };
    assert_eq!(content(&then), texts);
    for (agreed, is_same, note) in [
        (Some(""), Some(true), None),
        (Some("; server_no_context_takeover"), Some(true), None),
        (Some("; client_no_context_takeover"), Some(false), Some("compressed anew")),
        // Texts as short as these fit into a small window as they are.
        (Some("; client_max_window_bits=9"), None, Some("compressed anew")),
        (None, Some(false), Some("does not agree to permessage-deflate")),
    ] {
        let server = compressing(agreed);
        let now = ended(&start(options(&then, Some(&server.url())), at_once(&then)));
        let (received, asked) = server.result();
        assert_eq!(header(&asked, "Sec-WebSocket-Extensions"), header(&request, "Sec-WebSocket-Extensions"));
        assert_eq!(content(&now), texts, "{agreed:?}");
        assert!(is_same.is_none_or(|is_same| (received == sent) == is_same), "{agreed:?}");
        assert_eq!(received.iter().any(|frame| frame.first_byte & 0x40 != 0), agreed.is_some(), "{agreed:?}");
        assert!(now.findings.is_empty(), "{agreed:?}: {:?}", now.findings.iter().collect::<Vec<_>>());
        let told = notes(&now).iter().find(|note| note.contains("compress") || note.contains("deflate")).cloned();
        assert_eq!(told.is_some(), note.is_some(), "{agreed:?}");
        assert!(note.is_none_or(|note| told.unwrap().contains(note)), "{agreed:?}");
    }
    // What refers to a message that is left out is compressed anew.
    let server = compressing(Some(""));
    let mut chosen = FrameSet::default();
    (1..then.frames.len()).for_each(|place| chosen.set(place, true));
    let now = ended(&start(options(&then, Some(&server.url())), Replay { chosen: Some(chosen), ..at_once(&then) }));
    assert_eq!(content(&now), texts[1..]);
    server.result();
}

// --- the request --------------------------------------------------------------------------------------------------------------

fn request_with_secrets(url: &str) -> ConnectOptions {
    ConnectOptions {
        headers: vec![("X-Api-Key".into(), "key of the api".into()), ("X-Client".into(), "seven".into())],
        subprotocols: vec!["chat".into(), "eyJhbGciOiJIUzI1NiJ9.e30.x".into()],
        origin: Some("https://page.example".into()),
        authorization: Some(Authorization::Bearer { token: "abc".into() }),
        cookies: vec!["id=7".into()],
        ..ConnectOptions::new(format!("{url}room?token=first&seat=4"))
    }
}

/// The request that a server got, and the session.
fn asked(options: impl FnOnce(&str) -> ConnectOptions, replay: Option<Replay>) -> (String, Arc<Session>) {
    let server = serve(|mut peer| {
        let request = peer.upgrade_with("Sec-WebSocket-Protocol: chat\r\n");
        peer.send(&close(1000));
        peer.fin();
        peer.read_to_the_end();
        request
    });
    let options = options(&server.url());
    let session = match replay {
        Some(replay) => ended(&start(options, replay)),
        None => record(options, Vec::new()),
    };
    (server.result(), session)
}

fn saved_without_secrets(session: &Session) -> Arc<Session> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masked.jsonl");
    let saving = Saving { masks_secrets: true, ..Saving::whole(Form::of_path(&path).unwrap()) };
    report::save(session, &path, &saving, &mut |_| ControlFlow::Continue(())).unwrap();
    Arc::new(logs::open(&path, &mut |_| ControlFlow::Continue(())).unwrap().session)
}

/// A request's lines without those that are new each time, whatever their order.
fn lasting(request: &str) -> BTreeSet<&str> {
    request.lines().filter(|line| !line.starts_with("Sec-WebSocket-Key:") && !line.starts_with("Host:")).collect()
}

#[test]
fn the_request_is_asked_again_with_a_new_key() {
    let (then, session) = asked(request_with_secrets, None);
    let trusting =
        |url: &str| RecordedRequest::of(&session, Some(url.trim_end_matches('/')), true).unwrap().options(&[]);
    let (now, _) = asked(trusting, Some(at_once(&session)));
    assert_eq!(lasting(&now), lasting(&then));
    assert_ne!(header(&now, "Sec-WebSocket-Key"), header(&then, "Sec-WebSocket-Key"));
    assert_ne!(header(&now, "Host"), header(&then, "Host"));
}

#[test]
fn another_server_gets_no_secrets_unless_it_is_trusted() {
    let (_, session) = asked(request_with_secrets, None);
    let request = RecordedRequest::of(&session, Some("ws://127.0.0.1:9/other"), false).unwrap();
    assert_eq!(request.withheld(), ["Sec-WebSocket-Protocol", "Authorization", "Cookie", "X-Api-Key"]);
    let (now, _) =
        asked(|url| RecordedRequest::of(&session, Some(url), false).unwrap().options(&[]), Some(at_once(&session)));
    assert_eq!(header(&now, "Sec-WebSocket-Protocol"), Some("chat"));
    assert_eq!(header(&now, "X-Client"), Some("seven"));
    assert!(!["Authorization", "Cookie", "X-Api-Key"].iter().any(|name| header(&now, name).is_some()), "{now}");
    // The same server is sent what it was sent.
    assert!(RecordedRequest::of(&session, None, false).unwrap().withheld().is_empty());
}

#[test]
fn masked_secrets_are_named_and_take_what_is_given_for_them() {
    let (then, session) = asked(request_with_secrets, None);
    let masked = saved_without_secrets(&session);
    let request = RecordedRequest::of(&masked, None, false).unwrap();
    let names: Vec<_> = request.missing().into_iter().map(|missing| missing.name).collect();
    assert_eq!(names, ["token of the address", "Sec-WebSocket-Protocol", "Authorization", "Cookie", "X-Api-Key"]);
    let secrets = ["first", "eyJhbGciOiJIUzI1NiJ9.e30.x", "Bearer abc", "id=7", "key of the api"].map(str::to_owned);
    let filled = |url: &str| {
        let mut options = RecordedRequest::of(&masked, None, false).unwrap().options(&secrets);
        options.network.connect_to = Some(url.trim_start_matches("ws://").trim_end_matches('/').to_owned());
        options
    };
    let (now, _) = asked(filled, Some(at_once(&masked)));
    assert_eq!(lasting(&now), lasting(&then));
    // What nobody knows is left out.
    let unknown = RecordedRequest::of(&masked, None, false).unwrap().options(&["", "", "", "", ""].map(str::to_owned));
    assert!(unknown.url.ends_with("/room?token=&seat=4"), "{}", unknown.url);
    let names: Vec<_> = unknown.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(!["Authorization", "Cookie", "X-Api-Key"].iter().any(|name| names.contains(name)), "{names:?}");
}

#[test]
fn what_is_no_session_cannot_be_replayed() {
    let server = serve(|mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        peer.read_to_the_end();
    });
    let refused = record(ConnectOptions::new(server.url()), Vec::new());
    server.result();
    assert_eq!(RecordedRequest::of(&refused, None, false), Err(RequestProblem::NoSession));
}
