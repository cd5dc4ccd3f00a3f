//! The syntax tree of a filter, and how it is written.

use std::cmp::Ordering;
use std::fmt::{self, Display, Formatter, Write as _};

use regex::bytes::Regex;

use crate::content::json_path::{Step, shown};
use crate::content::one_line::quoted;
use crate::protocol::direction::Side;
use crate::protocol::finding::Severity;
use crate::protocol::hexadecimal;
use crate::protocol::opcode::Opcode;

use super::field::{Field, Kind, Unit};
use super::pattern::{AnyCase, Pattern};

/// What frames have to be like.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// One of these holds.
    Any(Vec<Expression>),
    /// Each of these holds.
    All(Vec<Expression>),
    /// This does not hold.
    Not(Box<Expression>),
    /// One thing is asked of one field.
    Condition(Condition),
}

/// One thing that is asked of a field. Of a frame that has no such field it does not hold, whatever is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The field is there, or set.
    Present(Field),
    /// The opcode is one of these.
    Opcode(Membership<OpcodeName>),
    /// The sender is one of these.
    Sender(Membership<Side>),
    /// A number compares like this; bytes, nanoseconds, frames or close codes.
    Quantity(Field, Test<u64>),
    /// Text or bytes are like this.
    Text(Field, TextTest),
    /// One of these rules is broken.
    Finding(Vec<&'static str>),
    /// The worst finding compares like this.
    Severity(Test<Severity>),
    /// A value at a path in JSON is like this; `None` when it only has to be there.
    Json(Vec<Step>, Option<JsonTest>),
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Every comparison.
    pub const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::Different,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    /// How a filter writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Different => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// Whether it holds of two values in this order; values that have none are different.
    pub(super) fn holds(self, ordering: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => ordering == Some(Ordering::Equal),
            Comparison::Different => ordering != Some(Ordering::Equal),
            Comparison::Less => ordering.is_some_and(Ordering::is_lt),
            Comparison::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Comparison::Greater => ordering.is_some_and(Ordering::is_gt),
            Comparison::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
        }
    }
}

/// What is asked of a value that has an order.
#[derive(Debug, Clone, PartialEq)]
pub enum Test<T> {
    /// It compares like this with the value.
    Compare(Comparison, T),
    /// It is one of these.
    OneOf(Vec<T>),
}

impl<T: PartialOrd> Test<T> {
    pub(super) fn holds(&self, value: &T) -> bool {
        match self {
            Test::Compare(comparison, with) => comparison.holds(value.partial_cmp(with)),
            Test::OneOf(values) => values.contains(value),
        }
    }
}

/// Whether a value is, or is not, one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership<T> {
    /// Whether it has to be one of them.
    pub is_one: bool,
    /// The values.
    pub of: Vec<T>,
}

/// An opcode as a filter names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpcodeName {
    /// This one.
    Exactly(Opcode),
    /// Any of those without a meaning.
    AnyReserved,
}

impl OpcodeName {
    /// Every name, in the order of the bits.
    pub(super) const NAMED: [OpcodeName; 7] = [
        OpcodeName::Exactly(Opcode::Text),
        OpcodeName::Exactly(Opcode::Binary),
        OpcodeName::Exactly(Opcode::Continuation),
        OpcodeName::Exactly(Opcode::Close),
        OpcodeName::Exactly(Opcode::Ping),
        OpcodeName::Exactly(Opcode::Pong),
        OpcodeName::AnyReserved,
    ];
}

impl Display for OpcodeName {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            OpcodeName::Exactly(Opcode::Reserved(bits)) => write!(formatter, "{bits}"),
            OpcodeName::Exactly(opcode) => formatter.write_str(opcode.name()),
            OpcodeName::AnyReserved => formatter.write_str("reserved"),
        }
    }
}

/// What is asked of text or bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum TextTest {
    /// They are exactly these, or not.
    Is {
        /// Whether they have to be the same.
        same: bool,
        /// These.
        bytes: Vec<u8>,
    },
    /// These bytes are somewhere in them.
    Contains(Vec<u8>),
    /// This text is somewhere in them, whatever the case of its letters.
    ContainsIgnoringCase(AnyCase),
    /// The regular expression matches somewhere in them.
    Matches(Pattern),
}

