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

/// The session as far as it has been read.
#[derive(Debug)]
pub(super) struct OwnLog {
    started_at: u64,
    recorder: Recorder,
    records: Records,
    flow: Option<Flow>,
    strange_packets: u64,
}

impl OwnLog {
    /// A log with this origin, from the records in its section header, in a file that can be read again.
    pub(super) fn new(origin: Origin, source: Arc<dyn ByteSource>) -> OwnLog {
        OwnLog {
            started_at: origin.started_at,
            recorder: Recorder::over(origin, inflater::DEFAULT_LIMIT, source),
            records: Records::default(),
            flow: None,
            strange_packets: 0,
        }
    }

    /// The session so far.
    pub(super) fn recorder(&mut self) -> &mut Recorder {
        &mut self.recorder
    }

    /// Takes the record of an entry; says whether it was the end of a side.
    pub(super) fn record(&mut self, line: &str, place: Place, damage: &mut DamageList) -> bool {
        match record::read(line) {
            Ok(Entry::Annotation(_, annotation)) => {
                self.recorder.annotate_anchored(annotation);
                false
            }
            Ok(Entry::Event(event)) => {
                let is_end = matches!(event.kind, EventKind::TransportEnded { .. });
                self.recorder.record(event);
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
        let Packet::Tcp(segment) = Packet::parse(captured.link_type, captured.bytes, captured.position) else {
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
        if segment.missing > 0 {
            damage.add(place, format!("{} bytes of a packet are missing", segment.missing));
        }
        let since_start = captured.nanoseconds.map(|nanoseconds| nanoseconds.saturating_sub(self.started_at));
        // A packet without a time keeps its place; the recorder moves it up to the newest moment.
        let at = Moment(since_start.unwrap_or(0));
        let recorder = &mut self.recorder;
        flow.accept(&segment, &mut |output| match output {
            Output::Bytes(direction, piece) => recorder.record_kept(at, direction, &piece.bytes, piece.position),
            Output::Ended(..) if end_is_recorded => {}
            Output::Ended(side, how) => recorder.record(Event { at, kind: EventKind::TransportEnded { side, how } }),
            Output::GivenUp(direction) => damage.add(place, super::recorded::given_up(direction)),
        });
    }

    /// The session, once everything has been taken.
    pub(super) fn finish(self, damage: &mut DamageList) -> Session {
        if self.strange_packets > 0 {
            let problem =
                format!("{} packets are not of the session's connection and were left out", self.strange_packets);
            damage.add(Place::Whole, problem);
        }
        self.flow.iter().for_each(|flow| super::recorded::report_gaps(flow, false, damage));
        finished(self.recorder, damage)
    }
}
