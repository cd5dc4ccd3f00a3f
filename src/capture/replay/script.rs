//! What the client of a recorded session did, one thing after the other, read while it is asked for.

use std::ops::Range;
use std::sync::Arc;

use crate::protocol::direction::{Direction, Side};
use crate::protocol::frame::FrameNumber;
use crate::protocol::http::{HeadParse, LONGEST_HEAD, RequestHead};
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::{TransportEnd, TransportEnding};
use crate::session::{FrameRow, FrameSet, Session};

/// Something that the client did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) deed: Deed,
    /// When it began.
    pub(super) at: Moment,
    /// How many messages of the server had come as a whole before.
    pub(super) messages_before: u64,
    /// Whether the server's Close had come before.
    pub(super) follows_close: bool,
    /// Whether the server had ended its half before.
    pub(super) follows_end: bool,
}

/// The kinds of deeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// It sent a frame that answered nothing, as far as it got: these bytes of its stream.
    Sent(FrameNumber, Range<u64>),
    /// It sent a Close.
    Closed(FrameNumber, Range<u64>),
    /// It sent the beginning of a header and nothing behind it.
    SentRest(Range<u64>),
    /// It ended its half of the connection, and the server had not.
    EndedOutput,
    /// It reset the connection.
    Reset,
}

impl Entry {
    /// The frame that was sent.
    pub(super) fn frame(&self) -> Option<FrameNumber> {
        match self.deed {
            Deed::Sent(number, _) | Deed::Closed(number, _) => Some(number),
            Deed::SentRest(_) | Deed::EndedOutput | Deed::Reset => None,
        }
    }

    /// The bytes that it put into the client's stream.
    pub(super) fn range(&self) -> Range<u64> {
        match &self.deed {
            Deed::Sent(_, range) | Deed::Closed(_, range) | Deed::SentRest(range) => range.clone(),
            Deed::EndedOutput | Deed::Reset => 0..0,
        }
    }

    /// Where these begin, when there are any.
    pub(super) fn start(&self) -> Option<u64> {
        Some(self.range()).filter(|range| !range.is_empty()).map(|range| range.start)
    }

    /// Whether this is the Close that answered the server's.
    pub(super) fn answers_close(&self) -> bool {
        matches!(self.deed, Deed::Closed(..)) && self.follows_close
    }
}

/// The client's deeds in their order.
pub(super) struct Script {
    session: Arc<Session>,
    chosen: Option<FrameSet>,
    /// The place in the list of frames.
    place: usize,
    /// The place in the list of round trips.
    trip: usize,
    messages: u64,
    /// The place of the newest frame that ended a message of the server.
    newest_message: Option<usize>,
    has_server_closed: bool,
    /// Where the client's stream is not looked at any more.
    stream_place: u64,
    last: Last,
    left_out: u64,
    /// The next deed, once somebody has looked at it.
    next: Option<Entry>,
}

/// What comes behind the frames.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Rest,
    End,
    Nothing,
}

impl Script {
    /// Before the client's first frame; of a set of frames only those are sent.
    pub(super) fn of(session: Arc<Session>, chosen: Option<FrameSet>) -> Script {
        let head = session.bytes(Direction::ClientToServer, 0, LONGEST_HEAD as u64);
        let stream_place = match RequestHead::parse(&head) {
            HeadParse::Complete { length, .. } => length as u64,
            // What is no request is not sent again: the handshake is a new one.
            HeadParse::Incomplete | HeadParse::Malformed(_) => session.streams()[Direction::ClientToServer],
        };
        Script {
            session,
            chosen,
            place: 0,
            trip: 0,
            messages: 0,
            newest_message: None,
            has_server_closed: false,
            stream_place,
            last: Last::Rest,
            left_out: 0,
            next: None,
        }
    }

    /// How many frames there are to be sent, those that are not chosen among them and answers to Pings not.
    pub(super) fn frames(&self) -> u64 {
        let all = self.session.totals(0..self.session.frames.len())[Direction::ClientToServer].frames;
        let pongs = self.session.round_trips.iter().filter(|trip| trip.direction == Direction::ServerToClient);
        u64::from(all).saturating_sub(pongs.count() as u64)
    }

    /// How many frames were left out.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether the server had closed before the next deed, or at the end.
    pub(super) fn has_server_closed(&self) -> bool {
        self.has_server_closed
    }

    /// The next deed; it stays the next one until it is taken.
    pub(super) fn peek(&mut self) -> Option<&Entry> {
        if self.next.is_none() {
            self.next = self.read();
        }
        self.next.as_ref()
    }

    /// The next deed, which is then done.
    pub(super) fn take(&mut self) -> Option<Entry> {
        self.peek();
        self.next.take()
    }

    /// Goes to the client's Close, and leaves out what comes before it.
    pub(super) fn skip_to_close(&mut self) {
        while let Some(entry) = self.peek()
            && !matches!(entry.deed, Deed::Closed(..))
        {
            self.skip();
        }
    }

    /// Leaves out everything that is left.
    pub(super) fn skip_the_rest(&mut self) {
        while self.peek().is_some() {
            self.skip();
        }
    }

    fn skip(&mut self) {
        self.left_out += u64::from(self.next.take().is_some_and(|entry| entry.frame().is_some()));
    }

