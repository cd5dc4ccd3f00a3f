//! Conversations out of a fuzzer's bytes.

use crate::protocol::direction::Direction;
use crate::protocol::verdict::TransportEnd;

/// A request that offers permessage-deflate.
const OFFER: &str = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

/// What was agreed, by the number of it.
const AGREED: [&str; 8] = [
    "",
    "permessage-deflate",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9",
    "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8",
    "permessage-deflate; client_no_context_takeover; client_max_window_bits=10",
    "permessage-deflate, another",
    "another",
];

/// Request and response of an upgrade with one of eight agreements.
pub fn upgrade(agreed: u8) -> [Vec<u8>; 2] {
    let agreed = AGREED[usize::from(agreed % 8)];
    let answer = if agreed.is_empty() { String::new() } else { format!("Sec-WebSocket-Extensions: {agreed}\r\n") };
    let request = format!(
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{OFFER}\r\n"
    );
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{answer}\r\n"
    );
    [request.into_bytes(), response.into_bytes()]
}

/// Who sends what, or whose half ends.
pub type Step<'input> = (Direction, Option<TransportEnd>, &'input [u8]);

/// Byte by byte the input says: a control byte (who, what, how many), then as many bytes as it asks for.
pub fn steps(mut input: &[u8]) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    while let Some((control, rest)) = input.split_first() {
        let direction = Direction::BOTH[usize::from(control & 1)];
        let ends = [TransportEnd::Fin, TransportEnd::Rst, TransportEnd::Timeout, TransportEnd::Local];
        let end = (control >> 3 == 0b1_1111).then(|| ends[usize::from(control >> 1 & 3)]);
        let length = if end.is_some() { 0 } else { usize::from(control >> 1).min(rest.len()) };
        let (bytes, after) = rest.split_at(length);
        steps.push((direction, end, bytes));
        input = after;
    }
    steps
}