/// What is asked of a value in JSON.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonTest {
    /// It compares like this; values of different kinds are different and have no order.
    Is(Test<JsonValue>),
    /// It is a text like this.
    Text(TextTest),
}

/// A value that JSON's are compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonValue {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Whole(i128),
    /// Any other number.
    Decimal(f64),
    /// A text.
    Text(String),
}

impl JsonValue {
    /// The number that this is the text of.
    pub(super) fn number(text: &str) -> Option<JsonValue> {
        if let Ok(whole) = text.parse() {
            return Some(JsonValue::Whole(whole));
        }
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(JsonValue::Decimal)
    }
}

impl PartialOrd for JsonValue {
    fn partial_cmp(&self, other: &JsonValue) -> Option<Ordering> {
        use JsonValue::{Boolean, Decimal, Null, Text, Whole};
        match (self, other) {
            (Null, Null) => Some(Ordering::Equal),
            (Boolean(one), Boolean(other)) => (one == other).then_some(Ordering::Equal),
            (Whole(one), Whole(other)) => Some(one.cmp(other)),
            (Whole(one), Decimal(other)) => (*one as f64).partial_cmp(other),
            (Decimal(one), Whole(other)) => one.partial_cmp(&(*other as f64)),
            (Decimal(one), Decimal(other)) => one.partial_cmp(other),
            (Text(one), Text(other)) => Some(one.as_str().cmp(other)),
            _ => None,
        }
    }
}

impl Expression {
    /// What finds the places in a text that are asked for.
    pub(super) fn needles(&self, needles: &mut Vec<Regex>) {
        let test = match self {
            Expression::Any(parts) | Expression::All(parts) => {
                return parts.iter().for_each(|part| part.needles(needles));
            }
            // A note is not in what crossed.
            Expression::Not(_) | Expression::Condition(Condition::Text(Field::Note, _)) => return,
            Expression::Condition(Condition::Text(_, test) | Condition::Json(_, Some(JsonTest::Text(test)))) => test,
            Expression::Condition(_) => return,
        };
        needles.extend(match test {
            TextTest::Is { .. } => None,
            // Only text can be found in what is shown.
            TextTest::Contains(bytes) => std::str::from_utf8(bytes)
                .ok()
                .filter(|text| !text.is_empty())
                .and_then(|text| Regex::new(&regex::escape(text)).ok()),
            TextTest::ContainsIgnoringCase(any_case) => Some(any_case.regex().clone()),
            TextTest::Matches(pattern) => Some(pattern.regex().clone()),
        });
    }
}

impl Display for Expression {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut joined = |parts: &[Expression], word: &str, in_brackets: fn(&Expression) -> bool| {
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    write!(formatter, " {word} ")?;
                }
                if in_brackets(part) { write!(formatter, "({part})")? } else { write!(formatter, "{part}")? }
            }
            Ok(())
        };
        match self {
            Expression::Any(parts) => joined(parts, "||", |part| matches!(part, Expression::Any(_))),
            Expression::All(parts) => {
                joined(parts, "&&", |part| matches!(part, Expression::Any(_) | Expression::All(_)))
            }
            Expression::Not(inner) => match inner.as_ref() {
                Expression::Condition(Condition::Present(_)) | Expression::Not(_) => write!(formatter, "!{inner}"),
                _ => write!(formatter, "!({inner})"),
            },
            Expression::Condition(condition) => condition.fmt(formatter),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Present(field) => out.write_str(field.name()),
            Condition::Opcode(membership) => write_membership(out, Field::Opcode.name(), membership),
            Condition::Sender(membership) => write_membership(out, Field::Dir.name(), membership),
            Condition::Quantity(field, test) => {
                let unit = match field.kind() {
                    Kind::Quantity(unit) => unit,
                    _ => Unit::Frames,
                };
                write_test(out, field.name(), test, |out, value| write_quantity(out, *value, unit))
            }
            Condition::Text(field, test) => write_text_test(out, field.name(), test),
            Condition::Finding(names) if names.is_empty() => out.write_str(Field::Finding.name()),
            Condition::Finding(names) => {
                let (membership, field) = (Test::OneOf(names.clone()), Field::Finding.name());
                write_test(out, field, &membership, |out, name| write_bytes(out, name.as_bytes()))
            }
            Condition::Severity(test) => {
                write_test(out, Field::FindingSeverity.name(), test, |out, value| out.write_str(value.name()))
            }
            Condition::Json(path, test) => {
                let field = shown(path);
                match test {
                    None => out.write_str(&field),
                    Some(JsonTest::Is(test)) => write_test(out, &field, test, |out, value| value.fmt(out)),
                    Some(JsonTest::Text(test)) => write_text_test(out, &field, test),
                }
            }
        }
    }
}

