//! A window of the program without a display, and the hands and eyes of the person in front of it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use closelook::app::dialogs::{Dialogs, Purpose, Reply};
use closelook::app::settings::Settings;
use closelook::app::{App, Parts};
use closelook::logs::journal::JournalFolder;
use egui::accesskit::{Role, Toggled};
use egui::{Key, Modifiers, Pos2, Rect, Vec2};
use egui_kittest::kittest::{NodeT, Queryable, by};
use egui_kittest::{Harness, Node};

/// More than any step of a test takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// A later repaint is a hint or an animation and brings no news.
const NEWS_DELAY: Duration = Duration::from_millis(100);

/// The size that the program itself opens with.
pub(crate) const USUAL_SIZE: Vec2 = Vec2::new(1280.0, 820.0);

/// File dialogs that are answered from a list, in order.
#[derive(Clone, Default)]
struct CannedDialogs {
    answers: Rc<RefCell<VecDeque<Option<PathBuf>>>>,
    asked: Rc<RefCell<Vec<Purpose>>>,
}

impl Dialogs for CannedDialogs {
    fn choose(&self, purpose: Purpose, reply: Reply) {
        self.asked.borrow_mut().push(purpose);
        let answer = self.answers.borrow_mut().pop_front();
        reply(answer.expect("no file dialog was expected"));
    }
}

/// The window and the person in front of it.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    dialogs: CannedDialogs,
    news: Receiver<()>,
}

impl Window {
    /// The window as it opens on the first start.
    pub(crate) fn open() -> Window {
        Window::with(USUAL_SIZE, Settings::default(), &[])
    }

    /// A window of this size with what was kept from the last run, that opens these addresses and files.
    pub(crate) fn with(size: Vec2, settings: Settings, targets: &[&str]) -> Window {
        Window::keeping(size, settings, targets, None)
    }

    /// The same, with sessions kept in this folder.
    pub(crate) fn keeping(size: Vec2, settings: Settings, targets: &[&str], journals: Option<JournalFolder>) -> Window {
        let (wake, news) = channel();
        let dialogs = CannedDialogs::default();
        let parts = Parts {
            dialogs: Box::new(dialogs.clone()),
            journals,
            settings,
            targets: targets.iter().map(|target| (*target).to_owned()).collect(),
        };
        let mut chosen_theme = egui::ThemePreference::System;
        let mut harness = Harness::builder()
            .with_size(size)
            .with_max_steps(20)
            .with_context_setup(move |context| {
                context.set_repaint_observer(move |request| {
                    if request.delay <= NEWS_DELAY {
                        // Nobody listens once the test is over.
                        let _ = wake.send(());
                    }
                });
            })
            .build_eframe(|creation| {
                let app = App::new(&creation.egui_ctx, parts);
                chosen_theme = creation.egui_ctx.options(|options| options.theme_preference);
                app
            });
        // The harness has put a theme of its own in the place of the program's.
        harness.ctx.set_theme(chosen_theme);
        harness.step();
        let mut window = Window { harness, dialogs, news };
        window.rest();
        window
    }

    /// A window in which a scenario of the lab was chosen.
    pub(crate) fn running(scenario: &str) -> Window {
        let mut window = Window::open();
        window.run_scenario(scenario);
        window
    }

    /// A window with an open session of a scenario.
    pub(crate) fn connected(scenario: &str) -> Window {
        let mut window = Window::running(scenario);
        window.until("the session is open", |window| window.has(Role::Button, "Disconnect"));
        window
    }

    /// A window with a session that has ended, whose client reports this code.
    pub(crate) fn ended(scenario: &str, code: u16) -> Window {
        let mut window = Window::running(scenario);
        window.until_ended(code);
        window
    }

