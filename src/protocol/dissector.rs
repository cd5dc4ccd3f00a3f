//! The dissector: both directions of one conversation, from the first byte of the upgrade request to the end of TCP.
//!
//! ```text
//! client:  Request ──head──► AwaitingResponse ──101──► Frames
//! server:  Response ───────────────head 101──────────► Frames        any other head ──► Opaque (both directions)
//! ```

use std::collections::VecDeque;

use super::close::{CloseFrame, ClosePayload};
use super::decoder::{DecoderEvent, FrameDecoder};
use super::direction::{Direction, PerDirection, Side};
use super::finding::{Finding, Rule};
use super::frame::{FrameHeader, FrameNumber, LONGEST_CONTROL_PAYLOAD, LengthEncoding};
use super::handshake::{Handshake, check_request, check_response};
use super::http::{HeadParse, RequestHead, ResponseHead};
use super::masking::MaskingKey;
use super::message::{Message, MessageAssembler, MessageKind};
use super::moment::Moment;
use super::opcode::Opcode;
use super::utf8::Utf8Validator;
use super::verdict::{ConnectStage, Evidence, TransportEnd, TransportEnding, Verdict};

/// How much of a control frame is kept for a closer look; legal ones fit with room to spare.
const KEPT_CONTROL_PAYLOAD: usize = 1024;

/// How many unanswered Pings are remembered in each direction.
const REMEMBERED_PINGS: usize = 256;

/// How many bytes a client may send ahead of the response before they are no longer held for it.
const HELD_BEFORE_RESPONSE: usize = 1024 * 1024;

/// One frame, known as soon as its header is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its place in the session.
    pub number: FrameNumber,
    /// Which way it goes.
    pub direction: Direction,
    /// When its header was complete.
    pub at: Moment,
    /// Where its first byte stands in its direction's stream of bytes.
    pub stream_offset: u64,
    /// The header.
    pub header: FrameHeader,
    /// The message that it belongs to, by its place in the session's list; control frames and strays have none.
    pub message: Option<usize>,
}

/// What the dissector learned from the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The request's head is complete.
    Request(RequestHead),
    /// The response's head is complete.
    Response {
        /// The head.
        head: ResponseHead,
        /// Where the bytes after it begin in the server's stream.
        body_offset: u64,
    },
    /// A frame's header is complete.
    Frame(Frame),
    /// A message began, grew or was completed.
    Message {
        /// Its place in the session's list of messages.
        index: usize,
        /// How it stands now.
        message: Message,
    },
    /// A rule was broken.
    Finding(Finding),
}

#[derive(Debug, Clone)]
enum Phase {
    /// Collecting the head of the request or of the response.
    Head(Vec<u8>),
    /// The request is complete and the response is not; what the client sends meanwhile is held.
    AwaitingResponse(Vec<u8>),
    /// Frames.
    Frames(FrameDecoder),
    /// Not WebSocket: the body of a refusal, or something that never was HTTP.
    Opaque,
}

#[derive(Debug, Clone)]
struct Half {
    phase: Phase,
    stream_length: u64,
    header: Option<FrameHeader>,
    number: FrameNumber,
    control_payload: Vec<u8>,
    messages: MessageAssembler,
    message_index: usize,
    outstanding_pings: VecDeque<Vec<u8>>,
}

impl Half {
    fn new() -> Half {
        Half {
            phase: Phase::Head(Vec::new()),
            stream_length: 0,
            header: None,
            number: FrameNumber(0),
            control_payload: Vec::new(),
            messages: MessageAssembler::default(),
            message_index: 0,
            outstanding_pings: VecDeque::new(),
        }
    }
}

/// Dissects one conversation.
#[derive(Debug, Clone)]
pub struct Dissector {
    halves: PerDirection<Half>,
    handshake: Handshake,
    compression_agreed: bool,
    frames: u64,
    messages: usize,
    evidence: Evidence,
    end_checked: bool,
}

impl Default for Dissector {
    fn default() -> Self {
        Dissector::new()
    }
}

impl Dissector {
    /// A dissector that has seen nothing.
    pub fn new() -> Dissector {
        Dissector {
            halves: PerDirection::from_fn(|_| Half::new()),
            handshake: Handshake::default(),
            compression_agreed: false,
            frames: 0,
            messages: 0,
            evidence: Evidence::default(),
            end_checked: false,
        }
    }

    /// The two heads as far as they have come.
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The verdict on what has been seen so far.
    pub fn verdict(&self) -> Verdict {
        self.evidence.verdict()
    }

