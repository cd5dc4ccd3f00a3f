//! Sessions to measure with.

use std::io::{Read, Write};
use std::net::TcpStream;

use bytes::Bytes;
use closelook::protocol::direction::Side;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::moment::Moment;
use closelook::session::{Event, EventKind, Origin, Perspective, Session};

/// The head of an opening handshake.
pub(crate) const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Extensions: permessage-deflate\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// The answer to it.
pub(crate) const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Extensions: permessage-deflate\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// A session in which, after the handshake, a side sends these parts, a microsecond apart.
pub(crate) fn session(side: Side, parts: impl Iterator<Item = Vec<u8>>) -> Session {
    let heads = [(Side::Client, REQUEST.to_vec()), (Side::Server, RESPONSE.to_vec())];
    let parts = heads.into_iter().chain(parts.map(|part| (side, part)));
    let addresses =
        EventKind::Connected { client: ([127, 0, 0, 1], 50_000).into(), server: ([127, 0, 0, 1], 80).into() };
    let bytes =
        |(side, bytes): (Side, Vec<u8>)| EventKind::Bytes { direction: side.sends(), bytes: Bytes::from(bytes) };
    let kinds = std::iter::once(addresses).chain(parts.map(bytes));
    let events = (0_u64..).zip(kinds).map(|(at, kind)| Event { at: Moment(at * 1_000), kind });
    let started_at = 1_790_000_000_000_000_000;
    Session::replay(Origin { started_at, url: Some("ws://a/".into()), perspective: Perspective::Client }, events)
}

/// Answers the request of a client, and gives its path.
pub(crate) fn upgrade(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).unwrap();
    let key = request.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("Sec-WebSocket-Key").then_some(value)
    });
    let accept = accept_for_key(key.unwrap());
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(response.as_bytes()).unwrap();
    request.split(' ').nth(1).unwrap().to_owned()
}
