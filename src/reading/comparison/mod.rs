//! Two sessions in which the same client spoke, such as a recorded one and its replay: which messages of the server are the same, which
//! are others, and what else differs.
//!
//! ```text
//! then, now ─► Answers: the server's messages in order ─► align, window by window ─► rows, differences, counts
//!        └───► facets: handshake, Close frames, end of TCP
//! ```

mod alignment;
mod answers;
mod facets;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::content::difference::{Comparing, Difference, Place};
use crate::content::json_path::Step;
use crate::protocol::frame::FrameNumber;
use crate::protocol::message::MessageKind;
use crate::session::Session;
use crate::session::append_log::{AppendLog, Frozen};
use crate::session::background::Survey;
use crate::session::latency::Latency;

pub use answers::COMPARED;
pub use facets::Facet;

use alignment::{Aligned, Mark, align};
use answers::{Answer, Answers};

/// How many frames of each session are looked at in one step.
const FRAMES_AT_A_TIME: usize = 256;

/// How many messages of each session are aligned at a time; what is further apart is not found to be the same.
const WINDOW: usize = 8 * 1024;

/// How many rows are listed; of more, there are counts only.
pub const MOST_ROWS: usize = 1_000_000;

/// In how many messages the first difference is looked for.
pub const MOST_DIFFERENCES: usize = 100_000;

/// How many times figures are made of.
const TIMED: usize = 100_000;

/// What a message of the server is to the recorded ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same, in the same order.
    Equal,
    /// The same, in another order.
    Moved,
    /// Another in its place.
    Changed,
    /// It was recorded and did not come now.
    Missing,
    /// It was not recorded.
    Additional,
}

impl Likeness {
    /// Every one, in the order in which they are told.
    pub const ALL: [Likeness; 5] =
        [Likeness::Equal, Likeness::Moved, Likeness::Changed, Likeness::Missing, Likeness::Additional];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Likeness::Equal => "equal",
            Likeness::Moved => "moved",
            Likeness::Changed => "changed",
            Likeness::Missing => "missing",
            Likeness::Additional => "additional",
        }
    }
}

/// A message of the server in one of the sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its first frame.
    pub frame: FrameNumber,
    /// How long the answer took: from its request, or from the client's newest message before it.
    pub took: Option<Duration>,
}

/// A message as it was recorded, as it is now, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub likeness: Likeness,
    difference: Option<u32>,
    then: Packed,
    now: Packed,
}

/// A message that was seen, in two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Packed {
    /// 0 for none.
    frame: u64,
    /// In nanoseconds; the largest number for an unknown time.
    took: u64,
}

impl Packed {
    const NONE: Packed = Packed { frame: 0, took: u64::MAX };

    fn of(answer: &Answer) -> Packed {
        let took = answer.took.and_then(|took| u64::try_from(took.as_nanos()).ok());
        Packed { frame: answer.message.first_frame.0, took: took.unwrap_or(u64::MAX) }
    }

    fn seen(self) -> Option<Seen> {
        let took = (self.took != u64::MAX).then(|| Duration::from_nanos(self.took));
        (self.frame > 0).then_some(Seen { frame: FrameNumber(self.frame), took })
    }
}

impl Row {
    /// The recorded message.
    pub fn then(&self) -> Option<Seen> {
        self.then.seen()
    }

    /// The message that came now.
    pub fn now(&self) -> Option<Seen> {
        self.now.seen()
    }
}

/// How many messages there are of each likeness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([u64; Likeness::ALL.len()]);

impl Counts {
    /// How many of this one.
    pub fn of(&self, likeness: Likeness) -> u64 {
        self.0.get(likeness as usize).copied().unwrap_or_default()
    }

    /// How many are not the same in the same order.
    pub fn differences(&self) -> u64 {
        Likeness::ALL
            .into_iter()
            .filter(|likeness| *likeness != Likeness::Equal)
            .map(|likeness| self.of(likeness))
            .sum()
    }
}

/// How long the server took to answer, of the messages that are in both sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// As it was recorded.
    pub then: Latency,
    /// As it is now.
    pub now: Latency,
}

