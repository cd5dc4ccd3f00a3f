//! The filter above the table: it is checked and completed while it is written, and says what was found.

use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{EventFilter, FontId, Galley, Id, Key, Modifiers, RichText, Stroke, TextBuffer, TextEdit, Ui};

use crate::protocol::frame::FrameNumber;
use crate::search::{Completion, Filter, FilterError, Found, Regex};
use crate::session::Stretch;
use crate::ui::action::Action;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{name, suggestion_list};

/// Whether the table has the rows that match only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// It has.
    #[default]
    FilterRows,
    /// It has every row; one goes from match to match.
    FindOnly,
}

/// The suggestions that are shown.
#[derive(Debug, Clone, Default)]
struct Suggested {
    /// The text and the place that they are for.
    of: Option<(String, usize)>,
    completion: Option<Completion>,
    /// The one that the arrow keys are at.
    chosen: Option<usize>,
    is_open: bool,
}

/// The bar's state for one session.
#[derive(Debug, Default)]
pub struct FilterBar {
    text: String,
    error: Option<FilterError>,
    /// The last text that is a filter; it stays in force while a new one is written.
    filter: Option<Filter>,
    generation: u64,
    /// What finds the places in a text that the filter looks for.
    needles: Vec<Regex>,
    mode: Mode,
    suggested: Suggested,
    wants_focus: bool,
}

/// What a search has to show.
#[derive(Debug, Clone, Copy)]
pub struct Searched<'search> {
    /// What was found so far.
    pub found: &'search Found,
    /// Whether it was stopped before the end.
    pub is_stopped: bool,
}

impl FilterBar {
    /// What frames have to be like, when anything was asked.
    pub fn filter(&self) -> Option<&Filter> {
        self.filter.as_ref()
    }

    /// Another number whenever there is something else to search for, or the same once more.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// What finds the places in a text that the filter looks for.
    pub fn needles(&self) -> &[Regex] {
        &self.needles
    }

    /// Whether the table is to have the rows that match only.
    pub fn filters_rows(&self) -> bool {
        self.mode == Mode::FilterRows && self.filter.is_some()
    }

    /// Puts the cursor into the bar when it is drawn next.
    pub fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// Asks for the frames of a stretch of the session besides what was asked, in the place of another part of it.
    pub fn narrow_to(&mut self, stretch: Stretch) {
        let known = self.filter.as_ref();
        let narrowed = known.map_or_else(|| Filter::of_stretch(stretch), |filter| filter.narrowed_to(stretch));
        self.set_text(narrowed.to_string());
        self.mode = Mode::FilterRows;
    }

    /// Selects the next frame that matches, or the one before.
    pub fn go(&self, searched: Option<Searched<'_>>, backwards: bool, selected: &mut Option<FrameNumber>) {
        let Some(matches) = searched.map(|searched| &searched.found.matches) else { return };
        let next = if backwards { matches.last_before(*selected) } else { matches.next_after(*selected) };
        // Round the end, to the first or the last.
        let next = next.or_else(|| if backwards { matches.last_before(None) } else { matches.next_after(None) });
        *selected = next.or(*selected);
    }

