//! Going over a whole session in the background: frames are shown as they are found, and a session that grows is followed.

use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::reading::Reading;
use crate::session::background::{Background, Survey};
use crate::session::{Annotations, Session};

use super::matcher::Matcher;
use super::{Filter, Matches};

/// How many frames are asked between two looks at whether to go on.
const FRAMES_AT_A_TIME: usize = 2048;

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
    matcher: Matcher,
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
            matcher: filter.matcher(),
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
        let needs_it = self.matcher.dependence().subprotocol;
        needs_it && self.matcher.read_by(Reading::Automatic.subprotocol(&self.session))
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
        let session = Arc::clone(&self.session);
        let end = session.frames.len().min(self.looked_at.saturating_add(FRAMES_AT_A_TIME));
        let depends_on_content = self.matcher.dependence().content;
        for index in self.looked_at..end {
            self.ask(&session, index);
            if depends_on_content && let Some(row) = session.frames.get(index) {
                let [frame, message] = &mut self.newest[row.direction];
                *frame = Some(index);
                if matches!(row.opcode(), Opcode::Text | Opcode::Binary) {
                    *message = Some(index);
                }
            }
        }
        self.looked_at = end;
        let is_complete = end == session.frames.len();
        if is_complete && self.is_new_snapshot {
            self.is_new_snapshot = false;
            self.ask_again(&session);
        }
        is_complete
    }

    fn ask(&mut self, session: &Session, index: usize) {
        let matches = self.matcher.matches(session, FrameNumber::from_index(index));
        self.matches.set(index, matches);
    }

    /// Asks once more about frames that there is news of.
    fn ask_again(&mut self, session: &Session) {
        if self.matcher.dependence().findings {
            let news = session.findings.iter_from(self.findings_known).filter_map(|finding| finding.frame);
            let news: Vec<usize> = news.map(FrameNumber::index).filter(|index| *index < self.looked_at).collect();
            news.into_iter().for_each(|index| self.ask(session, index));
        }
        self.findings_known = session.findings.len();
        if self.matcher.dependence().annotations {
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
