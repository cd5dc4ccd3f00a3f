//! The drawing of the timeline: axis, lanes, landmarks, and a mark or a density column for the frames in view.

use std::ops::Range;

use egui::{Align2, Color32, FontId, Mesh, Pos2, Rangef, Rect, Shape, Stroke, Vec2};

use crate::protocol::direction::{Direction, PerDirection};
use crate::protocol::finding::Severity;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::protocol::opcode::Opcode;
use crate::protocol::verdict::TransportEnd;
use crate::search::Matches;
use crate::session::landmark::{Landmark, LandmarkKind};
use crate::session::{EventKind, FrameRow, Missing, Session};
use crate::ui::format;
use crate::ui::theme::{Palette, SMALL};
use crate::ui::time_axis::TimeAxis;
use crate::ui::time_view::TimeView;

use super::density::{Column, Density};

/// The height of the axis above the lanes.
pub(crate) const AXIS_HEIGHT: f32 = 20.0;
/// How much room the lanes' names have at the left.
pub(crate) const LABEL_WIDTH: f32 = 64.0;
/// How much room a mark takes along its lane.
const MARK_WIDTH: f32 = 11.0;
/// With less room than this for each frame there are columns in the place of marks.
const MARK_ROOM: f32 = 4.0;
/// The torn line of what was not recorded: how many strokes it has, and how far they go to each side.
const TEETH: usize = 6;
const TOOTH: f32 = 2.5;
/// How far from a mark a click still means it.
const REACH: f32 = 12.0;
/// How near to a line a pointer still means it.
const LINE_REACH: f32 = 4.0;
/// A time without frames that is as wide as this has its length written into it.
const IDLE_WIDTH: f32 = 96.0;
/// From this height on a lane has bytes a second below its frames, and their peaks at the left.
const TALL_LANE: f32 = 40.0;
/// The room at a lane's top for findings.
const RAIL: f32 = 4.0;

/// A view of time, laid over the axis and the lanes below it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeScale {
    pub(crate) area: Rect,
    pub(crate) view: TimeView,
}

impl TimeScale {
    pub(crate) fn x(&self, at: Moment) -> f32 {
        let fraction = self.view.fraction(at).clamp(-1.0, 2.0);
        self.area.left() + (f64::from(self.area.width()) * fraction) as f32
    }

    /// Where a place across the area lies between the edges of the view.
    pub(crate) fn fraction(&self, x: f32) -> f64 {
        f64::from((x - self.area.left()) / self.area.width())
    }

    /// The moment at a place across the area; the session's start when it lies before it.
    pub(crate) fn moment(&self, x: f32) -> Moment {
        self.view.moment(self.fraction(x))
    }

    /// Whether a place is on the axis.
    pub(crate) fn is_on_axis(&self, place: Pos2) -> bool {
        self.area.contains(place) && place.y < self.area.top() + AXIS_HEIGHT
    }

    /// Whether there are so few frames in view that each can have a mark of its own.
    pub(crate) fn has_room_for_marks(&self, session: &Session) -> bool {
        let frames = session.frames_between(self.view.moment(0.0), self.view.moment(1.0));
        frames.len() as f32 <= self.area.width() / MARK_ROOM
    }
}

/// What is drawn, and where.
pub(crate) struct Canvas<'panel> {
    pub(crate) scale: TimeScale,
    pub(crate) session: &'panel Session,
    /// The frames that stand out, when not all do.
    pub(crate) matches: Option<&'panel Matches>,
    /// The columns of the view, when there are too many frames in it for a mark each.
    pub(crate) density: Option<&'panel Density>,
    pub(crate) palette: &'static Palette,
}

/// Where in a lane what is drawn when frames are too many for a mark each.
struct DenseLane {
    rail: Rect,
    frames: Rect,
    bytes: Option<Rect>,
}

