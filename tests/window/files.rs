//! Saving and opening logs: by dialog, by dropping, by name on the command line; and logs that are damaged.

use std::path::{Path, PathBuf};

use closelook::app::dialogs::Purpose;
use closelook::app::settings::Settings;
use egui::Key;
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};

const HEADLINE: &str = "The server closed with 1000, and you answered with the same code";

/// The frames of a session, all of them on the screen.
fn all_frames(window: &mut Window) -> Vec<String> {
    window.press("Hide");
    window.frame_rows()
}

/// Runs a scenario and saves it at this name; the folder goes with the path.
fn saved(scenario: &str, name: &str) -> (tempfile::TempDir, PathBuf, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut window = Window::ended(scenario, 1000);
    window.will_choose(&path);
    window.press("Save…");
    window.until_says("Saved ");
    let frames = all_frames(&mut window);
    (folder, path, frames)
}

fn assert_opened(window: &mut Window, name: &str, frames: &[String]) {
    window.until_says(&format!("Opened {name}."));
    assert_eq!(window.labels(Role::ListItem, "Session "), [format!("Session {name}, 1000")]);
    window.assert_says(&[HEADLINE]);
    assert_eq!(all_frames(window), frames);
    assert!(!window.has(Role::Button, "Disconnect"));
}

#[test]
fn a_session_is_saved_and_opened_again() {
    for name in ["session.pcapng", "session.jsonl"] {
        let (_folder, path, frames) = saved("/fragments", name);
        assert!(frames.len() >= 8, "{frames:?}");
        let mut window = Window::open();
        window.will_choose(&path);
        window.press("Open…");
        assert_opened(&mut window, name, &frames);
        assert_eq!(window.asked(), [Purpose::OpenLog]);
    }
}

#[test]
fn shortcuts_save_and_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::ended("/close/1000", 1000);
    window.will_choose(&folder.path().join("no-ending"));
    window.shortcut(Key::S);
    window.until_says("Saved ");
    assert_eq!(window.asked(), [Purpose::SaveLog("Lab--close-1000.pcapng".into())]);
    let path = folder.path().join("no-ending.pcapng");
    assert!(path.exists());
    window.will_choose(&path);
    window.shortcut(Key::O);
    window.until_says("Opened no-ending.pcapng.");
    assert_eq!(window.labels(Role::ListItem, "Session ").len(), 2);
}

#[test]
fn a_file_is_dropped_on_the_window() {
    let (_folder, path, frames) = saved("/close/1000", "dropped.pcapng");
    let mut window = Window::open();
    window.drop_file(&path);
    assert_opened(&mut window, "dropped.pcapng", &frames);
}

#[test]
fn a_file_is_named_on_the_command_line() {
    let (_folder, path, frames) = saved("/close/1000", "named.jsonl");
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    assert_opened(&mut window, "named.jsonl", &frames);
}

#[test]
fn a_saved_log_opens_as_the_same_frames_after_a_change_of_format() {
    let (folder, path, frames) = saved("/fragments", "first.pcapng");
    let second = folder.path().join("second.jsonl");
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until_says("Opened first.pcapng.");
    window.will_choose(&second);
    window.press("Save…");
    window.until_says("Saved ");
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[second.to_str().unwrap()]);
    assert_opened(&mut window, "second.jsonl", &frames);
}

/// Opens a file by dropping it, and waits for what is said about it.
fn dropped_notice(path: &Path, notice: &str) -> Window {
    let mut window = Window::open();
    window.drop_file(path);
    window.until_says(notice);
    window
}

