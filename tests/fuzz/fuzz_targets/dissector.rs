//! A conversation cut in two ways shows the same facts, never panics and keeps little; its frames, written again, are its bytes, each
//! finding is on a frame that is known, and no message inflates beyond the limit.
#![no_main]

use closelook_fuzz::protocol::direction::{Direction, PerDirection};
use closelook_fuzz::protocol::dissector::{Dissector, Fact};
use closelook_fuzz::protocol::moment::Moment;
use closelook_fuzz::protocol::verdict::Verdict;
use closelook_fuzz::talk::{Step, steps, upgrade};
use libfuzzer_sys::fuzz_target;

const LIMIT: u64 = 4096;

fn dissect(opening: Option<u8>, steps: &[Step<'_>], piece: usize) -> (Vec<Fact>, Verdict) {
    let at = Moment(1);
    let (mut dissector, mut facts) = (Dissector::with_inflation_limit(LIMIT), Vec::new());
    let mut report = |fact| facts.push(fact);
    if let Some(agreed) = opening {
        let [request, response] = upgrade(agreed);
        dissector.receive(Direction::ClientToServer, at, &request, &mut report);
        dissector.receive(Direction::ServerToClient, at, &response, &mut report);
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

fn check(facts: &[Fact], streams: &PerDirection<Vec<u8>>) {
    let (mut frames, mut messages) = (0, 0);
    let mut ends: PerDirection<Option<u64>> = PerDirection::default();
    for fact in facts {
        match fact {
            Fact::Frame(frame) => {
                frames += 1;
                assert_eq!(frame.number.0, frames);
                let mut written = Vec::new();
                frame.header.write(&mut written);
                let start = frame.stream_offset as usize;
                assert!(streams[frame.direction][start..].starts_with(&written));
                // No byte between two frames of a direction is left out.
                let end = &mut ends[frame.direction];
                assert!(end.is_none_or(|end| end == frame.stream_offset));
                let length = written.len() as u64;
                *end = Some(frame.stream_offset.saturating_add(length).saturating_add(frame.header.payload_length));
            }
            Fact::Finding(finding) => assert!(finding.frame.is_none_or(|number| (1..=frames).contains(&number.0))),
            Fact::Message { index, message } => {
                assert!(*index <= messages);
                messages = messages.max(index + 1);
                assert!(message.first_frame <= message.last_frame && message.last_frame.0 <= frames);
                assert!(message.content_length() <= LIMIT || message.inflated.is_none());
            }
            Fact::CompressionContext { context, .. } => assert!(context.len() <= 32 * 1024),
            Fact::RoundTrip(trip) => assert!(trip.ping.0 <= frames && trip.pong.0 <= frames),
            Fact::Request(_) | Fact::Response { .. } => {}
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let steps = steps(rest);
    let opening = (first & 1 == 0).then_some(first >> 1 & 7);
    let whole = dissect(opening, &steps, usize::MAX);
    let mut streams: PerDirection<Vec<u8>> = PerDirection::default();
    if let Some(agreed) = opening {
        let [request, response] = upgrade(agreed);
        streams[Direction::ClientToServer] = request;
        streams[Direction::ServerToClient] = response;
    }
    steps.iter().for_each(|(direction, _, bytes)| streams[*direction].extend_from_slice(bytes));
    check(&whole.0, &streams);
    assert!(whole == dissect(opening, &steps, 1 + usize::from(first >> 4)));
});
