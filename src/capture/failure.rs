//! Why there is no connection, in words: what happened, and what to try.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, Error as TlsError, InvalidMessage, PeerIncompatible};

use crate::protocol::finding::Rule;
use crate::protocol::hexadecimal;
use crate::protocol::http::{HeadError, ResponseHead};
use crate::protocol::secret::masked_target;
use crate::protocol::verdict::ConnectStage;
use crate::session::EventKind;

use super::host_and_port::{HostAndPort, HostAndPortError};
use super::proxy::{Proxy, ProxyError, Refusal};
use super::redirection::RedirectionError;
use super::request::RequestError;
use super::target::{Target, TargetError};
use super::tls::{Asked, TlsSetupError};

/// How many characters of a body are quoted.
const LONGEST_QUOTE: usize = 300;

/// A failed step of connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConnectFailure {
    stage: ConnectStage,
    problem: String,
    advice: String,
}

impl ConnectFailure {
    fn new(stage: ConnectStage, problem: impl Into<String>, advice: impl Into<String>) -> ConnectFailure {
        ConnectFailure { stage, problem: problem.into(), advice: advice.into() }
    }

    /// As an event of the session.
    pub(super) fn into_event(self) -> EventKind {
        EventKind::ConnectFailed { stage: self.stage, problem: self.problem, advice: self.advice }
    }

    pub(super) fn target(error: &TargetError) -> ConnectFailure {
        ConnectFailure::new(ConnectStage::Dns, error.to_string(), "Correct the address.")
    }

    pub(super) fn request(error: &RequestError) -> ConnectFailure {
        ConnectFailure::new(
            ConnectStage::Upgrade,
            error.to_string(),
            "Correct the connection's options. Nothing was sent.",
        )
    }

    pub(super) fn connect_to(error: &HostAndPortError) -> ConnectFailure {
        ConnectFailure::new(ConnectStage::Dns, error.to_string(), "Correct the address to connect to.")
    }

    /// A proxy cannot be used as it is written; it was named by a variable of the environment, or by the person.
    pub(super) fn proxy(variable: Option<&str>, error: &ProxyError) -> ConnectFailure {
        let (problem, advice) = match variable {
            Some(variable) => (
                format!("The environment variable {variable} names a proxy that cannot be used. {error}"),
                "Correct the variable, or choose the direct way.",
            ),
            None => (error.to_string(), "Correct the proxy's address."),
        };
        ConnectFailure::new(ConnectStage::Proxy, problem, advice)
    }

    /// The proxy answered, and not with a way to `destination`.
    pub(super) fn proxy_refused(proxy: &Proxy, destination: &HostAndPort, refusal: &Refusal) -> ConnectFailure {
        let (problem, advice) = proxy_problem(proxy, destination, refusal);
        ConnectFailure::new(ConnectStage::Proxy, problem, advice)
    }

    /// The proxy ended the connection before it had answered.
    pub(super) fn proxy_ended(proxy: &Proxy, was_reset: bool) -> ConnectFailure {
        let ended = if was_reset { "reset" } else { "ended" };
        ConnectFailure::new(
            ConnectStage::Proxy,
            format!("The proxy {proxy} {ended} the connection without opening a way."),
            "Check that this is the kind of proxy that listens there, and what its log says.",
        )
    }

    /// The same place without TLS, to try.
    pub(super) fn plain(target: &Target) -> String {
        with_scheme(target, "ws")
    }

    /// TLS with the proxy failed, before the server could be asked for.
    pub(super) fn proxy_tls(proxy: &Proxy, failure: ConnectFailure) -> ConnectFailure {
        ConnectFailure::new(
            ConnectStage::Proxy,
            format!("TLS with the proxy {proxy}: {}", failure.problem),
            failure.advice,
        )
    }

