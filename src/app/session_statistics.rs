//! The statistics of one session: made once somebody wants to see them, and from then on followed.

use std::sync::Arc;

use crate::search::Found;
use crate::session::background::Background;
use crate::session::live::Wake;
use crate::session::statistics::{Asked, StatisticsSoFar, StatisticsSurvey, Subject};
use crate::session::{Session, Stretch};

/// The counting that goes on for a session, when somebody has asked for it.
#[derive(Default)]
pub(super) struct SessionStatistics {
    survey: Option<Background<StatisticsSurvey>>,
    known: Option<Subject>,
}

impl SessionStatistics {
    /// Counts the frames of the session from now on, or those of them that a search finds or that are in a stretch.
    ///
    /// # Errors
    /// When the system has no further thread.
    pub(super) fn count(
        &mut self,
        session: &Arc<Session>,
        among: Option<&Found>,
        stretch: Option<Stretch>,
        wake: impl FnOnce() -> Wake,
    ) -> std::io::Result<()> {
        let among = among.map(|found| Asked { found: found.matches.clone(), frames: found.looked_at });
        let subject = Subject { session: Arc::clone(session), among, stretch };
        if self.known.as_ref().is_some_and(|known| known.is_same(&subject)) {
            return Ok(());
        }
        self.known = Some(subject.clone());
        match &self.survey {
            Some(survey) => survey.follow(subject),
            None => self.survey = Some(Background::start(StatisticsSurvey::new(subject), wake())?),
        }
        Ok(())
    }

    /// The figures so far; `None` before anybody has asked.
    pub(super) fn found(&self) -> Option<StatisticsSoFar> {
        self.survey.as_ref().map(Background::found)
    }
}
