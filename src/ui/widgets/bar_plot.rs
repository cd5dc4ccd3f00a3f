//! Bars in lanes over one axis. Each lane has a scale of its own; a bar is read by pointing at it or by the arrow keys, and picked by a
//! click or Enter.

use egui::{
    Align2, Color32, EventFilter, FontId, Key, Pos2, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo,
};

use crate::reading::bar_plot::{BarPlot, Lane};
use crate::ui::theme::{Palette, SMALL};

/// The height of a lane with the space above it, as a part of the plot's width, and its bounds.
const LANE: f32 = 0.15;
const LOWEST_LANE: f32 = 46.0;
const HIGHEST_LANE: f32 = 78.0;
const ABOVE: f32 = 6.0;
/// Room for the names of the lanes and their scales.
const LEFT: f32 = 84.0;
const BOTTOM: f32 = 16.0;
/// The height of the least bar.
const LEAST: f32 = 1.5;
/// Wider bars stand apart from each other.
const APART: f32 = 4.0;

/// A bar: its lane and its span.
pub type Bar = (usize, usize);

/// How many spans can be told apart in the width that there is.
pub fn most_spans(ui: &Ui) -> usize {
    ((ui.available_width() - LEFT) / 3.0).max(10.0) as usize
}

/// Draws the plot; gives the bar that was picked.
pub fn show(ui: &mut Ui, plot: &BarPlot) -> Option<Bar> {
    let width = ui.available_width();
    let lane_height = (LANE * width).clamp(LOWEST_LANE, HIGHEST_LANE);
    let height = lane_height * plot.lanes.len() as f32 + BOTTOM;
    let (outer, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::click());
    let area = Rect::from_min_max(outer.min + Vec2::new(LEFT, 0.0), outer.max);
    let canvas = Canvas { outer, area, lane_height, plot };
    let chosen = canvas.keys(ui, &response);
    response.widget_info(|| {
        let bar = chosen.map(|(lane, span)| format!(". {}", plot.described(lane, span)));
        WidgetInfo::labeled(Role::Image, true, plot.summary() + &bar.unwrap_or_default())
    });
    let pointed = response.hover_pos().and_then(|pointer| canvas.bar_at(pointer));
    canvas.paint(ui, pointed.or(chosen));
    if response.has_focus() {
        let stroke = Stroke::new(1.0, Palette::of(ui).accent);
        ui.painter().rect_stroke(outer, 4.0, stroke, egui::StrokeKind::Inside);
    }
    let picked = if response.clicked() { pointed.or(chosen) } else { None };
    if let Some((_, span)) = pointed {
        response.on_hover_text_at_pointer(plot.span_described(span));
    }
    picked.filter(|(lane, span)| plot.value(*lane, *span) > 0)
}

struct Canvas<'plot> {
    outer: Rect,
    area: Rect,
    /// With the space above it.
    lane_height: f32,
    plot: &'plot BarPlot,
}

