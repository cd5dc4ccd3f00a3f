//! The records of a log as JSON: the header with the origin, and one record an entry. Both formats use them.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::protocol::direction::{Direction, Side};
use crate::protocol::gap::Gap;
use crate::protocol::hexadecimal;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::{ConnectStage, TransportEnd};
use crate::session::annotations::{Anchor, LONGEST_NOTE, Note};
use crate::session::{Annotation, Event, EventKind, Origin, Perspective};

use super::entries::Entry;

use super::number::leading_number;

/// The version of the records that this program writes.
const VERSION: u64 = 1;

/// The names of the events that this version knows.
const EVENT_NAMES: [&str; 14] = [
    "resolved",
    "connected",
    "connected_locally",
    "tunnelled",
    "secured",
    "redirected",
    "bytes",
    "missing",
    "transport_ended",
    "connect_failed",
    "note",
    "bookmark",
    "bookmark_removed",
    "session_note",
];

#[derive(Debug, Serialize, Deserialize)]
struct Header<'text> {
    /// First, so that the start of a file says what it is.
    closelook: u64,
    started_at: Cow<'text, str>,
    #[serde(default)]
    url: Option<Cow<'text, str>>,
    perspective: Perspective,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record<'text> {
    at: Moment,
    #[serde(flatten, borrow)]
    what: What<'text>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum What<'text> {
    Resolved {
        addresses: Cow<'text, [IpAddr]>,
    },
    Connected {
        client: SocketAddr,
        server: SocketAddr,
    },
    ConnectedLocally {
        #[serde(borrow)]
        path: Cow<'text, str>,
    },
    Tunnelled {
        #[serde(borrow)]
        proxy: Cow<'text, str>,
        #[serde(borrow)]
        destination: Cow<'text, str>,
        #[serde(borrow)]
        answer: Cow<'text, str>,
    },
    Secured {
        #[serde(borrow)]
        version: Cow<'text, str>,
        #[serde(borrow)]
        cipher: Cow<'text, str>,
        verified: bool,
        #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
        alpn: Option<Cow<'text, str>>,
        /// In hexadecimal.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        certificates: Vec<String>,
    },
    Redirected {
        status: u16,
        #[serde(borrow)]
        from: Cow<'text, str>,
        #[serde(borrow)]
        to: Cow<'text, str>,
    },
    Bytes {
        from: Side,
        #[serde(borrow)]
        hex: Cow<'text, str>,
    },
    Missing {
        from: Side,
        #[serde(default)]
        length: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_frame: Option<u32>,
    },
    TransportEnded {
        side: Side,
        how: TransportEnd,
    },
    ConnectFailed {
        stage: ConnectStage,
        #[serde(borrow)]
        problem: Cow<'text, str>,
        #[serde(borrow)]
        advice: Cow<'text, str>,
    },
    Note {
        #[serde(borrow)]
        text: Cow<'text, str>,
    },
    Bookmark {
        from: Side,
        offset: u64,
        #[serde(default, borrow, skip_serializing_if = "str::is_empty")]
        note: Cow<'text, str>,
    },
    BookmarkRemoved {
        from: Side,
        offset: u64,
    },
    SessionNote {
        #[serde(borrow)]
        text: Cow<'text, str>,
    },
}

/// What every record might have, to say what is wrong with one.
#[derive(Debug, Deserialize)]
struct Glimpse {
    closelook: Option<serde_json::Value>,
    event: Option<String>,
}

/// The origin as one line of JSON, without its line end.
pub(super) fn header_line(origin: &Origin) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Header {
        closelook: VERSION,
        started_at: rfc3339(origin.started_at).into(),
        url: origin.url.as_deref().map(Cow::from),
        perspective: origin.perspective,
    })
}

