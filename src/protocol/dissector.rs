//! The dissector: both directions of one conversation, from the first byte of the upgrade request to the end of TCP.
//!
//! ```text
//! client:  Head ──request──► AwaitingResponse ──101 of the server──► Frames
//! server:  Head ─────────────────────101───────────────────────────► Frames        any other head ──► Opaque (both directions)
//! ```

use std::collections::VecDeque;

use super::close::{CloseFrame, ClosePayload};
use super::decoder::{DecoderEvent, FrameDecoder};
use super::direction::{Direction, PerDirection, Side};
use super::finding::{Finding, Rule};
use super::frame::{FrameHeader, FrameNumber, LONGEST_CONTROL_PAYLOAD, LengthEncoding};
use super::handshake::{Handshake, check_request, check_response, extension_name};
use super::http::{HeadParse, LONGEST_HEAD, RequestHead, ResponseHead, end_of_head};
use super::masking::MaskingKey;
use super::message::{Message, MessageAssembler, MessageKind};
use super::moment::Moment;
use super::opcode::Opcode;
use super::utf8::{InvalidUtf8, Utf8Validator};
use super::verdict::{ConnectStage, Evidence, TransportEnd, TransportEnding, Verdict};

/// How much of a control frame is kept for a closer look; legal ones fit with room to spare.
const KEPT_CONTROL_PAYLOAD: usize = 1024;

/// How many unanswered Pings are remembered in each direction.
const REMEMBERED_PINGS: usize = 256;

/// How many bytes a client may send ahead of the response before they are no longer held for it.
const HELD_BEFORE_RESPONSE: usize = 1024 * 1024;

/// How many bytes of masked text are unmasked at a time for the check: more makes small frames pay for clearing them.
const UNMASKED_AT_A_TIME: usize = 512;

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
    Head {
        collected: Vec<u8>,
        /// How many of these bytes are known not to hold the end of the head.
        searched: usize,
    },
    /// The request is complete and the response is not; what the client sends meanwhile is held.
    AwaitingResponse(Vec<u8>),
    /// The client's bytes are no request. A server may switch protocols all the same, and then frames follow its response.
    NoRequest,
    /// Frames.
    Frames(FrameDecoder),
    /// Not WebSocket: the body of a refusal, something that never was HTTP, or frames whose boundaries are lost.
    Opaque,
}

impl Phase {
    fn head(collected: Vec<u8>) -> Phase {
        Phase::Head { collected, searched: 0 }
    }
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
    end_checked: bool,
}

impl Half {
    fn new() -> Half {
        Half {
            phase: Phase::head(Vec::new()),
            stream_length: 0,
            header: None,
            number: FrameNumber(0),
            control_payload: Vec::new(),
            messages: MessageAssembler::default(),
            message_index: 0,
            outstanding_pings: VecDeque::new(),
            end_checked: false,
        }
    }
}

/// What the agreed extensions change in the reading of frames.
#[derive(Debug, Clone, Copy, Default)]
struct AgreedExtensions {
    /// permessage-deflate gives RSV1 a meaning on the first frame of a message (RFC 7692 6).
    compression: bool,
    /// An extension that is not known here may give any reserved bit or opcode a meaning (RFC 6455 5.8).
    unknown: bool,
}

impl AgreedExtensions {
    fn of(handshake: &Handshake) -> AgreedExtensions {
        let mut agreed = AgreedExtensions::default();
        for extension in handshake.extensions() {
            match extension_name(extension) {
                "permessage-deflate" => agreed.compression = true,
                _ => agreed.unknown = true,
            }
        }
        agreed
    }
}

