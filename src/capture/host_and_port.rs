//! A host with a port: where a connection goes, as a person writes it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use url::Host;

/// Why a text is not a host with a port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a host. Write a name or an address, with a port or without: 127.0.0.1:9001, [::1]:9001, host.example."
)]
pub struct HostAndPortError(String);

/// A host's name or address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAndPort {
    host: Host<String>,
    port: u16,
}

impl HostAndPort {
    /// This host and port.
    pub fn new(host: Host<String>, port: u16) -> HostAndPort {
        HostAndPort { host, port }
    }

    /// Reads what a person wrote; without a port it is `default_port`.
    ///
    /// # Errors
    /// When it is not a host.
    pub fn parse(text: &str, default_port: u16) -> Result<HostAndPort, HostAndPortError> {
        let wrong = || HostAndPortError(text.to_owned());
        let text = text.trim();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(HostAndPort { host: host_of(address), port: default_port });
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
            _ => (text, default_port),
        };
        let host = Host::parse(host).map_err(|_| wrong())?;
        Ok(HostAndPort { host, port })
    }

    /// The host's name, or its address without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The host's address, when it has no name.
    pub fn address(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether this is the computer itself, by name or by address.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name.eq_ignore_ascii_case("localhost") || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }
}

impl From<SocketAddr> for HostAndPort {
    fn from(address: SocketAddr) -> HostAndPort {
        HostAndPort { host: host_of(address.ip()), port: address.port() }
    }
}

/// `host:port`, an IPv6 address in brackets.
impl fmt::Display for HostAndPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

fn host_of(address: IpAddr) -> Host<String> {
    match address {
        IpAddr::V4(address) => Host::Ipv4(address),
        IpAddr::V6(address) => Host::Ipv6(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_with_and_without_a_port() {
        for (text, expected) in [
            ("127.0.0.1:9001", "127.0.0.1:9001"),
            ("127.0.0.1", "127.0.0.1:443"),
            ("::1", "[::1]:443"),
            ("[::1]", "[::1]:443"),
            ("[::1]:9001", "[::1]:9001"),
            (" host.example ", "host.example:443"),
            ("HOST.example:80", "host.example:80"),
        ] {
            assert_eq!(HostAndPort::parse(text, 443).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", ":80", "host:", "host:port", "host:70000", "a b", "ws://host", "host/path"] {
            assert!(HostAndPort::parse(text, 443).is_err(), "{text}");
        }
    }
}
