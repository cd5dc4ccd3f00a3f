//! Captures that lack packets or parts of them: the session goes on behind the gap, shows where it is, and blames nobody for it.

use closelook::logs::{Format, Opened};
use closelook::protocol::close::ClosePayload;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::{Finding, Rule, Severity};
use closelook::protocol::gap::Gap;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::Outcome;
use closelook::session::{EventKind, FrameRow, Session};

use super::captures::{ACK, Capture, FIN, SYN, packet};
use super::open;
use super::scripts::{frame, request, response};

const CLIENT: &str = "192.0.2.7:50123";
const SERVER: &str = "198.51.100.4:9001";

/// How much of a packet stands before its payload: IP, and TCP with options.
const HEADERS: usize = 20 + 32;

/// A packet as it was on the wire, and how much of it was captured; `None` when it was lost.
#[derive(Debug, Clone)]
struct Captured {
    packet: Vec<u8>,
    length: Option<usize>,
    side: Side,
    /// Where its payload begins in its side's stream.
    offset: u64,
}

impl Captured {
    fn payload(&self) -> usize {
        self.packet.len() - HEADERS
    }
}

/// A conversation on the wire, with sequence numbers that wrap and true acknowledgements.
struct Wire {
    next: [u32; 2],
    streams: [u64; 2],
    packets: Vec<Captured>,
}

impl Wire {
    fn new() -> Wire {
        Wire { next: [u32::MAX - 700, u32::MAX - 30_000], streams: [0, 0], packets: Vec::new() }
    }

    fn connected() -> Wire {
        let mut wire = Wire::new();
        wire.segment(Side::Client, SYN, b"");
        wire.segment(Side::Server, SYN | ACK, b"");
        wire.segment(Side::Client, ACK, b"");
        wire
    }

    fn upgraded() -> Wire {
        let mut wire = Wire::connected();
        wire.segment(Side::Client, ACK, &request());
        wire.segment(Side::Server, ACK, &response());
        wire
    }

    fn segment(&mut self, side: Side, flags: u8, payload: &[u8]) {
        let (from, to) = if side == Side::Client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let mut packet = packet(101, from, to, self.next[side as usize], flags, payload);
        if flags & ACK != 0 {
            packet[28..32].copy_from_slice(&self.next[side.peer() as usize].to_be_bytes());
        }
        self.packets.push(Captured { length: Some(packet.len()), packet, side, offset: self.streams[side as usize] });
        let counted = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        self.next[side as usize] = self.next[side as usize].wrapping_add(counted);
        self.streams[side as usize] += payload.len() as u64;
    }

    /// Bytes in segments of at most this length.
    fn bytes(&mut self, side: Side, most: usize, bytes: &[u8]) {
        bytes.chunks(most).for_each(|part| self.segment(side, ACK, part));
    }

    fn acknowledge(&mut self, side: Side) {
        self.segment(side, ACK, b"");
    }

    fn without(&self, lost: &[usize]) -> Vec<Captured> {
        let mut packets = self.packets.clone();
        lost.iter().for_each(|place| packets[*place].length = None);
        packets
    }

    fn cut(&self, length: usize) -> Vec<Captured> {
        let cut = |packet: &Captured| Captured { length: Some(packet.packet.len().min(length)), ..packet.clone() };
        self.packets.iter().map(cut).collect()
    }

    /// The places of the packets with bytes, behind the handshake.
    fn data(&self) -> Vec<usize> {
        (5..self.packets.len()).filter(|place| self.packets[*place].payload() > 0).collect()
    }
}

fn capture(packets: &[Captured]) -> Vec<u8> {
    let mut capture = Capture::new(false);
    capture.interface(101, &[]);
    for (index, Captured { packet, length, .. }) in packets.iter().enumerate() {
        if let Some(length) = length {
            capture.cut_packet(0, 1_700_000_000_000_000 + index as u64 * 1_000, packet, *length);
        }
    }
    capture.file
}

fn opened(packets: &[Captured]) -> Opened {
    open(&capture(packets), Format::PcapNg).unwrap()
}

