//! Small sessions whose figures were worked out by hand.

use std::time::Duration;

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::session::statistics::{Distribution, Statistics, Traffic};

use crate::talk::Talk;

const CLIENT: Direction = Direction::ClientToServer;
const SERVER: Direction = Direction::ServerToClient;

/// A talk in which frames come at these moments, in milliseconds.
fn talk(frames: &[(u64, Side, Opcode, usize)]) -> Talk {
    let mut talk = Talk::begin();
    for (at, side, opcode, length) in frames {
        // A frame comes one millisecond after the moment that the talk is at.
        talk.at = (at - 1) * 1_000_000;
        talk.say(*side, *opcode, &vec![b'a'; *length]);
    }
    talk
}

/// Least, median, nine tenths, ninety-nine hundredths and most.
#[track_caller]
fn five(distribution: &Distribution) -> [u64; 5] {
    let quantile = |percent| {
        let quantile = distribution.quantile(percent).unwrap();
        assert!(quantile.is_exact(), "{quantile:?}");
        quantile.middle()
    };
    [distribution.least().unwrap(), quantile(50), quantile(90), quantile(99), distribution.most().unwrap()]
}

#[test]
fn frames_and_bytes_are_counted_by_opcode_and_direction() {
    let session = talk(&[
        (10, Side::Client, Opcode::Text, 5),
        (20, Side::Client, Opcode::Text, 200),
        (30, Side::Server, Opcode::Binary, 70_000),
        (40, Side::Server, Opcode::Ping, 4),
        (50, Side::Client, Opcode::Pong, 4),
        (60, Side::Server, Opcode::Reserved(0xB), 1),
    ])
    .session();
    let statistics = Statistics::of_all(&session);
    let by_opcode = |direction: Direction| statistics.ways[direction].by_opcode().collect::<Vec<_>>();
    // Header lengths: two bytes, two more for 126 to 65,535, eight more beyond, and four for a masking key.
    let text = Traffic { frames: 2, payload: 205, headers: 6 + 8 };
    let pong = Traffic { frames: 1, payload: 4, headers: 6 };
    assert_eq!(by_opcode(CLIENT), [(Opcode::Text, text), (Opcode::Pong, pong)]);
    let binary = Traffic { frames: 1, payload: 70_000, headers: 10 };
    let ping = Traffic { frames: 1, payload: 4, headers: 2 };
    let reserved = Traffic { frames: 1, payload: 1, headers: 2 };
    assert_eq!(by_opcode(SERVER), [(Opcode::Binary, binary), (Opcode::Ping, ping), (Opcode::Reserved(0xB), reserved)]);
    let server = &statistics.ways[SERVER];
    assert_eq!(server.all(), Traffic { frames: 3, payload: 70_005, headers: 14 });
    assert_eq!(server.all().wire(), 70_019);
    // The upper half of the opcodes is that of control frames, the reserved ones included.
    assert_eq!(server.control(), Traffic { frames: 2, payload: 5, headers: 4 });
    assert_eq!(statistics.frames(), 6);
}

#[test]
fn lengths_have_their_quantiles() {
    let lengths = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
    let frames: Vec<_> =
        lengths.iter().zip(1..).map(|(length, at)| (at, Side::Server, Opcode::Text, *length)).collect();
    let statistics = Statistics::of_all(&talk(&frames).session());
    let lengths = &statistics.ways[SERVER].lengths;
    assert_eq!(five(lengths), [10, 50, 90, 100, 100]);
    assert_eq!((lengths.count(), lengths.sum(), lengths.mean()), (10, 550, Some(55.0)));
    let bars: Vec<_> = lengths.bars().iter().map(|bar| (bar.start, bar.last, bar.counts[0])).collect();
    assert_eq!(bars, [(8, 15, 1), (16, 31, 2), (32, 63, 3), (64, 127, 4)]);
    assert_eq!(statistics.ways[CLIENT].lengths.quantile(50), None);
    assert_eq!(statistics.ways[CLIENT].lengths.bars(), []);
    // Together with the other side's, as far as there are any.
    let both = statistics.ways[CLIENT].lengths.clone().with(lengths);
    assert_eq!(five(&both), [10, 50, 90, 100, 100]);
}

#[test]
fn a_quantile_of_large_values_says_where_it_lies() {
    let frames: Vec<_> = (1..=9).map(|at| (at, Side::Client, Opcode::Binary, 1_000 * at as usize)).collect();
    let statistics = Statistics::of_all(&talk(&frames).session());
    let median = statistics.ways[CLIENT].lengths.quantile(50).unwrap();
    assert!(!median.is_exact());
    // 5,000 lies in a bin of 32 bytes.
    assert_eq!((median.at_least, median.at_most), (4_992, 5_023));
    assert_eq!(statistics.ways[CLIENT].lengths.most(), Some(9_000));
}

