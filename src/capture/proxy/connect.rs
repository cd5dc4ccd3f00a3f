//! HTTP CONNECT (RFC 9110 9.3.6): one request, and a response whose end is the beginning of the tunnel.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::protocol::http::{HeadParse, LONGEST_HEAD, ResponseHead};

use super::super::host_and_port::HostAndPort;
use super::{Credentials, Progress, ProxyError, Refusal};

/// The request for a way to `destination`.
///
/// # Errors
/// When the credentials cannot be written as `Basic`.
pub(super) fn request(destination: &HostAndPort, credentials: Option<&Credentials>) -> Result<Vec<u8>, ProxyError> {
    let mut request = format!("CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n");
    if let Some(Credentials { user, password }) = credentials {
        if user.contains(':') {
            return Err(ProxyError::ColonInUser);
        }
        let encoded = BASE64.encode(format!("{user}:{password}"));
        request += &format!("Proxy-Authorization: Basic {encoded}\r\n");
    }
    request += "\r\n";
    Ok(request.into_bytes())
}

/// The response as far as it has come.
#[derive(Debug, Default)]
pub(in crate::capture) struct Connect {
    received: Vec<u8>,
}

impl Connect {
    /// Takes the next bytes, which must not go beyond the end of the head: they are best given one by one.
    ///
    /// # Errors
    /// When the answer is not 2xx, or not HTTP.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Refusal> {
        self.received.extend_from_slice(bytes);
        // Looked at only where it can be decided, so that a long head costs no more than its length.
        let may_be_decided = self.received.len() <= "HTTP/".len()
            || self.received.len() > LONGEST_HEAD
            || [&b"\n\n"[..], b"\n\r\n"].iter().any(|end| self.received.ends_with(end));
        if !may_be_decided {
            return Ok(Progress::Read);
        }
        match ResponseHead::parse(&self.received) {
            HeadParse::Incomplete => Ok(Progress::Read),
            HeadParse::Malformed(error) => Err(Refusal::NotHttp(error, std::mem::take(&mut self.received))),
            HeadParse::Complete { head, .. } => match head.status {
                // Interim responses come before the one that decides (RFC 9110 15.2).
                100..=199 => {
                    self.received.clear();
                    Ok(Progress::Read)
                }
                200..=299 => Ok(Progress::Open(
                    format!("{} {} {}", head.version, head.status, head.reason).trim_end().to_owned(),
                )),
                status => Err(Refusal::Status {
                    status,
                    challenge: head.headers.first("Proxy-Authenticate").map(str::to_owned),
                    reason: head.reason,
                }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(response: &str) -> (Result<Progress, Refusal>, usize) {
        let mut connect = Connect::default();
        for (index, byte) in response.bytes().enumerate() {
            match connect.receive(&[byte]) {
                Ok(Progress::Read) => {}
                decided => return (decided, index + 1),
            }
        }
        (Ok(Progress::Read), response.len())
    }

    #[test]
    fn the_request_names_the_destination_and_carries_credentials() {
        let destination = HostAndPort::parse("[::1]:9001", 80).unwrap();
        let credentials = Credentials { user: "ann".into(), password: "p:w".into() };
        assert_eq!(
            String::from_utf8(request(&destination, Some(&credentials)).unwrap()).unwrap(),
            "CONNECT [::1]:9001 HTTP/1.1\r\nHost: [::1]:9001\r\nProxy-Authorization: Basic YW5uOnA6dw==\r\n\r\n"
        );
        let plain = request(&HostAndPort::parse("host.example", 443).unwrap(), None).unwrap();
        assert_eq!(plain, b"CONNECT host.example:443 HTTP/1.1\r\nHost: host.example:443\r\n\r\n");
        let colon = Credentials { user: "a:b".into(), password: String::new() };
        assert_eq!(request(&destination, Some(&colon)), Err(ProxyError::ColonInUser));
    }

    #[test]
    fn the_tunnel_begins_behind_the_empty_line() {
        let head = "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n";
        let expected = Ok(Progress::Open("HTTP/1.1 200 Connection established".into()));
        assert_eq!(answered(&format!("{head}\x16\x03")), (expected, head.len()));
        assert_eq!(answered("HTTP/1.0 200\n\nrest").0, Ok(Progress::Open("HTTP/1.0 200".into())));
        let after_interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 x\r\n\r\n";
        assert_eq!(answered(after_interim), (Ok(Progress::Open("HTTP/1.1 204 x".into())), after_interim.len()));
        assert_eq!(answered("HTTP/1.1 200 OK\r\nVia: ").0, Ok(Progress::Read));
    }

    #[test]
    fn refusals_and_what_is_not_http() {
        let refused = answered("HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n").0;
        let challenge = Some("Basic realm=\"x\"".to_owned());
        assert_eq!(refused, Err(Refusal::Status { status: 407, reason: "Who?".into(), challenge }));
        // Told apart at the first byte, because there need not be a line end at all.
        assert!(matches!(answered("\x05\x00"), (Err(Refusal::NotHttp(..)), 1)));
        let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(LONGEST_HEAD));
        assert!(matches!(answered(&endless).0, Err(Refusal::NotHttp(..))));
    }
}
