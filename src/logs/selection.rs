//! Which frames of a session are saved.

use std::ops::Range;

use crate::protocol::frame::FrameNumber;
use crate::session::{FrameRow, Session};

/// All frames, or some of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// Every frame.
    #[default]
    All,
    /// Those between two places of the session.
    Range(Range<usize>),
    /// These, in rising order.
    Frames(Vec<FrameNumber>),
}

impl Selection {
    /// The frames for which this holds.
    pub fn of(session: &Session, mut is_chosen: impl FnMut(FrameNumber, &FrameRow) -> bool) -> Selection {
        let numbered = session.frames.iter().enumerate().map(|(place, row)| (FrameNumber::from_index(place), row));
        Selection::Frames(numbered.filter(|(number, row)| is_chosen(*number, row)).map(|(number, _)| number).collect())
    }

    /// Whether this frame is one of them.
    pub fn contains(&self, number: FrameNumber) -> bool {
        match self {
            Selection::All => true,
            Selection::Range(range) => range.contains(&number.index()),
            Selection::Frames(numbers) => numbers.binary_search(&number).is_ok(),
        }
    }

    /// How many frames of the session these are.
    pub fn count(&self, session: &Session) -> usize {
        match self {
            Selection::All => session.frames.len(),
            Selection::Range(range) => range.end.min(session.frames.len()).saturating_sub(range.start),
            Selection::Frames(numbers) => numbers.len(),
        }
    }

    /// Their numbers, in their order.
    pub fn numbers(&self, session: &Session) -> impl Iterator<Item = FrameNumber> + Clone {
        let (range, some): (_, &[FrameNumber]) = match self {
            Selection::All => (0..session.frames.len(), &[]),
            Selection::Range(range) => (range.start..range.end.min(session.frames.len()), &[]),
            Selection::Frames(numbers) => (0..0, numbers),
        };
        range.map(FrameNumber::from_index).chain(some.iter().copied())
    }

    /// These frames of the session, in their order.
    pub fn frames<'all>(&'all self, session: &'all Session) -> impl Iterator<Item = (FrameNumber, &'all FrameRow)> {
        self.numbers(session).filter_map(|number| Some((number, session.frame(number)?)))
    }
}
