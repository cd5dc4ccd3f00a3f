//! A filter made ready to be asked: what is cheap comes first, and a payload is read only when the rest leaves it open.

use std::ops::Range;

use memchr::memmem::{self, Finder};
use regex::bytes::Regex;

use crate::content::json_path::{self, Step, Value};
use crate::content::subprotocol::Subprotocol;
use crate::protocol::close::CloseCode;
use crate::protocol::direction::Side;
use crate::protocol::finding::Severity;
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::reading::Previewer;
use crate::session::{FrameRow, Session};

use super::content::{ContentReader, Needle, Piece, is_whole_message};
use super::expression::{Condition, Expression, JsonTest, JsonValue, Membership, OpcodeName, Test, TextTest};
use super::field::Field;

/// Asks the frames of one session, fastest in their order.
#[derive(Debug)]
pub struct Matcher {
    plan: Plan,
    /// Needles of which a frame or its message has one when it matches, where there are such.
    necessary: Option<Vec<usize>>,
    contents: ContentReader,
    previewer: Previewer,
    subprotocol: Option<Subprotocol>,
}

/// What an answer depends on besides the frame's row, which never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Dependence {
    /// Findings, which can come later than the frame.
    pub(super) findings: bool,
    /// The payload or the message, which can be arriving.
    pub(super) content: bool,
    /// The subprotocol that messages are read by.
    pub(super) subprotocol: bool,
    /// What a person says of the frame, which can change at any time.
    pub(super) annotations: bool,
}

#[derive(Debug)]
enum Plan {
    Any(Vec<Plan>),
    All(Vec<Plan>),
    Not(Box<Plan>),
    Ask(Question),
}

