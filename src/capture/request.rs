//! The upgrade request (RFC 6455 4.1) as bytes, with exactly the headers that were asked for, in a fixed order.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::cookie::is_pair;
use super::options::{Authorization, ConnectOptions};
use super::target::Target;

/// The name of the header with cookies.
const COOKIE: &str = "Cookie";

/// Why a request cannot be written from these options.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not a header's name.
    #[error("`{0}` is not the name of a header: names are letters, digits and hyphens, without spaces or colons.")]
    HeaderName(String),
    /// A line break or another control character.
    #[error("The value of `{0}` holds a line break or another control character, which would break the request apart.")]
    HeaderValue(String),
    /// Not a subprotocol.
    #[error("`{0}` is not a subprotocol: it is one word without spaces and commas.")]
    Subprotocol(String),
    /// Not a cookie.
    #[error(
        "The cookie `{0}` is not NAME=VALUE: the name is one word, and neither part holds a semicolon or a line break."
    )]
    Cookie(String),
    /// A user with a colon.
    #[error("The user of Basic credentials cannot hold a colon, because the colon ends it.")]
    ColonInUser,
}

/// The request for this target and these options, with this key.
///
/// An extra header with the name of one of ours takes its place; all others follow as they were typed.
///
/// # Errors
/// What in the options cannot be written into a request.
pub fn upgrade_request(target: &Target, options: &ConnectOptions, key: &str) -> Result<Vec<u8>, RequestError> {
    let mut headers: Vec<(&str, String)> = vec![
        ("Host", options.host.clone().unwrap_or_else(|| target.host_header())),
        ("Upgrade", "websocket".to_owned()),
        ("Connection", "Upgrade".to_owned()),
        ("Sec-WebSocket-Key", key.to_owned()),
        ("Sec-WebSocket-Version", "13".to_owned()),
    ];
    if let Some(offer) = &options.compression {
        headers.push(("Sec-WebSocket-Extensions", offer.to_string()));
    }
    if let Some(origin) = &options.origin {
        headers.push(("Origin", origin.clone()));
    }
    if let Some(bad) = options.subprotocols.iter().find(|subprotocol| !is_token(subprotocol)) {
        return Err(RequestError::Subprotocol(bad.clone()));
    }
    if !options.subprotocols.is_empty() {
        headers.push(("Sec-WebSocket-Protocol", options.subprotocols.join(", ")));
    }
    if let Some(authorization) = options.authorization.clone().or_else(|| target.authorization()) {
        headers.push(("Authorization", credentials(&authorization)?));
    }
    if let Some(cookies) = cookies(options)? {
        headers.push((COOKIE, cookies));
    }
    let is_extra = |name: &str| options.headers.iter().any(|(extra, _)| extra.eq_ignore_ascii_case(name));
    let is_ours = |name: &str, ours: &[(&str, String)]| ours.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));

    let mut request = format!("GET {} HTTP/1.1\r\n", target.resource());
    for (name, value) in &headers {
        if is_extra(name) && *name != COOKIE {
            let replacements = options.headers.iter().filter(|(extra, _)| extra.eq_ignore_ascii_case(name));
            for (name, value) in replacements {
                write_header(&mut request, name, value)?;
            }
        } else {
            write_header(&mut request, name, value)?;
        }
    }
    for (name, value) in options.headers.iter().filter(|(name, _)| !is_ours(name, &headers)) {
        write_header(&mut request, name, value)?;
    }
    request.push_str("\r\n");
    Ok(request.into_bytes())
}

/// The value of the one `Cookie` header: what extra headers of that name hold, then the cookies of the options.
fn cookies(options: &ConnectOptions) -> Result<Option<String>, RequestError> {
    if let Some(bad) = options.cookies.iter().find(|text| !is_pair(text)) {
        // The text may be a secret.
        return Err(RequestError::Cookie(bad.split('=').next().unwrap_or_default().to_owned()));
    }
    let extra = options.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(COOKIE)).map(|(_, value)| value);
    let all: Vec<&str> = extra.chain(&options.cookies).map(|value| value.trim()).collect();
    Ok((!all.is_empty()).then(|| all.join("; ")))
}

fn write_header(request: &mut String, name: &str, value: &str) -> Result<(), RequestError> {
    if !is_token(name) {
        return Err(RequestError::HeaderName(name.to_owned()));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(RequestError::HeaderValue(name.to_owned()));
    }
    request.extend([name, ": ", value.trim(), "\r\n"]);
    Ok(())
}

fn credentials(authorization: &Authorization) -> Result<String, RequestError> {
    match authorization {
        Authorization::Basic { user, .. } if user.contains(':') => Err(RequestError::ColonInUser),
        Authorization::Basic { user, password } => Ok(format!("Basic {}", BASE64.encode(format!("{user}:{password}")))),
        Authorization::Bearer { token } => Ok(format!("Bearer {token}")),
    }
}

