//! A session for reading in a terminal: how it was opened, its frames, its findings, and the explanation of its verdict.

use std::io;

use crate::capture::target::masked;
use crate::explain::explanation::Explanation;
use crate::explain::findings::sentence;
use crate::explain::plain_text::PlainText;
use crate::explain::texts::Texts;
use crate::session::filter::Filter;
use crate::session::{EventKind, MessageReader, Session};

use super::frame_table;
use super::output::Output;

/// Everything about a session that has ended; with a filter, only the frames that match.
pub(super) fn whole(out: &mut Output, session: &Session, filter: Option<&Filter>, texts: &Texts) -> io::Result<()> {
    opening(out, session)?;
    if !session.frames.is_empty() {
        out.line(&frame_table::heading())?;
    }
    let mut shown = 0;
    let mut reader = MessageReader::default();
    for (index, row) in session.frames.iter().enumerate() {
        if filter.is_none_or(|filter| filter.matches(session, row)) {
            out.line(&frame_table::line(session, index, row, &mut reader))?;
            shown += 1;
        }
    }
    if filter.is_some() {
        out.line(&format!("{shown} of {} frames match the filter.", session.frames.len()))?;
    }
    failures(out, session)?;
    ending(out, session, texts)
}

fn failures(out: &mut Output, session: &Session) -> io::Result<()> {
    for event in session.events() {
        if let EventKind::ConnectFailed { problem, advice, .. } = &event.kind {
            out.line(&format!("{:>12}  {problem} {advice}", event.at.to_string()))?;
        }
    }
    Ok(())
}

/// The address and the steps of connecting.
pub(super) fn opening(out: &mut Output, session: &Session) -> io::Result<()> {
    if let Some(url) = &session.origin.url {
        out.line(&masked(url))?;
    }
    for event in session.events() {
        match &event.kind {
            EventKind::Connected { client, server } => {
                out.line(&format!("{:>12}  TCP connected from {client} to {server}", event.at.to_string()))?;
            }
            EventKind::Secured { version, cipher, verified } => {
                let certificate = if *verified { "verified" } else { "NOT verified" };
                out.line(&format!(
                    "{:>12}  {version}, {cipher}, the certificate was {certificate}",
                    event.at.to_string()
                ))?;
            }
            _ => {}
        }
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
pub(super) fn ending(out: &mut Output, session: &Session, texts: &Texts) -> io::Result<()> {
    let mut notes = session.events().filter_map(|event| match &event.kind {
        EventKind::Note { text } => Some((event.at, text)),
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
    out.line("")?;
    let explanation = Explanation::of(&session.verdict, session.origin.perspective, texts);
    out.page(&PlainText::new(texts).explanation(&explanation))
}
