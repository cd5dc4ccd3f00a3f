//! The one place where a worker waits: for its socket, for a command, or for a deadline; never on a timer of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use mio::event::Source;
use mio::{Events, Interest, Poll, Token, Waker};

use super::recording::Recording;

const WAKER: Token = Token(0);
/// The token of the socket that a conversation goes over; those of attempts follow.
const SOCKET: Token = Token(1);

/// Calls a worker from other threads.
pub(super) struct Signal {
    waker: Waker,
    aborted: AtomicBool,
}

impl Signal {
    /// Makes the worker look around.
    pub(super) fn wake(&self) {
        // The waker fails only when the worker's poll is gone, and then nobody is left to wake.
        let _ = self.waker.wake();
    }

    /// Asks the worker to end the connection at once.
    pub(super) fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.wake();
    }

    /// Whether that was asked.
    pub(super) fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Acquire)
    }
}

/// A worker's poll.
pub(super) struct Reactor {
    poll: Poll,
    events: Events,
    signal: Arc<Signal>,
    interest: Option<Interest>,
}

impl Reactor {
    /// A poll with nothing in it but its signal.
    pub(super) fn new() -> io::Result<Reactor> {
        let poll = Poll::new()?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        let signal = Arc::new(Signal { waker, aborted: AtomicBool::new(false) });
        Ok(Reactor { poll, events: Events::with_capacity(8), signal, interest: None })
    }

    /// The way to call this worker.
    pub(super) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Waits for a new socket beside others; it can be written to once it is connected. The one that is watched next is the
    /// conversation's.
    pub(super) fn watch_connecting(&mut self, socket: &mut dyn Source, attempt: usize) -> io::Result<()> {
        self.interest = None;
        self.poll.registry().register(socket, Token(SOCKET.0.saturating_add(attempt)), Interest::WRITABLE)
    }

    /// Waits for a socket no more.
    pub(super) fn forget(&mut self, socket: &mut dyn Source) {
        // Closing it does the same where this fails.
        let _ = self.poll.registry().deregister(socket);
    }

    /// Waits for what can be read, and for room to write only when there is something to write.
    pub(super) fn watch(&mut self, socket: &mut dyn Source, wants_write: bool) -> io::Result<()> {
        let interest = if wants_write { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        if self.interest != Some(interest) {
            self.poll.registry().reregister(socket, SOCKET, interest)?;
            self.interest = Some(interest);
        }
        Ok(())
    }

    /// Sleeps until something may have happened or `deadline` is reached; what was recorded is published before.
    ///
    /// The poll is edge-triggered: the caller has read and written until both would block.
    pub(super) fn wait(&mut self, recording: &mut Recording, deadline: Option<Instant>) -> io::Result<()> {
        recording.settle();
        let timeout = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            result => result,
        }
    }
}
