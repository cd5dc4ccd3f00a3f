//! What a diagnosis of a session's end looks at, gathered from the session.

use std::time::Duration;

use crate::explain::diagnosis::{Circumstances, SeenFrame};
use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, Session};

/// How many of the newest frames are looked at.
const LOOKED_AT: usize = 2_048;

/// How many of the newest findings are looked at.
const FINDINGS: usize = 256;

/// How many of the newest round trips are looked at.
const ROUND_TRIPS: usize = 256;

/// The circumstances of a session's end; the work does not grow with the session.
pub fn circumstances(session: &Session) -> Circumstances<'_> {
    let start = session.frames.len().saturating_sub(LOOKED_AT);
    let seen = |(place, row): (usize, &FrameRow)| {
        let number = FrameNumber::from_index(place);
        let message = session.message_of(number).filter(|message| message.first_frame == number);
        SeenFrame {
            number,
            direction: row.direction,
            at: row.at,
            opcode: row.opcode(),
            length: message.map_or(row.payload_length, |message| message.payload_length.max(row.payload_length)),
        }
    };
    let (requested_at, opened_at) = upgrade(session);
    let handshake = requested_at.zip(opened_at).map(|(requested, opened)| opened.since(requested));
    Circumstances {
        verdict: &session.verdict,
        handshake: &session.handshake,
        perspective: session.origin.perspective,
        opened_at,
        last_frames: (start..).zip(session.frames.iter_from(start)).map(seen).collect(),
        findings: session.findings.iter_from(session.findings.len().saturating_sub(FINDINGS)).copied().collect(),
        shortest_answer: shortest_round_trip(session).into_iter().chain(handshake).min(),
        problem: session.records().find_map(|(_, kind)| match kind {
            EventKind::ConnectFailed { problem, .. } => Some(problem.as_str()),
            _ => None,
        }),
    }
}

/// When the upgrade was asked for, and when it was answered.
fn upgrade(session: &Session) -> (Option<Moment>, Option<Moment>) {
    let (mut requested, mut answered) = (None, None);
    for landmark in session.landmarks.iter() {
        match landmark.kind {
            LandmarkKind::Request => requested = Some(landmark.at),
            LandmarkKind::Response { .. } => answered = Some(landmark.at),
            LandmarkKind::Event(_) => {}
        }
    }
    (requested, answered)
}

/// The shortest time from a Ping of the client to its Pong.
fn shortest_round_trip(session: &Session) -> Option<Duration> {
    let newest = session.round_trips.iter_from(session.round_trips.len().saturating_sub(ROUND_TRIPS));
    let own = newest.filter(|trip| trip.direction == Direction::ClientToServer);
    own.map(|trip| trip.answered_at.since(trip.sent_at)).min()
}
