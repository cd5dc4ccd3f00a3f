//! A table of figures: names at the left, figures below each other at the right, all of it labels.

use egui::{Align, FontId, Label, Layout, RichText, Ui, UiBuilder, Vec2};

use crate::reading::statistics::Table;
use crate::ui::theme::{self, Palette};

const SIZE: f32 = 12.5;
const ROW_HEIGHT: f32 = 18.0;
/// The least space between two columns.
const BETWEEN: f32 = 8.0;
/// A wider table would be hard to read along its rows.
const WIDEST: f32 = 480.0;

/// Draws a table; nothing where it has no row.
pub fn show(ui: &mut Ui, table: &Table) {
    draw(ui, table, false);
}

/// The same with names that can be clicked; gives the row of the one that was.
pub fn show_with_links(ui: &mut Ui, table: &Table) -> Option<usize> {
    draw(ui, table, true)
}

fn draw(ui: &mut Ui, table: &Table, has_links: bool) -> Option<usize> {
    if table.rows.is_empty() {
        return None;
    }
    ui.add_space(theme::GAP);
    theme::section_label(ui, &table.title.to_uppercase());
    let weak = Palette::of(ui).weak;
    let widths: Vec<f32> = (0..table.head.len()).map(|column| width(ui, table, column)).collect();
    let free = ui.available_width().min(WIDEST) - widths.iter().sum::<f32>();
    let between = (free / (widths.len().max(2) - 1) as f32).max(BETWEEN);
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing, Vec2::ZERO);
    let mut clicked = None;
    line(ui, &widths, between, |ui, column| {
        let name = table.head.get(column).copied().unwrap_or_default();
        if !name.is_empty() {
            ui.add(Label::new(RichText::new(name).size(theme::SMALL).color(weak)).extend());
        }
    });
    for (place, row) in table.rows.iter().enumerate() {
        line(ui, &widths, between, |ui, column| {
            let Some(cell) = row.get(column).filter(|cell| !cell.is_empty()) else { return };
            let text = RichText::new(cell).size(SIZE);
            match column {
                0 if has_links => {
                    if ui.link(text).clicked() {
                        clicked = Some(place);
                    }
                }
                0 => drop(ui.add(Label::new(text.color(weak)).extend())),
                _ => drop(ui.add(Label::new(text).extend())),
            }
        });
    }
    if let Some(remark) = &table.remark {
        ui.label(RichText::new(remark).small().color(weak));
    }
    ui.spacing_mut().item_spacing = spacing;
    ui.add_space(theme::GAP);
    clicked
}

/// The width of the widest cell of a column.
fn width(ui: &Ui, table: &Table, column: usize) -> f32 {
    let colour = Palette::of(ui).text;
    let measure = |text: &str, size: f32| {
        ui.fonts_mut(|fonts| fonts.layout_no_wrap(text.to_owned(), FontId::proportional(size), colour).size().x)
    };
    let cells = table.rows.iter().filter_map(|row| row.get(column)).map(|cell| measure(cell, SIZE));
    let head = table.head.get(column).map(|name| measure(name, theme::SMALL));
    cells.chain(head).fold(0.0, f32::max).ceil()
}

/// A line of cells; the first one begins at the left, the others end at the right of their columns.
fn line(ui: &mut Ui, widths: &[f32], between: f32, mut cell: impl FnMut(&mut Ui, usize)) {
    let (area, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), egui::Sense::hover());
    let mut left = area.left();
    for (column, width) in widths.iter().enumerate() {
        let place = egui::Rect::from_min_size(egui::pos2(left, area.top()), Vec2::new(*width, ROW_HEIGHT));
        let layout = match column {
            0 => Layout::left_to_right(Align::Center),
            _ => Layout::right_to_left(Align::Center),
        };
        cell(&mut ui.new_child(UiBuilder::new().max_rect(place).layout(layout)), column);
        left += width + between;
    }
}
