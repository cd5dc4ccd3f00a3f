//! TCP segments in any order, with gaps, overlaps and repeats: the bytes that come out are bytes that went in, and survive both formats.
#![no_main]

use closelook_fuzz::logs::Format;
use closelook_fuzz::saved::{check, read};
use closelook_fuzz::talk::upgrade;
use libfuzzer_sys::fuzz_target;

/// A pcapng file of raw IPv4 packets.
struct Capture(Vec<u8>);

impl Capture {
    fn new() -> Capture {
        let mut capture = Capture(Vec::new());
        capture.block(0x0A0D_0D0A, &[&[0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0], [0xFF; 8].as_slice()].concat());
        capture.block(1, &[101, 0, 0, 0, 0, 0, 0, 0]);
        capture
    }

    fn block(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        let length = (padded as u32 + 12).to_le_bytes();
        self.0.extend(kind.to_le_bytes());
        self.0.extend(length);
        self.0.extend_from_slice(body);
        self.0.resize(self.0.len() + padded - body.len(), 0);
        self.0.extend(length);
    }

    fn segment(&mut self, from_server: bool, sequence: u32, flags: u8, payload: &[u8]) {
        let mut packet = vec![0x45, 0];
        packet.extend((40 + payload.len() as u16).to_be_bytes());
        packet.extend([0, 0, 0, 0, 64, 6, 0, 0]);
        let (client, server): ([u8; 6], [u8; 6]) = ([10, 0, 0, 1, 200, 1], [10, 0, 0, 2, 0, 80]);
        let (from, to) = if from_server { (server, client) } else { (client, server) };
        packet.extend([&from[..4], &to[..4], &from[4..], &to[4..]].concat());
        packet.extend(sequence.to_be_bytes());
        packet.extend([0, 0, 0, 0, 0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]);
        packet.extend_from_slice(payload);
        let length = (packet.len() as u32).to_le_bytes();
        let body = [&[0; 12], length.as_slice(), &length, &packet].concat();
        self.block(6, &body);
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((agreed, mut rest)) = input.split_first() else { return };
    let mut capture = Capture::new();
    let [request, response] = upgrade(*agreed);
    let start = [u32::MAX - 100, u32::MAX - 300];
    capture.segment(false, start[0], 0x10, &request);
    capture.segment(true, start[1], 0x10, &response);
    let mut next = [start[0].wrapping_add(request.len() as u32), start[1].wrapping_add(response.len() as u32)];
    // Who and which flags, how far from where the side stands, how many bytes, and these.
    while let [control, distance, length, after @ ..] = rest {
        let (payload, after) = after.split_at(usize::from(*length).min(after.len()));
        let side = usize::from(control & 1);
        let sequence = next[side].wrapping_add_signed(i32::from(*distance as i8) * if control & 2 == 0 { 1 } else { 1000 });
        let flags = [0x10, 0x10, 0x10, 0x11, 0x02, 0x12, 0x04, 0x14][usize::from(control >> 2 & 7)];
        capture.segment(side == 1, sequence, flags, payload);
        if control & 0x80 == 0 {
            next[side] = sequence.wrapping_add(payload.len() as u32);
        }
        rest = after;
    }
    let opened = read(Format::PcapNg, &capture.0).expect("there is an upgrade");
    check(&opened, capture.0.len());
});
