//! The JSON document about a session that `record` and `inspect` print; its fields are a contract with scripts.

use serde::Serialize;

use crate::capture::target::masked;
use crate::content::subprotocol::Subprotocol;
use crate::explain::diagnosis::Diagnosis;
use crate::explain::explanation::Explanation;
use crate::explain::findings::sentence;
use crate::explain::texts::Texts;
use crate::protocol::close::CloseFrame;
use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::dissector::RoundTrip;
use crate::protocol::finding::Finding;
use crate::protocol::hexadecimal;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::{SideVerdict, TransportEnd, Verdict};
use crate::reading::circumstances::circumstances;
use crate::search::Filter;
use crate::session::annotations::Bookmark;
use crate::session::latency::Exchange;
use crate::session::{EventKind, Session};

use super::connecting::ConnectionReport;
use super::reading::Reading;
use super::statistics::StatisticsReport;

/// A whole session in figures.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    url: Option<String>,
    connection: ConnectionReport<'a>,
    handshake: HandshakeReport<'a>,
    frames: FramesReport,
    messages: MessagesReport,
    /// Each Ping that was answered, with the time until its Pong.
    round_trips: Vec<RoundTripReport>,
    /// Each request that was answered, by the identifier that both have in common, with the time until its first reply.
    replies: Vec<ReplyReport>,
    findings: Vec<FindingReport>,
    verdict: VerdictReport<'a>,
    explanation: ExplanationReport,
    /// Why it ended so: the causes that fit, the most certain first.
    diagnosis: Diagnosis,
    /// Why there is no session.
    failure: Option<FailureReport<'a>>,
    /// Remarks of the recording side, such as what its library made of the bytes.
    notes: Vec<&'a str>,
    /// Where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<StatisticsReport>,
    /// What a person wrote to the whole session; empty when that was nothing.
    session_note: &'a str,
    /// The frames that a person bookmarked.
    bookmarks: Vec<BookmarkReport<'a>>,
}

#[derive(Serialize)]
struct BookmarkReport<'a> {
    frame: u64,
    /// Empty when nothing was written.
    note: &'a str,
}

#[derive(Serialize)]
struct HandshakeReport<'a> {
    status: Option<u16>,
    subprotocol: Option<&'a str>,
    extensions: Vec<&'a str>,
}

#[derive(Serialize)]
struct FramesReport {
    count: u64,
    by_opcode: ByOpcode,
    by_direction: Sides<u64>,
}

#[derive(Serialize)]
struct MessagesReport {
    /// What they were read by.
    subprotocol: Option<&'static str>,
    count: u64,
    by_direction: Sides<u64>,
}

#[derive(Serialize)]
struct RoundTripReport {
    from: Side,
    ping: u64,
    pong: u64,
    nanoseconds: u64,
}

#[derive(Serialize)]
struct ReplyReport {
    from: Side,
    /// The first frames of both messages.
    request: u64,
    reply: u64,
    nanoseconds: u64,
}

/// A value for each side, by what it sends.
#[derive(Serialize, Default, Clone, Copy)]
pub(super) struct Sides<T> {
    pub(super) client: T,
    pub(super) server: T,
}

impl<T> Sides<T> {
    fn of(&mut self, side: Side) -> &mut T {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }
}

#[derive(Serialize, Default)]
struct ByOpcode {
    continuation: Sides<u64>,
    text: Sides<u64>,
    binary: Sides<u64>,
    close: Sides<u64>,
    ping: Sides<u64>,
    pong: Sides<u64>,
    reserved: Sides<u64>,
}

impl ByOpcode {
    fn of(&mut self, opcode: Opcode) -> &mut Sides<u64> {
        match opcode {
            Opcode::Continuation => &mut self.continuation,
            Opcode::Text => &mut self.text,
            Opcode::Binary => &mut self.binary,
            Opcode::Close => &mut self.close,
            Opcode::Ping => &mut self.ping,
            Opcode::Pong => &mut self.pong,
            Opcode::Reserved(_) => &mut self.reserved,
        }
    }
}

#[derive(Serialize)]
struct FindingReport {
    frame: Option<u64>,
    direction: Option<Side>,
    rule: &'static str,
    section: &'static str,
    severity: &'static str,
    message: String,
}

#[derive(Serialize)]
pub(super) struct VerdictReport<'a> {
    outcome: &'static str,
    first_close: Option<Side>,
    client: SideReport<'a>,
    server: SideReport<'a>,
    clean: bool,
    transport_end: Option<TransportEnd>,
}

#[derive(Serialize)]
struct SideReport<'a> {
    sent_close: Option<CloseReport<'a>>,
    reports: Option<u16>,
}

#[derive(Serialize)]
struct CloseReport<'a> {
    /// The whole frame as on the wire.
    hex: String,
    code: Option<u16>,
    reason: &'a str,
}

#[derive(Serialize)]
struct ExplanationReport {
    headline: String,
    what_happened: String,
}

#[derive(Serialize)]
struct FailureReport<'a> {
    stage: &'static str,
    problem: &'a str,
    advice: &'a str,
}

