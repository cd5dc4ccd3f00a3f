//! How to connect: the pages that open below the address bar.

use egui::{DragValue, Ui};

use crate::protocol::permessage_deflate::{ClientWindow, WindowBits};
use crate::ui::action::{Action, AuthorizationKind, CompressionForm, ConnectionForm, PemField, RouteKind};
use crate::ui::widgets::name;

/// Which page is open.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectionOptions {
    page: Page,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Page {
    #[default]
    Request,
    Network,
    Tls,
    Compression,
}

impl ConnectionOptions {
    /// Draws the pages' titles and the open one.
    pub(super) fn show(&mut self, ui: &mut Ui, form: &mut ConnectionForm, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            for (page, title, is_used) in [
                (Page::Request, "Request", has_request_options(form)),
                (Page::Network, "Network", has_network_options(form)),
                (Page::Tls, "TLS", has_tls_options(form)),
                (Page::Compression, "Compression", form.compression != CompressionForm::default()),
            ] {
                // What is set on a page that is not open still shows.
                let text = if is_used { format!("{title} •") } else { title.to_owned() };
                let tab = ui.selectable_value(&mut self.page, page, text);
                name(ui, &tab, format!("{title} options"));
            }
        });
        egui::Grid::new(("options", self.page as u8)).num_columns(4).spacing([12.0, 6.0]).show(ui, |ui| {
            match self.page {
                Page::Request => request_options(ui, form),
                Page::Network => network_options(ui, form),
                Page::Tls => tls_options(ui, form, actions),
                Page::Compression => compression_options(ui, &mut form.compression),
            }
        });
    }
}

fn has_request_options(form: &ConnectionForm) -> bool {
    let texts = [&form.subprotocols, &form.origin, &form.headers, &form.cookies, &form.host];
    texts.iter().any(|text| !text.trim().is_empty()) || form.authorization != AuthorizationKind::None || form.is_manual
}

fn has_network_options(form: &ConnectionForm) -> bool {
    form.route != RouteKind::Environment || !form.connect_to.trim().is_empty() || form.redirections > 0
}

fn has_tls_options(form: &ConnectionForm) -> bool {
    let texts = [&form.extra_authority, &form.client_certificate, &form.client_key, &form.server_name];
    texts.iter().any(|text| !text.trim().is_empty()) || form.accept_any_certificate
}

fn request_options(ui: &mut Ui, form: &mut ConnectionForm) {
    field(ui, "Subprotocols", "chat, superchat", &mut form.subprotocols);
    field(ui, "Origin", "https://example.com", &mut form.origin);
    ui.end_row();
    let kinds =
        [(AuthorizationKind::None, "None"), (AuthorizationKind::Basic, "Basic"), (AuthorizationKind::Bearer, "Bearer")];
    choice(ui, true, "Authorization", &mut form.authorization, kinds);
    match form.authorization {
        AuthorizationKind::None => {}
        AuthorizationKind::Basic => {
            field(ui, "User", "", &mut form.user);
            ui.end_row();
            ui.label("");
            ui.label("");
            secret_field(ui, "Password", "", &mut form.password);
        }
        AuthorizationKind::Bearer => secret_field(ui, "Token", "", &mut form.token),
    }
    ui.end_row();
    field(ui, "Host header", "the address's host", &mut form.host);
    secret_field(ui, "Cookies", "name=value; other=value", &mut form.cookies);
    ui.end_row();
    let label = ui.label("Headers");
    let headers = wide(egui::TextEdit::multiline(&mut form.headers));
    ui.add(headers.desired_rows(2).hint_text("Name: value, one a line")).labelled_by(label.id);
    ui.label("Endpoint");
    let manual = egui::Checkbox::new(&mut form.is_manual, "Manual: nothing is answered by itself");
    ui.add(manual).on_hover_text("You send every Pong and every Close, or see what happens if you do not");
    ui.end_row();
}

fn network_options(ui: &mut Ui, form: &mut ConnectionForm) {
    let routes = [
        (RouteKind::Environment, "As the environment says"),
        (RouteKind::Direct, "Directly"),
        (RouteKind::Proxy, "Through a proxy"),
        (RouteKind::UnixSocket, "Unix-domain socket"),
    ];
    choice(ui, true, "Route", &mut form.route, routes)
        .on_hover_text("The environment: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY");
    match form.route {
        RouteKind::Environment | RouteKind::Direct => {}
        RouteKind::Proxy => field(ui, "Proxy", "http://user:password@host:3128", &mut form.proxy),
        RouteKind::UnixSocket => field(ui, "Socket", "/run/server.sock", &mut form.unix_socket),
    }
    ui.end_row();
    if form.route != RouteKind::UnixSocket {
        field(ui, "Connect to", "the address's host and port", &mut form.connect_to);
    }
    let follow = [1, 3, 10].map(|most| (most, format!("Follow up to {most}")));
    let follow = std::iter::once((0, "Do not follow".to_owned())).chain(follow);
    choice(ui, true, "Redirections", &mut form.redirections, follow)
        .on_hover_text("Never from wss:// to ws://; another origin gets no credentials");
    ui.end_row();
}

fn tls_options(ui: &mut Ui, form: &mut ConnectionForm, actions: &mut Vec<Action>) {
    pem_field(ui, "Extra CA file", "a PEM file", &mut form.extra_authority, PemField::Authority, actions);
    let accept = egui::Checkbox::new(&mut form.accept_any_certificate, "Accept any certificate");
    ui.add(accept).on_hover_text("For test servers only: nobody is verified");
    ui.end_row();
    let field_of = PemField::ClientCertificate;
    pem_field(ui, "Client certificate", "a PEM file", &mut form.client_certificate, field_of, actions);
    ui.end_row();
    let hint = "if not in the same file";
    pem_field(ui, "Client key", hint, &mut form.client_key, PemField::ClientKey, actions);
    ui.end_row();
    field(ui, "Server name", "the address's host", &mut form.server_name);
    ui.end_row();
}

