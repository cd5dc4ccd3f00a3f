//! Opening a HAR: each entry that is a WebSocket conversation becomes a session whose bytes are written again from its messages.

use std::sync::Arc;

use crate::protocol::direction::Side;
use crate::session::{ByteSource, Session};

use super::super::damage::{DamageList, Place};
use super::super::error::LogError;
use super::super::heads::{Fields, Request};
use super::super::input::Input;
use super::super::window::Window;
use super::super::{BytesRead, MOST_CONVERSATIONS, Opened};
use super::cursor::{Cursor, Stop, Text};
use super::entry::{Entry, Exchange, Message};
use super::frames::Frames;
use super::json::{Fault, Json};
use super::time;

/// The longest text that is kept of anything but a message, in bytes.
const LONGEST_TEXT: usize = 32 << 10;

/// The longest message, in bytes as it stands in the file; one of 256 MiB in base64 fits.
const LONGEST_MESSAGE: usize = 400 << 20;

/// How many messages are read between two looks at the session so far.
const MESSAGES_A_STEP: u64 = 256;

/// The most header fields of a head.
const MOST_FIELDS: usize = 1_000;

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

/// What a message is.
#[derive(Debug, Clone, Copy)]
enum MessageType {
    Frame(Side),
    Error,
}

const MESSAGE_TYPES: [(&[u8], MessageType); 3] = [
    (b"receive", MessageType::Frame(Side::Server)),
    (b"send", MessageType::Frame(Side::Client)),
    (b"error", MessageType::Error),
];