    /// The Unix-domain socket cannot be connected to.
    #[cfg(unix)]
    pub(super) fn unix(path: &std::path::Path, error: &io::Error) -> ConnectFailure {
        let advice = match error.kind() {
            ErrorKind::NotFound => "Check the path. The server makes the socket when it starts.",
            ErrorKind::ConnectionRefused => {
                "Nothing listens there. Start the server; a socket that an ended program left behind stays as a file."
            }
            ErrorKind::PermissionDenied => "Check the permissions of the socket and of its folder.",
            ErrorKind::WouldBlock => "The server accepts no further connections at the moment. Try again.",
            _ => "Check that the path names a Unix-domain socket that a server listens on.",
        };
        let problem = format!("The Unix-domain socket {} could not be connected to: {error}.", path.display());
        ConnectFailure::new(ConnectStage::Tcp, problem, advice)
    }

    /// There are no Unix-domain sockets here.
    #[cfg(not(unix))]
    pub(super) fn no_unix_sockets() -> ConnectFailure {
        ConnectFailure::new(
            ConnectStage::Tcp,
            "Unix-domain sockets are only supported on Unix systems.",
            "Connect over TCP, or run closelook where the server runs.",
        )
    }

    /// A redirection that was asked to be followed is not.
    pub(super) fn redirection(from: &Target, status: u16, error: &RedirectionError) -> ConnectFailure {
        let from = from.masked();
        let (problem, advice) = match error {
            RedirectionError::Target(error) => (
                format!("{from} answered {status} and points to a place that is none for WebSocket: {error}"),
                "Correct the server, or connect to the right address yourself.".to_owned(),
            ),
            RedirectionError::Downgrade(next) => (
                format!("{from} answered {status} and points to {}, which is not encrypted.", next.masked()),
                "A redirection from wss:// to ws:// is never followed. Connect to that address yourself if you trust the network."
                    .to_owned(),
            ),
            RedirectionError::TooMany(limit) => (
                format!("{from} answered {status}, and {limit} redirections have been followed already."),
                "The server may redirect in a circle. Else allow more, or connect to the last address yourself.".to_owned(),
            ),
        };
        ConnectFailure::new(ConnectStage::Upgrade, problem, advice)
    }

    /// The machine does not give what a worker needs.
    pub(super) fn machine(error: &io::Error) -> ConnectFailure {
        ConnectFailure::new(
            ConnectStage::Dns,
            format!("The system refused what a connection needs: {error}."),
            "Close other sessions or programs, then try again.",
        )
    }

    pub(super) fn cancelled(stage: ConnectStage) -> ConnectFailure {
        let step = match stage {
            ConnectStage::Dns => "while the name was being resolved",
            ConnectStage::Tcp => "while TCP was connecting",
            ConnectStage::Proxy => "while the proxy's answer was awaited",
            ConnectStage::Tls => "during the TLS handshake",
            ConnectStage::Upgrade => "while the answer to the upgrade request was awaited",
        };
        ConnectFailure::new(stage, format!("Connecting was cancelled {step}."), "Connect again when you like.")
    }

    /// Connecting takes too long as a whole, while this endpoint is asked.
    pub(super) fn timed_out(
        stage: ConnectStage,
        target: &Target,
        asked: &HostAndPort,
        limit: Duration,
    ) -> ConnectFailure {
        let (seconds, host, port) = (limit.as_secs(), asked.host(), asked.port());
        let (problem, advice) = match stage {
            ConnectStage::Dns => (
                format!("The name server gave no answer for `{host}` within {seconds} s."),
                "Check the network connection, a VPN that this name may need, and the name server's settings."
                    .to_owned(),
            ),
            ConnectStage::Tcp => (
                format!("`{host}` did not accept a connection on port {port} within {seconds} s."),
                "Check that the server runs, the port, and firewalls on the way that drop packets without a word."
                    .to_owned(),
            ),
            ConnectStage::Proxy => (
                format!(
                    "The proxy `{host}` accepted the connection and opened no way to the server within {seconds} s."
                ),
                "The server may not answer the proxy; or this is another kind of proxy than you named.".to_owned(),
            ),
            ConnectStage::Tls => (
                format!("`{host}` accepted the connection and did not complete the TLS handshake within {seconds} s."),
                format!("The port may not speak TLS: try {}.", with_scheme(target, "ws")),
            ),
            ConnectStage::Upgrade => (
                format!("`{host}` accepted the connection and did not answer the upgrade request within {seconds} s."),
                "The server may be overloaded, or may wait for TLS or for another protocol on this port.".to_owned(),
            ),
        };
        ConnectFailure::new(stage, problem, advice)
    }

