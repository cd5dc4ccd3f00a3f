//! How the recorded client answered Pings: which of them, and after how long.

use std::sync::Arc;
use std::time::Duration;

use crate::protocol::direction::Direction;
use crate::protocol::opcode::Opcode;
use crate::session::Session;

/// The server's Pings of a recorded session, one after the other.
pub(super) struct PingHabit {
    session: Arc<Session>,
    /// The place in the list of frames from which on Pings are looked for.
    place: usize,
    /// The place in the list of round trips.
    trip: usize,
    newest: Option<Duration>,
}

impl PingHabit {
    /// Before the first Ping. A client that was never asked is taken for one that answers, as RFC 6455 5.5.2 wants it.
    pub(super) fn of(session: Arc<Session>) -> PingHabit {
        let frames = session.frames.len();
        let opcodes = session.totals(0..frames)[Direction::ServerToClient].opcodes;
        let has_pings = opcodes & 1 << Opcode::Ping.bits() != 0;
        PingHabit { session, place: if has_pings { 0 } else { frames }, trip: 0, newest: Some(Duration::ZERO) }
    }

    /// After how long the next Ping was answered; `None` when it was not. After the last one its answer is taken for the habit.
    pub(super) fn next(&mut self) -> Option<Duration> {
        let is_ping =
            |direction: Direction, opcode: Opcode| direction == Direction::ServerToClient && opcode == Opcode::Ping;
        let rows = self.session.frames.iter_from(self.place);
        let Some(skipped) = rows.into_iter().position(|row| is_ping(row.direction, row.opcode())) else {
            self.place = self.session.frames.len();
            return self.newest;
        };
        let ping = self.place + skipped;
        self.place = ping + 1;
        self.newest = None;
        while let Some(trip) = self.session.round_trips.get(self.trip) {
            if trip.direction == Direction::ServerToClient && trip.ping.index() >= ping {
                self.newest = (trip.ping.index() == ping).then(|| trip.answered_at.since(trip.sent_at));
                break;
            }
            self.trip += 1;
        }
        self.newest
    }
}
