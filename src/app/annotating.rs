//! What a person says of the shown session: said, taken back, and saved where the session came from.

use std::sync::Arc;

use crate::protocol::frame::FrameNumber;
use crate::session::Annotation;
use crate::ui::action::SessionId;

use super::file_work::Work;
use super::open_session::SideView;
use super::{App, Notice};

impl App {
    pub(super) fn annotate(&mut self, annotation: Annotation<FrameNumber>) {
        let Some((id, before)) = self.shown().map(|session| (session.id, session.snapshot.annotations.clone())) else {
            return;
        };
        if let Annotation::BookmarkRemoved { frame } = annotation
            && before.note_on(frame).is_some_and(|note| !note.is_empty())
        {
            let text = format!("The bookmark of frame {} is gone, and its note.", frame.0);
            self.notice = Some(Notice { text, is_problem: false, undo: Some((id, before.undoing(&annotation))) });
        }
        if let Some(session) = self.session_mut(id) {
            session.annotate(annotation);
        }
    }

    pub(super) fn undo(&mut self) {
        let Some((id, annotation)) = self.notice.take().and_then(|notice| notice.undo) else { return };
        if let Some(session) = self.session_mut(id) {
            session.annotate(annotation);
        }
    }

    pub(super) fn edit_note(&mut self, frame: FrameNumber) {
        let Some(id) = self.shown().map(|session| session.id) else { return };
        if let Some(session) = self.session_mut(id) {
            session.panels.selected = Some(frame);
            session.panels.side = SideView::Frame;
            session.panels.detail.edit_note();
        }
    }

    /// Saves the shown session where it came from when something was said of it since; otherwise asks where.
    pub(super) fn save_again(&mut self) {
        let Some(session) = self.shown() else { return };
        let id = session.id;
        if !session.has_news() || !self.save_at_home(id) {
            self.save_as(id, self.address_bar.save_choice(None));
        }
    }

    /// Saves a session where it came from; says whether that can be done.
    pub(super) fn save_at_home(&self, id: SessionId) -> bool {
        let Some(session) = self.session(id) else { return false };
        let Some(path) = session.home() else { return false };
        let work =
            Work::Save { id, path: path.to_path_buf(), session: Arc::clone(&session.snapshot), masks_secrets: false };
        // The receiver lives as long as the application.
        let _ = self.file_work.requests().send(work);
        self.context.request_repaint();
        true
    }
}
