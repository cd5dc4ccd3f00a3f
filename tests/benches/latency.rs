//! How long a frame takes to the window, a command to the wire, what an idle session costs, and how fast an unwatched one records.
//!
//! `cargo bench --bench latency`, best on an idle machine: it says which targets are met and never fails for a time. Latencies are
//! compared with one way of a ping between two blocking sockets, the flood with a tungstenite client that only counts; both sides
//! of a comparison take turns, so that a busy machine hits both alike.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use closelook::capture::Client;
use closelook::capture::command::Command;
use closelook::capture::lab::scenario::Flood;
use closelook::capture::lab::{Lab, Scenario};
use closelook::capture::options::ConnectOptions;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::opcode::Opcode;
use crossbeam_channel::{Receiver, unbounded};
use tungstenite::Message;

const TEXT: &str = r#"{"symbol":"ABC","price":101.25} "#;

/// A frame of a client with this text: two bytes, the masking key, the payload.
const CLIENT_FRAME: usize = 2 + 4 + TEXT.len();

/// More than anything here takes, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(60);

const ROUNDS: usize = 5;
const SAMPLES: usize = 400;
/// The first samples of a round, which are not counted.
const WARM_UP: usize = 20;
/// Between two samples, so that every thread is asleep when the next one begins.
const PAUSE: Duration = Duration::from_millis(1);

const LATENCY_TARGET: Duration = Duration::from_millis(1);
const IDLE: Duration = Duration::from_secs(10);
const FLOOD: Flood = Flood { count: 200_000, size: 32 };
const FLOOD_ROUNDS: usize = 15;

fn main() {
    latencies();
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    idle(&lab);
    flood(&lab);
}

fn latencies() {
    let heading = "from just before the write or the send";
    println!("{heading:44} {:>10} {:>10} {:>12}  target", "median", "p99", "over a ping");
    let mut ping = Ping::start();
    let mut link = Link::connect();
    let [mut reference, mut watched, mut unwatched, mut command] = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        sample(&mut reference, || ping.measure());
        sample(&mut watched, || link.frame_to_wake(true));
        sample(&mut unwatched, || link.frame_to_wake(false));
        sample(&mut command, || link.command_to_wire());
    }
    let reference = Latency::of(reference);
    reference.print("ping between blocking sockets, one way", None);
    Latency::of(watched).print("frame's arrival to the wake, watched", Some(&reference));
    Latency::of(unwatched).print("frame's arrival to the wake, nobody looks", Some(&reference));
    Latency::of(command).print("command's send to the server's socket", Some(&reference));
}

fn sample(samples: &mut Vec<Duration>, mut measure: impl FnMut() -> Duration) {
    for number in 0..WARM_UP + SAMPLES {
        thread::sleep(PAUSE);
        let duration = measure();
        if number >= WARM_UP {
            samples.push(duration);
        }
    }
}

struct Latency {
    median: Duration,
    p99: Duration,
}

impl Latency {
    fn of(mut samples: Vec<Duration>) -> Latency {
        samples.sort_unstable();
        Latency { median: samples[samples.len() / 2], p99: samples[samples.len() * 99 / 100] }
    }

    fn print(&self, name: &str, reference: Option<&Latency>) {
        let compared = reference.map_or_else(String::new, |reference| {
            let ratio = self.median.as_secs_f64() / reference.median.as_secs_f64();
            format!("{ratio:12.1}  median < 1 ms: {}", met(self.median < LATENCY_TARGET))
        });
        println!("{name:44} {:>10} {:>10} {compared}", microseconds(self.median), microseconds(self.p99));
    }
}

fn microseconds(duration: Duration) -> String {
    format!("{:.1} µs", duration.as_secs_f64() * 1e6)
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "not met" }
}

/// One way between two blocking sockets of the standard library.
struct Ping {
    sender: TcpStream,
    arrivals: Receiver<Instant>,
    frame: Vec<u8>,
}

impl Ping {
    fn start() -> Ping {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        sender.set_nodelay(true).unwrap();
        let (mut receiver, _) = listener.accept().unwrap();
        let (arrived, arrivals) = unbounded();
        let frame = server_frame();
        let mut buffer = vec![0; frame.len()];
        // It ends with the sender's socket.
        thread::spawn(move || {
            while receiver.read_exact(&mut buffer).is_ok() {
                let _ = arrived.send(Instant::now());
            }
        });
        Ping { sender, arrivals, frame }
    }

    fn measure(&mut self) -> Duration {
        let start = Instant::now();
        self.sender.write_all(&self.frame).unwrap();
        self.arrivals.recv_timeout(LIMIT).unwrap() - start
    }
}

/// A client and the server's end of its connection, which sends one frame at a time.
struct Link {
    client: Client,
    server: TcpStream,
    wakes: Receiver<Instant>,
    frame: Vec<u8>,
    /// How many frames have crossed, either way.
    frames: usize,
}

