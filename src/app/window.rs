//! The layout of the window: which panel is where.

use egui::{CentralPanel, Frame, Key, KeyboardShortcut, Margin, Modifiers, Panel, RichText, Ui};

use crate::reading::replies::Replies;
use crate::report::Form;
use crate::search::Filter;
use crate::session::Session;
use crate::session::statistics::StatisticsSoFar;
use crate::ui::action::{Action, OfferedForm, SaveChoice, SessionId};
use crate::ui::panels::address_bar::Connection;
use crate::ui::panels::comparison::Compared;
use crate::ui::panels::filter_bar::Searched;
use crate::ui::panels::frame_table::Filtered;
use crate::ui::panels::session_list::ListedSession;
use crate::ui::panels::statistics::{Available, Scope};
use crate::ui::panels::stretch_strip::Wish;
use crate::ui::panels::{journals, session_list, stretch_strip, welcome};
use crate::ui::raw_form::ComposerContext;
use crate::ui::theme::{self, Palette};

use super::open_session::{Panels, SideView};
use super::{App, View, raw_draft};

const SAVE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::S);
const OPEN: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::O);
const FILTER: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::F);
const NEXT_MATCH: KeyboardShortcut = KeyboardShortcut::new(Modifiers::NONE, Key::F3);
const MATCH_BEFORE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::SHIFT, Key::F3);

