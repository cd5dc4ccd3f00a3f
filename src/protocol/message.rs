//! Messages: what an application sends and receives, joined from the frames of one direction (RFC 6455 5.4) and inflated (RFC 7692 6.2).

use super::direction::Direction;
use super::frame::FrameNumber;
use super::inflater::{InflateError, Inflater};
use super::moment::Moment;
use super::opcode::Opcode;
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
    /// The kind of message that a frame with this opcode begins.
    pub fn of(opcode: Opcode) -> Option<MessageKind> {
        match opcode {
            Opcode::Text => Some(MessageKind::Text),
            Opcode::Binary => Some(MessageKind::Binary),
            _ => None,
        }
    }

    /// The name in lower case, as logs write it.
    pub fn name(self) -> &'static str {
        match self {
            MessageKind::Text => "text",
            MessageKind::Binary => "binary",
        }
    }
}

/// How far a compressed message could be inflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inflated {
    /// How many bytes it gave so far.
    pub length: u64,
    /// Why it gives no more, when it does not.
    pub problem: Option<InflateError>,
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
    /// The sum of the payload lengths of these frames, in bytes as on the wire.
    pub payload_length: u64,
    /// What it inflates to, when it is compressed.
    pub inflated: Option<Inflated>,
    /// When the first header was complete.
    pub started_at: Moment,
    /// When the last byte came; `None` while it is arriving.
    pub completed_at: Option<Moment>,
}

impl Message {
    /// The length of what the application sent, as far as it is known, in bytes.
    pub fn content_length(&self) -> u64 {
        self.inflated.map_or(self.payload_length, |inflated| inflated.length)
    }
}

/// A message that is more than its one frame: it has several, or it is compressed. It has a place in the session's list of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) index: usize,
    pub(super) message: Message,
}

/// What is wrong with the content of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentFault {
    Text(InvalidUtf8),
    Compression(InflateError),
}

/// The message of one direction that is arriving.
#[derive(Debug, Clone, Default)]
pub(super) struct MessageAssembler {
    current: Arriving,
}

#[derive(Debug, Clone, Default)]
enum Arriving {
    #[default]
    Nothing,
    /// Nobody knows: frames before this place were not recorded.
    Unknown,
    Message(Unfinished),
}

impl Arriving {
    fn message(&self) -> Option<&Unfinished> {
        if let Arriving::Message(message) = self { Some(message) } else { None }
    }

    fn message_mut(&mut self) -> Option<&mut Unfinished> {
        if let Arriving::Message(message) = self { Some(message) } else { None }
    }
}

#[derive(Debug, Clone)]
struct Unfinished {
    last_frame: FrameNumber,
    /// `None` for a message of one frame that is not compressed, of which the frame says everything.
    listed: Option<Listed>,
    /// Present while the text is valid so far.
    text: Option<Utf8Validator>,
}

impl MessageAssembler {
    /// The newest frame of the message that is arriving.
    pub(super) fn last_frame(&self) -> Option<FrameNumber> {
        self.current.message().map(|unfinished| unfinished.last_frame)
    }

    /// Whether it is known that no message is arriving.
    pub(super) fn is_between_messages(&self) -> bool {
        matches!(self.current, Arriving::Nothing)
    }

    /// Begins a message; one that was unfinished is given up.
    pub(super) fn begin(&mut self, first_frame: FrameNumber, listed: Option<Listed>, checks_text: bool) {
        let text = checks_text.then(Utf8Validator::default);
        self.current = Arriving::Message(Unfinished { last_frame: first_frame, listed, text });
    }

    /// Adds a fragment; the message when it is a listed one, and an error when there is nothing to continue.
    pub(super) fn proceed(
        &mut self,
        frame: FrameNumber,
        payload_length: u64,
    ) -> Result<Option<Listed>, NothingToContinue> {
        let unfinished = match &mut self.current {
            Arriving::Message(unfinished) => unfinished,
            Arriving::Unknown => return Ok(None),
            Arriving::Nothing => return Err(NothingToContinue),
        };
        unfinished.last_frame = frame;
        if let Some(Listed { message, .. }) = &mut unfinished.listed {
            message.last_frame = frame;
            message.fragments += 1;
            message.payload_length = message.payload_length.saturating_add(payload_length);
        }
        Ok(unfinished.listed)
    }

