//! A server that takes nothing of what it is sent.

use std::sync::mpsc::channel;

use closelook::capture::command::Command;
use closelook::capture::options::ConnectOptions;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::verdict::{Outcome, TransportEnd};

use super::MIB;
use super::recording::Recording;
use crate::raw_server::{LIMIT, connect, ended, serve, wait_for};

#[test]
fn an_abort_does_not_wait_for_what_nobody_takes() {
    let (stop, stopped) = channel::<()>();
    let server = serve(move |mut peer| {
        peer.upgrade();
        // Held open, unread, until the client has ended.
        stopped.recv_timeout(LIMIT).unwrap();
    });
    let client = connect(ConnectOptions::new(server.url()));
    for _ in 0..32 {
        client.send(Command::SendBinary(vec![0x55; MIB as usize].into())).unwrap();
    }
    wait_for(&client, |session| session.streams()[Direction::ClientToServer] > 1024);
    client.send(Command::Abort).unwrap();
    let session = ended(&client);
    let end = session.verdict.transport_end.unwrap();
    assert_eq!((session.verdict.outcome, end.side, end.how), (Outcome::Dropped, Side::Client, TransportEnd::Local));
    assert!(session.findings.iter().any(|finding| finding.rule.name() == "ended-inside-frame"));
    stop.send(()).unwrap();
    server.result();
}

#[cfg(unix)]
#[test]
fn what_waits_to_be_sent_is_kept_once() {
    const LENGTH: u64 = 16 * MIB;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large");
    let noise = (0..LENGTH as u32 / 4).flat_map(|at| at.wrapping_mul(2_654_435_761).rotate_left(at % 32).to_be_bytes());
    std::fs::write(&file, noise.collect::<Vec<u8>>()).unwrap();
    let (upgraded, is_upgraded) = channel();
    let (stop, stopped) = channel::<()>();
    let server = serve(move |mut peer| {
        peer.upgrade();
        upgraded.send(()).unwrap();
        // Its first bytes show that the file was read.
        let start = peer.read_exactly(14);
        upgraded.send(()).unwrap();
        stopped.recv_timeout(LIMIT).unwrap();
        start
    });
    let file = file.to_str().unwrap();
    let mut recording = Recording::start(&server.url(), &["--no-compression", "--send-file", file]);
    is_upgraded.recv_timeout(LIMIT).unwrap();
    is_upgraded.recv_timeout(LIMIT).unwrap();
    // The file, the frame that the library makes of it, and what the connection took.
    let peak = recording.peak();
    recording.interrupt_twice();
    let report = recording.report();
    assert_eq!(report.0["verdict"]["transport_end"], "local");
    assert!(report.rules().contains(&"ended-inside-frame"), "{:?}", report.rules());
    if let Some(peak) = peak {
        assert!(peak <= 5 * LENGTH + 48 * MIB, "{peak}");
    }
    stop.send(()).unwrap();
    assert_eq!(server.result()[0], 0x82);
}
