//! The drawing of the timeline: lanes, axis, landmarks, and a mark or a density column for the frames in view.

use egui::{Align2, Color32, FontId, Pos2, Rect, Shape, Stroke, Vec2};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::TransportEnd;
use crate::search::Matches;
use crate::session::landmark::{Landmark, LandmarkKind};
use crate::session::{EventKind, FrameRow, Session};
use crate::ui::theme::{Palette, SMALL};
use crate::ui::time_view::TimeView;

/// The width of a column that stands for more frames than can be told apart, in points.
const COLUMN: f32 = 3.0;
const AXIS_HEIGHT: f32 = 20.0;
/// How much room a mark takes along its lane.
const MARK_WIDTH: f32 = 11.0;
/// How far from a mark a click still means it.
const REACH: f32 = 12.0;

/// What is drawn, and where.
pub(crate) struct Canvas<'panel> {
    pub(crate) area: Rect,
    pub(crate) view: TimeView,
    pub(crate) session: &'panel Session,
    /// The frames that stand out, when not all do.
    pub(crate) matches: Option<&'panel Matches>,
    pub(crate) palette: &'static Palette,
}

impl Canvas<'_> {
    pub(crate) fn x(&self, at: Moment) -> f32 {
        let fraction = self.view.fraction(at.nanoseconds()).clamp(-1.0, 2.0);
        self.area.left() + (f64::from(self.area.width()) * fraction) as f32
    }

    /// The moment at a place across the canvas; the session's start when it lies before it.
    pub(crate) fn moment(&self, x: f32) -> Moment {
        let fraction = f64::from((x - self.area.left()) / self.area.width());
        Moment(self.view.at(fraction).max(0) as u64)
    }

    fn lane_height(&self) -> f32 {
        (self.area.height() - AXIS_HEIGHT) / 2.0
    }

    fn lane(&self, direction: Direction) -> Rect {
        let height = self.lane_height();
        let top = match direction {
            Direction::ClientToServer => self.area.top() + AXIS_HEIGHT,
            Direction::ServerToClient => self.area.top() + AXIS_HEIGHT + height,
        };
        Rect::from_min_size(Pos2::new(self.area.left(), top), Vec2::new(self.area.width(), height))
            .shrink2([0.0, 3.0].into())
    }

    pub(crate) fn lanes(&self, painter: &egui::Painter, outer: Rect) {
        for direction in Direction::BOTH {
            let lane = self.lane(direction);
            painter.rect_filled(lane, 3.0, self.palette.surface);
            painter.hline(lane.x_range(), lane.center().y, Stroke::new(1.0, self.palette.line));
            let (name, arrow) = match direction {
                Direction::ClientToServer => ("client", "sends →"),
                Direction::ServerToClient => ("server", "sends →"),
            };
            let colour = self.palette.direction(direction);
            let x = outer.left() + 8.0;
            let centre = lane.center().y;
            let has_room = lane.height() >= 30.0;
            let name_centre = if has_room { centre - 7.0 } else { centre };
            painter.text(Pos2::new(x, name_centre), Align2::LEFT_CENTER, name, FontId::proportional(12.5), colour);
            if !has_room {
                continue;
            }
            painter.text(
                Pos2::new(x, centre + 7.0),
                Align2::LEFT_CENTER,
                arrow,
                FontId::proportional(SMALL - 1.0),
                self.palette.weak,
            );
        }
    }

    pub(crate) fn axis(&self, painter: &egui::Painter) {
        let (step, ticks) = self.view.ticks((self.area.width() / 90.0) as usize);
        for tick in ticks {
            let at = tick * step;
            let x = self.area.left()
                + ((at - self.view.start) as f64 / self.view.span as f64 * f64::from(self.area.width())) as f32;
            if at < 0 {
                continue;
            }
            let colour = self.palette.line.gamma_multiply(0.7);
            painter.vline(x, self.area.top() + AXIS_HEIGHT - 4.0..=self.area.bottom(), Stroke::new(1.0, colour));
            painter.with_clip_rect(self.area).text(
                // A label at the edge stays whole.
                Pos2::new(x.clamp(self.area.left() + 16.0, self.area.right() - 20.0), self.area.top() + 8.0),
                Align2::CENTER_CENTER,
                tick_label(at, step),
                FontId::proportional(SMALL),
                self.palette.weak,
            );
        }
    }

    pub(crate) fn landmarks(&self, painter: &egui::Painter) {
        let painter = painter.with_clip_rect(self.area);
        for landmark in self.session.landmarks.iter() {
            let event = match &landmark.kind {
                LandmarkKind::Event(event) => Some(event),
                LandmarkKind::Request | LandmarkKind::Response { .. } => None,
            };
            let colour = match event {
                Some(EventKind::TransportEnded { how: TransportEnd::Fin, .. } | EventKind::Note { .. }) => {
                    self.palette.weak
                }
                Some(EventKind::TransportEnded { .. } | EventKind::ConnectFailed { .. }) => self.palette.error,
                _ => self.palette.good.gamma_multiply(0.8),
            };
            let x = self.x(landmark.at);
            let range = match &landmark.kind {
                LandmarkKind::Event(EventKind::TransportEnded { side, .. }) => self.lane(side.sends()).y_range(),
                LandmarkKind::Request => self.lane(Direction::ClientToServer).y_range(),
                LandmarkKind::Response { .. } => self.lane(Direction::ServerToClient).y_range(),
                _ => (self.area.top() + AXIS_HEIGHT..=self.area.bottom()).into(),
            };
            painter.vline(x, range, Stroke::new(1.5, colour));
            if let Some(EventKind::TransportEnded { side, how }) = event {
                let lane = self.lane(side.sends());
                let label = how.name().to_uppercase();
                let (gap, align) = if x + 30.0 > self.area.right() {
                    (-3.0, Align2::RIGHT_BOTTOM)
                } else {
                    (3.0, Align2::LEFT_BOTTOM)
                };
                let place = Pos2::new(x + gap, lane.bottom() - 1.0);
                painter.text(place, align, label, FontId::proportional(9.0), colour);
            }
        }
    }

    /// A line from each Ping to its Pong, for as long as they can be told apart.
    pub(crate) fn round_trips(&self, painter: &egui::Painter) {
        let painter = painter.with_clip_rect(self.area);
        let trips = &self.session.round_trips;
        let (start, end) = (self.moment(self.area.left()), self.moment(self.area.right()));
        let first = trips.partition_point(|trip| trip.answered_at < start);
        let most = (self.area.width() / (2.0 * COLUMN)) as usize;
        let shown = trips.iter_from(first).take_while(|trip| trip.sent_at <= end).take(most + 1);
        let shown: Vec<_> = shown.collect();
        if shown.len() > most {
            return;
        }
        let stroke = Stroke::new(1.0, self.palette.opcode(Opcode::Ping).gamma_multiply(0.6));
        for trip in shown {
            let end = |at: Moment, direction: Direction| Pos2::new(self.x(at), self.lane(direction).center().y);
            let points = [end(trip.sent_at, trip.direction), end(trip.answered_at, trip.direction.receiver().sends())];
            painter.line_segment(points, stroke);
        }
    }

    /// The frames in view, when there are so few that each gets a mark of its own, with the places of their marks.
    fn marks(&self) -> Option<Vec<(usize, &FrameRow, Pos2)>> {
        let shown =
            self.session.frames_between(self.moment(self.area.left() - REACH), self.moment(self.area.right() + REACH));
        if shown.len() as f32 > self.area.width() / COLUMN {
            return None;
        }
        // Marks that would cover each other step aside: on the line, above it, below it.
        let step = (self.lane_height() / 2.0 - 9.0).clamp(0.0, MARK_WIDTH + 2.0);
        let mut taken = PerDirection::from_fn(|_| [(0.0, f32::MIN), (-step, f32::MIN), (step, f32::MIN)]);
        let place = |(index, row): (usize, &'_ FrameRow)| {
            let x = self.x(row.at);
            let levels = &mut taken[row.direction];
            let free = levels.iter().position(|(_, edge)| *edge <= x);
            let next = free.unwrap_or_else(|| {
                levels.iter().enumerate().fold(0, |best, (level, (_, edge))| {
                    if levels.get(best).is_some_and(|(_, least)| edge < least) { level } else { best }
                })
            });
            let offset = levels.get_mut(next).map_or(0.0, |(offset, edge)| {
                *edge = x + MARK_WIDTH;
                *offset
            });
            (index, Pos2::new(x, self.lane(row.direction).center().y + offset))
        };
        let rows: Vec<(usize, &FrameRow)> =
            shown.filter_map(|index| Some((index, self.session.frames.get(index)?))).collect();
        let places: Vec<(usize, Pos2)> = rows.iter().copied().map(place).collect();
        Some(rows.into_iter().zip(places).map(|((index, row), (_, centre))| (index, row, centre)).collect())
    }

    pub(crate) fn frames(&self, painter: &egui::Painter, selected: Option<FrameNumber>) {
        let painter = painter.with_clip_rect(self.area);
        match self.marks() {
            Some(marks) => {
                for (index, row, centre) in marks {
                    let number = FrameNumber::from_index(index);
                    self.mark(&painter, number, row, centre, Some(number) == selected);
                }
            }
            None => {
                self.columns(&painter);
                if let Some((number, row)) = selected.and_then(|number| Some((number, self.session.frame(number)?))) {
                    let centre = Pos2::new(self.x(row.at), self.lane(row.direction).center().y);
                    self.mark(&painter, number, row, centre, true);
                }
            }
        }
    }

    fn columns(&self, painter: &egui::Painter) {
        let columns = (self.area.width() / COLUMN) as usize;
        let edge = |column: usize| self.area.left() + column as f32 * COLUMN;
        let totals: Vec<_> = (0..columns)
            .map(|column| {
                let range = self.session.frames_between(self.moment(edge(column)), self.moment(edge(column + 1)));
                (column, range.clone(), self.session.totals(range))
            })
            .filter(|(_, range, _)| !range.is_empty())
            .collect();
        let busiest =
            totals.iter().flat_map(|(_, _, totals)| Direction::BOTH.map(|direction| totals[direction].frames)).max();
        let scale = 1.0 + (busiest.unwrap_or(1) as f32).ln_1p();
        for (column, range, totals) in &totals {
            let stands_out = self.matches.is_none_or(|matches| matches.count_in(range.clone()) > 0);
            if self.matches.is_some() && stands_out {
                let (x, bottom) = (edge(*column) + COLUMN / 2.0, self.area.bottom());
                painter.vline(x, bottom - 3.0..=bottom, Stroke::new(COLUMN - 0.5, self.palette.accent));
            }
            for direction in Direction::BOTH {
                let total = &totals[direction];
                if total.frames == 0 {
                    continue;
                }
                let lane = self.lane(direction);
                let height = lane.height() * 0.9 * ((1.0 + (total.frames as f32).ln_1p()) / scale);
                let bar = Rect::from_center_size(
                    Pos2::new(edge(*column) + COLUMN / 2.0, lane.center().y),
                    Vec2::new(COLUMN - 0.5, height),
                );
                let colour = self.dimmed(self.palette.opcode(rarest_opcode(total.opcodes)), stands_out);
                painter.rect_filled(bar, 0.0, colour);
                if let Some(severity) = total.worst_finding {
                    let tip = Rect::from_min_size(bar.left_bottom() - Vec2::new(0.0, 3.0), Vec2::new(COLUMN, 3.0));
                    painter.rect_filled(tip, 0.0, self.palette.severity(severity));
                }
            }
        }
    }

    /// A colour for what does not stand out: still to be seen.
    fn dimmed(&self, colour: Color32, stands_out: bool) -> Color32 {
        if stands_out { colour } else { self.palette.surface.lerp_to_gamma(colour, 0.22) }
    }

    fn mark(&self, painter: &egui::Painter, number: FrameNumber, row: &FrameRow, centre: Pos2, selected: bool) {
        let stands_out = selected || self.matches.is_none_or(|matches| matches.contains(number));
        let colour = self.dimmed(self.palette.opcode(row.opcode()), stands_out);
        if let Some(severity) = row.worst_finding {
            painter.circle_stroke(centre, 10.0, Stroke::new(1.5, self.palette.severity(severity)));
        }
        if selected {
            painter.circle_filled(centre, 12.0, self.palette.selected);
            painter.circle_stroke(centre, 12.0, Stroke::new(1.5, self.palette.accent));
        }
        painter.add(mark_shape(row.opcode(), centre, colour, self.palette.ground));
    }

    pub(crate) fn nearest(&self, pointer: Pos2) -> Option<FrameNumber> {
        if let Some(marks) = self.marks() {
            return marks
                .into_iter()
                .map(|(index, _, centre)| (index, centre.distance(pointer)))
                .filter(|(_, distance)| *distance <= REACH)
                .min_by(|(_, one), (_, other)| one.total_cmp(other))
                .map(|(index, _)| FrameNumber::from_index(index));
        }
        let direction =
            Direction::BOTH.into_iter().find(|direction| self.lane(*direction).y_range().contains(pointer.y))?;
        let near = self.session.frames_between(self.moment(pointer.x - REACH), self.moment(pointer.x + REACH));
        let middle = self.session.frames.partition_point(|row| row.at < self.moment(pointer.x));
        // In a dense place the frames next to the pointer's moment are all that can be meant.
        let close = near.start.max(middle.saturating_sub(512))..near.end.min(middle + 512);
        close
            .filter_map(|index| Some((index, self.session.frames.get(index)?)))
            .filter(|(_, row)| row.direction == direction)
            .min_by(|(_, one), (_, other)| {
                (self.x(one.at) - pointer.x).abs().total_cmp(&(self.x(other.at) - pointer.x).abs())
            })
            .map(|(index, _)| FrameNumber::from_index(index))
    }

    pub(crate) fn nearest_landmark(&self, pointer: Pos2) -> Option<&Landmark> {
        self.session
            .landmarks
            .iter()
            .filter(|landmark| (self.x(landmark.at) - pointer.x).abs() < 4.0)
            .min_by(|one, other| (self.x(one.at) - pointer.x).abs().total_cmp(&(self.x(other.at) - pointer.x).abs()))
    }
}