impl Canvas<'_> {
    /// The bar that the arrow keys have gone to, while the plot has the focus.
    fn keys(&self, ui: &Ui, response: &Response) -> Option<Bar> {
        if !response.has_focus() {
            return None;
        }
        // Without this the arrow keys would move the focus away.
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        let (lanes, spans) = (self.plot.lanes.len(), self.plot.spans.len());
        let known = ui.data(|data| data.get_temp::<Option<Bar>>(response.id)).flatten();
        let step = |place: usize, back: Key, forth: Key, count: usize| {
            let step = ui.input(|input| isize::from(input.key_pressed(forth)) - isize::from(input.key_pressed(back)));
            (step != 0).then(|| place.saturating_add_signed(step).min(count.saturating_sub(1)))
        };
        let (lane, span) = known.unwrap_or_default();
        let moved =
            (step(lane, Key::ArrowUp, Key::ArrowDown, lanes), step(span, Key::ArrowLeft, Key::ArrowRight, spans));
        let chosen = match moved {
            (None, None) => known,
            // The first key only shows where one is.
            _ if known.is_none() => Some((0, 0)),
            (to_lane, to_span) => Some((to_lane.unwrap_or(lane), to_span.unwrap_or(span))),
        };
        let chosen = chosen.filter(|(lane, span)| *lane < lanes && *span < spans);
        ui.data_mut(|data| data.insert_temp(response.id, chosen));
        chosen
    }

    /// The width of a span.
    fn each(&self) -> f32 {
        self.area.width() / self.plot.spans.len().max(1) as f32
    }

    fn lane(&self, place: usize) -> Rect {
        let top = self.area.top() + self.lane_height * place as f32 + ABOVE;
        Rect::from_min_max(
            Pos2::new(self.area.left(), top),
            Pos2::new(self.area.right(), top + self.lane_height - ABOVE),
        )
    }

    fn column(&self, span: usize) -> Rect {
        let left = self.area.left() + self.each() * span as f32;
        let lanes = self.plot.lanes.len() as f32;
        Rect::from_min_size(
            Pos2::new(left, self.area.top() + ABOVE),
            Vec2::new(self.each(), self.lane_height * lanes - ABOVE),
        )
    }

    fn bar_at(&self, pointer: Pos2) -> Option<Bar> {
        let span = (pointer.x - self.area.left()) / self.each();
        let lane = (pointer.y - self.area.top()) / self.lane_height;
        let is_inside = span >= 0.0 && lane >= 0.0;
        let bar = (lane as usize, span as usize);
        (is_inside && bar.0 < self.plot.lanes.len() && bar.1 < self.plot.spans.len()).then_some(bar)
    }

    fn paint(&self, ui: &Ui, pointed: Option<Bar>) {
        let palette = Palette::of(ui);
        let painter = ui.painter_at(self.outer);
        painter.rect_filled(self.outer, 4.0, palette.ground);
        for place in 0..self.plot.lanes.len() {
            painter.rect_filled(self.lane(place), 0.0, palette.surface);
        }
        if let Some((_, span)) = pointed {
            painter.rect_filled(self.column(span), 0.0, palette.raised);
        }
        for (place, lane) in self.plot.lanes.iter().enumerate() {
            let colour = lane.direction.map_or(palette.weak, |direction| palette.direction(direction));
            self.paint_lane(&painter, palette, place, lane, colour, pointed);
        }
        let font = FontId::proportional(SMALL);
        let width_of =
            |text: &str| ui.fonts_mut(|fonts| fonts.layout_no_wrap(text.into(), font.clone(), palette.weak).size().x);
        for (at, mark) in self.plot.marks(self.area.width(), width_of) {
            let (x, half) = (self.area.left() + at, width_of(mark) / 2.0);
            painter.vline(
                x,
                self.outer.bottom() - BOTTOM..=self.outer.bottom() - BOTTOM + 3.0,
                Stroke::new(1.0, palette.line),
            );
            // A mark at the edge stays whole.
            let x = x.min(self.area.right() - half - 2.0);
            let place = Pos2::new(x, self.outer.bottom() - BOTTOM / 2.0 + 1.0);
            painter.text(place, Align2::CENTER_CENTER, mark, font.clone(), palette.weak);
        }
    }

    fn paint_lane(
        &self,
        painter: &egui::Painter,
        palette: &Palette,
        place: usize,
        lane: &Lane,
        colour: Color32,
        pointed: Option<Bar>,
    ) {
        let rect = self.lane(place);
        let most = lane.values.iter().copied().max().unwrap_or(0);
        painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, palette.line));
        let x = self.outer.left() + 8.0;
        painter.text(
            Pos2::new(x, rect.center().y - 7.0),
            Align2::LEFT_CENTER,
            lane.name,
            FontId::proportional(12.5),
            colour,
        );
        let scale = if most == 0 { "none".to_owned() } else { format!("≤ {}", self.plot.height(most)) };
        painter.text(
            Pos2::new(x, rect.center().y + 8.0),
            Align2::LEFT_CENTER,
            scale,
            FontId::proportional(SMALL - 1.0),
            palette.weak,
        );
        let gap = if self.each() > APART { 1.0 } else { 0.0 };
        for (span, value) in lane.values.iter().enumerate().filter(|(_, value)| **value > 0) {
            let height = (rect.height() * (*value as f64 / most as f64) as f32).max(LEAST);
            let left = rect.left() + self.each() * span as f32;
            let bar = Rect::from_min_max(
                Pos2::new(left + gap / 2.0, rect.bottom() - height),
                Pos2::new(left + self.each() - gap / 2.0, rect.bottom()),
            );
            let colour = if pointed == Some((place, span)) { palette.text } else { colour };
            painter.rect_filled(bar, 0.0, colour);
        }
    }
}
