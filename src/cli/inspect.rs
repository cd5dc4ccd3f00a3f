//! `closelook inspect`: the frames, findings and verdict of a saved session.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;

use crate::capture::target::masked;
use crate::explain::texts::Texts;
use crate::logs::{self, Format, LogError, Selection};
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::reading::copied::{self, CopyForm};
use crate::reading::frame_record::FrameRecord;
use crate::report::{self, Form, Saving};
use crate::search::Filter;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, Session};

use super::arguments::{InspectArguments, InspectFormat};
use super::failure::Failure;
use super::output::{Output, complain};
use super::reading::{Content, Reader, Reading};
use super::report::Report;
use super::statistics::{self, StatisticsReport};
use super::text_report;

/// Prints a saved session.
pub(super) fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let session = open(&arguments.file, arguments.conversation)?;
    let session = session.with_inflation_limit(arguments.inflation.limit).map_err(LogError::from)?;
    if let (Some(number), Some(form)) = (arguments.frame, arguments.copy_as) {
        return copy(&session, FrameNumber(number), form);
    }
    let (filter, reading, texts) = (arguments.filter.as_ref(), &arguments.reading, Texts::english());
    let mut out = Output::new();
    let selected = || selection(&session, filter);
    match arguments.format {
        InspectFormat::Text if arguments.statistics => statistics::text(&mut out, &session, &selected())?,
        InspectFormat::Csv if arguments.statistics => statistics::csv(&mut out, &session, &selected())?,
        InspectFormat::Text => text_report::whole(&mut out, &session, filter, reading, texts)?,
        InspectFormat::Json => {
            let statistics = arguments.statistics.then(|| StatisticsReport::of(&session, &selected()));
            out.document(&Report::of(&session, filter, reading, texts).with_statistics(statistics))?;
        }
        InspectFormat::Jsonl => frames(&mut out, &session, filter, reading)?,
        InspectFormat::Csv => document(&mut out, &session, filter, Form::Csv)?,
        InspectFormat::Html => document(&mut out, &session, filter, Form::Html)?,
        InspectFormat::Har => document(&mut out, &session, filter, Form::Log(Format::Har))?,
    }
    Ok(out.flush()?)
}

/// Prints one frame in a form to be copied.
fn copy(session: &Session, number: FrameNumber, form: CopyForm) -> Result<(), Failure> {
    let copied = copied::copy(session, number, form)?;
    let mut out = Output::new();
    out.page(&copied)?;
    Ok(out.flush()?)
}

fn document(out: &mut Output, session: &Session, filter: Option<&Filter>, form: Form) -> Result<(), Failure> {
    let saving = Saving { selection: selection(session, filter), ..Saving::whole(form) };
    match report::write(session, &saving, out.document_writer(), &mut |_| ControlFlow::Continue(())) {
        Err(LogError::Write(error)) => Err(Failure::Output(error)),
        result => Ok(result?),
    }
}

/// The frames that a filter wants; without one all of them.
pub(super) fn selection(session: &Session, filter: Option<&Filter>) -> Selection {
    match filter {
        Some(filter) => {
            let mut matcher = filter.matcher();
            Selection::of(session, |number, _| matcher.matches(session, number))
        }
        None => Selection::All,
    }
}

/// Opens a log, and tells what in it was not readable; of several conversations the one with this number, counted from 1. Without a
/// number the first is taken, and all are listed.
pub(super) fn open(path: &Path, conversation: Option<NonZeroUsize>) -> Result<Session, Failure> {
    let opened = logs::open(path, &mut |_| ControlFlow::Continue(()))?;
    for damage in &opened.damage {
        complain(&format!("warning: {}: {damage}", path.display()));
    }
    let count = 1 + opened.others.len();
    let mut conversations = opened.into_conversations();
    match conversation {
        Some(number) => {
            let chosen = conversations.nth(number.get() - 1);
            chosen.ok_or_else(|| Failure::NoConversation { path: path.into(), number, count })
        }
        None => {
            let conversations: Vec<Session> = conversations.collect();
            if count > 1 {
                complain(&format!("note: {} holds {count} conversations; --conversation chooses one:", path.display()));
                for (place, session) in conversations.iter().enumerate() {
                    complain(&format!("  {}  {}", place + 1, conversation_line(session)));
                }
            }
            conversations.into_iter().next().ok_or_else(|| Failure::NoConversation {
                path: path.into(),
                number: NonZeroUsize::MIN,
                count,
            })
        }
    }
}

/// A conversation in the list of those of a file.
fn conversation_line(session: &Session) -> String {
    let ends = session.landmarks.iter().find_map(|landmark| match &landmark.kind {
        LandmarkKind::Event(EventKind::Connected { client, server }) => Some(format!("{client} to {server}")),
        _ => None,
    });
    let address = session.origin.url.as_deref().map(masked).or(ends).unwrap_or_else(|| "address unknown".into());
    format!("{address}, {} frames", session.frames.len())
}

/// A frame, and what is in the message that ends with it, when that was asked for.
#[derive(Serialize)]
struct FrameLine {
    #[serde(flatten)]
    record: FrameRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

fn frames(out: &mut Output, session: &Session, filter: Option<&Filter>, reading: &Reading) -> Result<(), Failure> {
    let subprotocol = reading.subprotocol(session);
    let mut findings: HashMap<FrameNumber, Vec<&Finding>> = HashMap::new();
    for finding in session.findings.iter() {
        if let Some(number) = finding.frame {
            findings.entry(number).or_default().push(finding);
        }
    }
    let mut reader = Reader::default();
    let mut picked = reading.picking(session, filter);
    for (index, row) in session.frames.iter().enumerate() {
        if picked(index) {
            let about_it = findings.get(&FrameNumber::from_index(index)).map_or(&[][..], Vec::as_slice);
            let number = FrameNumber::from_index(index);
            let summary = reader.previewer.summary(session, number, row, subprotocol);
            let record = FrameRecord::of(session, index, row, about_it, &mut reader.messages).with_summary(summary);
            let content = reading.content(session, number, &mut reader.messages);
            out.json_line(&FrameLine { record, content })?;
        }
    }
    Ok(())
}
