//! What recording costs: frames a second, processor time and memory of a client that records and journals everything, beside two that
//! do less or the same by hand.
//!
//! `cargo bench --bench capture`, best on an idle machine. A server in this process sends text frames of 120 bytes as fast as they
//! are taken; each client is a process of its own, so that its processor time is its own. They take turns.

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{self, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use closelook::capture::Client;
use closelook::capture::options::ConnectOptions;
use closelook::logs::journal::JournalFolder;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::opcode::Opcode;
use tungstenite::Message;

/// How many frames are sent to each client in a round.
const FRAMES: usize = 2_000_000;
/// How many for the growth of memory.
const MANY_FRAMES: usize = 10_000_000;
const PAYLOAD: usize = 120;
const ROUNDS: usize = 5;
/// More than anything here takes.
const LIMIT: Duration = Duration::from_secs(600);

/// The clients, by the name under which this program runs itself.
const CLIENTS: [&str; 3] = ["counting", "closelook", "by-hand"];

/// What a client measured of itself.
#[derive(Debug, Clone, Copy)]
struct Cost {
    seconds: f64,
    processor: f64,
    /// Bytes of resident memory that came with the frames.
    growth: f64,
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, client, address, frames] = arguments.as_slice()
        && CLIENTS.contains(&client.as_str())
    {
        return run_client(client, address.parse().unwrap(), frames.parse().unwrap());
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(&listener));
    let mut costs = [const { Vec::new() }; CLIENTS.len()];
    for _ in 0..ROUNDS {
        for (client, costs) in CLIENTS.iter().zip(&mut costs) {
            costs.push(measure(client, address, FRAMES));
        }
    }
    println!("{FRAMES} text frames of {PAYLOAD} bytes, median of {ROUNDS} rounds");
    println!("{:12} {:>12} {:>10} {:>14} {:>10}", "", "frames/s", "of bare", "ns CPU/frame", "of by hand");
    let [counting, _, by_hand] = costs.each_ref().map(|costs| median(costs));
    for (client, costs) in CLIENTS.iter().zip(&costs) {
        let cost = median(costs);
        let frames = FRAMES as f64;
        println!(
            "{client:12} {:>12.0} {:>10.2} {:>14.0} {:>10.2}",
            frames / cost.seconds,
            counting.seconds / cost.seconds,
            cost.processor / frames * 1e9,
            cost.processor / by_hand.processor
        );
    }
    let many = measure("closelook", address, MANY_FRAMES);
    println!("{MANY_FRAMES} frames: {:.1} bytes of memory a frame", many.growth / MANY_FRAMES as f64);
}

fn median(costs: &[Cost]) -> Cost {
    let of = |part: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost { seconds: of(|cost| cost.seconds), processor: of(|cost| cost.processor), growth: of(|cost| cost.growth) }
}

