//! The application: it owns the sessions, carries out what the window's panels ask for, and draws them; nothing here blocks.
//!
//! ```text
//! logic: newest snapshots, finished file work ─► ui: panels draw and return actions ─► dispatch: commands, file work, view changes
//! ```

pub mod dialogs;
mod dispatch;
mod draft;
mod file_work;
mod form;
mod journals;
mod open_session;
mod raw_draft;
mod session_replies;
mod session_search;
mod session_statistics;
pub mod settings;
mod standing;
mod templates;
mod window;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::capture::lab::{Lab, Scenario};
use crate::logs::Format;
use crate::logs::journal::{Journal, JournalFolder};
use crate::ui::action::{SessionId, ThemeChoice};
use crate::ui::panels::address_bar::AddressBar;
use crate::ui::panels::comparison::ComparisonPanel;
use crate::ui::panels::journals::JournalPage;
use crate::ui::panels::session_list::ListedScenario;
use crate::ui::raw_form::{PlannedStep, Template};

use dialogs::Dialogs;
use file_work::FileWork;
use open_session::OpenSession;
use settings::Settings;

/// What the middle of the window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Welcome,
    Journals,
    Session(SessionId),
    Comparison(SessionId, SessionId),
}

/// A line for the person at the foot of the window.
#[derive(Debug, Clone)]
struct Notice {
    text: String,
    is_problem: bool,
}

/// What an application is made with; tests give their own.
pub struct Parts {
    /// How files are chosen.
    pub dialogs: Box<dyn Dialogs>,
    /// Where sessions are kept while they run; without it they are in memory only.
    pub journals: Option<JournalFolder>,
    /// What was kept from the last run.
    pub settings: Settings,
    /// Addresses and files to open at once.
    pub targets: Vec<String>,
}

/// The application.
pub struct App {
    context: egui::Context,
    dialogs: Box<dyn Dialogs>,
    settings: Settings,
    lab: Option<Lab>,
    scenarios: Vec<ListedScenario>,
    sessions: Vec<OpenSession>,
    next_id: u64,
    view: View,
    address_bar: AddressBar,
    comparison: ComparisonPanel,
    file_work: FileWork,
    /// The session of the log that is being read.
    reading: Option<SessionId>,
    journals: Option<JournalFolder>,
    journal_page: JournalPage,
    has_listed_journals: bool,
    /// Journals of sessions that were not ended, as long as they are offered.
    unfinished: Vec<Journal>,
    notice: Option<Notice>,
    templates: Vec<Template>,
    plan: Vec<PlannedStep>,
}

impl App {
    /// Makes the application, starts the lab, and opens what was asked for.
    pub fn new(context: &egui::Context, parts: Parts) -> App {
        crate::ui::theme::install(context);
        let (lab, notice) = match Lab::start(Lab::LOOPBACK) {
            Ok(lab) => (Some(lab), None),
            Err(error) => {
                let text = format!("The lab could not be started: {error}. Everything else works.");
                (None, Some(Notice { text, is_problem: true }))
            }
        };
        let (templates, damaged_templates) = templates::read(&parts.settings.templates);
        let (plan, damaged_steps) = templates::read(&parts.settings.sequence);
        let mut app = App {
            context: context.clone(),
            dialogs: parts.dialogs,
            settings: parts.settings,
            scenarios: if lab.is_some() { listed_scenarios() } else { Vec::new() },
            lab,
            sessions: Vec::new(),
            next_id: 0,
            view: View::Welcome,
            address_bar: AddressBar::default(),
            comparison: ComparisonPanel::default(),
            file_work: FileWork::default(),
            reading: None,
            journals: parts.journals,
            journal_page: JournalPage::default(),
            has_listed_journals: false,
            unfinished: Vec::new(),
            notice,
            templates,
            plan,
        };
        if damaged_templates + damaged_steps > 0 {
            let (templates, steps) = (damaged_templates, damaged_steps);
            app.tell_problem(format!(
                "The settings are damaged: {templates} of the templates and {steps} of the sequence's steps could not be read and were left out."
            ));
        }
        app.apply_theme();
        if let Some((folder, limit)) = app.journals.as_ref().zip(app.settings.journal_limit) {
            folder.set_limit(limit);
        }
        app.list_journals();
        if let Some(newest) = app.settings.history.first() {
            app.address_bar.form.url.clone_from(newest);
        }
        for target in parts.targets {
            if !names_a_file(&target) {
                app.address_bar.form.url.clone_from(&target);
                app.connect(&app.address_bar.form.clone());
            } else {
                app.open_file(target.into());
            }
        }
        app
    }

