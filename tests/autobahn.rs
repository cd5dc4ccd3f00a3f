//! The Autobahn|Testsuite against both ends: `closelook record --echo` against its fuzzing server, the lab's `/echo` against its fuzzing
//! client. Two things are checked of each case: the suite's own verdict, and that the dissector's findings are those of
//! `tests/autobahn/findings.tsv`, which name each violation that a case commits and nothing else.
//!
//! `tests/autobahn/install` installs the suite. Where it is missing the tests say so and pass, unless `CLOSELOOK_REQUIRE_AUTOBAHN=1`
//! demands it. Groups 1 to 7 and 10 run, which takes seconds; `CLOSELOOK_AUTOBAHN=full` adds 9, 12 and 13, which take half an hour.
//! `CLOSELOOK_AUTOBAHN_WRITE=folder` writes there what was found, one file for each end, instead of comparing it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use closelook::capture::lab::{Lab, Scenario};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::moment::Moment;
use closelook::protocol::verdict::TransportEnd;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The groups that take long.
const LONG: [&str; 3] = ["9.*", "12.*", "13.*"];

/// How many cases the suite has in the version that the table was made with.
const QUICK_CASES: usize = 247;
const ALL_CASES: usize = 517;

/// The name under which we are in the suite's report.
const AGENT: &str = "closelook";

/// A case's number, such as 7.13.2.
type Case = Vec<u32>;

/// Rules that were found broken, each with the side at fault.
type Findings = BTreeSet<String>;

fn case(text: &str) -> Case {
    text.split('.').map(|part| part.parse().unwrap()).collect()
}

fn is_full() -> bool {
    std::env::var("CLOSELOOK_AUTOBAHN").as_deref() == Ok("full")
}

fn cases() -> usize {
    if is_full() { ALL_CASES } else { QUICK_CASES }
}

/// The suite's program, when it is installed.
fn suite() -> Option<PathBuf> {
    let peers = std::env::var_os("CLOSELOOK_PEERS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers"), PathBuf::from);
    let program = peers.join("autobahn/bin/wstest");
    if program.exists() {
        return Some(program);
    }
    let is_required = std::env::var("CLOSELOOK_REQUIRE_AUTOBAHN").as_deref() == Ok("1");
    assert!(!is_required, "the Autobahn|Testsuite is not installed: run tests/autobahn/install");
    eprintln!("skipped: the Autobahn|Testsuite is not installed (tests/autobahn/install installs it)");
    None
}

/// Which cases are run.
struct Selection {
    cases: Vec<String>,
    excluded: Vec<&'static str>,
    count: usize,
}

impl Selection {
    fn all() -> Selection {
        let excluded = if is_full() { Vec::new() } else { LONG.to_vec() };
        Selection { cases: vec!["*".to_owned()], excluded, count: cases() }
    }
}

/// What came of a case: the suite's verdict, and what the dissector found.
type Outcomes = BTreeMap<Case, (String, Findings)>;

/// Runs all cases, and once more, up to two times, those that the suite did not like: it waits for no answer longer than a few
/// seconds, whatever else the machine does.
fn outcomes(run: impl Fn(&Selection) -> Outcomes) -> Outcomes {
    let mut outcomes = run(&Selection::all());
    for _ in 0..2 {
        let bad: Vec<_> =
            outcomes.iter().filter(|(_, (verdict, _))| !is_good(verdict)).map(|(case, _)| name(case)).collect();
        if bad.is_empty() {
            break;
        }
        eprintln!("again: {bad:?}");
        outcomes.extend(run(&Selection { count: bad.len(), cases: bad, excluded: Vec::new() }));
    }
    outcomes
}

fn is_good(verdict: &str) -> bool {
    let (behaviour, close) = verdict.split_once(", close ").unwrap();
    matches!(behaviour, "OK" | "NON-STRICT" | "INFORMATIONAL") && matches!(close, "OK" | "INFORMATIONAL")
}

/// The suite at work; it does not outlive the test.
struct Suite {
    child: Child,
    folder: TempDir,
}

impl Drop for Suite {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Suite {
    fn start(program: &Path, mode: &str, selection: &Selection, ours: Value) -> Suite {
        let folder = TempDir::new().unwrap();
        let mut specification = json!({
            "outdir": folder.path().join("reports"), "cases": selection.cases, "exclude-cases": selection.excluded,
            "exclude-agent-cases": {},
        });
        specification.as_object_mut().unwrap().extend(ours.as_object().unwrap().clone());
        let file = folder.path().join("specification.json");
        fs::write(&file, specification.to_string()).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new(program);
        command.args(["--mode", mode, "--spec", file.to_str().unwrap()]);
        let child = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Suite { child, folder }
    }

