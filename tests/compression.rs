//! permessage-deflate on real sockets, with literal bytes: the client against scripted servers, and the lab against a scripted client.

mod raw_server;

use std::io::Write;
use std::net::TcpStream;

use closelook::capture::command::{CloseRequest, Command};
use closelook::capture::lab::{Lab, Limits, Scenario};
use closelook::capture::options::ConnectOptions;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::hexadecimal;
use closelook::protocol::inflater::{DEFAULT_LIMIT, Inflater};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{Offer, SideCompression, WindowBits};
use closelook::protocol::verdict::Outcome;
use closelook::session::Session;

use raw_server::{Peer, Received, close, connect, ended, frame, header, notes, serve, wait_for};

/// `Hello`, and `Hello` once more by reference to the first (RFC 7692 7.2.3.2).
const HELLO: [u8; 7] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00];
const HELLO_AGAIN: [u8; 5] = [0xF2, 0x00, 0x11, 0x00, 0x00];

/// The first byte of a compressed text message in one frame.
const COMPRESSED_TEXT: u8 = 0xC1;

fn agreed(parameters: &str) -> String {
    format!("Sec-WebSocket-Extensions: permessage-deflate{parameters}\r\n")
}

fn texts(session: &Session, direction: Direction) -> Vec<String> {
    let messages = session.messages().filter(|message| message.direction == direction);
    messages.map(|message| String::from_utf8(session.message_content(&message, u64::MAX)).unwrap()).collect()
}

/// Connects, sends these texts and a Close, and gives the session.
fn talk(options: ConnectOptions, sent: &[&str]) -> std::sync::Arc<Session> {
    let client = connect(options);
    for text in sent {
        client.send(Command::SendText((*text).to_owned())).unwrap();
    }
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    ended(&client)
}

/// Reads messages up to the Close, and answers that.
fn read_to_close(peer: &mut Peer<TcpStream>) -> Vec<Received> {
    let mut frames = Vec::new();
    loop {
        let frame = peer.read_frame();
        if frame.first_byte == 0x88 {
            peer.send(&raw_server::frame(0x88, &frame.payload));
            peer.fin();
            return frames;
        }
        frames.push(frame);
    }
}

/// Options with which every message is compressed, however short.
fn compressing(url: impl Into<String>) -> ConnectOptions {
    ConnectOptions { compress_from: 0, ..ConnectOptions::new(url) }
}

#[test]
fn the_offer_is_written_and_a_person_may_change_or_replace_it() {
    let mut plain = ConnectOptions::new("");
    plain.compression = None;
    let mut all_four = ConnectOptions::new("");
    all_four.compression = Some(
        Offer::parse(
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12",
        )
        .unwrap(),
    );
    let mut by_hand = ConnectOptions::new("");
    by_hand.headers = vec![("Sec-WebSocket-Extensions".into(), "x-frame".into())];
    let rows = [
        (ConnectOptions::new(""), Some("permessage-deflate; client_max_window_bits")),
        (plain, None),
        (
            all_four,
            Some(
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12",
            ),
        ),
        (by_hand, Some("x-frame")),
    ];
    for (options, expected) in rows {
        let server = serve(|mut peer| {
            let request = peer.upgrade();
            read_to_close(&mut peer);
            request
        });
        talk(ConnectOptions { url: server.url(), ..options }, &[]);
        assert_eq!(header(&server.result(), "Sec-WebSocket-Extensions"), expected);
    }
}

#[test]
fn an_answer_that_breaks_the_rules_fails_the_connection() {
    for (lines, part) in [
        (agreed("; server_max_window_bits=7"), "cannot be understood"),
        (agreed("; colour=blue"), "cannot be understood"),
        (agreed(", permessage-deflate"), "cannot be understood"),
    ] {
        let server = serve(move |mut peer| {
            peer.upgrade_with(&lines);
            peer.read_to_the_end();
        });
        let session = ended(&connect(compressing(server.url())));
        assert_eq!(session.verdict.outcome, Outcome::HandshakeFailed);
        let failure = format!("{:?}", session.records().map(|(_, kind)| kind).collect::<Vec<_>>());
        assert!(failure.contains(part) && failure.contains("RFC 7692"), "{failure}");
        server.result();
    }
    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed("; client_max_window_bits=10"));
        peer.read_to_the_end();
    });
    let bare = ConnectOptions { compression: Some(Offer::default()), ..compressing(server.url()) };
    let failure = format!("{:?}", ended(&connect(bare)).records().map(|(_, kind)| kind).collect::<Vec<_>>());
    assert!(failure.contains("goes beyond what was offered"), "{failure}");
    server.result();
}

