//! STOMP 1.0 to 1.2 (<https://stomp.github.io/stomp-specification-1.2.html>): a command, header lines, a body that ends with NUL.

use super::Content;
use super::summary::{Summary, bytes};
use crate::content::correlation::{Correlation, Role};

/// The most header lines that are looked at.
const MOST_HEADERS: usize = 64;

const COMMANDS: [&str; 15] = [
    "CONNECT",
    "STOMP",
    "CONNECTED",
    "SEND",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "ACK",
    "NACK",
    "BEGIN",
    "COMMIT",
    "ABORT",
    "DISCONNECT",
    "MESSAGE",
    "RECEIPT",
    "ERROR",
];

/// The start of a frame.
struct Frame<'payload> {
    command: &'payload str,
    headers: Vec<(&'payload str, &'payload str)>,
    /// Where the body begins; `None` when the headers are not all there.
    body: Option<usize>,
}

impl Frame<'_> {
    /// The value of the first header of this name, as 1.2 demands, without its escapes.
    fn header(&self, name: &str) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(found, _)| *found == name)?;
        let mut text = String::with_capacity(value.len());
        let mut characters = value.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\\' => match characters.next() {
                    Some('c') => ':',
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some(other) => other,
                    None => '\\',
                },
                character => character,
            });
        }
        Some(text)
    }
}

fn read<'payload>(content: &Content<'payload>) -> Option<Frame<'payload>> {
    let payload = content.payload;
    // The body need not be text, so only what stands before it is read as such.
    let end_of_headers = |at: usize| match payload.get(at..)? {
        [0, ..] => Some(at),
        [b'\n', b'\n', ..] => Some(at + 2),
        [b'\n', b'\r', b'\n', ..] => Some(at + 3),
        _ => None,
    };
    let headers_end = (0..payload.len()).find_map(end_of_headers).unwrap_or(payload.len());
    let text = crate::content::one_line::readable(payload.get(..headers_end)?)?;
    let mut lines = text.split_inclusive('\n');
    let mut line = || {
        let line = lines.next()?;
        Some((line.len(), line.trim_end_matches(['\r', '\n'])))
    };
    let (mut at, command) = line()?;
    if !COMMANDS.contains(&command) {
        return None;
    }
    let mut headers = Vec::new();
    let mut body = None;
    while let Some((length, line)) = line() {
        at += length;
        match line.split_once(':') {
            _ if line.is_empty() => {
                body = Some(at);
                break;
            }
            Some(header) if headers.len() < MOST_HEADERS => headers.push(header),
            Some(_) => {}
            None => break,
        }
    }
    Some(Frame { command, headers, body })
}

pub(super) fn is_connect(content: &Content<'_>) -> bool {
    read(content).is_some_and(|frame| {
        matches!(frame.command, "CONNECT" | "STOMP" | "CONNECTED")
            && (frame.header("accept-version").is_some() || frame.header("version").is_some())
    })
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    if matches!(content.payload, b"\n" | b"\r\n") {
        return Some("heart-beat".into());
    }
    let frame = read(content)?;
    let mut summary = Summary::of(frame.command);
    if let Some(destination) = frame.header("destination") {
        summary = summary.word(&destination);
    }
    let shown: &[&str] = match frame.command {
        "CONNECT" | "STOMP" => &["host", "login", "accept-version", "heart-beat"],
        "CONNECTED" => &["version", "server", "heart-beat"],
        "ERROR" => &["message", "receipt-id"],
        _ => &["id", "subscription", "message-id", "transaction", "receipt", "receipt-id"],
    };
    for name in shown {
        summary = summary.maybe(frame.header(name).map(|value| format!("{name} {value}")));
    }
    if matches!(frame.command, "SEND" | "MESSAGE" | "ERROR")
        && let Some(start) = frame.body
    {
        let body = content.payload.get(start..).unwrap_or_default();
        let end = frame
            .header("content-length")
            .and_then(|length| length.parse::<usize>().ok())
            .or_else(|| body.iter().position(|byte| *byte == 0));
        let (body, length) = match end {
            Some(end) => (body.get(..end).unwrap_or(body), end as u64),
            None => (body, content.length.saturating_sub(start as u64)),
        };
        summary = summary.part(&match crate::content::one_line::readable(body) {
            Some(text) if !text.is_empty() => text.to_owned(),
            Some(_) => "empty".into(),
            None => bytes(length),
        });
    }
    Some(summary.line())
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    let found = || {
        let frame = read(content)?;
        let receipt = |name| Some(format!("receipt {}", frame.header(name)?));
        let (key, role) = match frame.command {
            "CONNECT" | "STOMP" => ("connection".into(), Role::Request),
            "CONNECTED" => ("connection".into(), Role::Reply),
            "RECEIPT" | "ERROR" => (receipt("receipt-id")?, Role::Reply),
            _ => (receipt("receipt")?, Role::Request),
        };
        Correlation::new(key, role)
    };
    found().into_iter().collect()
}
