//! The timeline: a map of the whole session, a time axis, and two lanes with a mark for every frame, or density columns where marks would
//! overlap; a stretch of time can be marked on it.
//!
//! Drawing costs a few look-ups for each column that is new, whatever the number of frames.

use egui::{CursorIcon, Key, Pos2, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::protocol::verdict::TransportEnd;
use crate::search::Matches;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, Missing, Session, Stretch};
use crate::ui::theme::{self, Palette};
use crate::ui::time_view::TimeView;
use crate::ui::widgets::density::Density;
use crate::ui::widgets::minimap::{Grip, Minimap};
use crate::ui::widgets::name;
use crate::ui::widgets::timeline_canvas::{Canvas, LABEL_WIDTH, TimeScale};
use crate::ui::{format, time_axis};

/// How near to the edge of a marked stretch a press still means it, in points.
const EDGE_REACH: f32 = 5.0;

/// What a drag that goes on does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drag {
    /// Keeps this moment under the pointer.
    View(i64),
    /// Marks what lies between this moment and the pointer.
    Stretch(Moment),
}

/// What the timeline remembers between two drawings.
#[derive(Debug, Clone, Default)]
pub struct TimelinePanel {
    /// `None` shows the whole session, also while it grows.
    view: Option<TimeView>,
    follows_end: bool,
    revealed: Option<FrameNumber>,
    drag: Option<Drag>,
    grip: Option<Grip>,
    columns: Density,
    overview: Density,
}

