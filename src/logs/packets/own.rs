//! Reading back what the writer of this program wrote: every packet with bytes is one event, and comments hold the others.

use std::sync::Arc;

use crate::protocol::inflater;
use crate::protocol::moment::Moment;
use crate::session::{ByteSource, Event, EventKind, Origin, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::super::entries::Entry;
use super::super::{finished, record};
use super::blocks::CapturedPacket;
use super::comments::Records;
use super::flow::{Flow, Output};
use super::packet::Packet;
use super::resume::Resuming;

/// The session as far as it has been read.
#[derive(Debug)]
pub(super) struct OwnLog {
    started_at: u64,
    resuming: Resuming,
    records: Records,
    flow: Option<Flow>,
    strange_packets: u64,
}

impl OwnLog {
    /// A log with this origin, from the records in its section header, in a file that can be read again.
    pub(super) fn new(origin: Origin, source: Arc<dyn ByteSource>) -> OwnLog {
        OwnLog {
            started_at: origin.started_at,
            resuming: Resuming::new(Recorder::over(origin, inflater::DEFAULT_LIMIT, source)),
            records: Records::default(),
            flow: None,
            strange_packets: 0,
        }
    }

    /// The session so far.
    pub(super) fn recorder(&mut self) -> &mut Recorder {
        &mut self.resuming.recorder
    }

    /// Takes the record of an entry; says whether it was the end of a side.
    pub(super) fn record(&mut self, line: &str, place: Place, damage: &mut DamageList) -> bool {
        match record::read(line) {
            Ok(Entry::Annotation(_, annotation)) => {
                self.resuming.recorder.annotate_anchored(annotation);
                false
            }
            Ok(Entry::Event(Event { at, kind })) => {
                let is_end = matches!(kind, EventKind::TransportEnded { .. });
                if let (EventKind::Missing { direction, gap }, Some(flow)) = (&kind, &mut self.flow) {
                    flow.skip(*direction, gap.length.unwrap_or(0));
                }
                self.resuming.event(at, kind);
                is_end
            }
            Err(problem) => {
                damage.add(place, format!("a comment is {problem}"));
                false
            }
        }
    }

    /// Takes a packet.
    pub(super) fn packet(&mut self, captured: &CapturedPacket<'_>, place: Place, damage: &mut DamageList) {
        let mut end_is_recorded = false;
        for comment in captured.comments.clone() {
            if let Some(line) = self.records.take(comment) {
                end_is_recorded |= self.record(&line, place, damage);
            }
        }
        let Packet::Tcp(segment) = Packet::parse(captured) else {
            self.strange_packets += 1;
            return;
        };
        // The writer sees to it that the server's port is the lower one, for captures whose start was cut off.
        let is_from_client = if segment.syn { !segment.ack } else { segment.to.port() < segment.from.port() };
        let flow = self.flow.get_or_insert_with(|| Flow::new(&segment, is_from_client));
        if !flow.has(&segment) {
            self.strange_packets += 1;
            return;
        }
        // A packet without a time keeps its place; the recorder moves it up to the newest moment.
        let nanoseconds = captured.nanoseconds.unwrap_or(self.started_at);
        let OwnLog { resuming, started_at, .. } = self;
        flow.accept(&segment, nanoseconds, &mut |nanoseconds, output| {
            if !(end_is_recorded && matches!(output, Output::Ended(..))) {
                resuming.output(Moment(nanoseconds.saturating_sub(*started_at)), output);
            }
        });
    }

    /// The session, once everything has been taken.
    pub(super) fn finish(mut self, damage: &mut DamageList) -> Session {
        if self.strange_packets > 0 {
            let problem =
                format!("{} packets are not of the session's connection and were left out", self.strange_packets);
            damage.add(Place::Whole, problem);
        }
        let OwnLog { resuming, started_at, flow, .. } = &mut self;
        if let Some(flow) = flow {
            flow.finish(&mut |nanoseconds, output| {
                resuming.output(Moment(nanoseconds.saturating_sub(*started_at)), output);
            });
        }
        resuming.settle_all();
        super::recorded::report_gaps(resuming, "", damage);
        finished(self.resuming.recorder, damage)
    }
}