    /// What the suite says of each case.
    fn verdicts(&self) -> BTreeMap<Case, String> {
        let index = fs::read(self.folder.path().join("reports/index.json")).expect("the suite wrote its report");
        let index: Value = serde_json::from_slice(&index).unwrap();
        let ours = index.as_object().unwrap().values().next().unwrap().as_object().unwrap();
        ours.iter()
            .map(|(number, report)| {
                let part = |name: &str| report[name].as_str().unwrap().to_owned();
                (case(number), format!("{}, close {}", part("behavior"), part("behaviorClose")))
            })
            .collect()
    }
}

/// Asserts that the suite is content with every case, and that the findings are those of a column of the table.
fn expect(column: usize, outcomes: &Outcomes) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    outcomes.values().for_each(|(verdict, _)| *counts.entry(verdict).or_default() += 1);
    eprintln!("{counts:?}");
    expect_findings(column, outcomes);
    let bad: Vec<_> = outcomes.iter().filter(|(_, (verdict, _))| !is_good(verdict)).collect();
    assert!(bad.is_empty(), "{bad:?}");
    assert_eq!(outcomes.len(), cases());
}

/// What may come of it that one side fails the connection, after a violation: the other does not take part in the end any more. How
/// much of this there is depends on who is faster.
const CONSEQUENCES: [&str; 7] = [
    "close-reply-changes-code",
    "close-not-answered",
    "close-not-answered-in-time",
    "ended-inside-frame",
    "ended-inside-message",
    "ended-without-close",
    "frame-after-close",
];

/// The violations themselves: without consequences where there is something that they can be of.
fn violations(found: &Findings) -> Findings {
    let is_consequence = |finding: &&String| CONSEQUENCES.iter().any(|rule| finding.ends_with(&format!(":{rule}")));
    let causes: Findings = found.iter().filter(|finding| !is_consequence(finding)).cloned().collect();
    if causes.is_empty() { found.clone() } else { causes }
}

