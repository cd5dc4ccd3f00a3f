//! `closelook record` against servers of other libraries, in processes of their own: Node's `ws`, Python's `websockets`, and a script of
//! bytes without any library; and what tshark reads in the logs.
//!
//! The servers are in `tests/peers`; `.ci/run` installs their libraries into the target folder. A test whose server is not installed
//! says so and passes, unless `CLOSELOOK_REQUIRE_PEERS=1` demands it.

#[cfg(target_os = "linux")]
#[path = "peers/captured.rs"]
mod captured;
mod raw_server;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const MEGABYTE: usize = 1024 * 1024;

// --- the servers --------------------------------------------------------------------------------------------------------------

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Library {
    NodeWs,
    PythonWebsockets,
}

impl Library {
    /// The command that runs the server or the client, when its library is installed.
    fn command(self, program: &str) -> Option<Command> {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
        match self {
            Library::NodeWs => {
                let modules = installed().join("node/node_modules");
                modules.join("ws").exists().then(|| {
                    let mut command = Command::new("node");
                    command.arg(sources.join(format!("node/{program}.js"))).env("NODE_PATH", modules);
                    command
                })
            }
            Library::PythonWebsockets => {
                let python = installed().join("python/bin/python3");
                python.exists().then(|| {
                    let mut command = Command::new(python);
                    command.arg(sources.join(format!("python/{program}.py")));
                    command
                })
            }
        }
    }
}

impl Library {
    /// The same, and a word about it when it is not installed.
    fn installed(self, program: &str) -> Option<Command> {
        let command = self.command(program);
        if command.is_none() {
            missing(&format!("{self:?}"));
        }
        command
    }
}

/// Where the libraries are: in the folder `peers` beside the one for temporary files of tests, or where the environment says.
fn installed() -> PathBuf {
    let beside = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
    std::env::var_os("CLOSELOOK_PEERS").map_or_else(beside, PathBuf::from)
}

/// Says that something which a test needs is missing.
fn missing(what: &str) {
    assert!(std::env::var("CLOSELOOK_REQUIRE_PEERS").as_deref() != Ok("1"), "{what} is not installed: run .ci/run");
    eprintln!("skipped: {what} is not installed (.ci/run installs it)");
}

/// A server in a process that does not outlive the test.
struct Server {
    child: Child,
    address: String,
    scheme: &'static str,
    library: Library,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for 127.0.0.1 that nobody has signed, and its key, as PEM files.
struct Certificate {
    folder: TempDir,
}

impl Certificate {
    fn new() -> Certificate {
        let folder = TempDir::new().unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate =
            rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
        fs::write(folder.path().join("certificate.pem"), certificate.pem()).unwrap();
        fs::write(folder.path().join("key.pem"), key.serialize_pem()).unwrap();
        Certificate { folder }
    }

    fn path(&self) -> String {
        self.folder.path().join("certificate.pem").to_str().unwrap().to_owned()
    }

    fn key(&self) -> String {
        self.folder.path().join("key.pem").to_str().unwrap().to_owned()
    }
}

impl Server {
    fn start(library: Library, certificate: Option<&Certificate>) -> Option<Server> {
        Server::run(library.installed("server")?, library, certificate)
    }

    /// The same with permessage-deflate.
    fn start_compressing(library: Library) -> Option<Server> {
        let mut command = library.installed("server")?;
        command.env("COMPRESSION", "1");
        Server::run(command, library, None)
    }

