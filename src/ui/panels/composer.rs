//! The composer: what to send, from a text message to a reset of the connection.

use egui::{Key, RichText, ScrollArea, Ui};

use crate::ui::action::{Action, Draft};
use crate::ui::raw_form::ComposerContext;
use crate::ui::theme::{self, Palette, primary_button};
use crate::ui::widgets::name;

use super::raw_composer::RawComposer;

/// From this width on, in points, the kinds and the buttons beside them fit into one row.
const ONE_ROW: f32 = 740.0;

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Text,
    Hexadecimal,
    Ping,
    Pong,
    Close,
    Raw,
}

impl Kind {
    const ALL: [(Kind, &'static str); 6] = [
        (Kind::Text, "Text"),
        (Kind::Hexadecimal, "Hex"),
        (Kind::Ping, "Ping"),
        (Kind::Pong, "Pong"),
        (Kind::Close, "Close"),
        (Kind::Raw, "Raw"),
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
    /// Frames and bytes, legal or not.
    pub raw: RawComposer,
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
            raw: RawComposer::default(),
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
            Draft::Raw { .. } => self.raw.sent(),
            Draft::Close { .. } | Draft::EmptyClose | Draft::Abort | Draft::EndOutput | Draft::Answer { .. } => {}
        }
    }

    /// Whether the raw composer is shown, which wants to know where the session stands.
    pub fn is_raw(&self) -> bool {
        self.kind == Kind::Raw
    }

    /// Draws the composer of a connected session.
    pub fn show(&mut self, ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        ui.add_space(2.0);
        let is_wide = ui.available_width() >= ONE_ROW;
        ui.horizontal(|ui| {
            theme::section_label(ui, "SEND");
            if context.is_manual {
                let mark = RichText::new("MANUAL").size(theme::SMALL).color(palette.warning).strong();
                ui.label(mark).on_hover_text("Nothing is answered by itself: what you do not send is not sent");
            }
            for (kind, label) in Kind::ALL {
                let button = ui.selectable_label(self.kind == kind, label);
                if kind == Kind::Text {
                    // The payload's view is called “Text” too.
                    name(ui, &button, "Compose text");
                }
                if button.clicked() {
                    self.kind = kind;
                    self.refusal = None;
                }
            }
            if is_wide {
                self.other_ways(ui, context, actions);
            }
        });
        if !is_wide {
            ui.horizontal(|ui| self.other_ways(ui, context, actions));
        }
        let draft = match self.kind {
            Kind::Text => line(ui, "Text message", "A message; Enter sends it", &mut self.text).map(Draft::Text),
            Kind::Hexadecimal => {
                line(ui, "Bytes in hexadecimal", "48 65 6c 6c 6f", &mut self.hexadecimal).map(Draft::Hexadecimal)
            }
            Kind::Ping => line(ui, "Ping payload", "Up to 125 bytes, or nothing", &mut self.control).map(Draft::Ping),
            Kind::Pong => line(ui, "Pong payload", "Up to 125 bytes, or nothing", &mut self.control).map(Draft::Pong),
            Kind::Close => self.close_line(ui),
            Kind::Raw => {
                // The table and the timeline need the rest of the window.
                let height = (ui.ctx().content_rect().height() * 0.36).min(300.0);
                let area = ScrollArea::vertical().id_salt("raw").max_height(height).min_scrolled_height(height);
                area.auto_shrink([false, true]).show(ui, |ui| self.raw.show(ui, context, actions));
                None
            }
        };
        actions.extend(draft.map(Action::Send));
        if let Some(refusal) = &self.refusal {
            ui.label(RichText::new(refusal).color(palette.error));
        }
        ui.add_space(2.0);
    }

    /// What is sent without being written here.
    fn other_ways(&self, ui: &mut Ui, context: &ComposerContext<'_>, actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let abort = egui::Button::new(RichText::new("Abort").color(palette.error));
            if ui.add(abort).on_hover_text("Reset the TCP connection: no Close frame is sent").clicked() {
                actions.push(Action::Send(Draft::Abort));
            }
            let hint = "Send a Close frame of length 0: the server will report 1005";
            if ui.button("Empty Close").on_hover_text(hint).clicked() {
                actions.push(Action::Send(Draft::EmptyClose));
            }
            let hint = "End your half of the connection (FIN): the server may go on, and you send nothing more";
            let offers_fin = context.is_manual || self.is_raw();
            if offers_fin && ui.button("Send FIN").on_hover_text(hint).clicked() {
                actions.push(Action::Send(Draft::EndOutput));
            }
            if ui.button("Send file…").on_hover_text("Send a file as one binary message").clicked() {
                actions.push(Action::SendFile);
            }
        });
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

/// Whether Enter was pressed in a field.
pub(super) fn entered(ui: &Ui, field: &egui::Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}