impl Link {
    fn connect() -> Link {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let options = ConnectOptions::new(format!("ws://{}/", listener.local_addr().unwrap()));
        let (woken, wakes) = unbounded();
        let wake = move || {
            let _ = woken.send(Instant::now());
        };
        let client = Client::start(options, Arc::new(wake));
        let (mut server, _) = listener.accept().unwrap();
        server.set_nodelay(true).unwrap();
        server.set_read_timeout(Some(LIMIT)).unwrap();
        upgrade(&mut server);
        client.session().wait_until(LIMIT, |session| session.handshake.is_upgraded()).unwrap();
        Link { client, server, wakes, frame: server_frame(), frames: 0 }
    }

    /// From just before the server's write to the wake. Whoever watches takes every snapshot, as a painted window does.
    fn frame_to_wake(&mut self, is_watched: bool) -> Duration {
        self.frames += 1;
        let start = Instant::now();
        self.server.write_all(&self.frame).unwrap();
        loop {
            let woken = self.wakes.recv_timeout(LIMIT).unwrap();
            // Earlier wakes, such as those of commands, are still in the channel.
            if woken >= start && (!is_watched || self.client.session().snapshot().frames.len() == self.frames) {
                return woken - start;
            }
        }
    }

    /// From just before [`Client::send`] to the frame in the server's hands.
    fn command_to_wire(&mut self) -> Duration {
        self.frames += 1;
        let mut buffer = [0; CLIENT_FRAME];
        let command = Command::SendText(TEXT.to_owned());
        let start = Instant::now();
        self.client.send(command).unwrap();
        self.server.read_exact(&mut buffer).unwrap();
        let elapsed = start.elapsed();
        assert_eq!(buffer[..2], [0x81, 0x80 | TEXT.len() as u8]);
        elapsed
    }
}

fn server_frame() -> Vec<u8> {
    FrameHeader::new(Opcode::Text, TEXT.len() as u64).with_payload(TEXT.as_bytes())
}

fn upgrade(server: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        server.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).unwrap();
    let response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        accept_for_key(key)
    );
    server.write_all(response.as_bytes()).unwrap();
}

fn idle(lab: &Lab) {
    let client = Client::start(ConnectOptions::new(lab.url(&Scenario::Echo)), Arc::new(|| ()));
    client.session().wait_until(LIMIT, |session| session.handshake.is_upgraded()).unwrap();
    // What belongs to the opening is over by then.
    thread::sleep(Duration::from_secs(1));
    print!("\na connected session and the lab, left alone for {} s: ", IDLE.as_secs());
    let before = ProcessorTime::now();
    thread::sleep(IDLE);
    match before.zip(ProcessorTime::now()) {
        Some((before, after)) => {
            let reading = after.main.saturating_sub(before.main);
            let theirs = after.others.saturating_sub(before.others);
            println!("{} of CPU; target 0: {}", microseconds(theirs), met(theirs.is_zero()));
            println!("(the whole process: {}; the rest is the thread that reads this)", microseconds(reading + theirs));
        }
        None => println!("CPU not measured here"),
    }
    assert!(client.is_running());
}

/// The time that the threads of this process have been running on a processor, to the nanosecond.
struct ProcessorTime {
    /// The thread that measures.
    main: Duration,
    others: Duration,
}

impl ProcessorTime {
    /// `None` where the system is not Linux, or does not count this.
    fn now() -> Option<ProcessorTime> {
        let mut time = ProcessorTime { main: Duration::ZERO, others: Duration::ZERO };
        for thread in fs::read_dir("/proc/self/task").ok()? {
            let thread = thread.ok()?;
            let statistics = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let running = Duration::from_nanos(statistics.split(' ').next()?.parse().ok()?);
            let is_main = thread.file_name().to_str() == Some(&process::id().to_string());
            *if is_main { &mut time.main } else { &mut time.others } += running;
        }
        Some(time)
    }
}

fn flood(lab: &Lab) {
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..FLOOD_ROUNDS {
        ours = ours.min(record_flood(lab));
        theirs = theirs.min(count_flood(lab));
    }
    println!("\n{} frames of {} bytes from the lab, connecting and closing included", FLOOD.count, FLOOD.size);
    let rate = |duration: Duration| FLOOD.count as f64 / duration.as_secs_f64();
    println!("{:44} {:10.0} frames/s", "a session that nobody looks at", rate(ours));
    let ratio = rate(theirs) / rate(ours);
    println!("{:44} {:10.0} frames/s, {ratio:.1} times as many", "a tungstenite client that only counts", rate(theirs));
}

fn record_flood(lab: &Lab) -> Duration {
    let start = Instant::now();
    let client = Client::start(ConnectOptions::new(lab.url(&Scenario::Flood(FLOOD))), Arc::new(|| ()));
    assert!(client.wait_ended(LIMIT));
    let elapsed = start.elapsed();
    assert_eq!(client.session().snapshot().messages().count() as u64, FLOOD.count);
    elapsed
}

fn count_flood(lab: &Lab) -> Duration {
    let start = Instant::now();
    let stream = TcpStream::connect(lab.address()).unwrap();
    let (mut socket, _) = tungstenite::client(lab.url(&Scenario::Flood(FLOOD)), stream).unwrap();
    let mut messages = 0;
    let end = loop {
        match socket.read() {
            Ok(Message::Binary(_)) => messages += 1,
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    let elapsed = start.elapsed();
    assert!(matches!(end, tungstenite::Error::ConnectionClosed), "{end}");
    assert_eq!(messages, FLOOD.count);
    elapsed
}
