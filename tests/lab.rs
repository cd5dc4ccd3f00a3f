//! The lab over real sockets: the exact bytes of each scenario, and tungstenite as a client that nobody here wrote.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use closelook::capture::lab::scenario::{Flood, ScenarioError, Ticker};
use closelook::capture::lab::{Lab, Limits, Scenario};
use closelook::protocol::close::CloseCode;
use closelook::protocol::frame::{FrameHeader, HeaderParse};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::opcode::Opcode;
use tungstenite::Message;

/// Long enough for any machine; no test passes by waiting for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The key and the accept of the example in RFC 6455 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const MASKING_KEY: MaskingKey = MaskingKey([0x37, 0xFA, 0x21, 0x3D]);

fn lab() -> Lab {
    Lab::start(Lab::LOOPBACK).unwrap()
}

/// How the server's half of the connection ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Fin,
    Rst,
}

/// A client that sends bytes and reads bytes and answers nothing by itself.
struct RawClient {
    stream: TcpStream,
}

impl RawClient {
    fn connect(lab: &Lab) -> RawClient {
        let stream = TcpStream::connect(lab.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        RawClient { stream }
    }

    /// Connects, upgrades, and reads the response's head.
    fn open(lab: &Lab, scenario: &Scenario) -> RawClient {
        let mut client = RawClient::connect(lab);
        client.send(handshake(&scenario.path(), "").as_bytes());
        let head = client.read_head();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        assert!(head.contains(&format!("Sec-WebSocket-Accept: {ACCEPT}\r\n")), "{head}");
        client
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    fn send_frame(&mut self, opcode: Opcode, payload: &[u8]) {
        self.send(&masked(FrameHeader::new(opcode, payload.len() as u64), payload));
    }

    fn send_close(&mut self, code: u16) {
        self.send_frame(Opcode::Close, &code.to_be_bytes());
    }

    fn read_head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.read(1)[0]);
        }
        String::from_utf8(head).unwrap()
    }

    fn read(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Asserts that these bytes come next.
    fn expect(&mut self, bytes: &[u8]) {
        assert_eq!(self.read(bytes.len()), bytes);
    }

    fn expect_frame(&mut self, opcode: Opcode, payload: &[u8]) {
        self.expect(&FrameHeader::new(opcode, payload.len() as u64).with_payload(payload));
    }

    /// The next frame, which a server must not mask.
    fn read_frame(&mut self) -> (FrameHeader, Vec<u8>) {
        let mut bytes = Vec::new();
        loop {
            match FrameHeader::parse(&bytes) {
                HeaderParse::Needs(length) => bytes.extend(self.read(length - bytes.len())),
                HeaderParse::Complete(header) => {
                    assert_eq!(header.masking_key, None);
                    return (header, self.read(header.payload_length as usize));
                }
            }
        }
    }

    fn read_text(&mut self) -> String {
        let (header, payload) = self.read_frame();
        assert_eq!((header.fin, header.opcode), (true, Opcode::Text));
        String::from_utf8(payload).unwrap()
    }

    /// Reads the two messages that come before an ending.
    fn read_greeting(&mut self) {
        assert_eq!(self.read_text(), "Hello from the lab.");
        assert!(self.read_text().starts_with("Next "));
    }

    /// Asserts that nothing but the end of the connection comes.
    fn expect_end(&mut self) -> End {
        let mut rest = Vec::new();
        let end = self.stream.read_to_end(&mut rest);
        assert_eq!(rest, b"", "bytes before the end");
        match end {
            Ok(_) => End::Fin,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => End::Rst,
            Err(error) => panic!("{error}"),
        }
    }

    /// The rest of the connection as text.
    fn read_to_end(&mut self) -> String {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).unwrap();
        rest
    }

    /// Asserts that the server fails the connection with this code.
    fn expect_failure(&mut self, code: u16, reason: &str) {
        let (header, payload) = self.read_frame();
        assert_eq!(header.opcode, Opcode::Close);
        assert_eq!(payload[..2], code.to_be_bytes());
        assert_eq!(std::str::from_utf8(&payload[2..]).unwrap(), reason);
        assert_eq!(self.expect_end(), End::Fin);
    }
}

fn handshake(target: &str, more: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
    )
}

