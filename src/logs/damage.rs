//! What of a log could not be read, and where; the rest of the log is kept.

use std::fmt;

/// The most places that are listed; a file of nothing but damage must not fill the memory.
const MOST_LISTED: usize = 1_000;

/// Where in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// The offset of a byte, counted from 0.
    Byte(u64),
    /// The log as a whole.
    Whole,
}

/// One thing that was not readable or was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where.
    pub place: Place,
    /// What, in words.
    pub problem: String,
}

/// `line 7: the problem`, `byte 4096: the problem`, or the problem alone.
impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Line(line) => write!(formatter, "line {line}: ")?,
            Place::Byte(offset) => write!(formatter, "byte {offset}: ")?,
            Place::Whole => {}
        }
        formatter.write_str(&self.problem)
    }
}

/// The list that a reader adds to.
#[derive(Debug, Default)]
pub(super) struct DamageList {
    listed: Vec<Damage>,
    unlisted: u64,
}

impl DamageList {
    pub(super) fn add(&mut self, place: Place, problem: impl Into<String>) {
        if self.listed.len() < MOST_LISTED {
            self.listed.push(Damage { place, problem: problem.into() });
        } else {
            self.unlisted += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    pub(super) fn into_vec(mut self) -> Vec<Damage> {
        if self.unlisted > 0 {
            let problem = format!("{} more problems are not listed", self.unlisted);
            self.listed.push(Damage { place: Place::Whole, problem });
        }
        self.listed
    }

    /// The first entry, for a log of which nothing else is left.
    pub(super) fn into_first(self) -> Damage {
        let nothing = || Damage { place: Place::Whole, problem: "there is nothing in it".into() };
        self.listed.into_iter().next().unwrap_or_else(nothing)
    }
}
