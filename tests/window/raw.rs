//! The raw composer: what it shows before it sends, what it sends, what it keeps; and manual sessions.

use closelook::app::settings::{KEY, Settings};
use egui::Key;
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};
use crate::settings::{Kept, kept, restarted};

/// A window with an open session of a scenario in which nothing is answered by itself.
fn manual(scenario: &str) -> Window {
    let mut window = Window::open();
    window.press("Options");
    window.click(Role::CheckBox, "Manual: nothing is answered by itself");
    window.assert_says(&["Manual: the next session answers nothing by itself"]);
    window.press("Options");
    window.run_scenario(scenario);
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window
}

fn choose(window: &mut Window, field: &str, choice: &str) {
    window.click(Role::ComboBox, field);
    window.press(choice);
}

/// Writes a number where one can also drag.
fn set(window: &mut Window, field: &str, number: &str) {
    window.click(Role::SpinButton, field);
    window.harness.event(egui::Event::Text(number.into()));
    window.key(Key::Enter);
}

/// A frame whose bytes do not depend on chance.
fn hello(window: &mut Window) {
    window.press("Raw");
    choose(window, "Mask", "this key");
    window.write("Payload text", "Hello");
}

#[test]
fn the_preview_shows_the_bytes_and_what_they_break_before_they_are_sent() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.assert_says(&["81 85 37 fa 21 3d 7f 9f 4d 51 58", "11 bytes · 1 frame", "Breaks no rule"]);
    choose(&mut window, "Mask", "off");
    window.assert_says(&["81 05 48 65 6c 6c 6f", "RFC 6455 5.1"]);
    window.click(Role::CheckBox, "RSV2");
    choose(&mut window, "Opcode", "0x3 reserved");
    choose(&mut window, "Length", "16 bits");
    window.assert_says(&["a3 7e 00 05 48 65 6c 6c 6f", "RFC 6455 5.2"]);
    assert!(window.frame_rows().is_empty(), "{:?}", window.frame_rows());
    window.press("Send");
    window.until("the frame is in the table", |window| !window.frame_rows().is_empty());
    assert!(window.frame_rows()[0].starts_with("Frame 1: Reserved 0x3 from the client, 5 bytes"));
}

#[test]
fn a_frame_is_sent_by_enter_and_a_random_key_is_the_one_that_was_shown() {
    let mut window = Window::connected("/echo");
    window.press("Raw");
    window.write("Payload text", "hi");
    let preview = window.texts().into_iter().find(|text| text.starts_with("81 82 ")).expect("a preview");
    window.key(Key::Enter);
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    assert_eq!(window.frame_rows()[1], "Frame 2: Text from the server, 2 bytes, hi");
    let next = window.texts().into_iter().find(|text| text.starts_with("81 82 ")).expect("a preview");
    assert_ne!(next, preview);
    window.click_start(Role::ListItem, "Frame 1: ");
    window.press("Frame as sent");
    window.assert_says(&[&format!("000000: {preview}")]);
}

#[test]
fn false_lengths_fragments_and_hexadecimal() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.click(Role::CheckBox, "false");
    window.write("False length", "9");
    window.assert_says(&["81 89 37 fa 21 3d 7f 9f 4d 51 58", "The server will wait for another 4 bytes of payload."]);
    window.write("False length", "nine");
    window.assert_says(&["“nine” is not a length."]);
    window.click(Role::CheckBox, "false");
    choose(&mut window, "Payload", "hex");
    window.write("Payload in hexadecimal", "48 6g");
    window.assert_says(&["“g” is not a hexadecimal digit. It is character 5"]);
    window.write("Payload in hexadecimal", "48 65");
    choose(&mut window, "Mask", "off");
    set(&mut window, "Split into", "2");
    window.assert_says(&["01 01 48 80 01 65", "2 frames"]);
}

#[test]
fn the_rules_depend_on_what_was_sent_before() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.click(Role::CheckBox, "FIN");
    window.press("Send");
    window.until("the fragment is in the table", |window| window.frame_rows().len() == 1);
    // The next text frame would begin a message inside the other one.
    window.until_says("RFC 6455 5.4");
    choose(&mut window, "Opcode", "0x0 Continuation");
    window.assert_says(&["Breaks no rule"]);
    window.press("Plain bytes");
    window.write("Plain bytes in hexadecimal", "80 81 00 00 00 01 21 89");
    window.assert_says(&["The server will wait for the rest of a header."]);
    window.press("Send");
    window.until("the message is echoed", |window| window.frame_rows().len() == 3);
    window.until_says("A header was begun with 1 byte: these bytes go on with it.");
}

