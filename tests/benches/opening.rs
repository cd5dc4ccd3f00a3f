//! What opening a log costs: time to the first rows and to the last, processor time and memory, beside the programs that read the same
//! file: tshark for a capture, Node for a HAR and for JSON Lines.
//!
//! `cargo bench --bench opening`. Who is not installed is left out. Each reader is a process of its own, and they take turns.

use std::env;
use std::fs;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use closelook::logs::{self, Format};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// How many frames the capture has, and of which length; about 445 MB.
const CAPTURE: (usize, usize) = (1_000_000, 365);
/// The same for the formats that Node reads, which holds strings of at most 512 MB.
const TEXTS: (usize, usize) = (1_000_000, 120);
const ROUNDS: usize = 3;
/// How often another program's memory is looked at.
const GLANCE: Duration = Duration::from_millis(5);

const COUNT_HAR: &str = "const har = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8')); \
    console.log(har.log.entries.reduce((sum, entry) => sum + entry._webSocketMessages.length, 0))";
const COUNT_LINES: &str = "const rows = require('fs').readFileSync(process.argv[1], 'utf8').split('\\n') \
    .filter(line => line).map(line => JSON.parse(line)); console.log(rows.filter(row => row.event === 'bytes').length)";

/// What reading a file took.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// Seconds to the first rows, where there are such.
    first: Option<f64>,
    seconds: f64,
    /// The most bytes of memory, without what the system keeps of the file.
    memory: f64,
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, mode, path] = arguments.as_slice()
        && mode == "open"
    {
        return open(Path::new(path));
    }
    let folder = env::temp_dir().join(format!("closelook-opening-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let (own, foreign) = (folder.join("own.pcapng"), folder.join("foreign.pcapng"));
    logs::save(&session(CAPTURE), &own, Format::PcapNg, &mut |_| ControlFlow::Continue(())).unwrap();
    fs::write(&foreign, anonymous(fs::read(&own).unwrap())).unwrap();
    heading("pcapng", CAPTURE.0, &foreign);
    let tshark = ["-r", foreign.to_str().unwrap(), "-Y", "websocket", "-T", "fields", "-e", "websocket.opcode"];
    let tshark = (0..1).filter_map(|_| run("tshark", &tshark, CAPTURE.0 + 1)).next();
    for (name, path) in [("as closelook wrote it", &own), ("as another program's", &foreign)] {
        row(name, median(|| run_self(path, CAPTURE.0 + 1)), tshark);
    }
    tshark.inspect(|cost| row("tshark", *cost, None));
    for path in [own, foreign] {
        fs::remove_file(path).unwrap();
    }
    let texts = session(TEXTS);
    for (format, script, counted) in [
        // With the Close.
        (Format::Har, COUNT_HAR, TEXTS.0 + 1),
        // With the two heads and the Close.
        (Format::JsonLines, COUNT_LINES, TEXTS.0 + 3),
    ] {
        let path = folder.join("texts");
        logs::save(&texts, &path, format, &mut |_| ControlFlow::Continue(())).unwrap();
        heading(format.ending(), TEXTS.0, &path);
        let node = ["--max-old-space-size=8192", "-e", script, path.to_str().unwrap()];
        let node = run_counting("node", &node, counted);
        row("closelook", median(|| run_self(&path, TEXTS.0 + 1)), node);
        node.inspect(|cost| row("node", *cost, None));
    }
    fs::remove_dir_all(folder).unwrap();
}

fn heading(format: &str, frames: usize, path: &Path) {
    let length = fs::metadata(path).unwrap().len();
    println!("\n{format}, {frames} frames, {:.0} MB", length as f64 / 1e6);
    println!("{:24} {:>12} {:>9} {:>9} {:>9} {:>9}", "", "first rows", "whole", "times", "MiB", "part");
}

fn row(name: &str, cost: Cost, other: Option<Cost>) {
    let first = cost.first.map_or_else(String::new, |seconds| format!("{:.0} ms", seconds * 1e3));
    let [times, part] = match other {
        Some(other) => [other.seconds / cost.seconds, cost.memory / other.memory].map(|ratio| format!("{ratio:.2}")),
        None => [String::new(), String::new()],
    };
    println!(
        "{name:24} {first:>12} {:>7.2} s {times:>9} {:>9.0} {part:>9}",
        cost.seconds,
        cost.memory / f64::from(1 << 20)
    );
}

fn median(measure: impl Fn() -> Cost) -> Cost {
    let mut costs: Vec<Cost> = (0..ROUNDS).map(|_| measure()).collect();
    costs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    costs[ROUNDS / 2]
}

// --- the session ------------------------------------------------------------------------------------------------------------------

/// A server that sends so many texts of this length, a microsecond apart.
fn session((frames, length): (usize, usize)) -> Session {
    let origin =
        Origin { started_at: 1_790_000_000_000_000_000, url: Some("ws://a/".into()), perspective: Perspective::Client };
    let mut recorder = Recorder::new(origin);
    let mut at = 0;
    let mut record = |kind| {
        at += 1_000;
        recorder.record(Event { at: Moment(at), kind });
    };
    let bytes =
        |side: Side, bytes: &[u8]| EventKind::Bytes { direction: side.sends(), bytes: Bytes::copy_from_slice(bytes) };
    record(EventKind::Connected { client: ([127, 0, 0, 1], 50_000).into(), server: ([127, 0, 0, 1], 80).into() });
    record(bytes(Side::Client, REQUEST));
    record(bytes(Side::Server, RESPONSE));
    for number in 0..frames {
        let mut text = format!("{{\"seq\":{number},\"text\":\"");
        text.extend(std::iter::repeat_n('x', length - 2 - text.len()));
        text.push_str("\"}");
        record(bytes(Side::Server, &FrameHeader::new(Opcode::Text, length as u64).with_payload(text.as_bytes())));
    }
    record(bytes(Side::Server, &[0x88, 0x02, 0x03, 0xE8]));
    recorder.finish()
}

/// The same capture without what tells that closelook wrote it.
fn anonymous(mut capture: Vec<u8>) -> Vec<u8> {
    let mark = b"closelook: ";
    let at = capture.windows(mark.len()).position(|window| window == mark).expect("the header's comment");
    capture[at..at + mark.len()].copy_from_slice(b"something: ");
    capture
}

// --- the readers ------------------------------------------------------------------------------------------------------------------

/// Opens a log, and says what it cost and how many frames it has.
fn open(path: &Path) {
    let (memory, began) = (status("self", "RssAnon:").unwrap(), Instant::now());
    let mut first = None;
    let opened = logs::open(path, &mut |mut so_far| {
        if first.is_none() && so_far.session().is_some_and(|session| !session.frames.is_empty()) {
            first = Some(began.elapsed().as_secs_f64());
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(opened.damage, []);
    let growth = status("self", "RssAnon:").unwrap() - memory;
    println!("{} {seconds} {} {growth}", opened.session.frames.len(), first.unwrap_or(0.0));
}

/// This program as the reader, in a process of its own.
fn run_self(path: &Path, frames: usize) -> Cost {
    let output = Command::new(env::current_exe().unwrap()).arg("open").arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<f64> = text.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [found, seconds, first, memory] = figures[..] else { panic!("said {text:?}") };
    assert_eq!(found as usize, frames);
    Cost { first: Some(first).filter(|first| *first > 0.0), seconds, memory }
}

/// Another program that prints a line for each frame.
fn run(program: &str, arguments: &[&str], frames: usize) -> Option<Cost> {
    let (cost, text) = watch(program, arguments)?;
    assert_eq!(text.lines().count(), frames, "{program}");
    Some(cost)
}

/// Another program that prints how many frames there are.
fn run_counting(program: &str, arguments: &[&str], frames: usize) -> Option<Cost> {
    let (cost, text) = watch(program, arguments)?;
    assert_eq!(text.trim().parse::<usize>().unwrap(), frames, "{program}");
    Some(cost)
}

fn watch(program: &str, arguments: &[&str]) -> Option<(Cost, String)> {
    let began = Instant::now();
    let spawned = Command::new(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = spawned else {
        println!("{program} is not installed");
        return None;
    };
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        text
    });
    let memory = most_memory(&mut child);
    Some((Cost { first: None, seconds: began.elapsed().as_secs_f64(), memory }, reader.join().unwrap()))
}

/// Waits for a program, and says the most memory that it was seen with.
fn most_memory(child: &mut Child) -> f64 {
    let mut most: f64 = 0.0;
    let id = child.id().to_string();
    while child.try_wait().unwrap().is_none() {
        most = most.max(status(&id, "RssAnon:").unwrap_or(0.0));
        std::thread::sleep(GLANCE);
    }
    most
}

/// A figure of a process, in bytes.
fn status(process: &str, field: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
}
