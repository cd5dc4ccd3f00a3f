//! A session for reading in a terminal: how it was opened, its frames, its findings, and the explanation of its verdict.

use std::io;

use crate::capture::target::masked;
use crate::content::subprotocol::Subprotocol;
use crate::explain::diagnosis::Diagnosis;
use crate::explain::explanation::Explanation;
use crate::explain::findings::sentence;
use crate::explain::plain_text::PlainText;
use crate::explain::texts::Texts;
use crate::protocol::frame::FrameNumber;
use crate::reading::circumstances::circumstances;
use crate::search::Filter;
use crate::session::annotations::Note;
use crate::session::latency::{Exchange, Latency};
use crate::session::{EventKind, FrameRow, Session};

use super::output::Output;
use super::reading::{Reader, Reading};
use super::{connecting, frame_table};

/// Everything about a session that has ended; with a filter, only the frames that match.
pub(super) fn whole(
    out: &mut Output,
    session: &Session,
    filter: Option<&Filter>,
    reading: &Reading,
    texts: &Texts,
) -> io::Result<()> {
    opening(out, session)?;
    if !session.frames.is_empty() {
        out.line(&frame_table::heading())?;
    }
    let subprotocol = reading.subprotocol(session);
    let (mut shown, mut reader) = (0, Reader::default());
    let mut picked = reading.picking(session, filter);
    for (index, row) in session.frames.iter().enumerate() {
        if picked(index) {
            frame(out, session, index, row, subprotocol, reading, &mut reader)?;
            shown += 1;
        }
    }
    if filter.is_some() {
        out.line(&format!("{shown} of {} frames match the filter.", session.frames.len()))?;
    }
    failures(out, session)?;
    ending(out, session, reading, texts)
}

/// A frame of the table, and below the last one of a message what is in it, when that is asked for.
pub(super) fn frame(
    out: &mut Output,
    session: &Session,
    index: usize,
    row: &FrameRow,
    subprotocol: Option<Subprotocol>,
    reading: &Reading,
    reader: &mut Reader,
) -> io::Result<()> {
    out.line(&frame_table::line(session, index, row, subprotocol, &mut reader.previewer))?;
    let number = FrameNumber::from_index(index);
    if let Some(note) = session.annotations.note_on(number) {
        said(out, "bookmark", note)?;
    }
    let Some(content) = reading.content(session, number, &mut reader.messages) else { return Ok(()) };
    content.lines.iter().try_for_each(|line| out.line(&format!("        {line}")))?;
    content.remark.map_or(Ok(()), |remark| out.line(&format!("        ({remark})")))
}

fn failures(out: &mut Output, session: &Session) -> io::Result<()> {
    for (at, kind) in session.records() {
        if let EventKind::ConnectFailed { problem, advice, .. } = kind {
            out.line(&format!("{:>12}  {problem} {advice}", at.to_string()))?;
        }
    }
    Ok(())
}

/// What a person wrote, with a line in front of it that says to what.
fn said(out: &mut Output, to_what: &str, note: &Note) -> io::Result<()> {
    out.line(&format!("        {to_what}{}", if note.is_empty() { "" } else { ":" }))?;
    note.text().lines().try_for_each(|line| out.line(&format!("        | {line}")))
}

/// The address and the steps of connecting.
pub(super) fn opening(out: &mut Output, session: &Session) -> io::Result<()> {
    if let Some(url) = &session.origin.url {
        out.line(&masked(url))?;
    }
    let note = session.annotations.session_note();
    if !note.is_empty() {
        said(out, "note on the session", note)?;
    }
    for (at, kind) in session.records() {
        connecting::lines(session, at, kind).iter().try_for_each(|line| out.line(line))?;
    }
    if let Some(response) = &session.handshake.response {
        let mut line = format!("{} {} {}", response.version, response.status, response.reason);
        if let Some(subprotocol) = session.handshake.subprotocol() {
            line += &format!("; subprotocol {subprotocol}");
        }
        let extensions = session.handshake.extensions();
        if !extensions.is_empty() {
            line += &format!("; extensions {}", extensions.join(", "));
        }
        out.line(&line)?;
    }
    out.line("")
}

/// What is known once the session has ended: remarks, findings, and the verdict explained.
pub(super) fn ending(out: &mut Output, session: &Session, reading: &Reading, texts: &Texts) -> io::Result<()> {
    let mut notes = session.records().filter_map(|(at, kind)| match kind {
        EventKind::Note { text } => Some((at, text)),
        _ => None,
    });
    notes.try_for_each(|(at, text)| out.line(&format!("{:>12}  note: {text}", at.to_string())))?;
    if !session.findings.is_empty() {
        out.line("")?;
        out.line("Findings")?;
    }
    for finding in session.findings.iter() {
        let severity = finding.rule.severity().name();
        let frame = finding.frame.map(|number| format!("frame {number}, ")).unwrap_or_default();
        let (message, section, rule) = (sentence(finding, texts), finding.rule.section(), finding.rule.name());
        out.line(&format!("  {severity}: {message} ({frame}{section}, {rule})"))?;
    }
    let pongs = Latency::of(session.round_trips.iter().map(|trip| Exchange::from(trip).took()));
    let replies = Latency::of(reading.replies(session).exchanges.iter().map(Exchange::took));
    if pongs.or(replies).is_some() {
        out.line("")?;
    }
    for (name, latency) in [("Ping to Pong", pongs), ("Request to reply", replies)] {
        let Some(latency) = latency else { continue };
        out.line(&format!(
            "{name}: answered {}, shortest {:?}, median {:?}, longest {:?}",
            latency.exchanges, latency.shortest, latency.median, latency.longest
        ))?;
    }
    out.line("")?;
    let explanation = Explanation::of(&session.verdict, session.origin.perspective, texts);
    let page = PlainText::new(texts);
    out.page(&page.explanation(&explanation))?;
    out.page(&page.diagnosis(&Diagnosis::of(&circumstances(session), texts)))
}
