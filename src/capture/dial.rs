//! Connecting, step by step: name, TCP, TLS, upgrade. Each step can be cancelled, and all share one deadline.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use tungstenite::handshake::client::generate_key;

use crate::protocol::direction::Side;
use crate::protocol::handshake::{Handshake, check_response};
use crate::protocol::http::{HeadParse, ResponseHead};
use crate::protocol::verdict::{ConnectStage, TransportEnd};
use crate::session::EventKind;

use super::failure::ConnectFailure;
use super::options::ConnectOptions;
use super::plain_frames::Terms;
use super::reactor::Reactor;
use super::recording::Recording;
use super::request::upgrade_request;
use super::resolve::resolve;
use super::tap::{StreamEnd, Tap};
use super::target::Target;
use super::tls;
use super::transport::{TlsStream, Transport};

/// How long connecting may take as a whole.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// How much of a refusal's body is read, in bytes, and how long it is waited for.
const BODY_LIMIT: usize = 16 * 1024;
const BODY_PATIENCE: Duration = Duration::from_secs(2);

/// A connection that speaks WebSocket from here on.
pub(super) struct Opened {
    /// The stream.
    pub(super) tap: Tap<Transport>,
    /// How messages are compressed, when that was agreed.
    pub(super) terms: Option<Terms>,
    /// Bytes that came right behind the response; they are recorded.
    pub(super) rest: Vec<u8>,
}

type Step<T> = Result<T, ConnectFailure>;

/// Connects; `None` when that failed, which is then recorded.
pub(super) fn dial(reactor: &mut Reactor, options: &ConnectOptions, mut recording: Recording) -> Option<Opened> {
    let deadline = Instant::now() + CONNECT_LIMIT;
    let dialled = plan(options).and_then(|plan| {
        let mut dialler = Dialler { reactor, plan: &plan, options, deadline };
        let addresses = dialler.resolve(&mut recording)?;
        let socket = dialler.connect(&addresses, &mut recording)?;
        let transport = dialler.secure(socket, &mut recording)?;
        Ok((plan, transport))
    });
    let (plan, transport) = match dialled {
        Ok(dialled) => dialled,
        Err(failure) => {
            recording.record(failure.into_event());
            return None;
        }
    };
    let mut tap = Tap::new(transport, recording);
    match (Dialler { reactor, plan: &plan, options, deadline }).upgrade(&mut tap) {
        Ok(rest) => {
            let terms = terms(tap.recording().recorder().handshake(), options);
            Some(Opened { tap, terms, rest })
        }
        Err(failure) => {
            tap.recording().record(failure.into_event());
            if matches!(tap.end(), None | Some(StreamEnd::Fin)) {
                tap.stream_mut().shut_down();
                tap.recording().transport_ended(Side::Client, TransportEnd::Fin);
            }
            None
        }
    }
}

/// Everything that can be known before anything is sent.
struct Plan {
    target: Target,
    request: Vec<u8>,
}

fn plan(options: &ConnectOptions) -> Step<Plan> {
    let target = Target::parse(&options.url).map_err(|error| ConnectFailure::target(&error))?;
    let request =
        upgrade_request(&target, options, &generate_key()).map_err(|error| ConnectFailure::request(&error))?;
    Ok(Plan { target, request })
}

struct Dialler<'dial> {
    reactor: &'dial mut Reactor,
    plan: &'dial Plan,
    options: &'dial ConnectOptions,
    deadline: Instant,
}

