//! Which frames of a session are saved.

use crate::protocol::frame::FrameNumber;
use crate::session::{FrameRow, Session};

/// All frames, or some of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// Every frame.
    #[default]
    All,
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
            Selection::Frames(numbers) => numbers.binary_search(&number).is_ok(),
        }
    }

    /// How many frames of the session these are.
    pub fn count(&self, session: &Session) -> usize {
        match self {
            Selection::All => session.frames.len(),
            Selection::Frames(numbers) => numbers.len(),
        }
    }

    /// These frames of the session, in their order.
    pub fn frames<'all>(&'all self, session: &'all Session) -> impl Iterator<Item = (FrameNumber, &'all FrameRow)> {
        let (all, some) = match self {
            Selection::All => (Some(session.frames.iter().enumerate()), None),
            Selection::Frames(numbers) => (None, Some(numbers.iter())),
        };
        let all = all.into_iter().flatten().map(|(place, row)| (FrameNumber::from_index(place), row));
        let some = some.into_iter().flatten().filter_map(|number| Some((*number, session.frame(*number)?)));
        all.chain(some)
    }
}
