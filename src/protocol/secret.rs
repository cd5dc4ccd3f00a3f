//! Which parts of a handshake are secrets: told by the names of headers and query parameters, and by the look of subprotocols that
//! carry tokens. The one set of rules for the screen, which shows a mark in their place, and for saved logs, which keep lengths true.

use std::ops::Range;

use super::http::percent_decoded;

/// What is shown in the place of a secret.
pub const MASK: &str = "•••";

/// What stands for each byte of a secret where its length has to stay; legal in every place of a head.
pub const MASKED_BYTE: u8 = b'*';

/// From this length on an element of `Sec-WebSocket-Protocol` may be a token.
const SHORTEST_TOKEN: usize = 20;

/// Whether a header field carries a secret.
pub fn is_secret_header(name: &str) -> bool {
    let standard = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
    let is_handshake = name.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("sec-websocket-"));
    !is_handshake && (standard.iter().any(|secret| name.eq_ignore_ascii_case(secret)) || names_a_secret(name))
}

/// The secrets in the value of a header field, as ranges of its bytes, in their order.
pub fn secrets_in_header(name: &str, value: &str) -> Vec<Range<usize>> {
    if is_secret_header(name) {
        return Vec::from_iter((!value.is_empty()).then_some(0..value.len()));
    }
    if name.eq_ignore_ascii_case("Sec-WebSocket-Protocol") {
        return parts(value, 0, ',').filter(|(_, element)| is_token(element)).map(|(range, _)| range).collect();
    }
    if value.contains("://") { secrets_in_url(value) } else { secrets_in_target(value) }
}

/// The secrets in a request target, a path with a query: the values of parameters that look like secrets.
pub fn secrets_in_target(target: &str) -> Vec<Range<usize>> {
    match target.find('?') {
        Some(mark) => secrets_in_query(target, mark + 1),
        None => Vec::new(),
    }
}

/// The secrets in a URL, or in a text that is meant to be one: user, password and the values of parameters.
pub fn secrets_in_url(text: &str) -> Vec<Range<usize>> {
    let start = text.find("://").map_or(0, |scheme| scheme + 3);
    let rest = text.get(start..).unwrap_or_default();
    let authority = rest.get(..rest.find(['/', '?', '#']).unwrap_or(rest.len())).unwrap_or_default();
    let user = authority.rfind('@').filter(|end| *end > 0).map(|end| start..start + end);
    let mut secrets = Vec::from_iter(user);
    if let Some(mark) = rest.get(authority.len()..).and_then(|path| path.find('?')) {
        secrets.extend(secrets_in_query(text, start + authority.len() + mark + 1));
    }
    secrets
}

/// The places of secrets in the value of a header field that were overwritten with [`MASKED_BYTE`].
pub fn masked_in_header(name: &str, value: &str) -> Vec<Range<usize>> {
    let mut places = match name.eq_ignore_ascii_case("Sec-WebSocket-Protocol") {
        // What is overwritten does not look like a token any more.
        true => parts(value, 0, ',').map(|(range, _)| range).collect(),
        false => secrets_in_header(name, value),
    };
    places.retain(|range| is_masked(value, range));
    places
}

/// The places of secrets in a URL that were overwritten with [`MASKED_BYTE`].
pub fn masked_in_url(url: &str) -> Vec<Range<usize>> {
    let mut places = secrets_in_url(url);
    places.retain(|range| is_masked(url, range));
    places
}

fn is_masked(text: &str, range: &Range<usize>) -> bool {
    let secret = text.get(range.clone()).unwrap_or_default();
    !secret.is_empty() && secret.bytes().all(|byte| byte == MASKED_BYTE)
}

/// The value of a header field as a screen shows it.
pub fn masked_header(name: &str, value: &str) -> String {
    hidden(value, &secrets_in_header(name, value))
}

/// A request target with the values of parameters that look like secrets hidden.
pub fn masked_target(target: &str) -> String {
    hidden(target, &secrets_in_target(target))
}

/// A URL, or a text that is meant to be one, with user, password and secret parameters hidden.
pub fn masked_url(text: &str) -> String {
    hidden(text, &secrets_in_url(text))
}

/// A query with the values of parameters that look like secrets hidden.
pub fn masked_query(query: &str) -> String {
    hidden(query, &secrets_in_query(query, 0))
}