    /// Takes the next bytes of a direction.
    pub fn receive(&mut self, direction: Direction, at: Moment, bytes: &[u8], report: &mut impl FnMut(Fact)) {
        self.halves[direction].stream_length += bytes.len() as u64;
        match &mut self.halves[direction].phase {
            Phase::Head(collected) => {
                collected.extend_from_slice(bytes);
                self.read_head(direction, at, report);
            }
            Phase::AwaitingResponse(held) => {
                if held.is_empty() {
                    report(Fact::Finding(Finding {
                        frame: None,
                        direction: Some(direction),
                        at,
                        rule: Rule::FramesBeforeResponse,
                    }));
                }
                held.extend_from_slice(bytes);
                if held.len() > HELD_BEFORE_RESPONSE {
                    self.halves[direction].phase = Phase::Opaque;
                }
            }
            Phase::Frames(_) => self.decode_frames(direction, at, bytes, report),
            Phase::Opaque => {}
        }
    }

    /// Learns that one side's half of the connection ended.
    pub fn transport_ended(&mut self, side: Side, how: TransportEnd, at: Moment, report: &mut impl FnMut(Fact)) {
        self.evidence.endings.push(TransportEnding { side, how, at });
        // A half that ends while the other may still talk is only judged once nothing more can come.
        let over = how != TransportEnd::Fin || self.evidence.endings.len() > 1;
        if over && !self.end_checked && self.evidence.upgraded {
            self.end_checked = true;
            self.check_end(at, report);
        }
    }

    /// Learns that connecting failed at this stage.
    pub fn connect_failed(&mut self, stage: ConnectStage) {
        self.evidence.failed_stage.get_or_insert(stage);
    }

    fn check_end(&self, at: Moment, report: &mut impl FnMut(Fact)) {
        let mut find = |direction: Option<Direction>, frame: Option<FrameNumber>, rule: Rule| {
            report(Fact::Finding(Finding { frame, direction, at, rule }));
        };
        for direction in Direction::BOTH {
            let half = &self.halves[direction];
            if half.header.is_some() {
                find(Some(direction), Some(half.number), Rule::EndedInsideFrame);
            } else if let Some(message) = half.messages.current() {
                find(Some(direction), Some(message.last_frame), Rule::EndedInsideMessage);
            }
        }
        match self.evidence.first_close {
            None => find(None, None, Rule::EndedWithoutClose),
            Some(first) if self.evidence.closes[first.peer()].is_none() => {
                let close = self.evidence.closes[first].as_ref().map(|close| close.number);
                find(Some(first.peer().sends()), close, Rule::CloseNotAnswered);
            }
            Some(_) => {}
        }
    }

    fn read_head(&mut self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let Phase::Head(collected) = &self.halves[direction].phase else { return };
        let find = |rule: Rule| Fact::Finding(Finding { frame: None, direction: Some(direction), at, rule });
        match direction {
            Direction::ClientToServer => match RequestHead::parse(collected) {
                HeadParse::Incomplete => {}
                HeadParse::Malformed(_) => {
                    report(find(Rule::HeadMalformed));
                    self.halves[direction].phase = Phase::Opaque;
                }
                HeadParse::Complete { head, length } => {
                    let held = collected.get(length..).unwrap_or_default().to_vec();
                    check_request(&head).into_iter().for_each(|rule| report(find(rule)));
                    if !held.is_empty() {
                        report(find(Rule::FramesBeforeResponse));
                    }
                    report(Fact::Request(head.clone()));
                    self.handshake.request = Some(head);
                    self.halves[direction].phase = Phase::AwaitingResponse(held);
                }
            },
            Direction::ServerToClient => match ResponseHead::parse(collected) {
                HeadParse::Incomplete => {}
                HeadParse::Malformed(_) => {
                    report(find(Rule::HeadMalformed));
                    self.refuse();
                }
                HeadParse::Complete { head, length } => {
                    let rest = collected.get(length..).unwrap_or_default().to_vec();
                    self.read_response(head, rest, at, report);
                }
            },
        }
    }

