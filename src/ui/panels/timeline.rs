//! The timeline: two lanes on a time axis, a mark for every frame, density bars where marks would overlap.
//!
//! Drawing costs a few look-ups for each pixel column, whatever the number of frames.

use egui::{Key, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::protocol::frame::FrameNumber;
use crate::protocol::verdict::TransportEnd;
use crate::search::Matches;
use crate::session::landmark::LandmarkKind;
use crate::session::{EventKind, FrameRow, Session};
use crate::ui::format;
use crate::ui::theme::Palette;
use crate::ui::time_view::TimeView;
use crate::ui::widgets::timeline_canvas::Canvas;
use crate::ui::widgets::{bookmark_flag, name};

const LABEL_WIDTH: f32 = 64.0;

/// What the timeline remembers between two drawings.
#[derive(Debug, Clone, Default)]
pub struct TimelinePanel {
    /// `None` shows the whole session, also while it grows.
    view: Option<TimeView>,
    follows_end: bool,
    revealed: Option<FrameNumber>,
}

impl TimelinePanel {
    /// Draws the timeline in the rest of `ui`, with frames that are not among `matches` dimmed; `selected` is changed by clicks and
    /// arrow keys.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        matches: Option<&Matches>,
        selected: &mut Option<FrameNumber>,
    ) {
        let palette = Palette::of(ui);
        self.tools(ui, session);
        let (outer, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, summary(session, matches, *selected)));
        let area = Rect::from_min_max(outer.min + Vec2::new(LABEL_WIDTH, 0.0), outer.max);
        let newest = session.newest.nanoseconds();
        self.reveal_selected(session, *selected);
        self.handle_pointer(ui, &response, area, newest);
        if response.has_focus() {
            // Without this the arrow keys would move the focus away.
            let arrows = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            self.handle_keys(ui, session, selected);
        }
        let view = self.current_view(newest);
        let canvas = Canvas { area, view, session, matches, palette };
        let painter = ui.painter_at(outer);
        painter.rect_filled(outer, 4.0, palette.ground);
        canvas.lanes(&painter, outer);
        canvas.axis(&painter);
        canvas.landmarks(&painter);
        canvas.round_trips(&painter);
        canvas.frames(&painter, *selected);
        canvas.bookmarks(&painter);
        if response.has_focus() {
            painter.rect_stroke(outer, 4.0, Stroke::new(1.0, palette.accent), egui::StrokeKind::Inside);
        }
        self.hover_and_click(&response, &canvas, selected);
    }

    fn tools(&mut self, ui: &mut Ui, session: &Session) {
        ui.horizontal(|ui| {
            crate::ui::theme::section_label(ui, "TIMELINE");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.small_button("Whole session").on_hover_text("Show the whole session (F)").clicked() {
                    self.show_all();
                }
                let newest = session.newest.nanoseconds();
                for (label, factor, hint) in [("+", 0.5, "Zoom in (+)"), ("−", 2.0, "Zoom out (-)")] {
                    let button = ui.small_button(label).on_hover_text(hint);
                    name(ui, &button, hint);
                    if button.clicked() {
                        self.zoom(factor, 0.5, newest);
                    }
                }
                let mut follows = self.follows_end || self.view.is_none();
                if ui.checkbox(&mut follows, "Follow").on_hover_text("Keep the newest frame in view").changed() {
                    self.follows_end = follows;
                    if !follows {
                        self.view = Some(self.current_view(newest));
                    }
                }
            });
        });
    }

    fn show_all(&mut self) {
        self.view = None;
        self.follows_end = false;
    }

    fn current_view(&self, newest: u64) -> TimeView {
        let whole = TimeView::whole(newest);
        match self.view {
            None => whole,
            Some(view) if self.follows_end => TimeView { start: whole.start + whole.span - view.span, ..view },
            Some(view) => view,
        }
    }

    fn zoom(&mut self, factor: f64, fraction: f64, newest: u64) {
        let mut view = self.current_view(newest);
        view.zoom(factor, fraction);
        self.set_view(view, newest);
    }

    fn pan(&mut self, fraction: f64, newest: u64) {
        let mut view = self.current_view(newest);
        view.pan(fraction);
        self.follows_end = false;
        self.set_view(view, newest);
    }

    fn set_view(&mut self, mut view: TimeView, newest: u64) {
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
            view.reveal(row.at.nanoseconds());
        }
    }

    fn handle_pointer(&mut self, ui: &Ui, response: &Response, area: Rect, newest: u64) {
        if response.dragged() {
            self.pan(f64::from(-response.drag_delta().x / area.width()), newest);
        }
        let Some(pointer) = response.hover_pos() else { return };
        let fraction = f64::from(((pointer.x - area.left()) / area.width()).clamp(0.0, 1.0));
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        if scroll.y != 0.0 {
            self.zoom(f64::from(-scroll.y / 200.0).exp(), fraction, newest);
        }
        if pinch != 1.0 {
            self.zoom(f64::from(1.0 / pinch), fraction, newest);
        }
        if scroll.x != 0.0 {
            self.pan(f64::from(-scroll.x / area.width()), newest);
        }
    }

    fn handle_keys(&mut self, ui: &Ui, session: &Session, selected: &mut Option<FrameNumber>) {
        let newest = session.newest.nanoseconds();
        let count = session.frames.len();
        let (step, jump, zoom, pan, fit) = ui.input(|input| {
            let key = |key| input.key_pressed(key);
            let shift = input.modifiers.shift;
            let step = i64::from(key(Key::ArrowRight)) - i64::from(key(Key::ArrowLeft));
            (
                if shift { 0 } else { step },
                (key(Key::Home), key(Key::End)),
                i32::from(key(Key::Minus)) - i32::from(key(Key::Plus) || key(Key::Equals)),
                if shift { step } else { 0 },
                key(Key::F),
            )
        });
        if step != 0 && count > 0 {
            let index = match *selected {
                Some(number) => number.index().saturating_add_signed(step as isize).min(count - 1),
                None => 0,
            };
            *selected = Some(FrameNumber::from_index(index));
        }
        match jump {
            (true, _) if count > 0 => *selected = Some(FrameNumber::from_index(0)),
            (_, true) if count > 0 => *selected = Some(FrameNumber::from_index(count - 1)),
            _ => {}
        }
        if zoom != 0 {
            self.zoom(2f64.powi(zoom), 0.5, newest);
        }
        if pan != 0 {
            self.pan(0.2 * pan as f64, newest);
        }
        if fit {
            self.show_all();
        }
    }

    fn hover_and_click(&mut self, response: &Response, canvas: &Canvas<'_>, selected: &mut Option<FrameNumber>) {
        let Some(pointer) = response.hover_pos().filter(|_| !response.dragged()) else { return };
        let nearest = canvas.flag_at(pointer).or_else(|| canvas.nearest(pointer));
        if response.clicked() {
            response.request_focus();
            *selected = nearest.or(*selected);
            self.revealed = *selected;
        }
        let text = match nearest.and_then(|number| Some((number, canvas.session.frame(number)?))) {
            Some((number, row)) => match canvas.session.annotations.note_on(number) {
                Some(note) => format!("{}\nBookmark: {}", frame_line(number, row), bookmark_flag::words(note)),
                None => frame_line(number, row),
            },
            None => match canvas.nearest_landmark(pointer) {
                Some(landmark) => format!("{} at {} s", landmark_name(&landmark.kind), landmark.at),
                None => return,
            },
        };
        response.clone().on_hover_text_at_pointer(text);
    }
}

/// What a screen reader says of the timeline.
fn summary(session: &Session, matches: Option<&Matches>, selected: Option<FrameNumber>) -> String {
    let mut text = format!("Timeline, {}", format::frames(session.frames.len()));
    if let Some(matches) = matches {
        text.push_str(&format!(", {} in the filter", format::count(matches.len() as u64)));
    }
    match session.annotations.bookmarks().len() {
        0 => {}
        1 => text.push_str(", 1 bookmark"),
        count => text.push_str(&format!(", {} bookmarks", format::count(count as u64))),
    }
    if let Some((number, row)) = selected.and_then(|number| Some((number, session.frame(number)?))) {
        text.push_str(&format!(", selected {}", frame_line(number, row)));
    }
    text
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
