//! Captures of other programs: the WebSocket conversations come out, and what was left out is told.

use closelook::logs::{Format, LogError, MOST_CONVERSATIONS};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::gap::Gap;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{Outcome, TransportEnd};
use closelook::session::{Event, EventKind, Perspective, Session};

use super::captures::{ACK, Capture, FIN, RST, SYN, packet};
use super::scripts::{frame, request, response};
use super::{open, open_whole};

const CLIENT: &str = "192.0.2.7:50123";
const SERVER: &str = "198.51.100.4:9001";
/// So that both streams wrap soon.
const CLIENT_START: u32 = u32::MAX - 20;
const SERVER_START: u32 = u32::MAX - 200;

/// Two ends of a conversation that count what they send.
struct Ends {
    link_type: u16,
    client: &'static str,
    server: &'static str,
    next: [u32; 2],
}

impl Ends {
    fn new(link_type: u16) -> Ends {
        Ends { link_type, client: CLIENT, server: SERVER, next: [CLIENT_START, SERVER_START] }
    }

    fn send(&mut self, side: Side, flags: u8, payload: &[u8]) -> Vec<u8> {
        let sequence = &mut self.next[side as usize];
        let (from, to) = if side == Side::Client { (self.client, self.server) } else { (self.server, self.client) };
        let packet = packet(self.link_type, from, to, *sequence, flags, payload);
        *sequence = sequence.wrapping_add(payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0));
        packet
    }

    fn opening(&mut self) -> [Vec<u8>; 3] {
        [self.send(Side::Client, SYN, b""), self.send(Side::Server, SYN | ACK, b""), self.send(Side::Client, ACK, b"")]
    }
}

/// A whole conversation: upgrade, a text each way, both Close frames, FIN and RST.
fn packets(ends: &mut Ends) -> Vec<Vec<u8>> {
    let mut packets = ends.opening().to_vec();
    let (first_half, second_half) = request().split_at(40).to_owned_pair();
    packets.push(ends.send(Side::Client, ACK, &first_half));
    packets.push(ends.send(Side::Client, ACK, &second_half));
    packets.push(ends.send(Side::Server, ACK, &response()));
    packets.push(ends.send(Side::Client, ACK, &frame(Side::Client, Opcode::Text, true, b"hello")));
    packets.push(ends.send(Side::Server, ACK, &frame(Side::Server, Opcode::Text, true, b"good day")));
    packets.push(ends.send(Side::Client, ACK, &frame(Side::Client, Opcode::Close, true, b"\x03\xe8")));
    packets.push(ends.send(Side::Server, FIN | ACK, &frame(Side::Server, Opcode::Close, true, b"")));
    packets.push(ends.send(Side::Client, RST, b"words in a reset"));
    packets
}

trait OwnedPair {
    fn to_owned_pair(self) -> (Vec<u8>, Vec<u8>);
}

impl OwnedPair for (&[u8], &[u8]) {
    fn to_owned_pair(self) -> (Vec<u8>, Vec<u8>) {
        (self.0.to_vec(), self.1.to_vec())
    }
}

/// The file of a whole conversation.
pub(super) fn conversation(link_type: u16, big_endian: bool) -> Vec<u8> {
    capture(link_type, big_endian, &packets(&mut Ends::new(link_type))).file
}

/// A file with these packets, a millisecond apart.
fn capture(link_type: u16, big_endian: bool, packets: &[Vec<u8>]) -> Capture {
    let mut capture = Capture::new(big_endian);
    capture.interface(link_type, &[]);
    for (index, packet) in packets.iter().enumerate() {
        capture.packet(0, 1_700_000_000_000_000 + index as u64 * 1_000, packet);
    }
    capture
}

