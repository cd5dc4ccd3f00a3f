//! `closelook record`: a session from its first byte to its last, without a window.

use std::io;
use std::ops::ControlFlow;
use std::process;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

use crate::capture::Client;
use crate::capture::command::{CloseRequest, Command};
use crate::capture::options::ConnectOptions;
use crate::explain::texts::Texts;
use crate::logs;
use crate::protocol::direction::Direction;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::Outcome;
use crate::session::live::Wake;
use crate::session::{EventKind, MessageReader, Session};

use super::arguments::{LogFile, OutputFormat, RecordArguments};
use super::failure::Failure;
use super::frame_table;
use super::output::{Output, complain};
use super::report::Report;
use super::text_report;

/// Longer than anybody waits, and short enough to be added to any moment.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The exit status of a program that an interrupt ended.
const INTERRUPTED: i32 = 130;

/// Records a session, prints it and saves it.
pub(super) fn run(arguments: &RecordArguments) -> Result<(), Failure> {
    let commands = arguments.sends.commands()?;
    let sent = commands.len();
    if arguments.insecure {
        complain("warning: any certificate is accepted (--insecure), so nobody vouches for the server.");
    }
    let (wake, woken) = waking(arguments.format);
    let client = Arc::new(Client::start(options(arguments), wake));
    close_on_interrupt(Arc::downgrade(&client))?;
    for command in commands {
        // A client that has ended already says why in its session.
        let _ = client.send(command);
    }
    let mut out = Output::new();
    let followed = thread::scope(|scope| {
        scope.spawn(|| attend(&client, arguments, sent));
        let followed = woken.map_or(Ok(()), |woken| follow(&client, &woken, &mut out));
        if followed.is_err() {
            // Nobody reads any more.
            let _ = client.send(Command::Close(CloseRequest::normal()));
        }
        followed
    });
    let session = client.session().snapshot();
    let saved = arguments.log.as_ref().map_or(Ok(()), |log| save(&session, log));
    let printed = followed.and_then(|()| finish(&mut out, &session, arguments.format));
    saved?;
    connected(&session)?;
    Ok(printed?)
}

/// Saves a session.
pub(super) fn save(session: &Session, log: &LogFile) -> Result<(), Failure> {
    Ok(logs::save(session, &log.path, log.format, &mut |_| ControlFlow::Continue(()))?)
}

fn options(arguments: &RecordArguments) -> ConnectOptions {
    ConnectOptions {
        headers: arguments.headers.clone(),
        subprotocols: arguments.subprotocols.clone(),
        extra_authority: arguments.ca.clone(),
        accept_any_certificate: arguments.insecure,
        compression: arguments.compression.offer(),
        compress_from: arguments.compression.compress_from,
        inflation_limit: arguments.compression.inflation.limit,
        echo: arguments.echo,
        ..ConnectOptions::new(&arguments.url)
    }
}

/// What the client calls when there is something new, and where a reader waits for it; a JSON document is made at the end, and its
/// session is not to be slowed down by a reader.
fn waking(format: OutputFormat) -> (Wake, Option<Receiver<()>>) {
    match format {
        OutputFormat::Json => (Arc::new(|| {}), None),
        OutputFormat::Text => {
            let (wake, woken) = bounded(1);
            // A full channel holds a wake-up that has not been taken, which is enough.
            let wake = move || {
                let _ = wake.try_send(());
            };
            (Arc::new(wake), Some(woken))
        }
    }
}

/// The first interrupt closes the session, the second one ends the connection; before there is a session the first one does.
fn close_on_interrupt(client: Weak<Client>) -> Result<(), Failure> {
    let mut is_closing = false;
    let interrupted = move || match client.upgrade().filter(|client| client.is_running()) {
        None => process::exit(INTERRUPTED),
        Some(client) if is_closing || !client.session().snapshot().handshake.is_upgraded() => {
            let _ = client.send(Command::Abort);
        }
        Some(client) => {
            is_closing = true;
            complain("Closing with 1000. Ctrl-C once more ends the connection at once.");
            let _ = client.send(Command::Close(CloseRequest::normal()));
        }
    };
    Ok(ctrlc::set_handler(interrupted)?)
}

