//! Messages that inflate to much more than was sent.

use closelook::protocol::deflater::Deflater;
use closelook::protocol::permessage_deflate::SideCompression;

use super::MIB;
use super::recording::{Recording, Report, gauge};
use crate::raw_server::{Peer, close, frame, serve};

/// What a session may take beside what it keeps.
const BESIDE: u64 = 12 * MIB;

/// One compressed message of so many mebibytes of zeros.
fn bomb(mebibytes: usize) -> Vec<u8> {
    // Blocks of a fresh compressor refer to nothing before them and can be repeated.
    let mebibyte = Deflater::new(SideCompression::default()).unwrap().deflate(&vec![0; MIB as usize], false).unwrap();
    let payload = [mebibyte.repeat(mebibytes), vec![0]].concat();
    let mut bytes = vec![0xC2, 0x7F];
    bytes.extend((payload.len() as u64).to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// Records a session in which this bomb arrives.
fn record(mebibytes: usize, limit: &str, bound: u64) -> Report {
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer: Peer<std::net::TcpStream>| {
        let agreed = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        let request = peer.upgrade_with(agreed);
        assert!(request.contains("Sec-WebSocket-Extensions: permessage-deflate"), "{request}");
        pause.here();
        peer.send(&bomb(mebibytes));
        // The client's Close comes once it has read the bomb as far as it does.
        let received = peer.read_frame();
        pause.here();
        peer.fin();
        peer.read_to_the_end();
        received
    });
    let recording = Recording::start(&server.url(), &["--inflate-limit", limit]);
    gauge.assert_growth(&recording, bound);
    let report = recording.report();
    assert_eq!(server.result().code(), Some(1009));
    assert_eq!(report.rules()[0], "inflates-beyond-limit");
    assert!(report.0["findings"][0]["message"].as_str().unwrap().contains("inflates"), "{report:?}");
    report
}

#[test]
fn a_bomb_beyond_a_small_limit() {
    let report = record(256, "65536", BESIDE);
    report.assert_note("65536");
}

/// Up to the limit the message is joined, by doubling; a program without the limit would need a gibibyte.
#[test]
fn a_bomb_beyond_the_usual_limit() {
    record(1024, &closelook::protocol::inflater::DEFAULT_LIMIT.to_string(), 4 * 64 * MIB + BESIDE);
}

/// Many messages, each below the limit and each a reference to the one before it: nothing of what they inflate to is kept.
#[test]
fn a_bomb_in_many_messages_that_take_the_context_over() {
    const MESSAGES: u64 = 256;
    let (pause, gauge) = gauge();
    let server = serve(move |mut peer: Peer<std::net::TcpStream>| {
        peer.upgrade_with("Sec-WebSocket-Extensions: permessage-deflate\r\n");
        let mut deflater = Deflater::new(SideCompression::default()).unwrap();
        let zeros = vec![0; MIB as usize];
        pause.here();
        for _ in 0..MESSAGES {
            peer.send(&frame(0xC2, &deflater.deflate(&zeros, true).unwrap()));
        }
        peer.await_reader();
        pause.here();
        peer.send(&close(1000));
        peer.fin();
        peer.read_to_the_end();
    });
    let recording = Recording::start(&server.url(), &["--inflate-limit", &(2 * MIB).to_string()]);
    gauge.assert_growth(&recording, 4 * 2 * MIB + BESIDE);
    let report = recording.report();
    assert_eq!(report.rules(), [""; 0]);
    assert_eq!(report.0["messages"]["count"], MESSAGES);
    assert!(report.0["verdict"].to_string().contains("1000"), "{report:?}");
}
