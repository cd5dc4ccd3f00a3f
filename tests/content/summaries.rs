//! The line about a message of each subprotocol.

use closelook::content::subprotocol::{Content, Subprotocol};
use closelook::protocol::direction::Direction::{ClientToServer, ServerToClient};

use crate::hex;

fn text(subprotocol: Subprotocol, message: &str) -> String {
    let content = Content::whole(ClientToServer, true, message.as_bytes());
    subprotocol.summary(&content).unwrap_or_else(|| panic!("no summary of {message}"))
}

fn binary(subprotocol: Subprotocol, digits: &str) -> String {
    let payload = hex(digits);
    let content = Content::whole(ClientToServer, false, &payload);
    subprotocol.summary(&content).unwrap_or_else(|| panic!("no summary of {digits}"))
}

#[test]
fn socket_io_of_its_own_server_and_client() {
    for (message, expected) in [
        (
            r#"0{"sid":"WY_SDiolcAzCMTBAAAAA","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#,
            "open · sid WY_SDiolcAzCMTBAAAAA · pingInterval 300 · pingTimeout 200",
        ),
        ("40", "connect"),
        (r#"40{"sid":"qCLVbxztZR2P1mclAAAA"}"#, r#"connect · {"sid":"qCLVbxztZR2P1mclAAAA"}"#),
        (r#"420["chat",{"hello":"wörld"}]"#, r#"event "chat" · {"hello":"wörld"} · ack #0 wanted"#),
        (r#"42["plain",1,"two"]"#, r#"event "plain" · 1, "two""#),
        (
            r#"451-1["bin",{"_placeholder":true,"num":0}]"#,
            r#"event "bin" · {"_placeholder":true,"num":0} · ack #1 wanted · 1 attachment follows"#,
        ),
        (r#"430["got",{"hello":"wörld"}]"#, r#"ack #0 · "got", {"hello":"wörld"}"#),
        (r#"461-1[{"_placeholder":true,"num":0}]"#, r#"ack #1 · {"_placeholder":true,"num":0} · 1 attachment follows"#),
        ("40/admin,", "connect · in /admin"),
        (r#"42/admin,["welcome","admin"]"#, r#"event "welcome" · "admin" · in /admin"#),
        (r#"44/no,{"message":"not allowed"}"#, "connect error · not allowed · in /no"),
        ("2", "ping"),
        ("3", "pong"),
        ("2probe", "ping probe"),
        ("3probe", "pong probe"),
        ("41", "disconnect"),
        ("41/admin,", "disconnect · in /admin"),
        ("5", "upgrade"),
        ("6", "noop"),
        ("1", "close"),
    ] {
        assert_eq!(text(Subprotocol::SocketIo, message), expected);
    }
    assert_eq!(binary(Subprotocol::SocketIo, "010203"), "attachment · 3 bytes");
    assert_eq!(text(Subprotocol::EngineIo, "4hello"), "message · hello");
    assert_eq!(binary(Subprotocol::EngineIo, "0401"), "binary message · 2 bytes");
    assert_eq!(Subprotocol::SocketIo.summary(&Content::whole(ClientToServer, true, b"hello")), None);
}

#[test]
fn graphql_of_graphql_ws() {
    for (message, expected) in [
        (r#"{"type":"connection_init","payload":{"token":"x"}}"#, r#"connection_init · {"token":"x"}"#),
        (r#"{"type":"connection_ack"}"#, "connection_ack"),
        (r#"{"id":"7244","type":"subscribe","payload":{"query":"{ hello }"}}"#, "subscribe #7244 · { hello }"),
        (
            r#"{"id":"8f15","type":"subscribe","payload":{"query":"subscription Numbers { n }","operationName":"Numbers"}}"#,
            "subscribe #8f15 · Numbers",
        ),
        (r#"{"id":"8f15","type":"next","payload":{"data":{"n":1}}}"#, r#"next #8f15 · {"n":1}"#),
        (r#"{"id":"8f15","type":"complete"}"#, "complete #8f15"),
        (
            r#"{"id":"0f6f","type":"error","payload":[{"message":"Cannot query field \"nothing\".","locations":[{"line":1,"column":3}]}]}"#,
            r#"error #0f6f · Cannot query field "nothing"."#,
        ),
        // The older subprotocol, by its documentation.
        (r#"{"id":"1","type":"start","payload":{"query":"{\n  hello\n}"}}"#, "start #1 · { hello }"),
        (r#"{"id":"1","type":"data","payload":{"data":null,"errors":[{}]}}"#, "data #1 · 1 error · null"),
        (r#"{"type":"ka"}"#, "ka"),
        (r#"{"type":"connection_error","payload":{"message":"no"}}"#, "connection_error · no"),
    ] {
        assert_eq!(text(Subprotocol::GraphqlTransportWs, message), expected);
        assert_eq!(text(Subprotocol::GraphqlWs, message), expected);
    }
}

#[test]
fn stomp_of_stompjs() {
    for (message, expected) in [
        (
            "CONNECT\nlogin:guest\npasscode:p\naccept-version:1.2,1.1,1.0\nheart-beat:10000,10000\n\n\0",
            "CONNECT · login guest · accept-version 1.2,1.1,1.0 · heart-beat 10000,10000",
        ),
        ("SUBSCRIBE\nid:sub-0\ndestination:/queue/a\\cb\n\n\0", "SUBSCRIBE /queue/a:b · id sub-0"),
        (
            "SEND\ndestination:/queue/a\\cb\nreceipt:r-1\ncontent-length:7\n\ngrüße\0",
            "SEND /queue/a:b · receipt r-1 · grüße",
        ),
        ("DISCONNECT\nreceipt:close-1\n\n\0", "DISCONNECT · receipt close-1"),
        // By the specification of 1.2.
        ("RECEIPT\nreceipt-id:message-12345\n\n\0", "RECEIPT · receipt-id message-12345"),
        (
            "MESSAGE\r\nsubscription:0\r\nmessage-id:007\r\ndestination:/queue/a\r\n\r\nhello\0",
            "MESSAGE /queue/a · subscription 0 · message-id 007 · hello",
        ),
        ("ERROR\nmessage:malformed frame received\n\n\0", "ERROR · message malformed frame received · empty"),
        ("\n", "heart-beat"),
    ] {
        assert_eq!(text(Subprotocol::Stomp, message), expected);
    }
    let send = "53454e440a64657374696e6174696f6e3a2f62696e0a636f6e74656e742d6c656e6774683a330a0a01ff0200";
    assert_eq!(binary(Subprotocol::Stomp, send), "SEND /bin · 3 bytes");
    assert_eq!(Subprotocol::Stomp.summary(&Content::whole(ClientToServer, true, b"HELLO\n\n\0")), None);
}

#[test]
fn mqtt_of_mqtt_packet() {
    for (digits, expected) in [
        ("100f00044d5154540402003c0003632d31", "CONNECT · MQTT 3.1.1 · client \"c-1\" · keep alive 60 s · clean"),
        (
            "101f00044d5154540506001e0511000004d20003632d35000001770004676f6e65",
            "CONNECT · MQTT 5 · client \"c-5\" · keep alive 30 s · clean · with a will",
        ),
        ("20020000", "CONNACK · accepted"),
        ("2003008700", "CONNACK · refused with 0x87"),
        ("300a0003612f6268656c6c6f", "PUBLISH a/b · QoS 0 · 5 bytes"),
        ("3b0c0003612f62000768656c6c6f", "PUBLISH a/b · QoS 1 · id 7 · again · retain · 5 bytes"),
        // Its six bytes of properties are counted as well.
        ("34120003612f62000905020000003c68656c6c6f", "PUBLISH a/b · QoS 2 · id 9 · 11 bytes"),
        ("40020007", "PUBACK · id 7"),
        ("62020009", "PUBREL · id 9"),
        ("70020009", "PUBCOMP · id 9"),
        ("820e00030003612f23010003622f2b00", "SUBSCRIBE a/# · and 1 more · id 3"),
        ("820b0004020b050003612f2309", "SUBSCRIBE a/# · id 4"),
        ("900400030180", "SUBACK · id 3 · refused"),
        ("a20700050003612f23", "UNSUBSCRIBE a/# · id 5"),
        ("a2080006000003612f23", "UNSUBSCRIBE a/# · id 6"),
        ("b0020005", "UNSUBACK · id 5"),
        ("c000", "PINGREQ"),
        ("d000", "PINGRESP"),
        ("e000", "DISCONNECT"),
        ("e0020400", "DISCONNECT · reason 0x04"),
        ("40020007c000", "PUBACK · id 7 · and 1 more packet"),
        ("c000c000d000", "PINGREQ · and 2 more packets"),
        ("300a0003612f6268", "PUBLISH a/b · QoS 0 · 5 bytes · continues in the next message"),
        ("c00030", "PINGREQ"),
        ("0102", "no packet begins here: one that continues, or not MQTT"),
    ] {
        assert_eq!(binary(Subprotocol::Mqtt, digits), expected, "{digits}");
    }
    let cut = Content { direction: ClientToServer, is_text: false, payload: &hex("30ac020003612f6268"), length: 303 };
    assert_eq!(Subprotocol::Mqtt.summary(&cut).unwrap(), "PUBLISH a/b · QoS 0 · 295 bytes");
}

#[test]
fn signalr_of_its_own_client() {
    for (json, message_pack, expected) in [
        (
            r#"{"type":1,"target":"Send","arguments":["hi",42],"invocationId":"1","headers":{}}"#,
            "0f950180a131a453656e6492a268692a",
            r#"invocation #1 Send · "hi", 42"#,
        ),
        (
            r#"{"type":1,"target":"Notify","arguments":[],"headers":{}}"#,
            "0c950180c0a64e6f7469667990",
            "invocation Notify",
        ),
        (
            r#"{"type":4,"target":"Count","arguments":[3],"invocationId":"2","headers":{},"streamIds":[]}"#,
            "0e960480a132a5436f756e74910390",
            "stream invocation #2 Count · 3",
        ),
        (r#"{"type":2,"invocationId":"2","item":5,"headers":{}}"#, "06940280a13205", "stream item #2 · 5"),
        (
            r#"{"type":3,"invocationId":"1","result":"ok","headers":{}}"#,
            "09950380a13103a26f6b",
            r#"completion #1 · "ok""#,
        ),
        (
            r#"{"type":3,"invocationId":"2","error":"broke","headers":{}}"#,
            "0c950380a13201a562726f6b65",
            r#"completion #2 · error "broke""#,
        ),
        (r#"{"type":3,"invocationId":"3","headers":{}}"#, "06940380a13302", "completion #3"),
        (r#"{"type":5,"invocationId":"2","headers":{}}"#, "05930580a132", "cancel invocation #2"),
        (r#"{"type":6}"#, "029106", "ping"),
        (r#"{"type":7}"#, "039207c0", "close"),
        (r#"{"type":8,"sequenceId":4}"#, "03920804", "acknowledgement · 4"),
    ] {
        assert_eq!(text(Subprotocol::SignalR, &format!("{json}\x1e")), expected);
        assert_eq!(binary(Subprotocol::SignalR, message_pack), expected);
    }
    assert_eq!(text(Subprotocol::SignalR, "{\"protocol\":\"json\",\"version\":1}\x1e"), "handshake json 1");
    assert_eq!(text(Subprotocol::SignalR, "{}\x1e"), "handshake response");
    let two = "{\"type\":6}\x1e{\"type\":7,\"error\":\"bye\"}\x1e";
    assert_eq!(text(Subprotocol::SignalR, two), "ping · and 1 more in this message");
    assert_eq!(binary(Subprotocol::SignalR, "029106029106029106"), "ping · and 2 more in this message");
}

#[test]
fn wamp_of_autobahn() {
    for (message, expected) in [
        (r#"[1,"realm1",{"roles":{"caller":{"features":{}}}}]"#, "HELLO realm1"),
        (r#"[2,9129137332,{"roles":{"dealer":{},"broker":{}}}]"#, "WELCOME #9129137332"),
        (r#"[48,1,{},"com.add",[10,20]]"#, "CALL #1 com.add · [10,20]"),
        (r#"[50,1,{},[30]]"#, "RESULT #1 · [30]"),
        (r#"[32,2,{},"com.topic"]"#, "SUBSCRIBE #2 com.topic"),
        (r#"[33,2,5512315355]"#, "SUBSCRIBED #2 5512315355"),
        (r#"[36,5512315355,4429313566,{},["hello"]]"#, r#"EVENT #5512315355 · ["hello"]"#),
        (r#"[16,3,{"acknowledge":true},"com.topic",["x"],{}]"#, r#"PUBLISH #3 com.topic · ["x"]"#),
        (r#"[17,3,1]"#, "PUBLISHED #3 1"),
        (r#"[64,4,{},"com.proc"]"#, "REGISTER #4 com.proc"),
        (r#"[8,64,4,{},"wamp.error.procedure_already_exists"]"#, "ERROR #4 wamp.error.procedure_already_exists"),
        (r#"[6,{},"wamp.close.normal"]"#, "GOODBYE wamp.close.normal · {}"),
    ] {
        assert_eq!(text(Subprotocol::Wamp, message), expected);
    }
    // [48, 1, {}, "com.add", [10, 20]] in MessagePack and in CBOR.
    assert_eq!(binary(Subprotocol::Wamp, "95300180a7636f6d2e616464920a14"), "CALL #1 com.add · [2 elements]");
    assert_eq!(binary(Subprotocol::Wamp, "85183001a067636f6d2e616464820a14"), "CALL #1 com.add · [2 elements]");
}

#[test]
fn phoenix_of_its_own_client() {
    for (message, expected) in [
        (r#"["3","3","room:lobby","phx_join",{"a":1}]"#, r#"room:lobby phx_join · ref 3 · join 3 · {"a":1}"#),
        (r#"["3","4","room:lobby","shout",{"body":"hi"}]"#, r#"room:lobby shout · ref 4 · join 3 · {"body":"hi"}"#),
        (r#"[null,"6","phoenix","heartbeat",{}]"#, "phoenix heartbeat · ref 6 · {}"),
        (
            r#"["3","3","room:lobby","phx_reply",{"status":"ok","response":{}}]"#,
            r#"room:lobby phx_reply ok · ref 3 · join 3 · {"status":"ok","response":{}}"#,
        ),
        (
            r#"{"topic":"room:lobby","event":"phx_join","payload":{},"ref":"1","join_ref":"1"}"#,
            "room:lobby phx_join · ref 1 · join 1 · {}",
        ),
    ] {
        assert_eq!(text(Subprotocol::Phoenix, message), expected);
    }
    let push = "0001010a033335726f6f6d3a6c6f626279726177010203";
    assert_eq!(binary(Subprotocol::Phoenix, push), "room:lobby raw · ref 5 · join 3 · 3 bytes");
    let from_the_server = |digits: &str| {
        let payload = hex(digits);
        Subprotocol::Phoenix.summary(&Content::whole(ServerToClient, false, &payload)).unwrap()
    };
    // As the client's decoder reads a push (no ref), a reply and a broadcast.
    assert_eq!(from_the_server("00010203 33 7274 726177 0102"), "rt raw · join 3 · 2 bytes");
    assert_eq!(from_the_server("01010102 02 33 35 7274 6f6b 01"), "rt phx_reply ok · ref 5 · join 3 · 1 byte");
    assert_eq!(from_the_server("02 0203 7274 726177"), "rt raw · 0 bytes");
}

#[test]
fn json_rpc_of_its_specification() {
    for (message, expected) in [
        (r#"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#, "request #1 subtract · 42, 23"),
        (r#"{"jsonrpc": "2.0", "result": 19, "id": 1}"#, "result #1 · 19"),
        (
            r#"{"jsonrpc": "2.0", "method": "subtract", "params": {"a":1}, "id": "x"}"#,
            r#"request #x subtract · {"a":1}"#,
        ),
        (r#"{"jsonrpc": "2.0", "method": "foobar"}"#, "notification foobar"),
        (
            r#"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}"#,
            "error #1 · -32601 · Method not found",
        ),
        (
            r#"[{"jsonrpc": "2.0", "method": "sum", "id": 1}, {"jsonrpc": "2.0", "method": "sum", "id": 2}]"#,
            "request #1 sum · and 1 more in this batch",
        ),
    ] {
        assert_eq!(text(Subprotocol::JsonRpc, message), expected);
    }
}

#[test]
fn a_line_is_short_and_harmless() {
    let hostile = format!("42[\"a\\u001b[31m\\u202e\\n{}\",\"{}\"]", "x".repeat(3_000), "y".repeat(100_000));
    let line = text(Subprotocol::SocketIo, &hostile);
    assert!(line.chars().count() <= 201, "{line}");
    let line = text(Subprotocol::Stomp, "SEND\ndestination:/\u{1b}[2J\u{202e}a\n\nb\u{7}c\0");
    assert_eq!(line, "SEND /·[2J·a · b·c");
    let large = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"put","params":["{}"]}}"#, "z".repeat(1 << 20));
    assert!(text(Subprotocol::JsonRpc, &large).starts_with("request #7 put"));
}
