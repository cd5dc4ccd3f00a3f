//! Texts by their id, in a language: loading the Fluent files of `assets/texts` and filling in arguments; no text is made here.

use std::collections::HashMap;

use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use unic_langid::LanguageIdentifier;

use super::language::Language;

/// The values for the places of a text: `arguments.set("code", 1005)`.
pub use fluent_bundle::FluentArgs as Arguments;

/// The texts of one language.
///
/// An id names a message (`evidence-order`) or an attribute of one (`code-1005.fix`).
pub struct Texts {
    language: String,
    bundle: FluentBundle<FluentResource>,
    /// Texts without arguments, ready to be painted.
    fixed: HashMap<String, String>,
    ids: Vec<String>,
    problems: Vec<String>,
}

impl Texts {
    /// The English texts, loaded once for the whole program; [`Language::texts`] has those of every language.
    pub fn english() -> &'static Texts {
        Language::ENGLISH.texts()
    }

    /// Reads the texts of a language from Fluent source; what cannot be read is left out and noted in [`Texts::problems`].
    pub fn parse(language: &str, source: &str) -> Texts {
        let mut problems = Vec::new();
        let identifier = language.parse::<LanguageIdentifier>().unwrap_or_else(|error| {
            problems.push(format!("{language} is not a language tag: {error}"));
            LanguageIdentifier::default()
        });
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, errors)| {
            problems.extend(errors.iter().map(ToString::to_string));
            readable
        });
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Invisible isolation marks would end up in terminals, in copies of a text and in comparisons.
        bundle.set_use_isolating(false);
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(ToString::to_string));
        }
        let mut texts =
            Texts { language: language.to_owned(), bundle, fixed: HashMap::new(), ids: Vec::new(), problems };
        texts.ids = texts.collect_ids(source);
        texts.fixed =
            texts.ids.iter().filter_map(|id| Some((id.clone(), texts.fill(id, None, Incomplete::Refused)?))).collect();
        texts
    }

    /// The tag of the language.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What could not be read, in words; empty for the files that the program is built with.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Every id, in the order of the file.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    /// Whether there is a text with this id, in this language.
    pub fn has(&self, id: &str) -> bool {
        let (message, attribute) = split_id(id);
        self.bundle.get_message(message).is_some_and(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).is_some(),
            None => message.value().is_some(),
        })
    }

    /// A text without arguments, in English when this language lacks it; the id itself when there is none at all.
    ///
    /// It costs one look into a table, so that it can be called for every painted frame.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        match (self.fixed.get(id), self.fallback()) {
            (Some(text), _) => text,
            (None, Some(fallback)) => fallback.text(id),
            (None, None) => id,
        }
    }

    /// A text with its arguments filled in, in English when this language lacks it; the id itself when there is none at all.
    pub fn format(&self, id: &str, arguments: &Arguments<'_>) -> String {
        match (self.fill(id, Some(arguments), Incomplete::Shown), self.fallback()) {
            (Some(text), _) => text,
            (None, Some(fallback)) => fallback.format(id, arguments),
            (None, None) => id.to_owned(),
        }
    }

    /// The first of several texts that exists, with its arguments filled in; the last id itself when none does.
    pub(super) fn format_first(&self, ids: &[String], arguments: &Arguments<'_>) -> String {
        let known = |id: &&String| self.has(id) || self.fallback().is_some_and(|fallback| fallback.has(id));
        let id = ids.iter().find(known).or(ids.last());
        id.map(|id| self.format(id, arguments)).unwrap_or_default()
    }

    fn fallback(&self) -> Option<&'static Texts> {
        (self.language != Language::ENGLISH.tag()).then(Texts::english)
    }

    fn fill(&self, id: &str, arguments: Option<&Arguments<'_>>, incomplete: Incomplete) -> Option<String> {
        let (message, attribute) = split_id(id);
        let message = self.bundle.get_message(message)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors);
        (errors.is_empty() || incomplete == Incomplete::Shown).then(|| reflow(&text))
    }

    fn collect_ids(&self, source: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for line in source.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic())) {
            let Some((id, _)) = line.split_once(" =") else { continue };
            let Some(message) = self.bundle.get_message(id) else { continue };
            if message.value().is_some() {
                ids.push(id.to_owned());
            }
            ids.extend(message.attributes().map(|attribute| format!("{id}.{}", attribute.id())));
        }
        ids
    }
}

/// The message that an id names, and the attribute of it when it names one.
fn split_id(id: &str) -> (&str, Option<&str>) {
    match id.split_once('.') {
        Some((message, attribute)) => (message, Some(attribute)),
        None => (id, None),
    }
}

/// What is done with a text that asks for an argument which it was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Incomplete {
    Shown,
    Refused,
}

/// Joins the lines of a paragraph; an empty line and a line that begins a list item stay line breaks.
fn reflow(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("- ") {
            joined.push('\n');
        }
        if !joined.is_empty() && !joined.ends_with('\n') && !line.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line);
        if line.is_empty() {
            joined.push('\n');
        }
    }
    joined.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_paragraph_are_joined_and_lists_keep_their_lines() {
        assert_eq!(reflow("one\n  two\n\nthree"), "one two\n\nthree");
        assert_eq!(reflow("causes:\n- one\n  more\n- two"), "causes:\n- one more\n- two");
        assert_eq!(reflow("- one\n- two"), "- one\n- two");
    }

    #[test]
    fn another_language_falls_back_to_english_and_then_to_the_id() {
        let texts = Texts::parse("tr", "heading-description = Açıklama\n");
        assert!(texts.problems().is_empty());
        assert_eq!(texts.text("heading-description"), "Açıklama");
        assert_eq!(texts.text("heading-how-to-fix"), "How to fix");
        assert_eq!(texts.text("no-such-id"), "no-such-id");
        assert_eq!(texts.format("no-such-id", &Arguments::new()), "no-such-id");
    }

    #[test]
    fn a_damaged_file_gives_what_is_readable_and_says_so() {
        let texts = Texts::parse("en", "good = fine\nbad = { $\n");
        assert_eq!(texts.text("good"), "fine");
        assert!(!texts.problems().is_empty());
    }
}