fn expect_findings(column: usize, outcomes: &Outcomes) {
    let found: BTreeMap<_, _> = outcomes.iter().map(|(case, (_, found))| (case.clone(), violations(found))).collect();
    if let Some(folder) = std::env::var_os("CLOSELOOK_AUTOBAHN_WRITE") {
        let lines = found.iter().map(|(case, findings)| format!("{}\t{}\n", name(case), cell(findings)));
        return fs::write(Path::new(&folder).join(column.to_string()), lines.collect::<String>()).unwrap();
    }
    let table = include_str!("autobahn/findings.tsv");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let Some(findings) = found.get(&case(cells[0])) else { continue };
        compared += 1;
        if cells[column] != cell(findings) {
            wrong.push(format!("{}: expected {}, found {}", cells[0], cells[column], cell(findings)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(compared, cases());
}

fn name(case: &Case) -> String {
    case.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

fn cell(findings: &Findings) -> String {
    if findings.is_empty() { "-".to_owned() } else { findings.iter().cloned().collect::<Vec<_>>().join(" ") }
}

// --- our client -----------------------------------------------------------------------------------------------------------------

fn record(url: &str, more: &[&str]) -> Value {
    let arguments = [&["record", url, "--format", "json"], more].concat();
    let output =
        Command::new(env!("CARGO_BIN_EXE_closelook")).env("CLOSELOOK_JOURNALS", "").args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What was found, by side and rule. A side that is told of invalid text in the middle of a frame may leave the frame unfinished:
/// what it sends behind has no boundaries, and how much that is depends on who is faster. So it does not count.
fn countable<'rule>(in_order: impl Iterator<Item = (String, &'rule str)>) -> Findings {
    let mut found = Findings::new();
    for (side, rule) in in_order {
        if !found.contains(&format!("{side}:text-not-utf8")) {
            found.insert(format!("{side}:{rule}"));
        }
    }
    found
}

fn findings_of(report: &Value) -> Findings {
    let side = |finding: &Value| finding["direction"].as_str().unwrap_or("both").to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    countable(findings.map(|finding| (side(finding), finding["rule"].as_str().unwrap())))
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn run_client(program: &Path, selection: &Selection) -> Outcomes {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let ours = json!({"url": format!("ws://{address}"), "webport": 0});
    let mut suite = Suite::start(program, "fuzzingserver", selection, ours);
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(address).is_err() {
        let log = || fs::read_to_string(suite.folder.path().join("log")).unwrap();
        assert!(suite.child.try_wait().unwrap().is_none() && Instant::now() < deadline, "it did not start: {}", log());
        thread::yield_now();
    }
    let mut found = Vec::new();
    for number in 1..=selection.count {
        let report = record(&format!("ws://{address}/runCase?case={number}&agent={AGENT}"), &["--echo"]);
        assert_eq!(report["failure"], Value::Null, "{number}");
        found.push(findings_of(&report));
    }
    record(&format!("ws://{address}/updateReports?agent={AGENT}"), &[]);
    joined(suite.verdicts(), found)
}

/// Verdicts and findings by case; cases are run in the order of their numbers.
fn joined(verdicts: BTreeMap<Case, String>, found: Vec<Findings>) -> Outcomes {
    verdicts.into_iter().zip(found).map(|((case, verdict), found)| (case, (verdict, found))).collect()
}

#[test]
fn the_client_that_echoes() {
    let Some(program) = suite() else { return };
    expect(1, &outcomes(|selection| run_client(&program, selection)));
}

// --- our server -----------------------------------------------------------------------------------------------------------------

/// Records one connection that passes through a relay; bytes are recorded before they are passed on, so that what answers them
/// comes later in the record too.
struct Tapped {
    recorder: Mutex<Recorder>,
}

impl Tapped {
    fn record(&self, kind: EventKind) {
        self.recorder.lock().unwrap().record(Event { at: Moment::START, kind });
    }

    fn relay(&self, mut from: TcpStream, mut to: TcpStream, side: Side) {
        let mut buffer = vec![0; 64 * 1024];
        let how = loop {
            match from.read(&mut buffer) {
                Ok(0) => break TransportEnd::Fin,
                Ok(length) => {
                    let bytes = Bytes::copy_from_slice(&buffer[..length]);
                    self.record(EventKind::Bytes { direction: side.sends(), bytes });
                    if to.write_all(&buffer[..length]).is_err() {
                        // The other half says how it ended.
                        break TransportEnd::Fin;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break TransportEnd::Rst,
            }
        };
        self.record(EventKind::TransportEnded { side, how });
        let _ = to.shutdown(Shutdown::Write);
    }
}

/// Relays connections, one after the other, and gives the findings of each.
fn relay_to(lab: SocketAddr, listener: &TcpListener, connections: usize) -> Vec<Findings> {
    let mut found = Vec::new();
    for _ in 0..connections {
        let (client, _) = listener.accept().unwrap();
        let server = TcpStream::connect(lab).unwrap();
        for stream in [&client, &server] {
            stream.set_nodelay(true).unwrap();
        }
        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Observer };
        let tapped = Arc::new(Tapped { recorder: Mutex::new(Recorder::new(origin)) });
        thread::scope(|scope| {
            let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            scope.spawn(|| tapped.relay(from, to, Side::Client));
            scope.spawn(|| tapped.relay(server, client, Side::Server));
        });
        let session = Arc::into_inner(tapped).unwrap().recorder.into_inner().unwrap().finish();
        let name = |direction: Option<Direction>| {
            direction.map_or_else(|| "both".to_owned(), |direction| direction.sender().to_string())
        };
        let findings = session.findings.iter();
        found.push(countable(findings.map(|finding| (name(finding.direction), finding.rule.name()))));
    }
    found
}

fn run_lab(program: &Path, lab: SocketAddr, selection: &Selection) -> Outcomes {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}{}", listener.local_addr().unwrap(), Scenario::Echo.path());
    let servers = json!([{"url": url, "agent": AGENT}]);
    let connections = selection.count;
    let relay = thread::spawn(move || relay_to(lab, &listener, connections));
    let mut suite = Suite::start(program, "fuzzingclient", selection, json!({ "servers": servers }));
    suite.child.wait().unwrap();
    joined(suite.verdicts(), relay.join().unwrap())
}

#[test]
fn the_lab_that_echoes() {
    let Some(program) = suite() else { return };
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    expect(2, &outcomes(|selection| run_lab(&program, lab.address(), selection)));
}
