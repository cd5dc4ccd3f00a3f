//! Lengths that nobody sends, and messages, frames and Pings without an end.

use super::recording::{Recording, Report, gauge};
use super::{KIB, MIB};
use crate::raw_server::{close, frame, serve};

/// What a session may take beside what it keeps: buffers of the program, of its library and of its allocator.
const BESIDE: u64 = 12 * MIB;

/// What the index may take of each frame, and all that hangs on it.
const A_FRAME: u64 = 160;

/// How many kibibytes are sent of what never ends: much more than the system holds between the two ends, so that most has been read.
const MORE: usize = 16 * 1024;

/// A binary frame that claims this length.
fn claims(length: u64) -> Vec<u8> {
    [&[0x82, 0x7F], length.to_be_bytes().as_slice()].concat()
}

/// Records a session in which a frame claims a length that is not taken; much of it comes nevertheless.
fn record_refused(length: u64) -> Report {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        peer.send(&claims(length));
        assert_eq!(peer.read_frame().code(), Some(1009));
        peer.send_times(&[0; 1024], MORE);
        pause.here();
        peer.fin();
        peer.read_to_the_end();
    });
    let recording = Recording::start(&server.url(), &[]);
    gauge.assert_growth(&recording, MORE as u64 * KIB + BESIDE);
    let report = recording.report();
    report.assert_note("reads no further and closes with 1009");
    assert!(report.rules().contains(&"ended-inside-frame"));
    report
}

#[test]
fn a_length_with_its_top_bit_set() {
    assert_eq!(record_refused(1 << 63).rules()[0], "length-top-bit-set");
}

#[test]
fn a_length_just_above_the_limit() {
    record_refused(256 * MIB + 1);
}

/// A length that is allowed costs nothing before its bytes have come.
#[test]
fn a_large_length_that_is_never_fulfilled() {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        peer.send(&claims(256 * MIB));
        peer.send_times(&[0; 1024], MORE);
        pause.here();
        peer.fin();
        peer.read_to_the_end();
    });
    let recording = Recording::start(&server.url(), &[]);
    // As they came, and in the frame that the library joins, which grows by doubling.
    gauge.assert_growth(&recording, 4 * MORE as u64 * KIB + BESIDE);
    assert_eq!(recording.report().rules(), ["ended-inside-frame", "ended-without-close"]);
}

#[cfg(unix)]
#[test]
fn fragments_without_an_end() {
    const FRAGMENTS: usize = 8 * 1024;
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        let fragment = frame(0x00, &[b'f'; 1024]);
        peer.send(&frame(0x01, b""));
        peer.send_times(&fragment, FRAGMENTS);
        peer.await_reader();
        pause.here();
        peer.flood(&fragment);
    });
    let mut recording = Recording::start(&server.url(), &[]);
    // The bytes are kept twice, as they came and as the message that the library joins, which grows by doubling.
    gauge.assert_growth(&recording, 4 * 8 * MIB + FRAGMENTS as u64 * A_FRAME + BESIDE);
    recording.interrupt_twice();
    let report = recording.report();
    assert!(report.rules().contains(&"ended-inside-message") || report.rules().contains(&"ended-inside-frame"));
    assert_eq!(report.0["verdict"]["transport_end"], "local");
    assert_eq!(report.0["messages"]["count"], 1);
    server.result();
}

#[cfg(unix)]
#[test]
fn empty_fragments_without_an_end() {
    const FRAGMENTS: usize = 300_000;
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        peer.send(&frame(0x01, b""));
        peer.send_times(&frame(0x00, b""), FRAGMENTS);
        peer.await_reader();
        pause.here();
        peer.flood(&frame(0x00, b"").repeat(100));
    });
    let mut recording = Recording::start(&server.url(), &[]);
    gauge.assert_growth(&recording, FRAGMENTS as u64 * A_FRAME + BESIDE);
    recording.interrupt_twice();
    let report = recording.report();
    assert!(report.rules().iter().any(|rule| rule.starts_with("ended-inside-")), "{:?}", report.rules());
    assert!(report.frames() > 1);
    server.result();
}

#[test]
fn a_hundred_thousand_frames_in_one_piece() {
    const FRAMES: usize = 100_000;
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        peer.send(&frame(0x82, b"").repeat(FRAMES));
        peer.await_reader();
        pause.here();
        peer.send(&close(1000));
        peer.fin();
        peer.read_to_the_end();
    });
    let recording = Recording::start(&server.url(), &[]);
    gauge.assert_growth(&recording, FRAMES as u64 * A_FRAME + BESIDE);
    let report = recording.report();
    assert_eq!(report.frames(), FRAMES as u64 + 4);
    assert_eq!(report.rules(), [""; 0]);
}

/// Each Ping makes the program send something: what is not taken must not pile up without a bound.
#[cfg(unix)]
#[test]
fn a_flood_of_pings_that_are_answered_to_nobody() {
    // More bytes than the system holds between the two ends.
    const PINGS: usize = 200_000;
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer| {
        peer.upgrade();
        pause.here();
        peer.send_times(&frame(0x89, &[b'p'; 125]), PINGS);
        pause.here();
        peer.flood(&frame(0x89, &[b'p'; 125]));
    });
    let mut recording = Recording::start(&server.url(), &[]);
    let bytes = PINGS as u64 * 127;
    // As they came, as they wait to be answered in a buffer that grows by doubling, and as they were answered.
    gauge.assert_growth(&recording, 5 * bytes + 2 * PINGS as u64 * A_FRAME + BESIDE);
    recording.interrupt_twice();
    let report = recording.report();
    assert!(report.rules().contains(&"ping-not-answered"), "{:?}", report.rules());
    // The list of what was not answered has an end, however many Pings there were.
    assert!(report.rules().len() < 100);
    server.result();
}
