//! SOCKS version 5 as a client (RFC 1928), with user and password (RFC 1929).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::super::host_and_port::HostAndPort;
use super::{Credentials, Progress, ProxyError, Refusal};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xFF;
/// The version of the exchange of user and password.
const PASSWORD_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// What is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The chosen method: version and method.
    Method,
    /// The verdict on user and password: version and status.
    Password,
    /// The reply up to the first byte of its address.
    Reply,
    /// The rest of the reply: this many bytes in all.
    Address(usize),
}

/// The exchange, with everything that will be sent written beforehand.
#[derive(Debug)]
pub(in crate::capture) struct Socks5 {
    state: State,
    received: Vec<u8>,
    /// The message with user and password.
    password: Option<Vec<u8>>,
    request: Vec<u8>,
}

impl Socks5 {
    /// An exchange that asks for a way to `destination`.
    ///
    /// # Errors
    /// When the name, the user or the password is longer than 255 bytes.
    pub(super) fn new(destination: &HostAndPort, credentials: Option<&Credentials>) -> Result<Socks5, ProxyError> {
        let mut request = vec![VERSION, CONNECT, 0];
        match destination.address() {
            Some(IpAddr::V4(address)) => {
                request.push(IPV4);
                request.extend(address.octets());
            }
            Some(IpAddr::V6(address)) => {
                request.push(IPV6);
                request.extend(address.octets());
            }
            None => {
                request.push(NAME);
                push_text(&mut request, &destination.host(), "host's name")?;
            }
        }
        request.extend(destination.port().to_be_bytes());
        let password = credentials.map(|credentials| {
            let mut message = vec![PASSWORD_VERSION];
            push_text(&mut message, &credentials.user, "user of the proxy")?;
            push_text(&mut message, &credentials.password, "password of the proxy")?;
            Ok(message)
        });
        Ok(Socks5 { state: State::Method, received: Vec::new(), password: password.transpose()?, request })
    }

    /// What is sent first: the version, and the methods of authentication.
    pub(super) fn greeting(&self) -> Vec<u8> {
        match self.password {
            Some(_) => vec![VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
            None => vec![VERSION, 1, NO_AUTHENTICATION],
        }
    }

    /// How many bytes are awaited.
    pub(super) fn wanted(&self) -> usize {
        let length = match self.state {
            State::Method | State::Password => 2,
            // The shortest reply has more: a name of no bytes and a port follow.
            State::Reply => 5,
            State::Address(length) => length,
        };
        length.saturating_sub(self.received.len())
    }

    /// Takes at most as many bytes as are awaited.
    ///
    /// # Errors
    /// When the proxy refuses, or speaks something else.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Refusal> {
        self.received.extend_from_slice(bytes);
        // What speaks something else may never send as much as is awaited.
        let version = if self.state == State::Password { PASSWORD_VERSION } else { VERSION };
        if self.received.first().is_some_and(|first| *first != version) {
            return Err(Refusal::NotSocks5(std::mem::take(&mut self.received)));
        }
        // A refusal may end after its code.
        if self.state == State::Reply
            && let Some(&code @ 1..) = self.received.get(1)
        {
            return Err(Refusal::Reply(code));
        }
        if self.wanted() > 0 {
            return Ok(Progress::Read);
        }
        match (self.state, self.received.as_slice()) {
            (State::Method, [_, NO_AUTHENTICATION]) => Ok(self.ask()),
            (State::Method, [_, USER_AND_PASSWORD]) if self.password.is_some() => {
                self.go_on(State::Password);
                Ok(Progress::Send(self.password.take().unwrap_or_default()))
            }
            (State::Method, [_, NO_ACCEPTABLE_METHOD]) => {
                Err(Refusal::NoMethod { had_credentials: self.password.is_some() })
            }
            (State::Method, [_, method]) => Err(Refusal::UnknownMethod(*method)),
            (State::Password, [_, 0]) => Ok(self.ask()),
            (State::Password, _) => Err(Refusal::Credentials),
            (State::Reply, [_, _, _, kind, first]) => {
                let address = match *kind {
                    IPV4 => 4,
                    IPV6 => 16,
                    NAME => 1 + usize::from(*first),
                    other => return Err(Refusal::AddressType(other)),
                };
                self.state = State::Address(4 + address + 2);
                Ok(Progress::Read)
            }
            (State::Address(_), [_, _, _, kind, address @ .., high, low]) => {
                Ok(Progress::Open(bound(*kind, address, u16::from_be_bytes([*high, *low]))))
            }
            _ => Ok(Progress::Read),
        }
    }

    fn ask(&mut self) -> Progress {
        self.go_on(State::Reply);
        Progress::Send(std::mem::take(&mut self.request))
    }

    fn go_on(&mut self, state: State) {
        self.state = state;
        self.received.clear();
    }
}

/// A length of one byte, then the text.
fn push_text(message: &mut Vec<u8>, text: &str, what: &'static str) -> Result<(), ProxyError> {
    let length = u8::try_from(text.len()).map_err(|_| ProxyError::TooLong(what))?;
    message.push(length);
    message.extend_from_slice(text.as_bytes());
    Ok(())
}

