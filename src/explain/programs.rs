//! The same close, as told by other programs: what an application in a browser, in Node, in Python and so on is told of an end, and what
//! its close call puts on the wire. The facts are in `assets/programs.json`; those marked `run` are tests that start the real library.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::protocol::close::{CloseCode, ClosePayload};
use crate::protocol::direction::Side;
use crate::protocol::verdict::{TransportEnd, Verdict};

use super::texts::{Arguments, Texts};

static PROGRAMS: LazyLock<Vec<Program>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/programs.json")).unwrap_or_default());

/// How it is known what a program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// A test starts it.
    Run,
    /// Its source or documentation says so.
    Source,
}

/// What an application is told of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Told {
    /// The code that was received.
    ReceivedCode {
        /// Whether it is told besides that the end was clean.
        clean: bool,
    },
    /// This code, whatever was received.
    Code {
        /// The code.
        code: CloseCode,
        /// Whether it is told besides that the end was clean.
        clean: bool,
    },
    /// That it ended, and no code.
    Nothing,
    /// An error without a code.
    Error,
}

/// A program is told something that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is nothing that a program is told: write `code`, a number, `nothing` or `error`, and `clean` behind the first two"
)]
pub struct UnknownTold(String);

/// What a program is told in each case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldOf {
    /// Of a Close with a code.
    pub code: Told,
    /// Of an empty Close.
    pub empty: Told,
    /// Of a Close with half a code, where that is known.
    pub half: Option<Told>,
    /// Of a Close with a code that must not be in one, where that is known.
    pub not_allowed: Option<Told>,
    /// Of a FIN without a Close.
    pub fin: Told,
    /// Of a reset without a Close.
    pub reset: Told,
}

/// What goes out in the Close of a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// No code.
    Empty,
    /// 1000.
    #[serde(rename = "1000")]
    NormalClosure,
    /// The code that was received or asked for.
    Code,
    /// The call does not work without a code.
    CodeRequired,
    /// No Close at all: TCP is ended.
    Fin,
    /// The call is refused with an error.
    Refused,
    /// 1005 itself, which breaks the protocol.
    #[serde(rename = "sent")]
    NotAllowed,
}

/// How a library answers a Close by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// One with a code.
    pub code: Sent,
    /// An empty one.
    pub empty: Sent,
}

/// What a library's close call does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closes {
    /// Without arguments.
    pub plain: Sent,
    /// Asked for 1005, where that is known.
    pub asked_for_1005: Option<Sent>,
    /// The line of code without arguments.
    pub plain_line: Option<String>,
    /// The line of code that sends 1000 with a reason.
    pub with_1000: String,
}

/// A program, library or language whose way with a close is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its name for tests and scripts.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The version that was looked at.
    pub version: String,
    /// How it was looked at.
    pub checked: Checked,
    /// What its application is told.
    pub told: ToldOf,
    /// How it answers, where that is not left to the application.
    pub answers: Option<Answers>,
    /// What its close call does.
    pub closes: Closes,
    /// Where it is documented.
    pub source: String,
}

impl Program {
    /// Every program that is known.
    pub fn all() -> &'static [Program] {
        &PROGRAMS
    }

    /// How it was looked at, in words.
    pub fn checked_in_words(&self, texts: &Texts) -> String {
        let mut arguments = Arguments::new();
        arguments.set("version", self.version.clone());
        match self.checked {
            Checked::Run => texts.format("programs.run", &arguments),
            Checked::Source => texts.text("programs.source").to_owned(),
        }
    }
}

/// What a side received at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Received {
    Code(CloseCode),
    Empty,
    HalfCode,
    NotAllowed,
    Fin,
    Reset,
}

impl Received {
    fn by(side: Side, verdict: &Verdict) -> Option<Received> {
        if let Some(close) = &verdict.sides[side.peer()].sent_close {
            return match close.payload {
                ClosePayload::Empty => Some(Received::Empty),
                ClosePayload::OneByte(_) => Some(Received::HalfCode),
                ClosePayload::Status { code, .. } if code.may_be_on_the_wire() => Some(Received::Code(code)),
                ClosePayload::Status { .. } => Some(Received::NotAllowed),
                ClosePayload::NotRecorded => None,
            };
        }
        let endings = [verdict.transport_end, verdict.second_transport_end].into_iter().flatten();
        let of_peer = endings.filter(|ending| ending.side == side.peer()).map(|ending| ending.how).next();
        match of_peer? {
            TransportEnd::Fin => Some(Received::Fin),
            TransportEnd::Rst => Some(Received::Reset),
            TransportEnd::Timeout | TransportEnd::Local => None,
        }
    }

    /// What a program is told of it, with the code that is shown.
    fn told(self, told: &ToldOf) -> Option<(Told, CloseCode)> {
        let (told, received) = match self {
            Received::Code(code) => (Some(told.code), code),
            Received::Empty => (Some(told.empty), CloseCode::NO_STATUS_RECEIVED),
            Received::HalfCode => (told.half, CloseCode::PROTOCOL_ERROR),
            Received::NotAllowed => (told.not_allowed, CloseCode::PROTOCOL_ERROR),
            Received::Fin => (Some(told.fin), CloseCode::ABNORMAL_CLOSURE),
            Received::Reset => (Some(told.reset), CloseCode::ABNORMAL_CLOSURE),
        };
        Some((told?, received))
    }
}

