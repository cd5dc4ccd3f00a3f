//! A cause while it is looked for: its name, the side, and the clues, in words as soon as they are found.

use std::time::Duration;

use fluent_bundle::FluentValue;

use crate::explain::explanation::{duration, side_name};
use crate::explain::findings::sentence;
use crate::explain::marked_close::printable;
use crate::explain::texts::{Arguments, Texts};
use crate::protocol::close::{CloseFrame, ClosePayload};
use crate::protocol::direction::Side;
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::{TransportEnd, TransportEnding};

use super::{Cause, Certainty, Clue, SeenFrame};

/// A cause that may fit.
pub(super) struct Suspicion<'texts> {
    texts: &'texts Texts,
    name: &'static str,
    side: Option<Side>,
    pub(super) certainty: Certainty,
    arguments: Arguments<'static>,
    clues: Vec<Clue>,
}

impl<'texts> Suspicion<'texts> {
    /// A cause of a side's doing.
    pub(super) fn of(side: Side, certainty: Certainty, name: &'static str, texts: &'texts Texts) -> Suspicion<'texts> {
        let mut suspicion = Suspicion::of_neither(certainty, name, texts);
        suspicion.arguments.set("side", side_name(side));
        suspicion.side = Some(side);
        suspicion
    }

    /// A cause that is neither program's doing.
    pub(super) fn of_neither(certainty: Certainty, name: &'static str, texts: &'texts Texts) -> Suspicion<'texts> {
        Suspicion { texts, name, side: None, certainty, arguments: Arguments::new(), clues: Vec::new() }
    }

    /// With a value for a place in its words.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Suspicion<'texts> {
        self.arguments.set(name, value);
        self
    }

    /// Words that speak for it.
    pub(super) fn clue(mut self, text: String, frame: Option<FrameNumber>) -> Suspicion<'texts> {
        self.clues.push(Clue { text, frame });
        self
    }

    /// A clue of a kind, with the values for its places.
    pub(super) fn seen<const COUNT: usize>(
        self,
        id: &'static str,
        frame: Option<FrameNumber>,
        values: [(&'static str, FluentValue<'static>); COUNT],
    ) -> Suspicion<'texts> {
        let mut arguments = Arguments::new();
        for (name, value) in values {
            arguments.set(name, value);
        }
        let text = self.texts.format(id, &arguments);
        self.clue(text, frame)
    }

    /// What a Close frame holds.
    pub(super) fn close(self, close: &CloseFrame) -> Suspicion<'texts> {
        let side = ("side", side_name(close.direction.sender()).into());
        let frame = Some(close.number);
        match &close.payload {
            ClosePayload::Empty => self.seen("clue-close-empty", frame, [side]),
            ClosePayload::OneByte(_) => self.seen("clue-close-half", frame, [side]),
            ClosePayload::NotRecorded => self.seen("clue-close-not-recorded", frame, [side]),
            ClosePayload::Status { code, reason } => {
                let reasoned = if reason.is_empty() { "no" } else { "yes" };
                let values = [
                    side,
                    ("code", code.0.into()),
                    ("reasoned", reasoned.into()),
                    ("reason", printable(reason).into()),
                ];
                self.seen("clue-close-code", frame, values)
            }
        }
    }

    /// A frame, as the last one of its sender before a moment.
    pub(super) fn last_frame(self, frame: &SeenFrame, end: Moment) -> Suspicion<'texts> {
        let values = [
            ("side", side_name(frame.direction.sender()).into()),
            ("before", span(end.since(frame.at))),
            ("length", frame.length.to_string().into()),
        ];
        self.seen("clue-last-frame", Some(frame.number), values)
    }

    /// A message, as what was sent before a moment.
    pub(super) fn message(self, frame: &SeenFrame, end: Moment) -> Suspicion<'texts> {
        let kind = if frame.opcode == Opcode::Binary { "binary" } else { "text" };
        let values = [
            ("side", side_name(frame.direction.sender()).into()),
            ("kind", kind.into()),
            ("length", frame.length.to_string().into()),
            ("before", span(end.since(frame.at))),
        ];
        self.seen("clue-message", Some(frame.number), values)
    }

    /// A finding, in its sentence.
    pub(super) fn finding(self, finding: &Finding) -> Suspicion<'texts> {
        let text = sentence(finding, self.texts);
        self.clue(text, finding.frame)
    }

    /// How TCP ended.
    pub(super) fn ending(self, ending: TransportEnding) -> Suspicion<'texts> {
        let side = ("side", side_name(ending.side).into());
        match ending.how {
            TransportEnd::Fin => self.seen("clue-fin", None, [side]),
            TransportEnd::Rst => self.seen("clue-rst", None, [side]),
            TransportEnd::Timeout => self.seen("clue-timeout", None, [side]),
            TransportEnd::Local => self.seen("clue-local", None, []),
        }
    }

    /// A silence that reached a limit, and the frame that it began with.
    pub(super) fn silence(self, silence: Duration, newest: Option<&SeenFrame>, seconds: u64) -> Suspicion<'texts> {
        let frame = newest.map(|frame| frame.number);
        let known = [("seconds", seconds.into())];
        self.seen("clue-silence", frame, [("silence", span(silence))]).seen("clue-known-limit", None, known)
    }

    /// The whole cause in words.
    pub(super) fn told(self, texts: &Texts) -> Cause {
        let id = format!("cause-{}", self.name);
        let certainty_id = match self.certainty {
            Certainty::Certain => "diagnosis.certain",
            Certainty::Likely => "diagnosis.likely",
            Certainty::Possible => "diagnosis.possible",
        };
        Cause {
            name: self.name,
            side: self.side,
            certainty: self.certainty,
            certainty_word: texts.text(certainty_id).to_owned(),
            title: texts.format(&id, &self.arguments),
            clues: self.clues,
            for_client: texts.format(&format!("{id}.client"), &self.arguments),
            for_server: texts.format(&format!("{id}.server"), &self.arguments),
        }
    }
}

/// A time span as a value for a text.
pub(super) fn span(span: Duration) -> FluentValue<'static> {
    duration(span).into()
}
