//! A web page about a session that needs nothing but itself: no script, no font, no picture from elsewhere. Everything that comes from
//! a peer is escaped, and secrets of the handshake are never in it.

mod statistics;

use std::io::{self, Write};

use jiff::Timestamp;

use crate::content::subprotocol::Subprotocol;
use crate::explain::diagnosis::{Clue, Diagnosis};
use crate::explain::explanation::{EvidenceRow, Explanation};
use crate::explain::findings::sentence;
use crate::explain::marked_close::printable;
use crate::explain::texts::Texts;
use crate::logs::{LogError, Progress, Selection};
use crate::protocol::direction::Direction;
use crate::protocol::finding::Severity;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::http::Headers;
use crate::protocol::secret::{masked_header, masked_target, masked_url};
use crate::reading::circumstances::circumstances;
use crate::reading::{Previewer, Reading};
use crate::session::annotations::Note;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, MessageReader, Run, Session};

use super::form::Watch;
use super::payload::{self, Payload};
use super::timeline_picture;

/// How many frames the table has at most: a page with more is slow to open, and nobody reads to its end.
const MOST_ROWS: usize = 2_000;

/// How much of a payload a row shows, in bytes.
const PAYLOAD_SHOWN: u64 = 2_048;

/// How many bytes a row shows in hexadecimal.
const BYTES_SHOWN: usize = 256;

/// How many runs of bytes a row shows of a payload of which not all was recorded.
const RUNS_SHOWN: usize = 8;

/// How many findings and remarks are listed at most.
const MOST_LISTED: usize = 500;

const STYLE: &str = include_str!("style.css");

/// Writes the page.
pub(super) fn write(
    session: &Session,
    selection: &Selection,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let mut watch = Watch::new(progress, selection.count(session).min(MOST_ROWS))?;
    let texts = Texts::english();
    head(session, texts, out).map_err(LogError::Write)?;
    statistics::write(session, selection, out).map_err(LogError::Write)?;
    table_head(session, selection, out).map_err(LogError::Write)?;
    let subprotocol = Reading::Automatic.subprotocol(session);
    let mut readers = Readers::default();
    for (number, row) in selection.frames(session).take(MOST_ROWS) {
        frame(session, number, row, subprotocol, &mut readers, out).map_err(LogError::Write)?;
        watch.step()?;
    }
    foot(session, out).and_then(|()| out.flush()).map_err(LogError::Write)?;
    watch.end()
}

/// When a session started, as a date for people and programs.
pub(super) fn date(session: &Session) -> String {
    let nanoseconds = i128::from(session.origin.started_at);
    Timestamp::from_nanosecond(nanoseconds).map_or_else(|_| "unknown".into(), |started| format!("{started:.3}"))
}

/// A text in which nothing is markup, and nothing steers the page's text.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}

fn head(session: &Session, texts: &Texts, out: &mut impl Write) -> io::Result<()> {
    let url = session.origin.url.as_deref().map_or_else(|| "WebSocket session".into(), masked_url);
    let (url, date) = (escaped(&url), date(session));
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{url}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{url}</h1>\n\
         <p class=\"weak\">Started <time datetime=\"{date}\">{date}</time>, lasted {} s. Report of closelook {}.</p>\n",
        escaped(texts.language()),
        session.newest,
        env!("CARGO_PKG_VERSION")
    )?;
    session_note(session, out)?;
    let explanation = Explanation::of(&session.verdict, session.origin.perspective, texts);
    self::explanation(&explanation, texts, out)?;
    diagnosis(&Diagnosis::of(&circumstances(session), texts), texts, out)?;
    writeln!(out, "<h2>Timeline</h2>")?;
    out.write_all(timeline_picture::svg(session).as_bytes())?;
    totals(session, out)?;
    bookmarks(session, out)?;
    notes(session, out)?;
    handshake(session, out)?;
    findings(session, texts, out)
}

