//! The same figures worked out the slow way, from a list of all frames, for any session.

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::opcode::Opcode;
use closelook::session::statistics::{Distribution, Statistics, Traffic};
use closelook::session::{FrameRow, Session};
use proptest::prelude::*;

use crate::talk::Talk;

/// What is said, and how long after what was said before, in nanoseconds.
pub(crate) type Said = (u64, Side, Opcode, usize, u8);

/// Anything that two sides may say, at any pace.
pub(crate) fn said() -> impl Strategy<Value = Vec<Said>> {
    let side = prop::sample::select(Side::BOTH.to_vec());
    let opcode =
        prop::sample::select(vec![Opcode::Text, Opcode::Binary, Opcode::Ping, Opcode::Pong, Opcode::Reserved(5)]);
    let pause = prop_oneof![0..3_u64, 0..100_000_u64, 0..50_000_000_u64, 0..3_000_000_000_u64];
    let length = prop_oneof![4 => 0..126_usize, 2 => 0..3_000_usize, 1 => 59_000..130_000_usize];
    prop::collection::vec((pause, side, opcode, length, 0..4_u8), 0..60)
}

/// It as a talk; some messages are compressed, some are in fragments.
pub(crate) fn talk(said: &[Said]) -> Talk {
    let mut talk = Talk::begin();
    for (pause, side, opcode, length, form) in said {
        talk.at += pause;
        let content: Vec<u8> = (0..*length).map(|at| b'a' + (at * at % 23) as u8).collect();
        match (opcode, form) {
            (Opcode::Text, 0) => talk.message(*side, &content, &[3, 700], false),
            (Opcode::Text, 1) => talk.message(*side, &content, &[5], true),
            (Opcode::Ping | Opcode::Pong, _) => talk.say(*side, *opcode, &content[..content.len().min(125)]),
            _ => talk.say(*side, *opcode, &content),
        }
    }
    talk
}

#[track_caller]
fn assert_distributed(distribution: &Distribution, mut values: Vec<u64>) {
    values.sort_unstable();
    assert_eq!(distribution.count(), values.len() as u64);
    assert_eq!(distribution.sum(), values.iter().map(|value| u128::from(*value)).sum::<u128>());
    assert_eq!(distribution.least(), values.first().copied());
    assert_eq!(distribution.most(), values.last().copied());
    for percent in [1, 50, 90, 99, 100] {
        let rank = (values.len() * percent).div_ceil(100).max(1);
        let expected = values.get(rank - 1).copied();
        let quantile = distribution.quantile(percent as u8);
        assert_eq!(quantile.is_some(), expected.is_some());
        if let (Some(quantile), Some(expected)) = (quantile, expected) {
            assert!((quantile.at_least..=quantile.at_most).contains(&expected), "{expected} is not in {quantile:?}");
            assert!(expected.abs_diff(quantile.middle()) as f64 <= 0.012 * expected as f64);
        }
    }
    let counted: u64 = distribution.bars().iter().map(|bar| bar.counts[0]).sum();
    assert_eq!(counted, values.len() as u64);
    for bar in distribution.bars() {
        let within = values.iter().filter(|value| (bar.start..=bar.last).contains(value)).count();
        assert_eq!(bar.counts[0], within as u64);
    }
}