/// An event as one line of JSON, without its line end.
pub(super) fn event_line(event: &Event) -> Result<String, serde_json::Error> {
    let what = match &event.kind {
        EventKind::Resolved { addresses } => What::Resolved { addresses: addresses.as_slice().into() },
        EventKind::Connected { client, server } => What::Connected { client: *client, server: *server },
        EventKind::ConnectedLocally { path } => What::ConnectedLocally { path: path.into() },
        EventKind::Tunnelled { proxy, destination, answer } => {
            What::Tunnelled { proxy: proxy.into(), destination: destination.into(), answer: answer.into() }
        }
        EventKind::Secured { version, cipher, verified, alpn, certificates } => What::Secured {
            version: version.into(),
            cipher: cipher.into(),
            verified: *verified,
            alpn: alpn.as_deref().map(Cow::from),
            certificates: certificates.iter().map(|certificate| hexadecimal::encode(certificate)).collect(),
        },
        EventKind::Redirected { status, from, to } => {
            What::Redirected { status: *status, from: from.into(), to: to.into() }
        }
        EventKind::Bytes { direction, bytes } => {
            What::Bytes { from: direction.sender(), hex: hexadecimal::encode(bytes).into() }
        }
        EventKind::Missing { direction, gap: Gap { length, next_frame } } => {
            What::Missing { from: direction.sender(), length: *length, next_frame: *next_frame }
        }
        EventKind::TransportEnded { side, how } => What::TransportEnded { side: *side, how: *how },
        EventKind::ConnectFailed { stage, problem, advice } => {
            What::ConnectFailed { stage: *stage, problem: problem.into(), advice: advice.into() }
        }
        EventKind::Note { text } => What::Note { text: text.into() },
    };
    serde_json::to_string(&Record { at: event.at, what })
}

/// What a person said as one line of JSON, without its line end.
pub(super) fn annotation_line(at: Moment, annotation: &Annotation<Anchor>) -> Result<String, serde_json::Error> {
    let what = match annotation {
        Annotation::Bookmark { frame, note } => {
            What::Bookmark { from: frame.direction.sender(), offset: frame.offset, note: note.text().into() }
        }
        Annotation::BookmarkRemoved { frame } => {
            What::BookmarkRemoved { from: frame.direction.sender(), offset: frame.offset }
        }
        Annotation::SessionNote { note } => What::SessionNote { text: note.text().into() },
    };
    serde_json::to_string(&Record { at, what })
}

/// An entry as one line of JSON, without its line end.
pub(super) fn line(entry: &Entry) -> Result<String, serde_json::Error> {
    match entry {
        Entry::Event(event) => event_line(event),
        Entry::Annotation(at, annotation) => annotation_line(*at, annotation),
    }
}

/// The origin in a header line, and what of it was not understood; `None` when the line is not a header at all.
pub(super) fn read_header(line: &str) -> Option<(Origin, Option<String>)> {
    let glimpse: Glimpse = serde_json::from_str(line).ok()?;
    let version = glimpse.closelook?;
    let unknown = || Origin { started_at: 0, url: None, perspective: Perspective::Observer };
    let (origin, mut problem) = match serde_json::from_str::<Header<'_>>(line) {
        Ok(header) => match nanoseconds(&header.started_at) {
            Some(started_at) => {
                let url = header.url.map(Cow::into_owned);
                (Origin { started_at, url, perspective: header.perspective }, None)
            }
            None => (unknown(), Some("the start time in the header is not a time after 1970".to_owned())),
        },
        Err(error) => (unknown(), Some(format!("the header is not complete: {error}"))),
    };
    if version.as_u64() != Some(VERSION) {
        problem.get_or_insert(format!(
            "the log is of version {version}, and this program knows version {VERSION}: what it does not know is left out"
        ));
    }
    Some((origin, problem))
}

/// Bytes in a line that is written exactly as [`event_line`] writes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct WrittenBytes<'line> {
    pub(super) at: Moment,
    pub(super) direction: Direction,
    /// In hexadecimal.
    pub(super) digits: &'line [u8],
    /// Where in the line the digits begin.
    pub(super) place: usize,
}