    fn run(mut command: Command, library: Library, certificate: Option<&Certificate>) -> Option<Server> {
        if let Some(certificate) = certificate {
            command.args([certificate.path(), certificate.key()]);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        assert!(port.trim().parse::<u16>().is_ok(), "{library:?} did not start: {port:?}");
        let scheme = if certificate.is_some() { "wss" } else { "ws" };
        Some(Server { child, address: format!("127.0.0.1:{}", port.trim()), scheme, library })
    }

    fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// Records a session with this path.
    fn record(&self, path: &str, options: &[&str]) -> Recorded {
        record(&self.url(path), options, &format!("{:?} {path}", self.library))
    }
}

/// Runs a test with each library that is installed.
fn with_each_library(test: impl Fn(&Server)) {
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        if let Some(server) = Server::start(library, None) {
            test(&server);
        }
    }
}

// --- the program --------------------------------------------------------------------------------------------------------------

/// A recorded session: the document that was printed, and the saved log.
struct Recorded {
    what: String,
    report: Value,
    folder: TempDir,
}

fn closelook(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_closelook")).env("CLOSELOOK_JOURNALS", "").args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

fn record(url: &str, options: &[&str], what: &str) -> Recorded {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.pcapng");
    let required = ["record", url, "--format", "json", "--log", log.to_str().unwrap()];
    let report = serde_json::from_str(&closelook(&[&required[..], options].concat())).unwrap();
    Recorded { what: what.to_owned(), report, folder }
}

impl Recorded {
    fn log(&self) -> String {
        self.folder.path().join("log.pcapng").to_str().unwrap().to_owned()
    }

    /// The frames of the log, those of one side only when a filter says so.
    fn frames(&self, filter: &[&str]) -> Vec<Value> {
        let lines = closelook(&[&["inspect", &self.log(), "--format", "jsonl"], filter].concat());
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn frames_of(&self, side: &str) -> Vec<Value> {
        self.frames(&["--filter", &format!("dir == {side}")])
    }

    /// How many frames of an opcode each side sent.
    fn expect_frames(&self, opcode: &str, client: u64, server: u64) -> &Recorded {
        let found = &self.report["frames"]["by_opcode"][opcode];
        assert_eq!(*found, json!({"client": client, "server": server}), "{} {opcode}: {:#}", self.what, self.report);
        self
    }

    fn expect_messages(&self, client: u64, server: u64) -> &Recorded {
        let found = &self.report["messages"]["by_direction"];
        assert_eq!(*found, json!({"client": client, "server": server}), "{}: {:#}", self.what, self.report);
        self
    }

    fn expect_no_findings(&self) -> &Recorded {
        assert_eq!(self.report["findings"], json!([]), "{}: {:#}", self.what, self.report);
        self
    }

    /// A closing handshake that one side began; the codes are those of the two Close frames, 1005 for none.
    fn expect_closed(&self, first: &str, client_sent: u16, server_sent: u16) -> &Recorded {
        let verdict = &self.report["verdict"];
        let sent = |side: &str| match &verdict[side]["sent_close"] {
            Value::Null => panic!("{}: the {side} sent no Close: {verdict:#}", self.what),
            close => close["code"].as_u64().unwrap_or(1005),
        };
        assert_eq!(verdict["outcome"], "closed", "{}: {verdict:#}", self.what);
        assert_eq!(verdict["first_close"], first, "{}: {verdict:#}", self.what);
        assert_eq!(verdict["clean"], true, "{}: {verdict:#}", self.what);
        assert_eq!(verdict["transport_end"], "fin", "{}: {verdict:#}", self.what);
        assert_eq!((sent("client"), sent("server")), (client_sent.into(), server_sent.into()), "{}", self.what);
        assert_eq!(verdict["client"]["reports"], server_sent, "{}: {verdict:#}", self.what);
        assert_eq!(verdict["server"]["reports"], client_sent, "{}: {verdict:#}", self.what);
        self.expect_frames("close", 1, 1)
    }

    /// The server's Close frame as on the wire.
    fn expect_server_close(&self, hex: &str) -> &Recorded {
        assert_eq!(self.report["verdict"]["server"]["sent_close"]["hex"], hex, "{}", self.what);
        self
    }
}

// --- messages -----------------------------------------------------------------------------------------------------------------

#[test]
fn text() {
    with_each_library(|server| {
        let received = server.record("/text", &[]);
        received
            .expect_closed("server", 1000, 1000)
            .expect_frames("text", 0, 1)
            .expect_messages(0, 1)
            .expect_no_findings();
        assert_eq!(received.frames(&["--filter", "opcode == text"])[0]["text"], "grüße");
        let echoed = server.record("/echo-once", &["--send", "grüße"]);
        echoed
            .expect_closed("server", 1000, 1000)
            .expect_frames("text", 1, 1)
            .expect_messages(1, 1)
            .expect_no_findings();
        assert_eq!(echoed.frames_of("server")[0]["text"], "grüße");
    });
}

#[test]
fn binary() {
    with_each_library(|server| {
        let received = server.record("/binary", &[]);
        received
            .expect_closed("server", 1000, 1000)
            .expect_frames("binary", 0, 1)
            .expect_messages(0, 1)
            .expect_no_findings();
        assert_eq!(received.frames_of("server")[0]["hex"], "000102feff");
    });
}

#[test]
fn a_message_of_a_mebibyte() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bytes");
    let bytes: Vec<u8> = (0..MEGABYTE).map(|index| (index % 251) as u8).collect();
    fs::write(&file, &bytes).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    with_each_library(|server| {
        let received = server.record("/megabyte", &[]);
        received
            .expect_closed("server", 1000, 1000)
            .expect_frames("binary", 0, 1)
            .expect_messages(0, 1)
            .expect_no_findings();
        assert_eq!(received.frames_of("server")[0]["length"], MEGABYTE);
        let echoed = server.record("/echo-once", &["--send-file", file.to_str().unwrap()]);
        echoed
            .expect_closed("server", 1000, 1000)
            .expect_frames("binary", 1, 1)
            .expect_messages(1, 1)
            .expect_no_findings();
        for side in ["client", "server"] {
            assert!(echoed.frames_of(side)[0]["hex"] == hex.as_str(), "{}: {side}", echoed.what);
        }
    });
}

#[test]
fn a_fragmented_message() {
    with_each_library(|server| {
        let received = server.record("/fragments", &[]);
        received
            .expect_closed("server", 1000, 1000)
            .expect_frames("text", 0, 1)
            .expect_messages(0, 1)
            .expect_no_findings();
        let frames = received.frames(&["--filter", "dir == server && opcode != close"]);
        let text: String = frames.iter().map(|frame| frame["text"].as_str().unwrap()).collect();
        assert_eq!(text, "one two three", "{}", received.what);
        let (last, before) = frames.split_last().unwrap();
        assert!(before.len() >= 2 && before.iter().all(|frame| frame["fin"] == false), "{}", received.what);
        assert_eq!(last["fin"], true, "{}", received.what);
        assert!(frames[1..].iter().all(|frame| frame["opcode"] == "continuation"), "{}", received.what);
        assert!(frames.iter().all(|frame| frame["message"] == 1), "{}", received.what);
    });
}

#[test]
fn pings_both_ways() {
    with_each_library(|server| {
        let asked = server.record("/ping", &[]);
        asked
            .expect_closed("server", 1000, 1000)
            .expect_frames("ping", 0, 1)
            .expect_frames("pong", 1, 0)
            .expect_no_findings();
        assert_eq!(asked.report["verdict"]["server"]["sent_close"]["reason"], "pong are you there");
        let asking = server.record("/echo", &["--ping", "and you", "--close", "1000"]);
        asking
            .expect_closed("client", 1000, 1000)
            .expect_frames("ping", 1, 0)
            .expect_frames("pong", 0, 1)
            .expect_no_findings();
        assert_eq!(asking.frames(&["--filter", "opcode == pong"])[0]["text"], "and you");
    });
}

#[test]
fn the_echo_answers_each_message() {
    with_each_library(|server| {
        let mirrored = server.record("/mirror", &["--echo"]);
        mirrored.expect_closed("server", 1000, 1000).expect_frames("text", 1, 1).expect_no_findings();
    });
}

#[test]
fn a_subprotocol_is_agreed_on() {
    with_each_library(|server| {
        let agreed = server.record("/close/1000", &["--subprotocol", "superchat", "--subprotocol", "chat"]);
        assert_eq!(agreed.report["handshake"], json!({"status": 101, "subprotocol": "chat", "extensions": []}));
        agreed.expect_no_findings();
    });
}

// --- compression ----------------------------------------------------------------------------------------------------------------

/// Texts that repeat themselves and each other, and the word that ends the conversation.
fn texts() -> Vec<String> {
    let texts = (1..=20).map(|number| format!("{number}-{}", "again-and-".repeat(number * number)));
    texts.chain(["done".to_owned()]).collect()
}

/// What a side's messages were before they were compressed; a library may send short ones as they are.
fn inflated<'frames>(frames: &'frames [Value], side: &str) -> Vec<&'frames str> {
    let texts = |frame: &'frames Value| frame["inflated"]["text"].as_str().or(frame["text"].as_str());
    let of_side = frames.iter().filter(|frame| frame["direction"] == side && frame["opcode"] == "text");
    assert!(of_side.clone().any(|frame| !frame["inflated"].is_null()), "{side}: nothing is compressed");
    of_side.filter_map(texts).collect()
}

