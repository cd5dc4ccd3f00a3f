//! The timeline's view and map, and the stretch of a session that is selected on it or in the table.

use closelook::app::dialogs::Purpose;
use closelook::app::settings::Settings;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::ui::time_view::TimeView;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect};
use egui_kittest::kittest::{NodeT, Queryable};

use crate::driver::{USUAL_SIZE, Window};
use crate::spoken_log;

/// The room for the lanes' names at the left.
const LABELS: f32 = 64.0;

/// What a log of seven frames says: they come at 3 ms, 4 ms and so on.
const FRAMES: [spoken_log::Sent<'static>; 7] = [
    ("client", Opcode::Text, true, b"one"),
    ("server", Opcode::Text, true, b"three hundred"),
    ("server", Opcode::Ping, true, b""),
    ("client", Opcode::Text, false, b"five"),
    ("client", Opcode::Continuation, true, b" six"),
    ("server", Opcode::Binary, true, b"seven"),
    ("server", Opcode::Text, true, b"eight"),
];

fn opened() -> (tempfile::TempDir, Window) {
    let (folder, path) = spoken_log::log("/", "", &FRAMES);
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until("the log is open", |window| window.frame_rows().len() == FRAMES.len());
    window.press("Hide");
    (folder, window)
}

/// Where the axis is, or the lanes are.
#[derive(Clone, Copy)]
enum Height {
    Map,
    Axis,
    Lanes,
}

/// The place of a moment on the timeline while it shows the whole session.
fn place(window: &Window, milliseconds: f64, height: Height) -> Pos2 {
    let timeline = window.place(Role::Image, &window.timeline());
    let map = window.place(Role::Image, &map(window));
    let area = Rect::from_x_y_ranges(timeline.left() + LABELS..=timeline.right(), timeline.y_range());
    let fraction = TimeView::whole(Moment(9_000_000)).fraction(Moment((milliseconds * 1e6) as u64));
    let y = match height {
        Height::Map => map.center().y,
        Height::Axis => map.bottom() + 8.0,
        Height::Lanes => timeline.bottom() - 20.0,
    };
    Pos2::new(area.left() + area.width() * fraction as f32, y)
}

fn map(window: &Window) -> String {
    window.labels(Role::Image, "Map of the whole session").pop().expect("a map")
}

/// Drags over the axis.
fn select_time(window: &mut Window, from: f64, to: f64) {
    let [from, to] = [from, to].map(|at| place(window, at, Height::Axis));
    window.drag(from, to, Modifiers::NONE);
}

fn selected(window: &Window) -> Option<u64> {
    window.selected_row()?.strip_prefix("Frame ")?.split(':').next()?.parse().ok()
}

/// Puts the focus on the timeline.
fn focus(window: &mut Window) {
    let at = place(window, 0.2, Height::Axis);
    window.click_at(at);
}

#[test]
fn a_stretch_of_time_is_selected_on_the_axis_and_has_figures() {
    let (_folder, mut window) = opened();
    select_time(&mut window, 3.5, 7.5);
    assert_eq!(window.timeline(), "Timeline, 7 frames, 4 in the selection");
    for figure in [
        "4 frames",
        "2 messages",
        "8 bytes from the client in 2 frames",
        "13 bytes from the server in 2 frames",
        "5 bytes a frame on average",
    ] {
        assert!(window.shows(figure), "“{figure}” is missing: {:?}", window.texts());
    }
    window.assert_says(&["4.00 ms from 0.003", "frames/s", "of payload", "2 frames with findings, the worst: "]);

    // The other way round, from beyond the end to before the start.
    select_time(&mut window, 9.1, -0.1);
    assert!(window.shows("7 frames") && window.shows("5 messages"), "{:?}", window.texts());
    window.press("Clear the selection");
    assert_eq!(window.timeline(), "Timeline, 7 frames");
    assert!(!window.shows("SELECTION"));
}

#[test]
fn the_lanes_select_with_shift_and_the_edges_can_be_moved() {
    let (_folder, mut window) = opened();
    let lanes = |window: &Window, at| place(window, at, Height::Lanes);
    let (from, to) = (lanes(&window, 2.5), lanes(&window, 4.5));
    window.drag(from, to, Modifiers::SHIFT);
    assert!(window.shows("2 frames"), "{:?}", window.texts());
    let (from, to) = (lanes(&window, 4.5), lanes(&window, 6.5));
    window.drag(from, to, Modifiers::NONE);
    assert!(window.shows("4 frames"), "{:?}", window.texts());
    let (from, to) = (lanes(&window, 2.5), lanes(&window, 8.5));
    window.drag(from, to, Modifiers::NONE);
    assert!(window.timeline().ends_with(", 2 in the selection"), "{}", window.timeline());
    window.key(Key::Escape);
    assert_eq!(window.timeline(), "Timeline, 7 frames");
}

