//! Bytes as rows of offset, hexadecimal and characters; only the visible rows are made into text.

use std::ops::Range;

use egui::{Align2, FontId, Painter, Pos2, Rect, Role, Stroke, Ui, WidgetInfo};

use super::row_list::RowList;
use crate::ui::theme::Palette;

const ROW_HEIGHT: f32 = 16.0;

/// How far the lines of a hatching are from each other.
const HATCH: f32 = 5.0;

/// How many bytes a row can hold at this width.
fn bytes_a_row(width: f32) -> usize {
    if width >= 520.0 { 16 } else { 8 }
}

/// The bytes in hexadecimal, with question marks in the place of those that are missing.
pub fn spaced(bytes: &[u8], missing: &[Range<usize>]) -> String {
    let digits = bytes.iter().enumerate().map(|(place, byte)| match is_in(missing, place) {
        true => "??".to_owned(),
        false => format!("{byte:02x}"),
    });
    digits.collect::<Vec<_>>().join(" ")
}

/// Whether a place lies in one of these ranges, which are in order.
fn is_in(ranges: &[Range<usize>], place: usize) -> bool {
    let next = ranges.partition_point(|range| range.end <= place);
    ranges.get(next).is_some_and(|range| range.start <= place)
}

/// Hatches an area in which there is nothing to show.
fn hatch(painter: &Painter, area: Rect, palette: &Palette) {
    let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
    painter.rect_filled(area, 0.0, palette.line.gamma_multiply(0.4));
    let stroke = Stroke::new(1.0, palette.weak.gamma_multiply(0.7));
    let lines = ((area.width() + area.height()) / HATCH) as usize;
    for line in 0..=lines {
        let x = area.left() + line as f32 * HATCH;
        painter.line_segment([Pos2::new(x, area.top()), Pos2::new(x - area.height(), area.bottom())], stroke);
    }
}

/// Draws `bytes` in the rest of `ui`; the first `header_length` of them are drawn as the frame's header, and those that are missing,
/// whose values mean nothing, are hatched.
pub fn show(ui: &mut Ui, list: &mut RowList, bytes: &[u8], missing: &[Range<usize>], header_length: usize) {
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
            let missing =
                missing.iter().map(|range| range.start.saturating_sub(start)..range.end.saturating_sub(start));
            let digits = spaced(part, &missing.collect::<Vec<_>>());
            WidgetInfo::labeled(Role::Label, true, format!("{start:06x}: {digits}"))
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
        let column = |x: f32, width: f32| {
            let left = area.left() + x * character_width;
            let cell = Rect::from_x_y_ranges(left..=left + width * character_width, area.y_range());
            hatch(painter, cell.shrink2([0.0, 1.0].into()), palette);
        };
        for (place, byte) in part.iter().enumerate() {
            if is_in(missing, start + place) {
                // Up to the next one, so that a run is one area.
                let is_last = place + 1 == part.len() || !is_in(missing, start + place + 1);
                column(8.0 + place as f32 * 3.0, if is_last { 2.0 } else { 3.0 });
                column(characters_at + place as f32, 1.0);
                continue;
            }
            let colour = if start + place < header_length { palette.accent } else { palette.text };
            text(8.0 + place as f32 * 3.0, format!("{byte:02x}"), colour);
            let character = if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '·' };
            text(characters_at + place as f32, character.to_string(), palette.weak);
        }
    });
}
