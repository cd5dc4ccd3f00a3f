//! Writing a session as pcapng.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;

use crate::protocol::direction::{Direction, Side};
use crate::protocol::moment::Moment;
use crate::protocol::verdict::TransportEnd;
use crate::session::annotations::Anchor;
use crate::session::event::LARGEST_PART;
use crate::session::{Annotation, Event, EventKind, Origin, Part, Session};

use super::super::entries::{self, Entry};
use super::super::error::LogError;
use super::super::{Progress, cancelled, record};
use super::conversation::{Conversation, FIN, RST, Segment};
use super::{blocks, comments};

/// Packets that begin with an IP header.
const LINK_TYPE_RAW: u16 = 101;

/// The most bytes of events before the connection that stand in the section header; more follow on packets.
const LARGEST_PRELUDE: usize = 256 << 10;

/// How many bytes are given to the file together.
const WRITTEN_TOGETHER: usize = 256 << 10;

/// The most bytes of what people said that one packet carries as comments, so that its block stays in the reach of other readers.
const MOST_SAID: usize = 1 << 20;

/// How many entries are written between two questions to the progress callback.
const ENTRIES_A_STEP: usize = 256;

const EXPLANATION: &str = "A WebSocket session recorded by closelook. The IP and TCP headers are made up around the bytes that were \
    recorded; in a session with TLS these are the plaintext. A server port that is not known for HTTP is written as 80. \
    Comments that begin with `closelook:` hold what packets cannot, as JSON.";

/// Writes a session, or a part of it, as pcapng, little-endian.
///
/// # Errors
/// When `out` fails, the session cannot be read back, or `progress` cancels.
pub(in crate::logs) fn write(
    session: &Session,
    part: Option<&Part>,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let total = entries::count(session).max(1);
    let mut capture = CaptureWriter::new(&session.origin);
    let mut written = Vec::new();
    for (index, entry) in entries::of(session, part).enumerate() {
        if index % ENTRIES_A_STEP == 0 {
            cancelled(progress(index as f64 / total as f64))?;
        }
        match entry? {
            Entry::Event(event) => capture.write(&event, &mut written)?,
            Entry::Annotation(at, annotation) => capture.say(at, annotation, &mut written)?,
        }
        if written.len() >= WRITTEN_TOGETHER {
            out.write_all(&written).map_err(LogError::Write)?;
            written.clear();
        }
    }
    capture.finish(&mut written)?;
    out.write_all(&written).map_err(LogError::Write)?;
    out.flush().map_err(LogError::Write)?;
    cancelled(progress(1.0))
}

/// Turns entries into a capture, one after the other.
#[derive(Debug)]
pub(in crate::logs) struct CaptureWriter {
    origin: Origin,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Nothing is written: what is held, with its length in bytes, stands before the connection.
    Held(Vec<Entry>, usize),
    /// The connection's packets are written as it goes on.
    Open(Packets),
}

impl CaptureWriter {
    /// The capture of a session.
    pub(in crate::logs) fn new(origin: &Origin) -> CaptureWriter {
        CaptureWriter { origin: origin.clone(), stage: Stage::Held(Vec::new(), 0) }
    }

    /// Appends an event. What comes before the first bytes is held until they do: only then it is known between whom they cross.
    ///
    /// # Errors
    /// When an event cannot be written as JSON.
    pub(in crate::logs) fn write(&mut self, event: &Event, out: &mut Vec<u8>) -> Result<(), LogError> {
        match (&event.kind, &mut self.stage) {
            (EventKind::Bytes { direction, bytes }, _) => {
                self.write_bytes(event.at, *direction, bytes, out)?;
                Ok(())
            }
            (_, Stage::Open(packets)) => packets.event(event, out),
            (EventKind::Missing { .. } | EventKind::TransportEnded { .. }, Stage::Held(..)) => {
                self.begin(out)?;
                self.write(event, out)
            }
            (_, Stage::Held(..)) => self.hold(Entry::Event(event.clone()), out),
        }
    }

    /// Appends bytes that crossed, and says where they begin in `out` when they stand there in one piece.
    ///
    /// # Errors
    /// When an event that was held before them cannot be written as JSON.
    pub(in crate::logs) fn write_bytes(
        &mut self,
        at: Moment,
        direction: Direction,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<usize>, LogError> {
        self.begin(out)?;
        match &mut self.stage {
            Stage::Open(packets) => packets.bytes(at, direction, bytes, out),
            Stage::Held(..) => Ok(None),
        }
    }

    /// Lets the packet that is written next say this.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(in crate::logs) fn say(
        &mut self,
        at: Moment,
        annotation: Annotation<Anchor>,
        out: &mut Vec<u8>,
    ) -> Result<(), LogError> {
        match &mut self.stage {
            Stage::Open(packets) => packets.say(at, &annotation, out),
            Stage::Held(..) => self.hold(Entry::Annotation(at, annotation), out),
        }
    }