fn explanation(explanation: &Explanation, texts: &Texts, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<div class=\"card\">\n<p><strong>{}</strong></p>", escaped(&explanation.headline))?;
    prose(&explanation.what_happened, out)?;
    writeln!(out, "</div>\n<h3>{}</h3>\n<ol>", escaped(texts.text("label-evidence")))?;
    explanation.evidence.iter().try_for_each(|row| evidence(row, out))?;
    writeln!(out, "</ol>\n<h3>{}</h3>\n<dl>", escaped(texts.text("label-verdict")))?;
    for axis in [&explanation.code, &explanation.cleanness] {
        pair(&axis.title, &axis.value, &axis.sentence, out)?;
    }
    writeln!(out, "</dl>\n<h3>{}</h3>\n<dl>", escaped(texts.text("label-reports")))?;
    for report in &explanation.reports {
        pair(&report.side_name, &report.value, &report.sentence, out)?;
    }
    writeln!(out, "</dl>")?;
    if !explanation.next_steps.is_empty() {
        writeln!(out, "<h3>{}</h3>\n<ul>", escaped(texts.text("label-next-steps")))?;
        for step in &explanation.next_steps {
            writeln!(out, "<li>{}</li>", escaped(step))?;
        }
        writeln!(out, "</ul>")?;
    }
    Ok(())
}

fn diagnosis(diagnosis: &Diagnosis, texts: &Texts, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<h3>{}</h3>", escaped(texts.text("diagnosis")))?;
    if let Some(nothing) = &diagnosis.nothing {
        return writeln!(out, "<p>{}</p>", escaped(nothing));
    }
    writeln!(out, "<ol>")?;
    for cause in &diagnosis.causes {
        let (title, certainty) = (escaped(&cause.title), escaped(&cause.certainty_word));
        writeln!(out, "<li><strong>{title}</strong> <span class=\"weak\">({certainty})</span>\n<ul>")?;
        for clue in &cause.clues {
            write!(out, "<li>{}", escaped(&clue.text))?;
            if let Some(frame) = clue.frame {
                write!(out, " <a href=\"#f{frame}\">{}</a>", escaped(&Clue::frame_name(frame, texts)))?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(out, "</ul>\n<dl>")?;
        for (label, advice) in
            [("diagnosis.for-client", &cause.for_client), ("diagnosis.for-server", &cause.for_server)]
        {
            writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(texts.text(label)), escaped(advice))?;
        }
        writeln!(out, "</dl></li>")?;
    }
    writeln!(out, "</ol>")
}

fn pair(term: &str, value: &str, sentence: &str, out: &mut impl Write) -> io::Result<()> {
    let (term, value, sentence) = (escaped(term), escaped(value), escaped(sentence));
    writeln!(out, "<dt>{term}</dt><dd><strong>{value}</strong><br><span class=\"weak\">{sentence}</span></dd>")
}

fn evidence(row: &EvidenceRow, out: &mut impl Write) -> io::Result<()> {
    write!(out, "<li>{}: {}", escaped(&row.label), escaped(&row.summary))?;
    if let Some(remark) = &row.remark {
        write!(out, "<br><span class=\"weak\">{}</span>", escaped(remark))?;
    }
    if let Some(close) = &row.bytes {
        write!(out, "<br><code class=\"close\">{}</code><br>", close.hex())?;
        for field in &close.fields {
            write!(out, "<span class=\"weak\">{}: {}</span><br>", escaped(&field.name), escaped(&field.meaning))?;
        }
    }
    writeln!(out, "</li>")
}

/// Paragraphs and lists of a text of the explanation.
fn prose(text: &str, out: &mut impl Write) -> io::Result<()> {
    let mut in_list = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let item = line.strip_prefix("- ");
        match (in_list, item.is_some()) {
            (false, true) => writeln!(out, "<ul>")?,
            (true, false) => writeln!(out, "</ul>")?,
            _ => {}
        }
        in_list = item.is_some();
        match item {
            Some(item) => writeln!(out, "<li>{}</li>", escaped(item))?,
            None => writeln!(out, "<p>{}</p>", escaped(line))?,
        }
    }
    if in_list { writeln!(out, "</ul>") } else { Ok(()) }
}

fn totals(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let totals = session.totals(0..session.frames.len());
    writeln!(out, "<dl>")?;
    for direction in Direction::BOTH {
        let (sender, total) = (direction.sender(), &totals[direction]);
        let (wire, frames, payload) = (session.streams()[direction], total.frames, total.payload);
        writeln!(
            out,
            "<dt class=\"{sender}\">from the {sender}</dt><dd>{frames} frames with {payload} bytes of payload; {wire} bytes in all</dd>"
        )?;
    }
    writeln!(out, "</dl>")
}

/// What a person wrote, line by line.
fn written(note: &Note) -> String {
    note.text().lines().map(escaped).collect::<Vec<_>>().join("<br>")
}

fn session_note(session: &Session, out: &mut impl Write) -> io::Result<()> {
    match session.annotations.session_note() {
        note if note.is_empty() => Ok(()),
        note => writeln!(out, "<p class=\"card note\">{}</p>", written(note)),
    }
}