    /// Draws the bar; `recent` are the filters that were used before, and `selected` is changed by going from match to match.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        searched: Option<Searched<'_>>,
        recent: &[String],
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) {
        ui.horizontal(|ui| {
            let has_text = !self.text.is_empty();
            let width = (ui.available_width() - if has_text { 64.0 } else { 32.0 }).max(120.0);
            self.field(ui, width, searched, selected, actions);
            if has_text {
                let clear = ui.button("×").on_hover_text("Clear the filter");
                name(ui, &clear, "Clear the filter");
                if clear.clicked() {
                    self.set_text(String::new());
                }
            }
            self.recent_menu(ui, recent, actions);
        });
        // While there is something to choose from the text is not wrong but unfinished.
        if let Some(error) = self.error.as_ref().filter(|_| self.suggested.count() == 0) {
            let text = format!("At character {}: {}", error.at + 1, error.problem);
            ui.add(egui::Label::new(RichText::new(text).color(Palette::of(ui).error).size(12.0)).wrap());
        }
        if self.filter.is_some() {
            self.foot(ui, searched, selected, actions);
        }
    }

    fn field(
        &mut self,
        ui: &mut Ui,
        width: f32,
        searched: Option<Searched<'_>>,
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) {
        let palette = Palette::of(ui);
        let id = ui.scope_id().with("filter");
        if ui.memory(|memory| memory.has_focus(id)) {
            self.keys(ui, id, searched, selected, actions);
        }
        let wrong_from = self.error.as_ref().map(|error| error.at);
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _: f32| laid_out(ui, text.as_str(), wrong_from);
        let everything = EventFilter { tab: true, escape: true, horizontal_arrows: true, vertical_arrows: true };
        let is_wrong = self.error.is_some() && self.suggested.count() == 0;
        let output = ui
            .scope(|ui| {
                if is_wrong {
                    // Without the focus, and with it.
                    let stroke = Stroke::new(1.0, palette.error);
                    let visuals = ui.visuals_mut();
                    (visuals.widgets.inactive.bg_stroke, visuals.selection.stroke) = (stroke, stroke);
                }
                TextEdit::singleline(&mut self.text)
                    .id(id)
                    .desired_width(width)
                    .hint_text("Filter, as in: opcode == text && payload contains \"needle\"")
                    .font(egui::TextStyle::Monospace)
                    .layouter(&mut layouter)
                    .event_filter(everything)
                    .return_key(None)
                    .char_limit(4096)
                    .show(ui)
            })
            .inner;
        let response = &output.response.response;
        name(ui, response, "Filter");
        if self.wants_focus {
            self.wants_focus = false;
            response.request_focus();
            let mut state = output.state.clone();
            let whole = CCursorRange::two(CCursor::new(0), CCursor::new(self.text.chars().count()));
            state.cursor.set_char_range(Some(whole));
            state.store(ui.ctx(), id);
        }
        if response.changed() {
            self.read();
            self.suggested.is_open = true;
        }
        if response.gained_focus() && self.text.is_empty() {
            self.suggested.is_open = true;
        }
        let cursor = output.cursor_range.map(|range| range.primary.index.0);
        let was_open = self.suggested.is_open;
        if let (Some(cursor), true) = (cursor, response.has_focus()) {
            self.suggested.update(&self.text, cursor);
        }
        let taken = match &self.suggested.completion {
            Some(completion) if was_open && !completion.suggestions.is_empty() => {
                suggestion_list::show(ui, id.with("suggestions"), response.rect, completion, self.suggested.chosen)
            }
            _ => None,
        };
        if let Some(taken) = taken {
            self.take(ui, id, taken);
        } else if response.lost_focus() {
            self.suggested.is_open = false;
            self.remember(actions);
        }
    }

    /// What keys do before the field sees them.
    fn keys(
        &mut self,
        ui: &Ui,
        id: Id,
        searched: Option<Searched<'_>>,
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let count = self.suggested.count();
        if pressed(Key::Escape) {
            if count > 0 {
                self.suggested.is_open = false;
            } else {
                ui.memory_mut(|memory| memory.surrender_focus(id));
                self.remember(actions);
            }
        }
        if pressed(Key::ArrowDown) {
            let next = self.suggested.chosen.map_or(0, |chosen| (chosen + 1) % count.max(1));
            self.suggested.chosen = (count > 0).then_some(next);
            self.suggested.is_open = true;
        }
        if pressed(Key::ArrowUp) && count > 0 {
            self.suggested.chosen = Some(self.suggested.chosen.unwrap_or(0).checked_sub(1).unwrap_or(count - 1));
        }
        // A tab in the text would be of no use; without suggestions the key goes on to the next control.
        if count > 0 && pressed(Key::Tab) {
            self.take(ui, id, self.suggested.chosen.unwrap_or(0));
        } else if count == 0 && ui.input(|input| input.key_pressed(Key::Tab)) {
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, EventFilter::default()));
        }
        if pressed(Key::Enter) {
            match self.suggested.chosen.filter(|_| count > 0) {
                Some(chosen) => self.take(ui, id, chosen),
                None => {
                    self.suggested.is_open = false;
                    self.remember(actions);
                    if self.error.is_none() {
                        self.go(searched, false, selected);
                    }
                }
            }
        }
    }

    /// Puts a suggestion into the text.
    fn take(&mut self, ui: &Ui, id: Id, chosen: usize) {
        let Some(completion) = self.suggested.completion.take() else { return };
        let Some(suggestion) = completion.suggestions.get(chosen) else { return };
        let characters: Vec<char> = self.text.chars().collect();
        let (before, rest) = characters.split_at(completion.replaces.start.min(characters.len()));
        let behind = rest.iter().skip(completion.replaces.len());
        self.text = before.iter().copied().chain(suggestion.text.chars()).chain(behind.copied()).collect();
        let cursor = CCursor::new(before.len() + suggestion.text.chars().count());
        let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
        state.cursor.set_char_range(Some(CCursorRange::one(cursor)));
        state.store(ui.ctx(), id);
        ui.memory_mut(|memory| memory.request_focus(id));
        self.suggested = Suggested { is_open: true, ..Suggested::default() };
        self.read();
        ui.ctx().request_repaint();
    }

    /// Puts this filter into the place of the one that is there.
    pub fn replace(&mut self, filter: &str) {
        // Written out again, it has no more brackets than it needs, and units that are easy to read.
        let plain = Filter::parse(filter).map_or_else(|_| filter.to_owned(), |filter| filter.to_string());
        self.set_text(plain);
    }

    /// Asks for this too.
    pub fn narrow(&mut self, condition: &str) {
        match &self.filter {
            Some(filter) => self.replace(&format!("({filter}) && ({condition})")),
            None => self.replace(condition),
        }
    }

    fn set_text(&mut self, text: String) {
        self.text = text;
        self.suggested = Suggested::default();
        self.read();
    }

    /// Reads the text as a filter; what is wrong leaves the last filter in force.
    fn read(&mut self) {
        let read = if self.text.trim().is_empty() { Ok(None) } else { Filter::parse(&self.text).map(Some) };
        match read {
            Ok(filter) => {
                self.error = None;
                if filter != self.filter {
                    self.needles = filter.as_ref().map(Filter::needles).unwrap_or_default();
                    self.filter = filter;
                    self.generation += 1;
                }
            }
            Err(error) => self.error = Some(error),
        }
    }

    fn remember(&self, actions: &mut Vec<Action>) {
        if self.error.is_none() && self.filter.is_some() {
            actions.push(Action::RememberFilter(self.text.trim().to_owned()));
        }
    }

    fn recent_menu(&mut self, ui: &mut Ui, recent: &[String], actions: &mut Vec<Action>) {
        let menu = ui.menu_button("▾", |ui| {
            if recent.is_empty() {
                ui.label("No filters yet");
            }
            for filter in recent {
                if ui.button(RichText::new(filter).monospace()).clicked() {
                    self.set_text(filter.clone());
                    ui.close();
                }
            }
            if !recent.is_empty() {
                ui.separator();
                if ui.button("Forget these").clicked() {
                    actions.push(Action::ForgetFilters);
                    ui.close();
                }
            }
        });
        name(ui, &menu.response, "Earlier filters");
    }

    /// What was found, and what can be done with it.
    fn foot(
        &mut self,
        ui: &mut Ui,
        searched: Option<Searched<'_>>,
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) {
        let palette = Palette::of(ui);
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.mode, Mode::FilterRows, "Filter rows")
                .on_hover_text("Show the frames that match only");
            ui.selectable_value(&mut self.mode, Mode::FindOnly, "Find only")
                .on_hover_text("Show every frame, and go from match to match");
            let has_matches = searched.is_some_and(|searched| !searched.found.matches.is_empty());
            for (label, hint, backwards) in [("↑", "Match before (Shift+F3)", true), ("↓", "Next match (F3)", false)]
            {
                let button = ui.add_enabled(has_matches, egui::Button::new(label).small()).on_hover_text(hint);
                name(ui, &button, hint);
                if button.clicked() {
                    self.go(searched, backwards, selected);
                }
            }
            let Some(Searched { found, is_stopped }) = searched else { return };
            let counted = |text: String| RichText::new(text).size(12.0).color(palette.weak);
            ui.label(counted(what_was_found(found)));
            if self.error.is_some() {
                ui.label(counted("Still the filter before.".to_owned()));
            }
            if found.is_complete {
                return;
            }
            let part = found.looked_at as f32 / found.of.max(1) as f32;
            if is_stopped {
                ui.label(counted(format!("stopped at {:.0} %", part * 100.0)));
                if ui.small_button("Search again").clicked() {
                    self.generation += 1;
                }
            } else {
                ui.add(egui::ProgressBar::new(part).desired_width(72.0).desired_height(8.0));
                if ui.small_button("Stop").on_hover_text("Stop searching; what was found stays").clicked() {
                    actions.push(Action::StopSearch);
                }
            }
        });
        ui.add_space(theme::GAP / 2.0);
    }
}

