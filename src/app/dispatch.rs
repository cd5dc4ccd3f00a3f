//! Carrying out what panels asked for: the one place where the application changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::capture::client::Client;
use crate::capture::command::{CloseRequest, Command, Step};
use crate::capture::options::{ConnectOptions, EndpointMode};
use crate::capture::target;
use crate::logs::Opened;
use crate::protocol::frame::FrameNumber;
use crate::protocol::secret::MASK;
use crate::reading::statistics::Table;
use crate::reading::{self, copied};
use crate::report::statistics as figures;
use crate::session::{Journals, Session};
use crate::ui::action::{Action, ConnectionForm, Draft, FigureForm, PemField, SaveChoice, SessionId};
use crate::ui::panels::address_bar::Connection;
use crate::ui::panels::comparison::ComparisonPanel;
use crate::ui::raw_form::{PlannedStep, Template};

use super::dialogs::Purpose;
use super::file_work::{self, Done, News, Work};
use super::open_session::OpenSession;
use super::{App, View, draft, form, raw_draft, templates};

/// The two scenarios that the welcome page runs beside each other.
const COMPARED_SCENARIOS: [&str; 2] = ["/close/1000", "/close/empty"];

impl App {
    pub(super) fn carry_out(&mut self, action: Action) {
        match action {
            Action::Connect(form) => self.connect(&form),
            Action::RunScenario(path) => {
                let endpoint = form::endpoint(&self.address_bar.form);
                self.run_scenario(&path, endpoint).into_iter().for_each(|id| self.view = View::Session(id));
            }
            Action::RunComparison => self.run_comparison(),
            Action::Disconnect => self.disconnect(),
            Action::Send(draft) => self.send(&draft),
            Action::SendFile => {
                if let Some(id) = self.shown().map(|session| session.id) {
                    self.choose(Purpose::SendFile, move |path| Work::ReadToSend(path, id));
                }
            }
            Action::ChoosePayloadFile => {
                if let Some(id) = self.shown().map(|session| session.id) {
                    self.choose(Purpose::SendFile, move |path| Work::ReadPayload(path, id));
                }
            }
            Action::KeepTemplate(template) => self.keep_template(template),
            Action::DeleteTemplate(name) => {
                self.templates.retain(|template| template.name != name);
                self.settings.templates = templates::entries(&self.templates);
            }
            Action::PlanSequence(mut plan) => {
                plan.truncate(templates::MOST_ENTRIES);
                self.settings.sequence = templates::entries(&plan);
                self.plan = plan;
            }
            Action::RunSequence => self.run_sequence(),
            Action::StopSequence => {
                // A session that has ended has no sequence either.
                let _ = self.shown().map(|session| session.send(Command::StopSequence));
            }
            Action::Show(id) => self.view = View::Session(id),
            Action::Compare(left, right) => self.compare(left, right),
            Action::Remove(id) => self.remove(id),
            Action::Open => self.choose(Purpose::OpenLog, self.open_work()),
            Action::Save(choice) => self.save_shown(choice),
            Action::SavePayload(number) => self.save_payload(number),
            Action::ChoosePem(field) => {
                let is_key = field == PemField::ClientKey;
                let purpose = if is_key { Purpose::PrivateKey } else { Purpose::Certificates };
                self.choose(purpose, move |path| Work::UsePem(path, field));
            }
            Action::CancelFileWork => self.file_work.cancel(),
            Action::UseTheme(theme) => {
                self.settings.theme = theme;
                self.apply_theme();
            }
            Action::RememberFilter(filter) => self.settings.remember_filter(&filter),
            Action::ForgetFilters => self.settings.filters.clear(),
            Action::StopSearch => self.shown().iter().for_each(|session| session.search.stop()),
            Action::ForgetHistory => self.settings.history.clear(),
            Action::Journal(action) => self.act_on_journals(action),
            Action::Welcome => self.view = View::Welcome,
            Action::CopyFigures(form) => {
                if let Some(found) = self.shown().and_then(|session| session.statistics.found()) {
                    let tables = || reading::statistics::tables(&found.statistics);
                    let joined = |text: fn(&Table) -> String| tables().iter().map(text).collect::<Vec<_>>().join("\n");
                    self.context.copy_text(match form {
                        FigureForm::Text => joined(figures::plain),
                        FigureForm::Markdown => joined(figures::markdown),
                        FigureForm::Csv => figures::csv(&found.statistics),
                    });
                    self.tell("Copied the statistics.");
                }
            }
            Action::CopyFrame(number, form) => {
                let copied = self.shown().map(|session| copied::copy(&session.snapshot, number, form));
                match copied {
                    Some(Ok(text)) => {
                        self.context.copy_text(text);
                        self.tell(format!("Copied frame {} as {}.", number.0, form.title()));
                    }
                    Some(Err(problem)) => self.tell_problem(problem.to_string()),
                    None => {}
                }
            }
            Action::Copy(text) => {
                self.context.copy_text(text);
                self.tell("Copied.");
            }
        }
    }

