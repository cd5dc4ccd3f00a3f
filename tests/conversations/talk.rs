//! A conversation as it is said: the bytes of both sides, what they mean, and what has to come before what.

use std::collections::VecDeque;

use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::{Direction, PerDirection, Side};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::message::MessageKind;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{Answer, Compression};
use closelook::protocol::verdict::{Outcome, TransportEnd};

use super::plan::{Closing, Plan, PlannedMessage, Turn};

const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// A frame, by what it is on the wire and unmasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SaidFrame {
    pub(super) direction: Direction,
    pub(super) offset: u64,
    pub(super) header: FrameHeader,
    pub(super) payload: Vec<u8>,
}

/// A message; its frames are counted in its direction alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SaidMessage {
    pub(super) direction: Direction,
    pub(super) kind: MessageKind,
    pub(super) first_frame: usize,
    pub(super) last_frame: usize,
    pub(super) fragments: u64,
    pub(super) payload_length: u64,
    pub(super) inflated_length: Option<u64>,
    pub(super) content: Vec<u8>,
}

/// The byte of one direction before which those of the other, up to an offset, have to be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    pub(super) direction: Direction,
    pub(super) end: usize,
    pub(super) effect: usize,
}

/// A Ping and its Pong, each counted in its direction alone.
pub(super) type SaidRoundTrip = (Direction, usize, usize);

/// All of a conversation.
#[derive(Debug, Clone, Default)]
pub(super) struct Conversation {
    pub(super) compression: Option<Compression>,
    pub(super) streams: PerDirection<Vec<u8>>,
    /// How long each side's head is.
    pub(super) heads: PerDirection<usize>,
    /// In the order in which they were said.
    pub(super) frames: Vec<SaidFrame>,
    pub(super) messages: Vec<SaidMessage>,
    /// Who said how many bytes, in order.
    pub(super) turns: Vec<(Direction, usize)>,
    pub(super) causes: Vec<Cause>,
    pub(super) ends: Vec<(Side, TransportEnd)>,
    /// The side that closed first, when the other side's Close answers it.
    pub(super) first_close: Option<Side>,
    round_trips: Vec<SaidRoundTrip>,
    closes: usize,
}

impl Conversation {
    pub(super) fn frames_of(&self, direction: Direction) -> Vec<SaidFrame> {
        self.frames.iter().filter(|frame| frame.direction == direction).cloned().collect()
    }

    pub(super) fn messages_of(&self, direction: Direction) -> Vec<SaidMessage> {
        self.messages.iter().filter(|message| message.direction == direction).cloned().collect()
    }

    /// By the Ping's direction and place.
    pub(super) fn round_trips(&self) -> Vec<SaidRoundTrip> {
        let mut trips = self.round_trips.clone();
        trips.sort_unstable();
        trips
    }

    /// The outcome, and whether it is a clean one.
    pub(super) fn outcome(&self) -> (Outcome, bool) {
        if self.closes == 2 { (Outcome::Closed, true) } else { (Outcome::CutOff, false) }
    }
}

/// The two heads before they are sent.
#[derive(Debug, Clone)]
pub(super) struct Heads {
    pub(super) request: String,
    pub(super) response: String,
}

impl Heads {
    fn of(plan: &Plan) -> Heads {
        let mut heads = Heads {
            request: format!(
                "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
                 Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ),
            response: format!(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: upgrade\r\n\
                 Sec-WebSocket-Accept: {}\r\n\r\n",
                accept_for_key(KEY)
            ),
        };
        if plan.offers_more {
            heads.request_line("Sec-WebSocket-Extensions: x-other; a=\"b\"");
        }
        if let Some((offer, answer)) = plan.agreement {
            let more = if plan.offers_more { ", permessage-deflate; server_max_window_bits=9" } else { "" };
            heads.request_line(&format!("Sec-WebSocket-Extensions: {offer}{more}"));
            heads.response_line(&format!("Sec-WebSocket-Extensions: {answer}"));
        }
        if plan.has_subprotocol {
            heads.request_line("Sec-WebSocket-Protocol: other, chat");
            heads.response_line("Sec-WebSocket-Protocol: chat");
        }
        heads
    }

    /// One more line in the request.
    pub(super) fn request_line(&mut self, line: &str) {
        let start = self.request.len() - 2;
        self.request.insert_str(start, &format!("{line}\r\n"));
    }

    /// One more line in the response.
    pub(super) fn response_line(&mut self, line: &str) {
        let start = self.response.len() - 2;
        self.response.insert_str(start, &format!("{line}\r\n"));
    }
}

