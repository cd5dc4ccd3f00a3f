//! Causes of an end with a Close frame: who sent it with what, how it was answered, and what its code says about what went before.

use std::time::Duration;

use crate::explain::code_article::known_uses;
use crate::explain::marked_close::printable;
use crate::explain::texts::Texts;
use crate::protocol::close::{CloseCode, CloseCodeRange, CloseFrame, ClosePayload};
use crate::protocol::direction::{Perspective, Side};
use crate::protocol::finding::Rule;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::TransportEnd;

use super::Certainty::{self, Certain, Likely, Possible};
use super::drops::unanswered_keep_alive;
use super::suspicion::{Suspicion, span};
use super::{Circumstances, SeenFrame};

/// Answers that take less are those of a test on one machine, where nothing can be told from times.
const SHORTEST_TELLING_ANSWER: Duration = Duration::from_millis(5);

/// How many documented uses of a code are told.
const TOLD_USES: usize = 4;

/// Words in a reason that speak of authorization.
const ABOUT_AUTHORIZATION: [&str; 12] = [
    "auth",
    "token",
    "credential",
    "login",
    "logged",
    "expired",
    "forbidden",
    "permission",
    "denied",
    "jwt",
    "api key",
    "yetki",
];

/// Words in a reason that speak of too much in too little time.
const ABOUT_RATES: [&str; 7] = ["rate limit", "ratelimit", "too many", "too fast", "throttl", "quota", "flood"];

/// Words in a reason that speak of a sign of life that did not come.
const ABOUT_KEEP_ALIVE: [&str; 6] = ["heartbeat", "keepalive", "keep-alive", "ping timeout", "pong", "no ping"];

/// Why a session ended with a Close.
pub(super) fn suspicions<'texts>(circumstances: &Circumstances<'_>, texts: &'texts Texts) -> Vec<Suspicion<'texts>> {
    let verdict = circumstances.verdict;
    let (Some(first), Some(close)) = (verdict.first_close, verdict.first_close_frame()) else { return Vec::new() };
    let case = Case { circumstances, texts, closer: first, close };
    let mut found = Vec::new();
    match &close.payload {
        ClosePayload::Empty => {
            let suspicion = case.suspect(first, Certain, "empty-close");
            found.push(match verdict.reply_close_frame() {
                Some(reply) => suspicion.close(reply),
                None => suspicion,
            });
        }
        ClosePayload::OneByte(_) => found.push(case.suspect(first, Certain, "half-code")),
        ClosePayload::NotRecorded => {}
        ClosePayload::Status { code, .. } if code.check_sendable_by(first).is_err() => {
            found.push(case.suspect(first, Certain, "code-not-allowed").with("code", code.0));
        }
        ClosePayload::Status { code, reason } => {
            found.extend(case.reply(*code));
            found.extend(case.meanings(*code, &reason.to_lowercase()));
        }
    }
    found.extend(case.missing_reply());
    if let ClosePayload::Status { code: CloseCode::NORMAL_CLOSURE, .. } = close.payload {
        // The purpose is fulfilled, unless something better explains the end.
        let best = found.iter().map(|suspicion| suspicion.certainty).min();
        let certainty = match best {
            None => Certain,
            Some(Certain) => Likely,
            Some(Likely | Possible) => Possible,
        };
        found.push(case.suspect(first, certainty, "finished").with("code", 1000));
    }
    found
}

/// The first Close, and what it is looked at with.
struct Case<'a, 'session, 'texts> {
    circumstances: &'a Circumstances<'session>,
    texts: &'texts Texts,
    closer: Side,
    close: &'a CloseFrame,
}