    /// Connects as a form says, or says at the form why it cannot be used.
    pub(super) fn connect(&mut self, form: &ConnectionForm) {
        let options = match form::options(form) {
            Ok(options) => options,
            Err(error) => {
                self.address_bar.refusal = Some(error.to_string());
                return;
            }
        };
        if let Err(error) = target::Target::parse(&options.url) {
            self.address_bar.refusal = Some(error.to_string());
            return;
        }
        if options.url.contains(MASK) {
            let sentence = "The secret in this address was not kept. Write it in the place of ••• and connect again.";
            self.address_bar.refusal = Some(sentence.into());
            return;
        }
        self.address_bar.refusal = None;
        let shown = target::masked(&options.url);
        self.settings.remember(&shown);
        let id = self.start(options, shown);
        self.view = View::Session(id);
    }

    pub(super) fn open_file(&mut self, path: PathBuf) {
        // The receiver lives as long as the application.
        let _ = self.file_work.requests().send(self.open_work()(path));
        self.context.request_repaint();
    }

    /// The opening of a log as the options say.
    fn open_work(&self) -> impl FnOnce(PathBuf) -> Work + Send + use<> {
        let inflation_limit = self.address_bar.form.compression.inflation_limit;
        move |path| Work::Open { path, inflation_limit }
    }

    pub(super) fn take_dropped_files(&mut self, ui: &egui::Ui) {
        let dropped = ui.input(|input| input.raw.dropped_files.clone());
        for file in dropped {
            self.open_file(file.path().to_path_buf());
        }
    }

    pub(super) fn take_file_results(&mut self) {
        let wake = self.wake();
        while let Some(news) = self.file_work.advance(&wake) {
            match news {
                News::SoFar(path, session) => self.show_so_far(&path, *session),
                News::Done(done) => self.take_done(done),
            }
        }
    }

    /// Shows the first session of a log that is being read, as far as it is.
    fn show_so_far(&mut self, path: &Path, so_far: Session) {
        match self.reading {
            Some(id) => {
                if let Some(session) = self.session_mut(id) {
                    session.snapshot = Arc::new(so_far);
                }
            }
            None => {
                let id = self.next_session_id();
                self.reading = Some(id);
                self.sessions.push(OpenSession::reading(id, file_work::name(path), so_far));
                self.view = View::Session(id);
            }
        }
    }

