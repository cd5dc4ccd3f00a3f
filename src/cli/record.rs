//! `closelook record`: a session from its first byte to its last, without a window.

use std::io;
use std::ops::ControlFlow;
use std::process;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::app;
use crate::capture::Client;
use crate::capture::command::{CloseRequest, Command};
use crate::capture::options::{ConnectOptions, EndpointMode};
use crate::explain::texts::Texts;
use crate::logs::journal::JournalFolder;
use crate::protocol::direction::Side;
use crate::protocol::verdict::{Outcome, TransportEnd};
use crate::report::{self, Saving};
use crate::session::live::Wake;
use crate::session::{EventKind, Journals, Session};

use super::arguments::{LogFile, OutputFormat, RecordArguments};
use super::failure::Failure;
use super::frame_table;
use super::output::{Output, complain};
use super::reading::{Reader, Reading};
use super::report::Report;
use super::text_report;

/// Longer than anybody waits, and short enough to be added to any moment.
pub(super) const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The exit status of a program that an interrupt ended.
const INTERRUPTED: i32 = 130;

/// How long a manual endpoint waits for the server to end its half after ours was to end, and for the rest of it after that.
const PARTING_PATIENCE: Duration = Duration::from_secs(5);

/// Records a session, prints it and saves it.
pub(super) fn run(arguments: &RecordArguments) -> Result<(), Failure> {
    let mut script = arguments.sends.script()?;
    if arguments.bound.is_none() {
        ending(arguments).into_iter().for_each(|ending| script.push(ending));
    }
    let (news, wake) = News::new();
    let journals = app::journal_folder();
    let kept = journals.as_ref().map(|folder| folder as &dyn Journals);
    let client = Arc::new(Client::start_kept(options(arguments), kept, wake));
    end_on_interrupt(Arc::downgrade(&client), close)?;
    let has_script = !script.steps.is_empty();
    // A client that has ended already says why in its session.
    let _ = client.send(Command::Run(script.steps));
    let mut out = Output::new();
    let followed = thread::scope(|scope| {
        scope.spawn(|| attend(&client, arguments, has_script, &news.for_ending));
        let followed = match arguments.format {
            OutputFormat::Text => follow(&client, &news.for_printing, &arguments.reading, &mut out),
            OutputFormat::Json => Ok(()),
        };
        if followed.is_err() {
            // Nobody reads any more.
            let _ = client.send(Command::Close(CloseRequest::normal()));
        }
        followed
    });
    let session = client.session().snapshot();
    let saved = arguments.log.as_ref().map_or(Ok(()), |log| save(&session, log));
    let printed = followed.and_then(|()| finish(&mut out, &session, arguments));
    finish_journal(client, &session, journals);
    saved?;
    connected(&session)?;
    Ok(printed?)
}

/// Waits until the journal of a session that has ended is whole, and tells what went wrong with it.
pub(super) fn finish_journal(client: Arc<Client>, session: &Session, journals: Option<JournalFolder>) {
    if let Some(problem) = session.journal.as_ref().and_then(|journal| journal.problem.as_ref()) {
        complain(&format!("warning: {problem}"));
    }
    // The journal takes what a person says for as long as somebody holds the session.
    drop(client);
    if let Some(folder) = journals {
        folder.wait(app::PARTING_PATIENCE);
    }
}

/// Saves a session.
pub(super) fn save(session: &Session, log: &LogFile) -> Result<(), Failure> {
    Ok(report::save(session, &log.path, &Saving::whole(log.form), &mut |_| ControlFlow::Continue(()))?)
}

fn options(arguments: &RecordArguments) -> ConnectOptions {
    let mut options = ConnectOptions {
        endpoint: if arguments.manual { EndpointMode::Manual } else { EndpointMode::Compliant },
        compression: arguments.compression.offer.offer(),
        compress_from: arguments.compression.compress_from,
        inflation_limit: arguments.compression.inflation.limit,
        echo: arguments.echo,
        ..ConnectOptions::new(&arguments.url)
    };
    arguments.dialing.apply(&mut options);
    options
}

/// Where the two who follow a client wait for what is new.
struct News {
    for_printing: Receiver<()>,
    for_ending: Receiver<()>,
}

impl News {
    /// With what the client calls when there is something new.
    fn new() -> (News, Wake) {
        let (printing, for_printing) = bounded(1);
        let (ending, for_ending) = bounded(1);
        // A full channel holds a wake-up that has not been taken, which is enough.
        let wake = move || {
            let _ = (printing.try_send(()), ending.try_send(()));
        };
        (News { for_printing, for_ending }, Arc::new(wake))
    }
}

/// The first interrupt ends the session gently, the second one ends the connection; before there is a session the first one does.
pub(super) fn end_on_interrupt(client: Weak<Client>, gently: impl Fn(&Client) + Send + 'static) -> Result<(), Failure> {
    let mut is_closing = false;
    let interrupted = move || match client.upgrade().filter(|client| client.is_running()) {
        None => process::exit(INTERRUPTED),
        Some(client) if is_closing || !client.session().snapshot().handshake.is_upgraded() => {
            let _ = client.send(Command::Abort);
        }
        Some(client) => {
            is_closing = true;
            complain("Closing with 1000. Ctrl-C once more ends the connection at once.");
            gently(&client);
        }
    };
    Ok(ctrlc::set_handler(interrupted)?)
}

