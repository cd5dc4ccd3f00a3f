//! The requests and replies of one session: looked for once somebody wants to see them, and from then on followed.

use std::sync::Arc;

use crate::reading::Reading;
use crate::reading::replies::{Replies, ReplySurvey};
use crate::session::Session;
use crate::session::background::Background;
use crate::session::live::Wake;

/// The looking for replies that goes on for a session, when there is one.
#[derive(Default)]
pub(super) struct SessionReplies {
    survey: Option<Background<ReplySurvey>>,
    reading: Reading,
    known: Option<Arc<Session>>,
}

impl SessionReplies {
    /// Looks for them from now on, with messages read in this way.
    ///
    /// # Errors
    /// When the system has no further thread.
    pub(super) fn look_for(
        &mut self,
        reading: Reading,
        session: &Arc<Session>,
        wake: impl FnOnce() -> Wake,
    ) -> std::io::Result<()> {
        let is_known = self.known.as_ref().is_some_and(|known| Arc::ptr_eq(known, session));
        self.known = Some(Arc::clone(session));
        match &self.survey {
            Some(_) if self.reading == reading && is_known => {}
            Some(survey) if self.reading == reading => survey.follow(Arc::clone(session)),
            _ => {
                self.reading = reading;
                self.survey = Some(Background::start(ReplySurvey::new(Arc::clone(session), reading), wake())?);
            }
        }
        Ok(())
    }

    /// What was found so far; `None` before anybody has looked.
    pub(super) fn found(&self) -> Option<Replies> {
        self.survey.as_ref().map(Background::found)
    }
}