/// Talk in which segments hold a frame, several frames, or parts of one.
fn talk() -> Wire {
    let mut wire = Wire::upgraded();
    let text = |side, length: usize| frame(side, Opcode::Text, true, "grüß dich ".repeat(length).as_bytes());
    for number in 1..4 {
        wire.segment(Side::Client, ACK, &text(Side::Client, number));
        wire.segment(Side::Server, ACK, &text(Side::Server, number));
    }
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Ping, true, b"there?"));
    wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Pong, true, b"there?"));
    // A message of several segments, its end in one with the next frame.
    let large = [text(Side::Server, 600), frame(Side::Server, Opcode::Text, true, b"right behind")].concat();
    wire.bytes(Side::Server, 1_448, &large);
    wire.acknowledge(Side::Client);
    // Several frames a segment.
    let several: Vec<u8> = (0..6).flat_map(|number| text(Side::Client, number)).collect();
    wire.segment(Side::Client, ACK, &several);
    wire.bytes(Side::Client, 1_448, &text(Side::Client, 300));
    // A fragmented message with a Ping inside it.
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Text, false, "Grü".as_bytes()));
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Ping, true, b"still?"));
    wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Pong, true, b"still?"));
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Continuation, true, "ße".as_bytes()));
    for number in 1..30 {
        wire.segment(Side::Server, ACK, &text(Side::Server, number % 3));
        wire.segment(Side::Client, ACK, &text(Side::Client, number % 4));
    }
    wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Close, true, b"\x03\xe8done"));
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Close, true, b"\x03\xe8"));
    wire.segment(Side::Server, FIN | ACK, b"");
    wire.segment(Side::Client, FIN | ACK, b"");
    wire.acknowledge(Side::Server);
    wire
}

/// What identifies a frame on the wire.
fn identity(row: &FrameRow) -> (Direction, u64, u64, Opcode, bool, u64) {
    (row.direction, row.stream_offset, row.payload_length, row.opcode(), row.fin(), row.at.nanoseconds())
}

fn is_about_what_is_missing(finding: &Finding) -> bool {
    matches!(finding.rule, Rule::BytesMissing { .. } | Rule::FramesMissing { .. } | Rule::CompressionContextUnknown)
}

/// What a capture with gaps may differ in from the whole one, and what not.
fn assert_goes_on(whole: &Session, lossy: &Session, packets: &[Captured]) {
    // No frame that was not there, and each at its time.
    let all: Vec<_> = whole.frames.iter().map(identity).collect();
    let found: Vec<_> = lossy.frames.iter().map(identity).collect();
    for frame in &found {
        assert!(all.contains(frame), "{frame:?} was never sent");
    }
    assert!(found.is_sorted_by_key(|frame| frame.5));
    for direction in Direction::BOTH {
        let of_direction = |packet: &&Captured| packet.side == direction.sender() && packet.payload() > 0;
        let missing: Vec<_> = lossy.missing[direction].iter().collect();
        // From the first captured segment on that begins with a frame, nothing is left out up to the next gap.
        for (place, gap) in missing.iter().enumerate() {
            let until = missing.get(place + 1).map_or(u64::MAX, |next| next.stream_offset);
            let begins_segment = |frame: &&(Direction, u64, u64, Opcode, bool, u64)| {
                frame.0 == direction
                    && frame.1 >= gap.stream_end()
                    && packets.iter().filter(of_direction).any(|packet| packet.offset == frame.1)
            };
            let Some(first) = all.iter().find(begins_segment) else { continue };
            for frame in all.iter().filter(|frame| frame.0 == direction && (first.1..until).contains(&frame.1)) {
                // A header that goes on where bytes are missing is not there.
                let header = frame.1..frame.1 + 14;
                let is_there = lossy.missing_in(direction, header).next().is_none();
                assert!(!is_there || found.contains(frame), "{frame:?} is not found behind {gap:?}, from {first:?} on");
            }
        }
        // Exactly what was not captured is missing.
        let lost: u64 = packets
            .iter()
            .filter(of_direction)
            .map(|packet| packet.packet.len() - packet.length.unwrap_or(HEADERS).max(HEADERS))
            .sum::<usize>() as u64;
        let told: u64 = missing.iter().map(|missing| missing.gap.length.map_or(0, u64::from)).sum();
        assert_eq!(told, lost, "of the {}", direction.sender());
    }
    for row in lossy.frames.iter() {
        // What is there of a payload is what was sent.
        let same = whole.frames.iter().find(|other| identity(other) == identity(row)).unwrap();
        let (sent, known) = (whole.payload(same, u64::MAX), lossy.payload(row, u64::MAX));
        let until = lossy.missing_payload(row).next().map_or(sent.len() as u64, |missing| missing.start);
        assert_eq!(known, sent[..until as usize]);
    }
    let known: Vec<_> = whole.findings.iter().map(|finding| finding.rule.name()).collect();
    for finding in lossy.findings.iter().filter(|finding| !is_about_what_is_missing(finding)) {
        let is_known = known.contains(&finding.rule.name());
        assert!(is_known, "{finding:?} is blamed on somebody");
    }
    if !lossy.verdict.may_lack_a_close {
        assert_eq!(lossy.verdict.outcome, whole.verdict.outcome);
        assert_eq!(lossy.verdict.first_close, whole.verdict.first_close);
    } else {
        assert_eq!(lossy.verdict.outcome, Outcome::CutOff);
    }
    super::assert_survives(lossy);
}