#[test]
fn messages_go_out_compressed_and_masked_and_refer_back() {
    for (parameters, second) in [("", &HELLO_AGAIN[..]), ("; client_no_context_takeover", &HELLO)] {
        let server = serve(move |mut peer| {
            peer.upgrade_with(&agreed(parameters));
            read_to_close(&mut peer)
        });
        let session = talk(compressing(server.url()), &["Hello", "Hello", ""]);
        let expected =
            |payload: &[u8]| Received { first_byte: COMPRESSED_TEXT, is_masked: true, payload: payload.to_vec() };
        let received = server.result();
        assert_eq!(received[..2], [expected(&HELLO), expected(second)], "{parameters}");
        assert_eq!(texts(&session, Direction::ClientToServer), ["Hello", "Hello", ""]);
        assert!(session.findings.is_empty(), "{:?}", session.findings.iter().collect::<Vec<_>>());
    }
}

#[test]
fn short_messages_are_left_as_they_are_when_asked_for() {
    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed(""));
        read_to_close(&mut peer)
    });
    let options = ConnectOptions { compress_from: 5, ..compressing(server.url()) };
    talk(options, &["four", "Hello"]);
    let received = server.result();
    assert_eq!((received[0].first_byte, &received[0].payload[..]), (0x81, &b"four"[..]));
    assert_eq!((received[1].first_byte, &received[1].payload[..]), (COMPRESSED_TEXT, &HELLO[..]));
}

#[test]
fn the_agreed_window_is_kept_to_and_one_of_8_bits_is_not_compressed_with() {
    let far_apart = format!("{}{}{}", "0123456789abcdef".repeat(2), "-".repeat(1500), "0123456789abcdef".repeat(2));
    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed("; client_max_window_bits=9"));
        read_to_close(&mut peer)
    });
    talk(compressing(server.url()), &[&far_apart]);
    // An inflater whose window is as small as was agreed reads it.
    let compression = SideCompression { takes_over_context: true, window_bits: WindowBits::new(9).unwrap() };
    let mut inflater = Inflater::new(compression, DEFAULT_LIMIT);
    let mut text = Vec::new();
    inflater.begin_message().unwrap();
    inflater.inflate(&server.result()[0].payload, &mut |part| text.extend_from_slice(part)).unwrap();
    assert_eq!(text, far_apart.as_bytes());

    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed("; client_max_window_bits=8"));
        peer.send(&frame(COMPRESSED_TEXT, &HELLO));
        read_to_close(&mut peer)
    });
    let session = talk(compressing(server.url()), &["Hello"]);
    let received = server.result();
    assert_eq!((received[0].first_byte, &received[0].payload[..]), (0x81, &b"Hello"[..]));
    assert_eq!(texts(&session, Direction::ServerToClient), ["Hello"]);
}

#[test]
fn what_a_client_announced_it_keeps_also_when_the_answer_is_silent() {
    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed(""));
        read_to_close(&mut peer)
    });
    let offer = Offer { client_no_context_takeover: true, ..Offer::default() };
    talk(ConnectOptions { compression: Some(offer), ..compressing(server.url()) }, &["Hello", "Hello"]);
    assert!(server.result().iter().all(|received| received.payload == HELLO));
}

