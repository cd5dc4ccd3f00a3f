//! The sessions of this window, and the lab's scenarios under them.

use egui::{Align2, FontId, Pos2, RichText, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use crate::protocol::close::CloseCode;
use crate::protocol::verdict::{Outcome, Verdict};
use crate::ui::action::{Action, JournalAction, SessionId};
use crate::ui::theme::{self, Palette, SMALL, section_label};
use crate::ui::widgets::name;

/// A session as the list shows it.
#[derive(Debug, Clone)]
pub struct ListedSession {
    /// Its place in the window.
    pub id: SessionId,
    /// What it is called.
    pub title: String,
    /// A short state: `open`, `1000`, `failed`.
    pub state: String,
    /// How it stands.
    pub outcome: Outcome,
    /// The code that its client reports.
    pub code: Option<CloseCode>,
    /// Number of frames.
    pub frames: usize,
}

/// A scenario of the lab as the list shows it.
#[derive(Debug, Clone)]
pub struct ListedScenario {
    /// Its path, such as `/close/1000`.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// What it shows, in a sentence.
    pub description: String,
}

/// The state of a session in a word: `open`, the code that its client reports, or what failed.
pub fn state_word(verdict: &Verdict) -> String {
    match verdict.outcome {
        Outcome::Open => "open".into(),
        Outcome::CutOff => "no end recorded".into(),
        Outcome::HandshakeFailed | Outcome::ConnectFailed => "failed".into(),
        Outcome::Closed | Outcome::Dropped => {
            verdict.sides.client_to_server.reports.map_or_else(|| "ended".into(), |code| code.to_string())
        }
    }
}

/// Draws both lists.
pub fn show(
    ui: &mut Ui,
    sessions: &[ListedSession],
    shown: &[SessionId],
    scenarios: &[ListedScenario],
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        section_label(ui, "SESSIONS");
        if let [first, .., last] = sessions
            && ui.small_button("Compare").on_hover_text("Show the two newest sessions beside each other").clicked()
        {
            let second_newest = sessions.iter().rev().nth(1).unwrap_or(first);
            actions.push(Action::Compare(second_newest.id, last.id));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let journals = ui.small_button("Journals").on_hover_text("Sessions that were kept while they ran");
            if journals.clicked() {
                actions.push(Action::Journal(JournalAction::Show));
            }
        });
    });
    let lab_height = (ui.available_height() * 0.5).min(scenarios.len() as f32 * 26.0 + 40.0);
    let list_height = (ui.available_height() - lab_height - 24.0).max(60.0);
    ScrollArea::vertical().id_salt("sessions").max_height(list_height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if sessions.is_empty() {
            ui.label(
                RichText::new("None yet. Connect above, open a log, or run a scenario below.").color(palette.weak),
            );
        }
        for session in sessions {
            session_row(ui, session, shown.contains(&session.id), actions);
        }
    });
    ui.add_space(theme::GROUP_GAP);
    section_label(ui, "LAB SCENARIOS");
    ScrollArea::vertical().id_salt("scenarios").auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        if scenarios.is_empty() {
            ui.label(RichText::new("The lab is not running.").color(palette.weak));
        }
        for scenario in scenarios {
            let hint = format!("{}\n{}", scenario.description, scenario.path);
            let button = egui::Button::new(scenario.title.as_str()).frame_when_inactive(false).truncate();
            let response = ui.add_sized([ui.available_width(), 22.0], button.right_text(" ")).on_hover_text(hint);
            name(ui, &response, format!("Run {}", scenario.path));
            if response.clicked() {
                actions.push(Action::RunScenario(scenario.path.clone()));
            }
        }
    });
}

fn session_row(ui: &mut Ui, session: &ListedSession, shown: bool, actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    let (area, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 38.0), Sense::click());
    response.widget_info(|| {
        let text = format!("Session {}, {}", session.title, session.state);
        WidgetInfo::selected(Role::ListItem, true, shown, text)
    });
    let area = area.shrink2(Vec2::new(0.0, 1.0));
    let painter = ui.painter_at(area);
    if shown {
        painter.rect_filled(area, 5.0, palette.selected);
    } else if response.hovered() {
        painter.rect_filled(area, 5.0, palette.raised);
    }
    let colour = match session.outcome {
        Outcome::Open => palette.good,
        Outcome::CutOff => palette.weak,
        Outcome::Closed if session.code == Some(CloseCode::NORMAL_CLOSURE) => palette.accent,
        Outcome::Closed => palette.warning,
        Outcome::Dropped | Outcome::HandshakeFailed | Outcome::ConnectFailed => palette.error,
    };
    painter.circle_filled(Pos2::new(area.left() + 12.0, area.center().y), 4.0, colour);
    let text_left = area.left() + 24.0;
    let mut title =
        egui::text::LayoutJob::simple_singleline(session.title.clone(), FontId::proportional(13.0), palette.text);
    title.wrap = egui::text::TextWrapping::truncate_at_width(area.right() - 26.0 - text_left);
    let title = painter.layout_job(title);
    painter.galley(Pos2::new(text_left, area.top() + 3.0), title, palette.text);
    let frames = format!("{} · {}", session.state, crate::ui::format::frames(session.frames));
    painter.text(
        Pos2::new(text_left, area.bottom() - 10.0),
        Align2::LEFT_CENTER,
        frames,
        FontId::proportional(SMALL),
        palette.weak,
    );
    let place = egui::Rect::from_center_size(Pos2::new(area.right() - 14.0, area.center().y), Vec2::splat(20.0));
    if shown || response.hovered() {
        // A child of its own, so that the next row stays where it is.
        let mut corner = ui.new_child(egui::UiBuilder::new().max_rect(place).id_salt(("remove", session.id.0)));
        let remove = corner.add(egui::Button::new("×").frame(false)).on_hover_text("Take off the list");
        name(ui, &remove, format!("Remove {}", session.title));
        if remove.clicked() {
            actions.push(Action::Remove(session.id));
            return;
        }
    }
    if response.clicked() {
        actions.push(Action::Show(session.id));
    }
}