fn masked(header: FrameHeader, payload: &[u8]) -> Vec<u8> {
    FrameHeader { masking_key: Some(MASKING_KEY), ..header }.with_payload(payload)
}

/// Sends an HTTP request and gives the whole response.
fn ask(lab: &Lab, request: &str) -> String {
    let mut client = RawClient::connect(lab);
    client.send(request.as_bytes());
    client.read_to_end()
}

fn get(lab: &Lab, target: &str) -> String {
    ask(lab, &format!("GET {target} HTTP/1.1\r\nHost: lab\r\n\r\n"))
}

#[test]
fn close_1000_sends_its_code_alone_and_ends_tcp_after_the_reply() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Close(CloseCode(1000)));
    client.read_greeting();
    client.expect(b"\x88\x02\x03\xe8");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn close_empty_sends_two_bytes() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::CloseEmpty);
    client.read_greeting();
    client.expect(&[0x88, 0x00]);
    client.send_frame(Opcode::Close, b"");
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn close_sends_any_code_even_those_that_must_not_be_sent() {
    let lab = lab();
    for code in [0, 999, 1001, 1004, 1005, 1006, 1011, 1015, 2999, 3000, 4001, 5000, 65535] {
        let mut client = RawClient::open(&lab, &Scenario::Close(CloseCode(code)));
        client.read_greeting();
        let (header, payload) = client.read_frame();
        assert_eq!(header.opcode, Opcode::Close);
        assert_eq!(payload[..2], code.to_be_bytes());
        assert!(std::str::from_utf8(&payload[2..]).is_ok());
        client.send_close(1002);
        assert_eq!(client.expect_end(), End::Fin);
    }
}

#[test]
fn after_its_own_close_the_lab_answers_nothing_and_waits_for_the_close() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Close(CloseCode(1000)));
    client.read_greeting();
    client.read_frame();
    client.send_frame(Opcode::Ping, b"still there?");
    client.send_frame(Opcode::Text, b"one more thing");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn a_close_that_is_not_answered_ends_with_a_fin_when_patience_runs_out() {
    let limits = Limits { close_patience: Duration::from_millis(20), ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    let mut client = RawClient::open(&lab, &Scenario::Close(CloseCode(1000)));
    client.read_greeting();
    client.read_frame();
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn drop_ends_with_a_fin_and_no_close() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Drop);
    client.read_greeting();
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn reset_ends_with_a_rst_and_no_close() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Reset);
    client.read_greeting();
    assert_eq!(client.expect_end(), End::Rst);
}

