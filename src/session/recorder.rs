//! The recorder: the one writer of a session. It dissects each event once and keeps every index in step.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::dissector::{Dissector, Fact, RoundTrip};
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::gap::Gap;
use crate::protocol::handshake::Handshake;
use crate::protocol::inflater;
use crate::protocol::message::Message;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::Verdict;

use super::annotations::{Anchor, Annotation, Annotations, Note};
use super::append_log::AppendLog;
use super::byte_store::{ByteSource, ByteStore, MemoryWriter};
use super::chunk_log::ChunkLog;
use super::event::{Event, EventKind, LARGEST_PART, Origin};
use super::frame_row::FrameRow;
use super::journal::{Journal, JournalState};
use super::landmark::{Landmark, LandmarkKind};
use super::missing::Missing;
use super::snapshot::{CompressionContext, Recorded, Session, Unreadable, bytes_of};
use super::summary::Summary;

/// Records one session.
#[derive(Debug)]
pub struct Recorder {
    origin: Origin,
    inflation_limit: u64,
    dissector: Dissector,
    newest: Moment,
    chunks: ChunkLog,
    bytes: ByteStore,
    memory: MemoryWriter,
    journal: Option<Box<dyn Journal>>,
    index: Index,
    annotations: Annotations,
    /// Bookmarks and, where there is no note, removals of bookmarks on frames that were not looked for yet.
    unplaced: BTreeMap<Anchor, Option<Note>>,
    misplaced: usize,
}

#[derive(Debug, Default)]
struct Index {
    frames: AppendLog<FrameRow>,
    messages: AppendLog<Message>,
    contexts: PerDirection<AppendLog<CompressionContext>>,
    round_trips: AppendLog<RoundTrip>,
    findings: AppendLog<Finding>,
    landmarks: AppendLog<Landmark>,
    missing: PerDirection<AppendLog<Missing>>,
    steps: AppendLog<usize>,
    summary: Summary,
    body_offset: Option<u64>,
}

impl Recorder {
    /// A recorder of an empty session, whose bytes will be kept in memory.
    pub fn new(origin: Origin) -> Recorder {
        Recorder::with_inflation_limit(origin, inflater::DEFAULT_LIMIT)
    }

    /// The same, with messages that inflate to at most `inflation_limit` bytes each.
    pub fn with_inflation_limit(origin: Origin, inflation_limit: u64) -> Recorder {
        Recorder::with_store(origin, inflation_limit, ByteStore::default(), None)
    }

    /// The same, with every event kept by a journal too.
    pub fn with_journal(origin: Origin, inflation_limit: u64, journal: Option<Box<dyn Journal>>) -> Recorder {
        let store = journal.as_ref().map_or_else(ByteStore::default, |journal| ByteStore::over(journal.source()));
        Recorder::with_store(origin, inflation_limit, store, journal)
    }

    /// A recorder of a session whose bytes are in this source already; see [`record_kept`](Self::record_kept).
    pub fn over(origin: Origin, inflation_limit: u64, source: Arc<dyn ByteSource>) -> Recorder {
        Recorder::with_store(origin, inflation_limit, ByteStore::over(source), None)
    }

    fn with_store(
        origin: Origin,
        inflation_limit: u64,
        bytes: ByteStore,
        journal: Option<Box<dyn Journal>>,
    ) -> Recorder {
        Recorder {
            origin,
            inflation_limit,
            dissector: Dissector::with_inflation_limit(inflation_limit),
            newest: Moment::START,
            chunks: ChunkLog::default(),
            memory: MemoryWriter::of(&bytes),
            bytes,
            journal,
            index: Index::default(),
            annotations: Annotations::default(),
            unplaced: BTreeMap::new(),
            misplaced: 0,
        }
    }

    /// Records an event; its moment is moved up to the newest one so far when it lies before it, so that time never runs backwards.
    pub fn record(&mut self, event: Event) {
        match event.kind {
            EventKind::Bytes { direction, bytes } => self.record_bytes(event.at, direction, &bytes),
            kind => {
                let event = Event { at: self.moved_up(event.at), kind };
                if let Some(journal) = &mut self.journal {
                    journal.keep(&event);
                }
                match event.kind {
                    EventKind::Missing { direction, gap } => self.record_missing(event.at, direction, gap),
                    _ => self.record_landmark(event),
                }
            }
        }
    }

