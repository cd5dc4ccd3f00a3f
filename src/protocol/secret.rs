//! Which parts of a handshake are secrets that a screen should not show: told by the names of headers and query parameters.

use super::http::percent_decoded;

/// What is shown in the place of a secret.
pub const MASK: &str = "•••";

/// Whether a header field carries a secret.
pub fn is_secret_header(name: &str) -> bool {
    let standard = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
    let is_handshake = name.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("sec-websocket-"));
    !is_handshake && (standard.iter().any(|secret| name.eq_ignore_ascii_case(secret)) || names_a_secret(name))
}

/// A request target with the values of parameters that look like secrets hidden.
pub fn masked_target(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{path}?{}", masked_query(query)),
        None => target.to_owned(),
    }
}

/// A URL, or a text that is meant to be one, with user, password and secret parameters hidden.
pub fn masked_url(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let separator = if scheme.is_empty() { "" } else { "://" };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    let authority = match authority.rsplit_once('@') {
        Some((_, host)) => format!("{MASK}@{host}"),
        None => authority.to_owned(),
    };
    format!("{scheme}{separator}{authority}{}", masked_target(path))
}

/// A query with the values of parameters that look like secrets hidden.
pub fn masked_query(query: &str) -> String {
    let masked = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, value)) if !value.is_empty() && names_a_secret(name) => format!("{name}={MASK}"),
        _ => parameter.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}

fn names_a_secret(name: &str) -> bool {
    let name = percent_decoded(name).to_ascii_lowercase();
    let inside = ["token", "secret", "password", "passwd", "auth", "credential", "signature", "session"];
    let at_the_end = ["key", "pwd", "pass", "sig", "jwt"];
    inside.iter().any(|word| name.contains(word)) || at_the_end.iter().any(|word| name.ends_with(word))
}
