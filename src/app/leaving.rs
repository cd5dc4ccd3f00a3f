//! Closing a session or the window while what a person said of a session is in no file yet: they are asked what becomes of it.

use egui::{Id, Modal, RichText, Ui, ViewportCommand};

use crate::ui::action::{Action, Parting, SaveChoice, SessionId};
use crate::ui::theme::{self, Palette};

use super::App;
use super::open_session::OpenSession;

/// A person wants to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    what: Left,
    /// The sessions that were decided to go as they are.
    let_go: Vec<SessionId>,
}

/// What they want to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Session(SessionId),
    Window,
}

impl App {
    /// Closes a session, or asks first.
    pub(super) fn part_with(&mut self, id: SessionId) {
        self.leaving = Some(Leaving { what: Left::Session(id), let_go: Vec::new() });
        self.leave_when_nothing_is_lost();
    }

    /// Does not let the window close while there is something to be asked.
    pub(super) fn mind_the_end(&mut self, ui: &Ui) {
        if !ui.input(|input| input.viewport().close_requested()) {
            return;
        }
        let known = self.leaving.take().filter(|leaving| leaving.what == Left::Window);
        self.leaving = known.or(Some(Leaving { what: Left::Window, let_go: Vec::new() }));
        if self.in_question().is_some() {
            self.context.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    /// The first session of those that would go whose words would be lost.
    fn in_question(&self) -> Option<&OpenSession> {
        let Leaving { what, let_go } = self.leaving.as_ref()?;
        self.sessions.iter().find(|session| {
            let goes = match what {
                Left::Session(id) => session.id == *id,
                Left::Window => true,
            };
            goes && session.is_to_be_saved() && !let_go.contains(&session.id)
        })
    }

    /// Leaves what is to be left once nothing would be lost.
    pub(super) fn leave_when_nothing_is_lost(&mut self) {
        if self.in_question().is_some() {
            return;
        }
        match self.leaving.as_ref().map(|leaving| leaving.what) {
            Some(Left::Session(id)) => {
                self.leaving = None;
                self.remove(id);
            }
            // What was decided on is needed once more, when the window asks to be closed.
            Some(Left::Window) => self.context.send_viewport_cmd(ViewportCommand::Close),
            None => {}
        }
    }

    /// Does what was decided on for the session that was asked about.
    pub(super) fn part(&mut self, parting: Parting) {
        let Some(id) = self.in_question().map(|session| session.id) else { return };
        match parting {
            Parting::Stay => self.leaving = None,
            Parting::LetGo => {
                self.leaving.iter_mut().for_each(|leaving| leaving.let_go.push(id));
                self.leave_when_nothing_is_lost();
            }
            Parting::Save => {
                if !self.save_at_home(id) {
                    self.save_as(id, SaveChoice::default());
                }
            }
        }
    }

    /// Asks what becomes of what was said.
    pub(super) fn ask_before_leaving(&self, ui: &Ui, actions: &mut Vec<Action>) {
        let Some(session) = self.in_question() else { return };
        let is_busy = self.file_work.progress().is_some();
        let frame = egui::Frame::popup(ui.style()).inner_margin(egui::Margin::same(16));
        let asked = Modal::new(Id::unique("leaving")).frame(frame).show(ui.ctx(), |ui| {
            ui.set_max_width(400.0);
            ui.label(RichText::new(format!("Save the bookmarks of {}?", session.title)).heading());
            let words = match session.home() {
                Some(_) => "Bookmarks or notes of this session were changed since it was opened or saved.",
                None => "What you said of this session is in no file yet. Save… asks for a place.",
            };
            ui.label(RichText::new(words).color(Palette::of(ui).weak));
            ui.add_space(theme::GROUP_GAP);
            ui.horizontal(|ui| {
                let label = if session.home().is_some() { "Save and close" } else { "Save… and close" };
                let save = ui.add_enabled(!is_busy, theme::primary_button(ui, label));
                let let_go = ui.add_enabled(!is_busy, egui::Button::new("Close without saving"));
                let answers = [
                    (save.clicked(), Parting::Save),
                    (let_go.clicked(), Parting::LetGo),
                    (ui.button("Cancel").clicked(), Parting::Stay),
                ];
                answers.into_iter().find(|(is_given, _)| *is_given).map(|(_, parting)| parting)
            })
            .inner
        });
        let stays = asked.should_close().then_some(Parting::Stay);
        actions.extend(asked.inner.or(stays).map(Action::Part));
    }
}
