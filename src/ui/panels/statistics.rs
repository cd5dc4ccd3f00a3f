//! What the frames come to in figures: counts, distributions, throughput. What is pointed at tells its number, what is clicked leads to
//! the frames.

use std::sync::Arc;

use egui::{RichText, ScrollArea, Ui};

use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::protocol::opcode::Opcode;
use crate::reading::bar_plot::{BarPlot, Measure};
use crate::reading::statistics::{self as tables, Table};
use crate::session::statistics::{Statistics, StatisticsSoFar};
use crate::ui::action::{Action, FigureForm};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{bar_plot, figure_table, name};

/// The least width of a column of figures.
const COLUMN: f32 = 330.0;

/// Which frames the statistics are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// All.
    #[default]
    Session,
    /// Those that the filter finds.
    Filter,
    /// Those that are selected.
    Selection,
}

/// Of which frames there can be statistics besides all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available {
    /// Whether there is a filter.
    pub filter: bool,
    /// Whether a stretch is selected.
    pub selection: bool,
}

/// The panel's state.
#[derive(Debug, Default)]
pub struct StatisticsPanel {
    /// Which frames are asked for.
    pub scope: Scope,
    /// Whether the figures have the place of the table.
    pub is_large: bool,
    measure: Measure,
    shown: Option<Shown>,
}

/// What is drawn of statistics; made anew when there are others.
#[derive(Debug)]
struct Shown {
    statistics: Arc<Statistics>,
    opcodes: [(Direction, Table); 2],
    overhead: Table,
    rates: Table,
    messages: Table,
    lengths: Table,
    message_lengths: Table,
    gaps: Table,
    longest_gaps: Table,
    broken_rules: Table,
    length_plot: BarPlot,
    gap_plot: BarPlot,
    /// With what it was asked for.
    throughput: Option<(Measure, usize, BarPlot)>,
}

impl Shown {
    fn of(statistics: &Arc<Statistics>) -> Shown {
        Shown {
            opcodes: Direction::BOTH.map(|direction| (direction, tables::opcodes(statistics, direction))),
            overhead: tables::overhead(statistics),
            rates: tables::rates(statistics),
            messages: tables::messages(statistics),
            lengths: tables::lengths(statistics),
            message_lengths: tables::message_lengths(statistics),
            gaps: tables::gaps(statistics),
            longest_gaps: tables::longest_gaps(statistics),
            broken_rules: tables::broken_rules(statistics),
            length_plot: tables::length_plot(statistics),
            gap_plot: tables::gap_plot(statistics),
            throughput: None,
            statistics: Arc::clone(statistics),
        }
    }
}

/// What a click asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Picked {
    /// The frames that this filter finds.
    Frames(String),
    /// One frame.
    Frame(FrameNumber),
}

/// The groups of figures, in the order in which they are read.
#[derive(Debug, Clone, Copy)]
enum Group {
    Frames,
    Throughput,
    Lengths,
    Gaps,
    Messages,
    BrokenRules,
}