#[test]
fn an_echo_reads_fragments_and_what_comes_between_them() {
    let server = serve(|mut peer| {
        peer.upgrade_with(&agreed(""));
        let (first, rest) = HELLO.split_at(3);
        peer.send(&frame(0x41, first));
        peer.send(&frame(0x89, b"between"));
        peer.send(&frame(0x00, &[]));
        peer.send(&frame(0x80, rest));
        peer.send(&frame(0x81, b"plain"));
        peer.send(&frame(0xC2, &[0x00]));
        let received: Vec<_> = (0..4).map(|_| peer.read_frame()).collect();
        peer.send(&close(1000));
        read_to_close_answer(&mut peer);
        received
    });
    let session = ended(&connect(ConnectOptions { echo: true, ..compressing(server.url()) }));
    let received = server.result();
    assert_eq!((received[0].first_byte, &received[0].payload[..]), (0x8A, &b"between"[..]));
    assert_eq!((received[1].first_byte, &received[1].payload[..]), (COMPRESSED_TEXT, &HELLO[..]));
    assert_eq!((received[2].first_byte, received[3].first_byte), (COMPRESSED_TEXT, 0xC2));
    assert_eq!(texts(&session, Direction::ClientToServer), ["Hello", "plain", ""]);
    assert!(session.findings.is_empty());
    // The record has what was sent, not what tungstenite saw.
    assert_eq!(session.frames.iter().filter(|row| row.direction == Direction::ServerToClient).count(), 7);
}

fn read_to_close_answer(peer: &mut Peer<TcpStream>) {
    assert_eq!(peer.read_frame().first_byte, 0x88);
    peer.fin();
}

#[test]
fn the_upgrade_and_the_first_compressed_frame_may_come_together() {
    let server = serve(|mut peer| {
        let first = frame(COMPRESSED_TEXT, &HELLO);
        let request = peer.read_request();
        let accept = closelook::protocol::handshake::accept_for_key(header(&request, "Sec-WebSocket-Key").unwrap());
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{}\r\n",
            agreed("")
        );
        peer.send(&[head.as_bytes(), &first].concat());
        let echoed = peer.read_frame();
        peer.send(&close(1000));
        read_to_close_answer(&mut peer);
        echoed
    });
    ended(&connect(ConnectOptions { echo: true, ..compressing(server.url()) }));
    assert_eq!(server.result().payload, HELLO);
}

#[test]
fn what_cannot_be_read_fails_the_connection_and_says_why() {
    let bomb = {
        let zeros = vec![0; 200_000];
        let mut deflater = closelook::protocol::deflater::Deflater::new(SideCompression::default()).unwrap();
        deflater.deflate(&zeros, true).unwrap()
    };
    let rows: [(Vec<u8>, u16, &str); 7] = [
        (frame(COMPRESSED_TEXT, &[0x07, 0xFF]), 1007, "the compressed bytes are wrong"),
        (frame(COMPRESSED_TEXT, &HELLO[..5]), 1007, "ends too early"),
        (frame(0xC2, &bomb), 1009, "inflates to more than 65536 bytes"),
        // tungstenite judges what passes through.
        ([frame(0x41, &HELLO[..3]), frame(0xC0, &HELLO[3..])].concat(), 1002, "tungstenite"),
        (frame(0xC9, b"ping"), 1002, "tungstenite"),
        (frame(0xE1, &HELLO), 1002, "tungstenite"),
        // Invalid UTF-8 that was compressed.
        (frame(COMPRESSED_TEXT, &[0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00]), 1007, "tungstenite"),
    ];
    for (bytes, code, part) in rows {
        let what = hexadecimal::encode(bytes.get(..4).unwrap());
        let server = serve(move |mut peer| {
            peer.upgrade_with(&agreed(""));
            peer.send(&bytes);
            let received = peer.read_frame();
            peer.send(&frame(0x88, &received.payload));
            peer.fin();
            received
        });
        let options = ConnectOptions { inflation_limit: 65_536, ..compressing(server.url()) };
        let session = ended(&connect(options));
        assert_eq!(server.result().code(), Some(code), "{what}");
        assert!(notes(&session).iter().any(|note| note.contains(part)), "{what}: {:?}", notes(&session));
        assert!(!session.findings.is_empty(), "{what}");
    }
}

#[test]
fn a_large_message_crosses_both_ways_unchanged() {
    // Text that a compressor can shorten a little, larger than every buffer on the way.
    let text: String = (0_u32..400_000).map(|number| format!("{:x}", number.wrapping_mul(2_654_435_761))).collect();
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let client = connect(compressing(lab.url(&Scenario::Echo)));
    client.send(Command::SendText(text.clone())).unwrap();
    client.send(Command::SendText("after it".into())).unwrap();
    wait_for(&client, |session| {
        session
            .frames
            .iter()
            .filter(|row| row.direction == Direction::ServerToClient && session.is_complete(row))
            .count()
            == 2
    });
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    let session = ended(&client);
    for direction in Direction::BOTH {
        let texts = texts(&session, direction);
        assert!(texts[0] == text, "{direction:?}");
        assert_eq!(texts[1], "after it");
    }
    assert!(session.findings.is_empty());
    assert_eq!(session.messages().filter(|message| message.inflated.is_some()).count(), 4);
    assert!(session.streams()[Direction::ClientToServer] < text.len() as u64);
}

