//! A client: one conversation on a thread of its own, which is told what to do and whose session anybody can watch.

use std::convert::Infallible;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{io, mem};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, bounded, unbounded};

use crate::protocol::frame::FrameNumber;
use crate::session::live::Wake;
use crate::session::{Annotation, Journals, LiveSession};

use super::board::Board;
use super::command::Command;
use super::conversation::Conversation;
use super::dial::dial;
use super::failure::ConnectFailure;
use super::options::ConnectOptions;
use super::reactor::{Reactor, Signal};
use super::recording::Recording;
use super::replay::{Replay, ReplayProgress};
use super::sequence::SequenceProgress;
use super::target::{Target, masked};

/// The conversation has ended, so that nothing can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The session has ended. Connect again to send more.")]
pub struct ClientEnded;

/// A client that connects, talks and ends by itself; dropping it ends the connection with a reset.
pub struct Client {
    session: LiveSession,
    worker: Option<Worker>,
}

struct Worker {
    commands: Sender<Command>,
    signal: Arc<Signal>,
    boards: Boards,
    /// Nothing is ever sent: the channel is disconnected when the worker has ended.
    ended: Receiver<Infallible>,
    thread: JoinHandle<()>,
}

/// Where a worker writes how far it is.
#[derive(Clone)]
pub(super) struct Boards {
    pub(super) sequence: Board<SequenceProgress>,
    pub(super) replay: Board<ReplayProgress>,
}

impl Client {
    /// Begins to connect and returns at once; `wake` is called when there is something new to see, and once the client has ended.
    ///
    /// Whatever goes wrong is an event of the session.
    pub fn start(options: ConnectOptions, wake: Wake) -> Client {
        Client::start_kept(options, None, wake)
    }

    /// The same, with the session kept in a journal when there are any.
    pub fn start_kept(options: ConnectOptions, journals: Option<&dyn Journals>, wake: Wake) -> Client {
        Client::start_task(options, None, journals, wake)
    }

    /// Begins to connect, and replays a session on the connection, over a manual endpoint whatever the options say.
    pub fn replay(options: ConnectOptions, replay: Replay, journals: Option<&dyn Journals>, wake: Wake) -> Client {
        Client::start_task(options, Some(replay), journals, wake)
    }

    fn start_task(
        options: ConnectOptions,
        replay: Option<Replay>,
        journals: Option<&dyn Journals>,
        wake: Wake,
    ) -> Client {
        let url = Target::parse(&options.url).map_or_else(|_| masked(&options.url), |target| target.url());
        let (mut recording, session) =
            Recording::start(Some(url), options.inflation_limit, journals, Arc::clone(&wake));
        let reactor = match Reactor::new() {
            Ok(reactor) => reactor,
            Err(error) => {
                recording.record(ConnectFailure::machine(&error).into_event());
                return Client { session, worker: None };
            }
        };
        match Worker::start(reactor, options, replay, wake) {
            // The recording follows the thread: when there cannot be one, somebody has to say so.
            Ok((worker, handover)) => {
                let _ = handover.send(recording);
                Client { session, worker: Some(worker) }
            }
            Err(error) => {
                recording.record(ConnectFailure::machine(&error).into_event());
                Client { session, worker: None }
            }
        }
    }

    /// The session as it is being recorded.
    pub fn session(&self) -> &LiveSession {
        &self.session
    }

    /// Asks for something; it is done in order once the connection is open, except that an abort acts at any time.
    ///
    /// # Errors
    /// When the conversation has ended.
    pub fn send(&self, command: Command) -> Result<(), ClientEnded> {
        let worker = self.worker.as_ref().ok_or(ClientEnded)?;
        let is_abort = command == Command::Abort;
        worker.commands.send(command).map_err(|_| ClientEnded)?;
        if is_abort {
            worker.signal.abort()
        } else {
            worker.signal.wake()
        }
        Ok(())
    }

    /// Says something of the session, at any time.
    pub fn annotate(&self, annotation: Annotation<FrameNumber>) {
        self.session.annotate(annotation);
        self.worker.iter().for_each(|worker| worker.signal.wake());
    }

    /// How far the newest sequence is, once one was begun.
    pub fn sequence(&self) -> Option<SequenceProgress> {
        self.worker.as_ref()?.boards.sequence.read()
    }

    /// How far the replay is, once it has begun.
    pub fn replayed(&self) -> Option<ReplayProgress> {
        self.worker.as_ref()?.boards.replay.read()
    }

    /// Whether the client is connecting or connected.
    pub fn is_running(&self) -> bool {
        self.worker.as_ref().is_some_and(|worker| worker.ended.try_recv() == Err(TryRecvError::Empty))
    }

    /// Waits until the client has ended and its session is complete; says whether that came within `limit`.
    pub fn wait_ended(&self, limit: Duration) -> bool {
        self.worker
            .as_ref()
            .is_none_or(|worker| worker.ended.recv_timeout(limit) == Err(RecvTimeoutError::Disconnected))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.signal.abort();
            // A worker that panicked has nothing more to say, and its session stands as it was recorded.
            let _ = worker.thread.join();
        }
    }
}

impl Worker {
    /// A worker that begins when it is handed its recording.
    fn start(
        reactor: Reactor,
        options: ConnectOptions,
        replay: Option<Replay>,
        wake: Wake,
    ) -> io::Result<(Worker, Sender<Recording>)> {
        let (handover, handed_over) = bounded(1);
        let (commands, received) = unbounded();
        let (running, ended) = bounded(0);
        let signal = Arc::clone(reactor.signal());
        let boards = Boards { sequence: Board::new(Arc::clone(&wake)), replay: Board::new(Arc::clone(&wake)) };
        let workers_boards = boards.clone();
        let thread = thread::Builder::new().name("client".to_owned()).spawn(move || {
            if let Ok(recording) = handed_over.recv() {
                work(reactor, &options, replay, recording, received, workers_boards);
            }
            mem::drop(running);
            wake();
        })?;
        Ok((Worker { commands, signal, boards, ended, thread }, handover))
    }
}

fn work(
    mut reactor: Reactor,
    options: &ConnectOptions,
    replay: Option<Replay>,
    recording: Recording,
    commands: Receiver<Command>,
    boards: Boards,
) {
    if let Some(opened) = dial(&mut reactor, options, recording) {
        Conversation::new(opened, commands, options, replay, boards).run(&mut reactor);
    }
}