impl StatisticsPanel {
    /// Draws the panel in the rest of `ui`. Gives the filter that finds what was clicked; `selected` is changed by a click on something
    /// that is one frame.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        found: Option<&StatisticsSoFar>,
        available: Available,
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) -> Option<String> {
        let is_available = match self.scope {
            Scope::Session => true,
            Scope::Filter => available.filter,
            Scope::Selection => available.selection,
        };
        if !is_available {
            self.scope = Scope::Session;
        }
        self.head(ui, available, actions);
        let found = found?;
        self.status(ui, found);
        if !self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(&shown.statistics, &found.statistics)) {
            self.shown = Some(Shown::of(&found.statistics));
        }
        ui.add_space(theme::GAP);
        let picked = ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.groups(ui)).inner;
        match picked {
            Some(Picked::Frames(filter)) => return Some(filter),
            Some(Picked::Frame(number)) => *selected = Some(number),
            None => {}
        }
        None
    }

    fn head(&mut self, ui: &mut Ui, available: Available, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.scope, Scope::Session, "All").on_hover_text("All frames of the session");
            for (scope, label, is_available, hint, missing) in [
                (
                    Scope::Filter,
                    "Filter",
                    available.filter,
                    "The frames that the filter finds",
                    "Write a filter above the table first",
                ),
                (
                    Scope::Selection,
                    "Selection",
                    available.selection,
                    "The selected stretch of the session",
                    "Select a stretch on the timeline or in the table first",
                ),
            ] {
                let button = ui.add_enabled(is_available, egui::Button::selectable(self.scope == scope, label));
                if button.on_hover_text(hint).on_disabled_hover_text(missing).clicked() {
                    self.scope = scope;
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let (label, hint) = match self.is_large {
                    false => ("Larger", "Show the statistics in the place of the table"),
                    true => ("Smaller", "Show them beside the table again"),
                };
                if ui.button(label).on_hover_text(hint).clicked() {
                    self.is_large = !self.is_large;
                }
                let menu = ui.menu_button("Copy ▾", |ui| {
                    for (form, title) in [
                        (FigureForm::Markdown, "Tables in Markdown"),
                        (FigureForm::Text, "Tables as text"),
                        (FigureForm::Csv, "CSV, a figure a row"),
                    ] {
                        if ui.button(title).clicked() {
                            actions.push(Action::CopyFigures(form));
                            ui.close();
                        }
                    }
                });
                name(ui, &menu.response, "Copy statistics");
            });
        });
    }

    /// Of how many frames they are, and how much is still to be looked at.
    fn status(&self, ui: &mut Ui, found: &StatisticsSoFar) {
        let during = &found.statistics.during;
        let frames = format::frames(usize::try_from(found.statistics.frames()).unwrap_or(usize::MAX));
        let time = format::duration(during.end.since(during.start));
        ui.label(RichText::new(format!("{frames} in {time}")).small().color(Palette::of(ui).weak));
        if found.looked_at < found.of {
            let part = found.looked_at as f32 / found.of.max(1) as f32;
            ui.add(egui::ProgressBar::new(part).desired_height(4.0)).on_hover_text("Frames are being counted.");
        }
    }

    /// The groups in as many columns as there is room for.
    fn groups(&mut self, ui: &mut Ui) -> Option<Picked> {
        use Group::{BrokenRules, Frames, Gaps, Lengths, Messages, Throughput};
        let columns: &[&[Group]] = match (ui.available_width() / COLUMN) as usize {
            0 | 1 => &[&[Frames, Throughput, Lengths, Gaps, Messages, BrokenRules]],
            2 => &[&[Frames, Messages, BrokenRules], &[Throughput, Lengths, Gaps]],
            3 => &[&[Frames, BrokenRules], &[Throughput, Messages], &[Lengths, Gaps]],
            _ => &[&[Frames, BrokenRules], &[Throughput, Messages], &[Lengths], &[Gaps]],
        };
        ui.spacing_mut().item_spacing.x = theme::GROUP_GAP;
        ui.columns(columns.len(), |uis| {
            let mut picked = None;
            for (ui, groups) in uis.iter_mut().zip(columns) {
                ui.spacing_mut().item_spacing.x = theme::GAP;
                for group in *groups {
                    picked = self.group(ui, *group).or(picked);
                }
            }
            picked
        })
    }

    fn group(&mut self, ui: &mut Ui, group: Group) -> Option<Picked> {
        let Some(shown) = &mut self.shown else { return None };
        match group {
            Group::Frames => shown.frames(ui),
            Group::Throughput => {
                let picked = shown.throughput(ui, &mut self.measure);
                figure_table::show(ui, &shown.rates);
                picked
            }
            Group::Lengths => shown.lengths(ui),
            Group::Gaps => shown.gaps(ui, self.scope),
            Group::Messages => {
                figure_table::show(ui, &shown.messages);
                figure_table::show(ui, &shown.message_lengths);
                None
            }
            Group::BrokenRules => {
                let row = figure_table::show_with_links(ui, &shown.broken_rules)?;
                let rule = shown.statistics.broken_rules.get(row)?;
                Some(Picked::Frames(format!("finding == \"{}\"", rule.rule.name())))
            }
        }
    }
}

