//! What two sessions have that is no message: what was agreed on at the start, how they ended, and what the server did besides.

use std::collections::BTreeSet;

use crate::content::one_line::quoted;
use crate::protocol::direction::{Direction, Side};
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::{Outcome, TransportEnd, Verdict};
use crate::session::Session;

/// One thing that both sessions have, each in its way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Facet {
    /// What it is.
    pub name: &'static str,
    /// As it was recorded.
    pub then: String,
    /// As it is now.
    pub now: String,
    /// Whether it is another now. The server's Pings come by its own clock, so that their number is none.
    pub differs: bool,
}

impl Facet {
    fn of(name: &'static str, [then, now]: [String; 2]) -> Facet {
        Facet { name, differs: then != now, then, now }
    }
}

/// Everything that can be compared; how a session ended only where that was recorded.
pub(super) fn facets(then: &Session, now: &Session) -> Vec<Facet> {
    let both = [then, now];
    let mut facets = vec![
        Facet::of("Subprotocol", both.map(|session| session.handshake.subprotocol().unwrap_or("none").to_owned())),
        Facet::of("Extensions", both.map(extensions)),
    ];
    let is_known = |session: &Session| !matches!(session.verdict.outcome, Outcome::Open | Outcome::CutOff);
    if is_known(then) && is_known(now) {
        facets.extend([
            Facet::of("First Close", both.map(|session| first_close(&session.verdict))),
            Facet::of("Server's Close", both.map(|session| sent_close(&session.verdict, Side::Server))),
            Facet::of("Client's Close", both.map(|session| sent_close(&session.verdict, Side::Client))),
            Facet::of("Clean", both.map(|session| if session.verdict.clean { "yes" } else { "no" }.to_owned())),
            Facet::of("End of TCP", both.map(|session| transport_end(&session.verdict))),
        ]);
    }
    facets.push(Facet::of("Pongs of the server", both.map(|session| frames_of_server(session, Opcode::Pong))));
    let pings = both.map(|session| frames_of_server(session, Opcode::Ping));
    facets.push(Facet { differs: false, ..Facet::of("Pings of the server", pings) });
    facets.push(Facet::of("Rules that the server broke", both.map(broken_rules)));
    facets
}

fn extensions(session: &Session) -> String {
    match session.handshake.extensions().as_slice() {
        [] => "none".into(),
        extensions => extensions.join(", "),
    }
}

fn first_close(verdict: &Verdict) -> String {
    verdict.first_close.map_or_else(|| "none".into(), |side| format!("by the {side}"))
}

fn sent_close(verdict: &Verdict, side: Side) -> String {
    match &verdict.sides[side].sent_close {
        None => "none".into(),
        Some(close) => match (close.payload.code(), close.payload.reason()) {
            (None, _) => "without a code".into(),
            (Some(code), "") => code.to_string(),
            (Some(code), reason) => format!("{code} {}", quoted(reason)),
        },
    }
}

fn transport_end(verdict: &Verdict) -> String {
    let Some(ending) = verdict.transport_end else { return "not seen".into() };
    let side = ending.side;
    match ending.how {
        TransportEnd::Fin => format!("FIN of the {side}"),
        TransportEnd::Rst | TransportEnd::Local => format!("reset by the {side}"),
        TransportEnd::Timeout => format!("the {side} stopped waiting"),
    }
}

fn frames_of_server(session: &Session, opcode: Opcode) -> String {
    let direction = Direction::ServerToClient;
    let opcodes = session.totals(0..session.frames.len())[direction].opcodes;
    // Most sessions have none, and then nobody needs to look.
    let count = match opcodes & 1 << opcode.bits() {
        0 => 0,
        _ => session.frames.iter().filter(|row| row.direction == direction && row.opcode() == opcode).count(),
    };
    count.to_string()
}

fn broken_rules(session: &Session) -> String {
    let of_server = session.findings.iter().filter(|finding| finding.direction == Some(Direction::ServerToClient));
    let rules: BTreeSet<&str> = of_server.map(|finding| finding.rule.name()).collect();
    if rules.is_empty() { "none".into() } else { Vec::from_iter(rules).join(", ") }
}