/// The address that the proxy says it connects from.
fn bound(kind: u8, address: &[u8], port: u16) -> String {
    let ip = match kind {
        IPV4 => <[u8; 4]>::try_from(address).ok().map(|octets| IpAddr::from(Ipv4Addr::from(octets))),
        IPV6 => <[u8; 16]>::try_from(address).ok().map(|octets| IpAddr::from(Ipv6Addr::from(octets))),
        _ => None,
    };
    match ip {
        // Proxies that do not tell send zeros.
        Some(ip) if !ip.is_unspecified() => format!("succeeded, from {}", SocketAddr::new(ip, port)),
        _ => "succeeded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the bytes as they are wanted; says what was sent, what it came to, and how many bytes were taken.
    fn run(socks: &mut Socks5, mut answers: &[u8]) -> (Vec<Vec<u8>>, Result<Progress, Refusal>, usize) {
        let (mut sent, all) = (vec![socks.greeting()], answers.len());
        loop {
            let (now, rest) = answers.split_at(socks.wanted().min(answers.len()));
            answers = rest;
            match socks.receive(now) {
                Ok(Progress::Send(bytes)) => sent.push(bytes),
                Ok(Progress::Read) if !answers.is_empty() => {}
                result => return (sent, result, all - answers.len()),
            }
        }
    }

    fn socks(destination: &str, credentials: Option<(&str, &str)>) -> Socks5 {
        let credentials =
            credentials.map(|(user, password)| Credentials { user: user.into(), password: password.into() });
        Socks5::new(&HostAndPort::parse(destination, 80).unwrap(), credentials.as_ref()).unwrap()
    }

    #[test]
    fn requests_by_name_and_by_address() {
        let answers = [5, 0, 5, 0, 0, 1, 192, 0, 2, 1, 0x1F, 0x90];
        for (destination, request) in [
            ("a.b:258", vec![5, 1, 0, 3, 3, b'a', b'.', b'b', 1, 2]),
            ("127.0.0.1:80", vec![5, 1, 0, 1, 127, 0, 0, 1, 0, 80]),
            ("[::1]:80", [&[5, 1, 0, 4][..], &[0; 15], &[1, 0, 80]].concat()),
        ] {
            // What follows the reply is not taken.
            let (sent, result, taken) = run(&mut socks(destination, None), &[&answers[..], b"rest"].concat());
            assert_eq!(sent, [vec![5, 1, 0], request], "{destination}");
            assert_eq!(result, Ok(Progress::Open("succeeded, from 192.0.2.1:8080".into())));
            assert_eq!(taken, answers.len());
        }
    }

    #[test]
    fn replies_with_every_kind_of_address() {
        let ended = |tail: &[u8]| run(&mut socks("a", None), &[&[5, 0, 5, 0, 0][..], tail].concat()).1;
        assert_eq!(ended(&[1, 0, 0, 0, 0, 0, 0]), Ok(Progress::Open("succeeded".into())));
        assert_eq!(ended(&[3, 1, b'x', 0, 9]), Ok(Progress::Open("succeeded".into())));
        assert_eq!(ended(&[3, 0, 0, 9]), Ok(Progress::Open("succeeded".into())));
        let sixteen = [&[4][..], &[0; 15], &[1, 0, 80]].concat();
        assert_eq!(ended(&sixteen), Ok(Progress::Open("succeeded, from [::1]:80".into())));
        assert_eq!(ended(&[9, 0]), Err(Refusal::AddressType(9)));
        assert_eq!(ended(&[1, 0, 0, 0]), Ok(Progress::Read));
    }

    #[test]
    fn user_and_password() {
        let mut with = socks("a", Some(("ann", "pw")));
        let (sent, result, _) = run(&mut with, &[5, 2, 1, 0]);
        assert_eq!(sent[0], [5, 2, 0, 2]);
        assert_eq!(sent[1], [1, 3, b'a', b'n', b'n', 2, b'p', b'w']);
        assert_eq!(sent[2], [5, 1, 0, 3, 1, b'a', 0, 80]);
        assert_eq!(result, Ok(Progress::Read));
        assert_eq!(run(&mut socks("a", Some(("ann", "pw"))), &[5, 2, 1, 1]).1, Err(Refusal::Credentials));
        // A proxy that asks for nobody's name is not told it.
        assert_eq!(run(&mut socks("a", Some(("ann", "pw"))), &[5, 0]).0.len(), 2);
        let long = Credentials { user: "x".repeat(256), password: String::new() };
        let error = Socks5::new(&HostAndPort::parse("a", 80).unwrap(), Some(&long)).unwrap_err();
        assert_eq!(error, ProxyError::TooLong("user of the proxy"));
    }

    #[test]
    fn refusals() {
        let ended = |answers: &[u8]| run(&mut socks("a", None), answers).1;
        assert_eq!(ended(&[5, 0xFF]), Err(Refusal::NoMethod { had_credentials: false }));
        assert_eq!(ended(&[5, 2]), Err(Refusal::UnknownMethod(2)));
        assert_eq!(ended(b"H"), Err(Refusal::NotSocks5(b"H".to_vec())));
        assert_eq!(ended(&[4, 0]), Err(Refusal::NotSocks5(vec![4, 0])));
        for code in 1..=9 {
            assert_eq!(ended(&[5, 0, 5, code]), Err(Refusal::Reply(code)));
        }
    }
}