impl App {
    pub(super) fn draw(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        self.shortcuts(ui, actions);
        let palette = Palette::of(ui);
        let bar = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(10, 8));
        let connection = self.shown().map_or(Connection::None, |session| session.connection());
        let forms = offered_forms();
        let savable = self.shown().map(|session| session.savable(&forms));
        Panel::top("address bar").frame(bar).show(ui, |ui| {
            self.address_bar.show(ui, connection, &self.settings.history, savable, self.settings.theme, actions);
        });
        if !self.unfinished.is_empty() {
            let bar = Frame::new().fill(palette.raised).inner_margin(Margin::symmetric(10, 6));
            Panel::top("offer").frame(bar).show(ui, |ui| journals::offer(ui, self.unfinished.len(), actions));
        }
        self.foot(ui, actions);
        let side = Frame::new().fill(palette.surface).inner_margin(Margin::same(10));
        Panel::left("sessions").frame(side).default_size(216.0).size_range(150.0..=420.0).show(ui, |ui| {
            let listed: Vec<ListedSession> = self.sessions.iter().map(|session| session.listed()).collect();
            let shown: &[SessionId] = match &self.view {
                View::Welcome | View::Journals => &[],
                View::Session(id) => &[*id],
                View::Comparison(left, right) => &[*left, *right],
            };
            session_list::show(ui, &listed, shown, &self.scenarios, actions);
        });
        match self.view {
            View::Welcome => {
                let page = Frame::new().fill(palette.ground).inner_margin(Margin::same(16));
                CentralPanel::no_frame().frame(page).show(ui, |ui| welcome::show(ui, actions));
            }
            View::Journals => {
                let page = Frame::new().fill(palette.ground).inner_margin(Margin::same(16));
                CentralPanel::no_frame().frame(page).show(ui, |ui| journals::show(ui, &self.journal_page, actions));
            }
            View::Session(id) => self.draw_session(ui, id, actions),
            View::Comparison(left, right) => self.draw_comparison(ui, [left, right], actions),
        }
    }

    fn shortcuts(&self, ui: &Ui, actions: &mut Vec<Action>) {
        let (save, open) = ui.input_mut(|input| (input.consume_shortcut(&SAVE), input.consume_shortcut(&OPEN)));
        if save && self.shown().is_some() {
            actions.push(Action::Save(SaveChoice::default()));
        }
        if open {
            actions.push(Action::Open);
        }
    }

    /// What the application has to say, and file work that goes on.
    fn foot(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        let work = self.file_work.progress();
        if work.is_none() && self.notice.is_none() {
            return;
        }
        let bar = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(10, 5));
        let mut dismissed = false;
        Panel::bottom("foot").frame(bar).show(ui, |ui| {
            ui.horizontal(|ui| {
                if let Some((label, part)) = work {
                    ui.label(label);
                    ui.add(egui::ProgressBar::new(part).desired_width(160.0).show_percentage());
                    if ui.small_button("Cancel").clicked() {
                        actions.push(Action::CancelFileWork);
                    }
                } else if let Some(notice) = &self.notice {
                    let colour = if notice.is_problem { palette.error } else { palette.weak };
                    dismissed = ui.small_button("Dismiss").clicked();
                    ui.add(egui::Label::new(RichText::new(&notice.text).color(colour)).truncate());
                }
            });
        });
        if dismissed {
            self.notice = None;
        }
    }

    fn draw_session(&mut self, ui: &mut Ui, id: SessionId, actions: &mut Vec<Action>) {
        let (wake, wake_again, wake_once_more) = (self.wake(), self.wake(), self.wake());
        let Some(session) = self.sessions.iter_mut().find(|session| session.id == id) else { return };
        let palette = Palette::of(ui);
        let can_send = session.can_send();
        let snapshot = std::sync::Arc::clone(&session.snapshot);
        if can_send && session.panels.composer.is_raw() && !session.standing.update(&snapshot) {
            ui.ctx().request_repaint();
        }
        let can_answer = can_send && session.is_manual;
        let context = ComposerContext {
            is_manual: session.is_manual,
            situation: session.standing.situation(),
            preview: raw_draft::preview,
            templates: &self.templates,
            plan: &self.plan,
            progress: session.progress(),
        };
        let panels = &mut session.panels;
        let subprotocol = panels.reading.subprotocol(&snapshot);
        let selected_before = panels.selected;
        let (filter, generation) = (panels.filter.filter(), panels.filter.generation());
        let search_problem = session.search.search_for(filter, generation, &snapshot, || wake).err();
        let found = session.search.found();
        let mut replies_problem = None;
        if panels.side == SideView::Latency && panels.latency.shows_replies() {
            replies_problem = session.replies.look_for(panels.reading, &snapshot, || wake_again).err();
        }
        let replies = session.replies.found();
        let was_large = panels.statistics.is_large;
        let mut statistics_problem = None;
        if panels.side == SideView::Statistics || was_large {
            let among = found.as_ref().map(|(found, _)| found).filter(|_| panels.statistics.scope == Scope::Filter);
            let stretch = panels.stretch.filter(|_| panels.statistics.scope == Scope::Selection);
            statistics_problem = session.statistics.count(&snapshot, among, stretch, || wake_once_more).err();
        }
        let statistics = session.statistics.found();
        let searched = found.as_ref().map(|(found, is_stopped)| Searched { found, is_stopped: *is_stopped });
        ui.input_mut(|input| {
            if input.consume_shortcut(&FILTER) {
                panels.filter.focus();
            }
            // The one with Shift first: the other would take it too.
            if input.consume_shortcut(&MATCH_BEFORE) {
                panels.filter.go(searched, true, &mut panels.selected);
            } else if input.consume_shortcut(&NEXT_MATCH) {
                panels.filter.go(searched, false, &mut panels.selected);
            }
        });
        if let Some(problem) = snapshot.journal.as_ref().and_then(|journal| journal.problem.as_ref()) {
            let bar = Frame::new().fill(palette.raised).inner_margin(Margin::symmetric(10, 6));
            Panel::top("journal problem").frame(bar).show(ui, |ui| {
                ui.add(egui::Label::new(RichText::new(&**problem).color(palette.error).strong()).wrap());
            });
        }
        if can_send {
            let bar = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(10, 6));
            Panel::bottom("composer").frame(bar).show(ui, |ui| panels.composer.show(ui, &context, actions));
        }
        let pane = Frame::new().fill(palette.surface).inner_margin(Margin::same(10));
        // The table and the timeline need the rest, also in the smallest window.
        let widest = (ui.available_width() - 330.0).clamp(260.0, 760.0);
        Panel::right(("detail", "panel")).frame(pane).default_size(372.0).size_range(260.0..=widest).show(ui, |ui| {
            side(ui, id, &snapshot, panels, replies.as_ref(), statistics.as_ref(), can_answer, actions);
        });
        if !panels.explanation_open {
            let bar = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(10, 5));
            Panel::bottom("closed explanation").frame(bar).show(ui, |ui| {
                ui.horizontal(|ui| {
                    theme::section_label(ui, "EXPLANATION");
                    panels.explanation_open = ui.small_button("Show the explanation").clicked();
                });
            });
        } else {
            let with_filter = if panels.filter.filter().is_some() { 32.0 } else { 0.0 };
            let with_selection = if panels.stretch.is_some() { 100.0 } else { 0.0 };
            let above = 280.0 + with_filter + with_selection;
            let most = (ui.available_height() - above).max(120.0);
            let usual = (ui.available_height() * 0.56).min(most);
            Panel::bottom("explanation").frame(pane).resizable(true).default_size(usual).size_range(100.0..=most).show(
                ui,
                |ui| {
                    ui.horizontal(|ui| {
                        theme::section_label(ui, "EXPLANATION");
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                            if ui.small_button("Hide").clicked() {
                                panels.explanation_open = false;
                            }
                        });
                    });
                    panels.explanation.show(ui, id, &snapshot, &mut panels.selected);
                },
            );
        }
        let middle = Frame::new().fill(palette.ground).inner_margin(Margin::same(8));
        CentralPanel::no_frame().frame(middle).show(ui, |ui| {
            let height = (ui.available_height() * 0.38).clamp(112.0, 200.0).max(ui.available_height() * 0.2);
            ui.allocate_ui(egui::Vec2::new(ui.available_width(), height), |ui| {
                ui.set_height(height);
                let matches = searched.map(|searched| &searched.found.matches);
                panels.timeline.show(ui, &snapshot, matches, &mut panels.selected, &mut panels.stretch);
            });
            ui.add_space(theme::GAP);
            let matches = searched.map(|searched| &searched.found.matches);
            let forms = offered_forms();
            let (stretch, selected) = (&mut panels.stretch, &mut panels.selected);
            let wish = stretch_strip::show(ui, &snapshot, matches, &forms, stretch, selected, actions);
            match wish.zip(*stretch) {
                Some((Wish::Zoom, stretch)) => panels.timeline.zoom_to(&snapshot, stretch),
                Some((Wish::Filter, stretch)) => panels.filter.narrow_to(stretch),
                None => {}
            }
            panels.filter.show(ui, searched, &self.settings.filters, &mut panels.selected, actions);
            let filtered = searched.filter(|_| panels.filter.filters_rows()).map(|searched| Filtered {
                matches: &searched.found.matches,
                generation: panels.filter.generation(),
                is_complete: searched.found.is_complete || searched.is_stopped,
            });
            if was_large {
                show_statistics(ui, panels, statistics.as_ref(), actions);
            } else {
                let (selected, stretch) = (&mut panels.selected, &mut panels.stretch);
                panels.table.show(ui, &snapshot, filtered, subprotocol, selected, stretch);
            }
        });
        match (was_large, panels.statistics.is_large) {
            (false, true) => {
                panels.side = if panels.selected.is_some() { SideView::Frame } else { SideView::Connection };
                panels.explanation_open = false;
            }
            (true, false) => panels.side = SideView::Statistics,
            // Their page at the side was asked for.
            (true, true) if panels.side == SideView::Statistics => panels.statistics.is_large = false,
            _ => {}
        }
        if panels.selected != selected_before {
            panels.side = SideView::Frame;
        }
        if let Some(problem) = search_problem {
            self.tell_problem(format!("The search could not be started: {problem}."));
        }
        if let Some(problem) = replies_problem {
            self.tell_problem(format!("Replies could not be looked for: {problem}."));
        }
        if let Some(problem) = statistics_problem {
            self.tell_problem(format!("The frames could not be counted: {problem}."));
        }
    }

    fn draw_comparison(&mut self, ui: &mut Ui, ids: [SessionId; 2], actions: &mut Vec<Action>) {
        let compared = ids.map(|id| {
            self.session(id).map(|session| Compared {
                id,
                title: session.title.clone(),
                session: std::sync::Arc::clone(&session.snapshot),
            })
        });
        let [Some(left), Some(right)] = compared else { return };
        let page = Frame::new().fill(Palette::of(ui).ground).inner_margin(Margin::same(14));
        CentralPanel::no_frame().frame(page).show(ui, |ui| self.comparison.show(ui, &[left, right], actions));
    }
}