fn assert_whole(session: &Session) {
    assert_eq!(session.handshake.status(), Some(101));
    let texts: Vec<Vec<u8>> = session.messages().map(|message| session.message_content(&message, 100)).collect();
    assert_eq!(texts, [b"hello".to_vec(), b"good day".to_vec()]);
    assert_eq!(session.verdict.outcome, Outcome::Closed);
    assert!(session.verdict.clean);
    let endings = [session.verdict.transport_end, session.verdict.second_transport_end]
        .map(|ending| ending.map(|ending| (ending.side, ending.how)));
    assert_eq!(endings, [Some((Side::Server, TransportEnd::Fin)), Some((Side::Client, TransportEnd::Rst))]);
}

#[test]
fn every_link_layer_and_byte_order_is_read() {
    for link_type in [0, 1, 101, 108, 113, 276] {
        for big_endian in [false, true] {
            let session = open_whole(&conversation(link_type, big_endian), Format::PcapNg);
            assert_whole(&session);
            assert_eq!(session.origin.perspective, Perspective::Observer);
            assert_eq!(session.origin.url.as_deref(), Some("ws://example.org/chat?x=1"));
            assert_eq!(session.origin.started_at, 1_700_000_000_000_000_000);
            let connected = EventKind::Connected { client: CLIENT.parse().unwrap(), server: SERVER.parse().unwrap() };
            // The connection stands when the second packet answers the first.
            assert_eq!(session.events().next(), Some(Ok(Event { at: Moment(1_000_000), kind: connected })));
        }
    }
}

#[test]
fn ipv6_with_extension_headers_is_read() {
    let mut ends = Ends { client: "[2001:db8::7]:50123", server: "[2001:db8::4]:9001", ..Ends::new(1) };
    assert_whole(&open_whole(&capture(1, false, &packets(&mut ends)).file, Format::PcapNg));
}

#[test]
fn an_opened_foreign_capture_can_be_saved() {
    super::assert_survives(&open_whole(&conversation(1, true), Format::PcapNg));
}

#[test]
fn time_resolutions_and_offsets_are_understood() {
    let second = 1_700_000_000_u64;
    let cases: [(u8, i64, u64, u64); 5] = [
        (6, 0, second * 1_000_000 + 5, second * 1_000_000_000 + 5_000),
        (9, 0, second * 1_000_000_000 + 5, second * 1_000_000_000 + 5),
        (12, 1_699_999_000, 1_000_000_000_005_000, second * 1_000_000_000 + 5),
        (0x80 | 10, 0, second * 1_024 + 512, second * 1_000_000_000 + 500_000_000),
        (3, -100, (second + 100) * 1_000 + 7, second * 1_000_000_000 + 7_000_000),
    ];
    for big_endian in [false, true] {
        for (resolution, offset, time, nanoseconds) in cases {
            let mut capture = Capture::new(big_endian);
            // Interface 0 has another resolution: every interface has its own.
            capture.interface(101, &[]);
            let offset = capture.u64(offset as u64);
            capture.interface(101, &[(9, vec![resolution]), (14, offset)]);
            for packet in packets(&mut Ends::new(101)) {
                capture.packet(1, time, &packet);
            }
            let session = open_whole(&capture.file, Format::PcapNg);
            assert_eq!(session.origin.started_at, nanoseconds, "resolution {resolution:#x}");
            assert_whole(&session);
        }
    }
}

#[test]
fn simple_packets_and_unknown_blocks_are_read() {
    let mut capture = Capture::new(false);
    capture.interface(101, &[]);
    for packet in packets(&mut Ends::new(101)) {
        capture.block(0x0BAD, b"for somebody else");
        capture.simple_packet(&packet);
    }
    assert_whole(&open_whole(&capture.file, Format::PcapNg));
}

#[test]
fn repeated_segments_are_dropped_and_early_ones_put_back() {
    let mut packets = packets(&mut Ends::new(101));
    packets.swap(3, 4);
    let response = packets.remove(5);
    packets.insert(6, response);
    let repeated = packets[5].clone();
    packets.insert(7, repeated);
    packets.insert(1, packets[0].clone());
    packets.push(packets[10].clone());
    assert_whole(&open_whole(&capture(101, false, &packets).file, Format::PcapNg));
}

