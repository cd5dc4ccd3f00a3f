//! What can stand at a place of a filter that is being written.

use std::ops::Range;

use crate::protocol::close::CloseCode;
use crate::protocol::direction::Side;
use crate::protocol::finding::Rule;

use super::expression::{Comparison, OpcodeName};
use super::field::{Field, Kind, Unit};
use super::lexer::{self, Token, is_in_word};
use super::parser::{BYTE_UNITS, Expected, Parser, SEVERITIES, TIME_UNITS};

/// What can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The characters that a suggestion takes the place of.
    pub replaces: Range<usize>,
    /// What can be written, the likeliest first; empty when only a person knows.
    pub suggestions: Vec<Suggestion>,
}

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is called.
    pub label: String,
    /// The text to put in, with a space behind it where a further word follows.
    pub text: String,
    /// What it means, in one line.
    pub description: String,
}

impl Completion {
    /// What can be written when the cursor stands behind this many characters.
    pub fn at(source: &str, cursor: usize) -> Completion {
        let characters: Vec<char> = source.chars().collect();
        let cursor = cursor.min(characters.len());
        let before: String = characters.iter().take(cursor).collect();
        let nothing = Completion { replaces: cursor..cursor, suggestions: Vec::new() };
        let Some((tokens, start, typed)) = split(&before, cursor) else { return nothing };
        let mut parser = Parser::new(tokens, start);
        // An error before the end means that nothing was expected there.
        let _ = parser.filter();
        let mut suggestions = Vec::new();
        for expected in &parser.expected {
            suggest(*expected, &mut suggestions);
        }
        let folded = typed.to_lowercase();
        suggestions.retain(|suggestion| {
            let label = suggestion.label.to_lowercase();
            label != folded && label.trim_start_matches('"').starts_with(folded.trim_start_matches('"'))
        });
        let mut known = Vec::new();
        suggestions.retain(|suggestion| {
            let is_new = !known.contains(&suggestion.label);
            known.push(suggestion.label.clone());
            is_new
        });
        let ends_in_word = typed.chars().next_back().is_some_and(is_in_word);
        let rest = characters.iter().skip(cursor).take_while(|next| ends_in_word && is_in_word(**next)).count();
        Completion { replaces: start..cursor + rest, suggestions }
    }
}

/// The tokens before the word that is being written, where that begins, and the word; `None` inside what only a person knows.
fn split(before: &str, cursor: usize) -> Option<(Vec<lexer::Placed>, usize, String)> {
    let tail = |start: usize| before.chars().skip(start).collect::<String>();
    match lexer::tokens(before) {
        Ok(mut tokens) => {
            let touching = tokens.last().filter(|last| last.range.end == cursor).map(|last| &last.token);
            let is_being_written = match touching {
                Some(
                    Token::Word(_) | Token::Number(_) | Token::And | Token::Or | Token::Not | Token::Comparison(_),
                ) => true,
                Some(Token::Open | Token::OpenBrace | Token::OpenBracket | Token::Comma) | None => false,
                // A value that is whole: a space says that something is to follow.
                Some(_) => return None,
            };
            match tokens.pop_if(|_| is_being_written) {
                // A bang is whole; what follows it is a new word.
                Some(last) if last.token == Token::Not && tail(last.range.start) == "!" => {
                    tokens.push(last);
                    Some((tokens, cursor, String::new()))
                }
                Some(last) => Some((tokens, last.range.start, tail(last.range.start))),
                None => Some((tokens, cursor, String::new())),
            }
        }
        // The first character of an operator of two, or of a name in quotes.
        Err(error) => {
            let typed = tail(error.at);
            let is_begun = matches!(typed.as_str(), "=" | "&" | "|") || typed.starts_with('"');
            let tokens = lexer::tokens(&before.chars().take(error.at).collect::<String>()).ok();
            is_begun.then(|| tokens.map(|tokens| (tokens, error.at, typed)))?
        }
    }
}