#[derive(Default)]
struct Speaker {
    deflater: Option<Deflater>,
    messages: VecDeque<PlannedMessage>,
    fragments: VecDeque<(FrameHeader, Vec<u8>)>,
    /// Pings of the other side that wait for an answer: place, payload, and where they end.
    unanswered: Vec<(usize, Vec<u8>, usize)>,
    last_key: Option<MaskingKey>,
    /// Its frames cannot be told any more.
    is_lost: bool,
    frames: usize,
}

/// A conversation that is going on.
pub(super) struct Talk {
    said: Conversation,
    speakers: PerDirection<Speaker>,
    random: u64,
}

impl Talk {
    /// The opening handshake, its heads perhaps changed.
    pub(super) fn open(plan: &Plan, change: impl FnOnce(&mut Heads)) -> Talk {
        let mut talk = Talk::silent(plan);
        let mut heads = Heads::of(plan);
        change(&mut heads);
        talk.request(&heads);
        talk.respond(&heads);
        talk
    }

    /// An opening handshake in which the client sends a Ping too early.
    pub(super) fn open_too_early(plan: &Plan) -> Talk {
        let mut talk = Talk::silent(plan);
        let heads = Heads::of(plan);
        talk.request(&heads);
        talk.ping(Side::Client, b"early".to_vec());
        talk.respond(&heads);
        talk.answer_all(Side::Server);
        talk
    }

    fn silent(plan: &Plan) -> Talk {
        let compression = plan.agreement.map(|(_, answer): (_, Answer)| answer.compression());
        let speakers = PerDirection::from_fn(|direction| Speaker {
            deflater: compression.and_then(|compression| Deflater::new(compression[direction])),
            messages: plan.messages.iter().filter(|message| message.side == direction.sender()).cloned().collect(),
            ..Speaker::default()
        });
        Talk { said: Conversation { compression, ..Conversation::default() }, speakers, random: plan.seed }
    }

    fn request(&mut self, heads: &Heads) {
        self.say(Side::Client, heads.request.as_bytes());
        self.said.heads[Side::Client] = heads.request.len();
    }

    fn respond(&mut self, heads: &Heads) {
        self.caused_by(Side::Client, heads.request.len(), Side::Server);
        self.say(Side::Server, heads.response.as_bytes());
        self.said.heads[Side::Server] = heads.response.len();
        self.caused_by(Side::Server, heads.response.len(), Side::Client);
    }

    /// What `side` says next comes after the first `end` bytes of `by`.
    fn caused_by(&mut self, by: Side, end: usize, side: Side) {
        let effect = self.said.streams[side].len();
        self.said.causes.push(Cause { direction: by.sends(), end, effect });
    }

    fn say(&mut self, side: Side, bytes: &[u8]) {
        self.said.streams[side].extend_from_slice(bytes);
        self.said.turns.push((side.sends(), bytes.len()));
    }

    /// Sends a frame exactly as its header says; gives its place among all frames.
    pub(super) fn send_exactly(&mut self, side: Side, header: FrameHeader, payload: Vec<u8>) -> usize {
        let offset = self.said.streams[side].len() as u64;
        let bytes = header.with_payload(&payload);
        self.say(side, &bytes);
        let speaker = &mut self.speakers[side];
        speaker.last_key = header.masking_key;
        if speaker.is_lost {
            self.extend_last_frame(side, bytes);
        } else {
            speaker.frames += 1;
            self.said.frames.push(SaidFrame { direction: side.sends(), offset, header, payload });
        }
        self.said.frames.len().saturating_sub(1)
    }

    /// Sends a frame with the key that the side needs.
    pub(super) fn send(&mut self, side: Side, header: FrameHeader, payload: Vec<u8>) -> usize {
        let masking_key = (side == Side::Client).then(|| self.key());
        self.send_exactly(side, FrameHeader { masking_key, ..header }, payload)
    }

    /// A key that is neither zero nor the one before.
    pub(super) fn key(&mut self) -> MaskingKey {
        loop {
            let key = MaskingKey((self.next() as u32).to_be_bytes());
            if key != MaskingKey([0; 4]) && Some(key) != self.speakers[Side::Client].last_key {
                return key;
            }
        }
    }