#[test]
fn a_file_is_a_payload() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payload.bin");
    std::fs::write(&path, vec![0x5A; 70_000]).unwrap();
    let mut window = Window::connected("/echo");
    window.press("Raw");
    choose(&mut window, "Payload", "file");
    window.assert_says(&["Choose the file that is the payload."]);
    window.will_choose(&path);
    window.press("Choose…");
    window.until_says("payload.bin");
    window.until_says("Only the first 64.0 KiB were checked");
    choose(&mut window, "Opcode", "0x2 Binary");
    window.press("Send");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    assert!(window.frame_rows()[1].starts_with("Frame 2: Binary from the server, 68.4 KiB, 5a 5a"));
}

#[test]
fn templates_survive_a_restart_and_a_sequence_runs_them() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.write("Template name", "greeting");
    window.press("Keep");
    window.press("Plain bytes");
    window.write("Plain bytes in hexadecimal", "89 80 00 00 00 01");
    window.write("Template name", "ping");
    window.press("Keep");
    window.press("Sequence");
    window.press("Add step");
    window.press("Add step");
    choose(&mut window, "Template of step 2", "ping");
    set(&mut window, "Delay before step 2", "20");

    let mut window = restarted(&mut window);
    window.run_scenario("/echo");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Raw");
    window.press("Templates");
    window.press("greeting");
    assert_eq!(window.typed("Payload text"), "Hello");
    window.assert_says(&["81 85 37 fa 21 3d 7f 9f 4d 51 58"]);
    window.press("Sequence");
    window.press("Run sequence");
    window.until_says("All 2 steps were sent");
    window.until("everything is answered", |window| window.frame_rows().len() == 4);
    assert!(window.frame_rows()[2].starts_with("Frame 3: Ping from the client, 0 bytes"), "{:?}", window.frame_rows());

    window.press("Templates");
    window.press("Delete template ping");
    window.press("Run sequence");
    window.until_says("There is no template ping.");
}

#[test]
fn a_sequence_can_be_stopped() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.write("Template name", "greeting");
    window.press("Keep");
    window.press("Sequence");
    window.press("Add step");
    window.press("Add step");
    set(&mut window, "Delay before step 2", "3600000");
    window.press("Run sequence");
    window.until_says("Sent 1 of 2 steps");
    window.press("Stop");
    window.until_says("Stopped after 1 of 2 steps");
    assert_eq!(window.frame_rows().len(), 2);
}

#[test]
fn a_damaged_template_is_left_out_and_told() {
    let mut window = Window::connected("/echo");
    hello(&mut window);
    window.write("Template name", "greeting");
    window.press("Keep");
    let mut storage = kept(&mut window);
    let stored = eframe::Storage::get_string(&storage, KEY).unwrap();
    let damaged = stored.replacen("templates:[", "templates:[\"{\\\"name\\\":7}\",(a:1),", 1);
    assert_ne!(stored, damaged);
    eframe::Storage::set_string(&mut storage, KEY, damaged);
    let settings: Settings = eframe::get_value(&storage, KEY).unwrap();
    let mut window = Window::with(USUAL_SIZE, settings, &[]);
    window.assert_says(&["The settings are damaged: 2 of the templates"]);
    window.run_scenario("/echo");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.press("Raw");
    window.press("Templates");
    assert!(window.has(Role::Button, "greeting"));

    let mut storage = Kept::default();
    eframe::Storage::set_string(&mut storage, KEY, "(theme: Light, templates: 7)".into());
    let settings: Settings = eframe::get_value(&storage, KEY).unwrap();
    assert_eq!(settings.templates.len(), 1);
}

#[test]
fn a_manual_session_is_marked_and_answers_by_hand() {
    let mut window = manual("/pings");
    window.until("the Ping is in the table", |window| window.frame_rows().len() == 1);
    assert!(window.labels(Role::ListItem, "Session ")[0].ends_with(", manual · open"));
    window.assert_says(&["MANUAL"]);
    window.click_start(Role::ListItem, "Frame 1: ");
    window.press("Answer this Ping");
    window.until("the next Ping is in the table", |window| window.frame_rows().len() == 3);
    assert!(window.frame_rows()[1].starts_with("Frame 2: Pong from the client"), "{:?}", window.frame_rows());
}

#[test]
fn a_close_is_answered_by_hand_and_a_fin_ends_the_session() {
    let mut window = manual("/close/1000");
    let closes = |window: &Window| window.frame_rows().iter().filter(|row| row.contains(": Close ")).count();
    window.until("the Close is in the table", |window| closes(window) == 1);
    window.click_start(Role::ListItem, &window.frame_rows().last().unwrap().clone());
    window.press("Answer this Close");
    window.until("both closes are in the table", |window| closes(window) == 2);
    // The server has ended its half; this one is the person's to end.
    window.press("Send FIN");
    window.until("one can connect again", |window| window.has(Role::Button, "Connect"));
}
