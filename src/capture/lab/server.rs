//! The lab's listener: one thread accepts, one thread serves each connection, and dropping the lab ends them all.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle, Scope};

use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};

use super::connection::serve;
use super::connections::Connections;
use super::limits::Limits;
use super::scenario::Scenario;

const LISTENER: Token = Token(0);
const STOP: Token = Token(1);

/// A running lab; it stops when it is dropped.
#[derive(Debug)]
pub struct Lab {
    address: SocketAddr,
    connections: Arc<Connections>,
    waker: Waker,
    acceptor: Option<JoinHandle<()>>,
}

impl Lab {
    /// This machine only, on a port that the system chooses.
    pub const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    /// Starts a lab that listens at this address; [`Lab::LOOPBACK`] keeps it on this machine.
    ///
    /// # Errors
    /// The address cannot be listened at, or the system has no thread to spare.
    pub fn start(listen: SocketAddr) -> io::Result<Lab> {
        Lab::start_with(listen, Limits::default())
    }

    /// Starts a lab with other limits.
    ///
    /// # Errors
    /// As for [`Lab::start`].
    pub fn start_with(listen: SocketAddr, limits: Limits) -> io::Result<Lab> {
        let mut listener = TcpListener::bind(listen)?;
        let address = listener.local_addr()?;
        let poll = Poll::new()?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), STOP)?;
        let connections = Arc::new(Connections::new(limits.connections));
        let acceptor = Acceptor { poll, listener, limits };
        let acceptor = thread::Builder::new().name("lab".into()).spawn({
            let connections = Arc::clone(&connections);
            move || acceptor.run(&connections)
        })?;
        Ok(Lab { address, connections, waker, acceptor: Some(acceptor) })
    }

    /// Where it listens, with the port that was chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The `ws://` URL of a scenario, as this machine reaches it.
    pub fn url(&self, scenario: &Scenario) -> String {
        format!("ws://{}{}", self.reachable_address(), scenario.path())
    }

    /// The `http://` URL of the page that lists the scenarios.
    pub fn index_url(&self) -> String {
        format!("http://{}/", self.reachable_address())
    }

    /// Nobody can connect to "every address of this machine", so the loopback address stands for it.
    fn reachable_address(&self) -> SocketAddr {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.address.port())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.connections.stop();
        // Without the wake-up the thread could not be waited for.
        if self.waker.wake().is_ok()
            && let Some(acceptor) = self.acceptor.take()
        {
            let _ = acceptor.join();
        }
    }
}

struct Acceptor {
    poll: Poll,
    listener: TcpListener,
    limits: Limits,
}

impl Acceptor {
    /// Accepts until the connections are stopped, then waits for the threads that serve them.
    fn run(mut self, connections: &Connections) {
        let mut events = Events::with_capacity(2);
        thread::scope(|scope| {
            while !connections.are_stopping() {
                match self.poll.poll(&mut events, None) {
                    Ok(()) => self.accept_all(scope, connections),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        });
    }

    fn accept_all<'scope, 'connections: 'scope>(
        &self,
        scope: &'scope Scope<'scope, '_>,
        connections: &'connections Connections,
    ) {
        let limits = self.limits;
        loop {
            let stream = match self.listener.accept() {
                Ok((stream, _)) => Arc::new(std::net::TcpStream::from(stream)),
                Err(error) => match error.kind() {
                    // A client that gave up before it was accepted says nothing about the next one.
                    io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted => continue,
                    _ => return,
                },
            };
            if stream.set_nonblocking(false).is_err() {
                continue;
            }
            let Some(place) = connections.admit(&stream) else { continue };
            let serving = thread::Builder::new().name("lab connection".into()).spawn_scoped(scope, move || {
                let place = place;
                let _ = serve(stream, limits, place.served);
            });
            // Without a thread the connection ends here: its place and its stream went with the closure.
            drop(serving);
        }
    }
}
