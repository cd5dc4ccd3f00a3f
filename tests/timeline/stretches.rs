//! The figures of a stretch are those that counting frame by frame gives.

use std::time::Duration;

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::session::{Event, EventKind, FrameRow, Origin, Perspective, Session, Stretch};
use proptest::prelude::*;

const HEADS: [(Side, &str); 2] = [
    (
        Side::Client,
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ),
    (
        Side::Server,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    ),
];

/// A frame that is sent: how long after the one before, by whom, what, and whether its mask is right.
#[derive(Debug, Clone)]
struct Sent {
    pause: u64,
    side: Side,
    opcode: Opcode,
    length: usize,
    is_legal: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let side = prop_oneof![Just(Side::Client), Just(Side::Server)];
    let opcode = prop_oneof![Just(Opcode::Text), Just(Opcode::Binary), Just(Opcode::Ping), Just(Opcode::Pong)];
    let pause = prop_oneof![4 => 0..50_u64, 1 => 0..1_000_000_000_u64];
    (pause, side, opcode, 0..100_usize, prop::bool::weighted(0.95))
        .prop_map(|(pause, side, opcode, length, is_legal)| Sent { pause, side, opcode, length, is_legal })
}

fn session(sent: &[Sent]) -> Session {
    let origin = Origin { started_at: 0, url: None, perspective: Perspective::Observer };
    let heads = HEADS.map(|(side, head)| (Moment::START, side, head.as_bytes().to_vec()));
    let frames = sent.iter().scan(0, |at, sent| {
        *at += sent.pause;
        let masking_key = ((sent.side == Side::Client) == sent.is_legal).then_some(MaskingKey([1, 2, 3, 4]));
        let header = FrameHeader { masking_key, ..FrameHeader::new(sent.opcode, sent.length as u64) };
        Some((Moment(*at), sent.side, header.with_payload(&vec![b'a'; sent.length])))
    });
    let event = |(at, side, bytes): (Moment, Side, Vec<u8>)| Event {
        at,
        kind: EventKind::Bytes { direction: side.sends(), bytes: bytes.into() },
    };
    Session::replay(origin, heads.into_iter().chain(frames).map(event))
}

/// Compares the figures of a stretch with those of its frames, one by one.
fn check(session: &Session, stretch: Stretch) {
    let figures = session.figures(stretch);
    let (start, end) = match stretch {
        Stretch::Time { start, end } => (start, end),
        Stretch::Frames { from, to } => {
            let at = |number: FrameNumber| session.frame(number).unwrap().at;
            (at(from.min(to)), at(from.max(to)))
        }
    };
    let is_in = |(place, row): &(usize, &FrameRow)| match stretch {
        Stretch::Time { start, end } => (start..end).contains(&row.at),
        Stretch::Frames { from, to } => (from.min(to).index()..=from.max(to).index()).contains(place),
    };
    let frames: Vec<(usize, &FrameRow)> = session.frames.iter().enumerate().filter(is_in).collect();
    assert_eq!(figures.frames.clone().collect::<Vec<_>>(), frames.iter().map(|(place, _)| *place).collect::<Vec<_>>());
    assert_eq!((figures.start, figures.end), (start, end));
    let count = |holds: &dyn Fn(&FrameRow) -> bool| frames.iter().filter(|(_, row)| holds(row)).count() as u64;
    assert_eq!(figures.totals.frames(), frames.len() as u64);
    assert_eq!(figures.totals.messages(), count(&|row| matches!(row.opcode(), Opcode::Text | Opcode::Binary)));
    assert_eq!(figures.totals.marked(), count(&|row| row.worst_finding.is_some()));
    assert_eq!(figures.totals.worst_finding(), frames.iter().filter_map(|(_, row)| row.worst_finding).max());
    for direction in Direction::BOTH {
        let own = frames.iter().filter(|(_, row)| row.direction == direction);
        let total = &figures.totals[direction];
        assert_eq!(total.payload, own.clone().map(|(_, row)| row.payload_length).sum::<u64>());
        assert_eq!(total.opcodes, own.fold(0, |bits, (_, row)| bits | 1 << row.opcode().bits()));
    }
    let gaps = frames.windows(2).map(|pair| (pair[1].1.at.nanoseconds() - pair[0].1.at.nanoseconds(), pair[1].0));
    let longest = gaps.max_by_key(|(length, place)| (*length, std::cmp::Reverse(*place)));
    match (figures.longest_gap, longest) {
        (Some(gap), Some((length, place))) => {
            assert_eq!(gap.nanoseconds, length);
            // Where nothing is between frames, no place is better than another.
            assert!(length == 0 || gap.ended_by == place, "{gap:?} and not before {place}");
        }
        (found, counted) => assert_eq!(found.is_some(), counted.is_some()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_stretch_counts_as_its_frames_do(
        sent in prop::collection::vec(sent(), 1..1_500),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 12),
    ) {
        let session = session(&sent);
        for (one, other) in cuts {
            let [from, to] = [one, other].map(|cut| FrameNumber::from_index(cut.index(sent.len())));
            check(&session, Stretch::Frames { from, to });
            let [start, end] = [from.min(to), from.max(to)].map(|number| session.frame(number).unwrap().at);
            check(&session, Stretch::Time { start, end });
            check(&session, Stretch::Time { start: Moment(start.0 + 1), end: Moment(end.0 + 1) });
        }
    }
}

#[test]
fn groups_of_groups_of_groups_count_as_their_frames_do() {
    let opcodes = [Opcode::Text, Opcode::Binary, Opcode::Ping];
    let sent: Vec<Sent> = (0..40_000_usize)
        .map(|place| Sent {
            pause: (place * 7_919 % 10_007) as u64,
            side: if place % 3 == 0 { Side::Client } else { Side::Server },
            opcode: opcodes[place % opcodes.len()],
            length: place % 50,
            is_legal: place % 9_000 != 8_999,
        })
        .collect();
    let session = session(&sent);
    for (first, last) in [(0, 39_999), (1, 39_999), (0, 16_383), (16_384, 32_767), (63, 33_000), (20_000, 20_063)] {
        let [from, to] = [first, last].map(FrameNumber::from_index);
        check(&session, Stretch::Frames { from, to });
    }
}

#[test]
fn rates_and_the_mean_are_those_of_the_stretch() {
    let one = |pause| Sent { pause, side: Side::Server, opcode: Opcode::Binary, length: 50, is_legal: true };
    let session = session(&[one(0), one(500_000_000), one(1_500_000_000)]);
    let figures = session.figures(Stretch::Time { start: Moment(0), end: Moment(4_000_000_000) });
    assert_eq!(figures.duration(), Duration::from_secs(4));
    assert_eq!(figures.frames_per_second(), Some(0.75));
    assert_eq!(figures.bytes_per_second(), Some(37.5));
    assert_eq!(figures.mean_payload(), Some(50));
    let gap = figures.longest_gap.unwrap();
    assert_eq!((gap.nanoseconds, gap.ended_by), (1_500_000_000, 2));

    let nothing = session.figures(Stretch::Time { start: Moment(10), end: Moment(10) });
    assert_eq!((nothing.frames_per_second(), nothing.mean_payload(), nothing.longest_gap), (None, None, None));
    let number = FrameNumber::from_index(1);
    let alone = session.figures(Stretch::Frames { from: number, to: number });
    assert_eq!((alone.totals.frames(), alone.longest_gap, alone.bytes_per_second()), (1, None, None));
}