    pub(super) fn no_such_host(host: &str, error: Option<&io::Error>) -> ConnectFailure {
        let reason = error.map(|error| format!(" ({error})")).unwrap_or_default();
        ConnectFailure::new(
            ConnectStage::Dns,
            format!("No address was found for `{host}`{reason}."),
            "Check the spelling, the network connection, and a VPN that this name may need.",
        )
    }

    /// No address could be connected to.
    pub(super) fn tcp(attempts: &[(SocketAddr, io::Error)]) -> ConnectFailure {
        let problems: Vec<_> =
            attempts.iter().map(|(address, error)| format!("{address} {}", tcp_problem(error))).collect();
        let advice = match attempts.last().map(|(_, error)| error.kind()) {
            Some(ErrorKind::ConnectionRefused) => {
                "Nothing listens there. Start the server, check the port, and check whether it listens on this address or only on another."
            }
            Some(ErrorKind::TimedOut) => {
                "Check that the server runs, the port, and firewalls on the way that drop packets without a word."
            }
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable) => {
                "Check the network connection, and a VPN that this address may need."
            }
            Some(ErrorKind::PermissionDenied) => "A firewall or a sandbox on this computer forbids it.",
            _ => "Check the address, the port and the network connection.",
        };
        ConnectFailure::new(ConnectStage::Tcp, format!("{}.", problems.join("; ")), advice)
    }

    pub(super) fn tls_setup(error: &TlsSetupError) -> ConnectFailure {
        let advice = match error {
            TlsSetupError::AuthorityUnreadable { .. } | TlsSetupError::AuthorityEmpty(_) => {
                "Name a PEM file that holds the certificate of the authority, between BEGIN CERTIFICATE and END CERTIFICATE."
            }
            TlsSetupError::ClientUnreadable { .. } | TlsSetupError::ClientEmpty(_) => {
                "Name a PEM file that holds the client's certificate, between BEGIN CERTIFICATE and END CERTIFICATE."
            }
            TlsSetupError::KeyMissing(_) => {
                "Name the PEM file with the key, between BEGIN PRIVATE KEY and END PRIVATE KEY, or add it to the file of the certificate."
            }
            TlsSetupError::KeyEncrypted(_) => {
                "Passwords of keys are not asked for. Write a copy without one, as with: openssl pkey -in KEY -out COPY"
            }
            TlsSetupError::KeyMismatch => "Name the key that this certificate was made with.",
            TlsSetupError::ClientUnusable(_) => {
                "Use a key of RSA, ECDSA (P-256, P-384) or Ed25519, and a certificate for it."
            }
            TlsSetupError::ServerName(_) => "Write the host as the certificate names it.",
            TlsSetupError::Library(_) => {
                "Install the system's certificates (often a package named ca-certificates), or name a PEM file with the authority to trust."
            }
        };
        ConnectFailure::new(ConnectStage::Tls, sentence(&error.to_string()), advice)
    }

    /// The TLS handshake failed; `plain` is the place without TLS.
    pub(super) fn tls(name: &str, asked: Asked, plain: &str, error: &io::Error) -> ConnectFailure {
        let (problem, advice) = match (tls_cause(error), error.kind()) {
            (Some(error), _) => tls_problem(name, plain, error),
            (None, ErrorKind::UnexpectedEof) => (
                "The server ended the connection during the TLS handshake.".to_owned(),
                certificate_advice(asked).unwrap_or_else(|| {
                    format!("The port may not speak TLS: try {plain}. The server's log may say more.")
                }),
            ),
            (None, ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => (
                "The server reset the connection during the TLS handshake.".to_owned(),
                certificate_advice(asked).unwrap_or_else(|| {
                    format!("The port may not speak TLS: try {plain}. The server's log may say more.")
                }),
            ),
            (None, _) => (format!("The connection broke during the TLS handshake: {error}."), "Try again.".to_owned()),
        };
        ConnectFailure::new(ConnectStage::Tls, problem, advice)
    }

    /// The connection ended before there was a whole response.
    pub(super) fn no_response(target: &Target, asked: Asked, was_reset: bool, received: &[u8]) -> ConnectFailure {
        let ended = if was_reset { "reset" } else { "ended" };
        let problem = if received.is_empty() {
            format!("The server {ended} the connection without answering the upgrade request.")
        } else {
            format!("The server {ended} the connection in the middle of its answer: {}.", quoted(received))
        };
        let advice = if target.is_secure() {
            certificate_advice(asked).unwrap_or_else(|| "Check the path, and what the server's log says.".to_owned())
        } else {
            format!("The port may want TLS: try {}. The server's log may say more.", with_scheme(target, "wss"))
        };
        ConnectFailure::new(ConnectStage::Upgrade, problem, advice)
    }

    /// The answer is not HTTP.
    pub(super) fn not_http(target: &Target, error: HeadError, received: &[u8]) -> ConnectFailure {
        let (problem, advice) = match received {
            [0x15 | 0x16, 0x03, ..] if !target.is_secure() => (
                "The server speaks TLS on this port, and the request went to it in the clear.".to_owned(),
                format!("Try {}.", with_scheme(target, "wss")),
            ),
            _ => (
                format!("The server's answer is not HTTP: {error}. It begins with {}.", quoted(received)),
                "This is not a WebSocket server, or not its port. Check host and port.".to_owned(),
            ),
        };
        ConnectFailure::new(ConnectStage::Upgrade, problem, advice)
    }

    /// The answer is HTTP, and not 101.
    pub(super) fn status(target: &Target, response: &ResponseHead, body: &[u8]) -> ConnectFailure {
        let status = format!("HTTP {} {}", response.status, response.reason);
        let status = status.trim_end();
        let says = if body.is_empty() { String::new() } else { format!(": {}", quoted(body)) };
        let (problem, advice) = match (response.status, response.headers.first("Location")) {
            (300..=399, Some(location)) => (
                format!("The server answered {status} and points to {}.", quoted(masked_target(location).as_bytes())),
                "Redirections are not followed unless you ask for it, with --follow-redirects or among the options. Or connect to that address, if you trust it."
                    .to_owned(),
            ),
            _ => (
                format!("The server answered {status} instead of 101 Switching Protocols{says}."),
                status_advice(target, response),
            ),
        };
        ConnectFailure::new(ConnectStage::Upgrade, problem, advice)
    }

    /// The answer is 101, and breaks rules of RFC 6455 4.1.
    pub(super) fn broken_rules(rules: &[Rule]) -> ConnectFailure {
        let is_about_compression =
            |rule: &Rule| matches!(rule, Rule::CompressionAnswerInvalid | Rule::CompressionAnswerNotOffered);
        let section =
            if rules.iter().all(is_about_compression) { "RFC 7692 section 7.1" } else { "RFC 6455 section 4.1" };
        let broken: Vec<_> = rules.iter().map(|rule| broken_rule(*rule)).collect();
        ConnectFailure::new(
            ConnectStage::Upgrade,
            format!("The server answered 101, and a client must not accept it ({section}): {}.", broken.join("; ")),
            if rules.contains(&Rule::ResponseSubprotocolNotOffered) {
                "Offer the subprotocol that the server speaks, or correct the server."
            } else if rules.iter().any(is_about_compression) {
                "Connect without offering compression, or correct the server."
            } else {
                "Correct the server, or the proxy on the way that changes these headers."
            },
        )
    }
}

