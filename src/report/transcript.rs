//! A conversation as plain text: how it began, every chosen frame with all of its payload, what was found, and why it ended.

use std::io::{self, Write};

use crate::explain::diagnosis::Diagnosis;
use crate::explain::explanation::Explanation;
use crate::explain::findings::sentence;
use crate::explain::marked_close::printable;
use crate::explain::plain_text::PlainText;
use crate::explain::texts::Texts;
use crate::logs::{LogError, Progress, Selection};
use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::http::Headers;
use crate::protocol::secret::{masked_header, masked_target, masked_url};
use crate::reading::circumstances::circumstances;
use crate::session::annotations::Note;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, MessageReader, Run, Session};

use super::form::Watch;
use super::payload::{self, Payload};

/// How many bytes stand on a line.
const BYTES_A_LINE: usize = 16;

/// Writes the transcript.
pub(super) fn write(
    session: &Session,
    selection: &Selection,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let mut watch = Watch::new(progress, selection.count(session))?;
    opening(session, out).map_err(LogError::Write)?;
    if *selection != Selection::All {
        let (chosen, all) = (selection.count(session), session.frames.len());
        writeln!(out, "{chosen} of {all} frames were chosen for this transcript.\n").map_err(LogError::Write)?;
    }
    let mut reader = MessageReader::default();
    for (number, row) in selection.frames(session) {
        frame(session, number, row, &mut reader, out).map_err(LogError::Write)?;
        watch.step()?;
    }
    ending(session, out).and_then(|()| out.flush()).map_err(LogError::Write)?;
    watch.end()
}

fn opening(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let url = session.origin.url.as_deref().map_or_else(|| "a WebSocket session".into(), masked_url);
    writeln!(out, "{}", printable(&url))?;
    writeln!(out, "started {}\n", super::html::date(session))?;
    let note = session.annotations.session_note();
    if !note.is_empty() {
        said("note on the session", note, out)?;
        writeln!(out)?;
    }
    for landmark in session.landmarks.iter() {
        match &landmark.kind {
            LandmarkKind::Event(EventKind::Note { text }) => {
                writeln!(out, "{:>12}  note: {}", landmark.at.to_string(), printable(text))?;
            }
            LandmarkKind::Event(EventKind::ConnectFailed { problem, advice, .. }) => {
                writeln!(out, "{:>12}  {} {}", landmark.at.to_string(), printable(problem), printable(advice))?;
            }
            _ => {}
        }
    }
    let handshake = &session.handshake;
    if let Some(request) = &handshake.request {
        let target = masked_target(&request.target);
        head(out, Side::Client, &format!("{} {target} {}", request.method, request.version), &request.headers)?;
    }
    if let Some(response) = &handshake.response {
        let line = format!("{} {} {}", response.version, response.status, response.reason);
        head(out, Side::Server, &line, &response.headers)?;
    }
    writeln!(out)
}

fn head(out: &mut impl Write, side: Side, line: &str, headers: &Headers) -> io::Result<()> {
    writeln!(out, "{side}: {}", printable(line))?;
    for header in &headers.0 {
        let value = masked_header(&header.name, &header.value);
        writeln!(out, "    {}: {}", printable(&header.name), printable(&value))?;
    }
    Ok(())
}

fn frame(
    session: &Session,
    number: FrameNumber,
    row: &FrameRow,
    reader: &mut MessageReader,
    out: &mut impl Write,
) -> io::Result<()> {
    let direction = match row.direction.sender() {
        Side::Client => "client -> server",
        Side::Server => "server -> client",
    };
    let at = row.at.to_string();
    write!(out, "{:>6}  {at:>12}  {direction}  {}, {} bytes", number.to_string(), row.opcode(), row.payload_length)?;
    match session.message_of(number) {
        Some(message) if message.first_frame != number => write!(out, ", continues {}", message.first_frame)?,
        _ => {}
    }
    if !row.fin() {
        out.write_all(b", more follows")?;
    }
    let received = session.received_payload(row);
    if received < row.payload_length {
        write!(out, ", of which {received} came")?;
    }
    let (payload, is_inflated) = payload::of_frame(session, number, row, u64::MAX, reader);
    out.write_all(if is_inflated { b", the message inflated:\n" } else { b"\n" })?;
    match payload {
        Payload::Text(text) => {
            for line in text.lines() {
                writeln!(out, "    {}", printable(&line.replace('\t', "    ")))?;
            }
        }
        Payload::Bytes(bytes) => hexadecimal_lines(0, &bytes, out)?,
        Payload::Runs(runs) => {
            for run in runs {
                match run {
                    Run::Recorded(place, bytes) => hexadecimal_lines(place, &bytes, out)?,
                    Run::Missing(range) => {
                        writeln!(
                            out,
                            "    {:06x}  ({} bytes were not recorded)",
                            range.start,
                            range.end - range.start
                        )?;
                    }
                }
            }
        }
        Payload::Close(words, _) => writeln!(out, "    {}", printable(&words))?,
        Payload::CompressedPart => writeln!(out, "    (a part of a compressed message, which is shown where it ends)")?,
    }
    if let Some(note) = session.annotations.note_on(number) {
        said("bookmark", note, out)?;
    }
    for finding in session.findings_of(number) {
        let severity = finding.rule.severity().name();
        let words = printable(&sentence(finding, Texts::english()));
        writeln!(out, "    {severity}: {words} ({})", finding.rule.section())?;
    }
    Ok(())
}

/// What a person wrote, with a line in front of it that says to what.
fn said(to_what: &str, note: &Note, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "    {to_what}{}", if note.is_empty() { "" } else { ":" })?;
    for line in note.text().lines() {
        writeln!(out, "    | {}", printable(&line.replace('\t', "    ")))?;
    }
    Ok(())
}

fn hexadecimal_lines(start: u64, bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
    for (line, bytes) in bytes.chunks(BYTES_A_LINE).enumerate() {
        let digits = hexadecimal::spaced(bytes.iter().copied());
        writeln!(out, "    {:06x}  {digits}", start + (line * BYTES_A_LINE) as u64)?;
    }
    Ok(())
}

fn ending(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let texts = Texts::english();
    let others = session.findings.iter().filter(|finding| finding.frame.is_none());
    for finding in others {
        let severity = finding.rule.severity().name();
        writeln!(out, "{severity}: {} ({})", printable(&sentence(finding, texts)), finding.rule.section())?;
    }
    writeln!(out)?;
    let explanation = Explanation::of(&session.verdict, session.origin.perspective, texts);
    let diagnosis = Diagnosis::of(&circumstances(session), texts);
    let page = PlainText::new(texts);
    for line in page.explanation(&explanation).lines().chain(page.diagnosis(&diagnosis).lines()) {
        writeln!(out, "{}", printable(line))?;
    }
    Ok(())
}
