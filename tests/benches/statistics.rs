//! What statistics cost: nanoseconds a frame, and a ratio against adding up the payload lengths of the same index in the same run; the
//! memory that they take; and what a live session pays for one more frame.
//!
//! `cargo bench --bench statistics`.

use std::hint::black_box;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::search::{Filter, Pass};
use closelook::session::background::Survey;
use closelook::session::statistics::{Asked, StatisticsSurvey, Subject};
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

const FRAMES: usize = 10_000_000;
const ROUNDS: usize = 5;

fn main() {
    println!(
        "{FRAMES} frames of 0 to 31 bytes at uneven times, four of five from the server; CPU, the best of {ROUNDS} rounds"
    );
    let mut recorder = recorder();
    let session = Arc::new(recorder.snapshot());
    let walk = best(|| {
        let sum: u64 = session.frames.iter().map(|row| row.payload_length).sum();
        black_box(sum);
    });
    tell("the index alone, payload lengths added up", walk, walk);
    let whole = best(|| {
        black_box(finished(StatisticsSurvey::new(Subject::whole(Arc::clone(&session)))));
    });
    tell("statistics of the whole session", whole, walk);
    for filter in ["dir == server", "number > 5000000"] {
        let subject = among(&session, filter);
        let took = best(|| {
            black_box(finished(StatisticsSurvey::new(subject.clone())));
        });
        tell(&format!("statistics of {filter}"), took, walk);
    }
    let mut finished = finished(StatisticsSurvey::new(Subject::whole(session)));
    let memory = allocation_counter::measure(|| drop(black_box(finished.found(true))));
    println!("\n{:50} {:>8} KiB", "memory of the figures, while they are made anew", memory.bytes_max / 1024);
    live(&mut recorder, &mut finished);
}

/// What following a session costs that grows by a frame each time.
fn live(recorder: &mut Recorder, survey: &mut StatisticsSurvey) {
    let mut took = Duration::MAX;
    for number in FRAMES..FRAMES + 200 {
        record(recorder, number);
        let subject = Subject::whole(Arc::new(recorder.snapshot()));
        let start = Instant::now();
        survey.follow(subject);
        while !survey.step() {}
        black_box(survey.found(true));
        took = took.min(start.elapsed());
    }
    println!("{:50} {:>8.1} µs", "one more frame, followed and shown", took.as_secs_f64() * 1e6);
}

fn among(session: &Arc<Session>, filter: &str) -> Subject {
    let mut pass = Pass::new(&Filter::parse(filter).expect("a filter"), Arc::clone(session));
    while !pass.step() {}
    let found = pass.found();
    let asked = Asked { found: found.matches, frames: found.looked_at };
    Subject { among: Some(asked), ..Subject::whole(Arc::clone(session)) }
}

fn finished(mut survey: StatisticsSurvey) -> StatisticsSurvey {
    while !survey.step() {}
    black_box(survey.found(true));
    survey
}

fn recorder() -> Recorder {
    let mut recorder = Recorder::new(Origin { started_at: 0, url: None, perspective: Perspective::Client });
    for (side, bytes) in [(Side::Client, REQUEST), (Side::Server, RESPONSE)] {
        let kind = EventKind::Bytes { direction: side.sends(), bytes: Bytes::from_static(bytes) };
        recorder.record(Event { at: Moment::START, kind });
    }
    (0..FRAMES).for_each(|number| record(&mut recorder, number));
    recorder
}

fn record(recorder: &mut Recorder, number: usize) {
    let side = if number.is_multiple_of(5) { Side::Client } else { Side::Server };
    let payload = [b'a'; 32];
    let payload = &payload[..number * 7 % 32];
    let bytes = FrameHeader::new(Opcode::Text, payload.len() as u64).with_payload(payload);
    let at = Moment(number as u64 * 20_000 + number as u64 * 7_919 % 15_000);
    recorder.record(Event { at, kind: EventKind::Bytes { direction: side.sends(), bytes: bytes.into() } });
}

fn best(mut work: impl FnMut()) -> Duration {
    let rounds = (0..ROUNDS).map(|_| {
        let start = busy();
        work();
        busy().saturating_sub(start)
    });
    rounds.min().unwrap_or_default()
}

/// How long this thread has been on a processor; where the system does not say, how long the program has been running.
fn busy() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|number| number.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn tell(name: &str, took: Duration, walk: Duration) {
    let each = took.as_secs_f64() * 1e9 / FRAMES as f64;
    println!("{name:50} {each:>8.1} ns/frame {:>8.1} of the walk", took.as_secs_f64() / walk.as_secs_f64());
}
