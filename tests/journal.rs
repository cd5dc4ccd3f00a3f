//! Journals: what a killed program leaves behind, what goes on when the disk does not, and what the folder keeps.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use closelook::logs::journal::{JournalFolder, JournalStage};
use closelook::logs::{self, Opened};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::session::annotations::Note;
use closelook::session::{
    Annotation, Event, EventKind, FrameRow, Journals, LiveSession, Origin, Perspective, Publisher, Recorder, Session,
};
use std::ops::ControlFlow;
use tempfile::TempDir;
use tungstenite::Message;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: host.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

fn origin(started_at: u64) -> Origin {
    Origin { started_at, url: Some("ws://host.test/".into()), perspective: Perspective::Client }
}

fn recorder(folder: &JournalFolder, started_at: u64) -> Recorder {
    let origin = origin(started_at);
    let journal = folder.begin(&origin);
    let mut recorder = Recorder::with_journal(origin, u64::MAX, Some(journal));
    let addresses = ("192.0.2.1:50000".parse().unwrap(), "192.0.2.2:80".parse().unwrap());
    record(&mut recorder, 1, EventKind::Connected { client: addresses.0, server: addresses.1 });
    bytes(&mut recorder, 2, Direction::ClientToServer, REQUEST);
    bytes(&mut recorder, 3, Direction::ServerToClient, RESPONSE);
    recorder
}

fn record(recorder: &mut Recorder, at: u64, kind: EventKind) {
    recorder.record(Event { at: Moment(at), kind });
}

fn bytes(recorder: &mut Recorder, at: u64, direction: Direction, bytes: &[u8]) {
    record(recorder, at, EventKind::Bytes { direction, bytes: Bytes::copy_from_slice(bytes) });
}

/// A text message of a server, in one frame.
fn text(text: &str) -> Vec<u8> {
    [&[0x81, text.len() as u8], text.as_bytes()].concat()
}

