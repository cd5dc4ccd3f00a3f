//! Filters over the frames of a session: a small language, read into typed conditions that all have to hold.
//!
//! ```text
//! filter    = condition { "&&" condition }
//! condition = "opcode" ( "==" | "!=" ) OPCODE
//!           | "dir" ( "==" | "!=" ) ( "client" | "server" )
//!           | "len" ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) NUMBER
//!           | "payload" "contains" STRING
//!           | "finding"
//! ```

use std::cmp::Ordering;

use crate::protocol::direction::Side;
use crate::protocol::opcode::Opcode;

use super::frame_row::FrameRow;
use super::snapshot::Session;

/// The opcodes that have a name; every reserved one has the same.
const OPCODES: [Opcode; 7] = [
    Opcode::Continuation,
    Opcode::Text,
    Opcode::Binary,
    Opcode::Close,
    Opcode::Ping,
    Opcode::Pong,
    Opcode::Reserved(3),
];

/// Why a text is no filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at character {})", .at + 1)]
pub struct FilterError {
    /// How many characters stand before the place.
    pub at: usize,
    /// What is wrong, and what could stand there.
    pub problem: String,
}

impl FilterError {
    /// The problem, and under it the filter with a mark below the place.
    pub fn pointing_into(&self, source: &str) -> String {
        format!("{}\n  {source}\n  {}^", self.problem, " ".repeat(self.at))
    }
}

/// What frames have to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Opcode { equality: Equality, name: &'static str },
    Sender { equality: Equality, side: Side },
    Length { comparison: Comparison, bytes: u64 },
    PayloadContains(Vec<u8>),
    HasFinding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Equality {
    Equal,
    Different,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equality(Equality),
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(source: &str) -> Result<Filter, FilterError> {
        let mut parser = Parser { tokens: tokens(source)?.into_iter(), end: source.chars().count() };
        let mut conditions = vec![parser.condition()?];
        while let Some((token, at)) = parser.tokens.next() {
            if token != Token::And {
                return Err(FilterError { at, problem: "Expected && and a further condition.".into() });
            }
            conditions.push(parser.condition()?);
        }
        Ok(Filter { conditions })
    }

    /// Whether a frame is as the filter wants it.
    pub fn matches(&self, session: &Session, row: &FrameRow) -> bool {
        self.conditions.iter().all(|condition| condition.holds(session, row))
    }
}

impl Condition {
    fn holds(&self, session: &Session, row: &FrameRow) -> bool {
        match self {
            Condition::Opcode { equality, name } => equality.holds(row.opcode().name() == *name),
            Condition::Sender { equality, side } => equality.holds(row.direction.sender() == *side),
            Condition::Length { comparison, bytes } => comparison.holds(row.payload_length.cmp(bytes)),
            Condition::PayloadContains(wanted) if wanted.is_empty() => true,
            Condition::PayloadContains(wanted) => {
                row.payload_length >= wanted.len() as u64
                    && session.payload(row, u64::MAX).windows(wanted.len()).any(|part| part == wanted)
            }
            Condition::HasFinding => row.worst_finding.is_some(),
        }
    }
}

impl Equality {
    fn holds(self, is_equal: bool) -> bool {
        is_equal == (self == Equality::Equal)
    }
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equality(equality) => equality.holds(ordering.is_eq()),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Number(u64),
    Quoted(String),
    Comparison(Comparison),
    And,
}