/// What is asked of one frame.
#[derive(Debug)]
enum Question {
    /// A bit for each opcode, by its value.
    Opcodes(u16),
    Sender(Side),
    Never,
    Fin,
    /// RSV1 to RSV3, by their place.
    Reserved(usize),
    Masked,
    Fragmented,
    Length(Test<u64>),
    Number(Test<u64>),
    Time(Test<u64>),
    TimeAfterPrevious(Option<Test<u64>>),
    HasFinding,
    Severity(Test<Severity>),
    Rules(Vec<&'static str>),
    Bookmarked,
    Compressed,
    MessageLength(Option<Test<u64>>),
    Inflated(Option<Test<u64>>),
    CloseCode(Option<Test<u64>>),
    Bytes {
        source: Source,
        test: Option<BytesTest>,
    },
    Json {
        path: Vec<Step>,
        hints: Vec<Finder<'static>>,
        test: Option<ValueTest>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Payload,
    Frame,
    CloseReason,
    Summary,
    Note,
}

#[derive(Debug)]
enum BytesTest {
    Is {
        same: bool,
        bytes: Vec<u8>,
    },
    /// By the place of the needle in the reader's list.
    Contains {
        needle: usize,
        length: usize,
    },
    /// With the place of the literals in the reader's list, when it has to have some.
    Matches {
        regex: Regex,
        literals: Option<usize>,
    },
}

#[derive(Debug)]
enum ValueTest {
    Is(Test<JsonValue>),
    Same { same: bool, bytes: Vec<u8> },
    Contains(Box<Finder<'static>>),
    Matches(Regex),
}

impl Matcher {
    pub(super) fn new(expression: &Expression) -> Matcher {
        let mut needles = Vec::new();
        let plan = Plan::of(expression, &mut needles);
        let (necessary, contents) = (plan.necessary(), ContentReader::new(needles));
        Matcher { plan, necessary, contents, previewer: Previewer::default(), subprotocol: None }
    }

    /// By which subprotocol `summary` reads messages; by none until it is told. Says whether that is another one than before.
    pub fn read_by(&mut self, subprotocol: Option<Subprotocol>) -> bool {
        std::mem::replace(&mut self.subprotocol, subprotocol) != subprotocol
    }

    /// Whether a frame is as the filter wants it; a frame that the session does not have is not. The same matcher is to be asked
    /// about one session only, and about later snapshots of it.
    pub fn matches(&mut self, session: &Session, number: FrameNumber) -> bool {
        let Some(row) = session.frame(number) else { return false };
        self.contents.next_frame();
        let Matcher { plan, contents, previewer, subprotocol, .. } = self;
        let mut asked = Asked { session, number, row, contents, previewer, subprotocol: *subprotocol };
        plan.holds(&mut asked)
    }

    /// The frames among these that match, by their places.
    pub(super) fn matching(&mut self, session: &Session, frames: Range<usize>) -> Vec<usize> {
        let mut matching = Vec::new();
        let mut next = frames.start;
        while next < frames.end {
            if let Some(necessary) = &self.necessary {
                next = self.contents.next_with(session, next..frames.end, necessary);
            }
            if next < frames.end && self.matches(session, FrameNumber::from_index(next)) {
                matching.push(next);
            }
            next += 1;
        }
        matching
    }

    pub(super) fn dependence(&self) -> Dependence {
        let mut dependence = Dependence::default();
        self.plan.note(&mut dependence);
        dependence
    }
}

impl Plan {
    fn of(expression: &Expression, needles: &mut Vec<Needle>) -> Plan {
        let mut parts = |parts: &[Expression]| {
            let mut plans: Vec<Plan> = parts.iter().map(|part| Plan::of(part, needles)).collect();
            // Stable, so that of two that cost the same the person's first is asked first.
            plans.sort_by_key(Plan::cost);
            plans
        };
        match expression {
            Expression::Any(any) => Plan::Any(parts(any)),
            Expression::All(all) => Plan::All(parts(all)),
            Expression::Not(inner) => Plan::Not(Box::new(Plan::of(inner, needles))),
            Expression::Condition(condition) => question(condition, needles),
        }
    }

    /// A rank: rows, then look-ups, then payloads.
    fn cost(&self) -> u8 {
        match self {
            Plan::Any(parts) | Plan::All(parts) => parts.iter().map(Plan::cost).max().unwrap_or(0),
            Plan::Not(inner) => inner.cost(),
            Plan::Ask(question) => match question {
                Question::Bytes { source: Source::Note, .. } => 0,
                Question::Rules(_) | Question::Compressed | Question::MessageLength(_) | Question::Inflated(_) => 1,
                Question::CloseCode(_) | Question::Bytes { source: Source::CloseReason, .. } => 2,
                Question::Bytes { source: Source::Summary, .. } => 6,
                Question::Bytes { test: Some(BytesTest::Matches { .. }), .. } => 4,
                Question::Bytes { .. } => 3,
                Question::Json { .. } => 5,
                _ => 0,
            },
        }
    }

    /// Needles of which a frame's payload or its message has at least one wherever this holds, when there are such.
    fn necessary(&self) -> Option<Vec<usize>> {
        match self {
            Plan::Any(parts) => parts.iter().map(Plan::necessary).collect::<Option<Vec<_>>>().map(|each| each.concat()),
            Plan::All(parts) => parts.iter().filter_map(Plan::necessary).min_by_key(Vec::len),
            Plan::Not(_) => None,
            Plan::Ask(Question::Bytes { source: Source::Payload | Source::Frame, test: Some(test) }) => match test {
                BytesTest::Contains { needle, .. } => Some(vec![*needle]),
                BytesTest::Matches { literals, .. } => literals.map(|literals| vec![literals]),
                BytesTest::Is { .. } => None,
            },
            Plan::Ask(_) => None,
        }
    }

    fn holds(&self, asked: &mut Asked<'_>) -> bool {
        match self {
            Plan::Any(parts) => parts.iter().any(|part| part.holds(asked)),
            Plan::All(parts) => parts.iter().all(|part| part.holds(asked)),
            Plan::Not(inner) => !inner.holds(asked),
            Plan::Ask(question) => question.holds(asked),
        }
    }

    fn note(&self, dependence: &mut Dependence) {
        match self {
            Plan::Any(parts) | Plan::All(parts) => parts.iter().for_each(|part| part.note(dependence)),
            Plan::Not(inner) => inner.note(dependence),
            Plan::Ask(question) => match question {
                Question::HasFinding | Question::Severity(_) | Question::Rules(_) => dependence.findings = true,
                Question::Bookmarked | Question::Bytes { source: Source::Note, .. } => dependence.annotations = true,
                Question::Bytes { source, .. } => {
                    dependence.content = true;
                    dependence.subprotocol |= *source == Source::Summary;
                }
                _ => dependence.content |= self.cost() > 0,
            },
        }
    }
}

fn question(condition: &Condition, needles: &mut Vec<Needle>) -> Plan {
    let (question, is_negated) = match condition {
        Condition::Present(field) => (presence(*field), false),
        Condition::Opcode(Membership { is_one, of }) => (Question::Opcodes(opcode_bits(of)), !is_one),
        Condition::Sender(Membership { is_one, of }) => {
            let question = match of.as_slice() {
                [side, rest @ ..] if rest.iter().all(|other| other == side) => Question::Sender(*side),
                [] => Question::Never,
                _ => Question::Opcodes(u16::MAX),
            };
            (question, !is_one)
        }
        Condition::Quantity(field, test) => {
            let test = test.clone();
            let question = match field {
                Field::Len => Question::Length(test),
                Field::MessageLen => Question::MessageLength(Some(test)),
                Field::MessageInflated => Question::Inflated(Some(test)),
                Field::CloseCode => Question::CloseCode(Some(test)),
                Field::Time => Question::Time(test),
                Field::TimeAfterPrevious => Question::TimeAfterPrevious(Some(test)),
                Field::Number => Question::Number(test),
                _ => Question::Never,
            };
            (question, false)
        }
        Condition::Text(field, test) => match source(*field) {
            Some(source) => (Question::Bytes { source, test: Some(bytes_test(test, needles)) }, false),
            None => (Question::Never, false),
        },
        Condition::Finding(names) if names.is_empty() => (Question::HasFinding, false),
        Condition::Finding(names) => (Question::Rules(names.clone()), false),
        Condition::Severity(test) => (Question::Severity(test.clone()), false),
        Condition::Json(path, test) => {
            let test = test.as_ref().map(value_test);
            (Question::Json { path: path.clone(), hints: hints(path), test }, false)
        }
    };
    if is_negated { Plan::Not(Box::new(Plan::Ask(question))) } else { Plan::Ask(question) }
}

fn presence(field: Field) -> Question {
    match field {
        Field::Fin => Question::Fin,
        Field::Rsv1 => Question::Reserved(0),
        Field::Rsv2 => Question::Reserved(1),
        Field::Rsv3 => Question::Reserved(2),
        Field::Masked => Question::Masked,
        Field::Compressed => Question::Compressed,
        Field::Bookmark => Question::Bookmarked,
        Field::Fragmented => Question::Fragmented,
        Field::MessageLen => Question::MessageLength(None),
        Field::MessageInflated => Question::Inflated(None),
        Field::CloseCode => Question::CloseCode(None),
        Field::TimeAfterPrevious => Question::TimeAfterPrevious(None),
        Field::Finding => Question::HasFinding,
        field => match source(field) {
            Some(source) => Question::Bytes { source, test: None },
            None => Question::Never,
        },
    }
}

fn source(field: Field) -> Option<Source> {
    Some(match field {
        Field::Payload => Source::Payload,
        Field::FramePayload => Source::Frame,
        Field::CloseReason => Source::CloseReason,
        Field::Summary => Source::Summary,
        Field::Note => Source::Note,
        _ => return None,
    })
}

fn opcode_bits(names: &[OpcodeName]) -> u16 {
    let bits = |name: &OpcodeName| match name {
        OpcodeName::Exactly(opcode) => 1 << opcode.bits(),
        OpcodeName::AnyReserved => (0..16)
            .filter(|bits| !Opcode::from_bits(*bits).is_assigned())
            .fold(0_u16, |reserved, bits| reserved | (1 << bits)),
    };
    names.iter().fold(0, |all, name| all | bits(name))
}

fn bytes_test(test: &TextTest, needles: &mut Vec<Needle>) -> BytesTest {
    let mut place = |needle| {
        needles.push(needle);
        needles.len() - 1
    };
    match test {
        TextTest::Is { same, bytes } => BytesTest::Is { same: *same, bytes: bytes.clone() },
        TextTest::Contains(bytes) => {
            let needle = place(Needle::Bytes(Box::new(Finder::new(bytes).into_owned())));
            BytesTest::Contains { needle, length: bytes.len() }
        }
        TextTest::ContainsIgnoringCase(any_case) => BytesTest::Matches {
            regex: any_case.regex().clone(),
            literals: any_case.literals().map(Needle::Literals).map(place),
        },
        TextTest::Matches(pattern) => BytesTest::Matches {
            regex: pattern.regex().clone(),
            literals: pattern.literals().map(Needle::Literals).map(place),
        },
    }
}

fn value_test(test: &JsonTest) -> ValueTest {
    match test {
        JsonTest::Is(test) => ValueTest::Is(test.clone()),
        JsonTest::Text(TextTest::Is { same, bytes }) => ValueTest::Same { same: *same, bytes: bytes.clone() },
        JsonTest::Text(TextTest::Contains(bytes)) => ValueTest::Contains(Box::new(Finder::new(bytes).into_owned())),
        JsonTest::Text(TextTest::ContainsIgnoringCase(any_case)) => ValueTest::Matches(any_case.regex().clone()),
        JsonTest::Text(TextTest::Matches(pattern)) => ValueTest::Matches(pattern.regex().clone()),
    }
}

/// What has to be in a text that has a value at this path: the keys, unless they are written with escapes.
fn hints(path: &[Step]) -> Vec<Finder<'static>> {
    // A key with one of these is always or may be written with an escape.
    let may_be_escaped = |character: char| matches!(character, '"' | '\\' | '/') || character.is_control();
    path.iter()
        .filter_map(|step| match step {
            Step::Key(key) if !key.contains(may_be_escaped) => Some(Finder::new(key.as_bytes()).into_owned()),
            _ => None,
        })
        .collect()
}

/// A frame that is asked about.
struct Asked<'asked> {
    session: &'asked Session,
    number: FrameNumber,
    row: &'asked FrameRow,
    contents: &'asked mut ContentReader,
    previewer: &'asked mut Previewer,
    subprotocol: Option<Subprotocol>,
}

fn is_data(row: &FrameRow) -> bool {
    matches!(row.opcode(), Opcode::Text | Opcode::Binary)
}

/// Whether a text is as wanted that does not stand in the session's bytes.
fn says(contents: &ContentReader, text: &str, test: Option<&BytesTest>) -> bool {
    match test {
        None => true,
        Some(BytesTest::Contains { needle, .. }) => contents.is_in(*needle, text.as_bytes()),
        Some(test) => test.holds(text.as_bytes()),
    }
}

impl Asked<'_> {
    fn payload(&mut self) -> Option<Piece> {
        self.contents.payload(self.session, self.number, self.row)
    }

