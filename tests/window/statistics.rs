//! The statistics of a session, and the way from a figure to its frames.

use closelook::app::settings::Settings;
use closelook::protocol::opcode::Opcode;
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{Queryable, by};

use crate::driver::{USUAL_SIZE, Window};
use crate::spoken_log;

/// A window with a log of six frames, one each millisecond from the third on, and its statistics.
fn opened() -> (tempfile::TempDir, Window) {
    let frames: [spoken_log::Sent<'_>; 6] = [
        ("client", Opcode::Ping, true, b"p"),
        ("server", Opcode::Pong, true, b"p"),
        ("server", Opcode::Text, true, b"two"),
        ("server", Opcode::Text, true, b"as"),
        ("client", Opcode::Binary, true, b"seven.."),
        ("server", Opcode::Text, true, b"in all"),
    ];
    let (folder, path) = spoken_log::log("/", "", &frames);
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until("the log is open", |window| window.frame_rows().len() == 6);
    window.press("Statistics");
    window.until_says("6 frames in 8.00 ms");
    (folder, window)
}

/// What the plot of this title says.
#[track_caller]
fn plot(window: &Window, title: &str) -> String {
    window.labels(Role::Image, title).pop().expect("a plot")
}

/// Gives the plot of this title the focus.
#[track_caller]
fn focus(window: &mut Window, title: &str) {
    let is_it =
        |node: &egui_kittest::kittest::AccessKitNode<'_>| node.label().is_some_and(|label| label.starts_with(title));
    window.harness.get(by().role(Role::Image).predicate(is_it)).focus();
    window.harness.step();
}

/// Scrolls to the thing whose label begins like this.
#[track_caller]
fn scroll_to(window: &mut Window, role: Role, start: &str) {
    let is_it = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.label().or_else(|| node.value()).is_some_and(|label| label.starts_with(start))
    };
    window.harness.get(by().role(role).predicate(is_it)).scroll_to_me();
    window.harness.step();
    window.rest();
}

#[test]
fn figures_are_text_and_plots_have_words() {
    let (_folder, window) = opened();
    window.assert_says(&["FRAMES OF THE CLIENT", "FRAMES OF THE SERVER", "OVERHEAD", "RATES"]);
    for figure in ["50.0 %", "66.7 %", "11 bytes", "Most frames in a second"] {
        assert!(window.shows(figure), "{figure} is missing:\n{}", window.texts().join("\n"));
    }
    assert_eq!(
        plot(&window, "Frames by payload length"),
        "Frames by payload length. client: 2 frames, most at 1 byte, 1 frame; server: 4 frames, most at 2 – 3 bytes, 2 frames"
    );
    assert_eq!(
        plot(&window, "Frames by the gap before them"),
        "Frames by the gap before them. client: 1 frame, most at 2 ms – 5 ms, 1 frame; \
         server: 3 frames, most at 1 ms – 2 ms, 2 frames; either: 5 frames, most at 1 ms – 2 ms, 5 frames"
    );
    assert!(plot(&window, "Frames over time").starts_with("Frames over time. client: 2 frames, most at "));
}

#[test]
fn an_opcode_leads_to_its_frames() {
    let (_folder, mut window) = opened();
    window.click(Role::Link, "Text");
    assert_eq!(window.typed("Filter"), "opcode == text && dir == server");
    window.until("the texts are left", |window| window.frame_rows().len() == 3);
}

#[test]
fn a_bar_leads_to_its_frames_and_a_filter_is_made_narrower() {
    let (_folder, mut window) = opened();
    scroll_to(&mut window, Role::Image, "Frames by payload length");
    // At the middle of the picture are the two or three bytes of the server.
    window.click_start(Role::Image, "Frames by payload length");
    assert_eq!(window.typed("Filter"), "len >= 2 && len <= 3 && dir == server");
    window.until("two frames are left", |window| window.frame_rows().len() == 2);
    window.assert_says(&["6 frames in 8.00 ms"]);

    window.press("Filter");
    window.until_says("2 frames in 8.00 ms");
    assert_eq!(
        plot(&window, "Frames by payload length"),
        "Frames by payload length. server: 2 frames, most at 2 – 3 bytes, 2 frames"
    );
    focus(&mut window, "Frames over time");
    window.key(Key::ArrowRight);
    window.key(Key::ArrowDown);
    for _ in 0..600 {
        let words = plot(&window, "Frames over time");
        if words.rsplit(". ").next().is_some_and(|bar| bar.contains("server: 1 frame, ")) {
            break;
        }
        window.key(Key::ArrowRight);
    }
    window.key(Key::Enter);
    assert!(
        window.typed("Filter").starts_with("len >= 2 && len <= 3 && dir == server && time >= "),
        "{}",
        window.typed("Filter")
    );
    window.until("one frame is left", |window| window.frame_rows().len() == 1);

    window.press("Clear the filter");
    window.until_says("6 frames in 8.00 ms");
}

