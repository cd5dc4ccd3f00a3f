//! The first start: one button that leads to 1000 beside 1005.

use egui::accesskit::Role;

use crate::driver::Window;

#[test]
fn the_first_start_offers_one_button_and_the_lab() {
    let window = Window::open();
    assert!(window.has(Role::Button, "Run 1000 next to 1005"));
    assert!(window.has(Role::Button, "Run /echo"));
    assert!(window.has(Role::Button, "Run /close/empty"));
    window.assert_says(&["None yet. Connect above, open a log, or run a scenario below."]);
    assert!(!window.has(Role::Button, "Disconnect"));
}

#[test]
fn one_click_shows_1000_next_to_1005() {
    let mut window = Window::open();
    window.press("Run 1000 next to 1005");
    window.until_ended(1000);
    window.until_ended(1005);

    let sessions = window.labels(Role::ListItem, "Session ");
    assert_eq!(sessions, ["Session Lab /close/1000, 1000", "Session Lab /close/empty, 1005"]);
    window.assert_says(&[
        "The server closed with 1000, and you answered with the same code",
        "The server started the close and gave no code: that is why you see 1005",
    ]);

    let close_frames = window.labels(Role::Image, "Close frame bytes ");
    let starts = |start: &str| close_frames.iter().any(|label| label.starts_with(start));
    assert!(close_frames.contains(&"Close frame bytes 88 02 03 e8".to_owned()), "{close_frames:?}");
    assert!(close_frames.contains(&"Close frame bytes 88 00".to_owned()), "{close_frames:?}");
    // What the client sent is masked: the first answer repeats the code, the second has length 0 and a key.
    assert!(starts("Close frame bytes 88 82 "), "{close_frames:?}");
    assert!(starts("Close frame bytes 88 80 "), "{close_frames:?}");
    window.assert_says(&["length 0: there is no room for a code", "This is not what your own close event reports."]);
    assert_eq!(window.labels(Role::Image, "Timeline").len(), 2);
}

#[test]
fn the_comparison_has_its_six_headings_and_marks_both_codes() {
    let mut window = Window::open();
    window.press("Run 1000 next to 1005");
    window.until_ended(1000);
    window.until_ended(1005);

    let headings =
        ["Description", "When you see it", "How to fix", "Key differences", "Which to use when", "Learn more"];
    let texts = window.texts();
    let places: Vec<_> = headings.iter().map(|heading| texts.iter().position(|text| text == heading)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?} of {headings:?}");
    assert!(places.is_sorted(), "{places:?}");
    assert!(window.says("1000 Normal") || window.says("1000 normal"), "{texts:?}");
    assert_eq!(window.count("observed here"), 2);
    assert!(texts.iter().any(|text| text.starts_with("1005 ")));
}

#[test]
fn from_the_comparison_to_a_session_and_back() {
    let mut window = Window::open();
    window.press("Run 1000 next to 1005");
    window.until_ended(1000);
    window.until_ended(1005);

    window.click(Role::ListItem, "Session Lab /close/empty, 1005");
    assert_eq!(window.labels(Role::Image, "Timeline").len(), 1);
    assert_eq!(window.count("observed here"), 1);
    assert_eq!(window.frame_rows().len(), 4);

    window.press("Compare");
    assert_eq!(window.labels(Role::Image, "Timeline").len(), 2);

    window.click(Role::Label, "closelook");
    assert!(window.has(Role::Button, "Run 1000 next to 1005"));
}

#[test]
fn a_session_is_taken_off_the_list() {
    let mut window = Window::ended("/close/1000", 1000);
    window.press("Remove Lab /close/1000");
    assert_eq!(window.labels(Role::ListItem, "Session "), Vec::<String>::new());
    assert!(window.has(Role::Button, "Run 1000 next to 1005"));
}
