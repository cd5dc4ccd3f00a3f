//! What one close code means: an article with facts and sections, for any of the 65,536 numbers.

use crate::protocol::close::{CloseCode, CloseCodeRange};
use crate::protocol::direction::Side;

use super::texts::{Arguments, Texts};

/// The headings that explanations of codes share, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Heading {
    /// What it is.
    Description,
    /// When a program is told this code.
    WhenSeen,
    /// What to do about it.
    HowToFix,
    /// How it differs from codes that it is mixed up with, or where two are compared, how these two do.
    KeyDifferences,
    /// When to send it.
    WhichToUse,
    /// Where it is written, and how to see it happen.
    LearnMore,
}

impl Heading {
    /// All six, in reading order.
    pub const ALL: [Heading; 6] = [
        Heading::Description,
        Heading::WhenSeen,
        Heading::HowToFix,
        Heading::KeyDifferences,
        Heading::WhichToUse,
        Heading::LearnMore,
    ];

    /// The id of its words.
    pub fn text_id(self) -> &'static str {
        match self {
            Heading::Description => "heading-description",
            Heading::WhenSeen => "heading-when-seen",
            Heading::HowToFix => "heading-how-to-fix",
            Heading::KeyDifferences => "heading-key-differences",
            Heading::WhichToUse => "heading-which-to-use",
            Heading::LearnMore => "heading-learn-more",
        }
    }

    /// The attribute that holds a code's words under this heading.
    fn attribute(self) -> &'static str {
        match self {
            Heading::Description => "description",
            Heading::WhenSeen => "seen",
            Heading::HowToFix => "fix",
            Heading::KeyDifferences => "differs",
            Heading::WhichToUse => "use",
            Heading::LearnMore => "more",
        }
    }
}

/// A fact in a few words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// The fact.
    pub value: String,
}

/// A part of an article under its heading.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Section {
    /// Which heading.
    pub heading: Heading,
    /// Its words.
    pub title: String,
    /// The text; a line that begins with `- ` is a list item.
    pub text: String,
}

/// What a service or library says that it means by a code, beside or instead of any registered meaning.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KnownUse {
    /// The service or library.
    pub by: String,
    /// What it means there.
    pub meaning: String,
    /// Where it says so.
    pub source: String,
}

/// Everything that is said about one close code.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CodeArticle {
    /// The code.
    #[serde(serialize_with = "as_number")]
    pub code: CloseCode,
    /// The registered name, or the name of the range for a code without one.
    pub name: String,
    /// Whether the code itself has a registered name.
    pub registered: bool,
    /// The whole of it in one sentence.
    pub short: String,
    /// Whether a Close frame may carry it.
    pub on_the_wire: bool,
    /// The sides that may send it.
    pub sendable_by: Vec<Side>,
    /// Where it is defined.
    pub section: String,
    /// The facts as words: on the wire, who may send it, who does, bytes, where defined, range, what to log, what to do.
    pub facts: Vec<Fact>,
    /// What services and libraries document that they use it for.
    pub known_uses: Vec<KnownUse>,
    /// One text a heading; the known uses are among them.
    pub sections: Vec<Section>,
}

impl CodeArticle {
    /// The article on a code.
    pub fn of(code: CloseCode, texts: &Texts) -> CodeArticle {
        let words = CodeWords::new(code, texts);
        let defined_in = texts.text(section_id(code)).to_owned();
        let fact = |label: &str, value: String| Fact { label: texts.text(label).to_owned(), value };
        let facts = vec![
            fact("fact-wire", texts.text(wire_fact_id(code)).to_owned()),
            fact("fact-sendable", texts.text(&format!("fact-sendable.{}", words.sendable)).to_owned()),
            fact("fact-producer", words.aspect("producer")),
            fact("fact-bytes", words.aspect("bytes")),
            fact("fact-section", defined_in.clone()),
            fact("fact-range", texts.text(range_fact_id(code)).to_owned()),
            fact("fact-log", words.aspect("log")),
            fact("fact-act", words.aspect("act")),
        ];
        let known_uses = known_uses(code, texts);
        let section = |heading: Heading| {
            let mut text = words.under(heading);
            match heading {
                Heading::WhenSeen if !known_uses.is_empty() => {
                    text.push_str("\n\n");
                    text.push_str(texts.text("label-known-uses"));
                    text.extend(known_uses.iter().map(|known| format!("\n- {}: {}", known.by, known.meaning)));
                }
                Heading::LearnMore => {
                    text.extend(known_uses.iter().map(|known| format!("\n- {}: {}", known.by, known.source)));
                }
                _ => {}
            }
            Section { heading, title: texts.text(heading.text_id()).to_owned(), text }
        };
        let sections = Heading::ALL.map(section).into();
        CodeArticle {
            code,
            name: words.name(),
            registered: code.name().is_some(),
            short: words.short(),
            on_the_wire: words.on_the_wire(),
            sendable_by: Side::BOTH.into_iter().filter(|side| code.check_sendable_by(*side).is_ok()).collect(),
            section: defined_in,
            facts,
            known_uses,
            sections,
        }
    }