    fn extend_last_frame(&mut self, side: Side, mut bytes: Vec<u8>) {
        let last = self.said.frames.iter_mut().rfind(|frame| frame.direction == side.sends()).unwrap();
        if let Some(key) = last.header.masking_key {
            key.apply(&mut bytes, last.payload.len() as u64);
        }
        last.payload.extend(bytes);
    }

    /// From here on, what the side says is payload of the frame that it began last.
    pub(super) fn lose(&mut self, side: Side) {
        self.speakers[side].is_lost = true;
    }

    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed(self.random)
    }

    pub(super) fn take_turns(&mut self, turns: &[Turn]) {
        for turn in turns {
            match turn {
                Turn::Fragment(side) => {
                    self.say_fragment(*side);
                }
                Turn::Ping(side, payload) => {
                    self.ping(*side, payload.clone());
                }
                Turn::Answer(side, newest) => self.answer(*side, *newest),
            }
        }
    }

    /// The next fragment of what the side has to say; says whether there was one.
    fn say_fragment(&mut self, side: Side) -> bool {
        if self.speakers[side].fragments.is_empty() {
            let Some(message) = self.speakers[side].messages.pop_front() else { return false };
            self.begin(side, &message);
        }
        let Some((header, payload)) = self.speakers[side].fragments.pop_front() else { return false };
        self.send(side, header, payload);
        self.said.messages.iter_mut().rfind(|message| message.direction == side.sends()).unwrap().last_frame =
            self.speakers[side].frames.saturating_sub(1);
        true
    }

    fn begin(&mut self, side: Side, message: &PlannedMessage) {
        let content = content(message);
        let speaker = &mut self.speakers[side];
        let compressed = speaker.deflater.as_mut().filter(|_| message.is_compressed).map(|deflater| {
            let part = content.len().div_ceil(message.parts).max(1);
            let mut parts: Vec<&[u8]> = content.chunks(part).collect();
            if parts.is_empty() {
                parts.push(&[]);
            }
            let last = parts.len() - 1;
            let parts = parts.iter().enumerate().map(|(at, part)| deflater.deflate(part, at == last).unwrap());
            parts.collect::<Vec<_>>().concat()
        });
        let is_compressed = compressed.is_some();
        let payload = compressed.unwrap_or_else(|| content.clone());
        let mut cuts: Vec<usize> = message.cuts.iter().map(|cut| payload.len() * usize::from(*cut) / 65_536).collect();
        cuts.sort_unstable();
        let ends = cuts.iter().copied().chain([payload.len()]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let count = cuts.len() + 1;
        for (at, (start, end)) in starts.zip(ends).enumerate() {
            let opcode = match message.kind {
                _ if at > 0 => Opcode::Continuation,
                MessageKind::Text => Opcode::Text,
                MessageKind::Binary => Opcode::Binary,
            };
            let (fin, rsv1) = (at + 1 == count, at == 0 && is_compressed);
            let header = FrameHeader { fin, rsv1, ..FrameHeader::new(opcode, (end - start) as u64) };
            speaker.fragments.push_back((header, payload[start..end].to_vec()));
        }
        let first_frame = speaker.frames;
        self.said.messages.push(SaidMessage {
            direction: side.sends(),
            kind: message.kind,
            first_frame,
            last_frame: first_frame,
            fragments: count as u64,
            payload_length: payload.len() as u64,
            inflated_length: is_compressed.then_some(content.len() as u64),
            content,
        });
    }

    /// The side sends what is left of the message that it has begun.
    pub(super) fn finish_message(&mut self, side: Side) {
        while !self.speakers[side].fragments.is_empty() {
            self.say_fragment(side);
        }
    }

    fn say_the_rest(&mut self, side: Side) {
        while self.say_fragment(side) {}
    }

    /// The side sends a Ping that the other will answer.
    pub(super) fn ping(&mut self, side: Side, payload: Vec<u8>) -> usize {
        let header = FrameHeader::new(Opcode::Ping, payload.len() as u64);
        let place = self.send(side, header, payload.clone());
        self.expect_answer(side, payload);
        place
    }

    /// The newest frame of the side is a Ping that the other will answer.
    fn expect_answer(&mut self, side: Side, payload: Vec<u8>) {
        if !self.speakers[side].is_lost {
            let (place, end) = (self.speakers[side].frames - 1, self.said.streams[side].len());
            self.speakers[side.peer()].unanswered.push((place, payload, end));
        }
    }

    /// A Ping whose header was changed, and its answer.
    pub(super) fn exchange(&mut self, side: Side, payload: &[u8], change: impl FnOnce(&mut FrameHeader)) -> usize {
        self.answer_all(side.peer());
        let masking_key = (side == Side::Client).then(|| self.key());
        let mut header = FrameHeader { masking_key, ..FrameHeader::new(Opcode::Ping, payload.len() as u64) };
        change(&mut header);
        let place = self.send_exactly(side, header, payload.to_vec());
        self.expect_answer(side, payload.to_vec());
        self.answer_all(side.peer());
        place
    }

    /// One Pong may answer all Pings so far, when it repeats the newest (RFC 6455 5.5.3).
    fn answer(&mut self, side: Side, newest: bool) {
        let unanswered = &mut self.speakers[side].unanswered;
        let Some((last, older)) = unanswered.split_last() else { return };
        let index = if newest && older.iter().all(|ping| ping.1 != last.1) { older.len() } else { 0 };
        let Some((ping, payload, end)) = unanswered.drain(..=index).next_back() else { return };
        self.caused_by(side.peer(), end, side);
        self.send(side, FrameHeader::new(Opcode::Pong, payload.len() as u64), payload);
        let speaker = &self.speakers[side];
        if !speaker.is_lost {
            self.said.round_trips.push((side.peer().sends(), ping, speaker.frames - 1));
        }
    }

    pub(super) fn answer_all(&mut self, side: Side) {
        while !self.speakers[side].unanswered.is_empty() {
            self.answer(side, false);
        }
    }

    /// Everything that both sides have begun is done.
    pub(super) fn settle(&mut self) {
        for side in Side::BOTH {
            self.say_the_rest(side);
            self.answer_all(side);
        }
    }

    /// The side sends a Close.
    pub(super) fn close_frame(&mut self, side: Side, payload: &[u8]) -> usize {
        self.said.closes += 1;
        self.send(side, FrameHeader::new(Opcode::Close, payload.len() as u64), payload.to_vec())
    }

    /// A whole closing handshake; gives the frames.
    pub(super) fn handshake_of_closes(&mut self, first: Side, payload: &[u8], answer: &[u8]) -> [usize; 2] {
        let place = self.close_frame(first, payload);
        let end = self.said.streams[first].len();
        self.caused_by(first, end, first.peer());
        self.said.first_close = Some(first);
        [place, self.close_frame(first.peer(), answer)]
    }

    pub(super) fn end(&mut self, side: Side, how: TransportEnd) {
        self.said.ends.push((side, how));
    }

    /// TCP ends as it should: the server first (RFC 6455 7.1.1).
    pub(super) fn end_both(&mut self) {
        self.end(Side::Server, TransportEnd::Fin);
        self.end(Side::Client, TransportEnd::Fin);
    }

    pub(super) fn close(&mut self, closing: &Closing) {
        match closing {
            Closing::NotYet => return self.settle(),
            Closing::Answered { first, payload, says_the_rest } => {
                self.say_the_rest(*first);
                self.answer_all(*first);
                if !says_the_rest {
                    self.settle();
                }
                let answer = payload.get(..2).unwrap_or_default();
                self.close_frame(*first, payload);
                let end = self.said.streams[*first].len();
                self.say_the_rest(first.peer());
                self.answer_all(first.peer());
                self.caused_by(*first, end, first.peer());
                self.said.first_close = Some(*first);
                self.close_frame(first.peer(), answer);
            }
            Closing::Crossing { payload } => {
                self.settle();
                self.close_frame(Side::Server, payload);
                self.close_frame(Side::Client, payload);
            }
        }
        self.end_both();
    }

    /// All that was said.
    pub(super) fn said(self) -> Conversation {
        self.said
    }
}

fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Words of a small vocabulary, so that there is something to compress, or noise in every fourth message.
fn content(message: &PlannedMessage) -> Vec<u8> {
    const WORDS: [&str; 8] = ["close ", "look ", "wire\n", "\u{e9}t\u{e9} ", "\u{20ac}", "\u{1f980} ", "\0", "frame "];
    let mut content = Vec::with_capacity(message.length + 8);
    let mut random = message.seed;
    let is_noise = message.kind == MessageKind::Binary && message.seed.is_multiple_of(4);
    while content.len() < message.length {
        random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let value = mixed(random);
        let word: &[u8] = if is_noise { &value.to_be_bytes() } else { WORDS[(value % 8) as usize].as_bytes() };
        if content.len() + word.len() <= message.length {
            content.extend_from_slice(word);
        } else {
            content.resize(message.length, b'x');
        }
    }
    content
}
