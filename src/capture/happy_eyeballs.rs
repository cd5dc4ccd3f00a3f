//! Happy Eyeballs (RFC 8305): in which order, and when, connections to several addresses are begun; no socket and no clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long an attempt goes on alone before the next one is begun beside it (RFC 8305 section 5).
pub(super) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Addresses by turns of both families, beginning with the family of the first (RFC 8305 section 4).
pub(super) fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (leading, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_ipv6);
    let longer = leading.len().max(other.len());
    let (mut leading, mut other) = (leading.into_iter(), other.into_iter());
    (0..longer).flat_map(|_| [leading.next(), other.next()]).flatten().collect()
}

/// Attempts that have not been begun, and when the next one is due.
#[derive(Debug)]
pub(super) struct Schedule {
    waiting: VecDeque<SocketAddr>,
    due: Instant,
}

impl Schedule {
    /// A schedule for these addresses in their order, whose first attempt is due now.
    pub(super) fn new(addresses: Vec<SocketAddr>, now: Instant) -> Schedule {
        Schedule { waiting: addresses.into(), due: now }
    }

    /// The address to begin with now, if one is due; the next one is due a delay later.
    pub(super) fn next(&mut self, now: Instant) -> Option<SocketAddr> {
        if now < self.due {
            return None;
        }
        let address = self.waiting.pop_front()?;
        self.due = now + ATTEMPT_DELAY;
        Some(address)
    }

    /// An attempt has failed: the next one need not wait.
    pub(super) fn failed(&mut self, now: Instant) {
        self.due = now;
    }

    /// When the next attempt is due; `None` when there is none.
    pub(super) fn due(&self) -> Option<Instant> {
        (!self.waiting.is_empty()).then_some(self.due)
    }

    /// The addresses that were never tried.
    pub(super) fn left(self) -> impl Iterator<Item = SocketAddr> {
        self.waiting.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns_and_the_first_one_leads() {
        for (given, expected) in [
            (
                &["[::1]:1", "[::2]:1", "1.1.1.1:1", "2.2.2.2:1"][..],
                &["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1"][..],
            ),
            (&["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1", "[::1]:1"], &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1"]),
            (&["1.1.1.1:1", "2.2.2.2:1"], &["1.1.1.1:1", "2.2.2.2:1"]),
            (&[], &[]),
        ] {
            assert_eq!(interleaved(addresses(given)), addresses(expected));
        }
    }

    #[test]
    fn a_new_attempt_every_delay_and_at_once_after_a_failure() {
        let start = Instant::now();
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let given = addresses(&["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1", "4.4.4.4:1"]);
        let mut schedule = Schedule::new(given.clone(), start);
        assert_eq!(schedule.next(after(0)), Some(given[0]));
        assert_eq!(schedule.next(after(0)), None);
        assert_eq!(schedule.due(), Some(after(250)));
        assert_eq!(schedule.next(after(249)), None);
        assert_eq!(schedule.next(after(250)), Some(given[1]));
        schedule.failed(after(300));
        assert_eq!(schedule.due(), Some(after(300)));
        assert_eq!(schedule.next(after(300)), Some(given[2]));
        // Counted from when it was really begun.
        assert_eq!(schedule.next(after(600)), Some(given[3]));
        assert_eq!(schedule.due(), None);
        assert_eq!(schedule.next(after(900)), None);
    }
}