    /// Appends what a person said by itself, wherever the connection is.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub(in crate::logs) fn annotate(
        &mut self,
        at: Moment,
        annotation: &Annotation<Anchor>,
        out: &mut Vec<u8>,
    ) -> Result<(), LogError> {
        self.say(at, annotation.clone(), out)?;
        if let Stage::Open(packets) = &mut self.stage {
            packets.speak(at, out);
        }
        Ok(())
    }

    fn hold(&mut self, entry: Entry, out: &mut Vec<u8>) -> Result<(), LogError> {
        if let Stage::Held(held, length) = &mut self.stage {
            *length += record::line(&entry).map_err(json_failed)?.len();
            held.push(entry);
            if *length > LARGEST_PRELUDE {
                return self.begin(out);
            }
        }
        Ok(())
    }

    /// Appends what is still held.
    ///
    /// # Errors
    /// When an event cannot be written as JSON.
    pub(in crate::logs) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), LogError> {
        match self.stage {
            Stage::Held(..) => self.begin(out),
            Stage::Open(_) => Ok(()),
        }
    }

    /// Appends the section header with the entries before the connection, then those that were held after them.
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), LogError> {
        let held = match &mut self.stage {
            Stage::Held(held, _) => std::mem::take(held),
            Stage::Open(_) => return Ok(()),
        };
        let mut prelude = vec![EXPLANATION.to_owned()];
        prelude.extend(comments::split(&record::header_line(&self.origin).map_err(json_failed)?));
        let mut length = 0;
        let mut entries = held.iter().peekable();
        while let Some(entry) = entries.next_if(|entry| connected(entry).is_none()) {
            let said = comments_of(entry)?;
            length += said.iter().map(String::len).sum::<usize>();
            prelude.extend(said);
            if length > LARGEST_PRELUDE {
                break;
            }
        }
        blocks::write_section(out, concat!("closelook ", env!("CARGO_PKG_VERSION")), &prelude);
        blocks::write_interface(out, LINK_TYPE_RAW, "closelook");
        // The last connection before the bytes: those of earlier ones, which redirected, are not in the session.
        let connected = held.iter().rev().find_map(connected);
        let unknown = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (client, server) = connected.unwrap_or((unknown, unknown));
        let started_at = self.origin.started_at;
        // A clock that ticks every 4 microseconds, as RFC 9293 3.4.1 has it.
        let conversation = Conversation::new(client, server, (started_at / 4_000) as u32);
        let mut packets = Packets { started_at, conversation, is_open: false, said: Vec::new() };
        for entry in entries {
            match entry {
                Entry::Event(event) => packets.event(event, out)?,
                Entry::Annotation(at, annotation) => {
                    packets.say(*at, annotation, out)?;
                    packets.speak(*at, out);
                }
            }
        }
        self.stage = Stage::Open(packets);
        Ok(())
    }
}

/// The two ends of a connection, when the entry says that it stands.
fn connected(entry: &Entry) -> Option<(SocketAddr, SocketAddr)> {
    match entry {
        Entry::Event(Event { kind: EventKind::Connected { client, server }, .. }) => Some((*client, *server)),
        _ => None,
    }
}

/// The comments that hold an entry; what a person said is there in plain words too.
fn comments_of(entry: &Entry) -> Result<Vec<String>, LogError> {
    let line = record::line(entry).map_err(json_failed)?;
    let plain = match entry {
        Entry::Annotation(_, Annotation::Bookmark { note, .. } | Annotation::SessionNote { note }) => {
            Some(comments::plain(note))
        }
        Entry::Annotation(_, Annotation::BookmarkRemoved { .. }) | Entry::Event(_) => None,
    };
    Ok(plain.into_iter().chain(comments::split(&line)).collect())
}

/// The packets of the connection.
#[derive(Debug)]
struct Packets {
    started_at: u64,
    conversation: Conversation,
    is_open: bool,
    /// Comments that the packet that is written next carries.
    said: Vec<String>,
}

impl Packets {
    /// Appends the opening of the connection, once.
    fn open(&mut self, at: Moment, out: &mut Vec<u8>) {
        if !std::mem::replace(&mut self.is_open, true) {
            let [syn, answer, acknowledgement] = Conversation::opening();
            self.packet(at, syn, &[], out);
            self.packet(at, answer, &[], out);
            self.packet(at, acknowledgement, &[], out);
        }
    }