#[test]
fn a_compressed_flood_of_pieces_keeps_its_order() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let client = connect(compressing(lab.url(&Scenario::Echo)));
    let sent: Vec<String> = (0..2_000).map(|number| format!("message {number} of many")).collect();
    for text in &sent {
        client.send(Command::SendText(text.clone())).unwrap();
    }
    wait_for(&client, |session| {
        session.frames.iter().filter(|row| row.direction == Direction::ServerToClient).count() == sent.len()
    });
    client.send(Command::Close(CloseRequest::normal())).unwrap();
    let session = ended(&client);
    assert!(session.findings.is_empty());
    let mut reader = closelook::session::MessageReader::default();
    let echoed = session.messages().filter(|message| message.direction == Direction::ServerToClient);
    let echoed: Vec<_> =
        echoed.map(|message| String::from_utf8(reader.content(&session, &message, u64::MAX)).unwrap()).collect();
    assert_eq!(echoed, sent);
}

// --- the lab --------------------------------------------------------------------------------------------------------------------

/// A client of the lab that sends bytes.
struct RawClient {
    peer: Peer<TcpStream>,
    head: String,
}

impl RawClient {
    fn open(lab: &Lab, path: &str, offers: &str) -> RawClient {
        let mut stream = TcpStream::connect(lab.address()).unwrap();
        stream.set_read_timeout(Some(raw_server::LIMIT)).unwrap();
        stream
            .write_all(
                format!(
                    "GET {path} HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{offers}\r\n"
                )
                .as_bytes(),
            )
            .unwrap();
        let mut peer = Peer { stream };
        let head = peer.read_request();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        RawClient { peer, head }
    }

    fn agreed(&self) -> Option<&str> {
        header(&self.head, "Sec-WebSocket-Extensions")
    }

    fn send(&mut self, first_byte: u8, payload: &[u8]) {
        let header = FrameHeader {
            fin: first_byte & 0x80 != 0,
            rsv1: first_byte & 0x40 != 0,
            rsv2: first_byte & 0x20 != 0,
            masking_key: Some(MaskingKey([1, 2, 3, 4])),
            ..FrameHeader::new(Opcode::from_bits(first_byte), payload.len() as u64)
        };
        self.peer.send(&header.with_payload(payload));
    }

    /// The first byte and the payload of the next frame.
    fn read(&mut self) -> (u8, Vec<u8>) {
        let frame = self.peer.read_frame();
        (frame.first_byte, frame.payload)
    }
}

#[test]
fn the_lab_takes_the_first_offer_that_it_can() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let rows = [
        ("", None),
        ("x-frame", None),
        ("permessage-deflate", Some("permessage-deflate")),
        ("permessage-deflate; client_max_window_bits", Some("permessage-deflate")),
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; colour=blue, permessage-deflate; server_max_window_bits=9, permessage-deflate", {
            Some("permessage-deflate; server_max_window_bits=9")
        }),
        (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10",
            Some(
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=10",
            ),
        ),
    ];
    for (offers, expected) in rows {
        let line = if offers.is_empty() { String::new() } else { format!("Sec-WebSocket-Extensions: {offers}\r\n") };
        for path in ["/echo", "/echo-but-reply-empty", "/echo-but-reply-1000", "/silent-close", "/compressed"] {
            assert_eq!(RawClient::open(&lab, path, &line).agreed(), expected, "{path} {offers}");
        }
        for path in ["/close/1000", "/close/empty", "/fragments", "/pings", "/ticker"] {
            assert_eq!(RawClient::open(&lab, path, &line).agreed(), None, "{path} {offers}");
        }
    }
}

