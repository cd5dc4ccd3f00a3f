//! The selected stretch of a session in figures, and what can be done with it.

use egui::containers::menu::MenuButton;
use egui::text::{LayoutJob, TextFormat};
use egui::{Button, FontId, RichText, Ui};

use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::search::Matches;
use crate::session::stretch::Figures;
use crate::session::{Session, Stretch};
use crate::ui::action::{Action, OfferedForm, SavedPart};
use crate::ui::panels::address_bar::form_buttons;
use crate::ui::theme::{Palette, section_label};
use crate::ui::widgets::name;
use crate::ui::{format, time_axis};

const TEXT: f32 = 12.0;

/// What a person wants to do with the stretch in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Show it as wide as the timeline is.
    Zoom,
    /// Have the rows of it only.
    Filter,
}

/// Draws the strip while there is a stretch; `selected` is changed by going to its longest gap.
pub fn show(
    ui: &mut Ui,
    session: &Session,
    matches: Option<&Matches>,
    forms: &[OfferedForm],
    stretch: &mut Option<Stretch>,
    selected: &mut Option<FrameNumber>,
    actions: &mut Vec<Action>,
) -> Option<Wish> {
    let figures = session.figures((*stretch)?);
    let palette = Palette::of(ui);
    let mut wish = None;
    egui::Frame::new().fill(palette.surface).corner_radius(4.0).inner_margin(egui::Margin::symmetric(8, 5)).show(
        ui,
        |ui| {
            ui.horizontal(|ui| {
                section_label(ui, "SELECTION");
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let clear = ui.small_button("×").on_hover_text("Select nothing (Esc)");
                    name(ui, &clear, "Clear the selection");
                    if clear.clicked() {
                        *stretch = None;
                    }
                    save_menu(ui, forms, actions);
                    for (label, hint, wanted) in [
                        ("Filter to it", "Show only the rows of the selection", Wish::Filter),
                        ("Zoom to it", "Show the selection as wide as the timeline is (S)", Wish::Zoom),
                    ] {
                        if ui.small_button(label).on_hover_text(hint).clicked() {
                            wish = Some(wanted);
                        }
                    }
                });
            });
            ui.spacing_mut().interact_size.y = 16.0;
            ui.spacing_mut().item_spacing = egui::Vec2::new(14.0, 3.0);
            ui.horizontal_wrapped(|ui| {
                // A figure is not broken between two lines.
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
                figure_labels(ui, &figures, matches, selected);
            });
        },
    );
    wish
}

fn save_menu(ui: &mut Ui, forms: &[OfferedForm], actions: &mut Vec<Action>) {
    let (response, _) = MenuButton::from_button(Button::new("Save ▾").small()).ui(ui, |ui| {
        form_buttons(ui, forms, SavedPart::Stretch, actions);
    });
    name(ui, &response, "Save selection as");
}

fn figure_labels(ui: &mut Ui, figures: &Figures, matches: Option<&Matches>, selected: &mut Option<FrameNumber>) {
    let palette = Palette::of(ui);
    let duration = figures.duration();
    let at = |moment: crate::protocol::moment::Moment| time_axis::moment(moment.0 as i64, duration.as_nanos() as i64);
    let times = format!("from {} to {}", at(figures.start), at(figures.end));
    figure(ui, &format::duration(duration), &times);
    let totals = &figures.totals;
    figure(ui, &format::count(totals.frames()), if totals.frames() == 1 { "frame" } else { "frames" });
    if let Some(matches) = matches {
        figure(ui, &format::count(matches.count_in(figures.frames.clone()) as u64), "in the filter");
    }
    figure(ui, &format::count(totals.messages()), if totals.messages() == 1 { "message" } else { "messages" });
    for direction in Direction::BOTH {
        let total = &totals[direction];
        let frames = format::frames(total.frames as usize);
        figure(ui, &format::bytes(total.payload), &format!("from the {} in {frames}", direction.sender()));
    }
    if let Some((frames, bytes)) = figures.frames_per_second().zip(figures.bytes_per_second()) {
        figure(ui, &format::rate(frames), "frames/s");
        figure(ui, &format::bytes_a_second(bytes), "of payload");
    }
    if let Some(mean) = figures.mean_payload() {
        figure(ui, &format::bytes(mean), "a frame on average");
    }
    if let Some(gap) = figures.longest_gap {
        let number = FrameNumber::from_index(gap.ended_by);
        let length = format::duration(std::time::Duration::from_nanos(gap.nanoseconds));
        let text = format!("Longest gap {length} before {number}");
        let link = ui.link(RichText::new(text).size(TEXT)).on_hover_text("Go to the frame that ended it");
        if link.clicked() {
            *selected = Some(number);
        }
    }
    if let Some(severity) = totals.worst_finding() {
        let frames = format::frames(totals.marked() as usize);
        let text = format!("{frames} with findings, the worst: {}", severity.name());
        ui.label(RichText::new(text).size(TEXT).color(palette.severity(severity)));
    }
}

/// A number and what it counts.
fn figure(ui: &mut Ui, value: &str, of: &str) {
    let palette = Palette::of(ui);
    let font = FontId::proportional(TEXT);
    let mut job = LayoutJob::default();
    job.append(value, 0.0, TextFormat::simple(font.clone(), palette.text));
    job.append(&format!(" {of}"), 0.0, TextFormat::simple(font, palette.weak));
    ui.label(job);
}
