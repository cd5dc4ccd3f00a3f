//! Going over a whole session in the background: frames are shown as they are found, and a session that grows is followed.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::reading::Reading;
use crate::session::background::{Background, Survey};
use crate::session::{Annotations, Session};

use super::matcher::{Dependence, Matcher};
use super::{Filter, Matches};

/// How many frames are asked between two looks at whether to go on: as many as can be asked in [`STEP_TIME`].
const FRAMES_AT_A_TIME: RangeInclusive<usize> = 64..=256 * 1024;

/// How many frames are asked in the first step.
const FIRST_STEP: usize = 4 * 1024;

/// How long a step takes.
const STEP_TIME: RangeInclusive<Duration> = Duration::from_millis(4)..=Duration::from_millis(16);

/// How many threads ask at once at most; what has to come from memory does not come faster for more of them.
const MOST_THREADS: usize = 4;

/// How many frames a thread is begun for.
const FRAMES_A_THREAD: usize = 2 * 1024;

/// What of a message that is arriving has to come before it is asked again; short ones are asked again at once.
const SHORT: u64 = 64 * 1024;

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The frames that match among those looked at.
    pub matches: Matches,
    /// How many frames were looked at.
    pub looked_at: usize,
    /// How many frames there were.
    pub of: usize,
    /// Whether every frame of the newest snapshot was looked at.
    pub is_complete: bool,
}

/// A search that goes on in a thread of its own until it is dropped.
pub type Scan = Background<Pass>;

/// A frame whose answer can change while more of it or of its message comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unsettled {
    index: usize,
    size: u64,
}

/// One going over a session that may grow meanwhile; it has no thread of its own.
pub struct Pass {
    /// One for each thread that asks.
    matchers: Vec<Matcher>,
    frames_at_a_time: usize,
    session: Arc<Session>,
    matches: Matches,
    looked_at: usize,
    findings_known: usize,
    annotations_known: Annotations,
    /// The newest frame and the newest beginning of a message among those looked at.
    newest: PerDirection<[Option<usize>; 2]>,
    unsettled: Vec<Unsettled>,
    is_new_snapshot: bool,
}

impl Pass {
    /// Begins before the first frame.
    pub fn new(filter: &Filter, session: Arc<Session>) -> Pass {
        let mut pass = Pass {
            matchers: (0..threads()).map(|_| filter.matcher()).collect(),
            frames_at_a_time: FIRST_STEP,
            findings_known: session.findings.len(),
            annotations_known: session.annotations.clone(),
            session,
            matches: Matches::default(),
            looked_at: 0,
            newest: PerDirection::default(),
            unsettled: Vec::new(),
            is_new_snapshot: false,
        };
        pass.read_by();
        pass
    }

    /// Reads messages by the subprotocol that the session shows; says whether that is another one than before.
    fn read_by(&mut self) -> bool {
        if !self.dependence().subprotocol {
            return false;
        }
        let subprotocol = Reading::Automatic.subprotocol(&self.session);
        let mut is_another = false;
        for matcher in &mut self.matchers {
            is_another |= matcher.read_by(subprotocol);
        }
        is_another
    }

    fn dependence(&self) -> Dependence {
        self.matchers.first().map(Matcher::dependence).unwrap_or_default()
    }

    /// What was found so far.
    pub fn found(&self) -> Found {
        let of = self.session.frames.len();
        let is_complete = self.looked_at == of && !self.is_new_snapshot;
        Found { matches: self.matches.clone(), looked_at: self.looked_at, of, is_complete }
    }

    /// Goes on with a later snapshot of the session.
    pub fn follow(&mut self, newer: Arc<Session>) {
        self.note_unsettled();
        let is_later = newer.frames.len() >= self.looked_at;
        self.session = newer;
        self.is_new_snapshot = true;
        if self.read_by() || !is_later {
            (self.looked_at, self.matches, self.findings_known) = (0, Matches::default(), 0);
            self.newest = PerDirection::default();
            self.unsettled.clear();
        }
    }

    /// Asks the next frames; says whether that was everything.
    pub fn step(&mut self) -> bool {
        let (session, began) = (Arc::clone(&self.session), Instant::now());
        let end = session.frames.len().min(self.looked_at.saturating_add(self.frames_at_a_time));
        let frames = self.looked_at..end;
        for index in matching(&mut self.matchers, &session, frames.clone()) {
            self.matches.set(index, true);
        }
        if self.dependence().content {
            self.note_newest(&session, frames.clone());
        }
        if frames.len() == self.frames_at_a_time {
            self.adapt(began.elapsed());
        }
        self.looked_at = end;
        let is_complete = end == session.frames.len();
        if is_complete && self.is_new_snapshot {
            self.is_new_snapshot = false;
            self.ask_again(&session);
        }
        is_complete
    }

    /// Makes the next step longer or shorter.
    fn adapt(&mut self, took: Duration) {
        let adapted = match took {
            took if took < *STEP_TIME.start() => self.frames_at_a_time * 2,
            took if took > *STEP_TIME.end() => self.frames_at_a_time / 2,
            _ => return,
        };
        self.frames_at_a_time = adapted.clamp(*FRAMES_AT_A_TIME.start(), *FRAMES_AT_A_TIME.end());
    }

