//! One WebSocket conversation of a capture on its way to a session.

use std::sync::Arc;

use crate::protocol::direction::Direction;
use crate::protocol::inflater;
use crate::protocol::moment::Moment;
use crate::session::{ByteSource, EventKind, Origin, Perspective, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::flow::{Flow, Output};
use super::packet::Segment;
use super::resume::{Lacks, Resuming};

/// The conversation as far as it has been read.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) flow: Flow,
    started_at: u64,
    pub(super) resuming: Resuming,
}

impl Recorded {
    /// A conversation over this connection that began then, in a file that can be read again.
    pub(super) fn new(flow: Flow, url: String, started_at: u64, source: &Arc<dyn ByteSource>) -> Recorded {
        let origin = Origin { started_at, url: Some(url), perspective: Perspective::Observer };
        let recorder = Recorder::over(origin, inflater::DEFAULT_LIMIT, Arc::clone(source));
        Recorded { flow, started_at, resuming: Resuming::new(recorder) }
    }

    /// When it began.
    pub(super) fn started_at(&self) -> u64 {
        self.started_at
    }

    /// Records an event that is not in a packet.
    pub(super) fn record(&mut self, nanoseconds: u64, kind: EventKind) {
        self.resuming.event(moment(self.started_at, nanoseconds), kind);
    }

    /// Records what came out of the connection before.
    pub(super) fn output(&mut self, nanoseconds: u64, output: Output<'_>) {
        self.resuming.output(moment(self.started_at, nanoseconds), output);
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, segment: &Segment<'_>, nanoseconds: u64) {
        let Recorded { flow, started_at, resuming } = self;
        flow.accept(segment, nanoseconds, &mut |nanoseconds, output| {
            resuming.output(moment(*started_at, nanoseconds), output);
        });
    }

    /// The session, once everything has been taken.
    pub(super) fn finish(mut self, is_one_of_several: bool, damage: &mut DamageList) -> Session {
        let Recorded { flow, started_at, resuming } = &mut self;
        flow.finish(&mut |nanoseconds, output| resuming.output(moment(*started_at, nanoseconds), output));
        resuming.settle_all();
        let which = is_one_of_several.then(|| format!("the conversation from {} to {}: ", flow.client, flow.server));
        report_gaps(resuming, which.as_deref().unwrap_or_default(), damage);
        self.resuming.recorder.finish()
    }
}

fn moment(started_at: u64, nanoseconds: u64) -> Moment {
    Moment(nanoseconds.saturating_sub(started_at))
}

/// Reports what a capture lacks of a connection.
pub(super) fn report_gaps(resuming: &Resuming, which: &str, damage: &mut DamageList) {
    for direction in Direction::BOTH {
        let Lacks { bytes, places } = resuming.lacks(direction);
        if places > 0 {
            let sender = direction.sender();
            let problem = format!(
                "{which}{bytes} bytes that the {sender} sent are not in the capture, which lost packets or cut them \
                 ({places} gaps); the session shows where"
            );
            damage.add(Place::Whole, problem);
        }
    }
}
