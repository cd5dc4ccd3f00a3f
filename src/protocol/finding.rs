//! Findings: the rules that the bytes of a session break, as values; the sentences for them live in `assets`.

use super::close::CloseCode;
use super::direction::Direction;
use super::frame::FrameNumber;
use super::gap::Gap;
use super::moment::Moment;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Unusual and allowed.
    Note,
    /// Allowed or harmless today, and likely to cause trouble.
    Warning,
    /// A rule with "MUST" in it is broken; a strict endpoint ends the session here.
    Error,
}

impl Severity {
    /// The name in lower case, as logs write it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A rule that was broken, with the numbers that show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The request is not a GET.
    RequestMethodNotGet,
    /// The request is not HTTP/1.1.
    RequestVersionNotHttp11,
    /// The request has no `Host`.
    RequestHostMissing,
    /// The request has no `Upgrade: websocket`.
    RequestUpgradeMissing,
    /// The request has no `Connection: Upgrade`.
    RequestConnectionMissing,
    /// The request has no `Sec-WebSocket-Key`.
    RequestKeyMissing,
    /// The key is not 16 bytes in base64.
    RequestKeyNotSixteenBytes,
    /// The request has more than one `Sec-WebSocket-Key`.
    RequestKeyRepeated,
    /// `Sec-WebSocket-Version` is not 13.
    RequestWebSocketVersionNot13,
    /// The request has more than one `Sec-WebSocket-Version`.
    RequestWebSocketVersionRepeated,
    /// The parameters of an offer of permessage-deflate are wrong, so that a server has to decline it.
    CompressionOfferInvalid,
    /// The bytes of this side do not begin with the head of an HTTP message.
    HeadMalformed,
    /// The 101 response is not HTTP/1.1.
    ResponseVersionNotHttp11,
    /// The response has no `Upgrade: websocket`.
    ResponseUpgradeMissing,
    /// The response has no `Connection: Upgrade`.
    ResponseConnectionMissing,
    /// The response has no `Sec-WebSocket-Accept`.
    ResponseAcceptMissing,
    /// `Sec-WebSocket-Accept` does not answer the request's key.
    ResponseAcceptWrong,
    /// The response has more than one `Sec-WebSocket-Accept`.
    ResponseAcceptRepeated,
    /// The chosen subprotocol was not offered.
    ResponseSubprotocolNotOffered,
    /// An agreed extension was not offered.
    ResponseExtensionNotOffered,
    /// The response names more than one subprotocol.
    ResponseSubprotocolRepeated,
    /// The parameters with which the server agreed to permessage-deflate are wrong.
    CompressionAnswerInvalid,
    /// The server agreed to permessage-deflate with parameters that none of the offers allows.
    CompressionAnswerNotOffered,
    /// The client sent frames before it had the response.
    FramesBeforeResponse,
    /// A reserved bit is set and no extension gives it a meaning.
    ReservedBitWithoutExtension,
    /// RSV1, which marks a compressed message, is set on a frame that continues one.
    CompressedBitOnContinuation,
    /// RSV1, which marks a compressed message, is set on a control frame.
    CompressedBitOnControlFrame,
    /// An opcode without a meaning.
    ReservedOpcode {
        /// The four bits.
        opcode: u8,
    },
    /// The client sent a frame without a masking key.
    ClientFrameNotMasked,
    /// The server sent a frame with a masking key.
    ServerFrameMasked,
    /// The masking key is four zero bytes, so the payload travels as it is.
    MaskingKeyZero,
    /// The client used the same masking key for two frames in a row.
    MaskingKeyRepeated,
    /// The length was written in a longer form than it needs.
    LengthNotMinimal {
        /// The length in bytes.
        length: u64,
    },
    /// The highest bit of the 64-bit length is set.
    LengthTopBitSet,
    /// A control frame without FIN.
    ControlFrameFragmented,
    /// A control frame with more than 125 bytes.
    ControlFrameTooLong {
        /// The payload length in bytes.
        length: u64,
    },
    /// A continuation with no message to continue.
    ContinuationWithoutStart,
    /// A text or binary frame while a fragmented message is unfinished.
    DataFrameInsideMessage,
    /// A text message is not UTF-8.
    TextNotUtf8 {
        /// Offset in the message.
        at: u64,
    },
    /// A compressed message is not deflate data, or refers farther back than was agreed.
    CompressedDataInvalid {
        /// Offset in the compressed message at which that was clear.
        at: u64,
    },
    /// A compressed message ends inside a block.
    CompressedDataIncomplete,
    /// A message inflates to more than closelook inflates.
    InflatesBeyondLimit {
        /// The limit in bytes.
        limit: u64,
    },
    /// A message may refer to an earlier one that could not be inflated, so that it cannot be inflated either.
    CompressionContextLost,
    /// A message refers to earlier ones that were not recorded, so that it cannot be inflated.
    CompressionContextUnknown,
    /// A Close with one byte, which cannot hold a code.
    CloseOfOneByte,
    /// A Close with a code that must not be on the wire.
    CloseCodeNotAllowed {
        /// The code.
        code: CloseCode,
    },
    /// The reason of a Close is not UTF-8.
    CloseReasonNotUtf8 {
        /// Offset in the reason.
        at: u64,
    },
    /// A Close that answers another with a different code.
    CloseReplyChangesCode {
        /// The code of the first Close, or none.
        received: Option<CloseCode>,
        /// The code of the answer, or none.
        sent: Option<CloseCode>,
    },
    /// A frame after this side's Close.
    FrameAfterClose,
    /// The bytes ended inside a frame.
    EndedInsideFrame,
    /// The connection ended and this side's last fragmented message was unfinished.
    EndedInsideMessage,
    /// A Pong that repeats no Ping of the other side.
    PongWithoutPing,
    /// A Pong while Pings are unanswered, and with the payload of none of them.
    PongMatchesNoPing,
    /// A Ping that this side did not answer before the connection ended.
    PingNotAnswered,
    /// No Close had been exchanged when the connection ended.
    EndedWithoutClose,
    /// This side received a Close and never sent one.
    CloseNotAnswered,
    /// This side received a Close and the other did not wait any longer for the answer.
    CloseNotAnsweredInTime,
    /// The closing handshake was done and the client ended TCP before the server did.
    ClientEndedTransportFirst,
    /// Bytes of a frame's payload were not recorded; nobody broke a rule.
    BytesMissing {
        /// How many.
        length: u64,
    },
    /// Bytes were not recorded among which a frame began; nobody broke a rule.
    FramesMissing {
        /// What is known of them.
        gap: Gap,
    },
}

