//! Proxies: which one is used, and how it is asked for a way to the destination; bytes in and bytes out, no socket.

mod connect;
mod environment;
mod socks5;

use std::fmt;

use url::{Host, Url};

use crate::protocol::http::{HeadError, percent_decoded};
use crate::protocol::secret::masked_url;

use super::host_and_port::HostAndPort;

pub(super) use environment::proxy_for;

/// Why a text does not name a proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// It cannot be read.
    #[error("`{0}` is not the address of a proxy. Write it as http://host:3128 or socks5h://host:1080.")]
    Unreadable(String),
    /// Another scheme.
    #[error(
        "`{0}` is not a kind of proxy. Use http://, https://, socks5:// (names are resolved here) or socks5h:// (by the proxy)."
    )]
    Scheme(String),
    /// What SOCKS has one byte for is longer.
    #[error("The {0} is too long for SOCKS5: it carries at most 255 bytes (RFC 1928, RFC 1929).")]
    TooLong(&'static str),
    /// A user with a colon, which `Basic` cannot carry.
    #[error("The user of a proxy cannot hold a colon, because the colon ends it.")]
    ColonInUser,
}

/// The kinds of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProxyKind {
    /// HTTP CONNECT (RFC 9110 9.3.6).
    Http,
    /// The same, with TLS to the proxy.
    Https,
    /// SOCKS version 5 (RFC 1928); names are resolved here.
    Socks5,
    /// The same; names are resolved by the proxy.
    Socks5h,
}

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    user: String,
    password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials")
    }
}

/// A proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    pub(super) kind: ProxyKind,
    pub(super) endpoint: HostAndPort,
    credentials: Option<Credentials>,
}

impl Proxy {
    /// Reads a proxy's URL; without a scheme it is taken for `http://`.
    ///
    /// # Errors
    /// What is wrong with the text; credentials in it are not repeated.
    pub fn parse(text: &str) -> Result<Proxy, ProxyError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let (kind, default_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (ProxyKind::Http, 80),
            "https" => (ProxyKind::Https, 443),
            "socks5" => (ProxyKind::Socks5, 1080),
            "socks5h" => (ProxyKind::Socks5h, 1080),
            _ => return Err(ProxyError::Scheme(scheme.to_owned())),
        };
        let unreadable = || ProxyError::Unreadable(masked_url(text));
        // With a scheme that the parser has no default port for, it keeps the port that was written.
        let url = Url::parse(&format!("proxy://{rest}")).map_err(|_| unreadable())?;
        let host = match url.host() {
            Some(Host::Domain(name)) => Host::parse(name).map_err(|_| unreadable())?,
            Some(address) => address.to_owned(),
            None => return Err(unreadable()),
        };
        let (user, password) = (url.username(), url.password());
        let credentials = (!user.is_empty() || password.is_some()).then(|| Credentials {
            user: percent_decoded(user),
            password: percent_decoded(password.unwrap_or_default()),
        });
        Ok(Proxy { kind, endpoint: HostAndPort::new(host, url.port().unwrap_or(default_port)), credentials })
    }

    /// Whether there are credentials to give.
    pub(super) fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// Whether TLS is spoken to the proxy.
    pub(super) fn is_secure(&self) -> bool {
        self.kind == ProxyKind::Https
    }

    /// Whether the proxy is given an address instead of a name.
    pub(super) fn wants_address(&self) -> bool {
        self.kind == ProxyKind::Socks5
    }
}

/// The proxy's URL without credentials.
impl fmt::Display for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
            ProxyKind::Socks5 => "socks5",
            ProxyKind::Socks5h => "socks5h",
        };
        write!(formatter, "{scheme}://{}", self.endpoint)
    }
}

/// What comes next in the exchange with a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    /// More of its answer.
    Read,
    /// These bytes are to be sent.
    Send(Vec<u8>),
    /// The way is open; what the proxy said.
    Open(String),
}

/// Why a proxy does not open the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The answer to CONNECT is not 2xx.
    Status { status: u16, reason: String, challenge: Option<String> },
    /// The answer to CONNECT is not HTTP.
    NotHttp(HeadError, Vec<u8>),
    /// The answer is not of version 5.
    NotSocks5(Vec<u8>),
    /// None of the offered methods of authentication will do (RFC 1928 section 3).
    NoMethod { had_credentials: bool },
    /// A method that was not offered.
    UnknownMethod(u8),
    /// User and password are wrong (RFC 1929).
    Credentials,
    /// A reply code other than success (RFC 1928 section 6).
    Reply(u8),
    /// An address of an unknown type in the reply.
    AddressType(u8),
}

/// The exchange with a proxy.
#[derive(Debug)]
pub(super) enum Exchange {
    Connect(connect::Connect),
    Socks5(socks5::Socks5),
}

impl Exchange {
    /// Begins to ask for a way to `destination`; gives the bytes to send first.
    ///
    /// # Errors
    /// When the credentials or the name cannot be sent.
    pub(super) fn begin(proxy: &Proxy, destination: &HostAndPort) -> Result<(Exchange, Vec<u8>), ProxyError> {
        let credentials = proxy.credentials.as_ref();
        Ok(match proxy.kind {
            ProxyKind::Http | ProxyKind::Https => {
                (Exchange::Connect(connect::Connect::default()), connect::request(destination, credentials)?)
            }
            ProxyKind::Socks5 | ProxyKind::Socks5h => {
                let socks = socks5::Socks5::new(destination, credentials)?;
                let greeting = socks.greeting();
                (Exchange::Socks5(socks), greeting)
            }
        })
    }

    /// How many bytes may be read next: what follows them belongs to the session.
    pub(super) fn wanted(&self) -> usize {
        match self {
            Exchange::Connect(_) => 1,
            Exchange::Socks5(socks) => socks.wanted(),
        }
    }

    /// Takes at most [`Exchange::wanted`] bytes.
    ///
    /// # Errors
    /// When the proxy refuses, or is none.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Refusal> {
        match self {
            Exchange::Connect(connect) => connect.receive(bytes),
            Exchange::Socks5(socks) => socks.receive(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_without_its_credentials() {
        for (text, shown) in [
            ("http://ann:secret@proxy.example:3128", "http://proxy.example:3128"),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("ann:secret@proxy.example", "http://proxy.example:80"),
            ("https://proxy.example/", "https://proxy.example:443"),
            ("http://127.0.0.1:443", "http://127.0.0.1:443"),
            ("socks5://[::1]", "socks5://[::1]:1080"),
            ("SOCKS5H://127.0.0.1:9050", "socks5h://127.0.0.1:9050"),
        ] {
            let proxy = Proxy::parse(text).unwrap();
            assert_eq!(proxy.to_string(), shown, "{text}");
            assert!(!format!("{proxy:?}").contains("secret"));
        }
        assert_eq!(Proxy::parse("socks4://host"), Err(ProxyError::Scheme("socks4".into())));
        for text in ["", "http://", "http://a b", "http://ann:secret@:80"] {
            let error = Proxy::parse(text).unwrap_err();
            assert!(matches!(error, ProxyError::Unreadable(_)), "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
