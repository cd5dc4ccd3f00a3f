//! One WebSocket conversation of a capture on its way to a session.

use std::sync::Arc;

use crate::protocol::direction::Direction;
use crate::protocol::inflater;
use crate::protocol::moment::Moment;
use crate::session::{ByteSource, Event, EventKind, Origin, Perspective, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::flow::{Flow, Output};
use super::packet::Segment;

/// The conversation as far as it has been read.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) flow: Flow,
    started_at: u64,
    pub(super) recorder: Recorder,
}

impl Recorded {
    /// A conversation over this connection that began then, in a file that can be read again.
    pub(super) fn new(flow: Flow, url: String, started_at: u64, source: &Arc<dyn ByteSource>) -> Recorded {
        let origin = Origin { started_at, url: Some(url), perspective: Perspective::Observer };
        Recorded { flow, started_at, recorder: Recorder::over(origin, inflater::DEFAULT_LIMIT, Arc::clone(source)) }
    }

    /// Records an event that is not in a packet.
    pub(super) fn record(&mut self, nanoseconds: u64, kind: EventKind) {
        let at = self.moment(nanoseconds);
        self.recorder.record(Event { at, kind });
    }

    /// Records what came out of the connection before.
    pub(super) fn output(&mut self, nanoseconds: u64, output: Output<'_>, place: Place, damage: &mut DamageList) {
        let at = self.moment(nanoseconds);
        record(&mut self.recorder, at, output, place, damage);
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, segment: &Segment<'_>, nanoseconds: u64, place: Place, damage: &mut DamageList) {
        if segment.missing > 0 {
            damage.add(place, format!("{} bytes of this packet were not captured", segment.missing));
        }
        let at = self.moment(nanoseconds);
        let recorder = &mut self.recorder;
        self.flow.accept(segment, &mut |output| record(recorder, at, output, place, damage));
    }

    /// The session, once everything has been taken.
    pub(super) fn finish(self, is_one_of_several: bool, damage: &mut DamageList) -> Session {
        report_gaps(&self.flow, is_one_of_several, damage);
        self.recorder.finish()
    }

    fn moment(&self, nanoseconds: u64) -> Moment {
        Moment(nanoseconds.saturating_sub(self.started_at))
    }
}

fn record(recorder: &mut Recorder, at: Moment, output: Output<'_>, place: Place, damage: &mut DamageList) {
    match output {
        Output::Bytes(direction, piece) => recorder.record_kept(at, direction, &piece.bytes, piece.position),
        Output::Ended(side, how) => recorder.record(Event { at, kind: EventKind::TransportEnded { side, how } }),
        Output::GivenUp(direction) => damage.add(place, given_up(direction)),
    }
}

/// What is said of a direction that lacks too much.
pub(super) fn given_up(direction: Direction) -> String {
    format!(
        "too much waits for bytes that the {} sent and the capture lacks: the rest of them was left out",
        direction.sender()
    )
}

/// Reports what a connection lacks at its end.
pub(super) fn report_gaps(flow: &Flow, is_one_of_several: bool, damage: &mut DamageList) {
    let which = if is_one_of_several {
        format!("the conversation from {} to {}: ", flow.client, flow.server)
    } else {
        String::new()
    };
    for direction in Direction::BOTH {
        if let Some((position, waiting)) = flow.gap(direction) {
            let problem = format!(
                "{which}the capture lacks bytes that the {} sent after its first {position}; \
                 the {waiting} bytes after them were left out",
                direction.sender()
            );
            damage.add(Place::Whole, problem);
        }
    }
}
