//! The table of frames: a row each, newest at the end, followed until somebody scrolls.

use egui::{Align2, FontId, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::content::subprotocol::Subprotocol;
use crate::protocol::direction::Side;
use crate::protocol::frame::FrameNumber;
use crate::protocol::verdict::Outcome;
use crate::reading::Previewer;
use crate::search::Matches;
use crate::session::{FrameRow, Session, Stretch};
use crate::ui::format;
use crate::ui::theme::{self, Palette, ROW_HEIGHT, SMALL};
use crate::ui::widgets::row_list::{RowList, moved_selection};
use crate::ui::widgets::timeline_canvas::mark_shape;

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

/// The frames that a filter leaves in the table.
#[derive(Debug, Clone, Copy)]
pub struct Filtered<'search> {
    /// These.
    pub matches: &'search Matches,
    /// Another number for another filter.
    pub generation: u64,
    /// Whether no more will be found in what there is.
    pub is_complete: bool,
}

/// Which frames have a row.
#[derive(Debug, Clone, Copy)]
enum Rows<'search> {
    All(usize),
    Matching(&'search Matches),
}

impl Rows<'_> {
    fn count(self) -> u64 {
        match self {
            Rows::All(count) => count as u64,
            Rows::Matching(matches) => matches.len() as u64,
        }
    }

    fn frame(self, row: u64) -> Option<FrameNumber> {
        match self {
            Rows::All(_) => Some(FrameNumber::from_index(row as usize)),
            Rows::Matching(matches) => matches.get(row as usize),
        }
    }

    /// A frame's row, or the one before its place when it has none.
    fn row(self, number: FrameNumber) -> u64 {
        match self {
            Rows::All(_) => number.index() as u64,
            Rows::Matching(matches) => {
                let before = matches.before(number.index());
                if matches.contains(number) { before as u64 } else { before.saturating_sub(1) as u64 }
            }
        }
    }
}

/// How a row stands to what is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Usual,
    InStretch,
    Selected,
}

/// What the table remembers between two drawings.
#[derive(Debug, Default)]
pub struct FrameTable {
    list: RowList,
    previewer: Previewer,
    shown_selection: Option<FrameNumber>,
    visible: u64,
    /// The filter that the rows were of.
    generation: Option<u64>,
}

impl FrameTable {
    /// Draws the table in the rest of `ui`, of the `filtered` frames when there is a filter, messages read by `subprotocol`; `selected`
    /// is changed by clicks and keys, and with Shift they select a `stretch`.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        filtered: Option<Filtered<'_>>,
        subprotocol: Option<Subprotocol>,
        selected: &mut Option<FrameNumber>,
        stretch: &mut Option<Stretch>,
    ) {
        self.head(ui, session);
        let shown = filtered.map_or(Rows::All(session.frames.len()), |filtered| Rows::Matching(filtered.matches));
        let rows = shown.count();
        self.begin_anew(session, filtered);
        if rows == 0 {
            let weak = Palette::of(ui).weak;
            ui.add_space(theme::GROUP_GAP);
            ui.vertical_centered(|ui| ui.label(egui::RichText::new(empty_text(session, filtered)).color(weak)));
            return;
        }
        if self.shown_selection != *selected {
            self.shown_selection = *selected;
            if let Some(number) = *selected {
                self.list.stay();
                self.list.reveal(shown.row(number), self.visible);
            }
        }
        let mut clicked = None;
        let in_stretch = stretch.map_or(0..0, |stretch| stretch.frames(session));
        let previewer = &mut self.previewer;
        let (response, visible) = self.list.show(ui, "frames", rows, ROW_HEIGHT, |ui, row, area| {
            let Some((number, frame)) = shown.frame(row).and_then(|number| Some((number, session.frame(number)?)))
            else {
                return;
            };
            let preview = previewer.line(session, number, frame, subprotocol);
            let standing = if *selected == Some(number) {
                Standing::Selected
            } else if in_stretch.contains(&number.index()) {
                Standing::InStretch
            } else {
                Standing::Usual
            };
            if draw_row(ui, session, (number, row), &preview, area, standing) {
                clicked = Some(number);
            }
        });
        self.visible = visible;
        if let Some(number) = clicked {
            select(ui, number, selected, stretch);
            self.shown_selection = *selected;
            self.list.stay();
            response.request_focus();
        }
        if response.has_focus() {
            // Without this the arrow keys would move the focus away.
            let filter = egui::EventFilter { vertical_arrows: true, escape: stretch.is_some(), ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            let current = selected.map(|number| shown.row(number));
            let moved = moved_selection(ui, current, rows, visible);
            if let Some(number) = moved.and_then(|row| shown.frame(row)) {
                select(ui, number, selected, stretch);
            }
            if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
                *stretch = None;
            }
        }
    }

    /// With another filter the table has other rows: those of a session that has ended are shown from the start.
    fn begin_anew(&mut self, session: &Session, filtered: Option<Filtered<'_>>) {
        let generation = filtered.map(|filtered| filtered.generation);
        if self.generation == generation {
            return;
        }
        self.generation = generation;
        self.shown_selection = None;
        if session.verdict.is_final() && filtered.is_some() {
            self.list = RowList::from_the_start();
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

/// Selects a frame; with Shift also the stretch from where the selection was.
fn select(ui: &Ui, number: FrameNumber, selected: &mut Option<FrameNumber>, stretch: &mut Option<Stretch>) {
    let begun_at = match *stretch {
        Some(Stretch::Frames { from, .. }) => Some(from),
        Some(Stretch::Time { .. }) | None => None,
    };
    if ui.input(|input| input.modifiers.shift) {
        let from = begun_at.or(*selected).unwrap_or(number);
        *stretch = Some(Stretch::Frames { from, to: number });
    } else if begun_at.is_some() {
        // As in any list, one row takes the place of several; a stretch of time stays.
        *stretch = None;
    }
    *selected = Some(number);
}

fn empty_text(session: &Session, filtered: Option<Filtered<'_>>) -> &'static str {
    if let Some(filtered) = filtered {
        return if filtered.is_complete { "No frame matches the filter." } else { "Searching…" };
    }
    if session.verdict.outcome == Outcome::CutOff {
        "No frame is on record."
    } else if session.verdict.is_final() {
        "No frame crossed in this session."
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

fn draw_row(
    ui: &mut Ui,
    session: &Session,
    (number, place): (FrameNumber, u64),
    preview: &str,
    area: Rect,
    standing: Standing,
) -> bool {
    let Some(row) = session.frame(number) else { return false };
    let response = ui.interact(area, ui.scope_id().with(("frame", number.0)), Sense::click());
    let opcode = row.opcode();
    let sender = row.direction.sender();
    response.widget_info(|| {
        let text =
            format!("Frame {}: {opcode} from the {sender}, {}, {preview}", number.0, format::bytes(row.payload_length));
        WidgetInfo::selected(Role::ListItem, true, standing == Standing::Selected, text)
    });
    let palette = Palette::of(ui);
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    if standing == Standing::Selected {
        painter.rect_filled(area, 0.0, palette.selected);
    } else if standing == Standing::InStretch {
        painter.rect_filled(area, 0.0, palette.selected.gamma_multiply(0.45));
    } else if response.hovered() {
        painter.rect_filled(area, 0.0, palette.raised);
    } else if place % 2 == 1 {
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
            Column::Payload => (preview.to_owned(), palette.text, true),
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
