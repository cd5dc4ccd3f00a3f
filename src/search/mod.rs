//! Searching a session: the language of filters, asking frames, and going over sessions in the background; nothing here is drawn.
//!
//! ```text
//! text ─► lexer ─► parser ─► Expression ─► Matcher ─► Scan: the frames that match, as they are found
//!            └────────┴──► Completion: what can stand at the cursor
//! ```
//!
//! A condition on a field that a frame does not have never holds, `!=` included; `!(…)` of it does. A message is matched on the frame
//! that begins it.

pub mod completion;
mod content;
pub mod expression;
pub mod field;
mod lexer;
pub mod matcher;
mod parser;
pub mod pattern;
pub mod scan;

use std::fmt;

use crate::content::json_path::Step;

use expression::Condition;

pub use completion::{Completion, Suggestion};
pub use expression::Expression;
pub use field::Field;
pub use matcher::Matcher;
pub use regex::bytes::Regex;
pub use scan::{Found, Pass, Scan};

/// The frames that a filter matches.
pub type Matches = crate::session::FrameSet;

/// The longest filter, in characters.
const LONGEST: usize = 16 * 1024;

/// Why a text is no filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} (at character {})", .at + 1)]
pub struct FilterError {
    /// How many characters stand before the place.
    pub at: usize,
    /// What is wrong, and what could stand there.
    pub problem: String,
}

impl FilterError {
    fn new(at: usize, problem: impl Into<String>) -> FilterError {
        FilterError { at, problem: problem.into() }
    }

    /// The problem, and under it the filter with a mark below the place.
    pub fn pointing_into(&self, source: &str) -> String {
        format!("{}\n  {source}\n  {}^", self.problem, " ".repeat(self.at))
    }
}

/// What frames have to be like. Written out, it reads as the same filter again.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    expression: Expression,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(source: &str) -> Result<Filter, FilterError> {
        let end = source.chars().count();
        if end > LONGEST {
            return Err(FilterError::new(LONGEST, format!("A filter has at most {LONGEST} characters.")));
        }
        let expression = parser::Parser::new(lexer::tokens(source)?, end).filter()?;
        Ok(Filter { expression })
    }

    /// The syntax tree.
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// The path into JSON, of a filter that is nothing else.
    pub fn json_path(&self) -> Option<&[Step]> {
        match &self.expression {
            Expression::Condition(Condition::Json(path, None)) => Some(path),
            _ => None,
        }
    }

    /// What finds the places in a text that the filter looks for; nothing for what must not be there.
    pub fn needles(&self) -> Vec<Regex> {
        let mut needles = Vec::new();
        self.expression.needles(&mut needles);
        needles
    }

    /// The filter, ready to be asked.
    pub fn matcher(&self) -> Matcher {
        Matcher::new(&self.expression)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(formatter)
    }
}