/// Whether this is a `token` of RFC 9110 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(options: &ConnectOptions) -> Vec<String> {
        let target = Target::parse(&options.url).unwrap();
        let request = String::from_utf8(upgrade_request(&target, options, "KEY").unwrap()).unwrap();
        let head = request.strip_suffix("\r\n\r\n").unwrap();
        head.split("\r\n").map(str::to_owned).collect()
    }

    fn refusal(options: &ConnectOptions) -> RequestError {
        upgrade_request(&Target::parse(&options.url).unwrap(), options, "KEY").unwrap_err()
    }

    #[test]
    fn the_order_of_headers_is_fixed_and_extras_follow_as_typed() {
        let mut options = ConnectOptions::new("ws://host:81/p?q");
        options.origin = Some("https://page".into());
        options.subprotocols = vec!["v2".into(), "v1".into()];
        options.authorization = Some(Authorization::Basic { user: "ann".into(), password: "pw".into() });
        options.headers = vec![("x-ONE".into(), " 1 ".into()), ("X-Two".into(), "".into())];
        assert_eq!(
            lines(&options),
            [
                "GET /p?q HTTP/1.1",
                "Host: host:81",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: KEY",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
                "Origin: https://page",
                "Sec-WebSocket-Protocol: v2, v1",
                "Authorization: Basic YW5uOnB3",
                "x-ONE: 1",
                "X-Two: ",
            ]
        );
    }

    #[test]
    fn an_extra_header_takes_the_place_of_ours() {
        let mut options = ConnectOptions::new("ws://host/");
        options.headers = vec![("X-First".into(), "1".into()), ("HOST".into(), "other".into())];
        let lines = lines(&options);
        assert_eq!(lines[1], "HOST: other");
        assert_eq!(lines.last().unwrap(), "X-First: 1");
        assert!(!lines.iter().any(|line| line.starts_with("Host")));
    }

    #[test]
    fn the_host_can_be_another_one() {
        let mut options = ConnectOptions::new("ws://127.0.0.1:9001/");
        options.host = Some("chat.example:81".into());
        assert_eq!(lines(&options)[1], "Host: chat.example:81");
    }

    #[test]
    fn there_is_one_cookie_header() {
        let mut options = ConnectOptions::new("ws://host/");
        options.cookies = vec!["a=1".into(), "b=x=y".into()];
        assert!(lines(&options).contains(&"Cookie: a=1; b=x=y".to_owned()));
        options.headers = vec![("cookie".into(), "c=3".into())];
        let lines = lines(&options);
        let found: Vec<_> = lines.iter().filter(|line| line.to_ascii_lowercase().starts_with("cookie")).collect();
        assert_eq!(found, ["Cookie: c=3; a=1; b=x=y"]);
    }

    #[test]
    fn given_credentials_go_before_those_of_the_url() {
        let mut options = ConnectOptions::new("ws://ann:pw@host/");
        assert!(lines(&options).contains(&"Authorization: Basic YW5uOnB3".to_owned()));
        options.authorization = Some(Authorization::Bearer { token: "abc".into() });
        assert!(lines(&options).contains(&"Authorization: Bearer abc".to_owned()));
    }

    #[test]
    fn what_would_break_the_request_apart_is_refused() {
        let options = ConnectOptions::new("ws://host/");
        let with = |change: &dyn Fn(&mut ConnectOptions)| {
            let mut changed = options.clone();
            change(&mut changed);
            refusal(&changed)
        };
        assert_eq!(
            with(&|options| options.headers = vec![("X".into(), "1\r\nY: 2".into())]),
            RequestError::HeaderValue("X".into())
        );
        assert_eq!(
            with(&|options| options.headers = vec![("X Y".into(), "1".into())]),
            RequestError::HeaderName("X Y".into())
        );
        assert_eq!(with(&|options| options.origin = Some("a\nb".into())), RequestError::HeaderValue("Origin".into()));
        assert_eq!(with(&|options| options.cookies = vec!["a=1;b=2".into()]), RequestError::Cookie("a".into()));
        assert_eq!(with(&|options| options.cookies = vec!["secret".into()]), RequestError::Cookie("secret".into()));
        assert_eq!(
            with(&|options| options.subprotocols = vec!["a, b".into()]),
            RequestError::Subprotocol("a, b".into())
        );
        assert_eq!(
            with(&|options| {
                options.authorization = Some(Authorization::Basic { user: "a:b".into(), password: String::new() });
            }),
            RequestError::ColonInUser
        );
    }
}
