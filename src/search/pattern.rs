//! Regular expressions of a filter: `/pattern/flags`, with bounded size, and the literals without which they cannot match.

use std::fmt::{self, Display, Formatter};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{Extractor, Seq};
use regex_syntax::hir::{Hir, HirKind};

use super::FilterError;

/// How large a compiled expression may be, in bytes.
const LARGEST: usize = 4 << 20;

/// How deep groups may be nested.
const DEEPEST: u32 = 64;

/// At how many places of an expression literals are looked for.
const LITERAL_PLACES: usize = 32;

/// The shortest literal that is worth looking for: a single byte is nearly everywhere.
const SHORTEST_LITERAL: usize = 2;

/// A regular expression over bytes.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    flags: Flags,
    regex: Regex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Flags {
    ignores_case: bool,
    lines: bool,
    dot_is_all: bool,
}

impl Pattern {
    /// Compiles an expression that stands at a place of a filter.
    ///
    /// # Errors
    /// What is wrong with it, at the place.
    pub(super) fn new(source: &str, flags: &str, at: usize) -> Result<Pattern, FilterError> {
        let end = at + 2 + written(source).chars().count();
        let mut known = Flags::default();
        for (place, flag) in flags.chars().enumerate() {
            match flag {
                'i' => known.ignores_case = true,
                'm' => known.lines = true,
                's' => known.dot_is_all = true,
                _ => {
                    let problem = "There are the flags i (ignore case), m (^ and $ at lines) and s (. is any byte).";
                    return Err(FilterError::new(end + place, problem));
                }
            }
        }
        let fail = |error: regex::Error| fault(source, &error, at);
        let regex = known.builder(source).build().map_err(fail)?;
        Ok(Pattern { source: source.to_owned(), flags: known, regex })
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.regex
    }

    pub(super) fn literals(&self) -> Option<Literals> {
        self.flags.literals(&self.source)
    }
}

/// A text that is looked for whatever the case of its letters.
#[derive(Debug, Clone)]
pub struct AnyCase {
    text: String,
    regex: Regex,
}

impl AnyCase {
    const FLAGS: Flags = Flags { ignores_case: true, lines: false, dot_is_all: false };

    /// Looks for a text that stands at a place of a filter.
    ///
    /// # Errors
    /// When it is too long.
    pub(super) fn new(text: String, at: usize) -> Result<AnyCase, FilterError> {
        match AnyCase::FLAGS.builder(&regex::escape(&text)).build() {
            Ok(regex) => Ok(AnyCase { text, regex }),
            Err(_) => Err(FilterError::new(at, "This text is too long for icontains.")),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.regex
    }

    pub(super) fn literals(&self) -> Option<Literals> {
        AnyCase::FLAGS.literals(&regex::escape(&self.text))
    }
}

impl PartialEq for AnyCase {
    fn eq(&self, other: &AnyCase) -> bool {
        self.text == other.text
    }
}

impl Flags {
    fn builder(self, source: &str) -> RegexBuilder {
        let mut builder = RegexBuilder::new(source);
        builder.case_insensitive(self.ignores_case).multi_line(self.lines).dot_matches_new_line(self.dot_is_all);
        builder.size_limit(LARGEST).dfa_size_limit(LARGEST).nest_limit(DEEPEST);
        builder
    }

    fn literals(self, source: &str) -> Option<Literals> {
        let mut parser = regex_syntax::ParserBuilder::new();
        parser.nest_limit(DEEPEST).utf8(false).case_insensitive(self.ignores_case);
        parser.multi_line(self.lines).dot_matches_new_line(self.dot_is_all);
        Literals::of(&best_literals(&parser.build().parse(source).ok()?)?)
    }
}

/// Literals of which every match of an expression has one; to find them is much faster than to ask the expression.
#[derive(Debug, Clone)]
pub(super) struct Literals {
    any: Regex,
    shortest: usize,
}

impl Literals {
    fn of(literals: &Seq) -> Option<Literals> {
        let written = literals.literals()?.iter().map(|literal| {
            let bytes = literal.as_bytes().iter();
            bytes.fold(String::new(), |written, byte| format!("{written}\\x{byte:02x}"))
        });
        let any = RegexBuilder::new(&written.collect::<Vec<_>>().join("|")).unicode(false).build().ok()?;
        Some(Literals { any, shortest: literals.min_literal_len()? })
    }