impl<'texts> Case<'_, '_, 'texts> {
    /// A cause of a side's doing that the first Close shows.
    fn suspect(&self, side: Side, certainty: Certainty, name: &'static str) -> Suspicion<'texts> {
        Suspicion::of(side, certainty, name, self.texts).close(self.close)
    }

    /// The messages of the side that was closed upon, the newest first.
    fn messages(&self) -> impl Iterator<Item = &SeenFrame> {
        let sent = self.circumstances.before(self.closer.peer(), self.close.at);
        sent.filter(|frame| matches!(frame.opcode, Opcode::Text | Opcode::Binary))
    }

    fn with_last_message(&self, suspicion: Suspicion<'texts>) -> Suspicion<'texts> {
        match self.messages().next() {
            Some(message) => suspicion.message(message, self.close.at),
            None => suspicion,
        }
    }

    /// What the second Close makes of the first one's code.
    fn reply(&self, code: CloseCode) -> Vec<Suspicion<'texts>> {
        let Some(reply) = self.circumstances.verdict.reply_close_frame() else { return Vec::new() };
        let replier = self.closer.peer();
        let gap = reply.at.since(self.close.at);
        let answered = |name: &'static str, certainty: Certainty| {
            let suspicion = self.suspect(replier, certainty, name).with("code", code.0).close(reply);
            suspicion.seen("clue-answered", None, [("gap", span(gap))])
        };
        match reply.payload {
            ClosePayload::Empty => vec![answered("reply-lost-code", Certain)],
            ClosePayload::OneByte(_) => vec![answered("half-code", Certain)],
            ClosePayload::NotRecorded => Vec::new(),
            ClosePayload::Status { code: other, .. } if other == code => Vec::new(),
            ClosePayload::Status { code: other, .. } => {
                // Only the side that recorded its own Close as the first can tell that an answer could not have come so soon.
                let is_told_by_time =
                    self.circumstances.perspective == Perspective::Client && self.closer == Side::Client;
                let usual = self.circumstances.shortest_answer.filter(|_| is_told_by_time);
                let crossed = |certainty| {
                    let suspicion = Suspicion::of_neither(certainty, "closes-crossed", self.texts);
                    suspicion.with("code", code.0).with("reply", other.0).close(self.close).close(reply)
                };
                match usual.filter(|usual| *usual >= SHORTEST_TELLING_ANSWER) {
                    Some(usual) if gap * 2 < usual => {
                        let times = [("gap", span(gap)), ("roundtrip", span(usual))];
                        vec![crossed(Likely).seen("clue-gap-and-round-trip", Some(reply.number), times)]
                    }
                    _ => vec![
                        answered("reply-changed-code", Likely).with("reply", other.0),
                        crossed(Possible).seen("clue-codes-differ", Some(reply.number), []),
                    ],
                }
            }
        }
    }