impl TimelinePanel {
    /// Draws the timeline in the rest of `ui`, with frames that are not among `matches` dimmed; `selected` is changed by clicks and
    /// arrow keys, the marked `stretch` by drags.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        matches: Option<&Matches>,
        selected: &mut Option<FrameNumber>,
        stretch: &mut Option<Stretch>,
    ) {
        let palette = Palette::of(ui);
        self.tools(ui, session, *selected);
        let newest = session.newest;
        let (outer, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        let right = Rect::from_min_max(outer.min + Vec2::new(LABEL_WIDTH, 0.0), outer.max);
        let (map_area, area) = right.split_top_bottom_at_y(outer.top() + (outer.height() * 0.14).clamp(12.0, 22.0));
        let map = Minimap { area: map_area.shrink2(Vec2::new(0.0, 1.0)), whole: TimeView::whole(newest), palette };
        self.reveal_selected(session, *selected);
        self.handle_map(ui, &map, newest);
        self.handle_pointer(ui, &response, area, session, stretch);
        if response.has_focus() {
            // Without this the arrow keys would move the focus away, and Escape would give it up.
            let escape = stretch.is_some();
            let filter = egui::EventFilter { horizontal_arrows: true, escape, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
            self.handle_keys(ui, session, selected, stretch);
        }
        let view = self.current_view(newest);
        response.widget_info(|| {
            let text = summary(session, matches, *selected, self.view.is_some().then_some(view), *stretch);
            WidgetInfo::labeled(Role::Image, true, text)
        });
        self.overview.cover(session, &map.whole, map.area.width());
        let scale = TimeScale { area, view };
        let is_dense = !scale.has_room_for_marks(session);
        if is_dense {
            self.columns.cover(session, &view, area.width());
        }
        let density = is_dense.then_some(&self.columns);
        let canvas = Canvas { scale, session, matches, density, palette };
        let painter = ui.painter_at(outer);
        painter.rect_filled(outer, 4.0, palette.ground);
        let marked = stretch.map(|stretch| stretch.moments(session));
        map.paint(&painter, &self.overview, &view, marked);
        canvas.lanes(&painter, outer);
        marked.into_iter().for_each(|marked| canvas.band(&painter, marked));
        canvas.axis(&painter, outer, marked);
        canvas.landmarks(&painter);
        canvas.round_trips(&painter);
        canvas.missing(&painter);
        canvas.frames(&painter, *selected);
        if response.has_focus() {
            painter.rect_stroke(outer, 4.0, Stroke::new(1.0, palette.accent), egui::StrokeKind::Inside);
        }
        if hover_and_click(&response, &canvas, selected, stretch) {
            self.revealed = *selected;
        }
    }

    /// Shows a stretch of the session and a little around it.
    pub fn zoom_to(&mut self, session: &Session, stretch: Stretch) {
        let (start, end) = stretch.moments(session);
        self.follows_end = false;
        self.set_view(TimeView::between(start, end), session.newest);
    }

    fn tools(&mut self, ui: &mut Ui, session: &Session, selected: Option<FrameNumber>) {
        ui.horizontal(|ui| {
            theme::section_label(ui, "TIMELINE");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.small_button("Whole session").on_hover_text("Show the whole session (F)").clicked() {
                    self.show_all();
                }
                for (label, factor, hint) in [("+", 0.5, "Zoom in (+)"), ("−", 2.0, "Zoom out (-)")] {
                    let button = ui.small_button(label).on_hover_text(hint);
                    name(ui, &button, hint);
                    if button.clicked() {
                        self.zoom_at_selected(factor, session, selected);
                    }
                }
                let mut follows = self.follows_end || self.view.is_none();
                if ui.checkbox(&mut follows, "Follow").on_hover_text("Keep the newest frame in view").changed() {
                    self.follows_end = follows;
                    if !follows {
                        self.view = Some(self.current_view(session.newest));
                    }
                }
            });
        });
    }

    fn show_all(&mut self) {
        self.view = None;
        self.follows_end = false;
    }

    fn current_view(&self, newest: Moment) -> TimeView {
        match self.view {
            None => TimeView::whole(newest),
            Some(view) if self.follows_end => TimeView::at_the_end(newest, view.span),
            Some(view) => view,
        }
    }

    fn zoom(&mut self, factor: f64, fraction: f64, newest: Moment) {
        let mut view = self.current_view(newest);
        view.zoom(factor, fraction);
        self.set_view(view, newest);
    }

    /// Zooms around the selected frame, or around the middle when that is not in view.
    fn zoom_at_selected(&mut self, factor: f64, session: &Session, selected: Option<FrameNumber>) {
        let view = self.current_view(session.newest);
        let fraction = selected.and_then(|number| session.frame(number)).map(|row| view.fraction(row.at));
        let fraction = fraction.filter(|fraction| (0.0..=1.0).contains(fraction)).unwrap_or(0.5);
        self.zoom(factor, fraction, session.newest);
    }

    fn pan(&mut self, fraction: f64, newest: Moment) {
        let mut view = self.current_view(newest);
        view.pan(fraction);
        self.follows_end = false;
        self.set_view(view, newest);
    }

    fn set_view(&mut self, mut view: TimeView, newest: Moment) {
        view.clamp_to(newest);
        self.view = (view.span < TimeView::whole(newest).span).then_some(view);
    }

    fn reveal_selected(&mut self, session: &Session, selected: Option<FrameNumber>) {
        if self.revealed == selected {
            return;
        }
        self.revealed = selected;
        if let (Some(view), Some(row)) = (&mut self.view, selected.and_then(|number| session.frame(number))) {
            self.follows_end = false;
            view.reveal(row.at);
        }
    }

    fn handle_map(&mut self, ui: &mut Ui, map: &Minimap, newest: Moment) {
        let view = self.current_view(newest);
        let response = ui.interact(map.area, ui.scope_id().with("map"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| {
            let shown = if self.view.is_none() { "all of it".into() } else { shown_time(&view) };
            WidgetInfo::labeled(Role::Image, true, format!("Map of the whole session, showing {shown}"))
        });
        if response.double_clicked() {
            self.grip = None;
            return self.show_all();
        }
        let pointer = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on());
        let Some(pointer) = pointer else {
            self.grip = None;
            if let Some(pointer) = response.hover_pos() {
                ui.ctx().set_cursor_icon(map.cursor(pointer, &view));
                response.on_hover_text("Drag the window or its edges; double-click shows everything");
            }
            return;
        };
        let grip = *self.grip.get_or_insert_with(|| map.grip(pointer, &view));
        // A press alone makes no new window.
        if response.dragged() || matches!(grip, Grip::Window(_)) {
            self.follows_end = false;
            self.set_view(map.dragged(grip, pointer, &view), newest);
        }
    }

    fn handle_pointer(
        &mut self,
        ui: &Ui,
        response: &Response,
        area: Rect,
        session: &Session,
        stretch: &mut Option<Stretch>,
    ) {
        let newest = session.newest;
        let scale = TimeScale { area, view: self.current_view(newest) };
        // With the newest frame, and without those that are still to come.
        let limit = Moment(newest.0.saturating_add(1));
        let reached = |x: f32| scale.moment(x.clamp(area.left(), area.right())).min(limit);
        if response.drag_started()
            && let Some(pressed) = ui.input(|input| input.pointer.press_origin())
        {
            response.request_focus();
            let marks = scale.is_on_axis(pressed) || ui.input(|input| input.modifiers.shift);
            self.drag = Some(match opposite_edge(&scale, pressed, session, *stretch) {
                Some(other) => Drag::Stretch(other),
                None if marks => Drag::Stretch(reached(pressed.x)),
                None => Drag::View(scale.view.at(scale.fraction(pressed.x))),
            });
        }
        if !response.dragged() {
            self.drag = None;
        }
        match self.drag.zip(response.interact_pointer_pos()) {
            Some((Drag::View(grabbed), pointer)) => {
                let mut view = scale.view;
                view.put(grabbed, scale.fraction(pointer.x));
                self.follows_end = false;
                self.set_view(view, newest);
            }
            Some((Drag::Stretch(anchor), pointer)) => {
                let at = reached(pointer.x);
                *stretch = Some(Stretch::Time { start: anchor.min(at), end: anchor.max(at) });
            }
            None => {}
        }
        let Some(pointer) = response.hover_pos() else { return };
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        let place = scale.fraction(pointer.x).clamp(0.0, 1.0);
        if scroll.y != 0.0 {
            self.zoom(f64::from(-scroll.y / 200.0).exp(), place, newest);
        }
        if pinch != 1.0 {
            self.zoom(f64::from(1.0 / pinch), place, newest);
        }
        if scroll.x != 0.0 {
            self.pan(f64::from(-scroll.x / area.width()), newest);
        }
    }

    fn handle_keys(
        &mut self,
        ui: &Ui,
        session: &Session,
        selected: &mut Option<FrameNumber>,
        stretch: &mut Option<Stretch>,
    ) {
        let count = session.frames.len();
        let pressed = |key| ui.input(|input| input.key_pressed(key));
        let step = i64::from(pressed(Key::ArrowRight)) - i64::from(pressed(Key::ArrowLeft));
        if ui.input(|input| input.modifiers.shift) {
            if step != 0 {
                self.pan(0.2 * step as f64, session.newest);
            }
        } else if step != 0 && count > 0 {
            let index = match *selected {
                Some(number) => number.index().saturating_add_signed(step as isize).min(count - 1),
                None => 0,
            };
            *selected = Some(FrameNumber::from_index(index));
        }
        if pressed(Key::Home) && count > 0 {
            *selected = Some(FrameNumber::from_index(0));
        } else if pressed(Key::End) && count > 0 {
            *selected = Some(FrameNumber::from_index(count - 1));
        }
        let out = i32::from(pressed(Key::Minus)) - i32::from(pressed(Key::Plus) || pressed(Key::Equals));
        if out != 0 {
            self.zoom_at_selected(2f64.powi(out), session, *selected);
        }
        if pressed(Key::F) {
            self.show_all();
        }
        match *stretch {
            Some(marked) if pressed(Key::S) => self.zoom_to(session, marked),
            Some(_) if pressed(Key::Escape) => *stretch = None,
            _ => {}
        }
    }
}

