//! Regular expressions of a filter: `/pattern/flags`, with bounded size.

use std::fmt::{self, Display, Formatter};

use regex::bytes::{Regex, RegexBuilder};

use super::FilterError;

/// How large a compiled expression may be, in bytes.
const LARGEST: usize = 4 << 20;

/// How deep groups may be nested.
const DEEPEST: u32 = 64;

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
}

/// A text that is looked for whatever the case of its letters.
#[derive(Debug, Clone)]
pub struct AnyCase {
    text: String,
    regex: Regex,
}

impl AnyCase {
    /// Looks for a text that stands at a place of a filter.
    ///
    /// # Errors
    /// When it is too long.
    pub(super) fn new(text: String, at: usize) -> Result<AnyCase, FilterError> {
        let flags = Flags { ignores_case: true, ..Flags::default() };
        match flags.builder(&regex::escape(&text)).build() {
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
