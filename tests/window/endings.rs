//! The explanation opens by itself when a session ends, and says what happened.

use egui::accesskit::Role;

use crate::driver::Window;

/// Runs a scenario to its end, and reads what the explanation says of it.
fn assert_ending(scenario: &str, code: u16, headline: &str) -> Window {
    let mut window = Window::running(scenario);
    window.until_ended(code);
    assert!(window.has(Role::Button, "Hide"), "the explanation is open");
    window.assert_says(&[headline, "How TCP ended", "Order and time", "What each side reports"]);
    window
}

#[test]
fn close_1000() {
    let window = assert_ending("/close/1000", 1000, "The server closed with 1000, and you answered with the same code");
    assert!(window.shows("Close frame bytes 88 02 03 e8"));
    assert_eq!(window.count("observed here"), 1);
}

#[test]
fn close_empty() {
    let window =
        assert_ending("/close/empty", 1005, "The server started the close and gave no code: that is why you see 1005");
    assert!(window.shows("Close frame bytes 88 00"));
    assert_eq!(window.count("observed here"), 1);
}

#[test]
fn a_fin_without_a_close() {
    let window = assert_ending(
        "/drop",
        1006,
        "The connection ended from the server's side without a Close frame: 1006 on both sides",
    );
    assert!(window.labels(Role::Image, "Close frame bytes").is_empty());
    assert_eq!(window.count("observed here"), 0);
    window.assert_says(&["No Close frame crossed."]);
}

#[test]
fn a_reset() {
    assert_ending(
        "/reset",
        1006,
        "The connection was reset from the server's side without a Close frame: 1006 on both sides",
    );
}

#[test]
fn an_empty_answer_to_1000_is_1005() {
    let mut window = Window::connected("/echo-but-reply-empty");
    window.press("Disconnect");
    window.until_ended(1005);
    window.assert_says(&["You sent 1000, the server answered with an empty Close: that is why you see 1005"]);
    window.assert_says(&["This is not what your own close event reports."]);
    assert!(window.shows("Close frame bytes 88 00"));
}

#[test]
fn a_cause_leads_to_the_frames_that_show_it() {
    let mut window = Window::connected("/echo-but-reply-empty");
    window.press("Disconnect");
    window.until_ended(1005);
    window.assert_says(&["Why did I see this?", "The server was sent 1000 and answered without a code"]);
    window.assert_says(&["For the client's side", "For the server's side"]);
    window.click_start(Role::Link, "frame 1");
    let selected = window.selected_row().expect("the frame is selected");
    assert!(selected.contains("1000"), "{selected}");
}

#[test]
fn a_code_in_answer_to_an_empty_close_is_reported() {
    let mut window = Window::connected("/echo-but-reply-1000");
    window.press("Empty Close");
    window.until_ended(1000);
    window.assert_says(&["You sent an empty Close, the server answered 1000: you see 1000, the server sees 1005"]);
}

#[test]
fn a_code_that_must_not_be_on_the_wire_is_a_finding() {
    let mut window = Window::running("/close/1005");
    window.until("the explanation is open", |window| window.has(Role::Button, "Hide"));
    assert!(window.says("Close frame bytes 88 ") && window.says(" 03 ed"), "{:?}", window.texts());
    window.click_start(Role::Button, "Findings (");
    assert!(window.says("1005"));
}

#[test]
fn the_explanation_is_put_away_and_fetched_again() {
    let mut window = Window::ended("/close/1000", 1000);
    let headline = "The server closed with 1000, and you answered with the same code";
    window.press("Hide");
    assert!(!window.says(headline));
    window.press("Show the explanation");
    assert!(window.says(headline));
}

#[test]
fn an_open_session_is_explained_only_when_asked() {
    let mut window = Window::connected("/echo");
    assert!(!window.has(Role::Button, "Hide"));
    window.press("Show the explanation");
    window.assert_says(&["The session is open"]);
}
