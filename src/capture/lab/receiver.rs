//! What a client sends, from bytes to messages, strictly by RFC 6455 and RFC 7692; nothing is read from a socket or sent here.

use std::collections::VecDeque;

use crate::protocol::close::{CloseCode, ClosePayload};
use crate::protocol::decoder::{DecoderEvent, FrameDecoder};
use crate::protocol::finding::Rule;
use crate::protocol::frame::{FrameHeader, LONGEST_CONTROL_PAYLOAD, LengthEncoding};
use crate::protocol::inflater::{InflateError, Inflater};
use crate::protocol::message::MessageKind;
use crate::protocol::opcode::Opcode;
use crate::protocol::permessage_deflate::SideCompression;
use crate::protocol::utf8::Utf8Validator;

/// Something that the client sent, complete and unmasked.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A text or binary message, its fragments joined and inflated.
    Message { kind: MessageKind, payload: Vec<u8>, was_compressed: bool },
    /// A Ping.
    Ping(Vec<u8>),
    /// A Pong.
    Pong(Vec<u8>),
    /// A Close that is allowed; nothing comes after it.
    Close(ClosePayload),
    /// A reason to fail the connection; nothing comes after it.
    Violation(Violation),
}

/// Why the connection has to be failed (RFC 6455 7.1.7).
#[derive(Debug, Clone, Copy)]
pub(super) enum Violation {
    /// A rule of the protocol was broken.
    Rule(Rule),
    /// A message longer than this many bytes.
    MessageTooBig(u64),
}

impl Violation {
    /// The code of the Close that answers it (RFC 6455 7.4.1).
    pub(super) fn code(self) -> CloseCode {
        match self {
            Violation::Rule(
                Rule::TextNotUtf8 { .. }
                | Rule::CloseReasonNotUtf8 { .. }
                | Rule::CompressedDataInvalid { .. }
                | Rule::CompressedDataIncomplete,
            ) => CloseCode::INVALID_PAYLOAD,
            Violation::Rule(_) => CloseCode::PROTOCOL_ERROR,
            Violation::MessageTooBig(_) => CloseCode::MESSAGE_TOO_BIG,
        }
    }

    /// The reason of that Close: the rule under the name that findings have.
    pub(super) fn reason(self) -> String {
        match self {
            Violation::Rule(rule) => format!("{}, {}", rule.name(), rule.section()),
            Violation::MessageTooBig(limit) => format!("a message may have at most {limit} bytes here"),
        }
    }
}

/// Joins a client's frames to messages and stops at the first broken rule.
#[derive(Debug)]
pub(super) struct Receiver {
    decoder: FrameDecoder,
    assembly: Assembly,
}

#[derive(Debug)]
struct Assembly {
    message_length: u64,
    /// Present when the client may compress.
    inflater: Option<Inflater>,
    header: Option<FrameHeader>,
    control_payload: Vec<u8>,
    unmasked: Vec<u8>,
    message: Option<Unfinished>,
    over: bool,
    ready: VecDeque<Incoming>,
}

#[derive(Debug)]
struct Unfinished {
    kind: MessageKind,
    is_compressed: bool,
    payload: Vec<u8>,
    text: Utf8Validator,
}

impl Unfinished {
    /// Takes the next bytes of the content; text is checked as it comes, so that bad text ends the connection before its message is
    /// complete.
    fn take(&mut self, content: &[u8]) -> Result<(), Violation> {
        self.payload.extend_from_slice(content);
        match self.kind {
            MessageKind::Text => self.text.feed(content).map_err(not_utf8),
            MessageKind::Binary => Ok(()),
        }
    }

    /// Inflates the next step; the first thing that is wrong counts.
    fn inflate(
        &mut self,
        inflater: &mut Inflater,
        step: impl FnOnce(&mut Inflater, &mut dyn FnMut(&[u8])) -> Result<(), InflateError>,
    ) -> Result<(), Violation> {
        let mut taken = Ok(());
        let inflated = step(inflater, &mut |part| {
            if taken.is_ok() {
                taken = self.take(part);
            }
        });
        taken.and(inflated.map_err(not_inflated))
    }
}

