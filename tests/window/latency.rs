//! How long answers took, and the way from there to the frames.

use closelook::app::settings::Settings;
use closelook::protocol::opcode::Opcode;
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};
use crate::spoken_log::{Sent, log};

#[test]
fn round_trips_are_listed_and_lead_to_their_frames() {
    let mut window = Window::ended("/pings", 1000);
    window.press("Latency");
    window.assert_says(&["PING TO PONG", "3 answered: shortest"]);
    assert_eq!(window.count("server asked"), 3);
    assert_eq!(window.labels(Role::Image, "Round trips from Ping to Pong").len(), 1);
    window.click(Role::Link, "Frame 4");
    assert!(window.selected_row().is_some_and(|row| row.contains("Pong")), "{:?}", window.selected_row());
}

#[test]
fn without_a_round_trip_the_panel_says_how_to_get_one() {
    let mut window = Window::ended("/close/1000", 1000);
    window.press("Latency");
    window.assert_says(&["No Ping has been answered yet."]);
}

#[test]
fn replies_are_listed_with_their_requests() {
    let frames: [Sent<'_>; 4] = [
        ("client", Opcode::Text, true, br#"{"id":7,"method":"open"}"#),
        ("server", Opcode::Text, true, br#"{"event":"news"}"#),
        ("server", Opcode::Text, true, br#"{"id":7,"result":true}"#),
        ("client", Opcode::Text, true, br#"{"id":8,"method":"close"}"#),
    ];
    let (_folder, path) = log("/", "", &frames);
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until("the frames are in the table", |window| window.frame_rows().len() == frames.len());
    window.press("Latency");
    window.press("Request to reply");
    window.until("the reply is found", |window| window.count("client asked") == 1);
    window.assert_says(&[
        "REQUEST TO REPLY",
        "Paired by the id in JSON, 1 not answered",
        "1 answered: shortest 2.00 ms",
        r#"{"id":7,"method":"open"}"#,
    ]);
    window.click(Role::Link, "Frame 3");
    assert!(window.selected_row().is_some_and(|row| row.contains("result")), "{:?}", window.selected_row());
}

#[test]
fn without_a_reply_the_panel_says_how_they_are_found() {
    let mut window = Window::ended("/close/1000", 1000);
    window.press("Latency");
    window.press("Request to reply");
    window.until("the session was read", |window| window.says("No message answers another one here."));
}
