//! How long answers took, and the way from there to the frames.

use egui::accesskit::Role;

use crate::driver::Window;

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