fn compression_options(ui: &mut Ui, form: &mut CompressionForm) {
    ui.label("permessage-deflate");
    ui.checkbox(&mut form.is_offered, "Offer to compress messages")
        .on_hover_text("RFC 7692. The server decides whether messages are compressed");
    ui.end_row();
    let (is_offered, offer) = (form.is_offered, &mut form.offer);
    context_takeover(ui, is_offered, "Server's context", "The server", &mut offer.server_no_context_takeover);
    context_takeover(ui, is_offered, "Client's context", "The client", &mut offer.client_no_context_takeover);
    ui.end_row();
    let largest = |bits: WindowBits| format!("At most {} bits", bits.bits());
    let windows = (8..=15).filter_map(WindowBits::new);
    let server = std::iter::once((None, "As the server likes".to_owned()));
    let server = server.chain(windows.clone().map(|bits| (Some(bits), largest(bits))));
    choice(ui, is_offered, "Server's window", &mut offer.server_max_window_bits, server).on_hover_text(
        "server_max_window_bits: how far back the server's compressed bytes may refer, 2 to the power of the bits",
    );
    let client =
        [(ClientWindow::NotOffered, "15 bits".to_owned()), (ClientWindow::Any, "As the server likes".to_owned())];
    // zlib compresses with no smaller window than 9 bits.
    let windows = windows.filter(|bits| bits.bits() > 8);
    let client = client.into_iter().chain(windows.map(|bits| (ClientWindow::UpTo(bits), largest(bits))));
    choice(ui, is_offered, "Client's window", &mut offer.client_max_window_bits, client).on_hover_text(
        "client_max_window_bits: how far back our compressed bytes may refer, 2 to the power of the bits",
    );
    ui.end_row();
    let label = ui.label("Compress from");
    let from = DragValue::new(&mut form.compress_from).suffix(" bytes").speed(8);
    ui.add_enabled(is_offered, from)
        .labelled_by(label.id)
        .on_hover_text("Shorter messages are sent as they are, so that they can be read on the wire");
    let label = ui.label("Inflate up to");
    let mut mebibytes = form.inflation_limit / MEBIBYTE;
    let limit = DragValue::new(&mut mebibytes).range(1..=LARGEST_INFLATION_LIMIT / MEBIBYTE).suffix(" MiB");
    let limit = ui.add(limit).labelled_by(label.id);
    let limit = limit.on_hover_text("A message that gives more is not read further, here and in logs that are opened");
    if limit.changed() {
        form.inflation_limit = mebibytes * MEBIBYTE;
    }
    ui.end_row();
}

const MEBIBYTE: u64 = 1 << 20;

/// The largest limit that can be set here, in bytes: what a message may have at all, four times over.
const LARGEST_INFLATION_LIMIT: u64 = 1 << 30;

fn context_takeover(ui: &mut Ui, enabled: bool, label: &'static str, side: &str, none_taken_over: &mut bool) {
    let choices = [(false, "Kept between messages"), (true, "Dropped after each message")];
    choice(ui, enabled, label, none_taken_over, choices)
        .on_hover_text(format!("{side} may refer to earlier messages, or compresses each by itself"));
}

/// A labelled list of values with their names.
fn choice<Value: PartialEq + Copy>(
    ui: &mut Ui,
    enabled: bool,
    label: &'static str,
    chosen: &mut Value,
    values: impl IntoIterator<Item = (Value, impl Into<String>)>,
) -> egui::Response {
    let label_id = ui.label(label).id;
    let values: Vec<(Value, String)> = values.into_iter().map(|(value, text)| (value, text.into())).collect();
    let shown = values.iter().find(|(value, _)| value == chosen).map_or("", |(_, text)| text);
    ui.add_enabled_ui(enabled, |ui| {
        let list = egui::ComboBox::from_id_salt(label).selected_text(shown).width(COMBO_WIDTH);
        let list = list.show_ui(ui, |ui| {
            for (value, text) in &values {
                ui.selectable_value(chosen, *value, text);
            }
        });
        list.response.labelled_by(label_id)
    })
    .inner
}

/// How wide a field is, in points.
const FIELD_WIDTH: f32 = 260.0;

/// How wide a choice is, in points.
const COMBO_WIDTH: f32 = 200.0;

fn field(ui: &mut Ui, label: &str, hint: &'static str, text: &mut String) {
    let label = ui.label(label);
    ui.add(wide(egui::TextEdit::singleline(text)).hint_text(hint)).labelled_by(label.id);
}

fn secret_field(ui: &mut Ui, label: &str, hint: &'static str, text: &mut String) {
    let label = ui.label(label);
    ui.add(wide(egui::TextEdit::singleline(text)).hint_text(hint).password(true)).labelled_by(label.id);
}

/// A field of the usual width, which the grid may not make narrower.
fn wide(field: egui::TextEdit<'_>) -> egui::TextEdit<'_> {
    field.desired_width(FIELD_WIDTH).min_size(egui::vec2(FIELD_WIDTH, 0.0))
}

fn pem_field(
    ui: &mut Ui,
    label: &str,
    hint: &'static str,
    text: &mut String,
    pem: PemField,
    actions: &mut Vec<Action>,
) {
    field(ui, label, hint, text);
    let choose = ui.button("Choose…");
    name(ui, &choose, format!("Choose the file: {label}"));
    if choose.clicked() {
        actions.push(Action::ChoosePem(pem));
    }
}