#[test]
fn the_lab_echoes_compressed_what_came_compressed() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    for (parameters, second) in [("", &HELLO_AGAIN[..]), ("; server_no_context_takeover", &HELLO)] {
        let mut client = RawClient::open(&lab, "/echo", &agreed(parameters));
        client.send(COMPRESSED_TEXT, &HELLO);
        assert_eq!(client.read(), (COMPRESSED_TEXT, HELLO.to_vec()));
        client.send(0x81, b"plain");
        assert_eq!(client.read(), (0x81, b"plain".to_vec()));
        client.send(0x41, &HELLO_AGAIN[..2]);
        client.send(0x89, b"between");
        client.send(0x80, &HELLO_AGAIN[2..]);
        assert_eq!(client.read(), (0x8A, b"between".to_vec()));
        assert_eq!(client.read(), (COMPRESSED_TEXT, second.to_vec()));
        client.send(0x88, &1000_u16.to_be_bytes());
        assert_eq!(client.read(), (0x88, 1000_u16.to_be_bytes().to_vec()));
    }
    let mut client = RawClient::open(&lab, "/echo", &agreed("; server_max_window_bits=8"));
    client.send(COMPRESSED_TEXT, &HELLO);
    assert_eq!(client.read(), (0x81, b"Hello".to_vec()), "8 bits are too few to compress with");
}

/// Frames, by their first byte and payload, and the code that answers them.
type Row<'bytes> = (&'bytes [(u8, &'bytes [u8])], u16);

#[test]
fn the_lab_fails_the_connection_over_bad_compression() {
    let limits = Limits { message_length: 1000, ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    let mut deflater = closelook::protocol::deflater::Deflater::new(SideCompression::default()).unwrap();
    let bomb = deflater.deflate(&[0; 5000], true).unwrap();
    let rows: [Row<'_>; 7] = [
        (&[(COMPRESSED_TEXT, &[0x07, 0xFF])], 1007),
        (&[(COMPRESSED_TEXT, &HELLO[..5])], 1007),
        (&[(COMPRESSED_TEXT, &[0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00])], 1007),
        (&[(0xC2, &bomb)], 1009),
        (&[(0x41, &HELLO[..3]), (0xC0, &HELLO[3..])], 1002),
        (&[(0xC9, b"ping")], 1002),
        (&[(0xA1, b"text")], 1002),
    ];
    for (frames, code) in rows {
        let mut client = RawClient::open(&lab, "/echo", &agreed(""));
        for (first_byte, payload) in frames {
            client.send(*first_byte, payload);
        }
        let (first_byte, payload) = client.read();
        assert_eq!((first_byte, payload.get(..2)), (0x88, Some(&code.to_be_bytes()[..])), "{frames:02x?}");
    }
    let mut plain = RawClient::open(&lab, "/echo", "");
    plain.send(COMPRESSED_TEXT, &HELLO);
    assert_eq!(plain.read().1.get(..2), Some(&1002_u16.to_be_bytes()[..]), "nothing was agreed");
}

#[test]
fn the_scenario_of_compression_shows_it_off() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let session = ended(&connect(compressing(lab.url(&Scenario::Compressed))));
    assert!(session.findings.is_empty(), "{:?}", session.findings.iter().collect::<Vec<_>>());
    let messages: Vec<_> = session.messages().collect();
    let shape = messages.iter().map(|message| (message.fragments, message.inflated.is_some()));
    assert_eq!(
        shape.collect::<Vec<_>>(),
        [(1, true), (1, true), (2, true), (1, false), (1, true), (1, true)],
        "fragments, and whether each is compressed"
    );
    let content = |index: usize| session.message_content(&messages[index], u64::MAX);
    assert!(content(0).starts_with(b"Line 1: "));
    assert_eq!((content(1), content(2)), (content(0), content(0)));
    assert!(messages[1].payload_length < messages[0].payload_length / 4, "the second one refers to the first");
    assert_eq!((content(4), content(5)), (vec![0; 4096], Vec::new()));
    assert_eq!(session.verdict.first_close, Some(Side::Server));

    let plain = ConnectOptions { compression: None, ..compressing(lab.url(&Scenario::Compressed)) };
    let session = ended(&connect(plain));
    assert!(session.messages().all(|message| message.inflated.is_none()));
    assert!(texts(&session, Direction::ServerToClient)[0].contains("did not offer permessage-deflate"));
}
