//! Opening a HAR: each entry that is a WebSocket conversation becomes a session whose bytes are written again from its messages.

use std::borrow::Cow;
use std::io::Read;

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
use super::super::error::LogError;
use super::super::{BytesRead, MOST_CONVERSATIONS, Opened};
use super::handshake::{Fields, Heads, Request, Response};
use super::json::{Fault, Json, Kept, Text};
use super::time;

/// The longest text that is kept of anything but a message, in bytes.
const LONGEST_TEXT: usize = 32 << 10;

/// The longest message, in bytes as it stands in the file: one of 256 MiB in base64.
const LONGEST_DATA: usize = 344 << 20;

/// The most header fields of a head.
const MOST_FIELDS: usize = 1_000;

/// How many bytes of frames are collected before they are handed on.
const BLOCK: usize = 256 << 10;

/// Base64 with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Debug, Clone, Copy)]
enum EntryKey {
    Started,
    Request,
    Response,
    Timings,
    Messages,
    Close,
    ResourceType,
    Server,
}

const ENTRY_KEYS: [(&[u8], EntryKey); 8] = [
    (b"startedDateTime", EntryKey::Started),
    (b"request", EntryKey::Request),
    (b"response", EntryKey::Response),
    (b"timings", EntryKey::Timings),
    (b"_webSocketMessages", EntryKey::Messages),
    (b"_webSocketClose", EntryKey::Close),
    (b"_resourceType", EntryKey::ResourceType),
    (b"serverIPAddress", EntryKey::Server),
];

#[derive(Debug, Clone, Copy)]
enum HeadKey {
    Method,
    Url,
    Version,
    Status,
    Reason,
    Headers,
    Error,
    Content,
}

const HEAD_KEYS: [(&[u8], HeadKey); 8] = [
    (b"method", HeadKey::Method),
    (b"url", HeadKey::Url),
    (b"httpVersion", HeadKey::Version),
    (b"status", HeadKey::Status),
    (b"statusText", HeadKey::Reason),
    (b"headers", HeadKey::Headers),
    (b"_error", HeadKey::Error),
    (b"content", HeadKey::Content),
];

#[derive(Debug, Clone, Copy)]
enum MessageKey {
    Type,
    Time,
    Opcode,
    Data,
}

const MESSAGE_KEYS: [(&[u8], MessageKey); 4] = [
    (b"type", MessageKey::Type),
    (b"time", MessageKey::Time),
    (b"opcode", MessageKey::Opcode),
    (b"data", MessageKey::Data),
];

/// Reads the WebSocket conversations of a HAR. What is not readable is left out and reported; HTTP exchanges are passed over.
///
/// # Errors
/// When there is no readable conversation, or `progress` cancels.
pub fn read(input: impl Read, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut har = Har {
        json: Json::new(input, progress),
        damage: DamageList::default(),
        sessions: Vec::new(),
        left_out: 0,
        entries: 0,
        has_entries: false,
        text: Text::default(),
        data: Text::default(),
    };
    let place = |har: &Har<'_, '_, _>| Place::Byte(har.json.offset());
    match har.file() {
        Ok(()) => {}
        Err(Fault::Cancelled) => return Err(LogError::Cancelled),
        Err(Fault::Ended) => har.damage.add(place(&har), "the file ends here, inside a value"),
        Err(Fault::Syntax { expected }) => {
            har.damage
                .add(place(&har), format!("this is not JSON: {expected} was expected; nothing from here on was read"));
        }
        Err(Fault::Read(error)) => har.damage.add(place(&har), format!("the file cannot be read further: {error}")),
    }
    har.json.told().map_err(|_| LogError::Cancelled)?;
    let Har { mut damage, mut sessions, left_out, entries, has_entries, .. } = har;
    if left_out > 0 {
        damage.add(
            Place::Whole,
            format!("{left_out} more WebSocket conversations were left out; the first {MOST_CONVERSATIONS} are shown"),
        );
    }
    if sessions.is_empty() {
        return Err(match has_entries {
            true if damage.is_empty() => LogError::NoWebSocketInHar { entries },
            true => LogError::NothingReadable { first: damage.into_first() },
            false => {
                damage.add(Place::Whole, "a HAR has a `log` with `entries`, and this file has not");
                LogError::NothingReadable { first: damage.into_first() }
            }
        });
    }
    let session = sessions.remove(0);
    Ok(Opened { session, others: sessions, damage: damage.into_vec() })
}

