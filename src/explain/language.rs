//! The languages that there are texts in. A language is one file in `assets/texts` and one line here.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use super::texts::Texts;

/// A language that there are texts in: a small value to keep, compare and hand on.
#[derive(Clone, Copy)]
pub struct Language(&'static Entry);

/// What there is of a language.
struct Entry {
    tag: &'static str,
    /// The texts in Fluent syntax.
    source: &'static str,
    loaded: OnceLock<Texts>,
}

impl Entry {
    const fn new(tag: &'static str, source: &'static str) -> Entry {
        Entry { tag, source, loaded: OnceLock::new() }
    }
}

static ENGLISH: Entry = Entry::new("en", include_str!("../../assets/texts/en.ftl"));
static TURKISH: Entry = Entry::new("tr", include_str!("../../assets/texts/tr.ftl"));

/// There are no texts in a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no texts in `{tag}`; there are: {}", Language::ALL.map(Language::tag).join(", "))]
pub struct UnknownLanguage {
    /// What was asked for.
    pub tag: String,
}

impl Language {
    /// English, in which there is a text for everything.
    pub const ENGLISH: Language = Language(&ENGLISH);

    /// Every language, English first.
    pub const ALL: [Language; 2] = [Language::ENGLISH, Language(&TURKISH)];

    /// Its tag (`en`), by which it is asked for, saved, and named in a web page.
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// Its own name for itself.
    pub fn own_name(self) -> &'static str {
        self.texts().text("language-name")
    }

    /// Its texts, loaded once for the whole program.
    pub fn texts(self) -> &'static Texts {
        self.0.loaded.get_or_init(|| Texts::parse(self.0.tag, self.0.source))
    }

    /// The language of a locale's name, such as `tr_TR.UTF-8`, `tr-TR` or `tr`.
    pub fn of_locale(locale: &str) -> Option<Language> {
        locale.split(['_', '-', '.', '@']).next()?.parse().ok()
    }

    /// The language of the system's locale; English where there are no texts in that.
    pub fn of_the_system() -> Language {
        // Whoever sets the locale to C wants no language of their own, whatever the lesser settings say.
        let mut wanted = sys_locale::get_locales().take_while(|locale| !["C", "POSIX"].contains(&locale.as_str()));
        wanted.find_map(|locale| Language::of_locale(&locale)).unwrap_or(Language::ENGLISH)
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Language, UnknownLanguage> {
        let known = Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag));
        known.ok_or_else(|| UnknownLanguage { tag: tag.to_owned() })
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.tag() == other.tag()
    }
}

impl Eq for Language {}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tag())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_name_their_language_in_many_ways() {
        let [english, turkish] = Language::ALL;
        for locale in ["tr", "TR", "tr_TR", "tr_TR.UTF-8", "tr-TR", "tr@euro"] {
            assert_eq!(Language::of_locale(locale), Some(turkish), "{locale}");
        }
        assert_eq!(Language::of_locale("en_GB.UTF-8"), Some(english));
        for locale in ["C", "C.UTF-8", "POSIX", "", "de_DE", "trk"] {
            assert_eq!(Language::of_locale(locale), None, "{locale}");
        }
    }

    #[test]
    fn a_language_without_texts_is_refused_with_those_that_there_are() {
        let refused = "xx".parse::<Language>().unwrap_err().to_string();
        assert!(refused.contains("xx") && refused.contains("en, tr"), "{refused}");
    }

    #[test]
    fn every_language_has_a_name_for_itself() {
        assert_eq!(Language::ALL.map(Language::own_name), ["English", "Türkçe"]);
    }
}
