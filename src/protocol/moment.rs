//! A point in time inside one session, counted in whole nanoseconds so that no rounding can reorder two events.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Nanoseconds since the session started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// The start of the session.
    pub const START: Moment = Moment(0);

    /// The moment this long after the start; durations beyond 584 years stop there.
    pub fn after_start(elapsed: Duration) -> Moment {
        Moment(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX))
    }

    /// Nanoseconds since the session started.
    pub fn nanoseconds(self) -> u64 {
        self.0
    }

    /// The time from an earlier moment to this one, zero when it is not earlier.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// Seconds with microseconds: `12.345678`.
impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let microseconds = self.0 / 1_000;
        write!(formatter, "{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
    }
}
