//! How long answers took: an exchange is something sent and what answered it, whatever its kind, and a series of them has figures.

use std::time::Duration;

use crate::protocol::direction::Direction;
use crate::protocol::dissector::RoundTrip;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;

/// How many exchanges figures are made of; the newest ones.
pub const NEWEST: usize = 10_000;

/// Something sent and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// The direction of what was sent first.
    pub direction: Direction,
    /// The frame that asked.
    pub asked: FrameNumber,
    /// The frame that answered.
    pub answered: FrameNumber,
    /// When it was asked.
    pub asked_at: Moment,
    /// When it was answered.
    pub answered_at: Moment,
}

impl Exchange {
    /// The time between.
    pub fn took(&self) -> Duration {
        self.answered_at.since(self.asked_at)
    }
}

impl From<&RoundTrip> for Exchange {
    fn from(trip: &RoundTrip) -> Exchange {
        Exchange {
            direction: trip.direction,
            asked: trip.ping,
            answered: trip.pong,
            asked_at: trip.sent_at,
            answered_at: trip.answered_at,
        }
    }
}

/// The figures of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// How many exchanges they are made of.
    pub exchanges: usize,
    /// The shortest time.
    pub shortest: Duration,
    /// The time that half of them took at most.
    pub median: Duration,
    /// The longest time.
    pub longest: Duration,
}

impl Latency {
    /// The figures of these times; `None` when there are none.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Option<Latency> {
        let mut times: Vec<Duration> = times.into_iter().collect();
        times.sort_unstable();
        Some(Latency {
            exchanges: times.len(),
            shortest: *times.first()?,
            median: *times.get((times.len() - 1) / 2)?,
            longest: *times.last()?,
        })
    }
}
