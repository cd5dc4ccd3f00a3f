//! A frame in the forms in which people take it along: hexadecimal, text, JSON, literals of languages, and a command that sends it.

use crate::content::literal::{self, Source};
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::message::MessageKind;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, MessageReader, Session};

use super::frame_record::FrameRecord;

/// The most bytes of a payload that are copied; a clipboard is no place for more.
pub const MOST_COPIED: u64 = 4 << 20;

/// The longest message that websocat makes of its input, in bytes: what it reads at once.
const LONGEST_OF_WEBSOCAT: usize = 65_536;

/// A form to copy a frame in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CopyForm {
    /// The unmasked payload in hexadecimal.
    Hexadecimal,
    /// The payload as text.
    Text,
    /// The record that `inspect` prints.
    Json,
    /// A literal of Rust.
    Rust,
    /// A literal of JavaScript.
    JavaScript,
    /// A literal of Python.
    Python,
    /// A command line that sends the same message with websocat.
    Websocat,
}

/// Why a frame cannot be copied in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CopyProblem {
    /// There is no such frame.
    #[error("There is no frame {0}.")]
    NoFrame(FrameNumber),
    /// It is not text.
    #[error("The payload is not text in UTF-8. Copy it as hexadecimal or as a literal.")]
    NotText,
    /// websocat sends text and binary messages only, and reads no more of its input as one.
    #[error(
        "websocat sends whole text and binary messages of 1 to {LONGEST_OF_WEBSOCAT} bytes, and this frame is part of none."
    )]
    NoMessage,
    /// Bytes of it are missing.
    #[error("Not all of this was recorded. Copy it as a JSON record, which has the parts that were.")]
    NotRecorded,
    /// Too much.
    #[error("The payload has more than {} MiB. Save it to a file instead.", MOST_COPIED >> 20)]
    TooLong,
}

impl CopyForm {
    /// Every form.
    pub const ALL: [CopyForm; 7] = [
        CopyForm::Hexadecimal,
        CopyForm::Text,
        CopyForm::Json,
        CopyForm::Rust,
        CopyForm::JavaScript,
        CopyForm::Python,
        CopyForm::Websocat,
    ];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            CopyForm::Hexadecimal => "hex",
            CopyForm::Text => "text",
            CopyForm::Json => "json",
            CopyForm::Rust => "rust",
            CopyForm::JavaScript => "javascript",
            CopyForm::Python => "python",
            CopyForm::Websocat => "websocat",
        }
    }

    /// What it is called in a menu.
    pub fn title(self) -> &'static str {
        match self {
            CopyForm::Hexadecimal => "Hexadecimal",
            CopyForm::Text => "Text",
            CopyForm::Json => "JSON record",
            CopyForm::Rust => "Rust literal",
            CopyForm::JavaScript => "JavaScript literal",
            CopyForm::Python => "Python literal",
            CopyForm::Websocat => "websocat command",
        }
    }
}

/// A frame in this form. Payloads are unmasked; of a message that is compressed or in fragments they are the whole message, which is
/// what an application sent.
///
/// # Errors
/// See [`CopyProblem`].
pub fn copy(session: &Session, number: FrameNumber, form: CopyForm) -> Result<String, CopyProblem> {
    let row = session.frame(number).ok_or(CopyProblem::NoFrame(number))?;
    if form == CopyForm::Json {
        return json(session, number, row);
    }
    let content = Content::of(session, number, row)?;
    Ok(match form {
        CopyForm::Hexadecimal => hexadecimal::spaced(content.bytes.iter().copied()),
        CopyForm::Text => content.text().ok_or(CopyProblem::NotText)?.to_owned(),
        CopyForm::Rust => literal::rust(content.source()),
        CopyForm::JavaScript => literal::javascript(content.source()),
        CopyForm::Python => literal::python(content.source()),
        CopyForm::Websocat => websocat(session, &content)?,
        CopyForm::Json => String::new(),
    })
}

/// What was said with a frame.
struct Content {
    bytes: Vec<u8>,
    is_text: bool,
    /// Whether this is a whole message, and of which kind.
    message: Option<MessageKind>,
}

impl Content {
    fn of(session: &Session, number: FrameNumber, row: &FrameRow) -> Result<Content, CopyProblem> {
        let message = session.message_of(number);
        let is_readable = |message: &crate::protocol::message::Message| {
            message.inflated.is_none_or(|inflated| inflated.problem.is_none())
        };
        if !session.is_recorded(row) || message.is_some_and(|message| !session.is_message_recorded(&message)) {
            return Err(CopyProblem::NotRecorded);
        }
        match message.filter(is_readable) {
            Some(message) => {
                if message.content_length() > MOST_COPIED {
                    return Err(CopyProblem::TooLong);
                }
                Ok(Content {
                    bytes: session.message_content(&message, MOST_COPIED),
                    is_text: message.kind == MessageKind::Text,
                    message: message.completed_at.map(|_| message.kind),
                })
            }
            None if row.payload_length > MOST_COPIED => Err(CopyProblem::TooLong),
            None => {
                let is_text = matches!(row.opcode(), Opcode::Ping | Opcode::Pong | Opcode::Text);
                Ok(Content { bytes: session.payload(row, MOST_COPIED), is_text, message: None })
            }
        }
    }

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    fn source(&self) -> Source<'_> {
        match self.text().filter(|_| self.is_text) {
            Some(text) => Source::Text(text),
            None => Source::Bytes(&self.bytes),
        }
    }
}

fn json(session: &Session, number: FrameNumber, row: &FrameRow) -> Result<String, CopyProblem> {
    let length = session.message_of(number).map_or(0, |message| message.content_length()).max(row.payload_length);
    if length > MOST_COPIED {
        return Err(CopyProblem::TooLong);
    }
    let findings: Vec<&Finding> = session.findings_of(number).collect();
    let record = FrameRecord::of(session, number.index(), row, &findings, &mut MessageReader::default());
    // A record is made of texts and numbers, which JSON can always hold.
    Ok(serde_json::to_string(&record).unwrap_or_default())
}

fn websocat(session: &Session, content: &Content) -> Result<String, CopyProblem> {
    let fits = (1..=LONGEST_OF_WEBSOCAT).contains(&content.bytes.len());
    let kind = content.message.filter(|_| fits).ok_or(CopyProblem::NoMessage)?;
    let url = session.origin.url.as_deref().unwrap_or("ws://127.0.0.1:9001/echo");
    let url = literal::shell_word(url).ok_or(CopyProblem::NoMessage)?;
    let words = content.text().filter(|_| kind == MessageKind::Text).and_then(literal::shell_word);
    let print = words.map_or_else(|| literal::printf(&content.bytes), |word| format!("printf %s {word}"));
    // Without --no-line each line would become a message.
    Ok(match kind {
        MessageKind::Text => format!("{print} | websocat -n1 --text --no-line {url}"),
        MessageKind::Binary => format!("{print} | websocat -n1 --binary {url}"),
    })
}