/// What was found so far.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The messages, in the order in which they were recorded; those that were not stand where they came.
    pub rows: Frozen<Row>,
    differences: Frozen<Difference>,
    /// How many there are of each likeness.
    pub counts: Counts,
    /// How long answers took, once everything was compared.
    pub times: Option<Times>,
    /// What else both sessions have.
    pub facets: Arc<[Facet]>,
    /// How many frames were looked at, of how many.
    pub looked_at: (usize, usize),
    /// Whether that were all.
    pub is_complete: bool,
}

impl Comparison {
    /// All of two sessions; this takes as long as reading every message does.
    pub fn of(then: Arc<Session>, now: Arc<Session>, ignored: Vec<Vec<Step>>) -> Comparison {
        let mut survey = ComparisonSurvey::new(then, now, ignored);
        while !survey.step() {}
        survey.found(true)
    }

    /// Where a changed message differs first.
    pub fn difference(&self, row: &Row) -> Option<&Difference> {
        self.differences.get(row.difference? as usize)
    }

    /// The facets that are others now.
    pub fn different_facets(&self) -> impl Iterator<Item = &Facet> {
        self.facets.iter().filter(|facet| facet.differs)
    }

    /// Whether nothing is different; only of a complete comparison is that known.
    pub fn is_same(&self) -> bool {
        self.is_complete && self.counts.differences() == 0 && self.different_facets().next().is_none()
    }
}

/// The comparing of two sessions that have ended.
pub struct ComparisonSurvey {
    ignored: Vec<Vec<Step>>,
    facets: Arc<[Facet]>,
    then: Lane,
    now: Lane,
    rows: AppendLog<Row>,
    differences: AppendLog<Difference>,
    counts: Counts,
    /// What was aligned, and how many waiting messages of each session that takes.
    aligned: VecDeque<Aligned>,
    taken: [usize; 2],
    took: Vec<[Duration; 2]>,
    times: Option<Times>,
    is_complete: bool,
}

/// The messages of one session that wait to be aligned.
struct Lane {
    answers: Answers,
    waiting: VecDeque<Answer>,
}

impl Lane {
    fn of(session: Arc<Session>) -> Lane {
        Lane { answers: Answers::of(session), waiting: VecDeque::new() }
    }

    fn fill(&mut self, comparing: Comparing<'_>) {
        if self.waiting.len() < WINDOW {
            self.answers.read(FRAMES_AT_A_TIME, comparing, |answer| self.waiting.push_back(answer));
        }
    }

    fn is_filled(&self) -> bool {
        self.waiting.len() >= WINDOW || self.answers.is_at_the_end()
    }

    fn marks(&self) -> Vec<Mark> {
        self.waiting.iter().map(|answer| answer.mark).collect()
    }

    fn packed(&self, place: usize) -> Packed {
        self.waiting.get(place).map_or(Packed::NONE, Packed::of)
    }

    fn kind(&self, place: usize) -> Option<MessageKind> {
        self.waiting.get(place).map(|answer| answer.message.kind)
    }

    fn content(&mut self, place: usize) -> Vec<u8> {
        let Answers { session, reader, .. } = &mut self.answers;
        self.waiting.get(place).map(|answer| reader.content(session, &answer.message, COMPARED)).unwrap_or_default()
    }
}

impl ComparisonSurvey {
    /// Before the first message; values of JSON at the `ignored` paths do not count.
    pub fn new(then: Arc<Session>, now: Arc<Session>, ignored: Vec<Vec<Step>>) -> ComparisonSurvey {
        ComparisonSurvey {
            ignored,
            facets: facets::facets(&then, &now).into(),
            then: Lane::of(then),
            now: Lane::of(now),
            rows: AppendLog::default(),
            differences: AppendLog::default(),
            counts: Counts::default(),
            aligned: VecDeque::new(),
            taken: [0, 0],
            took: Vec::new(),
            times: None,
            is_complete: false,
        }
    }