#[test]
fn compressed_messages_both_ways() {
    let texts = texts();
    let offers: [&[&str]; 4] = [
        &[],
        &["--offer-compression", "server_no_context_takeover; client_no_context_takeover"],
        &["--offer-compression", "server_max_window_bits=9; client_max_window_bits=9"],
        &["--offer-compression", ""],
    ];
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        let Some(server) = Server::start_compressing(library) else { continue };
        for offer in offers {
            let mut options = [&["--compress-from", "0"], offer].concat();
            texts.iter().for_each(|text| options.extend(["--send", text]));
            let echoed = server.record("/echo-until-done", &options);
            echoed.expect_no_findings().expect_closed("server", 1000, 1000);
            let agreed = echoed.report["handshake"]["extensions"][0].as_str().unwrap();
            assert!(agreed.starts_with("permessage-deflate"), "{}: {agreed}", echoed.what);
            let frames = echoed.frames(&[]);
            assert!(inflated(&frames, "client") == texts, "{} {offer:?}", echoed.what);
            assert!(inflated(&frames, "server") == texts, "{} {offer:?}", echoed.what);
        }
        let plain = server.record("/echo-once", &["--no-compression", "--send", "plain"]);
        assert_eq!(plain.report["handshake"]["extensions"], json!([]));
        assert_eq!(plain.frames_of("server")[0]["text"], "plain");
    }
}

