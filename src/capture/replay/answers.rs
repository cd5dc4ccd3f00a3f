//! What a replay answers the server with: Pongs that repeat the payloads of its Pings, and the Close that answers its Close.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::capture::masking_keys::MaskingKeys;
use crate::protocol::close::{CloseCode, CloseFrame};
use crate::protocol::direction::Side;
use crate::protocol::frame::{FrameHeader, HeaderParse};
use crate::protocol::opcode::Opcode;
use crate::session::Session;

use super::pings::PingHabit;
use super::schedule::Schedule;

/// Writes answers; Pongs wait here until they are due.
pub(super) struct Answers {
    session: Arc<Session>,
    habit: PingHabit,
    keys: MaskingKeys,
    pongs: VecDeque<(Instant, Bytes)>,
}

impl Answers {
    /// The answers of this session's client.
    pub(super) fn of(session: Arc<Session>) -> Answers {
        Answers {
            habit: PingHabit::of(Arc::clone(&session)),
            session,
            keys: MaskingKeys::default(),
            pongs: VecDeque::new(),
        }
    }

    /// Answers a Ping as the client answered its Ping of the same number, also when that was not at all.
    pub(super) fn ping(&mut self, payload: &[u8], schedule: &Schedule, now: Instant) {
        if let Some(took) = self.habit.next() {
            let pong = self.control_frame(Opcode::Pong, payload);
            self.pongs.push_back((schedule.due_after(took, now), pong));
        }
    }

    /// When the next Pong is due.
    pub(super) fn pong_due(&self) -> Option<Instant> {
        self.pongs.front().map(|(due, _)| *due)
    }

    /// The next Pong, when its time has come.
    pub(super) fn take_pong(&mut self, now: Instant) -> Option<Bytes> {
        self.pongs.pop_front_if(|(due, _)| *due <= now).map(|(_, pong)| pong)
    }

    /// Leaves out the Pongs that wait: nothing follows a Close.
    pub(super) fn forget_pongs(&mut self) {
        self.pongs.clear();
    }

    /// What answers a Close of the server with this payload now, where the recorded answer does not: one that repeated what it
    /// answered repeats it now too.
    pub(super) fn close_instead(&self, payload: &[u8]) -> Option<Bytes> {
        let sent_close = |side: Side| self.session.verdict.sides[side].sent_close.as_ref();
        let (then, answer) = (payload_of(sent_close(Side::Server)?), payload_of(sent_close(Side::Client)?));
        if payload == then {
            None
        } else if answer == then {
            Some(self.control_frame(Opcode::Close, payload))
        } else if answer == code_of(&then) {
            Some(self.control_frame(Opcode::Close, code_of(payload)))
        } else {
            None
        }
    }

    /// The Close that answers one with this payload by RFC 6455 5.5.1, for a client whose own answer is not known.
    pub(super) fn close_echo(&self, payload: &[u8]) -> Bytes {
        self.control_frame(Opcode::Close, code_of(payload))
    }

    /// A Close with 1000.
    pub(super) fn normal_close(&self) -> Bytes {
        self.control_frame(Opcode::Close, &CloseCode::NORMAL_CLOSURE.0.to_be_bytes())
    }

    fn control_frame(&self, opcode: Opcode, payload: &[u8]) -> Bytes {
        let masking_key = Some(self.keys.next());
        FrameHeader { masking_key, ..FrameHeader::new(opcode, payload.len() as u64) }.with_payload(payload).into()
    }
}

/// The two bytes of a Close's code; none of a Close without one.
fn code_of(payload: &[u8]) -> &[u8] {
    payload.get(..2).unwrap_or_default()
}

/// The payload of a recorded Close, unmasked.
fn payload_of(close: &CloseFrame) -> Vec<u8> {
    let mut payload = close.wire.get(close.header_length..).unwrap_or_default().to_vec();
    if let HeaderParse::Complete(header) = FrameHeader::parse(&close.wire)
        && let Some(key) = header.masking_key
    {
        key.apply(&mut payload, 0);
    }
    payload
}