#[test]
fn the_figures_of_the_selection_are_those_of_no_other_frame() {
    let (_folder, mut window) = opened();
    window.click_start(Role::ListItem, "Frame 3:");
    window.shift_click_start(Role::ListItem, "Frame 5:");
    window.press("Statistics");
    window.press("Selection");
    window.until_says("3 frames in 2.00 ms");
    window.click(Role::Link, "Text");
    assert_eq!(window.typed("Filter"), "opcode == text && dir == server && number >= 3 && number <= 5");
    window.until("two frames are left", |window| window.frame_rows().len() == 2);
    window.press("Clear the selection");
    window.until_says("6 frames in 8.00 ms");
}

#[test]
fn arrow_keys_read_a_plot_and_enter_picks_a_bar() {
    let (_folder, mut window) = opened();
    focus(&mut window, "Frames by payload length");
    window.key(Key::ArrowRight);
    assert!(plot(&window, "Frames by payload length").ends_with(". 1 byte, client: 1 frame"));
    window.key(Key::ArrowRight);
    window.key(Key::ArrowRight);
    assert!(plot(&window, "Frames by payload length").ends_with(". 4 – 7 bytes, client: 1 frame"));
    window.key(Key::Enter);
    assert_eq!(window.typed("Filter"), "len >= 4 && len <= 7 && dir == client");
}

#[test]
fn a_long_gap_leads_to_the_frame_that_ended_it() {
    let (_folder, mut window) = opened();
    assert_eq!(window.labels(Role::Link, "Frame ").len(), 5);
    scroll_to(&mut window, Role::Link, "Frame 2");
    window.click(Role::Link, "Frame 2");
    assert!(window.selected_row().is_some_and(|row| row.starts_with("Frame 2: ")), "{:?}", window.selected_row());
}

#[test]
fn the_figures_can_have_the_place_of_the_table() {
    let (_folder, mut window) = opened();
    window.press("Larger");
    assert_eq!(window.frame_rows(), [""; 0]);
    window.assert_says(&["6 frames in 8.00 ms", "GAPS BETWEEN FRAMES"]);
    // Whatever is picked, they stay.
    window.click(Role::Link, "Text");
    window.until_says("3 of 6 frames match.");
    window.assert_says(&["6 frames in 8.00 ms"]);
    window.press("Smaller");
    assert_eq!(window.frame_rows().len(), 3);
    window.assert_says(&["6 frames in 8.00 ms"]);

    window.press("Larger");
    window.press("Statistics");
    assert_eq!(window.frame_rows().len(), 3);
}

#[test]
fn the_figures_are_copied_in_three_forms() {
    let (_folder, mut window) = opened();
    for (form, part) in [
        ("Tables in Markdown", "| Text | 3 | 50.0 % | 11 bytes | 17 bytes |"),
        ("Tables as text", "  Text         3"),
        ("CSV, a figure a row", "frames,text,server,payload bytes,11\r\n"),
    ] {
        window.press("Copy statistics");
        window.harness.get_by_role_and_label(Role::Button, form).click();
        window.harness.step();
        let commands = window.harness.output().platform_output.commands.clone();
        let copied = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        let copied = copied.unwrap_or_default();
        assert!(copied.contains(part), "{form}: {copied}");
        window.rest();
    }
}

#[test]
fn a_live_session_is_counted_as_it_goes_on() {
    let mut window = Window::connected("/echo");
    window.press("Statistics");
    window.assert_says(&["There are no frames to count."]);
    window.send_text("one");
    window.until_says("2 frames in ");
    window.send_text("another");
    window.until_says("4 frames in ");
}

#[test]
fn a_flood_is_counted() {
    let mut window = Window::ended("/flood", 1000);
    window.press("Statistics");
    window.until_says("200\u{a0}002 frames in ");
    assert!(window.shows("200\u{a0}000"));
}
