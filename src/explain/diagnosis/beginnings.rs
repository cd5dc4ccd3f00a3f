//! Causes for which a session never began: the way to the server, TLS, and the answers to an upgrade.

use crate::explain::texts::Texts;
use crate::protocol::direction::Side;
use crate::protocol::finding::{Finding, Rule, Severity};
use crate::protocol::verdict::ConnectStage;

use super::Certainty::{Certain, Likely};
use super::Circumstances;
use super::suspicion::Suspicion;

/// Why there was no session.
pub(super) fn suspicions<'texts>(circumstances: &Circumstances<'_>, texts: &'texts Texts) -> Vec<Suspicion<'texts>> {
    let told = |suspicion: Suspicion<'texts>| match circumstances.problem {
        Some(problem) => suspicion.clue(problem.to_owned(), None),
        None => suspicion,
    };
    match circumstances.verdict.failed_stage {
        Some(ConnectStage::Dns) => vec![told(Suspicion::of(Side::Client, Certain, "name-not-resolved", texts))],
        Some(ConnectStage::Tcp) => vec![told(Suspicion::of(Side::Server, Likely, "no-tcp-connection", texts))],
        Some(ConnectStage::Proxy) => vec![told(Suspicion::of_neither(Certain, "way-not-opened", texts))],
        Some(ConnectStage::Tls) => vec![told(Suspicion::of(Side::Server, Likely, "tls-failed", texts))],
        Some(ConnectStage::Upgrade) | None => upgrade(circumstances, texts).into_iter().collect(),
    }
}

/// A 101 that a strict client must refuse.
pub(super) fn wrong_answer<'texts>(
    circumstances: &Circumstances<'_>,
    texts: &'texts Texts,
) -> Option<Suspicion<'texts>> {
    let is_about_heads = |finding: &&Finding| {
        finding.frame.is_none()
            && finding.at <= circumstances.opened_at.unwrap_or_default()
            && finding.rule.severity() == Severity::Error
    };
    let mut by_server = circumstances.findings.iter().filter(|finding| finding.direction == Some(Side::Server.sends()));
    let finding = by_server.find(is_about_heads)?;
    Some(Suspicion::of(Side::Server, Certain, "upgrade-answer-wrong", texts).finding(finding))
}

/// What the answer to the upgrade says.
fn upgrade<'texts>(circumstances: &Circumstances<'_>, texts: &'texts Texts) -> Option<Suspicion<'texts>> {
    for side in Side::BOTH {
        if let Some(finding) = circumstances.finding(side, |rule| matches!(rule, Rule::HeadMalformed)) {
            return Some(Suspicion::of(side, Certain, "not-http", texts).finding(finding));
        }
    }
    let Some(response) = &circumstances.handshake.response else {
        let ending = circumstances.verdict.transport_end?;
        let suspicion = Suspicion::of(ending.side, Likely, "upgrade-unanswered", texts);
        return Some(suspicion.seen("clue-no-answer", None, []).ending(ending));
    };
    let (side, name) = match response.status {
        101 => return wrong_answer(circumstances, texts),
        401 | 407 => (Side::Client, "upgrade-unauthorized"),
        403 => (Side::Client, "upgrade-forbidden"),
        404 | 405 | 410 => (Side::Client, "upgrade-no-such-path"),
        300..=399 => (Side::Client, "upgrade-redirected"),
        400 | 426 => (Side::Client, "upgrade-bad-request"),
        429 | 503 => (Side::Server, "upgrade-overloaded"),
        500 => (Side::Server, "upgrade-server-error"),
        502 | 504 => (Side::Server, "upgrade-bad-gateway"),
        200..=299 => (Side::Server, "upgrade-not-a-websocket"),
        _ => return None,
    };
    let words = [("status", response.status.into()), ("words", response.reason.clone().into())];
    let suspicion = Suspicion::of(side, Certain, name, texts).with("status", response.status);
    Some(suspicion.seen("clue-status", None, words))
}