fn tcp_problem(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "refused the connection".to_owned(),
        ErrorKind::TimedOut => "did not answer in time".to_owned(),
        ErrorKind::NetworkUnreachable => "is in a network that cannot be reached".to_owned(),
        ErrorKind::HostUnreachable => "cannot be reached".to_owned(),
        ErrorKind::ConnectionReset => "reset the connection".to_owned(),
        ErrorKind::PermissionDenied => "may not be connected to from here".to_owned(),
        _ => format!("could not be connected to ({error})"),
    }
}

/// What TLS itself has to say about an error of its stream.
pub(super) fn tls_cause(error: &io::Error) -> Option<&TlsError> {
    error.get_ref().and_then(|cause| cause.downcast_ref::<TlsError>())
}

fn proxy_problem(proxy: &Proxy, destination: &HostAndPort, refusal: &Refusal) -> (String, String) {
    let refused = |why: &str| format!("The proxy {proxy} did not connect to {destination}: {why}.");
    match refusal {
        Refusal::Status { status, reason, challenge } => {
            let answer = format!("it answered HTTP {status} {reason}").trim_end().to_owned();
            let advice = match (status, challenge) {
                // Some answer 401 to wrong credentials.
                (401 | 407, _) if proxy.has_credentials() => {
                    "Correct the credentials in the proxy's address; characters such as @ and : are written as %40 and %3A.".to_owned()
                }
                (407, Some(challenge)) => format!(
                    "Give credentials in the proxy's address, as http://user:password@host:port (only Basic is spoken); it asks for: {}.",
                    quoted(challenge.as_bytes())
                ),
                (407, None) => "Give credentials in the proxy's address, as http://user:password@host:port.".to_owned(),
                (401, _) => {
                    "A proxy asks with 407. This looks like a web server: check the proxy's address.".to_owned()
                }
                (403, _) => {
                    "The proxy's rules forbid this destination. Many allow CONNECT to port 443 only.".to_owned()
                }
                (400 | 404 | 405 | 501, _) => {
                    "This may be a web server and no proxy, or a proxy without CONNECT.".to_owned()
                }
                (502..=504, _) => {
                    "The proxy could not reach the server. Check the server's name and port as the proxy sees them."
                        .to_owned()
                }
                _ => "The proxy's log may say why.".to_owned(),
            };
            (refused(&answer), advice)
        }
        Refusal::NotHttp(error, received) => (
            format!(
                "The answer of the proxy {proxy} is not HTTP: {error}. It begins with {}.",
                quoted_or_hexadecimal(received)
            ),
            match received.first() {
                Some(0x15 | 0x16) => "It speaks TLS: write https:// for it.".to_owned(),
                Some(0x05) => "It may be a SOCKS proxy: write socks5h:// for it.".to_owned(),
                _ => "Check host and port of the proxy, and which kind it is.".to_owned(),
            },
        ),
        Refusal::NotSocks5(received) => (
            format!(
                "The answer of the proxy {proxy} is not SOCKS5. It begins with {}.",
                quoted_or_hexadecimal(received)
            ),
            match received.first() {
                Some(b'H') => "It speaks HTTP: write http:// for it.".to_owned(),
                Some(0 | 4) => "It may speak SOCKS4 only, which is not supported.".to_owned(),
                _ => "Check host and port of the proxy, and which kind it is.".to_owned(),
            },
        ),
        Refusal::NoMethod { had_credentials: false } => (
            refused("it wants to know who asks"),
            "Give user and password in the proxy's address, as socks5h://user:password@host:port.".to_owned(),
        ),
        Refusal::NoMethod { had_credentials: true } => (
            refused("it takes neither user and password nor nobody's name"),
            "It may want GSSAPI, which is not supported. Ask for another way in.".to_owned(),
        ),
        Refusal::UnknownMethod(method) => (
            refused(&format!("it chose the way of authentication {method}, which was not offered")),
            "The proxy breaks RFC 1928. Its log may say why.".to_owned(),
        ),
        Refusal::Credentials => (
            refused("user or password are wrong"),
            "Correct the credentials in the proxy's address; characters such as @ and : are written as %40 and %3A."
                .to_owned(),
        ),
        Refusal::Reply(code) => {
            let (what, advice) = socks_reply(*code);
            (refused(&format!("{what} (SOCKS reply {code})")), advice.to_owned())
        }
        Refusal::AddressType(kind) => (
            refused(&format!("its reply has an address of the unknown type {kind}")),
            "The proxy breaks RFC 1928. Its log may say why.".to_owned(),
        ),
    }
}

