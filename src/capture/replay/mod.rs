//! Replaying: what the client of a recorded session sent is sent again, to a server that answers anew.
//!
//! ```text
//! Session ─► Script: what was sent, when, and after how many messages of the server
//!               └─► Player: when each thing is due now ─► acts of a manual endpoint
//!                      ▲ what the server says now (Ear)     │ Rewriting: other masking keys, another compression
//!                      └ pause, step, stop                  └─► exactly the recorded bytes, unless they have to be others
//! ```
//!
//! What the client sent by itself is sent byte for byte: messages, fragments, control frames, whatever rule they break, and how its
//! half of TCP ended. What it sent as an answer is sent when there is something to answer: a Pong to each Ping of the server, with the
//! payload of that Ping, and the Close that answered the server's.

mod answers;
mod pace;
mod pings;
mod player;
mod request;
mod rewriting;
mod schedule;
mod script;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::protocol::frame::FrameNumber;
use crate::session::{FrameSet, Session};

pub use pace::{Pace, PaceError};
pub(super) use player::{Act, Player, Stage};
pub use request::{MissingSecret, RecordedRequest, RequestProblem};

/// How long is waited for the server beyond the time that it took when the session was recorded, unless something else is asked for.
pub const USUAL_PATIENCE: Duration = Duration::from_secs(10);

/// Under which masking keys frames are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Masking {
    /// Those of the recorded frames, so that the bytes are the same.
    #[default]
    AsRecorded,
    /// New random ones for every frame that was masked (RFC 6455 10.3).
    New,
}

/// What is to be sent again, and how.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The recorded session.
    pub session: Arc<Session>,
    /// The frames of the client that are sent; all of them when there is no set. A message is sent as a whole when its first frame is
    /// in it; answers to the server are sent in any case.
    pub chosen: Option<FrameSet>,
    /// How fast.
    pub pace: Pace,
    /// Whether each frame waits for [`Control::Step`] or [`Control::Resume`] from the start.
    pub starts_paused: bool,
    /// Whether a frame that came after some messages of the server waits until as many have come.
    pub waits_for_answers: bool,
    /// How long is waited for the server beyond the time that it took then.
    pub patience: Duration,
    /// Under which masking keys frames are sent.
    pub masking: Masking,
}

impl Replay {
    /// A replay of the whole session at its own speed.
    pub fn of(session: Arc<Session>) -> Replay {
        Replay {
            session,
            chosen: None,
            pace: Pace::RECORDED,
            starts_paused: false,
            waits_for_answers: true,
            patience: USUAL_PATIENCE,
            masking: Masking::default(),
        }
    }
}

/// What a running replay is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Send nothing more by itself but answers to the server.
    Pause,
    /// Go on.
    Resume,
    /// Send the next frame now, while it is paused.
    Step,
    /// Leave out the rest and close the session.
    Stop,
}

/// How far a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayProgress {
    /// How many frames of the client are to be sent, answers not among them.
    pub frames: u64,
    /// How many have been sent.
    pub sent: u64,
    /// How many were left out, because they were not chosen, the server ended the session earlier, or the replay was stopped.
    pub left_out: u64,
    /// The recorded frame that is sent next.
    pub next: Option<FrameNumber>,
    /// What it is doing.
    pub standing: Standing,
}

/// What a replay is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It goes on by itself.
    Playing,
    /// It was paused, or goes step by step.
    Paused,
    /// It waits until so many more messages of the server have come.
    AwaitingMessages(u64),
    /// It waits for the server's Close.
    AwaitingClose,
    /// Everything was sent; it waits until the server ends its half of the connection.
    AwaitingEnd,
    /// Nothing more is sent.
    Over,
}
