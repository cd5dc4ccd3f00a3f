//! Bookmarks and notes: set by key, by click and in the panel; shown wherever the frame is; kept, saved, and not lost unasked.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use closelook::app::settings::Settings;
use closelook::logs::journal::JournalFolder;
use closelook::logs::{self, Format};
use closelook::protocol::frame::FrameNumber;
use closelook::session::annotations::Note;
use closelook::session::{Annotation, Session};
use egui::accesskit::Role;
use egui::{Key, Modifiers, ViewportCommand, ViewportEvent, ViewportId};

use crate::driver::{USUAL_SIZE, Window};

fn select(window: &mut Window, frame: u64) {
    window.click_start(Role::ListItem, &format!("Frame {frame}: "));
}

fn selected_frame(window: &Window) -> Option<u64> {
    window.selected_row()?.strip_prefix("Frame ")?.split(':').next()?.parse().ok()
}

/// The bookmarked rows of the table, by the number of the frame and what is said after the payload.
fn bookmarked(window: &Window) -> Vec<(String, String)> {
    let rows = window.frame_rows().into_iter();
    rows.filter_map(|row| {
        let (frame, note) = row.split_once(", bookmarked")?;
        Some((frame.split(':').next()?.to_owned(), note.trim_start_matches(": ").to_owned()))
    })
    .collect()
}

fn assert_bookmarked(window: &Window, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|(frame, note)| ((*frame).to_owned(), (*note).to_owned())).collect();
    assert_eq!(bookmarked(window), expected);
}

