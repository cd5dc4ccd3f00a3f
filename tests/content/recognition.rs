//! Which subprotocol a session speaks.

use closelook::content::subprotocol::{Content, Subprotocol};
use closelook::protocol::direction::Direction::ClientToServer;
use closelook::protocol::handshake::Handshake;
use closelook::protocol::http::{HeadParse, RequestHead, ResponseHead};

use crate::hex;

fn handshake(target: &str, chosen: &str) -> Handshake {
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Protocol: mqtt, v12.stomp\r\n\r\n");
    let HeadParse::Complete { head: request, .. } = RequestHead::parse(request.as_bytes()) else { panic!("a request") };
    let chosen = if chosen.is_empty() { String::new() } else { format!("Sec-WebSocket-Protocol: {chosen}\r\n") };
    let response = format!("HTTP/1.1 101 Switching Protocols\r\n{chosen}\r\n");
    let HeadParse::Complete { head: response, .. } = ResponseHead::parse(response.as_bytes()) else {
        panic!("a response")
    };
    Handshake { request: Some(request), response: Some(response) }
}

#[test]
fn the_handshake_names_it() {
    for (target, chosen, expected) in [
        ("/", "graphql-transport-ws", Some(Subprotocol::GraphqlTransportWs)),
        ("/", "graphql-ws", Some(Subprotocol::GraphqlWs)),
        ("/", "v12.stomp", Some(Subprotocol::Stomp)),
        ("/", "mqtt", Some(Subprotocol::Mqtt)),
        ("/", "wamp.2.json", Some(Subprotocol::Wamp)),
        ("/", "wamp.2.msgpack", Some(Subprotocol::Wamp)),
        ("/socket.io/?EIO=4&transport=websocket", "", Some(Subprotocol::SocketIo)),
        ("/somewhere/?transport=websocket&EIO=3", "", Some(Subprotocol::SocketIo)),
        ("/engine.io/?EIO=4&transport=websocket", "", Some(Subprotocol::EngineIo)),
        ("/socket/websocket?vsn=2.0.0", "", Some(Subprotocol::Phoenix)),
        ("/chat?vsn=2.0.0", "", None),
        ("/?EIO=5", "", None),
        ("/", "", None),
        ("/", "chat", None),
    ] {
        assert_eq!(Subprotocol::of(&handshake(target, chosen), None), expected, "{target} {chosen}");
    }
    let url = "wss://example.org/socket.io/?EIO=4&transport=websocket";
    assert_eq!(Subprotocol::of(&Handshake::default(), Some(url)), Some(Subprotocol::SocketIo));
}

#[test]
fn a_message_shows_it_when_it_is_unmistakable() {
    let of = |is_text, payload: &[u8]| Subprotocol::of_content(&Content::whole(ClientToServer, is_text, payload));
    for (text, expected) in [
        ("{\"protocol\":\"messagepack\",\"version\":1}\x1e", Some(Subprotocol::SignalR)),
        ("CONNECT\naccept-version:1.2\n\n\0", Some(Subprotocol::Stomp)),
        ("CONNECT\n\n\0", None),
        (r#"[1,"realm1",{"roles":{}}]"#, Some(Subprotocol::Wamp)),
        (r#"[1,"a",{}]"#, None),
        (r#"["3","3","room:lobby","phx_join",{"a":1}]"#, Some(Subprotocol::Phoenix)),
        (r#"{"jsonrpc":"2.0","method":"a"}"#, Some(Subprotocol::JsonRpc)),
        (r#"0{"sid":"a","pingInterval":1}"#, Some(Subprotocol::SocketIo)),
        (r#"{"type":"connection_init"}"#, Some(Subprotocol::GraphqlWs)),
        (r#"{"type":"message","id":1}"#, None),
        ("hello", None),
    ] {
        assert_eq!(of(true, text.as_bytes()), expected, "{text}");
    }
    assert_eq!(of(false, &hex("100f00044d5154540402003c0003632d31")), Some(Subprotocol::Mqtt));
    assert_eq!(of(false, &hex("1003000000")), None);
}

#[test]
fn names_are_read_back() {
    for subprotocol in Subprotocol::ALL {
        assert_eq!(Subprotocol::of_name(subprotocol.name()), Some(subprotocol));
    }
    assert_eq!(Subprotocol::of_name("xmpp"), None);
}
