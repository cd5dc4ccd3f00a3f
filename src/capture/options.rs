//! How a client connects.

use std::path::PathBuf;
use std::time::Duration;

use crate::protocol::inflater;
use crate::protocol::permessage_deflate::{self, Offer};

/// The most redirections that can be asked to be followed.
pub const MOST_REDIRECTIONS: u8 = 10;

/// The credentials of the `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorization {
    /// `Basic`, a user and a password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// `Bearer`, a token.
    Bearer {
        /// The token.
        token: String,
    },
}

/// The way to the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Route {
    /// Through the proxy that the environment names for this host, or directly when it names none.
    #[default]
    Environment,
    /// Directly.
    Direct,
    /// Through this proxy, a URL as a person writes it.
    Proxy(String),
    /// Through a Unix-domain socket, whatever host and port the URL has.
    UnixSocket(PathBuf),
}

/// Which way the bytes take.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkOptions {
    /// The way.
    pub route: Route,
    /// Where to connect instead of the URL's host and port: a name or an address, with a port or without.
    pub connect_to: Option<String>,
}

/// A certificate that the client shows to a server that asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// A PEM file with the certificate, and those that lead to its authority.
    pub certificate: PathBuf,
    /// A PEM file with its private key; without one it stands in the file of the certificate.
    pub key: Option<PathBuf>,
}

/// How TLS is spoken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsOptions {
    /// A PEM file with certificates to trust besides the system's.
    pub extra_authority: Option<PathBuf>,
    /// Accept any certificate: for test servers only.
    pub accept_any_certificate: bool,
    /// The client's own certificate.
    pub client_certificate: Option<ClientCertificate>,
    /// The name to ask for (SNI) and to verify, instead of the URL's host.
    pub server_name: Option<String>,
}

/// Who answers what the server sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndpointMode {
    /// The library, by RFC 6455: a Ping with a Pong, a Close with a Close, a FIN with a FIN.
    #[default]
    Compliant,
    /// Nobody: what is not asked for is not sent, and the connection stays until the person ends it or the server resets it.
    Manual,
}

/// Where and how to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectOptions {
    /// As a person writes it: `ws://` or `wss://`, or without a scheme.
    pub url: String,
    /// Extra header fields, name and value, in their order.
    pub headers: Vec<(String, String)>,
    /// Offered subprotocols, the preferred one first.
    pub subprotocols: Vec<String>,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The `Authorization` header.
    pub authorization: Option<Authorization>,
    /// The `Host` header, when it is not the URL's host and port.
    pub host: Option<String>,
    /// Cookies to send, as `NAME=VALUE`.
    pub cookies: Vec<String>,
    /// How many redirections are followed, at most [`MOST_REDIRECTIONS`].
    pub redirections: u8,
    /// Which way the bytes take.
    pub network: NetworkOptions,
    /// How TLS is spoken.
    pub tls: TlsOptions,
    /// The offer of permessage-deflate (RFC 7692); a `Sec-WebSocket-Extensions` among the headers takes its place.
    pub compression: Option<Offer>,
    /// Messages of fewer bytes are sent without compression, so that short ones stay readable on the wire.
    pub compress_from: u64,
    /// How many bytes a compressed message of the server may inflate to.
    pub inflation_limit: u64,
    /// Who answers.
    pub endpoint: EndpointMode,
    /// Answer each text or binary message with itself; a manual endpoint does not.
    pub echo: bool,
    /// How long to wait for the peer's Close, and after it for the end of TCP, before ending the connection from here.
    pub close_patience: Duration,
}

impl ConnectOptions {
    /// Options for this URL with nothing special, and the usual offer of compression.
    pub fn new(url: impl Into<String>) -> ConnectOptions {
        ConnectOptions {
            url: url.into(),
            headers: Vec::new(),
            subprotocols: Vec::new(),
            origin: None,
            authorization: None,
            host: None,
            cookies: Vec::new(),
            redirections: 0,
            network: NetworkOptions::default(),
            tls: TlsOptions::default(),
            endpoint: EndpointMode::default(),
            compression: Some(Offer::USUAL),
            compress_from: permessage_deflate::USUAL_COMPRESS_FROM,
            inflation_limit: inflater::DEFAULT_LIMIT,
            echo: false,
            close_patience: Duration::from_secs(5),
        }
    }
}
