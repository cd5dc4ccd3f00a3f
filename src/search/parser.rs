//! Reading a filter: tokens in, a syntax tree out, or what is wrong and where.
//!
//! ```text
//! any       = all { ( "||" | "or" ) all }
//! all       = term { ( "&&" | "and" ) term }
//! term      = ( "!" | "not" ) term | "(" any ")" | condition
//! condition = FIELD [ COMPARISON value | "in" "{" value { "," value } "}" | ( "contains" | "icontains" ) text | "matches" /REGEX/ ]
//! ```

use crate::content::json_path::Step;
use crate::protocol::direction::Side;
use crate::protocol::finding::{Rule, Severity};
use crate::protocol::opcode::Opcode;

use super::FilterError;
use super::expression::{
    Comparison, Condition, Expression, JsonTest, JsonValue, Membership, OpcodeName, Test, TextTest,
};
use super::field::{Field, Kind, Unit};
use super::lexer::{Placed, Token};
use super::pattern::{AnyCase, Pattern};

/// How deep brackets and negations may be nested.
const DEEPEST: usize = 64;

/// How many conditions and values a filter may have.
const MOST_PARTS: usize = 1_000;

/// The longest path into JSON.
const LONGEST_PATH: usize = 64;

/// The units of bytes.
pub(super) const BYTE_UNITS: [(&str, u64); 13] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("B", 1),
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
];

/// The units of time.
pub(super) const TIME_UNITS: [(&str, u64); 7] = [
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("ns", 1),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// What can stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// A field, a negation or a bracket.
    Term,
    /// What is asked of this field.
    Operator(Field),
    /// What this field is compared with.
    Value(Field),
    /// A text or bytes to look for.
    Needle,
    /// A regular expression.
    Regex,
    /// The unit of the number before.
    Unit(Unit),
    /// `{`, or what follows a value inside.
    Brace,
    /// `&&`, `||`
    Connective,
    /// `)`
    Bracket,
}

/// Reads tokens; `end` is the number of characters of the whole text.
pub(super) struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    end: usize,
    depth: usize,
    parts: usize,
    /// What was asked for where the text ended.
    pub(super) expected: Vec<Expected>,
}

impl Parser {
    pub(super) fn new(tokens: Vec<Placed>, end: usize) -> Parser {
        Parser { tokens, at: 0, end, depth: 0, parts: 0, expected: Vec::new() }
    }

    /// Reads the whole filter.
    pub(super) fn filter(&mut self) -> Result<Expression, FilterError> {
        let expression = self.any()?;
        match self.peek(Expected::Connective) {
            None => Ok(expression),
            Some(Token::Close) => self.fail("There is no ( for this bracket."),
            Some(_) => self.fail("Expected && or || and a further condition."),
        }
    }

    fn peek(&mut self, expected: Expected) -> Option<&Token> {
        if self.at >= self.tokens.len() {
            self.expected.push(expected);
        }
        self.tokens.get(self.at).map(|placed| &placed.token)
    }

    fn take(&mut self, expected: Expected) -> Option<Token> {
        let token = self.peek(expected).cloned()?;
        self.at += 1;
        Some(token)
    }

    fn take_if(&mut self, wanted: &Token, expected: Expected) -> bool {
        let is_it = self.peek(expected) == Some(wanted);
        self.at += usize::from(is_it);
        is_it
    }

