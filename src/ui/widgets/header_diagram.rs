//! A frame's header drawn bit by bit, sixteen bits a row, with the fields of RFC 6455 5.2 by their names.

use egui::{Align2, CornerRadius, FontId, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use crate::protocol::frame::{FrameHeader, LengthEncoding};
use crate::ui::theme::{Palette, SMALL};

const BITS_A_ROW: usize = 16;
const ROW_HEIGHT: f32 = 38.0;

struct Field {
    name: &'static str,
    bits: usize,
}

fn fields(header: &FrameHeader) -> Vec<Field> {
    let mut fields = vec![
        Field { name: "FIN", bits: 1 },
        Field { name: "RSV1", bits: 1 },
        Field { name: "RSV2", bits: 1 },
        Field { name: "RSV3", bits: 1 },
        Field { name: "opcode", bits: 4 },
        Field { name: "MASK", bits: 1 },
        Field { name: "payload length", bits: 7 },
    ];
    match header.length_encoding {
        LengthEncoding::SevenBits => {}
        encoding => fields.push(Field { name: "extended payload length", bits: encoding.extra_bytes() * 8 }),
    }
    if header.masking_key.is_some() {
        fields.push(Field { name: "masking key", bits: 32 });
    }
    fields
}

/// What a screen reader says of the diagram: every field with its value.
fn description(header: &FrameHeader) -> String {
    let bit = u8::from;
    let mut text = format!(
        "Frame header: FIN {}, RSV1 {}, RSV2 {}, RSV3 {}, opcode 0x{:X} {}, MASK {}, payload length {}",
        bit(header.fin),
        bit(header.rsv1),
        bit(header.rsv2),
        bit(header.rsv3),
        header.opcode.bits(),
        header.opcode,
        bit(header.masking_key.is_some()),
        header.payload_length
    );
    if let Some(key) = header.masking_key {
        text.push_str(&format!(", masking key {key}"));
    }
    text
}

/// Draws the header over the width that is available.
pub fn show(ui: &mut Ui, header: &FrameHeader) -> Response {
    let mut bytes = Vec::new();
    header.write(&mut bytes);
    let bits: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1 == 1)).collect();
    let rows = bits.len().div_ceil(BITS_A_ROW);
    let (area, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), rows as f32 * ROW_HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, description(header)));
    let painter = ui.painter_at(area);
    let palette = Palette::of(ui);
    let bit_width = area.width() / BITS_A_ROW as f32;
    let mut first_bit = 0;
    for (place, field) in fields(header).iter().enumerate() {
        let mut bit = first_bit;
        let end = first_bit + field.bits;
        // A field that is longer than a row is drawn once in each of its rows.
        while bit < end {
            let row = bit / BITS_A_ROW;
            let row_end = ((row + 1) * BITS_A_ROW).min(end);
            let cell = Rect::from_min_max(
                Pos2::new(area.left() + (bit % BITS_A_ROW) as f32 * bit_width, area.top() + row as f32 * ROW_HEIGHT),
                Pos2::new(
                    area.left() + (bit % BITS_A_ROW + row_end - bit) as f32 * bit_width,
                    area.top() + (row + 1) as f32 * ROW_HEIGHT,
                ),
            )
            .shrink(1.0);
            painter.rect(
                cell,
                CornerRadius::same(3),
                palette.field(place),
                Stroke::new(1.0, palette.line),
                StrokeKind::Inside,
            );
            for (column, value) in bits.get(bit..row_end).unwrap_or_default().iter().enumerate() {
                let centre =
                    Pos2::new(area.left() + ((bit % BITS_A_ROW + column) as f32 + 0.5) * bit_width, cell.top() + 12.0);
                let digit = if *value { "1" } else { "0" };
                let colour = if *value { palette.text } else { palette.weak };
                painter.text(centre, Align2::CENTER_CENTER, digit, FontId::monospace(13.0), colour);
            }
            let size = if field.bits == 1 { (bit_width * 0.33).clamp(6.5, SMALL) } else { SMALL };
            let name = Pos2::new(cell.center().x, cell.bottom() - 9.0);
            painter.with_clip_rect(cell).text(
                name,
                Align2::CENTER_CENTER,
                field.name,
                FontId::proportional(size),
                palette.text,
            );
            bit = row_end;
        }
        first_bit = end;
    }
    response
}
