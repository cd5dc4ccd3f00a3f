//! The dissector: both directions of one conversation, from the first byte of the upgrade request to the end of TCP.
//!
//! ```text
//! client:  Head ──request──► AwaitingResponse ──101 of the server──► Frames
//! server:  Head ─────────────────────101───────────────────────────► Frames        any other head ──► Opaque (both directions)
//! ```

use std::collections::VecDeque;

use super::close::{CloseFrame, ClosePayload};
use super::decoder::{DecoderEvent, FrameDecoder, WholeFrame};
use super::direction::{Direction, PerDirection, Side};
use super::finding::{Finding, Rule, Severity};
use super::frame::{FrameHeader, FrameNumber, LONGEST_CONTROL_PAYLOAD, LengthEncoding};
use super::gap::Gap;
use super::handshake::{Handshake, check_request, check_response, extension_name};
use super::http::{HeadParse, LONGEST_HEAD, RequestHead, ResponseHead, end_of_head};
use super::inflater::{DEFAULT_LIMIT, InflateError, Inflater};
use super::masking::MaskingKey;
use super::message::{ContentFault, Inflated, Listed, Message, MessageAssembler, MessageKind, NothingToContinue};
use super::moment::Moment;
use super::opcode::Opcode;
use super::permessage_deflate;
use super::utf8::Utf8Validator;
use super::verdict::{ConnectStage, Evidence, TransportEnd, TransportEnding, Verdict};

/// How much of a control frame is kept for a closer look; legal ones fit with room to spare.
const KEPT_CONTROL_PAYLOAD: usize = 1024;

/// How many unanswered Pings are remembered in each direction.
const REMEMBERED_PINGS: usize = 256;

/// How many bytes a client may send ahead of the response before they are no longer held for it.
const HELD_BEFORE_RESPONSE: usize = 1024 * 1024;

/// At most this many unanswered Pings are reported for each direction.
const REPORTED_PINGS: usize = 16;

/// How many bytes of a masked payload are unmasked at a time: more makes small frames pay for clearing them.
const UNMASKED_AT_A_TIME: usize = 512;

/// After how many compressed bytes the context of the next message is told again, so that a reader need not inflate all before it.
const CONTEXT_INTERVAL: u64 = 256 * 1024;

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
    /// The message that it belongs to, by its place in the session's list of those that are compressed or have several frames; any
    /// other text or binary frame is a message by itself.
    pub message: Option<usize>,
}

/// A Ping and the Pong that answered it (RFC 6455 5.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTrip {
    /// The direction of the Ping.
    pub direction: Direction,
    /// The Ping.
    pub ping: FrameNumber,
    /// The Pong.
    pub pong: FrameNumber,
    /// When the Ping's header was complete.
    pub sent_at: Moment,
    /// When the Pong's last byte came.
    pub answered_at: Moment,
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
    /// A message that is compressed or has several frames began, grew or was completed.
    Message {
        /// Its place in the session's list of these.
        index: usize,
        /// How it stands now.
        message: Message,
    },
    /// What a compressed message may refer to, told now and then so that a reader can begin with that message.
    CompressionContext {
        /// Which way the message goes.
        direction: Direction,
        /// Its place in the session's list.
        message: usize,
        /// The last bytes that were inflated before it, at most 32 KiB.
        context: Vec<u8>,
    },
    /// A Pong answered a Ping.
    RoundTrip(RoundTrip),
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
    /// Behind bytes that were not recorded: so many follow before frames begin again.
    BeforeFrames(u32),
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
    /// How many bytes of the current frame's payload were not recorded.
    missing_payload: u64,
    messages: MessageAssembler,
    /// Where in the stream frames begin again that follow bytes which were not recorded.
    behind_gap: Option<u64>,
    /// Present when this direction may be compressed.
    inflater: Option<Inflater>,
    compressed_since_context: u64,
    outstanding_pings: VecDeque<Ping>,
    /// How many Pings were too many to be remembered; as many Pongs cannot be judged.
    forgotten_pings: u64,
    /// The first frame over which the other side has to fail the connection: it need not answer what comes behind.
    failed_at: Option<FrameNumber>,
    last_masking_key: Option<MaskingKey>,
    has_repeated_masking_key: bool,
    end_checked: bool,
}

#[derive(Debug, Clone)]
struct Ping {
    number: FrameNumber,
    at: Moment,
    payload: Vec<u8>,
}

