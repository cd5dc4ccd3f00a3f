//! What other programs tell of a close: each fact of `assets/programs.json` that is marked `run`, against the real library in a process of
//! its own, or against Chromium. `cargo test --test programs`
//!
//! Each program is a client that goes through the same cases against a server of bytes. It prints what it was told; what it sent is seen
//! here. The programs are in `tests/peers`; `.ci/run` installs them. A test whose program is not installed says so and passes, unless
//! `CLOSELOOK_REQUIRE_PEERS=1` demands it.

#[path = "peers/installed.rs"]
mod installed;
mod raw_server;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use closelook::explain::programs::{Checked, Program, Sent, Told};
use closelook::protocol::close::CloseCode;
use closelook::protocol::handshake::accept_for_key;
use installed::missing;
use raw_server::{LIMIT, Peer, close, frame, header};
use tempfile::TempDir;
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode as LibraryCode;
use tungstenite::{Message, WebSocket};

/// What the server does to a client once it is ready, or the client to the server.
const CASES: [&str; 10] =
    ["code", "private", "empty", "half", "not-allowed", "fin", "reset", "close", "close-1000", "close-1005"];

/// What a client put on the wire at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
enum OnTheWire {
    /// A Close with this payload.
    Close(Vec<u8>),
    /// No Close, and a FIN.
    Fin,
    /// No Close, and a reset, or nothing more could be seen.
    Reset,
}

/// A server for all cases of one program, which lives as long as the test.
struct Server {
    address: SocketAddr,
    on_the_wire: Arc<Mutex<BTreeMap<String, OnTheWire>>>,
    /// What a browser's page posts.
    posted: Receiver<String>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let on_the_wire = Arc::new(Mutex::new(BTreeMap::new()));
        let (post, posted) = channel();
        let seen = on_the_wire.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, post) = (seen.clone(), post.clone());
                thread::spawn(move || answer(stream.unwrap(), &seen, &post));
            }
        });
        Server { address, on_the_wire, posted }
    }

    fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    fn sent(&self, case: &str) -> OnTheWire {
        let seen = self.on_the_wire.lock().unwrap();
        seen.get(case).unwrap_or_else(|| panic!("nothing was seen of {case}: {seen:?}")).clone()
    }
}

/// Answers one connection: a page, what a page posts, or a case.
fn answer(stream: TcpStream, seen: &Mutex<BTreeMap<String, OnTheWire>>, post: &Sender<String>) {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut peer = Peer { stream };
    // A browser opens connections that it may never use.
    if peer.stream.peek(&mut [0]).unwrap_or(0) == 0 {
        return;
    }
    let request = peer.read_request();
    let Some(key) = header(&request, "Sec-WebSocket-Key") else { return document(peer, &request, post) };
    let accept = accept_for_key(key);
    let response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept:";
    peer.send(format!("{response} {accept}\r\n\r\n").as_bytes());
    assert_eq!(peer.read_frame().payload, b"ready");
    let case = request.split(['/', ' ']).nth(2).unwrap().to_owned();
    match case.as_str() {
        "code" => peer.send(&frame(0x88, b"\x03\xe8done")),
        "private" => peer.send(&close(4001)),
        "empty" => peer.send(&frame(0x88, b"")),
        "half" => peer.send(&frame(0x88, &[3])),
        "not-allowed" => peer.send(&close(1005)),
        "fin" => peer.fin(),
        "reset" => {
            seen.lock().unwrap().insert(case, OnTheWire::Reset);
            return peer.reset();
        }
        _ => {}
    }
    let on_the_wire = match peer.stream.peek(&mut [0]) {
        Ok(0) => OnTheWire::Fin,
        Ok(_) => {
            let received = peer.read_frame();
            assert_eq!(received.first_byte, 0x88, "{case}: a Close");
            OnTheWire::Close(received.payload)
        }
        Err(error) if error.kind() == ErrorKind::ConnectionReset => OnTheWire::Reset,
        Err(error) => panic!("{case}: {error}"),
    };
    if let (true, OnTheWire::Close(payload)) = (case.starts_with("close"), &on_the_wire) {
        let answer = frame(0x88, payload);
        // A client that did not wait is gone.
        let _ = peer.stream.write_all(&answer);
    }
    seen.lock().unwrap().insert(case, on_the_wire);
    let _ = peer.stream.shutdown(std::net::Shutdown::Write);
    // Not ended at once, so that nothing that the client has not read yet is lost to a reset.
    let _ = std::io::copy(&mut peer.stream, &mut std::io::sink());
}

