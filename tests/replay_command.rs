//! `closelook replay` as a script sees it: what it sends, what it prints, and its exit status.

mod raw_server;

use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use closelook::capture::lab::{Lab, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;

use raw_server::{Peer, Served, close, frame, header, serve};

fn closelook(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_closelook"))
        .env("CLOSELOOK_JOURNALS", "")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that reads nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a run printed that ended with this status.
#[track_caller]
fn printed(arguments: &[&str], status: i32) -> String {
    let output = closelook(arguments, "");
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[track_caller]
fn document(arguments: &[&str], status: i32) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--format", "json"]].concat(), status)).unwrap()
}

/// A recorded session in a folder of its own.
struct Recorded {
    folder: TempDir,
}

impl Recorded {
    fn of(url: &str, options: &[&str]) -> Recorded {
        let folder = TempDir::new().unwrap();
        let recorded = Recorded { folder };
        printed(&[&["record", url, "--log", &recorded.log()], options].concat(), 0);
        recorded
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> String {
        shown(&self.path("then.pcapng"))
    }
}

fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A server that sends an answer to each message, given its number and the message, and closes after the last.
fn answering(answers: &'static [&'static str], code: u16) -> Served<Vec<String>> {
    serve(move |mut peer: Peer<TcpStream>| {
        peer.upgrade();
        let mut received = Vec::new();
        for answer in answers {
            received.push(String::from_utf8(peer.read_frame().payload).unwrap());
            peer.send(&frame(0x81, answer.as_bytes()));
        }
        peer.send(&close(code));
        peer.read_frame();
        peer.fin();
        peer.read_to_the_end();
        received
    })
}

#[test]
fn the_same_server_is_the_same() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let url = lab.url(&Scenario::Echo);
    let recorded =
        Recorded::of(&url, &["--send", "hello", "--ping", "p", "--send", r#"{"id":1}"#, "--close", "1000:done"]);
    let new = shown(&recorded.path("now.jsonl"));
    let output = printed(&["replay", &recorded.log(), "--speed", "max", "--log", &new], 0);
    for line in [
        &url,
        "then.pcapng replayed as fast as possible; 4 of 4 frames sent",
        "Messages of the server: 2 equal",
        "Client's Close               1000 \"done\"",
        "Pongs of the server          1",
        "The same.",
    ] {
        assert!(output.contains(line), "{line}: {output}");
    }
    assert!(output.contains("note: A replay of a recorded session as fast as possible"), "{output}");
    // The new session is a log like any other; its client sent the same bytes.
    let bytes = |log: &str| {
        let frames = printed(&["inspect", log, "--format", "jsonl", "--filter", "dir == client"], 0);
        frames.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(bytes(&new), bytes(&recorded.log()));
    let report = document(&["replay", &recorded.log(), "--speed", "100"], 0);
    assert_eq!(report["same"], true);
    assert_eq!(report["frames"], json!({"to_send": 4, "sent": 4, "left_out": 0}));
    assert_eq!(report["messages"]["equal"], 2);
    assert_eq!(report["messages"]["different"], json!([]));
    assert_eq!(report["then"]["client"]["reports"], report["now"]["client"]["reports"]);
    assert!(report["answer_times"]["now"]["median"].is_u64(), "{report:#}");
}

#[test]
fn another_answer_is_named_and_told_by_the_exit_status() {
    let server = answering(&[r#"{"id":1,"name":"ann"}"#, "fine", "bye"], 1000);
    let recorded = Recorded::of(&server.url(), &["--send", r#"{"id":1}"#, "--send", "how are you", "--send", "bye"]);
    let sent = server.result();
    let other = answering(&[r#"{"id":1,"name":"bob"}"#, "fine", "bye"], 4001);
    let output = printed(&["replay", &recorded.log(), &other.url(), "--speed", "max"], 1);
    assert_eq!(other.result(), sent);
    assert!(output.contains(r#"json.name (byte 16): "ann", now "bob""#), "{output}");
    assert!(output.contains("! Server's Close               1000, now 4001"), "{output}");
    assert!(output.contains("Different: 1 message and "), "{output}");

    let other = answering(&[r#"{"id":1,"name":"eve"}"#, "fine", "bye"], 1000);
    let report = document(&["replay", &recorded.log(), &other.url(), "--speed", "max"], 1);
    other.result();
    assert_eq!(report["same"], false);
    let different = report["messages"]["different"].as_array().unwrap();
    assert_eq!(different.len(), 1, "{report:#}");
    assert_eq!(different[0]["likeness"], "changed");
    assert_eq!(
        different[0]["difference"],
        json!({"byte": 16, "path": "json.name", "then": "\"ann\"", "now": "\"eve\""})
    );
    let facets = report["facets"].as_array().unwrap();
    assert!(facets.iter().all(|facet| facet["differs"] == false), "{report:#}");

    // A value that is another one each time need not count.
    let other = answering(&[r#"{"id":1,"name":"zoe"}"#, "fine", "bye"], 1000);
    printed(&["replay", &recorded.log(), &other.url(), "--speed", "max", "--ignore", "json.name"], 0);
    other.result();
}

#[test]
fn a_server_that_says_less_is_waited_for_no_longer_than_asked() {
    let server = answering(&["one", "two"], 1000);
    let recorded = Recorded::of(&server.url(), &["--send", "a", "--pause", "1", "--send", "b"]);
    server.result();
    let silent = serve(|mut peer| {
        peer.upgrade();
        let received = [peer.read_frame().payload, peer.read_frame().payload];
        peer.read_frame();
        peer.send(&close(1000));
        peer.fin();
        peer.read_to_the_end();
        received
    });
    let report = document(&["replay", &recorded.log(), &silent.url(), "--speed", "max", "--patience", "50ms"], 1);
    assert_eq!(silent.result(), [b"a".to_vec(), b"b".to_vec()]);
    assert_eq!(report["messages"]["missing"], 2);
    let notes = report["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().contains("up to 50ms longer")), "{notes:?}");
    assert!(notes.iter().any(|note| note.as_str().unwrap().contains("closed with 1000")), "{notes:?}");
}

#[test]
fn a_filter_chooses_what_is_sent() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let recorded =
        Recorded::of(&lab.url(&Scenario::Echo), &["--send", "one", "--send", "two", "--ping", "p", "--close", "1000"]);
    let filter = r#"payload contains "two" || opcode == close"#;
    let report = document(&["replay", &recorded.log(), "--speed", "max", "--no-wait", "--filter", filter], 1);
    assert_eq!(report["frames"], json!({"to_send": 4, "sent": 2, "left_out": 2}));
    assert_eq!((&report["messages"]["equal"], &report["messages"]["missing"]), (&json!(1), &json!(1)));
    assert_eq!(report["now"]["clean"], true);
}

#[test]
fn each_line_of_the_input_is_a_step_and_its_end_stops() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let recorded = Recorded::of(&lab.url(&Scenario::Echo), &["--send", "one", "--send", "two", "--close", "1000:done"]);
    let output = closelook(&["replay", &recorded.log(), "--step"], "\n\n\n");
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    let asked = text(&output.stderr);
    assert_eq!(asked.matches("Enter sends this frame.").count(), 3, "{asked}");
    assert!(asked.contains("Text") && asked.contains("Close"), "{asked}");

    let output = closelook(&["replay", &recorded.log(), "--step", "--format", "json"], "\n");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["frames"], json!({"to_send": 3, "sent": 1, "left_out": 2}));
    assert_eq!(report["now"]["client"]["reports"], 1000);
}

/// Servers that take the request and close; each gives the request.
fn asked() -> Served<String> {
    serve(|mut peer: Peer<TcpStream>| {
        let request = peer.upgrade();
        peer.send(&close(1000));
        peer.read_frame();
        peer.fin();
        peer.read_to_the_end();
        request
    })
}

#[test]
fn masked_secrets_are_asked_for_and_can_be_given_as_options() {
    let server = asked();
    let url = format!("{}?token=t0p", server.url());
    let recorded = Recorded::of(&url, &["--header", "Authorization: Bearer abc", "--cookie", "id=7"]);
    server.result();
    let masked = shown(&recorded.path("masked.jsonl"));
    printed(&["convert", &recorded.log(), &masked, "--mask-secrets"], 0);
    let connect_to = |server: &Served<String>| server.address.to_string();

    // Without an answer they are named, and nothing is sent.
    let output = closelook(&["replay", &masked], "");
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("token of the address, Cookie, Authorization"), "{message}");
    assert!(!message.contains("t0p") && !message.contains("abc"), "{message}");

    let server = asked();
    let output = closelook(&["replay", &masked, "--connect-to", &connect_to(&server)], "new token\nid=8\nBearer new\n");
    let request = server.result();
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(request.starts_with("GET /?token=new%20token "), "{request}");
    assert_eq!(header(&request, "Authorization"), Some("Bearer new"));
    assert_eq!(header(&request, "Cookie"), Some("id=8"));

    let server = asked();
    let given = ["--header", "authorization: Basic x", "--cookie", "id=9", "--connect-to", &connect_to(&server)];
    let output = closelook(&[&["replay", &masked][..], &given].concat(), "again\n");
    let request = server.result();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(request.starts_with("GET /?token=again "), "{request}");
    assert!(request.contains("authorization: Basic x\r\n") && request.contains("Cookie: id=9\r\n"), "{request}");

    // Another server is not trusted with what is not masked either.
    let server = asked();
    let output = closelook(&["replay", &recorded.log(), &server.url()], "");
    let request = server.result();
    let message = text(&output.stderr);
    assert!(message.contains("(Cookie, Authorization); --send-secrets sends them"), "{message}");
    assert_eq!((header(&request, "Authorization"), header(&request, "Cookie")), (None, None));
    let server = asked();
    printed(&["replay", &recorded.log(), &server.url(), "--send-secrets"], 0);
    assert_eq!(header(&server.result(), "Authorization"), Some("Bearer abc"));
}

#[test]
fn what_cannot_be_replayed_is_trouble() {
    let folder = TempDir::new().unwrap();
    let missing = shown(&folder.path().join("missing.pcapng"));
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let recorded = Recorded::of(&lab.url(&Scenario::Echo), &["--close", "1000"]);
    drop(lab);
    for (arguments, words) in [
        (&["replay", &missing][..], "missing.pcapng"),
        (&["replay", &recorded.log()], "refused"),
        (&["replay", &recorded.log(), "gopher://host/"], "gopher"),
        (&["replay", &recorded.log(), "--speed", "0"], "write a number"),
        (&["replay", &recorded.log(), "--ignore", "opcode == text"], "write a path"),
        (&["replay", &recorded.log(), "--step", "--speed", "2"], "cannot be used with"),
    ] {
        let output = closelook(arguments, "");
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(message.contains(words), "{arguments:?}: {message}");
    }
}
