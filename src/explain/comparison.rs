//! Two close codes side by side under the same headings; which of them was seen in a session is the caller's to mark.

use crate::protocol::close::CloseCode;

use super::code_article::{CodeWords, Heading, as_number};
use super::texts::Texts;

/// What the key differences are about, with the id of the words for each.
const ASPECTS: [(&str, &str); 8] = [
    ("wire", "difference-wire"),
    ("producer", "difference-producer"),
    ("bytes", "difference-bytes"),
    ("sendable", "difference-sendable"),
    ("why", "difference-why"),
    ("clean", "difference-clean"),
    ("log", "difference-log"),
    ("act", "difference-act"),
];

/// One of the two codes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ComparedCode {
    /// The code.
    #[serde(serialize_with = "as_number")]
    pub code: CloseCode,
    /// The registered name, or the name of the range.
    pub name: String,
    /// The whole of it in one sentence.
    pub short: String,
}

/// A text for each of the two codes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ComparisonRow {
    /// What the row is about; `None` for the one row of a heading that is about itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aspect: Option<String>,
    /// The text for the first code.
    pub left: String,
    /// The text for the second code.
    pub right: String,
}

/// What is said under one heading.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ComparisonSection {
    /// Which heading.
    pub heading: Heading,
    /// Its words.
    pub title: String,
    /// One row; for the key differences one an aspect.
    pub rows: Vec<ComparisonRow>,
}

/// Two codes side by side.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Comparison {
    /// The first code.
    pub left: ComparedCode,
    /// The second code.
    pub right: ComparedCode,
    /// What tells them apart, in a sentence or two; there is one for the pairs that are asked about most.
    pub summary: Option<String>,
    /// The six headings in reading order.
    pub sections: Vec<ComparisonSection>,
}

impl Comparison {
    /// Compares two codes.
    pub fn of(left: CloseCode, right: CloseCode, texts: &Texts) -> Comparison {
        let (left_words, right_words) = (CodeWords::new(left, texts), CodeWords::new(right, texts));
        let difference = |(aspect, label): (&str, &str)| ComparisonRow {
            aspect: Some(texts.text(label).to_owned()),
            left: left_words.aspect(aspect),
            right: right_words.aspect(aspect),
        };
        let rows = |heading: Heading| match heading {
            Heading::KeyDifferences => ASPECTS.map(difference).into(),
            _ => {
                vec![ComparisonRow { aspect: None, left: left_words.under(heading), right: right_words.under(heading) }]
            }
        };
        let sections = Heading::ALL
            .into_iter()
            .map(|heading| ComparisonSection {
                heading,
                title: texts.text(heading.text_id()).to_owned(),
                rows: rows(heading),
            })
            .collect();
        let compared = |code, words: &CodeWords<'_>| ComparedCode { code, name: words.name(), short: words.short() };
        Comparison {
            left: compared(left, &left_words),
            right: compared(right, &right_words),
            summary: summary(left.min(right), left.max(right), texts),
            sections,
        }
    }

    /// What is said under a heading.
    pub fn under(&self, heading: Heading) -> Option<&ComparisonSection> {
        self.sections.iter().find(|section| section.heading == heading)
    }
}

fn summary(lower: CloseCode, higher: CloseCode, texts: &Texts) -> Option<String> {
    let id = format!("comparison-summary-{lower}-{higher}");
    let text = texts.text(&id);
    (text != id).then(|| text.to_owned())
}