/// The session of a capture that lacks nothing.
fn whole(wire: &Wire) -> Session {
    let opened = opened(&wire.packets);
    assert_eq!(opened.damage, []);
    assert!(opened.session.missing[Direction::ClientToServer].is_empty());
    assert!(opened.session.missing[Direction::ServerToClient].is_empty());
    opened.session
}

#[test]
fn any_one_packet_may_be_lost() {
    let wire = talk();
    let whole = whole(&wire);
    assert!(whole.findings.iter().all(|finding| finding.rule.severity() < Severity::Error));
    for lost in wire.data() {
        let packets = wire.without(&[lost]);
        let opened = opened(&packets);
        assert_eq!(opened.damage.len(), 1, "{:?}", opened.damage);
        assert_goes_on(&whole, &opened.session, &packets);
    }
}

#[test]
fn any_two_packets_may_be_lost() {
    let wire = talk();
    let whole = whole(&wire);
    for first in wire.data() {
        for second in wire.data().into_iter().filter(|second| *second > first && second % 3 == first % 3) {
            let packets = wire.without(&[first, second]);
            assert_goes_on(&whole, &opened(&packets).session, &packets);
        }
    }
}

#[test]
fn packets_may_be_cut_anywhere() {
    let wire = talk();
    let whole = whole(&wire);
    // Not in the handshake: see below.
    for length in request().len().max(response().len()) + HEADERS..HEADERS + 1_460 {
        let packets = wire.cut(length);
        assert_goes_on(&whole, &opened(&packets).session, &packets);
    }
}

/// The payloads of the text frames that a side sent, as far as they are known.
fn texts(session: &Session, side: Side) -> Vec<String> {
    let rows = session.frames.iter().filter(|row| row.direction.sender() == side && row.opcode() == Opcode::Text);
    rows.map(|row| String::from_utf8_lossy(&session.payload(row, u64::MAX)).into_owned()).collect()
}

fn rules(session: &Session) -> Vec<&'static str> {
    session.findings.iter().map(|finding| finding.rule.name()).collect()
}

fn has_note(session: &Session, words: &str) -> bool {
    session.records().any(|(_, kind)| matches!(kind, EventKind::Note { text } if text.contains(words)))
}

/// A short conversation, with the places of the request and of the response among its packets.
fn short() -> Wire {
    let mut wire = Wire::upgraded();
    for text in ["one", "two", "three", "four"] {
        wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Text, true, text.as_bytes()));
        wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Text, true, text.to_uppercase().as_bytes()));
    }
    wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Close, true, b"\x03\xe8"));
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Close, true, b"\x03\xe8"));
    wire.segment(Side::Server, FIN | ACK, b"");
    wire.segment(Side::Client, FIN | ACK, b"");
    wire
}

const REQUEST: usize = 3;
const RESPONSE: usize = 4;

