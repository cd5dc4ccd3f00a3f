//! How the messages of a session are read: which subprotocol they speak, and each frame's payload on one line. It brings together
//! the bytes that a session holds and what `content` knows of payloads; what is drawn or printed of that is not its business.

pub mod bar_plot;
pub mod circumstances;
pub mod comparison;
pub mod copied;
pub mod frame_record;
pub mod quantity;
pub mod replies;
pub mod statistics;

use std::collections::BTreeMap;

use crate::content::preview::{LOOKED_AT, Previewed};
use crate::content::subprotocol::{SUMMARISED, Subprotocol};
use crate::protocol::frame::FrameNumber;
use crate::protocol::inflater::InflateError;
use crate::protocol::message::Message;
use crate::session::{FrameRow, MessageReader, Session};

/// In how many frames at the start of a session messages are looked for that show the subprotocol.
const RECOGNISED_WITHIN: usize = 64;

/// How many lines of compressed messages are kept.
const KEPT_LINES: usize = 512;

/// By which subprotocol messages are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// By what the session shows.
    #[default]
    Automatic,
    /// By this one, or by none.
    Forced(Option<Subprotocol>),
}

impl Reading {
    /// The subprotocol that messages are read by; the handshake and the first few messages are looked at.
    pub fn subprotocol(self, session: &Session) -> Option<Subprotocol> {
        let Reading::Automatic = self else {
            let Reading::Forced(forced) = self else { return None };
            return forced;
        };
        Subprotocol::of_session(&session.handshake, session.origin.url.as_deref(), |place| {
            let message = session.messages_within(RECOGNISED_WITHIN).nth(place)?;
            // A message in many fragments is recognised by a later one, if at all; looking for its parts could take long.
            let row = session.frame(message.first_frame)?;
            let start = match message.inflated {
                Some(_) => session.message_content(&message, SUMMARISED as u64),
                None => session.payload(row, SUMMARISED as u64),
            };
            Some((message.direction, message.kind, start))
        })
    }
}

/// Writes frames on one line, one after another; what was inflated for one is kept for the next.
#[derive(Debug, Default)]
pub struct Previewer {
    reader: MessageReader,
    lines: BTreeMap<FrameNumber, String>,
    read_by: Option<Subprotocol>,
}

impl Previewer {
    /// A frame's payload on one line; where the frame begins a compressed message, what the application sent.
    pub fn line(&mut self, session: &Session, number: FrameNumber, row: &FrameRow, by: Option<Subprotocol>) -> String {
        let Some(message) = compressed(session, number) else {
            return of_frame(session, row, &session.payload(row, LOOKED_AT)).line(by);
        };
        if self.read_by != by || self.lines.len() >= KEPT_LINES {
            self.read_by = by;
            self.lines.clear();
        }
        if let Some(known) = self.lines.get(&number) {
            return known.clone();
        }
        let line = of_message(row, &message, &self.reader.content(session, &message, LOOKED_AT)).line(by);
        if message.completed_at.is_some() {
            self.lines.insert(number, line.clone());
        }
        line
    }

    /// What the subprotocol says of the message that begins with this frame.
    pub fn summary(
        &mut self,
        session: &Session,
        number: FrameNumber,
        row: &FrameRow,
        by: Option<Subprotocol>,
    ) -> Option<String> {
        let by = Some(by?);
        match compressed(session, number) {
            Some(message) => of_message(row, &message, &self.reader.content(session, &message, LOOKED_AT)).summary(by),
            None => of_frame(session, row, &session.payload(row, LOOKED_AT)).summary(by),
        }
    }
}

/// The compressed message that begins with this frame, when any of it could be inflated.
fn compressed(session: &Session, number: FrameNumber) -> Option<Message> {
    let message = session.message_of(number).filter(|message| message.first_frame == number)?;
    let inflated = message.inflated?;
    (inflated.length > 0 || inflated.problem.is_none()).then_some(message)
}

fn of_frame<'payload>(session: &Session, row: &FrameRow, payload: &'payload [u8]) -> Previewed<'payload> {
    Previewed {
        direction: row.direction,
        opcode: row.opcode(),
        is_extended: row.reserved_bits().contains(&true),
        is_message: row.fin(),
        payload,
        length: row.payload_length,
        received: session.received_payload(row),
        is_recorded: session.is_recorded(row),
    }
}

fn of_message<'content>(row: &FrameRow, message: &Message, content: &'content [u8]) -> Previewed<'content> {
    Previewed {
        direction: row.direction,
        opcode: row.opcode(),
        is_extended: false,
        is_message: message.completed_at.is_some(),
        payload: content,
        length: message.content_length(),
        received: message.content_length(),
        is_recorded: message.inflated.is_none_or(|inflated| inflated.problem != Some(InflateError::BytesMissing)),
    }
}
