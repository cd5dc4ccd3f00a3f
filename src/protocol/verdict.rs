//! The verdict: how a conversation ended, who began to end it, with which bytes, and what each side's program is told.
//!
//! Two things are kept apart that are often mixed: the *code* that a side reports, which depends only on the first Close frame
//! that this side received (RFC 6455 7.1.5), and whether the end was *clean*, which means that both sides sent one.

use super::close::{CloseCode, CloseFrame};
use super::direction::{Direction, PerDirection, Side};
use super::moment::Moment;

/// How a session stands or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It has not ended, or its log stops before its end.
    Open,
    /// At least one Close frame crossed.
    Closed,
    /// The connection ended with no Close frame from either side.
    Dropped,
    /// The recording stops while the session was open, or lacks what may have been its end: how it ended is not known.
    CutOff,
    /// There was a connection, and the upgrade to WebSocket failed.
    HandshakeFailed,
    /// There never was a connection on which an upgrade could be asked for.
    ConnectFailed,
}

impl Outcome {
    /// The name in logs: words joined with underscores.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Open => "open",
            Outcome::Closed => "closed",
            Outcome::Dropped => "dropped",
            Outcome::CutOff => "cut_off",
            Outcome::HandshakeFailed => "handshake_failed",
            Outcome::ConnectFailed => "connect_failed",
        }
    }
}

/// How one side's end of the TCP connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransportEnd {
    /// A FIN: this side had no more to send.
    Fin,
    /// A RST: this side gave up the connection.
    Rst,
    /// The recording side waited for the peer to end it, and stopped waiting.
    Timeout,
    /// The recording side's person or script ended it.
    Local,
}

impl TransportEnd {
    /// The name in logs.
    pub fn name(self) -> &'static str {
        match self {
            TransportEnd::Fin => "fin",
            TransportEnd::Rst => "rst",
            TransportEnd::Timeout => "timeout",
            TransportEnd::Local => "local",
        }
    }
}

/// The end of one side's half of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportEnding {
    /// The side that ended it.
    pub side: Side,
    /// How.
    pub how: TransportEnd,
    /// When it was seen.
    pub at: Moment,
}

/// The step of connecting that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConnectStage {
    /// Name resolution.
    Dns,
    /// The TCP connection.
    Tcp,
    /// The way through a proxy.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// The upgrade from HTTP to WebSocket.
    Upgrade,
}

impl ConnectStage {
    /// The name in logs.
    pub fn name(self) -> &'static str {
        match self {
            ConnectStage::Dns => "dns",
            ConnectStage::Tcp => "tcp",
            ConnectStage::Proxy => "proxy",
            ConnectStage::Tls => "tls",
            ConnectStage::Upgrade => "upgrade",
        }
    }
}

/// What one side did and what its program is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SideVerdict {
    /// The first Close frame that this side sent.
    pub sent_close: Option<CloseFrame>,
    /// The close code that this side's program is told, fixed by the first Close that it receives; `None` while neither that nor
    /// an end has come, and for a server that never had a session.
    pub reports: Option<CloseCode>,
}

/// The whole verdict on a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it stands or ended.
    pub outcome: Outcome,
    /// The side whose Close frame was on the wire first.
    pub first_close: Option<Side>,
    /// What each side did and is told.
    pub sides: PerDirection<SideVerdict>,
    /// Whether both sides sent a Close frame (the `wasClean` of browsers).
    pub clean: bool,
    /// How TCP ended, by what was seen first.
    pub transport_end: Option<TransportEnding>,
    /// How the other half of the connection ended, when that was seen too.
    pub second_transport_end: Option<TransportEnding>,
    /// Frames that the other side sent after the first Close and before its own.
    pub frames_between_closes: u64,
    /// Whether bytes were not recorded among which there may have been a Close frame.
    pub may_lack_a_close: bool,
    /// The step that failed, when there was no session at all.
    pub failed_stage: Option<ConnectStage>,
}

impl Verdict {
    /// The first Close frame, from whichever side.
    pub fn first_close_frame(&self) -> Option<&CloseFrame> {
        self.sides[self.first_close?].sent_close.as_ref()
    }

    /// The Close frame that answered the first one.
    pub fn reply_close_frame(&self) -> Option<&CloseFrame> {
        self.sides[self.first_close?.peer()].sent_close.as_ref()
    }

    /// The time from the first Close frame to the one that answered it.
    pub fn closing_handshake_duration(&self) -> Option<std::time::Duration> {
        Some(self.reply_close_frame()?.at.since(self.first_close_frame()?.at))
    }