struct Har<'progress, 'asker, R> {
    json: Json<'progress, 'asker, R>,
    damage: DamageList,
    sessions: Vec<Session>,
    /// How many conversations there are beyond those that are taken.
    left_out: u64,
    entries: u64,
    has_entries: bool,
    text: Text,
    data: Text,
}

impl<R: Read> Har<'_, '_, R> {
    fn file(&mut self) -> Result<(), Fault> {
        self.json.begin()?;
        if !self.json.object()? {
            return Ok(());
        }
        while let Some(key) = self.json.key(&[(b"log", ())])? {
            match key {
                Some(()) if self.json.object()? => self.log()?,
                Some(()) => {}
                None => self.json.skip()?,
            }
        }
        Ok(())
    }

    fn log(&mut self) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&[(b"entries", ())])? {
            match key {
                Some(()) if self.json.array()? => {
                    self.has_entries = true;
                    while self.json.element()? {
                        if self.json.object()? {
                            self.entry()?;
                        }
                    }
                }
                Some(()) => {}
                None => self.json.skip()?,
            }
        }
        Ok(())
    }

    /// Reads an entry; one in which the file is cut becomes a session of what was there.
    fn entry(&mut self) -> Result<(), Fault> {
        self.entries += 1;
        let place = Place::Byte(self.json.offset());
        let mut entry = Entry { may_be_taken: self.sessions.len() < MOST_CONVERSATIONS, ..Entry::default() };
        let result = self.entry_fields(&mut entry);
        if !matches!(result, Err(Fault::Cancelled)) && entry.is_conversation() {
            if entry.may_be_taken {
                let session = entry.finish(place, &mut self.damage);
                self.sessions.push(session);
            } else {
                self.left_out += 1;
            }
        }
        result
    }

    fn entry_fields(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&ENTRY_KEYS)? {
            let Some(key) = key else {
                self.json.skip()?;
                continue;
            };
            match key {
                EntryKey::Started => {
                    let text = self.short_text()?;
                    entry.started_at = text.as_deref().and_then(time::of_date);
                    entry.seen.started = true;
                }
                EntryKey::Request => {
                    if self.json.object()? {
                        self.request(&mut entry.request)?;
                    }
                    entry.seen.request = true;
                }
                EntryKey::Response => {
                    if self.json.object()? {
                        self.response(entry)?;
                    }
                    entry.seen.response = true;
                }
                EntryKey::Timings => {
                    if self.json.object()? {
                        self.timings(entry)?;
                    }
                    entry.seen.timings = true;
                }
                EntryKey::Messages => {
                    entry.has_messages = true;
                    if self.json.array()? {
                        self.messages(entry)?;
                    }
                }
                EntryKey::Close => self.close(entry)?,
                EntryKey::ResourceType => {
                    entry.is_web_socket |=
                        self.short_text()?.is_some_and(|text| text.eq_ignore_ascii_case("websocket"));
                }
                EntryKey::Server => entry.server = self.short_text()?.filter(|text| !text.is_empty()),
            }
        }
        Ok(())
    }

    fn request(&mut self, request: &mut Request) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&HEAD_KEYS)? {
            match key {
                Some(HeadKey::Method) => request.method = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Url) => request.url = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Version) => request.version = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Headers) => self.fields(&mut request.fields)?,
                Some(_) | None => self.json.skip()?,
            }
        }
        Ok(())
    }

    fn response(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&HEAD_KEYS)? {
            let response = &mut entry.response;
            match key {
                Some(HeadKey::Status) => {
                    let status = self.json.number(|digits| std::str::from_utf8(digits).ok()?.parse().ok())?;
                    response.status = status.unwrap_or(0);
                }
                Some(HeadKey::Reason) => response.reason = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Version) => response.version = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Headers) => self.fields(&mut response.fields)?,
                Some(HeadKey::Error) => entry.error = self.short_text()?.filter(|text| !text.is_empty()),
                Some(HeadKey::Content) => {
                    if self.json.object()? {
                        while let Some(key) = self.json.key(&[(b"_file", ())])? {
                            match key {
                                Some(()) => entry.side_file = self.short_text()?,
                                None => self.json.skip()?,
                            }
                        }
                    }
                }
                Some(_) | None => self.json.skip()?,
            }
        }
        Ok(())
    }

    fn fields(&mut self, fields: &mut Fields) -> Result<(), Fault> {
        if !self.json.array()? {
            return Ok(());
        }
        let mut count = 0;
        while self.json.element()? {
            if !self.json.object()? {
                continue;
            }
            let (mut name, mut value) = (String::new(), String::new());
            while let Some(key) = self.json.key(&[(b"name", true), (b"value", false)])? {
                match key {
                    Some(true) => name = self.short_text()?.unwrap_or_default(),
                    Some(false) => value = self.short_text()?.unwrap_or_default(),
                    None => self.json.skip()?,
                }
            }
            count += 1;
            if count <= MOST_FIELDS {
                fields.add(&name, &value);
            } else {
                fields.is_cut = true;
            }
        }
        Ok(())
    }

    fn timings(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        let known: [(&[u8], bool); 5] =
            [(b"blocked", true), (b"dns", true), (b"connect", true), (b"send", true), (b"wait", false)];
        while let Some(key) = self.json.key(&known)? {
            let Some(is_before_request) = key else {
                self.json.skip()?;
                continue;
            };
            let took = self.json.number(|digits| time::milliseconds(digits))?.unwrap_or(0);
            let total = if is_before_request { &mut entry.until_request } else { &mut entry.until_response };
            *total = total.saturating_add(took);
        }
        Ok(())
    }

    /// What HTTP Toolkit tells of the end: an object with a code and a reason, or a word.
    fn close(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        let (mut code, mut words) = (None::<u64>, None);
        if self.json.is_object()? {
            self.json.object()?;
            let known: [(&[u8], bool); 2] = [(b"code", true), (b"reason", false)];
            while let Some(key) = self.json.key(&known)? {
                match key {
                    Some(true) => code = self.json.number(|digits| std::str::from_utf8(digits).ok()?.parse().ok())?,
                    Some(false) => words = self.short_text()?,
                    None => self.json.skip()?,
                }
            }
        } else {
            words = self.short_text()?;
        }
        let code = code.map(|code| code.to_string());
        let told: Vec<String> = code.into_iter().chain(words.filter(|words| !words.is_empty())).collect();
        if !told.is_empty() {
            let told = told.join(" ");
            entry.close = Some(format!("The file says how the conversation ended, not who ended it: {told}"));
        }
        Ok(())
    }

    fn short_text(&mut self) -> Result<Option<String>, Fault> {
        let kept = self.json.text(&mut self.text, LONGEST_TEXT)?;
        Ok(kept.map(|_| self.text.to_string()))
    }

    fn messages(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        while self.json.element()? {
            if !entry.may_be_taken {
                self.json.skip()?;
            } else if self.json.object()? {
                self.message(entry)?;
                if entry.block.bytes.len() >= BLOCK {
                    entry.hand_on(&mut self.damage);
                }
            } else {
                self.damage.add(Place::Byte(self.json.offset()), "an element of `_webSocketMessages` is no object");
            }
        }
        Ok(())
    }

    fn message(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        let place = Place::Byte(self.json.offset());
        let (mut kind, mut at, mut opcode, mut kept) = (None, None, Some(1), None);
        while let Some(key) = self.json.key(&MESSAGE_KEYS)? {
            match key {
                Some(MessageKey::Type) => {
                    self.json.text(&mut self.text, LONGEST_TEXT)?;
                    kind = MessageType::of(self.text.bytes());
                }
                Some(MessageKey::Time) => at = self.json.number(time::of_message)?,
                Some(MessageKey::Opcode) => opcode = self.json.number(small_number)?,
                Some(MessageKey::Data) => kept = self.json.text(&mut self.data, LONGEST_DATA)?,
                None => self.json.skip()?,
            }
        }
        let Some(kind) = kind else {
            self.damage.add(place, "a message whose `type` is neither send nor receive was left out");
            return Ok(());
        };
        let problem = match (kind, kept) {
            (_, None) => Some("a message without `data` was left out"),
            (_, Some(Kept::Cut)) => Some("a message that is longer than can be read was left out"),
            (MessageType::Error, Some(Kept::Whole)) => {
                let text = self.data.bytes().get(..LONGEST_TEXT).unwrap_or(self.data.bytes());
                entry.note(at, format!("The file has an error here: {}", String::from_utf8_lossy(text)));
                None
            }
            (MessageType::Frame(side), Some(Kept::Whole)) => entry.frame(side, at, opcode, self.data.bytes()),
        };
        if let Some(problem) = problem {
            self.damage.add(place, problem);
        }
        Ok(())
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy)]
enum MessageType {
    Frame(Side),
    Error,
}

