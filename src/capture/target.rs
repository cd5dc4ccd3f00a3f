//! Where to connect: a URL as a person writes it, read by RFC 6455 section 3, and shown without its secrets.

use std::net::IpAddr;

use url::{Host, Url};

use crate::protocol::http::percent_decoded;
use crate::protocol::secret::{MASK, masked_query, masked_url};

use super::host_and_port::HostAndPort;
use super::options::Authorization;

/// Why a text does not say where to connect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Nothing was written.
    #[error("There is no address. Write one such as ws://localhost:9001/chat.")]
    Empty,
    /// Another scheme.
    #[error("`{0}` is not a scheme of WebSocket. Use ws:// or wss:// (http:// and https:// are taken for these).")]
    Scheme(String),
    /// There is a fragment.
    #[error(
        "A WebSocket URL has no fragment (RFC 6455 section 3). Remove `#{0}`, or write %23 when the # belongs to the path."
    )]
    Fragment(String),
    /// There is no host.
    #[error("The URL has no host. Write it after the scheme, as in ws://localhost:9001/chat.")]
    HostMissing,
    /// The URL cannot be read.
    #[error("This is not a URL: {0}. Write it as ws://host:port/path.")]
    Unreadable(url::ParseError),
}

/// A place to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    host: Host<String>,
}

impl Target {
    /// Reads what a person wrote; without a scheme it is taken for `ws://`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TargetError::Empty);
        }
        let (scheme, rest) = split_scheme(text);
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "ws" | "http" => "ws",
            "wss" | "https" => "wss",
            _ => return Err(TargetError::Scheme(scheme.to_owned())),
        };
        // The parser would take the first word of a path for the host.
        if rest.starts_with(['/', '\\', '?', '#']) || rest.is_empty() {
            return Err(TargetError::HostMissing);
        }
        let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|error| match error {
            url::ParseError::EmptyHost => TargetError::HostMissing,
            error => TargetError::Unreadable(error),
        })?;
        if let Some(fragment) = url.fragment() {
            return Err(TargetError::Fragment(fragment.to_owned()));
        }
        let host = url.host().ok_or(TargetError::HostMissing)?.to_owned();
        Ok(Target { url, host })
    }

    /// Whether to use TLS.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "wss"
    }

    /// The host's name, or its address without brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    /// The host's address, when the URL has one in the place of a name.
    pub fn address(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// The port: what is written, or 80 and 443.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// The host with its port.
    pub fn endpoint(&self) -> HostAndPort {
        HostAndPort::new(self.host.clone(), self.port())
    }

    /// Whether the other place is reached by the same scheme, host and port (RFC 6454).
    pub fn is_same_origin(&self, other: &Target) -> bool {
        (self.is_secure(), &self.host, self.port()) == (other.is_secure(), &other.host, other.port())
    }

    /// The place that a `Location` of a response from here names (RFC 9110 10.2.2); a fragment in it means nothing here.
    ///
    /// # Errors
    /// When that is no place for WebSocket.
    pub fn joined(&self, location: &str) -> Result<Target, TargetError> {
        let mut url = self.url.join(location.trim()).map_err(TargetError::Unreadable)?;
        url.set_fragment(None);
        // What has no host, such as `mailto:`, would else be taken for a text without a scheme.
        match url.has_host() {
            true => Target::parse(url.as_str()),
            false => Err(TargetError::Scheme(url.scheme().to_owned())),
        }
    }

    /// The value of the `Host` header: the port is there when it is not the scheme's own.
    pub fn host_header(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_string(),
        }
    }

    /// The path, never empty.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// The request target: path and query, never empty.
    pub fn resource(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// The user and password of the URL, which become `Basic` credentials.
    pub fn authorization(&self) -> Option<Authorization> {
        let (user, password) = (self.url.username(), self.url.password());
        (!user.is_empty() || password.is_some()).then(|| Authorization::Basic {
            user: percent_decoded(user),
            password: percent_decoded(password.unwrap_or_default()),
        })
    }

    /// The whole URL in its normal form, without user and password.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        // These cannot fail for a URL that has a host.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.into()
    }

    /// The URL for a screen: a password and the values of query parameters that look like secrets are hidden.
    pub fn masked(&self) -> String {
        let user = match (self.url.username(), self.url.password()) {
            ("", None) => String::new(),
            (user, None) => format!("{user}@"),
            (user, Some(_)) => format!("{user}:{MASK}@"),
        };
        let query = self.url.query().map(|query| format!("?{}", masked_query(query))).unwrap_or_default();
        format!("{}://{user}{}{}{query}", self.url.scheme(), self.host_header(), self.url.path())
    }
}

