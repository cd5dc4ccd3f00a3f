//! The heads of HTTP/1.1 messages (RFC 9112): a start line and header fields; bodies are not read here.

use std::fmt;

/// The longest head that is read, in bytes; a peer that sends more is not going to finish one.
pub const LONGEST_HEAD: usize = 64 * 1024;

/// One header field, its value without the white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name as it was written.
    pub name: String,
    /// The value; bytes that are not UTF-8 are replaced.
    pub value: String,
}

/// The header fields of a head in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// The values of every field of this name; names are compared without case.
    pub fn all<'headers>(&'headers self, name: &str) -> impl Iterator<Item = &'headers str> {
        self.0.iter().filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.as_str())
    }

    /// The value of the first field of this name.
    pub fn first<'headers>(&'headers self, name: &str) -> Option<&'headers str> {
        self.all(name).next()
    }

    /// The elements of a comma-separated field, over all fields of this name.
    pub fn elements<'headers>(&'headers self, name: &str) -> impl Iterator<Item = &'headers str> {
        self.all(name).flat_map(|value| value.split(',')).map(str::trim).filter(|element| !element.is_empty())
    }

    /// Whether a comma-separated field has this element, compared without case.
    pub fn has_element(&self, name: &str, element: &str) -> bool {
        self.elements(name).any(|found| found.eq_ignore_ascii_case(element))
    }
}

/// A request's start line and header fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead {
    /// The method, `GET` for an upgrade.
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// The version as written, such as `HTTP/1.1`.
    pub version: String,
    /// The header fields.
    pub headers: Headers,
}

/// A response's start line and header fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead {
    /// The version as written, such as `HTTP/1.1`.
    pub version: String,
    /// The status code, 101 for an upgrade.
    pub status: u16,
    /// The words after the status code.
    pub reason: String,
    /// The header fields.
    pub headers: Headers,
}

/// Why bytes are not the head of an HTTP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The first line is not `METHOD TARGET HTTP/x` or `HTTP/x STATUS REASON`.
    #[error("the first line is not an HTTP start line")]
    StartLine,
    /// A line after the first has no colon, or its name is empty or has white space.
    #[error("header line {line} is not `Name: value`")]
    HeaderLine {
        /// Counted from 1, the start line not included.
        line: usize,
    },
    /// No empty line within [`LONGEST_HEAD`] bytes.
    #[error("the head is longer than {LONGEST_HEAD} bytes")]
    TooLong,
}

/// Where the empty line that ends a head stops, or `None` when it has not come. The first `searched` bytes are known not to hold it,
/// so that a head which arrives byte by byte is looked through once.
pub(super) fn end_of_head(bytes: &[u8], searched: usize) -> Option<usize> {
    let is_line_end = |before: &[u8]| before.is_empty() || before.ends_with(b"\n");
    let new = bytes.get(searched..)?;
    let line_ends = new.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(index, _)| searched + index);
    for at in line_ends {
        let before = bytes.get(..at)?;
        if is_line_end(before) || before.strip_suffix(b"\r").is_some_and(is_line_end) {
            return Some(at + 1);
        }
    }
    None
}

/// Whether the byte may stand in a method (`tchar` of RFC 9110 5.6.2).
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether the bytes at hand hold a whole head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadParse<Head> {
    /// The empty line that ends a head has not come.
    Incomplete,
    /// A head, and how many bytes it took.
    Complete {
        /// The head.
        head: Head,
        /// Its length in bytes, the empty line included.
        length: usize,
    },
    /// These bytes will never be a head.
    Malformed(HeadError),
}

impl RequestHead {
    /// Reads a request's head from the start of `bytes`.
    pub fn parse(bytes: &[u8]) -> HeadParse<RequestHead> {
        // What is not HTTP, such as the start of TLS, need not hold a line end at all: its first byte decides.
        if bytes.first().is_some_and(|byte| !is_token_byte(*byte)) {
            return HeadParse::Malformed(HeadError::StartLine);
        }
        parse_head(bytes, |line, headers| {
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next(), words.next()) {
                (Some(method), Some(target), Some(version), None)
                    if method.bytes().all(is_token_byte) && !target.is_empty() && version.starts_with("HTTP/") =>
                {
                    Some(RequestHead { method: method.into(), target: target.into(), version: version.into(), headers })
                }
                _ => None,
            }
        })
    }
}

impl ResponseHead {
    /// Reads a response's head from the start of `bytes`.
    pub fn parse(bytes: &[u8]) -> HeadParse<ResponseHead> {
        // A peer that does not speak HTTP need not send a line end at all: its first bytes decide.
        if !bytes.iter().zip(b"HTTP/").all(|(found, wanted)| found == wanted) {
            return HeadParse::Malformed(HeadError::StartLine);
        }
        parse_head(bytes, |line, headers| {
            let (version, rest) = line.split_once(' ')?;
            let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
            if status.len() != 3 || !status.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let status = status.parse().ok().filter(|status| *status >= 100)?;
            Some(ResponseHead { version: version.into(), status, reason: reason.into(), headers })
        })
    }
}

fn parse_head<Head>(bytes: &[u8], start_line: impl FnOnce(&str, Headers) -> Option<Head>) -> HeadParse<Head> {
    let mut lines = Vec::new();
    let mut length = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        length += line.len();
        if length > LONGEST_HEAD {
            return HeadParse::Malformed(HeadError::TooLong);
        }
        let Some(line) = line.strip_suffix(b"\n") else { break };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return complete_head(&lines, length, start_line);
        }
        lines.push(line);
    }
    HeadParse::Incomplete
}

fn complete_head<Head>(
    lines: &[&[u8]],
    length: usize,
    start_line: impl FnOnce(&str, Headers) -> Option<Head>,
) -> HeadParse<Head> {
    let Some((first, fields)) = lines.split_first() else {
        return HeadParse::Malformed(HeadError::StartLine);
    };
    let mut headers = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        let field = String::from_utf8_lossy(field);
        match field.split_once(':') {
            Some((name, value)) if !name.is_empty() && !name.contains(char::is_whitespace) => {
                headers.push(Header { name: name.into(), value: value.trim().into() });
            }
            _ => return HeadParse::Malformed(HeadError::HeaderLine { line: index + 1 }),
        }
    }
    match start_line(&String::from_utf8_lossy(first), Headers(headers)) {
        Some(head) => HeadParse::Complete { head, length },
        None => HeadParse::Malformed(HeadError::StartLine),
    }
}

/// `Name: value`.
impl fmt::Display for Header {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name, self.value)
    }
}

/// A part of a URL with its `%` escapes undone; what is not UTF-8 is replaced.
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |place: usize| tail.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