/// A text with [`MASKED_BYTE`] for each byte of these ranges.
pub fn overwritten(text: &str, secrets: &[Range<usize>]) -> String {
    replaced(text, secrets, |secret| char::from(MASKED_BYTE).to_string().repeat(secret.len()))
}

fn hidden(text: &str, secrets: &[Range<usize>]) -> String {
    replaced(text, secrets, |_| MASK.to_owned())
}

fn replaced(text: &str, ranges: &[Range<usize>], replacement: impl Fn(&str) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        replaced.push_str(text.get(done..range.start).unwrap_or_default());
        replaced.push_str(&replacement(text.get(range.clone()).unwrap_or_default()));
        done = range.end;
    }
    replaced.push_str(text.get(done..).unwrap_or_default());
    replaced
}

fn secrets_in_query(text: &str, start: usize) -> Vec<Range<usize>> {
    let secret = |(range, parameter): (Range<usize>, &str)| {
        let (name, value) = parameter.split_once('=')?;
        let is_secret = !value.is_empty() && names_a_secret(name);
        is_secret.then(|| range.end - value.len()..range.end)
    };
    parts(text, start, '&').filter_map(secret).collect()
}

/// The parts of a text between separators, from a place on, without the white space around them.
fn parts(text: &str, start: usize, separator: char) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = start;
    text.get(start..).unwrap_or_default().split(separator).map(move |part| {
        let trimmed = part.trim_start();
        let begin = at + part.len() - trimmed.len();
        let trimmed = trimmed.trim_end();
        at += part.len() + separator.len_utf8();
        (begin..begin + trimmed.len(), trimmed)
    })
}

/// Whether an element of `Sec-WebSocket-Protocol` is a token rather than a name: programs in browsers, which cannot set other
/// headers, send their credentials there. Names are short, or of words in lower case.
fn is_token(element: &str) -> bool {
    if element.len() < SHORTEST_TOKEN {
        return false;
    }
    let has = |kind: fn(&u8) -> bool| element.as_bytes().iter().any(kind);
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let is_hexadecimal =
        has(u8::is_ascii_digit) && element.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_mixed || is_hexadecimal || names_a_secret(element)
}

fn names_a_secret(name: &str) -> bool {
    let name = percent_decoded(name).to_ascii_lowercase();
    let inside = ["token", "secret", "password", "passwd", "auth", "credential", "signature", "session"];
    let at_the_end = ["key", "pwd", "pass", "sig", "jwt"];
    inside.iter().any(|word| name.contains(word)) || at_the_end.iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_and_what_is_not() {
        for (name, value, shown) in [
            ("Authorization", "Bearer abc", "•••"),
            ("X-Api-Key", "k", "•••"),
            ("Origin", "https://user:pw@example.org/?token=1&x=2&sig=", "https://•••@example.org/?token=•••&x=2&sig="),
            ("X-Path", "/a?session_id=7#end", "/a?session_id=•••"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="),
            (
                "Sec-WebSocket-Protocol",
                "chat, graphql-transport-ws ,v12.stomp",
                "chat, graphql-transport-ws ,v12.stomp",
            ),
            ("Sec-WebSocket-Protocol", "access, eyJhbGciOiJIUzI1NiJ9.e30.x , v1", "access, ••• , v1"),
            ("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.abc", "•••"),
            ("Sec-WebSocket-Protocol", "vnd.example.realtime.v2+json", "vnd.example.realtime.v2+json"),
            ("Sec-WebSocket-Protocol", "0123456789abcdef0123456789abcdef", "•••"),
        ] {
            assert_eq!(masked_header(name, value), shown, "{name}");
            let same_length = overwritten(value, &secrets_in_header(name, value));
            assert_eq!(same_length.len(), value.len());
            assert_eq!(same_length == value, shown == value);
            assert!(masked_in_header(name, value).is_empty(), "{name}");
            assert_eq!(masked_in_header(name, &same_length), secrets_in_header(name, value), "{name}");
        }
    }

    #[test]
    fn a_star_that_hides_nothing_is_no_masked_secret() {
        for (name, value) in [("Accept", "*"), ("Origin", "https://a/?q=***"), ("Authorization", ""), ("Cookie", "a=*")]
        {
            assert!(masked_in_header(name, value).is_empty(), "{name}: {value}");
        }
        assert_eq!(masked_in_url("ws://***@host/?token=****&x=*"), [5..8, 21..25]);
    }
}
