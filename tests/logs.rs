//! Saving and opening logs: nothing is lost, damage is told, and Wireshark sees the same frames.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use closelook::logs::{self, Format, LogError, Opened, Place};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{ConnectStage, Outcome, TransportEnd};
use closelook::session::{Event, EventKind, Origin, Perspective, Session};
use proptest::prelude::*;

const STARTED_AT: u64 = 1_790_000_000_123_456_789;

// --- sessions to save ---------------------------------------------------------------------------------------------------------

struct Script {
    origin: Origin,
    events: Vec<Event>,
    now: u64,
}

impl Script {
    fn new() -> Script {
        let origin = Origin {
            started_at: STARTED_AT,
            url: Some("wss://example.org/chat".into()),
            perspective: Perspective::Client,
        };
        Script { origin, events: Vec::new(), now: 0 }
    }

    fn push(&mut self, kind: EventKind) {
        self.now += 1_000_003;
        self.events.push(Event { at: Moment(self.now), kind });
    }

    fn connected(&mut self, client: &str, server: &str) {
        let (client, server): (SocketAddr, SocketAddr) = (client.parse().unwrap(), server.parse().unwrap());
        self.push(EventKind::Resolved { addresses: vec![server.ip()] });
        self.push(EventKind::Connected { client, server });
        self.push(EventKind::Secured {
            version: "TLS 1.3".into(),
            cipher: "TLS13_AES_128_GCM_SHA256".into(),
            verified: true,
        });
    }

    fn bytes(&mut self, side: Side, bytes: impl Into<Bytes>) {
        self.push(EventKind::Bytes { direction: side.sends(), bytes: bytes.into() });
    }

    fn upgrade(&mut self) {
        self.bytes(Side::Client, request());
        self.bytes(Side::Server, response());
    }

    fn frame(&mut self, side: Side, opcode: Opcode, fin: bool, payload: &[u8]) {
        let frame = frame(side, opcode, fin, payload);
        self.bytes(side, frame);
    }

    fn ended(&mut self, side: Side, how: TransportEnd) {
        self.push(EventKind::TransportEnded { side, how });
    }

    fn session(self) -> Session {
        Session::replay(self.origin, self.events)
    }
}

fn request() -> Vec<u8> {
    b"GET /chat?x=1 HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        .to_vec()
}

fn response() -> Vec<u8> {
    let accept = accept_for_key("dGhlIHNhbXBsZSBub25jZQ==");
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    .into_bytes()
}

fn frame(side: Side, opcode: Opcode, fin: bool, payload: &[u8]) -> Vec<u8> {
    let mut header = FrameHeader::new(opcode, payload.len() as u64);
    header.fin = fin;
    header.masking_key = (side == Side::Client).then_some(MaskingKey([0x37, 0xFA, 0x21, 0x3D]));
    header.with_payload(payload)
}

/// Every kind of event and of frame.
fn rich_session(client: &str, server: &str) -> Session {
    let mut script = Script::new();
    script.connected(client, server);
    script.upgrade();
    script.frame(Side::Client, Opcode::Text, true, "Grüße".as_bytes());
    script.frame(Side::Server, Opcode::Text, true, b"");
    // Two frames in one part, and one frame in three.
    let mut two = frame(Side::Server, Opcode::Text, true, &[b'x'; 200]);
    two.extend(frame(Side::Server, Opcode::Ping, true, b"are you there?"));
    script.bytes(Side::Server, two);
    let pong = frame(Side::Client, Opcode::Pong, true, b"are you there?");
    for part in pong.chunks(7) {
        script.bytes(Side::Client, part.to_vec());
    }
    script.frame(Side::Server, Opcode::Text, false, b"one ");
    script.push(EventKind::Note { text: "the library has joined nothing yet".into() });
    script.frame(Side::Server, Opcode::Ping, true, b"");
    script.frame(Side::Server, Opcode::Continuation, false, b"two ");
    script.frame(Side::Server, Opcode::Continuation, true, b"three");
    let large: Vec<u8> = (0..1 << 20).map(|index: u32| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    script.frame(Side::Client, Opcode::Binary, true, &large);
    script.frame(Side::Server, Opcode::Binary, true, &large);
    script.frame(Side::Client, Opcode::Close, true, b"\x03\xe8done");
    script.frame(Side::Server, Opcode::Close, true, b"\x03\xe8");
    script.ended(Side::Server, TransportEnd::Fin);
    script.push(EventKind::Note { text: "a note between the ends \u{1F980}".into() });
    script.ended(Side::Client, TransportEnd::Fin);
    script.push(EventKind::Note { text: "a note after them".into() });
    script.session()
}

fn never_connected() -> Session {
    let mut script = Script::new();
    script.push(EventKind::Resolved { addresses: vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()] });
    script.push(EventKind::ConnectFailed {
        stage: ConnectStage::Tcp,
        problem: "connection refused".into(),
        advice: "start the server".into(),
    });
    script.session()
}