/// The shape of a frame's mark: the opcode is told by form as well as by colour.
pub fn mark_shape(opcode: Opcode, centre: Pos2, colour: Color32, ground: Color32) -> Shape {
    let edge = Stroke::new(1.0, ground);
    let polygon = |points: &[(f32, f32)]| {
        Shape::convex_polygon(points.iter().map(|(x, y)| centre + Vec2::new(*x, *y)).collect(), colour, edge)
    };
    match opcode {
        Opcode::Text => Shape::circle_filled(centre, 5.0, colour),
        Opcode::Binary => polygon(&[(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)]),
        Opcode::Continuation => polygon(&[(-4.5, 0.0), (0.0, -4.5), (4.5, 0.0), (0.0, 4.5)]),
        Opcode::Ping => polygon(&[(-5.0, 4.0), (0.0, -5.0), (5.0, 4.0)]),
        Opcode::Pong => polygon(&[(-5.0, -4.0), (5.0, -4.0), (0.0, 5.0)]),
        Opcode::Close => polygon(&[
            (-2.5, -6.0),
            (2.5, -6.0),
            (6.0, -2.5),
            (6.0, 2.5),
            (2.5, 6.0),
            (-2.5, 6.0),
            (-6.0, 2.5),
            (-6.0, -2.5),
        ]),
        Opcode::Reserved(_) => Shape::circle_stroke(centre, 4.5, Stroke::new(2.0, colour)),
    }
}

/// Of the opcodes in a column the one that a person looks for most.
fn rarest_opcode(opcodes: u16) -> Opcode {
    let reserved = (0..16).map(Opcode::from_bits).filter(|opcode| !opcode.is_assigned());
    let assigned = [Opcode::Close, Opcode::Ping, Opcode::Pong, Opcode::Binary, Opcode::Text, Opcode::Continuation];
    reserved.chain(assigned).find(|opcode| opcodes & (1 << opcode.bits()) != 0).unwrap_or(Opcode::Reserved(0x3))
}

fn tick_label(at: i64, step: i64) -> String {
    let (divisor, unit) = match step {
        0..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    format!("{} {unit}", at / divisor)
}