impl MessageType {
    fn of(name: &[u8]) -> Option<MessageType> {
        match name {
            b"send" => Some(MessageType::Frame(Side::Client)),
            b"receive" => Some(MessageType::Frame(Side::Server)),
            b"error" => Some(MessageType::Error),
            _ => None,
        }
    }
}

fn small_number(digits: &[u8]) -> Option<u8> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// An entry as far as it was read. Writers differ in the order of its parts; messages that come before the heads wait for them.
#[derive(Default)]
struct Entry {
    /// Whether its messages are kept.
    may_be_taken: bool,
    seen: Seen,
    started_at: Option<u64>,
    request: Request,
    response: Response,
    /// From the start to the request, in nanoseconds.
    until_request: u64,
    /// From the request to the response, in nanoseconds.
    until_response: u64,
    has_messages: bool,
    is_web_socket: bool,
    server: Option<String>,
    close: Option<String>,
    error: Option<String>,
    side_file: Option<String>,
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
struct Seen {
    started: bool,
    request: bool,
    response: bool,
    timings: bool,
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
    fn is_conversation(&self) -> bool {
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

    fn note(&mut self, at: Option<u64>, text: String) {
        let at = self.time(at);
        self.block.parts.push(Part { at, what: What::Note(text.into()) });
    }

    /// Adds a frame with this message; says what was wrong with the message.
    fn frame(&mut self, side: Side, at: Option<u64>, opcode: Option<u8>, data: &[u8]) -> Option<&'static str> {
        let opcode = match opcode {
            Some(bits @ 1..=15) => Opcode::from_bits(bits),
            _ => return Some("a message without an opcode from 1 to 15 was left out"),
        };
        let (payload, problem) = match opcode {
            Opcode::Text => match String::from_utf8_lossy(data) {
                Cow::Borrowed(text) => (Cow::Borrowed(text.as_bytes()), None),
                Cow::Owned(text) => (
                    Cow::Owned(text.into_bytes()),
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

    /// Hands what was collected to the recorder, or puts it by until the heads are known.
    fn hand_on(&mut self, damage: &mut DamageList) {
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

    fn finish(mut self, place: Place, damage: &mut DamageList) -> Session {
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