/// The reply codes of RFC 1928 section 6.
fn socks_reply(code: u8) -> (&'static str, &'static str) {
    match code {
        1 => ("it failed", "The proxy's log may say why. With socks5h:// the name may not exist where the proxy is."),
        2 => ("its rules forbid this destination", "Ask who runs the proxy, or choose another way."),
        3 => ("the network cannot be reached from there", "Check the server's address as the proxy sees it."),
        4 => ("the host cannot be reached from there", "Check the server's name and address as the proxy sees them."),
        5 => ("the server refused the connection", "Check the port, and that the server runs."),
        6 => ("the connection took too many steps (TTL expired)", "Check the routes from the proxy to the server."),
        7 => ("it does not know the command CONNECT", "Use another proxy."),
        8 => (
            "it does not take this type of address",
            "Try socks5h:// so that the proxy resolves the name, or socks5:// so that it is resolved here.",
        ),
        _ => ("it gave a code without a meaning", "The proxy's log may say why."),
    }
}

/// What may be wrong when a server asked for a certificate and hung up.
fn certificate_advice(asked: Asked) -> Option<String> {
    match asked {
        Asked::No => None,
        Asked::InVain => Some(
            "The server asked for a certificate of the client and got none, which may be why. Name one with --cert and --key or among the options."
                .to_owned(),
        ),
        Asked::Answered => Some(
            "The server asked for a certificate of the client and may not accept the one that it got. Its log may say more."
                .to_owned(),
        ),
    }
}

