//! The filter above the table: written, completed, applied, and gone through.

use closelook::app::settings::Settings;
use closelook::protocol::opcode::Opcode;
use egui::Key;
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};
use crate::spoken_log;

/// A window with a log of six frames: four texts, a Ping and a binary message.
fn opened(settings: Settings) -> (tempfile::TempDir, Window) {
    let (folder, path) = spoken_log::log(
        "/",
        "",
        &[
            ("client", Opcode::Text, true, b"a needle"),
            ("server", Opcode::Text, true, b"hay"),
            ("server", Opcode::Ping, true, b"needle too"),
            ("client", Opcode::Text, false, b"half a nee"),
            ("client", Opcode::Continuation, true, b"dle each"),
            ("server", Opcode::Binary, true, b"more hay"),
        ],
    );
    let mut window = Window::with(USUAL_SIZE, settings, &[path.to_str().unwrap()]);
    window.until("the log is open", |window| window.frame_rows().len() == 6);
    (folder, window)
}

fn numbers(window: &Window) -> Vec<u64> {
    let rows = window.frame_rows();
    rows.iter().map(|row| row.strip_prefix("Frame ").unwrap().split(':').next().unwrap().parse().unwrap()).collect()
}

fn selected(window: &Window) -> Option<u64> {
    window.selected_row()?.strip_prefix("Frame ")?.split(':').next()?.parse().ok()
}

/// Types at the cursor.
fn type_in(window: &mut Window, text: &str) {
    window.harness.event(egui::Event::Text(text.into()));
    window.harness.step();
    window.rest();
}

fn suggestions(window: &Window) -> Vec<String> {
    window.labels(Role::ListBoxOption, "")
}

#[test]
fn the_table_has_the_frames_that_match_and_all_of_them_again() {
    let (_folder, mut window) = opened(Settings::default());
    window.write("Filter", "payload contains \"needle\"");
    window.until_says("3 of 6 frames match.");
    assert_eq!(numbers(&window), [1, 3, 4]);
    assert_eq!(window.timeline(), "Timeline, 6 frames, 3 in the filter");

    // Keys go from row to row of what is there.
    window.click_start(Role::ListItem, "Frame 1:");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    assert_eq!(selected(&window), Some(4));
    window.key(Key::Home);
    assert_eq!(selected(&window), Some(1));

    window.press("Clear the filter");
    assert_eq!(numbers(&window), [1, 2, 3, 4, 5, 6]);
    assert_eq!(selected(&window), Some(1));
    assert_eq!(window.timeline().split(", selected").next(), Some("Timeline, 6 frames"));
}

#[test]
fn a_filter_that_matches_nothing_says_so() {
    let (_folder, mut window) = opened(Settings::default());
    window.write("Filter", "len > 1 MiB");
    window.until_says("None of 6 frames matches.");
    window.assert_says(&["No frame matches the filter."]);
    assert_eq!(numbers(&window), [0; 0]);
}

#[test]
fn a_wrong_filter_is_told_at_its_place_and_the_last_one_stays() {
    let (_folder, mut window) = opened(Settings::default());
    window.write("Filter", "opcode == ping");
    window.until_says("1 of 6 frames matches.");
    type_in(&mut window, " && len > many");
    window.until_says("At character 25: Expected a number of bytes, as in 1000 or 1 KiB.");
    assert_eq!(numbers(&window), [3]);
}

#[test]
fn matches_are_gone_through_while_every_row_stays() {
    let (_folder, mut window) = opened(Settings::default());
    window.press("Hide");
    window.write("Filter", "payload contains \"needle\"");
    window.until_says("3 of 6 frames match.");
    window.press("Find only");
    assert_eq!(numbers(&window), [1, 2, 3, 4, 5, 6]);
    for expected in [1, 3, 4, 1] {
        window.key(Key::F3);
        assert_eq!(selected(&window), Some(expected));
    }
    window.harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::F3);
    window.rest();
    assert_eq!(selected(&window), Some(4));
    window.press("Match before (Shift+F3)");
    assert_eq!(selected(&window), Some(3));
    window.press("Next match (F3)");
    assert_eq!(selected(&window), Some(4));
    window.press("Filter rows");
    assert_eq!(numbers(&window), [1, 3, 4]);
}

