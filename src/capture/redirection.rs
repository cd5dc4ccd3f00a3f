//! Redirections: where a response points, whether one may go there, and what goes along.

use crate::protocol::http::ResponseHead;
use crate::protocol::secret::is_secret_header;

use super::options::ConnectOptions;
use super::target::{Target, TargetError};

/// Why a redirection is not followed although that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RedirectionError {
    /// It does not point to a place that can be connected to.
    Target(TargetError),
    /// From TLS to none.
    Downgrade(Target),
    /// More of them than were asked for.
    TooMany(u8),
}

/// The text of where a response redirects to (RFC 9110 15.4); `None` when it does not.
pub(super) fn location(response: &ResponseHead) -> Option<&str> {
    matches!(response.status, 301 | 302 | 303 | 307 | 308).then(|| response.headers.first("Location")).flatten()
}

/// Where `location` leads from `target`.
///
/// # Errors
/// When that is no place for WebSocket, or would take encryption away.
pub(super) fn next_target(target: &Target, location: &str) -> Result<Target, RedirectionError> {
    let next = target.joined(location).map_err(RedirectionError::Target)?;
    if target.is_secure() && !next.is_secure() {
        return Err(RedirectionError::Downgrade(next));
    }
    Ok(next)
}

/// Takes away from the options what was meant for another origin only: credentials, cookies, names, and the way to the host.
pub(super) fn forget_origin(options: &mut ConnectOptions) {
    options.authorization = None;
    options.cookies.clear();
    options.host = None;
    options.headers.retain(|(name, _)| !is_secret_header(name) && !name.eq_ignore_ascii_case("Host"));
    options.network.connect_to = None;
    options.tls.server_name = None;
    options.tls.client_certificate = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::options::Authorization;

    #[test]
    fn locations_are_relative_or_absolute_and_keep_to_websocket() {
        for (from, location, to) in [
            ("ws://h:81/a/b?x", "c", "ws://h:81/a/c"),
            ("ws://h:81/a/b?x", "/c?y=1", "ws://h:81/c?y=1"),
            ("ws://h:81/a/b?x", "?z", "ws://h:81/a/b?z"),
            ("wss://h/a", "//other/b", "wss://other/b"),
            ("ws://h/", "https://other/b#part", "wss://other/b"),
            ("ws://h/", "http://other/b", "ws://other/b"),
            ("ws://h/", " wss://other ", "wss://other/"),
            ("ws://h/", "WS://other", "ws://other/"),
        ] {
            assert_eq!(next_target(&Target::parse(from).unwrap(), location).unwrap().url(), to, "{from} to {location}");
        }
        let secure = Target::parse("wss://h/").unwrap();
        assert!(matches!(next_target(&secure, "http://h/"), Err(RedirectionError::Downgrade(_))));
        assert!(matches!(next_target(&secure, "ws://other/"), Err(RedirectionError::Downgrade(_))));
        for bad in ["ftp://h/", "mailto:a@b", "http://", "//a b/"] {
            assert!(matches!(next_target(&secure, bad), Err(RedirectionError::Target(_))), "{bad}");
        }
    }

    #[test]
    fn another_origin_learns_no_secret() {
        let mut options = ConnectOptions::new("ws://h/");
        options.authorization = Some(Authorization::Bearer { token: "t".into() });
        options.cookies = vec!["a=1".into()];
        options.headers =
            ["Cookie", "X-Api-Key", "authorization", "X-Trace", "Host"].map(|name| (name.into(), "1".into())).into();
        forget_origin(&mut options);
        assert_eq!((options.authorization, options.cookies.len()), (None, 0));
        assert_eq!(options.headers, [("X-Trace".to_owned(), "1".to_owned())]);
    }
}
