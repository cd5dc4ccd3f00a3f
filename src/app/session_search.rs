//! The search of one session: begun anew when the filter changes, and told of every later snapshot.

use std::sync::Arc;

use crate::search::{Filter, Found, Pass, Scan};
use crate::session::Session;
use crate::session::live::Wake;

/// The search that goes on for a session, when there is a filter.
#[derive(Default)]
pub(super) struct SessionSearch {
    scan: Option<Scan>,
    generation: u64,
    known: Option<Arc<Session>>,
}

impl SessionSearch {
    /// Searches for this from now on.
    ///
    /// # Errors
    /// When the system has no further thread.
    pub(super) fn search_for(
        &mut self,
        filter: Option<&Filter>,
        generation: u64,
        session: &Arc<Session>,
        wake: impl FnOnce() -> Wake,
    ) -> std::io::Result<()> {
        if self.generation != generation {
            self.generation = generation;
            self.known = Some(Arc::clone(session));
            self.scan = None;
            self.scan = filter.map(|filter| Scan::start(Pass::new(filter, Arc::clone(session)), wake())).transpose()?;
        }
        if let Some(scan) = &self.scan
            && !self.known.as_ref().is_some_and(|known| Arc::ptr_eq(known, session))
        {
            self.known = Some(Arc::clone(session));
            scan.follow(Arc::clone(session));
        }
        Ok(())
    }

    /// What was found so far, and whether the search was stopped.
    pub(super) fn found(&self) -> Option<(Found, bool)> {
        self.scan.as_ref().map(|scan| (scan.found(), scan.is_stopped()))
    }

    /// Stops searching; what was found stays.
    pub(super) fn stop(&self) {
        self.scan.iter().for_each(Scan::stop);
    }
}
