//! Going over a whole session in the background: frames are shown as they are found, and a session that grows is followed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::reading::Reading;
use crate::session::Session;
use crate::session::live::Wake;

use super::Filter;
use super::matcher::Matcher;
use super::matches::Matches;

/// How many frames are asked between two looks at whether to go on.
const FRAMES_AT_A_TIME: usize = 2048;

/// How often what was found is shown while more is looked for.
const SHOWN_EVERY: Duration = Duration::from_millis(30);

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
pub struct Scan {
    newer: Sender<Arc<Session>>,
    /// The same channel's other end, to take out a snapshot that nobody wants any more.
    outdated: Receiver<Arc<Session>>,
    shared: Arc<Shared>,
}

struct Shared {
    found: Mutex<Found>,
    is_stopped: AtomicBool,
}

impl Scan {
    /// Begins to ask every frame of a session; `wake` is called when there is more to show, from the thread of the search.
    ///
    /// # Errors
    /// When the system has no further thread.
    pub fn start(filter: &Filter, session: Arc<Session>, wake: Wake) -> std::io::Result<Scan> {
        let (newer, snapshots) = bounded(1);
        let found = Found { of: session.frames.len(), ..Found::default() };
        let shared = Arc::new(Shared { found: Mutex::new(found), is_stopped: AtomicBool::new(false) });
        let scan = Scan { newer, outdated: snapshots.clone(), shared: Arc::clone(&shared) };
        let pass = Pass::new(filter, session);
        std::thread::Builder::new().name("search".into()).spawn(move || run(pass, &snapshots, &shared, &wake))?;
        Ok(scan)
    }

    /// Goes on with a later snapshot of the session.
    pub fn follow(&self, session: Arc<Session>) {
        if self.is_stopped() {
            return;
        }
        let mut session = session;
        while let Err(full) = self.newer.try_send(session) {
            let crossbeam_channel::TrySendError::Full(newest) = full else { return };
            let _ = self.outdated.try_recv();
            session = newest;
        }
    }

    /// Ends the search; what was found stays.
    pub fn stop(&self) {
        self.shared.is_stopped.store(true, Ordering::Release);
    }

    /// Whether the search was ended before it was complete.
    pub fn is_stopped(&self) -> bool {
        self.shared.is_stopped.load(Ordering::Acquire)
    }

    /// What was found so far.
    pub fn found(&self) -> Found {
        self.shared.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(mut pass: Pass, snapshots: &Receiver<Arc<Session>>, shared: &Shared, wake: &Wake) {
    let mut shown = Instant::now();
    loop {
        let is_complete = pass.step();
        if shared.is_stopped.load(Ordering::Acquire) {
            return;
        }
        let newer = snapshots.try_recv().ok();
        if is_complete || shown.elapsed() >= SHOWN_EVERY {
            let mut found = pass.found();
            found.is_complete &= newer.is_none();
            let before = std::mem::replace(&mut *shared.found.lock().unwrap_or_else(PoisonError::into_inner), found);
            // Freed outside the lock.
            drop(before);
            wake();
            shown = Instant::now();
        }
        match newer {
            Some(newer) => pass.follow(newer),
            None if is_complete => match snapshots.recv() {
                Ok(newer) => pass.follow(newer),
                // Nobody looks any more.
                Err(_) => return,
            },
            None => {}
        }
        if shared.is_stopped.load(Ordering::Acquire) {
            return;
        }
    }
}

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

    /// What was found so far.
    pub fn found(&self) -> Found {
        let of = self.session.frames.len();
        let is_complete = self.looked_at == of && !self.is_new_snapshot;
        Found { matches: self.matches.clone(), looked_at: self.looked_at, of, is_complete }
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