    /// Where the first of them begins.
    pub(super) fn find(&self, bytes: &[u8]) -> Option<usize> {
        self.any.find(bytes).map(|found| found.start())
    }

    /// The length of the shortest one, in bytes.
    pub(super) fn shortest(&self) -> usize {
        self.shortest
    }
}

/// The longest literals that some part of an expression has to begin with, and so the expression to contain.
fn best_literals(expression: &Hir) -> Option<Seq> {
    let parts = match expression.kind() {
        HirKind::Capture(capture) => return best_literals(&capture.sub),
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(expression),
    };
    let beginnings = (0..parts.len().min(LITERAL_PLACES)).filter_map(|start| {
        let mut literals = Extractor::new().extract(&Hir::concat(parts.get(start..)?.to_vec()));
        literals.optimize_for_prefix_by_preference();
        literals.min_literal_len().filter(|shortest| *shortest >= SHORTEST_LITERAL).map(|_| literals)
    });
    let groups = parts.iter().take(LITERAL_PLACES).filter(|part| matches!(part.kind(), HirKind::Capture(_)));
    let inside = groups.filter_map(best_literals);
    beginnings.chain(inside).max_by_key(|literals| (literals.min_literal_len(), std::cmp::Reverse(literals.len())))
}

/// Where an expression is wrong, counted in the filter.
fn fault(source: &str, error: &regex::Error, at: usize) -> FilterError {
    let (place, problem) = match error {
        regex::Error::CompiledTooBig(_) => (0, "this regular expression is too large".to_owned()),
        _ => match regex_syntax::ParserBuilder::new().nest_limit(DEEPEST).utf8(false).build().parse(source) {
            Err(regex_syntax::Error::Parse(error)) => (error.span().start.offset, error.kind().to_string()),
            Err(regex_syntax::Error::Translate(error)) => (error.span().start.offset, error.kind().to_string()),
            _ => (0, "this is no regular expression".to_owned()),
        },
    };
    let before = source.get(..place).unwrap_or_default();
    let mut problem = format!("In the regular expression: {problem}");
    if !problem.ends_with('.') {
        problem.push('.');
    }
    FilterError::new(at + 1 + written(before).chars().count(), problem)
}

/// A pattern as it stands between the slashes.
fn written(source: &str) -> String {
    source.replace('/', "\\/")
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.source == other.source && self.flags == other.flags
    }
}

impl Display for Pattern {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Flags { ignores_case, lines, dot_is_all } = self.flags;
        let flag = |is_set: bool, letter: &'static str| if is_set { letter } else { "" };
        let flags = [flag(ignores_case, "i"), flag(lines, "m"), flag(dot_is_all, "s")].concat();
        write!(out, "/{}/{flags}", written(&self.source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn literals(source: &str, flags: &str) -> Option<Literals> {
        Pattern::new(source, flags, 0).unwrap().literals()
    }

    #[test]
    fn the_longest_literal_is_found_wherever_it_stands() {
        for (source, place) in
            [("needle-[a-z]+", 2), ("[a-z]+-in-the-[a-z]+", 5), ("(?:.*) hay", 5), ("^(a+needle)$", 3)]
        {
            let literals = literals(source, "").unwrap();
            let text = ["xxneedle-x", "xxxxx-in-the-", "xxxxx hay", "xxxneedle"];
            let found = text.iter().filter_map(|text| literals.find(text.as_bytes())).collect::<Vec<_>>();
            assert!(found.contains(&place), "{source}: {found:?}");
        }
    }

    #[test]
    fn what_can_match_without_a_literal_has_none() {
        for source in ["[a-z]+", "a|needle", "(?:needle)?", "needle|.", "", "a*"] {
            assert!(literals(source, "").is_none(), "{source}");
        }
        assert!(literals("needle|hay", "").is_some());
    }

    #[test]
    fn a_literal_is_found_in_any_case() {
        let literals = literals("straße kilo", "i").unwrap();
        // The last has the sign of Kelvin and the long s.
        for text in ["straße kilo", "STRAẞE KILO", "\u{17F}traße \u{212A}ilo"] {
            assert!(literals.find(text.as_bytes()).is_some(), "{text}");
        }
        assert!(literals.find(b"a street").is_none());
    }
}
