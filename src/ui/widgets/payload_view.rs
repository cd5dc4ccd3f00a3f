//! A payload as a person chose to see it: text, bytes or a structure, read once and drawn many times.

use egui::text::{LayoutJob, TextFormat};
use egui::{Label, RichText, ScrollArea, TextStyle, Ui};

use super::hex_view;
use super::row_list::RowList;
use super::tree_view::TreeView;
use crate::content::encoding::{Encoding, View};
use crate::content::json;
use crate::content::tree::{End, Kind, Node, Tree};
use crate::protocol::hexadecimal;
use crate::search::Regex;
use crate::ui::action::Action;
use crate::ui::theme::{self, Palette};

/// How much of a text is laid out: all of it when it is short, else its start, since wrapping has a cost for each character.
const LAID_OUT: usize = 64 * 1024;

/// How many bytes of a selected value are shown.
const VALUE_BYTES: usize = 24;

/// How many places in a text are marked.
const MOST_MARKS: usize = 500;

/// What is below a tree: the bytes of the selected value.
const FOOT_HEIGHT: f32 = 30.0;

/// The form that a payload is shown in.
#[derive(Debug, Clone)]
enum Form {
    Nothing,
    Text(String),
    Bytes(RowList),
    Tree(Tree, TreeView),
}

/// A payload that was read through an encoding.
#[derive(Debug, Clone)]
pub struct PayloadView {
    form: Form,
    /// The bytes that were inside the payload's text.
    inside: Option<Vec<u8>>,
    /// What they are.
    heading: Option<String>,
    /// Why it is not what it was read as.
    problem: Option<String>,
    /// Which bound cut it.
    note: Option<String>,
}

impl PayloadView {
    /// The payload through an encoding; JSON as a structure.
    pub fn of(payload: &[u8], encoding: Encoding) -> PayloadView {
        let nothing = PayloadView { form: Form::Nothing, inside: None, heading: None, problem: None, note: None };
        match encoding.view(payload) {
            Ok(view) => nothing.filled(view),
            Err(fault) => PayloadView { problem: Some(format!("Not {}: {fault}.", encoding.title())), ..nothing },
        }
    }

    /// JSON with its indentation made anew.
    pub fn pretty(payload: &[u8]) -> PayloadView {
        let pretty = json::pretty(payload);
        let (form, inside, heading) = (Form::Text(pretty.text), None, None);
        PayloadView { form, inside, heading, problem: None, note: None }.ended(&pretty.end)
    }

    fn filled(mut self, view: View<'_>) -> PayloadView {
        match view {
            View::Text(text) => self.form = Form::Text(text.into_owned()),
            View::Bytes => self.form = Form::Bytes(RowList::from_the_start()),
            View::Tree(tree) => {
                self = self.ended(&tree.end);
                let view = TreeView::of(&tree);
                self.form = Form::Tree(tree, view);
            }
            View::Inside { bytes, encoding, view } => {
                let before = self.heading.map_or("Base64".to_owned(), |heading| heading);
                self.heading = Some(format!("{before} of {}", encoding.title()));
                self.inside = Some(bytes);
                self = self.filled(*view);
            }
        }
        self
    }

    fn ended(mut self, end: &End) -> PayloadView {
        match end {
            End::Complete => {}
            End::Cut { bound, .. } => self.note = Some(format!("Not all of it: {bound}.")),
            End::Fault(fault) => self.problem = Some(format!("Broken: {fault}. What stands before it is shown.")),
        }
        self
    }

    /// What is shown, as text for the clipboard.
    pub fn text(&self, payload: &[u8]) -> String {
        let bytes = self.inside.as_deref().unwrap_or(payload);
        match &self.form {
            Form::Nothing => String::new(),
            Form::Text(text) => text.clone(),
            Form::Bytes(_) => hexadecimal::spaced(bytes.iter().copied()),
            Form::Tree(tree, _) => source(bytes, 0..bytes.len()).unwrap_or_else(|| {
                let line = |node: &Node| {
                    let label = if node.label.is_empty() { String::new() } else { format!("{}: ", node.label) };
                    format!("{}{label}{}", "  ".repeat(node.depth), node.value)
                };
                tree.nodes().iter().map(line).collect::<Vec<_>>().join("\n")
            }),
        }
    }

    /// Draws it in the rest of `ui`; what the needles find in a text is marked.
    pub fn show(&mut self, ui: &mut Ui, payload: &[u8], needles: &[Regex], actions: &mut Vec<Action>) {
        let palette = Palette::of(ui);
        let lines = [(&self.heading, palette.weak), (&self.problem, palette.error), (&self.note, palette.weak)];
        for (line, colour) in lines {
            if let Some(line) = line {
                ui.label(RichText::new(line).color(colour));
            }
        }
        let bytes = self.inside.as_deref().unwrap_or(payload);
        match &mut self.form {
            Form::Nothing => {}
            Form::Text(text) => shown_text(ui, text, needles),
            Form::Bytes(list) => hex_view::show(ui, list, bytes, &[], 0),
            Form::Tree(tree, view) => {
                let height = (ui.available_height() - FOOT_HEIGHT - theme::GAP).max(0.0);
                ui.allocate_ui(egui::Vec2::new(ui.available_width(), height), |ui| {
                    ui.set_height(height);
                    view.show(ui, tree);
                });
                match view.selected(tree) {
                    Some(node) => foot(ui, node, bytes, actions),
                    None => {
                        let hint = "Select a value to see its bytes.";
                        ui.label(RichText::new(hint).size(theme::SMALL).color(palette.weak));
                    }
                }
            }
        }
    }
}

