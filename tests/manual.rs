//! The manual endpoint, raw bytes and sequences, against servers of raw bytes on loopback sockets.

mod raw_server;

use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use closelook::capture::Client;
use closelook::capture::command::{CloseRequest, Command, ControlPayload, Step};
use closelook::capture::options::{ConnectOptions, EndpointMode};
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::session::{EventKind, Session};

use raw_server::{
    End, LIMIT, Peer, Received, Served, close, connect, ended, frame, notes, serve, serve_with, wait_for,
};

/// What a client never sends by itself: a text frame that marks a place in its stream.
const MARK: &str = "mark";

fn manual(url: &str) -> Client {
    connect(ConnectOptions { endpoint: EndpointMode::Manual, ..ConnectOptions::new(url) })
}

fn compliant(url: &str) -> Client {
    connect(ConnectOptions::new(url))
}

fn raw(bytes: &[u8]) -> Command {
    Command::SendRaw(Bytes::copy_from_slice(bytes))
}

fn mark() -> Command {
    Command::SendText(MARK.into())
}

fn is_mark(received: &Received) -> bool {
    received.first_byte == 0x81 && received.is_masked && received.payload == MARK.as_bytes()
}

fn ends(session: &Session) -> Vec<(Side, TransportEnd)> {
    let ending = |kind: &EventKind| match kind {
        EventKind::TransportEnded { side, how } => Some((*side, *how)),
        _ => None,
    };
    session.records().filter_map(|(_, kind)| ending(kind)).collect()
}

fn has_ended(session: &Session, side: Side) -> bool {
    ends(session).iter().any(|(ended, _)| *ended == side)
}

fn sent(session: &Session) -> Vec<Opcode> {
    session.frames.iter().filter(|row| row.direction == Direction::ClientToServer).map(|row| row.opcode()).collect()
}

fn received(session: &Session) -> usize {
    session.frames.iter().filter(|row| row.direction == Direction::ServerToClient).count()
}

/// A server that sends these bytes, then reads one frame, which must be the mark; gives its peer on.
fn sends_and_awaits_the_mark(bytes: Vec<u8>) -> Served<Peer<TcpStream>> {
    serve(move |mut peer| {
        peer.upgrade();
        peer.send(&bytes);
        let first = peer.read_frame();
        assert!(is_mark(&first), "{first:?} came unasked");
        peer
    })
}

#[test]
fn neither_a_ping_nor_a_close_is_answered() {
    let server = sends_and_awaits_the_mark([frame(0x89, b"there?"), close(1000)].concat());
    let client = manual(&server.url());
    wait_for(&client, |session| received(session) == 2);
    client.send(mark()).unwrap();
    let mut peer = server.result();

    // What the person sends is all there is, and only the person ends the connection.
    client.send(Command::SendPong(ControlPayload::new("there?").unwrap())).unwrap();
    client.send(Command::Close(CloseRequest::new(CloseCode(1000), "").unwrap())).unwrap();
    assert_eq!(peer.read_frame().first_byte, 0x8A);
    assert_eq!(peer.read_frame().code(), Some(1000));
    peer.fin();
    wait_for(&client, |session| has_ended(session, Side::Server));
    assert!(client.is_running());
    client.send(Command::EndOutput).unwrap();
    let session = ended(&client);
    assert_eq!(peer.read_to_the_end(), (vec![], End::Fin));
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Client, TransportEnd::Fin)]);
    assert!(session.verdict.clean);
    assert!(notes(&session).iter().any(|note| note.starts_with("A manual endpoint")), "{:?}", notes(&session));
}