impl Display for JsonValue {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            JsonValue::Null => out.write_str("null"),
            JsonValue::Boolean(value) => write!(out, "{value}"),
            JsonValue::Whole(number) => write!(out, "{number}"),
            JsonValue::Decimal(number) => write!(out, "{number:?}"),
            JsonValue::Text(text) => write_bytes(out, text.as_bytes()),
        }
    }
}

fn write_test<T>(
    out: &mut Formatter<'_>,
    field: &str,
    test: &Test<T>,
    value: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    match test {
        Test::Compare(comparison, with) => {
            write!(out, "{field} {} ", comparison.symbol())?;
            value(out, with)
        }
        Test::OneOf(values) => {
            write!(out, "{field} in {{")?;
            for (place, one) in values.iter().enumerate() {
                if place > 0 {
                    out.write_str(", ")?;
                }
                value(out, one)?;
            }
            out.write_char('}')
        }
    }
}

fn write_membership<T: Display>(out: &mut Formatter<'_>, field: &str, membership: &Membership<T>) -> fmt::Result {
    match (membership.is_one, membership.of.as_slice()) {
        (false, [one]) => write!(out, "{field} != {one}"),
        (true, [one]) => write!(out, "{field} == {one}"),
        (_, values) => {
            let values: Vec<String> = values.iter().map(T::to_string).collect();
            write!(out, "{field} in {{{}}}", values.join(", "))
        }
    }
}

fn write_text_test(out: &mut Formatter<'_>, field: &str, test: &TextTest) -> fmt::Result {
    write!(out, "{field} ")?;
    match test {
        TextTest::Is { same, bytes } => {
            out.write_str(if *same { "== " } else { "!= " })?;
            write_bytes(out, bytes)
        }
        TextTest::Contains(bytes) => {
            out.write_str("contains ")?;
            write_bytes(out, bytes)
        }
        TextTest::ContainsIgnoringCase(any_case) => {
            out.write_str("icontains ")?;
            write_bytes(out, any_case.text().as_bytes())
        }
        TextTest::Matches(pattern) => write!(out, "matches {pattern}"),
    }
}

/// A quantity in the largest unit that it is a whole number of.
fn write_quantity(out: &mut Formatter<'_>, value: u64, unit: Unit) -> fmt::Result {
    let units: &[(u64, &str)] = match unit {
        Unit::Bytes => &[(1 << 30, " GiB"), (1 << 20, " MiB"), (1 << 10, " KiB")],
        Unit::Time => &[(1_000_000_000, " s"), (1_000_000, " ms"), (1_000, " us"), (1, " ns")],
        Unit::Frames | Unit::Codes => &[],
    };
    match units.iter().find(|(size, _)| value > 0 && value.is_multiple_of(*size)) {
        Some((size, name)) => write!(out, "{}{name}", value / size),
        None => write!(out, "{value}"),
    }
}

/// Text in double quotes, other bytes in hexadecimal.
fn write_bytes(out: &mut Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    let Ok(text) = std::str::from_utf8(bytes) else { return write!(out, "0x{}", hexadecimal::encode(bytes)) };
    out.write_str(&quoted(text))
}
