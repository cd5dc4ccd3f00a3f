//! A window that is not painted, as when it is minimised, must not stall a fast sender.

use std::sync::mpsc::channel;

use egui::Key;
use egui::accesskit::Role;

use crate::driver::Window;
use crate::raw_server::{LIMIT, close, frame, serve};

const MESSAGES: usize = 200_000;

#[test]
fn a_window_that_is_not_painted_receives_200_000_frames() {
    let (minimise, minimised) = channel();
    let server = serve(move |mut peer| {
        peer.upgrade();
        minimised.recv_timeout(LIMIT).unwrap();
        peer.send(&frame(0x82, b"hello").repeat(MESSAGES));
        peer.send(&close(1000));
        // The answer comes once everything before the Close has been read.
        assert_eq!(peer.read_frame().code(), Some(1000));
    });
    let mut window = Window::open();
    window.connect(&server.url());
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));

    // From here on nothing is painted until the server has its answer.
    minimise.send(()).unwrap();
    server.result();

    window.until_ended(1000);
    assert_eq!(window.timeline(), "Timeline, 200\u{a0}002 frames");
    assert!(window.frame_rows().last().unwrap().starts_with("Frame 200002: Close from the client, 2 bytes, 1000"));
}

#[test]
fn a_flood_is_watched_and_walked_through() {
    let mut window = Window::ended("/flood", 1000);
    assert_eq!(window.timeline(), "Timeline, 200\u{a0}002 frames");
    window.click_start(Role::ListItem, "Frame 200");
    window.key(Key::Home);
    assert!(window.selected_row().unwrap().starts_with("Frame 1: "));
    window.key(Key::End);
    assert!(window.selected_row().unwrap().starts_with("Frame 200002: Close from the client"));
    window.press("Zoom in (+)");
    window.press("Zoom in (+)");
    assert!(window.timeline().starts_with("Timeline, 200\u{a0}002 frames, selected #200002 Close"));
}