    /// Remembers the newest frame and the newest beginning of a message of each direction.
    fn note_newest(&mut self, session: &Session, frames: Range<usize>) {
        let mut missing = PerDirection::from_fn(|_| [true, true]);
        for index in frames.rev() {
            let Some(row) = session.frames.get(index) else { continue };
            let begins_message = matches!(row.opcode(), Opcode::Text | Opcode::Binary);
            let [frame, message] = &mut self.newest[row.direction];
            let [misses_frame, misses_message] = &mut missing[row.direction];
            if std::mem::take(misses_frame) {
                *frame = Some(index);
            }
            if begins_message && std::mem::take(misses_message) {
                *message = Some(index);
            }
            if Direction::BOTH.into_iter().all(|direction| missing[direction] == [false, false]) {
                return;
            }
        }
    }

    fn ask(&mut self, session: &Session, index: usize) {
        let Some(matcher) = self.matchers.first_mut() else { return };
        self.matches.set(index, matcher.matches(session, FrameNumber::from_index(index)));
    }

    /// Asks once more about frames that there is news of.
    fn ask_again(&mut self, session: &Session) {
        if self.dependence().findings {
            let news = session.findings.iter_from(self.findings_known).filter_map(|finding| finding.frame);
            let news: Vec<usize> = news.map(FrameNumber::index).filter(|index| *index < self.looked_at).collect();
            news.into_iter().for_each(|index| self.ask(session, index));
        }
        self.findings_known = session.findings.len();
        if self.dependence().annotations {
            let news = session.annotations.changed_since(&self.annotations_known);
            let news = news.into_iter().map(FrameNumber::index).filter(|index| *index < self.looked_at);
            news.collect::<Vec<_>>().into_iter().for_each(|index| self.ask(session, index));
        }
        self.annotations_known = session.annotations.clone();
        for before in std::mem::take(&mut self.unsettled) {
            let is_newest =
                Direction::BOTH.iter().any(|direction| self.newest[*direction].contains(&Some(before.index)));
            let size = size(session, before.index);
            let has_grown = size > before.size && (size <= SHORT || size - before.size >= before.size / 4);
            let is_settled = !is_newest || is_settled(session, before.index) || session.verdict.is_final();
            if is_settled || has_grown {
                self.ask(session, before.index);
            } else {
                self.unsettled.push(before);
            }
        }
    }

    /// Remembers what can still change, before a later snapshot takes the place of this one.
    fn note_unsettled(&mut self) {
        for index in Direction::BOTH.into_iter().flat_map(|direction| self.newest[direction]).flatten() {
            let is_known = self.unsettled.iter().any(|unsettled| unsettled.index == index);
            if !is_known && !is_settled(&self.session, index) {
                self.unsettled.push(Unsettled { index, size: size(&self.session, index) });
            }
        }
    }
}

impl Survey for Pass {
    type Snapshot = Arc<Session>;
    type Found = Found;

    const NAME: &'static str = "search";

    fn step(&mut self) -> bool {
        Pass::step(self)
    }

    fn follow(&mut self, newer: Arc<Session>) {
        Pass::follow(self, newer);
    }

    fn found(&self, is_newest: bool) -> Found {
        let found = Pass::found(self);
        Found { is_complete: found.is_complete && is_newest, ..found }
    }
}

/// How many threads ask at once.
fn threads() -> usize {
    thread::available_parallelism().map_or(1, |threads| threads.get().min(MOST_THREADS))
}

/// The frames among these that match, by their places; when there are many, each matcher is asked about a part of them in a thread
/// of its own.
fn matching(matchers: &mut [Matcher], session: &Session, frames: Range<usize>) -> Vec<usize> {
    let parts = matchers.len().min(frames.len() / FRAMES_A_THREAD).max(1);
    let length = frames.len().div_ceil(parts).max(1);
    let mut parts = frames.clone().step_by(length).map(|start| start..frames.end.min(start + length));
    let Some((own, others)) = matchers.split_first_mut() else { return Vec::new() };
    thread::scope(|scope| {
        let mut mine: Vec<Range<usize>> = parts.next().into_iter().collect();
        let mut begun = Vec::new();
        for (matcher, part) in others.iter_mut().zip(parts) {
            let its = part.clone();
            let thread = thread::Builder::new().name("search".into());
            match thread.spawn_scoped(scope, move || matcher.matching(session, its)) {
                Ok(thread) => begun.push(thread),
                // The system has no further thread.
                Err(_) => mine.push(part),
            }
        }
        let mut found: Vec<usize> = mine.into_iter().flat_map(|part| own.matching(session, part)).collect();
        for thread in begun {
            found.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        found
    })
}

/// Whether a frame, and the message that begins with it, have come as a whole.
fn is_settled(session: &Session, index: usize) -> bool {
    let number = FrameNumber::from_index(index);
    session.frame(number).is_none_or(|row| session.is_complete(row))
        && session.message_of(number).is_none_or(|message| message.completed_at.is_some())
}

/// How much of a frame and of its message has come, in bytes.
fn size(session: &Session, index: usize) -> u64 {
    let number = FrameNumber::from_index(index);
    let frame = session.frame(number).map_or(0, |row| session.received_payload(row));
    frame.saturating_add(session.message_of(number).map_or(0, |message| message.payload_length))
}