    /// The text under a heading.
    pub fn under(&self, heading: Heading) -> Option<&str> {
        self.sections.iter().find(|section| section.heading == heading).map(|section| section.text.as_str())
    }
}

/// Finds the words for one code: its own first, then its range's, then its kind's.
pub(super) struct CodeWords<'a> {
    code: CloseCode,
    texts: &'a Texts,
    sendable: &'static str,
    arguments: Arguments<'static>,
}

impl<'a> CodeWords<'a> {
    pub(super) fn new(code: CloseCode, texts: &'a Texts) -> CodeWords<'a> {
        let may = |side: Side| code.check_sendable_by(side).is_ok();
        let sendable = match (may(Side::Client), may(Side::Server)) {
            (true, true) => "both",
            (true, false) => "client",
            (false, true) => "server",
            (false, false) => "nobody",
        };
        let [high, low] = code.0.to_be_bytes();
        let mut arguments = Arguments::new();
        arguments.set("code", code.0);
        arguments.set("bytes", format!("{high:02x} {low:02x}"));
        CodeWords { code, texts, sendable, arguments }
    }

    pub(super) fn on_the_wire(&self) -> bool {
        self.code.may_be_on_the_wire()
    }

    pub(super) fn name(&self) -> String {
        self.find("name")
    }

    pub(super) fn short(&self) -> String {
        self.find("short")
    }

    pub(super) fn under(&self, heading: Heading) -> String {
        self.find(heading.attribute())
    }

    /// The words for an aspect of the key differences: wire, producer, bytes, sendable, why, clean, log or act.
    pub(super) fn aspect(&self, aspect: &str) -> String {
        self.find(aspect)
    }

    fn find(&self, attribute: &str) -> String {
        let kind = if self.on_the_wire() { "kind-wire" } else { "kind-unusable" };
        let code = format!("code-{}", self.code);
        let ids: Vec<String> = [code.as_str(), range_id(self.code), kind]
            .into_iter()
            // A registered code has nothing to do with the words for the unnamed ones around it.
            .filter(|owner| self.code.name().is_none() || *owner != range_id(self.code))
            .flat_map(|owner| [format!("{owner}.{attribute}"), format!("{owner}.{attribute}-{}", self.sendable)])
            .collect();
        self.texts.format_first(&ids, &self.arguments)
    }
}

/// The uses of a code that there are texts `known-<code>-<by>` about, in their order.
pub(super) fn known_uses(code: CloseCode, texts: &Texts) -> Vec<KnownUse> {
    let prefix = format!("known-{code}-");
    let ids = texts.ids().filter_map(|id| Some((id, id.strip_prefix(&prefix)?)));
    ids.map(|(id, by)| {
        let service = format!("service-{by}");
        KnownUse {
            by: texts.text(&service).to_owned(),
            meaning: texts.text(id).to_owned(),
            source: texts.text(&format!("{service}.source")).to_owned(),
        }
    })
    .collect()
}

fn wire_fact_id(code: CloseCode) -> &'static str {
    match code {
        CloseCode::NO_STATUS_RECEIVED | CloseCode::ABNORMAL_CLOSURE | CloseCode::TLS_HANDSHAKE => "fact-wire.no",
        code if code.may_be_on_the_wire() => "fact-wire.yes",
        _ => "fact-wire.not-allowed",
    }
}

fn range_id(code: CloseCode) -> &'static str {
    match code.range() {
        CloseCodeRange::NotUsed => "range-not-used",
        CloseCodeRange::Protocol => "range-unassigned",
        CloseCodeRange::Registered => "range-registered",
        CloseCodeRange::Private => "range-private",
        CloseCodeRange::Undefined => "range-undefined",
    }
}

fn range_fact_id(code: CloseCode) -> &'static str {
    match code.range() {
        CloseCodeRange::NotUsed => "fact-range.not-used",
        CloseCodeRange::Protocol => "fact-range.protocol",
        CloseCodeRange::Registered => "fact-range.registered",
        CloseCodeRange::Private => "fact-range.private",
        CloseCodeRange::Undefined => "fact-range.undefined",
    }
}

fn section_id(code: CloseCode) -> &'static str {
    match (code.name(), code.0) {
        (None, _) => "fact-section.ranges",
        (Some(_), 1000..=1011 | 1015) => "fact-section.rfc",
        (Some(_), _) => "fact-section.iana",
    }
}

pub(super) fn as_number<S: serde::Serializer>(code: &CloseCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(code.0)
}