#[test]
fn the_lab_echoes_to_clients_that_compress() {
    let lab = closelook::capture::lab::Lab::start(closelook::capture::lab::Lab::LOOPBACK).unwrap();
    let texts = texts();
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        let Some(mut command) = library.installed("client") else { continue };
        command.arg(lab.url(&closelook::capture::lab::Scenario::Echo));
        let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        client.stdin.take().unwrap().write_all(texts.join("\n").as_bytes()).unwrap();
        let output = client.wait_with_output().unwrap();
        assert!(output.status.success(), "{library:?}");
        let answers = String::from_utf8(output.stdout).unwrap();
        assert!(answers.lines().eq(&texts), "{library:?}");
    }
}

// --- ends ---------------------------------------------------------------------------------------------------------------------

#[test]
fn the_server_closes_with_1000() {
    with_each_library(|server| {
        let closed = server.record("/close/1000", &[]);
        closed.expect_closed("server", 1000, 1000).expect_server_close("880603e8646f6e65").expect_no_findings();
        assert_eq!(closed.report["frames"]["count"], 2);
    });
}

#[test]
fn the_server_closes_without_a_code() {
    with_each_library(|server| {
        server
            .record("/close/empty", &[])
            .expect_closed("server", 1005, 1005)
            .expect_server_close("8800")
            .expect_no_findings();
    });
}

#[test]
fn the_server_closes_with_4001() {
    with_each_library(|server| {
        let closed = server.record("/close/4001", &[]);
        closed.expect_closed("server", 4001, 4001).expect_no_findings();
        assert_eq!(closed.report["verdict"]["server"]["sent_close"]["reason"], "an own reason");
    });
}

#[test]
fn the_server_drops_the_connection() {
    with_each_library(|server| {
        let dropped = server.record("/drop", &[]);
        let verdict = &dropped.report["verdict"];
        let side = json!({"sent_close": null, "reports": 1006});
        let expected = json!({
            "outcome": "dropped", "first_close": null, "client": side, "server": side, "clean": false, "transport_end": "fin"
        });
        assert_eq!(*verdict, expected, "{}", dropped.what);
        assert_eq!(dropped.report["findings"][0]["rule"], "ended-without-close", "{}", dropped.what);
    });
}

