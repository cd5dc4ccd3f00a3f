//! The statistics of frames that become more: those of a live session, or those that a search finds.

use std::ops::Range;
use std::sync::Arc;

use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;

use super::super::background::Survey;
use super::super::frame_set::FrameSet;
use super::super::snapshot::Session;
use super::super::stretch::Stretch;
use super::Statistics;
use super::tally::Tally;

/// How many frames and findings are counted in one step.
const AT_A_TIME: usize = 16 * 1024;

/// How many of the newest frames are counted anew each time when frames are chosen by a search: its answer can change while more of
/// a message comes.
const UNSETTLED: usize = 4 * 1024;

/// What a search has found so far.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The frames that it found.
    pub found: FrameSet,
    /// How many frames it has asked, from the start of the session.
    pub frames: usize,
}

/// What statistics are of.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The session.
    pub session: Arc<Session>,
    /// Those of its frames that a search finds; all without one.
    pub among: Option<Asked>,
    /// Those of its frames that are in this stretch; all without one.
    pub stretch: Option<Stretch>,
}

impl Subject {
    /// A whole session.
    pub fn whole(session: Arc<Session>) -> Subject {
        Subject { session, among: None, stretch: None }
    }

    /// Whether another subject is of the same frames of the same snapshot.
    pub fn is_same(&self, other: &Subject) -> bool {
        let chooses_alike = match (&self.among, &other.among) {
            (None, None) => true,
            (Some(one), Some(another)) => one.frames == another.frames && one.found.is_copy_of(&another.found),
            _ => false,
        };
        Arc::ptr_eq(&self.session, &other.session) && self.stretch == other.stretch && chooses_alike
    }

    /// The places of the frames of the stretch.
    fn places(&self) -> Range<usize> {
        let whole = 0..self.session.frames.len();
        self.stretch.map_or(whole, |stretch| stretch.frames(&self.session))
    }

    /// When the stretch begins, and when it ends or the session does.
    fn moments(&self) -> (Moment, Moment) {
        let newest = self.session.newest;
        let (start, end) = self.stretch.map_or((Moment::START, newest), |stretch| stretch.moments(&self.session));
        (start, end.min(newest))
    }

    /// Up to which place it is known which frames are chosen.
    fn known(&self) -> usize {
        let Range { start, end } = self.places();
        self.among.as_ref().map_or(end, |asked| asked.frames.clamp(start, end))
    }

    /// Up to which place that will not change.
    fn settled(&self) -> usize {
        let known = self.known();
        if self.among.is_some() { known.saturating_sub(UNSETTLED).max(self.places().start) } else { known }
    }

    /// Whether a finding counts: it is on one of the frames, or on none where none is left out.
    fn has_chosen(&self, finding: &Finding) -> bool {
        let is_chosen = |number: FrameNumber| {
            self.among.as_ref().is_none_or(|asked| asked.found.contains(number))
                && self.places().contains(&number.index())
        };
        finding.frame.map_or(self.among.is_none() && self.stretch.is_none(), is_chosen)
    }
}

/// The statistics as far as they are made.
#[derive(Debug, Clone)]
pub struct StatisticsSoFar {
    /// Of the frames that were looked at.
    pub statistics: Arc<Statistics>,
    /// How many frames were looked at.
    pub looked_at: usize,
    /// How many there were.
    pub of: usize,
}

/// A tally and how far it is.
#[derive(Debug, Clone)]
struct Standing {
    tally: Tally,
    /// The place of the first frame that is not counted.
    frames: usize,
    /// The place of the first finding that is not counted.
    findings: usize,
}

impl Standing {
    fn before(subject: &Subject) -> Standing {
        Standing { tally: Tally::from(subject.moments().0), frames: subject.places().start, findings: 0 }
    }

    /// Counts the frames up to this place.
    fn count_frames(&mut self, subject: &Subject, end: usize) {
        let session = &subject.session;
        let start = self.frames;
        match &subject.among {
            None => {
                let rows = session.frames.iter_from(start).take(end.saturating_sub(start));
                for (place, row) in (start..).zip(rows) {
                    self.tally.add(session, FrameNumber::from_index(place), row);
                }
            }
            Some(asked) => {
                for number in asked.found.iter_from(start).take_while(|number| number.index() < end) {
                    session.frame(number).into_iter().for_each(|row| self.tally.add(session, number, row));
                }
            }
        }
        self.frames = end.max(start);
    }

    /// Counts at most so many findings, in their order, up to the first of which it is not settled whether it counts.
    fn count_findings(&mut self, subject: &Subject, most: usize) {
        let unsettled = match subject.among {
            Some(_) => self.frames..subject.places().end,
            None => 0..0,
        };
        let is_settled = |finding: &&Finding| finding.frame.is_none_or(|number| !unsettled.contains(&number.index()));
        for finding in subject.session.findings.iter_from(self.findings).take(most).take_while(is_settled) {
            self.findings += 1;
            if subject.has_chosen(finding) {
                self.tally.add_finding(finding);
            }
        }
    }
}

/// The making of statistics.
pub struct StatisticsSurvey {
    subject: Subject,
    settled: Standing,
}

impl StatisticsSurvey {
    /// Begins before the first frame.
    pub fn new(subject: Subject) -> StatisticsSurvey {
        StatisticsSurvey { settled: Standing::before(&subject), subject }
    }

    /// Whether what is counted is the same in a later subject.
    fn is_continued_by(&self, newer: &Subject) -> bool {
        let chooses_alike = match (&self.subject.among, &newer.among) {
            (None, None) => true,
            (Some(before), Some(now)) => now.found.agrees_with(&before.found, self.settled.frames),
            _ => false,
        };
        // A stretch may begin behind all frames that there were.
        let begins_alike = self.subject.stretch == newer.stretch
            && self.subject.places().start == newer.places().start
            && self.subject.moments().0 == newer.moments().0;
        chooses_alike && begins_alike && newer.settled() >= self.settled.frames
    }
}

impl Survey for StatisticsSurvey {
    type Snapshot = Subject;
    type Found = StatisticsSoFar;

    const NAME: &'static str = "statistics";

    fn step(&mut self) -> bool {
        let (frames, findings) = (self.subject.settled(), self.settled.findings);
        self.settled.count_frames(&self.subject, frames.min(self.settled.frames.saturating_add(AT_A_TIME)));
        self.settled.count_findings(&self.subject, AT_A_TIME);
        self.settled.frames >= frames && self.settled.findings - findings < AT_A_TIME
    }

    fn follow(&mut self, newer: Subject) {
        if self.is_continued_by(&newer) {
            self.subject = newer;
        } else {
            *self = StatisticsSurvey::new(newer);
        }
    }

    fn found(&self, _is_newest: bool) -> StatisticsSoFar {
        let mut standing = self.settled.clone();
        if standing.frames >= self.subject.settled() {
            standing.count_frames(&self.subject, self.subject.known());
            standing.count_findings(&self.subject, AT_A_TIME);
        }
        let Range { start, end } = self.subject.places();
        let statistics = standing.tally.finish(&self.subject.session, self.subject.moments().1);
        StatisticsSoFar { statistics: Arc::new(statistics), looked_at: standing.frames - start, of: end - start }
    }
}
