//! What survives a restart: the theme and the addresses, without their secrets.

use std::collections::HashMap;

use closelook::app::settings::{KEY, Settings};
use closelook::capture::lab::{Lab, Scenario};
use eframe::{App as _, Storage};
use egui::accesskit::Role;

use crate::driver::{USUAL_SIZE, Window};

/// A storage in memory.
#[derive(Default)]
pub(crate) struct Kept(HashMap<String, String>);

impl Storage for Kept {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.into(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

pub(crate) fn kept(window: &mut Window) -> Kept {
    let mut storage = Kept::default();
    window.harness.state_mut().save(&mut storage);
    storage
}

/// The next start of the program.
pub(crate) fn restarted(window: &mut Window) -> Window {
    let settings: Settings = eframe::get_value(&kept(window), KEY).unwrap();
    Window::with(USUAL_SIZE, settings, &[])
}

fn choose_theme(window: &mut Window, theme: &str) {
    window.press("Theme");
    window.press(theme);
}

fn is_dark(window: &Window) -> bool {
    window.harness.ctx.theme() == egui::Theme::Dark
}

#[test]
fn the_theme_is_chosen_and_kept() {
    let mut window = Window::ended("/close/1000", 1000);
    choose_theme(&mut window, "Light");
    assert!(!is_dark(&window));
    assert!(!is_dark(&restarted(&mut window)));
    choose_theme(&mut window, "Dark");
    assert!(is_dark(&window));
    assert!(is_dark(&restarted(&mut window)));
    choose_theme(&mut window, "As the system");
    assert_eq!(window.harness.ctx.options(|options| options.theme_preference), egui::ThemePreference::System);
}

#[test]
fn addresses_are_offered_again() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let first = lab.url(&Scenario::Echo);
    let second = lab.url(&Scenario::CloseEmpty);
    let mut window = Window::open();
    window.connect(&first);
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    window.connect(&second);
    window.until_ended(1005);

    let mut window = restarted(&mut window);
    assert_eq!(window.typed("Address"), second);
    window.press("Earlier addresses");
    window.press(&first);
    assert_eq!(window.typed("Address"), first);
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));

    window.press("Earlier addresses");
    window.press("Forget these");
    window.press("Earlier addresses");
    window.assert_says(&["No addresses yet"]);
}

#[test]
fn secrets_in_an_address_are_not_kept() {
    let lab = Lab::start(Lab::LOOPBACK).unwrap();
    let mut window = Window::open();
    window.write("Address", &format!("ws://ann:hunter2@{}/echo?token=s3cr3t&room=7", lab.address()));
    window.press("Connect");
    window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
    let stored = kept(&mut window).get_string(KEY).unwrap();
    assert!(stored.contains("room=7"), "{stored}");
    assert!(!stored.contains("hunter2") && !stored.contains("s3cr3t"), "{stored}");
    assert!(!window.says("hunter2") && !window.says("s3cr3t"), "{:?}", window.texts());
}

#[test]
fn settings_of_another_version_are_read_as_far_as_they_are_known() {
    let mut storage = Kept::default();
    storage.set_string(KEY, r#"(theme: Light, later_invention: 7)"#.into());
    let settings: Settings = eframe::get_value(&storage, KEY).unwrap();
    assert!(settings.history.is_empty());
    assert!(!is_dark(&Window::with(USUAL_SIZE, settings, &[])));
}
