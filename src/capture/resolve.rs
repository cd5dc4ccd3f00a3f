//! Name resolution on a thread of its own: the system's resolver can hang, and a person can cancel.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::{Receiver, bounded};

use super::reactor::Signal;

/// The addresses of a host and port, in the order in which the system gives them, once they are known.
///
/// The thread outlives a caller who stops waiting; its answer is then dropped.
///
/// # Errors
/// When there cannot be another thread.
pub(super) fn resolve(
    host: String,
    port: u16,
    signal: Arc<Signal>,
) -> io::Result<Receiver<io::Result<Vec<SocketAddr>>>> {
    let (answer, answers) = bounded(1);
    thread::Builder::new().name(format!("resolve {host}")).spawn(move || {
        let addresses = (host.as_str(), port).to_socket_addrs().map(Iterator::collect);
        let _ = answer.send(addresses);
        signal.wake();
    })?;
    Ok(answers)
}