/// The bytes in a line in the one form in which nearly all are; `None` for any other line, which may say the same in another manner.
pub(super) fn written_bytes(line: &[u8]) -> Option<WrittenBytes<'_>> {
    let number = line.strip_prefix(br#"{"at":"#)?;
    let (at, rest) = leading_number(number)?;
    let digits = number.len() - rest.len();
    // JSON has no nought before other digits.
    if digits == 0 || digits > 1 && number.starts_with(b"0") {
        return None;
    }
    let rest = rest.strip_prefix(br#","event":"bytes","from":""#)?;
    let (from, rest) = match rest.strip_prefix(br#"server","hex":""#) {
        Some(rest) => (Side::Server, rest),
        None => (Side::Client, rest.strip_prefix(br#"client","hex":""#)?),
    };
    let digits = rest.strip_suffix(b"\"}\n")?;
    Some(WrittenBytes { at: Moment(at), direction: from.sends(), digits, place: line.len() - rest.len() })
}

/// The entry in a line.
///
/// # Errors
/// A sentence that says why the line is not an entry.
pub(super) fn read(line: &str) -> Result<Entry, String> {
    let Record { at, what } = serde_json::from_str(line).map_err(|error| explain(line, &error))?;
    let kind = match what {
        What::Resolved { addresses } => EventKind::Resolved { addresses: addresses.into_owned() },
        What::Connected { client, server } => EventKind::Connected { client, server },
        What::ConnectedLocally { path } => EventKind::ConnectedLocally { path: path.into_owned() },
        What::Tunnelled { proxy, destination, answer } => EventKind::Tunnelled {
            proxy: proxy.into_owned(),
            destination: destination.into_owned(),
            answer: answer.into_owned(),
        },
        What::Secured { version, cipher, verified, alpn, certificates } => EventKind::Secured {
            version: version.into_owned(),
            cipher: cipher.into_owned(),
            verified,
            alpn: alpn.map(Cow::into_owned),
            certificates: certificates
                .iter()
                .map(|hex| hexadecimal::decode(hex).map(Bytes::from))
                .collect::<Option<_>>()
                .ok_or("a value of `certificates` is not pairs of hexadecimal digits")?,
        },
        What::Redirected { status, from, to } => {
            EventKind::Redirected { status, from: from.into_owned(), to: to.into_owned() }
        }
        What::Bytes { from, hex } => {
            let bytes = hexadecimal::decode(&*hex).ok_or("the value of `hex` is not pairs of hexadecimal digits")?;
            EventKind::Bytes { direction: from.sends(), bytes: bytes.into() }
        }
        What::Missing { from, length, next_frame } => {
            EventKind::Missing { direction: from.sends(), gap: Gap { length, next_frame } }
        }
        What::TransportEnded { side, how } => EventKind::TransportEnded { side, how },
        What::ConnectFailed { stage, problem, advice } => {
            EventKind::ConnectFailed { stage, problem: problem.into_owned(), advice: advice.into_owned() }
        }
        What::Note { text } => EventKind::Note { text: text.into_owned() },
        What::Bookmark { from, offset, note } => {
            let frame = Anchor { direction: from.sends(), offset };
            return Ok(Entry::Annotation(at, Annotation::Bookmark { frame, note: read_note(&note)? }));
        }
        What::BookmarkRemoved { from, offset } => {
            let frame = Anchor { direction: from.sends(), offset };
            return Ok(Entry::Annotation(at, Annotation::BookmarkRemoved { frame }));
        }
        What::SessionNote { text } => {
            return Ok(Entry::Annotation(at, Annotation::SessionNote { note: read_note(&text)? }));
        }
    };
    Ok(Entry::Event(Event { at, kind }))
}

fn read_note(text: &str) -> Result<Note, String> {
    match text.len() {
        length if length > LONGEST_NOTE => Err(format!("a note of {length} bytes, and {LONGEST_NOTE} is the limit")),
        _ => Ok(Note::new(text)),
    }
}

fn explain(line: &str, error: &serde_json::Error) -> String {
    match serde_json::from_str::<Glimpse>(line) {
        Ok(Glimpse { closelook: Some(_), .. }) => {
            "a second header: another log seems to have been added to this one".to_owned()
        }
        Ok(Glimpse { event: Some(name), .. }) if !EVENT_NAMES.contains(&name.as_str()) => {
            format!("an event of the kind {name:?}, which this version does not know")
        }
        Ok(Glimpse { event: None, .. }) => "a JSON object that is not an event: it has no `event`".to_owned(),
        _ => format!("not a readable event: {error}"),
    }
}

/// RFC 3339 in UTC with nanoseconds.
fn rfc3339(nanoseconds: u64) -> String {
    // Every u64 of nanoseconds is before the year 2555 and so within what a timestamp holds.
    let timestamp = Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{timestamp:.9}")
}

fn nanoseconds(text: &str) -> Option<u64> {
    u64::try_from(text.parse::<Timestamp>().ok()?.as_nanosecond()).ok()
}