#[test]
fn segments_that_overlap_count_once() {
    let mut ends = Ends::new(101);
    let mut packets = ends.opening().to_vec();
    let request = request();
    let start = ends.next[0];
    for (from, to) in [(60, 110), (0, 70), (50, 90), (100, request.len()), (0, request.len())] {
        packets.push(packet(101, CLIENT, SERVER, start.wrapping_add(from as u32), ACK, &request[from..to]));
    }
    let session = open_whole(&capture(101, false, &packets).file, Format::PcapNg);
    assert_eq!(session.bytes(Direction::ClientToServer, 0, 1_000), request);
    assert_eq!(session.streams()[Direction::ClientToServer], request.len() as u64);
}

#[test]
fn every_websocket_conversation_is_taken() {
    let plain = "192.0.2.7:40000";
    let mut mixed = vec![
        packet(101, plain, SERVER, 1, SYN, b""),
        packet(101, plain, SERVER, 2, ACK, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        packet(101, SERVER, "192.0.2.7:40001", 9, ACK, b"a server that speaks first"),
    ];
    let mut other = Ends { client: "192.0.2.9:1234", ..Ends::new(101) };
    let first = packets(&mut Ends::new(101));
    mixed.extend_from_slice(&first[..6]);
    let other = packets(&mut other);
    // The packets of both take turns.
    mixed.extend_from_slice(&other[..6]);
    for (one, another) in first[6..].iter().zip(&other[6..]) {
        mixed.extend([one.clone(), another.clone()]);
    }
    let opened = open(&capture(101, false, &mixed).file, Format::PcapNg).unwrap();
    assert_eq!(opened.damage, []);
    assert_eq!(opened.others.len(), 1);
    let ends: Vec<EventKind> = opened
        .into_conversations()
        .map(|session| {
            assert_whole(&session);
            session.events().next().unwrap().unwrap().kind
        })
        .collect();
    let connected =
        |client: &str| EventKind::Connected { client: client.parse().unwrap(), server: SERVER.parse().unwrap() };
    assert_eq!(ends, [connected(CLIENT), connected("192.0.2.9:1234")]);
}

#[test]
fn the_same_ports_used_again_are_another_conversation() {
    let mut twice = packets(&mut Ends::new(101));
    let mut again = Ends { next: [1_000, 2_000], ..Ends::new(101) };
    twice.extend(packets(&mut again));
    let opened = open(&capture(101, false, &twice).file, Format::PcapNg).unwrap();
    assert_eq!((opened.damage.len(), opened.others.len()), (0, 1));
    opened.into_conversations().for_each(|session| assert_whole(&session));
}

#[test]
fn conversations_beyond_the_bound_are_counted() {
    let clients: Vec<String> =
        (0..MOST_CONVERSATIONS + 3).map(|number| format!("192.0.2.7:{}", 2_000 + number)).collect();
    let packets: Vec<Vec<u8>> = clients.iter().map(|client| packet(101, client, SERVER, 1, ACK, &request())).collect();
    let opened = open(&capture(101, false, &packets).file, Format::PcapNg).unwrap();
    assert_eq!(opened.others.len() + 1, MOST_CONVERSATIONS);
    assert_eq!(opened.damage.len(), 1);
    assert!(opened.damage[0].problem.starts_with("3 more WebSocket conversations"), "{:?}", opened.damage);
}

#[test]
fn the_older_format_is_read_in_every_form() {
    for (magic, big_endian, nanoseconds) in
        [(0xA1B2_C3D4, false, 1_000), (0xA1B2_C3D4, true, 1_000), (0xA1B2_3C4D, false, 1), (0xA1B2_3C4D, true, 1)]
    {
        let session = open_whole(&older_conversation(magic, big_endian, nanoseconds), Format::PcapNg);
        assert_whole(&session);
        assert_eq!(session.origin.started_at, 1_700_000_000_000_000_000);
        assert_eq!(session.newest, Moment(10_000_000));
    }
    let newer =
        older_header(0xA1B2_C3D4, true, 1).into_iter().enumerate().map(|(at, byte)| if at == 5 { 3 } else { byte });
    let error = open(&newer.collect::<Vec<u8>>(), Format::PcapNg).unwrap_err().to_string();
    assert!(error.contains("version 3"), "{error}");
}

/// The file of a whole conversation in the older format, whose times count so many nanoseconds.
pub(super) fn older_conversation(magic: u32, big_endian: bool, nanoseconds: u32) -> Vec<u8> {
    // Ethernet, and that frames end with four bytes of checksum.
    let mut file = older_header(magic, big_endian, 0x2400_0001);
    for (index, packet) in packets(&mut Ends::new(1)).iter().enumerate() {
        let fraction = index as u32 * 1_000_000 / nanoseconds;
        for number in [1_700_000_000, fraction, packet.len() as u32, packet.len() as u32] {
            file.extend(if big_endian { number.to_be_bytes() } else { number.to_le_bytes() });
        }
        file.extend(packet);
    }
    file
}

fn older_header(magic: u32, big_endian: bool, link_type: u32) -> Vec<u8> {
    // Version 2.4 in two halves, then the time zone, the accuracy and the largest length.
    let version = if big_endian { 0x0002_0004 } else { 0x0004_0002 };
    let numbers = [magic, version, 0, 0, 262_144, link_type];
    numbers.iter().flat_map(|number| if big_endian { number.to_be_bytes() } else { number.to_le_bytes() }).collect()
}

#[test]
fn a_capture_without_its_beginning_is_read_from_the_request_on() {
    let packets = packets(&mut Ends::new(101));
    assert_whole(&open_whole(&capture(101, false, &packets[3..]).file, Format::PcapNg));
}

/// The session that these packets make, which begin in the middle of a connection.
fn joined(link_type: u16, packets: &[Vec<u8>]) -> Session {
    let session = open_whole(&capture(link_type, false, packets).file, Format::PcapNg);
    let is_told = |kind: &EventKind| matches!(kind, EventKind::Note { text } if text.contains("begins in the middle"));
    assert!(session.records().any(|(_, kind)| is_told(kind)));
    // Of the conversation itself and of what is not in the capture, and none of the handshake.
    let known = ["frames-missing", "masking-key-repeated", "close-reply-changes-code"];
    assert!(session.findings.iter().all(|finding| known.contains(&finding.rule.name())));
    super::assert_survives(&session);
    session
}

#[test]
fn a_capture_from_the_middle_of_a_connection_is_read() {
    for ends in [Ends::new(101), Ends { client: "192.0.2.7:80", server: "198.51.100.4:50000", ..Ends::new(101) }] {
        let (client, server) = (ends.client, ends.server);
        let whole = packets(&mut { ends });
        // From the first text on, and of the closing handshake alone.
        assert_whole(&joined(101, &whole[6..]));
        let closing = joined(101, &whole[8..]);
        assert_eq!((closing.frames.len(), closing.verdict.outcome), (2, Outcome::Closed));
        // The masks tell who the client is, not the ports.
        let connected = EventKind::Connected { client: client.parse().unwrap(), server: server.parse().unwrap() };
        assert_eq!(closing.records().next().unwrap().1, &connected);
        assert_eq!(closing.origin.url, Some(format!("ws://{server}/")));
    }
}

#[test]
fn a_capture_from_the_middle_of_a_frame_is_read_from_the_next_on() {
    let mut ends = Ends::new(101);
    let _opening = ends.opening();
    let long = frame(Side::Server, Opcode::Binary, true, &[0xFF; 3_000]);
    let mut packets: Vec<Vec<u8>> = long[1_500..].chunks(700).map(|part| ends.send(Side::Server, ACK, part)).collect();
    packets.extend((0..5).map(|_| ends.send(Side::Server, ACK, &frame(Side::Server, Opcode::Text, true, b"tick"))));
    let opened = open(&capture(101, false, &packets).file, Format::PcapNg).unwrap();
    let texts: Vec<_> = opened.session.frames.iter().map(|row| opened.session.payload(row, 10)).collect();
    assert_eq!(texts, vec![b"tick".to_vec(); 5]);
    let next_frames: Vec<_> = opened.session.findings.iter().map(|finding| finding.rule).collect();
    let missing = |next_frame| Rule::FramesMissing { gap: Gap { length: None, next_frame: Some(next_frame) } };
    // The client says nothing.
    assert_eq!(next_frames, [missing(0), missing(1_504)]);
}

#[test]
fn what_is_no_websocket_is_not_taken_for_it() {
    let mut ends = Ends::new(101);
    let mut packets: Vec<Vec<u8>> = Vec::new();
    for part in [
        &b"\x17\x03\x03\x00\x20 some ciphertext, 32 bytes of it"[..],
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\x82\x05",
        b"\x8f\x00",
    ] {
        for side in Side::BOTH {
            packets.extend((0..3).map(|_| ends.send(side, ACK, part)));
        }
    }
    // Two sides that both mask are no client and server.
    for side in Side::BOTH {
        packets.extend((0..3).map(|_| ends.send(side, ACK, &frame(Side::Client, Opcode::Text, true, b"masked"))));
    }
    let error = open(&capture(101, false, &packets).file, Format::PcapNg).unwrap_err();
    assert!(matches!(error, LogError::NoWebSocket { conversations: 1 }), "{error}");
}

#[test]
fn a_capture_without_an_upgrade_says_so() {
    let only_plain = [packet(101, CLIENT, SERVER, 1, ACK, b"\x16\x03\x01 something encrypted")];
    let error = open(&capture(101, false, &only_plain).file, Format::PcapNg).unwrap_err();
    assert!(matches!(error, LogError::NoWebSocket { conversations: 1 }));
    assert!(error.to_string().contains("unencrypted"));
    let unknown = open(&conversation(147, false), Format::PcapNg).unwrap_err();
    assert!(unknown.to_string().contains("link type 147"), "{unknown}");
}

#[test]
fn packets_that_were_cut_are_told() {
    let mut capture = Capture::new(false);
    capture.interface(101, &[]);
    for (index, packet) in packets(&mut Ends::new(101)).iter().enumerate() {
        // The server's text, without its last 3 bytes.
        let captured = if index == 7 { packet.len() - 3 } else { packet.len() };
        capture.cut_packet(0, index as u64, packet, captured);
    }
    let opened = open(&capture.file, Format::PcapNg).unwrap();
    let second = opened.session.messages().nth(1).unwrap();
    assert_eq!(opened.session.message_content(&second, 100), b"good ");
    let row = opened.session.frames.get(1).unwrap();
    assert_eq!(opened.session.missing_payload(row).collect::<Vec<_>>(), vec![5..8; 1]);
    let problems: Vec<&str> = opened.damage.iter().map(|damage| damage.problem.as_str()).collect();
    assert!(matches!(problems[..], [problem] if problem.starts_with("3 bytes that the server sent")), "{problems:?}");
    // What comes behind is read as if nothing were missing.
    assert_eq!(opened.session.frames.len(), 4);
    assert!(opened.session.verdict.clean);
    let rules: Vec<_> = opened.session.findings.iter().map(|finding| (finding.frame, finding.rule.name())).collect();
    assert!(rules.contains(&(Some(FrameNumber(2)), "bytes-missing")), "{rules:?}");
    assert!(!rules.iter().any(|(_, name)| name.contains("ended") || name.contains("utf8")), "{rules:?}");
}
