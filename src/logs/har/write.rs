//! Saving a session as a HAR of one entry. Its messages are what the applications sent: unmasked, joined and inflated.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::http::{Headers, percent_decoded};
use crate::protocol::message::{Message, MessageKind};
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, MessageReader, Session};

use super::super::error::LogError;
use super::super::selection::Selection;
use super::super::{Progress, cancelled};
use super::time;

/// How many frames are written between two questions to the progress callback.
const FRAMES_A_STEP: usize = 256;

/// Writes a session as a HAR; of a message, one chosen frame is enough to have it written.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub fn write(
    session: &Session,
    selection: &Selection,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    cancelled(progress(0.0))?;
    entry_head(session, out).map_err(LogError::Write)?;
    let count = selection.count(session).max(1);
    let mut messages = Messages::default();
    for (place, (number, row)) in selection.frames(session).enumerate() {
        if place % FRAMES_A_STEP == FRAMES_A_STEP - 1 {
            cancelled(progress(place as f64 / count as f64))?;
        }
        messages.frame(session, selection, number, row, out).map_err(LogError::Write)?;
    }
    messages.end(out).and_then(|()| out.flush()).map_err(LogError::Write)?;
    cancelled(progress(1.0))
}

/// A named value, as headers, cookies and the query have them.
#[derive(Serialize)]
struct Pair<'text> {
    name: &'text str,
    value: &'text str,
}

fn entry_head(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let timings = Timings::of(session);
    let handshake = &session.handshake;
    let version = env!("CARGO_PKG_VERSION");
    out.write_all(b"{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"closelook\",\"version\":")?;
    json(out, version)?;
    out.write_all(b"},\"pages\":[],\"entries\":[{\n\"startedDateTime\":")?;
    json(out, &time::date(session.origin.started_at))?;
    write!(out, ",\n\"time\":{},\n\"request\":{{\"method\":", time::in_milliseconds(timings.total()))?;
    let request = handshake.request.as_ref();
    json(out, request.map_or("GET", |request| &request.method))?;
    out.write_all(b",\"url\":")?;
    let url = url(session);
    json(out, &url)?;
    out.write_all(b",\"httpVersion\":")?;
    json(out, request.map_or("HTTP/1.1", |request| &request.version))?;
    let none = Headers::default();
    let headers = request.map_or(&none, |request| &request.headers);
    out.write_all(b",\"headers\":")?;
    json(out, &pairs(headers))?;
    out.write_all(b",\"queryString\":")?;
    let query: Vec<(String, String)> = query(&url);
    json(out, &query.iter().map(|(name, value)| Pair { name, value }).collect::<Vec<_>>())?;
    out.write_all(b",\"cookies\":")?;
    json(out, &cookies(headers.all("Cookie").flat_map(|value| value.split(';'))))?;
    out.write_all(b",\"headersSize\":-1,\"bodySize\":0},\n\"response\":{\"status\":")?;
    let response = handshake.response.as_ref();
    write!(out, "{}", response.map_or(0, |response| response.status))?;
    out.write_all(b",\"statusText\":")?;
    json(out, response.map_or("", |response| &response.reason))?;
    out.write_all(b",\"httpVersion\":")?;
    json(out, response.map_or("HTTP/1.1", |response| &response.version))?;
    let headers = response.map_or(&none, |response| &response.headers);
    out.write_all(b",\"headers\":")?;
    json(out, &pairs(headers))?;
    out.write_all(b",\"cookies\":")?;
    json(out, &cookies(headers.all("Set-Cookie").filter_map(|value| value.split(';').next())))?;
    out.write_all(b",\"content\":{\"size\":0,\"mimeType\":\"x-unknown\"},\"redirectURL\":")?;
    json(out, headers.first("Location").unwrap_or_default())?;
    out.write_all(b",\"headersSize\":-1,\"bodySize\":0")?;
    let failure = session.landmarks.iter().find_map(|landmark| match &landmark.kind {
        LandmarkKind::Event(EventKind::ConnectFailed { problem, .. }) => Some(problem),
        _ => None,
    });
    if let Some(problem) = failure {
        out.write_all(b",\"_error\":")?;
        json(out, problem)?;
    }
    out.write_all(b"},\n\"cache\":{},\n\"timings\":")?;
    timings.write(out)?;
    let connected = session.landmarks.iter().filter_map(|landmark| match landmark.kind {
        LandmarkKind::Event(EventKind::Connected { client, server }) => Some((client, server)),
        _ => None,
    });
    if let Some((client, server)) = connected.last() {
        out.write_all(b",\n\"serverIPAddress\":")?;
        json(out, &server.ip().to_string())?;
        out.write_all(b",\n\"connection\":")?;
        json(out, &client.port().to_string())?;
    }
    out.write_all(b",\n\"_resourceType\":\"websocket\",\n\"_webSocketMessages\":[")
}

