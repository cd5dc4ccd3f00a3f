//! Journals in the window: sessions that a killed program left are offered, listed, opened and deleted.

use std::fs;
use std::path::Path;
use std::time::Duration;

use closelook::app::settings::Settings;
use closelook::logs::journal::{JournalFolder, JournalStage};
use egui::accesskit::Role;
use tempfile::TempDir;

use crate::driver::{USUAL_SIZE, Window};

fn window(folder: &Path) -> Window {
    Window::keeping(USUAL_SIZE, Settings::default(), &[], Some(JournalFolder::new(folder.to_path_buf())))
}

/// A folder with the journal of a session whose program was killed.
fn left_behind() -> TempDir {
    let place = TempDir::new().unwrap();
    let mut window = window(place.path());
    window.run_scenario("/close/1000");
    window.until_ended(1000);
    drop(window);
    let folder = JournalFolder::new(place.path().to_path_buf());
    folder.wait(Duration::from_secs(60));
    let journal = folder.list().unwrap().remove(0);
    assert_eq!(journal.stage, JournalStage::Finished);
    fs::rename(&journal.path, journal.path.with_extension("recording.pcapng")).unwrap();
    place
}

#[test]
fn what_was_being_recorded_is_offered_at_the_next_start_and_opened() {
    let place = left_behind();
    let mut window = window(place.path());
    window.until("it is offered", |window| window.has(Role::Button, "Open what was being recorded"));
    window.press("Open what was being recorded");
    window.until_ended(1000);
    assert!(!window.has(Role::Button, "Open what was being recorded"));
    drop(window);
    let mut window = self::window(place.path());
    window.press("Journals");
    window.until("they are listed", |window| window.says("in 1 session"));
    assert!(!window.has(Role::Button, "Open what was being recorded"), "it is offered once");
}

#[test]
fn an_offer_can_be_declined_and_the_journal_deleted() {
    let place = left_behind();
    let mut window = window(place.path());
    window.until("it is offered", |window| window.has(Role::Button, "Not now"));
    window.press("Not now");
    assert!(!window.has(Role::Button, "Not now"));
    window.press("Journals");
    window.until("they are listed", |window| window.says("in 1 session"));
    window.assert_says(&["Keep up to", "just now"]);
    let delete = window.labels(Role::Button, "Delete the journal of").remove(0);
    window.press(&delete);
    window.until("it is gone", |window| window.says("There are none."));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn a_session_that_cannot_be_kept_says_so_and_goes_on() {
    let place = TempDir::new().unwrap();
    let file = place.path().join("a file");
    fs::write(&file, "").unwrap();
    let mut window = window(&file);
    window.run_scenario("/close/1000");
    window.until_ended(1000);
    window.assert_says(&["The journal cannot be written"]);
}
