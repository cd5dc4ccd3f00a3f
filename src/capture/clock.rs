//! The clock of a session: one reading of the wall clock at its start, a monotonic clock from there on.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::protocol::moment::Moment;

/// Tells the moments of one session.
#[derive(Debug, Clone, Copy)]
pub struct SessionClock {
    start: Instant,
    started_at: u64,
}

impl SessionClock {
    /// A session that starts now.
    pub fn start() -> SessionClock {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        SessionClock { start: Instant::now(), started_at: u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX) }
    }

    /// When the session started, in nanoseconds since 1970-01-01 00:00 UTC.
    pub fn started_at(&self) -> u64 {
        self.started_at
    }

    /// The moment that it is now.
    pub fn now(&self) -> Moment {
        Moment::after_start(self.start.elapsed())
    }
}
