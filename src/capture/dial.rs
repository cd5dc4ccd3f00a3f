//! Connecting, step by step: name, TCP, proxy, TLS, upgrade, and again after a redirection. Each step can be cancelled, and all share
//! one deadline.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::event::Source;
use mio::net::TcpStream;
use tungstenite::handshake::client::generate_key;

use crate::protocol::direction::Side;
use crate::protocol::handshake::{Handshake, check_response};
use crate::protocol::http::{HeadParse, ResponseHead};
use crate::protocol::verdict::{ConnectStage, TransportEnd};
use crate::session::EventKind;

use super::cookie::Jar;
use super::failure::{ConnectFailure, tls_cause};
use super::happy_eyeballs::{Schedule, interleaved};
use super::host_and_port::HostAndPort;
use super::options::{ConnectOptions, MOST_REDIRECTIONS, Route, TlsOptions};
use super::plain_frames::Terms;
use super::proxy::{Exchange, Progress, Proxy, proxy_for};
use super::reactor::Reactor;
use super::recording::Recording;
use super::redirection::{RedirectionError, forget_origin, location, next_target};
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
    let mut planned = Plan::first(options);
    loop {
        let reached = planned.and_then(|plan| {
            let transport = Dialler { reactor, plan: &plan, deadline }.reach(&mut recording)?;
            Ok((plan, transport))
        });
        let (plan, transport) = match reached {
            Ok(reached) => reached,
            Err(failure) => {
                recording.record(failure.into_event());
                return None;
            }
        };
        if plan.follows() {
            // What is said here belongs to the session only if this is the last place.
            recording.hold();
        }
        let mut tap = Tap::new(transport, recording);
        match (Dialler { reactor, plan: &plan, deadline }).upgrade(&mut tap) {
            Ok(Answer::Open(rest)) => {
                // Before the first message: who is told of one by the server must find the session open.
                tap.recording().settle();
                let terms = terms(tap.recording().recorder().handshake(), options);
                return Some(Opened { tap, terms, rest });
            }
            Ok(Answer::Redirected(next, response)) => {
                let mut stream;
                (stream, recording) = tap.into_parts();
                stream.shut_down();
                recording.record(EventKind::Redirected {
                    status: response.status,
                    from: plan.target.masked(),
                    to: next.masked(),
                });
                planned = plan.redirected(next, &response);
            }
            Err(failure) => {
                tap.recording().release();
                tap.recording().record(failure.into_event());
                if matches!(tap.end(), None | Some(StreamEnd::Fin)) {
                    tap.stream_mut().shut_down();
                    tap.recording().transport_ended(Side::Client, TransportEnd::Fin);
                }
                return None;
            }
        }
    }
}

/// What came of the request.
enum Answer {
    /// The upgrade, with the bytes behind it.
    Open(Vec<u8>),
    /// A redirection that is to be followed.
    Redirected(Target, ResponseHead),
}

/// The way to the server, decided.
enum Way {
    Direct,
    Proxy(Proxy),
    UnixSocket(PathBuf),
}

/// Everything that can be known before anything is sent.
struct Plan {
    target: Target,
    options: ConnectOptions,
    jar: Jar,
    followed: u8,
    /// Where the bytes are to go in the end.
    destination: HostAndPort,
    way: Way,
    request: Vec<u8>,
}

impl Plan {
    fn first(options: &ConnectOptions) -> Step<Plan> {
        let target = Target::parse(&options.url).map_err(|error| ConnectFailure::target(&error))?;
        Plan::new(target, options.clone(), Jar::default(), 0)
    }

    fn new(target: Target, options: ConnectOptions, jar: Jar, followed: u8) -> Step<Plan> {
        let mut with_cookies = options.clone();
        with_cookies.cookies.extend(jar.for_target(&target));
        let request = upgrade_request(&target, &with_cookies, &generate_key())
            .map_err(|error| ConnectFailure::request(&error))?;
        let destination = match &options.network.connect_to {
            Some(text) => {
                HostAndPort::parse(text, target.port()).map_err(|error| ConnectFailure::connect_to(&error))?
            }
            None => target.endpoint(),
        };
        let way = match &options.network.route {
            Route::Direct => Way::Direct,
            Route::UnixSocket(path) => Way::UnixSocket(path.clone()),
            Route::Proxy(text) => Way::Proxy(Proxy::parse(text).map_err(|error| ConnectFailure::proxy(None, &error))?),
            Route::Environment => {
                let variables = |name: &str| std::env::var(name).ok();
                proxy_for(&variables, target.is_secure(), &destination)
                    .map_err(|(variable, error)| ConnectFailure::proxy(Some(&variable), &error))?
                    .map_or(Way::Direct, Way::Proxy)
            }
        };
        Ok(Plan { target, options, jar, followed, destination, way, request })
    }