/// What one program would have been told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retelling {
    /// The program.
    pub program: &'static str,
    /// The version that was looked at.
    pub version: &'static str,
    /// How it was looked at.
    pub checked: Checked,
    /// The same in words.
    pub checked_in_words: String,
    /// In words, what it is told.
    pub told: String,
}

/// What programs would have been told in the place of a side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retold {
    /// The side.
    pub side: Side,
    /// In whose place, in words.
    pub title: String,
    /// One a program; those of which it is not known are left out.
    pub retellings: Vec<Retelling>,
}

impl Retold {
    /// The end of a session as told in the place of each side that received one.
    pub fn of(verdict: &Verdict, texts: &Texts) -> Vec<Retold> {
        let places = [(Side::Client, "programs.in-place-of-client"), (Side::Server, "programs.in-place-of-server")];
        let retold = places.into_iter().filter_map(|(side, title)| {
            let received = Received::by(side, verdict)?;
            let retellings = Program::all().iter().filter_map(|program| {
                let (told, code) = received.told(&program.told)?;
                Some(Retelling {
                    program: &program.name,
                    version: &program.version,
                    checked: program.checked,
                    checked_in_words: program.checked_in_words(texts),
                    told: told.in_words(code, texts),
                })
            });
            Some(Retold { side, title: texts.text(title).to_owned(), retellings: retellings.collect() })
        });
        retold.collect()
    }

    /// The programs that are told the same, in the order in which each is told first.
    pub fn by_what_is_told(&self) -> Vec<(&str, Vec<&Retelling>)> {
        let mut groups: Vec<(&str, Vec<&Retelling>)> = Vec::new();
        for retelling in &self.retellings {
            match groups.iter_mut().find(|(told, _)| *told == retelling.told) {
                Some((_, programs)) => programs.push(retelling),
                None => groups.push((&retelling.told, vec![retelling])),
            }
        }
        groups
    }
}

impl Told {
    /// In words; `received` is the code that was received, when one was.
    pub fn in_words(self, received: CloseCode, texts: &Texts) -> String {
        let (code, clean) = match self {
            Told::Nothing => return texts.text("told.nothing").to_owned(),
            Told::Error => return texts.text("told.error").to_owned(),
            Told::ReceivedCode { clean } => (received, clean),
            Told::Code { code, clean } => (code, clean),
        };
        let mut arguments = Arguments::new();
        arguments.set("code", code.0);
        texts.format(if clean { "told.code-clean" } else { "told.code" }, &arguments)
    }
}

impl Sent {
    /// In words.
    pub fn in_words(self, texts: &Texts) -> &str {
        texts.text(match self {
            Sent::Empty => "sent.empty",
            Sent::NormalClosure => "sent.normal-closure",
            Sent::Code => "sent.code",
            Sent::CodeRequired => "sent.code-required",
            Sent::Fin => "sent.fin",
            Sent::Refused => "sent.refused",
            Sent::NotAllowed => "sent.not-allowed",
        })
    }
}

impl FromStr for Told {
    type Err = UnknownTold;

    fn from_str(text: &str) -> Result<Told, UnknownTold> {
        let (what, clean) = text.strip_suffix(" clean").map_or((text, false), |what| (what, true));
        match (what, clean) {
            ("code", clean) => Ok(Told::ReceivedCode { clean }),
            ("nothing", false) => Ok(Told::Nothing),
            ("error", false) => Ok(Told::Error),
            (number, clean) => {
                let code = number.parse().map(CloseCode).map_err(|_| UnknownTold(text.to_owned()))?;
                Ok(Told::Code { code, clean })
            }
        }
    }
}

impl TryFrom<String> for Told {
    type Error = UnknownTold;

    fn try_from(text: String) -> Result<Told, UnknownTold> {
        text.parse()
    }
}

impl From<Told> for String {
    fn from(told: Told) -> String {
        told.to_string()
    }
}

/// As it is written in the file of facts.
impl fmt::Display for Told {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, clean) = match self {
            Told::ReceivedCode { clean } => ("code".to_owned(), *clean),
            Told::Code { code, clean } => (code.to_string(), *clean),
            Told::Nothing => ("nothing".to_owned(), false),
            Told::Error => ("error".to_owned(), false),
        };
        write!(formatter, "{what}{}", if clean { " clean" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_facts_is_readable() {
        let programs: Vec<Program> = serde_json::from_str(include_str!("../../assets/programs.json")).unwrap();
        assert!(programs.len() >= 15);
        assert_eq!(programs, Program::all());
    }

    #[test]
    fn what_is_told_is_written_as_it_is_read() {
        for told in ["code", "code clean", "1005", "1005 clean", "nothing", "error"] {
            assert_eq!(told.parse::<Told>().unwrap().to_string(), told);
        }
        for wrong in ["", "nothing clean", "70000", "codes"] {
            assert!(wrong.parse::<Told>().is_err(), "{wrong}");
        }
    }
}