    /// Paints until the condition holds; between two paintings it waits until something asks for one.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, condition: impl Fn(&Window) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            while self.news.try_recv().is_ok() {}
            self.harness.step();
            if condition(self) {
                break;
            }
            if self.wants_painting() {
                continue;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if self.news.recv_timeout(left).is_err() {
                panic!("waited in vain until {what}; the window says:\n{}", self.texts().join("\n"));
            }
        }
        self.rest();
    }

    /// Paints until there is nothing to settle, then makes sure that everything that takes input has a name.
    pub(crate) fn rest(&mut self) {
        // A busy session can ask for more at any time, so the number of paintings is bounded.
        for _ in 0..10 {
            self.harness.step();
            if !self.wants_painting() {
                break;
            }
        }
        self.harness.check_accessibility();
    }

    fn wants_painting(&self) -> bool {
        let viewport = self.harness.output().viewport_output.get(&egui::ViewportId::ROOT);
        viewport.is_some_and(|viewport| viewport.repaint_delay == Duration::ZERO)
    }

    #[track_caller]
    pub(crate) fn until_says(&mut self, text: &str) {
        self.until(&format!("it says “{text}”"), |window| window.says(text));
    }

    /// Waits until the shown session is over and its client reports this code.
    #[track_caller]
    pub(crate) fn until_ended(&mut self, code: u16) {
        let ending = format!(", {code}");
        self.until(&format!("the session has ended with {code}"), |window| {
            window.labels(Role::ListItem, "Session ").iter().any(|session| session.ends_with(&ending))
        });
    }

    /// Everything that can be read on the screen, except what was typed.
    pub(crate) fn texts(&self) -> Vec<String> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| !matches!(node.accesskit_node().role(), Role::TextInput | Role::MultilineTextInput))
            .filter(|node| node.accesskit_node().role() != Role::TextRun)
            .filter_map(|node| label_of(&node))
            .collect()
    }

    /// Whether a text on the screen contains this.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.texts().iter().any(|said| said.contains(text))
    }

    /// Whether there is a text of exactly this.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.texts().iter().any(|said| said == text)
    }

    /// How many texts are exactly this.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.texts().iter().filter(|said| *said == text).count()
    }

    #[track_caller]
    pub(crate) fn assert_says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.says(text), "“{text}” is missing; the window says:\n{}", self.texts().join("\n"));
        }
    }

    /// The labels with this start, in the order of the screen reader.
    pub(crate) fn labels(&self, role: Role, start: &str) -> Vec<String> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| node.accesskit_node().role() == role)
            .filter_map(|node| label_of(&node))
            .filter(|label| label.starts_with(start))
            .collect()
    }

    /// The visible rows of the frame table.
    pub(crate) fn frame_rows(&self) -> Vec<String> {
        self.labels(Role::ListItem, "Frame ")
    }

    /// The row that is selected in the frame table.
    pub(crate) fn selected_row(&self) -> Option<String> {
        let nodes = self.harness.root().children_recursive();
        let mut rows = nodes.filter(|node| {
            let node = node.accesskit_node();
            node.role() == Role::ListItem && node.toggled() == Some(Toggled::True)
        });
        rows.find_map(|node| label_of(&node).filter(|label| label.starts_with("Frame ")))
    }

    /// What the timeline of the shown session says.
    #[track_caller]
    pub(crate) fn timeline(&self) -> String {
        self.labels(Role::Image, "Timeline").pop().expect("a timeline")
    }

    pub(crate) fn has(&self, role: Role, label: &str) -> bool {
        self.harness.query_by_role_and_label(role, label).is_some()
    }

    /// Where something is on the screen.
    #[track_caller]
    pub(crate) fn place(&self, role: Role, label: &str) -> Rect {
        self.harness.get_by_role_and_label(role, label).rect()
    }

    /// Clicks at the middle of something, and takes the pointer away.
    #[track_caller]
    pub(crate) fn click(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).click();
        self.pointer_leaves();
    }

    /// Clicks at the middle of the first thing whose label begins like this.
    #[track_caller]
    pub(crate) fn click_start(&mut self, role: Role, start: &str) {
        let starts = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            node.label().or_else(|| node.value()).is_some_and(|label| label.starts_with(start))
        };
        self.harness.get_all(by().role(role).predicate(starts)).next().unwrap().click();
        self.pointer_leaves();
    }

    /// Clicks at the middle of the first thing whose label begins like this, with Shift held.
    #[track_caller]
    pub(crate) fn shift_click_start(&mut self, role: Role, start: &str) {
        let starts = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            node.label().is_some_and(|label| label.starts_with(start))
        };
        let all = self.harness.get_all(by().role(role).predicate(starts)).next();
        all.unwrap().click_modifiers(Modifiers::SHIFT);
        self.pointer_leaves();
    }

    /// Clicks at a place.
    pub(crate) fn click_at(&mut self, place: Pos2) {
        self.harness.hover_at(place);
        self.harness.drag_at(place);
        self.harness.drop_at(place);
        self.harness.step();
        self.rest();
    }

    /// Presses at one place, moves to another one in steps, and lets go.
    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2, modifiers: Modifiers) {
        let button =
            |pos, pressed| egui::Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed, modifiers };
        self.harness.event(egui::Event::ModifiersChanged(modifiers));
        self.harness.event(egui::Event::PointerMoved(from));
        self.harness.event(button(from, true));
        for part in 1..=4 {
            self.harness.event(egui::Event::PointerMoved(from.lerp(to, part as f32 / 4.0)));
        }
        self.harness.event(button(to, false));
        self.harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
        self.pointer_leaves();
    }

    fn pointer_leaves(&mut self) {
        self.harness.remove_cursor();
        self.harness.step();
        self.rest();
    }

    #[track_caller]
    pub(crate) fn press(&mut self, button: &str) {
        self.click(Role::Button, button);
    }

    /// Chooses a scenario of the lab; the list is scrolled to it first.
    #[track_caller]
    pub(crate) fn run_scenario(&mut self, path: &str) {
        let label = format!("Run {path}");
        self.harness.get_by_role_and_label(Role::Button, &label).scroll_to_me();
        self.harness.step();
        self.rest();
        self.press(&label);
    }

    #[track_caller]
    fn field<'tree>(&'tree self, label: &'tree str) -> Node<'tree> {
        let is_field = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            matches!(node.role(), Role::TextInput | Role::MultilineTextInput | Role::PasswordInput)
        };
        self.harness.get(by().label(label).predicate(is_field))
    }

    /// What is in a field.
    #[track_caller]
    pub(crate) fn typed(&self, label: &str) -> String {
        self.field(label).value().unwrap_or_default()
    }

    /// Replaces what is in a field; the field keeps the focus.
    #[track_caller]
    pub(crate) fn write(&mut self, label: &str, text: &str) {
        self.field(label).click();
        self.harness.step();
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.harness.key_press(Key::Backspace);
        if !text.is_empty() {
            self.harness.event(egui::Event::Text(text.into()));
        }
        self.pointer_leaves();
        assert_eq!(self.typed(label), text);
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.step();
        self.rest();
    }

    /// Presses a key with Shift held.
    pub(crate) fn shift_key(&mut self, key: Key) {
        self.harness.key_press_modifiers(Modifiers::SHIFT, key);
        self.harness.step();
        self.rest();
    }

    pub(crate) fn shortcut(&mut self, key: Key) {
        self.harness.key_press_modifiers(Modifiers::COMMAND, key);
        self.harness.step();
        self.rest();
    }

    /// Types an address and connects by Enter.
    pub(crate) fn connect(&mut self, address: &str) {
        self.write("Address", address);
        self.key(Key::Enter);
    }

    /// Writes a text message and sends it by Enter.
    pub(crate) fn send_text(&mut self, text: &str) {
        self.write("Text message", text);
        self.key(Key::Enter);
    }

    /// The next file dialog is answered with this.
    pub(crate) fn will_choose(&mut self, path: &Path) {
        self.dialogs.answers.borrow_mut().push_back(Some(path.into()));
    }

    /// The next file dialog is closed without a choice.
    pub(crate) fn will_choose_nothing(&mut self) {
        self.dialogs.answers.borrow_mut().push_back(None);
    }

    /// What files were asked for since the last call.
    pub(crate) fn asked(&self) -> Vec<Purpose> {
        self.dialogs.asked.take()
    }

    /// Drops a file on the window.
    pub(crate) fn drop_file(&mut self, path: &Path) {
        self.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.into())));
        self.harness.step();
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

/// The name of a node, which for plain text is its value.
fn label_of(node: &Node<'_>) -> Option<String> {
    let node = node.accesskit_node();
    if node.role() == Role::Label { node.value() } else { node.label() }
}
