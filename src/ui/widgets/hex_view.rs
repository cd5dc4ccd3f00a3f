//! Bytes as rows of offset, hexadecimal and characters; only the visible rows are made into text.

use egui::{Align2, FontId, Pos2, Role, Ui, WidgetInfo};

use super::row_list::RowList;
use crate::protocol::hexadecimal;
use crate::ui::theme::Palette;

const ROW_HEIGHT: f32 = 16.0;

/// How many bytes a row can hold at this width.
fn bytes_a_row(width: f32) -> usize {
    if width >= 520.0 { 16 } else { 8 }
}

/// Draws `bytes` in the rest of `ui`; the first `header_length` of them are drawn as the frame's header.
pub fn show(ui: &mut Ui, list: &mut RowList, bytes: &[u8], header_length: usize) {
    let palette = Palette::of(ui);
    let font = FontId::monospace(12.0);
    let per_row = bytes_a_row(ui.available_width());
    let character_width = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    let rows = bytes.len().div_ceil(per_row) as u64;
    list.show(ui, "bytes", rows, ROW_HEIGHT, |ui, row, area| {
        let start = row as usize * per_row;
        let part = bytes.get(start..).unwrap_or_default();
        let part = part.get(..per_row).unwrap_or(part);
        let response = ui.interact(area, ui.scope_id().with(("hexadecimal row", row)), egui::Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(
                Role::Label,
                true,
                format!("{start:06x}: {}", hexadecimal::spaced(part.iter().copied())),
            )
        });
        let painter = ui.painter();
        let text = |x: f32, text: String, colour| {
            painter.text(
                Pos2::new(area.left() + x * character_width, area.center().y),
                Align2::LEFT_CENTER,
                text,
                font.clone(),
                colour,
            );
        };
        text(0.0, format!("{start:06x}"), palette.weak);
        let characters_at = 8.0 + per_row as f32 * 3.0 + 1.0;
        for (place, byte) in part.iter().enumerate() {
            let colour = if start + place < header_length { palette.accent } else { palette.text };
            text(8.0 + place as f32 * 3.0, format!("{byte:02x}"), colour);
            let character = if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '·' };
            text(characters_at + place as f32, character.to_string(), palette.weak);
        }
    });
}