impl Half {
    fn new() -> Half {
        Half {
            phase: Phase::head(Vec::new()),
            stream_length: 0,
            header: None,
            number: FrameNumber(0),
            control_payload: Vec::new(),
            missing_payload: 0,
            messages: MessageAssembler::default(),
            behind_gap: None,
            inflater: None,
            compressed_since_context: 0,
            outstanding_pings: VecDeque::new(),
            forgotten_pings: 0,
            failed_at: None,
            last_masking_key: None,
            has_repeated_masking_key: false,
            end_checked: false,
        }
    }
}

impl Half {
    /// Answers may have come that were not recorded: no more can be said of the Pings so far.
    fn forget_pings(&mut self) {
        self.forgotten_pings = self.forgotten_pings.saturating_add(self.outstanding_pings.len() as u64);
        self.outstanding_pings.clear();
    }

    /// The key has to be unpredictable, frame by frame (RFC 6455 5.3); told once, since a client that does so does it always.
    fn check_masking_key(&mut self, header: &FrameHeader, broken: &mut Vec<Rule>) {
        if header.masking_key.is_some_and(|key| key != MaskingKey([0; 4]))
            && header.masking_key == self.last_masking_key
            && !self.has_repeated_masking_key
        {
            self.has_repeated_masking_key = true;
            broken.push(Rule::MaskingKeyRepeated);
        }
        self.last_masking_key = header.masking_key;
    }