/// Serves the page, and takes what it posts.
fn document(mut peer: Peer<TcpStream>, request: &str, post: &Sender<String>) {
    if request.starts_with("POST /told ") {
        let length = header(request, "Content-Length").unwrap().parse().unwrap();
        let body = String::from_utf8(peer.read_exactly(length)).unwrap();
        peer.send(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        post.send(body).unwrap();
    } else {
        let page = fs::read_to_string(installed::sources().join("browser/told.html")).unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            page.len()
        );
        peer.send(head.as_bytes());
        peer.send(page.as_bytes());
    }
}

/// A process that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a program printed about each case, and its version, when it says that.
fn told(lines: &str) -> BTreeMap<String, String> {
    let pairs = lines.lines().filter_map(|line| line.split_once(": "));
    pairs.map(|(case, told)| (case.to_owned(), told.trim().to_owned())).collect()
}

fn program(id: &str) -> &'static Program {
    let program = Program::all().iter().find(|program| program.id == id).unwrap_or_else(|| panic!("no facts on {id}"));
    assert_eq!(program.checked, Checked::Run, "{id}: what a test runs is marked so");
    program
}

/// The cases that a program can go through: without a close call that needs no code, there is nothing to see of one.
fn cases(program: &Program) -> Vec<&'static str> {
    let has_plain_call = program.closes.plain != Sent::CodeRequired;
    CASES.into_iter().filter(|case| *case != "close" || has_plain_call).collect()
}

/// Compares what a program was told and what it sent with the facts.
fn assert_facts(program: &Program, told: &BTreeMap<String, String>, server: &Server) {
    let of = program.told;
    let unknown = || panic!("{}: a program that is run has every fact", program.id);
    for (case, fact, received) in [
        ("code", of.code, 1000),
        ("private", of.code, 4001),
        ("empty", of.empty, 1005),
        ("half", of.half.unwrap_or_else(unknown), 1002),
        ("not-allowed", of.not_allowed.unwrap_or_else(unknown), 1005),
        ("fin", of.fin, 1006),
        ("reset", of.reset, 1006),
    ] {
        let expected = match fact {
            Told::ReceivedCode { clean } => Told::Code { code: CloseCode(received), clean },
            other => other,
        };
        assert_eq!(told.get(case), Some(&expected.to_string()), "{}: {case}: {told:?}", program.id);
    }
    let answers = program.answers.unwrap_or_else(|| panic!("{}: a program that is run has every fact", program.id));
    for (case, fact, received) in
        [("code", answers.code, 1000), ("private", answers.code, 4001), ("empty", answers.empty, 1005)]
    {
        assert_sent(program, case, fact, received, server);
    }
    if program.closes.plain != Sent::CodeRequired {
        assert_sent(program, "close", program.closes.plain, 1000, server);
    }
    let done = OnTheWire::Close(b"\x03\xe8done".to_vec());
    assert_eq!(server.sent("close-1000"), done, "{}: {}", program.id, program.closes.with_1000);
    let asked =
        program.closes.asked_for_1005.unwrap_or_else(|| panic!("{}: a program that is run has every fact", program.id));
    match asked {
        Sent::Refused => assert_eq!(told["close-1005"], "refused", "{}", program.id),
        sent => assert_sent(program, "close-1005", sent, 1005, server),
    }
}

fn assert_sent(program: &Program, case: &str, fact: Sent, received: u16, server: &Server) {
    let seen = server.sent(case);
    let code = match &seen {
        OnTheWire::Close(payload) => payload.get(..2).map(|code| u16::from_be_bytes([code[0], code[1]])),
        _ => None,
    };
    let fits = match fact {
        Sent::Empty => seen == OnTheWire::Close(Vec::new()),
        Sent::NormalClosure => code == Some(1000),
        Sent::Code => code == Some(received),
        Sent::NotAllowed => code == Some(1005),
        Sent::Fin => seen == OnTheWire::Fin,
        Sent::CodeRequired | Sent::Refused => false,
    };
    assert!(fits, "{}: {case}: {fact:?} is the fact, {seen:?} was seen", program.id);
}