    fn take_done(&mut self, done: Done) {
        let reading = self.reading.take();
        match done {
            Done::Opened(path, opened) => self.take_opened(&path, *opened, reading),
            Done::Journals(listed) => self.take_journals(listed),
            Done::Saved(path) => self.tell(format!("Saved {}.", path.display())),
            Done::ReadToSend(id, bytes) => {
                let sent = self.session(id).is_some_and(|session| session.send(Command::SendBinary(bytes)));
                if !sent {
                    self.tell_problem("The file was not sent: the session has ended.");
                }
            }
            Done::Pem(path, field) => {
                let form = &mut self.address_bar.form;
                let text = match field {
                    PemField::Authority => &mut form.extra_authority,
                    PemField::ClientCertificate => &mut form.client_certificate,
                    PemField::ClientKey => &mut form.client_key,
                };
                *text = path.display().to_string();
            }
            Done::Payload(id, file) => {
                if let Some(session) = self.session_mut(id) {
                    session.panels.composer.raw.use_file(file);
                }
            }
            Done::Failed(problem) => {
                reading.into_iter().for_each(|id| self.remove(id));
                self.tell_problem(problem);
            }
        }
    }

    /// Shows what came out of a log, in the place of what was shown while it was read.
    fn take_opened(&mut self, path: &Path, opened: Opened, reading: Option<SessionId>) {
        let title = file_work::name(path);
        let count = 1 + opened.others.len();
        let conversations = if count == 1 { String::new() } else { format!(" It holds {count} conversations.") };
        match opened.damage.as_slice() {
            [] => self.tell(format!("Opened {title}.{conversations}")),
            [first, rest @ ..] => {
                let more = if rest.is_empty() { String::new() } else { format!(" And {} more.", rest.len()) };
                self.tell_problem(format!(
                    "{title} is damaged; what is readable is shown.{conversations} {first}.{more}"
                ));
            }
        }
        let mut shown = None;
        for (place, session) in opened.into_conversations().enumerate() {
            let title = if count == 1 { title.clone() } else { format!("{} of {title}", place + 1) };
            match reading.filter(|_| place == 0) {
                Some(id) => {
                    if let Some(known) = self.session_mut(id) {
                        known.was_read(title, session);
                    }
                }
                None => {
                    let id = self.next_session_id();
                    self.sessions.push(OpenSession::opened(id, title, session));
                    shown.get_or_insert(id);
                }
            }
        }
        if let Some(id) = shown.filter(|_| reading.is_none()) {
            self.view = View::Session(id);
        }
    }

    fn next_session_id(&mut self) -> SessionId {
        self.next_id += 1;
        SessionId(self.next_id)
    }

    fn start(&mut self, options: ConnectOptions, title: String) -> SessionId {
        let id = self.next_session_id();
        let endpoint = options.endpoint;
        let journals = self.journals.as_ref().map(|folder| folder as &dyn Journals);
        let client = Client::start_kept(options, journals, self.wake());
        self.sessions.push(OpenSession::live(id, title, client, endpoint));
        id
    }

    fn run_scenario(&mut self, path: &str, endpoint: EndpointMode) -> Option<SessionId> {
        let address = self.lab.as_ref()?.address();
        let options = ConnectOptions { endpoint, ..ConnectOptions::new(format!("ws://{address}{path}")) };
        Some(self.start(options, format!("Lab {path}")))
    }

    fn run_comparison(&mut self) {
        let [left, right] = COMPARED_SCENARIOS.map(|path| self.run_scenario(path, EndpointMode::Compliant));
        match (left, right) {
            (Some(left), Some(right)) => self.compare(left, right),
            _ => self.tell_problem("The lab is not running, so its scenarios cannot be run."),
        }
    }

    fn compare(&mut self, left: SessionId, right: SessionId) {
        self.comparison = ComparisonPanel::default();
        self.view = View::Comparison(left, right);
    }

    fn disconnect(&mut self) {
        let Some(session) = self.shown() else { return };
        let command = match session.connection() {
            Connection::Connecting | Connection::Closing => Command::Abort,
            Connection::Connected | Connection::None => Command::Close(CloseRequest::normal()),
        };
        session.send(command);
    }

    fn send(&mut self, draft: &Draft) {
        let View::Session(id) = self.view else { return };
        let Some(session) = self.session_mut(id) else { return };
        match draft::command(draft) {
            Err(error) => session.panels.composer.refusal = Some(error.to_string()),
            Ok(command) => {
                if session.send(command) {
                    session.panels.composer.sent(draft);
                } else {
                    session.panels.composer.refusal = Some("Not sent: the session has ended.".into());
                }
            }
        }
    }

