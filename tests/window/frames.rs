//! The timeline, the table of frames and the detail of one frame.

use closelook::capture::lab::{Lab, Scenario};
use egui::Key;
use egui::accesskit::Role;

use crate::driver::Window;

/// Where the table of frames gets the focus from: a click on one of its rows.
fn select(window: &mut Window, frame: u64) {
    window.click_start(Role::ListItem, &format!("Frame {frame}: "));
}

fn selected_frame(window: &Window) -> Option<u64> {
    let row = window.selected_row()?;
    row.strip_prefix("Frame ")?.split(':').next()?.parse().ok()
}

#[test]
fn an_address_is_typed_and_a_text_comes_back() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.write("Address", &lab.url(&Scenario::Echo));
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.assert_says(&["Connected. The first frame will appear here."]);

    window.send_text("Grüße → Ω");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    assert_eq!(
        window.frame_rows(),
        ["Frame 1: Text from the client, 14 bytes, Grüße → Ω", "Frame 2: Text from the server, 14 bytes, Grüße → Ω"]
    );
    assert_eq!(window.typed("Text message"), "");
    assert_eq!(window.timeline(), "Timeline, 2 frames");
}

#[test]
fn enter_in_the_address_connects() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.connect(&lab.url(&Scenario::Echo));
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
}

#[test]
fn a_selected_frame_shows_its_bits_and_its_text() {
    let mut window = Window::connected("/echo");
    window.send_text("hello");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);

    select(&mut window, 2);
    window.assert_says(&["Frame 2", "from the server", "1 · last fragment of its message", "0x1 · Text"]);
    assert!(window.shows("5 bytes · 7-bit form"));
    assert!(window.shows("0 · payload is sent as it is"));
    assert!(window.shows("hello"));
    let header = "Frame header: FIN 1, RSV1 0, RSV2 0, RSV3 0, opcode 0x1 Text, MASK 0, payload length 5";
    assert!(window.shows(header), "{:?}", window.labels(Role::Image, "Frame header"));

    window.press("Frame as sent");
    assert!(window.shows("000000: 81 05 68 65 6c 6c 6f"));

    select(&mut window, 1);
    let headers = window.labels(Role::Image, "Frame header");
    assert!(headers.iter().any(|header| header.contains("MASK 1, payload length 5, masking key ")), "{headers:?}");
    window.press("Unmasked hex");
    assert!(window.shows("000000: 68 65 6c 6c 6f"));
    window.press("Frame as sent");
    assert!(window.says("000000: 81 85 "));
}

#[test]
fn keys_move_the_selection_in_the_table_and_on_the_timeline() {
    let mut window = Window::ended("/fragments", 1000);
    let count = window.frame_rows().len() as u64;
    assert!(count >= 5, "{count}");
    let newest: u64 =
        window.frame_rows().last().unwrap().strip_prefix("Frame ").unwrap().split(':').next().unwrap().parse().unwrap();

    select(&mut window, newest - 2);
    assert_eq!(selected_frame(&window), Some(newest - 2));
    window.key(Key::ArrowDown);
    assert_eq!(selected_frame(&window), Some(newest - 1));
    assert!(window.timeline().contains(&format!(", selected #{}", newest - 1)), "{}", window.timeline());
    window.key(Key::ArrowUp);
    window.key(Key::ArrowUp);
    assert_eq!(selected_frame(&window), Some(newest - 3));
    window.key(Key::Home);
    assert_eq!(selected_frame(&window), Some(1));
    window.key(Key::End);
    assert_eq!(selected_frame(&window), Some(newest));
    assert!(window.shows(&format!("Frame {newest}")));

    let timeline = window.timeline();
    window.click(Role::Image, &timeline);
    window.key(Key::Home);
    assert_eq!(selected_frame(&window), Some(1));
    window.key(Key::ArrowRight);
    assert_eq!(selected_frame(&window), Some(2));
    window.key(Key::ArrowRight);
    window.key(Key::ArrowLeft);
    assert_eq!(selected_frame(&window), Some(2));
    assert!(window.shows("Frame 2"));
    window.key(Key::End);
    assert_eq!(selected_frame(&window), Some(newest));
}

#[test]
fn fragments_are_shown_as_parts_of_their_message() {
    let mut window = Window::ended("/fragments", 1000);
    select(&mut window, 10);
    window.key(Key::Home);
    window.assert_says(&["0 · more fragments follow", "3 fragments, "]);
    let header = window.labels(Role::Image, "Frame header");
    assert!(header.iter().any(|header| header.contains("FIN 0,")), "{header:?}");
}

#[test]
fn json_is_shown_pretty_and_as_sent() {
    let mut window = Window::connected("/echo");
    window.send_text(r#"{"name":"closelook","codes":[1000,1005]}"#);
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    window.press("Disconnect");
    window.until_ended(1000);
    select(&mut window, 2);
    let pretty = "{\n  \"name\": \"closelook\",\n  \"codes\": [\n    1000,\n    1005\n  ]\n}";
    assert!(window.shows(pretty), "{:?}", window.texts());
    window.press("Text");
    assert!(!window.shows(pretty));
    assert!(window.shows(r#"{"name":"closelook","codes":[1000,1005]}"#));
}

#[test]
fn a_close_frame_shows_its_code_or_that_it_has_none() {
    let mut window = Window::ended("/close/1000", 1000);
    select(&mut window, 3);
    window.assert_says(&["1000 · Normal Closure", "000000: 88 02 03 e8"]);

    let mut window = Window::ended("/close/empty", 1005);
    select(&mut window, 3);
    window.assert_says(&["none: length 0 leaves no room for a code", "000000: 88 00"]);
}

#[test]
fn the_timeline_zooms_and_shows_the_whole_session_again() {
    let mut window = Window::ended("/fragments", 1000);
    window.press("Zoom in (+)");
    window.press("Zoom in (+)");
    window.press("Zoom out (-)");
    window.press("Whole session");
    let timeline = window.timeline();
    window.click(Role::Image, &timeline);
    for key in [Key::Plus, Key::Plus, Key::Minus, Key::F] {
        window.key(key);
    }
    window.click(Role::CheckBox, "Follow");
    window.click(Role::CheckBox, "Follow");
    assert!(window.timeline().starts_with("Timeline, "));
}

#[test]
fn pings_and_their_pongs_are_frames_of_the_table() {
    let mut window = Window::ended("/pings", 1000);
    window.press("Hide");
    let rows = window.frame_rows();
    assert_eq!(rows.iter().filter(|row| row.contains(": Ping from the server")).count(), 3, "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row.contains(": Pong from the client")).count(), 3, "{rows:?}");
}

#[test]
fn a_payload_is_saved_and_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payload");
    let mut window = Window::connected("/echo");
    window.send_text("to be kept");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    select(&mut window, 1);
    window.will_choose(&path);
    window.press("Save payload…");
    window.until_says("Saved ");
    assert_eq!(std::fs::read(&path).unwrap(), b"to be kept");
    window.press("Copy");
    window.until_says("Copied.");
}

#[test]
fn a_frame_is_copied_in_the_form_that_is_chosen() {
    let mut window = Window::connected("/echo");
    window.send_text("say \"hi\"");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    select(&mut window, 1);
    for form in ["Hexadecimal", "JSON record", "Rust literal", "websocat command"] {
        window.press("Copy as");
        window.press(form);
        window.until_says(&format!("Copied frame 1 as {form}."));
    }
}
