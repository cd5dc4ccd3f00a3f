//! `closelook lab`: the lab's server alone, until it is interrupted.

use crossbeam_channel::bounded;
use serde::Serialize;

use crate::capture::lab::{Lab, Scenario};

use super::arguments::{LabArguments, OutputFormat};
use super::failure::Failure;
use super::output::{Output, complain};

#[derive(Serialize)]
struct LabReport {
    address: String,
    page: String,
    scenarios: Vec<ScenarioReport>,
}

#[derive(Serialize)]
struct ScenarioReport {
    url: String,
    title: String,
    description: String,
}

/// Prints the lab's address and serves until Ctrl-C.
pub(super) fn run(arguments: &LabArguments) -> Result<(), Failure> {
    let (interrupt, interrupted) = bounded(1);
    ctrlc::set_handler(move || {
        let _ = interrupt.try_send(());
    })?;
    let address = arguments.listen;
    let lab = Lab::start(address).map_err(|source| Failure::Lab { address, source })?;
    if !lab.address().ip().is_loopback() {
        complain("warning: other computers can reach this lab. It is made for tests: stop it when you are done.");
    }
    match print(&lab, arguments.format) {
        // Whoever read the address may stop reading.
        Err(failure) if !failure.is_reader_gone() => return Err(failure),
        _ => {}
    }
    // The sender lives as long as the program.
    let _ = interrupted.recv();
    Ok(())
}

fn print(lab: &Lab, format: OutputFormat) -> Result<(), Failure> {
    let scenarios = Scenario::ALL.iter().map(|scenario| ScenarioReport {
        url: lab.url(scenario),
        title: scenario.title().into_owned(),
        description: scenario.description().into_owned(),
    });
    let report =
        LabReport { address: lab.address().to_string(), page: lab.index_url(), scenarios: scenarios.collect() };
    let mut out = Output::new();
    match format {
        OutputFormat::Json => out.document(&report)?,
        OutputFormat::Text => {
            out.line(&format!(
                "The lab listens at {}; {} lists its scenarios. Ctrl-C stops it.",
                report.address, report.page
            ))?;
            out.line("")?;
            for scenario in &report.scenarios {
                out.line(&scenario.url)?;
                out.line(&format!("    {}", scenario.description))?;
            }
        }
    }
    Ok(out.flush()?)
}
