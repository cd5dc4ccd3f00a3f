//! `closelook inspect`: the frames, findings and verdict of a saved session.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use crate::explain::texts::Texts;
use crate::logs;
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::search::Filter;
use crate::session::Session;

use super::arguments::{InspectArguments, InspectFormat};
use super::failure::Failure;
use super::frame_record::FrameRecord;
use super::output::{Output, complain};
use super::reading::{Reader, Reading};
use super::report::Report;
use super::text_report;

/// Prints a saved session.
pub(super) fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let session = open(&arguments.file)?.with_inflation_limit(arguments.inflation.limit);
    let (filter, reading, texts) = (arguments.filter.as_ref(), &arguments.reading, Texts::english());
    let mut out = Output::new();
    match arguments.format {
        InspectFormat::Text => text_report::whole(&mut out, &session, filter, reading, texts)?,
        InspectFormat::Json => out.document(&Report::of(&session, filter, reading, texts))?,
        InspectFormat::Jsonl => frames(&mut out, &session, filter, reading)?,
    }
    Ok(out.flush()?)
}

/// Opens a log, and tells what in it was not readable.
pub(super) fn open(path: &Path) -> Result<Session, Failure> {
    let opened = logs::open(path, &mut |_| ControlFlow::Continue(()))?;
    for damage in &opened.damage {
        complain(&format!("warning: {}: {damage}", path.display()));
    }
    Ok(opened.session)
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
            let mut record = FrameRecord::of(session, index, row, about_it, &mut reader.messages);
            record.read(session, index, row, subprotocol, reading, &mut reader);
            out.json_line(&record)?;
        }
    }
    Ok(())
}