    fn read(&mut self) -> Option<Entry> {
        let session = Arc::clone(&self.session);
        while let Some(row) = session.frames.get(self.place) {
            let number = FrameNumber::from_index(self.place);
            self.place += 1;
            if row.direction == Direction::ServerToClient {
                self.pass_server_frame(number, row);
                continue;
            }
            let range = self.range(row);
            self.stream_place = range.end;
            if row.opcode() == Opcode::Pong && self.is_answer(number) {
                continue;
            }
            if !self.is_chosen(number) || !self.is_recorded(number, row) {
                self.left_out += 1;
                continue;
            }
            let at = self.begun_at(range.start).unwrap_or(row.at);
            let deed = match row.opcode() {
                Opcode::Close => Deed::Closed(number, range),
                _ => Deed::Sent(number, range),
            };
            return Some(self.entry(deed, at));
        }
        self.read_behind_frames()
    }

    fn pass_server_frame(&mut self, number: FrameNumber, row: &FrameRow) {
        match row.opcode() {
            Opcode::Text | Opcode::Binary | Opcode::Continuation if row.fin() => {
                self.messages += 1;
                self.newest_message = Some(number.index());
            }
            Opcode::Close => self.has_server_closed = true,
            _ => {}
        }
    }

    /// The bytes of a frame, as far as they came.
    fn range(&self, row: &FrameRow) -> Range<u64> {
        let end = row.payload_offset().saturating_add(self.session.received_payload(row));
        row.stream_offset..end
    }

    fn begun_at(&self, offset: u64) -> Option<Moment> {
        self.session.parts(Direction::ClientToServer, offset).next().map(|part| part.at)
    }

    /// Whether a Pong answered a Ping.
    fn is_answer(&mut self, pong: FrameNumber) -> bool {
        while let Some(trip) = self.session.round_trips.get(self.trip) {
            if trip.direction == Direction::ServerToClient && trip.pong >= pong {
                return trip.pong == pong;
            }
            self.trip += 1;
        }
        false
    }

    fn is_chosen(&self, number: FrameNumber) -> bool {
        let Some(chosen) = &self.chosen else { return true };
        let first = self.session.message_of(number).map_or(number, |message| message.first_frame);
        chosen.contains(first)
    }

    /// Whether every byte is there of a frame and of the message that it belongs to.
    fn is_recorded(&self, number: FrameNumber, row: &FrameRow) -> bool {
        let session = &self.session;
        session.is_recorded(row)
            && session.message_of(number).is_none_or(|message| session.is_message_recorded(&message))
    }

    fn entry(&self, deed: Deed, at: Moment) -> Entry {
        Entry {
            deed,
            at,
            messages_before: self.messages_before(at),
            follows_close: self.has_server_closed,
            follows_end: self.ending(Side::Server).is_some_and(|ending| ending.at <= at),
        }
    }

    /// How many messages were complete at this moment, behind which the next frame of the list comes.
    fn messages_before(&self, at: Moment) -> u64 {
        let newest = self.newest_message.and_then(|place| self.session.frames.get(place));
        let is_arriving =
            newest.is_some_and(|row| self.session.completed_at(row).is_none_or(|completed_at| completed_at > at));
        self.messages - u64::from(is_arriving)
    }

    fn ending(&self, side: Side) -> Option<TransportEnding> {
        let verdict = &self.session.verdict;
        [verdict.transport_end, verdict.second_transport_end].into_iter().flatten().find(|ending| ending.side == side)
    }

    fn read_behind_frames(&mut self) -> Option<Entry> {
        if self.last == Last::Rest {
            self.last = Last::End;
            let range = self.stream_place..self.session.streams()[Direction::ClientToServer];
            let is_recorded = self.session.missing_in(Direction::ClientToServer, range.clone()).next().is_none();
            if !range.is_empty() && is_recorded && self.chosen.is_none() {
                let at = self.begun_at(range.start).unwrap_or(self.session.newest);
                return Some(self.entry(Deed::SentRest(range), at));
            }
        }
        if std::mem::replace(&mut self.last, Last::Nothing) != Last::End {
            return None;
        }
        let ending = self.ending(Side::Client)?;
        let was_first = self.session.verdict.transport_end == Some(ending);
        let deed = match ending.how {
            TransportEnd::Local | TransportEnd::Rst => Deed::Reset,
            TransportEnd::Fin if was_first => Deed::EndedOutput,
            // An answer to the server's end, or to its silence.
            TransportEnd::Fin | TransportEnd::Timeout => return None,
        };
        Some(self.entry(deed, ending.at))
    }

    /// How the session ended, once there are no more deeds.
    pub(super) fn ended(&self) -> RecordedEnd {
        let server_acted = self.has_server_closed || self.ending(Side::Server).is_some();
        RecordedEnd {
            at: self.session.newest,
            messages: self.messages,
            server_acted,
            client_gave_up: self.ending(Side::Client).is_some_and(|ending| ending.how == TransportEnd::Timeout),
        }
    }
}

/// How a recorded session ended, for a client that has done everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RecordedEnd {
    /// When.
    pub(super) at: Moment,
    /// How many messages of the server had come.
    pub(super) messages: u64,
    /// Whether the server sent a Close or ended its half.
    pub(super) server_acted: bool,
    /// Whether the client stopped waiting for the server.
    pub(super) client_gave_up: bool,
}
