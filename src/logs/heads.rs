//! The two heads of an opening handshake, written again from what is known of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::protocol::handshake::accept_for_key;
use crate::protocol::http::LONGEST_HEAD;

/// The nonce of a request whose own is not in the file.
const MADE_UP_NONCE: &[u8; 16] = b"not in the file.";

/// The space of a head that header fields may take; the start line and what is added need the rest.
const MOST_OF_FIELDS: usize = LONGEST_HEAD / 2;

/// Header fields in their order.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Vec<(String, String)>,
    length: usize,
    /// Whether some were left out because they are too many or too long.
    pub(super) is_cut: bool,
}

impl Fields {
    /// Adds a field as a HAR has it: pseudo-fields of HTTP/2 are left out, and values that were joined with line ends are parted.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let is_name = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        if name.is_empty() || !name.bytes().all(is_name) {
            return;
        }
        for value in value.split(['\n', '\r']).filter(|part| !part.is_empty() || value.is_empty()) {
            self.length += name.len() + value.len() + 4;
            if self.length > MOST_OF_FIELDS {
                self.is_cut = true;
                return;
            }
            self.fields.push((name.to_owned(), value.trim().to_owned()));
        }
    }

    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    fn write(&self, head: &mut String) {
        for (name, value) in &self.fields {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
    }
}

/// What is known of the request.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) version: String,
    pub(super) fields: Fields,
}

/// What is known of the response.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// 0 when there was none.
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) version: String,
    pub(super) fields: Fields,
}

/// The heads as bytes, and what in them is not from the file.
#[derive(Debug, Default)]
pub(super) struct Heads {
    pub(super) request: Vec<u8>,
    /// Empty when there was no response.
    pub(super) response: Vec<u8>,
    /// What was added, as `request: Host`.
    pub(super) made_up: Vec<String>,
}

impl Heads {
    /// Writes both heads; what RFC 6455 4.1 and 4.2.2 demand and the file lacks is added, so that its absence from the file is not
    /// taken for one from the wire.
    pub(super) fn of(mut request: Request, mut response: Response, has_messages: bool) -> Heads {
        let mut made_up = Vec::new();
        let mut is_old_http = true;
        for (version, whose) in [(&request.version, "request"), (&response.version, "response")] {
            if !version.is_empty() && !version.to_ascii_uppercase().starts_with("HTTP/1") {
                is_old_http = false;
                made_up.push(format!("{whose}: HTTP/1.1 in the place of {version}"));
            }
        }
        let mut add = |fields: &mut Fields, whose: &str, name: &str, value: &str| {
            if !fields.has(name) {
                fields.fields.push((name.to_owned(), value.to_owned()));
                made_up.push(format!("{whose}: {name}"));
            }
        };
        let lacks_key = !request.fields.has("Sec-WebSocket-Key");
        add(&mut request.fields, "request", "Host", &authority(&request.url));
        add(&mut request.fields, "request", "Upgrade", "websocket");
        add(&mut request.fields, "request", "Connection", "Upgrade");
        add(&mut request.fields, "request", "Sec-WebSocket-Version", "13");
        add(&mut request.fields, "request", "Sec-WebSocket-Key", &BASE64.encode(MADE_UP_NONCE));
        let is_upgraded = has_messages || response.status == 101;
        if is_upgraded {
            // Without its key the file does not have the request's fields, and what was answered was offered in them.
            for name in ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"] {
                if lacks_key && let Some(answer) = response.fields.first(name).map(str::to_owned) {
                    add(&mut request.fields, "request", name, &answer);
                }
            }
            if lacks_key {
                response.fields.fields.retain(|(name, _)| !name.eq_ignore_ascii_case("Sec-WebSocket-Accept"));
            }
            let accept = accept_for_key(request.fields.first("Sec-WebSocket-Key").unwrap_or_default());
            add(&mut response.fields, "response", "Upgrade", "websocket");
            add(&mut response.fields, "response", "Connection", "Upgrade");
            add(&mut response.fields, "response", "Sec-WebSocket-Accept", &accept);
            if response.status != 101 {
                made_up.push(format!("response: status 101 in the place of {}", response.status));
            }
        }
        // HTTP/2 opens with CONNECT and answers 200 (RFC 8441 5).
        let method = match request.method.as_str() {
            "" => "GET",
            "CONNECT" if !is_old_http || has_messages => "GET",
            method => method,
        };
        let mut head = format!("{} {} {}\r\n", token(method), target(&request.url), version(&request.version));
        request.fields.write(&mut head);
        let response = match (is_upgraded, response.status) {
            (true, status) => {
                let reason = if status == 101 && !response.reason.is_empty() {
                    one_line(&response.reason)
                } else {
                    "Switching Protocols".into()
                };
                let mut head = format!("{} 101 {reason}\r\n", version(&response.version));
                response.fields.write(&mut head);
                head.into_bytes()
            }
            (false, status @ 100..=999) => {
                let mut head = format!("{} {status} {}\r\n", version(&response.version), one_line(&response.reason));
                response.fields.write(&mut head);
                head.into_bytes()
            }
            (false, _) => Vec::new(),
        };
        Heads { request: head.into_bytes(), response, made_up }
    }
}

/// The version for a start line; newer ones have no start line.
fn version(written: &str) -> String {
    let written = written.to_ascii_uppercase();
    if written == "HTTP/1.0" { written } else { "HTTP/1.1".into() }
}

fn token(text: &str) -> &str {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) { text } else { "GET" }
}

fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(200).collect()
}

/// What stands between the scheme and the path, without user and password; a line end in it would end the head.
fn authority(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    one_line(host).trim().to_owned()
}

/// The path and the query.
fn target(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let target = rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or_default();
    let slash = if target.starts_with('/') { "" } else { "/" };
    let legal = |character: char| if character.is_ascii_graphic() || !character.is_ascii() { character } else { '+' };
    format!("{slash}{}", target.chars().map(legal).take(LONGEST_HEAD / 8).collect::<String>())
}