impl Rule {
    /// Every rule once, with zeros for its numbers.
    pub const ALL: [Rule; 60] = [
        Rule::RequestMethodNotGet,
        Rule::RequestVersionNotHttp11,
        Rule::RequestHostMissing,
        Rule::RequestUpgradeMissing,
        Rule::RequestConnectionMissing,
        Rule::RequestKeyMissing,
        Rule::RequestKeyNotSixteenBytes,
        Rule::RequestKeyRepeated,
        Rule::RequestWebSocketVersionNot13,
        Rule::RequestWebSocketVersionRepeated,
        Rule::CompressionOfferInvalid,
        Rule::HeadMalformed,
        Rule::ResponseVersionNotHttp11,
        Rule::ResponseUpgradeMissing,
        Rule::ResponseConnectionMissing,
        Rule::ResponseAcceptMissing,
        Rule::ResponseAcceptWrong,
        Rule::ResponseAcceptRepeated,
        Rule::ResponseSubprotocolNotOffered,
        Rule::ResponseExtensionNotOffered,
        Rule::ResponseSubprotocolRepeated,
        Rule::CompressionAnswerInvalid,
        Rule::CompressionAnswerNotOffered,
        Rule::FramesBeforeResponse,
        Rule::ReservedBitWithoutExtension,
        Rule::CompressedBitOnContinuation,
        Rule::CompressedBitOnControlFrame,
        Rule::ReservedOpcode { opcode: 0 },
        Rule::ClientFrameNotMasked,
        Rule::ServerFrameMasked,
        Rule::MaskingKeyZero,
        Rule::MaskingKeyRepeated,
        Rule::LengthNotMinimal { length: 0 },
        Rule::LengthTopBitSet,
        Rule::ControlFrameFragmented,
        Rule::ControlFrameTooLong { length: 0 },
        Rule::ContinuationWithoutStart,
        Rule::DataFrameInsideMessage,
        Rule::TextNotUtf8 { at: 0 },
        Rule::CompressedDataInvalid { at: 0 },
        Rule::CompressedDataIncomplete,
        Rule::InflatesBeyondLimit { limit: 0 },
        Rule::CompressionContextLost,
        Rule::CompressionContextUnknown,
        Rule::CloseOfOneByte,
        Rule::CloseCodeNotAllowed { code: CloseCode(0) },
        Rule::CloseReasonNotUtf8 { at: 0 },
        Rule::CloseReplyChangesCode { received: None, sent: None },
        Rule::FrameAfterClose,
        Rule::EndedInsideFrame,
        Rule::EndedInsideMessage,
        Rule::PongWithoutPing,
        Rule::PongMatchesNoPing,
        Rule::PingNotAnswered,
        Rule::EndedWithoutClose,
        Rule::CloseNotAnswered,
        Rule::CloseNotAnsweredInTime,
        Rule::ClientEndedTransportFirst,
        Rule::BytesMissing { length: 0 },
        Rule::FramesMissing { gap: Gap { length: None, next_frame: None } },
    ];

