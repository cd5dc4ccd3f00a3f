//! The explanation of how a session ended, and 1000 beside 1005 under the same headings.

use egui::{RichText, ScrollArea, Stroke, Ui};

use crate::explain::comparison::Comparison;
use crate::explain::diagnosis::{Clue, Diagnosis};
use crate::explain::explanation::{Axis, EvidenceRow, Explanation};
use crate::explain::texts::Texts;
use crate::protocol::close::CloseCode;
use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::verdict::Verdict;
use crate::reading::circumstances::circumstances;
use crate::session::Session;
use crate::ui::action::SessionId;
use crate::ui::panels::connection;
use crate::ui::theme::{self, Palette, card, section_label};
use crate::ui::widgets::close_bytes;

/// Lines longer than this are hard to read, in points.
const WIDEST: f32 = 1080.0;

/// An explanation, made again only when the verdict changed.
#[derive(Debug, Clone)]
struct Explained {
    session: SessionId,
    verdict: Verdict,
    explanation: Explanation,
    diagnosis: Diagnosis,
}

/// The panel's state.
#[derive(Debug, Clone, Default)]
pub struct ExplanationPanel {
    explained: Option<Explained>,
    comparison: Option<Comparison>,
}

impl ExplanationPanel {
    /// Draws the whole explanation in the rest of `ui`, scrolling; `selected` is changed by a click on a frame that it names.
    pub fn show(&mut self, ui: &mut Ui, id: SessionId, session: &Session, selected: &mut Option<FrameNumber>) {
        ScrollArea::vertical().id_salt(("explanation", id)).auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(WIDEST));
            self.verdict(ui, id, session, selected);
            ui.add_space(theme::GROUP_GAP);
            let observed = session.verdict.sides.client_to_server.reports;
            self.codes(ui, &[observed]);
        });
    }

    /// Draws what happened and why, the evidence and the reports; `selected` is changed by a click on a frame that is named.
    pub fn verdict(&mut self, ui: &mut Ui, id: SessionId, session: &Session, selected: &mut Option<FrameNumber>) {
        let Some(Explained { explanation, diagnosis, .. }) = self.explained(id, session) else { return };
        let palette = Palette::of(ui);
        ui.label(RichText::new(&explanation.headline).heading());
        connection::failure(ui, session);
        ui.label(&explanation.what_happened);
        ui.add_space(theme::GAP);
        if session.verdict.is_final() {
            causes(ui, diagnosis, selected);
            ui.add_space(theme::GAP);
        }
        let width = (ui.available_width() - theme::GROUP_GAP) / 2.0;
        pair(ui, width, [&explanation.code, &explanation.cleanness], |ui, axis: &Axis| {
            card(ui).show(ui, |ui| {
                ui.set_width(width - 22.0);
                section_label(ui, &axis.title);
                ui.label(RichText::new(&axis.value).size(16.0).strong());
                ui.label(RichText::new(&axis.sentence).color(palette.weak));
            });
        });
        ui.add_space(theme::GAP);
        for row in &explanation.evidence {
            evidence_row(ui, row);
        }
        ui.add_space(theme::GAP);
        section_label(ui, Texts::english().text("label-reports"));
        for report in &explanation.reports {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(&report.side_name).strong().color(palette.direction(report.side.sends())));
                ui.label(RichText::new(&report.value).strong());
                ui.label(RichText::new(&report.sentence).color(palette.weak));
            });
        }
        if !explanation.next_steps.is_empty() {
            ui.add_space(theme::GAP);
            section_label(ui, Texts::english().text("label-next-steps"));
            for step in &explanation.next_steps {
                ui.horizontal_wrapped(|ui| {
                    ui.label("•");
                    ui.label(step);
                });
            }
        }
    }

    /// Draws 1000 beside 1005 under the six headings, with the observed codes marked.
    pub fn codes(&mut self, ui: &mut Ui, observed: &[Option<CloseCode>]) {
        let comparison = self.comparison.get_or_insert_with(|| {
            Comparison::of(CloseCode::NORMAL_CLOSURE, CloseCode::NO_STATUS_RECEIVED, Texts::english())
        });
        let palette = Palette::of(ui);
        let width = (ui.available_width() - theme::GROUP_GAP) / 2.0;
        let code_title = |ui: &mut Ui, code: &crate::explain::comparison::ComparedCode| {
            let seen = observed.contains(&Some(code.code));
            let frame = card(ui)
                .stroke(Stroke::new(if seen { 2.0 } else { 1.0 }, if seen { palette.accent } else { palette.line }));
            frame.show(ui, |ui| {
                ui.set_width(width - 24.0);
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new(format!("{} {}", code.code, code.name)).size(16.0).strong());
                    if seen {
                        ui.label(RichText::new("observed here").small().strong().color(palette.accent));
                    }
                });
                ui.label(RichText::new(&code.short).color(palette.weak));
            });
        };
        pair(ui, width, [&comparison.left, &comparison.right], code_title);
        if let Some(summary) = &comparison.summary {
            ui.label(summary);
        }
        for section in &comparison.sections {
            ui.add_space(theme::GAP);
            ui.separator();
            ui.label(RichText::new(&section.title).size(15.0).strong());
            for row in &section.rows {
                if let Some(aspect) = &row.aspect {
                    section_label(ui, aspect);
                }
                pair(ui, width, [&row.left, &row.right], |ui, words: &String| text(ui, words));
            }
        }
    }

    fn explained(&mut self, id: SessionId, session: &Session) -> Option<&Explained> {
        let stale = self
            .explained
            .as_ref()
            .is_none_or(|explained| explained.session != id || explained.verdict != session.verdict);
        if stale {
            let verdict = session.verdict.clone();
            let explanation = Explanation::of(&verdict, session.origin.perspective, Texts::english());
            let diagnosis = Diagnosis::of(&circumstances(session), Texts::english());
            self.explained = Some(Explained { session: id, verdict, explanation, diagnosis });
        }
        self.explained.as_ref()
    }
}