// --- saving and opening in memory ---------------------------------------------------------------------------------------------

fn save(session: &Session, format: Format) -> Vec<u8> {
    let mut file = Vec::new();
    logs::write(session, format, &mut file, &mut |_| ControlFlow::Continue(())).unwrap();
    file
}

fn open(file: &[u8], format: Format) -> Result<Opened, LogError> {
    logs::read(format, file, &mut |_| ControlFlow::Continue(()))
}

fn open_whole(file: &[u8], format: Format) -> Session {
    let opened = open(file, format).unwrap();
    assert_eq!(opened.damage, []);
    opened.session
}

fn assert_same(left: &Session, right: &Session) {
    assert_eq!(left.origin, right.origin);
    let (left, right): (Vec<&Event>, Vec<&Event>) = (left.events().collect(), right.events().collect());
    for (index, (left, right)) in left.iter().zip(&right).enumerate() {
        assert_eq!(left, right, "event {index}");
    }
    assert_eq!(left.len(), right.len());
}

fn assert_survives(session: &Session) {
    let lines = save(session, Format::JsonLines);
    let from_lines = open_whole(&lines, Format::JsonLines);
    assert_same(session, &from_lines);
    assert!(save(&from_lines, Format::JsonLines) == lines, "the second JSON Lines file differs");
    let capture = save(&from_lines, Format::PcapNg);
    let from_capture = open_whole(&capture, Format::PcapNg);
    assert_same(session, &from_capture);
    assert!(save(&from_capture, Format::JsonLines) == lines, "JSON Lines by way of pcapng differ");
    assert!(save(&from_capture, Format::PcapNg) == capture, "the second capture differs");
}

#[test]
fn every_kind_of_event_survives_both_formats() {
    assert_survives(&rich_session("192.0.2.7:50123", "198.51.100.4:8443"));
    assert_survives(&rich_session("[2001:db8::7]:50123", "[2001:db8::4]:8080"));
    assert_survives(&never_connected());
    assert_survives(&Script::new().session());
}

#[test]
fn a_note_longer_than_a_comment_survives() {
    let mut script = Script::new();
    script.push(EventKind::Note { text: "ü\"\n".repeat(70_000) });
    script.connected("127.0.0.1:1", "127.0.0.1:80");
    script.push(EventKind::Note { text: "é".repeat(200_000) });
    assert_survives(&script.session());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_session_survives_both_formats(session in any_session()) {
        assert_survives(&session);
    }
}

fn any_session() -> impl Strategy<Value = Session> {
    let started_at = prop_oneof![4 => Just(STARTED_AT), 1 => any::<u64>(), 1 => Just(u64::MAX - 1_000)];
    let perspective = prop_oneof![Just(Perspective::Client), Just(Perspective::Observer)];
    let origin = (started_at, proptest::option::of(any::<String>()), perspective)
        .prop_map(|(started_at, url, perspective)| Origin { started_at, url, perspective });
    (origin, proptest::collection::vec((0_u64..2_000_000_000, any_kind()), 0..40)).prop_map(|(origin, parts)| {
        let mut at = 0;
        let events = parts.into_iter().map(|(delta, kind)| {
            at += delta;
            Event { at: Moment(at), kind }
        });
        Session::replay(origin, events)
    })
}

fn any_kind() -> impl Strategy<Value = EventKind> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let how = prop_oneof![
        Just(TransportEnd::Fin),
        Just(TransportEnd::Rst),
        Just(TransportEnd::Timeout),
        Just(TransportEnd::Local)
    ];
    let stage = prop_oneof![
        Just(ConnectStage::Dns),
        Just(ConnectStage::Tcp),
        Just(ConnectStage::Tls),
        Just(ConnectStage::Upgrade)
    ];
    prop_oneof![
        1 => any::<Vec<std::net::IpAddr>>().prop_map(|addresses| EventKind::Resolved { addresses }),
        1 => (any_address(), any_address()).prop_map(|(client, server)| EventKind::Connected { client, server }),
        1 => (any::<String>(), any::<String>(), any::<bool>())
            .prop_map(|(version, cipher, verified)| EventKind::Secured { version, cipher, verified }),
        8 => (side.clone(), proptest::collection::vec(any::<u8>(), 0..300))
            .prop_map(|(side, bytes)| EventKind::Bytes { direction: side.sends(), bytes: bytes.into() }),
        1 => (side, how).prop_map(|(side, how)| EventKind::TransportEnded { side, how }),
        1 => (stage, any::<String>(), any::<String>())
            .prop_map(|(stage, problem, advice)| EventKind::ConnectFailed { stage, problem, advice }),
        2 => any::<String>().prop_map(|text| EventKind::Note { text }),
    ]
}

/// Without the flow information of IPv6, which has no written form.
fn any_address() -> impl Strategy<Value = SocketAddr> {
    (any::<std::net::IpAddr>(), any::<u16>()).prop_map(|(address, port)| SocketAddr::new(address, port))
}