#[test]
fn silent_close_echoes_and_never_answers_a_close() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::SilentClose);
    client.send_frame(Opcode::Text, b"hello");
    client.expect_frame(Opcode::Text, b"hello");
    client.send_close(1000);
    client.send_frame(Opcode::Text, b"not echoed any more");
    client.stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn fragments_come_with_a_ping_between_them() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Fragments);
    let mut first_bytes = Vec::new();
    let mut text = Vec::new();
    let mut binary = Vec::new();
    for frame in 0..7 {
        let (header, payload) = client.read_frame();
        first_bytes.push(header.first_byte());
        match frame {
            0 | 1 | 3 => text.extend(payload),
            2 => client.send_frame(Opcode::Pong, &payload),
            _ => binary.extend(payload),
        }
    }
    assert_eq!(first_bytes, [0x01, 0x00, 0x89, 0x80, 0x02, 0x00, 0x80]);
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "One text message in three frames: the second one ends inside a letter, café."
    );
    assert_eq!(binary, (0x00..0x30).collect::<Vec<u8>>());
    client.expect(b"\x88\x1c\x03\xe8both messages are complete");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn each_ping_waits_for_the_pong_to_the_one_before() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Pings);
    let mut lengths = Vec::new();
    for _ in 0..3 {
        let (header, payload) = client.read_frame();
        assert_eq!(header.opcode, Opcode::Ping);
        client.send_frame(Opcode::Pong, b"an answer to something else");
        // What comes back first shows that no Ping was sent meanwhile.
        client.send_frame(Opcode::Ping, b"nothing yet?");
        client.expect_frame(Opcode::Pong, b"nothing yet?");
        client.send_frame(Opcode::Pong, &payload);
        lengths.push(payload.len());
    }
    assert_eq!(lengths, [0, 14, 125]);
    client.expect(b"\x88\x19\x03\xe8every Ping was answered");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn a_ping_that_is_never_answered_ends_with_1008() {
    let limits = Limits { pong_patience: Duration::from_millis(20), ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    let mut client = RawClient::open(&lab, &Scenario::Pings);
    client.expect_frame(Opcode::Ping, b"");
    let (header, payload) = client.read_frame();
    assert_eq!(header.opcode, Opcode::Close);
    assert_eq!(payload[..2], 1008_u16.to_be_bytes());
}

#[test]
fn the_ticker_counts_and_then_closes() {
    let lab = lab();
    let ticker = Ticker { every: Duration::from_millis(10), count: Some(3) };
    let mut client = RawClient::open(&lab, &Scenario::Ticker(ticker));
    for number in 1..=3 {
        let tick: serde_json::Value = serde_json::from_str(&client.read_text()).unwrap();
        assert_eq!(tick["tick"], number);
    }
    client.expect(b"\x88\x18\x03\xe8that was the last tick");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn the_ticker_listens_between_its_ticks() {
    let lab = lab();
    let ticker = Ticker { every: Duration::from_secs(3600), count: None };
    let mut client = RawClient::open(&lab, &Scenario::Ticker(ticker));
    client.read_text();
    client.send_frame(Opcode::Ping, b"now");
    client.expect_frame(Opcode::Pong, b"now");
    client.send_close(1001);
    client.expect(&[0x88, 0x02, 0x03, 0xe9]);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn the_echo_replies_to_a_close_as_its_scenario_says() {
    let lab = lab();
    let normal = vec![0x88, 0x02, 0x03, 0xe8];
    let empty = vec![0x88, 0x00];
    for (scenario, sent, reply) in [
        (Scenario::Echo, &b"\x03\xe8done"[..], &normal),
        (Scenario::Echo, b"", &empty),
        (Scenario::EchoButReplyEmpty, b"\x03\xe8done", &empty),
        (Scenario::EchoButReplyEmpty, b"", &empty),
        (Scenario::EchoButReply1000, b"\x0f\xa1", &normal),
        (Scenario::EchoButReply1000, b"", &normal),
    ] {
        let mut client = RawClient::open(&lab, &scenario);
        client.send_frame(Opcode::Binary, &[1, 2, 3]);
        client.expect(&[0x82, 0x03, 1, 2, 3]);
        client.send_frame(Opcode::Close, sent);
        client.expect(reply);
        assert_eq!(client.expect_end(), End::Fin, "{scenario:?}");
    }
}

#[test]
fn a_message_in_fragments_comes_back_in_one_frame_and_pings_in_between_are_answered() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Echo);
    let part = |opcode, fin, payload: &[u8]| {
        masked(FrameHeader { fin, ..FrameHeader::new(opcode, payload.len() as u64) }, payload)
    };
    client.send(&part(Opcode::Text, false, b"caf\xC3"));
    client.send_frame(Opcode::Ping, b"?");
    client.expect_frame(Opcode::Pong, b"?");
    client.send(&part(Opcode::Continuation, false, b""));
    client.send(&part(Opcode::Continuation, true, b"\xA9"));
    client.expect_frame(Opcode::Text, "café".as_bytes());
}

#[test]
fn frames_that_come_with_the_request_are_not_lost() {
    let lab = lab();
    let mut client = RawClient::connect(&lab);
    let mut bytes = handshake("/echo", "").into_bytes();
    bytes.extend(masked(FrameHeader::new(Opcode::Text, 5), b"early"));
    client.send(&bytes);
    assert!(client.read_head().starts_with("HTTP/1.1 101 "));
    client.expect_frame(Opcode::Text, b"early");
}

#[test]
fn the_echo_names_the_rule_that_a_client_broke() {
    let lab = lab();
    let text = FrameHeader::new(Opcode::Text, 2);
    let ping = FrameHeader::new(Opcode::Ping, 2);
    let close = |payload: &[u8]| masked(FrameHeader::new(Opcode::Close, payload.len() as u64), payload);
    let unfinished = masked(FrameHeader { fin: false, ..text }, b"hi");
    let cases: [(Vec<u8>, u16, &str); 15] = [
        (text.with_payload(b"hi"), 1002, "client-frame-not-masked, RFC 6455 5.1"),
        (masked(FrameHeader { rsv1: true, ..text }, b"hi"), 1002, "reserved-bit-without-extension, RFC 6455 5.2"),
        (masked(FrameHeader::new(Opcode::Reserved(3), 0), b""), 1002, "reserved-opcode, RFC 6455 5.2"),
        (masked(FrameHeader { fin: false, ..ping }, b"hi"), 1002, "control-frame-fragmented, RFC 6455 5.5"),
        (masked(FrameHeader::new(Opcode::Ping, 126), &[0; 126]), 1002, "control-frame-too-long, RFC 6455 5.5"),
        (masked(FrameHeader::new(Opcode::Continuation, 0), b""), 1002, "continuation-without-start, RFC 6455 5.4"),
        ([unfinished, masked(text, b"hi")].concat(), 1002, "data-frame-inside-message, RFC 6455 5.4"),
        (b"\x82\xFE\x00\x01\x00\x00\x00\x00.".to_vec(), 1002, "length-not-minimal, RFC 6455 5.2"),
        (b"\x82\xFF\x80\0\0\0\0\0\0\x01\0\0\0\0".to_vec(), 1002, "length-top-bit-set, RFC 6455 5.2"),
        (masked(text, b"\xC3\x28"), 1007, "text-not-utf8, RFC 6455 8.1"),
        (close(b"\x03"), 1002, "close-of-one-byte, RFC 6455 5.5.1"),
        (close(&1005_u16.to_be_bytes()), 1002, "close-code-not-allowed, RFC 6455 7.4"),
        (close(&999_u16.to_be_bytes()), 1002, "close-code-not-allowed, RFC 6455 7.4"),
        (close(b"\x03\xe8\xff"), 1007, "close-reason-not-utf8, RFC 6455 5.5.1"),
        (
            masked(FrameHeader::new(Opcode::Binary, 64 * 1024 * 1024 + 1), b""),
            1009,
            "a message may have at most 67108864 bytes here",
        ),
    ];
    for (bytes, code, reason) in cases {
        let mut client = RawClient::open(&lab, &Scenario::Echo);
        client.send(&bytes);
        client.expect_failure(code, reason);
    }
}

#[test]
fn text_that_is_not_utf8_ends_the_connection_before_its_frame_is_complete() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Echo);
    let frame = masked(FrameHeader::new(Opcode::Text, 1000), &[0xFF; 1000]);
    client.send(&frame[..20]);
    client.expect_failure(1007, "text-not-utf8, RFC 6455 8.1");
}

