//! From the connection form to the options of a client.

use std::path::PathBuf;

use crate::capture::host_and_port::{HostAndPort, HostAndPortError};
use crate::capture::options::{
    Authorization, ClientCertificate, ConnectOptions, EndpointMode, NetworkOptions, Route, TlsOptions,
};
use crate::capture::proxy::{Proxy, ProxyError};
use crate::ui::action::{AuthorizationKind, ConnectionForm, RouteKind};

/// Why a form cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormError {
    /// A header line without a colon.
    #[error("Header line {line}, “{text}”, is not `Name: value`.")]
    HeaderLine {
        /// Counted from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// The proxy is none.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// The host to connect to is none.
    #[error(transparent)]
    ConnectTo(#[from] HostAndPortError),
    /// A Unix-domain socket without a path.
    #[error("Write the path of the Unix-domain socket, or choose another route.")]
    UnixSocketMissing,
    /// A key alone.
    #[error("There is a key and no client certificate. Name the file of the certificate too.")]
    KeyWithoutCertificate,
}

/// Who answers in the sessions that a form begins.
pub(super) fn endpoint(form: &ConnectionForm) -> EndpointMode {
    if form.is_manual { EndpointMode::Manual } else { EndpointMode::Compliant }
}

/// The options that a form describes.
pub(super) fn options(form: &ConnectionForm) -> Result<ConnectOptions, FormError> {
    let mut options = ConnectOptions::new(form.url.trim());
    for (index, line) in form.headers.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) =
            line.split_once(':').ok_or_else(|| FormError::HeaderLine { line: index + 1, text: line.trim().into() })?;
        options.headers.push((name.trim().into(), value.trim().into()));
    }
    options.subprotocols = form.subprotocols.split(',').filter_map(text).collect();
    options.origin = text(&form.origin);
    options.authorization = match form.authorization {
        AuthorizationKind::None => None,
        AuthorizationKind::Basic => {
            Some(Authorization::Basic { user: form.user.clone(), password: form.password.clone() })
        }
        AuthorizationKind::Bearer => Some(Authorization::Bearer { token: form.token.trim().into() }),
    };
    options.host = text(&form.host);
    options.cookies = form.cookies.split(';').filter_map(text).collect();
    options.redirections = form.redirections;
    options.network = network(form)?;
    options.tls = tls(form)?;
    options.endpoint = endpoint(form);
    options.compression = form.compression.is_offered.then_some(form.compression.offer);
    options.compress_from = form.compression.compress_from;
    options.inflation_limit = form.compression.inflation_limit;
    Ok(options)
}

fn text(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn network(form: &ConnectionForm) -> Result<NetworkOptions, FormError> {
    let route = match form.route {
        RouteKind::Environment => Route::Environment,
        RouteKind::Direct => Route::Direct,
        RouteKind::Proxy => {
            Proxy::parse(&form.proxy)?;
            Route::Proxy(form.proxy.trim().to_owned())
        }
        RouteKind::UnixSocket => {
            Route::UnixSocket(text(&form.unix_socket).map(PathBuf::from).ok_or(FormError::UnixSocketMissing)?)
        }
    };
    // The field is not shown for a Unix-domain socket.
    let connect_to = text(&form.connect_to).filter(|_| form.route != RouteKind::UnixSocket);
    if let Some(text) = &connect_to {
        HostAndPort::parse(text, 0)?;
    }
    Ok(NetworkOptions { route, connect_to })
}

fn tls(form: &ConnectionForm) -> Result<TlsOptions, FormError> {
    let key = text(&form.client_key).map(PathBuf::from);
    let client_certificate = match text(&form.client_certificate) {
        Some(certificate) => Some(ClientCertificate { certificate: certificate.into(), key }),
        None if key.is_some() => return Err(FormError::KeyWithoutCertificate),
        None => None,
    };
    Ok(TlsOptions {
        extra_authority: text(&form.extra_authority).map(PathBuf::from),
        accept_any_certificate: form.accept_any_certificate,
        client_certificate,
        server_name: text(&form.server_name),
    })
}