impl Suggested {
    fn count(&self) -> usize {
        self.completion.as_ref().filter(|_| self.is_open).map_or(0, |completion| completion.suggestions.len())
    }

    fn update(&mut self, text: &str, cursor: usize) {
        if self.of.as_ref().is_some_and(|(of, at)| of == text && *at == cursor) {
            return;
        }
        self.of = Some((text.to_owned(), cursor));
        self.completion = Some(Completion::at(text, cursor));
        self.chosen = None;
    }
}

fn what_was_found(found: &Found) -> String {
    let of = format::count(found.looked_at as u64);
    match found.matches.len() {
        0 if found.is_complete => format!("None of {of} frames matches."),
        1 => format!("1 of {of} frames matches."),
        count => format!("{} of {of} frames match.", format::count(count as u64)),
    }
}

/// The text of the filter, what is wrong underlined.
fn laid_out(ui: &Ui, text: &str, wrong_from: Option<usize>) -> Arc<Galley> {
    let palette = Palette::of(ui);
    let font = FontId::monospace(12.5);
    let place = wrong_from.and_then(|at| text.char_indices().nth(at)).map_or(text.len(), |(place, _)| place);
    let (right, wrong) = text.split_at(place);
    let mut job = LayoutJob::default();
    job.append(right, 0.0, TextFormat::simple(font.clone(), palette.text));
    if !wrong.is_empty() {
        let underline = Stroke::new(1.5, palette.error);
        job.append(wrong, 0.0, TextFormat { underline, ..TextFormat::simple(font, palette.text) });
    }
    job.wrap.max_width = f32::INFINITY;
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}