fn tls_problem(host: &str, plain: &str, error: &TlsError) -> (String, String) {
    match error {
        TlsError::InvalidCertificate(reason) => certificate_problem(host, reason),
        TlsError::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion) => (
            "The server's answer is not TLS: it speaks something else on this port, probably plain HTTP.".to_owned(),
            format!("Try {plain}."),
        ),
        TlsError::AlertReceived(AlertDescription::UnrecognisedName) => (
            format!("The server does not know the name `{host}`."),
            "Check the host, or the server's configuration of names.".to_owned(),
        ),
        TlsError::AlertReceived(AlertDescription::CertificateRequired) => (
            "The server asks for a certificate of the client.".to_owned(),
            "Name a client certificate and its key, with --cert and --key or among the options.".to_owned(),
        ),
        TlsError::AlertReceived(
            alert @ (AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied),
        ) => (
            format!("The server did not accept the client's certificate (alert {alert:?})."),
            "Check that it is one that this server's authority has signed, and its dates.".to_owned(),
        ),
        TlsError::AlertReceived(AlertDescription::ProtocolVersion)
        | TlsError::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => (
            "The server speaks neither TLS 1.2 nor TLS 1.3.".to_owned(),
            "Older versions are not secure and are not offered here. Update the server.".to_owned(),
        ),
        TlsError::AlertReceived(alert) => (
            format!("The server refused the TLS handshake with the alert {alert:?}."),
            "The server's log may say why.".to_owned(),
        ),
        other => (format!("The TLS handshake failed: {other}."), "Check the server's TLS configuration.".to_owned()),
    }
}

fn certificate_problem(host: &str, reason: &CertificateError) -> (String, String) {
    let trust =
        "Name its authority's PEM file as an extra authority, or accept any certificate if this is a test server.";
    let own = |text: &str| text.to_owned();
    match reason {
        CertificateError::UnknownIssuer => (
            own(
                "The server's certificate is not trusted: no authority that this computer trusts has signed it, or it is self-signed.",
            ),
            own(trust),
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            own("The server's certificate has expired."),
            own("Renew it on the server, and check this computer's clock."),
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (own("The server's certificate is not valid yet."), own("Check this computer's clock, and the server's."))
        }
        CertificateError::NotValidForNameContext { presented, .. } if !presented.is_empty() => (
            format!("The server's certificate is not for `{host}`: it names {}.", presented.join(", ")),
            own("Connect to a name that the certificate holds, or have the certificate cover this one."),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            format!("The server's certificate is not for `{host}`."),
            own("Connect to a name that the certificate holds, or have the certificate cover this one."),
        ),
        CertificateError::Revoked => (
            own("The server's certificate has been revoked by its authority."),
            own("Do not trust this server until it has a new one."),
        ),
        CertificateError::BadSignature => (
            own("The signature of the server's certificate is wrong."),
            own("Check that the extra authority is the one that signed it; else somebody may be in between."),
        ),
        CertificateError::BadEncoding => {
            (own("The server's certificate cannot be read."), own("Have the server use a valid X.509 certificate."))
        }
        // The authority's own certificate, self-signed, used as a server's.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
            own("The server uses an authority's certificate, self-signed, as its own."),
            own(
                "Make a certificate for the server that is not an authority (CA:FALSE), or accept any certificate if this is a test server.",
            ),
        ),
        other => (format!("The server's certificate is not accepted: {other}."), own(trust)),
    }
}

