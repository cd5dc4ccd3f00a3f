//! Why a session ended as it did: the causes that fit what was seen, the most certain first, each with what speaks for it and told for
//! both sides; the words live in `assets/texts`.
//!
//! ```text
//! Circumstances ─► beginnings   it never began
//!               ├► closes       a Close frame crossed: who sent it with what, and what its code says
//!               └► drops        none did ─► suspicions, in order ─► Diagnosis
//! ```
//!
//! A cause names the side that did it, or none where neither program did. It never says more than the bytes and their times do: what is
//! not [`Certainty::Certain`] may have another cause.

mod beginnings;
mod circumstances;
mod closes;
mod drops;
mod suspicion;

use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::verdict::Outcome;

pub use circumstances::{Circumstances, SeenFrame};

use super::texts::{Arguments, Texts};

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// It was seen.
    Certain,
    /// What was seen is usually this.
    Likely,
    /// It looks like this too.
    Possible,
}

/// Something that speaks for a cause.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Clue {
    /// What was seen.
    pub text: String,
    /// The frame that shows it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "frame_number")]
    pub frame: Option<FrameNumber>,
}

impl Clue {
    /// What a frame is called, where a clue points at it.
    pub fn frame_name(frame: FrameNumber, texts: &Texts) -> String {
        let mut arguments = Arguments::new();
        // As text, so that no language groups its digits.
        arguments.set("number", frame.0.to_string());
        texts.format("diagnosis.frame", &arguments)
    }
}

/// A cause that fits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Cause {
    /// Its name, the same in every language.
    pub name: &'static str,
    /// The side that did it; `None` where neither program did.
    pub side: Option<Side>,
    /// How sure it is.
    pub certainty: Certainty,
    /// The same in a word.
    pub certainty_word: String,
    /// The cause in a line.
    pub title: String,
    /// What speaks for it.
    pub clues: Vec<Clue>,
    /// What it means to those who look after the client.
    pub for_client: String,
    /// What it means to those who look after the server.
    pub for_server: String,
}

/// The causes that fit a session.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diagnosis {
    /// The most certain first.
    pub causes: Vec<Cause>,
    /// Why there is none, when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<String>,
}

impl Diagnosis {
    /// Looks for the causes of an end.
    pub fn of(circumstances: &Circumstances<'_>, texts: &Texts) -> Diagnosis {
        let mut suspicions = match circumstances.verdict.outcome {
            Outcome::Open | Outcome::CutOff => Vec::new(),
            Outcome::ConnectFailed | Outcome::HandshakeFailed => beginnings::suspicions(circumstances, texts),
            Outcome::Closed => closes::suspicions(circumstances, texts),
            Outcome::Dropped => drops::suspicions(circumstances, texts),
        };
        suspicions.sort_by_key(|suspicion| suspicion.certainty);
        let nothing = match circumstances.verdict.outcome {
            _ if !suspicions.is_empty() => None,
            Outcome::Open => Some("diagnosis.open"),
            Outcome::CutOff if circumstances.verdict.may_lack_a_close => Some("diagnosis.not-recorded"),
            Outcome::CutOff => Some("diagnosis.cut-off"),
            _ => Some("diagnosis.none"),
        };
        Diagnosis {
            causes: suspicions.into_iter().map(|suspicion| suspicion.told(texts)).collect(),
            nothing: nothing.map(|id| texts.text(id).to_owned()),
        }
    }
}

fn frame_number<S: serde::Serializer>(frame: &Option<FrameNumber>, serializer: S) -> Result<S::Ok, S::Error> {
    match frame {
        Some(number) => serializer.serialize_some(&number.0),
        None => serializer.serialize_none(),
    }
}
