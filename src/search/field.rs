//! The fields that a filter can ask for: what they are called, what they mean, and which kind of values they have.

/// What a field's values are, and so what can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Yes or no; stands alone.
    Flag,
    /// One of the opcodes.
    Opcode,
    /// The client or the server.
    Side,
    /// A number.
    Quantity(Unit),
    /// Text or bytes.
    Text,
    /// Findings by their names; stands alone for any.
    Finding,
    /// A severity.
    Severity,
    /// A value inside JSON.
    Json,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes, as in `1 KiB`.
    Bytes,
    /// Nanoseconds, as in `10 ms`; a number alone counts seconds.
    Time,
    /// Frames, from 1.
    Frames,
    /// Close codes.
    Codes,
}

/// A field of a frame, of the message that begins with it, or of what a person said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is told by its description")]
pub enum Field {
    Opcode,
    Dir,
    Len,
    Payload,
    FramePayload,
    Json,
    MessageLen,
    MessageInflated,
    Compressed,
    Fragmented,
    Fin,
    Rsv1,
    Rsv2,
    Rsv3,
    Masked,
    CloseCode,
    CloseReason,
    Finding,
    FindingSeverity,
    Time,
    TimeAfterPrevious,
    Number,
    Summary,
    Bookmark,
    Note,
}

impl Field {
    /// Every field, the most used first.
    pub const ALL: [Field; 25] = [
        Field::Opcode,
        Field::Dir,
        Field::Len,
        Field::Payload,
        Field::FramePayload,
        Field::Json,
        Field::MessageLen,
        Field::MessageInflated,
        Field::Compressed,
        Field::Fragmented,
        Field::Fin,
        Field::Rsv1,
        Field::Rsv2,
        Field::Rsv3,
        Field::Masked,
        Field::CloseCode,
        Field::CloseReason,
        Field::Finding,
        Field::FindingSeverity,
        Field::Time,
        Field::TimeAfterPrevious,
        Field::Number,
        Field::Summary,
        Field::Bookmark,
        Field::Note,
    ];

    /// The field of this name.
    pub fn of_name(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == name)
    }

    /// How a filter writes it.
    pub fn name(self) -> &'static str {
        self.facts().0
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        self.facts().2
    }

    pub(super) fn kind(self) -> Kind {
        self.facts().1
    }

    /// Whether there are frames without it, so that asking whether it is there means something.
    pub(super) fn may_be_absent(self) -> bool {
        matches!(
            self,
            Field::Json
                | Field::MessageLen
                | Field::MessageInflated
                | Field::CloseCode
                | Field::CloseReason
                | Field::TimeAfterPrevious
                | Field::Summary
                | Field::Note
        )
    }

    fn facts(self) -> (&'static str, Kind, &'static str) {
        use Kind::{Flag, Quantity, Text};
        match self {
            Field::Opcode => ("opcode", Kind::Opcode, "what the frame is, by name or by number"),
            Field::Dir => ("dir", Kind::Side, "the side that sent the frame"),
            Field::Len => ("len", Quantity(Unit::Bytes), "length of the frame's payload"),
            Field::Payload => ("payload", Text, "what the application sent: the whole message"),
            Field::FramePayload => ("frame.payload", Text, "this frame's payload, unmasked but not inflated"),
            Field::Json => ("json", Kind::Json, "a value in a message that is JSON, as in json.user.id"),
            Field::MessageLen => {
                ("message.len", Quantity(Unit::Bytes), "length of the message as sent, over all of its frames")
            }
            Field::MessageInflated => {
                ("message.inflated", Quantity(Unit::Bytes), "length of a compressed message after inflating")
            }
            Field::Compressed => ("compressed", Flag, "belongs to a compressed message"),
            Field::Fragmented => ("fragmented", Flag, "is one of several fragments"),
            Field::Fin => ("fin", Flag, "FIN is set: the last frame of its message"),
            Field::Rsv1 => ("rsv1", Flag, "RSV1 is set"),
            Field::Rsv2 => ("rsv2", Flag, "RSV2 is set"),
            Field::Rsv3 => ("rsv3", Flag, "RSV3 is set"),
            Field::Masked => ("masked", Flag, "the payload is masked on the wire"),
            Field::CloseCode => ("close.code", Quantity(Unit::Codes), "code of a Close; 1005 for one without a code"),
            Field::CloseReason => ("close.reason", Text, "reason of a Close"),
            Field::Finding => ("finding", Kind::Finding, "breaks a rule: any, or the one that is named"),
            Field::FindingSeverity => ("finding.severity", Kind::Severity, "the worst finding on the frame"),
            Field::Time => ("time", Quantity(Unit::Time), "time since the session began"),
            Field::TimeAfterPrevious => {
                ("time.after_previous", Quantity(Unit::Time), "time since the frame before, of either side")
            }
            Field::Number => ("number", Quantity(Unit::Frames), "the frame's number, from 1"),
            Field::Summary => ("summary", Text, "what the subprotocol says of the message, as in the table"),
            Field::Bookmark => ("bookmark", Flag, "has a bookmark"),
            Field::Note => ("note", Text, "what a person wrote to the frame's bookmark"),
        }
    }
}