    fn read_response(&mut self, head: ResponseHead, rest: Vec<u8>, at: Moment, report: &mut impl FnMut(Fact)) {
        // Interim responses (RFC 9110 15.2) come before the one that decides.
        if (100..=199).contains(&head.status) && head.status != 101 {
            self.halves[Direction::ServerToClient].phase = Phase::Head(rest);
            return self.read_head(Direction::ServerToClient, at, report);
        }
        let body_offset = self.halves[Direction::ServerToClient].stream_length - rest.len() as u64;
        let broken = check_response(self.handshake.request.as_ref(), &head);
        report(Fact::Response { head: head.clone(), body_offset });
        self.handshake.response = Some(head);
        if !self.handshake.is_upgraded() {
            return self.refuse();
        }
        for rule in broken {
            let direction = Some(Direction::ServerToClient);
            report(Fact::Finding(Finding { frame: None, direction, at, rule }));
        }
        self.evidence.upgraded = true;
        self.compression_agreed =
            self.handshake.extensions().iter().any(|extension| extension.starts_with("permessage-deflate"));
        let server = &mut self.halves[Direction::ServerToClient];
        server.phase = Phase::Frames(FrameDecoder::new(body_offset));
        let client = &mut self.halves[Direction::ClientToServer];
        let held = match &mut client.phase {
            Phase::AwaitingResponse(held) | Phase::Head(held) => std::mem::take(held),
            Phase::Frames(_) | Phase::Opaque => Vec::new(),
        };
        client.phase = Phase::Frames(FrameDecoder::new(client.stream_length - held.len() as u64));
        self.decode_frames(Direction::ClientToServer, at, &held, report);
        self.decode_frames(Direction::ServerToClient, at, &rest, report);
    }

    fn refuse(&mut self) {
        self.evidence.refused = true;
        for direction in Direction::BOTH {
            self.halves[direction].phase = Phase::Opaque;
        }
    }

    fn decode_frames(&mut self, direction: Direction, at: Moment, bytes: &[u8], report: &mut impl FnMut(Fact)) {
        // The decoder leaves its half while it works, so that what it reports may change the rest of the dissector.
        let Phase::Frames(mut decoder) = std::mem::replace(&mut self.halves[direction].phase, Phase::Opaque) else {
            return;
        };
        decoder.decode(bytes, |event| match event {
            DecoderEvent::Header { header, stream_offset } => {
                self.begin_frame(direction, at, header, stream_offset, report);
            }
            DecoderEvent::Payload { bytes, position } => self.take_payload(direction, at, bytes, position, report),
            DecoderEvent::Finished => self.finish_frame(direction, at, report),
        });
        self.halves[direction].phase = Phase::Frames(decoder);
    }

    fn begin_frame(
        &mut self,
        direction: Direction,
        at: Moment,
        header: FrameHeader,
        stream_offset: u64,
        report: &mut impl FnMut(Fact),
    ) {
        self.frames += 1;
        let number = FrameNumber(self.frames);
        let mut broken = self.check_header(direction, &header);
        if self.evidence.closes[direction].is_some() {
            broken.push(Rule::FrameAfterClose);
        } else if self.evidence.first_close == Some(direction.receiver()) && header.opcode != Opcode::Close {
            self.evidence.frames_between_closes += 1;
        }
        let half = &mut self.halves[direction];
        half.header = Some(header);
        half.number = number;
        half.control_payload.clear();
        let kind = match header.opcode {
            Opcode::Text => Some(MessageKind::Text),
            Opcode::Binary => Some(MessageKind::Binary),
            _ => None,
        };
        let mut message = None;
        if let Some(kind) = kind {
            if half.messages.current().is_some() {
                broken.push(Rule::DataFrameInsideMessage);
            }
            half.message_index = self.messages;
            self.messages += 1;
            let began = Message {
                direction,
                kind,
                first_frame: number,
                last_frame: number,
                fragments: 1,
                payload_length: header.payload_length,
                started_at: at,
                completed_at: None,
            };
            // A compressed text can only be checked once it is inflated.
            half.messages.begin(began, !header.rsv1);
            message = Some((half.message_index, began));
        } else if header.opcode == Opcode::Continuation {
            match half.messages.proceed(number, header.payload_length) {
                Some(grown) => message = Some((half.message_index, *grown)),
                None => broken.push(Rule::ContinuationWithoutStart),
            }
        }
        let index = message.map(|(index, _)| index);
        report(Fact::Frame(Frame { number, direction, at, stream_offset, header, message: index }));
        if let Some((index, message)) = message {
            report(Fact::Message { index, message });
        }
        for rule in broken {
            report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
        }
    }

    fn check_header(&self, direction: Direction, header: &FrameHeader) -> Vec<Rule> {
        let mut broken = Vec::new();
        let length = header.payload_length;
        let rsv1_has_meaning = self.compression_agreed && matches!(header.opcode, Opcode::Text | Opcode::Binary);
        if header.rsv2 || header.rsv3 || (header.rsv1 && !rsv1_has_meaning) {
            broken.push(Rule::ReservedBitWithoutExtension);
        }
        if let Opcode::Reserved(opcode) = header.opcode {
            broken.push(Rule::ReservedOpcode { opcode });
        }
        match (direction.sender(), header.masking_key) {
            (Side::Client, None) => broken.push(Rule::ClientFrameNotMasked),
            (Side::Client, Some(MaskingKey([0, 0, 0, 0]))) => broken.push(Rule::MaskingKeyZero),
            (Side::Server, Some(_)) => broken.push(Rule::ServerFrameMasked),
            _ => {}
        }
        if length >> 63 != 0 {
            broken.push(Rule::LengthTopBitSet);
        }
        if header.length_encoding != LengthEncoding::minimal(length) {
            broken.push(Rule::LengthNotMinimal { length });
        }
        if header.opcode.is_control() {
            if !header.fin {
                broken.push(Rule::ControlFrameFragmented);
            }
            if length > LONGEST_CONTROL_PAYLOAD {
                broken.push(Rule::ControlFrameTooLong { length });
            }
        }
        broken
    }

