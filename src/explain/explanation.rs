//! From the verdict on a session to its explanation: which words apply; the words themselves live in `assets`.
//!
//! The explanation never says whose fault an end was. It says who sent the first Close, with which bytes, and what each side
//! reports because of what it received.

use std::time::Duration;

use crate::protocol::close::{CloseCode, CloseFrame, ClosePayload};
use crate::protocol::direction::{Perspective, Side};
use crate::protocol::verdict::{ConnectStage, Outcome, TransportEnd, TransportEnding, Verdict};

use super::code_article::{CodeWords, Heading};
use super::marked_close::{MarkedClose, printable};
use super::texts::{Arguments, Texts};

/// The perspective's name in the texts.
fn teller_name(perspective: Perspective) -> &'static str {
    match perspective {
        Perspective::Client => "client",
        Perspective::Observer => "observer",
    }
}

/// One row of the evidence.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EvidenceRow {
    /// What the row is about.
    pub label: String,
    /// What was seen.
    pub summary: String,
    /// What to keep in mind when reading it.
    pub remark: Option<String>,
    /// The bytes of the Close frame that the row is about.
    pub bytes: Option<MarkedClose>,
}

/// One of the two separate axes of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Axis {
    /// Its name.
    pub title: String,
    /// Where this session lies on it.
    pub value: String,
    /// What the value says, and what it does not.
    pub sentence: String,
}

/// What one side's program is told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SideReport {
    /// The side.
    pub side: Side,
    /// Its name, for a reader.
    pub side_name: String,
    /// The code, `None` when there is nothing to report.
    #[serde(serialize_with = "optional_number")]
    pub code: Option<CloseCode>,
    /// The code with its name, or the words for none.
    pub value: String,
    /// Why this one.
    pub sentence: String,
}

/// What happened in one session, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Explanation {
    /// From where it is told.
    pub perspective: Perspective,
    /// The whole of it in a line.
    pub headline: String,
    /// Who closed first, with what, and why each side reports what it reports.
    pub what_happened: String,
    /// The first Close that the client received; the Close that the client sent; order and time; how TCP ended.
    pub evidence: [EvidenceRow; 4],
    /// The first axis: the code.
    pub code: Axis,
    /// The second axis: whether both sides sent a Close.
    pub cleanness: Axis,
    /// The client's report and the server's.
    pub reports: [SideReport; 2],
    /// What to do about it, the most useful first.
    pub next_steps: Vec<String>,
}

impl Explanation {
    /// Explains a verdict.
    pub fn of(verdict: &Verdict, perspective: Perspective, texts: &Texts) -> Explanation {
        let teller = Teller { verdict, perspective, texts };
        let ending = teller.ending();
        Explanation {
            perspective,
            headline: texts.format(&format!("{}.headline", ending.id), &ending.arguments),
            what_happened: teller.what_happened(&ending),
            evidence: [teller.received_row(), teller.sent_row(), teller.order_row(), teller.transport_row()],
            code: teller.code_axis(),
            cleanness: teller.cleanness_axis(),
            reports: Side::BOTH.map(|side| teller.report(side)),
            next_steps: teller.next_steps(),
        }
    }
}

/// What a Close frame can hold, as far as words depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holding {
    Code(CloseCode),
    Empty,
    HalfCode,
    NotRecorded,
}

impl Holding {
    fn of(close: &CloseFrame) -> Holding {
        match &close.payload {
            ClosePayload::Status { code, .. } => Holding::Code(*code),
            ClosePayload::Empty => Holding::Empty,
            ClosePayload::OneByte(_) => Holding::HalfCode,
            ClosePayload::NotRecorded => Holding::NotRecorded,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Holding::Code(_) => "code",
            Holding::Empty => "empty",
            Holding::HalfCode => "half",
            Holding::NotRecorded => "not-recorded",
        }
    }
}

/// The message for an ending, and its arguments.
struct Ending {
    id: String,
    arguments: Arguments<'static>,
}

struct Teller<'a> {
    verdict: &'a Verdict,
    perspective: Perspective,
    texts: &'a Texts,
}