#[test]
fn gaps_are_those_of_each_side_and_those_of_both() {
    let session = talk(&[
        (10, Side::Client, Opcode::Text, 1),
        (11, Side::Server, Opcode::Text, 1),
        (20, Side::Client, Opcode::Text, 1),
        (50, Side::Client, Opcode::Text, 1),
        (51, Side::Server, Opcode::Text, 1),
    ])
    .session();
    let statistics = Statistics::of_all(&session);
    let milliseconds = |count: u64| count * 1_000_000;
    let lengths = |gaps: &closelook::session::statistics::Gaps| (gaps.lengths().least(), gaps.lengths().most());
    assert_eq!(lengths(&statistics.gaps), (Some(milliseconds(1)), Some(milliseconds(30))));
    assert_eq!(lengths(&statistics.ways[CLIENT].gaps), (Some(milliseconds(10)), Some(milliseconds(30))));
    assert_eq!(lengths(&statistics.ways[SERVER].gaps), (Some(milliseconds(40)), Some(milliseconds(40))));
    let longest: Vec<_> = statistics.gaps.longest().iter().map(|gap| (gap.after.0, gap.before.0)).collect();
    assert_eq!(longest, [(3, 4), (2, 3), (1, 2), (4, 5)]);
    assert_eq!(statistics.gaps.longest()[0].length(), Duration::from_millis(30));
    // Each step of the scale leads to the first of its gaps: 1 ms, then 9 ms, then 30 ms.
    let bars = Distribution::side_by_side([statistics.gaps.lengths(), statistics.ways[SERVER].gaps.lengths()]);
    let bars: Vec<_> = bars.iter().map(|bar| (bar.start, bar.counts)).collect();
    let step = |start, count, of_server| (milliseconds(start), [count, of_server]);
    assert_eq!(bars, [step(1, 2, 0), step(2, 0, 0), step(5, 1, 0), step(10, 0, 0), step(20, 1, 1)]);
    // Each step leads to the first of its gaps.
    let first = |length| statistics.gaps.first_like(milliseconds(length)).map(|number| number.0);
    assert_eq!([1, 2, 9, 30, 100].map(first), [Some(2), None, Some(3), Some(4), None]);
}

#[test]
fn messages_are_counted_with_their_fragments_and_their_compression() {
    let mut talk = Talk::begin();
    talk.say(Side::Server, Opcode::Text, b"whole");
    talk.message(Side::Server, b"in three parts", &[2, 9], false);
    let compressed = "the same again and again, ".repeat(40);
    talk.message(Side::Client, compressed.as_bytes(), &[], true);
    talk.say(Side::Client, Opcode::Binary, &[0; 9]);
    let parts = talk.fragments(Side::Client, b"never ended", &[4], false);
    talk.fragment(Side::Client, &parts, 0, false, b"never ended");
    let session = talk.session();
    let deflated = session.frame(closelook::protocol::frame::FrameNumber(5)).unwrap().payload_length;
    let statistics = Statistics::of_all(&session);
    let server = &statistics.ways[SERVER].messages;
    assert_eq!((server.text, server.binary, server.whole()), (2, 0, 2));
    assert_eq!((server.fragmented, server.most_fragments, server.compressed, server.unfinished), (1, 3, 0, 0));
    assert_eq!(five(&server.lengths), [5, 5, 14, 14, 14]);
    assert_eq!(server.compression_ratio(), None);
    let client = &statistics.ways[CLIENT].messages;
    assert_eq!((client.text, client.binary, client.unfinished), (1, 1, 1));
    assert_eq!((client.fragmented, client.compressed, client.not_inflated), (0, 1, 0));
    assert_eq!((client.deflated_bytes, client.inflated_bytes), (deflated, 40 * 26));
    assert_eq!(client.compression_ratio(), Some(deflated as f64 / 1_040.0));
    assert_eq!((client.lengths.least(), client.lengths.most()), (Some(9), Some(1_040)));
}

#[test]
fn throughput_is_in_round_buckets_that_hold_the_whole_session() {
    // One frame every 5 ms until 2 s: more than a thousand buckets of a millisecond, so that they are two milliseconds wide.
    let frames: Vec<_> = (1..=400).map(|step| (5 * step, Side::Server, Opcode::Text, 3)).collect();
    let statistics = Statistics::of_all(&talk(&frames).session());
    let throughput = &statistics.throughput;
    assert_eq!((throughput.width(), throughput.buckets().len()), (10_000_000, 201));
    let server = |bucket: usize| throughput.buckets().nth(bucket).unwrap().1[SERVER];
    assert_eq!((server(0).frames, server(1).frames, server(200).frames), (1, 2, 1));
    assert_eq!(server(1).bytes, 2 * (2 + 3));
    let coarse = throughput.in_at_most(10, Moment(2_000_000_000));
    assert_eq!((coarse.width(), coarse.buckets().len()), (1_000_000_000, 3));
    assert_eq!(
        coarse.buckets().map(|(at, bucket)| (at.0 / 1_000_000_000, bucket[SERVER].frames)).collect::<Vec<_>>(),
        [(0, 199), (1, 200), (2, 1)]
    );
}

