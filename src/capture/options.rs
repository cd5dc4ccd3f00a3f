//! How a client connects.

use std::path::PathBuf;
use std::time::Duration;

use crate::protocol::inflater;
use crate::protocol::permessage_deflate::{ClientWindow, Offer};

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
    /// The offer of permessage-deflate (RFC 7692); a `Sec-WebSocket-Extensions` among the headers takes its place.
    pub compression: Option<Offer>,
    /// Messages of fewer bytes are sent without compression.
    pub compress_from: u64,
    /// How many bytes a compressed message of the server may inflate to.
    pub inflation_limit: u64,
    /// Answer each text or binary message with itself.
    pub echo: bool,
    /// How long to wait for the peer's Close, and after it for the end of TCP, before ending the connection from here.
    pub close_patience: Duration,
}

impl ConnectOptions {
    /// What is offered unless something else is asked for: the server may choose the client's window, as browsers let it.
    pub const USUAL_OFFER: Offer = Offer {
        server_no_context_takeover: false,
        client_no_context_takeover: false,
        server_max_window_bits: None,
        client_max_window_bits: ClientWindow::Any,
    };

    /// Options for this URL with nothing special, and the usual offer of compression.
    pub fn new(url: impl Into<String>) -> ConnectOptions {
        ConnectOptions {
            url: url.into(),
            headers: Vec::new(),
            subprotocols: Vec::new(),
            origin: None,
            authorization: None,
            extra_authority: None,
            accept_any_certificate: false,
            compression: Some(ConnectOptions::USUAL_OFFER),
            compress_from: 0,
            inflation_limit: inflater::DEFAULT_LIMIT,
            echo: false,
            close_patience: Duration::from_secs(5),
        }
    }
}
