//! How long answers took, from Ping to Pong and from request to reply: figures, a series over time, and a list that leads to the
//! frames.

use std::time::Duration;

use egui::{RichText, Ui};

use crate::content::subprotocol::Subprotocol;
use crate::protocol::frame::FrameNumber;
use crate::protocol::moment::Moment;
use crate::reading::Previewer;
use crate::reading::replies::Replies;
use crate::session::Session;
use crate::session::latency::{Exchange, Latency, NEWEST};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::row_list::RowList;
use crate::ui::widgets::series_plot;

const ROW_HEIGHT: f32 = 22.0;

/// Which answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Answers {
    #[default]
    Pongs,
    Replies,
}

/// The panel's state.
#[derive(Debug, Default)]
pub struct LatencyPanel {
    answers: Answers,
    pings: SeriesView,
    replies: SeriesView,
    previewer: Previewer,
}

/// What is known of one series; made anew when it has grown.
#[derive(Debug, Clone, Default)]
struct SeriesView {
    known: usize,
    times: Vec<(Moment, Duration)>,
    latency: Option<Latency>,
    list: RowList,
}

impl LatencyPanel {
    /// Whether replies are to be looked for.
    pub fn shows_replies(&self) -> bool {
        self.answers == Answers::Replies
    }

    /// Draws the panel in the rest of `ui`; `selected` is changed by a click on an exchange. `replies` is what was found so far.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        replies: Option<&Replies>,
        selected: &mut Option<FrameNumber>,
    ) {
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.answers, Answers::Pongs, "Ping to Pong");
            ui.selectable_value(&mut self.answers, Answers::Replies, "Request to reply");
        });
        ui.add_space(theme::GAP);
        match self.answers {
            Answers::Pongs => self.show_pongs(ui, session, selected),
            Answers::Replies => self.show_replies(ui, session, replies, selected),
        }
    }

    fn show_pongs(&mut self, ui: &mut Ui, session: &Session, selected: &mut Option<FrameNumber>) {
        let round_trips = &session.round_trips;
        theme::section_label(ui, "PING TO PONG");
        if round_trips.is_empty() {
            let hint =
                "No Ping has been answered yet. Send one with the composer, and the time until its Pong is shown here.";
            ui.label(RichText::new(hint).color(Palette::of(ui).weak));
            return;
        }
        let get = |index: usize| round_trips.get(index).map(Exchange::from);
        self.pings.show(ui, "Round trips from Ping to Pong", round_trips.len(), get, |_| None, selected);
    }

    fn show_replies(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        replies: Option<&Replies>,
        selected: &mut Option<FrameNumber>,
    ) {
        theme::section_label(ui, "REQUEST TO REPLY");
        let Some(replies) = replies else { return };
        let weak = Palette::of(ui).weak;
        let by = replies.by.map_or("the id in JSON", Subprotocol::title);
        let waiting = match replies.waiting {
            0 => String::new(),
            count => format!(", {} not answered", format::count(count as u64)),
        };
        ui.label(RichText::new(format!("Paired by {by}{waiting}")).small().color(weak));
        if replies.looked_at < replies.of {
            let part = replies.looked_at as f32 / replies.of as f32;
            ui.add(egui::ProgressBar::new(part).desired_height(4.0)).on_hover_text("Messages are being read.");
        } else if replies.exchanges.is_empty() {
            let hint = "No message answers another one here. Replies are found by the identifier that a request and its reply \
                        have in common: the subprotocol's own one, or \"id\" in JSON.";
            ui.label(RichText::new(hint).color(weak));
        }
        if replies.exchanges.is_empty() {
            return;
        }
        let get = |index: usize| replies.exchanges.get(index).copied();
        let previewer = &mut self.previewer;
        let line = |number| Some(previewer.line(session, number, session.frame(number)?, replies.by));
        self.replies.show(ui, "Times from request to reply", replies.exchanges.len(), get, line, selected);
    }
}

impl SeriesView {
    fn show(
        &mut self,
        ui: &mut Ui,
        label: &str,
        count: usize,
        get: impl Fn(usize) -> Option<Exchange>,
        mut request: impl FnMut(FrameNumber) -> Option<String>,
        selected: &mut Option<FrameNumber>,
    ) {
        let first = count.saturating_sub(NEWEST);
        if self.known != count {
            self.known = count;
            self.times =
                (first..count).filter_map(&get).map(|exchange| (exchange.answered_at, exchange.took())).collect();
            self.latency = Latency::of(self.times.iter().map(|(_, took)| *took));
        }
        let palette = Palette::of(ui);
        if let Some(latency) = &self.latency {
            ui.label(figures(latency, count));
        }
        if let Some(clicked) = series_plot::show(ui, label, &self.times) {
            *selected = get(first + clicked).map(|exchange| exchange.answered);
            self.list.reveal((first + clicked) as u64, 1);
            self.list.stay();
        }
        ui.add_space(theme::GAP);
        self.list.show(ui, label, count as u64, ROW_HEIGHT, |ui, row, area| {
            let Some(exchange) = get(row as usize) else { return };
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(area.shrink2([2.0, 0.0].into())).id_salt(row));
            ui.horizontal_centered(|ui| {
                ui.label(RichText::new(format::duration(exchange.took())).monospace());
                let asker = RichText::new(format!("{} asked", exchange.direction.sender()));
                ui.label(asker.small().color(palette.direction(exchange.direction)));
                for number in [exchange.asked, exchange.answered] {
                    if ui.link(RichText::new(format!("Frame {}", number.0)).small()).clicked() {
                        *selected = Some(number);
                    }
                }
                let at = format!("at {} s", exchange.asked_at);
                match request(exchange.asked) {
                    Some(line) => {
                        let line = egui::Label::new(RichText::new(line).monospace().small()).truncate();
                        ui.add(line).on_hover_text(at)
                    }
                    None => ui.label(RichText::new(at).small().color(palette.weak)),
                };
            });
        });
    }
}

fn figures(latency: &Latency, count: usize) -> String {
    let of = if count > latency.exchanges {
        format!("the newest {} of {}", format::count(latency.exchanges as u64), format::count(count as u64))
    } else {
        format::count(count as u64)
    };
    let [shortest, median, longest] = [latency.shortest, latency.median, latency.longest].map(format::duration);
    format!("{of} answered: shortest {shortest}, median {median}, longest {longest}")
}
