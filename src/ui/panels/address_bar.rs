//! The bar at the top: where to connect and how, and the window's own commands.

use egui::{Key, RichText, Ui};

use crate::ui::action::{Action, AuthorizationKind, ConnectionForm, PemField, RouteKind, ThemeChoice};
use crate::ui::theme::{Palette, primary_button};
use crate::ui::widgets::name;

/// How the shown session stands, as far as the bar is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// No live session is shown.
    None,
    /// Dialling, or waiting for the response.
    Connecting,
    /// Frames can cross.
    Connected,
    /// A Close was sent, and the end is awaited.
    Closing,
}

/// The bar's state.
#[derive(Debug, Clone, Default)]
pub struct AddressBar {
    /// What was typed.
    pub form: ConnectionForm,
    /// Why the last attempt was refused before it began.
    pub refusal: Option<String>,
    options_open: bool,
    page: OptionsPage,
}

/// The pages of the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum OptionsPage {
    #[default]
    Request,
    Network,
    Tls,
}

impl AddressBar {
    /// Draws the bar.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        connection: Connection,
        history: &[String],
        can_save: bool,
        theme: ThemeChoice,
        actions: &mut Vec<Action>,
    ) {
        let palette = Palette::of(ui);
        ui.horizontal(|ui| {
            let product =
                ui.label(RichText::new("closelook").strong().color(palette.accent)).on_hover_text("The welcome page");
            if product.interact(egui::Sense::click()).clicked() {
                actions.push(Action::Welcome);
            }
            let taken = if connection == Connection::Connected { 590.0 } else { 510.0 };
            let width = (ui.available_width() - taken).max(120.0);
            let field = ui.add(
                egui::TextEdit::singleline(&mut self.form.url)
                    .desired_width(width)
                    .hint_text("ws:// or wss:// address")
                    .font(egui::TextStyle::Monospace),
            );
            name(ui, &field, "Address");
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            self.history_menu(ui, history, actions);
            match connection {
                Connection::None => {
                    let connect = ui.add_enabled(!self.form.url.trim().is_empty(), primary_button(ui, "Connect"));
                    if connect.clicked() || (entered && !self.form.url.trim().is_empty()) {
                        actions.push(Action::Connect(Box::new(self.form.clone())));
                    }
                }
                Connection::Connecting => {
                    if ui.button("Cancel").clicked() {
                        actions.push(Action::Disconnect);
                    }
                }
                Connection::Closing => {
                    if ui
                        .button("Stop waiting")
                        .on_hover_text("The Close was sent: reset the TCP connection now")
                        .clicked()
                    {
                        actions.push(Action::Disconnect);
                    }
                }
                Connection::Connected => {
                    if ui.button("Disconnect").on_hover_text("Send Close 1000 and wait for the answer").clicked() {
                        actions.push(Action::Disconnect);
                    }
                    let again = ui.add_enabled(!self.form.url.trim().is_empty(), egui::Button::new("Connect"));
                    let again = again.on_hover_text("Open another session; this one stays open");
                    if again.clicked() || (entered && !self.form.url.trim().is_empty()) {
                        actions.push(Action::Connect(Box::new(self.form.clone())));
                    }
                }
            }
            let options = if self.options_open { "Options ▴" } else { "Options ▾" };
            let toggle = ui.selectable_label(self.options_open, options);
            name(ui, &toggle, "Options");
            if toggle.clicked() {
                self.options_open = !self.options_open;
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                theme_menu(ui, theme, actions);
                if ui
                    .add_enabled(can_save, egui::Button::new("Save…"))
                    .on_hover_text("Save this session (Ctrl+S)")
                    .clicked()
                {
                    actions.push(Action::Save);
                }
                if ui.button("Open…").on_hover_text("Open a saved log (Ctrl+O)").clicked() {
                    actions.push(Action::Open);
                }
            });
        });
        if self.form.accept_any_certificate {
            ui.label(
                RichText::new("Certificates are not verified: anybody could be at the other end.")
                    .color(palette.error)
                    .strong(),
            );
        }
        if self.form.is_manual {
            ui.label(
                RichText::new("Manual: the next session answers nothing by itself, neither a Ping nor a Close.")
                    .color(palette.warning)
                    .strong(),
            );
        }
        if let Some(refusal) = &self.refusal {
            ui.label(RichText::new(refusal).color(palette.error));
        }
        if self.options_open {
            ui.separator();
            self.options(ui, actions);
        }
    }

    fn history_menu(&mut self, ui: &mut Ui, history: &[String], actions: &mut Vec<Action>) {
        let menu = ui.menu_button("▾", |ui| {
            if history.is_empty() {
                ui.label("No addresses yet");
            }
            for url in history {
                if ui.button(url).clicked() {
                    self.form.url.clone_from(url);
                    ui.close();
                }
            }
            if !history.is_empty() {
                ui.separator();
                if ui.button("Forget these").clicked() {
                    actions.push(Action::ForgetHistory);
                    ui.close();
                }
            }
        });
        name(ui, &menu.response, "Earlier addresses");
    }

    fn options(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let form = &mut self.form;
        ui.horizontal(|ui| {
            for (page, title, is_used) in [
                (OptionsPage::Request, "Request", has_request_options(form)),
                (OptionsPage::Network, "Network", has_network_options(form)),
                (OptionsPage::Tls, "TLS", has_tls_options(form)),
            ] {
                // What is set on a page that is not open still shows.
                let text = if is_used { format!("{title} •") } else { title.to_owned() };
                let tab = ui.selectable_value(&mut self.page, page, text);
                name(ui, &tab, format!("{title} options"));
            }
        });
        egui::Grid::new(("options", self.page as u8)).num_columns(4).spacing([12.0, 6.0]).show(ui, |ui| {
            match self.page {
                OptionsPage::Request => request_options(ui, form),
                OptionsPage::Network => network_options(ui, form),
                OptionsPage::Tls => tls_options(ui, form, actions),
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
    let label = ui.label("Authorization");
    let choice =
        egui::ComboBox::from_id_salt("authorization").width(COMBO_WIDTH).selected_text(match form.authorization {
            AuthorizationKind::None => "None",
            AuthorizationKind::Basic => "Basic",
            AuthorizationKind::Bearer => "Bearer",
        });
    let choice = choice.show_ui(ui, |ui| {
        ui.selectable_value(&mut form.authorization, AuthorizationKind::None, "None");
        ui.selectable_value(&mut form.authorization, AuthorizationKind::Basic, "Basic");
        ui.selectable_value(&mut form.authorization, AuthorizationKind::Bearer, "Bearer");
    });
    choice.response.labelled_by(label.id);
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
    let label = ui.label("Route");
    let routes = [
        (RouteKind::Environment, "As the environment says"),
        (RouteKind::Direct, "Directly"),
        (RouteKind::Proxy, "Through a proxy"),
        (RouteKind::UnixSocket, "Unix-domain socket"),
    ];
    let chosen = routes.iter().find(|(route, _)| *route == form.route).map_or("", |(_, text)| *text);
    let choice = egui::ComboBox::from_id_salt("route").selected_text(chosen).width(COMBO_WIDTH).show_ui(ui, |ui| {
        for (route, text) in routes {
            ui.selectable_value(&mut form.route, route, text);
        }
    });
    choice
        .response
        .labelled_by(label.id)
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
    let label = ui.label("Redirections");
    let chosen = match form.redirections {
        0 => "Do not follow".to_owned(),
        most => format!("Follow up to {most}"),
    };
    let choice =
        egui::ComboBox::from_id_salt("redirections").width(COMBO_WIDTH).selected_text(chosen).show_ui(ui, |ui| {
            ui.selectable_value(&mut form.redirections, 0, "Do not follow");
            for most in [1, 3, 10] {
                ui.selectable_value(&mut form.redirections, most, format!("Follow up to {most}"));
            }
        });
    choice
        .response
        .labelled_by(label.id)
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

fn theme_menu(ui: &mut Ui, theme: ThemeChoice, actions: &mut Vec<Action>) {
    let menu = ui.menu_button("Theme ▾", |ui| {
        for (choice, label) in
            [(ThemeChoice::System, "As the system"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")]
        {
            if ui.selectable_label(theme == choice, label).clicked() {
                actions.push(Action::UseTheme(choice));
                ui.close();
            }
        }
    });
    name(ui, &menu.response, "Theme");
}
