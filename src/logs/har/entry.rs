//! One entry of a HAR on its way to a session: frames are made up around its messages and wait for the heads of the handshake.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use crate::protocol::direction::Side;
use crate::protocol::frame::FrameHeader;
use crate::protocol::masking::MaskingKey;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::session::reconstruction;
use crate::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::super::heads::{Heads, Request, Response};

/// How many bytes of frames are collected before they are handed on.
const BLOCK: usize = 256 << 10;

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// An entry as far as it was read. Writers differ in the order of its parts; messages that come before the heads wait for them.
#[derive(Default)]
pub(super) struct Entry {
    /// Whether its messages are kept.
    pub(super) may_be_taken: bool,
    pub(super) seen: Seen,
    pub(super) started_at: Option<u64>,
    pub(super) request: Request,
    pub(super) response: Response,
    /// From the start to the request, in nanoseconds.
    pub(super) until_request: u64,
    /// From the request to the response, in nanoseconds.
    pub(super) until_response: u64,
    pub(super) has_messages: bool,
    pub(super) is_web_socket: bool,
    pub(super) server: Option<String>,
    pub(super) close: Option<String>,
    pub(super) error: Option<String>,
    pub(super) side_file: Option<String>,
    first_message_at: Option<u64>,
    newest: u64,
    keys: Keys,
    decoded: Vec<u8>,
    block: Block,
    waiting: Vec<Sealed>,
    recording: Option<Recording>,
}

/// Which parts of an entry have come.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) started: bool,
    pub(super) request: bool,
    pub(super) response: bool,
    pub(super) timings: bool,
}

/// Frames that are being collected.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

/// Frames on their way to the recorder.
struct Sealed {
    bytes: Bytes,
    parts: Vec<Part>,
}

struct Part {
    at: u64,
    what: What,
}

enum What {
    Frames {
        side: Side,
        length: u32,
    },
    /// Rare, and so kept small in the list.
    Note(Box<str>),
}

impl Block {
    /// What was collected, in memory of its right size; the block's own is used again.
    fn seal(&mut self) -> Sealed {
        let bytes = Bytes::copy_from_slice(&self.bytes);
        self.bytes.clear();
        Sealed { bytes, parts: self.parts.drain(..).collect() }
    }
}

struct Recording {
    recorder: Recorder,
    started_at: u64,
}

/// Masking keys that differ from frame to frame and are the same whenever the file is opened.
#[derive(Default)]
struct Keys {
    state: u64,
    last: [u8; 4],
}

impl Keys {
    fn next(&mut self) -> MaskingKey {
        loop {
            // SplitMix64: every state gives another number.
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let [.., a, b, c, d] = (mixed ^ (mixed >> 31)).to_be_bytes();
            let key = [a, b, c, d];
            if key != self.last && key != [0; 4] {
                self.last = key;
                return MaskingKey(key);
            }
        }
    }
}

impl Entry {
    /// An entry of which nothing was read; its messages are kept only when it may be taken.
    pub(super) fn new(may_be_taken: bool) -> Entry {
        Entry { may_be_taken, ..Entry::default() }
    }

    pub(super) fn is_conversation(&self) -> bool {
        let url = self.request.url.as_bytes();
        let scheme = |scheme: &[u8]| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let upgraded = || {
            let upgrade = self.response.fields.first("Upgrade");
            self.response.status == 101 && upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
        };
        self.has_messages || self.is_web_socket || scheme(b"ws://") || scheme(b"wss://") || upgraded()
    }

    fn time(&mut self, at: Option<u64>) -> u64 {
        if let Some(at) = at {
            self.first_message_at.get_or_insert(at);
            self.newest = at;
        }
        self.newest
    }

    pub(super) fn note(&mut self, at: Option<u64>, text: String) {
        let at = self.time(at);
        self.block.parts.push(Part { at, what: What::Note(text.into()) });
    }

