//! The whole session in a narrow strip, with the part that the timeline shows as a window that can be moved and resized.

use egui::{Color32, CursorIcon, Mesh, Pos2, Rect, Shape, Stroke, Vec2};

use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;
use crate::ui::theme::Palette;
use crate::ui::time_view::TimeView;

use super::density::Density;

/// How near to an edge of the window a press still means it, in points.
const GRIP_REACH: f32 = 5.0;

/// The strip, and where it is.
pub(crate) struct Minimap {
    pub(crate) area: Rect,
    /// All of the session.
    pub(crate) whole: TimeView,
    pub(crate) palette: &'static Palette,
}

/// What of the strip is held while it is dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grip {
    /// The window, held this many nanoseconds after its left edge.
    Window(i64),
    /// The left edge of the window.
    Start,
    /// The right edge of the window.
    End,
    /// Nothing that was there: a new window reaches from this moment to the pointer.
    New(i64),
}

impl Minimap {
    /// What a press at this place takes hold of.
    pub(crate) fn grip(&self, pointer: Pos2, view: &TimeView) -> Grip {
        let at = self.at(pointer);
        if view.span >= self.whole.span {
            return Grip::New(at);
        }
        let window = self.window(view);
        // Between two edges that are near each other it is the window that is meant.
        let inside = window.shrink2(Vec2::new((window.width() / 4.0).min(GRIP_REACH), 0.0));
        let distance = |x: f32| (pointer.x - x).abs();
        if inside.x_range().contains(pointer.x) {
            Grip::Window(at - view.start)
        } else if distance(window.left()) <= GRIP_REACH {
            Grip::Start
        } else if distance(window.right()) <= GRIP_REACH {
            Grip::End
        } else {
            // The window comes to the pointer.
            Grip::Window(view.span / 2)
        }
    }

    /// The view after what is held was dragged to this place.
    pub(crate) fn dragged(&self, grip: Grip, pointer: Pos2, view: &TimeView) -> TimeView {
        let at = self.at(pointer);
        let between = |one: i64, other: i64| {
            let (start, end) = (one.min(other), one.max(other));
            let mut view = TimeView { start, span: end - start };
            // Not narrower than a view can be.
            view.zoom(1.0, 0.0);
            view
        };
        match grip {
            Grip::Window(held) => TimeView { start: at - held, ..*view },
            Grip::Start => between(at.min(view.end() - 1), view.end()),
            Grip::End => between(view.start, at.max(view.start + 1)),
            Grip::New(from) => between(from, at),
        }
    }

    /// The pointer's look at this place.
    pub(crate) fn cursor(&self, pointer: Pos2, view: &TimeView) -> CursorIcon {
        match self.grip(pointer, view) {
            Grip::Window(_) if self.window(view).contains(pointer) => CursorIcon::Grab,
            Grip::Window(_) => CursorIcon::PointingHand,
            Grip::Start | Grip::End => CursorIcon::ResizeHorizontal,
            Grip::New(_) => CursorIcon::Crosshair,
        }
    }

    pub(crate) fn paint(
        &self,
        painter: &egui::Painter,
        density: &Density,
        view: &TimeView,
        stretch: Option<(Moment, Moment)>,
    ) {
        let painter = painter.with_clip_rect(self.area);
        painter.rect_filled(self.area, 3.0, self.palette.surface);
        self.bars(&painter, density);
        if let Some((start, end)) = stretch {
            let (left, right) = (self.x(start.nanoseconds() as i64), self.x(end.nanoseconds() as i64));
            let band = Rect::from_x_y_ranges(left..=right.max(left + 1.0), self.area.y_range());
            painter.rect_filled(band, 0.0, self.palette.accent.gamma_multiply(0.3));
        }
        if view.span >= self.whole.span {
            return;
        }
        let window = self.window(view);
        let shade = self.palette.ground.gamma_multiply(0.6);
        for outside in [self.area.left()..=window.left(), window.right()..=self.area.right()] {
            painter.rect_filled(Rect::from_x_y_ranges(outside, self.area.y_range()), 0.0, shade);
        }
        let edge = Stroke::new(1.0, self.palette.accent);
        painter.rect_stroke(window, 2.0, edge, egui::StrokeKind::Inside);
        for x in [window.left(), window.right()] {
            let grip = Rect::from_center_size(Pos2::new(x, window.center().y), Vec2::new(4.0, window.height() * 0.5));
            painter.rect_filled(grip, 2.0, self.palette.accent);
        }
    }

    /// What the client sent upwards from the middle, what the server sent downwards, and the worst finding of a column over both.
    fn bars(&self, painter: &egui::Painter, density: &Density) {
        let most = Direction::BOTH.map(|direction| density.most(direction).0).into_iter().max().unwrap_or(0);
        let scale = (f64::from(most) + 1.0).ln().max(f64::MIN_POSITIVE);
        let middle = self.area.center().y;
        let half = self.area.height() / 2.0 - 1.0;
        let (mut bars, mut findings) = (Mesh::default(), Mesh::default());
        let add = |mesh: &mut Mesh, x: egui::Rangef, from: f32, to: f32, colour: Color32| {
            mesh.add_colored_rect(Rect::from_x_y_ranges(x, from.min(to)..=from.max(to)), colour);
        };
        for (moments, column) in density.columns() {
            let x = egui::Rangef::new(self.x(moments.start as i64), self.x(moments.end as i64));
            for direction in Direction::BOTH {
                let frames = f64::from(column.totals[direction].frames);
                let height = ((frames + 1.0).ln() / scale) as f32 * half;
                let sign = if direction == Direction::ClientToServer { -1.0 } else { 1.0 };
                let height = if frames > 0.0 { height.max(1.0) } else { continue };
                add(
                    &mut bars,
                    x,
                    middle,
                    middle + sign * height,
                    self.palette.direction(direction).gamma_multiply(0.75),
                );
            }
            if let Some(severity) = column.totals.worst_finding() {
                let x = egui::Rangef::new(x.min, x.max.max(x.min + 2.0));
                add(&mut findings, x, self.area.top(), self.area.top() + 3.0, self.palette.severity(severity));
            }
        }
        painter.add(Shape::mesh(bars));
        painter.add(Shape::mesh(findings));
    }

    fn window(&self, view: &TimeView) -> Rect {
        let (left, right) = (self.x(view.start), self.x(view.end()));
        // A window of a microsecond is still to be seen and taken hold of.
        let spare = ((6.0 - (right - left)) / 2.0).max(0.0);
        Rect::from_x_y_ranges(left - spare..=right + spare, self.area.y_range()).intersect(self.area)
    }

    fn x(&self, nanoseconds: i64) -> f32 {
        let fraction = nanoseconds.saturating_sub(self.whole.start) as f64 / self.whole.span as f64;
        self.area.left() + (f64::from(self.area.width()) * fraction.clamp(-1.0, 2.0)) as f32
    }

    fn at(&self, pointer: Pos2) -> i64 {
        let fraction = f64::from((pointer.x - self.area.left()) / self.area.width());
        self.whole.at(fraction.clamp(0.0, 1.0))
    }
}