    fn begin_inflating(
        &mut self,
        direction: Direction,
        index: usize,
        message: &mut Message,
        broken: &mut Vec<Rule>,
        report: &mut impl FnMut(Fact),
    ) {
        let Some(inflater) = &mut self.inflater else { return };
        if let Err(problem) = inflater.begin_message() {
            message.inflated = Some(Inflated { length: 0, problem: Some(problem) });
            self.messages.cannot_inflate(problem);
            broken.push(Rule::CompressionContextLost);
        } else if inflater.takes_over_context()
            && (self.compressed_since_context >= CONTEXT_INTERVAL || inflater.has_forgotten())
        {
            self.compressed_since_context = 0;
            report(Fact::CompressionContext { direction, message: index, context: inflater.context() });
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
                permessage_deflate::NAME => agreed.compression = true,
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
    listed_messages: usize,
    inflation_limit: u64,
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
        Dissector::with_inflation_limit(DEFAULT_LIMIT)
    }

    /// A dissector that has seen nothing and inflates messages to at most `inflation_limit` bytes each.
    pub fn with_inflation_limit(inflation_limit: u64) -> Dissector {
        Dissector {
            halves: PerDirection::from_fn(|_| Half::new()),
            handshake: Handshake::default(),
            agreed: AgreedExtensions::default(),
            frames: 0,
            listed_messages: 0,
            inflation_limit,
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
        self.evidence().verdict()
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
            Phase::BeforeFrames(_) => self.pass_before_frames(direction, at, bytes, report),
            Phase::NoRequest | Phase::Opaque => {}
        }
    }

    /// How much of the current frame's payload is still to come in a direction, nothing between two frames; `None` where that is not
    /// known: inside a header, and where there are no frames.
    pub fn payload_to_come(&self, direction: Direction) -> Option<u64> {
        match &self.halves[direction].phase {
            Phase::Frames(decoder) => decoder.payload_to_come(),
            _ => None,
        }
    }

    /// Learns that the next bytes of a direction crossed and were not recorded. Inside a payload they are passed over; where a header
    /// is among them, the gap says where frames begin again. What they may have held is not held against anybody.
    pub fn bytes_missing(&mut self, direction: Direction, at: Moment, gap: Gap, report: &mut impl FnMut(Fact)) {
        let to_come = self.payload_to_come(direction).unwrap_or(0);
        let half = &mut self.halves[direction];
        let length = gap.length.map_or(0, u64::from);
        half.stream_length += length;
        let in_payload = length.min(to_come) as u32;
        if in_payload > 0 {
            self.miss_payload(direction, at, in_payload, report);
        }
        if gap.length != Some(in_payload) || gap.next_frame.is_some() {
            let gap = Gap { length: gap.length.map(|length| length - in_payload), ..gap };
            self.miss_frames(direction, at, gap, report);
        }
    }

    fn miss_payload(&mut self, direction: Direction, at: Moment, length: u32, report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[direction];
        let Phase::Frames(decoder) = &mut half.phase else { return };
        let is_finished = decoder.pass_payload(u64::from(length));
        half.missing_payload += u64::from(length);
        if half.header.is_some_and(|header| !header.opcode.is_control()) {
            half.messages.miss_payload();
            half.inflater.iter_mut().for_each(Inflater::forget);
        }
        if is_finished {
            self.finish_frame(direction, at, report);
        }
    }

    /// Says of the current frame how many of its bytes were not recorded, once no more can be.
    fn tell_missing_payload(&mut self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let half = &mut self.halves[direction];
        let length = std::mem::take(&mut half.missing_payload);
        if length > 0 {
            let (frame, rule) = (Some(half.number), Rule::BytesMissing { length });
            report(Fact::Finding(Finding { frame, direction: Some(direction), at, rule }));
        }
    }

    fn miss_frames(&mut self, direction: Direction, at: Moment, gap: Gap, report: &mut impl FnMut(Fact)) {
        self.tell_missing_payload(direction, at, report);
        let peer = direction.receiver().sends();
        let half = &mut self.halves[direction];
        match &mut half.phase {
            // A refusal's body, something that is no WebSocket, or what cannot be read anyway: there are no frames to miss.
            Phase::Opaque if !self.evidence.upgraded || gap.next_frame.is_none() => return,
            Phase::Frames(_) | Phase::BeforeFrames(_) | Phase::Opaque => {
                half.phase = match gap.next_frame {
                    Some(0) => Phase::Frames(FrameDecoder::new(half.stream_length)),
                    Some(opaque) => Phase::BeforeFrames(opaque),
                    None => Phase::Opaque,
                };
            }
            // A server may switch protocols whatever the client's head was.
            Phase::Head { .. } if direction == Direction::ClientToServer => half.phase = Phase::NoRequest,
            Phase::Head { .. } | Phase::AwaitingResponse(_) | Phase::NoRequest => half.phase = Phase::Opaque,
        }
        half.header = None;
        half.messages.miss_frames();
        half.inflater.iter_mut().for_each(Inflater::forget);
        half.last_masking_key = None;
        half.behind_gap = Some(half.stream_length + gap.next_frame.map_or(0, u64::from));
        // There may have been Pings, which the other side answers, and Pongs to its own.
        half.forgotten_pings = u64::MAX;
        self.halves[peer].forget_pings();
        let (direction, rule) = (Some(direction), Rule::FramesMissing { gap });
        report(Fact::Finding(Finding { frame: None, direction, at, rule }));
    }

    fn pass_before_frames(&mut self, direction: Direction, at: Moment, bytes: &[u8], report: &mut impl FnMut(Fact)) {
        let Phase::BeforeFrames(opaque) = &mut self.halves[direction].phase else { return };
        let passed = bytes.len().min(*opaque as usize);
        *opaque -= passed as u32;
        if *opaque == 0 {
            self.begin_frames(direction, at, bytes.get(passed..).unwrap_or_default(), report);
        }
    }

    /// What was seen so far, and what may have been there and was not recorded.
    fn evidence(&self) -> Evidence {
        let may_hide = PerDirection::from_fn(|direction| {
            let half = &self.halves[direction];
            half.behind_gap.is_some_and(|begin| match &half.phase {
                // What frames follow, a Close did not come before.
                Phase::Frames(decoder) => decoder.stream_offset() <= begin,
                _ => true,
            })
        });
        let mut evidence = self.evidence.clone();
        evidence.may_hide = may_hide;
        evidence
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
    /// findings are made now. Of a conversation of which no end was seen nobody knows how it ended.
    pub fn recording_ended(&mut self, at: Moment, report: &mut impl FnMut(Fact)) {
        Direction::BOTH.iter().for_each(|direction| self.tell_missing_payload(*direction, at, report));
        self.evidence.recording_ended = true;
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
        let evidence = self.evidence();
        match evidence.first_close {
            _ if evidence.may_lack_a_close() => {}
            None => {
                let rule = Rule::EndedWithoutClose;
                report(Fact::Finding(Finding { frame: None, direction: None, at, rule }));
            }
            Some(first) if evidence.closes[first.peer()].is_none() => {
                let frame = evidence.closes[first].as_ref().map(|close| close.number);
                let waited = evidence.gave_up_waiting(first);
                let rule = if waited { Rule::CloseNotAnsweredInTime } else { Rule::CloseNotAnswered };
                report(Fact::Finding(Finding { frame, direction: Some(first.peer().sends()), at, rule }));
            }
            Some(_) if evidence.client_ended_first() => {
                let (direction, rule) = (Some(Direction::ClientToServer), Rule::ClientEndedTransportFirst);
                report(Fact::Finding(Finding { frame: None, direction, at, rule }));
            }
            Some(_) => {}
        }
        for direction in Direction::BOTH {
            self.check_unanswered_pings(direction, at, report);
        }
    }

    /// Reports the Pings of a direction that the other side should have answered: those that came before either side's Close, and
    /// before anything over which the connection has to be failed.
    fn check_unanswered_pings(&self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let first_close = Direction::BOTH
            .into_iter()
            .filter_map(|direction| self.evidence.closes[direction].as_ref())
            .map(|close| close.number)
            .min();
        let unanswered = self.halves[direction]
            .outstanding_pings
            .iter()
            .filter(|ping| self.halves[direction].failed_at.is_none_or(|frame| ping.number < frame))
            .filter(|ping| first_close.is_none_or(|close| ping.number < close))
            .take(REPORTED_PINGS);
        for ping in unanswered {
            let (direction, rule) = (Some(direction.receiver().sends()), Rule::PingNotAnswered);
            report(Fact::Finding(Finding { frame: Some(ping.number), direction, at, rule }));
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
        } else if let Some(last_frame) = half.messages.last_frame() {
            (Some(last_frame), Rule::EndedInsideMessage)
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
        if let Some(compression) = self.handshake.compression() {
            for direction in Direction::BOTH {
                self.halves[direction].inflater = Some(Inflater::new(compression[direction], self.inflation_limit));
            }
        }
        let client = &mut self.halves[Direction::ClientToServer].phase;
        let held = match client {
            Phase::AwaitingResponse(held) => Some(std::mem::take(held)),
            Phase::NoRequest => Some(Vec::new()),
            // Told before the request, which is still to come; or past what could be held.
            Phase::Head { .. } | Phase::Opaque | Phase::BeforeFrames(_) | Phase::Frames(_) => None,
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
        let mut failed_at = self.halves[direction].failed_at;
        let report = &mut |fact: Fact| {
            if let Fact::Finding(finding) = &fact
                && finding.direction == Some(direction)
                && finding.rule.severity() == Severity::Error
            {
                failed_at = failed_at.or(finding.frame);
            }
            report(fact);
        };
        let mut bytes = bytes;
        while !bytes.is_empty() {
            if let Some((frame, rest)) = decoder.whole_frame(bytes) {
                bytes = rest;
                self.take_whole_frame(direction, at, &frame, report);
            } else {
                bytes = decoder.decode_frame(bytes, &mut |event| match event {
                    DecoderEvent::Header { header, stream_offset } => {
                        self.begin_frame(direction, at, header, stream_offset, report);
                    }
                    DecoderEvent::Payload { bytes, position } => {
                        self.take_payload(direction, at, bytes, position, report);
                    }
                    DecoderEvent::Finished => self.finish_frame(direction, at, report),
                });
            }
        }
        self.halves[direction].phase = Phase::Frames(decoder);
        self.halves[direction].failed_at = failed_at;
    }

    #[inline]
    fn take_whole_frame(
        &mut self,
        direction: Direction,
        at: Moment,
        frame: &WholeFrame<'_>,
        report: &mut impl FnMut(Fact),
    ) {
        let &WholeFrame { header, stream_offset, payload } = frame;
        if self.is_ordinary(direction, &header, payload) {
            self.frames += 1;
            let number = FrameNumber(self.frames);
            self.halves[direction].last_masking_key = header.masking_key;
            report(Fact::Frame(Frame { number, direction, at, stream_offset, header, message: None }));
        } else {
            self.begin_frame(direction, at, header, stream_offset, report);
            self.take_payload(direction, at, payload, 0, report);
            self.finish_frame(direction, at, report);
        }
    }

    /// Whether a whole frame is what nearly all of them are: a message by itself that breaks no rule, of which there is nothing to
    /// remember. What is said of it is what the longer way would say, only sooner.
    #[inline]
    fn is_ordinary(&self, direction: Direction, header: &FrameHeader, payload: &[u8]) -> bool {
        let half = &self.halves[direction];
        let is_masked_as_it_should = match (direction, header.masking_key) {
            (Direction::ClientToServer, Some(key)) => key != MaskingKey([0; 4]) && half.last_masking_key != Some(key),
            (Direction::ServerToClient, None) => true,
            _ => false,
        };
        is_masked_as_it_should
            && header.fin
            && !header.has_reserved_bits()
            && header.length_encoding == LengthEncoding::minimal(header.payload_length)
            && self.evidence.first_close.is_none()
            && half.messages.is_between_messages()
            && match header.opcode {
                Opcode::Binary => true,
                // The key of zeros changes nothing.
                Opcode::Text => header.masking_key.unwrap_or(MaskingKey([0; 4])).hides_only_ascii(payload),
                _ => false,
            }
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
        half.check_masking_key(&header, &mut broken);
        let mut listed = None;
        if let Some(kind) = MessageKind::of(header.opcode) {
            if half.messages.last_frame().is_some() {
                broken.push(Rule::DataFrameInsideMessage);
            }
            let is_compressed = header.rsv1 && half.inflater.is_some();
            if is_compressed || !header.fin {
                let message = Message {
                    direction,
                    kind,
                    first_frame: number,
                    last_frame: number,
                    fragments: 1,
                    payload_length: header.payload_length,
                    inflated: is_compressed.then_some(Inflated { length: 0, problem: None }),
                    started_at: at,
                    completed_at: None,
                };
                listed = Some(Listed { index: self.listed_messages, message });
                self.listed_messages += 1;
            }
            // Any other reserved bit says that the payload is not the text itself, in a way that is not known here.
            let is_readable = is_compressed || !header.has_reserved_bits();
            half.messages.begin(number, listed, kind == MessageKind::Text && is_readable);
            if is_compressed && let Some(Listed { index, message }) = &mut listed {
                half.begin_inflating(direction, *index, message, &mut broken, report);
            }
        } else if header.opcode == Opcode::Continuation {
            match half.messages.proceed(number, header.payload_length) {
                Ok(message) => listed = message,
                Err(NothingToContinue) => broken.push(Rule::ContinuationWithoutStart),
            }
        }
        let message = listed.map(|listed| listed.index);
        report(Fact::Frame(Frame { number, direction, at, stream_offset, header, message }));
        if let Some(Listed { index, message }) = listed {
            report(Fact::Message { index, message });
        }
        for rule in broken {
            report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
        }
    }

    fn check_header(&self, direction: Direction, header: &FrameHeader) -> Vec<Rule> {
        let mut broken = Vec::new();
        let length = header.payload_length;
        if header.has_reserved_bits() && !self.agreed.unknown {
            if header.rsv2 || header.rsv3 || (header.rsv1 && !self.agreed.compression) {
                broken.push(Rule::ReservedBitWithoutExtension);
            }
            if header.rsv1 && self.agreed.compression {
                match header.opcode {
                    Opcode::Continuation => broken.push(Rule::CompressedBitOnContinuation),
                    opcode if opcode.is_control() => broken.push(Rule::CompressedBitOnControlFrame),
                    _ => {}
                }
            }
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
            half.control_payload.extend(bytes.iter().take(if half.missing_payload > 0 { 0 } else { room }));
        } else if header.opcode.is_assigned() && half.messages.wants_payload() {
            let number = half.number;
            let Half { messages, inflater, .. } = half;
            let report = &mut content_faults(number, direction, at, report);
            match header.masking_key {
                None => messages.take(bytes, inflater.as_mut(), report),
                Some(key) => unmasked_parts(key, bytes, position, |unmasked| {
                    messages.take(unmasked, inflater.as_mut(), report);
                }),
            }
        }
    }

    fn finish_frame(&mut self, direction: Direction, at: Moment, report: &mut impl FnMut(Fact)) {
        let is_cut = self.halves[direction].missing_payload > 0;
        if is_cut {
            self.tell_missing_payload(direction, at, report);
        }
        let half = &mut self.halves[direction];
        let Some(header) = half.header.take() else { return };
        let number = half.number;
        if header.opcode.is_control() {
            let wire_payload = std::mem::take(&mut half.control_payload);
            let mut payload = wire_payload.clone();
            if let Some(key) = header.masking_key {
                key.apply(&mut payload, 0);
            }
            match header.opcode {
                // What answers a Ping, and what a Pong answers, its payload tells.
                Opcode::Ping if is_cut => half.forgotten_pings = half.forgotten_pings.saturating_add(1),
                Opcode::Pong if is_cut => self.halves[direction.receiver().sends()].forget_pings(),
                Opcode::Ping => {
                    if half.outstanding_pings.len() == REMEMBERED_PINGS {
                        half.outstanding_pings.pop_front();
                        half.forgotten_pings = half.forgotten_pings.saturating_add(1);
                    }
                    half.outstanding_pings.push_back(Ping { number, at, payload });
                }
                Opcode::Pong => self.take_pong(direction, at, number, &payload, report),
                Opcode::Close => self.take_close(direction, at, number, header, &wire_payload, &payload, report),
                _ => {}
            }
        } else if header.fin && header.opcode.is_assigned() {
            half.compressed_since_context += header.payload_length;
            let Half { messages, inflater, .. } = half;
            let listed = messages.complete(at, inflater.as_mut(), &mut content_faults(number, direction, at, report));
            if let Some(Listed { index, message }) = listed {
                report(Fact::Message { index, message });
            }
        }
    }

    fn take_pong(
        &mut self,
        direction: Direction,
        at: Moment,
        number: FrameNumber,
        payload: &[u8],
        report: &mut impl FnMut(Fact),
    ) {
        let pinging = &mut self.halves[direction.receiver().sends()];
        let pings = &mut pinging.outstanding_pings;
        // One Pong may answer the newest of several Pings (RFC 6455 5.5.3).
        let answered = pings.iter().position(|ping| ping.payload == payload);
        let Some(ping) = answered.and_then(|index| pings.drain(..=index).next_back()) else {
            if pinging.forgotten_pings > 0 {
                pinging.forgotten_pings -= 1;
                return;
            }
            let rule = if pings.is_empty() { Rule::PongWithoutPing } else { Rule::PongMatchesNoPing };
            report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
            return;
        };
        report(Fact::RoundTrip(RoundTrip {
            direction: direction.receiver().sends(),
            ping: ping.number,
            pong: number,
            sent_at: ping.at,
            answered_at: at,
        }));
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
        let payload_facts = ClosePayload::parse_start(payload, header.payload_length);
        let mut broken = Vec::new();
        match &payload_facts {
            ClosePayload::Empty | ClosePayload::NotRecorded => {}
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
            let are_known = [received, &close].iter().all(|close| close.payload != ClosePayload::NotRecorded);
            let (received, sent) = (received.payload.code(), close.payload.code());
            if are_known && received != sent {
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

/// Unmasks a payload block by block, on the stack.
fn unmasked_parts(key: MaskingKey, masked: &[u8], position: u64, mut take: impl FnMut(&[u8])) {
    let mut buffer = [0; UNMASKED_AT_A_TIME];
    let mut position = position;
    for block in masked.chunks(UNMASKED_AT_A_TIME) {
        let (unmasked, _) = buffer.split_at_mut(block.len());
        unmasked.copy_from_slice(block);
        key.apply(unmasked, position);
        position += block.len() as u64;
        take(unmasked);
    }
}

/// Turns what is wrong with a message's content into findings on the frame that shows it.
fn content_faults(
    number: FrameNumber,
    direction: Direction,
    at: Moment,
    report: &mut impl FnMut(Fact),
) -> impl FnMut(ContentFault) {
    move |fault| {
        let rule = match fault {
            ContentFault::Text(fault) => Rule::TextNotUtf8 { at: fault.at },
            ContentFault::Compression(InflateError::Invalid { at }) => Rule::CompressedDataInvalid { at },
            ContentFault::Compression(InflateError::Incomplete) => Rule::CompressedDataIncomplete,
            ContentFault::Compression(InflateError::BeyondLimit { limit }) => Rule::InflatesBeyondLimit { limit },
            ContentFault::Compression(InflateError::ContextLost) => Rule::CompressionContextLost,
            ContentFault::Compression(InflateError::ContextUnknown) => Rule::CompressionContextUnknown,
            // That is told of the bytes themselves.
            ContentFault::Compression(InflateError::BytesMissing) => return,
        };
        report(Fact::Finding(Finding { frame: Some(number), direction: Some(direction), at, rule }));
    }
}
