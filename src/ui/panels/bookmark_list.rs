//! The page of the bookmarks: the note on the whole session, and every bookmarked frame with its note.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, FontId, Layout, RichText, Ui, UiBuilder};

use crate::protocol::frame::FrameNumber;
use crate::session::annotations::Bookmark;
use crate::session::{Annotation, Session};
use crate::ui::action::{Action, SessionId};
use crate::ui::theme::{self, Palette, section_label};
use crate::ui::widgets::note_field::NoteField;
use crate::ui::widgets::row_list::RowList;
use crate::ui::widgets::{bookmark_flag, name};

const ROW_HEIGHT: f32 = 68.0;

/// How many lines of a note a row shows.
const LINES: usize = 2;

/// The panel's state.
#[derive(Debug)]
pub struct BookmarkList {
    session_note: NoteField,
    list: RowList,
}

impl Default for BookmarkList {
    fn default() -> Self {
        BookmarkList { session_note: NoteField::default(), list: RowList::from_the_start() }
    }
}

impl BookmarkList {
    /// Draws the page in the rest of `ui`; `selected` is changed by a click on a frame.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        id: SessionId,
        session: &Session,
        selected: &mut Option<FrameNumber>,
        actions: &mut Vec<Action>,
    ) {
        let annotations = &session.annotations;
        section_label(ui, "NOTE ON THE SESSION");
        let hint = "What is there to remember about this session?";
        let note = self.session_note.show(ui, "Note on the session", hint, (id, None), annotations.session_note());
        actions.extend(note.map(|note| Action::Annotate(Annotation::SessionNote { note })));
        ui.add_space(theme::GROUP_GAP);
        section_label(ui, "BOOKMARKED FRAMES");
        let bookmarks = annotations.bookmarks();
        if bookmarks.is_empty() {
            let words = "None yet. Select a frame and press B, or click in the narrow column at the left of the table. \
                         F2 and Shift+F2 go from one to the next.";
            ui.label(RichText::new(words).color(Palette::of(ui).weak));
            return;
        }
        self.list.show(ui, "bookmarks", bookmarks.len() as u64, ROW_HEIGHT, |ui, row, area| {
            let Some(bookmark) = bookmarks.get(row as usize) else { return };
            let builder = UiBuilder::new().max_rect(area.shrink2([0.0, 3.0].into())).id_salt(bookmark.frame.0);
            self::row(&mut ui.new_child(builder), session, bookmark, selected, actions);
        });
    }
}

fn row(
    ui: &mut Ui,
    session: &Session,
    bookmark: &Bookmark,
    selected: &mut Option<FrameNumber>,
    actions: &mut Vec<Action>,
) {
    let palette = Palette::of(ui);
    let frame = bookmark.frame;
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        let (area, _) = ui.allocate_exact_size([10.0, bookmark_flag::HEIGHT].into(), egui::Sense::hover());
        ui.painter().extend(bookmark_flag::shapes(area.left_bottom(), palette.bookmark));
        if ui.link(format!("Frame {}", frame.0)).clicked() {
            *selected = Some(frame);
        }
        if let Some(row) = session.frame(frame) {
            ui.label(RichText::new(row.opcode().to_string()).small().color(palette.opcode(row.opcode())));
            ui.label(RichText::new(format!("{} s", row.at)).small().color(palette.weak));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let delete = ui.small_button("Delete");
            name(ui, &delete, format!("Delete the bookmark of frame {}", frame.0));
            if delete.clicked() {
                actions.push(Action::Annotate(Annotation::BookmarkRemoved { frame }));
            }
            let edit = ui.small_button("Edit");
            name(ui, &edit, format!("Edit the note of frame {}", frame.0));
            if edit.clicked() {
                actions.push(Action::EditNote(frame));
            }
        });
    });
    let words = bookmark_flag::words(&bookmark.note);
    let (text, colour) = if words.is_empty() { ("No note", palette.weak) } else { (words.as_str(), palette.text) };
    let mut job = LayoutJob::simple(text.to_owned(), FontId::proportional(13.0), colour, ui.available_width());
    job.wrap = TextWrapping { max_rows: LINES, ..job.wrap };
    let label = ui.add(egui::Label::new(job));
    if !words.is_empty() {
        label.on_hover_text(words);
    }
}
