//! The sends of `record` in the order in which they were written on the command line, whatever their kinds.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use crate::capture::command::{Command as ClientCommand, ControlPayload};
use crate::capture::message_file;

use super::failure::Failure;

const TEXT: &str = "send";
const FILE: &str = "send-file";
const PING: &str = "ping";

/// One thing to send.
#[derive(Debug, Clone)]
enum Sending {
    Text(String),
    File(PathBuf),
    Ping(ControlPayload),
}

impl Sending {
    fn command(&self) -> Result<ClientCommand, Failure> {
        Ok(match self {
            Sending::Text(text) => ClientCommand::SendText(text.clone()),
            Sending::File(path) => {
                ClientCommand::SendBinary(message_file::read(path, &mut |_| ControlFlow::Continue(()))?.into())
            }
            Sending::Ping(payload) => ClientCommand::SendPing(payload.clone()),
        })
    }
}

/// Everything to send, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Sends(Vec<Sending>);

impl Sends {
    /// The commands to the client; files are read here.
    pub(super) fn commands(&self) -> Result<Vec<ClientCommand>, Failure> {
        self.0.iter().map(Sending::command).collect()
    }
}

impl Args for Sends {
    fn augment_args(command: Command) -> Command {
        let repeated = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
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
        sends.sort_by_key(|(place, _)| *place);
        Ok(Sends(sends.into_iter().map(|(_, send)| send).collect()))
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