impl Shown {
    fn frames(&self, ui: &mut Ui) -> Option<Picked> {
        let mut picked = None;
        if self.statistics.frames() == 0 {
            ui.label(RichText::new("There are no frames to count.").color(Palette::of(ui).weak));
        }
        for (direction, table) in &self.opcodes {
            let Some(row) = figure_table::show_with_links(ui, table) else { continue };
            let side = format!("dir == {}", direction.sender());
            let opcode = self.statistics.ways[*direction].by_opcode().nth(row);
            picked = Some(Picked::Frames(match opcode {
                Some((Opcode::Reserved(bits), _)) => format!("opcode == {bits} && {side}"),
                Some((opcode, _)) => format!("opcode == {} && {side}", opcode.name()),
                None => side,
            }));
        }
        figure_table::show(ui, &self.overhead);
        picked
    }

    fn throughput(&mut self, ui: &mut Ui, measure: &mut Measure) -> Option<Picked> {
        if self.statistics.frames() == 0 {
            return None;
        }
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            theme::section_label(ui, "THROUGHPUT");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.selectable_value(measure, Measure::Bytes, "Bytes");
                ui.selectable_value(measure, Measure::Frames, "Frames");
            });
        });
        let spans = bar_plot::most_spans(ui);
        if !self.throughput.as_ref().is_some_and(|(of, most, _)| (of, most) == (measure, &spans)) {
            self.throughput = Some((*measure, spans, tables::throughput_plot(&self.statistics, *measure, spans)));
        }
        let (_, _, plot) = self.throughput.as_ref()?;
        let (lane, span) = bar_plot::show(ui, plot)?;
        let (start, last) = plot.spans.get(span).map(|span| (span.start, span.last))?;
        let time = format!("time >= {start} ns && time <= {last} ns");
        Some(Picked::Frames(with_side(time, plot, lane)))
    }

    fn lengths(&self, ui: &mut Ui) -> Option<Picked> {
        let picked = picked_bar(ui, &self.length_plot);
        figure_table::show(ui, &self.lengths);
        let (lane, start, last) = picked?;
        let length = if start == last { format!("len == {start}") } else { format!("len >= {start} && len <= {last}") };
        Some(Picked::Frames(with_side(length, &self.length_plot, lane)))
    }

    fn gaps(&self, ui: &mut Ui, scope: Scope) -> Option<Picked> {
        let picked = picked_bar(ui, &self.gap_plot);
        figure_table::show(ui, &self.gaps);
        if let Some(row) = figure_table::show_with_links(ui, &self.longest_gaps) {
            return self.statistics.gaps.longest().get(row).map(|gap| Picked::Frame(gap.before));
        }
        let (lane, start, last) = picked?;
        let direction = self.gap_plot.lanes.get(lane).and_then(|lane| lane.direction);
        match direction {
            // Only these are what the filter's field is about.
            None if scope == Scope::Session => {
                Some(Picked::Frames(format!("time.after_previous >= {start} ns && time.after_previous <= {last} ns")))
            }
            None => self.statistics.gaps.first_like(start).map(Picked::Frame),
            Some(direction) => self.statistics.ways[direction].gaps.first_like(start).map(Picked::Frame),
        }
    }
}

/// Draws a histogram under its title; the lane and the values of the bar that was picked.
fn picked_bar(ui: &mut Ui, plot: &BarPlot) -> Option<(usize, u64, u64)> {
    if plot.spans.is_empty() {
        return None;
    }
    ui.add_space(theme::GAP);
    theme::section_label(ui, &plot.title.to_uppercase());
    let (lane, span) = bar_plot::show(ui, plot)?;
    plot.spans.get(span).map(|span| (lane, span.start, span.last))
}

/// A condition, and that the frame is of the side that a lane is about.
fn with_side(condition: String, plot: &BarPlot, lane: usize) -> String {
    match plot.lanes.get(lane).and_then(|lane| lane.direction) {
        Some(direction) => format!("{condition} && dir == {}", direction.sender()),
        None => condition,
    }
}
