//! A window that is not painted, as when it is minimised, must not stall a fast sender.

use std::sync::mpsc::channel;

use closelook::capture::lab::{Lab, Scenario};
use egui::accesskit::Role;

use crate::driver::Window;

#[test]
fn nothing() {
    let _ = (channel::<()>(), Lab::LOOPBACK, Role::Button, Scenario::ALL, Window::open());
}