/// The tokens, each with how many characters stand before it.
fn tokens(source: &str) -> Result<Vec<(Token, usize)>, FilterError> {
    let mut tokens = Vec::new();
    let mut characters = source.chars().enumerate().peekable();
    while let Some((at, character)) = characters.next() {
        let fail = |problem: &str| Err(FilterError { at, problem: problem.to_owned() });
        let mut followed_by = |wanted: char| characters.next_if(|(_, next)| *next == wanted).is_some();
        let token = match character {
            character if character.is_whitespace() => continue,
            '=' if followed_by('=') => Token::Comparison(Comparison::Equality(Equality::Equal)),
            '!' if followed_by('=') => Token::Comparison(Comparison::Equality(Equality::Different)),
            '<' if followed_by('=') => Token::Comparison(Comparison::LessOrEqual),
            '<' => Token::Comparison(Comparison::Less),
            '>' if followed_by('=') => Token::Comparison(Comparison::GreaterOrEqual),
            '>' => Token::Comparison(Comparison::Greater),
            '&' if followed_by('&') => Token::And,
            '=' => return fail("Write == to compare."),
            '&' => return fail("Write && between two conditions."),
            '"' => {
                let mut text = String::new();
                loop {
                    match characters.next() {
                        Some((_, '"')) => break Token::Quoted(text),
                        Some((_, '\\')) => match characters.next() {
                            Some((_, quoted @ ('"' | '\\'))) => text.push(quoted),
                            Some((_, 'n')) => text.push('\n'),
                            Some((_, 't')) => text.push('\t'),
                            Some((at, _)) => {
                                let problem = "After a backslash only \", \\, n and t have a meaning.".to_owned();
                                return Err(FilterError { at, problem });
                            }
                            None => return fail("This quotation has no end."),
                        },
                        Some((_, other)) => text.push(other),
                        None => return fail("This quotation has no end."),
                    }
                }
            }
            first if first.is_ascii_alphanumeric() => {
                let mut word = String::from(first);
                while let Some((_, next)) = characters.next_if(|(_, next)| next.is_ascii_alphanumeric()) {
                    word.push(next);
                }
                match word.parse() {
                    Ok(number) => Token::Number(number),
                    Err(_) if first.is_ascii_digit() => return fail("This is not a number that a length can have."),
                    Err(_) => Token::Word(word),
                }
            }
            _ => return fail("This character has no meaning here. Put text into double quotes."),
        };
        tokens.push((token, at));
    }
    Ok(tokens)
}

struct Parser {
    tokens: std::vec::IntoIter<(Token, usize)>,
    /// How many characters the filter has.
    end: usize,
}

impl Parser {
    fn condition(&mut self) -> Result<Condition, FilterError> {
        const EXPECTED: &str = "Expected opcode, dir, len, payload or finding.";
        let (field, at) = self.word(EXPECTED)?;
        match field.as_str() {
            "opcode" => {
                let equality = self.equality()?;
                const NAMES: &str = "Expected text, binary, continuation, close, ping, pong or reserved as the opcode.";
                let (wanted, at) = self.word(NAMES)?;
                let name = OPCODES.iter().map(|opcode| opcode.name()).find(|name| *name == wanted);
                let name = name.ok_or_else(|| FilterError { at, problem: NAMES.into() })?;
                Ok(Condition::Opcode { equality, name })
            }
            "dir" => {
                let equality = self.equality()?;
                const SIDES: &str = "Expected client or server: the side that sent the frame.";
                let (wanted, at) = self.word(SIDES)?;
                let side = Side::BOTH.into_iter().find(|side| side.to_string() == wanted);
                let side = side.ok_or_else(|| FilterError { at, problem: SIDES.into() })?;
                Ok(Condition::Sender { equality, side })
            }
            "len" => {
                let comparison = match self.next("Expected ==, !=, <, <=, > or >=.")? {
                    (Token::Comparison(comparison), _) => comparison,
                    (_, at) => return Err(FilterError { at, problem: "Expected ==, !=, <, <=, > or >=.".into() }),
                };
                match self.next("Expected the length in bytes.")? {
                    (Token::Number(bytes), _) => Ok(Condition::Length { comparison, bytes }),
                    (_, at) => Err(FilterError { at, problem: "Expected the length in bytes.".into() }),
                }
            }
            "payload" => {
                const CONTAINS: &str = "Expected contains, and a text in double quotes.";
                match self.word(CONTAINS)? {
                    (word, _) if word == "contains" => {}
                    (_, at) => return Err(FilterError { at, problem: CONTAINS.into() }),
                }
                match self.next("Expected a text in double quotes.")? {
                    (Token::Quoted(text), _) => Ok(Condition::PayloadContains(text.into_bytes())),
                    (_, at) => Err(FilterError { at, problem: "Expected a text in double quotes.".into() }),
                }
            }
            "finding" => Ok(Condition::HasFinding),
            _ => Err(FilterError { at, problem: EXPECTED.into() }),
        }
    }

    fn equality(&mut self) -> Result<Equality, FilterError> {
        match self.next("Expected == or !=.")? {
            (Token::Comparison(Comparison::Equality(equality)), _) => Ok(equality),
            (_, at) => Err(FilterError { at, problem: "Expected == or !=.".into() }),
        }
    }

