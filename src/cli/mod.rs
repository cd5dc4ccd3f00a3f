//! The command line: what a person can ask for, one file a subcommand; what is asked for is done by the rooms below.
//!
//! ```text
//! arguments ─► window                           no subcommand
//!           └► record, inspect, replay, ...      a subcommand ─► frames, report ─► output
//! ```
//!
//! Results go to the standard output and messages to the standard error. The exit status is 0 for success, 1 for a run that failed
//! and 2 for a command line that cannot be understood. Where two sessions are compared, it is that of `diff`.

mod arguments;
mod connecting;
mod convert;
mod demo;
mod dialing;
mod durations;
mod explain;
mod failure;
mod frame_table;
mod inspect;
mod lab;
mod output;
mod reading;
mod record;
mod replay;
mod replay_report;
mod report;
mod sends;
mod statistics;
mod text_report;
mod window;

use std::ffi::OsString;
use std::process::ExitCode;

use arguments::{Arguments, Subcommand};
use output::complain;

/// The run failed.
const FAILED: u8 = 1;

/// Two sessions that were compared are not the same, as in `diff`.
const DIFFERENT: u8 = 1;

/// They could not be compared.
const TROUBLE: u8 = 2;

/// Runs the program with these arguments, the first of which is its own name; returns its exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::of(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A reader who has left is no failure of this program.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(FAILED));
        }
    };
    let failed = if matches!(arguments.subcommand, Some(Subcommand::Replay(_))) { TROUBLE } else { FAILED };
    let result = match arguments.subcommand {
        None => window::run(arguments.targets),
        Some(Subcommand::Record(arguments)) => record::run(&arguments),
        Some(Subcommand::Inspect(arguments)) => inspect::run(&arguments),
        Some(Subcommand::Explain(arguments)) => explain::run(&arguments),
        Some(Subcommand::Lab(arguments)) => lab::run(&arguments),
        Some(Subcommand::Demo(arguments)) => demo::run(arguments.format),
        Some(Subcommand::Replay(arguments)) => match replay::run(&arguments) {
            Ok(false) => return ExitCode::from(DIFFERENT),
            result => result.map(drop),
        },
        Some(Subcommand::Convert(arguments)) => convert::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_reader_gone() => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&format!("error: {failure}"));
            ExitCode::from(failed)
        }
    }
}