/// Ends the session as the arguments want it, and waits until it has ended.
fn attend(client: &Client, arguments: &RecordArguments, sent: usize) {
    let opened = client
        .session()
        .wait_until(FOREVER, |session| session.handshake.is_upgraded() || session.verdict.is_final())
        .is_some_and(|session| session.handshake.is_upgraded());
    let ending = if arguments.abort {
        Some(Command::Abort)
    } else if arguments.close_empty {
        Some(Command::CloseEmpty)
    } else {
        arguments.close.clone().map(Command::Close)
    };
    let ending = match (ending, arguments.bound) {
        (ending, Some(bound)) if opened && !client.wait_ended(bound) => {
            Some(ending.unwrap_or(Command::Close(CloseRequest::normal())))
        }
        // An abort overtakes everything that is not on the wire yet.
        (Some(Command::Abort), None) if opened => {
            client.session().wait_until(FOREVER, |session| session.verdict.is_final() || have_crossed(session, sent));
            Some(Command::Abort)
        }
        (ending, None) if opened => ending,
        _ => None,
    };
    if let Some(command) = ending {
        // A session that ended by itself in this moment needs no ending.
        let _ = client.send(command);
    }
    client.wait_ended(FOREVER);
}

/// Whether this many frames that were asked for have left; a Pong answers and is not asked for.
fn have_crossed(session: &Session, count: usize) -> bool {
    let is_asked_for = |opcode| matches!(opcode, Opcode::Text | Opcode::Binary | Opcode::Ping);
    let sent = session.frames.iter().filter(|row| {
        row.direction == Direction::ClientToServer && is_asked_for(row.opcode()) && session.is_complete(row)
    });
    sent.count() >= count
}

/// Prints the frames as they come, until the session has ended.
fn follow(client: &Client, woken: &Receiver<()>, out: &mut Output) -> io::Result<()> {
    let (mut is_opened, mut printed) = (false, 0);
    let mut reader = MessageReader::default();
    loop {
        // Asked first, so that nothing can come between the last snapshot and the end.
        let is_running = client.is_running();
        let session = client.session().snapshot();
        if !is_opened && (session.handshake.response.is_some() || !is_running) {
            is_opened = true;
            text_report::opening(out, &session)?;
        }
        for (index, row) in (printed..).zip(session.frames.iter_from(printed)) {
            // A frame that is still arriving waits until it is whole, or until another one shows that it takes long.
            if is_running && index + 1 == session.frames.len() && !session.is_complete(row) {
                break;
            }
            if index == 0 {
                out.line(&frame_table::heading())?;
            }
            out.line(&frame_table::line(&session, index, row, &mut reader))?;
            printed = index + 1;
        }
        out.flush()?;
        if !is_running || woken.recv().is_err() {
            return Ok(());
        }
    }
}

/// Prints what is known once the session has ended.
fn finish(out: &mut Output, session: &Session, format: OutputFormat) -> io::Result<()> {
    let texts = Texts::english();
    match format {
        OutputFormat::Text => text_report::ending(out, session, texts)?,
        OutputFormat::Json => out.document(&Report::of(session, None, texts))?,
    }
    out.flush()
}

/// Fails when there never was a WebSocket connection, with the reason and what to try.
fn connected(session: &Session) -> Result<(), Failure> {
    if !matches!(session.verdict.outcome, Outcome::ConnectFailed | Outcome::HandshakeFailed) {
        return Ok(());
    }
    let failures = session.events().filter_map(|event| match &event.kind {
        EventKind::ConnectFailed { problem, advice, .. } => Some((problem.clone(), advice.clone())),
        _ => None,
    });
    let (problem, advice) = failures.last().unwrap_or_else(|| {
        ("The connection ended before the server answered the upgrade request.".to_owned(), "Try again.".to_owned())
    });
    Err(Failure::Connect { problem, advice })
}
