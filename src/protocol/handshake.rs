//! The opening handshake of RFC 6455 section 4: what each side asked for, and whether the two heads agree.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha1::{Digest, Sha1};

use super::finding::Rule;
use super::http::{Headers, RequestHead, ResponseHead};
use super::permessage_deflate::{self, Answer, Compression, Offer};

/// The GUID that a server appends to the key (RFC 6455 1.3).
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The value of `Sec-WebSocket-Accept` that answers a `Sec-WebSocket-Key` (RFC 6455 4.2.2).
pub fn accept_for_key(key: &str) -> String {
    let digest = Sha1::new().chain_update(key.trim()).chain_update(ACCEPT_GUID).finalize();
    BASE64.encode(digest)
}

/// The two heads of an opening handshake, as far as they have come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handshake {
    /// The client's request.
    pub request: Option<RequestHead>,
    /// The server's response.
    pub response: Option<ResponseHead>,
}

impl Handshake {
    /// The response's status code.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// Whether the server switched protocols, so that frames follow.
    pub fn is_upgraded(&self) -> bool {
        self.status() == Some(101)
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&str> {
        self.response.as_ref()?.headers.first("Sec-WebSocket-Protocol")
    }

    /// The extensions that the server agreed to, with their parameters.
    pub fn extensions(&self) -> Vec<&str> {
        self.response
            .as_ref()
            .map(|response| response.headers.elements("Sec-WebSocket-Extensions").collect())
            .unwrap_or_default()
    }

    /// How each side compresses, when permessage-deflate was agreed; an answer that cannot be read is taken for one without parameters.
    pub fn compression(&self) -> Option<Compression> {
        let response = self.response.as_ref().filter(|_| self.is_upgraded())?;
        let answer = compression_elements(&response.headers).next()?;
        Some(Answer::parse(answer).unwrap_or_default().compression())
    }

    /// How each side compresses, the client within what it announced too: it keeps to that whether the server repeats it or not.
    pub fn kept_compression(&self) -> Option<Compression> {
        let mut compression = self.compression()?;
        if let Some(offer) = self.accepted_offer() {
            let own = &mut compression.client_to_server;
            *own = offer.announced(*own);
        }
        Some(compression)
    }

    /// The client's first offer of permessage-deflate to which the server's answer is one.
    pub fn accepted_offer(&self) -> Option<Offer> {
        let answer = Answer::parse(compression_elements(&self.response.as_ref()?.headers).next()?).ok()?;
        compression_offers(self.request.as_ref()?).find(|offer| offer.allows(&answer))
    }

    /// The subprotocols that the client offered.
    pub fn offered_subprotocols(&self) -> Vec<&str> {
        self.request
            .as_ref()
            .map(|request| request.headers.elements("Sec-WebSocket-Protocol").collect())
            .unwrap_or_default()
    }

    /// The `Sec-WebSocket-Accept` that the request's key demands.
    pub fn expected_accept(&self) -> Option<String> {
        self.request.as_ref()?.headers.first("Sec-WebSocket-Key").map(accept_for_key)
    }
}

/// Every rule of RFC 6455 4.1 and 4.2.1 that a request breaks.
pub fn check_request(request: &RequestHead) -> Vec<Rule> {
    let headers = &request.headers;
    let mut broken = Vec::new();
    if request.method != "GET" {
        broken.push(Rule::RequestMethodNotGet);
    }
    if request.version != "HTTP/1.1" {
        broken.push(Rule::RequestVersionNotHttp11);
    }
    if headers.first("Host").is_none() {
        broken.push(Rule::RequestHostMissing);
    }
    if !headers.has_element("Upgrade", "websocket") {
        broken.push(Rule::RequestUpgradeMissing);
    }
    if !headers.has_element("Connection", "upgrade") {
        broken.push(Rule::RequestConnectionMissing);
    }
    match headers.first("Sec-WebSocket-Key") {
        None => broken.push(Rule::RequestKeyMissing),
        Some(key) if BASE64.decode(key).is_ok_and(|nonce| nonce.len() == 16) => {}
        Some(_) => broken.push(Rule::RequestKeyNotSixteenBytes),
    }
    if headers.all("Sec-WebSocket-Key").count() > 1 {
        broken.push(Rule::RequestKeyRepeated);
    }
    if headers.first("Sec-WebSocket-Version") != Some("13") {
        broken.push(Rule::RequestWebSocketVersionNot13);
    }
    if headers.all("Sec-WebSocket-Version").count() > 1 {
        broken.push(Rule::RequestWebSocketVersionRepeated);
    }
    if compression_elements(headers).any(|element| Offer::parse(element).is_err()) {
        broken.push(Rule::CompressionOfferInvalid);
    }
    broken
}

/// Every rule of RFC 6455 4.1 that a 101 response breaks, seen against the request that it answers; without the request, those that
/// the response breaks by itself.
pub fn check_response(request: Option<&RequestHead>, response: &ResponseHead) -> Vec<Rule> {
    let headers = &response.headers;
    let mut broken = Vec::new();
    if response.version != "HTTP/1.1" {
        broken.push(Rule::ResponseVersionNotHttp11);
    }
    if !headers.has_element("Upgrade", "websocket") {
        broken.push(Rule::ResponseUpgradeMissing);
    }
    if !headers.has_element("Connection", "upgrade") {
        broken.push(Rule::ResponseConnectionMissing);
    }
    let expected = request.and_then(|request| request.headers.first("Sec-WebSocket-Key")).map(accept_for_key);
    match (headers.first("Sec-WebSocket-Accept"), expected) {
        (None, _) => broken.push(Rule::ResponseAcceptMissing),
        (Some(accept), Some(expected)) if accept != expected => broken.push(Rule::ResponseAcceptWrong),
        _ => {}
    }
    if headers.all("Sec-WebSocket-Accept").count() > 1 {
        broken.push(Rule::ResponseAcceptRepeated);
    }
    if headers.all("Sec-WebSocket-Protocol").count() > 1 {
        broken.push(Rule::ResponseSubprotocolRepeated);
    }
    let answers: Vec<_> = compression_elements(headers).map(Answer::parse).collect();
    if answers.len() > 1 || answers.iter().any(Result::is_err) {
        broken.push(Rule::CompressionAnswerInvalid);
    }
    let Some(request) = request else { return broken };
    if let Some(chosen) = headers.first("Sec-WebSocket-Protocol")
        && !request.headers.elements("Sec-WebSocket-Protocol").any(|offered| offered == chosen)
    {
        broken.push(Rule::ResponseSubprotocolNotOffered);
    }
    let offered: Vec<&str> = request.headers.elements("Sec-WebSocket-Extensions").map(extension_name).collect();
    if headers.elements("Sec-WebSocket-Extensions").any(|agreed| !offered.contains(&extension_name(agreed))) {
        broken.push(Rule::ResponseExtensionNotOffered);
    } else if let [Ok(answer)] = answers.as_slice()
        && !compression_offers(request).any(|offer| offer.allows(answer))
    {
        broken.push(Rule::CompressionAnswerNotOffered);
    }
    broken
}

/// The offers of permessage-deflate that a server may accept, the preferred one first.
pub fn compression_offers(request: &RequestHead) -> impl Iterator<Item = Offer> {
    compression_elements(&request.headers).filter_map(|element| Offer::parse(element).ok())
}

/// The offers of permessage-deflate, or the answers to them.
pub(super) fn compression_elements(headers: &Headers) -> impl Iterator<Item = &str> {
    headers.elements("Sec-WebSocket-Extensions").filter(|element| extension_name(element) == permessage_deflate::NAME)
}

/// The name of an extension without its parameters.
pub(super) fn extension_name(extension: &str) -> &str {
    extension.split(';').next().unwrap_or_default().trim()
}
