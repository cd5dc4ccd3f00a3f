//! Opening a HAR: each entry that is a WebSocket conversation becomes a session whose bytes are written again from its messages.

use std::io::Read;

use crate::protocol::direction::Side;
use crate::session::Session;

use super::super::damage::{DamageList, Place};
use super::super::error::LogError;
use super::super::heads::{Fields, Request};
use super::super::{BytesRead, MOST_CONVERSATIONS, Opened};
use super::entry::Entry;
use super::json::{Fault, Json, Kept, Text};
use super::time;

/// The longest text that is kept of anything but a message, in bytes.
const LONGEST_TEXT: usize = 32 << 10;

/// The longest message, in bytes as it stands in the file: one of 256 MiB in base64.
const LONGEST_DATA: usize = 344 << 20;

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

/// Reads the WebSocket conversations of a HAR. What is not readable is left out and reported; HTTP exchanges are passed over.
///
/// # Errors
/// When there is no readable conversation, or `progress` cancels.
pub(in crate::logs) fn read(input: impl Read, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
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
        let mut entry = Entry::new(self.sessions.len() < MOST_CONVERSATIONS);
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
            let took = self.json.number(time::milliseconds)?.unwrap_or(0);
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
        Ok(kept.map(|_| self.text.to_owned_text()))
    }

    fn messages(&mut self, entry: &mut Entry) -> Result<(), Fault> {
        while self.json.element()? {
            if !entry.may_be_taken {
                self.json.skip()?;
            } else if self.json.object()? {
                self.message(entry)?;
                if entry.is_full() {
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