#[test]
fn any_part_of_the_handshake_may_be_lost() {
    let wire = short();
    let (one, other) = (["one", "two", "three", "four"], ["ONE", "TWO", "THREE", "FOUR"]);
    for lost in
        [&[REQUEST][..], &[RESPONSE], &[REQUEST, RESPONSE], &[0, REQUEST], &[0, 1, 2, RESPONSE], &[0, 1, 2, REQUEST]]
    {
        let session = opened(&wire.without(lost)).session;
        assert_eq!(texts(&session, Side::Client), one, "{lost:?}");
        assert_eq!(texts(&session, Side::Server), other, "{lost:?}");
        assert!(session.verdict.clean);
        assert!(has_note(&session, "made up"), "{lost:?}");
        let expected =
            if lost.contains(&REQUEST) { format!("ws://{SERVER}/") } else { "ws://example.org/chat?x=1".into() };
        assert_eq!(session.origin.url, Some(expected));
        assert!(
            session.findings.iter().all(|finding| finding.rule.severity() < Severity::Error),
            "{:?}",
            rules(&session)
        );
        super::assert_survives(&session);
    }
}

#[test]
fn the_handshake_may_be_cut_anywhere() {
    let wire = short();
    // From where on headers with a mask are there.
    for length in HEADERS + 6..HEADERS + request().len() {
        let session = opened(&wire.cut(length)).session;
        assert_eq!(session.handshake.status(), Some(101));
        assert_eq!(session.frames.len(), 10, "cut after {length} bytes");
        assert!(has_note(&session, "made up"), "{length}");
        // The path is in the first line, the host in the second.
        let is_path_known = length > HEADERS + request().iter().position(|byte| *byte == b'\n').unwrap();
        assert_eq!(session.origin.url.as_ref().unwrap().ends_with("/chat?x=1"), is_path_known, "{length}");
        let known = ["bytes-missing", "frames-missing", "masking-key-repeated", "compression-context-unknown"];
        assert!(rules(&session).iter().all(|rule| known.contains(rule)), "{length}: {:?}", rules(&session));
        let closes = [Side::Client, Side::Server].map(|side| session.verdict.sides[side].sent_close.is_some());
        assert_eq!(closes, [true, true]);
        super::assert_survives(&session);
    }
}

#[test]
fn the_code_of_a_close_that_was_cut_is_not_known() {
    let wire = short();
    let session = opened(&wire.cut(HEADERS + 2)).session;
    let server = session.verdict.sides[Side::Server].sent_close.as_ref().unwrap();
    assert_eq!(server.payload, ClosePayload::NotRecorded);
    assert!(session.frames.iter().all(|row| row.direction == Direction::ServerToClient));
    assert_eq!(session.verdict.sides[Side::Client].reports, None);
    // The client's headers are longer than what is there of them.
    assert_eq!(session.verdict.outcome, Outcome::CutOff);
}

#[test]
fn what_only_an_acknowledgement_shows_is_missing() {
    let mut wire = short();
    // The last frame of the client and what comes after it are gone; that the server has it, its answer says.
    let close = wire.packets.iter().rposition(|packet| packet.side == Side::Client && packet.payload() > 0).unwrap();
    let lost = [close, wire.packets.len() - 1];
    let packets = wire.without(&lost);
    let session = opened(&packets).session;
    let missing: Vec<_> = session.missing[Direction::ClientToServer].iter().map(|missing| missing.gap.length).collect();
    assert_eq!(missing, [Some(8)]);
    // Before the server's Close, which acknowledges it: the order is as it was.
    assert!(session.missing[Direction::ClientToServer].get(0).unwrap().at <= session.frames.iter().last().unwrap().at);
    assert_eq!(session.verdict.outcome, Outcome::CutOff);
    assert!(session.verdict.may_lack_a_close);
    assert!(
        !rules(&session).iter().any(|rule| rule.starts_with("close-") || rule.starts_with("ended-")),
        "{:?}",
        rules(&session)
    );
    // A FIN counts as a byte that is not one.
    wire.packets.truncate(wire.packets.len() - 1);
    wire.acknowledge(Side::Client);
    let packets = wire.without(&[wire.packets.len() - 2]);
    assert_eq!(opened(&packets).damage, []);
}

#[test]
fn a_gap_is_found_in_one_direction_alone() {
    let wire = talk();
    let whole = whole(&wire);
    let of_server = |packets: &mut Vec<Captured>| {
        packets.iter_mut().filter(|packet| packet.side == Side::Client).skip(2).for_each(|packet| packet.length = None)
    };
    let data: Vec<usize> = wire.data().into_iter().filter(|place| wire.packets[*place].side == Side::Server).collect();
    for lost in data {
        let mut packets = wire.without(&[lost]);
        of_server(&mut packets);
        let session = opened(&packets).session;
        let times = |session: &Session| -> Vec<_> {
            session.frames.iter().filter(|row| row.direction == Direction::ServerToClient).map(identity).collect()
        };
        let (all, found) = (times(&whole), times(&session));
        assert!(found.iter().all(|frame| all.contains(frame)), "{lost}");
        assert!(found.len() + 3 >= all.len(), "{lost}: {} of {}", found.len(), all.len());
    }
}

