//! The table of frames: a row each, newest at the end, followed until somebody scrolls.

use egui::{Align2, FontId, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::hexadecimal;
use crate::protocol::opcode::Opcode;
use crate::session::{FrameRow, Session};
use crate::ui::format;
use crate::ui::theme::{self, Palette, ROW_HEIGHT, SMALL};
use crate::ui::widgets::row_list::{RowList, moved_selection};
use crate::ui::widgets::timeline_canvas::mark_shape;

/// How many payload bytes are read for a preview.
const PREVIEW: u64 = 160;

/// Below this width the table leaves out what a person misses least.
const COMPACT_WIDTH: f32 = 660.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    Time,
    Delta,
    Sender,
    Opcode,
    Flags,
    Length,
    Payload,
}

impl Column {
    /// The columns that a table of this width has, each with its width in points; the last takes what is left.
    fn of_table(width: f32) -> &'static [(Column, f32)] {
        if width < COMPACT_WIDTH {
            &[
                (Column::Number, 44.0),
                (Column::Time, 76.0),
                (Column::Sender, 58.0),
                (Column::Opcode, 92.0),
                (Column::Length, 56.0),
                (Column::Payload, 0.0),
            ]
        } else {
            &[
                (Column::Number, 56.0),
                (Column::Time, 76.0),
                (Column::Delta, 70.0),
                (Column::Sender, 60.0),
                (Column::Opcode, 100.0),
                (Column::Flags, 76.0),
                (Column::Length, 72.0),
                (Column::Payload, 0.0),
            ]
        }
    }

    /// The columns with the place of their left edge.
    fn placed(width: f32) -> impl Iterator<Item = (Column, f32)> {
        Column::of_table(width).iter().scan(8.0, |next, (column, width)| {
            let left = *next;
            *next += width;
            Some((*column, left))
        })
    }

    fn title(self) -> &'static str {
        match self {
            Column::Number => "No.",
            Column::Time => "Time (s)",
            Column::Delta => "Delta",
            Column::Sender => "From",
            Column::Opcode => "Opcode",
            Column::Flags => "Flags",
            Column::Length => "Length",
            Column::Payload => "Payload",
        }
    }
}

/// What the table remembers between two drawings.
#[derive(Debug, Clone, Default)]
pub struct FrameTable {
    list: RowList,
    shown_selection: Option<FrameNumber>,
    visible: u64,
}

impl FrameTable {
    /// Draws the table in the rest of `ui`; a session that is not live gets no more frames; `selected` is changed by clicks and keys.
    pub fn show(&mut self, ui: &mut Ui, session: &Session, is_live: bool, selected: &mut Option<FrameNumber>) {
        self.head(ui, session);
        let rows = session.frames.len() as u64;
        if rows == 0 {
            let weak = Palette::of(ui).weak;
            ui.add_space(theme::GROUP_GAP);
            ui.vertical_centered(|ui| ui.label(egui::RichText::new(empty_text(session, is_live)).color(weak)));
            return;
        }
        if self.shown_selection != *selected {
            self.shown_selection = *selected;
            if let Some(number) = *selected {
                self.list.stay();
                self.list.reveal(number.index() as u64, self.visible);
            }
        }
        let mut clicked = None;
        let (response, visible) = self.list.show(ui, "frames", rows, ROW_HEIGHT, |ui, row, area| {
            let number = FrameNumber::from_index(row as usize);
            if draw_row(ui, session, number, area, *selected == Some(number)) {
                clicked = Some(number);
            }
        });
        self.visible = visible;
        if let Some(number) = clicked {
            *selected = Some(number);
            self.shown_selection = *selected;
            self.list.stay();
            response.request_focus();
        }
        if response.has_focus() {
            // Without this the arrow keys would move the focus away.
            let arrows = egui::EventFilter { vertical_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let current = selected.map(|number| number.index() as u64);
            if let Some(row) = moved_selection(ui, current, rows, visible) {
                *selected = Some(FrameNumber::from_index(row as usize));
            }
        }
    }

    fn head(&mut self, ui: &mut Ui, session: &Session) {
        let palette = Palette::of(ui);
        let (area, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT + 2.0), Sense::hover());
        let painter = ui.painter_at(area);
        painter.rect_filled(area, 3.0, palette.raised);
        for (column, left) in Column::placed(area.width()) {
            let place = Pos2::new(area.left() + left, area.center().y);
            painter.text(place, Align2::LEFT_CENTER, column.title(), FontId::proportional(SMALL), palette.weak);
        }
        if !self.list.follows() && !session.verdict.is_final() {
            let place = Rect::from_min_size(area.right_top() - Vec2::new(110.0, 0.0), Vec2::new(106.0, area.height()));
            if ui.put(place, egui::Button::new("Follow newest").small()).clicked() {
                self.list.follow();
            }
        }
    }
}

