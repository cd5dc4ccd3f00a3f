//! What a diagnosis looks at: the verdict, and the few facts beside it that whoever has the session fills in.

use std::time::Duration;

use crate::protocol::direction::{Direction, Perspective, Side};
use crate::protocol::finding::{Finding, Rule, Severity};
use crate::protocol::frame::FrameNumber;
use crate::protocol::handshake::Handshake;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::Verdict;

/// Limits of idle time that people and products choose, in seconds.
const ROUND_LIMITS: [u64; 19] =
    [30, 45, 50, 55, 60, 75, 90, 100, 110, 120, 150, 180, 240, 300, 350, 600, 900, 1_800, 3_600];

/// How much sooner than its limit an idle connection may seem to end, because the last frame is seen later elsewhere.
const SOONER: Duration = Duration::from_millis(300);

/// How much later, because limits are checked at times and the end has to travel.
const LATER: Duration = Duration::from_millis(1_500);

/// A frame, as far as a diagnosis looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenFrame {
    /// Its place in the session.
    pub number: FrameNumber,
    /// Which way it went.
    pub direction: Direction,
    /// When its header was complete.
    pub at: Moment,
    /// What its payload is.
    pub opcode: Opcode,
    /// How long its payload is, or of a frame that begins a message in several frames, that of the whole message.
    pub length: u64,
}

/// Everything that a diagnosis looks at.
#[derive(Debug, Clone)]
pub struct Circumstances<'session> {
    /// How the session ended.
    pub verdict: &'session Verdict,
    /// The opening handshake.
    pub handshake: &'session Handshake,
    /// Whose recording it is.
    pub perspective: Perspective,
    /// When the upgrade was answered.
    pub opened_at: Option<Moment>,
    /// The newest frames, in their order.
    pub last_frames: Vec<SeenFrame>,
    /// The newest findings, in their order.
    pub findings: Vec<Finding>,
    /// The shortest time in which the server was seen to answer anything.
    pub shortest_answer: Option<Duration>,
    /// What did not work while connecting, in words.
    pub problem: Option<&'session str>,
}

impl Circumstances<'_> {
    /// A frame by its number, when it is among the newest.
    pub(super) fn frame(&self, number: FrameNumber) -> Option<&SeenFrame> {
        self.last_frames.iter().rev().find(|frame| frame.number == number)
    }

    /// The frames of a side before a moment, the newest first; Close frames are told by the verdict.
    pub(super) fn before(&self, side: Side, moment: Moment) -> impl Iterator<Item = &SeenFrame> {
        let newest_first = self.last_frames.iter().rev();
        newest_first.filter(move |frame| {
            frame.direction.sender() == side && frame.at <= moment && frame.opcode != Opcode::Close
        })
    }

    /// The newest frame of either side before a moment.
    pub(super) fn newest_before(&self, moment: Moment) -> Option<&SeenFrame> {
        Side::BOTH.into_iter().filter_map(|side| self.before(side, moment).next()).max_by_key(|frame| frame.at)
    }

    /// For how long nothing had been sent at a moment.
    pub(super) fn silence_at(&self, moment: Moment) -> Option<Duration> {
        let newest = self.newest_before(moment).map(|frame| frame.at).or(self.opened_at)?;
        Some(moment.since(newest))
    }

    /// The round limit in seconds that a silence had just reached.
    pub(super) fn limit_reached_at(&self, moment: Moment) -> Option<u64> {
        let silence = self.silence_at(moment)?;
        ROUND_LIMITS.into_iter().find(|seconds| {
            let limit = Duration::from_secs(*seconds);
            silence + SOONER >= limit && silence <= limit + LATER
        })
    }

    /// The newest finding of a kind on what a side did.
    pub(super) fn finding(&self, side: Side, is_wanted: impl Fn(&Rule) -> bool) -> Option<&Finding> {
        let by_side = |finding: &&Finding| finding.direction == Some(side.sends());
        self.findings.iter().rev().filter(by_side).find(|finding| is_wanted(&finding.rule))
    }

    /// The newest finding that a side broke a rule of the framing, up to a moment; what is only known at the end is none.
    pub(super) fn violation(&self, side: Side, moment: Moment) -> Option<&Finding> {
        let is_violation = |finding: &&Finding| {
            finding.direction == Some(side.sends())
                && finding.frame.is_some()
                && finding.at <= moment
                && finding.rule.severity() == Severity::Error
                && !matches!(
                    finding.rule,
                    Rule::EndedInsideFrame | Rule::CloseNotAnswered | Rule::CloseNotAnsweredInTime
                )
        };
        self.findings.iter().rev().find(is_violation)
    }
}
