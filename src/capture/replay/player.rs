//! A replay that goes on: what is to be done now, told the time and what the server says. It has no clock and no socket of its own.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::capture::board::Board;
use crate::capture::ear::Ear;
use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;
use crate::protocol::permessage_deflate::SideCompression;
use crate::session::landmark::LandmarkKind;
use crate::session::{Session, Unreadable};

use super::answers::Answers;
use super::rewriting::{Compressed, Rewriting};
use super::schedule::{Anchor, Schedule};
use super::script::{Deed, Entry, RecordedEnd, Script};
use super::{Control, Masking, Replay, ReplayProgress, Standing};

/// How many bytes are sent at a time: what the client wrote at once is written at once, up to this.
const MOST_AT_ONCE: u64 = 64 * 1024;

/// Something for the endpoint to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::capture) enum Act {
    /// Send these bytes as they are.
    Send(Bytes),
    /// Record a remark.
    Say(String),
    /// End this side's half of the connection.
    EndOutput,
    /// Reset the connection.
    Reset,
    /// End the connection without waiting for the server any longer.
    GiveUp,
}

/// What can be seen of the connection.
pub(in crate::capture) struct Stage<'connection> {
    /// What time it is.
    pub(in crate::capture) now: Instant,
    /// What the server said.
    pub(in crate::capture) ear: &'connection mut Ear,
    /// Whether the server has ended its half.
    pub(in crate::capture) has_server_ended: bool,
}

/// A replay that goes on.
pub(in crate::capture) struct Player {
    session: Arc<Session>,
    script: Script,
    schedule: Schedule,
    rewriting: Rewriting,
    answers: Answers,
    waits_for_answers: bool,
    patience: Duration,
    board: Board<ReplayProgress>,
    progress: ReplayProgress,
    /// The deed whose bytes are leaving.
    sending: Option<Sending>,
    /// Whether the next deed is held up although its time has come.
    is_held: bool,
    /// Whether the next deed answers the server, and so waits neither for its time nor for a step.
    answers_now: bool,
    /// How many messages of the server are not waited for any more.
    forgone: u64,
    /// What was seen of the server, and done about it.
    knows: Known,
    has_closed: bool,
    has_ended_output: bool,
    parting: Option<Parting>,
    remarks: Vec<String>,
    due: Option<Instant>,
}

/// What the server did that a replay answers once.
#[derive(Default)]
struct Known {
    close: bool,
    end: bool,
}

/// A deed whose bytes are leaving.
struct Sending {
    entry: Entry,
    bytes: Leaving,
}

/// The bytes of a deed that have not left.
enum Leaving {
    /// Those of the recorded stream.
    Recorded(Range<u64>),
    /// Others, at once.
    Others(Bytes),
}

/// What is waited for when everything was done.
struct Parting {
    /// How the recorded session ended, when this one is to end like it.
    recorded: Option<RecordedEnd>,
    deadline: Instant,
}

impl Player {
    /// A replay of which nothing has been done, on a connection whose client may compress as `agreed` says.
    pub(in crate::capture) fn start(
        replay: Replay,
        agreed: Option<SideCompression>,
        board: Board<ReplayProgress>,
        now: Instant,
    ) -> Player {
        let Replay { session, chosen, pace, starts_paused, waits_for_answers, patience, masking } = replay;
        let recorded = session.handshake.kept_compression().map(|compression| compression.client_to_server);
        let compressed = Compressed::needed(recorded, agreed, chosen.is_some());
        let script = Script::of(Arc::clone(&session), chosen);
        // Keys that were made up are nothing to be exact about.
        let masking = if session.is_reconstructed() { Masking::New } else { masking };
        let opened = session.landmarks.iter().find(|landmark| matches!(landmark.kind, LandmarkKind::Response { .. }));
        let anchor = Anchor { then: opened.map_or_else(Default::default, |opened| opened.at), now };
        let mut player = Player {
            progress: ReplayProgress {
                frames: script.frames(),
                sent: 0,
                left_out: 0,
                next: None,
                standing: Standing::Playing,
            },
            script,
            schedule: Schedule::new(pace, anchor, starts_paused),
            rewriting: Rewriting::of(Arc::clone(&session), masking, compressed),
            answers: Answers::of(Arc::clone(&session)),
            session,
            waits_for_answers,
            patience,
            board,
            sending: None,
            is_held: false,
            answers_now: false,
            forgone: 0,
            knows: Known::default(),
            has_closed: false,
            has_ended_output: false,
            parting: None,
            remarks: Vec::new(),
            due: None,
        };
        let waiting = match waits_for_answers {
            true => format!(
                "a frame waits for the server's messages that came before it, up to {patience:?} longer than then"
            ),
            false => "nothing waits for the server's messages".to_owned(),
        };
        player.remarks.push(format!("A replay of a recorded session {pace}; {waiting}."));
        player
    }