#[test]
fn the_longest_gap_leads_to_the_frame_that_ended_it() {
    let (folder, path) = spoken_log::log("/", "", &FRAMES);
    // The fifth frame and those after it come 20 ms later.
    let log = std::fs::read_to_string(&path).unwrap();
    let late = |line: &str| match line.strip_prefix("{\"at\":").and_then(|rest| rest.split_once(',')) {
        Some((at, rest)) if at.parse::<u64>().unwrap() >= 7_000_000 => {
            format!("{{\"at\":{},{rest}\n", at.parse::<u64>().unwrap() + 20_000_000)
        }
        _ => format!("{line}\n"),
    };
    std::fs::write(&path, log.lines().map(late).collect::<String>()).unwrap();
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until("the log is open", |window| window.frame_rows().len() == FRAMES.len());
    window.click_start(Role::ListItem, "Frame 2:");
    window.shift_click_start(Role::ListItem, "Frame 7:");
    window.click(Role::Link, "Longest gap 21.0 ms before #5");
    assert_eq!(selected(&window), Some(5));
    assert!(window.shows("6 frames"));
    drop(folder);
}

#[test]
fn rows_of_the_table_are_selected_with_shift() {
    let (_folder, mut window) = opened();
    window.click_start(Role::ListItem, "Frame 5:");
    window.shift_click_start(Role::ListItem, "Frame 3:");
    assert!(window.shows("3 frames"), "{:?}", window.texts());
    assert_eq!(selected(&window), Some(3));
    for _ in 0..3 {
        window.shift_key(Key::ArrowDown);
    }
    assert!(window.timeline().ends_with(", 2 in the selection"), "{:?}", window.texts());
    window.shift_key(Key::End);
    assert!(window.shows("3 frames"));
    window.shift_key(Key::Home);
    assert!(window.shows("5 frames"));
    // One row takes the place of several.
    window.key(Key::ArrowDown);
    assert!(!window.shows("SELECTION"));
    assert_eq!(selected(&window), Some(2));
    window.shift_key(Key::ArrowDown);
    window.key(Key::Escape);
    assert!(!window.shows("SELECTION"));
    // What is selected in time stays while rows are looked at.
    select_time(&mut window, 3.5, 7.5);
    window.click_start(Role::ListItem, "Frame 7:");
    assert!(window.shows("4 frames"));
}

#[test]
fn the_view_zooms_to_the_selection_and_to_a_microsecond() {
    let (_folder, mut window) = opened();
    select_time(&mut window, 4.0, 6.0);
    window.press("Zoom to it");
    let shown = |window: &Window| window.timeline().split(", showing ").nth(1).map(str::to_owned);
    assert_eq!(map(&window), format!("Map of the whole session, showing {}", shown(&window).unwrap()));
    assert!(shown(&window).unwrap().starts_with("0.0039"), "{:?}", shown(&window));
    window.press("Whole session");
    assert_eq!((shown(&window), map(&window).ends_with("showing all of it")), (None, true));

    window.click_start(Role::ListItem, "Frame 4:");
    focus(&mut window);
    for _ in 0..20 {
        window.key(Key::Plus);
    }
    // The selected frame, at 6 ms, is the place that zooming keeps.
    let (start, end) = {
        let shown = shown(&window).unwrap();
        let (start, end) = shown.split_once(" to ").unwrap();
        let nanoseconds = |text: &str| text.strip_suffix(" s").unwrap().replace('.', "").parse::<u64>().unwrap();
        (nanoseconds(start), nanoseconds(end))
    };
    assert_eq!(end - start, 1_000);
    assert!((start..end).contains(&6_000_000), "{start} to {end}");
    window.key(Key::F);
    assert_eq!(shown(&window), None);
}

#[test]
fn the_selection_becomes_a_filter_that_the_next_one_replaces() {
    let (_folder, mut window) = opened();
    window.click_start(Role::ListItem, "Frame 2:");
    window.shift_click_start(Role::ListItem, "Frame 6:");
    window.press("Filter to it");
    assert_eq!(window.typed("Filter"), "number >= 2 && number <= 6");
    window.until_says("5 of 7 frames match.");
    assert!(window.shows("5 in the filter"));

    window.write("Filter", "dir == server || fragmented");
    window.until_says("6 of 7 frames match.");
    window.press("Filter to it");
    assert_eq!(window.typed("Filter"), "(dir == server || fragmented) && number >= 2 && number <= 6");
    select_time(&mut window, 3.5, 5.5);
    window.press("Filter to it");
    let filter = window.typed("Filter");
    assert!(filter.starts_with("(dir == server || fragmented) && time >= 3"), "{filter}");
    assert!(filter.contains(" && time < 5") && !filter.contains("number"), "{filter}");
    window.until_says("2 of 7 frames match.");
}

