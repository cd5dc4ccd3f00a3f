//! How a client connects.

use std::path::PathBuf;
use std::time::Duration;

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
    /// A PEM file with certificates to trust besides the system's.
    pub extra_authority: Option<PathBuf>,
    /// Accept any certificate: for test servers only.
    pub accept_any_certificate: bool,
    /// Who answers.
    pub endpoint: EndpointMode,
    /// Answer each text or binary message with itself; a manual endpoint does not.
    pub echo: bool,
    /// How long to wait for the peer's Close, and after it for the end of TCP, before ending the connection from here.
    pub close_patience: Duration,
}

impl ConnectOptions {
    /// Options for this URL with nothing special.
    pub fn new(url: impl Into<String>) -> ConnectOptions {
        ConnectOptions {
            url: url.into(),
            headers: Vec::new(),
            subprotocols: Vec::new(),
            origin: None,
            authorization: None,
            extra_authority: None,
            accept_any_certificate: false,
            endpoint: EndpointMode::default(),
            echo: false,
            close_patience: Duration::from_secs(5),
        }
    }
}