/// Of the marked stretch, the moment at the edge that stays when a press at this place moves the other one.
fn opposite_edge(scale: &TimeScale, pressed: Pos2, session: &Session, stretch: Option<Stretch>) -> Option<Moment> {
    let (start, end) = stretch?.moments(session);
    let distance = |at: Moment| (scale.x(at) - pressed.x).abs();
    match (distance(start) <= EDGE_REACH, distance(end) <= EDGE_REACH) {
        (false, false) => None,
        (true, false) => Some(end),
        (false, true) => Some(start),
        (true, true) => Some(if pressed.x < scale.x(start) { end } else { start }),
    }
}

/// What the pointer shows and does when nothing is dragged; says whether it selected a frame.
fn hover_and_click(
    response: &Response,
    canvas: &Canvas<'_>,
    selected: &mut Option<FrameNumber>,
    stretch: &mut Option<Stretch>,
) -> bool {
    let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else { return false };
    if response.clicked() {
        response.request_focus();
    }
    let scale = &canvas.scale;
    if opposite_edge(scale, pointer, canvas.session, *stretch).is_some() {
        response.ctx.set_cursor_icon(CursorIcon::ResizeHorizontal);
        return false;
    }
    if scale.is_on_axis(pointer) {
        response.ctx.set_cursor_icon(CursorIcon::Crosshair);
        if response.clicked() {
            *stretch = None;
        }
        let moment = time_axis::moment(scale.moment(pointer.x).0 as i64, scale.view.span);
        response.clone().on_hover_text_at_pointer(format!("{moment}\nDrag to select a stretch of time"));
        return false;
    }
    let nearest = canvas.nearest(pointer);
    let text = match nearest.and_then(|number| Some((number, canvas.session.frame(number)?))) {
        Some((number, row)) => Some(frame_line(number, row)),
        None => canvas.nearest_missing(pointer).map(|(direction, missing)| missing_line(direction, &missing)).or_else(
            || {
                let landmark = canvas.nearest_landmark(pointer)?;
                Some(format!("{} at {} s", landmark_name(&landmark.kind), landmark.at))
            },
        ),
    };
    let text = match (text, canvas.column_at(pointer)) {
        (Some(text), Some(column)) => Some(format!("{column}\n{text}")),
        (text, column) => text.or(column),
    };
    if let Some(text) = text {
        response.clone().on_hover_text_at_pointer(text);
    }
    if !response.clicked() {
        return false;
    }
    *selected = nearest.or(*selected);
    true
}