    /// Adds a frame with this message; says what was wrong with the message.
    pub(super) fn frame(
        &mut self,
        side: Side,
        at: Option<u64>,
        opcode: Option<u8>,
        data: &[u8],
    ) -> Option<&'static str> {
        let opcode = match opcode {
            Some(bits @ 1..=15) => Opcode::from_bits(bits),
            _ => return Some("a message without an opcode from 1 to 15 was left out"),
        };
        let (payload, problem) = match opcode {
            Opcode::Text => match std::str::from_utf8(data) {
                Ok(_) => (Cow::Borrowed(data), None),
                Err(_) => (
                    Cow::Owned(String::from_utf8_lossy(data).into_owned().into_bytes()),
                    Some("a text is not UTF-8; what was not readable in it is replaced"),
                ),
            },
            _ => {
                self.decoded.clear();
                match BASE64.decode_vec(data, &mut self.decoded) {
                    Ok(()) => (Cow::Borrowed(self.decoded.as_slice()), None),
                    Err(_) => {
                        (Cow::Borrowed(data), Some("a message that is no text is not in base64; it was taken as it is"))
                    }
                }
            }
        };
        let mut header = FrameHeader::new(opcode, payload.len() as u64);
        header.masking_key = (side == Side::Client).then(|| self.keys.next());
        let before = self.block.bytes.len();
        header.write_with_payload(&payload, &mut self.block.bytes);
        // At most the header and the longest message, both far below 4 GiB.
        let length = (self.block.bytes.len() - before) as u32;
        let at = self.time(at);
        let last = self.block.parts.last_mut().filter(|last| last.at == at);
        match last.map(|last| &mut last.what) {
            Some(What::Frames { side: last_side, length: last_length }) if *last_side == side => {
                *last_length = last_length.saturating_add(length);
            }
            _ => self.block.parts.push(Part { at, what: What::Frames { side, length } }),
        }
        problem
    }

    /// Whether so much is collected that it should be handed on.
    pub(super) fn is_full(&self) -> bool {
        self.block.bytes.len() >= BLOCK
    }

    /// Hands what was collected to the recorder, or puts it by until the heads are known.
    pub(super) fn hand_on(&mut self, damage: &mut DamageList) {
        if self.recording.is_none() && self.seen.started && self.seen.request && self.seen.response && self.seen.timings
        {
            self.recording = Some(self.begin(damage));
        }
        match &mut self.recording {
            Some(recording) => recording.take(self.block.seal()),
            None => self.waiting.push(self.block.seal()),
        }
    }

    /// Records the opening handshake, and what waits for it.
    fn begin(&mut self, damage: &mut DamageList) -> Recording {
        let first = self.first_message_at;
        let started_at = match (self.started_at, first) {
            (Some(started_at), Some(first)) => started_at.min(first),
            (started_at, first) => started_at.or(first).unwrap_or(0),
        };
        let (request, response) = (std::mem::take(&mut self.request), std::mem::take(&mut self.response));
        let origin = Origin {
            started_at,
            url: Some(request.url.clone()).filter(|url| !url.is_empty()),
            perspective: Perspective::Observer,
        };
        if request.fields.is_cut || response.fields.is_cut {
            damage.add(Place::Whole, "some header fields are too many or too long and were left out");
        }
        let mut recorder = Recorder::new(origin);
        let heads = Heads::of(request, response, self.has_messages);
        let mut note = |text: String| recorder.record(Event { at: Moment::START, kind: EventKind::Note { text } });
        note(reconstruction::note(
            "a HAR",
            "it has messages and no bytes, so that frame headers, masks and fragments are made up",
        ));
        if !heads.made_up.is_empty() {
            note(format!("Not in the file and added to the handshake: {}", heads.made_up.join("; ")));
        }
        if let Some(server) = &self.server {
            note(format!("The server's address was {server}"));
        }
        if let Some(error) = &self.error {
            note(format!("The file has an error for the whole exchange: {error}"));
        }
        let until_first = first.map_or(u64::MAX, |first| first - started_at);
        let request_at = self.until_request.min(until_first);
        let response_at = self.until_request.saturating_add(self.until_response).min(until_first);
        for (at, side, head) in [(request_at, Side::Client, heads.request), (response_at, Side::Server, heads.response)]
        {
            if !head.is_empty() {
                let kind = EventKind::Bytes { direction: side.sends(), bytes: head.into() };
                recorder.record(Event { at: Moment(at), kind });
            }
        }
        let mut recording = Recording { recorder, started_at };
        for block in std::mem::take(&mut self.waiting) {
            recording.take(block);
        }
        recording
    }

    pub(super) fn finish(mut self, place: Place, damage: &mut DamageList) -> Session {
        if let Some(file) = &self.side_file
            && self.first_message_at.is_none()
        {
            damage
                .add(place, format!("messages of this conversation may be in another file, {file}, which is not read"));
        }
        if self.started_at.is_none() {
            damage.add(
                place,
                "when this conversation started is not in the file; its first message is taken for the start",
            );
        }
        let mut recording = match self.recording.take() {
            Some(recording) => recording,
            None => self.begin(damage),
        };
        recording.take(self.block.seal());
        if let Some(text) = self.close {
            // After everything else: the recorder moves it up to the newest moment.
            recording.recorder.record(Event { at: Moment::START, kind: EventKind::Note { text } });
        }
        recording.recorder.finish()
    }
}

impl Recording {
    fn take(&mut self, Sealed { mut bytes, parts }: Sealed) {
        for Part { at, what } in parts {
            let kind = match what {
                What::Frames { side, length } => {
                    let bytes = bytes.split_to((length as usize).min(bytes.len()));
                    EventKind::Bytes { direction: side.sends(), bytes }
                }
                What::Note(text) => EventKind::Note { text: text.into() },
            };
            self.recorder.record(Event { at: Moment(at.saturating_sub(self.started_at)), kind });
        }
    }
}
