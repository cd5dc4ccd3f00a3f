//! The bytes of a Close frame with each field marked and named underneath.

use egui::{Align2, CornerRadius, FontId, Pos2, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::explain::marked_close::{CloseField, MarkedClose};
use crate::protocol::hexadecimal;
use crate::ui::theme::Palette;

const CELL: Vec2 = Vec2::new(26.0, 24.0);

fn place(field: CloseField) -> usize {
    match field {
        CloseField::FirstByte => 0,
        CloseField::Length => 1,
        CloseField::MaskingKey => 4,
        CloseField::Code | CloseField::HalfCode => 3,
        CloseField::Reason => 2,
    }
}

/// Draws the bytes in cells, then a line for each field.
pub fn show(ui: &mut Ui, close: &MarkedClose) {
    let palette = Palette::of(ui);
    let values: Vec<u8> = close.bytes.iter().map(|byte| byte.value).collect();
    let per_row = ((ui.available_width() / CELL.x) as usize).clamp(4, 32);
    let rows = values.len().div_ceil(per_row);
    let size = Vec2::new(per_row.min(values.len()) as f32 * CELL.x, rows as f32 * CELL.y);
    let (area, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(
            Role::Image,
            true,
            format!("Close frame bytes {}", hexadecimal::spaced(values.iter().copied())),
        )
    });
    let painter = ui.painter_at(area);
    for (index, byte) in close.bytes.iter().enumerate() {
        let corner = area.min + Vec2::new((index % per_row) as f32 * CELL.x, (index / per_row) as f32 * CELL.y);
        let cell = Rect::from_min_size(corner, CELL).shrink(1.0);
        painter.rect_filled(cell, CornerRadius::same(3), palette.field(place(byte.field)));
        let text = format!("{:02x}", byte.value);
        let centre = Pos2::new(cell.center().x, cell.center().y);
        painter.text(centre, Align2::CENTER_CENTER, text, FontId::monospace(13.0), palette.text);
    }
    ui.spacing_mut().item_spacing.y = 2.0;
    for field in &close.fields {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.spacing_mut().interact_size.y = 16.0;
            let (swatch, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
            ui.painter().rect_filled(swatch, 2.0, palette.field(place(field.field)));
            let bytes = values.get(field.range.clone()).unwrap_or_default();
            ui.label(RichText::new(hexadecimal::spaced(bytes.get(..8).unwrap_or(bytes).iter().copied())).monospace());
            ui.label(RichText::new(&field.name).strong());
            ui.label(RichText::new(&field.meaning).color(palette.weak));
        });
    }
}
