//! What a log holds, in its order: the note on the session, then the events, and directly before the bytes that bring a frame's first
//! byte what is said of that frame.

use std::collections::VecDeque;

use crate::protocol::direction::PerDirection;
use crate::protocol::moment::Moment;
use crate::session::annotations::Anchor;
use crate::session::{Annotation, Event, EventKind, Session, Unreadable};

/// One thing in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// Something that happened.
    Event(Event),
    /// Something that a person said; the moment is the one of what it is about, or of when it was said.
    Annotation(Moment, Annotation<Anchor>),
}

/// How many entries a session has.
pub(super) fn count(session: &Session) -> usize {
    let annotations = &session.annotations;
    session.event_count() + annotations.bookmarks().len() + usize::from(!annotations.session_note().is_empty())
}

/// The entries of a session, with their bytes read back.
pub(super) fn of(session: &Session) -> impl Iterator<Item = Result<Entry, Unreadable>> {
    let note = session.annotations.session_note();
    let session_note = Annotation::SessionNote { note: note.clone() };
    let session_note = (!note.is_empty()).then(|| Ok(Entry::Annotation(Moment::START, session_note)));
    let mut bookmarks = PerDirection::<VecDeque<(Anchor, Annotation<Anchor>)>>::default();
    for bookmark in session.annotations.bookmarks() {
        if let Some(frame) = session.anchor(bookmark.frame) {
            bookmarks[frame.direction].push_back((frame, Annotation::Bookmark { frame, note: bookmark.note.clone() }));
        }
    }
    let mut positions = PerDirection::<u64>::default();
    let events = session.events().flat_map(move |event| {
        let mut said = Vec::new();
        if let Ok(Event { at, kind: EventKind::Bytes { direction, bytes } }) = &event {
            let (waiting, end) = (&mut bookmarks[*direction], &mut positions[*direction]);
            *end += bytes.len() as u64;
            while let Some((_, bookmark)) = waiting.pop_front_if(|(frame, _)| frame.offset < *end) {
                said.push(Ok(Entry::Annotation(*at, bookmark)));
            }
        }
        said.into_iter().chain([event.map(Entry::Event)])
    });
    session_note.into_iter().chain(events)
}