fn empty_text(session: &Session, is_live: bool) -> &'static str {
    if session.verdict.is_final() {
        "No frame crossed in this session."
    } else if !is_live {
        "No frame is on record."
    } else if session.handshake.is_upgraded() {
        "Connected. The first frame will appear here."
    } else {
        "Connecting…"
    }
}

/// FIN, RSV bits and MASK that are set, in the order of the header.
fn flags(row: &FrameRow) -> String {
    let mut flags = Vec::new();
    if row.fin() {
        flags.push("FIN");
    }
    for (set, name) in row.reserved_bits().into_iter().zip(["R1", "R2", "R3"]) {
        if set {
            flags.push(name);
        }
    }
    if row.is_masked() {
        flags.push("MASK");
    }
    flags.join(" ")
}

/// The start of a frame's payload on one line.
pub fn preview(session: &Session, number: FrameNumber, row: &FrameRow) -> String {
    // Inflating may take long, which is no work for a paint.
    if let Some(message) = session.message_of(number)
        && let Some(inflated) = message.inflated
    {
        return if number != message.first_frame {
            format!("more of {}", message.first_frame)
        } else if let Some(problem) = inflated.problem {
            problem.to_string()
        } else {
            let sent = format::bytes(message.payload_length);
            format!("compressed: {sent}, inflated: {}", format::bytes(inflated.length))
        };
    }
    let payload = session.payload(row, PREVIEW);
    let mut text = match row.opcode() {
        Opcode::Close => match payload.as_slice() {
            [] => "no code (length 0)".into(),
            [high, low, reason @ ..] => {
                let code = u16::from_be_bytes([*high, *low]);
                format!("{code} {}", format::one_line(&String::from_utf8_lossy(reason), 120))
            }
            [byte] => format!("{byte:02x} (half a code)"),
        },
        Opcode::Binary | Opcode::Reserved(_) => hexadecimal::spaced(payload.into_iter().take(32)),
        _ => match std::str::from_utf8(&payload) {
            Ok(text) => format::one_line(text, 140),
            // A preview may end inside a character.
            Err(error) if error.error_len().is_none() => {
                format::one_line(&String::from_utf8_lossy(payload.get(..error.valid_up_to()).unwrap_or_default()), 140)
            }
            Err(_) => hexadecimal::spaced(payload.into_iter().take(32)),
        },
    };
    if !session.is_complete(row) {
        let received = session.received_payload(row);
        text = format!("{} of {} · {text}", format::bytes(received), format::bytes(row.payload_length));
    }
    text
}

fn draw_row(ui: &mut Ui, session: &Session, number: FrameNumber, area: Rect, selected: bool) -> bool {
    let Some(row) = session.frame(number) else { return false };
    let response = ui.interact(area, ui.scope_id().with(("frame", number.0)), Sense::click());
    let preview = preview(session, number, row);
    let opcode = row.opcode();
    let sender = row.direction.sender();
    response.widget_info(|| {
        let text =
            format!("Frame {}: {opcode} from the {sender}, {}, {preview}", number.0, format::bytes(row.payload_length));
        WidgetInfo::selected(Role::ListItem, true, selected, text)
    });
    let palette = Palette::of(ui);
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    if selected {
        painter.rect_filled(area, 0.0, palette.selected);
    } else if response.hovered() {
        painter.rect_filled(area, 0.0, palette.raised);
    } else if number.0.is_multiple_of(2) {
        painter.rect_filled(area, 0.0, ui.visuals().faint_bg_color);
    }
    if let Some(severity) = row.worst_finding {
        let mark = Rect::from_min_size(area.min, Vec2::new(3.0, area.height()));
        painter.rect_filled(mark, 0.0, palette.severity(severity));
    }
    for (column, left) in Column::placed(area.width()) {
        let (text, colour, monospace) = match column {
            Column::Number => (number.0.to_string(), palette.weak, true),
            Column::Time => (row.at.to_string(), palette.text, true),
            Column::Delta => {
                let before = number.index().checked_sub(1).and_then(|index| session.frames.get(index));
                let delta = before.map(|before| format::duration(row.at.since(before.at)));
                (delta.unwrap_or_default(), palette.weak, true)
            }
            Column::Sender => {
                let arrow = if sender == Side::Client { '→' } else { '←' };
                (format!("{arrow} {sender}"), palette.direction(row.direction), false)
            }
            Column::Opcode => (opcode.to_string(), palette.opcode(opcode), false),
            Column::Flags => (flags(row), palette.weak, false),
            Column::Length => (format::count(row.payload_length), palette.text, true),
            Column::Payload => (preview.clone(), palette.text, true),
        };
        let mut place = Pos2::new(area.left() + left, area.center().y);
        if column == Column::Opcode {
            let centre = place + Vec2::new(5.0, 0.0);
            painter.add(mark_shape(opcode, centre, palette.opcode(opcode), palette.ground));
            place.x += 16.0;
        }
        let font = if monospace { FontId::monospace(12.0) } else { FontId::proportional(12.5) };
        painter.text(place, Align2::LEFT_CENTER, text, font, colour);
    }
    response.clicked()
}
