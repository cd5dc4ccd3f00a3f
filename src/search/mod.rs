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
use crate::session::Stretch;

use expression::{Comparison, Condition, Test};

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

    /// The frames of a stretch of a session.
    pub fn of_stretch(stretch: Stretch) -> Filter {
        let (field, first, (past, last)) = match stretch {
            Stretch::Time { start, end } => (Field::Time, start.nanoseconds(), (Comparison::Less, end.nanoseconds())),
            Stretch::Frames { from, to } => (Field::Number, from.min(to).0, (Comparison::LessOrEqual, from.max(to).0)),
        };
        let condition =
            |comparison, value| Expression::Condition(Condition::Quantity(field, Test::Compare(comparison, value)));
        Filter {
            expression: Expression::All(vec![condition(Comparison::GreaterOrEqual, first), condition(past, last)]),
        }
    }

    /// The same frames, if they are of this stretch too; a part of the session that was asked for before is not asked for any more.
    pub fn narrowed_to(&self, stretch: Stretch) -> Filter {
        let bounds = |part: &Expression| {
            matches!(part, Expression::Condition(Condition::Quantity(Field::Time | Field::Number, Test::Compare(..))))
        };
        let mut parts = match &self.expression {
            Expression::All(parts) => parts.clone(),
            other => vec![other.clone()],
        };
        parts.retain(|part| !bounds(part));
        if let Expression::All(bounds) = Filter::of_stretch(stretch).expression {
            parts.extend(bounds);
        }
        Filter { expression: Expression::All(parts) }
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
