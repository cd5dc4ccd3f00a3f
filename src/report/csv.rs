//! A table with a frame a row, as RFC 4180 has it, in which no cell is taken for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::explain::marked_close::printable;
use crate::logs::{LogError, Progress, Selection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::session::annotations::Note;
use crate::session::{FrameRow, MessageReader, Run, Session};

use super::form::Watch;
use super::payload::{self, Payload, is_harmless};

const HEADING: &str = "frame,time,direction,opcode,fin,length,message,payload_as,payload,findings,bookmark,note\r\n";

/// Writes the table.
pub(super) fn write(
    session: &Session,
    selection: &Selection,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let mut watch = Watch::new(progress, selection.count(session))?;
    out.write_all(HEADING.as_bytes()).map_err(LogError::Write)?;
    let mut reader = MessageReader::default();
    for (number, row) in selection.frames(session) {
        line(session, number, row, &mut reader, out).map_err(LogError::Write)?;
        watch.step()?;
    }
    out.flush().map_err(LogError::Write)?;
    watch.end()
}

fn line(
    session: &Session,
    number: FrameNumber,
    row: &FrameRow,
    reader: &mut MessageReader,
    out: &mut impl Write,
) -> io::Result<()> {
    let nanoseconds = row.at.nanoseconds();
    let message = session.message_of(number).map(|message| message.first_frame.0.to_string());
    write!(
        out,
        "{},{}.{:09},{},{},{},{},{},",
        number.0,
        nanoseconds / 1_000_000_000,
        nanoseconds % 1_000_000_000,
        row.direction.sender(),
        row.opcode().name(),
        u8::from(row.fin()),
        row.payload_length,
        message.unwrap_or_default(),
    )?;
    let (payload, is_inflated) = payload::of_frame(session, number, row, u64::MAX, reader);
    let inflated = if is_inflated { "inflated " } else { "" };
    match payload {
        Payload::Text(text) if is_harmless(&text) => write!(out, "{inflated}text,{}", cell(&text))?,
        Payload::Text(text) => write!(out, "{inflated}hex,{}", hexadecimal::encode(text.as_bytes()))?,
        Payload::Bytes(bytes) | Payload::Close(_, bytes) => {
            write!(out, "{inflated}hex,{}", hexadecimal::encode(&bytes))?
        }
        Payload::CompressedPart => out.write_all(b"compressed part,")?,
        Payload::Runs(runs) => {
            let written = |run: &Run| match run {
                Run::Recorded(_, bytes) => hexadecimal::encode(bytes),
                Run::Missing(range) => format!("({} missing)", range.end - range.start),
            };
            write!(out, "parts in hex,{}", runs.iter().map(written).collect::<Vec<_>>().join(" "))?;
        }
    }
    let findings: Vec<&str> = session.findings_of(number).map(|finding| finding.rule.name()).collect();
    let note = session.annotations.note_on(number);
    let words = match note.map(Note::text).unwrap_or_default() {
        text if is_harmless(text) => Cow::Borrowed(text),
        text => printable(text).into(),
    };
    write!(out, ",{},{},{}\r\n", findings.join(" "), u8::from(note.is_some()), cell(&words))
}

/// A text as a cell. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%', '＝', '＋', '－', '＠']);
    // White space at the edges is part of the cell by the RFC, and is dropped by some readers unless it is quoted.
    let needs_quotes = text.contains(['"', ',', '\r', '\n']) || text.trim() != text;
    if !is_formula && !needs_quotes {
        return Cow::Borrowed(text);
    }
    let apostrophe = if is_formula { "'" } else { "" };
    Cow::Owned(format!("\"{apostrophe}{}\"", text.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_no_formulas() {
        for (text, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            (" edge", "\" edge\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("\t=1", "\"'\t=1\""),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