#[test]
fn fragments_may_not_exceed_the_message_length_together() {
    let limits = Limits { message_length: 10, ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    let mut client = RawClient::open(&lab, &Scenario::Echo);
    client.send_frame(Opcode::Binary, &[7; 10]);
    client.expect_frame(Opcode::Binary, &[7; 10]);
    client.send(&masked(FrameHeader { fin: false, ..FrameHeader::new(Opcode::Binary, 8) }, &[7; 8]));
    client.send_frame(Opcode::Continuation, &[7; 3]);
    client.expect_failure(1009, "a message may have at most 10 bytes here");
}

#[test]
fn a_flood_is_complete_and_in_order() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Flood(Flood { count: 20_000, size: 32 }));
    let mut bytes = vec![0; 34];
    for number in 1..=20_000_u64 {
        client.stream.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes[..2], [0x82, 0x20]);
        assert_eq!(bytes[2..10], number.to_be_bytes());
    }
    client.expect(b"\x88\x13\x03\xe8the flood is over");
    client.send_close(1000);
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn a_flood_stops_at_the_clients_close() {
    let lab = lab();
    let mut client = RawClient::open(&lab, &Scenario::Flood(Flood { count: 100_000_000, size: 4096 }));
    client.send_close(4000);
    loop {
        let (header, payload) = client.read_frame();
        if header.opcode == Opcode::Close {
            assert_eq!(payload, 4000_u16.to_be_bytes());
            break;
        }
    }
    assert_eq!(client.expect_end(), End::Fin);
}