#[test]
fn a_damaged_line_is_named_and_the_rest_is_shown() {
    let (_folder, path, _) = saved("/close/1000", "damaged.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let damaged: Vec<&str> =
        text.lines().enumerate().map(|(index, line)| if index == 3 { "{ this is not JSON" } else { line }).collect();
    std::fs::write(&path, damaged.join("\n")).unwrap();
    let window = dropped_notice(&path, "damaged.jsonl is damaged; what is readable is shown. line 4: ");
    assert_eq!(window.labels(Role::ListItem, "Session ").len(), 1);
}

/// Saves an echo of two texts, of which the second is in the last packets before the close.
fn saved_echo(path: &Path) -> Vec<u8> {
    let mut window = Window::connected("/echo");
    for (number, text) in ["first", "second"].into_iter().enumerate() {
        window.send_text(text);
        window.until("the echo is in the table", |window| window.frame_rows().len() == 2 * number + 2);
    }
    window.press("Disconnect");
    window.until_ended(1000);
    window.will_choose(path);
    window.press("Save…");
    window.until_says("Saved ");
    std::fs::read(path).unwrap()
}

#[test]
fn a_truncated_capture_shows_what_is_readable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("truncated.pcapng");
    let bytes = saved_echo(&path);
    // Only the server's echo has its text in the clear.
    let cut = bytes.windows(6).position(|part| part == b"second").unwrap();
    std::fs::write(&path, &bytes[..cut]).unwrap();
    let window = dropped_notice(&path, "truncated.pcapng is damaged; what is readable is shown. byte ");
    let readable = window.frame_rows();
    assert_eq!(readable.len(), 3, "{readable:?}");
    assert_eq!(readable[1], "Frame 2: Text from the server, 5 bytes, first");
    assert_eq!(window.labels(Role::ListItem, "Session "), ["Session truncated.pcapng, no end recorded"]);
    window.assert_says(&["The recording stops before the session's end"]);
}

#[test]
fn a_capture_that_ends_before_the_first_frame_does_not_seem_to_be_connecting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head.pcapng");
    let bytes = saved_echo(&path);
    let cut = bytes.windows(5).position(|part| part == b"first").unwrap();
    let masked_text = bytes[..cut].windows(2).rposition(|part| part == [0x81, 0x85]).unwrap();
    std::fs::write(&path, &bytes[..masked_text]).unwrap();
    let window = dropped_notice(&path, "head.pcapng is damaged; what is readable is shown. byte ");
    window.assert_says(&["No frame is on record."]);
    assert!(!window.says("Connecting") && !window.says("Connected."));
}

#[test]
fn files_that_are_no_logs_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[u8], &str); 3] = [
        ("empty.pcapng", b"", "is empty: there is no session in it"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n",
            "is no log: neither a pcapng or pcap capture nor a HAR nor JSON Lines of closelook",
        ),
        ("short.pcap", b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "the file ends in the middle of its header"),
    ];
    for (name, content, sentence) in cases {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let window = dropped_notice(&path, sentence);
        assert!(window.labels(Role::ListItem, "Session ").is_empty());
        assert!(window.has(Role::Button, "Run 1000 next to 1005"));
    }
    dropped_notice(&folder.path().join("missing.pcapng"), "could not be opened: ");
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::ended("/close/1000", 1000);
    window.will_choose(&folder.path().join("no such folder").join("session.pcapng"));
    window.press("Save…");
    window.until_says("could not be saved: ");
    window.will_choose(&folder.path().join("session.docx"));
    window.press("Save…");
    window.until_says("let it end with .pcapng, .jsonl, .har, .csv, .txt or .html");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_session_is_saved_in_another_form_from_the_menu() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::ended("/close/1000", 1000);
    for (form, name, start) in [
        ("HTML report", "Lab--close-1000.html", "<!doctype html>"),
        ("CSV, for spreadsheets", "Lab--close-1000.csv", "frame,time"),
        ("HAR, for browsers' tools", "Lab--close-1000.har", "{\"log\""),
        ("Text transcript", "Lab--close-1000.txt", "ws://127.0.0.1"),
    ] {
        let path = folder.path().join(name);
        // Without an ending it is the one of the form.
        window.will_choose(&path.with_extension(""));
        window.press("Save as");
        window.press(form);
        window.until_says(&format!("Saved {}.", path.display()));
        assert_eq!(window.asked(), [Purpose::SaveLog(name.into())]);
        assert!(std::fs::read_to_string(&path).unwrap().starts_with(start), "{name}");
    }
}