fn json(out: &mut impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

fn pairs(headers: &Headers) -> Vec<Pair<'_>> {
    headers.0.iter().map(|header| Pair { name: &header.name, value: &header.value }).collect()
}

fn cookies<'text>(cookies: impl Iterator<Item = &'text str>) -> Vec<Pair<'text>> {
    let cookie = |cookie: &'text str| {
        let (name, value) = cookie.split_once('=')?;
        Some(Pair { name: name.trim(), value: value.trim() })
    };
    cookies.filter_map(cookie).collect()
}

fn query(url: &str) -> Vec<(String, String)> {
    let url = url.split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let parts = query.split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (percent_decoded(name), percent_decoded(value))
    };
    parts.map(pair).collect()
}

/// The URL that the request asked for; without a request the one that was dialled.
fn url(session: &Session) -> String {
    let dialled = session.origin.url.as_deref().unwrap_or_default();
    let Some(request) = &session.handshake.request else { return dialled.to_owned() };
    let (scheme, rest) = dialled.split_once("://").unwrap_or(("ws", ""));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{}{}", request.headers.first("Host").unwrap_or(host), request.target)
}

/// The phases of a HAR in nanoseconds; what did not happen is `None`.
struct Timings {
    dns: Option<u64>,
    connect: Option<u64>,
    ssl: Option<u64>,
    send: u64,
    wait: u64,
    receive: u64,
}

impl Timings {
    fn of(session: &Session) -> Timings {
        let (mut resolved, mut connected, mut secured) = (None, None, None);
        let (mut request, mut response) = (None, None);
        for landmark in session.landmarks.iter() {
            match &landmark.kind {
                LandmarkKind::Request => request = request.or(Some(landmark.at)),
                LandmarkKind::Response { .. } => {
                    response = Some(landmark.at);
                    break;
                }
                LandmarkKind::Event(EventKind::Resolved { .. }) => resolved = Some(landmark.at),
                LandmarkKind::Event(
                    EventKind::Connected { .. } | EventKind::ConnectedLocally { .. } | EventKind::Tunnelled { .. },
                ) => connected = Some(landmark.at),
                LandmarkKind::Event(EventKind::Secured { .. }) => secured = Some(landmark.at),
                LandmarkKind::Event(_) => {}
            }
        }
        let span = |from: Moment, to: Moment| u64::try_from(to.since(from).as_nanos()).unwrap_or(u64::MAX);
        let before = resolved.unwrap_or(Moment::START);
        let opened = secured.max(connected);
        let ready = opened.unwrap_or(before);
        let request = request.unwrap_or(ready);
        let response = response.unwrap_or(request);
        Timings {
            dns: resolved.map(|resolved| span(Moment::START, resolved)),
            connect: opened.map(|opened| span(before, opened)),
            ssl: secured.map(|secured| span(connected.unwrap_or(before), secured)),
            send: span(ready, request),
            wait: span(request, response),
            receive: span(response, session.newest),
        }
    }

