//! Requests and their first replies.

use std::time::Duration;

use closelook::content::correlation::{Correlation, Pairing, Role, correlations};
use closelook::content::subprotocol::{Content, Subprotocol};
use closelook::protocol::direction::Direction::{self, ClientToServer, ServerToClient};
use closelook::protocol::moment::Moment;

use crate::hex;

/// What is found when these messages are fed, a millisecond apart: key, request, reply.
fn pairs(subprotocol: Option<Subprotocol>, messages: &[(Direction, &str)]) -> Vec<(String, u64, u64)> {
    let mut pairing = Pairing::new(subprotocol);
    let mut found = Vec::new();
    for (number, (direction, message)) in (1..).zip(messages) {
        let binary = message.strip_prefix("hex ").map(hex);
        let payload = binary.as_deref().unwrap_or(message.as_bytes());
        let content = Content::whole(*direction, binary.is_none(), payload);
        for pair in pairing.feed(number, Moment(number * 1_000_000), &content) {
            assert_eq!(pair.at, Moment(pair.request * 1_000_000));
            assert_eq!(pair.after, Duration::from_millis(pair.reply - pair.request));
            found.push((pair.key, pair.request, pair.reply));
        }
    }
    found
}

fn expect(subprotocol: Option<Subprotocol>, messages: &[(Direction, &str)], expected: &[(&str, u64, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(key, request, reply)| ((*key).to_owned(), *request, *reply)).collect();
    assert_eq!(pairs(subprotocol, messages), expected);
}

const TO: Direction = ClientToServer;
const FROM: Direction = ServerToClient;

#[test]
fn json_by_its_id() {
    expect(
        None,
        &[
            (TO, r#"{"jsonrpc":"2.0","id":1,"method":"a"}"#),
            (TO, r#"{"jsonrpc":"2.0","id":2,"method":"b","params":[[[[1]]]]}"#),
            (FROM, r#"{"jsonrpc":"2.0","id":1,"method":"asked by the server"}"#),
            (FROM, r#"{"jsonrpc":"2.0","id":2,"result":null}"#),
            (FROM, r#"{"jsonrpc":"2.0","id":1,"error":{}}"#),
            (TO, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#),
            (FROM, r#"{"jsonrpc":"2.0","id":1,"result":"late"}"#),
            (FROM, r#"{"jsonrpc":"2.0","id":"1","result":"another id"}"#),
        ],
        &[("2", 2, 4), ("1", 1, 5), ("1", 3, 6)],
    );
    expect(None, &[(TO, r#"{"id":"a","ask":1}"#), (FROM, r#"{"ok":true,"id":"a"}"#)], &[("\"a\"", 1, 2)]);
    expect(None, &[(TO, r#"{"id":1}"#), (TO, r#"{"id":1}"#), (FROM, r#"{"id":2}"#), (FROM, "text")], &[]);
    let batch = r#"[{"id":1,"method":"a"},{"id":2,"method":"b"}]"#;
    expect(None, &[(TO, batch), (FROM, r#"[{"id":2,"result":1},{"id":1,"result":1}]"#)], &[("2", 1, 2), ("1", 1, 2)]);
}

#[test]
fn an_id_after_large_parameters_is_found() {
    let large = format!(r#"{{"method":"a","params":[{}1],"id":9}}"#, "[1,2],".repeat(100_000));
    expect(None, &[(TO, &large), (FROM, r#"{"id":9,"result":1}"#)], &[]);
    let large = format!(r#"{{"method":"a","params":{{"x":[{}1]}},"id":9}}"#, "[1,2],".repeat(100_000));
    expect(None, &[(TO, &large), (FROM, r#"{"id":9,"result":1}"#)], &[("9", 1, 2)]);
}

#[test]
fn subprotocols_by_their_own_keys() {
    expect(
        Some(Subprotocol::SocketIo),
        &[
            (TO, "40"),
            (FROM, r#"40{"sid":"q"}"#),
            (TO, r#"420["chat",{}]"#),
            (TO, r#"42["plain"]"#),
            (FROM, "2"),
            (TO, "3"),
            (FROM, r#"430["got"]"#),
        ],
        &[("connection /", 1, 2), ("ping", 5, 6), ("ack / 0", 3, 7)],
    );
    expect(
        Some(Subprotocol::GraphqlTransportWs),
        &[
            (TO, r#"{"type":"connection_init"}"#),
            (FROM, r#"{"type":"connection_ack"}"#),
            (TO, r#"{"id":"8f","type":"subscribe","payload":{}}"#),
            (FROM, r#"{"id":"8f","type":"next","payload":{}}"#),
            (FROM, r#"{"id":"8f","type":"next","payload":{}}"#),
            (FROM, r#"{"id":"8f","type":"complete"}"#),
        ],
        &[("connection", 1, 2), ("operation 8f", 3, 4)],
    );
    expect(
        Some(Subprotocol::Phoenix),
        &[
            (TO, r#"["3","3","room:lobby","phx_join",{}]"#),
            (FROM, r#"["3",null,"room:lobby","shout",{}]"#),
            (FROM, r#"["3","3","room:lobby","phx_reply",{"status":"ok"}]"#),
        ],
        &[("ref 3", 1, 3)],
    );
    expect(
        Some(Subprotocol::Wamp),
        &[
            (TO, r#"[1,"realm1",{"roles":{}}]"#),
            (FROM, "[2,9129137332,{}]"),
            (TO, r#"[48,1,{},"com.add",[10,20]]"#),
            (TO, r#"[64,1,{},"com.proc"]"#),
            (FROM, r#"[8,64,1,{},"wamp.error.procedure_already_exists"]"#),
            (FROM, "[50,1,{},[30]]"),
            (TO, r#"[16,3,{"acknowledge":true},"com.topic"]"#),
            (TO, r#"[16,4,{},"com.topic"]"#),
            (FROM, "[17,3,1]"),
        ],
        &[("session", 1, 2), ("REGISTER 1", 4, 5), ("CALL 1", 3, 6), ("PUBLISH 3", 7, 9)],
    );
    expect(
        Some(Subprotocol::SignalR),
        &[
            (TO, "{\"protocol\":\"json\",\"version\":1}\x1e"),
            (FROM, "{}\x1e{\"type\":6}\x1e"),
            (TO, "{\"target\":\"Echo\",\"arguments\":[],\"invocationId\":\"0\",\"type\":1}\x1e"),
            (TO, "hex 0f950180a131a453656e6492a268692a"),
            (FROM, "hex 029106 09950380a13103a26f6b"),
            (FROM, "{\"type\":3,\"invocationId\":\"0\"}\x1e"),
        ],
        &[("handshake", 1, 2), ("invocation 1", 4, 5), ("invocation 0", 3, 6)],
    );
    expect(
        Some(Subprotocol::Stomp),
        &[
            (TO, "CONNECT\naccept-version:1.2\n\n\0"),
            (FROM, "CONNECTED\nversion:1.2\n\n\0"),
            (TO, "SEND\ndestination:/a\nreceipt:r-1\n\nx\0"),
            (FROM, "RECEIPT\nreceipt-id:r-1\n\n\0"),
        ],
        &[("connection", 1, 2), ("receipt r-1", 3, 4)],
    );
    expect(
        Some(Subprotocol::Mqtt),
        &[
            (TO, "hex 100f00044d5154540402003c0003632d31"),
            (FROM, "hex 20020000"),
            (TO, "hex 820e00030003612f23010003622f2b00 3b0c0003612f62000768656c6c6f"),
            (FROM, "hex 40020007"),
            (FROM, "hex 900400030180"),
            (TO, "hex 34120003612f62000905020000003c68656c6c6f"),
            (FROM, "hex 50020009"),
            (TO, "hex 62020009"),
            (FROM, "hex 70020009"),
            (TO, "hex 300a0003612f6268656c6c6f"),
            (TO, "hex c000"),
            (FROM, "hex d000"),
        ],
        &[
            ("connection", 1, 2),
            ("publish 7", 3, 4),
            ("subscribe 3", 3, 5),
            ("publish 9", 6, 7),
            ("release 9", 8, 9),
            ("ping", 11, 12),
        ],
    );
}

#[test]
fn open_requests_are_bounded() {
    let mut pairing = Pairing::new(None);
    let count = Pairing::MOST_OPEN as u64 + 10;
    for id in 1..=count {
        let request = format!(r#"{{"id":{id},"method":"a"}}"#);
        pairing.feed(id, Moment(id), &Content::whole(TO, true, request.as_bytes()));
    }
    assert_eq!((pairing.open(), pairing.forgotten()), (Pairing::MOST_OPEN, 10));
    let mut reply = |id: u64| {
        let reply = format!(r#"{{"id":{id},"result":1}}"#);
        pairing.feed(count + id, Moment(count + id), &Content::whole(FROM, true, reply.as_bytes())).len()
    };
    assert_eq!((reply(10), reply(11), reply(count)), (0, 1, 1));
    let key = format!(r#"{{"id":"{}","method":"a"}}"#, "k".repeat(10_000));
    assert_eq!(correlations(None, &Content::whole(TO, true, key.as_bytes())), []);
    let asked_again = br#"{"id":1,"method":"a"}"#;
    assert_eq!(
        correlations(None, &Content::whole(TO, true, asked_again)),
        [Correlation { key: "1".into(), role: Role::Request }]
    );
}

#[test]
fn many_answered_requests_leave_nothing_behind() {
    let mut pairing = Pairing::new(None);
    for id in 1..=100_000_u64 {
        let request = format!(r#"{{"id":{id},"method":"a"}}"#);
        let reply = format!(r#"{{"id":{id},"result":1}}"#);
        pairing.feed(2 * id, Moment(id), &Content::whole(TO, true, request.as_bytes()));
        assert_eq!(pairing.feed(2 * id + 1, Moment(id), &Content::whole(FROM, true, reply.as_bytes())).len(), 1);
    }
    assert_eq!((pairing.open(), pairing.forgotten()), (0, 0));
}