#[test]
fn the_client_closes() {
    with_each_library(|server| {
        server.record("/echo", &["--close", "1000:done"]).expect_closed("client", 1000, 1000).expect_no_findings();
        server.record("/echo", &["--close-empty"]).expect_closed("client", 1005, 1005).expect_server_close("8800");
        server.record("/echo", &["--close", "4321"]).expect_closed("client", 4321, 4321).expect_no_findings();
        server.record("/echo", &["--for", "1ms"]).expect_closed("client", 1000, 1000).expect_no_findings();
        let aborted = server.record("/echo", &["--abort"]);
        assert_eq!(aborted.report["verdict"]["transport_end"], "local", "{}", aborted.what);
    });
}

// --- replays ------------------------------------------------------------------------------------------------------------------

/// Replays a recorded session against a server as fast as it answers; gives the exit status and the printed document.
fn replay(recorded: &Recorded, url: &str, options: &[&str]) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_closelook"))
        .env("CLOSELOOK_JOURNALS", "")
        .args(["replay", &recorded.log(), url, "--speed", "max", "--format", "json"])
        .args(options)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|_| panic!("{}: {}", recorded.what, String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), report)
}

#[test]
fn a_replay_of_a_session_with_a_library_is_the_same() {
    let long = "long and ".repeat(5_000);
    let sends = ["--send", "grüße", "--ping", "p", "--send", &long, "--send", r#"{"id":1}"#, "--send", "done"];
    let paths =
        ["/text", "/binary", "/megabyte", "/fragments", "/ping", "/close/1000", "/close/4001", "/close/empty", "/drop"];
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        for server in [Server::start(library, None), Server::start_compressing(library)].into_iter().flatten() {
            for path in paths {
                let recorded = server.record(path, &[]);
                let (status, report) = replay(&recorded, &server.url(path), &[]);
                assert_eq!((status, &report["same"]), (0, &json!(true)), "{}: {report:#}", recorded.what);
            }
            let recorded = server.record("/echo-until-done", &sends);
            for options in [&[][..], &["--new-masking-keys"]] {
                let (status, report) = replay(&recorded, &server.url("/echo-until-done"), options);
                assert_eq!((status, &report["messages"]["equal"]), (0, &json!(4)), "{}: {report:#}", recorded.what);
                assert_eq!(report["frames"], json!({"to_send": 6, "sent": 6, "left_out": 0}), "{}", recorded.what);
            }
        }
    }
}

#[test]
fn a_replay_adapts_to_a_library_that_compresses_otherwise() {
    let texts = ["again and again and again", "again and again and again", "done"];
    let sends: Vec<&str> = texts.iter().flat_map(|text| ["--send", text]).chain(["--compress-from", "0"]).collect();
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        let Some(plain) = Server::start(library, None) else { continue };
        let compressing = Server::start_compressing(library).unwrap();
        let recorded = compressing.record("/echo-until-done", &sends);
        let (status, report) = replay(&recorded, &plain.url("/echo-until-done"), &[]);
        assert_eq!((status, &report["messages"]["equal"]), (1, &json!(3)), "{library:?}: {report:#}");
        let different = report["facets"].as_array().unwrap().iter().filter(|facet| facet["differs"] == true);
        assert_eq!(
            different.map(|facet| &facet["name"]).collect::<Vec<_>>(),
            ["Extensions"],
            "{library:?}: {report:#}"
        );
        // Another offer: the server agrees to compress each message by itself.
        let options = ["--offer-compression", "client_no_context_takeover"];
        let (_, report) = replay(&recorded, &compressing.url("/echo-until-done"), &options);
        assert_eq!(report["messages"]["equal"], 3, "{library:?}: {report:#}");
        let notes = report["notes"].as_array().unwrap();
        assert!(notes.iter().any(|note| note.as_str().unwrap().contains("compressed anew")), "{library:?}: {notes:?}");
    }
}

