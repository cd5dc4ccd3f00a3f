//! `closelook replay`: a saved session's client once more, and what its server says this time beside what it said then.

use std::io::{self, BufRead};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded, never, select, unbounded};

use crate::app;
use crate::capture::Client;
use crate::capture::command::Command;
use crate::capture::options::ConnectOptions;
use crate::capture::replay::{Control, Masking, RecordedRequest, Replay, ReplayProgress, Standing};
use crate::logs::LogError;
use crate::protocol::direction::Direction;
use crate::reading::Previewer;
use crate::reading::comparison::Comparison;
use crate::session::{FrameSet, Journals, Session};

use super::arguments::{JsonPath, OutputFormat, ReplayArguments};
use super::failure::Failure;
use super::output::{Output, complain};
use super::reading::Reading;
use super::replay_report::{Outcome, ReplayReport, text};
use super::{frame_table, inspect, record};

/// Replays a session and prints the comparison; says whether the server did the same.
pub(super) fn run(arguments: &ReplayArguments) -> Result<bool, Failure> {
    let session = inspect::open(&arguments.file, arguments.conversation)?;
    let then = Arc::new(session.with_inflation_limit(arguments.inflation.limit).map_err(LogError::from)?);
    let options = options(arguments, &then)?;
    let url = options.url.clone();
    let replay = Replay {
        session: Arc::clone(&then),
        chosen: arguments.filter.is_some().then(|| chosen(arguments, &then)),
        pace: arguments.speed,
        starts_paused: arguments.step,
        waits_for_answers: !arguments.no_wait,
        patience: arguments.patience,
        masking: if arguments.new_masking_keys { Masking::New } else { Masking::AsRecorded },
    };
    let journals = app::journal_folder();
    let kept = journals.as_ref().map(|folder| folder as &dyn Journals);
    let (news, woken) = bounded(1);
    // A full channel holds a wake-up that has not been taken, which is enough.
    let wake = Arc::new(move || {
        let _ = news.try_send(());
    });
    let client = Arc::new(Client::replay(options, replay, kept, wake));
    record::end_on_interrupt(Arc::downgrade(&client), stop)?;
    if arguments.step {
        step(&client, &then, &woken);
    }
    client.wait_ended(record::FOREVER);
    let now = client.session().snapshot();
    let progress = client.replayed();
    let saved = arguments.log.as_ref().map_or(Ok(()), |log| record::save(&now, log));
    record::finish_journal(client, &now, journals);
    record::connected(&now)?;
    saved?;
    let ignored = arguments.ignored.iter().map(|JsonPath(path)| path.clone()).collect();
    let comparison = Comparison::of(Arc::clone(&then), Arc::clone(&now), ignored);
    let outcome = Outcome {
        log: &arguments.file,
        url: &url,
        pace: arguments.speed,
        progress,
        then: &then,
        now: &now,
        comparison,
    };
    print(&outcome, arguments.format)?;
    Ok(outcome.is_same())
}

fn print(outcome: &Outcome<'_>, format: OutputFormat) -> io::Result<()> {
    let mut out = Output::new();
    match format {
        OutputFormat::Text => text(&mut out, outcome)?,
        OutputFormat::Json => out.document(&ReplayReport::of(outcome))?,
    }
    out.flush()
}

/// The recorded request, with what the options say in the place of what was recorded.
fn options(arguments: &ReplayArguments, then: &Session) -> Result<ConnectOptions, Failure> {
    let mut request = RecordedRequest::of(then, arguments.url.as_deref(), arguments.send_secrets)?;
    arguments.dialing.header_names().for_each(|name| request.leave_out(name));
    if arguments.offer.is_given() {
        request.leave_out("Sec-WebSocket-Extensions");
    }
    if !request.withheld().is_empty() {
        let names = request.withheld().join(", ");
        complain(&format!(
            "note: another server gets none of the recorded secrets ({names}); --send-secrets sends them."
        ));
    }
    let names: Vec<String> = request.missing().into_iter().map(|missing| missing.name).collect();
    let secrets = ask_for(&names)?;
    let mut options = request.options(&secrets);
    if arguments.offer.is_given() {
        options.compression = arguments.offer.offer();
    }
    arguments.dialing.apply(&mut options);
    Ok(options)
}

/// Asks for secrets on the terminal, or takes them from whatever is the standard input.
fn ask_for(names: &[String]) -> Result<Vec<String>, Failure> {
    let mut secrets = Vec::new();
    for (place, name) in names.iter().enumerate() {
        complain(&format!("{name} is masked in the log. Write it, or nothing to leave it out:"));
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line).unwrap_or(0) == 0 {
            return Err(Failure::MissingSecrets(names.iter().skip(place).cloned().collect()));
        }
        secrets.push(line.trim().to_owned());
    }
    Ok(secrets)
}

/// The client's frames that the filter wants.
fn chosen(arguments: &ReplayArguments, then: &Session) -> FrameSet {
    let mut picked = Reading::default().picking(then, arguments.filter.as_ref());
    let mut chosen = FrameSet::default();
    for (index, row) in then.frames.iter().enumerate() {
        if row.direction == Direction::ClientToServer && picked(index) {
            chosen.set(index, true);
        }
    }
    chosen
}

fn stop(client: &Client) {
    let _ = client.send(Command::Replay(Control::Stop));
}

/// Sends a frame for each line of the standard input, until there is nothing more to send; stops where the input ends.
fn step(client: &Client, then: &Session, woken: &Receiver<()>) {
    let (lines, nothing) = (lines(), never());
    let (mut told, mut sent) = (None, None);
    let mut previewer = Previewer::default();
    while client.is_running() {
        let progress = client.replayed();
        if progress.is_some_and(is_through) {
            // How the connection ends needs no steps.
            let _ = client.send(Command::Replay(Control::Resume));
            return;
        }
        let next = progress.filter(|progress| progress.standing == Standing::Paused).and_then(|progress| progress.next);
        if next.is_some() && told != next {
            told = next;
            let row = next.and_then(|number| Some((number, then.frame(number)?)));
            if let Some((number, row)) = row {
                let line = frame_table::line(then, number.index(), row, None, &mut previewer);
                complain(&format!("{line}\nEnter sends this frame."));
            }
        }
        // A line is about the frame that was told.
        let lines = if next.is_some() && sent != next { &lines } else { &nothing };
        select! {
            recv(woken) -> news => if news.is_err() { return },
            recv(lines) -> line => {
                if line.is_err() {
                    return stop(client);
                }
                sent = next;
                let _ = client.send(Command::Replay(Control::Step));
            },
        }
    }
}

fn is_through(progress: ReplayProgress) -> bool {
    progress.sent + progress.left_out >= progress.frames
}

/// The lines of the standard input as they come; the channel is disconnected where they end.
fn lines() -> Receiver<()> {
    let (pressed, lines) = unbounded();
    let read = move |pressed: Sender<()>| {
        for line in io::stdin().lock().lines() {
            if line.is_err() || pressed.send(()).is_err() {
                return;
            }
        }
    };
    // Without a thread nobody reads, which ends the replay as the end of the input does.
    let _ = std::thread::Builder::new().name("standard input".into()).spawn(move || read(pressed));
    lines
}