#[test]
fn a_keep_alive_brings_nothing() {
    let mut wire = Wire::upgraded();
    let text = |text: &str| frame(Side::Server, Opcode::Text, true, text.as_bytes());
    wire.segment(Side::Server, ACK, &text("before"));
    let (next, stream) = (wire.next, wire.streams);
    // A byte before the next one, with a value that was never sent.
    wire.next[Side::Server as usize] = next[Side::Server as usize].wrapping_sub(1);
    wire.segment(Side::Server, ACK, b"\0");
    (wire.next, wire.streams) = (next, stream);
    wire.acknowledge(Side::Client);
    wire.segment(Side::Server, ACK, &text("after"));
    assert_eq!(texts(&opened(&wire.packets).session, Side::Server), ["before", "after"]);
}

#[test]
fn a_segment_that_comes_late_fills_its_gap_even_after_it_was_acknowledged() {
    let wire = talk();
    let whole = whole(&wire);
    for place in wire.data() {
        for later in [1, 2, 7, 30] {
            let mut packets = wire.packets.clone();
            let packet = packets.remove(place);
            packets.insert((place + later).min(packets.len()), packet);
            let opened = opened(&packets);
            assert_eq!(opened.damage, [], "{place} by {later}");
            for direction in Direction::BOTH {
                let bytes = |session: &Session| session.bytes(direction, 0, u64::MAX);
                assert_eq!(bytes(&opened.session), bytes(&whole));
            }
        }
    }
}

#[test]
fn a_gap_without_an_end_leaves_the_rest_unread() {
    let mut wire = Wire::upgraded();
    wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Text, true, b"hello"));
    // The rest of a frame that does not come to its end, of bytes that are no headers.
    let large = frame(Side::Server, Opcode::Binary, true, &[0xFF; 50_000]);
    wire.bytes(Side::Server, 1_448, &large[..20_000]);
    wire.segment(Side::Client, ACK, &frame(Side::Client, Opcode::Text, true, b"and here?"));
    let session = opened(&wire.without(&[6])).session;
    assert_eq!(session.frames.len(), 2);
    let rule = session.findings.iter().find(|finding| finding.rule.name() == "frames-missing").unwrap().rule;
    assert_eq!(rule, Rule::FramesMissing { gap: Gap { length: Some(1_448), next_frame: None } });
    // Its bytes are in the session all the same.
    assert_eq!(session.streams()[Direction::ServerToClient], response().len() as u64 + 7 + 20_000);
    super::assert_survives(&session);
}

#[test]
fn frames_are_found_again_long_after_a_gap() {
    let mut wire = Wire::upgraded();
    // Far more than is held while frames are looked for.
    let large = frame(Side::Server, Opcode::Binary, true, &vec![0xFF; 3 << 20]);
    wire.bytes(Side::Server, 30_000, &large);
    for number in 0..20 {
        wire.segment(Side::Server, ACK, &frame(Side::Server, Opcode::Text, true, format!("tick {number}").as_bytes()));
    }
    let session = opened(&wire.without(&[5])).session;
    let texts = texts(&session, Side::Server);
    assert!(texts.len() >= 17 && texts.last().unwrap() == "tick 19", "{texts:?}");
    super::assert_survives(&session);
}

#[test]
fn an_original_length_tells_what_was_cut_of_a_packet_that_the_network_card_was_to_cut() {
    let mut wire = short();
    // A length of 0 in the IP header.
    wire.packets.iter_mut().for_each(|packet| packet.packet[2..4].copy_from_slice(&[0, 0]));
    let texts_of = |packets: &[Captured]| texts(&opened(packets).session, Side::Client);
    assert_eq!(texts_of(&wire.packets), ["one", "two", "three", "four"]);
    assert_eq!(opened(&wire.cut(HEADERS + 8)).session.frames.len(), 10);
}
