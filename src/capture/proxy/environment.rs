//! Which proxy the environment names for a destination; the variables are given, so that nothing here reads the environment.

use std::net::IpAddr;

use super::super::host_and_port::HostAndPort;
use super::{Proxy, ProxyError};

/// A look-up of environment variables.
pub(in crate::capture) type Variables<'look> = &'look dyn Fn(&str) -> Option<String>;

/// The proxy for this destination and the variable that names it; this computer itself is always reached directly.
///
/// # Errors
/// When the variable does not hold the address of a proxy.
pub(in crate::capture) fn proxy_for(
    variables: Variables<'_>,
    is_secure: bool,
    destination: &HostAndPort,
) -> Result<Option<Proxy>, (String, ProxyError)> {
    let value = |name: &str| variables(name).filter(|value| !value.trim().is_empty());
    let exceptions = value("no_proxy").or_else(|| value("NO_PROXY")).unwrap_or_default();
    if destination.is_loopback() || is_excepted(&exceptions, destination) {
        return Ok(None);
    }
    // A CGI program finds the header `Proxy` of a request as HTTP_PROXY: anybody could have set it.
    let is_cgi = variables("REQUEST_METHOD").is_some();
    let names = match (is_secure, is_cgi) {
        (true, _) => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"][..],
        (false, false) => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        (false, true) => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let named = names.iter().find_map(|name| value(name).map(|text| (*name, text)));
    named.map(|(name, text)| Proxy::parse(&text).map_err(|error| (name.to_owned(), error))).transpose()
}

/// Whether a list such as `example.org, .local, 10.0.0.0/8, host:8080` holds this destination.
fn is_excepted(list: &str, destination: &HostAndPort) -> bool {
    let entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
    entries.into_iter().any(|entry| matches(entry, destination))
}

fn matches(entry: &str, destination: &HostAndPort) -> bool {
    if entry == "*" {
        return true;
    }
    if let Some(address) = destination.address() {
        if let Some((network, prefix)) = entry.split_once('/') {
            return network
                .parse()
                .is_ok_and(|network| prefix.parse().is_ok_and(|prefix: u32| is_in_network(address, network, prefix)));
        }
        return entry.trim_matches(['[', ']']).parse() == Ok(address)
            || entry
                .parse::<std::net::SocketAddr>()
                .is_ok_and(|entry| entry.ip() == address && entry.port() == destination.port());
    }
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (entry, None),
    };
    let name = name.trim_start_matches("*.").trim_matches('.').to_ascii_lowercase();
    let host = destination.host().trim_end_matches('.').to_ascii_lowercase();
    let is_name =
        !name.is_empty() && host.strip_suffix(&name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_name && port.is_none_or(|port| port.parse() == Ok(destination.port()))
}

/// Whether the first `prefix` bits are the same.
fn is_in_network(address: IpAddr, network: IpAddr, prefix: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) if prefix <= 32 => {
            (address.to_bits() ^ network.to_bits()).checked_shr(32 - prefix).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) if prefix <= 128 => {
            (address.to_bits() ^ network.to_bits()).checked_shr(128 - prefix).unwrap_or(0) == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(variables: &[(&str, &str)], is_secure: bool, destination: &str) -> Option<String> {
        let look_up =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let destination = HostAndPort::parse(destination, 80).unwrap();
        proxy_for(&look_up, is_secure, &destination).unwrap().map(|proxy| proxy.to_string())
    }

    #[test]
    fn the_scheme_decides_on_the_variable() {
        let variables =
            [("HTTPS_PROXY", "s:1"), ("http_proxy", "l:1"), ("HTTP_PROXY", "u:1"), ("ALL_PROXY", "socks5h://a:1")];
        assert_eq!(proxy(&variables, true, "host").as_deref(), Some("http://s:1"));
        assert_eq!(proxy(&variables, false, "host").as_deref(), Some("http://l:1"));
        assert_eq!(proxy(&variables[2..], false, "host").as_deref(), Some("http://u:1"));
        assert_eq!(proxy(&variables[2..], true, "host").as_deref(), Some("socks5h://a:1"));
        assert_eq!(proxy(&[("https_proxy", ""), ("all_proxy", "b:1")], true, "host").as_deref(), Some("http://b:1"));
        assert_eq!(proxy(&[], true, "host"), None);
    }

    #[test]
    fn in_a_cgi_program_the_upper_case_is_not_trusted() {
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(proxy(&[cgi, ("HTTP_PROXY", "u:1")], false, "host"), None);
        assert_eq!(proxy(&[cgi, ("http_proxy", "l:1")], false, "host").as_deref(), Some("http://l:1"));
        assert_eq!(proxy(&[cgi, ("HTTPS_PROXY", "s:1")], true, "host").as_deref(), Some("http://s:1"));
    }

    #[test]
    fn this_computer_is_reached_directly() {
        for destination in ["localhost", "a.localhost", "127.0.0.1", "127.8.0.1:80", "[::1]"] {
            assert_eq!(proxy(&[("all_proxy", "a:1")], false, destination), None, "{destination}");
        }
    }

    #[test]
    fn exceptions() {
        for (list, destination, is_excepted) in [
            ("*", "host", true),
            ("example.org", "example.org", true),
            ("example.org", "a.example.org", true),
            (".example.org", "example.org", true),
            ("*.example.org", "a.example.org", true),
            ("example.org", "notexample.org", false),
            ("EXAMPLE.org", "example.ORG", true),
            ("a.example, host", "host", true),
            ("a.example host", "host", true),
            ("host:8080", "host:8080", true),
            ("host:8080", "host:80", false),
            (".", "host", false),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1:80", "192.0.2.1:80", true),
            ("192.0.2.1:81", "192.0.2.1:80", false),
            ("192.0.2.0/24", "192.0.2.200", true),
            ("192.0.2.0/24", "192.0.3.1", false),
            ("0.0.0.0/0", "192.0.3.1", true),
            ("2001:db8::/32", "[2001:db8::1]", true),
            ("2001:db8::/32", "[2001:db9::1]", false),
            ("[2001:db8::1]", "[2001:db8::1]", true),
            ("192.0.2.0/99", "192.0.2.1", false),
            ("0.2.1", "192.0.2.1", false),
        ] {
            let variables = [("all_proxy", "a:1"), ("NO_PROXY", list)];
            assert_eq!(proxy(&variables, false, destination).is_none(), is_excepted, "{list} and {destination}");
        }
        // The lower case goes before the upper case.
        assert!(proxy(&[("all_proxy", "a:1"), ("no_proxy", "x"), ("NO_PROXY", "*")], false, "host").is_some());
    }
}