/// Where the selected value stands, its bytes, and a way to take it along.
fn foot(ui: &mut Ui, node: &Node, bytes: &[u8], actions: &mut Vec<Action>) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        if ui.small_button("Copy value").clicked() {
            let is_whole = !node.is_cut && !matches!(node.kind, Kind::Map | Kind::Sequence | Kind::Special);
            let source = || {
                source(bytes, node.range.clone()).unwrap_or_else(|| {
                    let part = bytes.get(node.range.clone()).unwrap_or_default();
                    hexadecimal::spaced(part.iter().copied())
                })
            };
            actions.push(Action::Copy(if is_whole { node.value.clone() } else { source() }));
        }
        let part = bytes.get(node.range.clone()).unwrap_or_default();
        let more = if part.len() > VALUE_BYTES { " …" } else { "" };
        let shown = hexadecimal::spaced(part.iter().take(VALUE_BYTES).copied());
        let place = format!("Bytes {} to {}", node.range.start, node.range.end.saturating_sub(1));
        ui.label(RichText::new(place).size(theme::SMALL).color(palette.weak));
        ui.add(Label::new(RichText::new(format!("{shown}{more}")).monospace().size(theme::SMALL)).truncate());
    });
}

/// A part of a payload as it is written, when that is readable: JSON is.
fn source(bytes: &[u8], range: std::ops::Range<usize>) -> Option<String> {
    let text = std::str::from_utf8(bytes.get(range)?).ok()?;
    let is_readable = |character: char| !character.is_control() || character.is_whitespace();
    text.chars().all(is_readable).then(|| text.to_owned())
}

fn shown_text(ui: &mut Ui, text: &str, needles: &[Regex]) {
    let palette = Palette::of(ui);
    let end = text.char_indices().map(|(place, _)| place).nth(LAID_OUT).unwrap_or(text.len());
    let shown = text.get(..end).unwrap_or(text);
    ScrollArea::vertical().id_salt("text").auto_shrink(false).show(ui, |ui| {
        if shown.is_empty() {
            ui.label(RichText::new("empty").color(palette.weak).italics());
        } else {
            ui.add(Label::new(marked(ui, shown, needles)).wrap());
        }
        if end < text.len() {
            ui.label(
                RichText::new("Only the start is shown. “Save payload…” saves the whole payload of this frame.")
                    .small()
                    .color(palette.weak),
            );
        }
    });
}

/// A text in which the places that the needles find stand out.
fn marked(ui: &Ui, text: &str, needles: &[Regex]) -> LayoutJob {
    let palette = Palette::of(ui);
    let plain = TextFormat::simple(TextStyle::Monospace.resolve(ui.style()), palette.text);
    let mark = TextFormat { background: palette.warning.gamma_multiply(0.35), ..plain.clone() };
    let places = needles.iter().flat_map(|needle| needle.find_iter(text.as_bytes()).take(MOST_MARKS));
    let mut places: Vec<_> = places.map(|found| found.range()).filter(|range| !range.is_empty()).collect();
    places.sort_unstable_by_key(|range| (range.start, range.end));
    let mut job = LayoutJob::default();
    let mut done = 0;
    for range in places {
        // Of marks that overlap the rest is added; a mark inside a character, which only bytes can ask for, is left out.
        let start = range.start.max(done);
        if let (Some(before), Some(found)) = (text.get(done..start), text.get(start..range.end)) {
            job.append(before, 0.0, plain.clone());
            job.append(found, 0.0, mark.clone());
            done = range.end;
        }
    }
    job.append(text.get(done..).unwrap_or_default(), 0.0, plain);
    job
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Filter;

    #[test]
    fn what_a_filter_looks_for_is_marked_once_and_the_text_stays_whole() {
        let filter =
            Filter::parse("payload icontains \"needle\" || json.a matches /le, ./ || !(payload contains \"é\")");
        let needles = filter.unwrap().needles();
        let text = "a needle, é Needle";
        egui::__run_test_ui(|ui| {
            let job = marked(ui, text, &needles);
            assert_eq!(job.text, text);
            let is_marked = |format: &TextFormat| format.background != egui::Color32::TRANSPARENT;
            let marks = job.sections.iter().filter(|section| is_marked(&section.format));
            let lengths: Vec<usize> =
                marks.map(|section| section.byte_range.end.0 - section.byte_range.start.0).collect();
            assert_eq!(lengths, ["needle", ", é", "Needle"].map(str::len));
        });
    }
}