fn suggest(expected: Expected, suggestions: &mut Vec<Suggestion>) {
    let mut add = |label: &str, text: String, description: &str| {
        suggestions.push(Suggestion { label: label.to_owned(), text, description: description.to_owned() });
    };
    match expected {
        Expected::Term => {
            for field in Field::ALL {
                let (label, text) = match field {
                    Field::Json => ("json.", "json.".to_owned()),
                    field if matches!(field.kind(), Kind::Flag) => (field.name(), field.name().to_owned()),
                    field => (field.name(), format!("{} ", field.name())),
                };
                add(label, text, field.description());
            }
            add("not", "not ".into(), "the opposite of what follows; also !");
            add("(", "(".into(), "brackets keep conditions together");
        }
        Expected::Operator(field) => {
            for (word, description) in operators(field) {
                let text = if word == "in" { "in {".to_owned() } else { format!("{word} ") };
                add(word, text, description);
            }
        }
        Expected::Value(field) => values(field, &mut add),
        Expected::Needle => {
            add("\"", "\"".into(), "a text in double quotes");
            add("0x", "0x".into(), "bytes in hexadecimal, as in 0x48656c");
        }
        Expected::Regex => add("/", "/".into(), "a regular expression, as in /[0-9]+ms/i"),
        Expected::Unit(Unit::Bytes) => {
            for (name, size) in BYTE_UNITS.into_iter().take(6) {
                add(name, format!("{name} "), &format!("{size} bytes"));
            }
        }
        Expected::Unit(Unit::Time) => {
            let names = ["milliseconds", "seconds", "microseconds", "microseconds", "nanoseconds", "minutes", "hours"];
            for ((name, _), description) in TIME_UNITS.into_iter().zip(names).filter(|((name, _), _)| *name != "µs") {
                add(name, format!("{name} "), description);
            }
        }
        Expected::Unit(Unit::Frames | Unit::Codes) | Expected::Brace => {}
        Expected::Connective => {
            add("&&", "&& ".into(), "both conditions have to hold; also and");
            add("||", "|| ".into(), "one of the conditions has to hold; also or");
        }
        Expected::Bracket => {}
    }
}

fn operators(field: Field) -> Vec<(&'static str, &'static str)> {
    const LOOKED_FOR: [(&str, &str); 3] = [
        ("contains", "has this text or these bytes in it"),
        ("icontains", "has this text in it, whatever the case of its letters"),
        ("matches", "a regular expression matches in it"),
    ];
    const IN: (&str, &str) = ("in", "is one of these, as in {1, 2}");
    let compared = |comparison: Comparison| {
        let description = match comparison {
            Comparison::Equal => "is this",
            Comparison::Different => "is there and is not this",
            Comparison::Less => "is less than this",
            Comparison::LessOrEqual => "is this or less",
            Comparison::Greater => "is more than this",
            Comparison::GreaterOrEqual => "is this or more",
        };
        (comparison.symbol(), description)
    };
    let equality = [Comparison::Equal, Comparison::Different].map(compared);
    let order = Comparison::ALL.map(compared);
    match field.kind() {
        Kind::Flag => Vec::new(),
        Kind::Opcode | Kind::Side => equality.into_iter().chain([IN]).collect(),
        Kind::Quantity(_) | Kind::Severity => order.into_iter().chain([IN]).collect(),
        Kind::Text => LOOKED_FOR.into_iter().chain(equality).collect(),
        Kind::Finding => vec![compared(Comparison::Equal), IN],
        Kind::Json => order.into_iter().chain([IN]).chain(LOOKED_FOR).collect(),
    }
}

fn values(field: Field, add: &mut impl FnMut(&str, String, &str)) {
    match field.kind() {
        Kind::Opcode => {
            for name in OpcodeName::NAMED {
                let description = match name {
                    OpcodeName::Exactly(opcode) => format!("opcode 0x{:X}", opcode.bits()),
                    OpcodeName::AnyReserved => "any opcode without a meaning".to_owned(),
                };
                add(&name.to_string(), name.to_string(), &description);
            }
        }
        Kind::Side => {
            for side in Side::BOTH {
                add(&side.to_string(), side.to_string(), &format!("sent by the {side}"));
            }
        }
        Kind::Severity => {
            for severity in SEVERITIES {
                let description = match severity.name() {
                    "note" => "unusual and allowed",
                    "warning" => "likely to cause trouble",
                    _ => "breaks a rule with MUST in it",
                };
                add(severity.name(), severity.name().to_owned(), description);
            }
        }
        Kind::Finding => {
            for rule in Rule::ALL {
                let name = format!("\"{}\"", rule.name());
                add(&name, name.clone(), &format!("{}, {}", rule.severity().name(), rule.section()));
            }
        }
        Kind::Quantity(Unit::Codes) => {
            for code in CloseCode::REGISTERED {
                add(&code.to_string(), code.to_string(), code.name().unwrap_or_default());
            }
        }
        Kind::Json => {
            for (word, description) in [("true", "yes"), ("false", "no"), ("null", "the value null")] {
                add(word, word.to_owned(), description);
            }
            add("\"", "\"".into(), "a text in double quotes");
        }
        Kind::Flag | Kind::Quantity(_) | Kind::Text => {}
    }
}