    fn keep_template(&mut self, template: Template) {
        let name = template.name.clone();
        match templates::keep(&mut self.templates, template) {
            Ok(()) => {
                self.settings.templates = templates::entries(&self.templates);
                self.tell(format!("Kept the template {name}."));
            }
            Err(problem) => self.tell_problem(problem.to_string()),
        }
    }

    fn run_sequence(&mut self) {
        let step = |step: &PlannedStep| {
            let template = self.templates.iter().find(|template| template.name == step.template);
            let template = template.ok_or_else(|| format!("There is no template {}.", step.template))?;
            let bytes = raw_draft::bytes(&template.content, &mut Vec::new())
                .map_err(|problem| format!("{} cannot be sent. {problem}", step.template))?;
            Ok(Step { delay: Duration::from_millis(step.delay), command: Command::SendRaw(bytes) })
        };
        let steps: Result<Vec<Step>, String> = self.plan.iter().map(step).collect();
        match steps {
            Err(problem) => self.tell_problem(problem),
            Ok(steps) => {
                if !self.shown().is_some_and(|session| session.send(Command::Run(steps))) {
                    self.tell_problem("The sequence was not sent: the session has ended.");
                }
            }
        }
    }

    fn remove(&mut self, id: SessionId) {
        if self.reading == Some(id) {
            self.file_work.cancel();
        }
        if let Some(place) = self.sessions.iter().position(|session| session.id == id) {
            let gone = self.sessions.remove(place);
            // Ending a connection and freeing a large session take a while; without a thread they are done here.
            let _ = std::thread::Builder::new().name("end of a session".into()).spawn(move || drop(gone));
        }
        let gone = match self.view {
            View::Welcome | View::Journals => false,
            View::Session(shown) => shown == id,
            View::Comparison(left, right) => left == id || right == id,
        };
        if gone {
            self.view = self.sessions.last().map_or(View::Welcome, |session| View::Session(session.id));
        }
    }

    fn save_shown(&mut self, choice: SaveChoice) {
        let Some(session) = self.shown() else { return };
        if self.reading == Some(session.id) {
            return self.tell_problem("Not saved: the log is still being read. Save it when it is whole.");
        }
        let Some((chosen, suffix)) = session.chosen(choice.part) else { return };
        let snapshot = Arc::clone(&session.snapshot);
        let ending = choice.ending.unwrap_or("pcapng");
        let name = format!("{}{suffix}.{ending}", file_stem(&session.title));
        let masks_secrets = self.address_bar.masks_secrets();
        self.choose(Purpose::SaveLog(name), move |path| {
            let path = if path.extension().is_some() { path } else { path.with_extension(ending) };
            Work::Save { path, session: snapshot, chosen, masks_secrets }
        });
    }

    fn save_payload(&mut self, number: FrameNumber) {
        let Some(session) = self.shown() else { return };
        let snapshot = Arc::clone(&session.snapshot);
        let name = format!("frame-{}.bin", number.0);
        self.choose(Purpose::SavePayload(name), move |path| Work::SavePayload(path, snapshot, number));
    }

    fn choose(&self, purpose: Purpose, work: impl FnOnce(PathBuf) -> Work + Send + 'static) {
        let requests = self.file_work.requests();
        let wake = self.wake();
        let reply = move |path: Option<PathBuf>| {
            if let Some(path) = path {
                // The window is gone when nobody receives.
                let _ = requests.send(work(path));
                wake();
            }
        };
        self.dialogs.choose(purpose, Box::new(reply));
    }
}

/// A file name without characters that some system refuses.
fn file_stem(title: &str) -> String {
    let stem: String =
        title.chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).take(60).collect();
    let stem = stem.trim_matches('-').to_owned();
    if stem.is_empty() { "session".into() } else { stem }
}