    /// Where the next token begins, or the text ends.
    fn place(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |placed| placed.range.start)
    }

    /// Where the token before began.
    fn place_before(&self) -> usize {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.map_or(0, |placed| placed.range.start)
    }

    /// An error at the next token.
    fn fail<T>(&self, problem: impl Into<String>) -> Result<T, FilterError> {
        Err(FilterError::new(self.place(), problem))
    }

    /// An error at the token that was just taken; at the end when there was none.
    fn refuse<T>(&self, taken: &Option<Token>, problem: impl Into<String>) -> Result<T, FilterError> {
        Err(FilterError::new(if taken.is_some() { self.place_before() } else { self.end }, problem))
    }

    fn count(&mut self) -> Result<(), FilterError> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return self.fail(format!("A filter has at most {MOST_PARTS} conditions and values."));
        }
        Ok(())
    }

    fn any(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.all()?];
        while self.take_if(&Token::Or, Expected::Connective) {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expression::Any, |part| match part {
            Expression::Any(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn all(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.term()?];
        while self.take_if(&Token::And, Expected::Connective) {
            parts.push(self.term()?);
        }
        Ok(joined(parts, Expression::All, |part| match part {
            Expression::All(parts) => Ok(parts),
            other => Err(other),
        }))
    }

    fn term(&mut self) -> Result<Expression, FilterError> {
        let is_negated = match self.peek(Expected::Term) {
            Some(Token::Not) => true,
            Some(Token::Open) => false,
            _ => {
                self.count()?;
                return self.condition().map(Expression::Condition);
            }
        };
        if self.depth >= DEEPEST {
            return self.fail(format!("Brackets and negations are nested at most {DEEPEST} deep."));
        }
        self.depth += 1;
        self.at += usize::from(is_negated);
        // A negation and the bracket after it are one level, as a filter is written out with that bracket.
        let inner = if self.take_if(&Token::Open, Expected::Term) { self.bracket()? } else { self.term()? };
        self.depth -= 1;
        Ok(if is_negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    /// What is inside a bracket that was opened, and its end.
    fn bracket(&mut self) -> Result<Expression, FilterError> {
        let inner = self.any()?;
        if !self.take_if(&Token::Close, Expected::Bracket) {
            return self.fail("Expected ), && or ||.");
        }
        Ok(inner)
    }

    fn condition(&mut self) -> Result<Condition, FilterError> {
        const UNKNOWN: &str =
            "Expected a field, such as opcode, dir, len, payload, json.key, close.code, finding or time.";
        let taken = self.take(Expected::Term);
        let Some(Token::Word(word)) = &taken else {
            return self.refuse(&taken, UNKNOWN);
        };
        if word == "json" || word.starts_with("json.") {
            let (word, at) = (word.clone(), self.place_before());
            let path = self.path(&word, at)?;
            return self.json(path);
        }
        let Some(field) = Field::of_name(word) else {
            let like = nearest(word).map(|like| format!(" Did you mean {like}?")).unwrap_or_default();
            return self.refuse(&taken, format!("{UNKNOWN}{like}"));
        };
        match field.kind() {
            Kind::Flag => {
                if let Some(Token::Comparison(_) | Token::Word(_)) = self.peek(Expected::Connective) {
                    let name = field.name();
                    return self.fail(format!("{name} is a yes or no and stands alone: {name}, or !{name}."));
                }
                Ok(Condition::Present(field))
            }
            Kind::Opcode => Ok(Condition::Opcode(self.membership(field, Parser::opcode)?)),
            Kind::Side => Ok(Condition::Sender(self.membership(field, Parser::side)?)),
            Kind::Quantity(unit) => {
                if self.stands_alone(field) {
                    return Ok(Condition::Present(field));
                }
                let test = self.test(field, |parser| parser.quantity(field, unit))?;
                Ok(Condition::Quantity(field, test))
            }
            Kind::Text => {
                if self.stands_alone(field) {
                    return Ok(Condition::Present(field));
                }
                match self.text_test(field)? {
                    Some(test) => Ok(Condition::Text(field, test)),
                    None => self.text_equality(field),
                }
            }
            Kind::Finding => self.finding(),
            Kind::Severity => Ok(Condition::Severity(self.test(field, Parser::severity)?)),
            // Handled above, by the word's start.
            Kind::Json => self.fail(UNKNOWN),
        }
    }

    /// Whether a field that may be absent is only asked for.
    fn stands_alone(&mut self, field: Field) -> bool {
        field.may_be_absent()
            && !matches!(
                self.peek(Expected::Operator(field)),
                Some(
                    Token::Comparison(_) | Token::Word(_) | Token::Number(_) | Token::Bytes(_) | Token::Pattern { .. }
                )
            )
    }

    /// A comparison with a value, or `in` with several.
    fn test<T>(
        &mut self,
        field: Field,
        value: impl Fn(&mut Parser) -> Result<T, FilterError>,
    ) -> Result<Test<T>, FilterError> {
        match self.take(Expected::Operator(field)) {
            Some(Token::Comparison(comparison)) => Ok(Test::Compare(comparison, value(self)?)),
            Some(Token::Word(word)) if word == "in" => Ok(Test::OneOf(self.several(value)?)),
            taken => self.refuse(&taken, "Expected ==, !=, <, <=, >, >= or in."),
        }
    }

    /// `==`, `!=` or `in`.
    fn membership<T>(
        &mut self,
        field: Field,
        value: impl Fn(&mut Parser) -> Result<T, FilterError>,
    ) -> Result<Membership<T>, FilterError> {
        match self.take(Expected::Operator(field)) {
            Some(Token::Comparison(comparison @ (Comparison::Equal | Comparison::Different))) => {
                Ok(Membership { is_one: comparison == Comparison::Equal, of: vec![value(self)?] })
            }
            Some(Token::Word(word)) if word == "in" => Ok(Membership { is_one: true, of: self.several(value)? }),
            taken => self.refuse(&taken, "Expected ==, != or in."),
        }
    }

    fn several<T>(&mut self, value: impl Fn(&mut Parser) -> Result<T, FilterError>) -> Result<Vec<T>, FilterError> {
        if !self.take_if(&Token::OpenBrace, Expected::Brace) {
            return self.fail("Expected { and the values, as in {1, 2}.");
        }
        let mut values = vec![value(self)?];
        while self.take_if(&Token::Comma, Expected::Brace) {
            self.count()?;
            values.push(value(self)?);
        }
        if !self.take_if(&Token::CloseBrace, Expected::Brace) {
            return self.fail("Expected a comma and a further value, or }.");
        }
        Ok(values)
    }

    fn opcode(&mut self) -> Result<OpcodeName, FilterError> {
        let taken = self.take(Expected::Value(Field::Opcode));
        let found = match &taken {
            Some(Token::Word(word)) => OpcodeName::NAMED.into_iter().find(|name| name.to_string() == *word),
            Some(Token::Number(number)) => {
                let bits = number.parse().ok().filter(|bits| *bits <= 0xF);
                bits.map(|bits| OpcodeName::Exactly(Opcode::from_bits(bits)))
            }
            Some(Token::Bytes(bytes)) => match bytes.as_slice() {
                [bits @ 0..=0xF] => Some(OpcodeName::Exactly(Opcode::from_bits(*bits))),
                _ => None,
            },
            _ => None,
        };
        const NAMES: &str = "Expected text, binary, continuation, close, ping, pong or reserved as the opcode, or a number from 0 to 15.";
        found.map_or_else(|| self.refuse(&taken, NAMES), Ok)
    }

    fn side(&mut self) -> Result<Side, FilterError> {
        let taken = self.take(Expected::Value(Field::Dir));
        let found = match &taken {
            Some(Token::Word(word)) => Side::BOTH.into_iter().find(|side| side.to_string() == *word),
            _ => None,
        };
        found.map_or_else(|| self.refuse(&taken, "Expected client or server: the side that sent the frame."), Ok)
    }

    fn severity(&mut self) -> Result<Severity, FilterError> {
        let taken = self.take(Expected::Value(Field::FindingSeverity));
        let found = match &taken {
            Some(Token::Word(word)) => SEVERITIES.into_iter().find(|severity| severity.name() == *word),
            _ => None,
        };
        found.map_or_else(|| self.refuse(&taken, "Expected note, warning or error."), Ok)
    }

    fn finding(&mut self) -> Result<Condition, FilterError> {
        let rule = |parser: &mut Parser| {
            let taken = parser.take(Expected::Value(Field::Finding));
            let Some(Token::Bytes(name)) = &taken else {
                return parser.refuse(&taken, "Expected the name of a rule in double quotes.");
            };
            let known = Rule::ALL.iter().map(Rule::name).find(|known| known.as_bytes() == name.as_slice());
            known.map_or_else(|| parser.refuse(&taken, "There is no rule of this name."), Ok)
        };
        match self.peek(Expected::Operator(Field::Finding)) {
            Some(Token::Comparison(Comparison::Equal)) => {
                self.at += 1;
                Ok(Condition::Finding(vec![rule(self)?]))
            }
            Some(Token::Word(word)) if word == "in" => {
                self.at += 1;
                Ok(Condition::Finding(self.several(rule)?))
            }
            Some(Token::Comparison(_)) => {
                self.fail("A frame can have several findings: write finding == \"…\", or !(finding == \"…\").")
            }
            _ => Ok(Condition::Finding(Vec::new())),
        }
    }

    fn quantity(&mut self, field: Field, unit: Unit) -> Result<u64, FilterError> {
        let expected = match unit {
            Unit::Bytes => "Expected a number of bytes, as in 1000 or 1 KiB.",
            Unit::Time => "Expected a time in seconds, or with its unit as in 10 ms.",
            Unit::Frames => "Expected the number of a frame.",
            Unit::Codes => "Expected a close code, as in 1000.",
        };
        let taken = self.take(Expected::Value(field));
        let Some(Token::Number(number)) = &taken else { return self.refuse(&taken, expected) };
        let at = self.place_before();
        let (units, mut scale): (&[(&str, u64)], u64) = match unit {
            Unit::Bytes => (&BYTE_UNITS, 1),
            Unit::Time => (&TIME_UNITS, 1_000_000_000),
            Unit::Frames | Unit::Codes => (&[], 1),
        };
        let touches = self.tokens.get(self.at).is_some_and(|next| next.range.start == at + number.chars().count());
        if let Some(Token::Word(word)) = self.peek(Expected::Unit(unit)) {
            match units.iter().find(|(name, _)| name == word) {
                Some((_, size)) => {
                    scale = *size;
                    self.at += 1;
                }
                None if touches => {
                    let names: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
                    return match names.as_slice() {
                        [] => self.fail("This number has no unit."),
                        names => self.fail(format!("There are the units {}.", names.join(", "))),
                    };
                }
                None => {}
            }
        }
        let problem = match unit {
            Unit::Bytes => "This is not a number that a length can have.",
            Unit::Time => "This is not a time that a session can have.",
            Unit::Frames => "This is not a number that a frame can have.",
            Unit::Codes => "A close code is a number from 0 to 65535.",
        };
        let most = if unit == Unit::Codes { u64::from(u16::MAX) } else { u64::MAX };
        scaled(number, scale).filter(|value| *value <= most).ok_or_else(|| FilterError::new(at, problem))
    }

    /// `contains`, `icontains` or `matches`, when one of these follows.
    fn text_test(&mut self, field: Field) -> Result<Option<TextTest>, FilterError> {
        let word = match self.peek(Expected::Operator(field)) {
            Some(Token::Word(word)) => word.clone(),
            _ => return Ok(None),
        };
        match word.as_str() {
            "contains" => {
                self.at += 1;
                Ok(Some(TextTest::Contains(self.needle()?)))
            }
            "icontains" => {
                self.at += 1;
                let needle = self.needle()?;
                let at = self.place_before();
                match String::from_utf8(needle) {
                    Ok(text) => Ok(Some(TextTest::ContainsIgnoringCase(AnyCase::new(text, at)?))),
                    Err(_) => Err(FilterError::new(
                        at,
                        "Only text has letters to ignore the case of; use contains for bytes.",
                    )),
                }
            }
            "matches" => {
                self.at += 1;
                match self.take(Expected::Regex) {
                    Some(Token::Pattern { source, flags }) => {
                        Ok(Some(TextTest::Matches(Pattern::new(&source, &flags, self.place_before())?)))
                    }
                    taken => self.refuse(&taken, "Expected a regular expression between slashes, as in /[0-9]+/i."),
                }
            }
            _ => Ok(None),
        }
    }

    fn text_equality(&mut self, field: Field) -> Result<Condition, FilterError> {
        match self.take(Expected::Operator(field)) {
            Some(Token::Comparison(comparison @ (Comparison::Equal | Comparison::Different))) => {
                let same = comparison == Comparison::Equal;
                Ok(Condition::Text(field, TextTest::Is { same, bytes: self.needle()? }))
            }
            taken => self.refuse(&taken, "Expected contains, icontains, matches, == or !=."),
        }
    }

    fn needle(&mut self) -> Result<Vec<u8>, FilterError> {
        match self.take(Expected::Needle) {
            Some(Token::Bytes(bytes)) => Ok(bytes),
            taken => self.refuse(&taken, "Expected a text in double quotes, or bytes as in 0x48656c."),
        }
    }

    /// The path of `json.path.to[0]["a key"]`, of which `word` was taken.
    fn path(&mut self, word: &str, at: usize) -> Result<Vec<Step>, FilterError> {
        let mut path = Vec::new();
        let keys = |keys: &str, mut at: usize, path: &mut Vec<Step>| {
            for key in keys.split('.').skip(1) {
                at += 1;
                if key.is_empty() {
                    return Err(FilterError::new(at, "Expected a key after the dot."));
                }
                at += key.chars().count();
                path.push(Step::Key(key.to_owned()));
            }
            Ok(())
        };
        keys(word, at + "json".len(), &mut path)?;
        loop {
            match self.peek(Expected::Operator(Field::Json)) {
                Some(Token::OpenBracket) => self.at += 1,
                Some(Token::Word(word)) if word.starts_with('.') => {
                    let (word, at) = (word.clone(), self.place());
                    keys(&word, at, &mut path)?;
                    self.at += 1;
                    continue;
                }
                _ => break,
            }
            match self.take(Expected::Needle) {
                Some(Token::Bytes(key)) => match String::from_utf8(key) {
                    Ok(key) => path.push(Step::Key(key)),
                    Err(_) => return Err(FilterError::new(self.place_before(), "A key is text.")),
                },
                Some(Token::Star) => path.push(Step::AnyIndex),
                Some(Token::Number(number)) if number.parse::<u32>().is_ok() => {
                    path.push(Step::Index(number.parse().unwrap_or_default()));
                }
                taken => return self.refuse(&taken, "Expected a key in double quotes, an index from 0 on, or *."),
            }
            if !self.take_if(&Token::CloseBracket, Expected::Bracket) {
                return self.fail("Expected ].");
            }
        }
        if path.len() > LONGEST_PATH {
            return Err(FilterError::new(at, format!("A path has at most {LONGEST_PATH} keys.")));
        }
        Ok(path)
    }

    fn json(&mut self, path: Vec<Step>) -> Result<Condition, FilterError> {
        if !self.stands_alone(Field::Json) {
            if let Some(test) = self.text_test(Field::Json)? {
                return Ok(Condition::Json(path, Some(JsonTest::Text(test))));
            }
            let test = self.test(Field::Json, Parser::json_value);
            let test = test.map_err(|error| match error.problem.starts_with("Expected ==") {
                true => FilterError {
                    problem: "Expected ==, !=, <, <=, >, >=, in, contains, icontains or matches.".into(),
                    ..error
                },
                false => error,
            })?;
            return Ok(Condition::Json(path, Some(JsonTest::Is(test))));
        }
        Ok(Condition::Json(path, None))
    }

    fn json_value(&mut self) -> Result<JsonValue, FilterError> {
        let taken = self.take(Expected::Value(Field::Json));
        let value = match &taken {
            Some(Token::Word(word)) => match word.as_str() {
                "true" => Some(JsonValue::Boolean(true)),
                "false" => Some(JsonValue::Boolean(false)),
                "null" => Some(JsonValue::Null),
                _ => None,
            },
            Some(Token::Number(number)) => JsonValue::number(number),
            Some(Token::Bytes(text)) => String::from_utf8(text.clone()).ok().map(JsonValue::Text),
            _ => None,
        };
        const VALUES: &str = "Expected a text in double quotes, a number, true, false or null.";
        value.map_or_else(|| self.refuse(&taken, VALUES), Ok)
    }
}

/// Every severity.
pub(super) const SEVERITIES: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];

/// One part as it is, several as one expression, those of the same kind taken apart.
fn joined(
    parts: Vec<Expression>,
    join: fn(Vec<Expression>) -> Expression,
    apart: fn(Expression) -> Result<Vec<Expression>, Expression>,
) -> Expression {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match apart(part) {
            Ok(inner) => flat.extend(inner),
            Err(other) => flat.push(other),
        }
    }
    match (flat.pop(), flat.is_empty()) {
        (Some(one), true) => one,
        (last, _) => {
            flat.extend(last);
            join(flat)
        }
    }
}

/// A decimal number times a unit, when that is a whole number.
fn scaled(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        return Some(whole);
    }
    let parts = fraction.parse::<u64>().ok()?;
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let product = u128::from(parts) * u128::from(unit);
    let rest = product.is_multiple_of(scale).then(|| product / scale)?;
    whole.checked_add(u64::try_from(rest).ok()?)
}

/// A field whose name is nearly this.
fn nearest(word: &str) -> Option<&'static str> {
    let likely = |name: &&'static str| {
        let end = name.rsplit('.').next().unwrap_or(name);
        (word.len() > 1 && (name.starts_with(word) || word.starts_with(*name))) || end == word
    };
    Field::ALL.iter().map(|field| field.name()).find(likely).or(match word {
        "size" | "length" | "payload_len" => Some("len"),
        "direction" | "from" | "sender" => Some("dir"),
        "text" | "data" | "content" => Some("payload"),
        "code" => Some("close.code"),
        "severity" => Some("finding.severity"),
        _ => None,
    })
}
