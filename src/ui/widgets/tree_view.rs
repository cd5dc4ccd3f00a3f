//! A structure as rows that open and close; only the visible ones are made into text.

use std::collections::HashSet;

use egui::{Align2, FontId, Key, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo};

use super::row_list::{RowList, moved_selection};
use crate::content::one_line::one_line;
use crate::content::tree::{Kind, Node, Tree};
use crate::ui::theme::Palette;

const ROW_HEIGHT: f32 = 18.0;

/// How far a level is indented.
const INDENT: f32 = 14.0;

/// Deeper levels are indented no further, so that something of them stays in sight.
const DEEPEST_INDENT: usize = 16;

/// A structure of more nodes is shown with its first two levels open only.
const ALL_OPEN: usize = 500;

/// The most characters of a row's label and of its value.
const CHARACTERS: usize = 160;

/// Which nodes of a tree are open, and which one is selected.
#[derive(Debug, Clone)]
pub struct TreeView {
    list: RowList,
    closed: HashSet<usize>,
    /// The nodes that have a row, made anew when one is opened or closed.
    rows: Vec<usize>,
    /// The selected node by its place in the tree.
    selected: Option<usize>,
    visible: u64,
}

impl TreeView {
    /// A tree as it is first shown.
    pub fn of(tree: &Tree) -> TreeView {
        let is_large = tree.nodes().len() > ALL_OPEN;
        let has_members = |place: usize| tree.end_of(place) > place + 1;
        let closed =
            tree.nodes().iter().enumerate().filter(|(place, node)| is_large && node.depth > 0 && has_members(*place));
        let closed = closed.map(|(place, _)| place).collect();
        let list = RowList::from_the_start();
        let mut view = TreeView { list, closed, rows: Vec::new(), selected: None, visible: 0 };
        view.lay_out(tree);
        view
    }

    /// The selected node.
    pub fn selected<'tree>(&self, tree: &'tree Tree) -> Option<&'tree Node> {
        tree.node(self.selected?)
    }

    fn lay_out(&mut self, tree: &Tree) {
        self.rows.clear();
        let mut place = 0;
        while place < tree.nodes().len() {
            self.rows.push(place);
            place = if self.closed.contains(&place) { tree.end_of(place) } else { place + 1 };
        }
    }

    fn set_open(&mut self, tree: &Tree, place: usize, open: bool) {
        let changed = if open { self.closed.remove(&place) } else { self.closed.insert(place) };
        if changed {
            self.lay_out(tree);
        }
    }

    /// Draws the tree in the rest of `ui`.
    pub fn show(&mut self, ui: &mut Ui, tree: &Tree) {
        let (mut clicked, mut toggled) = (None, None);
        let rows = std::mem::take(&mut self.rows);
        let (closed, selected) = (&self.closed, self.selected);
        let (response, visible) = self.list.show(ui, "tree", rows.len() as u64, ROW_HEIGHT, |ui, row, area| {
            let Some((place, node)) = rows.get(row as usize).and_then(|place| Some((*place, tree.node(*place)?)))
            else {
                return;
            };
            let open = (tree.end_of(place) > place + 1).then(|| !closed.contains(&place));
            let response = draw(ui, node, place, open, selected == Some(place), area);
            if response.clicked() {
                let on_the_mark = response
                    .interact_pointer_pos()
                    .is_some_and(|pointer| pointer.x < area.left() + indent(node) + INDENT);
                if open.is_some() && (on_the_mark || selected == Some(place)) {
                    toggled = open.map(|open| (place, !open));
                }
                clicked = Some(place);
            }
        });
        self.rows = rows;
        self.visible = visible;
        if let Some(place) = clicked {
            self.selected = Some(place);
            response.request_focus();
        }
        if let Some((place, open)) = toggled {
            self.set_open(tree, place, open);
        }
        if response.has_focus() {
            let arrows = egui::EventFilter { vertical_arrows: true, horizontal_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            self.keys(ui, tree);
        }
    }

    fn keys(&mut self, ui: &Ui, tree: &Tree) {
        let row = self.selected.and_then(|selected| self.rows.binary_search(&selected).ok());
        if let Some(row) = moved_selection(ui, row.map(|row| row as u64), self.rows.len() as u64, self.visible) {
            self.selected = self.rows.get(row as usize).copied();
            self.list.reveal(row, self.visible);
        }
        let Some(place) = self.selected else { return };
        let (left, right) = ui.input(|input| (input.key_pressed(Key::ArrowLeft), input.key_pressed(Key::ArrowRight)));
        if tree.end_of(place) > place + 1 && (left || right) {
            self.set_open(tree, place, right);
        }
    }
}

fn indent(node: &Node) -> f32 {
    4.0 + node.depth.min(DEEPEST_INDENT) as f32 * INDENT
}

/// The value as a row shows it.
fn value_text(node: &Node) -> String {
    let value = one_line(&node.value, CHARACTERS);
    let cut = if node.is_cut && !value.ends_with('…') { "…" } else { "" };
    if node.kind == Kind::Text { format!("\"{value}{cut}\"") } else { format!("{value}{cut}") }
}

fn draw(ui: &mut Ui, node: &Node, place: usize, open: Option<bool>, selected: bool, area: Rect) -> egui::Response {
    let palette = Palette::of(ui);
    let response = ui.interact(area, ui.scope_id().with(("tree row", place)), Sense::click());
    let (label, value) = (one_line(&node.label, CHARACTERS), value_text(node));
    let label = if label.is_empty() { label } else { format!("{label}: ") };
    let remark = node.remark.as_deref().unwrap_or_default();
    response.widget_info(|| {
        let remark = if remark.is_empty() { String::new() } else { format!(" ({remark})") };
        WidgetInfo::selected(Role::TreeItem, true, selected, format!("{label}{value}{remark}"))
    });
    if let Some(open) = open {
        ui.ctx().accesskit_node_builder(response.id, |builder| builder.set_expanded(open));
    }
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    if selected {
        painter.rect_filled(area, 2.0, palette.selected);
    } else if response.hovered() {
        painter.rect_filled(area, 2.0, palette.raised);
    }
    let mut x = area.left() + indent(node);
    if let Some(open) = open {
        let centre = Pos2::new(x + 4.0, area.center().y);
        let corners =
            if open { [(-3.5, -2.0), (3.5, -2.0), (0.0, 3.0)] } else { [(-2.0, -3.5), (3.0, 0.0), (-2.0, 3.5)] };
        let points = corners.iter().map(|(x, y)| centre + Vec2::new(*x, *y)).collect();
        painter.add(Shape::convex_polygon(points, palette.weak, Stroke::NONE));
    }
    x += INDENT;
    let font = FontId::monospace(12.0);
    let colour = match node.kind {
        Kind::Number | Kind::Boolean | Kind::Null => palette.accent,
        Kind::Map | Kind::Sequence | Kind::Special => palette.weak,
        Kind::Text | Kind::Bytes => palette.text,
    };
    for (text, colour) in [(label, palette.weak), (value, colour)] {
        x = painter.text(Pos2::new(x, area.center().y), Align2::LEFT_CENTER, text, font.clone(), colour).right();
    }
    if !remark.is_empty() {
        let place = Pos2::new(x + 8.0, area.center().y);
        painter.text(place, Align2::LEFT_CENTER, remark, FontId::proportional(11.0), palette.weak);
    }
    response
}
