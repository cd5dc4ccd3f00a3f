//! Landmarks: the few things beside frames that a person orients by, from name resolution to the end of TCP.

use crate::protocol::moment::Moment;

use super::event::EventKind;

/// Something that is not a frame and that the timeline shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landmark {
    /// When.
    pub at: Moment,
    /// What.
    pub kind: LandmarkKind,
    /// Of an event, how many parts of bytes were recorded before it.
    pub(super) chunks_before: usize,
}

impl Landmark {
    /// Whether this is a remark of the endpoint and no step of the conversation.
    pub fn is_remark(&self) -> bool {
        matches!(self.kind, LandmarkKind::Event(EventKind::Note { .. }))
    }
}

/// The kinds of landmarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LandmarkKind {
    /// An event other than bytes.
    Event(EventKind),
    /// The upgrade request is complete.
    Request,
    /// The response to it is complete.
    Response {
        /// Its status code.
        status: u16,
    },
}