    fn frame(&mut self) -> Piece {
        self.contents.frame(self.session, self.number, self.row)
    }

    /// The length as sent of the message that begins with the frame.
    fn message_length(&self) -> Option<u64> {
        match self.row {
            row if !is_data(row) => None,
            row if row.fin() => Some(row.payload_length),
            _ => self.session.message_of(self.number).map(|message| message.payload_length),
        }
    }

    /// What the message that begins with the frame inflates to.
    fn inflated_length(&self) -> Option<u64> {
        if !is_data(self.row) || is_whole_message(self.row) {
            return None;
        }
        Some(self.session.message_of(self.number)?.inflated?.length)
    }

    fn is_compressed(&self) -> bool {
        let may_be = self.row.opcode() == Opcode::Continuation || (is_data(self.row) && !is_whole_message(self.row));
        may_be && self.session.message_of(self.number).is_some_and(|message| message.inflated.is_some())
    }

    /// The code that the receiver of a Close is told (RFC 6455 7.1.5).
    fn close_code(&mut self) -> Option<u64> {
        if self.row.opcode() != Opcode::Close {
            return None;
        }
        let piece = self.frame();
        match self.contents.bytes(&piece) {
            [] if self.row.payload_length > 0 => None,
            [] => Some(u64::from(CloseCode::NO_STATUS_RECEIVED.0)),
            [high, low, ..] => Some(u64::from(u16::from_be_bytes([*high, *low]))),
            [_] => None,
        }
    }

