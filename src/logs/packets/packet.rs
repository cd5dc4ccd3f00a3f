//! The headers of a captured packet down to TCP: link layers, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::blocks::CapturedPacket;
use super::stream::Piece;

/// A TCP segment as it was captured.
#[derive(Debug, Clone)]
pub(super) struct Segment<'file> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    pub(super) acknowledged: u32,
    pub(super) syn: bool,
    pub(super) ack: bool,
    pub(super) fin: bool,
    pub(super) rst: bool,
    /// What was captured of its bytes.
    pub(super) payload: Piece<'file>,
    /// How many more bytes it had, which were cut off.
    pub(super) cut: u32,
}

impl Segment<'_> {
    /// How many bytes it had.
    pub(super) fn length(&self) -> u64 {
        self.payload.len() as u64 + u64::from(self.cut)
    }
}

/// What a packet is.
#[derive(Debug)]
pub(super) enum Packet<'file> {
    /// A TCP segment.
    Tcp(Segment<'file>),
    /// A fragment of an IP packet; they are not joined here.
    Fragment,
    /// Something else than TCP, or too short for its headers.
    Other,
    /// The link layer is not known.
    UnknownLink,
}

/// No packet is larger, be it that the network card cuts it.
const LARGEST_PACKET: usize = 1 << 20;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86DD;
const VLAN_TAGS: [u16; 3] = [0x8100, 0x88A8, 0x9100];

impl<'file> Packet<'file> {
    /// Reads a packet; link types have the numbers of pcapng's interface descriptions.
    pub(super) fn parse(captured: &CapturedPacket<'file>) -> Packet<'file> {
        let bytes = captured.bytes;
        let start = match captured.link_type {
            0 | 108 => Some(4),
            1 => after_ether_type(bytes, 12),
            // 12 is what some systems write for raw IP; 228 and 229 are raw IPv4 and IPv6.
            12 | 14 | 101 | 228 | 229 => Some(0),
            113 => after_ether_type(bytes, 14),
            276 => after_ether_type(bytes, 0).map(|_| 20),
            _ => return Packet::UnknownLink,
        };
        // The address families of NULL and LOOP differ between systems; the version in the IP header does not.
        let Some((start, ip)) = start.and_then(|start| Some((start, bytes.get(start..)?))) else {
            return Packet::Other;
        };
        let length = captured.original_length.min(LARGEST_PACKET).saturating_sub(start).max(ip.len());
        let ip = Placed { bytes: ip, position: captured.position + start as u64, length };
        match ip.bytes.first().map(|first| first >> 4) {
            Some(4) => ipv4(ip),
            Some(6) => ipv6(ip),
            _ => None,
        }
        .unwrap_or(Packet::Other)
    }
}

/// Bytes and where in the file they stand.
#[derive(Clone, Copy)]
struct Placed<'file> {
    bytes: &'file [u8],
    position: u64,
    /// How many there were before some were cut off.
    length: usize,
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().copied().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().copied().map(u32::from_be_bytes)
}

/// What follows an Ethernet type at this offset, and VLAN tags before it, when that is IP.
fn after_ether_type(bytes: &[u8], mut offset: usize) -> Option<usize> {
    while VLAN_TAGS.contains(&u16_at(bytes, offset)?) {
        offset += 4;
    }
    matches!(u16_at(bytes, offset)?, ETHERTYPE_IPV4 | ETHERTYPE_IPV6).then_some(offset + 2)
}

fn ipv4(packet: Placed<'_>) -> Option<Packet<'_>> {
    let bytes = packet.bytes;
    let header_length = usize::from(bytes.first()? & 0x0F) * 4;
    let total_length = usize::from(u16_at(bytes, 2)?);
    // "More fragments", or an offset: a part of a packet.
    let is_fragment = u16_at(bytes, 6)? & 0x3FFF != 0;
    let protocol = *bytes.get(9)?;
    let from = Ipv4Addr::from(u32_at(bytes, 12)?);
    let to = Ipv4Addr::from(u32_at(bytes, 16)?);
    if header_length < 20 {
        return None;
    }
    // Captures on the sending machine have a length of 0 when the network card was to cut the packet.
    let end = if total_length == 0 { packet.length } else { total_length };
    transport(packet, header_length, end, protocol, is_fragment, from.into(), to.into())
}

fn ipv6(packet: Placed<'_>) -> Option<Packet<'_>> {
    let bytes = packet.bytes;
    let payload_length = usize::from(u16_at(bytes, 4)?);
    let from = Ipv6Addr::from(*bytes.get(8..)?.first_chunk::<16>()?);
    let to = Ipv6Addr::from(*bytes.get(24..)?.first_chunk::<16>()?);
    let end = if payload_length == 0 { packet.length } else { 40 + payload_length };
    let (mut next_header, mut offset, mut is_fragment) = (*bytes.get(6)?, 40, false);
    // Hop-by-hop options, routing, destination options, and fragment headers (RFC 8200 4).
    while let 0 | 43 | 44 | 60 = next_header {
        if next_header == 44 {
            is_fragment |= u16_at(bytes, offset + 2)? & 0xFFF9 != 0;
        }
        let length = if next_header == 44 { 8 } else { (usize::from(*bytes.get(offset + 1)?) + 1) * 8 };
        next_header = *bytes.get(offset)?;
        offset += length;
    }
    transport(packet, offset, end, next_header, is_fragment, from.into(), to.into())
}

/// The TCP segment that stands from `start` on and, on the wire, ended at `end`.
fn transport(
    packet: Placed<'_>,
    start: usize,
    end: usize,
    protocol: u8,
    is_fragment: bool,
    from: IpAddr,
    to: IpAddr,
) -> Option<Packet<'_>> {
    let bytes = packet.bytes;
    if protocol != 6 {
        return None;
    }
    if is_fragment {
        return Some(Packet::Fragment);
    }
    let tcp = bytes.get(start..)?;
    let payload_start = start + usize::from(*tcp.get(12)? >> 4) * 4;
    let flags = *tcp.get(13)?;
    if payload_start < start + 20 || payload_start > end {
        return None;
    }
    let captured_end = end.min(bytes.len()).max(payload_start);
    let payload = Piece {
        bytes: bytes.get(payload_start..captured_end).unwrap_or_default().into(),
        position: packet.position + payload_start as u64,
    };
    Some(Packet::Tcp(Segment {
        from: SocketAddr::new(from, u16_at(tcp, 0)?),
        to: SocketAddr::new(to, u16_at(tcp, 2)?),
        sequence: u32_at(tcp, 4)?,
        acknowledged: u32_at(tcp, 8)?,
        fin: flags & 0x01 != 0,
        syn: flags & 0x02 != 0,
        rst: flags & 0x04 != 0,
        ack: flags & 0x10 != 0,
        cut: u32::try_from((end - payload_start).saturating_sub(payload.len())).unwrap_or(u32::MAX),
        payload,
    }))
}