    /// Does what a person asks for.
    pub(in crate::capture) fn control(&mut self, control: Control, now: Instant) {
        match control {
            Control::Pause => self.schedule.pause(now),
            Control::Resume => self.schedule.resume(now),
            Control::Step => self.schedule.allow_step(),
            Control::Stop => {
                self.script.skip_the_rest();
                self.schedule.resume(now);
                let deadline = self.schedule.deadline(Moment::START, self.patience);
                self.parting = Some(Parting { recorded: None, deadline });
                let sent = self.progress.sent;
                self.remarks
                    .push(format!("The replay was stopped after {sent} of its {} frames.", self.progress.frames));
            }
        }
    }

    /// What to do next, once everything before has left; `None` until something comes, or [`due`](Self::due).
    pub(in crate::capture) fn next_act(&mut self, stage: &mut Stage<'_>) -> Option<Act> {
        self.due = None;
        let before = (self.progress.standing, self.progress.next);
        let act = self.decide(stage);
        self.progress.left_out = self.script.left_out();
        self.progress.next = self
            .sending
            .as_ref()
            .map_or_else(|| self.script.peek(), |sending| Some(&sending.entry))
            .and_then(Entry::frame);
        if before == (self.progress.standing, self.progress.next) || act.is_some() {
            self.board.write(self.progress);
        } else {
            self.board.tell(self.progress);
        }
        act
    }

    /// When there is something to do, as far as that is known.
    pub(in crate::capture) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Tells that the connection has ended, and that nothing more can be sent.
    pub(in crate::capture) fn end(mut self) {
        self.script.skip_the_rest();
        let ReplayProgress { frames, sent, .. } = self.progress;
        let progress =
            ReplayProgress { frames, sent, left_out: self.script.left_out(), next: None, standing: Standing::Over };
        self.board.tell(progress);
    }

    fn decide(&mut self, stage: &mut Stage<'_>) -> Option<Act> {
        while let Some(payload) = stage.ear.next_ping() {
            if !self.has_closed {
                self.answers.ping(&payload, &self.schedule, stage.now);
            }
        }
        if let Some(remark) = self.take_remark() {
            return Some(Act::Say(remark));
        }
        if self.has_ended_output {
            return self.part(stage);
        }
        // Nothing breaks into a frame that is half sent.
        if self.sending.is_none() {
            if let Some(pong) = self.answers.take_pong(stage.now) {
                return Some(Act::Send(pong));
            }
            if let Some(act) = self.notice_server(stage) {
                return Some(act);
            }
        }
        let act = self.play(stage);
        self.due = self.due.into_iter().chain(self.answers.pong_due()).min();
        act.or_else(|| self.take_remark().map(Act::Say))
    }

    fn take_remark(&mut self) -> Option<String> {
        if self.remarks.is_empty() { None } else { Some(self.remarks.remove(0)) }
    }

    // --- the client's deeds ---------------------------------------------------------------------------------------------------

    /// The next bytes, with those that the client wrote at once with them; or the next deed of another kind.
    fn play(&mut self, stage: &Stage<'_>) -> Option<Act> {
        let mut bytes = Vec::new();
        // Where the bytes end that the client wrote at once.
        let mut written_to = None;
        while (bytes.len() as u64) < MOST_AT_ONCE {
            let is_written_apart =
                |start: Option<u64>| written_to.is_some_and(|end| start.is_none_or(|start| start >= end));
            match &self.sending {
                // A step sends a frame as a whole.
                Some(Sending { bytes: Leaving::Recorded(rest), .. })
                    if is_written_apart(Some(rest.start)) && !self.schedule.is_paused() =>
                {
                    break;
                }
                Some(_) => {}
                None => {
                    let Some(entry) = self.script.peek().cloned() else { break };
                    if is_written_apart(entry.start()) || !self.may_begin(&entry, stage) {
                        break;
                    }
                    if let Some(act) = self.begin(entry, stage) {
                        return Some(act);
                    }
                }
            }
            match self.append(&mut bytes, stage.now) {
                Ok(Some(end)) => written_to = Some(end),
                Ok(None) => break,
                Err(problem) => {
                    self.sending = None;
                    self.script.skip_the_rest();
                    self.remarks.push(format!("The replay ends here: {problem}."));
                }
            }
        }
        if !bytes.is_empty() {
            return Some(Act::Send(bytes.into()));
        }
        if self.sending.is_none() && self.script.peek().is_none() { self.part(stage) } else { None }
    }

