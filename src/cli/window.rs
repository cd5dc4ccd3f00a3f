//! `closelook` without a subcommand: the window, or what a terminal can show in its place.

use crate::app;
use crate::logs::Format;

use super::arguments::OutputFormat;
use super::demo;
use super::failure::Failure;
use super::output::complain;

/// Opens the window with these addresses and files; without a display the demo runs in the terminal.
pub(super) fn run(targets: Vec<String>) -> Result<(), Failure> {
    if !has_display() {
        return instead(
            "There is no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set).",
            &targets,
        );
    }
    match app::run(targets.clone()) {
        Ok(()) => Ok(()),
        Err(error) => {
            // Its last part is the cause; those before it name places in the source of the window's library.
            let words = error.to_string();
            let cause = words.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
            instead(&format!("The window could not be opened: {cause}."), &targets)
        }
    }
}

/// Says why there is no window, and does in the terminal what can be done there.
fn instead(reason: &str, targets: &[String]) -> Result<(), Failure> {
    let Some(first) = targets.first() else {
        complain(&format!(
            "{reason} The demo runs here instead; the subcommands record, inspect, replay, explain, lab, demo and convert need no display."
        ));
        return demo::run(OutputFormat::Text);
    };
    let is_log = !first.contains("://") && Format::of_path(first.as_ref()).is_ok();
    let (subcommand, target) = if is_log { ("inspect", first.clone()) } else { ("record", masked(first)) };
    Err(Failure::NoWindow(format!("{reason} In the terminal this is `closelook {subcommand} {target}`.")))
}

fn masked(target: &str) -> String {
    crate::capture::target::masked(target)
}

/// Whether a window can be expected to open; systems other than those of X11 and Wayland always have a display.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_vendor = "apple"))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
