//! Messages: what an application sends and receives, joined from the frames of one direction (RFC 6455 5.4).

use super::direction::Direction;
use super::frame::FrameNumber;
use super::moment::Moment;
use super::utf8::{InvalidUtf8, Utf8Validator};

/// What a message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// UTF-8 text.
    Text,
    /// Bytes.
    Binary,
}

impl MessageKind {
    /// The name in lower case, as logs write it.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Text => "text",
            MessageKind::Binary => "binary",
        }
    }
}

/// One message, complete or still arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Which way it goes.
    pub direction: Direction,
    /// What it holds.
    pub kind: MessageKind,
    /// The frame that began it.
    pub first_frame: FrameNumber,
    /// Its newest frame so far.
    pub last_frame: FrameNumber,
    /// How many frames it has so far.
    pub fragments: u64,
    /// The sum of the payload lengths of these frames, in bytes.
    pub payload_length: u64,
    /// When the first header was complete.
    pub started_at: Moment,
    /// When the last byte came; `None` while it is arriving.
    pub completed_at: Option<Moment>,
}

/// The fragment bookkeeping of one direction.
#[derive(Debug, Clone, Default)]
pub(super) struct MessageAssembler {
    current: Option<Unfinished>,
}

#[derive(Debug, Clone)]
struct Unfinished {
    message: Message,
    /// Present while the text is valid so far.
    text: Option<Utf8Validator>,
}

impl MessageAssembler {
    /// The message that is arriving.
    pub(super) fn current(&self) -> Option<&Message> {
        self.current.as_ref().map(|unfinished| &unfinished.message)
    }

    /// Begins a message; one that was unfinished is given up.
    pub(super) fn begin(&mut self, message: Message, check_text: bool) {
        let text = (check_text && message.kind == MessageKind::Text).then(Utf8Validator::default);
        self.current = Some(Unfinished { message, text });
    }

    /// Adds a fragment; `None` when there is nothing to continue.
    pub(super) fn proceed(&mut self, frame: FrameNumber, payload_length: u64) -> Option<&Message> {
        let message = &mut self.current.as_mut()?.message;
        message.last_frame = frame;
        message.fragments += 1;
        message.payload_length = message.payload_length.saturating_add(payload_length);
        Some(message)
    }

    /// Whether payload bytes are wanted for the text check.
    pub(super) fn checks_text(&self) -> bool {
        self.current.as_ref().is_some_and(|unfinished| unfinished.text.is_some())
    }

    /// Checks unmasked bytes of a text message; the first fault ends the check of this message.
    pub(super) fn check_text(&mut self, unmasked: &[u8]) -> Result<(), InvalidUtf8> {
        self.run_check(|validator| validator.feed(unmasked))
    }

    /// Ends the message, after its final fragment's last byte.
    pub(super) fn complete(&mut self, at: Moment) -> Option<(Message, Result<(), InvalidUtf8>)> {
        let text = self.run_check(|validator| validator.finish());
        let mut message = self.current.take()?.message;
        message.completed_at = Some(at);
        Some((message, text))
    }

    fn run_check(
        &mut self,
        check: impl FnOnce(&mut Utf8Validator) -> Result<(), InvalidUtf8>,
    ) -> Result<(), InvalidUtf8> {
        let Some(unfinished) = &mut self.current else { return Ok(()) };
        let result = unfinished.text.as_mut().map_or(Ok(()), check);
        if result.is_err() {
            unfinished.text = None;
        }
        result
    }
}