fn status_advice(target: &Target, response: &ResponseHead) -> String {
    match response.status {
        200..=299 => {
            "This address answers as an ordinary web page. Check the path, and that a proxy on the way passes \
                      `Upgrade` and `Connection` on."
                .to_owned()
        }
        400 if !target.is_secure() => {
            format!("Check path, headers and subprotocols. If the port wants TLS, try {}.", with_scheme(target, "wss"))
        }
        400 => "Check path, headers and subprotocols.".to_owned(),
        401 => match response.headers.first("WWW-Authenticate") {
            Some(challenge) => format!("Give credentials; the server asks for: {}.", quoted(challenge.as_bytes())),
            None => "Give credentials: Basic, Bearer, or the header that the server expects.".to_owned(),
        },
        403 => "Check the Origin that the server allows, and whether these credentials may connect.".to_owned(),
        404 => format!("Check the path: `{}` is not there.", target.path()),
        407 => "A proxy on the way asks for credentials.".to_owned(),
        426 => match response.headers.first("Sec-WebSocket-Version") {
            Some(version) if version != "13" => {
                format!("The server speaks version {version} of the protocol; this client speaks 13.")
            }
            _ => "The server wants another protocol; its `Upgrade` header says which.".to_owned(),
        },
        429 => "The server wants fewer connections. Wait before trying again.".to_owned(),
        502..=504 => "A gateway answered for a server that it could not reach. Check that server.".to_owned(),
        500..=599 => "The server failed. Its log may say why.".to_owned(),
        _ => "Check path, headers and credentials.".to_owned(),
    }
}

fn broken_rule(rule: Rule) -> String {
    match rule {
        Rule::ResponseUpgradeMissing => "there is no `Upgrade: websocket`".to_owned(),
        Rule::ResponseConnectionMissing => "there is no `Connection: Upgrade`".to_owned(),
        Rule::ResponseAcceptMissing => "there is no `Sec-WebSocket-Accept`".to_owned(),
        Rule::ResponseAcceptWrong => "`Sec-WebSocket-Accept` does not answer the request's key".to_owned(),
        Rule::ResponseSubprotocolNotOffered => "it chose a subprotocol that was not offered".to_owned(),
        Rule::ResponseExtensionNotOffered => "it agreed to an extension that was not offered".to_owned(),
        Rule::CompressionAnswerInvalid => "its answer about permessage-deflate cannot be understood".to_owned(),
        Rule::CompressionAnswerNotOffered => {
            "its answer about permessage-deflate goes beyond what was offered".to_owned()
        }
        other => other.name().to_owned(),
    }
}

/// The same place by another scheme, without what may be secret: user, password and query.
fn with_scheme(target: &Target, scheme: &str) -> String {
    format!("{scheme}://{}{}", authority(target), target.path())
}

fn authority(target: &Target) -> String {
    match target.address() {
        Some(std::net::IpAddr::V6(address)) => format!("[{address}]:{}", target.port()),
        _ => format!("{}:{}", target.host(), target.port()),
    }
}

/// The start of what a peer sent, on one line and without characters that could disturb a screen.
fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("“{}…”", words.get(..end).unwrap_or_default()),
        None => format!("“{words}”"),
    }
}

/// The same; bytes that are no text in hexadecimal.
fn quoted_or_hexadecimal(bytes: &[u8]) -> String {
    if bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) {
        return quoted(bytes);
    }
    hexadecimal::spaced(bytes.iter().take(LONGEST_QUOTE / 3).copied())
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
