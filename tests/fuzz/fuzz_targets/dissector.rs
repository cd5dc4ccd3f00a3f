//! A conversation cut in two ways shows the same facts, never panics and keeps little.
#![no_main]

use closelook_fuzz::protocol::direction::Direction;
use closelook_fuzz::protocol::dissector::{Dissector, Fact};
use closelook_fuzz::protocol::moment::Moment;
use closelook_fuzz::protocol::verdict::{TransportEnd, Verdict};
use libfuzzer_sys::fuzz_target;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// Byte by byte the input says: a control byte (who, what, how many), then as many bytes as it asks for.
fn steps(mut input: &[u8]) -> Vec<(Direction, Option<TransportEnd>, &[u8])> {
    let mut steps = Vec::new();
    while let Some((control, rest)) = input.split_first() {
        let direction = Direction::BOTH[usize::from(control & 1)];
        let ends = [TransportEnd::Fin, TransportEnd::Rst, TransportEnd::Timeout, TransportEnd::Local];
        let end = (control >> 3 == 0b1_1111).then(|| ends[usize::from(control >> 1 & 3)]);
        let length = if end.is_some() { 0 } else { usize::from(control >> 1).min(rest.len()) };
        let (bytes, after) = rest.split_at(length);
        steps.push((direction, end, bytes));
        input = after;
    }
    steps
}

fn dissect(handshake: bool, steps: &[(Direction, Option<TransportEnd>, &[u8])], piece: usize) -> (Vec<Fact>, Verdict) {
    let at = Moment(1);
    let (mut dissector, mut facts) = (Dissector::new(), Vec::new());
    let mut report = |fact| facts.push(fact);
    if handshake {
        dissector.receive(Direction::ClientToServer, at, REQUEST, &mut report);
        dissector.receive(Direction::ServerToClient, at, RESPONSE, &mut report);
    }
    for (direction, end, bytes) in steps {
        for piece in bytes.chunks(piece) {
            dissector.receive(*direction, at, piece, &mut report);
        }
        if let Some(how) = end {
            dissector.transport_ended(direction.sender(), *how, at, &mut report);
        }
    }
    dissector.recording_ended(at, &mut report);
    (facts, dissector.verdict())
}

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let steps = steps(rest);
    let handshake = first & 1 == 0;
    assert_eq!(dissect(handshake, &steps, usize::MAX), dissect(handshake, &steps, 1 + usize::from(first >> 1 & 7)));
});
