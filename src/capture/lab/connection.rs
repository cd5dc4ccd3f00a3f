//! One connection from its first byte: the request's head is read and answered, and an upgrade is handed to its scenario.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::behaviour::play;
use super::endpoint::{Ended, Endpoint};
use super::limits::Limits;
use super::response::Response;
use super::upgrade::{Answer, answer};
use crate::protocol::http::{HeadParse, RequestHead};

/// What came of the wait for a request.
enum Request {
    /// A head, and the bytes that came with it and after it.
    Complete(RequestHead, Vec<u8>),
    /// Something else, and how to say so.
    Refused(Response),
}

/// Serves a connection to its end; one that is not `served` is told that there is no room.
pub(super) fn serve(stream: Arc<TcpStream>, limits: Limits, served: bool) -> Result<(), Ended> {
    stream.set_nodelay(true).map_err(|_| Ended)?;
    let (response, head_only) = match read_request(&stream, &limits)? {
        Request::Refused(response) => (response, false),
        Request::Complete(..) if !served => {
            let sentence = format!(
                "The lab serves {} connections at a time and they are all taken. End some and try again.",
                limits.connections
            );
            (Response::text("503 Service Unavailable", sentence), false)
        }
        Request::Complete(request, early) => match answer(&request, stream.local_addr().map_err(|_| Ended)?) {
            Answer::Respond(response) => (response, request.method == "HEAD"),
            Answer::Upgrade { head, compression, scenario } => {
                let mut endpoint = Endpoint::new(stream, limits, compression.as_ref(), &early);
                endpoint.send_bytes(head.as_bytes())?;
                return play(&scenario, &mut endpoint);
            }
        },
    };
    let mut endpoint = Endpoint::new(stream, limits, None, &[]);
    endpoint.send_bytes(&response.bytes(head_only))?;
    endpoint.end_with_fin()
}

fn read_request(mut stream: &TcpStream, limits: &Limits) -> Result<Request, Ended> {
    let deadline = Instant::now() + limits.head_patience;
    let mut collected = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left == Duration::ZERO {
            return Ok(Request::Refused(Response::text(
                "408 Request Timeout",
                format!("The head of the request was not complete after {} ms.", limits.head_patience.as_millis()),
            )));
        }
        stream.set_read_timeout(Some(left)).map_err(|_| Ended)?;
        match stream.read(&mut buffer) {
            Ok(0) => return Err(Ended),
            Ok(length) => collected.extend_from_slice(buffer.get(..length).unwrap_or_default()),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => continue,
                _ => return Err(Ended),
            },
        }
        // A TLS greeting has no line end to wait for; its first byte tells.
        if !collected.first().is_some_and(u8::is_ascii_uppercase) {
            return Ok(Request::Refused(Response::text(
                "400 Bad Request",
                "These bytes are not an HTTP request. The lab speaks ws:// and http://, without TLS.",
            )));
        }
        match RequestHead::parse(&collected) {
            HeadParse::Incomplete => {}
            HeadParse::Malformed(error) => {
                let sentence = format!("The request cannot be read: {error}.");
                return Ok(Request::Refused(Response::text("400 Bad Request", sentence)));
            }
            HeadParse::Complete { head, length } => {
                return Ok(Request::Complete(head, collected.split_off(length.min(collected.len()))));
            }
        }
    }
}