/// What the menu for saving offers.
fn offered_forms() -> [OfferedForm; Form::ALL.len()] {
    Form::ALL.map(|form| OfferedForm { ending: form.ending(), title: form.title() })
}

/// The statistics, at the side or in the place of the table; what is clicked in them becomes the filter.
fn show_statistics(ui: &mut Ui, panels: &mut Panels, found: Option<&StatisticsSoFar>, actions: &mut Vec<Action>) {
    let available = Available { filter: panels.filter.filter().is_some(), selection: panels.stretch.is_some() };
    let Some(condition) = panels.statistics.show(ui, found, available, &mut panels.selected, actions) else { return };
    match (panels.statistics.scope, panels.stretch) {
        (Scope::Filter, _) => panels.filter.narrow(&condition),
        (Scope::Selection, Some(stretch)) => {
            panels.filter.replace(&format!("{condition} && {}", Filter::of_stretch(stretch)));
        }
        (Scope::Session | Scope::Selection, _) => panels.filter.replace(&condition),
    }
}

/// The panel at the right: the connection, the selected frame, the findings, how long answers took, or the statistics.
#[allow(clippy::too_many_arguments, reason = "each belongs to another owner")]
fn side(
    ui: &mut Ui,
    id: SessionId,
    session: &Session,
    panels: &mut Panels,
    replies: Option<&Replies>,
    statistics: Option<&StatisticsSoFar>,
    can_answer: bool,
    actions: &mut Vec<Action>,
) {
    let findings = match session.findings.len() {
        0 => "Findings".to_owned(),
        count => format!("Findings ({count})"),
    };
    ui.horizontal_wrapped(|ui| {
        ui.selectable_value(&mut panels.side, SideView::Connection, "Connection");
        ui.selectable_value(&mut panels.side, SideView::Frame, "Frame");
        ui.selectable_value(&mut panels.side, SideView::Findings, findings);
        ui.selectable_value(&mut panels.side, SideView::Latency, "Latency");
        ui.selectable_value(&mut panels.side, SideView::Statistics, "Statistics");
    });
    ui.separator();
    match panels.side {
        SideView::Connection => panels.connection.show(ui, session),
        SideView::Frame => {
            panels.detail.show(
                ui,
                id,
                session,
                panels.selected,
                &mut panels.reading,
                can_answer,
                panels.filter.needles(),
                actions,
            );
        }
        SideView::Findings => panels.findings.show(ui, session, &mut panels.selected),
        SideView::Latency => panels.latency.show(ui, session, replies, &mut panels.selected),
        // They may have the place of the table for this once more.
        SideView::Statistics if panels.statistics.is_large => {}
        SideView::Statistics => show_statistics(ui, panels, statistics, actions),
    }
}