fn bookmarks(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let bookmarks = session.annotations.bookmarks();
    if bookmarks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Bookmarks</h2>\n<dl>")?;
    for bookmark in bookmarks.iter().take(MOST_LISTED) {
        let at = session.frame(bookmark.frame).map(|row| format!("{} s", row.at)).unwrap_or_default();
        writeln!(
            out,
            "<dt><a href=\"#f{0}\">Frame {0}</a> <span class=\"mono when\">{at}</span></dt><dd>{1}</dd>",
            bookmark.frame.0,
            written(&bookmark.note)
        )?;
    }
    writeln!(out, "</dl>")?;
    match bookmarks.len().saturating_sub(MOST_LISTED) {
        0 => Ok(()),
        more => writeln!(out, "<p class=\"weak\">{more} more bookmarks are not listed.</p>"),
    }
}

fn notes(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let mut has_any = false;
    for landmark in session.landmarks.iter().take(MOST_LISTED) {
        let text = match &landmark.kind {
            LandmarkKind::Event(EventKind::Note { text }) => text.clone(),
            LandmarkKind::Event(EventKind::ConnectFailed { problem, advice, .. }) => format!("{problem} {advice}"),
            _ => continue,
        };
        if !has_any {
            writeln!(out, "<h2>Remarks</h2>\n<ul>")?;
            has_any = true;
        }
        writeln!(out, "<li><span class=\"mono when\">{}</span> {}</li>", landmark.at, escaped(&text))?;
    }
    if has_any { writeln!(out, "</ul>") } else { Ok(()) }
}

fn handshake(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let handshake = &session.handshake;
    if handshake.request.is_none() && handshake.response.is_none() {
        return Ok(());
    }
    writeln!(out, "<h2>Opening handshake</h2>\n<p class=\"weak\">Secrets are not shown.</p>\n<div class=\"heads\">")?;
    if let Some(request) = &handshake.request {
        let line = format!("{} {} {}", request.method, masked_target(&request.target), request.version);
        http_head("client", &line, &request.headers, out)?;
    }
    if let Some(response) = &handshake.response {
        let line = format!("{} {} {}", response.version, response.status, response.reason);
        http_head("server", &line, &response.headers, out)?;
    }
    writeln!(out, "</div>")
}

fn http_head(side: &str, line: &str, headers: &Headers, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<div class=\"card\"><pre><strong class=\"{side}\">{}</strong>", escaped(line))?;
    for header in &headers.0 {
        let value = masked_header(&header.name, &header.value);
        writeln!(out, "<span class=\"weak\">{}:</span> {}", escaped(&header.name), escaped(&value))?;
    }
    writeln!(out, "</pre></div>")
}

fn findings(session: &Session, texts: &Texts, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<h2>Findings</h2>")?;
    if session.findings.is_empty() {
        return writeln!(out, "<p class=\"weak\">No rule was seen to be broken.</p>");
    }
    writeln!(
        out,
        "<div class=\"scroll\"><table>\n<tr><th>Severity</th><th class=\"number\">Frame</th><th>What</th><th>Rule</th></tr>"
    )?;
    for finding in session.findings.iter().take(MOST_LISTED) {
        let severity = finding.rule.severity().name();
        let frame = finding.frame.map(|number| format!("<a href=\"#f{0}\">{0}</a>", number.0)).unwrap_or_default();
        let (words, section) = (escaped(&sentence(finding, texts)), escaped(finding.rule.section()));
        writeln!(
            out,
            "<tr><td class=\"severity {severity}\">{severity}</td><td class=\"number\">{frame}</td><td>{words}</td><td class=\"weak\">{section}</td></tr>"
        )?;
    }
    writeln!(out, "</table></div>")?;
    match session.findings.len().saturating_sub(MOST_LISTED) {
        0 => Ok(()),
        more => writeln!(out, "<p class=\"weak\">{more} more findings are not listed.</p>"),
    }
}

fn table_head(session: &Session, selection: &Selection, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<h2>Frames</h2>")?;
    let (count, all) = (selection.count(session), session.frames.len());
    if *selection != Selection::All {
        writeln!(out, "<p>{count} of {all} frames were chosen for this report.</p>")?;
    }
    if count > MOST_ROWS {
        writeln!(
            out,
            "<p><strong>The first {MOST_ROWS} of {count} frames are listed.</strong> The others are in the log, or in a report on a choice of frames.</p>"
        )?;
    }
    if count == 0 {
        writeln!(out, "<p class=\"weak\">There are none.</p>")?;
    }
    writeln!(
        out,
        "<div class=\"scroll\"><table>\n<tr><th class=\"number\">Frame</th><th class=\"number\">Time (s)</th><th>From</th>\
         <th>Opcode</th><th class=\"number\">Bytes</th><th>Payload</th></tr>"
    )
}