    fn apply_theme(&self) {
        self.context.set_theme(match self.settings.theme {
            ThemeChoice::System => egui::ThemePreference::System,
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::Dark => egui::ThemePreference::Dark,
        });
    }

    /// Tells the window that there is something new to paint; may be called from any thread.
    fn wake(&self) -> Arc<dyn Fn() + Send + Sync> {
        let context = self.context.clone();
        Arc::new(move || context.request_repaint())
    }

    fn session(&self, id: SessionId) -> Option<&OpenSession> {
        self.sessions.iter().find(|session| session.id == id)
    }

    fn session_mut(&mut self, id: SessionId) -> Option<&mut OpenSession> {
        self.sessions.iter_mut().find(|session| session.id == id)
    }

    /// The session that the window shows by itself.
    fn shown(&self) -> Option<&OpenSession> {
        match self.view {
            View::Session(id) => self.session(id),
            View::Welcome | View::Journals | View::Comparison(..) => None,
        }
    }

    fn tell(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_problem: false });
    }

    fn tell_problem(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_problem: true });
    }
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
#[error("The window could not be opened: {0}.")]
pub struct WindowError(#[from] eframe::Error);

/// Opens the window and stays until it is closed; `targets` are addresses and files to open at once.
///
/// # Errors
/// When there is no display, or it has no usable graphics.
pub fn run(targets: Vec<String>) -> Result<(), WindowError> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("closelook")
        .with_app_id("closelook")
        .with_inner_size([1280.0, 820.0])
        .with_min_inner_size([800.0, 520.0])
        .with_drag_and_drop(true);
    let journals = journal_folder();
    let kept = journals.clone();
    let options = eframe::NativeOptions { viewport, persist_window: true, ..Default::default() };
    eframe::run_native(
        "closelook",
        options,
        Box::new(|creation| {
            let settings = creation.storage.and_then(|storage| eframe::get_value(storage, settings::KEY));
            let parts = Parts {
                dialogs: Box::new(dialogs::NativeDialogs),
                journals: kept.clone(),
                settings: settings.unwrap_or_default(),
                targets,
            };
            Ok(Box::new(App::new(&creation.egui_ctx, parts)))
        }),
    )?;
    if let Some(folder) = journals {
        folder.wait(PARTING_PATIENCE);
    }
    Ok(())
}

/// The folder of the journals, which the environment may name in `CLOSELOOK_JOURNALS`; none when it names none, or the system has no
/// place for a program's data.
pub fn journal_folder() -> Option<JournalFolder> {
    let usual = || Some(eframe::storage_dir("closelook")?.join("journals"));
    let folder = std::env::var_os("CLOSELOOK_JOURNALS").map_or_else(usual, |folder| Some(folder.into()));
    folder.filter(|folder| !folder.as_os_str().is_empty()).map(JournalFolder::new)
}

/// How long the program waits for the disk when it ends.
pub const PARTING_PATIENCE: Duration = Duration::from_secs(5);

/// Whether a target is a file rather than an address; one that is missing is still a file when its ending says so.
fn names_a_file(target: &str) -> bool {
    let path = Path::new(target);
    !target.contains("://") && (path.exists() || Format::of_path(path).is_ok())
}

fn listed_scenarios() -> Vec<ListedScenario> {
    Scenario::ALL
        .iter()
        .map(|scenario| ListedScenario {
            path: scenario.path().into(),
            title: scenario.title().into(),
            description: scenario.description().into(),
        })
        .collect()
}

impl eframe::App for App {
    fn logic(&mut self, _context: &egui::Context, _frame: &mut eframe::Frame) {
        self.sessions.iter_mut().for_each(OpenSession::refresh);
        self.take_file_results();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let mut actions = Vec::new();
        self.take_dropped_files(ui);
        self.draw(ui, &mut actions);
        for action in actions {
            self.carry_out(action);
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        eframe::set_value(storage, settings::KEY, &self.settings);
    }
}
