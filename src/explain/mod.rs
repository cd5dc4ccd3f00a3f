//! What a verdict, a close code and a finding mean, in words; the words live in `assets/texts`, the facts in `protocol`.
//!
//! ```text
//! Verdict ───► Explanation      what happened in one session: evidence, verdict, reports, what to do next
//! Circumstances ► Diagnosis     why it ended so: causes with their evidence, the most certain first
//! CloseCode ─► CodeArticle      what one code means ◄─ code_reference, which finds the articles that words are about
//! 2 codes ───► Comparison       the two side by side, under the same headings
//! Finding ───► a sentence
//!                    └────► PlainText   the same for a terminal
//! ```
//!
//! Everything here is a value that is made once and read often: a panel keeps it and paints from it. All of them are made from
//! [`texts::Texts`], and [`language::Language::texts`] yields those of a language: to switch, make the values again from the others.

pub mod code_article;
pub mod code_reference;
pub mod comparison;
pub mod diagnosis;
pub mod explanation;
pub mod findings;
pub mod language;
pub mod marked_close;
pub mod plain_text;
pub mod texts;
