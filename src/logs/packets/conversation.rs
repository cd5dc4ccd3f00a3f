//! A made-up TCP conversation around recorded bytes: IP and TCP headers with right numbers and checksums.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::protocol::direction::{PerDirection, Side};

pub(super) const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
pub(super) const RST: u8 = 0x04;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// Server ports that are kept: those that Wireshark takes for HTTP without being told.
const HTTP_PORTS: [u16; 7] = [80, 3128, 3132, 5985, 8080, 8088, 11371];

/// The server's port when its own is not one of them.
const DEFAULT_SERVER_PORT: u16 = 80;

/// The client's port when its own could be taken for the server's.
const DEFAULT_CLIENT_PORT: u16 = 49_152;

/// After how many segments the receiver acknowledges; readers of captures keep a list of what is not acknowledged.
const SEGMENTS_AN_ACKNOWLEDGEMENT: u32 = 16;

/// The receive window; with its scale a gigabyte, so that it is never full.
const WINDOW: u16 = u16::MAX;

/// Maximum segment size of 60,000 bytes, no operation, window scale 14 (RFC 9293 3.2, RFC 7323 2.2).
const SYN_OPTIONS: [u8; 8] = [2, 4, 0xEA, 0x60, 1, 3, 3, 14];

/// The conversation's state.
#[derive(Debug)]
pub(super) struct Conversation {
    ends: PerDirection<End>,
}

/// One end of it, as a sender.
#[derive(Debug)]
struct End {
    address: SocketAddr,
    next_sequence: u32,
    unacknowledged_segments: u32,
    window: u16,
    ended: bool,
}

impl Conversation {
    /// A conversation between these addresses, with ports that make Wireshark see HTTP.
    ///
    /// `clock` gives the initial sequence numbers; like those of a TCP they need not begin with 0.
    pub(super) fn new(client: SocketAddr, server: SocketAddr, clock: u32) -> Conversation {
        let (client, server) = written_addresses(client, server);
        let end = |address, next_sequence| End {
            address,
            next_sequence,
            unacknowledged_segments: 0,
            window: WINDOW,
            ended: false,
        };
        let ends = PerDirection {
            client_to_server: end(client, clock),
            server_to_client: end(server, clock.wrapping_add(1 << 31)),
        };
        Conversation { ends }
    }

    /// Whether this side has sent its FIN or RST.
    pub(super) fn has_ended(&self, side: Side) -> bool {
        self.ends[side].ended
    }

    /// SYN, SYN with ACK, and ACK.
    pub(super) fn opening() -> [Segment; 3] {
        [
            Segment { side: Side::Client, flags: SYN },
            Segment { side: Side::Server, flags: SYN | ACK },
            Segment { side: Side::Client, flags: ACK },
        ]
    }

    /// A segment with bytes.
    pub(super) fn bytes(&mut self, side: Side) -> Segment {
        self.ends[side].unacknowledged_segments += 1;
        Segment { side, flags: PSH | ACK }
    }

    /// The acknowledgement that the peer owes this side after some segments.
    pub(super) fn acknowledgement_due(&self, side: Side) -> Option<Segment> {
        let is_due = self.ends[side].unacknowledged_segments >= SEGMENTS_AN_ACKNOWLEDGEMENT;
        is_due.then(|| Conversation::acknowledge(side.peer()))
    }

    /// A segment with no bytes, to hang a comment on.
    pub(super) fn bare(&mut self) -> Segment {
        let owed = |side: Side| self.ends[side.peer()].unacknowledged_segments > 0;
        let side = if !owed(Side::Client) && owed(Side::Server) { Side::Server } else { Side::Client };
        if !owed(side) {
            // A window that changes: otherwise this would count as a repeated acknowledgement, a sign of loss.
            let window = &mut self.ends[side].window;
            *window = if *window == WINDOW { WINDOW - 1 } else { WINDOW };
        }
        Segment { side, flags: ACK }
    }

    /// Bytes of this side are missing here: its numbers go on behind them.
    pub(super) fn skip(&mut self, side: Side, length: u32) {
        let next = &mut self.ends[side].next_sequence;
        *next = next.wrapping_add(length);
    }

    /// The end of a side, with FIN or RST.
    pub(super) fn end(&mut self, side: Side, flag: u8) -> Segment {
        self.ends[side].ended = true;
        Segment { side, flags: flag | ACK }
    }

    /// The acknowledgement of the peer's FIN.
    pub(super) fn acknowledge(side: Side) -> Segment {
        Segment { side, flags: ACK }
    }

