//! A server that sends its bytes one by one.

use std::sync::mpsc::channel;

use closelook::capture::command::Command;
use closelook::capture::options::ConnectOptions;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::moment::Moment;
use closelook::protocol::verdict::Outcome;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder};

use crate::raw_server::{LIMIT, connect, ended, frame, header, serve, wait_for};

/// The next byte comes when the one before it is seen, head and frames alike; and there is always something to see.
#[test]
fn a_byte_at_a_time_is_seen_at_a_time() {
    let (seen, next) = channel();
    let (announce, announced) = channel();
    let server = serve(move |mut peer| {
        let request = peer.read_request();
        let accept = accept_for_key(header(&request, "Sec-WebSocket-Key").unwrap());
        let head = format!(
            "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        let talk = [head.into_bytes(), frame(0x01, "gr\u{fc}".as_bytes()), frame(0x80, "\u{df}e".as_bytes())].concat();
        announce.send(talk.len()).unwrap();
        for byte in talk {
            peer.send(&[byte]);
            next.recv_timeout(LIMIT).unwrap();
        }
        peer.read_to_the_end()
    });
    let client = connect(ConnectOptions::new(server.url()));
    let length = announced.recv_timeout(LIMIT).unwrap();
    for count in 1..=length as u64 {
        let session = wait_for(&client, |session| session.streams()[Direction::ServerToClient] == count);
        assert!(!session.verdict.is_final());
        seen.send(()).unwrap();
    }
    let session = client.session().snapshot();
    let message = session.messages().next().unwrap();
    assert_eq!(session.message_content(&message, 100), "gr\u{fc}\u{df}e".as_bytes());
    assert!(session.findings.is_empty());
    client.send(Command::Abort).unwrap();
    assert_eq!(ended(&client).verdict.outcome, Outcome::Dropped);
    server.result();
}

#[test]
fn a_server_that_stops_inside_the_head_can_be_given_up() {
    let server = serve(|mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 1");
        peer.read_to_the_end()
    });
    let client = connect(ConnectOptions::new(server.url()));
    wait_for(&client, |session| session.streams()[Direction::ServerToClient] == 10);
    client.send(Command::Abort).unwrap();
    let session = ended(&client);
    assert_eq!(session.verdict.outcome, Outcome::HandshakeFailed);
    let cause = session.records().find_map(|(_, kind)| match kind {
        EventKind::ConnectFailed { problem, .. } => Some(problem.clone()),
        _ => None,
    });
    assert!(cause.unwrap().contains("cancel"));
    server.result();
}

/// What a byte that comes alone costs: an event, and the frame's share.
#[test]
fn bytes_that_come_alone_have_a_bounded_price() {
    const BYTES: u64 = 100_000;
    let bytes = frame(0x82, &[7; 98]);
    let cost = allocation_counter::measure(|| {
        let mut recorder = Recorder::new(Origin { started_at: 0, url: None, perspective: Perspective::Client });
        let mut record = |side: Side, bytes: &[u8]| {
            let bytes = bytes::Bytes::copy_from_slice(bytes);
            recorder.record(Event { at: Moment::START, kind: EventKind::Bytes { direction: side.sends(), bytes } });
        };
        record(Side::Server, b"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        for byte in bytes.iter().cycle().take(BYTES as usize) {
            record(Side::Server, &[*byte]);
        }
        assert_eq!(recorder.snapshot().frames.len() as u64, BYTES / 100);
    });
    assert!(cost.bytes_max < BYTES * 400, "{} bytes for {BYTES}", cost.bytes_max);
    // Two for the byte itself, which is shared, and seldom one more.
    assert!(cost.count_total < BYTES * 5 / 2, "{} allocations for {BYTES} bytes", cost.count_total);
}