/// Reads the WebSocket conversations of a HAR. What is not readable is left out and reported; HTTP exchanges are passed over.
///
/// # Errors
/// When there is no readable conversation, or `progress` cancels.
pub(in crate::logs) fn read(input: Input, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut har = Har {
        json: Json::new(Window::new(input.clone()), progress),
        frames: Arc::new(Frames(input)),
        damage: DamageList::default(),
        sessions: Vec::new(),
        left_out: 0,
        entries: 0,
        has_entries: false,
        texts: Texts::default(),
    };
    let problem = match har.file() {
        Ok(()) => None,
        Err(Fault::Cancelled) => return Err(LogError::Cancelled),
        Err(Fault::Ended) => Some("the file ends here, inside a value".to_owned()),
        Err(Fault::Syntax { expected }) => {
            Some(format!("this is not JSON: {expected} was expected; nothing from here on was read"))
        }
        Err(Fault::Read(error)) => Some(format!("the file cannot be read further: {error}")),
    };
    problem.into_iter().for_each(|problem| har.damage.add(Place::Byte(har.json.offset()), problem));
    har.json.end().map_err(|_| LogError::Cancelled)?;
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

struct Har<'progress, 'asker> {
    json: Json<'progress, 'asker>,
    frames: Arc<dyn ByteSource>,
    damage: DamageList,
    sessions: Vec<Session>,
    /// How many conversations there are beyond those that are taken.
    left_out: u64,
    entries: u64,
    has_entries: bool,
    texts: Texts,
}

/// What was read of the newest message.
#[derive(Default)]
struct Texts {
    data: Text,
    other: Text,
}

impl Har<'_, '_> {
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
        let mut entry = Entry::new(Arc::clone(&self.frames), self.sessions.len() < MOST_CONVERSATIONS);
        let mut result = self.entry_fields(&mut entry);
        if !matches!(result, Err(Fault::Cancelled)) {
            result = self.waiting_messages(&mut entry).and(result);
        }
        if !matches!(result, Err(Fault::Cancelled)) && entry.exchange.is_conversation() {
            if entry.is_kept {
                let session = entry.finish(place, &mut self.damage);
                self.sessions.push(session);
            } else {
                self.left_out += 1;
            }
        }
        result
    }

    /// Goes back to messages that came before the heads.
    fn waiting_messages(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        let behind = self.json.offset();
        for place in std::mem::take(&mut entry.waiting) {
            self.json.go_to(place);
            self.messages(entry)?;
        }
        self.json.go_to(behind);
        Ok(())
    }

    fn entry_fields(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&ENTRY_KEYS)? {
            let Some(key) = key else {
                self.json.skip()?;
                continue;
            };
            let exchange = &mut entry.exchange;
            match key {
                EntryKey::Started => {
                    let text = self.short_text()?;
                    exchange.started_at = text.as_deref().and_then(time::of_date);
                    exchange.seen.started = true;
                }
                EntryKey::Request => {
                    if self.json.object()? {
                        self.request(&mut exchange.request)?;
                    }
                    exchange.seen.request = true;
                }
                EntryKey::Response => {
                    if self.json.object()? {
                        self.response(exchange)?;
                    }
                    exchange.seen.response = true;
                }
                EntryKey::Timings => {
                    if self.json.object()? {
                        self.timings(exchange)?;
                    }
                    exchange.seen.timings = true;
                }
                EntryKey::Messages => {
                    exchange.has_messages = true;
                    if entry.is_kept && exchange.seen.is_complete() {
                        self.messages(entry)?;
                    } else {
                        entry.waiting.extend(entry.is_kept.then(|| self.json.offset()));
                        self.json.skip()?;
                    }
                }
                EntryKey::Close => self.close(exchange)?,
                EntryKey::ResourceType => {
                    exchange.is_web_socket |=
                        self.short_text()?.is_some_and(|text| text.eq_ignore_ascii_case("websocket"));
                }
                EntryKey::Server => exchange.server = self.short_text()?.filter(|text| !text.is_empty()),
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

    fn response(&mut self, exchange: &mut Exchange) -> Result<(), Fault> {
        while let Some(key) = self.json.key(&HEAD_KEYS)? {
            let response = &mut exchange.response;
            match key {
                Some(HeadKey::Status) => {
                    let status = self.json.number(|digits| std::str::from_utf8(digits).ok()?.parse().ok())?;
                    response.status = status.unwrap_or(0);
                }
                Some(HeadKey::Reason) => response.reason = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Version) => response.version = self.short_text()?.unwrap_or_default(),
                Some(HeadKey::Headers) => self.fields(&mut response.fields)?,
                Some(HeadKey::Error) => exchange.error = self.short_text()?.filter(|text| !text.is_empty()),
                Some(HeadKey::Content) => {
                    if self.json.object()? {
                        while let Some(key) = self.json.key(&[(b"_file", ())])? {
                            match key {
                                Some(()) => exchange.side_file = self.short_text()?,
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

    fn timings(&mut self, exchange: &mut Exchange) -> Result<(), Fault> {
        let known: [(&[u8], bool); 5] =
            [(b"blocked", true), (b"dns", true), (b"connect", true), (b"send", true), (b"wait", false)];
        while let Some(key) = self.json.key(&known)? {
            let Some(is_before_request) = key else {
                self.json.skip()?;
                continue;
            };
            let took = self.json.number(time::milliseconds)?.unwrap_or(0);
            let total = if is_before_request { &mut exchange.until_request } else { &mut exchange.until_response };
            *total = total.saturating_add(took);
        }
        Ok(())
    }

    /// What HTTP Toolkit tells of the end: an object with a code and a reason, or a word.
    fn close(&mut self, exchange: &mut Exchange) -> Result<(), Fault> {
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
            exchange.close = Some(format!("The file says how the conversation ended, not who ended it: {told}"));
        }
        Ok(())
    }

    fn short_text(&mut self) -> Result<Option<String>, Fault> {
        self.json.text(LONGEST_TEXT)
    }

    /// Reads the messages of an entry whose heads are known.
    fn messages(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        if !self.json.array()? {
            return Ok(());
        }
        for number in 0.. {
            if number % MESSAGES_A_STEP == 0 {
                self.json.tell(entry.recorder().filter(|_| self.sessions.is_empty()))?;
            }
            if !self.json.element()? {
                break;
            }
            if self.json.is_object()? {
                self.message(entry)?;
            } else {
                self.json.skip()?;
                self.damage.add(Place::Byte(self.json.offset()), "an element of `_webSocketMessages` is no object");
            }
        }
        Ok(())
    }

    fn message(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        let offset = self.json.offset();
        let Texts { data, other } = &mut self.texts;
        loop {
            let seen = self.json.seen();
            let mut cursor = Cursor::new(seen);
            let fields = MessageFields::read(&mut cursor, data, other);
            let (seen, length) = (seen.len(), seen.len() - cursor.rest().len());
            let problem = match fields {
                Ok(fields) => {
                    self.json.pass(length);
                    fields.record(data, offset, entry, &mut self.damage)
                }
                Err(Stop::Incomplete) if seen > LONGEST_MESSAGE => {
                    self.json.skip()?;
                    Some("a message that is longer than can be read was left out")
                }
                Err(stop) => {
                    self.json.go_on(stop, length)?;
                    continue;
                }
            };
            problem.into_iter().for_each(|problem| self.damage.add(Place::Byte(offset), problem));
            return Ok(());
        }
    }
}

/// What a message has.
#[derive(Debug)]
struct MessageFields {
    kind: Option<MessageType>,
    at: Option<u64>,
    /// Where its data begin behind its own beginning.
    data: Option<usize>,
    opcode: Option<u8>,
}

impl MessageFields {
    /// Reads an object, and its data into `data`.
    fn read(cursor: &mut Cursor<'_>, data: &mut Text, other: &mut Text) -> Result<MessageFields, Stop> {
        let length = cursor.rest().len();
        // Text, where nothing else is said.
        let mut fields = MessageFields { kind: None, at: None, data: None, opcode: Some(1) };
        cursor.enter(b'{')?;
        while let Some(key) = cursor.key(&MESSAGE_KEYS, other)? {
            match key {
                Some(MessageKey::Type) => fields.kind = cursor.one_of(&MESSAGE_TYPES, other)?,
                Some(MessageKey::Time) => fields.at = cursor.number()?.and_then(time::of_message),
                Some(MessageKey::Opcode) => fields.opcode = cursor.number()?.and_then(small_number),
                Some(MessageKey::Data) => {
                    cursor.peek()?;
                    let place = length - cursor.rest().len();
                    fields.data = cursor.text(data)?.then_some(place);
                }
                None => cursor.skip()?,
            }
        }
        Ok(fields)
    }

    /// Adds the message to its entry; says what was wrong with it.
    fn record(self, data: &Text, offset: u64, entry: &mut Entry, damage: &mut DamageList) -> Option<&'static str> {
        let MessageFields { kind, at, data: place, opcode } = self;
        let Some(kind) = kind else {
            return Some("a message whose `type` is neither send nor receive was left out");
        };
        let Some(place) = place else { return Some("a message without `data` was left out") };
        match kind {
            MessageType::Frame(side) => {
                entry.frame(Message { side, at, opcode, data: data.bytes(), place: offset + place as u64 }, damage)
            }
            MessageType::Error => {
                let text = data.bytes().get(..LONGEST_TEXT).unwrap_or(data.bytes());
                entry.note(at, format!("The file has an error here: {}", String::from_utf8_lossy(text)), damage);
                None
            }
        }
    }
}

fn small_number(digits: &[u8]) -> Option<u8> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