/// Draws the causes that fit, each with links to the frames that speak for it.
fn causes(ui: &mut Ui, diagnosis: &Diagnosis, selected: &mut Option<FrameNumber>) {
    let (palette, texts) = (Palette::of(ui), Texts::english());
    section_label(ui, texts.text("diagnosis"));
    if let Some(nothing) = &diagnosis.nothing {
        ui.label(RichText::new(nothing).color(palette.weak));
    }
    for cause in &diagnosis.causes {
        card(ui).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(&cause.title).strong());
                ui.label(RichText::new(&cause.certainty_word).small().color(palette.accent));
            });
            for clue in &cause.clues {
                ui.horizontal_wrapped(|ui| {
                    ui.label("•");
                    ui.label(RichText::new(&clue.text).color(palette.weak));
                    if let Some(number) = clue.frame
                        && ui.link(Clue::frame_name(number, texts)).clicked()
                    {
                        *selected = Some(number);
                    }
                });
            }
            for (side, advice) in [(Side::Client, &cause.for_client), (Side::Server, &cause.for_server)] {
                let label = if side == Side::Client { "diagnosis.for-client" } else { "diagnosis.for-server" };
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new(texts.text(label)).small().color(palette.direction(side.sends())));
                    ui.label(advice);
                });
            }
        });
    }
}

/// Draws two things beside each other, each this wide.
fn pair<T>(ui: &mut Ui, width: f32, things: [&T; 2], draw: impl Fn(&mut Ui, &T)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::GROUP_GAP;
        for thing in things {
            ui.vertical(|ui| {
                ui.set_width(width);
                draw(ui, thing);
            });
        }
    });
}

fn text(ui: &mut Ui, text: &str) {
    ui.add(egui::Label::new(text).wrap());
}

fn evidence_row(ui: &mut Ui, row: &EvidenceRow) {
    let palette = Palette::of(ui);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        section_label(ui, &row.label);
        ui.label(&row.summary);
        if let Some(bytes) = &row.bytes {
            close_bytes::show(ui, bytes);
        }
        if let Some(remark) = &row.remark {
            ui.label(RichText::new(remark).color(palette.weak).italics());
        }
    });
}