/// What a screen reader says of the timeline; `view` is what is shown when that is not everything.
fn summary(
    session: &Session,
    matches: Option<&Matches>,
    selected: Option<FrameNumber>,
    view: Option<TimeView>,
    stretch: Option<Stretch>,
) -> String {
    let mut text = format!("Timeline, {}", format::frames(session.frames.len()));
    if let Some(matches) = matches {
        text.push_str(&format!(", {} in the filter", format::count(matches.len() as u64)));
    }
    let gaps: usize = Direction::BOTH.map(|direction| session.missing[direction].len()).iter().sum();
    if gaps > 0 {
        text.push_str(&format!(", gaps in the recording: {}", format::count(gaps as u64)));
    }
    if let Some((number, row)) = selected.and_then(|number| Some((number, session.frame(number)?))) {
        text.push_str(&format!(", selected {}", frame_line(number, row)));
    }
    if let Some(stretch) = stretch {
        text.push_str(&format!(", {} in the selection", format::count(stretch.frames(session).len() as u64)));
    }
    if let Some(view) = view {
        text.push_str(&format!(", showing {}", shown_time(&view)));
    }
    text
}

/// The time that a view shows, from edge to edge.
fn shown_time(view: &TimeView) -> String {
    let [start, end] = [view.start.max(0), view.end().max(0)].map(|at| time_axis::moment(at, view.span));
    format!("{start} to {end}")
}

/// A frame in a line.
fn frame_line(number: FrameNumber, row: &FrameRow) -> String {
    format!(
        "{number} {} from the {}, {}, at {} s",
        row.opcode(),
        row.direction.sender(),
        format::bytes(row.payload_length),
        row.at
    )
}

/// What was not recorded, in a line.
fn missing_line(direction: Direction, missing: &Missing) -> String {
    let (sender, at) = (direction.sender(), missing.at);
    match missing.gap.length {
        Some(length) => format!("{} from the {sender} not recorded, before {at} s", format::bytes(length.into())),
        None => format!("What the {sender} sent before {at} s was not recorded"),
    }
}

/// A landmark's name on the axis.
fn landmark_name(kind: &LandmarkKind) -> String {
    match kind {
        LandmarkKind::Request => "Upgrade request".into(),
        LandmarkKind::Response { status } => format!("Response {status}"),
        LandmarkKind::Event(event) => match event {
            EventKind::Resolved { .. } => "Name resolved".into(),
            EventKind::Connected { .. } => "TCP connected".into(),
            EventKind::ConnectedLocally { .. } => "Unix-domain socket connected".into(),
            EventKind::Tunnelled { proxy, .. } => format!("Way through {proxy}"),
            EventKind::Redirected { status, .. } => format!("Redirected ({status})"),
            EventKind::Secured { version, .. } => format!("{version} up"),
            EventKind::TransportEnded { side, how } => match how {
                TransportEnd::Fin => format!("TCP FIN from the {side}"),
                TransportEnd::Rst => format!("TCP RST from the {side}"),
                TransportEnd::Timeout => "Gave up waiting for the end of TCP".into(),
                TransportEnd::Local => format!("Aborted by the {side}"),
            },
            EventKind::ConnectFailed { problem, .. } => problem.clone(),
            EventKind::Note { text } => text.clone(),
            EventKind::Bytes { direction, bytes } => {
                format!("{} from the {}", format::bytes(bytes.len() as u64), direction.sender())
            }
            EventKind::Missing { direction, .. } => format!("Bytes of the {} missing", direction.sender()),
        },
    }
}
