//! The field in which a person writes a note. What is written is handed on with every key, so that nothing of it can be lost.

use egui::{Align, ScrollArea, TextEdit, Ui};

use crate::protocol::frame::FrameNumber;
use crate::session::annotations::{LONGEST_NOTE, Note};
use crate::ui::action::SessionId;
use crate::ui::widgets::name;

/// How high the field grows, in points; then it scrolls.
const HIGHEST: f32 = 96.0;

/// What a note is on: a frame of a session, or the session.
pub type Subject = (SessionId, Option<FrameNumber>);

/// The field's state.
#[derive(Debug, Default)]
pub struct NoteField {
    subject: Option<Subject>,
    text: String,
    wants_focus: bool,
}

impl NoteField {
    /// Takes the focus when it is drawn next.
    pub fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// Draws the field of this note; gives the new one when somebody has written.
    pub fn show(&mut self, ui: &mut Ui, label: &str, hint: &str, subject: Subject, note: &Note) -> Option<Note> {
        let id = ui.make_persistent_id(label);
        let is_other = self.subject.replace(subject) != Some(subject);
        if is_other && ui.memory(|memory| memory.has_focus(id)) && !self.wants_focus {
            ui.memory_mut(|memory| memory.surrender_focus(id));
        }
        // What somebody is writing is newer than what was handed on.
        if is_other || (self.text != note.text() && !ui.memory(|memory| memory.has_focus(id))) {
            self.text = note.text().to_owned();
        }
        let scroll = ScrollArea::vertical().id_salt(label).max_height(HIGHEST);
        let response = scroll.show(ui, |ui| {
            let field = TextEdit::multiline(&mut self.text).id(id).hint_text(hint).desired_rows(2);
            ui.add(field.desired_width(f32::INFINITY).char_limit(LONGEST_NOTE))
        });
        let response = response.inner;
        name(ui, &response, label);
        if std::mem::take(&mut self.wants_focus) {
            response.request_focus();
            response.scroll_to_me(Some(Align::Center));
        }
        response.changed().then(|| Note::new(&self.text))
    }
}
