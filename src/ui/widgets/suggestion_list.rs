//! A list of what can be written, below the field that it is for; keys are the field's business, clicks this one's.

use egui::{Align2, Area, FontId, Frame, Id, Margin, Order, Pos2, Rect, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo};

use crate::search::Completion;
use crate::ui::theme::Palette;

const ROW_HEIGHT: f32 = 22.0;

/// How many rows are in sight at once.
const ROWS: usize = 9;

/// The narrowest and the widest that the list is, in points.
const WIDTHS: std::ops::RangeInclusive<f32> = 320.0..=560.0;

/// Draws the list below `field`; gives the suggestion that was clicked.
pub fn show(ui: &Ui, id: Id, field: Rect, completion: &Completion, chosen: Option<usize>) -> Option<usize> {
    let palette = Palette::of(ui);
    let mut clicked = None;
    let label_font = FontId::monospace(12.5);
    let width = field.width().clamp(*WIDTHS.start(), *WIDTHS.end());
    let place = Pos2::new(field.left(), field.bottom() + 3.0);
    let area = Area::new(id).order(Order::Foreground).fixed_pos(place).constrain(true);
    area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(4)).show(ui, |ui| {
            ui.set_width(width);
            let height = ROW_HEIGHT * completion.suggestions.len().min(ROWS) as f32;
            ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(
                ui,
                |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    let labels = completion.suggestions.iter().map(|suggestion| suggestion.label.chars().count());
                    let label_width = (labels.max().unwrap_or(0) as f32 * 7.6 + 20.0).min(width * 0.6);
                    for (place, suggestion) in completion.suggestions.iter().enumerate() {
                        let size = Vec2::new(ui.available_width(), ROW_HEIGHT);
                        let (row, response) = ui.allocate_exact_size(size, Sense::click());
                        let is_chosen = chosen == Some(place);
                        response.widget_info(|| {
                            let text = format!("{}: {}", suggestion.label, suggestion.description);
                            WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, text)
                        });
                        if is_chosen {
                            ui.painter().rect_filled(row, 3.0, palette.selected);
                            response.scroll_to_me(None);
                        } else if response.hovered() {
                            ui.painter().rect_filled(row, 3.0, palette.raised);
                        }
                        let painter = ui.painter().with_clip_rect(row.intersect(ui.clip_rect()));
                        let left = row.left_center() + Vec2::new(8.0, 0.0);
                        painter.text(left, Align2::LEFT_CENTER, &suggestion.label, label_font.clone(), palette.text);
                        let beside = left + Vec2::new(label_width, 0.0);
                        let font = FontId::proportional(12.0);
                        painter.text(beside, Align2::LEFT_CENTER, &suggestion.description, font, palette.weak);
                        if response.clicked() {
                            clicked = Some(place);
                        }
                    }
                },
            );
        });
    });
    clicked
}
