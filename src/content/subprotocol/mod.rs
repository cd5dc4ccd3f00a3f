//! What is spoken over WebSocket: which subprotocol it is, a line about each message, and the identifiers of requests and replies.
//! Every message is read by itself; what earlier messages said is not remembered.

mod graphql;
mod json_rpc;
mod mqtt;
mod phoenix;
mod signalr;
mod socket_io;
mod stomp;
mod summary;
mod wamp;

use crate::protocol::direction::Direction;
use crate::protocol::handshake::Handshake;
use crate::protocol::message::MessageKind;

use super::correlation::{Correlation, MOST_IN_A_MESSAGE};

/// A summary looks at no more of a payload than this many bytes.
pub const SUMMARISED: usize = 4096;

/// How many messages are looked at to recognise a subprotocol.
pub const RECOGNISED_FROM: usize = 8;

/// The content of a message as far as it is at hand.
#[derive(Debug, Clone, Copy)]
pub struct Content<'payload> {
    /// Which way it goes.
    pub direction: Direction,
    /// Whether it is a text message.
    pub is_text: bool,
    /// The start of the payload, or all of it: without mask, joined, inflated.
    pub payload: &'payload [u8],
    /// How many bytes the payload has in all.
    pub length: u64,
}

impl<'payload> Content<'payload> {
    /// A message that is there with all of its bytes.
    pub fn whole(direction: Direction, is_text: bool, payload: &'payload [u8]) -> Content<'payload> {
        Content { direction, is_text, payload, length: payload.len() as u64 }
    }

    /// Whether all of the payload is at hand.
    pub fn is_whole(&self) -> bool {
        self.payload.len() as u64 >= self.length
    }

    fn start(&self, limit: usize) -> Content<'payload> {
        Content { payload: self.payload.get(..limit).unwrap_or(self.payload), ..*self }
    }

    fn text(&self) -> Option<&'payload str> {
        super::one_line::readable(self.payload)
    }
}

/// Whether a message shows its subprotocol by itself.
type Shows = fn(&Content<'_>) -> bool;

/// What is spoken over a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subprotocol {
    /// Engine.IO 3 or 4 with an application of its own.
    EngineIo,
    /// Socket.IO over Engine.IO.
    SocketIo,
    /// GraphQL by `graphql-transport-ws`.
    GraphqlTransportWs,
    /// GraphQL by the older `graphql-ws`.
    GraphqlWs,
    /// STOMP 1.0 to 1.2.
    Stomp,
    /// MQTT 3.1.1 or 5.
    Mqtt,
    /// The hub protocols of SignalR, JSON or MessagePack.
    SignalR,
    /// WAMP 2 in JSON, MessagePack or CBOR.
    Wamp,
    /// Phoenix channels, version 1 or 2.
    Phoenix,
    /// JSON-RPC 2.0, or what is like it.
    JsonRpc,
}

impl Subprotocol {
    /// Every subprotocol, in the order in which they are offered.
    pub const ALL: [Subprotocol; 10] = [
        Subprotocol::EngineIo,
        Subprotocol::SocketIo,
        Subprotocol::GraphqlTransportWs,
        Subprotocol::GraphqlWs,
        Subprotocol::JsonRpc,
        Subprotocol::Mqtt,
        Subprotocol::Phoenix,
        Subprotocol::SignalR,
        Subprotocol::Stomp,
        Subprotocol::Wamp,
    ];