#[test]
fn the_window_on_the_map_is_drawn_moved_and_resized() {
    let (_folder, mut window) = opened();
    let on_map = |window: &Window, at| place(window, at, Height::Map);
    let (from, to) = (on_map(&window, 2.0), on_map(&window, 4.0));
    window.drag(from, to, Modifiers::NONE);
    let view = |window: &Window| -> [f64; 2] {
        let map = map(window);
        let (start, end) = map.split(", showing ").nth(1).unwrap().split_once(" to ").unwrap();
        [start, end].map(|text| text.strip_suffix(" s").unwrap().parse::<f64>().unwrap() * 1e3)
    };
    let near = |one: [f64; 2], other: [f64; 2]| one.iter().zip(other).all(|(one, other)| (one - other).abs() < 0.1);
    assert!(near(view(&window), [2.0, 4.0]), "{:?}", view(&window));
    let (from, to) = (on_map(&window, 3.0), on_map(&window, 6.0));
    window.drag(from, to, Modifiers::NONE);
    assert!(near(view(&window), [5.0, 7.0]), "{:?}", view(&window));
    let (from, to) = (on_map(&window, 5.0), on_map(&window, 3.0));
    window.drag(from, to, Modifiers::NONE);
    assert!(near(view(&window), [3.0, 7.0]), "{:?}", view(&window));
    let (from, to) = (on_map(&window, 7.0), on_map(&window, 8.0));
    window.drag(from, to, Modifiers::NONE);
    assert!(near(view(&window), [3.0, 8.0]), "{:?}", view(&window));
    // A press beside the window brings it there.
    let at = on_map(&window, 1.0);
    window.click_at(at);
    assert!(view(&window)[0] < 0.1, "{:?}", view(&window));
    window.press("Whole session");
    assert!(map(&window).ends_with("showing all of it"));
}

#[test]
fn a_part_is_saved_from_the_strip_and_from_the_menu() {
    let (_log, mut window) = opened();
    let folder = tempfile::tempdir().unwrap();
    window.press("Save as");
    for part in ["Selection", "Filter's result"] {
        assert!(window.harness.get_by_role_and_label(Role::RadioButton, part).accesskit_node().is_disabled());
    }
    window.press("Save as");

    window.click_start(Role::ListItem, "Frame 2:");
    window.shift_click_start(Role::ListItem, "Frame 4:");
    let csv = folder.path().join("selected.csv");
    window.will_choose(&csv);
    window.press("Save selection as");
    window.press("CSV, for spreadsheets");
    window.until_says("selected.csv.");
    assert_eq!(window.asked(), [Purpose::SaveLog("spoken-jsonl-frames-2-to-4.csv".into())]);
    let numbers = |path| -> Vec<String> {
        let rows = std::fs::read_to_string(path).unwrap();
        rows.lines().skip(1).map(|row| row.split(',').next().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&csv), ["2", "3", "4"]);

    // The fragment comes with the rest of its message.
    let log = folder.path().join("selected.jsonl");
    window.will_choose(&log);
    window.press("Save as");
    window.click(Role::RadioButton, "Selection (3 frames)");
    window.press("JSON Lines, for scripts");
    window.until_says("selected.jsonl.");

    window.write("Filter", "opcode == text && dir == server");
    window.until_says("2 of 7 frames match.");
    let filtered = folder.path().join("filtered.csv");
    window.will_choose(&filtered);
    window.press("Save as");
    window.click(Role::RadioButton, "Filter's result (2 frames)");
    window.press("CSV, for spreadsheets");
    window.until_says("filtered.csv.");
    assert_eq!(window.asked().last(), Some(&Purpose::SaveLog("spoken-jsonl-filtered.csv".into())));
    assert_eq!(numbers(&filtered), ["2", "7"]);

    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[log.to_str().unwrap()]);
    window.until("the part is open", |window| window.frame_rows().len() == 4);
    window.assert_says(&["This log holds 4 of 7 frames of its session"]);
}

#[test]
fn a_view_of_a_live_session_stays_where_it_is_or_follows_the_end() {
    let mut window = Window::connected("/echo");
    for number in 1..=2 {
        window.send_text("hello");
        window.until("the echo is in the table", |window| window.frame_rows().len() == 2 * number);
    }
    window.press("Zoom in (+)");
    let shown = |window: &Window| window.timeline().split(", showing ").nth(1).unwrap().to_owned();
    let before = shown(&window);
    window.send_text("hello");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 6);
    assert_eq!(shown(&window), before);
    window.click(Role::CheckBox, "Follow");
    let followed = shown(&window);
    assert_ne!(followed, before);
    window.send_text("hello");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 8);
    assert_ne!(shown(&window), followed);
}
