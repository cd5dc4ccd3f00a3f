//! The composer: what to send, from a text message to a reset of the connection.

use egui::{Key, RichText, Ui};

use crate::ui::action::{Action, Draft};
use crate::ui::theme::{self, Palette, primary_button};
use crate::ui::widgets::name;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Text,
    Hexadecimal,
    Ping,
    Pong,
    Close,
}

impl Kind {
    const ALL: [(Kind, &'static str); 5] = [
        (Kind::Text, "Text"),
        (Kind::Hexadecimal, "Hex"),
        (Kind::Ping, "Ping"),
        (Kind::Pong, "Pong"),
        (Kind::Close, "Close"),
    ];
}

/// The composer's state; what was typed stays until it was sent.
#[derive(Debug, Clone)]
pub struct Composer {
    kind: Kind,
    text: String,
    hexadecimal: String,
    control: String,
    code: String,
    reason: String,
    /// Why the last draft was refused.
    pub refusal: Option<String>,
}

impl Default for Composer {
    fn default() -> Self {
        Composer {
            kind: Kind::default(),
            text: String::new(),
            hexadecimal: String::new(),
            control: String::new(),
            code: "1000".into(),
            reason: String::new(),
            refusal: None,
        }
    }
}

impl Composer {
    /// Empties the field of a draft that was sent.
    pub fn sent(&mut self, draft: &Draft) {
        self.refusal = None;
        match draft {
            Draft::Text(_) => self.text.clear(),
            Draft::Hexadecimal(_) => self.hexadecimal.clear(),
            Draft::Ping(_) | Draft::Pong(_) => self.control.clear(),
            Draft::Close { .. } | Draft::EmptyClose | Draft::Abort => {}
        }
    }

    /// Draws the composer of a connected session.
    pub fn show(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        ui.add_space(2.0);
        ui.horizontal(|ui| {
            theme::section_label(ui, "SEND");
            for (kind, label) in Kind::ALL {
                if ui.selectable_label(self.kind == kind, label).clicked() {
                    self.kind = kind;
                    self.refusal = None;
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let abort = egui::Button::new(RichText::new("Abort").color(palette.error));
                if ui.add(abort).on_hover_text("Reset the TCP connection: no Close frame is sent").clicked() {
                    actions.push(Action::Send(Draft::Abort));
                }
                let hint = "Send a Close frame of length 0: the server will report 1005";
                if ui.button("Empty Close").on_hover_text(hint).clicked() {
                    actions.push(Action::Send(Draft::EmptyClose));
                }
                if ui.button("Send file…").on_hover_text("Send a file as one binary message").clicked() {
                    actions.push(Action::SendFile);
                }
            });
        });
        let draft = match self.kind {
            Kind::Text => line(ui, "Text message", "A message; Enter sends it", &mut self.text).map(Draft::Text),
            Kind::Hexadecimal => {
                line(ui, "Bytes in hexadecimal", "48 65 6c 6c 6f", &mut self.hexadecimal).map(Draft::Hexadecimal)
            }
            Kind::Ping => line(ui, "Ping payload", "Up to 125 bytes, or nothing", &mut self.control).map(Draft::Ping),
            Kind::Pong => line(ui, "Pong payload", "Up to 125 bytes, or nothing", &mut self.control).map(Draft::Pong),
            Kind::Close => self.close_line(ui),
        };
        actions.extend(draft.map(Action::Send));
        if let Some(refusal) = &self.refusal {
            ui.label(RichText::new(refusal).color(palette.error));
        }
        ui.add_space(2.0);
    }

    fn close_line(&mut self, ui: &mut Ui) -> Option<Draft> {
        let mut pressed = false;
        ui.horizontal(|ui| {
            let label = ui.label("Code");
            let code = egui::TextEdit::singleline(&mut self.code).desired_width(52.0);
            let code = ui.add(code).labelled_by(label.id);
            pressed |= entered(ui, &code);
            let label = ui.label("Reason");
            let width = (ui.available_width() - 95.0).max(60.0);
            let reason = egui::TextEdit::singleline(&mut self.reason).desired_width(width);
            let reason = ui.add(reason.hint_text("Up to 123 bytes, or nothing")).labelled_by(label.id);
            pressed |= entered(ui, &reason);
            pressed |= ui.add(primary_button(ui, "Send Close")).clicked();
        });
        pressed.then(|| Draft::Close { code: self.code.trim().into(), reason: self.reason.clone() })
    }
}

/// A field with a Send button; the text when it was sent.
fn line(ui: &mut Ui, label: &str, hint: &'static str, text: &mut String) -> Option<String> {
    let mut pressed = false;
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 57.0).max(60.0);
        let field = ui.add(egui::TextEdit::singleline(text).desired_width(width).hint_text(hint));
        name(ui, &field, label);
        let enter = entered(ui, &field);
        if enter {
            field.request_focus();
        }
        pressed = enter | ui.add(primary_button(ui, "Send")).clicked();
    });
    pressed.then(|| text.clone())
}

fn entered(ui: &Ui, field: &egui::Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
