//! The page of the journals: every session that was kept while it ran, with its size and its age, and how much is kept at all.

use std::path::PathBuf;
use std::time::Duration;

use egui::{Align, DragValue, Layout, RichText, ScrollArea, Ui, Vec2};

use crate::ui::action::{Action, JournalAction};
use crate::ui::format;
use crate::ui::theme::{self, Palette, section_label};
use crate::ui::widgets::name;

/// A journal as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJournal {
    /// The file.
    pub path: PathBuf,
    /// Its name without the ending, which says when its session began.
    pub title: String,
    /// Its size in bytes.
    pub size: u64,
    /// How long ago it was written last.
    pub age: Duration,
    /// What is to be said of it: that it is in use, or was not ended.
    pub remark: Option<&'static str>,
    /// Whether it can be deleted.
    pub is_free: bool,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalPage {
    /// Where they are.
    pub folder: PathBuf,
    /// How much is kept, in bytes.
    pub limit: u64,
    /// The journals, the newest first.
    pub journals: Vec<ListedJournal>,
    /// Why they could not be listed.
    pub problem: Option<String>,
}

const GIBIBYTE: u64 = 1 << 30;

/// Draws the page.
pub fn show(ui: &mut Ui, page: &JournalPage, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let mut act = |action: JournalAction| actions.push(Action::Journal(action));
    ui.horizontal(|ui| {
        ui.label(RichText::new("Journals").size(20.0).strong());
        ui.label(RichText::new(page.folder.display().to_string()).small().color(palette.weak));
    });
    let explanation = "Each session is written here while it runs, so that it is there again should closelook be killed. \
                       The oldest are deleted when there are more than the limit allows.";
    ui.label(RichText::new(explanation).color(palette.weak));
    ui.add_space(theme::GAP);
    ui.horizontal(|ui| {
        let total: u64 = page.journals.iter().map(|journal| journal.size).sum();
        ui.label(format!("{} in {}", format::bytes(total), sessions(page.journals.len())));
        ui.separator();
        let label = ui.label("Keep up to");
        let mut limit = page.limit / GIBIBYTE;
        let field = ui.add(DragValue::new(&mut limit).range(1..=1024).suffix(" GiB").speed(0.1)).labelled_by(label.id);
        if field.changed() {
            act(JournalAction::Limit(limit * GIBIBYTE));
        }
        ui.separator();
        if ui.button("Look again").clicked() {
            act(JournalAction::Show);
        }
    });
    ui.add_space(theme::GAP);
    if let Some(problem) = &page.problem {
        ui.label(RichText::new(problem).color(palette.error));
    }
    if page.journals.is_empty() {
        ui.label(RichText::new("There are none.").color(palette.weak));
        return;
    }
    ui.horizontal(|ui| {
        for (width, title) in COLUMNS {
            cell(ui, width, |ui| section_label(ui, title));
        }
    });
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, page.journals.len(), |ui, rows| {
        for journal in page.journals.get(rows).unwrap_or_default() {
            ui.horizontal(|ui| row(ui, journal, &mut act));
        }
    });
}

/// How high a row is, in points.
const ROW_HEIGHT: f32 = 24.0;

/// How wide the columns are, in points, and what is above them.
const COLUMNS: [(f32, &str); 4] = [(230.0, "BEGAN (UTC)"), (90.0, "SIZE"), (110.0, "WRITTEN"), (110.0, "")];

fn row(ui: &mut Ui, journal: &ListedJournal, act: &mut impl FnMut(JournalAction)) {
    let (size, age) = (format::bytes(journal.size), age(journal.age));
    let texts = [journal.title.as_str(), &size, &age, journal.remark.unwrap_or_default()];
    for ((width, _), text) in COLUMNS.into_iter().zip(texts) {
        cell(ui, width, |ui| ui.add(egui::Label::new(text).truncate()));
    }
    let open = ui.button("Open");
    name(ui, &open, format!("Open the journal of {}", journal.title));
    if open.clicked() {
        act(JournalAction::Open(journal.path.clone()));
    }
    let delete = ui.add_enabled(journal.is_free, egui::Button::new("Delete"));
    name(ui, &delete, format!("Delete the journal of {}", journal.title));
    if delete.clicked() {
        act(JournalAction::Delete(journal.path.clone()));
    }
}

/// A cell of a column, with its text at the left.
fn cell<Shown>(ui: &mut Ui, width: f32, show: impl FnOnce(&mut Ui) -> Shown) {
    ui.allocate_ui_with_layout(Vec2::new(width, ROW_HEIGHT), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        show(ui);
    });
}

/// Draws what is said when sessions were not ended by the program that recorded them.
pub fn offer(ui: &mut Ui, count: usize, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        let text = format!("closelook ended while it was recording: {} can be opened again.", sessions(count));
        ui.label(RichText::new(text).color(palette.warning).strong());
        let open = ui.button(if count == 1 { "Open it" } else { "Open them" });
        name(ui, &open, "Open what was being recorded");
        if open.clicked() {
            actions.push(Action::Journal(JournalAction::Recover));
        }
        if ui.button("Not now").on_hover_text("They stay among the journals").clicked() {
            actions.push(Action::Journal(JournalAction::DismissOffer));
        }
    });
}

fn sessions(count: usize) -> String {
    if count == 1 { "1 session".into() } else { format!("{count} sessions") }
}

fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => "just now".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
