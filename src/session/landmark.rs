//! Landmarks: the few things beside frames that a person orients by on a timeline.

use crate::protocol::direction::Side;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::{ConnectStage, TransportEnd};

use super::event::EventKind;

/// Something that is not a frame and that the timeline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landmark {
    /// When.
    pub at: Moment,
    /// What.
    pub kind: LandmarkKind,
}

/// The kinds of landmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LandmarkKind {
    /// Name resolution succeeded.
    Resolved,
    /// The TCP connection stands.
    Connected,
    /// TLS is up.
    Secured,
    /// The upgrade request is complete.
    Request,
    /// The response to it is complete.
    Response {
        /// Its status code.
        status: u16,
    },
    /// One side's half of the TCP connection ended.
    TransportEnded {
        /// The side that ended it.
        side: Side,
        /// How.
        how: TransportEnd,
    },
    /// Connecting failed.
    Failed {
        /// The step that failed.
        stage: ConnectStage,
    },
}

impl LandmarkKind {
    /// The landmark of an event that is one by itself.
    pub(super) fn of(event: &EventKind) -> Option<LandmarkKind> {
        Some(match event {
            EventKind::Resolved { .. } => LandmarkKind::Resolved,
            EventKind::Connected { .. } => LandmarkKind::Connected,
            EventKind::Secured { .. } => LandmarkKind::Secured,
            EventKind::TransportEnded { side, how } => LandmarkKind::TransportEnded { side: *side, how: *how },
            EventKind::ConnectFailed { stage, .. } => LandmarkKind::Failed { stage: *stage },
            EventKind::Bytes { .. } | EventKind::Note { .. } => return None,
        })
    }
}
