//! All that a session shows, without its moments, which depend on the parts.

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::finding::{Rule, Severity};
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::verdict::{Outcome, TransportEnd};
use closelook::session::{MessageReader, Session};

use super::talk::{SaidFrame, SaidMessage, SaidRoundTrip};

/// A finding; its frame is counted over both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) frame: Option<usize>,
    pub(super) side: Option<Side>,
    pub(super) rule: Rule,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownVerdict {
    pub(super) outcome: Outcome,
    pub(super) clean: bool,
    pub(super) first_close: Option<Side>,
    closes: [Option<(usize, Vec<u8>)>; 2],
    reports: [Option<u16>; 2],
    ends: [Option<(Side, TransportEnd)>; 2],
    frames_between_closes: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct View {
    frames: Vec<SaidFrame>,
    marks: Vec<Option<Severity>>,
    messages: Vec<SaidMessage>,
    /// In the order of the Pings, each counted in its direction alone.
    pub(super) round_trips: Vec<SaidRoundTrip>,
    pub(super) findings: Vec<Found>,
    pub(super) verdict: ShownVerdict,
}

impl View {
    pub(super) fn of(session: &Session) -> View {
        let frames: Vec<SaidFrame> = session
            .frames
            .iter()
            .map(|row| SaidFrame {
                direction: row.direction,
                offset: row.stream_offset,
                header: session.header(row).unwrap(),
                payload: session.payload(row, u64::MAX),
            })
            .collect();
        let mut counts = [0; 2];
        let places: Vec<usize> = frames
            .iter()
            .map(|frame| {
                let count = &mut counts[frame.direction as usize];
                *count += 1;
                *count - 1
            })
            .collect();
        let place = |number: FrameNumber| places[number.index()];
        let mut reader = MessageReader::default();
        let messages = session
            .messages()
            .map(|message| SaidMessage {
                direction: message.direction,
                kind: message.kind,
                first_frame: place(message.first_frame),
                last_frame: place(message.last_frame),
                fragments: message.fragments,
                payload_length: message.payload_length,
                inflated_length: message.inflated.map(|inflated| inflated.length),
                content: reader.content(session, &message, u64::MAX),
            })
            .collect();
        let mut round_trips: Vec<SaidRoundTrip> =
            session.round_trips.iter().map(|trip| (trip.direction, place(trip.ping), place(trip.pong))).collect();
        round_trips.sort_unstable();
        let findings = session.findings.iter().map(|finding| Found {
            frame: finding.frame.map(FrameNumber::index),
            side: finding.direction.map(Direction::sender),
            rule: finding.rule,
        });
        let verdict = &session.verdict;
        View {
            marks: session.frames.iter().map(|row| row.worst_finding).collect(),
            findings: findings.collect(),
            frames,
            messages,
            round_trips,
            verdict: ShownVerdict {
                outcome: verdict.outcome,
                clean: verdict.clean,
                first_close: verdict.first_close,
                closes: Side::BOTH.map(|side| {
                    verdict.sides[side].sent_close.as_ref().map(|close| (close.number.index(), close.wire.clone()))
                }),
                reports: Side::BOTH.map(|side| verdict.sides[side].reports.map(|code| code.0)),
                ends: [verdict.transport_end, verdict.second_transport_end]
                    .map(|ending| ending.map(|ending| (ending.side, ending.how))),
                frames_between_closes: verdict.frames_between_closes,
            },
        }
    }

    pub(super) fn frames_of(&self, direction: Direction) -> Vec<SaidFrame> {
        self.frames.iter().filter(|frame| frame.direction == direction).cloned().collect()
    }

    pub(super) fn messages_of(&self, direction: Direction) -> Vec<SaidMessage> {
        self.messages.iter().filter(|message| message.direction == direction).cloned().collect()
    }
}
