//! Sessions whose bytes nobody recorded: they were written again from messages, and their first notes say so.

use super::event::EventKind;
use super::landmark::LandmarkKind;
use super::snapshot::Session;

/// How the note of such a session begins; a note survives every log format.
const START: &str = "Reconstructed from ";

/// Among how many landmarks at the start the note is looked for.
const LOOKED_AT: usize = 8;

/// The note that a session was reconstructed, from what, and what that means.
pub fn note(source: &str, consequence: &str) -> String {
    format!("{START}{source}: {consequence}")
}

impl Session {
    /// Whether the bytes were made up around messages, so that headers, masks and fragments prove nothing.
    pub fn is_reconstructed(&self) -> bool {
        self.landmarks.iter().take(LOOKED_AT).any(
            |landmark| matches!(&landmark.kind, LandmarkKind::Event(EventKind::Note { text }) if text.starts_with(START)),
        )
    }
}
