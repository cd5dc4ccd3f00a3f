//! The head of a request or a response at the beginning of one direction, as far as a capture has it.

use crate::protocol::direction::Side;
use crate::protocol::http::{HeadParse, RequestHead, ResponseHead};

/// What the request of every upgrade begins with (RFC 6455 4.1).
pub(super) const REQUEST: &[u8] = b"GET ";

/// What every response to it begins with.
const RESPONSE: &[u8] = b"HTTP/1.";

/// The beginning of one direction.
#[derive(Debug, Default)]
pub(super) struct CapturedHead {
    bytes: Vec<u8>,
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Begins,
    Whole,
    /// A part of it is not in the capture.
    Cut,
    /// The direction does not begin with a head.
    Absent,
}

impl CapturedHead {
    /// Takes the next bytes of its direction; says how many of them are its own.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        if self.state != State::Begins {
            return 0;
        }
        let before = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let length = match self.side() {
            Some(Side::Client) => length_of(&RequestHead::parse(&self.bytes)),
            Some(Side::Server) => length_of(&ResponseHead::parse(&self.bytes)),
            None => Err(NoHead),
        };
        match length {
            Ok(None) => {}
            Ok(Some(length)) => {
                self.state = State::Whole;
                self.bytes.truncate(length);
            }
            Err(NoHead) => {
                self.state = State::Absent;
                self.bytes.clear();
                return 0;
            }
        }
        self.bytes.len() - before
    }

    /// Learns that the next bytes are not in the capture.
    pub(super) fn miss(&mut self) {
        if self.state == State::Begins {
            self.state = if self.bytes.is_empty() { State::Absent } else { State::Cut };
        }
    }

    /// Whose head it is, as far as can be seen.
    pub(super) fn side(&self) -> Option<Side> {
        let begins =
            |start: &[u8]| !self.bytes.is_empty() && self.bytes.iter().zip(start).all(|(byte, wanted)| byte == wanted);
        match (begins(REQUEST), begins(RESPONSE)) {
            (true, _) => Some(Side::Client),
            (_, true) => Some(Side::Server),
            _ => None,
        }
    }

    /// Whether more of it may come.
    pub(super) fn is_open(&self) -> bool {
        self.state == State::Begins
    }

    /// Whether all of it is there.
    pub(super) fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    /// How many bytes of it there are.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The request, or what its whole lines say.
    pub(super) fn request(&self) -> Option<RequestHead> {
        whole(RequestHead::parse(&self.whole_lines()))
    }

    /// The response, or what its whole lines say.
    pub(super) fn response(&self) -> Option<ResponseHead> {
        whole(ResponseHead::parse(&self.whole_lines()))
    }

    fn whole_lines(&self) -> Vec<u8> {
        let end = self.bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let mut lines = self.bytes.get(..end).unwrap_or_default().to_vec();
        if !self.is_whole() {
            lines.extend_from_slice(b"\r\n");
        }
        lines
    }
}

/// These bytes will never be a head.
struct NoHead;

/// The length of a head, once it is whole.
fn length_of<Head>(parse: &HeadParse<Head>) -> Result<Option<usize>, NoHead> {
    match parse {
        HeadParse::Incomplete => Ok(None),
        HeadParse::Complete { length, .. } => Ok(Some(*length)),
        HeadParse::Malformed(_) => Err(NoHead),
    }
}

fn whole<Head>(parse: HeadParse<Head>) -> Option<Head> {
    match parse {
        HeadParse::Complete { head, .. } => Some(head),
        HeadParse::Incomplete | HeadParse::Malformed(_) => None,
    }
}