#[test]
fn the_index_page_lists_every_scenario_with_its_url() {
    let lab = lab();
    let page = get(&lab, "/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"));
    assert!(!page.contains("{{"));
    for scenario in Scenario::ALL {
        assert!(page.contains(&format!("<code>{}</code>", lab.url(&scenario))), "{scenario:?}");
        assert!(page.contains(&*scenario.description()), "{scenario:?}");
    }
    let head = ask(&lab, "HEAD / HTTP/1.1\r\nHost: lab\r\n\r\n");
    assert_eq!(Some(head.as_str()), page.split_inclusive("\r\n\r\n").next());
    assert!(ask(&lab, "POST / HTTP/1.1\r\nHost: lab\r\n\r\n").starts_with("HTTP/1.1 405 "));
}

#[test]
fn an_unknown_path_is_answered_with_the_known_ones() {
    let lab = lab();
    for request in ["GET /nowhere HTTP/1.1\r\nHost: lab\r\n\r\n".to_owned(), handshake("/nowhere", "")] {
        let response = ask(&lab, &request);
        assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
        assert!(response.contains("The lab has no scenario at `/nowhere`."));
        assert!(response.contains(&lab.url(&Scenario::Echo)));
    }
    assert!(get(&lab, "/close/70000").contains("`70000` is no close code"));
}

#[test]
fn a_parameter_that_does_not_fit_is_answered_with_400() {
    let lab = lab();
    let response = ask(&lab, &handshake("/ticker?every=soon", ""));
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
    assert!(response.contains("`soon` does not fit `every`"), "{response}");
}

