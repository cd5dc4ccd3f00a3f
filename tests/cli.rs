//! The program's command line as a script sees it: what it prints, where, and its exit status.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn closelook(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_closelook"));
    command.args(arguments).stdin(Stdio::null()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command
}

fn run(arguments: &[&str]) -> Output {
    closelook(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a successful run printed.
fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
    out(&output)
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}

/// The message of a run that ended with this status.
fn failed(arguments: &[&str], status: i32) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}{}", out(&output), err(&output));
    err(&output)
}

/// A child that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(arguments: &[&str]) -> (Running, BufReader<ChildStdout>) {
        let mut child = closelook(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        (Running(child), stdout)
    }

    #[cfg(unix)]
    fn interrupt(&self) {
        let id = self.0.id().to_string();
        // The shell has the command built in; the program of that name may not be installed.
        assert!(Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]).status().unwrap().success());
    }
}

/// The program's own lab, in a process of its own.
struct Lab {
    _running: Running,
    address: String,
}

impl Lab {
    fn start() -> Lab {
        let (running, mut stdout) = Running::start(&["lab", "--format", "json"]);
        let mut document = String::new();
        while !document.ends_with("\n}\n") {
            assert!(stdout.read_line(&mut document).unwrap() > 0, "the lab ended: {document}");
        }
        let document: Value = serde_json::from_str(&document).unwrap();
        let address = document["address"].as_str().unwrap().to_owned();
        assert!(document["scenarios"].as_array().unwrap().len() > 10);
        Lab { _running: running, address }
    }

    fn url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    fn record(&self, path: &str, options: &[&str]) -> Value {
        let url = self.url(path);
        json(&[&["record", &url, "--format", "json"], options].concat())
    }
}

// --- what needs no server -----------------------------------------------------------------------------------------------------

#[test]
fn the_demo_prints_both_verdicts_with_their_bytes_and_the_comparison() {
    let text = printed(&["demo"]);
    let (before, after) = text.split_once("/close/empty").unwrap();
    assert!(before.contains("88 02 03 e8"), "{before}");
    assert!(before.contains("1000 Normal Closure"), "{before}");
    assert!(after.contains("88 00"), "{after}");
    assert!(after.contains("1005 No Status Received"), "{after}");
    for heading in
        ["Description", "When you see it", "How to fix", "Key differences", "Which to use when", "Learn more"]
    {
        assert!(after.lines().any(|line| line == heading), "{heading} is missing: {after}");
    }
    let document = json(&["demo", "--format", "json"]);
    let reports = |index: usize| &document["sessions"][index]["verdict"]["client"]["reports"];
    assert_eq!((reports(0), reports(1)), (&Value::from(1000), &Value::from(1005)));
    assert_eq!(document["comparison"]["left"]["code"], 1000);
}

#[test]
fn without_a_display_the_bare_command_says_so_and_runs_the_demo() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("88 02 03 e8"));
    let message = err(&output);
    assert!(message.contains("no display"), "{message}");
    for subcommand in ["record", "inspect", "explain", "lab", "demo", "convert"] {
        assert!(message.contains(subcommand), "{subcommand}: {message}");
    }
}

#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn a_display_that_is_not_there_is_no_display() {
    let output = closelook(&[]).env("DISPLAY", ":4095").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("88 02 03 e8"));
    let message = err(&output);
    assert!(message.contains("The window could not be opened") && !message.contains(".rs"), "{message}");
}

#[test]
fn without_a_display_an_address_or_a_file_is_sent_to_its_subcommand() {
    let message = failed(&["wss://ann:pw@localhost/chat"], 1);
    assert!(message.contains("closelook record wss://ann:•••@localhost/chat"), "{message}");
    assert!(failed(&["a session.pcapng"], 1).contains("closelook inspect a session.pcapng"));
}

