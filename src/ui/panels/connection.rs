//! How the connection came about: its steps with their times, the two heads of the handshake, remarks, and why it failed.

use std::time::Duration;

use egui::{RichText, ScrollArea, Ui};

use crate::protocol::http::Headers;
use crate::protocol::moment::Moment;
use crate::protocol::secret::{masked_header, masked_target, masked_url};
use crate::session::landmark::{Landmark, LandmarkKind};
use crate::session::{EventKind, Session};
use crate::ui::format;
use crate::ui::panels::certificate_chain::CertificateChain;
use crate::ui::theme::{self, Palette, card, property, section_label};

/// How much of a refusal's body is shown, in bytes.
const BODY_SHOWN: u64 = 2048;

/// How many remarks are shown.
const REMARKS_SHOWN: usize = 100;

/// The panel's state.
#[derive(Debug, Clone, Default)]
pub struct ConnectionPanel {
    shows_secrets: bool,
    chain: CertificateChain,
}

/// A step of connecting as it is shown.
struct Step {
    name: &'static str,
    took: Duration,
    detail: String,
    is_warning: bool,
}

impl ConnectionPanel {
    /// Draws the panel in the rest of `ui`, scrolling.
    pub fn show(&mut self, ui: &mut Ui, session: &Session) {
        ScrollArea::vertical().id_salt("connection").auto_shrink(false).show(ui, |ui| {
            failure(ui, session);
            steps(ui, session);
            self.heads(ui, session);
            self.chain.show(ui, session);
            notes(ui, session);
        });
    }

    fn heads(&mut self, ui: &mut Ui, session: &Session) {
        let handshake = &session.handshake;
        if handshake.request.is_none() && handshake.response.is_none() {
            return;
        }
        ui.add_space(theme::GROUP_GAP);
        ui.horizontal(|ui| {
            section_label(ui, "OPENING HANDSHAKE");
            ui.checkbox(&mut self.shows_secrets, "Show secrets");
        });
        if let Some(request) = &handshake.request {
            let target = if self.shows_secrets { request.target.clone() } else { masked_target(&request.target) };
            head(ui, &format!("{} {target} {}", request.method, request.version), &request.headers, self.shows_secrets);
        }
        if let Some(response) = &handshake.response {
            let line = format!("{} {} {}", response.version, response.status, response.reason);
            head(ui, &line, &response.headers, self.shows_secrets);
        }
    }
}

/// The problem and the advice of a connection that failed, with the start of what the server said.
pub fn failure(ui: &mut Ui, session: &Session) {
    let palette = Palette::of(ui);
    for landmark in session.steps() {
        let LandmarkKind::Event(EventKind::ConnectFailed { problem, advice, .. }) = &landmark.kind else { continue };
        card(ui).stroke(egui::Stroke::new(1.0, palette.error)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(RichText::new(problem).strong().color(palette.error));
            ui.label(advice);
            let body = session.response_body(BODY_SHOWN);
            if !body.is_empty() {
                section_label(ui, "THE SERVER'S ANSWER BEGINS");
                ui.label(RichText::new(String::from_utf8_lossy(&body)).monospace());
            }
        });
        ui.add_space(theme::GAP);
    }
}

fn steps(ui: &mut Ui, session: &Session) {
    let palette = Palette::of(ui);
    section_label(ui, "CONNECTING");
    if let Some(url) = &session.origin.url {
        ui.add(egui::Label::new(RichText::new(masked_url(url)).monospace()).wrap());
    }
    let mut before = Moment::START;
    let mut steps = Vec::new();
    for landmark in session.steps() {
        let Some((name, detail, is_warning)) = step(landmark) else { continue };
        steps.push(Step { name, took: landmark.at.since(before), detail, is_warning });
        before = landmark.at;
    }
    if steps.is_empty() {
        ui.label(RichText::new("Nothing has been reached yet.").color(palette.weak));
    }
    for step in steps {
        let took = format::duration(step.took);
        let text = if step.detail.is_empty() { took } else { format!("{took} · {}", step.detail) };
        let colour = if step.is_warning { palette.error } else { palette.text };
        property(ui, step.name, RichText::new(text).color(colour));
    }
}

/// The name and the detail of a landmark that is a step of connecting, and whether it deserves a warning.
fn step(landmark: &Landmark) -> Option<(&'static str, String, bool)> {
    Some(match &landmark.kind {
        LandmarkKind::Event(EventKind::Resolved { addresses }) => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            ("Name (DNS)", addresses.join(", "), false)
        }
        LandmarkKind::Event(EventKind::Connected { client, server }) => ("TCP", format!("{client} → {server}"), false),
        LandmarkKind::Event(EventKind::ConnectedLocally { path }) => ("Unix socket", path.clone(), false),
        LandmarkKind::Event(EventKind::Tunnelled { proxy, destination, answer }) => {
            ("Proxy", format!("{proxy} → {destination}: {answer}"), false)
        }
        LandmarkKind::Event(EventKind::Redirected { status, to, .. }) => {
            ("Redirected", format!("status {status}, to {to}"), false)
        }
        LandmarkKind::Event(EventKind::Secured { version, cipher, verified, alpn, .. }) => {
            let alpn = alpn.as_ref().map(|alpn| format!(", ALPN {alpn}")).unwrap_or_default();
            let verification = if *verified { "" } else { ", certificate NOT verified" };
            ("TLS", format!("{version}, {cipher}{alpn}{verification}"), !verified)
        }
        LandmarkKind::Request => ("Request sent", String::new(), false),
        LandmarkKind::Response { status } => ("Upgrade", format!("status {status}"), *status != 101),
        LandmarkKind::Event(_) => return None,
    })
}

fn head(ui: &mut Ui, start_line: &str, headers: &Headers, shows_secrets: bool) {
    let palette = Palette::of(ui);
    card(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.add(egui::Label::new(RichText::new(start_line).monospace().strong()).wrap());
        for header in &headers.0 {
            let value = match &header.value {
                value if shows_secrets => value.clone(),
                value => masked_header(&header.name, value),
            };
            let mut line = egui::text::LayoutJob::default();
            let font = egui::TextStyle::Monospace.resolve(ui.style());
            line.append(&format!("{}: ", header.name), 0.0, egui::TextFormat::simple(font.clone(), palette.weak));
            line.append(&value, 0.0, egui::TextFormat::simple(font, palette.text));
            ui.add(egui::Label::new(line).wrap());
        }
    });
}

fn notes(ui: &mut Ui, session: &Session) {
    let notes: Vec<_> = session
        .landmarks
        .iter()
        .filter_map(|landmark| match &landmark.kind {
            LandmarkKind::Event(EventKind::Note { text }) => Some((landmark.at, text)),
            _ => None,
        })
        .take(REMARKS_SHOWN + 1)
        .collect();
    if notes.is_empty() {
        return;
    }
    ui.add_space(theme::GROUP_GAP);
    section_label(ui, "REMARKS");
    if notes.len() > REMARKS_SHOWN {
        ui.label(format!("The first {REMARKS_SHOWN} are shown."));
    }
    for (at, text) in notes.into_iter().take(REMARKS_SHOWN) {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(at.to_string()).monospace().color(Palette::of(ui).weak));
            ui.label(text);
        });
    }
}