impl Dialler<'_> {
    fn resolve(&mut self, recording: &mut Recording) -> Step<Vec<SocketAddr>> {
        let target = &self.plan.target;
        if let Some(address) = target.address() {
            return Ok(vec![SocketAddr::new(address, target.port())]);
        }
        let signal = Arc::clone(self.reactor.signal());
        let answers = resolve(target.host(), target.port(), signal).map_err(|error| ConnectFailure::machine(&error))?;
        loop {
            match answers.try_recv() {
                Ok(Ok(addresses)) if addresses.is_empty() => return Err(ConnectFailure::no_such_host(target, None)),
                Ok(Ok(addresses)) => {
                    let ips: Vec<IpAddr> = addresses.iter().map(SocketAddr::ip).collect();
                    recording.record(EventKind::Resolved { addresses: ips });
                    return Ok(addresses);
                }
                Ok(Err(error)) => return Err(ConnectFailure::no_such_host(target, Some(&error))),
                Err(_) => self.pause(ConnectStage::Dns, recording)?,
            }
        }
    }

    fn connect(&mut self, addresses: &[SocketAddr], recording: &mut Recording) -> Step<TcpStream> {
        let mut attempts = Vec::new();
        for (tried, &address) in addresses.iter().enumerate() {
            let left = self.deadline.saturating_duration_since(Instant::now());
            let share = left / u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            match self.connect_to(address, Instant::now() + share, recording)? {
                Ok(socket) => return Ok(socket),
                Err(error) => attempts.push((address, error)),
            }
        }
        Err(ConnectFailure::tcp(&attempts))
    }

    /// One address; the inner error leaves the next one to be tried.
    fn connect_to(
        &mut self,
        address: SocketAddr,
        deadline: Instant,
        recording: &mut Recording,
    ) -> Step<io::Result<TcpStream>> {
        let begun = TcpStream::connect(address).and_then(|mut socket| {
            self.reactor.watch_connecting(&mut socket)?;
            Ok(socket)
        });
        let socket = match begun {
            Ok(socket) => socket,
            Err(error) => return Ok(Err(error)),
        };
        loop {
            match established(&socket) {
                Ok(Some((client, server))) => {
                    // A frame is worth a packet: an inspector shows when it was sent, so nothing may hold it back.
                    let _ = socket.set_nodelay(true);
                    recording.record(EventKind::Connected { client, server });
                    return Ok(Ok(socket));
                }
                Ok(None) if Instant::now() >= deadline => return Ok(Err(ErrorKind::TimedOut.into())),
                Ok(None) => self.pause_until(deadline, ConnectStage::Tcp, recording)?,
                Err(error) => return Ok(Err(error)),
            }
        }
    }

    fn secure(&mut self, mut socket: TcpStream, recording: &mut Recording) -> Step<Transport> {
        if !self.plan.target.is_secure() {
            self.watch(&mut socket, false)?;
            return Ok(Transport::Plain(socket));
        }
        let connection =
            tls::connection(&self.plan.target, self.options).map_err(|error| ConnectFailure::tls_setup(&error))?;
        let mut stream = Box::new(TlsStream::new(connection, socket));
        loop {
            match stream.handshake() {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let wants_write = stream.connection().wants_write();
                    self.watch(stream.socket(), wants_write)?;
                    self.pause(ConnectStage::Tls, recording)?;
                }
                Err(error) => return Err(ConnectFailure::tls(&self.plan.target, &error)),
            }
        }
        recording.record(EventKind::Secured {
            version: tls::version_name(stream.connection()),
            cipher: tls::cipher_name(stream.connection()),
            verified: !self.options.accept_any_certificate,
        });
        Ok(Transport::Tls(stream))
    }

    /// Sends the request and reads the response; gives the bytes behind it.
    fn upgrade(&mut self, tap: &mut Tap<Transport>) -> Step<Vec<u8>> {
        self.send_request(tap)?;
        let mut received = Vec::new();
        loop {
            match ResponseHead::parse(&received) {
                HeadParse::Complete { head, length } => {
                    received.drain(..length);
                    match head.status {
                        101 => return accept(tap, &head).map(|()| received),
                        // Interim responses come before the one that decides (RFC 9110 15.2).
                        100..=199 => {
                            self.check_patience(ConnectStage::Upgrade)?;
                            continue;
                        }
                        _ => {
                            self.read_body(tap, &head, &mut received);
                            return Err(ConnectFailure::status(&self.plan.target, &head, &received));
                        }
                    }
                }
                HeadParse::Malformed(error) => {
                    // What it is shows better in a few more bytes, when they are there already.
                    let _ = read_some(tap, &mut received);
                    return Err(ConnectFailure::not_http(&self.plan.target, error, &received));
                }
                HeadParse::Incomplete => {}
            }
            // A server that never pauses must not keep a person from giving up.
            self.check_patience(ConnectStage::Upgrade)?;
            if !self.receive(tap, &mut received, self.deadline)? {
                let was_reset = tap.end() != Some(StreamEnd::Fin);
                return Err(ConnectFailure::no_response(&self.plan.target, was_reset, &received));
            }
        }
    }

    fn send_request(&mut self, tap: &mut Tap<Transport>) -> Step<()> {
        let mut unsent = self.plan.request.as_slice();
        loop {
            let result = if unsent.is_empty() { tap.flush().map(|()| 0) } else { tap.write(unsent) };
            match result {
                Ok(_) if unsent.is_empty() => return Ok(()),
                Ok(length) => unsent = unsent.get(length..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.pause_on(tap, self.deadline)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Why the peer does not listen may stand in what it has sent.
                Err(_) => return Ok(()),
            }
        }
    }

    /// Reads the start of a refusal's body as far as it comes without much waiting.
    fn read_body(&mut self, tap: &mut Tap<Transport>, head: &ResponseHead, body: &mut Vec<u8>) {
        let deadline = self.deadline.min(Instant::now() + BODY_PATIENCE);
        let announced = head.headers.first("Content-Length").and_then(|length| length.parse().ok());
        let wanted = match head.status {
            204 | 304 => 0,
            _ => announced.unwrap_or(BODY_LIMIT).min(BODY_LIMIT),
        };
        let is_chunked = head.headers.has_element("Transfer-Encoding", "chunked");
        while body.len() < wanted && !(is_chunked && body.ends_with(b"\r\n0\r\n\r\n")) && Instant::now() < deadline {
            if !matches!(self.receive(tap, body, deadline), Ok(true)) {
                break;
            }
        }
    }

    /// Reads once, waiting when it must; `false` when nothing more can come. After the deadline it returns `true` all the same.
    fn receive(&mut self, tap: &mut Tap<Transport>, received: &mut Vec<u8>, deadline: Instant) -> Step<bool> {
        match read_some(tap, received) {
            Ok(0) => Ok(false),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(true),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.pause_on(tap, deadline).map(|()| true),
            Err(_) => Ok(false),
        }
    }

    fn pause_on(&mut self, tap: &mut Tap<Transport>, deadline: Instant) -> Step<()> {
        let wants_write = tap.stream().wants_write();
        self.watch(tap.stream_mut().socket(), wants_write)?;
        self.pause_until(deadline, ConnectStage::Upgrade, tap.recording())
    }

    fn pause(&mut self, stage: ConnectStage, recording: &mut Recording) -> Step<()> {
        self.pause_until(self.deadline, stage, recording)
    }

    /// Waits for anything to happen; fails when connecting was cancelled or takes too long as a whole.
    fn pause_until(&mut self, deadline: Instant, stage: ConnectStage, recording: &mut Recording) -> Step<()> {
        self.check_patience(stage)?;
        self.reactor.wait(recording, Some(deadline)).map_err(|error| ConnectFailure::machine(&error))
    }

    /// Fails when the person gave up, or connecting has taken too long.
    fn check_patience(&self, stage: ConnectStage) -> Step<()> {
        if self.reactor.signal().is_aborted() {
            return Err(ConnectFailure::cancelled(stage));
        }
        if Instant::now() >= self.deadline {
            return Err(ConnectFailure::timed_out(stage, &self.plan.target, CONNECT_LIMIT));
        }
        Ok(())
    }

    fn watch(&mut self, socket: &mut TcpStream, wants_write: bool) -> Step<()> {
        self.reactor.watch(socket, wants_write).map_err(|error| ConnectFailure::machine(&error))
    }
}