#[test]
fn the_busiest_second_is_found_wherever_it_begins() {
    // Ten frames from 1.5 s to 2.4 s lie in no second that begins with a whole one; before and after comes one every half second.
    let quiet = [500, 1_000].into_iter();
    let busy = (0..10).map(|step| 1_500 + 100 * step);
    let moments = quiet.chain(busy).chain([2_900, 3_400, 3_900]);
    let frames: Vec<_> = moments.map(|at| (at, Side::Client, Opcode::Text, 4)).collect();
    let statistics = Statistics::of_all(&talk(&frames).session());
    let way = &statistics.ways[CLIENT];
    let busiest = way.busiest_by_frames().unwrap();
    assert_eq!(busiest.amount, 10);
    assert_eq!(busiest.from, Moment(1_410_000_000));
    assert_eq!(way.busiest_by_bytes().unwrap().amount, 10 * (6 + 4));
    assert_eq!(statistics.ways[SERVER].busiest_by_frames(), None);
}

#[test]
fn broken_rules_are_counted_the_worst_first() {
    let mut talk = Talk::begin();
    for _ in 0..3 {
        talk.say(Side::Server, Opcode::Reserved(0x3), b"");
    }
    // A frame of the client whose key is zero, and one without a key.
    talk.parts.push((Side::Client, talk.at, vec![0x81, 0x80, 0, 0, 0, 0]));
    talk.parts.push((Side::Client, talk.at, vec![0x81, 0x00]));
    let statistics = Statistics::of_all(&talk.session());
    let rules: Vec<_> = statistics.broken_rules.iter().map(|broken| (broken.rule.name(), broken.count)).collect();
    assert_eq!(rules, [("reserved-opcode", 3), ("client-frame-not-masked", 1), ("masking-key-zero", 1)]);
}

#[test]
fn a_frame_that_did_not_come_as_a_whole_counts_as_far_as_it_came() {
    let mut talk = Talk::begin();
    talk.say(Side::Server, Opcode::Text, b"whole");
    let header = FrameHeader::new(Opcode::Binary, 1 << 62);
    talk.at += 1_000_000;
    talk.parts.push((Side::Server, talk.at, header.with_payload(b"seventeen bytes..")));
    let statistics = Statistics::of_all(&talk.session());
    let server = &statistics.ways[SERVER];
    let binary = Traffic { frames: 1, payload: 17, headers: 10 };
    assert_eq!(server.by_opcode().last(), Some((Opcode::Binary, binary)));
    assert_eq!(server.lengths.most(), Some(1 << 62));
    assert_eq!(server.busiest_by_bytes().unwrap().amount, 2 + 5 + 10 + 17);
    assert_eq!((server.messages.whole(), server.messages.unfinished), (1, 1));
}

#[test]
fn a_long_payload_counts_in_the_moments_at_which_its_parts_came() {
    let mut talk = Talk::begin();
    talk.say(Side::Server, Opcode::Binary, &[0; 100_000]);
    let (side, at, bytes) = talk.parts.pop().unwrap();
    for (place, part) in bytes.chunks(20_000).enumerate() {
        talk.parts.push((side, at + place as u64 * 1_000_000_000, part.to_vec()));
    }
    let statistics = Statistics::of_all(&talk.session());
    let seconds = statistics.throughput.in_at_most(10, Moment(5_000_000_000));
    assert_eq!(seconds.width(), 1_000_000_000);
    let bytes: Vec<_> = seconds.buckets().map(|(_, bucket)| bucket[SERVER].bytes).collect();
    assert_eq!(bytes, [20_000, 20_000, 20_000, 20_000, 20_000, 10]);
    assert_eq!(statistics.ways[SERVER].busiest_by_bytes().unwrap().amount, 20_000);
}

#[test]
fn a_session_without_frames_has_no_figures() {
    let statistics = Statistics::of_all(&Talk::begin().session());
    assert_eq!(statistics.frames(), 0);
    assert_eq!(statistics.ways[CLIENT].by_opcode().count(), 0);
    assert_eq!(statistics.gaps.longest(), []);
    assert_eq!(statistics.throughput.buckets().len(), 0);
}