impl Teller<'_> {
    fn arguments(&self) -> Arguments<'static> {
        let mut arguments = Arguments::new();
        arguments.set("view", teller_name(self.perspective));
        arguments
    }

    fn say(&self, id: &str) -> String {
        self.texts.format(id, &self.arguments())
    }

    fn say_of(&self, id: &str, side: Side) -> String {
        let mut arguments = self.arguments();
        arguments.set("side", side_name(side));
        self.texts.format(id, &arguments)
    }

    fn sent_by(&self, side: Side) -> Option<&CloseFrame> {
        self.verdict.sides[side].sent_close.as_ref()
    }

    /// The side that sent a Close that holds this; the first one when both did.
    fn sender_of(&self, holding: Holding) -> Option<Side> {
        let first = self.verdict.first_close?;
        let sent_it = |side: &Side| self.sent_by(*side).is_some_and(|close| Holding::of(close) == holding);
        [first, first.peer()].into_iter().find(sent_it)
    }

    fn ending(&self) -> Ending {
        let mut arguments = self.arguments();
        let id = match (self.verdict.outcome, self.verdict.first_close) {
            (Outcome::ConnectFailed, _) => match self.verdict.failed_stage {
                Some(ConnectStage::Dns) => "ending-connect-failed-dns".to_owned(),
                Some(ConnectStage::Proxy) => "ending-connect-failed-proxy".to_owned(),
                Some(ConnectStage::Tls) => "ending-connect-failed-tls".to_owned(),
                Some(ConnectStage::Tcp | ConnectStage::Upgrade) | None => "ending-connect-failed-tcp".to_owned(),
            },
            (Outcome::HandshakeFailed, _) => "ending-handshake-failed".to_owned(),
            (Outcome::Dropped, _) | (Outcome::Closed, None) => self.dropped_id(),
            (Outcome::Open, None) => "ending-open".to_owned(),
            (Outcome::CutOff, first) => {
                arguments.set("first", first.map_or("none", side_name));
                format!("ending-{}", self.why_unknown())
            }
            (Outcome::Open | Outcome::Closed, Some(_)) if let Some(side) = self.sender_of(Holding::NotRecorded) => {
                arguments.set("side", side_name(side));
                "ending-code-not-recorded".to_owned()
            }
            (Outcome::Open, Some(first)) => {
                if let Some(close) = self.sent_by(first) {
                    arguments.set("holds", Holding::of(close).name());
                    arguments.set("first", close.payload.code().map_or(0, |code| code.0));
                }
                format!("ending-closing-{}", side_name(first))
            }
            (Outcome::Closed, Some(first)) => match self.sender_of(Holding::HalfCode) {
                Some(sender) => {
                    arguments.set("side", side_name(sender));
                    "ending-half-code".to_owned()
                }
                None => self.closed_id(first, &mut arguments),
            },
        };
        Ending { id, arguments }
    }

    /// Why it is not known how a session ended.
    fn why_unknown(&self) -> &'static str {
        if self.verdict.may_lack_a_close { "not-recorded" } else { "cut-off" }
    }

    fn dropped_id(&self) -> String {
        match self.verdict.transport_end {
            Some(TransportEnding { side, how: how @ (TransportEnd::Fin | TransportEnd::Rst), .. }) => {
                format!("ending-dropped-{}-{}", how.name(), side_name(side))
            }
            Some(TransportEnding { how: TransportEnd::Local, .. }) => "ending-dropped-local".to_owned(),
            Some(TransportEnding { how: TransportEnd::Timeout, .. }) | None => "ending-dropped-timeout".to_owned(),
        }
    }

    fn closed_id(&self, first: Side, arguments: &mut Arguments<'static>) -> String {
        let first_code = self.verdict.first_close_frame().and_then(|close| close.payload.code());
        let reply = self.verdict.reply_close_frame();
        let reply_code = reply.and_then(|close| close.payload.code());
        if let Some(code) = first_code {
            arguments.set("first", code.0);
        }
        if let Some(code) = reply_code {
            arguments.set("reply", code.0);
        }
        let pattern = match (first_code, reply, reply_code) {
            (Some(_), None, _) => "code-none",
            (None, None, _) => "empty-none",
            (Some(_), Some(_), None) => "code-empty",
            (None, Some(_), None) => "empty-empty",
            (None, Some(_), Some(_)) => "empty-code",
            (Some(first), Some(_), Some(reply)) if first == reply => "code-same",
            (Some(_), Some(_), Some(_)) => "code-other",
        };
        format!("ending-{}-{pattern}", side_name(first))
    }

    /// The codes on the wire, the first Close's first, each once, with the side that sent it.
    fn codes_on_the_wire(&self) -> Vec<(Side, CloseCode)> {
        let Some(first) = self.verdict.first_close else { return Vec::new() };
        let mut codes = Vec::<(Side, CloseCode)>::new();
        for side in [first, first.peer()] {
            if let Some(code) = self.sent_by(side).and_then(|close| close.payload.code())
                && codes.iter().all(|(_, known)| *known != code)
            {
                codes.push((side, code));
            }
        }
        codes
    }

    fn what_happened(&self, ending: &Ending) -> String {
        let mut sentences = vec![self.texts.format(&ending.id, &ending.arguments)];
        for (side, code) in self.codes_on_the_wire() {
            if !code.may_be_on_the_wire() {
                let mut arguments = self.arguments();
                arguments.set("side", side_name(side));
                arguments.set("code", code.0);
                sentences.push(self.texts.format("ending-code-not-allowed", &arguments));
            } else if code != CloseCode::NORMAL_CLOSURE {
                sentences.push(CodeWords::new(code, self.texts).short());
            }
        }
        sentences.extend(self.reasons());
        // A Close at the very end of the connection may be on the wire and still never reach the program.
        if self.reset_by_closer() {
            sentences.push(self.say("transport-reset-caution"));
        }
        sentences.join(" ")
    }

    fn reasons(&self) -> Vec<String> {
        let Some(first) = self.verdict.first_close else { return Vec::new() };
        let reason = |side: Side| self.sent_by(side).map_or("", |close| close.payload.reason());
        [first, first.peer()]
            .into_iter()
            .filter(|side| !reason(*side).is_empty() && (*side == first || reason(*side) != reason(first)))
            .map(|side| {
                let mut arguments = self.arguments();
                arguments.set("side", side_name(side));
                arguments.set("reason", printable(reason(side)));
                self.texts.format("ending-reason", &arguments)
            })
            .collect()
    }

    fn endings(&self) -> impl Iterator<Item = TransportEnding> {
        [self.verdict.transport_end, self.verdict.second_transport_end].into_iter().flatten()
    }

    fn reset_by_closer(&self) -> bool {
        self.endings().any(|ending| ending.how == TransportEnd::Rst && self.sent_by(ending.side).is_some())
    }

    fn received_row(&self) -> EvidenceRow {
        self.close_row("evidence-received", Side::Server, None)
    }

    fn sent_row(&self) -> EvidenceRow {
        let remark = self.sent_by(Side::Client).map(|_| self.say("evidence-sent.remark"));
        self.close_row("evidence-sent", Side::Client, remark)
    }

    fn close_row(&self, label: &str, sender: Side, remark: Option<String>) -> EvidenceRow {
        let close = self.sent_by(sender);
        EvidenceRow {
            label: self.say(label),
            summary: match close {
                Some(close) => self.close_summary(close),
                None => self.texts.text("evidence-close-none").to_owned(),
            },
            remark,
            bytes: close.map(|close| MarkedClose::of(close, self.texts)),
        }
    }

    fn close_summary(&self, close: &CloseFrame) -> String {
        match Holding::of(close) {
            Holding::Empty => self.texts.text("evidence-close-empty").to_owned(),
            Holding::HalfCode => self.texts.text("evidence-close-half").to_owned(),
            Holding::NotRecorded => self.texts.text("evidence-close-not-recorded").to_owned(),
            Holding::Code(code) => {
                let reason = close.payload.reason();
                let mut arguments = self.arguments();
                arguments.set("code", code_and_name(code, self.texts));
                arguments.set("reasoned", if reason.is_empty() { "no" } else { "yes" });
                arguments.set("reason", printable(reason));
                self.texts.format("evidence-close-code", &arguments)
            }
        }
    }

    fn order_row(&self) -> EvidenceRow {
        let mut sentences = Vec::new();
        match (self.verdict.first_close, self.verdict.first_close_frame()) {
            (Some(first), Some(close)) => {
                let mut arguments = self.arguments();
                arguments.set("first", side_name(first));
                arguments.set("at", close.at.to_string());
                arguments.set("count", self.verdict.frames_between_closes);
                if let Some(gap) = self.verdict.closing_handshake_duration() {
                    arguments.set("gap", duration(gap));
                    sentences.push(self.texts.format("evidence-order-both", &arguments));
                    sentences.push(self.texts.format("evidence-order-frames", &arguments));
                } else {
                    sentences.push(self.texts.format("evidence-order-one", &arguments));
                    sentences.push(self.texts.format("evidence-order-frames-unanswered", &arguments));
                }
                if self.codes_on_the_wire().len() > 1 {
                    sentences.push(self.say("evidence-order-may-have-crossed"));
                }
            }
            _ => sentences.push(self.say("evidence-order-none")),
        }
        self.plain_row("evidence-order", sentences.join(" "))
    }

    fn transport_row(&self) -> EvidenceRow {
        let summary = match (self.verdict.transport_end, self.verdict.failed_stage) {
            (None, Some(ConnectStage::Dns | ConnectStage::Tcp)) => self.say("transport-never-was"),
            (None, Some(ConnectStage::Proxy | ConnectStage::Tls)) => self.say("transport-without-session"),
            (None, _) => self.say("transport-not-ended"),
            (Some(first), _) => {
                let mut sentences = vec![self.say_of(&format!("transport-{}", first.how.name()), first.side)];
                if self.verdict.clean && first.how == TransportEnd::Fin {
                    sentences.push(self.say(match first.side {
                        Side::Server => "transport-server-first",
                        Side::Client => "transport-client-first",
                    }));
                }
                if let Some(second) = self.verdict.second_transport_end {
                    sentences.push(self.say_of(&format!("transport-second-{}", second.how.name()), second.side));
                }
                sentences.join(" ")
            }
        };
        self.plain_row("evidence-transport", summary)
    }

    fn plain_row(&self, label: &str, summary: String) -> EvidenceRow {
        EvidenceRow { label: self.say(label), summary, remark: None, bytes: None }
    }

    /// What stands in the place of the code of a side that is known to report none, or of which it is not known.
    fn no_code(&self, side: Side) -> &str {
        let received = self.sent_by(side.peer()).map(Holding::of);
        let may_lack_it = received.is_none() && self.verdict.may_lack_a_close;
        let is_unknown = may_lack_it || received == Some(Holding::NotRecorded);
        self.texts.text(if is_unknown { "axis-code.not-known" } else { "axis-code.no-code" })
    }

    fn code_axis(&self) -> Axis {
        let client = self.verdict.sides[Side::Client].reports;
        let server = self.verdict.sides[Side::Server].reports;
        let no_code = |side: Side| self.no_code(side).to_owned();
        let value = match (client, server) {
            (None, None) if self.verdict.is_final() => no_code(Side::Client),
            (None, None) => self.texts.text("axis-code.none").to_owned(),
            (Some(code), _) if self.perspective == Perspective::Client => code_and_name(code, self.texts),
            (None, Some(_)) if self.perspective == Perspective::Client => self.texts.text("axis-code.none").to_owned(),
            (Some(client), Some(server)) if client == server => code_and_name(client, self.texts),
            (client, server) => {
                let mut arguments = self.arguments();
                arguments.set("client", client.map_or_else(|| no_code(Side::Client), |code| code.to_string()));
                arguments.set("server", server.map_or_else(|| no_code(Side::Server), |code| code.to_string()));
                self.texts.format("axis-code.two-reports", &arguments)
            }
        };
        let told = match self.perspective {
            Perspective::Client => vec![client],
            Perspective::Observer => vec![client, server],
        };
        let mut ids = Vec::new();
        for (number, id) in [
            (CloseCode::NO_STATUS_RECEIVED, "axis-code.no-status"),
            (CloseCode::ABNORMAL_CLOSURE, "axis-code.abnormal"),
            (CloseCode::TLS_HANDSHAKE, "axis-code.tls"),
        ] {
            // A peer that put the number into a frame has taken its meaning away.
            let sent = self.codes_on_the_wire().iter().any(|(_, code)| *code == number);
            if told.contains(&Some(number)) && !sent {
                ids.push(id);
            }
        }
        if told.iter().all(Option::is_none) {
            ids.push(match self.verdict.outcome {
                _ if self.sender_of(Holding::NotRecorded).is_some() => "axis-code.not-recorded",
                Outcome::CutOff if self.verdict.may_lack_a_close => "axis-code.not-recorded",
                Outcome::CutOff => "axis-code.cut-off",
                _ => "axis-code.pending",
            });
        } else if self.verdict.first_close.is_some() {
            ids.insert(0, "axis-code.of-side");
        }
        Axis {
            title: self.texts.text("axis-code").to_owned(),
            value,
            sentence: ids.into_iter().map(|id| self.say(id)).collect::<Vec<_>>().join(" "),
        }
    }

    fn cleanness_axis(&self) -> Axis {
        let (value, sentence) = match (self.verdict.outcome, self.verdict.first_close) {
            _ if self.verdict.clean => ("axis-clean.yes", "axis-clean.both"),
            (Outcome::Open, _) => ("axis-clean.open", "axis-clean.pending"),
            (Outcome::CutOff, _) if self.verdict.may_lack_a_close => ("axis-clean.open", "axis-clean.not-recorded"),
            (Outcome::CutOff, _) => ("axis-clean.open", "axis-clean.cut-off"),
            (Outcome::ConnectFailed | Outcome::HandshakeFailed, _) => ("axis-clean.no", "axis-clean.no-session"),
            (Outcome::Closed | Outcome::Dropped, Some(Side::Client)) => ("axis-clean.no", "axis-clean.only-client"),
            (Outcome::Closed | Outcome::Dropped, Some(Side::Server)) => ("axis-clean.no", "axis-clean.only-server"),
            (Outcome::Closed | Outcome::Dropped, None) => ("axis-clean.no", "axis-clean.neither"),
        };
        Axis { title: self.texts.text("axis-clean").to_owned(), value: self.say(value), sentence: self.say(sentence) }
    }

    fn report(&self, side: Side) -> SideReport {
        let code = self.verdict.sides[side].reports;
        let case = match (self.sent_by(side.peer()).map(Holding::of), self.verdict.outcome) {
            (Some(Holding::Code(_)), _) => "code",
            (Some(Holding::Empty), _) => "empty",
            (Some(Holding::HalfCode), _) => "half",
            (Some(Holding::NotRecorded), _) => "code-not-recorded",
            (None, Outcome::Open) => "pending",
            (None, Outcome::CutOff) => self.why_unknown(),
            (None, Outcome::ConnectFailed) if side == Side::Server => "no-connection",
            (None, Outcome::ConnectFailed) if self.verdict.failed_stage == Some(ConnectStage::Tls) => "tls",
            (None, Outcome::ConnectFailed | Outcome::HandshakeFailed) => "no-session",
            (None, Outcome::Closed | Outcome::Dropped) => "nothing",
        };
        let mut arguments = self.arguments();
        arguments.set("code", code.map_or(0, |code| code.0));
        SideReport {
            side,
            side_name: self.texts.text(if side == Side::Client { "side-client" } else { "side-server" }).to_owned(),
            code,
            value: match code {
                Some(code) => code_and_name(code, self.texts),
                None if self.verdict.is_final() => self.no_code(side).to_owned(),
                None => self.texts.text("axis-code.none").to_owned(),
            },
            sentence: self.texts.format(&format!("report-{}-{case}", side_name(side)), &arguments),
        }
    }

    fn next_steps(&self) -> Vec<String> {
        let verdict = self.verdict;
        let mut ids = Vec::<&str>::new();
        let mut codes = Vec::<CloseCode>::new();
        match (verdict.outcome, verdict.first_close) {
            (Outcome::ConnectFailed, _) => ids.push(match verdict.failed_stage {
                Some(ConnectStage::Dns) => "next-connect-failed-dns",
                Some(ConnectStage::Proxy) => "next-connect-failed-proxy",
                Some(ConnectStage::Tls) => "next-connect-failed-tls",
                Some(ConnectStage::Tcp | ConnectStage::Upgrade) | None => "next-connect-failed-tcp",
            }),
            (Outcome::HandshakeFailed, _) => ids.push("next-handshake-failed"),
            (Outcome::Open, None) => {}
            (Outcome::CutOff, _) if verdict.may_lack_a_close => ids.push("next-not-recorded"),
            (Outcome::CutOff, _) => ids.push("next-cut-off"),
            (Outcome::Open, Some(Side::Client)) => ids.push("next-closing-client"),
            (Outcome::Open, Some(Side::Server)) => ids.push("next-closing-server"),
            (Outcome::Dropped, _) | (Outcome::Closed, None) => {
                match verdict.transport_end.map(|end| (end.how, end.side)) {
                    Some((TransportEnd::Fin, Side::Client)) => ids.push("next-dropped-fin-client"),
                    Some((TransportEnd::Rst, Side::Client)) => ids.push("next-dropped-rst-client"),
                    Some((_, Side::Server)) => ids.extend(["next-dropped-server", "next-keep-alive"]),
                    Some((TransportEnd::Local, Side::Client)) => ids.push("next-dropped-local"),
                    Some((TransportEnd::Timeout, Side::Client)) | None => ids.push("next-dropped-timeout"),
                }
            }
            (Outcome::Closed, Some(first)) => {
                if self.sender_of(Holding::HalfCode).is_some() {
                    ids.push("next-half-code");
                }
                if self.sender_of(Holding::NotRecorded).is_some() {
                    ids.push("next-not-recorded");
                }
                let on_the_wire = self.codes_on_the_wire();
                if on_the_wire.iter().any(|(_, code)| !code.may_be_on_the_wire()) {
                    ids.push("next-code-not-allowed");
                }
                let allowed = on_the_wire.into_iter().map(|(_, code)| code).filter(|code| code.may_be_on_the_wire());
                codes.extend(allowed.filter(|code| *code != CloseCode::NORMAL_CLOSURE));
                ids.extend(self.steps_after_closes(first));
                if let (Some(client), Some(server)) =
                    (verdict.sides[Side::Client].reports, verdict.sides[Side::Server].reports)
                    && client != server
                {
                    ids.push("next-log-both");
                }
                if ids.is_empty() && codes.is_empty() {
                    ids.push(if first == Side::Client { "next-nothing-client" } else { "next-nothing-server" });
                }
            }
        }
        let fixes = codes.into_iter().map(|code| CodeWords::new(code, self.texts).under(Heading::HowToFix));
        fixes.chain(ids.into_iter().map(|id| self.say(id))).collect()
    }

    fn steps_after_closes(&self, first: Side) -> Vec<&'static str> {
        let holding = |side: Side| self.sent_by(side).map(Holding::of);
        let mut ids = Vec::new();
        if holding(first) == Some(Holding::Empty) {
            ids.push(if first == Side::Client { "next-empty-first-client" } else { "next-empty-first-server" });
        }
        match (holding(first.peer()), first.peer()) {
            (None, Side::Client) => ids.push("next-no-reply-client"),
            (None, Side::Server) => ids.push("next-no-reply-server"),
            (Some(Holding::Empty), side) if matches!(holding(first), Some(Holding::Code(_))) => {
                ids.push(if side == Side::Client { "next-empty-reply-client" } else { "next-empty-reply-server" });
            }
            _ => {}
        }
        ids
    }
}

