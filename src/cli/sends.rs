//! The sends of `record` in the order in which they were written on the command line, whatever their kinds.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::capture::command::{Command as ClientCommand, ControlPayload, Step};
use crate::capture::message_file;
use crate::protocol::hexadecimal;

use super::failure::Failure;

const TEXT: &str = "send";
const FILE: &str = "send-file";
const PING: &str = "ping";
const RAW: &str = "raw";
const PAUSE: &str = "pause";
const END_OUTPUT: &str = "end-output";

/// One thing to send, or to wait for.
#[derive(Debug, Clone)]
enum Sending {
    Text(String),
    File(PathBuf),
    Ping(ControlPayload),
    Raw(Bytes),
    Pause(Duration),
    EndOutput,
}

/// Everything to send, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Sends(Vec<Sending>);

/// Sends as steps of a sequence.
#[derive(Debug)]
pub(super) struct Script {
    /// The steps.
    pub(super) steps: Vec<Step>,
    /// How long to wait behind the last one.
    pub(super) pause: Duration,
}

impl Script {
    /// Adds a step behind all others.
    pub(super) fn push(&mut self, command: ClientCommand) {
        self.steps.push(Step { delay: std::mem::take(&mut self.pause), command });
    }
}

impl Sends {
    /// The steps for the client; files are read here.
    pub(super) fn script(&self) -> Result<Script, Failure> {
        let mut script = Script { steps: Vec::new(), pause: Duration::ZERO };
        for sending in &self.0 {
            let command = match sending {
                Sending::Text(text) => ClientCommand::SendText(text.clone()),
                Sending::File(path) => {
                    ClientCommand::SendBinary(message_file::read(path, &mut |_| ControlFlow::Continue(()))?.into())
                }
                Sending::Ping(payload) => ClientCommand::SendPing(payload.clone()),
                Sending::Raw(bytes) => ClientCommand::SendRaw(bytes.clone()),
                Sending::EndOutput => ClientCommand::EndOutput,
                Sending::Pause(pause) => {
                    script.pause = script.pause.saturating_add(*pause);
                    continue;
                }
            };
            script.push(command);
        }
        Ok(script)
    }
}

impl Args for Sends {
    fn augment_args(command: Command) -> Command {
        let repeated = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
        let raw = |text: &str| hexadecimal::parse(text).map(Bytes::from);
        let pause = |text: &str| text.parse().map(Duration::from_millis);
        let ping = |text: &str| ControlPayload::new(text.as_bytes().to_vec());
        command
            .arg(
                repeated(TEXT)
                    .value_name("TEXT")
                    .allow_hyphen_values(true)
                    .help("Send a text message once connected; sends are done in the order in which they are written"),
            )
            .arg(
                repeated(FILE)
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .help("Send a file's content as one binary message"),
            )
            .arg(
                repeated(PING)
                    .value_name("TEXT")
                    .allow_hyphen_values(true)
                    .value_parser(ping)
                    .help("Send a Ping with this payload"),
            )
            .arg(
                repeated(RAW)
                    .value_name("HEX")
                    .value_parser(raw)
                    .help("Send these bytes as they are, with nothing added: a frame, legal or not, or anything else"),
            )
            .arg(
                repeated(PAUSE)
                    .value_name("MILLISECONDS")
                    .value_parser(pause)
                    .help("Wait before the next send, once everything before it is written"),
            )
            .arg(
                Arg::new(END_OUTPUT)
                    .long(END_OUTPUT)
                    .action(ArgAction::SetTrue)
                    .conflicts_with_all(["close", "close_empty"])
                    .help("End this side's half of the connection (FIN) after the sends that are written before it"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Sends {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sends = Vec::new();
        sends.extend(placed(matches, TEXT, |text: &String| Sending::Text(text.clone())));
        sends.extend(placed(matches, FILE, |path: &PathBuf| Sending::File(path.clone())));
        sends.extend(placed(matches, PING, |payload: &ControlPayload| Sending::Ping(payload.clone())));
        sends.extend(placed(matches, RAW, |bytes: &Bytes| Sending::Raw(bytes.clone())));
        sends.extend(placed(matches, PAUSE, |pause: &Duration| Sending::Pause(*pause)));
        if matches.value_source(END_OUTPUT) == Some(ValueSource::CommandLine) {
            sends.extend(placed(matches, END_OUTPUT, |_: &bool| Sending::EndOutput));
        }
        sends.sort_by_key(|(place, _)| *place);
        let sends: Vec<_> = sends.into_iter().map(|(_, send)| send).collect();
        let end = sends.iter().position(|send| matches!(send, Sending::EndOutput));
        if end.is_some_and(|end| end + 1 < sends.len()) {
            let sentence = "--end-output comes last: nothing can be sent once this side's half has ended\n";
            return Err(clap::Error::raw(ErrorKind::ArgumentConflict, sentence));
        }
        Ok(Sends(sends))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an option with their places on the command line.
fn placed<'matches, Value: Clone + Send + Sync + 'static>(
    matches: &'matches ArgMatches,
    name: &str,
    make: impl Fn(&Value) -> Sending + 'matches,
) -> impl Iterator<Item = (usize, Sending)> + 'matches {
    let places = matches.indices_of(name).into_iter().flatten();
    let values = matches.get_many::<Value>(name).into_iter().flatten();
    places.zip(values).map(move |(place, value)| (place, make(value)))
}
