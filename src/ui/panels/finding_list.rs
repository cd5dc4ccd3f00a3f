//! Every finding of a session; a click goes to its frame.

use egui::{RichText, Ui};

use crate::explain::{findings, texts::Texts};
use crate::protocol::frame::FrameNumber;
use crate::session::Session;
use crate::ui::theme::Palette;
use crate::ui::widgets::row_list::RowList;

const ROW_HEIGHT: f32 = 58.0;

/// The panel's state.
#[derive(Debug, Clone)]
pub struct FindingList {
    list: RowList,
}

impl Default for FindingList {
    fn default() -> Self {
        FindingList { list: RowList::from_the_start() }
    }
}

impl FindingList {
    /// Draws the list in the rest of `ui`; `selected` is changed by a click on a finding of a frame.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, selected: &mut Option<FrameNumber>) {
        let palette = Palette::of(ui);
        let count = session.findings.len() as u64;
        if count == 0 {
            ui.label(RichText::new("Every rule that the bytes can show was kept.").color(palette.weak));
            return;
        }
        self.list.show(ui, "findings", count, ROW_HEIGHT, |ui, row, area| {
            let Some(finding) = session.findings.get(row as usize) else { return };
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(area.shrink(2.0)).id_salt(row));
            ui.horizontal(|ui| {
                let severity = finding.rule.severity();
                ui.label(RichText::new(severity.name()).small().strong().color(palette.severity(severity)));
                ui.label(RichText::new(finding.rule.section()).small().color(palette.weak));
                if let Some(number) = finding.frame
                    && ui.link(RichText::new(format!("Frame {}", number.0)).small()).clicked()
                {
                    *selected = Some(number);
                }
            });
            let sentence = findings::sentence(finding, Texts::english());
            let label = egui::Label::new(&sentence).wrap();
            ui.add(label).on_hover_text(sentence);
        });
    }
}