impl Canvas<'_> {
    fn lanes_area(&self) -> Rect {
        Rect::from_min_max(self.scale.area.min + Vec2::new(0.0, AXIS_HEIGHT), self.scale.area.max)
    }

    fn lane(&self, direction: Direction) -> Rect {
        let (client, server) = self.lanes_area().split_top_bottom_at_fraction(0.5);
        let lane = if direction == Direction::ClientToServer { client } else { server };
        lane.shrink2([0.0, 3.0].into())
    }

    fn dense_lane(&self, direction: Direction) -> DenseLane {
        let lane = self.lane(direction);
        let (rail, rest) = lane.split_top_bottom_at_y(lane.top() + RAIL);
        if lane.height() < TALL_LANE {
            return DenseLane { rail, frames: rest, bytes: None };
        }
        let (frames, bytes) = rest.split_top_bottom_at_fraction(0.68);
        DenseLane { rail, frames, bytes: Some(bytes.with_min_y(bytes.top() + 2.0)) }
    }

    pub(crate) fn lanes(&self, painter: &egui::Painter, outer: Rect) {
        for direction in Direction::BOTH {
            let lane = self.lane(direction);
            painter.rect_filled(lane, 3.0, self.palette.surface);
            let name = Pos2::new(outer.left() + 8.0, lane.top() + (lane.height() / 2.0).min(10.0));
            let colour = self.palette.direction(direction);
            let text = direction.sender().to_string();
            painter.text(name, Align2::LEFT_CENTER, text, FontId::proportional(12.5), colour);
            match self.density {
                None => {
                    painter.hline(lane.x_range(), lane.center().y, Stroke::new(1.0, self.palette.line));
                }
                Some(density) => self.peaks(painter, outer, density, direction),
            }
        }
    }

    /// The most that crossed in a column, at the height that stands for it.
    fn peaks(&self, painter: &egui::Painter, outer: Rect, density: &Density, direction: Direction) {
        let lane = self.dense_lane(direction);
        let Some(bytes_area) = lane.bytes else { return };
        let (frames, bytes) = density.most(direction);
        let seconds = density.seconds();
        let texts = [
            (lane.frames.top() + 20.0, format!("{}/s", format::rate(f64::from(frames) / seconds))),
            (bytes_area.center().y, format::bytes_a_second(bytes as f64 / seconds)),
        ];
        for (y, text) in texts {
            let place = Pos2::new(outer.left() + 8.0, y);
            painter.text(place, Align2::LEFT_CENTER, text, FontId::proportional(SMALL - 1.5), self.palette.weak);
        }
    }

    /// The axis, with the length of the stretch that is marked in the place of what would be under it.
    pub(crate) fn axis(&self, painter: &egui::Painter, outer: Rect, marked: Option<(Moment, Moment)>) {
        let axis = TimeAxis::of(&self.scale.view, (self.scale.area.width() / 90.0) as usize);
        let area = self.scale.area;
        let font = FontId::proportional(SMALL);
        let lay_out = |text: String, colour| painter.layout_no_wrap(text, font.clone(), colour);
        let top = area.top() + 2.0;
        let length = marked.and_then(|marked| self.length(painter, marked));
        let mut taken_until = area.left() - 8.0;
        if let Some((_, text)) = axis.origin() {
            let galley = lay_out(text, self.palette.text);
            let place = Pos2::new(outer.left() + 8.0, top);
            taken_until = taken_until.max(place.x + galley.size().x + 8.0);
            painter.galley(place, galley, self.palette.text);
        }
        for (at, text) in axis.ticks() {
            let x = self.scale.x(Moment(at.max(0) as u64));
            let line = Stroke::new(1.0, self.palette.line.gamma_multiply(0.7));
            painter.vline(x, area.top() + AXIS_HEIGHT - 4.0..=area.bottom(), line);
            let galley = lay_out(text, self.palette.weak);
            // A label at the edge stays whole.
            let most = (area.right() - galley.size().x).max(area.left());
            let left = (x - galley.size().x / 2.0).clamp(area.left(), most);
            let place = Rect::from_min_size(Pos2::new(left, top), galley.size());
            if left >= taken_until && length.is_none_or(|length| !length.intersects(place)) {
                taken_until = place.right() + 8.0;
                painter.galley(place.min, galley, self.palette.weak);
            }
        }
    }

    /// How long a marked stretch is, written on the axis where there is room; gives the place that this takes.
    fn length(&self, painter: &egui::Painter, (start, end): (Moment, Moment)) -> Option<Rect> {
        let text = format::duration(end.since(start));
        let galley = painter.layout_no_wrap(text, FontId::proportional(SMALL), self.palette.on_accent);
        let area = self.scale.area;
        let seen = Rangef::new(self.scale.x(start).max(area.left()), self.scale.x(end).min(area.right()));
        if seen.span() < galley.size().x {
            return None;
        }
        let centre = Pos2::new(seen.center(), area.top() + 2.0 + galley.size().y / 2.0);
        let place = Rect::from_center_size(centre, galley.size() + Vec2::new(12.0, 2.0));
        painter.rect_filled(place, 3.0, self.palette.accent);
        painter.galley(place.center() - galley.size() / 2.0, galley, self.palette.on_accent);
        Some(place)
    }

    /// A stretch of time that is marked.
    pub(crate) fn band(&self, painter: &egui::Painter, (start, end): (Moment, Moment)) {
        let painter = painter.with_clip_rect(self.scale.area);
        let (left, right) = (self.scale.x(start), self.scale.x(end));
        let band = Rect::from_x_y_ranges(left..=right.max(left + 1.0), self.scale.area.y_range());
        painter.rect_filled(band, 0.0, self.palette.accent.gamma_multiply(0.16));
        for x in [left, right] {
            painter.vline(x, self.scale.area.y_range(), Stroke::new(1.0, self.palette.accent));
        }
    }

    pub(crate) fn landmarks(&self, painter: &egui::Painter) {
        let painter = painter.with_clip_rect(self.scale.area);
        let top = self.lanes_area().top();
        let remark = Stroke::new(1.5, self.palette.weak);
        for landmark in self.sparse(|start, end| self.session.landmarks_between(start, end)) {
            if landmark.is_remark() {
                painter.vline(self.scale.x(landmark.at), top - 4.0..=top + 5.0, remark);
            }
        }
        for step in self.sparse(|start, end| self.session.steps_between(start, end)) {
            self.step(&painter, step);
        }
    }

    /// The things of a list that are in view; where there are more than columns, the first of each column.
    fn sparse<'list, Things: Iterator<Item = &'list Landmark>>(
        &self,
        between: impl Fn(Moment, Moment) -> Things,
    ) -> Vec<&'list Landmark> {
        let most = (self.scale.area.width() / LINE_REACH) as usize;
        let end = |x: f32| Moment(self.scale.moment(x).0.saturating_add(1));
        let all: Vec<_> =
            between(self.scale.moment(self.scale.area.left()), end(self.scale.area.right())).take(most + 1).collect();
        if all.len() <= most {
            return all;
        }
        let edge = |column: usize| self.scale.moment(self.scale.area.left() + column as f32 * LINE_REACH);
        (0..=most).filter_map(|column| between(edge(column), edge(column + 1)).next()).collect()
    }

    /// A line for a step of the conversation.
    fn step(&self, painter: &egui::Painter, landmark: &Landmark) {
        let event = match &landmark.kind {
            LandmarkKind::Event(event) => Some(event),
            LandmarkKind::Request | LandmarkKind::Response { .. } => None,
        };
        let colour = match event {
            Some(EventKind::TransportEnded { how: TransportEnd::Fin, .. }) => self.palette.weak,
            Some(EventKind::TransportEnded { .. } | EventKind::ConnectFailed { .. }) => self.palette.error,
            _ => self.palette.good.gamma_multiply(0.8),
        };
        let x = self.scale.x(landmark.at);
        let range = match &landmark.kind {
            LandmarkKind::Event(EventKind::TransportEnded { side, .. }) => self.lane(side.sends()).y_range(),
            LandmarkKind::Request => self.lane(Direction::ClientToServer).y_range(),
            LandmarkKind::Response { .. } => self.lane(Direction::ServerToClient).y_range(),
            LandmarkKind::Event(_) => self.lanes_area().y_range(),
        };
        painter.vline(x, range, Stroke::new(1.5, colour));
        if let Some(EventKind::TransportEnded { side, how }) = event {
            let lane = self.lane(side.sends());
            let label = how.name().to_uppercase();
            let (gap, align) = if x + 30.0 > self.scale.area.right() {
                (-3.0, Align2::RIGHT_BOTTOM)
            } else {
                (3.0, Align2::LEFT_BOTTOM)
            };
            let place = Pos2::new(x + gap, lane.bottom() - 1.0);
            painter.text(place, align, label, FontId::proportional(9.0), colour);
        }
    }

    /// A torn line in its lane wherever bytes were not recorded; of those that cannot be told apart only one.
    pub(crate) fn missing(&self, painter: &egui::Painter) {
        let painter = painter.with_clip_rect(self.scale.area);
        let end = self.scale.moment(self.scale.area.right());
        for direction in Direction::BOTH {
            let (lane, missing) = (self.lane(direction), &self.session.missing[direction]);
            let mut from = self.scale.moment(self.scale.area.left() - LINE_REACH);
            while let Some(gap) = missing.get(missing.partition_point(|gap| gap.at < from)).filter(|gap| gap.at <= end)
            {
                let x = self.scale.x(gap.at);
                let tooth = |place: usize| {
                    let y = lane.top() + lane.height() * place as f32 / TEETH as f32;
                    Pos2::new(x + if place.is_multiple_of(2) { -TOOTH } else { TOOTH }, y)
                };
                let torn: Vec<Pos2> = (0..=TEETH).map(tooth).collect();
                painter.add(Shape::line(torn, Stroke::new(1.5, self.palette.warning)));
                from = self.scale.moment(x + LINE_REACH).max(Moment(gap.at.nanoseconds() + 1));
            }
        }
    }

    /// What was not recorded nearest to the pointer, and its direction.
    pub(crate) fn nearest_missing(&self, pointer: Pos2) -> Option<(Direction, Missing)> {
        let direction =
            Direction::BOTH.into_iter().find(|direction| self.lane(*direction).y_range().contains(pointer.y))?;
        let missing = &self.session.missing[direction];
        let next = missing.partition_point(|gap| gap.at < self.scale.moment(pointer.x));
        let near = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|place| missing.get(place));
        let distance = |gap: &&Missing| (self.scale.x(gap.at) - pointer.x).abs();
        let nearest = near.min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
        (distance(&nearest) < LINE_REACH + TOOTH).then_some((direction, *nearest))
    }

    /// A line from each Ping to its Pong, for as long as they can be told apart.
    pub(crate) fn round_trips(&self, painter: &egui::Painter) {
        let painter = painter.with_clip_rect(self.scale.area);
        let trips = &self.session.round_trips;
        let (start, end) = (self.scale.moment(self.scale.area.left()), self.scale.moment(self.scale.area.right()));
        let first = trips.partition_point(|trip| trip.answered_at < start);
        let most = (self.scale.area.width() / (2.0 * MARK_ROOM)) as usize;
        let shown = trips.iter_from(first).take_while(|trip| trip.sent_at <= end).take(most + 1);
        let shown: Vec<_> = shown.collect();
        if shown.len() > most || self.density.is_some() {
            return;
        }
        let stroke = Stroke::new(1.0, self.palette.opcode(Opcode::Ping).gamma_multiply(0.6));
        for trip in shown {
            let end = |at: Moment, direction: Direction| Pos2::new(self.scale.x(at), self.lane(direction).center().y);
            let points = [end(trip.sent_at, trip.direction), end(trip.answered_at, trip.direction.receiver().sends())];
            painter.line_segment(points, stroke);
        }
    }

    /// The frames in view with the places of their marks.
    fn marks(&self) -> Vec<(usize, &FrameRow, Pos2)> {
        let shown = self.session.frames_between(
            self.scale.moment(self.scale.area.left() - REACH),
            self.scale.moment(self.scale.area.right() + REACH),
        );
        // Marks that would cover each other step aside: on the line, above it, below it.
        let step = (self.lane(Direction::ClientToServer).height() / 2.0 - 6.0).clamp(0.0, MARK_WIDTH + 2.0);
        let mut taken = PerDirection::from_fn(|_| [(0.0, f32::MIN), (-step, f32::MIN), (step, f32::MIN)]);
        let place = |(index, row): (usize, &'_ FrameRow)| {
            let x = self.scale.x(row.at);
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
        rows.into_iter().zip(places).map(|((index, row), (_, centre))| (index, row, centre)).collect()
    }

    pub(crate) fn frames(&self, painter: &egui::Painter, selected: Option<FrameNumber>) {
        let painter = painter.with_clip_rect(self.scale.area);
        match self.density {
            None => {
                let marks = self.marks();
                self.idle_times(&painter, marks.iter().map(|(index, ..)| *index..*index + 1));
                for (index, row, centre) in marks {
                    let number = FrameNumber::from_index(index);
                    self.mark(&painter, number, row, centre, Some(number) == selected);
                }
            }
            Some(density) => {
                self.columns(&painter, density);
                let groups = density.columns().map(|(_, column)| column.frames.clone());
                self.idle_times(&painter, groups.filter(|frames| !frames.is_empty()));
                if let Some((number, row)) = selected.and_then(|number| Some((number, self.session.frame(number)?))) {
                    let centre = Pos2::new(self.scale.x(row.at), self.lane(row.direction).center().y);
                    self.mark(&painter, number, row, centre, true);
                }
            }
        }
    }

    fn columns(&self, painter: &egui::Painter, density: &Density) {
        let pixel = painter.pixels_per_point();
        let edge = |at: u64| (self.scale.x(Moment(at)) * pixel).round() / pixel;
        let busiest = Direction::BOTH.map(|direction| density.most(direction).0).into_iter().max().unwrap_or(0);
        let scale = 1.0 + (busiest as f32).ln_1p();
        let lanes = PerDirection::from_fn(|direction| self.dense_lane(direction));
        let most_bytes = PerDirection::from_fn(|direction| density.most(direction).1.max(1));
        let mut bars = Mesh::default();
        let mut findings: Vec<(Severity, Rect)> = Vec::new();
        for (moments, column) in density.columns().filter(|(_, column)| !column.frames.is_empty()) {
            let x = Rangef::new(edge(moments.start), edge(moments.end));
            let stands_out = self.stands_out(column);
            if self.matches.is_some() && stands_out {
                let tick = Rect::from_x_y_ranges(x, self.scale.area.bottom() - 3.0..=self.scale.area.bottom());
                bars.add_colored_rect(tick, self.palette.accent);
            }
            for direction in Direction::BOTH {
                let (total, lane) = (&column.totals[direction], &lanes[direction]);
                if total.frames == 0 {
                    continue;
                }
                let height = lane.frames.height() * (1.0 + (total.frames as f32).ln_1p()) / scale;
                let bar = Rect::from_x_y_ranges(x, lane.frames.bottom() - height..=lane.frames.bottom());
                let (data, rare) = telling_opcodes(total.opcodes);
                let colour = |opcode| self.dimmed(self.palette.opcode(opcode), stands_out);
                bars.add_colored_rect(bar, colour(data));
                if let Some(rare) = rare {
                    let cap = bar.with_max_y(bar.top() + (height / 2.0).min(4.0));
                    bars.add_colored_rect(cap, colour(rare));
                }
                if let Some(bytes) = lane.bytes {
                    let height = bytes.height() * (total.payload as f64 / most_bytes[direction] as f64) as f32;
                    let bar = Rect::from_x_y_ranges(x, bytes.bottom() - height..=bytes.bottom());
                    bars.add_colored_rect(bar, self.palette.direction(direction).gamma_multiply(0.55));
                }
                if let Some(severity) = total.worst_finding {
                    let width = Rangef::new(x.min, x.max.max(x.min + 3.0));
                    findings.push((severity, Rect::from_x_y_ranges(width, lane.rail.y_range())));
                }
            }
        }
        // The worst ones last, so that no other covers them.
        findings.sort_by_key(|(severity, _)| *severity);
        for (severity, area) in findings {
            bars.add_colored_rect(area, self.palette.severity(severity));
        }
        painter.add(Shape::mesh(bars));
    }

    fn stands_out(&self, column: &Column) -> bool {
        self.matches.is_none_or(|matches| matches.count_in(column.frames.clone()) > 0)
    }

    /// How long nothing crossed, where that is wide enough to be told; `groups` are the frames in view, as far as they follow each
    /// other closely.
    fn idle_times(&self, painter: &egui::Painter, groups: impl Iterator<Item = Range<usize>>) {
        let first_after = self.session.frames_before(self.scale.moment(self.scale.area.left()));
        let before_view = first_after.checked_sub(1).map(|place| place..first_after);
        let mut last: Option<usize> = None;
        for group in before_view.into_iter().chain(groups) {
            if let Some(last) = last {
                self.idle_time(painter, last, group.start);
            }
            last = Some(group.end - 1);
        }
        if let Some(last) = last {
            self.idle_time(painter, last, last + 1);
        }
    }

    fn idle_time(&self, painter: &egui::Painter, before: usize, after: usize) {
        let [before, after] = [before, after].map(|place| self.session.frames.get(place));
        let Some((before, after)) = before.zip(after) else { return };
        let area = self.scale.area;
        let (left, right) = (self.scale.x(before.at), self.scale.x(after.at));
        let seen = Rangef::new(left.max(area.left()), right.min(area.right()));
        if seen.span() < IDLE_WIDTH {
            return;
        }
        let middle = self.lane(Direction::ClientToServer).bottom() + 3.0;
        let text = format::duration(after.at.since(before.at));
        let galley = painter.layout_no_wrap(text, FontId::proportional(SMALL - 1.0), self.palette.weak);
        let label = Rect::from_center_size(Pos2::new(seen.center(), middle), galley.size() + Vec2::new(8.0, 0.0));
        let line = Stroke::new(1.0, self.palette.line);
        for x in [Rangef::new(left + 6.0, label.left()), Rangef::new(label.right(), right - 6.0)] {
            painter.hline(x, middle, line);
        }
        painter.galley(label.min + Vec2::new(4.0, 0.0), galley, self.palette.weak);
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
        if self.density.is_none() {
            return self
                .marks()
                .into_iter()
                .map(|(index, _, centre)| (index, centre.distance(pointer)))
                .filter(|(_, distance)| *distance <= REACH)
                .min_by(|(_, one), (_, other)| one.total_cmp(other))
                .map(|(index, _)| FrameNumber::from_index(index));
        }
        let direction =
            Direction::BOTH.into_iter().find(|direction| self.lane(*direction).y_range().contains(pointer.y))?;
        let near =
            self.session.frames_between(self.scale.moment(pointer.x - REACH), self.scale.moment(pointer.x + REACH));
        let middle = self.session.frames_before(self.scale.moment(pointer.x));
        // In a dense place the frames next to the pointer's moment are all that can be meant.
        let close = near.start.max(middle.saturating_sub(512))..near.end.min(middle + 512);
        close
            .filter_map(|index| Some((index, self.session.frames.get(index)?)))
            .filter(|(_, row)| row.direction == direction)
            .min_by(|(_, one), (_, other)| {
                (self.scale.x(one.at) - pointer.x).abs().total_cmp(&(self.scale.x(other.at) - pointer.x).abs())
            })
            .map(|(index, _)| FrameNumber::from_index(index))
    }

    /// What crossed in the column at this place, in a line.
    pub(crate) fn column_at(&self, pointer: Pos2) -> Option<String> {
        let at = self.scale.moment(pointer.x).nanoseconds();
        let (moments, column) = self.density?.columns().find(|(moments, _)| moments.contains(&at))?;
        let direction = Direction::BOTH.into_iter().find(|one| self.lane(*one).y_range().contains(pointer.y))?;
        let total = &column.totals[direction];
        let length = std::time::Duration::from_nanos(moments.end - moments.start);
        (total.frames > 0).then(|| {
            let frames = format::frames(total.frames as usize);
            let (sender, payload) = (direction.sender(), format::bytes(total.payload));
            format!("{frames}, {payload} from the {sender} in {}", format::duration(length))
        })
    }

    pub(crate) fn nearest_landmark(&self, pointer: Pos2) -> Option<&Landmark> {
        let (start, end) = (self.scale.moment(pointer.x - LINE_REACH), self.scale.moment(pointer.x + LINE_REACH));
        let distance = |landmark: &Landmark| (self.scale.x(landmark.at) - pointer.x).abs();
        // A step of the conversation goes before the remarks about it.
        let nearest = |one: &&Landmark, other: &&Landmark| distance(one).total_cmp(&distance(other));
        let step = self.session.steps_between(start, end).take(64).min_by(nearest);
        step.or_else(|| self.session.landmarks_between(start, end).take(64).min_by(nearest))
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

/// Of the opcodes in a column the one of its data, and the one that a person looks for most when that is another.
fn telling_opcodes(opcodes: u16) -> (Opcode, Option<Opcode>) {
    let first = |mut of: std::slice::Iter<'_, Opcode>| of.find(|opcode| opcodes & (1 << opcode.bits()) != 0).copied();
    let reserved = (0..16).map(Opcode::from_bits).find(|one| !one.is_assigned() && opcodes & (1 << one.bits()) != 0);
    let data = first([Opcode::Binary, Opcode::Text, Opcode::Continuation].iter());
    let rare = reserved.or_else(|| first([Opcode::Close, Opcode::Ping, Opcode::Pong].iter()));
    match data {
        Some(data) => (data, rare),
        None => (rare.unwrap_or(Opcode::Continuation), None),
    }
}
