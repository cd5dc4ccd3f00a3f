//! `closelook demo`: two real sessions with the lab, one that ends with 1000 and one that ends with 1005, and their comparison.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::capture::Client;
use crate::capture::lab::{Lab, Scenario};
use crate::capture::options::ConnectOptions;
use crate::explain::comparison::Comparison;
use crate::explain::plain_text::PlainText;
use crate::explain::texts::Texts;
use crate::protocol::close::CloseCode;
use crate::session::Session;

use super::arguments::OutputFormat;
use super::failure::Failure;
use super::output::Output;
use super::reading::Reading;
use super::report::Report;
use super::text_report;

/// Both sessions end by themselves at once; this is for a machine that is very busy.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Serialize)]
struct DemoReport<'a> {
    sessions: [Report<'a>; 2],
    comparison: Comparison,
}

/// Runs both sessions and prints them.
pub(super) fn run(format: OutputFormat) -> Result<(), Failure> {
    let address = Lab::LOOPBACK;
    let lab = Lab::start(address).map_err(|source| Failure::Lab { address, source })?;
    let sessions =
        [run_scenario(&lab, &Scenario::Close(CloseCode::NORMAL_CLOSURE))?, run_scenario(&lab, &Scenario::CloseEmpty)?];
    let texts = Texts::english();
    let comparison = Comparison::of(CloseCode::NORMAL_CLOSURE, CloseCode::NO_STATUS_RECEIVED, texts);
    let (mut out, reading) = (Output::new(), Reading::default());
    match format {
        OutputFormat::Json => {
            let sessions = sessions.each_ref().map(|session| Report::of(session, None, &reading, texts));
            out.document(&DemoReport { sessions, comparison })?;
        }
        OutputFormat::Text => {
            for session in &sessions {
                text_report::whole(&mut out, session, None, &reading, texts)?;
                out.line("")?;
            }
            out.page(&PlainText::new(texts).comparison(&comparison, None))?;
        }
    }
    Ok(out.flush()?)
}

fn run_scenario(lab: &Lab, scenario: &Scenario) -> Result<Arc<Session>, Failure> {
    let url = lab.url(scenario);
    let client = Client::start(ConnectOptions::new(&url), Arc::new(|| {}));
    if client.wait_ended(PATIENCE) {
        Ok(client.session().snapshot())
    } else {
        Err(Failure::Unfinished(url, PATIENCE.as_secs()))
    }
}