    fn bytes(&mut self, source: Source, test: Option<&BytesTest>) -> bool {
        let piece = match source {
            Source::Payload | Source::Frame => {
                let own = source == Source::Frame || is_whole_message(self.row);
                if let Some(BytesTest::Contains { length, .. }) = test
                    && own
                    && self.row.payload_length < *length as u64
                {
                    return false;
                }
                if source == Source::Frame { Some(self.frame()) } else { self.payload() }
            }
            Source::CloseReason => {
                let is_close = self.row.opcode() == Opcode::Close && self.row.payload_length >= 2;
                match is_close.then(|| self.frame()) {
                    Some(Piece::InWindow(direction, range)) => {
                        Some(Piece::InWindow(direction, (range.start + 2).min(range.end)..range.end))
                    }
                    // A reason of which a part is missing is not known.
                    Some(Piece::Joined | Piece::Runs) | None => None,
                }
            }
            Source::Summary => {
                let Asked { session, number, row, previewer, subprotocol, contents } = self;
                let summary = previewer.summary(session, *number, row, *subprotocol);
                return summary.is_some_and(|summary| says(contents, &summary, test));
            }
            Source::Note => {
                let note = self.session.annotations.note_on(self.number).filter(|note| !note.is_empty());
                return note.is_some_and(|note| says(self.contents, note.text(), test));
            }
        };
        match (piece, test) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(piece), Some(BytesTest::Contains { needle, .. })) => self.contents.contains(&piece, *needle),
            (Some(piece), Some(BytesTest::Matches { regex, literals })) => {
                let can_match = literals.is_none_or(|literals| self.contents.contains(&piece, literals));
                can_match && self.contents.known(&piece).any(|run| regex.is_match(run))
            }
            // What is not known is neither the same nor another.
            (Some(Piece::Runs), Some(BytesTest::Is { .. })) => false,
            (Some(piece), Some(test)) => test.holds(self.contents.bytes(&piece)),
        }
    }

    fn json(&mut self, path: &[Step], hints: &[Finder<'static>], test: Option<&ValueTest>) -> bool {
        if self.row.opcode().is_control() {
            return false;
        }
        let Some(piece) = self.payload() else { return false };
        let text = self.contents.bytes(&piece);
        let is_possible = hints.iter().all(|key| key.find(text).is_some()) || memmem::find(text, b"\\u").is_some();
        is_possible && json_path::any(text, path, |value| test.is_none_or(|test| test.holds(&value)))
    }
}