    /// Whether the time of the next deed has come, and what it waits for; says what is waited for.
    fn may_begin(&mut self, entry: &Entry, stage: &Stage<'_>) -> bool {
        if self.answers_now {
            return true;
        }
        if entry.answers_close() {
            return stage.ear.close().is_some() || self.is_given_up(entry, Standing::AwaitingClose, stage.now);
        }
        if self.schedule.is_paused() {
            self.progress.standing = Standing::Paused;
            return self.schedule.may_step();
        }
        self.progress.standing = Standing::Playing;
        let due = self.schedule.due(entry.at);
        if due > stage.now {
            self.due = Some(due);
            return false;
        }
        match entry.messages_before.saturating_sub(stage.ear.messages() + self.forgone) {
            missing if missing > 0 && self.waits_for_answers => {
                self.is_held = true;
                self.is_given_up(entry, Standing::AwaitingMessages(missing), stage.now)
            }
            _ => true,
        }
    }

    /// Whether what the next deed waits for was waited for long enough, so that the replay goes on without it.
    fn is_given_up(&mut self, entry: &Entry, standing: Standing, now: Instant) -> bool {
        let deadline = self.schedule.deadline(entry.at, self.patience);
        if now < deadline {
            self.progress.standing = standing;
            self.due = Some(deadline);
            return false;
        }
        let Standing::AwaitingMessages(missing) = standing else {
            self.script.skip_the_rest();
            return false;
        };
        self.forgone += missing;
        let messages = counted(missing, "message");
        self.remarks
            .push(format!("The next frame waited in vain for {messages} of the server that came before it then."));
        true
    }

    /// Begins the next deed; one without bytes is an act at once.
    fn begin(&mut self, entry: Entry, stage: &Stage<'_>) -> Option<Act> {
        let in_time = !self.is_held && !self.schedule.is_paused();
        self.schedule.done(entry.at, stage.now, in_time);
        (self.is_held, self.answers_now) = (false, false);
        self.script.take();
        let instead = match (&entry.deed, stage.ear.close()) {
            (Deed::EndedOutput, _) => return Some(self.end_output()),
            (Deed::Reset, _) => return Some(Act::Reset),
            (Deed::Closed(..), Some(payload)) if entry.follows_close => self.answers.close_instead(payload),
            _ => None,
        };
        let bytes = instead.or_else(|| self.rewriting.rewritten(entry.frame()?));
        self.remarks.extend(self.rewriting.take_remark().map(str::to_owned));
        let bytes = bytes.map_or_else(|| Leaving::Recorded(entry.range()), Leaving::Others);
        self.sending = Some(Sending { entry, bytes });
        None
    }

    /// Appends the next part of the deed whose bytes are leaving; says where the part ends that the client wrote at once, or nothing
    /// when the part is not due.
    fn append(&mut self, bytes: &mut Vec<u8>, now: Instant) -> Result<Option<u64>, Unreadable> {
        let Some(Sending { entry, bytes: leaving }) = &mut self.sending else { return Ok(None) };
        let part_at = |offset| self.session.parts(Direction::ClientToServer, offset).next();
        let written_to = match leaving {
            Leaving::Others(others) => {
                bytes.extend_from_slice(others);
                part_at(entry.range().end.saturating_sub(1)).map_or(0, |part| part.end)
            }
            Leaving::Recorded(range) => {
                let Some(part) = part_at(range.start) else { return Ok(None) };
                let mut end = part.end.min(range.end);
                if self.schedule.is_paused() {
                    if !self.schedule.may_step() {
                        return Ok(None);
                    }
                    end = range.end.min(range.start.saturating_add(MOST_AT_ONCE));
                } else if part.at > entry.at {
                    let due = self.schedule.due(part.at);
                    if due > now {
                        self.due = Some(due);
                        return Ok(None);
                    }
                    self.schedule.done(part.at, now, true);
                }
                let read = self.session.bytes(Direction::ClientToServer, range.start, end - range.start);
                let missing = (end - range.start) as usize - read.len();
                if missing > 0 {
                    return Err(Unreadable { length: missing });
                }
                bytes.extend_from_slice(&read);
                range.start = end;
                if !range.is_empty() {
                    return Ok(Some(part.end));
                }
                part.end
            }
        };
        if matches!(entry.deed, Deed::Closed(..)) {
            self.has_closed = true;
            self.answers.forget_pongs();
        }
        self.progress.sent += u64::from(entry.frame().is_some());
        self.schedule.step_taken();
        self.sending = None;
        Ok(Some(written_to))
    }

