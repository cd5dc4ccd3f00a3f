//! Causes of an end without any Close frame: what TCP and the frames before it tell.

use std::time::Duration;

use crate::explain::explanation::side_name;
use crate::explain::texts::Texts;
use crate::protocol::direction::Side;
use crate::protocol::finding::Rule;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::{TransportEnd, TransportEnding};

use super::Certainty::{Certain, Likely, Possible};
use super::Circumstances;
use super::beginnings::wrong_answer;
use super::suspicion::{Suspicion, span};

/// Data that was sent so shortly before a reset may have been on its way.
const IN_FLIGHT: Duration = Duration::from_secs(2);

/// A session that ends this soon after it opened ended at once.
const AT_ONCE: Duration = Duration::from_secs(1);

/// A Ping that waited for less was not given up for that.
const SHORTEST_WAIT: Duration = Duration::from_secs(2);

/// Why a session ended without a Close.
pub(super) fn suspicions<'texts>(circumstances: &Circumstances<'_>, texts: &'texts Texts) -> Vec<Suspicion<'texts>> {
    let Some(ending) = circumstances.verdict.transport_end else { return Vec::new() };
    let mut found: Vec<Suspicion<'texts>> = Vec::new();
    match ending.how {
        TransportEnd::Local => {
            found.push(Suspicion::of(ending.side, Certain, "aborted-here", texts).ending(ending));
            return found;
        }
        TransportEnd::Timeout => {
            found.extend(unanswered_keep_alive(circumstances, ending.side.peer(), ending.at, texts));
            found.push(Suspicion::of(ending.side, Possible, "gave-up-waiting", texts).ending(ending));
            return found;
        }
        TransportEnd::Fin | TransportEnd::Rst => {}
    }
    let side = ending.side;
    if circumstances.last_frames.is_empty() {
        found.extend(wrong_answer(circumstances, texts));
    }
    if let Some(violation) = circumstances.violation(side.peer(), ending.at) {
        found.push(Suspicion::of(side.peer(), Likely, "protocol-violation", texts).finding(violation).ending(ending));
    }
    found.extend(unanswered_keep_alive(circumstances, side.peer(), ending.at, texts));
    let limit = circumstances.limit_reached_at(ending.at);
    found.extend(limit.map(|seconds| {
        let newest = circumstances.newest_before(ending.at);
        let silence = circumstances.silence_at(ending.at).unwrap_or_default();
        let suspicion = Suspicion::of_neither(Likely, "proxy-time-out", texts).with("seconds", seconds);
        suspicion.silence(silence, newest, seconds).ending(ending)
    }));
    for sender in Side::BOTH {
        let is_unfinished = |rule: &Rule| matches!(rule, Rule::EndedInsideFrame | Rule::EndedInsideMessage);
        if let Some(finding) = circumstances.finding(sender, is_unfinished) {
            let certainty = if sender == side { Certain } else { Possible };
            found.push(Suspicion::of(sender, certainty, "cut-inside-message", texts).finding(finding).ending(ending));
        }
    }
    found.extend(ended_at_once(circumstances, ending, texts));
    let is_explained = limit.is_some() || found.iter().any(|suspicion| suspicion.certainty == Certain);
    let certainty = if is_explained { Possible } else { Likely };
    let last = circumstances.before(side.peer(), ending.at).next();
    let in_flight = last.filter(|frame| ending.at.since(frame.at) <= IN_FLIGHT);
    found.push(match (ending.how, in_flight) {
        (TransportEnd::Rst, Some(frame)) => Suspicion::of(side, certainty, "reset-with-data-in-flight", texts)
            .last_frame(frame, ending.at)
            .ending(ending),
        (TransportEnd::Rst, None) => Suspicion::of(side, certainty, "reset-without-data", texts).ending(ending),
        _ => {
            let suspicion = Suspicion::of(side, certainty, "fin-without-close", texts);
            match circumstances.newest_before(ending.at) {
                Some(frame) => suspicion.last_frame(frame, ending.at),
                None => suspicion,
            }
            .ending(ending)
        }
    });
    found
}

/// A Ping to a side that waited in vain until a moment.
pub(super) fn unanswered_keep_alive<'texts>(
    circumstances: &Circumstances<'_>,
    silent: Side,
    end: Moment,
    texts: &'texts Texts,
) -> Option<Suspicion<'texts>> {
    let finding = circumstances.finding(silent, |rule| matches!(rule, Rule::PingNotAnswered))?;
    let ping = circumstances.frame(finding.frame?)?;
    let waited = end.since(ping.at);
    let is_silent_since = circumstances.before(silent, end).next().is_none_or(|frame| frame.at <= ping.at);
    (waited >= SHORTEST_WAIT).then(|| {
        let values = [("side", side_name(silent.peer()).into()), ("waited", span(waited))];
        // A side that goes on sending is alive, and only does not answer.
        let certainty = if is_silent_since { Likely } else { Possible };
        Suspicion::of(silent, certainty, "keep-alive-unanswered", texts).seen("clue-ping", finding.frame, values)
    })
}

/// An end as soon as the session was open.
fn ended_at_once<'texts>(
    circumstances: &Circumstances<'_>,
    ending: TransportEnding,
    texts: &'texts Texts,
) -> Option<Suspicion<'texts>> {
    let lasted = ending.at.since(circumstances.opened_at?);
    (lasted <= AT_ONCE && circumstances.last_frames.is_empty()).then(|| {
        let suspicion = Suspicion::of(ending.side, Likely, "ended-at-once", texts);
        suspicion.seen("clue-no-frames", None, [("lasted", span(lasted))]).ending(ending)
    })
}