#[test]
fn a_fin_leaves_the_connection_half_open_in_both_directions() {
    let server = sends_and_awaits_the_mark(vec![]);
    let client = manual(&server.url());
    client.send(mark()).unwrap();
    let mut peer = server.result();
    // The server's half ends; the client's goes on.
    peer.fin();
    wait_for(&client, |session| has_ended(session, Side::Server));
    client.send(raw(b"still here")).unwrap();
    assert_eq!(peer.read_exactly(10), b"still here");
    assert!(client.is_running());
    client.send(Command::Abort).unwrap();
    let session = ended(&client);
    assert_eq!(peer.read_to_the_end().1, End::Reset);
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Client, TransportEnd::Local)]);

    // And the other way round.
    let server = sends_and_awaits_the_mark(vec![]);
    let client = manual(&server.url());
    client.send(mark()).unwrap();
    client.send(Command::EndOutput).unwrap();
    client.send(Command::SendText("too late".into())).unwrap();
    let mut peer = server.result();
    assert_eq!(peer.read_to_the_end(), (vec![], End::Fin));
    peer.send(&frame(0x81, b"goes on"));
    wait_for(&client, |session| received(session) == 1);
    assert!(client.is_running());
    peer.fin();
    let session = ended(&client);
    assert_eq!(ends(&session), [(Side::Client, TransportEnd::Fin), (Side::Server, TransportEnd::Fin)]);
    assert!(notes(&session).iter().any(|note| note.contains("has ended its half")), "{:?}", notes(&session));
}

#[test]
fn a_server_that_resets_after_its_fin_ends_the_session() {
    let server = sends_and_awaits_the_mark(vec![]);
    let client = manual(&server.url());
    client.send(mark()).unwrap();
    let peer = server.result();
    peer.fin();
    wait_for(&client, |session| has_ended(session, Side::Server));
    assert!(client.is_running());
    peer.reset();
    let session = ended(&client);
    assert_eq!(ends(&session), [(Side::Server, TransportEnd::Fin), (Side::Server, TransportEnd::Rst)]);
}

#[test]
fn raw_bytes_arrive_exactly_and_in_order() {
    // Not a frame, part of a frame, nothing, and the rest of it.
    let parts: [&[u8]; 4] = [&[0xFF, 0x00, 0x81], &[0x81, 0x85, 1, 2], &[], &[3, 4, 0x49, 0x67, 0x6F]];
    for connect in [manual, compliant] {
        let server = serve(|mut peer| {
            peer.upgrade();
            (peer.read_exactly(12), peer.read_frame(), peer)
        });
        let client = connect(&server.url());
        for part in parts {
            client.send(raw(part)).unwrap();
        }
        client.send(mark()).unwrap();
        let (bytes, marked, _peer) = server.result();
        assert_eq!(bytes, parts.concat());
        assert!(is_mark(&marked), "{marked:?}");
    }
}

#[test]
fn raw_bytes_go_behind_what_the_library_has_queued_and_no_pong_breaks_into_them() {
    const LENGTH: usize = 16 * 1024 * 1024;
    let server = serve_with(
        |listener| socket2::SockRef::from(listener).set_recv_buffer_size(16 * 1024).unwrap(),
        |mut peer| {
            peer.upgrade();
            let message = peer.read_frame();
            assert!(message.payload.len() == LENGTH && message.payload.iter().all(|byte| *byte == 7));
            // The client is in the middle of its raw bytes when this has to be answered.
            let first = peer.read_exactly(1);
            peer.send(&frame(0x89, b"now"));
            (first, peer.read_exactly(LENGTH - 1), peer.read_frame())
        },
    );
    let client = compliant(&server.url());
    client.send(Command::SendBinary(vec![7; LENGTH].into())).unwrap();
    client.send(raw(&vec![0xAA; LENGTH])).unwrap();
    let (first, rest, pong) = server.result();
    assert!(first == [0xAA] && rest.iter().all(|byte| *byte == 0xAA));
    assert_eq!(pong, Received { first_byte: 0x8A, is_masked: true, payload: b"now".to_vec() });
}

#[test]
fn a_compliant_endpoint_can_end_its_half_too() {
    let server = serve(|mut peer| {
        peer.upgrade();
        assert!(is_mark(&peer.read_frame()));
        assert_eq!(peer.read_to_the_end(), (vec![], End::Fin));
        peer.send(&[frame(0x89, b"unanswerable"), frame(0x81, b"last words")].concat());
        peer.fin();
    });
    let client = compliant(&server.url());
    client.send(mark()).unwrap();
    client.send(Command::EndOutput).unwrap();
    let session = ended(&client);
    server.result();
    assert_eq!(sent(&session), [Opcode::Text]);
    assert_eq!(received(&session), 2);
    assert_eq!(ends(&session), [(Side::Client, TransportEnd::Fin), (Side::Server, TransportEnd::Fin)]);
}