    /// The rule's name in logs, filters and text files: words joined with hyphens.
    pub fn name(&self) -> &'static str {
        self.facts().0
    }

    /// Where the rule is written.
    pub fn section(&self) -> &'static str {
        self.facts().1
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.facts().2
    }

    fn facts(&self) -> (&'static str, &'static str, Severity) {
        use Severity::{Error, Note, Warning};
        match self {
            Rule::RequestMethodNotGet => ("request-method-not-get", "RFC 6455 4.1", Error),
            Rule::RequestVersionNotHttp11 => ("request-version-not-http11", "RFC 6455 4.1", Error),
            Rule::RequestHostMissing => ("request-host-missing", "RFC 6455 4.1", Error),
            Rule::RequestUpgradeMissing => ("request-upgrade-missing", "RFC 6455 4.1", Error),
            Rule::RequestConnectionMissing => ("request-connection-missing", "RFC 6455 4.1", Error),
            Rule::RequestKeyMissing => ("request-key-missing", "RFC 6455 4.1", Error),
            Rule::RequestKeyNotSixteenBytes => ("request-key-not-sixteen-bytes", "RFC 6455 4.1", Error),
            Rule::RequestKeyRepeated => ("request-key-repeated", "RFC 6455 11.3.1", Error),
            Rule::RequestWebSocketVersionNot13 => ("request-websocket-version-not-13", "RFC 6455 4.1", Error),
            Rule::RequestWebSocketVersionRepeated => ("request-websocket-version-repeated", "RFC 6455 11.3.5", Error),
            Rule::CompressionOfferInvalid => ("compression-offer-invalid", "RFC 7692 7.1", Warning),
            Rule::HeadMalformed => ("head-malformed", "RFC 9112 2.1", Error),
            Rule::ResponseVersionNotHttp11 => ("response-version-not-http11", "RFC 6455 4.2.2", Error),
            Rule::ResponseUpgradeMissing => ("response-upgrade-missing", "RFC 6455 4.1", Error),
            Rule::ResponseConnectionMissing => ("response-connection-missing", "RFC 6455 4.1", Error),
            Rule::ResponseAcceptMissing => ("response-accept-missing", "RFC 6455 4.1", Error),
            Rule::ResponseAcceptWrong => ("response-accept-wrong", "RFC 6455 4.1", Error),
            Rule::ResponseAcceptRepeated => ("response-accept-repeated", "RFC 6455 11.3.3", Error),
            Rule::ResponseSubprotocolNotOffered => ("response-subprotocol-not-offered", "RFC 6455 4.1", Error),
            Rule::ResponseExtensionNotOffered => ("response-extension-not-offered", "RFC 6455 4.1", Error),
            Rule::ResponseSubprotocolRepeated => ("response-subprotocol-repeated", "RFC 6455 11.3.4", Error),
            Rule::CompressionAnswerInvalid => ("compression-answer-invalid", "RFC 7692 7.1", Error),
            Rule::CompressionAnswerNotOffered => ("compression-answer-not-offered", "RFC 7692 7.1", Error),
            Rule::FramesBeforeResponse => ("frames-before-response", "RFC 6455 4.1", Error),
            Rule::ReservedBitWithoutExtension => ("reserved-bit-without-extension", "RFC 6455 5.2", Error),
            Rule::CompressedBitOnContinuation => ("compressed-bit-on-continuation", "RFC 7692 6", Error),
            Rule::CompressedBitOnControlFrame => ("compressed-bit-on-control-frame", "RFC 7692 6", Error),
            Rule::ReservedOpcode { .. } => ("reserved-opcode", "RFC 6455 5.2", Error),
            Rule::ClientFrameNotMasked => ("client-frame-not-masked", "RFC 6455 5.1", Error),
            Rule::ServerFrameMasked => ("server-frame-masked", "RFC 6455 5.1", Error),
            Rule::MaskingKeyZero => ("masking-key-zero", "RFC 6455 10.3", Warning),
            Rule::MaskingKeyRepeated => ("masking-key-repeated", "RFC 6455 5.3", Warning),
            Rule::LengthNotMinimal { .. } => ("length-not-minimal", "RFC 6455 5.2", Error),
            Rule::LengthTopBitSet => ("length-top-bit-set", "RFC 6455 5.2", Error),
            Rule::ControlFrameFragmented => ("control-frame-fragmented", "RFC 6455 5.5", Error),
            Rule::ControlFrameTooLong { .. } => ("control-frame-too-long", "RFC 6455 5.5", Error),
            Rule::ContinuationWithoutStart => ("continuation-without-start", "RFC 6455 5.4", Error),
            Rule::DataFrameInsideMessage => ("data-frame-inside-message", "RFC 6455 5.4", Error),
            Rule::TextNotUtf8 { .. } => ("text-not-utf8", "RFC 6455 8.1", Error),
            Rule::CompressedDataInvalid { .. } => ("compressed-data-invalid", "RFC 7692 7.2.2", Error),
            Rule::CompressedDataIncomplete => ("compressed-data-incomplete", "RFC 7692 7.2.1", Error),
            Rule::InflatesBeyondLimit { .. } => ("inflates-beyond-limit", "RFC 6455 10.4", Warning),
            Rule::CompressionContextLost => ("compression-context-lost", "RFC 7692 7.2.2", Note),
            Rule::CompressionContextUnknown => ("compression-context-unknown", "RFC 7692 7.2.2", Note),
            Rule::CloseOfOneByte => ("close-of-one-byte", "RFC 6455 5.5.1", Error),
            Rule::CloseCodeNotAllowed { .. } => ("close-code-not-allowed", "RFC 6455 7.4", Error),
            Rule::CloseReasonNotUtf8 { .. } => ("close-reason-not-utf8", "RFC 6455 5.5.1", Error),
            Rule::CloseReplyChangesCode { .. } => ("close-reply-changes-code", "RFC 6455 5.5.1", Note),
            Rule::FrameAfterClose => ("frame-after-close", "RFC 6455 5.5.1", Error),
            Rule::EndedInsideFrame => ("ended-inside-frame", "RFC 6455 7.1.7", Error),
            Rule::EndedInsideMessage => ("ended-inside-message", "RFC 6455 5.4", Warning),
            Rule::PongWithoutPing => ("pong-without-ping", "RFC 6455 5.5.3", Note),
            Rule::PongMatchesNoPing => ("pong-matches-no-ping", "RFC 6455 5.5.3", Warning),
            Rule::PingNotAnswered => ("ping-not-answered", "RFC 6455 5.5.2", Warning),
            Rule::EndedWithoutClose => ("ended-without-close", "RFC 6455 7.1.5", Warning),
            Rule::CloseNotAnswered => ("close-not-answered", "RFC 6455 5.5.1", Error),
            Rule::CloseNotAnsweredInTime => ("close-not-answered-in-time", "RFC 6455 5.5.1", Error),
            Rule::ClientEndedTransportFirst => ("client-ended-transport-first", "RFC 6455 7.1.1", Note),
            Rule::BytesMissing { .. } => ("bytes-missing", "RFC 9293 3.4", Note),
            Rule::FramesMissing { .. } => ("frames-missing", "RFC 9293 3.4", Note),
        }
    }
}

/// One broken rule at one place of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// The frame that shows it; handshake faults and missing things have none.
    pub frame: Option<FrameNumber>,
    /// The direction of the side at fault, where one side is.
    pub direction: Option<Direction>,
    /// When it could be known.
    pub at: Moment,
    /// What was broken.
    pub rule: Rule,
}
