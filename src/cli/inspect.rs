//! `closelook inspect`: the frames, findings and verdict of a saved session.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use crate::explain::texts::Texts;
use crate::logs;
use crate::protocol::finding::Finding;
use crate::protocol::frame::FrameNumber;
use crate::session::Session;
use crate::session::filter::Filter;

use super::arguments::{InspectArguments, InspectFormat};
use super::failure::Failure;
use super::frame_record::FrameRecord;
use super::output::{Output, complain};
use super::report::Report;
use super::text_report;

/// Prints a saved session.
pub(super) fn run(arguments: &InspectArguments) -> Result<(), Failure> {
    let session = open(&arguments.file)?;
    let (filter, texts) = (arguments.filter.as_ref(), Texts::english());
    let mut out = Output::new();
    match arguments.format {
        InspectFormat::Text => text_report::whole(&mut out, &session, filter, texts)?,
        InspectFormat::Json => out.document(&Report::of(&session, filter, texts))?,
        InspectFormat::Jsonl => frames(&mut out, &session, filter)?,
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

fn frames(out: &mut Output, session: &Session, filter: Option<&Filter>) -> Result<(), Failure> {
    let mut findings: HashMap<FrameNumber, Vec<&Finding>> = HashMap::new();
    for finding in session.findings.iter() {
        if let Some(number) = finding.frame {
            findings.entry(number).or_default().push(finding);
        }
    }
    for (index, row) in session.frames.iter().enumerate() {
        if filter.is_none_or(|filter| filter.matches(session, row)) {
            let about_it = findings.get(&FrameNumber::from_index(index)).map_or(&[][..], Vec::as_slice);
            out.json_line(&FrameRecord::of(session, index, row, about_it))?;
        }
    }
    Ok(())
}