    /// The name in lower case, as options write it.
    pub fn name(self) -> &'static str {
        match self {
            Subprotocol::EngineIo => "engine.io",
            Subprotocol::SocketIo => "socket.io",
            Subprotocol::GraphqlTransportWs => "graphql-transport-ws",
            Subprotocol::GraphqlWs => "graphql-ws",
            Subprotocol::Stomp => "stomp",
            Subprotocol::Mqtt => "mqtt",
            Subprotocol::SignalR => "signalr",
            Subprotocol::Wamp => "wamp",
            Subprotocol::Phoenix => "phoenix",
            Subprotocol::JsonRpc => "json-rpc",
        }
    }

    /// The name as a title.
    pub fn title(self) -> &'static str {
        match self {
            Subprotocol::EngineIo => "Engine.IO",
            Subprotocol::SocketIo => "Socket.IO",
            Subprotocol::GraphqlTransportWs => "GraphQL (graphql-transport-ws)",
            Subprotocol::GraphqlWs => "GraphQL (graphql-ws)",
            Subprotocol::Stomp => "STOMP",
            Subprotocol::Mqtt => "MQTT",
            Subprotocol::SignalR => "SignalR",
            Subprotocol::Wamp => "WAMP",
            Subprotocol::Phoenix => "Phoenix",
            Subprotocol::JsonRpc => "JSON-RPC",
        }
    }

    /// The subprotocol of this name.
    pub fn of_name(name: &str) -> Option<Subprotocol> {
        Subprotocol::ALL.into_iter().find(|subprotocol| subprotocol.name() == name)
    }

    /// The subprotocol that the handshake names: by the server's choice, else by the request target, else by `url`.
    pub fn of(handshake: &Handshake, url: Option<&str>) -> Option<Subprotocol> {
        let target = handshake.request.as_ref().map(|request| request.target.as_str());
        handshake.subprotocol().and_then(of_token).or_else(|| of_target(target.or(url)?))
    }

    /// The subprotocol that a message shows by itself, when that is unmistakable.
    pub fn of_content(content: &Content<'_>) -> Option<Subprotocol> {
        let content = &content.start(SUMMARISED);
        let recognised: [(Shows, Subprotocol); 8] = [
            (signalr::is_handshake, Subprotocol::SignalR),
            (stomp::is_connect, Subprotocol::Stomp),
            (mqtt::is_connect, Subprotocol::Mqtt),
            (wamp::is_hello, Subprotocol::Wamp),
            (phoenix::is_join, Subprotocol::Phoenix),
            (json_rpc::is_version_2, Subprotocol::JsonRpc),
            (socket_io::is_open, Subprotocol::SocketIo),
            (graphql::is_start, Subprotocol::GraphqlWs),
        ];
        recognised.into_iter().find(|(is_it, _)| is_it(content)).map(|(_, subprotocol)| subprotocol)
    }

    /// The subprotocol of a session: as the handshake names it, else as one of the first messages shows it; `read` gives those, by their
    /// place.
    pub fn of_session(
        handshake: &Handshake,
        url: Option<&str>,
        read: impl Fn(usize) -> Option<(Direction, MessageKind, Vec<u8>)>,
    ) -> Option<Subprotocol> {
        let shown = || {
            (0..RECOGNISED_FROM).map_while(read).find_map(|(direction, kind, payload)| {
                Subprotocol::of_content(&Content::whole(direction, kind == MessageKind::Text, &payload))
            })
        };
        Subprotocol::of(handshake, url).or_else(shown)
    }

    /// One line about a message, at most about 200 characters, harmless to a screen; `None` when it is not of this subprotocol.
    pub fn summary(self, content: &Content<'_>) -> Option<String> {
        let content = &content.start(SUMMARISED);
        match self {
            Subprotocol::EngineIo => socket_io::summary(content, false),
            Subprotocol::SocketIo => socket_io::summary(content, true),
            Subprotocol::GraphqlTransportWs | Subprotocol::GraphqlWs => graphql::summary(content),
            Subprotocol::Stomp => stomp::summary(content),
            Subprotocol::Mqtt => mqtt::summary(content),
            Subprotocol::SignalR => signalr::summary(content),
            Subprotocol::Wamp => wamp::summary(content),
            Subprotocol::Phoenix => phoenix::summary(content),
            Subprotocol::JsonRpc => json_rpc::summary(content),
        }
    }

    /// The requests and replies in a message; the work is bounded by the payload that is given.
    pub fn correlations(self, content: &Content<'_>) -> Vec<Correlation> {
        let mut found = match self {
            Subprotocol::EngineIo => socket_io::correlations(content, false),
            Subprotocol::SocketIo => socket_io::correlations(content, true),
            Subprotocol::GraphqlTransportWs | Subprotocol::GraphqlWs => graphql::correlations(content),
            Subprotocol::Stomp => stomp::correlations(content),
            Subprotocol::Mqtt => mqtt::correlations(content),
            Subprotocol::SignalR => signalr::correlations(content),
            Subprotocol::Wamp => wamp::correlations(content),
            Subprotocol::Phoenix => phoenix::correlations(content),
            Subprotocol::JsonRpc => json_rpc::correlations(content),
        };
        found.truncate(MOST_IN_A_MESSAGE);
        found
    }
}

/// By the value of `Sec-WebSocket-Protocol`.
fn of_token(token: &str) -> Option<Subprotocol> {
    let token = token.trim().to_ascii_lowercase();
    Some(match token.as_str() {
        "graphql-transport-ws" => Subprotocol::GraphqlTransportWs,
        "graphql-ws" => Subprotocol::GraphqlWs,
        "stomp" | "v10.stomp" | "v11.stomp" | "v12.stomp" => Subprotocol::Stomp,
        "mqtt" | "mqttv3.1" => Subprotocol::Mqtt,
        "jsonrpc" | "json-rpc" | "jsonrpc-2.0" => Subprotocol::JsonRpc,
        token if token.starts_with("wamp.2.") => Subprotocol::Wamp,
        _ => return None,
    })
}

/// By what is peculiar to the addresses of a subprotocol.
fn of_target(target: &str) -> Option<Subprotocol> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let is_engine_io = parameters.clone().any(|(name, value)| name == "EIO" && matches!(value, "3" | "4"));
    if is_engine_io {
        let is_plain = path.trim_end_matches('/').ends_with("/engine.io");
        return Some(if is_plain { Subprotocol::EngineIo } else { Subprotocol::SocketIo });
    }
    if path.contains("/socket.io/") {
        return Some(Subprotocol::SocketIo);
    }
    let is_phoenix = path.ends_with("/websocket")
        && parameters.any(|(name, value)| name == "vsn" && matches!(value, "1.0.0" | "2.0.0"));
    is_phoenix.then_some(Subprotocol::Phoenix)
}