    /// Whether a redirection would be followed, or refused because there were too many.
    fn follows(&self) -> bool {
        self.options.redirections > 0
    }

    /// Where this response points, when that is to be followed.
    fn next_target(&self, response: &ResponseHead) -> Result<Option<Target>, RedirectionError> {
        let Some(location) = location(response).filter(|_| self.follows()) else { return Ok(None) };
        let limit = self.options.redirections.min(MOST_REDIRECTIONS);
        if self.followed >= limit {
            return Err(RedirectionError::TooMany(limit));
        }
        next_target(&self.target, location).map(Some)
    }

    /// The plan for the place that a response pointed to.
    fn redirected(self, next: Target, response: &ResponseHead) -> Step<Plan> {
        let Plan { target, mut options, mut jar, followed, .. } = self;
        response.headers.all("Set-Cookie").for_each(|cookie| jar.store(cookie, &target));
        if options.authorization.is_none() {
            // The first URL's credentials count as given for its origin.
            options.authorization = target.authorization();
        }
        if !next.is_same_origin(&target) {
            forget_origin(&mut options);
        }
        Plan::new(next, options, jar, followed.saturating_add(1))
    }

    /// The endpoint of the first TCP connection.
    fn dialled(&self) -> &HostAndPort {
        match &self.way {
            Way::Proxy(proxy) => &proxy.endpoint,
            Way::Direct | Way::UnixSocket(_) => &self.destination,
        }
    }

    /// The name that the server's certificate has to hold.
    fn server_name(&self) -> String {
        self.options.tls.server_name.clone().unwrap_or_else(|| self.target.host())
    }
}

struct Dialler<'dial> {
    reactor: &'dial mut Reactor,
    plan: &'dial Plan,
    deadline: Instant,
}