    fn add(&mut self, aligned: Aligned) {
        let (likeness, then, now) = match aligned {
            Aligned::Equal(then, now) => (Likeness::Equal, Some(then), Some(now)),
            Aligned::Moved(then, now) => (Likeness::Moved, Some(then), Some(now)),
            Aligned::Changed(then, now) => (Likeness::Changed, Some(then), Some(now)),
            Aligned::Missing(then) => (Likeness::Missing, Some(then), None),
            Aligned::Additional(now) => (Likeness::Additional, None, Some(now)),
        };
        if let Some(count) = self.counts.0.get_mut(likeness as usize) {
            *count += 1;
        }
        let difference = match aligned {
            Aligned::Changed(then, now) if self.differences.len() < MOST_DIFFERENCES => self.find_difference(then, now),
            _ => None,
        };
        let packed = |lane: &Lane, place: Option<usize>| place.map_or(Packed::NONE, |place| lane.packed(place));
        let row = Row { likeness, difference, then: packed(&self.then, then), now: packed(&self.now, now) };
        if let (Some(then), Some(now)) = (row.then().and_then(|seen| seen.took), row.now().and_then(|seen| seen.took))
            && self.took.len() < TIMED
        {
            self.took.push([then, now]);
        }
        if self.rows.len() < MOST_ROWS {
            self.rows.push(row);
        }
    }

    fn find_difference(&mut self, then: usize, now: usize) -> Option<u32> {
        let kinds = self.then.kind(then).zip(self.now.kind(now))?;
        let difference = if kinds.0 == kinds.1 {
            let (left, right) = (self.then.content(then), self.now.content(now));
            Comparing { ignored: &self.ignored }.first(&left, &right)?
        } else {
            let [left, right] = [kinds.0, kinds.1].map(|kind| Some(kind.name().to_owned()));
            Difference { at: 0, place: Place::Kind, left, right }
        };
        let place = u32::try_from(self.differences.len()).ok()?;
        self.differences.push(difference);
        Some(place)
    }

    fn finish(&mut self) {
        self.is_complete = true;
        let side = |side: usize| Latency::of(self.took.iter().filter_map(|took| took.get(side).copied()));
        self.times = side(0).zip(side(1)).map(|(then, now)| Times { then, now });
        self.took = Vec::new();
    }
}

impl Survey for ComparisonSurvey {
    type Snapshot = [Arc<Session>; 2];

    type Found = Comparison;

    const NAME: &'static str = "comparison";

    fn step(&mut self) -> bool {
        if self.is_complete {
            return true;
        }
        if !self.aligned.is_empty() {
            for _ in 0..FRAMES_AT_A_TIME {
                let Some(aligned) = self.aligned.pop_front() else { break };
                self.add(aligned);
            }
            return false;
        }
        let [then, now] = std::mem::take(&mut self.taken);
        self.then.waiting.drain(..then.min(self.then.waiting.len()));
        self.now.waiting.drain(..now.min(self.now.waiting.len()));
        let comparing = Comparing { ignored: &self.ignored };
        self.then.fill(comparing);
        self.now.fill(comparing);
        if self.then.is_filled() && self.now.is_filled() {
            let is_all = self.then.answers.is_at_the_end() && self.now.answers.is_at_the_end();
            let (aligned, taken) = align(&self.then.marks(), &self.now.marks(), is_all);
            (self.aligned, self.taken) = (aligned.into(), taken);
            if self.aligned.is_empty() && is_all {
                self.finish();
            }
        }
        self.is_complete
    }

    /// Sessions that have ended do not grow; others are compared from the start.
    fn follow(&mut self, [then, now]: [Arc<Session>; 2]) {
        *self = ComparisonSurvey::new(then, now, std::mem::take(&mut self.ignored));
    }

    fn found(&self, _is_newest: bool) -> Comparison {
        let looked_at = self.then.answers.looked_at() + self.now.answers.looked_at();
        let of = self.then.answers.session.frames.len() + self.now.answers.session.frames.len();
        Comparison {
            rows: self.rows.snapshot(),
            differences: self.differences.snapshot(),
            counts: self.counts,
            times: self.times,
            facets: Arc::clone(&self.facets),
            looked_at: (looked_at, of),
            is_complete: self.is_complete,
        }
    }
}