fn step(milliseconds: u64, command: Command) -> Step {
    Step { delay: Duration::from_millis(milliseconds), command }
}

#[test]
fn a_sequence_keeps_its_order_and_its_delays() {
    for connect in [manual, compliant] {
        let server = serve(|mut peer| {
            peer.upgrade();
            let bytes = peer.read_exactly(6);
            let marked = peer.read_frame();
            (bytes, marked, peer.read_to_the_end().1)
        });
        let client = connect(&server.url());
        let steps = vec![
            step(0, raw(b"ab")),
            step(20, raw(b"cd")),
            step(0, raw(b"ef")),
            step(20, mark()),
            step(0, Command::Abort),
        ];
        client.send(Command::Run(steps)).unwrap();
        let session = ended(&client);
        let (bytes, marked, end) = server.result();
        assert_eq!(bytes, b"abcdef");
        assert!(is_mark(&marked), "{marked:?}");
        assert_eq!(end, End::Reset);
        let progress = client.sequence().unwrap();
        assert_eq!((progress.done, progress.steps, progress.is_running), (5, 5, false));
        let chunks: Vec<_> = session
            .events()
            .map(Result::unwrap)
            .filter_map(|event| match event.kind {
                EventKind::Bytes { direction: Direction::ClientToServer, bytes } => Some((event.at, bytes)),
                _ => None,
            })
            .collect();
        let at = |wanted: &[u8]| chunks.iter().find(|(_, bytes)| bytes == wanted).unwrap().0;
        assert!(at(b"cd").since(at(b"ab")) >= Duration::from_millis(20));
    }
}

#[test]
fn a_sequence_can_be_stopped_and_others_are_sent_meanwhile() {
    let server = sends_and_awaits_the_mark(vec![]);
    let (woken, wakes) = mpsc::channel();
    let options = ConnectOptions { endpoint: EndpointMode::Manual, ..ConnectOptions::new(server.url()) };
    let client = Client::start(
        options,
        std::sync::Arc::new(move || {
            let _ = woken.send(());
        }),
    );
    client.send(Command::Run(vec![step(0, mark()), step(u64::MAX, raw(b"never"))])).unwrap();
    let mut peer = server.result();
    while client.sequence().is_none_or(|progress| progress.done == 0) {
        wakes.recv_timeout(LIMIT).unwrap();
    }
    // The endless pause holds up nobody.
    client.send(raw(b"between")).unwrap();
    assert_eq!(peer.read_exactly(7), b"between");
    assert!(client.sequence().unwrap().is_running);
    client.send(Command::StopSequence).unwrap();
    while client.sequence().unwrap().is_running {
        wakes.recv_timeout(LIMIT).unwrap();
    }
    client.send(raw(b"after")).unwrap();
    assert_eq!(peer.read_exactly(5), b"after");
    peer.reset();
    let session = ended(&client);
    let stopped = "The sequence was stopped after 1 of its 2 steps.";
    assert!(notes(&session).iter().any(|note| note == stopped), "{:?}", notes(&session));
}

#[test]
fn a_manual_endpoint_waits_with_more_when_the_server_takes_nothing() {
    const MESSAGES: usize = 24;
    const LENGTH: usize = 1024 * 1024;
    let (go, gone) = mpsc::channel::<()>();
    let server = serve(move |mut peer| {
        peer.upgrade();
        gone.recv_timeout(LIMIT).unwrap();
        let lengths: Vec<_> = (0..MESSAGES).map(|_| peer.read_frame().payload.len()).collect();
        assert_eq!(peer.read_to_the_end(), (vec![], End::Fin));
        lengths
    });
    let client = manual(&server.url());
    let message = Bytes::from(vec![1; LENGTH]);
    for _ in 0..MESSAGES {
        client.send(Command::SendBinary(message.clone())).unwrap();
    }
    client.send(Command::EndOutput).unwrap();
    go.send(()).unwrap();
    assert_eq!(server.result(), [LENGTH; MESSAGES]);
    let session = ended(&client);
    assert_eq!(session.messages().count(), MESSAGES);
}