fn measure(client: &str, address: SocketAddr, frames: usize) -> Cost {
    let output = Command::new(env::current_exe().unwrap())
        .args([client, &address.to_string(), &frames.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<f64> = text.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [seconds, processor, growth] = figures[..] else { panic!("{client} said {text:?}") };
    Cost { seconds, processor, growth }
}

// --- the server -------------------------------------------------------------------------------------------------------------------

fn serve(listener: &TcpListener) {
    let frame = FrameHeader::new(Opcode::Text, PAYLOAD as u64).with_payload(&[b'x'; PAYLOAD]);
    let together = 8_000;
    let many = frame.repeat(together);
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let frames = upgrade(&mut stream);
        let mut left = frames;
        while left > 0 {
            let now = left.min(together);
            if stream.write_all(&many[..now * frame.len()]).is_err() {
                break;
            }
            left -= now;
        }
        let _ = stream.write_all(&[0x88, 0x02, 0x03, 0xE8]);
        // A client waits for the server to end the connection (RFC 6455 7.1.1).
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

/// Answers the upgrade, and says how many frames the path asks for.
fn upgrade(stream: &mut TcpStream) -> usize {
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
    request.split(['/', ' ']).nth(2).unwrap().parse().unwrap()
}

// --- the clients ------------------------------------------------------------------------------------------------------------------

fn run_client(client: &str, address: SocketAddr, frames: usize) {
    let url = format!("ws://{address}/{frames}");
    let (memory, began) = (resident(), Instant::now());
    let received = match client {
        "counting" => count(&url),
        "closelook" => record(&url),
        _ => by_hand(&url),
    };
    assert_eq!(received.frames, frames, "no frame is lost");
    let seconds = (received.ended - began).as_secs_f64();
    println!("{seconds} {} {}", received.processor, received.memory - memory);
}

/// What a client stands with once it has everything: for closelook also in the journal's file.
struct Received {
    frames: usize,
    ended: Instant,
    processor: f64,
    memory: f64,
}

impl Received {
    fn now(count: impl FnOnce() -> usize) -> Received {
        let (ended, processor, memory) = (Instant::now(), processor_time(), resident());
        Received { frames: count(), ended, processor, memory }
    }
}

/// Reads, counts, and forgets.
fn count(url: &str) -> Received {
    let (mut socket, _) = tungstenite::connect(url).unwrap();
    let mut frames = 0;
    while let Ok(message) = socket.read() {
        frames += usize::from(message.is_text());
    }
    Received::now(|| frames)
}

/// Records everything, and keeps it in a journal.
fn record(url: &str) -> Received {
    let folder = env::temp_dir().join(format!("closelook-bench-{}", process::id()));
    let journals = JournalFolder::new(folder.clone());
    let options = ConnectOptions { compression: None, ..ConnectOptions::new(url) };
    let client = Client::start_kept(options, Some(&journals), Arc::new(|| {}));
    assert!(client.wait_ended(LIMIT));
    journals.wait(LIMIT);
    let session = client.session().snapshot();
    let received = Received::now(|| session.frames.iter().filter(|row| row.opcode() == Opcode::Text).count());
    let state = session.journal.as_ref().unwrap();
    assert_eq!(state.problem, None);
    fs::remove_dir_all(folder).unwrap();
    received
}

/// Keeps every message with its time, and writes them as JSON Lines, as a person would who needs a log by tonight.
fn by_hand(url: &str) -> Received {
    let path = env::temp_dir().join(format!("closelook-bench-{}.jsonl", process::id()));
    let mut file = BufWriter::new(File::create(&path).unwrap());
    let (mut socket, _) = tungstenite::connect(url).unwrap();
    let mut kept: Vec<(Instant, Message)> = Vec::new();
    let began = Instant::now();
    while let Ok(message) = socket.read() {
        let at = Instant::now();
        if let Message::Text(text) = &message {
            let line =
                serde_json::json!({ "at": (at - began).as_nanos() as u64, "from": "server", "text": text.as_str() });
            writeln!(file, "{line}").unwrap();
        }
        kept.push((at, message));
    }
    file.flush().unwrap();
    let received = Received::now(|| kept.iter().filter(|(_, message)| message.is_text()).count());
    fs::remove_file(path).unwrap();
    received
}

/// Bytes of this process in memory that no file backs.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0
}

/// Seconds that this process has had of the processors, in user and in system mode.
fn processor_time() -> f64 {
    let schedule = fs::read_dir("/proc/self/task").unwrap().flatten();
    let of_thread = |path: std::path::PathBuf| {
        let text = fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        text.split_whitespace().next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0)
    };
    // Threads that have ended are in the process's own figure only, which counts in ticks of 10 ms.
    let threads: f64 = schedule.map(|entry| of_thread(entry.path())).sum::<f64>() / 1e9;
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().map(|field| fields[*field].parse::<f64>().unwrap()).sum();
    threads.max(ticks / 100.0)
}