fn close(client: &Client) {
    let _ = client.send(Command::StopSequence);
    let _ = client.send(Command::Close(CloseRequest::normal()));
}

/// How the arguments want the session to end.
fn ending(arguments: &RecordArguments) -> Option<Command> {
    if arguments.abort {
        Some(Command::Abort)
    } else if arguments.close_empty {
        Some(Command::CloseEmpty)
    } else {
        arguments.close.clone().map(Command::Close)
    }
}

/// Ends the session when its time is over, and what a manual endpoint leaves open; waits until it has ended. A session that ends by
/// itself in the same moment needs no ending, so that nobody looks whether a command still arrived.
fn attend(client: &Client, arguments: &RecordArguments, has_script: bool, news: &Receiver<()>) {
    let opened = client
        .session()
        .wait_until(FOREVER, |session| session.handshake.is_upgraded() || session.verdict.is_final())
        .is_some_and(|session| session.handshake.is_upgraded());
    if !opened {
        client.wait_ended(FOREVER);
        return;
    }
    let is_over_in_time = match arguments.manual {
        true => wait_for_parting(client, arguments, has_script, news),
        false => client.wait_ended(arguments.bound.unwrap_or(FOREVER)),
    };
    if !is_over_in_time {
        let _ = client.send(Command::StopSequence);
        let _ = client.send(ending(arguments).unwrap_or(Command::Close(CloseRequest::normal())));
    }
    if arguments.manual {
        part(client);
    }
    client.wait_ended(FOREVER);
}

/// Waits until a manual session is over but for the ends that nobody sends by itself; `false` when its time has run out before.
fn wait_for_parting(client: &Client, arguments: &RecordArguments, has_script: bool, news: &Receiver<()>) -> bool {
    let deadline = Instant::now() + arguments.bound.unwrap_or(FOREVER);
    let ends_by_script = arguments.bound.is_none() && ending(arguments).is_some();
    loop {
        let is_script_done = !has_script || client.sequence().is_some_and(|progress| !progress.is_running);
        let has_parted = ends_by_script || has_server_ended(&client.session().snapshot());
        if !client.is_running() || (is_script_done && has_parted) {
            return true;
        }
        if news.recv_deadline(deadline) == Err(RecvTimeoutError::Timeout) {
            return false;
        }
    }
}

/// Ends a manual session in good order where the server goes along, else with a reset.
fn part(client: &Client) {
    let is_cut = |session: &Session| session.verdict.transport_end.is_some_and(|end| end.how != TransportEnd::Fin);
    client.session().wait_until(PARTING_PATIENCE, |session| has_server_ended(session) || is_cut(session));
    let _ = client.send(Command::EndOutput);
    if !client.wait_ended(PARTING_PATIENCE) {
        let _ = client.send(Command::Abort);
    }
}

fn has_server_ended(session: &Session) -> bool {
    let ends = [session.verdict.transport_end, session.verdict.second_transport_end];
    ends.iter().flatten().any(|ending| ending.side == Side::Server)
}

/// Prints the frames as they come, until the session has ended.
fn follow(client: &Client, woken: &Receiver<()>, reading: &Reading, out: &mut Output) -> io::Result<()> {
    let (mut is_opened, mut printed, mut reader) = (false, 0, Reader::default());
    loop {
        // Asked first, so that nothing can come between the last snapshot and the end.
        let is_running = client.is_running();
        let session = client.session().snapshot();
        if !is_opened && (session.handshake.response.is_some() || !is_running) {
            is_opened = true;
            text_report::opening(out, &session)?;
        }
        let subprotocol = reading.subprotocol(&session);
        for (index, row) in (printed..).zip(session.frames.iter_from(printed)) {
            // A frame that is still arriving waits until it is whole, or until another one shows that it takes long.
            if is_running && index + 1 == session.frames.len() && !session.is_complete(row) {
                break;
            }
            if index == 0 {
                out.line(&frame_table::heading())?;
            }
            text_report::frame(out, &session, index, row, subprotocol, reading, &mut reader)?;
            printed = index + 1;
        }
        out.flush()?;
        if !is_running || woken.recv().is_err() {
            return Ok(());
        }
    }
}

/// Prints what is known once the session has ended.
fn finish(out: &mut Output, session: &Session, arguments: &RecordArguments) -> io::Result<()> {
    let texts = Texts::english();
    match arguments.format {
        OutputFormat::Text => text_report::ending(out, session, &arguments.reading, texts)?,
        OutputFormat::Json => out.document(&Report::of(session, None, &arguments.reading, texts))?,
    }
    out.flush()
}

/// Fails when there never was a WebSocket connection, with the reason and what to try.
pub(super) fn connected(session: &Session) -> Result<(), Failure> {
    if !matches!(session.verdict.outcome, Outcome::ConnectFailed | Outcome::HandshakeFailed) {
        return Ok(());
    }
    let failures = session.records().filter_map(|(_, kind)| match kind {
        EventKind::ConnectFailed { problem, advice, .. } => Some((problem.clone(), advice.clone())),
        _ => None,
    });
    let (problem, advice) = failures.last().unwrap_or_else(|| {
        ("The connection ended before the server answered the upgrade request.".to_owned(), "Try again.".to_owned())
    });
    Err(Failure::Connect { problem, advice })
}