impl Dialler<'_> {
    /// A stream to the server that the request can be written to.
    fn reach(&mut self, recording: &mut Recording) -> Step<Transport> {
        let plan = self.plan;
        let transport = match &plan.way {
            Way::UnixSocket(path) => self.connect_locally(path, recording)?,
            Way::Direct => {
                let addresses = self.resolve(&plan.destination, recording)?;
                recorded(&plan.destination, &addresses, recording);
                self.connect(addresses, recording)?
            }
            Way::Proxy(proxy) => {
                // What cannot be asked of the proxy need not be begun.
                let destination = if proxy.wants_address() {
                    let addresses = self.resolve(&plan.destination, recording)?;
                    addresses.first().map_or_else(|| plan.destination.clone(), |address| HostAndPort::from(*address))
                } else {
                    plan.destination.clone()
                };
                let begun =
                    Exchange::begin(proxy, &destination).map_err(|error| ConnectFailure::proxy(None, &error))?;
                let addresses = self.resolve(&proxy.endpoint, recording)?;
                recorded(&proxy.endpoint, &addresses, recording);
                let mut transport = self.connect(addresses, recording)?;
                if proxy.is_secure() {
                    let options = &plan.options.tls;
                    let options = TlsOptions {
                        extra_authority: options.extra_authority.clone(),
                        accept_any_certificate: options.accept_any_certificate,
                        ..TlsOptions::default()
                    };
                    let host = proxy.endpoint.host();
                    let plain = format!("http://{} for the proxy", proxy.endpoint);
                    transport = self
                        .secure(transport, &host, &options, &plain, ConnectStage::Proxy, recording)
                        .map(|stream| Transport::Tls(Box::new(stream)))
                        .map_err(|failure| match failure {
                            Unsecured::Tls(failure) => ConnectFailure::proxy_tls(proxy, failure),
                            Unsecured::Other(failure) => failure,
                        })?;
                }
                let answer = self.tunnel(&mut transport, proxy, &destination, begun, recording)?;
                recording.record(EventKind::Tunnelled {
                    proxy: proxy.to_string(),
                    destination: destination.to_string(),
                    answer,
                });
                transport
            }
        };
        if !plan.target.is_secure() {
            return Ok(transport);
        }
        let plain = ConnectFailure::plain(&plan.target);
        let stream = self
            .secure(transport, &plan.target.host(), &plan.options.tls, &plain, ConnectStage::Tls, recording)
            .map_err(|(Unsecured::Tls(failure) | Unsecured::Other(failure))| failure)?;
        recording.record(EventKind::Secured {
            version: tls::version_name(stream.connection()),
            cipher: tls::cipher_name(stream.connection()),
            verified: !plan.options.tls.accept_any_certificate,
            alpn: tls::agreed_protocol(stream.connection()),
            certificates: tls::certificates(stream.connection()),
        });
        Ok(Transport::Tls(Box::new(stream)))
    }

    fn resolve(&mut self, endpoint: &HostAndPort, recording: &mut Recording) -> Step<Vec<SocketAddr>> {
        if let Some(address) = endpoint.address() {
            return Ok(vec![SocketAddr::new(address, endpoint.port())]);
        }
        let (signal, host) = (Arc::clone(self.reactor.signal()), endpoint.host());
        let answers =
            resolve(host.clone(), endpoint.port(), signal).map_err(|error| ConnectFailure::machine(&error))?;
        loop {
            match answers.try_recv() {
                Ok(Ok(addresses)) if addresses.is_empty() => return Err(ConnectFailure::no_such_host(&host, None)),
                Ok(Ok(addresses)) => return Ok(interleaved(addresses)),
                Ok(Err(error)) => return Err(ConnectFailure::no_such_host(&host, Some(&error))),
                Err(_) => self.pause(ConnectStage::Dns, recording)?,
            }
        }
    }

    /// The first of the addresses that accepts, by the rules of Happy Eyeballs; the attempts that lose are closed.
    fn connect(&mut self, addresses: Vec<SocketAddr>, recording: &mut Recording) -> Step<Transport> {
        let is_one = addresses.len() == 1;
        let mut schedule = Schedule::new(addresses, Instant::now());
        let mut running: Vec<(SocketAddr, TcpStream)> = Vec::new();
        let mut failed = Vec::new();
        let mut begun = 0;
        loop {
            let now = Instant::now();
            while let Some(address) = schedule.next(now) {
                begun += 1;
                match self.begin(address, begun) {
                    Ok(socket) => running.push((address, socket)),
                    Err(error) => {
                        failed.push((address, error));
                        schedule.failed(now);
                    }
                }
            }
            let mut index = 0;
            while let Some((address, socket)) = running.get_mut(index) {
                match established(socket) {
                    Ok(None) => index += 1,
                    Ok(Some((client, server))) => {
                        let (_, socket) = running.swap_remove(index);
                        running.iter_mut().for_each(|(_, loser)| self.reactor.forget(loser));
                        // A frame is worth a packet: an inspector shows when it was sent, so nothing may hold it back.
                        let _ = socket.set_nodelay(true);
                        recording.record(EventKind::Connected { client, server });
                        let mut transport = Transport::Tcp(socket);
                        self.watch(transport.socket(), false)?;
                        return Ok(transport);
                    }
                    Err(error) => {
                        failed.push((*address, error));
                        let (_, mut socket) = running.swap_remove(index);
                        self.reactor.forget(&mut socket);
                        schedule.failed(now);
                    }
                }
            }
            match schedule.due() {
                None if running.is_empty() => return Err(ConnectFailure::tcp(&failed)),
                // One address and no answer has a sentence of its own.
                _ if now >= self.deadline && !is_one => {
                    let silent = running.iter().map(|(address, _)| *address).chain(schedule.left());
                    failed.extend(silent.map(|address| (address, ErrorKind::TimedOut.into())));
                    return Err(ConnectFailure::tcp(&failed));
                }
                Some(due) if due <= now => {}
                due => {
                    let until = due.map_or(self.deadline, |due| due.min(self.deadline));
                    self.pause_until(until, ConnectStage::Tcp, recording)?;
                }
            }
        }
    }

    fn begin(&mut self, address: SocketAddr, attempt: usize) -> io::Result<TcpStream> {
        let mut socket = TcpStream::connect(address)?;
        self.reactor.watch_connecting(&mut socket, attempt)?;
        Ok(socket)
    }

    #[cfg(unix)]
    fn connect_locally(&mut self, path: &std::path::Path, recording: &mut Recording) -> Step<Transport> {
        // A local socket connects at once or not at all.
        let mut socket = mio::net::UnixStream::connect(path).map_err(|error| ConnectFailure::unix(path, &error))?;
        self.reactor.watch_connecting(&mut socket, 0).map_err(|error| ConnectFailure::machine(&error))?;
        if let Some(error) = socket.take_error().map_err(|error| ConnectFailure::machine(&error))? {
            return Err(ConnectFailure::unix(path, &error));
        }
        recording.record(EventKind::ConnectedLocally { path: path.display().to_string() });
        let mut transport = Transport::Unix(socket);
        self.watch(transport.socket(), false)?;
        Ok(transport)
    }

    #[cfg(not(unix))]
    fn connect_locally(&mut self, _path: &std::path::Path, _recording: &mut Recording) -> Step<Transport> {
        Err(ConnectFailure::no_unix_sockets())
    }

    /// Asks the proxy for a way to the destination; gives what it said.
    fn tunnel(
        &mut self,
        transport: &mut Transport,
        proxy: &Proxy,
        destination: &HostAndPort,
        (mut exchange, mut unsent): (Exchange, Vec<u8>),
        recording: &mut Recording,
    ) -> Step<String> {
        let mut buffer = [0; 512];
        loop {
            let awaited = match write_some(transport, &mut unsent) {
                Ok(()) => exchange.wanted().min(buffer.len()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
                Err(error) => return Err(ConnectFailure::proxy_ended(proxy, is_reset(&error))),
            };
            let part = buffer.get_mut(..awaited).unwrap_or_default();
            let result = if part.is_empty() { Err(ErrorKind::WouldBlock.into()) } else { transport.read(part) };
            match result {
                Ok(0) => return Err(ConnectFailure::proxy_ended(proxy, false)),
                Ok(length) => match exchange.receive(part.get(..length).unwrap_or_default()) {
                    Ok(Progress::Read) => self.check_patience(ConnectStage::Proxy)?,
                    Ok(Progress::Send(bytes)) => unsent = bytes,
                    Ok(Progress::Open(answer)) => return Ok(answer),
                    Err(refusal) => return Err(ConnectFailure::proxy_refused(proxy, destination, &refusal)),
                },
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let wants_write = !unsent.is_empty() || transport.wants_write();
                    self.watch(transport.socket(), wants_write)?;
                    self.pause(ConnectStage::Proxy, recording)?;
                }
                Err(error) => return Err(ConnectFailure::proxy_ended(proxy, is_reset(&error))),
            }
        }
    }

    /// TLS over a stream, to whoever has this name.
    fn secure(
        &mut self,
        below: Transport,
        host: &str,
        options: &TlsOptions,
        plain: &str,
        stage: ConnectStage,
        recording: &mut Recording,
    ) -> Result<TlsStream, Unsecured> {
        let connection =
            tls::connection(host, options).map_err(|error| Unsecured::Tls(ConnectFailure::tls_setup(&error)))?;
        let mut stream = TlsStream::new(connection, below);
        loop {
            match stream.handshake() {
                Ok(()) => return Ok(stream),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let wants_write = stream.wants_write();
                    self.watch(stream.socket(), wants_write)
                        .and_then(|()| self.pause(stage, recording))
                        .map_err(Unsecured::Other)?;
                }
                Err(error) => {
                    let name = options.server_name.as_deref().unwrap_or(host);
                    return Err(Unsecured::Tls(ConnectFailure::tls(name, stream.asked(), plain, &error)));
                }
            }
        }
    }

    /// Sends the request and reads the response.
    fn upgrade(&mut self, tap: &mut Tap<Transport>) -> Step<Answer> {
        self.send_request(tap)?;
        let mut received = Vec::new();
        loop {
            match ResponseHead::parse(&received) {
                HeadParse::Complete { head, length } => {
                    received.drain(..length);
                    match head.status {
                        101 => {
                            tap.recording().release();
                            return accept(tap, &head).map(|()| Answer::Open(received));
                        }
                        // Interim responses come before the one that decides (RFC 9110 15.2).
                        100..=199 => {
                            self.check_patience(ConnectStage::Upgrade)?;
                            continue;
                        }
                        status => {
                            let next = self
                                .plan
                                .next_target(&head)
                                .map_err(|error| ConnectFailure::redirection(&self.plan.target, status, &error))?;
                            // What had to be let into the session before this was known cannot be taken back.
                            if let Some(next) = next
                                && tap.recording().discard()
                            {
                                return Ok(Answer::Redirected(next, head));
                            }
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
                let asked = tap.stream().asked_for_certificate();
                return Err(ConnectFailure::no_response(&self.plan.target, asked, was_reset, &received));
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
            // In TLS 1.3 a server judges the client's certificate when the client has long gone on.
            Err(error) if tls_cause(&error).is_some() => {
                let (asked, plain) = (tap.stream().asked_for_certificate(), ConnectFailure::plain(&self.plan.target));
                Err(ConnectFailure::tls(&self.plan.server_name(), asked, &plain, &error))
            }
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
            return Err(ConnectFailure::timed_out(stage, &self.plan.target, self.plan.dialled(), CONNECT_LIMIT));
        }
        Ok(())
    }

    fn watch(&mut self, socket: &mut dyn Source, wants_write: bool) -> Step<()> {
        self.reactor.watch(socket, wants_write).map_err(|error| ConnectFailure::machine(&error))
    }
}

/// Why there is no TLS.
enum Unsecured {
    /// TLS itself.
    Tls(ConnectFailure),
    /// The person, the time, or the machine.
    Other(ConnectFailure),
}

/// Records what a name was resolved to; an address needs no resolving.
fn recorded(endpoint: &HostAndPort, addresses: &[SocketAddr], recording: &mut Recording) {
    if endpoint.address().is_none() {
        let addresses: Vec<IpAddr> = addresses.iter().map(SocketAddr::ip).collect();
        recording.record(EventKind::Resolved { addresses });
    }
}

/// Writes everything that is left and flushes it.
fn write_some(transport: &mut Transport, unsent: &mut Vec<u8>) -> io::Result<()> {
    while !unsent.is_empty() {
        match transport.write(unsent) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => drop(unsent.drain(..length.min(unsent.len()))),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    transport.flush()
}

fn is_reset(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe)
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

/// How messages are compressed after this handshake.
fn terms(handshake: &Handshake, options: &ConnectOptions) -> Option<Terms> {
    let compression = handshake.kept_compression()?;
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use socket2::{Domain, Socket, Type};

    use super::*;

    /// Races for these addresses with `patience` in all.
    fn race(addresses: Vec<SocketAddr>, patience: Duration) -> (Step<Transport>, Vec<EventKind>) {
        let mut reactor = Reactor::new().unwrap();
        let (mut recording, session) = Recording::start(None, u64::MAX, None, Arc::new(|| {}));
        let mut options = ConnectOptions::new("ws://host.test/");
        options.network.route = Route::Direct;
        let plan = Plan::first(&options).unwrap();
        let deadline = Instant::now() + patience;
        let result = Dialler { reactor: &mut reactor, plan: &plan, deadline }.connect(addresses, &mut recording);
        recording.settle();
        let events = session.snapshot().records().map(|(_, kind)| kind.clone()).collect();
        (result, events)
    }

    /// An address that refuses, kept from everybody else by a socket that does not listen.
    fn refusing() -> (Socket, SocketAddr) {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        (socket, address)
    }

    /// An address that never answers: its queue of connections is full, so that further SYNs are dropped.
    #[cfg(target_os = "linux")]
    fn silent() -> (Vec<Socket>, SocketAddr) {
        let (listener, address) = refusing();
        listener.listen(0).unwrap();
        let fillers = (0..4).map(|_| {
            let filler = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            filler.set_nonblocking(true).unwrap();
            let _ = filler.connect(&address.into());
            filler
        });
        let sockets = std::iter::once(listener).chain(fillers).collect();
        (sockets, address)
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn addresses_that_refuse_are_passed_over() {
        let (_kept, refusing) = refusing();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (result, events) = race(vec![refusing, SocketAddr::from(([0; 16], 9)), address], LONG);
        assert!(result.is_ok());
        assert!(matches!(events[..], [EventKind::Connected { server, .. }] if server == address), "{events:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_address_that_is_silent_does_not_hold_up_the_next_and_loses() {
        use std::io::Read as _;

        let (silent_sockets, silent) = silent();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (result, events) = race(vec![silent, address], LONG);
        assert!(matches!(events[..], [EventKind::Connected { server, .. }] if server == address), "{events:?}");
        // The connection that won is the only one, and it is alive.
        let mut transport = result.unwrap_or_else(|failure| panic!("{failure:?}"));
        let (mut accepted, _) = listener.accept().unwrap();
        transport.write_all(b"x").unwrap();
        transport.shut_down();
        let mut received = Vec::new();
        accepted.read_to_end(&mut received).unwrap();
        assert_eq!(received, b"x");
        drop(silent_sockets);
    }

    #[test]
    fn a_failure_lists_every_attempt() {
        let (_kept, one) = refusing();
        let (_kept, two) = refusing();
        let (result, events) = race(vec![one, two], LONG);
        let text = format!("{:?}", result.err().unwrap());
        for address in [one, two] {
            assert!(text.contains(&format!("{address} refused the connection")), "{text}");
        }
        assert!(events.is_empty());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn when_the_time_is_over_the_silent_and_the_untried_are_listed_too() {
        let (_sockets, silent) = silent();
        let (_kept, refusing) = refusing();
        // Over at once: the second is never begun, because the first has its quarter of a second alone.
        let (result, _) = race(vec![silent, refusing], Duration::ZERO);
        let text = format!("{:?}", result.err().unwrap());
        assert!(text.contains(&format!("{silent} did not answer in time; {refusing} did not answer")), "{text}");
    }
}