fn differences(moments: &[u64]) -> Vec<u64> {
    moments.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The most that came in a second that begins with a multiple of ten milliseconds.
fn busiest(amounts: &[(u64, u64)]) -> u64 {
    const PART: u64 = 10_000_000;
    let starts = amounts.iter().flat_map(|(at, _)| (0..100).map(move |back| (at / PART).saturating_sub(back) * PART));
    let within = |start: u64| {
        let second = amounts.iter().filter(move |(at, _)| (start..start + 100 * PART).contains(at));
        second.map(|(_, amount)| amount).sum()
    };
    starts.map(within).max().unwrap_or(0)
}

/// Compares statistics of some frames of a session, none of which is longer than what is recorded at once or cut off.
#[track_caller]
pub(crate) fn assert_as_computed(
    statistics: &Statistics,
    session: &Session,
    is_chosen: impl Fn(FrameNumber, &FrameRow) -> bool,
) {
    let numbered = session.frames.iter().enumerate().map(|(place, row)| (FrameNumber::from_index(place), row));
    let chosen: Vec<(FrameNumber, &FrameRow)> = numbered.filter(|(number, row)| is_chosen(*number, row)).collect();
    let moments = |direction: Option<Direction>| {
        let of_it = chosen.iter().filter(|(_, row)| direction.is_none_or(|direction| row.direction == direction));
        of_it.map(|(_, row)| row.at.nanoseconds()).collect::<Vec<_>>()
    };
    assert_distributed(statistics.gaps.lengths(), differences(&moments(None)));
    let mut gaps = differences(&moments(None));
    gaps.sort_unstable_by(|one, other| other.cmp(one));
    gaps.truncate(5);
    let longest: Vec<u64> = statistics.gaps.longest().iter().map(|gap| gap.nanoseconds()).collect();
    assert_eq!(longest, gaps);
    for direction in Direction::BOTH {
        let rows: Vec<&(FrameNumber, &FrameRow)> =
            chosen.iter().filter(|(_, row)| row.direction == direction).collect();
        let way = &statistics.ways[direction];
        let wire = |row: &FrameRow| row.header_length() + row.payload_length;
        for bits in 0..16 {
            let opcode = Opcode::from_bits(bits);
            let of_opcode = || rows.iter().filter(|(_, row)| row.opcode() == opcode);
            let expected = Traffic {
                frames: of_opcode().count() as u64,
                payload: of_opcode().map(|(_, row)| row.payload_length).sum(),
                headers: of_opcode().map(|(_, row)| row.header_length()).sum(),
            };
            let found = way.by_opcode().find(|(known, _)| *known == opcode).map(|(_, traffic)| traffic);
            assert_eq!(found.unwrap_or_default(), expected);
        }
        assert_distributed(&way.lengths, rows.iter().map(|(_, row)| row.payload_length).collect());
        assert_distributed(way.gaps.lengths(), differences(&moments(Some(direction))));
        let messages = rows
            .iter()
            .filter_map(|(number, _)| session.message_of(*number).filter(|message| message.first_frame == *number));
        let whole: Vec<_> = messages.filter(|message| message.completed_at.is_some()).collect();
        assert_distributed(&way.messages.lengths, whole.iter().map(|message| message.content_length()).collect());
        assert_eq!(way.messages.fragmented, whole.iter().filter(|message| message.fragments > 1).count() as u64);
        assert_eq!(way.messages.compressed, whole.iter().filter(|message| message.inflated.is_some()).count() as u64);
        // A payload longer than what is recorded at once counts part by part, which has a test of its own.
        if rows.iter().all(|(_, row)| row.payload_length <= 60_000) {
            let frames: Vec<_> = rows.iter().map(|(_, row)| (row.at.nanoseconds(), 1)).collect();
            let bytes: Vec<_> = rows.iter().map(|(_, row)| (row.at.nanoseconds(), wire(row))).collect();
            assert_eq!(way.busiest_by_frames().map_or(0, |second| second.amount), busiest(&frames));
            assert_eq!(way.busiest_by_bytes().map_or(0, |second| second.amount), busiest(&bytes));
            let width = statistics.throughput.width();
            for (start, bucket) in statistics.throughput.buckets() {
                let start = start.nanoseconds();
                let within = || rows.iter().filter(|(_, row)| (start..start + width).contains(&row.at.nanoseconds()));
                assert_eq!(bucket[direction].frames, within().count() as u64);
                assert_eq!(bucket[direction].bytes, within().map(|(_, row)| wire(row)).sum::<u64>());
            }
        }
        let carried: u64 = statistics.throughput.buckets().map(|(_, bucket)| bucket[direction].bytes).sum();
        assert_eq!(carried, way.all().wire());
    }
    assert!(statistics.throughput.buckets().len() <= 1_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn statistics_are_what_a_slow_computation_gives(said in said()) {
        let session = talk(&said).session();
        assert_as_computed(&Statistics::of_all(&session), &session, |_, _| true);
    }

    #[test]
    fn statistics_of_some_frames_are_those_of_no_others(said in said(), every in 1..5_usize) {
        let session = talk(&said).session();
        let numbered = session.frames.iter().enumerate().map(|(place, row)| (FrameNumber::from_index(place), row));
        let statistics = Statistics::of(&session, numbered.step_by(every), |_| false);
        assert_as_computed(&statistics, &session, |number, _| number.index() % every == 0);
    }
}
