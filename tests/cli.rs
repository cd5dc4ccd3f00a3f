//! The program's command line as a script sees it: what it prints, where, and its exit status.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use closelook::protocol::opcode::Opcode;
use serde_json::Value;
use tempfile::TempDir;

#[path = "spoken_log/mod.rs"]
mod spoken_log;

fn closelook(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_closelook"));
    command.env("CLOSELOOK_JOURNALS", "").env("LC_ALL", "C").env_remove("LANGUAGE");
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
    for subcommand in ["record", "inspect", "replay", "explain", "lab", "demo", "convert"] {
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
fn explain_finds_codes_by_words() {
    let article = printed(&["explain", "gateway 502"]);
    assert!(article.starts_with("1014 Bad Gateway"), "one that is found is explained: {article}");
    let list = printed(&["explain", "discord", "intent"]);
    assert!(list.starts_with("4013 Private use\n  Discord Gateway: an intent"), "{list}");
    assert!(list.lines().any(|line| line == "4014 Private use"), "{list}");
    assert!(printed(&["explain", "going away"]).starts_with("1001 Going Away"));
    assert_eq!(json(&["explain", "going away", "--format", "json"])[0]["code"], 1001);
    let nothing = run(&["explain", "no such words anywhere"]);
    assert_eq!((nothing.status.code(), out(&nothing).as_str()), (Some(1), ""));
    assert!(err(&nothing).contains("“no such words anywhere”"), "{}", err(&nothing));
}

#[test]
fn explain_speaks_the_language_that_is_asked_for_or_the_systems() {
    let turkish = printed(&["explain", "1005", "--lang", "tr"]);
    assert!(turkish.starts_with("1005 No Status Received (durum kodu gelmedi)"), "{turkish}");
    for heading in ["Açıklama", "Gördüğünüzde", "Nasıl Düzeltilir", "Temel Farklar", "Daha Fazla Öğren"] {
        assert!(turkish.lines().any(|line| line == heading), "{heading}: {turkish}");
    }
    let by_locale = |name: &str, locale: &str| {
        let mut command = closelook(&["explain", "1005"]);
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG").env(name, locale);
        out(&command.output().unwrap())
    };
    assert_eq!(by_locale("LANG", "tr_TR.UTF-8"), turkish);
    assert_eq!(by_locale("LANGUAGE", "de:tr"), turkish);
    let english = printed(&["explain", "1005"]);
    assert_eq!(by_locale("LANG", "de_DE.UTF-8"), english);
    assert_eq!(by_locale("LC_ALL", "C.UTF-8"), english);
}

#[test]
fn bad_usage_has_status_2_and_a_reason() {
    for (arguments, part) in [
        (&["explain"][..], "CODE"),
        (&["explain", "65536"], "none above 65535"),
        (&["explain", "99999999999999999999"], "none above 65535"),
        (&["explain", "1000", "away"], "1000 is one code too many"),
        (&["explain", "1000", "1005", "1006"], "one code too many"),
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
        (&["record", "ws://h", "--log", "session.doc"], ".pcapng"),
        (&["record", "ws://h", "--format", "xml"], "xml"),
        (&["inspect", "a.jsonl", "--filter", "size > 3"], "Expected a field"),
        (&["convert", "a.jsonl"], "OUT"),
        (&["convert", "a.jsonl", "b.html", "--to", "word"], "html"),
        (&["inspect", "a.jsonl", "--frame", "1"], "--copy-as"),
        (&["inspect", "a.jsonl", "--frame", "1", "--copy-as", "perl"], "websocat"),
        (&["convert", "a.jsonl", "b.doc"], ".jsonl"),
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
    for subcommand in ["record", "inspect", "replay", "explain", "lab", "demo", "convert"] {
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
    assert_eq!(
        report["messages"],
        serde_json::json!({"subprotocol": null, "count": 2, "by_direction": {"client": 0, "server": 2}})
    );
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

/// A HAR with two conversations of one message each.
fn har(folder: &TempDir) -> String {
    let entry = |word: &str| {
        serde_json::json!({
            "startedDateTime": "2026-09-21T14:13:20Z", "_resourceType": "websocket",
            "request": {"method": "GET", "url": format!("wss://{word}.example/?token=s3cret"), "headers": []},
            "response": {"status": 101, "headers": []},
            "_webSocketMessages": [{"type": "send", "time": 1_790_000_000.5, "opcode": 1, "data": word}],
        })
    };
    let path = folder.path().join("two.har");
    fs::write(&path, serde_json::json!({"log": {"entries": [entry("one"), entry("two")]}}).to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn one_of_several_conversations_is_chosen() {
    let folder = TempDir::new().unwrap();
    let har = har(&folder);
    let output = run(&["inspect", &har]);
    assert!(out(&output).contains("wss://one.example") && !out(&output).contains("two"), "{}", out(&output));
    let listed = err(&output);
    for part in
        ["2 conversations", "--conversation", "1  wss://one.example/?token=•••, 1 frames", "2  wss://two.example/"]
    {
        assert!(listed.contains(part), "{listed}");
    }
    let second = run(&["inspect", &har, "--conversation", "2"]);
    assert!(out(&second).contains("wss://two.example") && err(&second).is_empty());
    assert!(failed(&["inspect", &har, "--conversation", "3"], 1).contains("holds 2 conversations"));
}

#[test]
fn a_log_is_converted_to_every_form() {
    let (folder, log) = saved("jsonl");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (name, start) in [
        ("a.html", "<!doctype html>"),
        ("a.csv", "frame,time,direction,"),
        ("a.txt", "ws://127.0.0.1"),
        ("a.har", "{\"log\":{\"version\":\"1.2\""),
    ] {
        assert_eq!(printed(&["convert", &log, &path(name)]), "");
        let content = fs::read_to_string(path(name)).unwrap();
        assert!(content.starts_with(start) && content.contains("worlds"), "{name}: {content}");
    }
    // The option is stronger than the name.
    printed(&[
        "convert",
        &log,
        &path("b.bin"),
        "--to",
        "csv",
        "--filter",
        "payload contains \"worlds\" && dir == server",
    ]);
    let table = fs::read_to_string(path("b.bin")).unwrap();
    assert_eq!(table.lines().count(), 2, "{table}");
    printed(&["convert", &log, &path("c.pcapng"), "--filter", "payload contains \"worlds\""]);
    assert_eq!(json(&["inspect", &path("c.pcapng"), "--format", "json"])["frames"]["count"], 2);
    let messages = json(&["inspect", &path("a.har"), "--format", "json"]);
    assert_eq!(messages["messages"]["count"], 4);
    assert_eq!(printed(&["inspect", &log, "--format", "csv"]), fs::read_to_string(path("a.csv")).unwrap());
    assert_eq!(printed(&["inspect", &log, "--format", "html"]), fs::read_to_string(path("a.html")).unwrap());
}

#[test]
fn bookmarks_are_set_by_convert_and_shown_by_inspect() {
    let (folder, log) = saved("jsonl");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (first, second) = (path("first.pcapng"), path("second.jsonl"));
    printed(&[
        "convert",
        &log,
        &first,
        "--bookmark",
        "2",
        "--bookmark",
        "3=a = b\nand more",
        "--session-note",
        "grüße",
    ]);
    let report = json(&["inspect", &first, "--format", "json"]);
    assert_eq!(report["session_note"], "grüße");
    let bookmarks = serde_json::json!([{"frame": 2, "note": ""}, {"frame": 3, "note": "a = b\nand more"}]);
    assert_eq!(report["bookmarks"], bookmarks);
    let text = printed(&["inspect", &first]);
    assert!(text.contains("    note on the session:\n        | grüße\n"), "{text}");
    assert!(text.contains("        bookmark:\n        | a = b\n        | and more\n"), "{text}");
    let lines = printed(&["inspect", &first, "--format", "jsonl", "--filter", "note contains \"more\" or number == 1"]);
    let frames: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&frames[0]["bookmark"], frames[1]["bookmark"].as_str()), (&Value::Null, Some("a = b\nand more")));

    printed(&[
        "convert",
        &first,
        &second,
        "--remove-bookmark",
        "3",
        "--bookmark",
        "2=written later",
        "--session-note",
        "",
    ]);
    let report = json(&["inspect", &second, "--format", "json"]);
    assert_eq!((&report["session_note"], &report["bookmarks"][0]["note"]), (&"".into(), &"written later".into()));
    assert_eq!(report["bookmarks"].as_array().unwrap().len(), 1);
    assert!(failed(&["convert", &log, &second, "--bookmark", "99"], 1).contains("has 6 frames"));
    assert!(failed(&["convert", &log, &second, "--bookmark", "0=x"], 2).contains("not the number of a frame"));
}

#[test]
fn secrets_are_masked_when_that_is_asked_for() {
    let folder = TempDir::new().unwrap();
    let har = har(&folder);
    let masked = folder.path().join("masked.jsonl").to_str().unwrap().to_owned();
    printed(&["convert", &har, &masked, "--conversation", "1", "--mask-secrets"]);
    let report = json(&["inspect", &masked, "--format", "json"]);
    assert!(report["notes"].to_string().contains("Secrets in the handshake were masked"), "{report}");
    let lines = fs::read_to_string(&masked).unwrap();
    assert!(lines.contains("token=******") && !lines.contains("s3cret"), "{lines}");
}

#[test]
fn a_frame_is_printed_to_be_copied() {
    let (_folder, log) = saved("jsonl");
    assert_eq!(printed(&["inspect", &log, "--frame", "1", "--copy-as", "hex"]), "68 65 6c 6c 6f\n");
    assert_eq!(printed(&["inspect", &log, "--frame", "1", "--copy-as", "python"]), "\"hello\"\n");
    let record: Value =
        serde_json::from_str(&printed(&["inspect", &log, "--frame", "1", "--copy-as", "json"])).unwrap();
    assert_eq!((record["frame"].as_u64(), record["text"].as_str()), (Some(1), Some("hello")));
    assert!(failed(&["inspect", &log, "--frame", "99", "--copy-as", "text"], 1).contains("no frame #99"));
}

#[test]
fn the_help_reminds_of_the_language_of_filters_and_every_line_of_it_is_one() {
    let help = printed(&["inspect", "--help"]);
    for field in closelook::search::Field::ALL {
        assert!(help.contains(field.name()), "{} is not in:\n{help}", field.name());
    }
    let (_folder, log) = saved("jsonl");
    let lines = help.split("Filters:\n").nth(1).unwrap().lines();
    let examples: Vec<&str> = lines.map(|line| line.trim_start().split("  ").next().unwrap()).collect();
    assert_eq!(examples.len(), 11, "{examples:?}");
    for filter in examples.into_iter().flat_map(|line| line.split(", ")) {
        printed(&["inspect", &log, "--filter", filter]);
    }
}

#[test]
fn a_filter_asks_for_what_the_application_sent() {
    let folder = TempDir::new().unwrap();
    let lab = Lab::start();
    let log = folder.path().join("log.jsonl").to_str().unwrap().to_owned();
    let text = format!("{{\"kind\":\"needle\",\"fill\":\"{}\"}}", "x".repeat(500));
    lab.record("/echo", &["--send", &text, "--send", "hay", "--close", "1000", "--log", &log]);
    for filter in ["payload contains \"needle\"", "json.kind == \"needle\"", "compressed", "message.inflated > 500"] {
        let lines = printed(&["inspect", &log, "--format", "jsonl", "--filter", filter]);
        assert_eq!(lines.lines().count(), 2, "{filter}: {lines}");
    }
    let lines = printed(&["inspect", &log, "--format", "jsonl", "--filter", "frame.payload contains \"needle\""]);
    assert_eq!(lines.lines().count(), 0, "{lines}");
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

// --- what is in messages ----------------------------------------------------------------------------------------------------

/// A log of a Socket.IO session: an event, a fragmented message, and bytes.
fn socket_io() -> (TempDir, String) {
    let frames: [spoken_log::Sent<'_>; 4] = [
        ("client", Opcode::Text, true, br#"420["chat",{"a":1}]"#),
        ("server", Opcode::Text, false, br#"{"list":["#),
        ("server", Opcode::Continuation, true, b"1.0]}"),
        ("client", Opcode::Binary, true, &[0x82, 0xA1, b'a', 1, 0xA1, b'b', 0x92, 2, 3]),
    ];
    let (folder, path) = spoken_log::log("/socket.io/?EIO=4&transport=websocket", "", &frames);
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn requests_are_told_with_their_replies() {
    let frames: [spoken_log::Sent<'_>; 2] =
        [("client", Opcode::Text, true, br#"421["ask"]"#), ("server", Opcode::Text, true, br#"431["answer"]"#)];
    let (_folder, log) = spoken_log::log("/socket.io/?EIO=4&transport=websocket", "", &frames);
    let log = log.to_str().unwrap();
    let text = printed(&["inspect", log]);
    assert!(text.contains("Request to reply: answered 1, shortest 1ms, median 1ms, longest 1ms"), "{text}");
    let replies = json(&["inspect", log, "--format", "json"])["replies"].clone();
    assert_eq!(replies, serde_json::json!([{ "from": "client", "request": 1, "reply": 2, "nanoseconds": 1_000_000 }]));
    let by_none = json(&["inspect", log, "--format", "json", "--read-as", "none"]);
    assert_eq!(by_none["replies"], serde_json::json!([]));
}

/// A log of four frames, one each millisecond from the third on, and its folder.
fn four_frames() -> (TempDir, String) {
    let long = [b'x'; 300];
    let frames: [spoken_log::Sent<'_>; 4] = [
        ("client", Opcode::Text, true, b"one"),
        ("server", Opcode::Text, true, &long),
        ("server", Opcode::Ping, true, b""),
        ("server", Opcode::Text, true, b"four"),
    ];
    let (folder, log) = spoken_log::log("/", "", &frames);
    (folder, log.to_str().unwrap().to_owned())
}

#[test]
fn statistics_are_printed_as_tables() {
    let (_folder, log) = four_frames();
    let text = printed(&["inspect", &log, "--statistics"]);
    let has = |line: &str| text.lines().any(|printed| printed.split_whitespace().eq(line.split_whitespace()));
    for line in [
        "4 frames in 0.006000 s",
        "Frames of the server",
        "Opcode Frames Share Payload On the wire",
        "Text 2 50.0 % 304 bytes 310 bytes",
        "Ping 1 25.0 % 0 bytes 2 bytes",
        "All 3 75.0 % 304 bytes 312 bytes",
        "Headers 2 bytes (40.0 %) 8 bytes (2.6 %)",
        "Most frames in a second 1 3",
        "Median 3 bytes 4 bytes 3 bytes",
        "Most 3 bytes 300 bytes 300 bytes",
        "4 – 7 bytes 0 1 ████████████████████████",
        "1 ms – 2 ms 0 2 3 ████████████████████████",
        "client-frame-not-masked 1 error RFC 6455 5.1",
    ] {
        assert!(has(line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains("xxx"), "{text}");
}

#[test]
fn statistics_are_those_of_the_frames_that_a_filter_picks() {
    let (_folder, log) = four_frames();
    let filter = ["inspect", &log, "--statistics", "--filter", "dir == server"];
    assert!(printed(&filter).starts_with("3 of 4 frames in 0.006000 s\n"), "{}", printed(&filter));
    let report = json(&[&filter[..], &["--format", "json"]].concat());
    let statistics = &report["statistics"];
    let text = serde_json::json!({ "frames": 2, "payload_bytes": 304, "header_bytes": 6 });
    assert_eq!(statistics["frames"]["server"]["text"], text);
    assert_eq!(statistics["frames"]["client"], serde_json::json!({}));
    assert_eq!(statistics["payload_lengths"]["server"]["median"], 4);
    assert_eq!(statistics["gaps"]["either"]["least"], 1_000_000);
    let longest = serde_json::json!({ "nanoseconds": 1_000_000, "after_frame": 2, "before_frame": 3 });
    assert_eq!(statistics["gaps"]["longest"][0], longest);
    let throughput = &statistics["throughput"]["server"]["bytes"];
    assert_eq!(throughput.as_array().unwrap().iter().filter_map(Value::as_u64).sum::<u64>(), 312);
    assert_eq!(json(&["inspect", &log, "--format", "json"]).get("statistics"), None);
}

#[test]
fn statistics_are_rows_for_spreadsheets() {
    let (_folder, log) = four_frames();
    let rows = printed(&["inspect", &log, "--statistics", "--format", "csv"]);
    let mut lines = rows.split("\r\n");
    assert_eq!(lines.next(), Some("section,item,from,figure,value"));
    assert!(lines.clone().all(|line| line.is_empty() || line.split(',').count() == 5), "{rows}");
    for row in [
        "frames,text,server,payload bytes,304",
        "payload length,256 to 511,server,count,1",
        "gap,,either,least,1000000",
    ] {
        assert!(lines.clone().any(|line| line == row), "{row} is missing in\n{rows}");
    }
    assert!(failed(&["inspect", &log, "--statistics", "--format", "har"], 2).contains("text, json or csv"));
}

#[test]
fn frames_have_the_summary_of_their_subprotocol() {
    let (_folder, log) = socket_io();
    let event = r#"event "chat" · {"a":1} · ack #0 wanted"#;
    let text = printed(&["inspect", &log]);
    assert!(text.contains(event) && text.contains("attachment · 9 bytes"), "{text}");
    assert!(!printed(&["inspect", &log, "--read-as", "none"]).contains(event));
    let signalr = printed(&["inspect", &log, "--read-as", "signalr"]);
    assert!(!signalr.contains(event) && signalr.contains(r#"420["chat",{"a":1}]"#), "{signalr}");

    let frames = printed(&["inspect", &log, "--format", "jsonl"]);
    let frames: Vec<Value> = frames.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(frames[0]["summary"], event);
    assert_eq!(frames[1].get("summary"), None);
    assert_eq!(frames[0].get("content"), None);
    assert_eq!(json(&["inspect", &log, "--format", "json"])["messages"]["subprotocol"], "socket.io");
    assert_eq!(
        json(&["inspect", &log, "--format", "json", "--read-as", "none"])["messages"]["subprotocol"],
        Value::Null
    );
    assert!(failed(&["inspect", &log, "--read-as", "xmpp"], 2).contains("graphql-transport-ws"));
}

#[test]
fn messages_are_shown_through_an_encoding() {
    let (_folder, log) = socket_io();
    let text = printed(&["inspect", &log, "--content", "auto"]);
    for line in ["{", "  \"list\": [", "    1.0", "b: 2 elements", "  1: 3"] {
        assert!(
            text.lines()
                .any(|shown| shown.strip_prefix("        ").is_some_and(|shown| shown.trim_end().ends_with(line))),
            "{line}: {text}"
        );
    }
    let frames = printed(&["inspect", &log, "--format", "jsonl", "--content", "message-pack"]);
    let frames: Vec<Value> = frames.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Only where a message ends.
    assert_eq!(frames[1].get("content"), None);
    assert_eq!(frames[2]["content"]["remark"], "more follows after the end of the value at byte 1");
    assert_eq!(frames[3]["content"]["encoding"], "message-pack");
    let expected = serde_json::json!(["2 members", "  a: 1", "  b: 2 elements", "    0: 2", "    1: 3"]);
    assert_eq!(frames[3]["content"]["lines"], expected);
    let broken = printed(&["inspect", &log, "--content", "json"]);
    assert!(broken.contains("(a JSON value should be here at byte 0)"), "{broken}");
    assert!(failed(&["inspect", &log, "--content", "yaml"], 2).contains("protocol-buffers"));
}

#[test]
fn record_shows_what_is_in_messages_too() {
    let lab = Lab::start();
    let request = r#"{"jsonrpc":"2.0","id":1,"method":"a","params":[1]}"#;
    let text = printed(&["record", &lab.url("/echo"), "--send", request, "--close", "1000", "--content", "json"]);
    assert!(text.contains("request #1 a · 1"), "{text}");
    assert_eq!(text.matches("          \"method\": \"a\",").count(), 2, "{text}");
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

// --- raw bytes and the manual endpoint ----------------------------------------------------------------------------------------

/// How many frames the client and the server sent.
fn crossed(document: &Value) -> (u64, u64) {
    let count = |side: &str| document["frames"]["by_direction"][side].as_u64().unwrap();
    (count("client"), count("server"))
}

/// The bytes that a log says the client sent behind its request.
fn sent_bytes(log: &std::path::Path) -> Vec<u8> {
    let text = fs::read_to_string(log).unwrap();
    let events = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let hexadecimal: String = events
        .filter(|event| event["event"] == "bytes" && event["from"] == "client")
        .map(|event| event["hex"].as_str().unwrap().to_owned())
        .collect();
    let bytes = closelook::protocol::hexadecimal::decode(&hexadecimal).unwrap();
    let head = bytes.windows(4).position(|part| part == b"\r\n\r\n").unwrap() + 4;
    bytes[head..].to_vec()
}

#[test]
fn raw_bytes_are_on_the_wire_as_they_were_written_and_in_their_place() {
    let lab = Lab::start();
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("raw.jsonl");
    // A masked text frame in two parts, between a pause and a Ping; then a frame that breaks two rules.
    let options = ["--manual", "--raw", "81 85 37 fa 21", "--pause", "20", "--raw", "3d 7F9f4d5158", "--raw", "8302"];
    let end = ["--raw", "4869", "--close", "1000", "--log", log.to_str().unwrap()];
    let document = lab.record("/echo", &[&options[..], &end].concat());
    let expected = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58, 0x83, 0x02, 0x48, 0x69];
    let sent = sent_bytes(&log);
    assert_eq!(sent[..expected.len()], expected);
    // The Close of the ending comes last, and has a key that nobody knows before.
    assert_eq!((sent[expected.len()], sent.len()), (0x88, expected.len() + 8));
    let found: Vec<_> = document["findings"].as_array().unwrap().iter().map(|found| found["rule"].clone()).collect();
    assert!(
        found.contains(&"reserved-opcode".into()) && found.contains(&"client-frame-not-masked".into()),
        "{found:?}"
    );
}

#[test]
fn a_manual_session_answers_neither_ping_nor_close() {
    let lab = Lab::start();
    let document = lab.record("/pings", &["--manual", "--for", "50ms", "--abort"]);
    assert_eq!(crossed(&document), (0, 1));
    let document = lab.record("/close/1000", &["--manual", "--for", "50ms", "--abort"]);
    assert!(document["verdict"]["client"]["sent_close"].is_null());
    assert_eq!(document["verdict"]["clean"], false);
    // The server ends by itself, and nothing was to be sent: so does the session.
    let document = lab.record("/drop", &["--manual"]);
    assert_eq!(document["verdict"]["clean"], false);
}

#[test]
fn the_end_of_the_output_is_a_fin() {
    let lab = Lab::start();
    let document = lab.record("/echo", &["--manual", "--send", "last words", "--end-output"]);
    assert_eq!(crossed(&document), (1, 1));
    let message = failed(&["record", "ws://127.0.0.1:1/", "--end-output", "--send", "too late"], 2);
    assert!(message.contains("--end-output comes last"), "{message}");
    failed(&["record", "ws://127.0.0.1:1/", "--end-output", "--close", "1000"], 2);
}

#[test]
fn hexadecimal_that_is_none_is_refused_at_its_place() {
    let refused = [("81 8x", "“x” is not a hexadecimal digit. It is character 5"), ("818", "has only one digit")];
    for (text, sentence) in refused {
        let message = failed(&["record", "ws://127.0.0.1:1/", "--raw", text], 2);
        assert!(message.contains(sentence), "{message}");
    }
    failed(&["record", "ws://127.0.0.1:1/", "--pause", "1s"], 2);
    failed(&["record", "ws://127.0.0.1:1/", "--manual", "--echo"], 2);
}
