//! What some frames of a session, or all of them, come to in figures. Each frame is looked at once, and what is kept does not grow
//! with their number.
//!
//! ```text
//! frames, one by one ──► Tally ──► Statistics ── traffic, messages, broken rules: counts
//!                                      ├──────── distributions of lengths and gaps: quantiles from bins
//!                                      └──────── throughput and busiest second: buckets that widen with the session
//! StatisticsSurvey: the same in the background, over a session that grows
//! ```

pub mod busiest;
pub mod distribution;
pub mod gaps;
pub mod messages;
pub mod survey;
mod tally;
pub mod throughput;

use std::ops::{AddAssign, Range};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::finding::{Finding, Rule};
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;

use super::frame_row::FrameRow;
use super::snapshot::Session;

use busiest::{BusiestSecond, Second};
use distribution::Scale;
pub use distribution::{Bar, Distribution, Quantile};
pub use gaps::{Gap, Gaps};
pub use messages::MessageFigures;
pub use survey::{Asked, StatisticsSoFar, StatisticsSurvey, Subject};
use tally::Tally;
pub use throughput::{Carried, Throughput};

/// Frames and their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// How many frames.
    pub frames: u64,
    /// Payload bytes that have come.
    pub payload: u64,
    /// Bytes of headers.
    pub headers: u64,
}

impl Traffic {
    /// All bytes of the frames, as they are above TCP and TLS.
    pub fn wire(&self) -> u64 {
        self.payload + self.headers
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, more: Traffic) {
        self.frames += more.frames;
        self.payload += more.payload;
        self.headers += more.headers;
    }
}

impl std::iter::Sum for Traffic {
    fn sum<I: Iterator<Item = Traffic>>(parts: I) -> Traffic {
        parts.fold(Traffic::default(), |mut sum, part| {
            sum += part;
            sum
        })
    }
}

/// How often a rule was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenRule {
    /// The rule, with the numbers of its first finding.
    pub rule: Rule,
    /// How many findings there are.
    pub count: u64,
}

/// What went one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneWay {
    /// By the four bits of the opcode.
    traffic: [Traffic; 16],
    /// The payload lengths that the headers of the frames claim, in bytes.
    pub lengths: Distribution,
    /// The times between its frames.
    pub gaps: Gaps,
    /// The messages that begin with its frames.
    pub messages: MessageFigures,
    busiest_frames: BusiestSecond,
    busiest_bytes: BusiestSecond,
}

impl Default for OneWay {
    fn default() -> Self {
        OneWay {
            traffic: [Traffic::default(); 16],
            lengths: Distribution::new(Scale::Binary),
            gaps: Gaps::default(),
            messages: MessageFigures::default(),
            busiest_frames: BusiestSecond::default(),
            busiest_bytes: BusiestSecond::default(),
        }
    }
}

impl OneWay {
    /// The opcodes that occur, those with a meaning first, with their frames.
    pub fn by_opcode(&self) -> impl Iterator<Item = (Opcode, Traffic)> {
        let all = (0..16).map(Opcode::from_bits).zip(self.traffic);
        let (assigned, reserved) = (all.clone(), all);
        let assigned = assigned.filter(|(opcode, _)| opcode.is_assigned());
        let reserved = reserved.filter(|(opcode, _)| !opcode.is_assigned());
        assigned.chain(reserved).filter(|(_, traffic)| traffic.frames > 0)
    }

    /// All frames.
    pub fn all(&self) -> Traffic {
        self.by_opcode().map(|(_, traffic)| traffic).sum()
    }

    /// The control frames.
    pub fn control(&self) -> Traffic {
        self.by_opcode().filter(|(opcode, _)| opcode.is_control()).map(|(_, traffic)| traffic).sum()
    }

    /// The second in which most frames came.
    pub fn busiest_by_frames(&self) -> Option<Second> {
        self.busiest_frames.busiest()
    }

    /// The second in which most bytes of frames came.
    pub fn busiest_by_bytes(&self) -> Option<Second> {
        self.busiest_bytes.busiest()
    }
}

/// The figures.
#[derive(Debug, Clone)]
pub struct Statistics {
    /// The time that they are about.
    pub during: Range<Moment>,
    /// What went which way.
    pub ways: PerDirection<OneWay>,
    /// The times between all frames, whatever their direction.
    pub gaps: Gaps,
    /// How much crossed over time.
    pub throughput: Throughput,
    /// The rules that were broken, the worst and most frequent first.
    pub broken_rules: Vec<BrokenRule>,
}

impl Statistics {
    /// Those of some frames of a session, in order, and of its findings that are chosen.
    pub fn of<'session>(
        session: &'session Session,
        frames: impl IntoIterator<Item = (FrameNumber, &'session FrameRow)>,
        is_chosen: impl Fn(&Finding) -> bool,
    ) -> Statistics {
        let mut tally = Tally::from(Moment::START);
        frames.into_iter().for_each(|(number, row)| tally.add(session, number, row));
        session.findings.iter().filter(|finding| is_chosen(finding)).for_each(|finding| tally.add_finding(finding));
        tally.finish(session, session.newest)
    }

    /// Those of a whole session.
    pub fn of_all(session: &Session) -> Statistics {
        let frames = session.frames.iter().enumerate();
        Statistics::of(session, frames.map(|(place, row)| (FrameNumber::from_index(place), row)), |_| true)
    }

    /// How many frames they are made of.
    pub fn frames(&self) -> u64 {
        Direction::BOTH.into_iter().map(|direction| self.ways[direction].lengths.count()).sum()
    }
}
