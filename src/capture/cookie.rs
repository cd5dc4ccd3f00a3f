//! Cookies (RFC 6265), as far as a few redirections need them: name and value, Path, Secure and Max-Age=0. A cookie goes back to the
//! host that set it and to no other, also when its `Domain` would allow more; dates are not looked at.

use super::target::Target;

/// The most cookies that are kept, and the longest one in bytes (RFC 6265 6.1).
const MOST_COOKIES: usize = 50;
const LONGEST_COOKIE: usize = 4096;

/// Whether a text is `NAME=VALUE` as it may stand in a `Cookie` header.
pub(super) fn is_pair(text: &str) -> bool {
    let Some((name, value)) = text.split_once('=') else { return false };
    let is_safe = |part: &str| part.chars().all(|c| !c.is_control() && c != ';');
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic()) && is_safe(name) && is_safe(value)
}

#[derive(Debug, Clone)]
struct Stored {
    name: String,
    value: String,
    host: String,
    path: String,
    is_secure: bool,
}

/// The cookies that servers have set.
#[derive(Debug, Clone, Default)]
pub(super) struct Jar {
    cookies: Vec<Stored>,
}

impl Jar {
    /// Takes the value of a `Set-Cookie` header in a response from `target`; what is not sound is ignored (RFC 6265 5.2).
    pub(super) fn store(&mut self, set_cookie: &str, target: &Target) {
        let mut parts = set_cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        if set_cookie.len() > LONGEST_COOKIE || !is_pair(&format!("{name}={value}")) {
            return;
        }
        let mut cookie = Stored {
            name: name.to_owned(),
            value: value.to_owned(),
            host: target.host(),
            path: default_path(target.path()).to_owned(),
            is_secure: false,
        };
        let mut is_removal = false;
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match (key.trim().to_ascii_lowercase().as_str(), value.trim()) {
                ("path", path) if path.starts_with('/') => cookie.path = path.to_owned(),
                ("secure", _) => cookie.is_secure = true,
                ("max-age", seconds) => is_removal = seconds == "0" || seconds.starts_with('-'),
                ("domain", domain) if !covers(domain, &cookie.host) => return,
                _ => {}
            }
        }
        if cookie.is_secure && !target.is_secure() {
            return;
        }
        self.cookies.retain(|old| (&old.name, &old.host, &old.path) != (&cookie.name, &cookie.host, &cookie.path));
        if !is_removal && self.cookies.len() < MOST_COOKIES {
            self.cookies.push(cookie);
        }
    }

    /// The cookies for a request to `target` as `NAME=VALUE`, those with the longest path first (RFC 6265 5.4).
    pub(super) fn for_target(&self, target: &Target) -> Vec<String> {
        let mut chosen: Vec<&Stored> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.host == target.host())
            .filter(|cookie| target.is_secure() || !cookie.is_secure)
            .filter(|cookie| is_below(target.path(), &cookie.path))
            .collect();
        chosen.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        chosen.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect()
    }
}

/// The folder of the request's path (RFC 6265 5.1.4).
fn default_path(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder,
        _ => "/",
    }
}

/// Whether a cookie's path matches a request's (RFC 6265 5.1.4).
fn is_below(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

/// Whether a `Domain` holds this host (RFC 6265 5.1.3); an empty one says nothing.
fn covers(domain: &str, host: &str) -> bool {
    let domain = domain.strip_prefix('.').unwrap_or(domain).to_ascii_lowercase();
    domain.is_empty()
        || host
            .strip_suffix(&domain)
            .is_some_and(|rest| rest.is_empty() || (rest.ends_with('.') && host.parse::<std::net::IpAddr>().is_err()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Target {
        Target::parse(url).unwrap()
    }

    /// What is sent to `to` after `from` has set these cookies.
    fn sent(from: &str, set: &[&str], to: &str) -> Vec<String> {
        let mut jar = Jar::default();
        set.iter().for_each(|set| jar.store(set, &target(from)));
        jar.for_target(&target(to))
    }

    #[test]
    fn a_cookie_goes_back_to_its_host_only() {
        assert_eq!(sent("ws://h/", &["a=1; HttpOnly", "b = x=y "], "ws://h:81/p"), ["a=1", "b=x=y"]);
        assert!(sent("ws://h/", &["a=1"], "ws://other/").is_empty());
        assert!(sent("ws://h.example/", &["a=1; Domain=h.example"], "ws://sub.h.example/").is_empty());
        assert_eq!(sent("ws://h.example/", &["a=1; Domain=.example"], "ws://h.example/"), ["a=1"]);
        assert!(sent("ws://h.example/", &["a=1; Domain=elsewhere"], "ws://h.example/").is_empty());
    }

    #[test]
    fn path_and_secure_are_honoured() {
        for (set, to, is_sent) in [
            ("a=1; Path=/x", "ws://h/x", true),
            ("a=1; Path=/x", "ws://h/x/y", true),
            ("a=1; Path=/x", "ws://h/xy", false),
            ("a=1; Path=/x/", "ws://h/x/y", true),
            ("a=1", "ws://h/login/two", true),
            ("a=1", "ws://h/chat", false),
            ("a=1; Path=no", "ws://h/login/", true),
        ] {
            assert_eq!(!sent("ws://h/login/one", &[set], to).is_empty(), is_sent, "{set} to {to}");
        }
        assert_eq!(sent("wss://h/", &["a=1; Secure"], "wss://h/"), ["a=1"]);
        assert!(sent("wss://h/", &["a=1; Secure"], "ws://h/").is_empty());
        assert!(sent("ws://h/", &["a=1; Secure"], "wss://h/").is_empty());
        assert_eq!(sent("ws://h/", &["a=1", "b=2; Path=/x/y"], "ws://h/x/y"), ["b=2", "a=1"]);
    }

    #[test]
    fn a_later_cookie_takes_the_place_and_an_unsound_one_is_ignored() {
        assert_eq!(sent("ws://h/", &["a=1", "a=2"], "ws://h/"), ["a=2"]);
        assert!(sent("ws://h/", &["a=1", "a=; Max-Age=0"], "ws://h/").is_empty());
        let long = format!("a={}", "x".repeat(LONGEST_COOKIE));
        assert!(sent("ws://h/", &["", "a", "=1", "a b=1", "a=\u{7}", &long], "ws://h/").is_empty());
        let many: Vec<String> = (0..100).map(|number| format!("c{number}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(sent("ws://h/", &many, "ws://h/").len(), MOST_COOKIES);
    }

    #[test]
    fn pairs() {
        for (text, expected) in
            [("a=1", true), ("a=", true), ("a=b=c", true), ("a", false), ("=1", false), ("a=1;b=2", false)]
        {
            assert_eq!(is_pair(text), expected, "{text}");
        }
    }
}