impl Receiver {
    /// A receiver that takes messages of up to `message_length` bytes, compressed in this way when that was agreed.
    pub(super) fn new(message_length: u64, compression: Option<SideCompression>) -> Receiver {
        Receiver {
            decoder: FrameDecoder::new(0),
            assembly: Assembly {
                message_length,
                inflater: compression.map(|compression| Inflater::new(compression, message_length)),
                header: None,
                control_payload: Vec::new(),
                unmasked: Vec::new(),
                message: None,
                over: false,
                ready: VecDeque::new(),
            },
        }
    }

    /// Takes the next bytes of the client.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let assembly = &mut self.assembly;
        if assembly.over {
            return;
        }
        self.decoder.decode(bytes, |event| {
            if assembly.over {
                return;
            }
            let step = match event {
                DecoderEvent::Header { header, .. } => assembly.begin_frame(header),
                DecoderEvent::Payload { bytes, position } => assembly.take_payload(bytes, position),
                DecoderEvent::Finished => assembly.finish_frame(),
            };
            if let Err(violation) = step {
                assembly.end_with(Incoming::Violation(violation));
            }
        });
    }

    /// The oldest thing that has not been taken yet.
    pub(super) fn next(&mut self) -> Option<Incoming> {
        self.assembly.ready.pop_front()
    }
}

impl Assembly {
    fn end_with(&mut self, last: Incoming) {
        self.over = true;
        self.message = None;
        self.ready.push_back(last);
    }

    fn begin_frame(&mut self, header: FrameHeader) -> Result<(), Violation> {
        check_header(&header, self.inflater.is_some()).map_err(Violation::Rule)?;
        let kind = match header.opcode {
            Opcode::Text => Some(MessageKind::Text),
            Opcode::Binary => Some(MessageKind::Binary),
            _ => None,
        };
        match (kind, &self.message) {
            (Some(_), Some(_)) => return Err(Violation::Rule(Rule::DataFrameInsideMessage)),
            (None, None) if header.opcode == Opcode::Continuation => {
                return Err(Violation::Rule(Rule::ContinuationWithoutStart));
            }
            (Some(kind), None) => {
                let is_compressed = header.rsv1;
                if let Some(inflater) = self.inflater.as_mut().filter(|_| is_compressed) {
                    inflater.begin_message().map_err(not_inflated)?;
                }
                let (payload, text) = (Vec::new(), Utf8Validator::default());
                self.message = Some(Unfinished { kind, is_compressed, payload, text });
            }
            (None, _) => {}
        }
        // How long a compressed message is shows when it is inflated.
        let is_compressed = self.message.as_ref().is_some_and(|message| message.is_compressed);
        if !header.opcode.is_control() && !is_compressed {
            let so_far = self.message.as_ref().map_or(0, |message| message.payload.len() as u64);
            if so_far.saturating_add(header.payload_length) > self.message_length {
                return Err(Violation::MessageTooBig(self.message_length));
            }
        }
        self.control_payload.clear();
        self.header = Some(header);
        Ok(())
    }

    fn take_payload(&mut self, bytes: &[u8], position: u64) -> Result<(), Violation> {
        let Some(header) = self.header else { return Ok(()) };
        self.unmasked.clear();
        self.unmasked.extend_from_slice(bytes);
        if let Some(key) = header.masking_key {
            key.apply(&mut self.unmasked, position);
        }
        let Assembly { unmasked, inflater, control_payload, .. } = self;
        match (&mut self.message, inflater) {
            (Some(message), Some(inflater)) if !header.opcode.is_control() && message.is_compressed => {
                message.inflate(inflater, |inflater, output| inflater.inflate(unmasked, output))
            }
            (Some(message), _) if !header.opcode.is_control() => message.take(unmasked),
            _ => {
                control_payload.extend_from_slice(unmasked);
                Ok(())
            }
        }
    }