#[test]
fn a_scenario_without_an_upgrade_is_answered_with_426() {
    let lab = lab();
    let response = get(&lab, "/echo");
    assert!(response.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{response}");
    assert!(response.contains("\r\nUpgrade: websocket\r\n"));
    assert!(response.contains(&lab.url(&Scenario::Echo)));
}

#[test]
fn a_bad_handshake_is_answered_with_the_rule_that_it_breaks() {
    let lab = lab();
    let good = handshake("/echo", "");
    for (wrong, rule) in [
        (good.replace("GET", "POST"), "request-method-not-get"),
        (good.replace("HTTP/1.1", "HTTP/1.0"), "request-version-not-http11"),
        (good.replace("Host: lab\r\n", ""), "request-host-missing"),
        (good.replace("Upgrade: websocket\r\n", ""), "request-upgrade-missing"),
        (good.replace("Connection: Upgrade\r\n", ""), "request-connection-missing"),
        (good.replace("Sec-WebSocket-Key", "X-Key"), "request-key-missing"),
        (good.replace(KEY, "c2hvcnQ="), "request-key-not-sixteen-bytes"),
        (good.replace("Version: 13", "Version: 8"), "request-websocket-version-not-13"),
    ] {
        let response = ask(&lab, &wrong);
        assert!(response.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{response}");
        assert!(response.contains(rule), "{response}");
        assert_eq!(response.contains("Sec-WebSocket-Version: 13"), rule == "request-websocket-version-not-13");
    }
    for not_http in ["GET\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "\u{16}\u{3}\u{1}"] {
        assert!(ask(&lab, not_http).starts_with("HTTP/1.1 400 "), "{not_http:?}");
    }
}

#[test]
fn the_first_known_subprotocol_is_chosen_and_no_unknown_extension() {
    let lab = lab();
    for (offered, chosen) in [("chat, closelook, echo", Some("closelook")), ("echo", Some("echo")), ("chat", None)] {
        let more = format!("Sec-WebSocket-Protocol: {offered}\r\nSec-WebSocket-Extensions: x-frame\r\n");
        let mut client = RawClient::connect(&lab);
        client.send(handshake("/echo", &more).as_bytes());
        let head = client.read_head();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let answered = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Protocol: "));
        assert_eq!(answered, chosen);
        assert!(!head.contains("Sec-WebSocket-Extensions"));
    }
}

#[test]
fn a_head_that_never_ends_is_answered_with_408() {
    let limits = Limits { head_patience: Duration::from_millis(20), ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    assert!(ask(&lab, "GET / HTTP/1.1\r\n").starts_with("HTTP/1.1 408 "));
}

#[test]
fn connections_beyond_the_limit_are_answered_with_503_until_there_is_room() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let lab = Lab::start_with(Lab::LOOPBACK, limits).unwrap();
    let first = RawClient::open(&lab, &Scenario::Echo);
    let _second = RawClient::open(&lab, &Scenario::Echo);
    assert!(get(&lab, "/").starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    drop(first);
    // The place is free as soon as the lab has seen the end of the first connection.
    while !get(&lab, "/").starts_with("HTTP/1.1 200 OK\r\n") {}
}

#[test]
fn dropping_the_lab_ends_every_connection() {
    let lab = lab();
    let mut waiting: Vec<RawClient> = [
        Scenario::Echo,
        Scenario::CloseEmpty,
        Scenario::Pings,
        Scenario::Ticker(Ticker { every: Duration::from_secs(3600), count: None }),
        Scenario::Flood(Flood { count: 100_000_000, size: 1024 }),
    ]
    .iter()
    .map(|scenario| RawClient::open(&lab, scenario))
    .collect();
    let mut silent = RawClient::open(&lab, &Scenario::SilentClose);
    silent.send_close(1000);
    waiting.push(silent);
    let mut without_head = RawClient::connect(&lab);
    without_head.send(b"GET /");
    waiting.push(without_head);
    drop(lab);
    for client in &mut waiting {
        // Some have bytes before the end; what matters is that it comes, as a FIN or as a RST.
        let mut rest = Vec::new();
        if let Err(error) = client.stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
    }
}

#[test]
fn paths_and_scenarios_agree() {
    for scenario in Scenario::ALL {
        assert_eq!(Scenario::parse(&scenario.path()), Ok(scenario));
        assert_eq!(Scenario::parse(&format!("http://lab{}", scenario.path())), Ok(scenario));
    }
    let ticker = Scenario::Ticker(Ticker { every: Duration::from_millis(100), count: Some(20) });
    assert_eq!(ticker.path(), "/ticker?every=100ms&count=20");
    assert_eq!(Scenario::parse(&ticker.path()), Ok(ticker));
    let flood = Scenario::Flood(Flood { count: 7, size: 0 });
    assert_eq!(Scenario::parse(&flood.path()), Ok(flood));
    assert_eq!(Scenario::parse("/close/65535"), Ok(Scenario::Close(CloseCode(65535))));
    for code in ["65536", "-1", "+1000", "", "ten"] {
        assert_eq!(Scenario::parse(&format!("/close/{code}")), Err(ScenarioError::CloseCode(code.into())));
    }
    for target in ["", "*", "/echo/", "//echo", "/Echo"] {
        assert!(matches!(Scenario::parse(target), Err(ScenarioError::UnknownPath(_))), "{target}");
    }
    for target in ["/ticker?every=1ms", "/ticker?every=2h", "/ticker?count=-1", "/flood?size=1048577"] {
        assert!(matches!(Scenario::parse(target), Err(ScenarioError::ParameterValue { .. })), "{target}");
    }
    assert!(matches!(Scenario::parse("/flood?sise=1"), Err(ScenarioError::UnknownParameter { .. })));
}

#[test]
fn tungstenite_gets_its_messages_back() {
    let lab = lab();
    let (mut socket, _) = tungstenite::connect(lab.url(&Scenario::Echo)).unwrap();
    for message in [
        Message::text(""),
        Message::text("Grüße"),
        Message::binary(vec![0xA5; 126]),
        Message::binary(vec![0x5A; 70_000]),
        Message::text("x".repeat(1024 * 1024)),
    ] {
        socket.send(message.clone()).unwrap();
        assert_eq!(socket.read().unwrap(), message);
    }
    socket.close(None).unwrap();
    assert!(matches!(socket.read().unwrap(), Message::Close(None)));
    assert!(matches!(socket.read(), Err(tungstenite::Error::ConnectionClosed)));
}

#[test]
fn tungstenite_joins_the_fragments_and_answers_the_pings() {
    let lab = lab();
    for (scenario, messages, pings) in [(Scenario::Fragments, 2, 1), (Scenario::Pings, 0, 3)] {
        let (mut socket, _) = tungstenite::connect(lab.url(&scenario)).unwrap();
        let mut seen = (0, 0);
        let close = loop {
            match socket.read().unwrap() {
                Message::Ping(_) => seen.1 += 1,
                Message::Close(close) => break close.unwrap(),
                _ => seen.0 += 1,
            }
        };
        assert_eq!(seen, (messages, pings));
        assert_eq!(u16::from(close.code), 1000);
        assert!(matches!(socket.read(), Err(tungstenite::Error::ConnectionClosed)));
    }
}
