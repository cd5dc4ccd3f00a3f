//! A recorded session answers every question about it: frames and messages are what was sent, read in any order, and nothing inflates
//! beyond the limit.
#![no_main]

use bytes::Bytes;
use closelook_fuzz::protocol::direction::{Direction, PerDirection};
use closelook_fuzz::protocol::frame::FrameNumber;
use closelook_fuzz::protocol::moment::Moment;
use closelook_fuzz::session::statistics::Statistics;
use closelook_fuzz::session::{Event, EventKind, MessageReader, Origin, Perspective, Recorder};
use closelook_fuzz::talk::{steps, upgrade};
use libfuzzer_sys::fuzz_target;

const LIMIT: u64 = 4096;

fuzz_target!(|input: &[u8]| {
    let Some((agreed, rest)) = input.split_first() else { return };
    let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
    let mut recorder = Recorder::with_inflation_limit(origin, LIMIT);
    let mut streams: PerDirection<Vec<u8>> = PerDirection::default();
    let mut now = 0;
    let mut record = |direction: Direction, bytes: &[u8]| {
        streams[direction].extend_from_slice(bytes);
        let bytes = Bytes::copy_from_slice(bytes);
        now += 1;
        recorder.record(Event { at: Moment(now), kind: EventKind::Bytes { direction, bytes } });
    };
    let [request, response] = upgrade(*agreed);
    record(Direction::ClientToServer, &request);
    record(Direction::ServerToClient, &response);
    let steps = steps(rest);
    steps.iter().filter(|(_, end, _)| end.is_none()).for_each(|(direction, _, bytes)| record(*direction, bytes));
    for (direction, how) in steps.iter().filter_map(|(direction, end, _)| Some((direction, (*end)?))) {
        let kind = EventKind::TransportEnded { side: direction.sender(), how };
        recorder.record(Event { at: Moment(u64::MAX), kind });
    }
    let session = recorder.finish();
    for direction in Direction::BOTH {
        assert!(session.bytes(direction, 0, u64::MAX) == streams[direction]);
    }
    for (place, row) in session.frames.iter().enumerate() {
        let wire = session.filled_wire_bytes(row, u64::MAX).bytes;
        assert!(streams[row.direction][row.stream_offset as usize..].starts_with(&wire));
        let header = session.header(row).expect("a frame has a header");
        let mut again = header.with_payload(&session.payload(row, u64::MAX));
        again.truncate(wire.len());
        assert!(again == wire);
        for finding in session.findings_of(FrameNumber::from_index(place)) {
            assert!(session.findings.iter().any(|known| known == finding));
        }
    }
    let marked = session.findings.iter().filter(|finding| finding.frame.is_some()).count();
    let found: usize = (0..session.frames.len())
        .map(|place| session.findings_of(FrameNumber::from_index(place)).count())
        .sum();
    assert_eq!(found, marked);
    let statistics = Statistics::of_all(&session);
    assert_eq!(statistics.frames(), session.frames.len() as u64);
    assert_eq!(statistics.broken_rules.iter().map(|broken| broken.count).sum::<u64>(), session.findings.len() as u64);
    for direction in Direction::BOTH {
        let wire = statistics.ways[direction].all().wire();
        assert!(wire <= streams[direction].len() as u64);
        assert_eq!(statistics.throughput.buckets().map(|(_, bucket)| bucket[direction].bytes).sum::<u64>(), wire);
    }
    let messages: Vec<_> = session.messages().collect();
    let mut reader = MessageReader::default();
    let in_order: Vec<Vec<u8>> = messages.iter().map(|message| reader.content(&session, message, u64::MAX)).collect();
    for (message, content) in messages.iter().zip(&in_order).rev() {
        match message.inflated {
            Some(inflated) => {
                assert!(inflated.length <= LIMIT && content.len() as u64 <= LIMIT);
                // While a frame is arriving, the list says how far the message was when that frame began.
                assert!(inflated.length <= content.len() as u64);
                assert!(message.completed_at.is_none() || inflated.length == content.len() as u64);
            }
            None => assert!(content.len() as u64 <= message.payload_length),
        }
        assert!(session.message_content(message, u64::MAX) == *content);
        assert!(reader.content(&session, message, 7) == content[..content.len().min(7)]);
    }
});