#[test]
fn explain_tells_one_code_and_compares_two() {
    let article = printed(&["explain", "1005"]);
    assert!(article.starts_with("1005 No Status Received"), "{article}");
    let comparison = printed(&["explain", "1000", "1005", "--lang", "en"]);
    assert!(comparison.contains("1000 Normal Closure") && comparison.contains("1005 No Status Received"));
    assert_eq!(json(&["explain", "4999", "--format", "json"])["code"], 4999);
    assert_eq!(json(&["explain", "1000", "1006", "--format", "json"])["right"]["code"], 1006);
}

#[test]
fn bad_usage_has_status_2_and_a_reason() {
    for (arguments, part) in [
        (&["explain"][..], "CODE"),
        (&["explain", "70000"], "70000"),
        (&["explain", "1000", "1005", "1006"], "1006"),
        (&["explain", "1000", "--lang", "xx"], "en"),
        (&["record"], "URL"),
        (&["record", "ws://h", "--close", "1005"], "1005 is never sent"),
        (&["record", "ws://h", "--close", "1006"], "1006 is never sent"),
        (&["record", "ws://h", "--close", "1012"], "servers only"),
        (&["record", "ws://h", "--close", "soon"], "1000 to 4999"),
        (&["record", "ws://h", "--close", "1000", "--close-empty"], "cannot be used with"),
        (&["record", "ws://h", "--close-empty", "--abort"], "cannot be used with"),
        (&["record", "ws://h", "--for", "8"], "500ms"),
        (&["record", "ws://h", "--header", "no colon"], "Name: value"),
        (&["record", "ws://h", "--ping", &"x".repeat(126)], "125 bytes"),
        (&["record", "ws://h", "--log", "session.txt"], ".pcapng"),
        (&["record", "ws://h", "--format", "xml"], "xml"),
        (&["inspect", "a.jsonl", "--filter", "size > 3"], "Expected opcode"),
        (&["convert", "a.jsonl"], "OUT"),
        (&["convert", "a.jsonl", "b.txt"], ".jsonl"),
        (&["lab", "--listen", "9001"], "127.0.0.1:9001"),
        (&["--no-such-option"], "no-such-option"),
    ] {
        let message = failed(arguments, 2);
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}

#[test]
fn help_and_version_succeed() {
    assert!(printed(&["--version"]).starts_with("closelook "));
    let help = printed(&["--help"]);
    for subcommand in ["record", "inspect", "explain", "lab", "demo", "convert"] {
        assert!(help.contains(subcommand), "{help}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let (mut running, mut stdout) = Running::start(&["explain", "1000", "1005"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let mut messages = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!((running.0.wait().unwrap().code(), messages.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = closelook(&["explain", "1000"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("could not be printed"), "{}", err(&output));
}

// --- record -------------------------------------------------------------------------------------------------------------------

#[test]
fn the_document_of_a_session_has_every_field_of_the_contract() {
    let report = Lab::start().record("/close/1000", &[]);
    assert_eq!(report["handshake"], serde_json::json!({"status": 101, "subprotocol": null, "extensions": []}));
    assert_eq!(report["frames"]["count"], 4);
    assert_eq!(report["frames"]["by_opcode"]["text"], serde_json::json!({"client": 0, "server": 2}));
    assert_eq!(report["frames"]["by_opcode"]["close"], serde_json::json!({"client": 1, "server": 1}));
    assert_eq!(report["frames"]["by_direction"], serde_json::json!({"client": 1, "server": 3}));
    assert_eq!(report["messages"], serde_json::json!({"count": 2, "by_direction": {"client": 0, "server": 2}}));
    assert_eq!(report["findings"], serde_json::json!([]));
    let verdict = &report["verdict"];
    assert_eq!(verdict["outcome"], "closed");
    assert_eq!(verdict["first_close"], "server");
    assert_eq!(verdict["clean"], true);
    assert_eq!(verdict["transport_end"], "fin");
    let expected = serde_json::json!({"sent_close": {"hex": "880203e8", "code": 1000, "reason": ""}, "reports": 1000});
    assert_eq!(verdict["server"], expected);
    let hex = verdict["client"]["sent_close"]["hex"].as_str().unwrap();
    assert!(hex.starts_with("8882") && hex.len() == 16, "{hex}");
    assert!(report["explanation"]["headline"].as_str().unwrap().contains("1000"));
    assert_eq!(report["failure"], Value::Null);
}

#[test]
fn an_empty_close_is_reported_as_1005_by_both() {
    let verdict = &Lab::start().record("/close/empty", &[])["verdict"];
    let expected = serde_json::json!({"sent_close": {"hex": "8800", "code": null, "reason": ""}, "reports": 1005});
    assert_eq!(verdict["server"], expected);
    assert_eq!(verdict["client"]["reports"], 1005);
    assert_eq!(verdict["clean"], true);
}

#[test]
fn sends_go_out_in_the_order_in_which_they_are_written() {
    let folder = TempDir::new().unwrap();
    let (file, log) = (folder.path().join("bytes"), folder.path().join("log.jsonl"));
    fs::write(&file, [0, 255, 10]).unwrap();
    let (file, log) = (file.to_str().unwrap(), log.to_str().unwrap());
    let sends = ["--ping", "first", "--send", "second", "--send-file", file, "--send", "-fourth", "--ping", ""];
    let report = Lab::start()
        .record("/echo", &[&sends[..], &["--no-compression", "--close", "1000:done", "--log", log]].concat());
    assert_eq!(report["verdict"]["client"]["sent_close"]["reason"], "done");
    assert_eq!(report["verdict"]["server"]["sent_close"]["code"], 1000);
    let frames = printed(&["inspect", log, "--format", "jsonl", "--filter", "dir == client"]);
    let frames: Vec<Value> = frames.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent: Vec<_> = frames
        .iter()
        .map(|frame| {
            (frame["opcode"].as_str().unwrap(), frame.get("text").or(frame.get("hex")).unwrap().as_str().unwrap())
        })
        .collect();
    let expected = [
        ("ping", "first"),
        ("text", "second"),
        ("binary", "00ff0a"),
        ("text", "-fourth"),
        ("ping", ""),
        ("close", "03e8646f6e65"),
    ];
    assert_eq!(sent, expected);
    // The server's answers came before its Close.
    assert_eq!(report["frames"]["by_opcode"]["text"]["server"], 2);
    assert_eq!(report["frames"]["by_opcode"]["binary"]["server"], 1);
    assert_eq!(report["frames"]["by_opcode"]["pong"]["server"], 2);
}

#[test]
fn each_way_to_end_a_session() {
    let lab = Lab::start();
    let close = lab.record("/echo", &["--close", "4001:an own reason"]);
    assert_eq!(close["verdict"]["client"]["sent_close"]["code"], 4001);
    assert_eq!(close["verdict"]["server"]["reports"], 4001);
    let empty = lab.record("/echo", &["--close-empty"]);
    assert_eq!(empty["verdict"]["client"]["sent_close"]["code"], Value::Null);
    assert_eq!(empty["verdict"]["server"]["reports"], 1005);
    let abort = lab.record("/echo", &["--send", "lost", "--abort"]);
    assert_eq!(abort["verdict"]["outcome"], "dropped");
    assert_eq!(abort["verdict"]["transport_end"], "local");
    assert_eq!(abort["verdict"]["client"]["reports"], 1006);
    assert_eq!(abort["frames"]["by_opcode"]["text"]["client"], 1);
    let bound = lab.record("/echo", &["--for", "1ms"]);
    assert_eq!(bound["verdict"]["client"]["sent_close"]["code"], 1000);
    let bound = lab.record("/echo", &["--for", "1ms", "--close-empty"]);
    assert_eq!(bound["verdict"]["client"]["sent_close"]["code"], Value::Null);
    // A server that ends the session is not waited for any longer.
    let early = lab.record("/close/1011", &["--for", "1h"]);
    assert_eq!(early["verdict"]["client"]["reports"], 1011);
    let reset = lab.record("/reset", &[]);
    assert_eq!(
        (&reset["verdict"]["transport_end"], &reset["verdict"]["client"]["reports"]),
        (&"rst".into(), &1006.into())
    );
    let different = lab.record("/echo-but-reply-empty", &["--close", "1000"]);
    assert_eq!(different["verdict"]["client"]["reports"], 1005);
    assert_eq!(different["verdict"]["server"]["reports"], 1000);
}

#[test]
fn the_text_has_a_line_a_frame_and_the_explanation() {
    let text = printed(&["record", &Lab::start().url("/fragments")]);
    let frames: Vec<&str> =
        text.lines().filter(|line| line.contains("  server  ") || line.contains("  client  ")).collect();
    assert!(frames.iter().any(|line| line.contains("Continuation") && line.contains("FIN")), "{text}");
    assert!(frames.iter().any(|line| line.contains("Pong") && line.contains("MASK")), "{text}");
    assert!(text.contains("The evidence") && text.contains("What each side reports"), "{text}");
}

#[test]
fn what_fails_has_status_1_and_says_what_to_try() {
    let lab = Lab::start();
    let message = failed(&["record", &lab.url("/no-such-scenario")], 1);
    assert!(message.contains("404"), "{message}");
    let folder = TempDir::new().unwrap();
    let absent = folder.path().join("absent");
    let message = failed(&["record", &lab.url("/echo"), "--send-file", absent.to_str().unwrap()], 1);
    assert!(message.contains("absent") && message.contains("Nothing was sent."), "{message}");
    let log = absent.join("log.jsonl");
    let message = failed(&["record", &lab.url("/close/1000"), "--log", log.to_str().unwrap()], 1);
    assert!(message.contains("could not be saved"), "{message}");
    let message = failed(&["record", &lab.url("/close/1000").replace("ws://", "ftp://")], 1);
    assert!(message.contains("ftp"), "{message}");
}

#[test]
fn nobody_listening_is_a_failure_with_a_document() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&["record", &format!("ws://{address}/?token=secret"), "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(report["verdict"]["outcome"], "connect_failed");
    assert_eq!(report["failure"]["stage"], "tcp");
    assert_eq!(report["handshake"]["status"], Value::Null);
    assert!(err(&output).contains("Nothing listens there"), "{}", err(&output));
    assert!(!out(&output).contains("secret") && !err(&output).contains("secret"));
}

#[cfg(unix)]
#[test]
fn an_interrupt_closes_the_session_and_keeps_the_log() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let lab = Lab::start();
    let (mut running, mut stdout) = Running::start(&["record", &lab.url("/ticker"), "--log", log.to_str().unwrap()]);
    let mut text = String::new();
    while !text.contains("#1 ") {
        assert!(stdout.read_line(&mut text).unwrap() > 0, "{text}");
    }
    running.interrupt();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(running.0.wait().unwrap().code(), Some(0), "{text}");
    let report = json(&["inspect", log.to_str().unwrap(), "--format", "json"]);
    assert_eq!(report["verdict"]["client"]["sent_close"]["code"], 1000);
    assert_eq!(report["verdict"]["first_close"], "client");
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_ends_the_session_and_the_log_is_kept() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let lab = Lab::start();
    let (mut running, mut stdout) =
        Running::start(&["record", &lab.url("/ticker?every=10ms"), "--log", log.to_str().unwrap()]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    let report = json(&["inspect", log.to_str().unwrap(), "--format", "json"]);
    assert_eq!(report["verdict"]["client"]["sent_close"]["code"], 1000);
}

// --- inspect and convert ------------------------------------------------------------------------------------------------------

/// A log of a short session, and its folder.
fn saved(ending: &str) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join(format!("log.{ending}")).to_str().unwrap().to_owned();
    Lab::start()
        .record("/echo", &["--no-compression", "--send", "hello", "--send", "worlds", "--close-empty", "--log", &log]);
    (folder, log)
}

#[test]
fn inspect_tells_the_same_as_record() {
    let folder = TempDir::new().unwrap();
    let lab = Lab::start();
    for ending in ["jsonl", "pcapng"] {
        let log = folder.path().join(format!("log.{ending}")).to_str().unwrap().to_owned();
        let recorded = lab.record("/echo-but-reply-empty", &["--send", "hi", "--close", "1000:bye", "--log", &log]);
        assert_eq!(json(&["inspect", &log, "--format", "json"]), recorded, "{ending}");
    }
}

#[test]
fn a_filter_picks_frames_in_every_format() {
    let (_folder, log) = saved("jsonl");
    let filter = ["--filter", r#"opcode == text && payload contains "worlds""#];
    let text = printed(&[&["inspect", &log], &filter[..]].concat());
    assert!(text.contains("2 of 6 frames match"), "{text}");
    assert!(text.contains("worlds") && !text.contains("hello"), "{text}");
    let lines = printed(&[&["inspect", &log, "--format", "jsonl"], &filter[..]].concat());
    assert_eq!(lines.lines().count(), 2);
    let report = json(&[&["inspect", &log, "--format", "json"], &filter[..]].concat());
    assert_eq!(report["frames"]["by_opcode"]["text"], serde_json::json!({"client": 1, "server": 1}));
    let message = failed(&["inspect", &log, "--filter", "opcode == txt"], 2);
    assert!(message.contains("opcode == txt\n            ^"), "{message}");
}

#[test]
fn converting_there_and_back_gives_the_same_bytes() {
    let (folder, log) = saved("jsonl");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (capture, back) = (path("converted.pcapng"), path("back.jsonl"));
    assert_eq!(printed(&["convert", &log, &capture]), "");
    assert_eq!(printed(&["convert", &capture, &back]), "");
    assert_eq!(fs::read(&log).unwrap(), fs::read(&back).unwrap());
}

#[test]
fn a_damaged_log_gives_what_is_readable_and_says_what_is_not() {
    let (_folder, log) = saved("jsonl");
    let whole = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let damaged = [&lines[..lines.len() - 2], &["{\"at\": broken"], &lines[lines.len() - 2..]].concat().join("\n");
    fs::write(&log, damaged).unwrap();
    let output = run(&["inspect", &log]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("hello"));
    assert!(err(&output).contains(&format!("line {}", lines.len() - 1)), "{}", err(&output));
}

#[test]
fn what_is_no_log_is_a_failure() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("notes.jsonl");
    fs::write(&path, "dear diary\n").unwrap();
    failed(&["inspect", path.to_str().unwrap()], 1);
    failed(&["inspect", folder.path().join("absent.jsonl").to_str().unwrap()], 1);
}

// --- what a peer sends does not command the terminal ----------------------------------------------------------------------------

#[test]
fn control_characters_from_a_peer_are_escaped() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl").to_str().unwrap().to_owned();
    let hostile = "\u{1b}]0;owned\u{7}\u{202e}\u{2066}\u{9b}31m\r";
    let lab = Lab::start();
    let text =
        printed(&["record", &lab.url("/echo"), "--send", hostile, "--close", "4000:\u{1b}[2J\u{202e}", "--log", &log]);
    for shown in [text, printed(&["inspect", &log])] {
        let is_raw = |character: char| {
            (character.is_control() && character != '\n') || ('\u{202a}'..='\u{202e}').contains(&character)
        };
        assert!(!shown.contains(is_raw), "{shown:?}");
        assert!(shown.contains("\\u{1b}") && shown.contains("\\u{202e}"), "{shown}");
    }
}

// --- the lab --------------------------------------------------------------------------------------------------------------------

#[cfg(unix)]
#[test]
fn the_lab_lists_its_scenarios_and_stops_at_an_interrupt() {
    let (mut running, mut stdout) = Running::start(&["lab", "--listen", "[::1]:0"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("[::1]:"), "{line}");
    while !line.contains("/close/empty") {
        assert!(stdout.read_line(&mut line).unwrap() > 0, "{line}");
    }
    running.interrupt();
    let mut messages = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert_eq!((running.0.wait().unwrap().code(), messages.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn a_lab_that_others_can_reach_warns() {
    let (running, mut stdout) = Running::start(&["lab", "--listen", "0.0.0.0:0"]);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    running.interrupt();
    let mut running = running;
    let mut messages = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert!(messages.contains("other computers"), "{messages}");
}

#[test]
fn an_address_in_use_is_a_failure() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(failed(&["lab", "--listen", &address], 1).contains(&address));
}
