//! Two sessions beside each other: their timelines, frames and verdicts, then 1000 and 1005 under the same headings.

use std::sync::Arc;

use egui::{RichText, ScrollArea, Ui};

use crate::protocol::frame::FrameNumber;
use crate::reading::{Previewer, Reading};
use crate::session::{Session, Stretch};
use crate::ui::action::{Action, SessionId};
use crate::ui::panels::explanation::ExplanationPanel;
use crate::ui::panels::timeline::TimelinePanel;
use crate::ui::theme::{self, Palette, card};

/// How many frames of each session are listed; the session's own page has them all.
const LISTED: usize = 12;

/// One of the two sessions.
#[derive(Clone)]
pub struct Compared {
    /// Its place in the window.
    pub id: SessionId,
    /// What it is called.
    pub title: String,
    /// The session.
    pub session: Arc<Session>,
}

#[derive(Debug, Default)]
struct Column {
    previewer: Previewer,
    timeline: TimelinePanel,
    explanation: ExplanationPanel,
    selected: Option<FrameNumber>,
    stretch: Option<Stretch>,
}

/// The panel's state.
#[derive(Debug, Default)]
pub struct ComparisonPanel {
    left: Column,
    right: Column,
    codes: ExplanationPanel,
}

impl ComparisonPanel {
    /// Draws both sessions in the rest of `ui`, scrolling.
    pub fn show(&mut self, ui: &mut Ui, sessions: &[Compared; 2], actions: &mut Vec<Action>) {
        ScrollArea::vertical().id_salt("comparison").auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - theme::GAP);
            let width = (ui.available_width() - theme::GROUP_GAP) / 2.0;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = theme::GROUP_GAP;
                for (column, compared) in [&mut self.left, &mut self.right].into_iter().zip(sessions) {
                    ui.vertical(|ui| {
                        ui.set_width(width);
                        ui.push_id(compared.id.0, |ui| column.show(ui, compared, actions));
                    });
                }
            });
            ui.add_space(theme::GROUP_GAP);
            let observed = sessions.each_ref().map(|one| one.session.verdict.sides.client_to_server.reports);
            self.codes.codes(ui, &observed);
        });
    }
}

impl Column {
    fn show(&mut self, ui: &mut Ui, compared: &Compared, actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        let Compared { id, title, session } = compared;
        ui.horizontal(|ui| {
            ui.add(egui::Label::new(RichText::new(title).strong().size(15.0)).truncate());
            if ui.small_button("Show this session").clicked() {
                actions.push(Action::Show(*id));
            }
        });
        let height = 150.0;
        ui.allocate_ui(egui::Vec2::new(ui.available_width(), height), |ui| {
            ui.set_height(height);
            self.timeline.show(ui, session, None, &mut self.selected, &mut self.stretch);
        });
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 2.0;
            let count = session.frames.len();
            let subprotocol = Reading::Automatic.subprotocol(session);
            for index in count.saturating_sub(LISTED)..count {
                if let Some(row) = session.frames.get(index) {
                    let number = FrameNumber::from_index(index);
                    let preview = self.previewer.line(session, number, row, subprotocol);
                    let text = format!("{number} {} · {} · {preview}", row.direction.sender(), row.opcode());
                    let colour =
                        if self.selected == Some(number) { palette.accent } else { palette.opcode(row.opcode()) };
                    ui.add(egui::Label::new(RichText::new(text).monospace().color(colour)).truncate());
                }
            }
            if count == 0 {
                ui.label(RichText::new("No frames yet").color(palette.weak));
            }
        });
        ui.add_space(theme::GAP);
        self.explanation.verdict(ui, *id, session, &mut self.selected);
    }
}