/// The side's name as an argument of texts, the same in every language.
pub(super) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

/// The number with its registered name or the name of its range.
fn code_and_name(code: CloseCode, texts: &Texts) -> String {
    let mut arguments = Arguments::new();
    arguments.set("code", code.0);
    arguments.set("name", CodeWords::new(code, texts).name());
    texts.format("label-code-and-name", &arguments)
}

/// A time span with three significant places or so, in the unit that suits it.
pub(super) fn duration(span: Duration) -> String {
    let nanoseconds = span.as_nanos();
    match nanoseconds {
        0..1_000 => format!("{nanoseconds} ns"),
        1_000..1_000_000 => format!("{} µs", nanoseconds / 1_000),
        1_000_000..1_000_000_000 => format!("{:.1} ms", span.as_secs_f64() * 1_000.0),
        _ => format!("{:.2} s", span.as_secs_f64()),
    }
}

fn optional_number<S: serde::Serializer>(code: &Option<CloseCode>, serializer: S) -> Result<S::Ok, S::Error> {
    match code {
        Some(code) => serializer.serialize_some(&code.0),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_spans_are_told_in_the_unit_that_suits_them() {
        assert_eq!(duration(Duration::from_nanos(40)), "40 ns");
        assert_eq!(duration(Duration::from_micros(412)), "412 µs");
        assert_eq!(duration(Duration::from_micros(1_500)), "1.5 ms");
        assert_eq!(duration(Duration::from_millis(2_250)), "2.25 s");
    }
}