fn open(path: &Path) -> Session {
    let opened = logs::open(path, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(opened.damage, []);
    opened.session
}

/// A saved session with these bookmarks; the folder goes with the path.
fn saved(name: &str, bookmarks: &[(u64, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut window = Window::ended("/fragments", 1000);
    window.will_choose(&path);
    window.press("Save…");
    window.until_says("Saved ");
    let mut session = open(&path);
    for (frame, note) in bookmarks {
        let bookmark = Annotation::Bookmark { frame: FrameNumber(*frame), note: Note::new(note) };
        session = session.annotated(&bookmark).unwrap();
    }
    logs::save(&session, &path, Format::of_path(&path).unwrap(), &mut |_| ControlFlow::Continue(())).unwrap();
    (folder, path)
}

/// A window with a log in which all rows can be seen.
fn with_log(path: &Path) -> Window {
    let mut window = Window::with(USUAL_SIZE, Settings::default(), &[path.to_str().unwrap()]);
    window.until_says("Opened ");
    window.press("Hide");
    window
}

fn state(window: &Window) -> String {
    let session = window.labels(Role::ListItem, "Session ").pop().unwrap();
    session.rsplit(", ").next().unwrap().to_owned()
}

#[test]
fn a_key_bookmarks_the_selected_frame_and_takes_the_bookmark_away() {
    let (_folder, path) = saved("session.pcapng", &[]);
    let mut window = with_log(&path);
    window.press("Bookmarks");
    window.assert_says(&["Select a frame and press B"]);
    window.key(Key::B);
    assert_bookmarked(&window, &[]);
    select(&mut window, 2);
    window.key(Key::B);
    assert_bookmarked(&window, &[("Frame 2", "")]);
    select(&mut window, 4);
    window.key(Key::B);
    assert!(window.has(Role::Button, "Bookmarks (2)"));
    window.key(Key::B);
    assert_bookmarked(&window, &[("Frame 2", "")]);
    // The other way is a click in the panel.
    window.press("Bookmark");
    assert_bookmarked(&window, &[("Frame 2", ""), ("Frame 4", "")]);
}

#[test]
fn a_click_in_the_gutter_bookmarks_a_frame_without_selecting_it() {
    let (_folder, path) = saved("session.pcapng", &[]);
    let mut window = with_log(&path);
    let row = window.frame_rows()[2].clone();
    let place = window.place(Role::ListItem, &row);
    for expected in [&[("Frame 3", "")][..], &[]] {
        window.click_at(place.left_center() + egui::Vec2::new(8.0, 0.0));
        assert_bookmarked(&window, expected);
        assert_eq!(window.selected_row(), None);
    }
}

#[test]
fn a_note_is_written_in_the_frame_panel_and_shown_with_the_frame() {
    let (_folder, path) = saved("session.pcapng", &[]);
    let mut window = with_log(&path);
    select(&mut window, 3);
    window.key(Key::B);
    window.write("Note", "here it b[egi]ns");
    // Keys that are written are no commands.
    window.key(Key::B);
    assert_bookmarked(&window, &[("Frame 3", "here it b[egi]ns")]);
    select(&mut window, 5);
    window.key(Key::B);
    assert_eq!(window.typed("Note"), "");
    window.press("Bookmarks (2)");
    window.assert_says(&["here it b[egi]ns", "No note"]);

    // Edit leads to the field.
    window.press("Edit the note of frame 3");
    assert_eq!(selected_frame(&window), Some(3));
    assert_eq!(window.typed("Note"), "here it b[egi]ns");
    window.harness.event(egui::Event::Text("! ".into()));
    window.rest();
    assert!(window.typed("Note").contains("! "));

    window.press("Bookmarks (2)");
    window.press("Delete the bookmark of frame 3");
    assert_bookmarked(&window, &[("Frame 5", "")]);
    window.assert_says(&["The bookmark of frame 3 is gone, and its note."]);
    window.press("Undo");
    let back = bookmarked(&window);
    assert!(back[0].1.contains("here it b[egi]ns"), "{back:?}");
    assert!(!window.has(Role::Button, "Undo"));
}

#[test]
fn keys_go_from_bookmark_to_bookmark_and_round_the_end() {
    let (_folder, path) = saved("session.jsonl", &[(2, "first"), (4, ""), (6, "last")]);
    let mut window = with_log(&path);
    for expected in [2, 4, 6, 2] {
        window.key(Key::F2);
        assert_eq!(selected_frame(&window), Some(expected));
    }
    for expected in [6, 4] {
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::F2);
        window.rest();
        assert_eq!(selected_frame(&window), Some(expected));
    }
    select(&mut window, 5);
    window.key(Key::F2);
    assert_eq!(selected_frame(&window), Some(6));
    assert!(window.timeline().contains("3 bookmarks"), "{}", window.timeline());
    // From the list too.
    window.press("Bookmarks (3)");
    window.click(Role::Link, "Frame 2");
    assert_eq!(selected_frame(&window), Some(2));
}

#[test]
fn a_filter_follows_what_is_bookmarked() {
    let (_folder, path) = saved("session.pcapng", &[(2, "one"), (4, "two")]);
    let mut window = with_log(&path);
    window.write("Filter", "note contains \"o\"");
    window.until("both are found", |window| window.frame_rows().len() == 2);
    select(&mut window, 4);
    window.write("Note", "three");
    window.until("one is left", |window| window.frame_rows().len() == 1);
    assert!(window.frame_rows()[0].starts_with("Frame 2: "));
}

#[test]
fn an_opened_log_is_saved_again_in_its_place() {
    for name in ["session.pcapng", "session.jsonl"] {
        let (_folder, path) = saved(name, &[(2, "before")]);
        let mut window = with_log(&path);
        assert_eq!(state(&window), "1000");
        assert_bookmarked(&window, &[("Frame 2", "before")]);
        select(&mut window, 2);
        window.write("Note", "after");
        window.press("Bookmarks (1)");
        window.write("Note on the session", "of Monday");
        assert_eq!(state(&window), "1000 · not saved");
        window.shortcut(Key::S);
        window.until("it is saved", |window| state(window) == "1000");
        assert_eq!(window.asked(), []);
        let session = open(&path);
        assert_eq!(session.annotations.note_on(FrameNumber(2)).unwrap().text(), "after");
        assert_eq!(session.annotations.session_note().text(), "of Monday");
        // It reads on from what it was opened from.
        select(&mut window, 1);
        window.assert_says(&["Frame 1"]);
        // Without news a place is asked for, as for every session.
        window.will_choose_nothing();
        window.shortcut(Key::S);
        assert_eq!(window.asked().len(), 1);
    }
}

#[test]
fn what_others_wrote_is_not_saved_over() {
    let (folder, path) = saved("session.jsonl", &[]);
    let har = folder.path().join("page.har");
    logs::save(&open(&path), &har, Format::Har, &mut |_| ControlFlow::Continue(())).unwrap();
    let before = std::fs::read(&har).unwrap();
    let mut window = with_log(&har);
    select(&mut window, 1);
    window.key(Key::B);
    window.will_choose(&folder.path().join("mine.pcapng"));
    window.shortcut(Key::S);
    window.until("it is saved", |window| !state(window).contains("not saved"));
    assert_eq!(std::fs::read(&har).unwrap(), before);
    assert_eq!(open(&folder.path().join("mine.pcapng")).annotations.bookmarks().len(), 1);
    // From now on that is its place.
    window.key(Key::B);
    window.shortcut(Key::S);
    window.until("it is saved again", |window| !state(window).contains("not saved"));
    assert_eq!(open(&folder.path().join("mine.pcapng")).annotations.bookmarks().len(), 0);
}

#[test]
fn a_session_with_unsaved_bookmarks_is_not_taken_off_the_list_unasked() {
    let (_folder, path) = saved("session.pcapng", &[]);
    let mut window = with_log(&path);
    select(&mut window, 2);
    window.key(Key::B);
    window.press("Remove session.pcapng");
    window.assert_says(&["Save the bookmarks of session.pcapng?"]);
    window.press("Cancel");
    assert_bookmarked(&window, &[("Frame 2", "")]);
    window.press("Remove session.pcapng");
    window.press("Save and close");
    window.until("it is gone", |window| window.labels(Role::ListItem, "Session ").is_empty());
    assert_eq!(open(&path).annotations.bookmarks().len(), 1);

    let mut window = with_log(&path);
    select(&mut window, 3);
    window.key(Key::B);
    window.press("Remove session.pcapng");
    window.press("Close without saving");
    window.until("it is gone", |window| window.labels(Role::ListItem, "Session ").is_empty());
    assert_eq!(open(&path).annotations.bookmarks().len(), 1);
}

/// The window's frame is asked to close it; says whether the program lets it.
fn closes(window: &mut Window) -> bool {
    let viewport = window.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default();
    viewport.events.push(ViewportEvent::Close);
    window.harness.step();
    let told = &window.harness.output().viewport_output[&ViewportId::ROOT].commands;
    let is_kept = told.contains(&ViewportCommand::CancelClose);
    window.harness.input_mut().viewports.entry(ViewportId::ROOT).or_default().events.clear();
    window.rest();
    !is_kept
}

#[test]
fn the_window_does_not_close_over_unsaved_bookmarks() {
    let (_first_folder, first) = saved("first.pcapng", &[]);
    let (_second_folder, second) = saved("second.jsonl", &[]);
    let mut window = with_log(&first);
    select(&mut window, 2);
    window.key(Key::B);
    window.drop_file(&second);
    window.until_says("Opened second.jsonl.");
    window.press("Hide");
    select(&mut window, 3);
    window.key(Key::B);

    assert!(!closes(&mut window));
    window.assert_says(&["Save the bookmarks of first.pcapng?"]);
    window.press("Close without saving");
    window.assert_says(&["Save the bookmarks of second.jsonl?"]);
    window.key(Key::Escape);
    assert!(!window.says("Save the bookmarks"));
    // What was decided on before is asked again.
    assert!(!closes(&mut window));
    window.press("Close without saving");
    window.press("Save and close");
    window.until("it is saved", |window| !window.says("Save the bookmarks"));
    assert!(closes(&mut window));
    assert_eq!(open(&first).annotations.bookmarks().len(), 0);
    assert_eq!(open(&second).annotations.bookmarks().len(), 1);
}

#[test]
fn a_live_session_keeps_its_bookmarks_in_its_journal() {
    let place = tempfile::tempdir().unwrap();
    let folder = JournalFolder::new(place.path().to_path_buf());
    let mut window = Window::keeping(USUAL_SIZE, Settings::default(), &[], Some(folder.clone()));
    window.run_scenario("/echo");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.send_text("hello");
    window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
    select(&mut window, 2);
    window.key(Key::B);
    window.until("it is bookmarked", |window| bookmarked(window).len() == 1);
    window.write("Note", "while it is live");
    window.until("the note is there", |window| bookmarked(window)[0].1 == "while it is live");
    window.press("Disconnect");
    window.until_ended(1000);
    select(&mut window, 1);
    window.key(Key::B);
    window.until("it is bookmarked", |window| bookmarked(window).len() == 2);
    // Nothing would be lost, so nothing is asked.
    assert_eq!(state(&window), "1000");
    assert!(closes(&mut window));
    window.press("Remove Lab /echo");
    assert!(window.labels(Role::ListItem, "Session ").is_empty());
    drop(window);
    folder.wait(Duration::from_secs(60));
    let session = open(&folder.list().unwrap()[0].path);
    let notes: Vec<_> =
        session.annotations.bookmarks().iter().map(|bookmark| (bookmark.frame.0, bookmark.note.text())).collect();
    assert_eq!(notes, [(1, ""), (2, "while it is live")]);
}

#[test]
fn without_a_journal_a_live_session_asks_for_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept.pcapng");
    let mut window = Window::ended("/close/1000", 1000);
    select(&mut window, 1);
    window.key(Key::B);
    window.press("Remove Lab /close/1000");
    window.assert_says(&["What you said of this session is in no file yet."]);
    window.will_choose(&path);
    window.press("Save… and close");
    window.until("it is gone", |window| window.labels(Role::ListItem, "Session ").is_empty());
    assert_eq!(open(&path).annotations.bookmarks().len(), 1);
}
