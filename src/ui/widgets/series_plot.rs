//! A small plot of durations over time: one mark for each, the higher the longer it took; where a column has several, the longest counts.

use std::time::Duration;

use egui::{Align2, FontId, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::protocol::moment::Moment;
use crate::ui::format;
use crate::ui::theme::{Palette, SMALL};

const HEIGHT: f32 = 92.0;
/// Room for the numbers of the axes.
const LEFT: f32 = 54.0;
const BOTTOM: f32 = 16.0;
/// The width of a column, in points.
const COLUMN: f32 = 3.0;

/// A plot's column: the exchange that took longest in it.
#[derive(Clone, Copy)]
struct Column {
    index: usize,
    at: Moment,
    took: Duration,
}

/// Draws the plot; `times` are in the order of their moments. Gives the place of the mark that was clicked.
pub fn show(ui: &mut Ui, label: &str, times: &[(Moment, Duration)]) -> Option<usize> {
    let palette = Palette::of(ui);
    let (outer, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    let area = Rect::from_min_max(outer.min + Vec2::new(LEFT, 6.0), outer.max - Vec2::new(6.0, BOTTOM));
    let painter = ui.painter_at(outer);
    painter.rect_filled(outer, 4.0, palette.ground);
    let (Some((first, _)), Some((last, _))) = (times.first(), times.last()) else { return None };
    let longest = times.iter().map(|(_, took)| *took).max().unwrap_or_default().max(Duration::from_nanos(1));
    let span = last.since(*first).max(Duration::from_nanos(1));
    let place = |at: Moment, took: Duration| {
        let across = at.since(*first).as_secs_f64() / span.as_secs_f64();
        let up = took.as_secs_f64() / longest.as_secs_f64();
        Pos2::new(area.left() + area.width() * across as f32, area.bottom() - area.height() * up as f32)
    };
    let text = |at: Pos2, align, text: String| {
        painter.text(at, align, text, FontId::proportional(SMALL), palette.weak);
    };
    for (part, took) in [(0.0, Duration::ZERO), (0.5, longest / 2), (1.0, longest)] {
        let y = area.bottom() - area.height() * part;
        painter.hline(area.x_range(), y, Stroke::new(1.0, palette.line));
        let name = if took.is_zero() { "0".to_owned() } else { format::duration(took) };
        text(Pos2::new(area.left() - 6.0, y), Align2::RIGHT_CENTER, name);
    }
    text(area.left_bottom() + Vec2::new(0.0, BOTTOM / 2.0), Align2::LEFT_CENTER, format!("{first} s"));
    if first != last {
        text(area.right_bottom() + Vec2::new(0.0, BOTTOM / 2.0), Align2::RIGHT_CENTER, format!("{last} s"));
    }
    let columns = columns(times, |at| place(at, Duration::ZERO).x);
    for column in &columns {
        let top = place(column.at, column.took);
        painter.vline(top.x, top.y..=area.bottom(), Stroke::new(1.0, palette.accent.gamma_multiply(0.35)));
        painter.circle_filled(top, 2.5, palette.accent);
    }
    let pointer = response.hover_pos()?;
    let across = |column: &&Column| (place(column.at, column.took).x - pointer.x).abs();
    let nearest = columns.iter().min_by(|one, other| across(one).total_cmp(&across(other)))?;
    painter.circle_stroke(place(nearest.at, nearest.took), 4.5, Stroke::new(1.5, palette.text));
    let clicked = response.clicked().then_some(nearest.index);
    response.on_hover_text_at_pointer(format!("{} at {} s", format::duration(nearest.took), nearest.at));
    clicked
}

/// The longest of each column.
fn columns(times: &[(Moment, Duration)], x: impl Fn(Moment) -> f32) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (index, (at, took)) in times.iter().copied().enumerate() {
        match columns.last_mut() {
            Some(last) if x(at) - x(last.at) < COLUMN => {
                if took > last.took {
                    *last = Column { index, took, ..*last };
                }
            }
            _ => columns.push(Column { index, at, took }),
        }
    }
    columns
}
