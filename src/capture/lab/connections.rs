//! The connections that are open, so that they can be counted and ended.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many connections beyond the limit are told so; more than these are closed without a word.
const REFUSED_AT_A_TIME: usize = 32;

/// The open connections of a lab.
#[derive(Debug)]
pub(super) struct Connections {
    limit: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    next: u64,
    served: usize,
    open: HashMap<u64, Arc<TcpStream>>,
}

/// A place among the open connections, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place<'connections> {
    connections: &'connections Connections,
    number: u64,
    /// Whether there is room to serve it, or only to refuse it.
    pub(super) served: bool,
}

impl Connections {
    /// No connections yet, and at most `limit` at a time.
    pub(super) fn new(limit: usize) -> Connections {
        Connections { limit, state: Mutex::default() }
    }

    /// Takes a connection in, unless there are far too many or the lab is stopping.
    pub(super) fn admit(&self, stream: &Arc<TcpStream>) -> Option<Place<'_>> {
        let mut state = self.state();
        let refused = state.open.len() - state.served;
        let served = state.served < self.limit;
        if state.stopping || (!served && refused >= REFUSED_AT_A_TIME) {
            return None;
        }
        state.served += usize::from(served);
        let number = state.next;
        state.next += 1;
        state.open.insert(number, Arc::clone(stream));
        Some(Place { connections: self, number, served })
    }

    /// Ends every connection and admits no more.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stopping = true;
        for stream in state.open.values() {
            // It may have ended by itself in this moment.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Whether [`Connections::stop`] was called.
    pub(super) fn are_stopping(&self) -> bool {
        self.state().stopping
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.connections.state();
        state.open.remove(&self.number);
        state.served -= usize::from(self.served);
    }
}
