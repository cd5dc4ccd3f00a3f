//! Captures as other programs write them, in either byte order and over several link layers.

use std::net::SocketAddr;

pub(super) const FIN: u8 = 0x01;
pub(super) const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
pub(super) const ACK: u8 = 0x10;

/// A pcapng file under construction.
pub(super) struct Capture {
    pub(super) file: Vec<u8>,
    big_endian: bool,
}

impl Capture {
    pub(super) fn new(big_endian: bool) -> Capture {
        let mut capture = Capture { file: Vec::new(), big_endian };
        let mut body = capture.u32(0x1A2B_3C4D);
        body.extend(capture.u16(1));
        body.extend(capture.u16(0));
        body.extend([0xFF; 8]);
        capture.block(0x0A0D_0D0A, &body);
        capture
    }

    pub(super) fn u16(&self, value: u16) -> Vec<u8> {
        if self.big_endian { value.to_be_bytes().into() } else { value.to_le_bytes().into() }
    }

    pub(super) fn u32(&self, value: u32) -> Vec<u8> {
        if self.big_endian { value.to_be_bytes().into() } else { value.to_le_bytes().into() }
    }

    pub(super) fn u64(&self, value: u64) -> Vec<u8> {
        if self.big_endian { value.to_be_bytes().into() } else { value.to_le_bytes().into() }
    }

    pub(super) fn block(&mut self, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        let length = self.u32(padded as u32 + 12);
        let kind = self.u32(kind);
        self.file.extend([&kind[..], &length, body, &vec![0; padded - body.len()], &length].concat());
    }

    pub(super) fn interface(&mut self, link_type: u16, options: &[(u16, Vec<u8>)]) {
        let mut body = [self.u16(link_type), self.u16(0), self.u32(0)].concat();
        for (code, value) in options {
            body.extend([self.u16(*code), self.u16(value.len() as u16), value.clone()].concat());
            body.resize(body.len().next_multiple_of(4), 0);
        }
        body.extend([0; 4]);
        self.block(1, &body);
    }

    pub(super) fn packet(&mut self, interface: u32, time: u64, packet: &[u8]) {
        self.cut_packet(interface, time, packet, packet.len());
    }

    /// A packet of which only the first bytes were captured.
    pub(super) fn cut_packet(&mut self, interface: u32, time: u64, packet: &[u8], captured: usize) {
        let body = [
            self.u32(interface),
            self.u32((time >> 32) as u32),
            self.u32(time as u32),
            self.u32(captured as u32),
            self.u32(packet.len() as u32),
            packet[..captured].to_vec(),
        ]
        .concat();
        self.block(6, &body);
    }

    pub(super) fn simple_packet(&mut self, packet: &[u8]) {
        let body = [self.u32(packet.len() as u32), packet.to_vec()].concat();
        self.block(3, &body);
    }
}

/// An IP packet with a TCP segment, behind the header of a link layer.
pub(super) fn packet(link_type: u16, from: &str, to: &str, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let (from, to): (SocketAddr, SocketAddr) = (from.parse().unwrap(), to.parse().unwrap());
    let mut tcp = [from.port().to_be_bytes(), to.port().to_be_bytes()].concat();
    tcp.extend(sequence.to_be_bytes());
    tcp.extend([0, 0, 0, 0, 0x80, flags, 0xFF, 0xFF, 0, 0, 0, 0]);
    // Time stamps and the like, as real stacks send them.
    tcp.extend([1; 12]);
    tcp.extend(payload);
    let (ip, ethertype) = match (from, to) {
        (SocketAddr::V4(from), SocketAddr::V4(to)) => {
            let mut ip = vec![0x45, 0];
            ip.extend((tcp.len() as u16 + 20).to_be_bytes());
            ip.extend([1, 2, 0x40, 0, 64, 6, 0, 0]);
            ip.extend(from.ip().octets());
            ip.extend(to.ip().octets());
            (ip, 0x0800_u16)
        }
        (SocketAddr::V6(from), SocketAddr::V6(to)) => {
            let mut ip = vec![0x60, 0, 0, 0];
            // A destination options header stands in between.
            ip.extend((tcp.len() as u16 + 8).to_be_bytes());
            ip.extend([60, 64]);
            ip.extend(from.ip().octets());
            ip.extend(to.ip().octets());
            ip.extend([6, 0, 1, 4, 0, 0, 0, 0]);
            (ip, 0x86DD)
        }
        _ => panic!("addresses of two families"),
    };
    let link = match link_type {
        0 => vec![2, 0, 0, 0],
        108 => vec![0, 0, 0, 2],
        1 => [vec![2; 12], vec![0x81, 0, 0, 7], ethertype.to_be_bytes().to_vec()].concat(),
        113 => [vec![0; 14], ethertype.to_be_bytes().to_vec()].concat(),
        276 => [ethertype.to_be_bytes().to_vec(), vec![0; 18]].concat(),
        _ => Vec::new(),
    };
    let mut packet = [link, ip, tcp].concat();
    if link_type == 1 {
        // Ethernet pads short frames.
        packet.resize(packet.len().max(60), 0xEE);
    }
    packet
}