/// Runs a program through its cases, and compares.
fn check(id: &str, command: Option<Command>) {
    let Some(mut command) = command else { return missing(id) };
    let program = program(id);
    let server = Server::start();
    command.arg(server.url()).args(cases(program)).stdout(Stdio::piped());
    let output = command.output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{id}: {lines}");
    let told = told(&lines);
    if let Some(version) = told.get("version") {
        assert_eq!(*version, program.version, "{id}: the version that the facts name is the one that is run");
    }
    assert_facts(program, &told, &server);
}

#[test]
fn node_ws() {
    check("node-ws", with_library(installed::node("ws", "told.js"), "ws"));
}

#[test]
fn undici() {
    check("undici", with_library(installed::node("undici", "told.js"), "undici"));
}

fn with_library(command: Option<Command>, library: &str) -> Option<Command> {
    command.map(|mut command| {
        command.arg(library);
        command
    })
}

#[test]
fn python_websockets() {
    check("python-websockets", installed::python("websockets", "told_by_websockets.py"));
}

#[test]
fn aiohttp() {
    check("aiohttp", installed::python("aiohttp", "told_by_aiohttp.py"));
}

#[test]
fn websocket_client() {
    check("websocket-client", installed::python("websocket", "told_by_websocket_client.py"));
}

#[test]
fn wsproto() {
    check("wsproto", installed::python("wsproto", "told_by_wsproto.py"));
}

#[test]
fn java_http_client() {
    // Without a compiler beside it, Java cannot start a source file.
    let command = installed::program("javac").and(installed::program("java"));
    let command = command.map(|mut command| {
        command.arg(installed::sources().join("java/Told.java"));
        command
    });
    check("java-http-client", command);
}

#[test]
fn chromium() {
    let names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
    let Some(mut command) = names.into_iter().find_map(installed::program) else { return missing("chromium") };
    let program = program("chromium");
    let server = Server::start();
    let profile = TempDir::new().unwrap();
    let page = format!("http://{}/page?{}", server.address, cases(program).join("&"));
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(page)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _browser = Running(command.spawn().unwrap());
    let posted = server.posted.recv_timeout(2 * LIMIT).expect("the page posts what it was told");
    assert_facts(program, &told(&posted), &server);
}

#[test]
fn tungstenite() {
    let program = program("tungstenite");
    let lock = fs::read_to_string("Cargo.lock").unwrap();
    assert!(
        lock.contains(&format!("name = \"tungstenite\"\nversion = \"{}.", program.version)),
        "the version is the one that is used"
    );
    let server = Server::start();
    let told = cases(program).into_iter().map(|case| (case.to_owned(), told_by_tungstenite(&server, case))).collect();
    assert_facts(program, &told, &server);
}

fn told_by_tungstenite(server: &Server, case: &str) -> String {
    let stream = TcpStream::connect(server.address).unwrap();
    let (mut socket, _) = tungstenite::client(format!("{}/{case}", server.url()), stream).unwrap();
    socket.send(Message::text("ready")).unwrap();
    let closing = match case {
        "close" => Some(None),
        "close-1000" => Some(Some(CloseFrame { code: LibraryCode::Normal, reason: "done".into() })),
        "close-1005" => Some(Some(CloseFrame { code: LibraryCode::from(1005), reason: "".into() })),
        _ => None,
    };
    if closing.is_some_and(|frame| socket.close(frame).is_err()) {
        return "refused".to_owned();
    }
    let told = told_at_the_end(&mut socket);
    // After a Close, reading on sends the answer and ends the connection; after an error a program lets go.
    while told != "error" && socket.read().is_ok() {}
    told
}

fn told_at_the_end(socket: &mut WebSocket<TcpStream>) -> String {
    match socket.read() {
        Ok(Message::Close(Some(frame))) => u16::from(frame.code).to_string(),
        Ok(Message::Close(None)) => "nothing".to_owned(),
        Ok(other) => panic!("{other:?}"),
        Err(_) => "error".to_owned(),
    }
}

#[test]
fn every_fact_that_is_marked_as_run_has_a_test() {
    let source = fs::read_to_string("tests/programs.rs").unwrap();
    for program in Program::all() {
        let is_run = source.contains(&format!("check(\"{}\"", program.id))
            || source.contains(&format!("= program(\"{}\")", program.id));
        assert_eq!(is_run, program.checked == Checked::Run, "{}", program.id);
    }
}