#[test]
fn a_server_that_behaves_otherwise_is_found_out() {
    with_each_library(|server| {
        let recorded = server.record("/echo-until-done", &["--send", "one", "--send", "two", "--send", "done"]);
        // It closes after the first message.
        let (status, report) = replay(&recorded, &server.url("/echo-once"), &[]);
        assert_eq!((status, &report["messages"]["equal"]), (1, &json!(1)), "{}: {report:#}", recorded.what);
        assert_eq!(report["messages"]["missing"], 2, "{}: {report:#}", recorded.what);
        // It says something else.
        let (status, report) = replay(&recorded, &server.url("/binary"), &[]);
        assert_eq!((status, &report["messages"]["changed"]), (1, &json!(1)), "{}: {report:#}", recorded.what);
        let difference = &report["messages"]["different"][0]["difference"];
        assert_eq!((&difference["then"], &difference["now"]), (&json!("text"), &json!("binary")));
        // It closes with something else.
        let (status, report) = replay(&recorded, &server.url("/close/4001"), &[]);
        assert_eq!((status, &report["messages"]["missing"]), (1, &json!(3)), "{}: {report:#}", recorded.what);
        let closes =
            report["facets"].as_array().unwrap().iter().find(|facet| facet["name"] == "Server's Close").unwrap();
        let now = "4001 \"an own reason\"";
        assert_eq!((&closes["then"], &closes["now"]), (&json!("1000"), &json!(now)), "{}", recorded.what);
    });
}

// --- a server without a library -------------------------------------------------------------------------------------------------

#[test]
fn bytes_that_no_library_sends() {
    let server = raw_server::serve(|mut peer| {
        peer.upgrade();
        // A Ping between two fragments of a text that ends inside a character, then a code that this program's own library hides.
        let parts: [&[u8]; 4] = [b"\x01\x03gr\xc3", b"\x89\x01p", b"\x80\x04\xbc\xc3\x9fe", b"\x88\x02\x03\xf6"];
        parts.iter().for_each(|part| peer.send(part));
        let pong = peer.read_frame();
        let close = peer.read_frame();
        peer.fin();
        peer.read_to_the_end();
        (pong.first_byte, close.first_byte)
    });
    let recorded = record(&server.url(), &[], "a script of bytes");
    assert_eq!(server.result(), (0x8A, 0x88));
    recorded
        .expect_frames("text", 0, 1)
        .expect_frames("continuation", 0, 1)
        .expect_frames("pong", 1, 0)
        .expect_messages(0, 1);
    let verdict = &recorded.report["verdict"];
    assert_eq!(verdict["server"]["sent_close"], json!({"hex": "880203f6", "code": 1014, "reason": ""}));
    assert_eq!((&verdict["client"]["reports"], &verdict["server"]["reports"]), (&1014.into(), &1002.into()));
    assert_eq!(recorded.report["notes"].as_array().unwrap().len(), 1, "{:#}", recorded.report);
}

#[test]
fn violations_are_findings() {
    let server = raw_server::serve(|mut peer| {
        peer.upgrade();
        // Masked, and a length in a longer form than it needs; the Close that follows has half a code.
        peer.send(b"\x81\xfe\x00\x01abcd\x00\x88\x01\x03");
        peer.fin();
        peer.read_to_the_end();
    });
    let recorded = record(&server.url(), &[], "a script of bytes");
    server.result();
    let findings = recorded.report["findings"].as_array().unwrap();
    for (rule, section, frame) in [
        ("server-frame-masked", "RFC 6455 5.1", 1),
        ("length-not-minimal", "RFC 6455 5.2", 1),
        ("close-of-one-byte", "RFC 6455 5.5.1", 2),
    ] {
        let found = findings.iter().find(|finding| finding["rule"] == rule);
        let found = found.unwrap_or_else(|| panic!("no {rule}: {:#}", recorded.report));
        assert_eq!((&found["frame"], &found["direction"]), (&frame.into(), &"server".into()), "{rule}");
        assert_eq!(found["section"], section);
    }
}

// --- TLS ----------------------------------------------------------------------------------------------------------------------