    /// All phases; that of TLS is in that of connecting.
    fn total(&self) -> u64 {
        let phases = [self.dns.unwrap_or(0), self.connect.unwrap_or(0), self.send, self.wait, self.receive];
        phases.iter().fold(0, |total, phase| total.saturating_add(*phase))
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let optional = |phase: Option<u64>| phase.map_or_else(|| "-1".into(), time::in_milliseconds);
        write!(
            out,
            "{{\"blocked\":-1,\"dns\":{},\"connect\":{},\"ssl\":{},\"send\":{},\"wait\":{},\"receive\":{}}}",
            optional(self.dns),
            optional(self.connect),
            optional(self.ssl),
            time::in_milliseconds(self.send),
            time::in_milliseconds(self.wait),
            time::in_milliseconds(self.receive),
        )
    }
}

/// The messages as they are written.
#[derive(Default)]
struct Messages {
    reader: MessageReader,
    written: u64,
    /// The newest message of each direction that was written before its last frame, because that was not chosen.
    written_early: PerDirection<Option<FrameNumber>>,
    incomplete: u64,
    replaced: u64,
}

impl Messages {
    fn frame(
        &mut self,
        session: &Session,
        selection: &Selection,
        number: FrameNumber,
        row: &FrameRow,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let origin = session.origin.started_at;
        let Some(message) = session.message_of(number) else {
            if row.opcode() == Opcode::Continuation || !session.is_complete(row) || !session.is_recorded(row) {
                self.incomplete += 1;
                return Ok(());
            }
            let at = session.completed_at(row).unwrap_or(row.at);
            let data = BASE64.encode(session.payload(row, u64::MAX));
            return self.write(out, origin, row.direction, at, row.opcode(), &data);
        };
        let is_broken = message.inflated.is_some_and(|inflated| inflated.problem.is_some())
            || !session.is_message_recorded(&message);
        let Some(at) = message.completed_at.filter(|_| !is_broken) else {
            self.incomplete += 1;
            return Ok(());
        };
        if number != message.last_frame {
            let is_written = self.written_early[row.direction] == Some(message.first_frame);
            if is_written || selection.contains(message.last_frame) {
                return Ok(());
            }
            self.written_early[row.direction] = Some(message.first_frame);
        }
        self.message(session, &message, at, out)
    }

    fn message(&mut self, session: &Session, message: &Message, at: Moment, out: &mut impl Write) -> io::Result<()> {
        let origin = session.origin.started_at;
        let content = self.reader.content(session, message, u64::MAX);
        match message.kind {
            MessageKind::Binary => {
                let data = BASE64.encode(&content);
                self.write(out, origin, message.direction, at, Opcode::Binary, &data)
            }
            MessageKind::Text => {
                let text = String::from_utf8_lossy(&content);
                self.replaced += u64::from(matches!(text, std::borrow::Cow::Owned(_)));
                self.write(out, origin, message.direction, at, Opcode::Text, &text)
            }
        }
    }

    fn write(
        &mut self,
        out: &mut impl Write,
        origin: u64,
        direction: Direction,
        at: Moment,
        opcode: Opcode,
        data: &str,
    ) -> io::Result<()> {
        let separator = if self.written == 0 { "" } else { "," };
        let kind = match direction {
            Direction::ClientToServer => "send",
            Direction::ServerToClient => "receive",
        };
        let time = time::seconds(origin.saturating_add(at.nanoseconds()));
        let opcode = opcode.bits();
        write!(out, "{separator}\n{{\"type\":\"{kind}\",\"time\":{time},\"opcode\":{opcode},\"data\":")?;
        json(out, data)?;
        self.written += 1;
        out.write_all(b"}")
    }

    fn end(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"]")?;
        let mut remarks = Vec::new();
        if self.incomplete > 0 {
            remarks.push(format!("{} frames that are not part of a whole message were left out", self.incomplete));
        }
        if self.replaced > 0 {
            remarks.push(format!("in {} texts bytes that are not UTF-8 were replaced", self.replaced));
        }
        if !remarks.is_empty() {
            out.write_all(b",\n\"comment\":")?;
            json(out, &remarks.join("; "))?;
        }
        out.write_all(b"\n}]}}\n")
    }
}