/// Both addresses once the connection stands, `None` while it does not.
fn established(socket: &TcpStream) -> io::Result<Option<(SocketAddr, SocketAddr)>> {
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    match socket.peer_addr() {
        Ok(server) => Ok(Some((socket.local_addr()?, server))),
        Err(error) if error.kind() == ErrorKind::NotConnected => Ok(None),
        Err(error) => Err(error),
    }
}

/// How messages are compressed after this handshake; the client keeps to what it announced, whether the server repeats it or not.
fn terms(handshake: &Handshake, options: &ConnectOptions) -> Option<Terms> {
    let mut compression = handshake.compression()?;
    if let Some(offer) = handshake.accepted_offer() {
        let own = &mut compression.client_to_server;
        *own = offer.announced(*own);
    }
    Some(Terms { compression, inflation_limit: options.inflation_limit, compress_from: options.compress_from })
}

/// Checks a 101 against the request as it was sent (RFC 6455 4.1).
fn accept(tap: &mut Tap<Transport>, response: &ResponseHead) -> Step<()> {
    let request = tap.recording().recorder().handshake().request.clone();
    match check_response(request.as_ref(), response) {
        broken if broken.is_empty() => Ok(()),
        broken => Err(ConnectFailure::broken_rules(&broken)),
    }
}

fn read_some(tap: &mut Tap<Transport>, received: &mut Vec<u8>) -> io::Result<usize> {
    let mut buffer = [0; 8 * 1024];
    let length = tap.read(&mut buffer)?;
    received.extend_from_slice(buffer.get(..length).unwrap_or_default());
    Ok(length)
}