impl Question {
    fn holds(&self, asked: &mut Asked<'_>) -> bool {
        let row = asked.row;
        let is = |test: &Option<Test<u64>>, value: Option<u64>| {
            value.is_some_and(|value| test.as_ref().is_none_or(|test| test.holds(&value)))
        };
        match self {
            Question::Opcodes(bits) => bits & (1 << row.opcode().bits()) != 0,
            Question::Sender(side) => row.direction.sender() == *side,
            Question::Never => false,
            Question::Fin => row.fin(),
            Question::Reserved(place) => row.reserved_bits().get(*place).copied().unwrap_or(false),
            Question::Masked => row.is_masked(),
            Question::Fragmented => !row.fin() || row.opcode() == Opcode::Continuation,
            Question::Length(test) => test.holds(&row.payload_length),
            Question::Number(test) => test.holds(&asked.number.0),
            Question::Time(test) => test.holds(&row.at.nanoseconds()),
            Question::TimeAfterPrevious(test) => {
                let before = asked.number.index().checked_sub(1).and_then(|before| asked.session.frames.get(before));
                is(test, before.map(|before| row.at.nanoseconds().saturating_sub(before.at.nanoseconds())))
            }
            Question::HasFinding => row.worst_finding.is_some(),
            Question::Severity(test) => row.worst_finding.is_some_and(|severity| test.holds(&severity)),
            Question::Rules(names) => {
                row.worst_finding.is_some()
                    && asked.session.findings_of(asked.number).any(|finding| names.contains(&finding.rule.name()))
            }
            Question::Bookmarked => asked.session.annotations.note_on(asked.number).is_some(),
            Question::Compressed => asked.is_compressed(),
            Question::MessageLength(test) => is(test, asked.message_length()),
            Question::Inflated(test) => is(test, asked.inflated_length()),
            Question::CloseCode(test) => is(test, asked.close_code()),
            Question::Bytes { source, test } => asked.bytes(*source, test.as_ref()),
            Question::Json { path, hints, test } => asked.json(path, hints, test.as_ref()),
        }
    }
}

impl BytesTest {
    fn holds(&self, bytes: &[u8]) -> bool {
        match self {
            BytesTest::Is { same, bytes: wanted } => (bytes == wanted.as_slice()) == *same,
            BytesTest::Matches { regex, .. } => regex.is_match(bytes),
            // Asked of the reader, which knows where the last one was.
            BytesTest::Contains { .. } => false,
        }
    }
}

impl ValueTest {
    fn holds(&self, value: &Value<'_>) -> bool {
        let text = match value {
            Value::Text(text) => Some(text.as_bytes()),
            _ => None,
        };
        match self {
            ValueTest::Is(test) => {
                let value = match value {
                    Value::Null => JsonValue::Null,
                    Value::Boolean(value) => JsonValue::Boolean(*value),
                    Value::Number(number) => match JsonValue::number(number) {
                        Some(number) => number,
                        None => return matches!(test, Test::Compare(super::expression::Comparison::Different, _)),
                    },
                    Value::Text(text) => JsonValue::Text(text.clone().into_owned()),
                    // No value that can be written in a filter is a structure.
                    Value::Structure => {
                        return matches!(test, Test::Compare(super::expression::Comparison::Different, _));
                    }
                };
                test.holds(&value)
            }
            ValueTest::Same { same, bytes } => text.is_some_and(|text| (text == bytes.as_slice()) == *same),
            ValueTest::Contains(finder) => text.is_some_and(|text| finder.find(text).is_some()),
            ValueTest::Matches(regex) => text.is_some_and(|text| regex.is_match(text)),
        }
    }
}