impl<'a> Report<'a> {
    /// The report on a session; with a filter, only the frames that match are counted.
    pub(super) fn of(session: &'a Session, filter: Option<&Filter>, reading: &Reading, texts: &Texts) -> Report<'a> {
        let explanation = Explanation::of(&session.verdict, session.origin.perspective, texts);
        let mut notes = Vec::new();
        let mut failure = None;
        for (_, kind) in session.records() {
            match kind {
                EventKind::Note { text } => notes.push(text.as_str()),
                EventKind::ConnectFailed { stage, problem, advice } => {
                    failure = Some(FailureReport { stage: stage.name(), problem, advice });
                }
                _ => {}
            }
        }
        Report {
            url: session.origin.url.as_deref().map(masked),
            connection: ConnectionReport::of(session),
            handshake: HandshakeReport {
                status: session.handshake.status(),
                subprotocol: session.handshake.subprotocol(),
                extensions: session.handshake.extensions(),
            },
            frames: FramesReport::of(session, filter, reading),
            messages: MessagesReport::of(session, reading),
            replies: reading.replies(session).exchanges.iter().map(ReplyReport::of).collect(),
            round_trips: session.round_trips.iter().map(RoundTripReport::of).collect(),
            findings: session.findings.iter().map(|finding| FindingReport::of(finding, texts)).collect(),
            verdict: VerdictReport::of(&session.verdict),
            explanation: ExplanationReport { headline: explanation.headline, what_happened: explanation.what_happened },
            diagnosis: Diagnosis::of(&circumstances(session), texts),
            failure,
            notes,
            statistics: None,
            session_note: session.annotations.session_note().text(),
            bookmarks: session.annotations.bookmarks().iter().map(BookmarkReport::of).collect(),
        }
    }

    /// The same with statistics.
    #[must_use]
    pub(super) fn with_statistics(self, statistics: Option<StatisticsReport>) -> Report<'a> {
        Report { statistics, ..self }
    }
}

impl FramesReport {
    fn of(session: &Session, filter: Option<&Filter>, reading: &Reading) -> FramesReport {
        let mut picked = reading.picking(session, filter);
        let mut report = FramesReport { count: 0, by_opcode: ByOpcode::default(), by_direction: Sides::default() };
        for (_, row) in session.frames.iter().enumerate().filter(|(index, _)| picked(*index)) {
            let sender = row.direction.sender();
            report.count += 1;
            *report.by_direction.of(sender) += 1;
            *report.by_opcode.of(row.opcode()).of(sender) += 1;
        }
        report
    }
}

impl<'a> BookmarkReport<'a> {
    fn of(bookmark: &'a Bookmark) -> BookmarkReport<'a> {
        BookmarkReport { frame: bookmark.frame.0, note: bookmark.note.text() }
    }
}

impl RoundTripReport {
    fn of(trip: &RoundTrip) -> RoundTripReport {
        RoundTripReport {
            from: trip.direction.sender(),
            ping: trip.ping.0,
            pong: trip.pong.0,
            nanoseconds: Moment::after_start(trip.answered_at.since(trip.sent_at)).nanoseconds(),
        }
    }
}

impl ReplyReport {
    fn of(exchange: &Exchange) -> ReplyReport {
        ReplyReport {
            from: exchange.direction.sender(),
            request: exchange.asked.0,
            reply: exchange.answered.0,
            nanoseconds: exchange.took().as_nanos().try_into().unwrap_or(u64::MAX),
        }
    }
}

impl MessagesReport {
    fn of(session: &Session, reading: &Reading) -> MessagesReport {
        let subprotocol = reading.subprotocol(session).map(Subprotocol::name);
        let mut report = MessagesReport { subprotocol, count: 0, by_direction: Sides::default() };
        for message in session.messages() {
            report.count += 1;
            *report.by_direction.of(message.direction.sender()) += 1;
        }
        report
    }
}

impl FindingReport {
    fn of(finding: &Finding, texts: &Texts) -> FindingReport {
        FindingReport {
            frame: finding.frame.map(|number| number.0),
            direction: finding.direction.map(Direction::sender),
            rule: finding.rule.name(),
            section: finding.rule.section(),
            severity: finding.rule.severity().name(),
            message: sentence(finding, texts),
        }
    }
}

impl<'a> VerdictReport<'a> {
    /// The report on a verdict.
    pub(super) fn of(verdict: &'a Verdict) -> VerdictReport<'a> {
        let PerDirection { client_to_server, server_to_client } = &verdict.sides;
        VerdictReport {
            outcome: verdict.outcome.name(),
            first_close: verdict.first_close,
            client: SideReport::of(client_to_server),
            server: SideReport::of(server_to_client),
            clean: verdict.clean,
            transport_end: verdict.transport_end.map(|ending| ending.how),
        }
    }
}

impl<'a> SideReport<'a> {
    fn of(side: &'a SideVerdict) -> SideReport<'a> {
        SideReport {
            sent_close: side.sent_close.as_ref().map(CloseReport::of),
            reports: side.reports.map(|code| code.0),
        }
    }
}

impl<'a> CloseReport<'a> {
    fn of(close: &'a CloseFrame) -> CloseReport<'a> {
        CloseReport {
            hex: hexadecimal::encode(&close.wire),
            code: close.payload.code().map(|code| code.0),
            reason: close.payload.reason(),
        }
    }
}
