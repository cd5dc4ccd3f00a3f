//! The bar at the top: where to connect and how, and the window's own commands.

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Key, PopupCloseBehavior, RichText, Ui};

use crate::ui::action::{Action, ConnectionForm, OfferedForm, SaveChoice, SavedPart, ThemeChoice};
use crate::ui::format;
use crate::ui::theme::{Palette, primary_button, section_label};
use crate::ui::widgets::name;

use super::connection_options::ConnectionOptions;

/// How the shown session stands, as far as the bar is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// No live session is shown.
    None,
    /// Dialling, or waiting for the response.
    Connecting,
    /// Frames can cross.
    Connected,
    /// A Close was sent, and the end is awaited.
    Closing,
}

/// What can be saved of the session that is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Savable<'forms> {
    /// In which forms.
    pub forms: &'forms [OfferedForm],
    /// How many frames the selected stretch has, when there is one.
    pub selected: Option<usize>,
    /// How many frames the filter left, when there is one and everything was searched.
    pub filtered: Option<usize>,
}

/// The bar's state.
#[derive(Debug, Clone, Default)]
pub struct AddressBar {
    /// What was typed.
    pub form: ConnectionForm,
    /// Why the last attempt was refused before it began.
    pub refusal: Option<String>,
    options_open: bool,
    options: ConnectionOptions,
    masks_secrets: bool,
    part: SavedPart,
}