#[test]
fn secrets_are_masked_when_the_box_is_ticked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("masked.jsonl");
    let mut window = Window::ended("/close/1000", 1000);
    window.press("Save as");
    window.click(Role::CheckBox, "Mask secrets of the handshake");
    window.will_choose(&path);
    window.press("JSON Lines, for scripts");
    window.until_says("Saved ");
    assert!(std::fs::read_to_string(&path).unwrap().contains("Secrets in the handshake were masked"));
}

#[test]
fn every_conversation_of_a_har_is_a_session_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.har");
    let entry = |word: &str| {
        format!(
            r#"{{"startedDateTime":"2026-09-21T14:13:20Z","request":{{"url":"wss://{word}.example/"}},"response":{{"status":101}},
            "_webSocketMessages":[{{"type":"send","time":1790000000.5,"opcode":1,"data":"{word}"}}]}}"#
        )
    };
    std::fs::write(&path, format!(r#"{{"log":{{"entries":[{},{}]}}}}"#, entry("one"), entry("two"))).unwrap();
    let mut window = Window::open();
    window.drop_file(&path);
    window.until_says("Opened page.har. It holds 2 conversations.");
    assert_eq!(
        window.labels(Role::ListItem, "Session "),
        ["Session 1 of page.har, reconstructed", "Session 2 of page.har, reconstructed"]
    );
    window.assert_says(&["wss://one.example/", "Reconstructed from a HAR"]);
    assert_eq!(all_frames(&mut window).len(), 1);
    window.click_start(Role::ListItem, "Frame 1");
    window.assert_says(&["made up around them"]);
}

#[test]
fn what_a_log_lacks_is_on_the_timeline_and_hatched_among_the_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gap.jsonl");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    let response = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    let lines = [
        "{\"closelook\":1,\"started_at\":\"2026-01-01T00:00:00Z\",\"perspective\":\"observer\"}".to_owned(),
        format!("{{\"at\":1,\"event\":\"bytes\",\"from\":\"client\",\"hex\":\"{}\"}}", hex(request)),
        format!("{{\"at\":2,\"event\":\"bytes\",\"from\":\"server\",\"hex\":\"{}\"}}", hex(response)),
        format!("{{\"at\":3,\"event\":\"bytes\",\"from\":\"server\",\"hex\":\"{}\"}}", hex(b"\x81\x0a012")),
        "{\"at\":4,\"event\":\"missing\",\"from\":\"server\",\"length\":4}".to_owned(),
        format!("{{\"at\":5,\"event\":\"bytes\",\"from\":\"server\",\"hex\":\"{}\"}}", hex(b"789")),
    ];
    std::fs::write(&path, lines.join("\n")).unwrap();
    let mut window = Window::open();
    window.drop_file(&path);
    window.until("the frame is in the table", |window| window.frame_rows().len() == 1);
    assert_eq!(window.frame_rows(), ["Frame 1: Text from the server, 10 bytes, 012 (not all of it was recorded)"]);
    assert!(window.timeline().contains("gaps in the recording: 1"), "{}", window.timeline());
    window.click_start(Role::ListItem, "Frame 1:");
    window.until_says("Not recorded");
    window.assert_says(&["4 bytes of the payload, hatched below"]);
    assert!(window.has(Role::Label, "000000: 30 31 32 ?? ?? ?? ?? 37"));
    window.press("Frame as sent");
    window.rest();
    assert!(window.has(Role::Label, "000000: 81 0a 30 31 32 ?? ?? ??"), "{:?}", window.texts());
    // What stands before the gap can be read as text; all of it cannot be saved.
    window.press("Text");
    window.until_says("up to the first byte that was not recorded");
    let saved = folder.path().join("payload");
    window.will_choose(&saved);
    window.press("Save payload…");
    window.until_says("Not all of this payload was recorded");
    assert!(!saved.exists());
}
