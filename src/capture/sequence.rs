//! A sequence that is being carried out: what comes next and when, and how far it is.

use std::collections::VecDeque;
use std::time::Instant;

use super::board::Board;
use super::command::{Command, Step};

/// How far a sequence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceProgress {
    /// How many steps have been carried out.
    pub done: usize,
    /// How many there are.
    pub steps: usize,
    /// Whether more will be carried out.
    pub is_running: bool,
}

/// Steps that are being carried out.
pub(super) struct RunningSequence {
    steps: VecDeque<Step>,
    done: usize,
    /// When the next step is due, once everything before it has left.
    due: Option<Instant>,
    board: Board<SequenceProgress>,
}

impl RunningSequence {
    /// A sequence of which nothing has been done.
    pub(super) fn start(steps: Vec<Step>, board: Board<SequenceProgress>) -> RunningSequence {
        let sequence = RunningSequence { steps: steps.into(), done: 0, due: None, board };
        sequence.publish();
        sequence
    }

    /// The command of the next step when its time has come; everything before it has left by now.
    pub(super) fn take_due(&mut self) -> Option<Command> {
        let delay = self.steps.front()?.delay;
        let now = Instant::now();
        // A delay beyond what the clock can tell never ends.
        let due = match self.due {
            Some(due) => due,
            None => *self.due.insert(now.checked_add(delay)?),
        };
        if now < due {
            return None;
        }
        self.due = None;
        self.done += 1;
        let step = self.steps.pop_front();
        self.publish();
        step.map(|step| step.command)
    }

    /// When there is something to do, as far as that is known.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether every step has been carried out.
    pub(super) fn is_done(&self) -> bool {
        self.steps.is_empty()
    }

    /// Leaves out what has not been done; says what that was, in a sentence.
    pub(super) fn stop(mut self) -> String {
        let steps = self.done + self.steps.len();
        self.steps.clear();
        self.board.tell(SequenceProgress { done: self.done, steps, is_running: false });
        format!("The sequence was stopped after {} of its {steps} steps.", self.done)
    }

    fn publish(&self) {
        let is_running = !self.steps.is_empty();
        let steps = self.done + self.steps.len();
        self.board.tell(SequenceProgress { done: self.done, steps, is_running });
    }
}