#[test]
fn what_can_be_written_is_suggested_and_taken_with_keys() {
    let (_folder, mut window) = opened(Settings::default());
    window.shortcut(Key::F);
    assert!(suggestions(&window).iter().any(|label| label.starts_with("payload: what the application sent")));
    type_in(&mut window, "op");
    assert_eq!(suggestions(&window), ["opcode: what the frame is, by name or by number"]);
    window.key(Key::Tab);
    assert_eq!(window.typed("Filter"), "opcode ");
    assert_eq!(suggestions(&window).len(), 3);
    window.key(Key::ArrowDown);
    window.key(Key::Enter);
    assert_eq!(window.typed("Filter"), "opcode == ");
    type_in(&mut window, "p");
    window.key(Key::ArrowDown);
    window.key(Key::ArrowDown);
    window.key(Key::Tab);
    assert_eq!(window.typed("Filter"), "opcode == pong");
    window.key(Key::Backspace);
    window.key(Key::Backspace);
    assert_eq!(suggestions(&window), ["pong: opcode 0xA"]);
    window.key(Key::Escape);
    assert_eq!(suggestions(&window), [""; 0]);
    window.assert_says(&["At character 11: Expected text, binary"]);
    window.key(Key::Backspace);
    type_in(&mut window, "ing");
    window.until("the Ping is left", |window| numbers(window) == [3]);
    window.key(Key::Enter);
    assert_eq!(numbers(&window), [3]);
    assert_eq!(selected(&window), Some(3));
}

#[test]
fn a_suggestion_is_taken_with_a_click() {
    let (_folder, mut window) = opened(Settings::default());
    window.shortcut(Key::F);
    type_in(&mut window, "dir == ");
    window.click(Role::ListBoxOption, "client: sent by the client");
    assert_eq!(window.typed("Filter"), "dir == client");
    window.until("the rows are those of the client", |window| numbers(window) == [1, 4, 5]);
    // The cursor is still in the field, behind what was put in.
    type_in(&mut window, " && !fin");
    window.until("the row is the fragment", |window| numbers(window) == [4]);
}

#[test]
fn filters_that_were_used_are_offered_again() {
    let settings = Settings { filters: vec!["opcode == ping".into()], ..Settings::default() };
    let (_folder, mut window) = opened(settings);
    window.write("Filter", "fragmented");
    window.key(Key::Enter);
    window.press("Clear the filter");
    window.press("Earlier filters");
    assert!(window.has(Role::Button, "fragmented"));
    window.press("opcode == ping");
    window.until("the Ping is left", |window| numbers(window) == [3]);
    window.press("Earlier filters");
    window.press("Forget these");
    window.press("Earlier filters");
    window.assert_says(&["No filters yet"]);
}

#[test]
fn a_live_session_is_filtered_as_it_goes_on() {
    let mut window = Window::connected("/echo");
    window.write("Filter", "payload contains \"keep\" && dir == server");
    window.send_text("keep this");
    window.until("the echo is there", |window| numbers(window) == [2]);
    window.send_text("not this");
    window.send_text("keep that");
    window.until("the second echo is there", |window| numbers(window) == [2, 6]);
}

#[test]
fn a_flood_is_filtered_and_scrolled_to_its_end() {
    let mut window = Window::ended("/flood", 1000);
    window.press("Hide");
    window.write("Filter", "number > 100000 && opcode != close");
    window.until_says("100\u{a0}000 of 200\u{a0}002 frames match.");
    window.click_start(Role::ListItem, "Frame 100");
    window.key(Key::End);
    assert!(window.selected_row().unwrap().starts_with("Frame 200000: "), "{:?}", window.selected_row());
    window.key(Key::Home);
    assert!(window.selected_row().unwrap().starts_with("Frame 100001: "), "{:?}", window.selected_row());
}