fn open(path: &Path) -> Opened {
    logs::open(path, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// The texts of the server.
fn texts(session: &Session) -> Vec<String> {
    whole_texts(session, Direction::ServerToClient).map(|row| payload(session, row)).collect()
}

/// The text messages of one direction that are there to their last byte.
fn whole_texts(session: &Session, direction: Direction) -> impl Iterator<Item = &FrameRow> {
    let rows = session.frames.iter().filter(|row| row.opcode() == Opcode::Text);
    rows.filter(move |row| row.direction == direction && session.is_complete(row))
}

fn payload(session: &Session, row: &FrameRow) -> String {
    String::from_utf8(session.payload(row, u64::MAX)).unwrap()
}

/// Waits until the thread of the journal has done what it was asked for.
fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_session_is_read_back_from_its_file_and_the_file_is_a_log() {
    let place = TempDir::new().unwrap();
    let folder = JournalFolder::new(place.path().join("journals"));
    let mut recorder = recorder(&folder, 1_790_000_000_000_000_000);
    let message = "x".repeat(120);
    let frame = text(&message);
    for at in 0..20_000 {
        bytes(&mut recorder, 10 + at, Direction::ServerToClient, &frame);
    }
    let state = recorder.journal_state().unwrap();
    recorder.snapshot();
    until("everything is in the file", || recorder.journal_state().unwrap().waiting == 0);
    assert_eq!(folder.list().unwrap()[0].stage, JournalStage::InUse);
    let live = recorder.snapshot();
    assert_eq!(live.journal.as_ref().unwrap().problem, None);
    assert_eq!(texts(&live), vec![message; 20_000]);
    record(&mut recorder, 99_999, EventKind::TransportEnded { side: Side::Server, how: TransportEnd::Fin });
    let session = recorder.finish();
    folder.wait(Duration::from_secs(60));
    drop((live, state));
    let journal = &folder.list().unwrap()[0];
    assert!(journal.path.ends_with("2026-09-21 14.13.20.000Z.pcapng"), "{journal:?}");
    let opened = open(&journal.path);
    assert_eq!(opened.damage, []);
    assert_eq!(opened.session.origin, session.origin);
    assert!(opened.session.events().eq(session.events()));
    // The session still reads from it.
    assert_eq!(journal.stage, JournalStage::InUse);
    drop(session);
    assert_eq!(folder.list().unwrap()[0].stage, JournalStage::Finished);
}

#[test]
fn a_session_that_was_not_ended_is_known_by_its_name() {
    let place = TempDir::new().unwrap();
    let folder = JournalFolder::new(place.path().to_path_buf());
    let mut abandoned = recorder(&folder, 1_790_000_000_000_000_000);
    bytes(&mut abandoned, 10, Direction::ServerToClient, &text("kept"));
    abandoned.snapshot();
    until("it is in the file", || abandoned.journal_state().unwrap().waiting == 0);
    // What a killed program leaves: the file under its first name, and nobody who holds it.
    let path = abandoned.journal_state().unwrap().path;
    let left = fs::read(&path).unwrap();
    drop(abandoned);
    folder.wait(Duration::from_secs(60));
    fs::remove_file(&folder.list().unwrap()[0].path).unwrap();
    fs::write(&path, left).unwrap();
    let journals = folder.list().unwrap();
    assert_eq!(journals[0].stage, JournalStage::Unfinished);
    assert_eq!(texts(&open(&journals[0].path).session), ["kept"]);
    let finished = folder.finish(&journals[0].path).unwrap();
    assert_eq!(folder.list().unwrap()[0].stage, JournalStage::Finished);
    folder.delete(&finished).unwrap();
    assert_eq!(folder.list().unwrap(), []);
}

#[test]
fn the_oldest_go_when_there_are_more_than_the_limit_allows() {
    let place = TempDir::new().unwrap();
    let folder = JournalFolder::new(place.path().to_path_buf());
    let old = SystemTime::now() - Duration::from_secs(1_000_000);
    for (days, name) in ["a.pcapng", "b.pcapng", "c.pcapng", "d.recording.pcapng"].iter().enumerate() {
        let file = fs::File::create(place.path().join(name)).unwrap();
        file.set_len(1_000).unwrap();
        file.set_modified(old + Duration::from_secs(days as u64)).unwrap();
    }
    fs::write(place.path().join("notes.txt"), "not a journal").unwrap();
    folder.set_limit(2_500);
    assert_eq!(folder.prune(), 2);
    let names: Vec<_> =
        folder.list().unwrap().iter().map(|journal| journal.path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["d.recording.pcapng", "c.pcapng"]);
    folder.set_limit(0);
    assert_eq!(folder.prune(), 1);
    assert_eq!(folder.list().unwrap().len(), 1, "what was not ended goes only when a person says so");
    assert!(place.path().join("notes.txt").exists());
}

#[test]
fn without_a_folder_the_session_goes_on_in_memory_and_says_so() {
    let place = TempDir::new().unwrap();
    let file = place.path().join("a file");
    fs::write(&file, "").unwrap();
    let folder = JournalFolder::new(file.join("journals"));
    let mut recorder = recorder(&folder, 0);
    bytes(&mut recorder, 10, Direction::ServerToClient, &text("kept"));
    let session = recorder.snapshot();
    let problem = session.journal.as_ref().unwrap().problem.clone().unwrap();
    assert!(problem.contains("cannot be written") && problem.contains("save it"), "{problem}");
    assert_eq!(texts(&session), ["kept"]);
}

#[test]
fn a_journal_that_is_removed_underneath_is_told_and_loses_nothing() {
    let place = TempDir::new().unwrap();
    let folder = JournalFolder::new(place.path().to_path_buf());
    let mut recorder = recorder(&folder, 0);
    bytes(&mut recorder, 10, Direction::ServerToClient, &text("before"));
    recorder.snapshot();
    until("it is in the file", || recorder.journal_state().unwrap().waiting == 0);
    fs::remove_file(recorder.journal_state().unwrap().path).unwrap();
    bytes(&mut recorder, 11, Direction::ServerToClient, &text("after"));
    let state = recorder.snapshot();
    let session = recorder.finish();
    folder.wait(Duration::from_secs(60));
    assert_eq!(texts(&session), ["before", "after"]);
    assert_eq!(texts(&state), ["before", "after"]);
    assert_eq!(folder.list().unwrap(), []);
}

fn bookmark(frame: u64, note: &str) -> Annotation<FrameNumber> {
    Annotation::Bookmark { frame: FrameNumber(frame), note: Note::new(note) }
}

/// The bookmarked frames with their notes.
fn notes(session: &Session) -> Vec<(u64, &str)> {
    session.annotations.bookmarks().iter().map(|bookmark| (bookmark.frame.0, bookmark.note.text())).collect()
}

/// A live session of three messages that is kept in this folder.
fn live(folder: &JournalFolder) -> (Publisher, LiveSession) {
    let mut recorder = recorder(folder, 1_790_000_000_000_000_000);
    for (at, message) in ["one", "two", "three"].into_iter().enumerate() {
        bytes(&mut recorder, 10 + at as u64, Direction::ServerToClient, &text(message));
    }
    Publisher::new(recorder, std::sync::Arc::new(|| {}))
}

#[test]
fn what_is_said_of_a_session_is_kept_while_it_is_live_and_after_its_end() {
    let place = TempDir::new().unwrap();
    let folder = JournalFolder::new(place.path().to_path_buf());
    let (mut publisher, session) = live(&folder);
    session.annotate(bookmark(1, "to be edited"));
    session.annotate(bookmark(2, "to be removed"));
    publisher.settle();
    assert_eq!(notes(&session.snapshot()), [(1, "to be edited"), (2, "to be removed")]);
    session.annotate(bookmark(1, "edited"));
    session.annotate(Annotation::BookmarkRemoved { frame: FrameNumber(2) });
    session.annotate(bookmark(99, "no such frame"));
    // Nobody has looked at the last three when the session ends.
    drop(publisher);
    assert_eq!(notes(&session.snapshot()), [(1, "edited")]);
    until("the journal has its last name", || {
        folder.list().unwrap()[0].path.ends_with("2026-09-21 14.13.20.000Z.pcapng")
    });
    session.annotate(bookmark(3, "afterwards"));
    session.annotate(Annotation::SessionNote { note: Note::new("worth keeping") });
    let last = session.snapshot();
    assert_eq!(notes(&last), [(1, "edited"), (3, "afterwards")]);
    assert_eq!(last.journal.as_ref().unwrap().problem, None);
    drop(session);
    folder.wait(Duration::from_secs(60));
    let opened = open(&folder.list().unwrap()[0].path);
    assert_eq!(opened.damage, []);
    assert_eq!(opened.session.annotations, last.annotations);
    assert!(opened.session.events().eq(last.events()));
}

/// Where the program that is to be killed keeps its journal; only then the test of this name does anything.
const TO_BE_KILLED: &str = "CLOSELOOK_TEST_TO_BE_KILLED";

#[test]
fn a_program_that_bookmarks_until_it_is_killed() {
    let Some(folder) = std::env::var_os(TO_BE_KILLED) else { return };
    let (mut publisher, session) = live(&JournalFolder::new(folder.into()));
    for round in 0.. {
        session.annotate(bookmark(1, &format!("round {round}")));
        match round % 2 {
            0 => session.annotate(bookmark(2, "every other round")),
            _ => session.annotate(Annotation::BookmarkRemoved { frame: FrameNumber(2) }),
        }
        publisher.settle();
        until("it is in the file", || publisher.recorder().journal_state().unwrap().waiting == 0);
        println!("said {round}");
    }
}

/// Nothing else happens in the session, so that only what is said can bring it to the disk.
#[test]
#[cfg(unix)]
fn a_bookmark_outlives_a_kill() {
    use std::io::BufRead;
    for round in [0_u64, 1, 40] {
        let place = TempDir::new().unwrap();
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_program_that_bookmarks_until_it_is_killed", "--nocapture"])
            .env(TO_BE_KILLED, place.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = std::io::BufReader::new(program.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap().ends_with(&format!("said {round}"))));
        program.kill().unwrap();
        program.wait().unwrap();
        let journals = JournalFolder::new(place.path().to_path_buf()).list().unwrap();
        assert_eq!(journals[0].stage, JournalStage::Unfinished);
        let session = open(&journals[0].path).session;
        let kept = notes(&session);
        let newest: u64 = kept[0].1.strip_prefix("round ").unwrap().parse().unwrap();
        assert!(newest >= round, "{kept:?}");
        // The second record of a round may be the one that the kill cut off.
        assert!(kept.len() == 1 || kept[1] == (2, "every other round"), "{kept:?}");
    }
}

/// The system refuses every byte of a file beyond 64 KiB, as a full disk does.
#[test]
#[cfg(unix)]
fn on_a_full_disk_the_session_goes_on_in_memory_and_says_so() {
    const MESSAGES: usize = 500;
    let place = TempDir::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let client = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" record \"$1\" --format json"])
        .args([env!("CARGO_BIN_EXE_closelook"), &url])
        .env("CLOSELOOK_JOURNALS", place.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = tungstenite::accept(listener.accept().unwrap().0).unwrap();
    let message = |number: usize| format!("{number:01000}");
    for number in 0..MESSAGES {
        server.send(Message::text(message(number))).unwrap();
    }
    server.close(None).unwrap();
    while server.read().is_ok() {}
    drop(server);
    let output = client.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("The journal cannot be written"), "{told}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["frames"]["by_opcode"]["text"]["server"], MESSAGES);
    let journals = JournalFolder::new(place.path().to_path_buf()).list().unwrap();
    let kept = texts(&open(&journals[0].path).session);
    assert!(!kept.is_empty() && kept.len() < MESSAGES, "{} messages are in the file", kept.len());
}

/// A generator of numbers that is the same in every run (the constants are those of Knuth's MMIX).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// How a server sends to a client that will be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg(unix)]
enum Pace {
    /// A message each 5 ms: what is to be written grows slowly.
    Rarely,
    /// The next message once the last has come back, so that the client rests after each.
    OneByOne,
    /// As fast as they are taken, so that the client never rests.
    Flood,
}

/// Sends messages for as long as somebody takes them.
#[cfg(unix)]
fn flood(mut stream: std::net::TcpStream) {
    for start in (0..).step_by(1_000) {
        let messages: Vec<u8> = (start..start + 1_000).flat_map(|number| text(&format!("message {number}"))).collect();
        if stream.write_all(&messages).is_err() {
            return;
        }
    }
}

/// Kills a recording client at many moments. A message is known to have been received once its echo has come back.
#[test]
#[cfg(unix)]
fn what_crossed_100_milliseconds_before_a_kill_is_kept() {
    let (mut state, mut all_old) = (7, 0);
    for pace in [Pace::Rarely, Pace::OneByOne, Pace::Flood].into_iter().cycle().take(50) {
        let place = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let mut client = Command::new(env!("CARGO_BIN_EXE_closelook"))
            .args(["record", &url, "--echo", "--format", "json"])
            .env("CLOSELOOK_JOURNALS", place.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = tungstenite::accept(listener.accept().unwrap().0).unwrap();
        let lifetime = Duration::from_millis(110 + next(&mut state) % 150);
        let began = Instant::now();
        let mut echoed = Vec::new();
        let flooding = (pace == Pace::Flood).then(|| {
            let stream = server.get_ref().try_clone().unwrap();
            std::thread::spawn(move || flood(stream))
        });
        while began.elapsed() < lifetime {
            if pace == Pace::Rarely {
                let last = echoed.last().copied().unwrap_or(began);
                until("it is time for the next message", || last.elapsed() >= Duration::from_millis(5));
            }
            if pace != Pace::Flood {
                server.send(Message::text(format!("message {}", echoed.len()))).unwrap();
            }
            server.read().unwrap();
            echoed.push(Instant::now());
        }
        let killed = Instant::now();
        client.kill().unwrap();
        client.wait().unwrap();
        flooding.into_iter().for_each(|flooding| flooding.join().unwrap());
        let old = echoed.iter().filter(|echoed| killed - **echoed > Duration::from_millis(100)).count();
        all_old += old;
        let journals = JournalFolder::new(place.path().to_path_buf()).list().unwrap();
        assert_eq!(journals[0].stage, JournalStage::Unfinished);
        let recovered = open(&journals[0].path).session;
        for direction in Direction::BOTH {
            let kept: Vec<&FrameRow> = whole_texts(&recovered, direction).collect();
            assert!(kept.len() >= old, "{pace:?}, {direction:?}: {} of {old} are kept", kept.len());
            // A flood is long, and reading all of it would take much longer than receiving it did.
            for (number, row) in kept.iter().enumerate().step_by(kept.len() / 500 + 1) {
                assert_eq!(payload(&recovered, row), format!("message {number}"));
            }
        }
    }
    assert!(all_old > 0, "no message was old enough to be sure to be kept");
}