impl AddressBar {
    /// Draws the bar; `savable` is what can be saved of what is shown.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        connection: Connection,
        history: &[String],
        savable: Option<Savable<'_>>,
        theme: ThemeChoice,
        actions: &mut Vec<Action>,
    ) {
        let palette = Palette::of(ui);
        ui.horizontal(|ui| {
            let product =
                ui.label(RichText::new("closelook").strong().color(palette.accent)).on_hover_text("The welcome page");
            if product.interact(egui::Sense::click()).clicked() {
                actions.push(Action::Welcome);
            }
            let taken = if connection == Connection::Connected { 622.0 } else { 542.0 };
            let width = (ui.available_width() - taken).max(120.0);
            let field = ui.add(
                egui::TextEdit::singleline(&mut self.form.url)
                    .desired_width(width)
                    .hint_text("ws:// or wss:// address")
                    .font(egui::TextStyle::Monospace),
            );
            name(ui, &field, "Address");
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            self.history_menu(ui, history, actions);
            match connection {
                Connection::None => {
                    let connect = ui.add_enabled(!self.form.url.trim().is_empty(), primary_button(ui, "Connect"));
                    if connect.clicked() || (entered && !self.form.url.trim().is_empty()) {
                        actions.push(Action::Connect(Box::new(self.form.clone())));
                    }
                }
                Connection::Connecting => {
                    if ui.button("Cancel").clicked() {
                        actions.push(Action::Disconnect);
                    }
                }
                Connection::Closing => {
                    if ui
                        .button("Stop waiting")
                        .on_hover_text("The Close was sent: reset the TCP connection now")
                        .clicked()
                    {
                        actions.push(Action::Disconnect);
                    }
                }
                Connection::Connected => {
                    if ui.button("Disconnect").on_hover_text("Send Close 1000 and wait for the answer").clicked() {
                        actions.push(Action::Disconnect);
                    }
                    let again = ui.add_enabled(!self.form.url.trim().is_empty(), egui::Button::new("Connect"));
                    let again = again.on_hover_text("Open another session; this one stays open");
                    if again.clicked() || (entered && !self.form.url.trim().is_empty()) {
                        actions.push(Action::Connect(Box::new(self.form.clone())));
                    }
                }
            }
            let options = if self.options_open { "Options ▴" } else { "Options ▾" };
            let toggle = ui.selectable_label(self.options_open, options);
            name(ui, &toggle, "Options");
            if toggle.clicked() {
                self.options_open = !self.options_open;
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                theme_menu(ui, theme, actions);
                ui.add_enabled_ui(savable.is_some(), |ui| self.save_menu(ui, savable.unwrap_or_default(), actions));
                if ui
                    .add_enabled(savable.is_some(), egui::Button::new("Save…"))
                    .on_hover_text("Save this session (Ctrl+S)")
                    .clicked()
                {
                    actions.push(Action::Save(SaveChoice::default()));
                }
                if ui.button("Open…").on_hover_text("Open a saved log (Ctrl+O)").clicked() {
                    actions.push(Action::Open);
                }
            });
        });
        if self.form.accept_any_certificate {
            ui.label(
                RichText::new("Certificates are not verified: anybody could be at the other end.")
                    .color(palette.error)
                    .strong(),
            );
        }
        if self.form.is_manual {
            ui.label(
                RichText::new("Manual: the next session answers nothing by itself, neither a Ping nor a Close.")
                    .color(palette.warning)
                    .strong(),
            );
        }
        if let Some(refusal) = &self.refusal {
            ui.label(RichText::new(refusal).color(palette.error));
        }
        if self.options_open {
            ui.separator();
            self.options.show(ui, &mut self.form, actions);
        }
    }

    /// Whether the secrets of the handshake are overwritten in what is saved.
    pub fn masks_secrets(&self) -> bool {
        self.masks_secrets
    }

    fn save_menu(&mut self, ui: &mut Ui, savable: Savable<'_>, actions: &mut Vec<Action>) {
        // The box can be ticked before a form is chosen.
        let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let (response, _) = MenuButton::new("▾").config(stays).ui(ui, |ui| {
            section_label(ui, "SAVE AS");
            let is_there = match self.part {
                SavedPart::Everything => true,
                SavedPart::Stretch => savable.selected.is_some(),
                SavedPart::Filtered => savable.filtered.is_some(),
            };
            if !is_there {
                self.part = SavedPart::Everything;
            }
            if form_buttons(ui, savable.forms, self.part, actions) {
                self.part = SavedPart::Everything;
            }
            ui.separator();
            section_label(ui, "WHICH FRAMES");
            ui.radio_value(&mut self.part, SavedPart::Everything, "All of them");
            for (part, words, frames, hint) in [
                (SavedPart::Stretch, "Selection", savable.selected, "Select a stretch on the timeline or in the table"),
                (SavedPart::Filtered, "Filter's result", savable.filtered, "Write a filter, and let its search end"),
            ] {
                let count = frames.map(|frames| format!(" ({})", format::frames(frames))).unwrap_or_default();
                let radio = egui::RadioButton::new(self.part == part, format!("{words}{count}"));
                if ui.add_enabled(frames.is_some(), radio).on_disabled_hover_text(hint).clicked() {
                    self.part = part;
                }
            }
            ui.separator();
            ui.checkbox(&mut self.masks_secrets, "Mask secrets of the handshake").on_hover_text(
                "Credentials, cookies and tokens are overwritten with marks of the same length; messages stay as they are",
            );
        });
        name(ui, &response, "Save as");
    }

    fn history_menu(&mut self, ui: &mut Ui, history: &[String], actions: &mut Vec<Action>) {
        let menu = ui.menu_button("▾", |ui| {
            if history.is_empty() {
                ui.label("No addresses yet");
            }
            for url in history {
                if ui.button(url).clicked() {
                    self.form.url.clone_from(url);
                    ui.close();
                }
            }
            if !history.is_empty() {
                ui.separator();
                if ui.button("Forget these").clicked() {
                    actions.push(Action::ForgetHistory);
                    ui.close();
                }
            }
        });
        name(ui, &menu.response, "Earlier addresses");
    }
}

/// A button for each form of saving this part of a session; says whether one was pressed.
pub fn form_buttons(ui: &mut Ui, forms: &[OfferedForm], part: SavedPart, actions: &mut Vec<Action>) -> bool {
    let pressed = forms.iter().filter(|form| ui.button(form.title).clicked()).last();
    if let Some(form) = pressed {
        actions.push(Action::Save(SaveChoice { ending: Some(form.ending), part }));
        ui.close();
    }
    pressed.is_some()
}

fn theme_menu(ui: &mut Ui, theme: ThemeChoice, actions: &mut Vec<Action>) {
    let menu = ui.menu_button("Theme ▾", |ui| {
        for (choice, label) in
            [(ThemeChoice::System, "As the system"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")]
        {
            if ui.selectable_label(theme == choice, label).clicked() {
                actions.push(Action::UseTheme(choice));
                ui.close();
            }
        }
    });
    name(ui, &menu.response, "Theme");
}
