//! The arguments that say which way a connection takes, and what goes along with it.

use std::path::PathBuf;

use clap::{Args, value_parser};

use crate::capture::host_and_port::HostAndPort;
use crate::capture::options::{ClientCertificate, ConnectOptions, MOST_REDIRECTIONS, Route};
use crate::capture::proxy::Proxy;

use super::output::complain;

#[derive(Debug, Args)]
#[command(next_help_heading = "Connecting")]
pub(super) struct DialingArguments {
    /// An extra header field of the upgrade request; may be repeated
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = parse_header)]
    headers: Vec<(String, String)>,

    /// A subprotocol to offer, the preferred one first; may be repeated
    #[arg(long = "subprotocol", value_name = "NAME")]
    subprotocols: Vec<String>,

    /// A PEM file with certificates to trust besides the system's
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Accept any certificate; for test servers only
    #[arg(long)]
    insecure: bool,

    /// Go through this proxy: http://, https://, socks5:// or socks5h://, with user:password@ where it wants them; without this,
    /// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY decide
    #[arg(long, value_name = "URL", value_parser = parse_proxy)]
    proxy: Option<String>,

    /// Go directly, whatever the environment says
    #[arg(long, conflicts_with = "proxy")]
    no_proxy: bool,

    /// Connect to this host instead of the URL's; Host header, SNI and verified name stay
    #[arg(long, value_name = "HOST[:PORT]", value_parser = parse_host)]
    connect_to: Option<String>,

    /// Connect through this Unix-domain socket
    #[arg(long, value_name = "PATH", conflicts_with_all = ["proxy", "no_proxy", "connect_to"])]
    unix_socket: Option<PathBuf>,

    /// The Host header, when it is not the URL's host and port
    #[arg(long, value_name = "NAME[:PORT]")]
    host: Option<String>,

    /// A cookie to send; may be repeated
    #[arg(long = "cookie", value_name = "NAME=VALUE")]
    cookies: Vec<String>,

    /// Follow redirections, at most this many (10 without a number); never from wss:// to ws://
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "10",
        value_parser = value_parser!(u8).range(1..=i64::from(MOST_REDIRECTIONS))
    )]
    follow_redirects: Option<u8>,

    /// A PEM file with the client's certificate
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,

    /// A PEM file with the key of --cert, when it is not in the same file
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,

    /// The name to ask for (SNI) and to verify, instead of the URL's host
    #[arg(long, value_name = "NAME")]
    server_name: Option<String>,
}

impl DialingArguments {
    /// The names of header fields that these have something to say about.
    pub(super) fn header_names(&self) -> impl Iterator<Item = &str> {
        let given = self.headers.iter().map(|(name, _)| name.as_str());
        let cookies = (!self.cookies.is_empty()).then_some("Cookie");
        let subprotocols = (!self.subprotocols.is_empty()).then_some("Sec-WebSocket-Protocol");
        given.chain(cookies).chain(subprotocols)
    }

    /// Puts these into the options of a connection; warns when nobody vouches for the server.
    pub(super) fn apply(&self, options: &mut ConnectOptions) {
        if self.insecure {
            complain("warning: any certificate is accepted (--insecure), so nobody vouches for the server.");
        }
        options.headers.extend_from_slice(&self.headers);
        options.subprotocols.clone_from(&self.subprotocols);
        options.tls.extra_authority.clone_from(&self.ca);
        options.tls.accept_any_certificate = self.insecure;
        options.network.route = match (&self.proxy, &self.unix_socket) {
            (Some(proxy), _) => Route::Proxy(proxy.clone()),
            (None, Some(path)) => Route::UnixSocket(path.clone()),
            (None, None) if self.no_proxy => Route::Direct,
            (None, None) => Route::Environment,
        };
        options.network.connect_to.clone_from(&self.connect_to);
        if self.host.is_some() {
            options.host.clone_from(&self.host);
        }
        options.cookies.clone_from(&self.cookies);
        options.redirections = self.follow_redirects.unwrap_or(0);
        options.tls.server_name.clone_from(&self.server_name);
        options.tls.client_certificate =
            self.cert.clone().map(|certificate| ClientCertificate { certificate, key: self.key.clone() });
    }
}

fn parse_header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write it as 'Name: value'")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn parse_proxy(text: &str) -> Result<String, String> {
    Proxy::parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

fn parse_host(text: &str) -> Result<String, String> {
    HostAndPort::parse(text, 0).map(|_| text.to_owned()).map_err(|error| error.to_string())
}