    /// Appends an event other than bytes.
    fn event(&mut self, event: &Event, out: &mut Vec<u8>) -> Result<(), LogError> {
        match &event.kind {
            EventKind::Connected { .. } if !self.is_open => {
                let line = record::event_line(event).map_err(json_failed)?;
                self.said.extend(comments::split(&line).next());
                self.open(event.at, out);
                Ok(())
            }
            EventKind::TransportEnded { side, how }
                if self.is_in_time(event.at) && !self.conversation.has_ended(*side) =>
            {
                self.open(event.at, out);
                self.transport_ended(event, *side, *how, out)
            }
            EventKind::Missing { direction, gap } => {
                self.comment(event, out)?;
                self.conversation.skip(direction.sender(), gap.length.unwrap_or(0));
                Ok(())
            }
            _ => self.comment(event, out),
        }
    }

    /// Whether a moment can be told in nanoseconds since 1970.
    fn is_in_time(&self, at: Moment) -> bool {
        self.started_at.checked_add(at.nanoseconds()).is_some()
    }

    /// Appends bytes, and says where they begin when they stand there in one piece.
    fn bytes(
        &mut self,
        at: Moment,
        direction: Direction,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<usize>, LogError> {
        let sender = direction.sender();
        if bytes.is_empty() || !self.is_in_time(at) || self.conversation.has_ended(sender) {
            let bytes = Bytes::copy_from_slice(bytes);
            return self.comment(&Event { at, kind: EventKind::Bytes { direction, bytes } }, out).map(|()| None);
        }
        self.open(at, out);
        let mut place = None;
        for part in bytes.chunks(LARGEST_PART) {
            let segment = self.conversation.bytes(sender);
            let begins_at = self.packet(at, segment, part, out);
            place.get_or_insert(begins_at);
            if let Some(acknowledgement) = self.conversation.acknowledgement_due(sender) {
                self.packet(at, acknowledgement, &[], out);
            }
        }
        Ok(place.filter(|_| bytes.len() <= LARGEST_PART))
    }

    fn transport_ended(
        &mut self,
        event: &Event,
        side: Side,
        how: TransportEnd,
        out: &mut Vec<u8>,
    ) -> Result<(), LogError> {
        match how {
            TransportEnd::Fin => {
                let segment = self.conversation.end(side, FIN);
                self.packet(event.at, segment, &[], out);
                self.packet(event.at, Conversation::acknowledge(side.peer()), &[], out);
            }
            TransportEnd::Rst => {
                let segment = self.conversation.end(side, RST);
                self.packet(event.at, segment, &[], out);
            }
            TransportEnd::Timeout | TransportEnd::Local => {
                let segment = self.conversation.end(side, RST);
                let line = record::event_line(event).map_err(json_failed)?;
                self.said.extend(comments::split(&line).next());
                self.packet(event.at, segment, &[], out);
            }
        }
        Ok(())
    }

    /// An event as a comment; one packet a comment, so that no block becomes too large for other readers.
    fn comment(&mut self, event: &Event, out: &mut Vec<u8>) -> Result<(), LogError> {
        let line = record::event_line(event).map_err(json_failed)?;
        self.open(event.at, out);
        for comment in comments::split(&line) {
            self.said.push(comment);
            self.speak(event.at, out);
        }
        Ok(())
    }

    /// Lets the packet that is written next say this.
    fn say(&mut self, at: Moment, annotation: &Annotation<Anchor>, out: &mut Vec<u8>) -> Result<(), LogError> {
        self.said.extend(comments_of(&Entry::Annotation(at, annotation.clone()))?);
        if self.said.iter().map(String::len).sum::<usize>() > MOST_SAID {
            self.speak(at, out);
        }
        Ok(())
    }

    /// Appends a packet without bytes when there is something to be said.
    fn speak(&mut self, at: Moment, out: &mut Vec<u8>) {
        if !self.said.is_empty() {
            let segment = self.conversation.bare();
            self.packet(at, segment, &[], out);
        }
    }

    /// Appends a packet, and says where its bytes begin.
    fn packet(&mut self, at: Moment, segment: Segment, payload: &[u8], out: &mut Vec<u8>) -> usize {
        let nanoseconds = self.started_at.saturating_add(at.nanoseconds());
        let mut begins_at = 0;
        let Packets { conversation, said, .. } = self;
        blocks::write_packet(out, nanoseconds, said, |packet| {
            conversation.write(segment, payload, packet);
            begins_at = packet.len() - payload.len();
        });
        said.clear();
        begins_at
    }
}

fn json_failed(error: serde_json::Error) -> LogError {
    LogError::Write(io::Error::from(error))
}