    /// A Close that was never answered: by whom, or because nobody waited.
    fn missing_reply(&self) -> Option<Suspicion<'texts>> {
        let verdict = self.circumstances.verdict;
        let ending = verdict.transport_end.filter(|_| verdict.reply_close_frame().is_none())?;
        let did_not_wait = ending.side == self.closer && ending.how != TransportEnd::Timeout;
        let (side, name) = match did_not_wait {
            true => (self.closer, "closer-did-not-wait"),
            false => (self.closer.peer(), "close-unanswered"),
        };
        Some(self.suspect(side, Certain, name).ending(ending))
    }

    /// What the code says about the end, with what was seen before it.
    fn meanings(&self, code: CloseCode, reason: &str) -> Vec<Suspicion<'texts>> {
        let (closer, other) = (self.closer, self.closer.peer());
        let speaks_of = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        let mut found = Vec::new();
        found.extend(unanswered_keep_alive(self.circumstances, other, self.close.at, self.texts));
        if found.is_empty() && speaks_of(&ABOUT_KEEP_ALIVE) {
            found.push(self.by_its_reason(other, Likely, "keep-alive-unanswered"));
        }
        if matches!(code.0, 1000 | 1001 | 1008 | 4000..) && closer == Side::Server {
            found.extend(self.idle_limit());
        }
        match code.0 {
            1001 if closer == Side::Server => found.push(self.suspect(closer, Likely, "server-going-away")),
            1001 => found.push(self.suspect(closer, Likely, "page-left")),
            1002 => found.push(self.violation("protocol-violation", "protocol-error-claimed", |_| true)),
            1003 => found.push(self.with_last_message(self.suspect(other, Certain, "unsupported-data"))),
            1007 => found.push(self.broken_content()),
            1008 | 3000.. if speaks_of(&ABOUT_RATES) => found.push(self.by_its_reason(other, Likely, "rate-limit")),
            3000 | 3003 => found.push(self.suspect(other, Certain, "authorization")),
            1008 | 3001.. if speaks_of(&ABOUT_AUTHORIZATION) => {
                found.push(self.by_its_reason(other, Likely, "authorization"));
            }
            1008 => found.push(self.with_last_message(self.suspect(other, Certain, "policy"))),
            1009 => found.push(self.too_big()),
            1010 => found.push(self.suspect(other, Certain, "extension-missing")),
            1011 if found.is_empty() => {
                found.push(self.with_last_message(self.suspect(closer, Certain, "internal-error")));
            }
            1012 => found.push(self.suspect(closer, Certain, "service-restart")),
            1013 => found.push(self.suspect(closer, Certain, "overload")),
            1014 => found.push(self.suspect(closer, Certain, "bad-gateway")),
            4401 | 4403 => found.push(self.with_known_uses(code, self.suspect(other, Likely, "authorization"))),
            3008 | 4408 => found.push(self.with_known_uses(code, self.suspect(other, Likely, "too-late"))),
            4429 => found.push(self.with_known_uses(code, self.suspect(other, Likely, "rate-limit"))),
            _ => {}
        }
        if matches!(code.range(), CloseCodeRange::Private | CloseCodeRange::Registered) && code.name().is_none() {
            let certainty = if found.is_empty() { Certain } else { Possible };
            let suspicion = self.suspect(closer, certainty, "private-code").with("code", code.0);
            found.push(self.with_known_uses(code, suspicion));
        }
        found
    }

    fn by_its_reason(&self, side: Side, certainty: Certainty, name: &'static str) -> Suspicion<'texts> {
        let reason = printable(self.close.payload.reason());
        self.suspect(side, certainty, name).seen("clue-reason-says", None, [("reason", reason.into())])
    }

    /// What services say that they mean by a code.
    fn with_known_uses(&self, code: CloseCode, suspicion: Suspicion<'texts>) -> Suspicion<'texts> {
        known_uses(code, self.texts).into_iter().take(TOLD_USES).fold(suspicion, |suspicion, known| {
            let values = [("by", known.by.into()), ("code", code.0.into()), ("meaning", known.meaning.into())];
            suspicion.seen("clue-known-use", None, values)
        })
    }

    /// A server that closes after a round number of seconds without traffic.
    fn idle_limit(&self) -> Option<Suspicion<'texts>> {
        let seconds = self.circumstances.limit_reached_at(self.close.at)?;
        let newest = self.circumstances.newest_before(self.close.at);
        let silence = self.circumstances.silence_at(self.close.at)?;
        let suspicion = self.suspect(self.closer, Likely, "idle-limit").with("seconds", seconds);
        Some(suspicion.silence(silence, newest, seconds))
    }

    /// A broken rule of the other side, or the claim that there is one.
    fn violation(
        &self,
        name: &'static str,
        claimed: &'static str,
        is_wanted: impl Fn(&Rule) -> bool,
    ) -> Suspicion<'texts> {
        let other = self.closer.peer();
        match self.circumstances.violation(other, self.close.at).filter(|finding| is_wanted(&finding.rule)) {
            Some(finding) => self.suspect(other, Certain, name).finding(finding),
            None => self.with_last_message(self.suspect(other, Likely, claimed)),
        }
    }

    fn broken_content(&self) -> Suspicion<'texts> {
        let is_compression =
            |rule: &Rule| matches!(rule, Rule::CompressedDataInvalid { .. } | Rule::CompressedDataIncomplete);
        if self
            .circumstances
            .violation(self.closer.peer(), self.close.at)
            .is_some_and(|found| is_compression(&found.rule))
        {
            return self.violation("broken-compression", "content-refused", is_compression);
        }
        let is_text = |rule: &Rule| matches!(rule, Rule::TextNotUtf8 { .. } | Rule::CloseReasonNotUtf8 { .. });
        self.violation("invalid-utf8", "content-refused", is_text)
    }

    /// The largest message that the other side had sent.
    fn too_big(&self) -> Suspicion<'texts> {
        let suspicion = self.suspect(self.closer.peer(), Certain, "message-too-big");
        match self.messages().max_by_key(|message| message.length) {
            Some(message) => suspicion.message(message, self.close.at),
            None => suspicion,
        }
    }
}