    fn take_payload(
        &mut self,
        direction: Direction,
        at: Moment,
        bytes: &[u8],
        position: u64,
        report: &mut impl FnMut(Fact),
    ) {
        let half = &mut self.halves[direction];
        let Some(header) = half.header else { return };
        if header.opcode.is_control() {
            let room = KEPT_CONTROL_PAYLOAD.saturating_sub(half.control_payload.len());
            half.control_payload.extend(bytes.iter().take(room));
        } else if header.opcode.is_assigned() && half.messages.checks_text() {
            let checked = match header.masking_key {
                None => half.messages.check_text(bytes),
                Some(key) => {
                    let mut unmasked = bytes.to_vec();
                    key.apply(&mut unmasked, position);
                    half.messages.check_text(&unmasked)
                }
            };
            if let Err(fault) = checked {
                let rule = Rule::TextNotUtf8 { at: fault.at };
                report(Fact::Finding(Finding { frame: Some(half.number), direction: Some(direction), at, rule }));
            }
        }
    }

    fn finish_frame(&mut self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[direction];
        let Some(header) = half.header.take() else { return };
        let number = half.number;
        let mut find = |rule: Rule| {
            report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
        };
        if header.opcode.is_control() {
            let wire_payload = std::mem::take(&mut half.control_payload);
            let mut payload = wire_payload.clone();
            if let Some(key) = header.masking_key {
                key.apply(&mut payload, 0);
            }
            match header.opcode {
                Opcode::Ping => {
                    if half.outstanding_pings.len() == REMEMBERED_PINGS {
                        half.outstanding_pings.pop_front();
                    }
                    half.outstanding_pings.push_back(payload);
                }
                Opcode::Pong => {
                    let pings = &mut self.halves[direction.receiver().sends()].outstanding_pings;
                    match pings.iter().position(|ping| *ping == payload) {
                        // One Pong may answer the newest of several Pings (RFC 6455 5.5.3).
                        Some(answered) => drop(pings.drain(..=answered)),
                        None => find(Rule::PongWithoutPing),
                    }
                }
                Opcode::Close => self.take_close(direction, at, number, header, &wire_payload, &payload, report),
                _ => {}
            }
        } else if header.fin && header.opcode.is_assigned() {
            let index = half.message_index;
            if let Some((message, text)) = half.messages.complete(at) {
                if let Err(fault) = text {
                    find(Rule::TextNotUtf8 { at: fault.at });
                }
                report(Fact::Message { index, message });
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "each is a fact of the one frame")]
    fn take_close(
        &mut self,
        direction: Direction,
        at: Moment,
        number: FrameNumber,
        header: FrameHeader,
        wire_payload: &[u8],
        payload: &[u8],
        report: &mut impl FnMut(Fact),
    ) {
        let mut wire = Vec::with_capacity(header.header_length() + wire_payload.len());
        header.write(&mut wire);
        wire.extend_from_slice(wire_payload);
        let header_length = header.header_length();
        let payload_facts = ClosePayload::parse(payload);
        let mut broken = Vec::new();
        match &payload_facts {
            ClosePayload::Empty => {}
            ClosePayload::OneByte(_) => broken.push(Rule::CloseOfOneByte),
            ClosePayload::Status { code, .. } => {
                if !code.may_be_on_the_wire() {
                    broken.push(Rule::CloseCodeNotAllowed { code: *code });
                }
                let reason = payload.get(2..).unwrap_or_default();
                let mut validator = Utf8Validator::default();
                if let Err(fault) = validator.feed(reason).and_then(|()| validator.finish()) {
                    broken.push(Rule::CloseReasonNotUtf8 { at: fault.at });
                }
            }
        }
        let close = CloseFrame { number, direction, at, wire, header_length, payload: payload_facts };
        let first = self.evidence.first_close;
        if self.evidence.close_seen(&close)
            && first == Some(direction.receiver())
            && let Some(received) = &self.evidence.closes[direction.receiver()]
        {
            let (received, sent) = (received.payload.code(), close.payload.code());
            if received != sent {
                broken.push(Rule::CloseReplyChangesCode { received, sent });
            }
        }
        for rule in broken {
            report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
        }
    }
}