    fn word(&mut self, expected: &str) -> Result<(String, usize), FilterError> {
        match self.next(expected)? {
            (Token::Word(word), at) => Ok((word, at)),
            (_, at) => Err(FilterError { at, problem: expected.into() }),
        }
    }

    fn next(&mut self, expected: &str) -> Result<(Token, usize), FilterError> {
        let end = self.end;
        self.tokens.next().ok_or_else(|| FilterError { at: end, problem: expected.into() })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::protocol::frame::FrameHeader;
    use crate::protocol::moment::Moment;
    use crate::session::{Event, EventKind, Origin, Perspective};

    const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /// Five frames: text and ping from the server, an unmasked text from the client, which is a finding, and two Closes.
    fn session() -> Session {
        let frame = |opcode, payload: &[u8]| FrameHeader::new(opcode, payload.len() as u64).with_payload(payload);
        let parts = [
            (Side::Client, REQUEST.as_bytes().to_vec()),
            (Side::Server, RESPONSE.as_bytes().to_vec()),
            (Side::Server, frame(Opcode::Text, "say \"grüße\"".as_bytes())),
            (Side::Server, frame(Opcode::Ping, b"")),
            (Side::Client, frame(Opcode::Text, b"hello")),
            (Side::Server, frame(Opcode::Close, &[3, 232])),
            (Side::Client, frame(Opcode::Close, &[3, 232])),
        ];
        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
        let events = parts.into_iter().map(|(side, bytes)| Event {
            at: Moment::START,
            kind: EventKind::Bytes { direction: side.sends(), bytes: Bytes::from(bytes) },
        });
        Session::replay(origin, events)
    }

    fn matching(filter: &str) -> Vec<usize> {
        let (filter, session) = (Filter::parse(filter).unwrap(), session());
        (0..session.frames.len())
            .filter(|index| filter.matches(&session, session.frames.get(*index).unwrap()))
            .collect()
    }

    #[test]
    fn each_condition_picks_its_frames() {
        assert_eq!(matching("opcode == text"), [0, 2]);
        assert_eq!(matching("opcode != text"), [1, 3, 4]);
        assert_eq!(matching("dir == client"), [2, 4]);
        assert_eq!(matching("dir != client"), [0, 1, 3]);
        assert_eq!(matching("len == 0"), [1]);
        assert_eq!(matching("len > 2"), [0, 2]);
        assert_eq!(matching("len >= 2"), [0, 2, 3, 4]);
        assert_eq!(matching("len<5"), [1, 3, 4]);
        assert_eq!(matching("len <= 5"), [1, 2, 3, 4]);
        assert_eq!(matching("finding"), [2, 4]);
        assert_eq!(matching(r#"payload contains "\"grüße\"""#), [0]);
        assert_eq!(matching(r#"payload contains "absent""#), [0; 0]);
    }

    #[test]
    fn every_condition_has_to_hold() {
        assert_eq!(matching("opcode == text && dir == client&&finding"), [2]);
        assert_eq!(matching("opcode == text && len == 0"), [0; 0]);
    }

    #[test]
    fn errors_point_at_the_place() {
        for (filter, at, part) in [
            ("", 0, "Expected opcode"),
            ("size > 3", 0, "Expected opcode"),
            ("opcode = text", 7, "=="),
            ("opcode > 3", 7, "== or !="),
            ("opcode == txt", 10, "text, binary"),
            ("dir == up", 7, "client or server"),
            ("len > big", 6, "in bytes"),
            ("len > 99999999999999999999", 6, "not a number"),
            ("len >", 5, "in bytes"),
            ("finding finding", 8, "&&"),
            ("finding && ", 11, "Expected opcode"),
            ("finding & finding", 8, "&&"),
            ("payload contains \"a", 17, "no end"),
            ("payload contains a", 17, "double quotes"),
            ("payload has \"ü\" && §", 19, "no meaning"),
            ("payload contains \"\\x\"", 19, "backslash"),
        ] {
            let error = Filter::parse(filter).unwrap_err();
            assert_eq!(error.at, at, "{filter}: {error}");
            assert!(error.problem.contains(part), "{filter}: {error}");
        }
        let shown = Filter::parse("dir == up").unwrap_err().pointing_into("dir == up");
        assert!(shown.ends_with("\n  dir == up\n         ^"), "{shown}");
    }
}
