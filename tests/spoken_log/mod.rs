//! A log of a session in which some messages of a subprotocol crossed.

use std::path::PathBuf;

use closelook::protocol::frame::FrameHeader;
use closelook::protocol::hexadecimal;
use closelook::protocol::opcode::Opcode;

/// Who sends what.
pub(crate) type Sent<'message> = (&'static str, Opcode, bool, &'message [u8]);

/// A log with a frame for each of these (sender, opcode, FIN, payload); the folder goes with the path.
pub(crate) fn log(target: &str, subprotocol: &str, frames: &[Sent<'_>]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoken.jsonl");
    let header =
        if subprotocol.is_empty() { String::new() } else { format!("Sec-WebSocket-Protocol: {subprotocol}\r\n") };
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{header}\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{header}\
         Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    );
    let mut lines = vec![
        r#"{"closelook":1,"started_at":"2026-09-21T14:13:20.123456789Z","url":null,"perspective":"client"}"#.to_owned(),
    ];
    let mut at = 0;
    let mut add = |from: &str, bytes: &[u8]| {
        for part in bytes.chunks(60_000) {
            at += 1_000_000;
            let hex = hexadecimal::encode(part);
            lines.push(format!(r#"{{"at":{at},"event":"bytes","from":"{from}","hex":"{hex}"}}"#));
        }
    };
    add("client", request.as_bytes());
    add("server", response.as_bytes());
    for (from, opcode, fin, payload) in frames {
        let header = FrameHeader { fin: *fin, ..FrameHeader::new(*opcode, payload.len() as u64) };
        add(from, &header.with_payload(payload));
    }
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    (folder, path)
}
