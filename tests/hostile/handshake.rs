//! Heads and bodies without an end, and what is no WebSocket behind a 101.

use super::recording::{Recording, gauge};
use super::{KIB, MIB};
use crate::raw_server::{frame, serve};

/// Only the start of what never ends is read, so that no bound depends on how much was sent.
const BOUND: u64 = 8 * MIB;

#[test]
fn an_endless_response_header() {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.read_request();
        pause.here();
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\n");
        peer.flood(&b"X-Fill: and so on, and so forth, until nobody listens\r\n".repeat(1000));
        pause.here();
    });
    let recording = Recording::start(&server.url(), &[]);
    gauge.assert_growth(&recording, BOUND);
    let report = recording.report();
    report.assert_failure("65536");
    assert!(report.rules().contains(&"head-malformed"), "{:?}", report.rules());
}

#[test]
fn an_endless_header_line() {
    let server = serve(move |mut peer| {
        peer.read_request();
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nX-Fill: ");
        peer.flood(&[b'x'; 64 * 1024]);
    });
    Recording::start(&server.url(), &[]).report().assert_failure("65536");
}

#[test]
fn endless_interim_responses_do_not_pile_up() {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.read_request();
        pause.here();
        peer.send_times(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n", 100_000);
        pause.here();
        peer.send(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    });
    let recording = Recording::start(&server.url(), &[]);
    // They are recorded, six mebibytes of them, and nothing else is kept.
    gauge.assert_growth(&recording, 6 * MIB + BOUND);
    recording.report().assert_failure("503");
}

#[test]
fn an_endless_refusal() {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.read_request();
        pause.here();
        peer.send(b"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n");
        peer.flood(format!("400\r\n{}\r\n", "no ".repeat(342).get(..1024).unwrap()).as_bytes());
        pause.here();
    });
    let recording = Recording::start(&server.url(), &[]);
    gauge.assert_growth(&recording, BOUND);
    recording.report().assert_failure("403");
}

#[test]
fn garbage_behind_the_101() {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        let mut value = 1_u32;
        let garbage: Vec<u8> = std::iter::repeat_with(|| {
            value = value.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (value >> 24) as u8
        })
        .take(MIB as usize)
        .collect();
        peer.send(&garbage);
        pause.here();
        peer.fin();
        peer.read_to_the_end();
    });
    let recording = Recording::start(&server.url(), &["--no-compression"]);
    gauge.assert_growth(&recording, MIB + BOUND);
    let report = recording.report();
    report.assert_note("reads no further and closes with 1002");
    let first = report.0["findings"][0].clone();
    assert_eq!((&first["severity"], &first["direction"]), (&"error".into(), &"server".into()));
    assert!(report.rules().contains(&"ended-inside-frame"), "{:?}", report.rules());
}

#[test]
fn a_web_page_behind_the_101() {
    let server = serve(move |mut peer| {
        peer.upgrade();
        peer.send(&b"<!DOCTYPE html><html><body>".repeat(4 * KIB as usize));
        peer.fin();
        peer.read_to_the_end();
    });
    let report = Recording::start(&server.url(), &["--no-compression"]).report();
    // `<` is an opcode of 0xC without FIN, and `!` a length of 33 bytes.
    assert_eq!(report.rules()[..2], ["reserved-bit-without-extension", "reserved-opcode"]);
    report.assert_note("reads no further");
    assert!(!frame(0x81, b"").is_empty());
}