    /// Records bytes that crossed; the same as their event, which need not be made.
    pub fn record_bytes(&mut self, at: Moment, direction: Direction, bytes: &[u8]) {
        let at = self.moved_up(at);
        for part in bytes.chunks(LARGEST_PART) {
            let kept = self.journal.as_mut().and_then(|journal| journal.keep_bytes(at, direction, part));
            let position = kept.unwrap_or_else(|| self.memory.append(part));
            self.record_kept(at, direction, part, position);
        }
    }

    /// Records bytes that can be read at this position of the source that the recorder was made with.
    pub fn record_kept(&mut self, at: Moment, direction: Direction, bytes: &[u8], position: u64) {
        if bytes.is_empty() {
            return;
        }
        let at = self.moved_up(at);
        let Recorder { dissector, index, .. } = self;
        dissector.receive(direction, at, bytes, &mut |fact| index.take(at, fact));
        self.chunks.push(at, direction, position, bytes.len());
    }

    /// Takes what a person says of the session. Of a frame that it does not have nothing can be said.
    pub fn annotate(&mut self, annotation: &Annotation<FrameNumber>) {
        let anchor = |frame: FrameNumber| self.index.frames.get(frame.index()).map(FrameRow::anchor);
        let Some(anchored) = annotation.renamed(anchor) else { return };
        self.annotations.take(annotation);
        if let Some(journal) = &mut self.journal {
            journal.keep_annotation(self.newest, &anchored);
        }
    }

    /// Takes what a log says that a person said, also before it is known which frame begins there.
    pub fn annotate_anchored(&mut self, annotation: Annotation<Anchor>) {
        match annotation {
            Annotation::Bookmark { frame, note } => {
                self.unplaced.insert(frame, Some(note));
            }
            Annotation::BookmarkRemoved { frame } => {
                self.unplaced.insert(frame, None);
            }
            Annotation::SessionNote { note } => self.annotations.take(&Annotation::SessionNote { note }),
        }
    }

    /// Finds the frames of those annotations that wait for theirs, as far as they have come.
    fn place_annotations(&mut self, session: &Session) {
        let Recorder { annotations, unplaced, misplaced, .. } = self;
        unplaced.retain(|anchor, note| {
            let Some(frame) = session.first_frame_from(anchor.direction, anchor.offset) else { return true };
            let begins_there = session.anchor(frame) == Some(*anchor);
            match note.take() {
                Some(note) if begins_there => annotations.take(&Annotation::Bookmark { frame, note }),
                None if begins_there => annotations.take(&Annotation::BookmarkRemoved { frame }),
                Some(_) => *misplaced += 1,
                None => {}
            }
            false
        });
    }

    /// How many bookmarks are on frames that do not begin where the log says, or not yet.
    pub fn misplaced_bookmarks(&self) -> usize {
        self.misplaced + self.unplaced.values().flatten().count()
    }

    fn moved_up(&mut self, at: Moment) -> Moment {
        self.newest = self.newest.max(at);
        self.newest
    }

    fn record_missing(&mut self, at: Moment, direction: Direction, gap: Gap) {
        let Recorder { dissector, index, chunks, .. } = self;
        index.missing[direction].push(Missing { at, stream_offset: chunks.stream_end(direction), gap });
        chunks.push_missing(at, direction, gap.length.map_or(0, |length| length as usize));
        dissector.bytes_missing(direction, at, gap, &mut |fact| index.take(at, fact));
    }

    fn record_landmark(&mut self, event: Event) {
        let Recorder { dissector, index, chunks, .. } = self;
        let Event { at, kind } = event;
        // Before what follows from it.
        index.landmark(at, LandmarkKind::Event(kind.clone()), chunks.len());
        match kind {
            EventKind::TransportEnded { side, how } => {
                dissector.transport_ended(side, how, at, &mut |fact| index.take(at, fact));
            }
            EventKind::ConnectFailed { stage, .. } => dissector.connect_failed(stage),
            _ => {}
        }
    }

