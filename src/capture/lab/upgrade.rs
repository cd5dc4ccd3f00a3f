//! From a request to its answer: an upgrade to a scenario, the index page, or a refusal that says what is wrong.

use std::net::SocketAddr;

use super::page;
use super::response::Response;
use super::scenario::{Scenario, ScenarioError};
use crate::protocol::finding::Rule;
use crate::protocol::handshake::{accept_for_key, check_request, compression_offers};
use crate::protocol::http::RequestHead;
use crate::protocol::permessage_deflate::{self, Compression};

/// The subprotocols that the lab speaks, which all mean the same here.
const SUBPROTOCOLS: [&str; 2] = ["echo", "closelook"];

/// How a request is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// With 101, then frames.
    Upgrade {
        /// The response's head.
        head: String,
        /// How messages are compressed, when that is agreed in the head.
        compression: Option<Compression>,
        /// What follows.
        scenario: Scenario,
    },
    /// With a response, then the end.
    Respond(Response),
}

/// Decides on a request that came to `address`.
pub(super) fn answer(request: &RequestHead, address: SocketAddr) -> Answer {
    let headers = &request.headers;
    let asks_for_upgrade = headers.has_element("Upgrade", "websocket") || headers.first("Sec-WebSocket-Key").is_some();
    if !asks_for_upgrade && is_index(&request.target) {
        return Answer::Respond(match request.method.as_str() {
            "GET" | "HEAD" => Response::html(page::index(address)),
            _ => Response::text("405 Method Not Allowed", "This page is read with GET or HEAD.")
                .header("Allow", "GET, HEAD"),
        });
    }
    let scenario = match Scenario::parse(&request.target) {
        Ok(scenario) => scenario,
        Err(error) => return Answer::Respond(refuse_target(&error, address)),
    };
    if !asks_for_upgrade {
        let sentence =
            format!("This address speaks WebSocket: open ws://{address}{} with a WebSocket client.", scenario.path());
        return Answer::Respond(Response::text("426 Upgrade Required", sentence).header("Upgrade", "websocket"));
    }
    // An offer of compression that is invalid is declined, and not the request (RFC 7692 5.1).
    let broken = check_request(request).into_iter().find(|rule| *rule != Rule::CompressionOfferInvalid);
    match (broken, headers.first("Sec-WebSocket-Key")) {
        (None, Some(key)) => {
            let offers = compression_offers(request).filter(|_| scenario.compresses());
            let compression = offers.map(|offer| offer.accept()).next();
            Answer::Upgrade {
                head: switching_protocols(request, key, compression.as_ref()),
                compression: compression.map(|answer| answer.compression()),
                scenario,
            }
        }
        (Some(rule), _) => Answer::Respond(refuse_handshake(rule)),
        (None, None) => Answer::Respond(refuse_handshake(Rule::RequestKeyMissing)),
    }
}

fn is_index(target: &str) -> bool {
    target == "/" || target.starts_with("/?")
}

fn switching_protocols(request: &RequestHead, key: &str, compression: Option<&permessage_deflate::Answer>) -> String {
    let mut head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n",
        accept_for_key(key)
    );
    let offered = request.headers.elements("Sec-WebSocket-Protocol");
    if let Some(chosen) = offered.into_iter().find(|offered| SUBPROTOCOLS.contains(offered)) {
        head.push_str(&format!("Sec-WebSocket-Protocol: {chosen}\r\n"));
    }
    if let Some(answer) = compression {
        head.push_str(&format!("Sec-WebSocket-Extensions: {answer}\r\n"));
    }
    head.push_str("\r\n");
    head
}

fn refuse_target(error: &ScenarioError, address: SocketAddr) -> Response {
    match error {
        ScenarioError::UnknownPath(_) | ScenarioError::CloseCode(_) => {
            Response::text("404 Not Found", format!("{error}\n\nIt has these:\n{}", page::list(address)))
        }
        ScenarioError::UnknownParameter { .. } | ScenarioError::ParameterValue { .. } => {
            Response::text("400 Bad Request", error.to_string())
        }
    }
}

fn refuse_handshake(rule: Rule) -> Response {
    let sentence = format!("{} ({}, {}).", broken_rule(rule), rule.name(), rule.section());
    let response = Response::text("400 Bad Request", sentence);
    match rule {
        // RFC 6455 4.4: say which version would do.
        Rule::RequestWebSocketVersionNot13 => response.header("Sec-WebSocket-Version", "13"),
        _ => response,
    }
}

/// What is wrong with a request, as the start of a sentence.
fn broken_rule(rule: Rule) -> &'static str {
    match rule {
        Rule::RequestMethodNotGet => "An upgrade to WebSocket is asked for with GET",
        Rule::RequestVersionNotHttp11 => "An upgrade to WebSocket is asked for with HTTP/1.1",
        Rule::RequestHostMissing => "The request has no `Host`",
        Rule::RequestUpgradeMissing => "The request has no `Upgrade: websocket`",
        Rule::RequestConnectionMissing => "The request has no `Connection: Upgrade`",
        Rule::RequestKeyMissing => "The request has no `Sec-WebSocket-Key`",
        Rule::RequestKeyNotSixteenBytes => "`Sec-WebSocket-Key` is not 16 bytes in base64",
        Rule::RequestWebSocketVersionNot13 => "`Sec-WebSocket-Version` is not 13",
        _ => "The request is not a WebSocket handshake",
    }
}
