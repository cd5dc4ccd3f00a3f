//! The recorder: the one writer of a session. It dissects each event once and keeps every index in step.

use bytes::Bytes;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::dissector::{Dissector, Fact, RoundTrip};
use crate::protocol::finding::Finding;
use crate::protocol::handshake::Handshake;
use crate::protocol::inflater;
use crate::protocol::message::Message;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::Verdict;

use super::append_log::AppendLog;
use super::event::{Event, EventKind, LARGEST_PART, Origin};
use super::frame_row::FrameRow;
use super::landmark::{Landmark, LandmarkKind};
use super::snapshot::{CompressionContext, Recorded, Session};
use super::summary::Summary;

/// Records one session.
#[derive(Debug)]
pub struct Recorder {
    origin: Origin,
    inflation_limit: u64,
    dissector: Dissector,
    streams: PerDirection<u64>,
    newest: Moment,
    events: AppendLog<Recorded>,
    index: Index,
}

#[derive(Debug, Default)]
struct Index {
    frames: AppendLog<FrameRow>,
    messages: AppendLog<Message>,
    contexts: PerDirection<AppendLog<CompressionContext>>,
    round_trips: AppendLog<RoundTrip>,
    findings: AppendLog<Finding>,
    landmarks: AppendLog<Landmark>,
    summary: Summary,
    body_offset: Option<u64>,
}

impl Recorder {
    /// A recorder of an empty session.
    pub fn new(origin: Origin) -> Recorder {
        Recorder::with_inflation_limit(origin, inflater::DEFAULT_LIMIT)
    }

    /// A recorder of an empty session that inflates messages to at most `inflation_limit` bytes each.
    pub fn with_inflation_limit(origin: Origin, inflation_limit: u64) -> Recorder {
        Recorder {
            origin,
            inflation_limit,
            dissector: Dissector::with_inflation_limit(inflation_limit),
            streams: PerDirection::default(),
            newest: Moment::START,
            events: AppendLog::default(),
            index: Index::default(),
        }
    }

    /// Records an event; its moment is moved up to the newest one so far when it lies before it, so that time never runs backwards.
    pub fn record(&mut self, event: Event) {
        let at = event.at.max(self.newest);
        self.newest = at;
        match event.kind {
            EventKind::Bytes { direction, mut bytes } => {
                while bytes.len() > LARGEST_PART {
                    let part = bytes.split_to(LARGEST_PART);
                    self.record_bytes(direction, at, part);
                }
                self.record_bytes(direction, at, bytes);
            }
            kind => {
                let Recorder { dissector, index, .. } = self;
                index.landmarks.push(Landmark { at, kind: LandmarkKind::Event(kind.clone()) });
                match &kind {
                    EventKind::TransportEnded { side, how } => {
                        dissector.transport_ended(*side, *how, at, &mut |fact| index.take(at, fact));
                    }
                    EventKind::ConnectFailed { stage, .. } => dissector.connect_failed(*stage),
                    _ => {}
                }
                self.events.push(Recorded { event: Event { at, kind }, streams: self.streams });
            }
        }
    }

    /// The two heads of the opening handshake as far as they have come.
    pub fn handshake(&self) -> &Handshake {
        self.dissector.handshake()
    }

    /// How the session stands.
    pub fn verdict(&self) -> Verdict {
        self.dissector.verdict()
    }

    /// Learns that nothing more will come, so that what is missing can be judged.
    pub fn end(&mut self) {
        let Recorder { dissector, index, newest, .. } = self;
        dissector.recording_ended(*newest, &mut |fact| index.take(*newest, fact));
    }

    /// The whole session, of which nothing more will come.
    pub fn finish(mut self) -> Session {
        self.end();
        self.snapshot()
    }

    /// The session as it is now.
    pub fn snapshot(&self) -> Session {
        Session {
            origin: self.origin.clone(),
            inflation_limit: self.inflation_limit,
            handshake: self.dissector.handshake().clone(),
            verdict: self.dissector.verdict(),
            streams: self.streams,
            newest: self.newest,
            body_offset: self.index.body_offset,
            events: self.events.snapshot(),
            frames: self.index.frames.snapshot(),
            messages: self.index.messages.snapshot(),
            contexts: PerDirection::from_fn(|direction| self.index.contexts[direction].snapshot()),
            round_trips: self.index.round_trips.snapshot(),
            findings: self.index.findings.snapshot(),
            landmarks: self.index.landmarks.snapshot(),
            summary: self.index.summary.snapshot(),
        }
    }

    fn record_bytes(&mut self, direction: Direction, at: Moment, bytes: Bytes) {
        let Recorder { dissector, index, .. } = self;
        dissector.receive(direction, at, &bytes, &mut |fact| index.take(at, fact));
        self.streams[direction] += bytes.len() as u64;
        self.events
            .push(Recorded { event: Event { at, kind: EventKind::Bytes { direction, bytes } }, streams: self.streams });
    }
}

impl Index {
    // Wherever a fact is reported its kind is known, so that in place nearly nothing is left of this.
    #[inline(always)]
    fn take(&mut self, at: Moment, fact: Fact) {
        match fact {
            Fact::Frame(frame) => {
                self.frames.push(FrameRow::new(&frame));
                self.summary.frame_added(&self.frames);
            }
            Fact::Message { index, message } => self.take_message(index, message),
            Fact::CompressionContext { direction, message, context } => {
                self.contexts[direction].push(CompressionContext { message, context: context.into() });
            }
            Fact::RoundTrip(round_trip) => self.round_trips.push(round_trip),
            Fact::Finding(finding) => self.take_finding(finding),
            Fact::Request(_) => self.landmarks.push(Landmark { at, kind: LandmarkKind::Request }),
            Fact::Response { body_offset, head } => {
                self.body_offset = Some(body_offset);
                self.landmarks.push(Landmark { at, kind: LandmarkKind::Response { status: head.status } });
            }
        }
    }

    fn take_message(&mut self, index: usize, message: Message) {
        match self.messages.get_mut(index) {
            Some(known) => *known = message,
            None => self.messages.push(message),
        }
    }

    fn take_finding(&mut self, finding: Finding) {
        self.findings.push(finding);
        if let Some(number) = finding.frame
            && let Some(row) = self.frames.get_mut(number.index())
        {
            row.mark(finding.rule.severity());
            self.summary.frame_marked(number.index(), row);
        }
    }
}