    /// Whether the payload of the current message is looked at.
    pub(super) fn wants_payload(&self) -> bool {
        self.current.message().is_some_and(|unfinished| unfinished.text.is_some() || unfinished.is_inflating())
    }

    /// Takes the next payload bytes, unmasked; each kind of fault is told once.
    pub(super) fn take(
        &mut self,
        unmasked: &[u8],
        inflater: Option<&mut Inflater>,
        report: &mut impl FnMut(ContentFault),
    ) {
        let Some(unfinished) = self.current.message_mut() else { return };
        match inflater.filter(|_| unfinished.is_compressed()) {
            None => unfinished.check_text(unmasked, report),
            Some(inflater) if unfinished.is_inflating() => {
                unfinished.inflate(inflater, report, |inflater, output| inflater.inflate(unmasked, output));
            }
            Some(_) => {}
        }
    }

    /// Learns that a part of the current message's payload was not recorded: what it holds is not judged any further.
    pub(super) fn miss_payload(&mut self) {
        let Some(unfinished) = self.current.message_mut() else { return };
        unfinished.text = None;
        if let Some(Listed { message: Message { inflated: Some(inflated), .. }, .. }) = &mut unfinished.listed {
            inflated.problem.get_or_insert(InflateError::BytesMissing);
        }
    }

    /// Learns that frames were not recorded: the message that was arriving may have ended among them, and another may have begun.
    pub(super) fn miss_frames(&mut self) {
        self.current = Arriving::Unknown;
    }

    /// Marks the message that has just begun as one that cannot be inflated.
    pub(super) fn cannot_inflate(&mut self, problem: InflateError) {
        if let Some(Unfinished { listed: Some(Listed { message, .. }), .. }) = self.current.message_mut() {
            message.inflated = Some(Inflated { length: 0, problem: Some(problem) });
        }
    }

    /// Ends the message, after its final fragment's last byte; gives it when it is a listed one.
    pub(super) fn complete(
        &mut self,
        at: Moment,
        inflater: Option<&mut Inflater>,
        report: &mut impl FnMut(ContentFault),
    ) -> Option<Listed> {
        let Arriving::Message(mut unfinished) = std::mem::take(&mut self.current) else { return None };
        if let Some(inflater) = inflater
            && unfinished.is_inflating()
        {
            unfinished.inflate(inflater, report, |inflater, output| inflater.end_message(output));
        }
        if let Some(Err(fault)) = unfinished.text.take().map(|text| text.finish()) {
            report(ContentFault::Text(fault));
        }
        let mut listed = unfinished.listed?;
        listed.message.completed_at = Some(at);
        Some(listed)
    }
}

/// A continuation without a message to continue.
#[derive(Debug)]
pub(super) struct NothingToContinue;

impl Unfinished {
    fn is_compressed(&self) -> bool {
        self.listed.is_some_and(|listed| listed.message.inflated.is_some())
    }

    fn is_inflating(&self) -> bool {
        self.listed.and_then(|listed| listed.message.inflated).is_some_and(|inflated| inflated.problem.is_none())
    }

    fn check_text(&mut self, text: &[u8], report: &mut impl FnMut(ContentFault)) {
        if let Some(Err(fault)) = self.text.as_mut().map(|validator| validator.feed(text)) {
            // One fault ends the check of this message.
            self.text = None;
            report(ContentFault::Text(fault));
        }
    }

    fn inflate(
        &mut self,
        inflater: &mut Inflater,
        report: &mut impl FnMut(ContentFault),
        step: impl FnOnce(&mut Inflater, &mut dyn FnMut(&[u8])) -> Result<(), InflateError>,
    ) {
        let result = step(inflater, &mut |part| self.check_text(part, report));
        if let Some(Listed { message, .. }) = &mut self.listed {
            message.inflated = Some(Inflated { length: inflater.produced(), problem: result.err() });
        }
        if let Err(problem) = result {
            self.text = None;
            report(ContentFault::Compression(problem));
        }
    }
}