    /// The events of a session recorded again, with another limit of what a message may inflate to; the bytes stay where they are.
    pub(super) fn again(session: &Session, inflation_limit: u64) -> Result<Session, Unreadable> {
        let store = session.bytes.clone();
        let mut recorder = Recorder::with_store(session.origin.clone(), inflation_limit, store, None);
        // The frames are the same ones.
        recorder.annotations = session.annotations.clone();
        let mut reader = session.bytes.reader();
        for recorded in session.recorded() {
            match recorded {
                Recorded::Event(at, kind) => recorder.record_landmark(Event { at, kind: kind.clone() }),
                Recorded::Missing(direction, missing) => recorder.record_missing(missing.at, direction, missing.gap),
                Recorded::Chunk(chunk) => {
                    recorder.record_kept(chunk.at, chunk.direction, &bytes_of(&chunk, &mut reader)?, chunk.position);
                }
            }
        }
        Ok(recorder.finish())
    }

    /// How much of the current frame's payload is still to come in a direction; see [`Dissector::payload_to_come`].
    pub fn payload_to_come(&self, direction: Direction) -> Option<u64> {
        self.dissector.payload_to_come(direction)
    }

    /// The two heads of the opening handshake as far as they have come.
    pub fn handshake(&self) -> &Handshake {
        self.dissector.handshake()
    }

    /// The frames so far.
    pub fn frames(&self) -> &AppendLog<FrameRow> {
        &self.index.frames
    }

    /// How the session stands.
    pub fn verdict(&self) -> Verdict {
        self.dissector.verdict()
    }

    /// Learns that nothing more will come, so that what is missing can be judged.
    pub fn end(&mut self) {
        let Recorder { dissector, index, newest, .. } = self;
        dissector.recording_ended(*newest, &mut |fact| index.take(*newest, fact));
        if let Some(journal) = &mut self.journal {
            journal.finish();
        }
    }

    /// The whole session, of which nothing more will come.
    pub fn finish(mut self) -> Session {
        self.end();
        self.snapshot()
    }

    /// The session as it is now.
    pub fn snapshot(&mut self) -> Session {
        self.memory.settle();
        if let Some(journal) = &mut self.journal {
            journal.settle();
        }
        let mut session = Session {
            origin: self.origin.clone(),
            inflation_limit: self.inflation_limit,
            handshake: self.dissector.handshake().clone(),
            verdict: self.dissector.verdict(),
            newest: self.newest,
            journal: self.journal_state(),
            annotations: Annotations::default(),
            body_offset: self.index.body_offset,
            chunks: self.chunks.snapshot(),
            bytes: self.bytes.clone(),
            frames: self.index.frames.snapshot(),
            messages: self.index.messages.snapshot(),
            contexts: PerDirection::from_fn(|direction| self.index.contexts[direction].snapshot()),
            round_trips: self.index.round_trips.snapshot(),
            findings: self.index.findings.snapshot(),
            landmarks: self.index.landmarks.snapshot(),
            missing: PerDirection::from_fn(|direction| self.index.missing[direction].snapshot()),
            steps: self.index.steps.snapshot(),
            summary: self.index.summary.snapshot(),
        };
        self.place_annotations(&session);
        session.annotations = self.annotations.clone();
        session
    }

    /// Whether nothing more can be kept, so that the session has to end.
    pub fn is_full(&self) -> bool {
        self.journal.as_ref().is_some_and(|journal| journal.is_full())
    }

    /// The journal, which from now on keeps annotations only.
    pub(super) fn take_journal(&mut self) -> Option<Box<dyn Journal>> {
        self.journal.take()
    }

    /// How the journal stands, when there is one.
    pub fn journal_state(&self) -> Option<JournalState> {
        self.journal.as_ref().map(|journal| journal.state())
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
            Fact::Request(_) => self.landmark(at, LandmarkKind::Request, 0),
            Fact::Response { body_offset, head } => {
                self.body_offset = Some(body_offset);
                self.landmark(at, LandmarkKind::Response { status: head.status }, 0);
            }
        }
    }

    fn landmark(&mut self, at: Moment, kind: LandmarkKind, chunks_before: usize) {
        let landmark = Landmark { at, kind, chunks_before };
        if !landmark.is_remark() {
            self.steps.push(self.landmarks.len());
        }
        self.landmarks.push(landmark);
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
            let is_first = row.worst_finding.is_none();
            row.mark(finding.rule.severity());
            self.summary.frame_marked(number.index(), row, is_first);
        }
    }
}