    /// Whether the outcome is known. After a lone FIN the other half may still turn `Dropped` into `Closed`.
    pub fn is_final(&self) -> bool {
        self.outcome != Outcome::Open
    }
}

/// What has been seen that a verdict depends on.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) closes: PerDirection<Option<CloseFrame>>,
    pub(super) first_close: Option<Side>,
    pub(super) frames_between_closes: u64,
    /// The first end of each side, in the order in which they were seen.
    endings: Vec<TransportEnding>,
    pub(super) failed_stage: Option<ConnectStage>,
    pub(super) upgraded: bool,
    pub(super) refused: bool,
    /// Nothing more will be told.
    pub(super) recording_ended: bool,
    /// Whether bytes of a direction were not recorded among which there may have been a Close frame, or the head of the handshake.
    pub(super) may_hide: PerDirection<bool>,
}

impl Evidence {
    /// Keeps the first Close frame of each direction; says whether this one was kept.
    pub(super) fn close_seen(&mut self, close: &CloseFrame) -> bool {
        let slot = &mut self.closes[close.direction];
        if slot.is_some() {
            return false;
        }
        *slot = Some(close.clone());
        self.first_close.get_or_insert(close.direction.sender());
        true
    }

    /// Keeps the first end of each side; says whether both sides have ended.
    pub(super) fn transport_ended(&mut self, ending: TransportEnding) -> bool {
        if !self.endings.iter().any(|known| known.side == ending.side) {
            self.endings.push(ending);
        }
        self.endings.len() == Side::BOTH.len()
    }

    /// Whether this side did not wait any longer for what the other still owed it.
    pub(super) fn gave_up_waiting(&self, side: Side) -> bool {
        self.endings.iter().any(|ending| ending.side == side && ending.how == TransportEnd::Timeout)
    }

    /// Whether the closing handshake was done and the client ended TCP before the server did (RFC 6455 7.1.1).
    pub(super) fn client_ended_first(&self) -> bool {
        let first = self.endings.first().is_some_and(|ending| ending.side == Side::Client);
        first && self.both_closed()
    }

    /// Whether an end of the connection was seen, be it of one half only.
    pub(super) fn has_ended(&self) -> bool {
        !self.endings.is_empty()
    }

    /// Whether a side may have sent its Close frame where nothing was recorded.
    pub(super) fn may_lack_a_close(&self) -> bool {
        Side::BOTH.into_iter().any(|side| self.may_hide[side] && self.closes[side].is_none())
    }

    pub(super) fn verdict(&self) -> Verdict {
        let outcome = self.outcome();
        let reports = |side: Side| -> Option<CloseCode> {
            match (&self.closes[side.peer()], outcome) {
                (Some(received), _) => received.payload.reported(),
                (None, Outcome::Open | Outcome::CutOff) => None,
                // There was no connection for the server to report on.
                (None, Outcome::ConnectFailed) if side == Side::Server => None,
                (None, Outcome::ConnectFailed) if self.failed_stage == Some(ConnectStage::Tls) => {
                    Some(CloseCode::TLS_HANDSHAKE)
                }
                (None, Outcome::HandshakeFailed) if side == Side::Server => None,
                (None, _) => Some(CloseCode::ABNORMAL_CLOSURE),
            }
        };
        Verdict {
            outcome,
            first_close: self.first_close,
            sides: PerDirection::from_fn(|direction: Direction| SideVerdict {
                sent_close: self.closes[direction].clone(),
                reports: reports(direction.sender()),
            }),
            clean: self.both_closed(),
            transport_end: self.endings.first().copied(),
            second_transport_end: self.endings.get(1).copied(),
            frames_between_closes: self.frames_between_closes,
            may_lack_a_close: self.may_lack_a_close(),
            failed_stage: self.failed_stage,
        }
    }

    fn both_closed(&self) -> bool {
        Direction::BOTH.into_iter().all(|direction| self.closes[direction].is_some())
    }

    fn outcome(&self) -> Outcome {
        match self.failed_stage {
            Some(ConnectStage::Upgrade) => return Outcome::HandshakeFailed,
            Some(_) => return Outcome::ConnectFailed,
            None => {}
        }
        let ended = self.has_ended();
        if self.refused {
            Outcome::HandshakeFailed
        } else if self.may_lack_a_close() && (ended || self.recording_ended) {
            Outcome::CutOff
        } else if ended && !self.upgraded {
            Outcome::HandshakeFailed
        } else if self.both_closed() || (ended && self.first_close.is_some()) {
            Outcome::Closed
        } else if ended {
            Outcome::Dropped
        } else if self.recording_ended {
            Outcome::CutOff
        } else {
            Outcome::Open
        }
    }
}
