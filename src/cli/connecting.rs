//! How a connection came about, for reading and for scripts: its way, the places that it was redirected from, and TLS.

use bytes::Bytes;
use serde::Serialize;

use crate::protocol::certificate::{Certificate, UnixSeconds, Validity};
use crate::protocol::moment::Moment;
use crate::session::{EventKind, Session};

/// The lines about one event of connecting; none for other events.
pub(super) fn lines(session: &Session, at: Moment, kind: &EventKind) -> Vec<String> {
    let line = |text: String| format!("{:>12}  {text}", at.to_string());
    match kind {
        EventKind::Connected { client, server } => vec![line(format!("TCP connected from {client} to {server}"))],
        EventKind::ConnectedLocally { path } => vec![line(format!("connected to the Unix-domain socket {path}"))],
        EventKind::Tunnelled { proxy, destination, answer } => {
            vec![line(format!("the proxy {proxy} opened the way to {destination}: {answer}"))]
        }
        EventKind::Redirected { status, from, to } => {
            vec![line(format!("{from} answered {status} and redirected to {to}"))]
        }
        EventKind::Secured { version, cipher, verified, alpn, certificates } => {
            let certificate = if *verified { "verified" } else { "NOT verified" };
            let alpn = alpn.as_ref().map(|alpn| format!(", ALPN {alpn}")).unwrap_or_default();
            let mut lines = vec![line(format!("{version}, {cipher}{alpn}, the certificate was {certificate}"))];
            for (index, der) in certificates.iter().enumerate() {
                let name = format!("certificate {}", index + 1);
                match Certificate::parse(der) {
                    Ok(certificate) => lines.extend(certificate_lines(&name, &certificate, started_at(session))),
                    Err(error) => lines.push(format!("{:14}{name}: {error}", "")),
                }
            }
            lines
        }
        _ => Vec::new(),
    }
}

fn certificate_lines(name: &str, certificate: &Certificate, now: UnixSeconds) -> Vec<String> {
    let line = |name: &str, value: String| format!("{:14}{name:15} {value}", "");
    let mut names = certificate.names.join(", ");
    if certificate.names_left_out > 0 {
        names += &format!(" and {} more", certificate.names_left_out);
    }
    let validity = match certificate.validity_at(now) {
        Validity::Valid => "",
        Validity::NotYet => " (NOT YET VALID at the start of the session)",
        Validity::Expired => " (EXPIRED at the start of the session)",
    };
    let mut lines = vec![line(name, certificate.subject.clone())];
    if !names.is_empty() {
        lines.push(line("  names", names));
    }
    lines.push(line("  issuer", certificate.issuer.clone()));
    lines.push(line("  valid", format!("{} to {}{validity}", certificate.not_before, certificate.not_after)));
    lines.push(line("  key", certificate.key.clone()));
    lines.push(line("  serial", certificate.serial_text()));
    lines.push(line("  SHA-256", certificate.fingerprint_text()));
    lines
}

fn started_at(session: &Session) -> UnixSeconds {
    UnixSeconds(session.origin.started_at / 1_000_000_000)
}

/// The way of a connection; the last one when there were redirections.
#[derive(Serialize, Default)]
pub(super) struct ConnectionReport<'a> {
    unix_socket: Option<&'a str>,
    proxy: Option<ProxyReport<'a>>,
    tls: Option<TlsReport<'a>>,
    redirections: Vec<RedirectionReport<'a>>,
}

#[derive(Serialize)]
struct ProxyReport<'a> {
    url: &'a str,
    destination: &'a str,
    answer: &'a str,
}

#[derive(Serialize)]
struct RedirectionReport<'a> {
    status: u16,
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct TlsReport<'a> {
    version: &'a str,
    cipher: &'a str,
    verified: bool,
    alpn: Option<&'a str>,
    certificates: Vec<CertificateReport>,
}

/// A certificate, or why it cannot be read.
#[derive(Serialize)]
#[serde(untagged)]
enum CertificateReport {
    Read {
        subject: String,
        issuer: String,
        names: Vec<String>,
        not_before: String,
        not_after: String,
        /// At the start of the session.
        validity: &'static str,
        serial: String,
        key: String,
        sha256: String,
    },
    Unreadable {
        error: String,
    },
}

impl<'a> ConnectionReport<'a> {
    /// The report on how this session was connected.
    pub(super) fn of(session: &'a Session) -> ConnectionReport<'a> {
        let mut report = ConnectionReport::default();
        for (_, kind) in session.records() {
            match kind {
                EventKind::ConnectedLocally { path } => report.unix_socket = Some(path),
                EventKind::Tunnelled { proxy, destination, answer } => {
                    report.proxy = Some(ProxyReport { url: proxy, destination, answer });
                }
                EventKind::Secured { version, cipher, verified, alpn, certificates } => {
                    report.tls = Some(TlsReport {
                        version,
                        cipher,
                        verified: *verified,
                        alpn: alpn.as_deref(),
                        certificates: certificates
                            .iter()
                            .map(|der| CertificateReport::of(der, started_at(session)))
                            .collect(),
                    });
                }
                EventKind::Redirected { status, from, to } => {
                    let redirections = std::mem::take(&mut report.redirections);
                    report = ConnectionReport { redirections, ..ConnectionReport::default() };
                    report.redirections.push(RedirectionReport { status: *status, from, to });
                }
                _ => {}
            }
        }
        report
    }
}

impl CertificateReport {
    fn of(der: &Bytes, now: UnixSeconds) -> CertificateReport {
        match Certificate::parse(der) {
            Ok(certificate) => CertificateReport::Read {
                validity: match certificate.validity_at(now) {
                    Validity::Valid => "valid",
                    Validity::NotYet => "not_yet_valid",
                    Validity::Expired => "expired",
                },
                not_before: certificate.not_before.to_string(),
                not_after: certificate.not_after.to_string(),
                serial: certificate.serial_text(),
                sha256: certificate.fingerprint_text(),
                subject: certificate.subject,
                issuer: certificate.issuer,
                names: certificate.names,
                key: certificate.key,
            },
            Err(error) => CertificateReport::Unreadable { error: error.to_string() },
        }
    }
}
