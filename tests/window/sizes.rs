//! What a person needs is inside the window at every size, and nothing is drawn that has no glyph.

use closelook::app::settings::Settings;
use egui::accesskit::Role;
use egui::{Rect, Vec2};

use crate::driver::{USUAL_SIZE, Window};

/// The smallest size that the window can have, two usual ones, and a large screen.
const SIZES: [Vec2; 4] = [Vec2::new(800.0, 520.0), Vec2::new(1024.0, 640.0), USUAL_SIZE, Vec2::new(2560.0, 1440.0)];

#[track_caller]
fn assert_inside(window: &Window, size: Vec2, role: Role, labels: &[&str]) {
    let screen = Rect::from_min_size(Default::default(), size).expand(0.5);
    for label in labels {
        let place = window.place(role, label);
        assert!(screen.contains_rect(place), "“{label}” at {place:?} is outside of {size:?}");
        assert!(place.width() >= 8.0 && place.height() >= 8.0, "“{label}” is only {place:?} at {size:?}");
    }
}

fn assert_apart(window: &Window, size: Vec2, labels: &[&str]) {
    for (index, one) in labels.iter().enumerate() {
        for other in &labels[index + 1..] {
            let [first, second] = [one, other].map(|label| window.place(Role::Button, label).shrink(0.5));
            assert!(!first.intersects(second), "“{one}” and “{other}” are over each other at {size:?}");
        }
    }
}

#[test]
fn the_bar_is_inside_the_window() {
    for size in SIZES {
        let mut window = Window::with(size, Settings::default(), &[]);
        let buttons = ["Earlier addresses", "Connect", "Options", "Open…", "Save…", "Save as", "Theme"];
        assert_inside(&window, size, Role::TextInput, &["Address"]);
        assert_inside(&window, size, Role::Button, &buttons);
        assert_inside(&window, size, Role::Button, &["Run 1000 next to 1005", "Run /close/1000"]);
        assert_apart(&window, size, &buttons);
        window.press("Options");
        assert_inside(&window, size, Role::TextInput, &["Subprotocols", "Origin", "Host header"]);
        assert_inside(&window, size, Role::PasswordInput, &["Cookies"]);
        window.press("Network options");
        assert_inside(&window, size, Role::ComboBox, &["Route", "Redirections"]);
        assert_inside(&window, size, Role::TextInput, &["Connect to"]);
        window.press("TLS options");
        let fields = ["Extra CA file", "Client certificate", "Client key", "Server name"];
        assert_inside(&window, size, Role::TextInput, &fields);
        assert_inside(&window, size, Role::CheckBox, &["Accept any certificate"]);
    }
}

#[test]
fn an_open_session_can_be_worked_with() {
    for size in SIZES {
        let mut window = Window::with(size, Settings::default(), &[]);
        window.run_scenario("/echo");
        window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
        window.send_text("hello");
        window.until("the echo is in the table", |window| window.frame_rows().len() == 2);
        let buttons = [
            "Compose text",
            "Hex",
            "Ping",
            "Pong",
            "Close",
            "Raw",
            "Send",
            "Send file…",
            "Empty Close",
            "Abort",
            "Disconnect",
            "Connect",
            "Options",
            "Theme",
        ];
        assert_inside(&window, size, Role::Button, &buttons);
        assert_apart(&window, size, &buttons);
        assert_inside(&window, size, Role::TextInput, &["Text message"]);
        assert_inside(&window, size, Role::Image, &[&window.timeline()]);
        window.press("Close");
        assert_inside(&window, size, Role::TextInput, &["Code", "Reason"]);
        assert_inside(&window, size, Role::Button, &["Send Close"]);
        window.click_start(Role::ListItem, "Frame 1: ");
        let header = window.labels(Role::Image, "Frame header").pop().expect("a header diagram");
        assert_inside(&window, size, Role::Image, &[&header]);
        assert_inside(&window, size, Role::Button, &["Copy", "Save payload…"]);
    }
}

#[test]
fn an_ended_session_and_the_comparison_can_be_read() {
    for size in SIZES {
        let mut window = Window::with(size, Settings::default(), &[]);
        window.press("Run 1000 next to 1005");
        window.until_ended(1000);
        window.until_ended(1005);
        for timeline in window.labels(Role::Image, "Timeline") {
            assert!(timeline.ends_with("4 frames"), "{timeline}");
        }
        window.click(Role::ListItem, "Session Lab /close/empty, 1005");
        assert_inside(&window, size, Role::Button, &["Hide"]);
        let headline = "The server started the close and gave no code: that is why you see 1005";
        assert_inside(&window, size, Role::Label, &[headline]);
        assert!(!window.frame_rows().is_empty(), "no frame is visible at {size:?}");
    }
}

#[test]
fn both_themes_have_every_glyph_at_every_size() {
    for size in SIZES {
        for theme in ["Light", "Dark"] {
            let mut window = Window::with(size, Settings::default(), &[]);
            window.press("Theme");
            window.press(theme);
            for scenario in ["/close/1000", "/close/empty", "/drop"] {
                window.run_scenario(scenario);
                window.until("the explanation is open", |window| window.has(Role::Button, "Hide"));
                window.click_start(Role::ListItem, "Frame ");
                window.click_start(Role::Button, "Connection");
                window.click_start(Role::Button, "Findings");
            }
        }
    }
}

#[test]
fn statistics_can_be_read() {
    for size in SIZES {
        let mut window = Window::with(size, Settings::default(), &[]);
        window.run_scenario("/pings");
        window.until_ended(1000);
        window.press("Statistics");
        window.until_says("8 frames in ");
        let buttons = ["All", "Copy statistics", "Larger"];
        assert_inside(&window, size, Role::Button, &buttons);
        assert_apart(&window, size, &buttons);
        assert_inside(&window, size, Role::Label, &["FRAMES OF THE CLIENT"]);
        window.press("Larger");
        assert_inside(&window, size, Role::Button, &["All", "Copy statistics", "Smaller", "Statistics"]);
        assert_inside(&window, size, Role::Label, &["FRAMES OF THE CLIENT"]);
    }
}