/// The masked form of a text that may be a URL; a text that is none comes back as it is.
pub fn masked(text: &str) -> String {
    Target::parse(text).map_or_else(|_| masked_url(text), |target| target.masked())
}

/// The scheme and what follows it. `localhost:9001` has none, although by RFC 3986 it would be a scheme and a path.
fn split_scheme(text: &str) -> (&str, &str) {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) => {
            (scheme, rest)
        }
        _ => ("ws", text.strip_prefix("//").unwrap_or(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Target {
        Target::parse(text).unwrap()
    }

    #[test]
    fn a_text_without_a_scheme_is_plain_websocket() {
        let target = parsed(" localhost:9001/chat?room=1 ");
        assert_eq!(target.url(), "ws://localhost:9001/chat?room=1");
        assert_eq!((target.is_secure(), target.port()), (false, 9001));
        assert_eq!(target.resource(), "/chat?room=1");
        assert_eq!(parsed("echo.example?u=http://x").host(), "echo.example");
        assert_eq!(parsed("//host/x").url(), "ws://host/x");
    }

    #[test]
    fn the_schemes_of_http_are_taken_for_those_of_websocket() {
        assert_eq!(parsed("http://a/").url(), "ws://a/");
        assert_eq!(parsed("HTTPS://a").url(), "wss://a/");
        assert_eq!(Target::parse("ftp://a"), Err(TargetError::Scheme("ftp".into())));
    }

    #[test]
    fn ports_and_host_header() {
        for (text, port, host) in [
            ("ws://a", 80, "a"),
            ("ws://a:80", 80, "a"),
            ("wss://a", 443, "a"),
            ("wss://a:80", 80, "a:80"),
            ("ws://[::1]:9001/", 9001, "[::1]:9001"),
            ("[::1]", 80, "[::1]"),
        ] {
            assert_eq!((parsed(text).port(), parsed(text).host_header().as_str()), (port, host), "{text}");
        }
        assert_eq!(parsed("ws://[::1]/").address(), Some("::1".parse().unwrap()));
        assert_eq!(parsed("ws://[::1]/").host(), "::1");
    }

    #[test]
    fn what_is_not_a_target_is_refused_with_a_reason() {
        assert_eq!(Target::parse("  "), Err(TargetError::Empty));
        assert_eq!(Target::parse("ws://a/#top"), Err(TargetError::Fragment("top".into())));
        assert_eq!(Target::parse("wss:///chat"), Err(TargetError::HostMissing));
        assert_eq!(Target::parse("ws://:80/"), Err(TargetError::HostMissing));
        assert!(matches!(Target::parse("ws://a:99999"), Err(TargetError::Unreadable(_))));
        assert!(matches!(Target::parse("ws://a b/"), Err(TargetError::Unreadable(_))));
    }

    #[test]
    fn user_and_password_become_basic_credentials_and_leave_the_url() {
        let target = parsed("ws://ann%40x:p%3Aw@host/");
        let expected = Authorization::Basic { user: "ann@x".into(), password: "p:w".into() };
        assert_eq!(target.authorization(), Some(expected));
        assert_eq!(target.url(), "ws://host/");
        assert_eq!(parsed("ws://host/").authorization(), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(masked("ws://ann:pw@h/p?room=1&access_token=abc&apiKey=k&sig=&x"), {
            "ws://ann:•••@h/p?room=1&access_token=•••&apiKey=•••&sig=&x"
        });
        assert_eq!(masked("ws://h/?keyboard=us"), "ws://h/?keyboard=us");
        assert_eq!(masked("not a url"), "not a url");
    }
}