    /// Appends a segment's IP packet with these bytes in it.
    pub(super) fn write(&mut self, segment: Segment, payload: &[u8], packet: &mut Vec<u8>) {
        let Segment { side, flags } = segment;
        let acknowledged = if flags & ACK != 0 {
            self.ends[side.peer()].unacknowledged_segments = 0;
            self.ends[side.peer()].next_sequence
        } else {
            0
        };
        let options: &[u8] = if flags & SYN != 0 { &SYN_OPTIONS } else { &[] };
        let (from, to) = (&self.ends[side], &self.ends[side.peer()]);
        let length = (20 + options.len() + payload.len()) as u16;
        let pseudo_header = write_ip_header(from.address.ip(), to.address.ip(), length, packet);
        let start = packet.len();
        packet.extend(from.address.port().to_be_bytes());
        packet.extend(to.address.port().to_be_bytes());
        packet.extend(from.next_sequence.to_be_bytes());
        packet.extend(acknowledged.to_be_bytes());
        packet.push(((20 + options.len()) as u8 / 4) << 4);
        packet.push(flags);
        packet.extend(from.window.to_be_bytes());
        packet.extend([0; 4]);
        packet.extend_from_slice(options);
        packet.extend_from_slice(payload);
        if let Some(tcp) = packet.get_mut(start..) {
            set_checksum(tcp, 16, pseudo_header);
        }
        // SYN and FIN count as one byte each (RFC 9293 3.4).
        let counted = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        let from = &mut self.ends[side];
        from.next_sequence = from.next_sequence.wrapping_add(counted);
    }
}

/// A segment to be written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment {
    side: Side,
    flags: u8,
}

/// The addresses as they are written: of one family, and with the server's port known for HTTP and lower than the client's, because
/// Wireshark asks the lower port first.
fn written_addresses(client: SocketAddr, server: SocketAddr) -> (SocketAddr, SocketAddr) {
    let kept = HTTP_PORTS.contains(&server.port()) && (server.port() == 80 || server.port() < client.port());
    let server_port = if kept { server.port() } else { DEFAULT_SERVER_PORT };
    let client_port = if client.port() > server_port { client.port() } else { DEFAULT_CLIENT_PORT };
    let (client_ip, server_ip) = match (client.ip(), server.ip()) {
        (IpAddr::V4(client), IpAddr::V6(server)) => (client.to_ipv6_mapped().into(), server.into()),
        (IpAddr::V6(client), IpAddr::V4(server)) => (client.into(), server.to_ipv6_mapped().into()),
        same => same,
    };
    (SocketAddr::new(client_ip, client_port), SocketAddr::new(server_ip, server_port))
}

/// Appends the header of an IP packet with `length` bytes of TCP, and gives the sum of TCP's pseudo header.
fn write_ip_header(from: IpAddr, to: IpAddr, length: u16, packet: &mut Vec<u8>) -> u64 {
    const TCP: u8 = 6;
    let start = packet.len();
    let addresses = match (from, to) {
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            packet.extend([0x60, 0, 0, 0]);
            packet.extend(length.to_be_bytes());
            packet.extend([TCP, 64]);
            packet.extend(from.octets());
            packet.extend(to.octets());
            add_words(add_words(0, &from.octets()), &to.octets())
        }
        (from, to) => {
            let [from, to] = [from, to].map(|address| match address {
                IpAddr::V4(address) => address.octets(),
                IpAddr::V6(_) => Ipv4Addr::LOCALHOST.octets(),
            });
            // Version 4 with 20 bytes of header, then "do not fragment", which makes an identification of 0 right (RFC 6864).
            packet.extend([0x45, 0]);
            packet.extend((length + 20).to_be_bytes());
            packet.extend([0, 0, 0x40, 0, 64, TCP, 0, 0]);
            packet.extend(from);
            packet.extend(to);
            if let Some(header) = packet.get_mut(start..) {
                set_checksum(header, 10, 0);
            }
            add_words(add_words(0, &from), &to)
        }
    };
    addresses + u64::from(TCP) + u64::from(length)
}

/// Adds 16-bit words to a sum that is folded later; an odd last byte counts as the high half of a word.
///
/// Two words are added at a time: what runs over from the lower into the upper comes back when the sum is folded (RFC 1071 2).
fn add_words(sum: u64, bytes: &[u8]) -> u64 {
    let (pairs, rest) = bytes.as_chunks::<4>();
    let mut last = [0; 4];
    last.iter_mut().zip(rest).for_each(|(slot, byte)| *slot = *byte);
    // In the order of this machine, which turns the bytes of the folded sum around and nothing else (RFC 1071 2).
    let turned = pairs.iter().map(|pair| u64::from(u32::from_ne_bytes(*pair))).sum::<u64>()
        + u64::from(u32::from_ne_bytes(last));
    sum + u64::from(u16::from_be_bytes(fold(turned).to_ne_bytes()))
}

/// Adds what lies above 16 bits until nothing does.
fn fold(mut sum: u64) -> u16 {
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    sum as u16
}

/// Writes the Internet checksum (RFC 1071) into its place, which holds zeros until then.
fn set_checksum(bytes: &mut [u8], offset: usize, start: u64) {
    let checksum = !fold(add_words(start, bytes));
    if let Some(place) = bytes.get_mut(offset..offset + 2) {
        place.copy_from_slice(&checksum.to_be_bytes());
    }
}
