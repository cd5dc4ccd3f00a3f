//! How fast a session is searched: milliseconds for a million frames, and a ratio against finding the same needle in the payloads
//! as one piece of memory, which is as fast as a machine can look at them.
//!
//! `cargo bench --bench search`. Where ripgrep (`rg`) is installed it searches the same session saved as JSON Lines, for the needle in
//! hexadecimal as that format has it.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use closelook::logs::{self, Format};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::hexadecimal;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::search::{Filter, Pass};
use closelook::session::{Event, EventKind, Origin, Perspective, Session};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

const FRAMES: usize = 1_000_000;
const PAYLOAD: usize = 120;
const NEEDLE: &str = "needle-in-the-hay";
/// One frame in so many has the needle.
const RARE: usize = 10_000;
const ROUNDS: usize = 5;

fn main() {
    println!("{FRAMES} text frames of {PAYLOAD} bytes, one in {RARE} with the needle; the best of {ROUNDS} rounds");
    for side in Side::BOTH {
        let session = Arc::new(session(side));
        let payloads: Vec<u8> = (0..FRAMES).flat_map(payload).collect();
        let floor = best(|| {
            let found = memchr::memmem::find_iter(black_box(&payloads), NEEDLE.as_bytes()).count();
            assert_eq!(found, FRAMES / RARE);
        });
        println!("\nsent by the {side}{}", if side == Side::Client { ", masked" } else { "" });
        println!("{:60} {:>8.1} ms", "memory: the payloads as one piece", milliseconds(floor));
        let searches = [
            format!("payload contains \"{NEEDLE}\""),
            format!("payload icontains \"{}\"", NEEDLE.to_uppercase()),
            "payload matches /needle-[a-z]+-the-h.y/".to_owned(),
            "json.seq == 20000".to_owned(),
            "len > 1000".to_owned(),
        ];
        for search in searches {
            let filter = Filter::parse(&search).expect("a filter");
            let took = best(|| {
                let mut pass = Pass::new(&filter, Arc::clone(&session));
                while !pass.step() {}
                black_box(pass.found().matches.len());
            });
            let ratio = took.as_secs_f64() / floor.as_secs_f64();
            println!("{search:60} {:>8.1} ms {ratio:>8.1} of memory", milliseconds(took));
        }
        ripgrep(&session);
    }
}

fn payload(number: usize) -> impl Iterator<Item = u8> {
    let needle = if number % RARE == RARE / 2 { NEEDLE } else { "nothing-but-dry-hay" };
    let text = format!("{{\"seq\":{number},\"symbol\":\"ABC\",\"note\":\"{needle}\",\"rest\":\"");
    let fill = PAYLOAD.saturating_sub(text.len() + 2);
    text.into_bytes().into_iter().chain(std::iter::repeat_n(b'.', fill)).chain(*b"\"}")
}

/// A session in which one side sends all frames, some in each read of the socket.
fn session(side: Side) -> Session {
    let mut parts = vec![(Side::Client, REQUEST.to_vec()), (Side::Server, RESPONSE.to_vec())];
    let mut part = Vec::new();
    for number in 0..FRAMES {
        let key = MaskingKey((number as u32).wrapping_mul(0x9E37_79B1).wrapping_add(1).to_be_bytes());
        let payload: Vec<u8> = payload(number).collect();
        let masking_key = (side == Side::Client).then_some(key);
        let header = FrameHeader { masking_key, ..FrameHeader::new(Opcode::Text, payload.len() as u64) };
        part.extend_from_slice(&header.with_payload(&payload));
        if number % 8 == 7 {
            parts.push((side, std::mem::take(&mut part)));
        }
    }
    let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
    let events = parts.into_iter().enumerate().map(|(at, (side, bytes))| Event {
        at: Moment(at as u64 * 1_000),
        kind: EventKind::Bytes { direction: side.sends(), bytes: Bytes::from(bytes) },
    });
    Session::replay(origin, events)
}

fn best(mut work: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    rounds.min().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// The same search by ripgrep, when there is one. Of masked payloads it finds nothing, and looks at as many bytes.
fn ripgrep(session: &Session) {
    if Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("{:60} is not installed", "ripgrep");
        return;
    }
    let path = std::env::temp_dir().join("closelook-search-bench.jsonl");
    let saved = logs::save(session, &path, Format::JsonLines, &mut |_| std::ops::ControlFlow::Continue(()));
    saved.expect("the log is saved");
    let took = best(|| {
        let mut search = Command::new("rg");
        search.args(["--count", "--fixed-strings", &hexadecimal::encode(NEEDLE.as_bytes())]).arg(&path);
        search.stdout(Stdio::null()).status().expect("ripgrep runs");
    });
    println!("{:60} {:>8.1} ms", "ripgrep on the same session as JSON Lines", milliseconds(took));
    std::fs::remove_file(path).expect("the log is removed");
}
