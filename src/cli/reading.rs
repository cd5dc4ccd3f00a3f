//! How the content of messages is read for printing: by which subprotocol, and through which encoding.

use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::content::encoding::{Encoding, View};
use crate::content::json;
use crate::content::one_line::cut;
use crate::content::subprotocol::Subprotocol;
use crate::content::tree::{End, Tree};
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::message::MessageKind;
use crate::reading::replies::Replies;
use crate::reading::{self, Previewer};
use crate::search::Filter;
use crate::session::{MessageReader, Session};

/// How much of a message is read.
const LONGEST: u64 = 1024 * 1024;

/// The most lines of one message.
const MOST_LINES: usize = 1_000;

/// The most bytes of one line.
const LONGEST_LINE: usize = 1_000;

/// What the options ask for; nothing by default.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Reading {
    /// Read messages by this subprotocol, whatever the handshake says; none reads them by none
    #[arg(long, value_name = "SUBPROTOCOL", value_parser = parse_subprotocol)]
    read_as: Option<ReadAs>,

    /// Show below each message what is in it: auto, text, json, message-pack, cbor, protocol-buffers, base64 or hexadecimal
    #[arg(long, value_name = "ENCODING", value_parser = parse_encoding)]
    content: Option<Through>,
}

/// The subprotocol that is asked for.
#[derive(Debug, Clone, Copy)]
struct ReadAs(Option<Subprotocol>);

/// The encoding that is asked for; `None` leaves it to the content.
#[derive(Debug, Clone, Copy)]
struct Through(Option<Encoding>);

fn parse_subprotocol(name: &str) -> Result<ReadAs, String> {
    let known = || Subprotocol::ALL.map(Subprotocol::name).join(", ");
    match name {
        "none" => Ok(ReadAs(None)),
        name => Subprotocol::of_name(name)
            .map(|subprotocol| ReadAs(Some(subprotocol)))
            .ok_or_else(|| format!("there are: {}, none", known())),
    }
}

fn parse_encoding(name: &str) -> Result<Through, String> {
    let known = || Encoding::ALL.map(Encoding::name).join(", ");
    match name {
        "auto" => Ok(Through(None)),
        name => Encoding::of_name(name)
            .map(|encoding| Through(Some(encoding)))
            .ok_or_else(|| format!("there are: auto, {}", known())),
    }
}

/// What is in a message, line by line.
#[derive(Serialize)]
pub(super) struct Content {
    encoding: &'static str,
    pub(super) lines: Vec<String>,
    /// Why not all of it is there, or why it is not what it was read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remark: Option<String>,
}

/// What is kept from one frame to the next while they are printed.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) previewer: Previewer,
    pub(super) messages: MessageReader,
}

impl Reading {
    /// The subprotocol that a session's messages are read by.
    pub(super) fn subprotocol(&self, session: &Session) -> Option<Subprotocol> {
        self.way().subprotocol(session)
    }

    /// The requests that were answered.
    pub(super) fn replies(&self, session: &Session) -> Replies {
        Replies::of(Arc::new(session.clone()), self.way())
    }

    fn way(&self) -> reading::Reading {
        self.read_as.map_or(reading::Reading::Automatic, |ReadAs(forced)| reading::Reading::Forced(forced))
    }

    /// Whether a filter picks the frame at a place of the session; without a filter it picks all.
    pub(super) fn picking<'filter>(
        &self,
        session: &'filter Session,
        filter: Option<&'filter Filter>,
    ) -> impl FnMut(usize) -> bool + use<'filter> {
        let mut matcher = filter.map(Filter::matcher);
        if let Some(matcher) = &mut matcher {
            matcher.read_by(self.subprotocol(session));
        }
        move |index| matcher.as_mut().is_none_or(|matcher| matcher.matches(session, FrameNumber::from_index(index)))
    }

    /// What is in the message that ends with this frame, when it is to be shown.
    pub(super) fn content(
        &self,
        session: &Session,
        number: FrameNumber,
        reader: &mut MessageReader,
    ) -> Option<Content> {
        let Through(forced) = self.content?;
        let message = session.message_of(number)?;
        if message.completed_at.is_none() || message.last_frame != number {
            return None;
        }
        let payload = reader.content(session, &message, LONGEST);
        let is_whole = payload.len() as u64 == message.content_length();
        let is_text = message.kind == MessageKind::Text;
        let encoding = forced.unwrap_or_else(|| Encoding::detect(&payload, is_text, is_whole));
        let mut content = Content { encoding: encoding.name(), lines: Vec::new(), remark: None };
        content.read(&payload, encoding);
        if !is_whole && content.remark.is_none() {
            content.remark = Some(format!("only the first {LONGEST} bytes were read"));
        }
        Some(content)
    }
}

impl Content {
    fn read(&mut self, payload: &[u8], encoding: Encoding) {
        if encoding == Encoding::Json {
            let pretty = json::pretty(payload);
            self.add_text(&pretty.text);
            self.end(&pretty.end);
            return;
        }
        match encoding.view(payload) {
            Ok(view) => self.view(payload, &view),
            Err(fault) => self.remark = Some(format!("this is not {}: {fault}", encoding.title())),
        }
    }

    fn view(&mut self, payload: &[u8], view: &View<'_>) {
        match view {
            View::Text(text) => self.add_text(text),
            View::Bytes => {
                for (row, bytes) in payload.chunks(16).enumerate() {
                    if !self.add(format!("{:06x}: {}", row * 16, hexadecimal::spaced(bytes.iter().copied()))) {
                        break;
                    }
                }
            }
            View::Tree(tree) => {
                self.tree(tree);
                self.end(&tree.end);
            }
            View::Inside { bytes, encoding, .. } => {
                self.add(format!("{} in base64", encoding.title()));
                self.read(bytes, *encoding);
            }
        }
    }

    fn tree(&mut self, tree: &Tree) {
        for node in tree.nodes() {
            let label = if node.label.is_empty() { String::new() } else { format!("{}: ", node.label) };
            let cut = if node.is_cut { "…" } else { "" };
            let remark = node.remark.as_ref().map(|remark| format!(" ({remark})")).unwrap_or_default();
            if !self.add(format!("{}{label}{}{cut}{remark}", "  ".repeat(node.depth), node.value)) {
                break;
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        for line in text.lines() {
            if !self.add(line.to_owned()) {
                break;
            }
        }
    }

    fn add(&mut self, mut line: String) -> bool {
        if self.lines.len() >= MOST_LINES {
            self.remark = Some(format!("only the first {MOST_LINES} lines are shown"));
            return false;
        }
        if let (start, true) = cut(&line, LONGEST_LINE) {
            line = format!("{start}…");
        }
        self.lines.push(line);
        true
    }

    fn end(&mut self, end: &End) {
        self.remark = match end {
            End::Complete => return,
            End::Cut { bound, .. } => Some(bound.to_string()),
            End::Fault(fault) => Some(fault.to_string()),
        };
    }
}