    fn end_output(&mut self) -> Act {
        self.has_ended_output = true;
        Act::EndOutput
    }

    // --- what the server does -------------------------------------------------------------------------------------------------

    /// Takes notice of the server's Close, and of the end of its half: what the client had done before is left out, and the client's
    /// Close answers.
    fn notice_server(&mut self, stage: &Stage<'_>) -> Option<Act> {
        if let Some(payload) = stage.ear.close().filter(|_| !self.knows.close) {
            self.knows.close = true;
            let is_earlier = match self.script.peek() {
                Some(entry) => !entry.follows_close,
                None => !self.script.has_server_closed(),
            };
            if is_earlier && !self.has_closed {
                self.leave_out("closed", Script::skip_to_close);
                self.answers_now = self.script.peek().is_some();
                if !self.answers_now && !self.script.has_server_closed() {
                    self.has_closed = true;
                    self.answers.forget_pongs();
                    return Some(Act::Send(self.answers.close_echo(payload)));
                }
            }
        }
        if stage.has_server_ended && !self.knows.end {
            self.knows.end = true;
            let is_answer = self.answers_now
                || (stage.ear.close().is_some() && self.script.peek().is_some_and(Entry::answers_close));
            let is_earlier = self.script.peek().is_some_and(|entry| !entry.follows_end);
            if is_earlier && !is_answer {
                self.leave_out("ended the connection", Script::skip_the_rest);
            }
        }
        None
    }

    fn leave_out(&mut self, what: &str, skip: impl FnOnce(&mut Script)) {
        let before = self.script.left_out();
        skip(&mut self.script);
        match self.script.left_out() - before {
            0 => {}
            frames => {
                let frames = if frames == 1 { "1 frame is".into() } else { format!("{frames} frames are") };
                self.remarks.push(format!("The server {what} earlier than then: {frames} not sent."));
            }
        }
    }

    // --- the end --------------------------------------------------------------------------------------------------------------

    /// Waits for what ended the session then, and ends it otherwise.
    fn part(&mut self, stage: &Stage<'_>) -> Option<Act> {
        self.progress.standing = Standing::AwaitingEnd;
        if stage.has_server_ended {
            return (!self.has_ended_output).then(|| self.end_output());
        }
        let (script, schedule, patience) = (&self.script, &self.schedule, self.patience);
        let Parting { recorded, deadline } = self.parting.get_or_insert_with(|| {
            let recorded = script.ended();
            let patience = if recorded.client_gave_up { Duration::ZERO } else { patience };
            Parting { recorded: Some(recorded), deadline: schedule.deadline(recorded.at, patience) }
        });
        if self.has_closed || self.has_ended_output || stage.ear.close().is_some() {
            self.due = Some(*deadline);
            return (stage.now >= *deadline).then_some(Act::GiveUp);
        }
        if let Some(recorded) = recorded {
            let missing = recorded.messages.saturating_sub(stage.ear.messages() + self.forgone);
            let until = match missing {
                0 if !recorded.server_acted => schedule.due(recorded.at),
                _ => *deadline,
            };
            if stage.now < until {
                if missing > 0 {
                    self.progress.standing = Standing::AwaitingMessages(missing);
                }
                self.due = Some(until);
                return None;
            }
            let reason = match recorded.server_acted {
                true => "The server did not end the session as it did then: it is closed with 1000.",
                false => "The recorded session has no end: this one is closed with 1000.",
            };
            self.remarks.push(reason.into());
        }
        *deadline = stage.now + patience;
        self.has_closed = true;
        self.answers.forget_pongs();
        Some(Act::Send(self.answers.normal_close()))
    }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
