//! The composer: every kind of message, every way to close, and what is refused and why.

use egui::Key;
use egui::accesskit::Role;

use crate::driver::Window;

/// Writes a Close and sends it.
fn send_close(window: &mut Window, code: &str, reason: &str) {
    window.press("Close");
    window.write("Code", code);
    window.write("Reason", reason);
    window.press("Send Close");
}

#[test]
fn bytes_are_written_in_hexadecimal() {
    let mut window = Window::connected("/echo");
    window.press("Hex");
    window.write("Bytes in hexadecimal", "00 ff 7E");
    window.press("Send");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    assert_eq!(window.frame_rows()[1], "Frame 2: Binary from the server, 3 bytes, 00 ff 7e");
}

#[test]
fn a_ping_is_answered_and_a_pong_is_not() {
    let mut window = Window::connected("/echo");
    window.press("Pong");
    window.write("Pong payload", "unasked");
    window.key(Key::Enter);
    window.press("Ping");
    window.write("Ping payload", "are you there");
    window.key(Key::Enter);
    window.until("the pong is in the table", |window| window.frame_rows().len() == 3);
    assert_eq!(
        window.frame_rows(),
        [
            "Frame 1: Pong from the client, 7 bytes, unasked",
            "Frame 2: Ping from the client, 13 bytes, are you there",
            "Frame 3: Pong from the server, 13 bytes, are you there",
        ]
    );
}

#[test]
fn a_file_is_sent_as_one_binary_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("message.bin");
    // Nothing that could be compressed.
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11) as u8
    });
    std::fs::write(&path, [0x5A, 0x5A].into_iter().chain(noise.take(69_998)).collect::<Vec<_>>()).unwrap();
    let mut window = Window::connected("/echo");
    window.will_choose_nothing();
    window.press("Send file…");
    window.will_choose(&path);
    window.press("Send file…");
    window.until("the echo is in the table", |window| {
        window.frame_rows().iter().any(|row| row.starts_with("Frame 2: Binary from the server, 68.4 KiB, 5a 5a"))
    });
    window.click_start(Role::ListItem, "Frame 2: ");
    assert!(window.shows("68.4 KiB · 64-bit form"));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::connected("/echo");
    window.will_choose(&folder.path().join("missing.bin"));
    window.press("Send file…");
    window.until_says("missing.bin could not be read: ");
    assert!(window.has(Role::Button, "Disconnect"));
    window.press("Dismiss");
    assert!(!window.says("missing.bin could not be read: "));
}

#[test]
fn close_with_1000() {
    let mut window = Window::connected("/echo");
    send_close(&mut window, "1000", "");
    window.until_ended(1000);
    window.assert_says(&["You closed with 1000, and the server answered with the same code"]);
    assert!(window.shows("Close frame bytes 88 02 03 e8"));
}

#[test]
fn close_with_a_code_and_a_reason_of_ones_own() {
    let mut window = Window::connected("/echo");
    send_close(&mut window, "4001", "bye for now");
    window.until_ended(4001);
    window.assert_says(&["You closed with 4001, and the server answered with the same code", "“bye for now”"]);
}

#[test]
fn enter_in_the_reason_closes() {
    let mut window = Window::connected("/echo");
    window.press("Close");
    window.write("Reason", "enough");
    window.key(Key::Enter);
    window.until_ended(1000);
    window.assert_says(&["“enough”"]);
}

#[test]
fn an_empty_close_makes_both_sides_report_1005() {
    let mut window = Window::connected("/echo");
    window.press("Empty Close");
    window.until_ended(1005);
    window.assert_says(&["You sent an empty Close and the server echoed it: that is why both of you see 1005"]);
    assert!(window.shows("Close frame bytes 88 00"));
}

#[test]
fn an_abort_sends_no_close_frame() {
    let mut window = Window::connected("/echo");
    window.press("Abort");
    window.until_ended(1006);
    window.assert_says(&["You aborted the connection without a Close frame: 1006 on both sides"]);
}

#[test]
fn disconnect_closes_with_1000() {
    let mut window = Window::connected("/echo");
    window.press("Disconnect");
    window.until_ended(1000);
    window.assert_says(&["You closed with 1000, and the server answered with the same code"]);
    // There is nobody left to send to.
    assert!(!window.has(Role::Button, "Abort"));
    window.until("one can connect again", |window| window.has(Role::Button, "Connect"));
}

#[test]
fn a_second_disconnect_does_not_wait_for_a_silent_server() {
    let mut window = Window::connected("/silent-close");
    window.press("Disconnect");
    window.until("the Close is in the table", |window| !window.frame_rows().is_empty());
    assert!(!window.has(Role::Button, "Empty Close"));
    window.press("Stop waiting");
    window.until_ended(1006);
    window.assert_says(&["You closed with 1000, and no Close came back: you see 1006"]);
}

#[test]
fn codes_that_a_client_must_not_send_are_refused() {
    let mut window = Window::connected("/echo");
    let refused = [
        ("1005", "1005 is never sent: it is what a side reports when a Close frame held no code."),
        ("1006", "1006 is never sent: it is what a side reports when the connection ended without a Close frame."),
        ("1015", "1015 is never sent: it is what a side reports when the TLS handshake failed."),
        ("1004", "1004 is reserved and has no meaning."),
        ("999", "999 is outside the ranges that a Close frame may carry."),
        ("5000", "5000 is outside the ranges that a Close frame may carry."),
        ("70000", "“70000” is not a close code."),
        ("", "“” is not a close code."),
    ];
    window.press("Close");
    for (code, sentence) in refused {
        window.write("Code", code);
        window.press("Send Close");
        window.assert_says(&[sentence]);
    }
    assert!(window.has(Role::Button, "Disconnect"));
    assert!(window.frame_rows().is_empty(), "{:?}", window.frame_rows());
    window.press("Compose text");
    assert!(!window.says("is not a close code"));
}

#[test]
fn drafts_that_do_not_fit_are_refused_and_kept() {
    let mut window = Window::connected("/echo");
    window.press("Hex");
    for (draft, sentence) in [("123", "The last byte has only one digit."), ("0x12", "“x” is not a hexadecimal digit.")]
    {
        window.write("Bytes in hexadecimal", draft);
        window.press("Send");
        window.assert_says(&[sentence]);
        assert_eq!(window.typed("Bytes in hexadecimal"), draft);
    }
    window.press("Ping");
    window.write("Ping payload", &"p".repeat(126));
    window.press("Send");
    window.assert_says(&["A control frame carries at most 125 bytes; these are 126."]);
    // 62 characters, but 124 bytes.
    send_close(&mut window, "1000", &"ü".repeat(62));
    window.assert_says(&["A close reason is at most 123 bytes of UTF-8", "this one is 124"]);
    assert!(window.frame_rows().is_empty(), "{:?}", window.frame_rows());

    window.press("Compose text");
    window.send_text("still here");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
}

#[test]
fn a_draft_survives_a_look_at_another_kind() {
    let mut window = Window::connected("/echo");
    window.write("Text message", "not sent yet");
    window.press("Hex");
    window.press("Compose text");
    assert_eq!(window.typed("Text message"), "not sent yet");
}
