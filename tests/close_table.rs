//! The ways in which two sides can end a conversation, each over real loopback sockets: what crossed, as both sides saw it, and what
//! each side's program is told.

mod raw_server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use closelook::capture::command::{CloseRequest, Command};
use closelook::capture::options::ConnectOptions;
use closelook::capture::recording::Recording;
use closelook::capture::tap::{StreamEnd, Tap};
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::Side;
use closelook::protocol::inflater::DEFAULT_LIMIT;
use closelook::protocol::verdict::{Outcome, TransportEnd};
use closelook::session::Session;

use raw_server::{End, Peer, Received, close, connect, ended, frame, serve};

const EMPTY: [u8; 2] = [0x88, 0x00];

fn closed() -> Command {
    Command::Close(CloseRequest::normal())
}

/// Runs a client against a script that ends TCP itself; gives what the script found and the session.
fn session<T: Send + 'static>(
    command: Option<Command>,
    script: impl FnOnce(&mut Peer<TcpStream>) -> T + Send + 'static,
) -> (T, Arc<Session>) {
    let server = serve(|mut peer| {
        peer.upgrade();
        let found = script(&mut peer);
        peer.fin();
        assert_eq!(peer.read_to_the_end(), (vec![], End::Fin));
        found
    });
    let client = connect(ConnectOptions::new(server.url()));
    if let Some(command) = command {
        client.send(command).unwrap();
    }
    let session = ended(&client);
    (server.result(), session)
}

/// What the session says that the client and the server report.
fn reports(session: &Session) -> (u16, u16) {
    let code = |side: Side| session.verdict.sides[side].reports.map(|code: CloseCode| code.0).unwrap();
    (code(Side::Client), code(Side::Server))
}

/// What the server's own bytes say that it must report.
fn server_reports(received: &Received) -> u16 {
    assert_eq!((received.first_byte, received.is_masked), (0x88, true));
    received.code().unwrap_or(1005)
}

#[track_caller]
fn assert_closed(session: &Session, first: Side, expected: (u16, u16), received: &Received, sent: &[u8]) {
    let verdict = &session.verdict;
    assert_eq!(reports(session), expected);
    assert_eq!(server_reports(received), expected.1);
    assert_eq!((verdict.outcome, verdict.first_close, verdict.clean), (Outcome::Closed, Some(first), true));
    assert_eq!(verdict.sides[Side::Server].sent_close.as_ref().unwrap().wire, sent);
    let ends = [verdict.transport_end, verdict.second_transport_end].map(|end| end.map(|end| (end.side, end.how)));
    assert_eq!(ends, [Some((Side::Server, TransportEnd::Fin)), Some((Side::Client, TransportEnd::Fin))]);
}

#[test]
fn client_1000_server_1000() {
    let (received, session) = session(Some(closed()), |peer| {
        let received = peer.read_frame();
        peer.send(&close(1000));
        received
    });
    assert_closed(&session, Side::Client, (1000, 1000), &received, &[0x88, 0x02, 0x03, 0xE8]);
}

#[test]
fn client_1000_server_empty() {
    let (received, session) = session(Some(closed()), |peer| {
        let received = peer.read_frame();
        peer.send(&EMPTY);
        received
    });
    assert_closed(&session, Side::Client, (1005, 1000), &received, &EMPTY);
}

#[test]
fn client_empty_server_empty() {
    let (received, session) = session(Some(Command::CloseEmpty), |peer| {
        let received = peer.read_frame();
        peer.send(&EMPTY);
        received
    });
    assert_closed(&session, Side::Client, (1005, 1005), &received, &EMPTY);
}

#[test]
fn client_empty_server_1000() {
    let (received, session) = session(Some(Command::CloseEmpty), |peer| {
        let received = peer.read_frame();
        peer.send(&close(1000));
        received
    });
    assert_closed(&session, Side::Client, (1000, 1005), &received, &close(1000));
}

#[test]
fn server_1000_client_1000() {
    let (received, session) = session(None, |peer| {
        peer.send(&close(1000));
        peer.read_frame()
    });
    assert_closed(&session, Side::Server, (1000, 1000), &received, &close(1000));
}

#[test]
fn server_empty_client_empty() {
    let (received, session) = session(None, |peer| {
        peer.send(&EMPTY);
        peer.read_frame()
    });
    assert_closed(&session, Side::Server, (1005, 1005), &received, &EMPTY);
}

/// A client that never answers is a bare socket with a tap.
#[test]
fn server_1000_client_drops_tcp() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.send(&close(1000));
        peer.read_to_the_end()
    });
    let (recording, live) = Recording::start(Some(server.url()), DEFAULT_LIMIT, None, Arc::new(|| {}));
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(raw_server::LIMIT)).unwrap();
    let mut tap = Tap::new(stream, recording);
    tap.write_all(
        b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    )
    .unwrap();
    let mut received = Vec::new();
    while !received.ends_with(&close(1000)) {
        let mut byte = [0];
        tap.read_exact(&mut byte).unwrap();
        received.extend(byte);
    }
    assert_eq!(tap.end(), None);
    tap.recording().transport_ended(Side::Client, TransportEnd::Fin);
    drop(tap);

    let (bytes, end) = server.result();
    assert_eq!((bytes, end), (vec![], End::Fin));
    let session = live.snapshot();
    assert_eq!(reports(&session), (1000, 1006));
    assert!(!session.verdict.clean);
    assert_eq!(session.verdict.outcome, Outcome::Closed);
}

#[test]
fn no_close_and_a_fin() {
    let (sent, session) = session(None, |peer| {
        let sent = frame(0x81, b"bye");
        peer.send(&sent);
        sent
    });
    assert_eq!(sent, [0x81, 3, b'b', b'y', b'e']);
    assert_eq!(reports(&session), (1006, 1006));
    assert_eq!((session.verdict.outcome, session.verdict.clean), (Outcome::Dropped, false));
    assert_eq!(session.verdict.transport_end.map(|end| (end.side, end.how)), Some((Side::Server, TransportEnd::Fin)));
}

#[test]
fn no_close_and_a_reset() {
    let server = serve(|mut peer| {
        peer.upgrade();
        peer.reset();
    });
    let client = connect(ConnectOptions::new(server.url()));
    let session = ended(&client);
    server.result();
    assert_eq!(reports(&session), (1006, 1006));
    assert_eq!((session.verdict.outcome, session.verdict.clean), (Outcome::Dropped, false));
    assert_eq!(session.verdict.transport_end.map(|end| (end.side, end.how)), Some((Side::Server, TransportEnd::Rst)));
}

/// The tap sees the end of a stream once, whoever reads on.
#[test]
fn a_tap_records_an_end_once() {
    let server = serve(|peer| peer.fin());
    let (recording, live) = Recording::start(None, DEFAULT_LIMIT, None, Arc::new(|| {}));
    let mut tap = Tap::new(TcpStream::connect(server.address).unwrap(), recording);
    for _ in 0..2 {
        assert_eq!(tap.read(&mut [0; 8]).unwrap(), 0);
    }
    assert_eq!(tap.end(), Some(StreamEnd::Fin));
    server.result();
    assert_eq!(live.snapshot().events().count(), 1);
}
