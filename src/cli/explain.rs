//! `closelook explain`: what a close code means, how two differ, or which codes some words are about.

use crate::explain::code_article::CodeArticle;
use crate::explain::code_reference::{CodeReference, Entry};
use crate::explain::comparison::Comparison;
use crate::explain::plain_text::PlainText;

use super::arguments::{ExplainArguments, OutputFormat, Question};
use super::failure::Failure;
use super::output::Output;

/// Prints the article on one code, the comparison of two, or what words find.
pub(super) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let texts = arguments.lang.texts();
    let page = PlainText::new(texts);
    let mut out = Output::new();
    match (arguments.question().map_err(Failure::Question)?, arguments.format) {
        (Question::Code(code), OutputFormat::Text) => out.page(&page.code_article(&CodeArticle::of(code, texts)))?,
        (Question::Code(code), OutputFormat::Json) => out.document(&CodeArticle::of(code, texts))?,
        (Question::Comparison(left, right), format) => {
            let comparison = Comparison::of(left, right, texts);
            match format {
                OutputFormat::Text => out.page(&page.comparison(&comparison, None))?,
                OutputFormat::Json => out.document(&comparison)?,
            }
        }
        (Question::Words(words), format) => {
            let reference = CodeReference::new(texts);
            match (reference.search(&words).as_slice(), format) {
                ([], _) => return Err(Failure::NothingFound { words, language: arguments.lang }),
                ([article], OutputFormat::Text) => out.page(&page.code_article(article))?,
                (found, format) => {
                    let found: Vec<Entry> = found.iter().map(|article| Entry::from(*article)).collect();
                    match format {
                        OutputFormat::Text => out.page(&page.entries(&found))?,
                        OutputFormat::Json => out.document(&found)?,
                    }
                }
            }
        }
    }
    Ok(out.flush()?)
}