/// Dissects one conversation.
#[derive(Debug, Clone)]
pub struct Dissector {
    halves: PerDirection<Half>,
    handshake: Handshake,
    agreed: AgreedExtensions,
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
            agreed: AgreedExtensions::default(),
            frames: 0,
            messages: 0,
            evidence: Evidence::default(),
            end_checked: false,
        }
    }

    /// A dissector that stands right behind this handshake, which switched protocols: the next bytes of both directions are frames.
    pub fn after(handshake: &Handshake) -> Dissector {
        let mut dissector = Dissector::new();
        dissector.handshake = handshake.clone();
        dissector.agreed = AgreedExtensions::of(handshake);
        dissector.evidence.upgraded = true;
        for direction in Direction::BOTH {
            dissector.halves[direction].phase = Phase::Frames(FrameDecoder::new(0));
        }
        dissector
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
        let half = &mut self.halves[direction];
        half.stream_length += bytes.len() as u64;
        match &mut half.phase {
            Phase::Head { collected, .. } => {
                collected.extend_from_slice(bytes);
                match direction {
                    Direction::ClientToServer => self.read_request(at, report),
                    Direction::ServerToClient => self.read_response(at, report),
                }
            }
            Phase::AwaitingResponse(_) => self.hold_until_response(at, bytes, report),
            Phase::Frames(_) => self.decode_frames(direction, at, bytes, report),
            Phase::NoRequest | Phase::Opaque => {}
        }
    }

    /// Learns that one side's half of the connection ended. After a FIN the other half may go on; the verdict then changes with
    /// what it still says. Only the first end of each side counts.
    pub fn transport_ended(&mut self, side: Side, how: TransportEnd, at: Moment, report: &mut impl FnMut(Fact)) {
        let both_ended = self.evidence.transport_ended(TransportEnding { side, how, at });
        if both_ended || how != TransportEnd::Fin {
            self.check_end(at, report);
        } else if self.evidence.upgraded {
            self.check_end_of_half(side.sends(), at, report);
        }
    }

    /// Learns that nothing more will be told of this conversation, although perhaps only one half of it was seen to end: the last
    /// findings are made now. A conversation of which no end was seen stays open.
    pub fn recording_ended(&mut self, at: Moment, report: &mut impl FnMut(Fact)) {
        if self.evidence.has_ended() {
            self.check_end(at, report);
        }
    }

    /// Learns that connecting failed at this stage.
    pub fn connect_failed(&mut self, stage: ConnectStage) {
        self.evidence.failed_stage.get_or_insert(stage);
    }

    /// Checks what both halves and the closing handshake lack, once, after nothing more can come.
    fn check_end(&mut self, at: Moment, report: &mut impl FnMut(Fact)) {
        if self.end_checked || !self.evidence.upgraded {
            return;
        }
        self.end_checked = true;
        for direction in Direction::BOTH {
            self.check_end_of_half(direction, at, report);
        }
        match self.evidence.first_close {
            None => {
                let rule = Rule::EndedWithoutClose;
                report(Fact::Finding(Finding { frame: None, direction: None, at, rule }));
            }
            Some(first) if self.evidence.closes[first.peer()].is_none() => {
                let frame = self.evidence.closes[first].as_ref().map(|close| close.number);
                let (direction, rule) = (Some(first.peer().sends()), Rule::CloseNotAnswered);
                report(Fact::Finding(Finding { frame, direction, at, rule }));
            }
            Some(_) => {}
        }
    }

    /// Checks, once, whether a half that says no more stopped in the middle of something.
    fn check_end_of_half(&mut self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[direction];
        if std::mem::replace(&mut half.end_checked, true) {
            return;
        }
        let inside_frame = matches!(&half.phase, Phase::Frames(decoder) if !decoder.is_between_frames());
        let (frame, rule) = if inside_frame {
            // Inside a header the frame has no number yet.
            (half.header.map(|_| half.number), Rule::EndedInsideFrame)
        } else if let Some(message) = half.messages.current() {
            (Some(message.last_frame), Rule::EndedInsideMessage)
        } else {
            return;
        };
        report(Fact::Finding(Finding { frame, direction: Some(direction), at, rule }));
    }

    fn read_request(&mut self, at: Moment, report: &mut impl FnMut(Fact)) {
        let direction = Direction::ClientToServer;
        let half = &mut self.halves[direction];
        let Phase::Head { collected, searched } = &mut half.phase else { return };
        if !may_be_decided(collected, searched) {
            return;
        }
        let find = |rule: Rule| Fact::Finding(Finding { frame: None, direction: Some(direction), at, rule });
        match RequestHead::parse(collected) {
            HeadParse::Incomplete => {}
            HeadParse::Malformed(_) => {
                half.phase = Phase::NoRequest;
                report(find(Rule::HeadMalformed));
            }
            HeadParse::Complete { head, length } => {
                let rest = collected.split_off(length);
                half.phase = Phase::AwaitingResponse(Vec::new());
                let broken = check_request(&head);
                self.handshake.request = Some(head.clone());
                report(Fact::Request(head));
                broken.into_iter().for_each(|rule| report(find(rule)));
                self.continue_after_request(at, &rest, report);
            }
        }
    }

    /// Goes on behind the request; a log that was joined from two directions may have told the response before it.
    fn continue_after_request(&mut self, at: Moment, rest: &[u8], report: &mut impl FnMut(Fact)) {
        if self.evidence.upgraded {
            self.check_late_request(at, report);
            self.begin_frames(Direction::ClientToServer, at, rest, report);
        } else if self.evidence.refused {
            self.halves[Direction::ClientToServer].phase = Phase::Opaque;
        } else if !rest.is_empty() {
            self.hold_until_response(at, rest, report);
        }
    }

    fn hold_until_response(&mut self, at: Moment, bytes: &[u8], report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[Direction::ClientToServer];
        let Phase::AwaitingResponse(held) = &mut half.phase else { return };
        let first = held.is_empty() && !bytes.is_empty();
        held.extend_from_slice(bytes);
        if held.len() > HELD_BEFORE_RESPONSE {
            half.phase = Phase::Opaque;
        }
        if first {
            let (direction, rule) = (Some(Direction::ClientToServer), Rule::FramesBeforeResponse);
            report(Fact::Finding(Finding { frame: None, direction, at, rule }));
        }
    }

    fn read_response(&mut self, at: Moment, report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[Direction::ServerToClient];
        let Phase::Head { collected, searched } = &mut half.phase else { return };
        if !may_be_decided(collected, searched) {
            return;
        }
        let mut consumed = 0;
        loop {
            match ResponseHead::parse(collected.get(consumed..).unwrap_or_default()) {
                HeadParse::Incomplete => {
                    if consumed > 0 {
                        collected.drain(..consumed);
                        *searched = collected.len();
                    }
                    return;
                }
                HeadParse::Malformed(_) => {
                    let (direction, rule) = (Some(Direction::ServerToClient), Rule::HeadMalformed);
                    report(Fact::Finding(Finding { frame: None, direction, at, rule }));
                    return self.refuse();
                }
                // Interim responses (RFC 9110 15.2) come before the one that decides.
                HeadParse::Complete { head, length } if (100..=199).contains(&head.status) && head.status != 101 => {
                    consumed += length;
                }
                HeadParse::Complete { head, length } => {
                    let rest = collected.split_off(consumed + length);
                    return self.take_response(head, &rest, at, report);
                }
            }
        }
    }

    fn take_response(&mut self, head: ResponseHead, rest: &[u8], at: Moment, report: &mut impl FnMut(Fact)) {
        let body_offset = self.halves[Direction::ServerToClient].stream_length - rest.len() as u64;
        let broken = check_response(self.handshake.request.as_ref(), &head);
        self.handshake.response = Some(head.clone());
        report(Fact::Response { head, body_offset });
        if !self.handshake.is_upgraded() {
            return self.refuse();
        }
        for rule in broken {
            let direction = Some(Direction::ServerToClient);
            report(Fact::Finding(Finding { frame: None, direction, at, rule }));
        }
        self.evidence.upgraded = true;
        self.agreed = AgreedExtensions::of(&self.handshake);
        let client = &mut self.halves[Direction::ClientToServer].phase;
        let held = match client {
            Phase::AwaitingResponse(held) => Some(std::mem::take(held)),
            Phase::NoRequest => Some(Vec::new()),
            // Told before the request, which is still to come; or past what could be held.
            Phase::Head { .. } | Phase::Opaque | Phase::Frames(_) => None,
        };
        if let Some(held) = held {
            self.begin_frames(Direction::ClientToServer, at, &held, report);
        }
        self.begin_frames(Direction::ServerToClient, at, rest, report);
    }

    /// Reports what only the request shows about a response that was told before it.
    fn check_late_request(&self, at: Moment, report: &mut impl FnMut(Fact)) {
        let Some(response) = &self.handshake.response else { return };
        let known = check_response(None, response);
        for rule in check_response(self.handshake.request.as_ref(), response) {
            if !known.contains(&rule) {
                let direction = Some(Direction::ServerToClient);
                report(Fact::Finding(Finding { frame: None, direction, at, rule }));
            }
        }
    }

    /// The upgrade failed; a request that is still arriving is read to its end all the same.
    fn refuse(&mut self) {
        self.evidence.refused = true;
        self.halves[Direction::ServerToClient].phase = Phase::Opaque;
        let client = &mut self.halves[Direction::ClientToServer].phase;
        if !matches!(client, Phase::Head { .. }) {
            *client = Phase::Opaque;
        }
    }

    /// Frames begin with these bytes, the newest of their direction.
    fn begin_frames(&mut self, direction: Direction, at: Moment, bytes: &[u8], report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[direction];
        half.phase = Phase::Frames(FrameDecoder::new(half.stream_length - bytes.len() as u64));
        self.decode_frames(direction, at, bytes, report);
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
            // A reserved bit says that the payload is not the text itself: compressed text can only be checked once it is inflated.
            half.messages.begin(began, !header.has_reserved_bits());
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
        let rsv1_has_meaning = self.agreed.compression && matches!(header.opcode, Opcode::Text | Opcode::Binary);
        if !self.agreed.unknown && (header.rsv2 || header.rsv3 || (header.rsv1 && !rsv1_has_meaning)) {
            broken.push(Rule::ReservedBitWithoutExtension);
        }
        if let Opcode::Reserved(opcode) = header.opcode
            && !self.agreed.unknown
        {
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
                Some(key) => check_masked_text(&mut half.messages, key, bytes, position),
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
                // Of a frame far beyond 125 bytes only the start is here, which may stop inside a character.
                let is_whole = payload.len() as u64 == header.payload_length;
                let fed = validator.feed(reason);
                if let Err(fault) = fed.and_then(|()| if is_whole { validator.finish() } else { Ok(()) }) {
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

/// Whether the bytes hold the end of a head, are too many for one, or are the first few, which may show at once that they are not HTTP;
/// notes how far they have been looked through.
fn may_be_decided(collected: &[u8], searched: &mut usize) -> bool {
    let from = std::mem::replace(searched, collected.len());
    from < "HTTP/".len() || end_of_head(collected, from).is_some() || collected.len() > LONGEST_HEAD
}

/// Unmasks text block by block, on the stack, and checks it.
fn check_masked_text(
    messages: &mut MessageAssembler,
    key: MaskingKey,
    masked: &[u8],
    position: u64,
) -> Result<(), InvalidUtf8> {
    let mut buffer = [0; UNMASKED_AT_A_TIME];
    let mut position = position;
    for block in masked.chunks(UNMASKED_AT_A_TIME) {
        let (unmasked, _) = buffer.split_at_mut(block.len());
        unmasked.copy_from_slice(block);
        key.apply(unmasked, position);
        position += block.len() as u64;
        messages.check_text(unmasked)?;
    }
    Ok(())
}