    fn finish_frame(&mut self) -> Result<(), Violation> {
        let Some(header) = self.header.take() else { return Ok(()) };
        match header.opcode {
            Opcode::Ping => self.ready.push_back(Incoming::Ping(std::mem::take(&mut self.control_payload))),
            Opcode::Pong => self.ready.push_back(Incoming::Pong(std::mem::take(&mut self.control_payload))),
            Opcode::Close => {
                check_close(&self.control_payload).map_err(Violation::Rule)?;
                let payload = ClosePayload::parse(&self.control_payload);
                self.end_with(Incoming::Close(payload));
            }
            _ if header.fin => {
                if let Some(mut message) = self.message.take() {
                    if let Some(inflater) = self.inflater.as_mut().filter(|_| message.is_compressed) {
                        message.inflate(inflater, |inflater, output| inflater.end_message(output))?;
                    }
                    let Unfinished { kind, is_compressed: was_compressed, payload, text } = message;
                    if kind == MessageKind::Text {
                        text.finish().map_err(not_utf8)?;
                    }
                    self.ready.push_back(Incoming::Message { kind, payload, was_compressed });
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn not_inflated(error: InflateError) -> Violation {
    match error {
        InflateError::Invalid { at } => Violation::Rule(Rule::CompressedDataInvalid { at }),
        InflateError::Incomplete => Violation::Rule(Rule::CompressedDataIncomplete),
        InflateError::BeyondLimit { limit } => Violation::MessageTooBig(limit),
        // On a connection nothing is missing.
        InflateError::ContextLost | InflateError::ContextUnknown | InflateError::BytesMissing => {
            Violation::Rule(Rule::CompressionContextLost)
        }
    }
}

fn not_utf8(fault: crate::protocol::utf8::InvalidUtf8) -> Violation {
    Violation::Rule(Rule::TextNotUtf8 { at: fault.at })
}

fn check_header(header: &FrameHeader, may_be_compressed: bool) -> Result<(), Rule> {
    let length = header.payload_length;
    if header.rsv2 || header.rsv3 || (header.rsv1 && !may_be_compressed) {
        return Err(Rule::ReservedBitWithoutExtension);
    }
    if header.rsv1 && header.opcode == Opcode::Continuation {
        return Err(Rule::CompressedBitOnContinuation);
    }
    if header.rsv1 && header.opcode.is_control() {
        return Err(Rule::CompressedBitOnControlFrame);
    }
    if let Opcode::Reserved(opcode) = header.opcode {
        return Err(Rule::ReservedOpcode { opcode });
    }
    if header.masking_key.is_none() {
        return Err(Rule::ClientFrameNotMasked);
    }
    if length >> 63 != 0 {
        return Err(Rule::LengthTopBitSet);
    }
    if header.opcode.is_control() {
        if !header.fin {
            return Err(Rule::ControlFrameFragmented);
        }
        if length > LONGEST_CONTROL_PAYLOAD {
            return Err(Rule::ControlFrameTooLong { length });
        }
    }
    if header.length_encoding != LengthEncoding::minimal(length) {
        return Err(Rule::LengthNotMinimal { length });
    }
    Ok(())
}

fn check_close(payload: &[u8]) -> Result<(), Rule> {
    match ClosePayload::parse(payload) {
        ClosePayload::Empty | ClosePayload::NotRecorded => Ok(()),
        ClosePayload::OneByte(_) => Err(Rule::CloseOfOneByte),
        ClosePayload::Status { code, .. } if !code.may_be_on_the_wire() => Err(Rule::CloseCodeNotAllowed { code }),
        ClosePayload::Status { .. } => match std::str::from_utf8(payload.get(2..).unwrap_or_default()) {
            Ok(_) => Ok(()),
            Err(fault) => Err(Rule::CloseReasonNotUtf8 { at: fault.valid_up_to() as u64 }),
        },
    }
}
