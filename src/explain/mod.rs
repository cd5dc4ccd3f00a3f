//! What a verdict, a close code and a finding mean, in words; the words live in `assets/texts`, the facts in `protocol`.
//!
//! ```text
//! Verdict ───► Explanation      what happened in one session: evidence, verdict, reports, what to do next
//! CloseCode ─► CodeArticle      what one code means
//! 2 codes ───► Comparison       the two side by side, under the same headings
//! Finding ───► a sentence
//!                    └────► PlainText   the same for a terminal
//! ```
//!
//! Everything here is a value that is made once and read often: a panel keeps it and paints from it.

pub mod code_article;
pub mod comparison;
pub mod explanation;
pub mod findings;
pub mod marked_close;
pub mod plain_text;
pub mod texts;
