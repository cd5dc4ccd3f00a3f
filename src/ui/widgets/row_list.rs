//! A list of any number of equally high rows, of which only the visible ones are drawn.
//!
//! The place in the list is a row number and a part of a row, never a distance in points: 32-bit points cannot tell rows apart
//! in lists of millions.

use egui::{Key, Pos2, Rect, Response, Sense, Ui, UiBuilder, Vec2};

use crate::ui::theme::Palette;

const SCROLL_BAR_WIDTH: f32 = 10.0;

/// Where a list is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowList {
    top: u64,
    /// How much of the top row is scrolled away, in rows.
    part: f64,
    /// Whether the list stays at its end while it grows.
    follows: bool,
}

impl Default for RowList {
    fn default() -> Self {
        RowList { top: 0, part: 0.0, follows: true }
    }
}

impl RowList {
    /// A list that begins at its first row and stays there.
    pub fn from_the_start() -> RowList {
        RowList { follows: false, ..RowList::default() }
    }

    /// Whether the list stays at its end while it grows.
    pub fn follows(&self) -> bool {
        self.follows
    }

    /// Stays at the end from now on.
    pub fn follow(&mut self) {
        self.follows = true;
    }

    /// Stays where it is from now on.
    pub fn stay(&mut self) {
        self.follows = false;
    }

    /// Scrolls so that `row` is inside a view of `visible` rows.
    pub fn reveal(&mut self, row: u64, visible: u64) {
        if row < self.top || (row == self.top && self.part > 0.0) {
            (self.top, self.part) = (row, 0.0);
        } else if row + 1 >= self.top + visible {
            (self.top, self.part) = ((row + 1).saturating_sub(visible), 0.0);
        }
    }

    /// Draws the rows that are visible in the rest of `ui`; `draw` gets each row's number and rectangle.
    /// Returns the response of the whole list (for focus and keys) and how many whole rows fit.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        name: &str,
        rows: u64,
        row_height: f32,
        mut draw: impl FnMut(&mut Ui, u64, Rect),
    ) -> (Response, u64) {
        let outer = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(outer);
        // An identity that does not depend on what is drawn before, so that the focus stays.
        let response = ui.interact(outer, ui.scope_id().with((name, "list")), Sense::focusable_noninteractive());
        let visible = f64::from(outer.height() / row_height).max(1.0);
        let last_top = (rows as f64 - visible).max(0.0);
        if self.follows {
            self.scroll_to(last_top);
        }
        if ui.rect_contains_pointer(outer) {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            if wheel != 0.0 {
                let target = (self.top as f64 + self.part - f64::from(wheel / row_height)).clamp(0.0, last_top);
                self.scroll_to(target);
                self.follows = target >= last_top && (wheel < 0.0 || last_top == 0.0);
            }
        }
        if self.top as f64 + self.part > last_top {
            self.scroll_to(last_top);
        }
        let overflows = rows as f64 > visible;
        let width = outer.width() - if overflows { SCROLL_BAR_WIDTH } else { 0.0 };
        let inner = Rect::from_min_size(outer.min, Vec2::new(width, outer.height()));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.set_clip_rect(inner.intersect(ui.clip_rect()));
            let mut y = inner.top() - (self.part * f64::from(row_height)) as f32;
            let mut row = self.top;
            while y < inner.bottom() && row < rows {
                draw(ui, row, Rect::from_min_size(Pos2::new(inner.left(), y), Vec2::new(width, row_height)));
                y += row_height;
                row += 1;
            }
        });
        if overflows {
            self.scroll_bar(ui, name, outer, visible / rows as f64, last_top);
        }
        (response, visible as u64)
    }

    fn scroll_to(&mut self, place: f64) {
        self.top = place as u64;
        self.part = place - place.floor();
    }

    fn scroll_bar(&mut self, ui: &mut Ui, name: &str, outer: Rect, shown: f64, last_top: f64) {
        let palette = Palette::of(ui);
        let bar = Rect::from_min_max(Pos2::new(outer.right() - SCROLL_BAR_WIDTH, outer.top()), outer.max);
        let response = ui.interact(bar, ui.scope_id().with((name, "scroll bar")), Sense::click_and_drag());
        let thumb_height = (bar.height() * shown as f32).max(24.0);
        let travel = (bar.height() - thumb_height).max(1.0);
        if let Some(pointer) = response.interact_pointer_pos() {
            let fraction = f64::from((pointer.y - bar.top() - thumb_height / 2.0) / travel).clamp(0.0, 1.0);
            self.scroll_to(last_top * fraction);
            self.follows = fraction >= 1.0;
        }
        let fraction = if last_top > 0.0 { (self.top as f64 + self.part) / last_top } else { 0.0 };
        let thumb = Rect::from_min_size(
            Pos2::new(bar.left() + 2.0, bar.top() + travel * fraction.min(1.0) as f32),
            Vec2::new(SCROLL_BAR_WIDTH - 4.0, thumb_height),
        );
        let colour = if response.hovered() || response.dragged() { palette.weak } else { palette.line };
        ui.painter().rect_filled(thumb, 3.0, colour);
    }
}

/// Where the keys move a selection in a list, from `selected`, when one of them was pressed.
pub fn moved_selection(ui: &Ui, selected: Option<u64>, rows: u64, visible: u64) -> Option<u64> {
    let last = rows.checked_sub(1)?;
    ui.input(|input| {
        let pressed = |key| input.key_pressed(key);
        let from = selected.map_or(0, |row| row.min(last));
        if pressed(Key::ArrowDown) {
            Some(selected.map_or(0, |_| (from + 1).min(last)))
        } else if pressed(Key::ArrowUp) {
            Some(from.saturating_sub(1))
        } else if pressed(Key::PageDown) {
            Some((from + visible.max(1)).min(last))
        } else if pressed(Key::PageUp) {
            Some(from.saturating_sub(visible.max(1)))
        } else if pressed(Key::Home) {
            Some(0)
        } else if pressed(Key::End) {
            Some(last)
        } else {
            None
        }
    })
}
