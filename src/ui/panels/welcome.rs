//! The first page: one button that shows what the program is for.

use egui::{RichText, Ui};

use crate::ui::action::Action;
use crate::ui::theme::{self, Palette, primary_button};

/// Draws the welcome page in the rest of `ui`.
pub fn show(ui: &mut Ui, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.2);
        ui.label(RichText::new("See what really crossed the wire").size(26.0).strong());
        ui.add_space(theme::GAP);
        let paragraph = egui::Label::new(
            RichText::new(
                "Connect to a WebSocket server and watch every frame as it crosses: control frames, fragments and raw bytes. \
                 When the session ends, the explanation says from these bytes why it was 1000, 1005 or something else.",
            )
            .size(14.5)
            .color(palette.weak),
        );
        let width = ui.available_width().min(580.0);
        ui.allocate_ui(egui::Vec2::new(width, 0.0), |ui| ui.add(paragraph.wrap().halign(egui::Align::Center)));
        ui.add_space(theme::GROUP_GAP * 1.5);
        let button = primary_button(ui, "Run 1000 next to 1005").min_size([260.0, 40.0].into());
        if ui.add(button).clicked() {
            actions.push(Action::RunComparison);
        }
        ui.add_space(theme::GAP);
        ui.label(
            RichText::new("Two sessions with the built-in lab on this computer. Nothing leaves it.").small().color(palette.weak),
        );
        ui.add_space(theme::GROUP_GAP * 1.5);
        ui.label(RichText::new("Or type an address above, pick a scenario at the left, or drop a saved log here.").color(palette.weak));
    });
}
