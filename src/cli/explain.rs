//! `closelook explain`: what a close code means, or how two differ.

use crate::explain::code_article::CodeArticle;
use crate::explain::comparison::Comparison;
use crate::explain::plain_text::PlainText;
use crate::protocol::close::CloseCode;

use super::arguments::{ExplainArguments, OutputFormat};
use super::failure::Failure;
use super::output::Output;

/// Prints the article on one code, or the comparison of two.
pub(super) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    let texts = arguments.lang.0;
    let mut out = Output::new();
    match (arguments.codes.as_slice(), arguments.format) {
        (&[left, right], format) => {
            let comparison = Comparison::of(CloseCode(left), CloseCode(right), texts);
            match format {
                OutputFormat::Text => out.page(&PlainText::new(texts).comparison(&comparison, None))?,
                OutputFormat::Json => out.document(&comparison)?,
            }
        }
        (codes, format) => {
            for code in codes {
                let article = CodeArticle::of(CloseCode(*code), texts);
                match format {
                    OutputFormat::Text => out.page(&PlainText::new(texts).code_article(&article))?,
                    OutputFormat::Json => out.document(&article)?,
                }
            }
        }
    }
    Ok(out.flush()?)
}
