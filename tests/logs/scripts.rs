//! Sessions to save.

use std::net::SocketAddr;

use bytes::Bytes;
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{ConnectStage, TransportEnd};
use closelook::session::{Event, EventKind, Origin, Perspective, Session};

pub(super) const STARTED_AT: u64 = 1_790_000_000_123_456_789;

pub(super) struct Script {
    pub(super) origin: Origin,
    pub(super) events: Vec<Event>,
    pub(super) now: u64,
}

impl Script {
    pub(super) fn new() -> Script {
        let origin = Origin {
            started_at: STARTED_AT,
            url: Some("wss://example.org/chat".into()),
            perspective: Perspective::Client,
        };
        Script { origin, events: Vec::new(), now: 0 }
    }

    pub(super) fn push(&mut self, kind: EventKind) {
        self.now += 1_000_003;
        self.events.push(Event { at: Moment(self.now), kind });
    }

    pub(super) fn connected(&mut self, client: &str, server: &str) {
        let (client, server): (SocketAddr, SocketAddr) = (client.parse().unwrap(), server.parse().unwrap());
        self.push(EventKind::Resolved { addresses: vec![server.ip()] });
        self.push(EventKind::Connected { client, server });
        self.push(EventKind::Tunnelled {
            proxy: "http://proxy.example:3128".into(),
            destination: server.to_string(),
            answer: "HTTP/1.1 200 OK".into(),
        });
        self.push(EventKind::Secured {
            version: "TLS 1.3".into(),
            cipher: "TLS13_AES_128_GCM_SHA256".into(),
            verified: true,
            alpn: Some("http/1.1".into()),
            certificates: vec![Bytes::from_static(b"\x30\x03\x02\x01\x00"), Bytes::new()],
        });
    }

    pub(super) fn bytes(&mut self, side: Side, bytes: impl Into<Bytes>) {
        self.push(EventKind::Bytes { direction: side.sends(), bytes: bytes.into() });
    }

    pub(super) fn upgrade(&mut self) {
        self.bytes(Side::Client, request());
        self.bytes(Side::Server, response());
    }

    pub(super) fn frame(&mut self, side: Side, opcode: Opcode, fin: bool, payload: &[u8]) {
        let frame = frame(side, opcode, fin, payload);
        self.bytes(side, frame);
    }

    pub(super) fn ended(&mut self, side: Side, how: TransportEnd) {
        self.push(EventKind::TransportEnded { side, how });
    }

    pub(super) fn session(self) -> Session {
        Session::replay(self.origin, self.events)
    }
}

pub(super) fn request() -> Vec<u8> {
    b"GET /chat?x=1 HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        .to_vec()
}

pub(super) fn response() -> Vec<u8> {
    let accept = accept_for_key("dGhlIHNhbXBsZSBub25jZQ==");
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    .into_bytes()
}

pub(super) fn frame(side: Side, opcode: Opcode, fin: bool, payload: &[u8]) -> Vec<u8> {
    let mut header = FrameHeader::new(opcode, payload.len() as u64);
    header.fin = fin;
    header.masking_key = (side == Side::Client).then_some(MaskingKey([0x37, 0xFA, 0x21, 0x3D]));
    header.with_payload(payload)
}

/// Every kind of event and of frame.
pub(super) fn rich_session(client: &str, server: &str) -> Session {
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

pub(super) fn never_connected() -> Session {
    let mut script = Script::new();
    script.push(EventKind::Resolved { addresses: vec!["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()] });
    script.push(EventKind::ConnectFailed {
        stage: ConnectStage::Tcp,
        problem: "connection refused".into(),
        advice: "start the server".into(),
    });
    script.session()
}