/// What is kept from one frame to the next.
#[derive(Default)]
struct Readers {
    previewer: Previewer,
    messages: MessageReader,
}

fn frame(
    session: &Session,
    number: FrameNumber,
    row: &FrameRow,
    subprotocol: Option<Subprotocol>,
    readers: &mut Readers,
    out: &mut impl Write,
) -> io::Result<()> {
    let class = match row.worst_finding {
        Some(Severity::Error) => " class=\"error\"",
        Some(Severity::Warning | Severity::Note) => " class=\"warning\"",
        None => "",
    };
    let (sender, opcode) = (row.direction.sender(), row.opcode());
    let (name, fin) = (opcode.name(), if row.fin() { "" } else { " <span class=\"weak\">…</span>" });
    let masked = if row.is_masked() { " <span class=\"weak\">masked</span>" } else { "" };
    write!(
        out,
        "<tr id=\"f{0}\"{class}><td class=\"number\">{0}</td><td class=\"number\">{1}</td><td class=\"{sender}\">{sender}</td>\
         <td><span class=\"{name}\">{opcode}</span>{fin}{masked}</td><td class=\"number\">{2}</td><td class=\"payload\">",
        number.0, row.at, row.payload_length
    )?;
    if let Some(note) = session.annotations.note_on(number) {
        writeln!(out, "<div class=\"note\">\u{2691} {}</div>", written(note))?;
    }
    if let Some(summary) = readers.previewer.summary(session, number, row, subprotocol) {
        writeln!(out, "<div class=\"weak\">{}</div>", escaped(&summary))?;
    }
    let limit = PAYLOAD_SHOWN + 1;
    let (shown, is_inflated) = payload::of_frame(session, number, row, limit, &mut readers.messages);
    if is_inflated {
        out.write_all(b"<span class=\"weak\">the message, inflated:</span> ")?;
    }
    match shown {
        Payload::Text(text) => {
            let (start, is_cut) = crate::content::one_line::cut(&text, PAYLOAD_SHOWN as usize);
            let lines: Vec<String> = start.split('\n').map(|line| escaped(&line.replace(['\r', '\t'], " "))).collect();
            let more = if is_cut { " <span class=\"weak\">… cut</span>" } else { "" };
            write!(out, "<pre>{}{more}</pre>", lines.join("\n"))?;
        }
        Payload::Bytes(bytes) => {
            let digits = hexadecimal::spaced(bytes.iter().take(BYTES_SHOWN).copied());
            let more = if bytes.len() > BYTES_SHOWN { " <span class=\"weak\">… cut</span>" } else { "" };
            write!(out, "<code>{digits}{more}</code>")?;
        }
        Payload::Close(words, bytes) => {
            let digits = hexadecimal::spaced(bytes.iter().take(BYTES_SHOWN).copied());
            write!(out, "{} <code class=\"weak\">{digits}</code>", escaped(&words))?;
        }
        Payload::CompressedPart => out.write_all(b"<span class=\"weak\">part of a compressed message</span>")?,
        Payload::Runs(runs) => {
            for run in runs.iter().take(RUNS_SHOWN) {
                match run {
                    Run::Recorded(_, bytes) => {
                        let digits = hexadecimal::spaced(bytes.iter().take(BYTES_SHOWN).copied());
                        let more = if bytes.len() > BYTES_SHOWN { " …" } else { "" };
                        write!(out, "<code>{digits}{more}</code> ")?;
                    }
                    Run::Missing(range) => {
                        let length = range.end - range.start;
                        write!(out, "<span class=\"weak\">({length} bytes were not recorded)</span> ")?;
                    }
                }
            }
        }
    }
    writeln!(out, "</td></tr>")
}

fn foot(session: &Session, out: &mut impl Write) -> io::Result<()> {
    let made_up = if session.is_reconstructed() {
        "<p class=\"weak\">The bytes of this session were made up around its messages: headers, masks and fragments prove nothing.</p>\n"
    } else {
        ""
    };
    writeln!(out, "</table></div>\n{made_up}</body>\n</html>")
}
