//! What is in messages: summaries in the table, structures in the detail.

use closelook::app::settings::Settings;
use closelook::protocol::hexadecimal;
use closelook::protocol::opcode::Opcode;
use egui::Key;
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};
use crate::spoken_log::{Sent, log};

fn hex(digits: &str) -> Vec<u8> {
    hexadecimal::decode(digits).unwrap()
}

/// A window with a session in which these frames crossed.
fn spoken(target: &str, subprotocol: &str, frames: &[Sent<'_>]) -> (tempfile::TempDir, Window) {
    let (folder, path) = log(target, subprotocol, frames);
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    let count = frames.len();
    window.until("the frames are in the table", |window| window.frame_rows().len() == count);
    (folder, window)
}

fn select(window: &mut Window, frame: u64) {
    window.click_start(Role::ListItem, &format!("Frame {frame}: "));
}

fn tree(window: &Window) -> Vec<String> {
    window.labels(Role::TreeItem, "")
}

#[test]
fn the_table_says_what_messages_are() {
    let frames: [Sent<'_>; 3] = [
        ("server", Opcode::Text, true, br#"0{"sid":"a","pingInterval":300,"pingTimeout":200}"#),
        ("client", Opcode::Text, true, r#"420["chat",{"hello":"wörld"}]"#.as_bytes()),
        ("server", Opcode::Text, true, br#"430["got"]"#),
    ];
    let (_folder, mut window) = spoken("/socket.io/?EIO=4&transport=websocket", "", &frames);
    window.assert_says(&[
        "49 bytes, open · sid a · pingInterval 300 · pingTimeout 200",
        r#"event "chat" · {"hello":"wörld"} · ack #0 wanted"#,
        r#"ack #0 · "got""#,
    ]);
    select(&mut window, 2);
    window.assert_says(&[r#"Socket.IO · event "chat" · {"hello":"wörld"} · ack #0 wanted"#]);
}

#[test]
fn a_subprotocol_can_be_forced() {
    let (_folder, mut window) = spoken("/", "", &[("client", Opcode::Binary, true, &hex("300a0003612f6268656c6c6f"))]);
    window.assert_says(&["12 bytes, 30 0a 00 03 61 2f 62"]);
    select(&mut window, 1);
    window.press("Read as");
    window.assert_says(&["Automatic: none"]);
    window.press("MQTT");
    window.assert_says(&["12 bytes, PUBLISH a/b · QoS 0 · 5 bytes"]);
}

#[test]
fn message_pack_is_a_tree_that_opens_and_closes() {
    let payload = hex("82a16101a162920203");
    let (_folder, mut window) = spoken("/", "", &[("client", Opcode::Binary, true, &payload)]);
    select(&mut window, 1);
    assert_eq!(tree(&window), ["2 members", "a: 1", "b: 2 elements", "0: 2", "1: 3"]);
    window.click(Role::TreeItem, "b: 2 elements");
    window.assert_says(&["Bytes 6 to 8", "92 02 03"]);
    window.key(Key::ArrowLeft);
    assert_eq!(tree(&window), ["2 members", "a: 1", "b: 2 elements"]);
    window.key(Key::ArrowUp);
    window.assert_says(&["Bytes 3 to 3"]);
    window.key(Key::ArrowDown);
    window.key(Key::ArrowRight);
    assert_eq!(tree(&window).len(), 5);
    window.press("Copy value");
    window.until_says("Copied.");
}

#[test]
fn json_is_a_tree_too() {
    let text = br#"{"b":1.50,"a":{"x":null},"b":2}"#;
    let (_folder, mut window) = spoken("/", "", &[("server", Opcode::Text, true, text)]);
    select(&mut window, 1);
    window.press("Tree");
    let expected = ["3 members", "b: 1.50", "a: 1 member", "x: null", "b: 2 (this key came before)"];
    assert_eq!(tree(&window), expected);
}

#[test]
fn an_encoding_can_be_forced_and_says_where_it_does_not_fit() {
    let frames: [Sent<'_>; 2] =
        [("client", Opcode::Text, true, b"eyJpbnNpZGUiOnRydWV9"), ("server", Opcode::Binary, true, &hex("0a02c3bcff"))];
    let (_folder, mut window) = spoken("/", "", &frames);
    select(&mut window, 1);
    window.assert_says(&["Base64 of JSON"]);
    assert_eq!(tree(&window), ["1 member", "inside: true"]);
    window.press("Read as");
    window.press("Protocol Buffers");
    window.assert_says(&["Broken: 6 is no wire type at byte 5."]);
    select(&mut window, 2);
    window.assert_says(&["Broken: the bytes end before the value does at byte 5. What stands before it is shown."]);
    assert_eq!(tree(&window), ["1: \"ü\" (text or bytes)"]);
    window.press("Read as");
    window.press("Text");
    window.assert_says(&["Not Text: the payload is not UTF-8 at byte 4."]);
    window.press("Read as");
    window.press("Automatic: Hexadecimal");
    window.assert_says(&["000000: 0a 02 c3 bc ff"]);
}

#[test]
fn a_fragment_shows_its_whole_message() {
    let frames: [Sent<'_>; 3] = [
        ("client", Opcode::Text, false, br#"{"a":[1,"#),
        ("server", Opcode::Ping, true, b""),
        ("client", Opcode::Continuation, true, b"2]}"),
    ];
    let (_folder, mut window) = spoken("/", "", &frames);
    for frame in [1, 3] {
        select(&mut window, frame);
        window.press("Tree");
        window.assert_says(&["the whole message"]);
        assert_eq!(tree(&window), ["1 member", "a: 2 elements", "0: 1", "1: 2"]);
    }
    window.press("Payload hex");
    assert!(window.shows("000000: 32 5d 7d"));
}

#[test]
fn a_large_payload_is_cut_and_says_so() {
    let large = format!("[{}1]", "[1,2],".repeat(400_000));
    let frames: [Sent<'_>; 1] = [("server", Opcode::Text, true, large.as_bytes())];
    let (_folder, mut window) = spoken("/", "", &frames);
    select(&mut window, 1);
    window.press("Tree");
    window.assert_says(&["first 1.0 MiB of 2.3 MiB", "Not all of it: only the first 20000 values are shown."]);
    // Drawn are only the rows that can be seen, and what is large begins closed.
    assert!(tree(&window).len() < 60, "{}", tree(&window).len());
}