#[test]
fn tls_with_a_certificate_from_a_file_with_any_and_with_none() {
    let certificate = Certificate::new();
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        let Some(server) = Server::start(library, Some(&certificate)) else { continue };
        server.record("/text", &["--ca", &certificate.path()]).expect_closed("server", 1000, 1000).expect_no_findings();
        server.record("/text", &["--insecure"]).expect_closed("server", 1000, 1000).expect_no_findings();
        let url = server.url("/text");
        let output = Command::new(env!("CARGO_BIN_EXE_closelook"))
            .env("CLOSELOOK_JOURNALS", "")
            .args(["record", &url, "--format", "json"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{library:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["verdict"]["outcome"], "connect_failed", "{library:?}");
        assert_eq!(report["verdict"]["client"]["reports"], 1015, "{library:?}");
        assert_eq!(report["failure"]["stage"], "tls", "{library:?}");
    }
}

// --- tshark -------------------------------------------------------------------------------------------------------------------

/// The frames that tshark finds without being told anything: opcode, FIN and sender, in its order.
fn dissected(log: &str) -> Option<Vec<(u64, bool, &'static str)>> {
    let fields =
        ["-T", "fields", "-e", "websocket.opcode", "-e", "websocket.fin", "-e", "tcp.dstport", "-e", "tcp.srcport"];
    let output = Command::new("tshark").args(["-r", log, "-Y", "websocket"]).args(fields).output();
    let Ok(output) = output else {
        missing("tshark");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut frames = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let port = |column: usize| columns[column].parse::<u16>().unwrap();
        // The log has its server on a well-known port, which is below every port of a client.
        let sender = if port(2) < port(3) { "client" } else { "server" };
        for (opcode, fin) in columns[0].split(',').zip(columns[1].split(',')) {
            frames.push((opcode.parse().unwrap(), ["1", "True"].contains(&fin), sender));
        }
    }
    Some(frames)
}

/// Compares what tshark finds with what `inspect` prints.
fn expect_same_frames(recorded: &Recorded) {
    let inspected: Vec<_> = recorded
        .frames(&[])
        .iter()
        .map(|frame| {
            let sender = if frame["direction"] == "client" { "client" } else { "server" };
            (frame["opcode_value"].as_u64().unwrap(), frame["fin"].as_bool().unwrap(), sender)
        })
        .collect();
    assert!(!inspected.is_empty());
    if let Some(dissected) = dissected(&recorded.log()) {
        assert_eq!(dissected, inspected, "{}", recorded.what);
    }
}

#[test]
fn a_saved_har_opens_in_haralyzer() {
    let Some(mut reader) = Library::PythonWebsockets.installed("har_reader") else { return };
    let Some(server) = Server::start(Library::PythonWebsockets, None) else { return };
    let folder = TempDir::new().unwrap();
    let har = folder.path().join("session.har");
    let path = har.to_str().unwrap();
    let recorded = server.record("/echo", &["--send", "grüße", "--close", "1000:done"]);
    closelook(&["convert", &recorded.log(), path]);
    let output = reader.arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&read["creator"]["name"], &read["status"]), (&json!("closelook"), &json!(101)));
    assert!(read["url"].as_str().unwrap().ends_with("/echo"));
    let messages: Vec<_> =
        read["messages"].as_array().unwrap().iter().map(|message| (&message["opcode"], &message["data"])).collect();
    assert!(messages.contains(&(&json!(1), &json!("grüße"))), "{messages:?}");
}

#[test]
fn tshark_lists_the_same_frames_for_ws_and_wss() {
    let certificate = Certificate::new();
    let trust = certificate.path();
    for library in [Library::NodeWs, Library::PythonWebsockets] {
        for (certificate, options) in [(None, &[][..]), (Some(&certificate), &["--ca", &trust][..])] {
            let Some(server) = Server::start(library, certificate) else { continue };
            for path in ["/text", "/binary", "/megabyte", "/fragments", "/ping", "/close/4001", "/close/empty"] {
                expect_same_frames(&server.record(path, options));
            }
            let sends = ["--send", "hello", "--ping", "p", "--send", &"long ".repeat(100), "--close", "1000:done"];
            expect_same_frames(&server.record("/echo", &[options, &sends].concat()));
        }
    }
}
