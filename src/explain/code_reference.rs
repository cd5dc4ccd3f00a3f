//! The reference of close codes: those that have something of their own to tell, and the search among them.

use crate::protocol::close::CloseCode;

use super::code_article::CodeArticle;
use super::texts::Texts;

/// One code of the reference, for a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    /// The code.
    #[serde(serialize_with = "super::code_article::as_number")]
    pub code: CloseCode,
    /// Its name, or that of its range.
    pub name: String,
    /// The whole of it in one sentence; of a code without a meaning of its own, who uses it for what.
    pub short: String,
}

/// The articles on every code that is registered or has a documented use, made once and searched often.
pub struct CodeReference {
    articles: Vec<CodeArticle>,
}

impl CodeReference {
    /// The reference in the language of these texts, in the order of the numbers.
    pub fn new(texts: &Texts) -> CodeReference {
        let known =
            texts.ids().filter_map(|id| id.strip_prefix("known-")?.split('-').next()?.parse().ok().map(CloseCode));
        let mut codes: Vec<CloseCode> = known.chain(CloseCode::REGISTERED).collect();
        codes.sort_unstable();
        codes.dedup();
        CodeReference { articles: codes.into_iter().map(|code| CodeArticle::of(code, texts)).collect() }
    }

    /// All articles, in the order of the numbers.
    pub fn articles(&self) -> &[CodeArticle] {
        &self.articles
    }

    /// The articles in which every word of the question occurs, whatever the case of its letters: first those that have them in their
    /// number or name, then those in their sentence, then the others.
    pub fn search(&self, question: &str) -> Vec<&CodeArticle> {
        let question = folded(question);
        let words: Vec<&str> = question.split_whitespace().collect();
        if words.is_empty() {
            return self.articles.iter().collect();
        }
        let has_all = |text: &str| words.iter().all(|word| text.contains(word));
        let mut found: Vec<(Rank, &CodeArticle)> = Vec::new();
        for article in &self.articles {
            let mut text = folded(&format!("{} {}", article.code, article.name));
            let is_named = has_all(&text);
            text.push_str(&folded(&article.short));
            let is_in_short = has_all(&text);
            for section in &article.sections {
                text.push('\n');
                text.push_str(&folded(&section.text));
            }
            if has_all(&text) {
                let rank = match (is_named, is_in_short) {
                    (true, _) => Rank::Name,
                    (false, true) => Rank::Sentence,
                    (false, false) => Rank::Article,
                };
                found.push((rank, article));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, article)| article).collect()
    }
}

impl From<&CodeArticle> for Entry {
    fn from(article: &CodeArticle) -> Entry {
        let uses = article.known_uses.iter().map(|known| format!("{}: {}", known.by, known.meaning));
        let short = match article.registered || article.known_uses.is_empty() {
            true => article.short.clone(),
            false => uses.collect::<Vec<_>>().join(" "),
        };
        Entry { code: article.code, name: article.name.clone(), short }
    }
}

/// Where the words of a question were found, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    Sentence,
    Article,
}

/// A text without case, in which the four letters i of Turkish are one, so that a word is found on any keyboard.
fn folded(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        'I' | 'İ' | 'ı' => 'i',
        other => other,
    });
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_a_question_may_have_any_case_and_any_dot() {
        assert_eq!(folded("SIFIRLANDI İstemci Iğdır"), "sifirlandi istemci iğdir");
    }
}
