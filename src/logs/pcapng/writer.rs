//! Writing a session as pcapng.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};

use crate::protocol::direction::Side;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::TransportEnd;
use crate::session::event::LARGEST_PART;
use crate::session::{Event, EventKind, Session};

use super::super::error::LogError;
use super::super::{Progress, cancelled, record};
use super::blocks::BlockWriter;
use super::comments;
use super::conversation::{Conversation, FIN, RST};

/// Packets that begin with an IP header.
const LINK_TYPE_RAW: u16 = 101;

/// The most bytes of events before the connection that stand in the section header; more follow on packets.
const LARGEST_PRELUDE: usize = 256 << 10;

/// How many events are written between two questions to the progress callback.
const EVENTS_A_STEP: usize = 256;

const EXPLANATION: &str = "A WebSocket session recorded by closelook. The IP and TCP headers are made up around the bytes that were \
    recorded; in a session with TLS these are the plaintext. A server port that is not known for HTTP is written as 80. \
    Comments that begin with `closelook:` hold what packets cannot, as JSON.";

/// Writes a session as pcapng, little-endian.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub fn write(session: &Session, out: &mut impl Write, progress: &mut Progress<'_>) -> Result<(), LogError> {
    let total = session.events().count().max(1);
    let mut prelude = vec![EXPLANATION.to_owned()];
    prelude.extend(comments::split(&record::header_line(&session.origin).map_err(json_failed)?));
    let mut prelude_length = 0;
    let mut events = session.events().enumerate().peekable();
    while let Some((_, event)) = events.peek()
        && !needs_packet(event)
    {
        let line = record::event_line(event).map_err(json_failed)?;
        prelude_length += line.len();
        if prelude_length > LARGEST_PRELUDE {
            break;
        }
        prelude.extend(comments::split(&line));
        events.next();
    }
    let application = concat!("closelook ", env!("CARGO_PKG_VERSION"));
    let mut blocks = BlockWriter::new(out);
    blocks.section(application, &prelude).map_err(LogError::Write)?;
    blocks.interface(LINK_TYPE_RAW, "closelook").map_err(LogError::Write)?;

    let mut writer =
        PacketWriter { blocks, started_at: session.origin.started_at, conversation: conversation(session) };
    let mut is_open = false;
    for (index, event) in events {
        if index % EVENTS_A_STEP == 0 {
            cancelled(progress(index as f64 / total as f64))?;
        }
        if is_open {
            writer.event(event)?;
        } else {
            writer.opening(event)?;
            is_open = true;
        }
    }
    writer.blocks.flush().map_err(LogError::Write)?;
    cancelled(progress(1.0))
}

/// Whether an event is a matter of TCP, so that the connection has to be opened for it.
fn needs_packet(event: &Event) -> bool {
    match &event.kind {
        EventKind::Connected { .. } | EventKind::TransportEnded { .. } => true,
        EventKind::Bytes { bytes, .. } => !bytes.is_empty(),
        EventKind::Resolved { .. }
        | EventKind::ConnectedLocally { .. }
        | EventKind::Tunnelled { .. }
        | EventKind::Secured { .. }
        | EventKind::Redirected { .. }
        | EventKind::ConnectFailed { .. }
        | EventKind::Note { .. } => false,
    }
}

fn conversation(session: &Session) -> Conversation {
    // The last one before the bytes: those of earlier ones, which redirected, are not in the session.
    let before_bytes = session.events().take_while(|event| !matches!(event.kind, EventKind::Bytes { .. }));
    let connected = before_bytes.filter_map(|event| match event.kind {
        EventKind::Connected { client, server } => Some((client, server)),
        _ => None,
    });
    let unknown = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (client, server) = connected.last().unwrap_or((unknown, unknown));
    // A clock that ticks every 4 microseconds, as RFC 9293 3.4.1 has it.
    Conversation::new(client, server, (session.origin.started_at / 4_000) as u32)
}

struct PacketWriter<W> {
    blocks: BlockWriter<W>,
    started_at: u64,
    conversation: Conversation,
}

impl<W: Write> PacketWriter<W> {
    /// The three packets that open the connection, and the event that needed them.
    fn opening(&mut self, event: &Event) -> Result<(), LogError> {
        let [syn, answer, acknowledgement] = self.conversation.opening();
        let is_connected = matches!(event.kind, EventKind::Connected { .. });
        let line = if is_connected { Some(record::event_line(event).map_err(json_failed)?) } else { None };
        let comment = line.and_then(|line| comments::split(&line).next());
        self.packet(event.at, &syn, comment.as_deref())?;
        self.packet(event.at, &answer, None)?;
        self.packet(event.at, &acknowledgement, None)?;
        if is_connected { Ok(()) } else { self.event(event) }
    }

    fn event(&mut self, event: &Event) -> Result<(), LogError> {
        let in_time = self.started_at.checked_add(event.at.nanoseconds()).is_some();
        match &event.kind {
            EventKind::Bytes { direction, bytes }
                if in_time && !bytes.is_empty() && !self.conversation.has_ended(direction.sender()) =>
            {
                for part in bytes.chunks(LARGEST_PART) {
                    let segment = self.conversation.bytes(direction.sender(), part);
                    self.packet(event.at, &segment, None)?;
                    if let Some(acknowledgement) = self.conversation.acknowledgement_due(direction.sender()) {
                        self.packet(event.at, &acknowledgement, None)?;
                    }
                }
                Ok(())
            }
            EventKind::TransportEnded { side, how } if in_time && !self.conversation.has_ended(*side) => {
                self.transport_ended(event, *side, *how)
            }
            _ => self.comment(event),
        }
    }

    fn transport_ended(&mut self, event: &Event, side: Side, how: TransportEnd) -> Result<(), LogError> {
        match how {
            TransportEnd::Fin => {
                let segment = self.conversation.end(side, FIN);
                self.packet(event.at, &segment, None)?;
                let acknowledgement = self.conversation.acknowledge(side.peer());
                self.packet(event.at, &acknowledgement, None)
            }
            TransportEnd::Rst => {
                let segment = self.conversation.end(side, RST);
                self.packet(event.at, &segment, None)
            }
            TransportEnd::Timeout | TransportEnd::Local => {
                let segment = self.conversation.end(side, RST);
                let line = record::event_line(event).map_err(json_failed)?;
                self.packet(event.at, &segment, comments::split(&line).next().as_deref())
            }
        }
    }

    /// An event as a comment; one packet a comment, so that no block becomes too large for other readers.
    fn comment(&mut self, event: &Event) -> Result<(), LogError> {
        let line = record::event_line(event).map_err(json_failed)?;
        for comment in comments::split(&line) {
            let segment = self.conversation.bare();
            self.packet(event.at, &segment, Some(&comment))?;
        }
        Ok(())
    }

    fn packet(&mut self, at: Moment, packet: &[u8], comment: Option<&str>) -> Result<(), LogError> {
        let nanoseconds = self.started_at.saturating_add(at.nanoseconds());
        self.blocks.packet(nanoseconds, packet, comment).map_err(LogError::Write)
    }
}

fn json_failed(error: serde_json::Error) -> LogError {
    LogError::Write(io::Error::from(error))
}
