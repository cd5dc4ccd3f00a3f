//! What a log holds, in its order: the note on the session, then the events, and directly before the bytes that bring a frame's first
//! byte what is said of that frame.

use std::collections::VecDeque;

use crate::protocol::direction::PerDirection;
use crate::protocol::moment::Moment;
use crate::session::annotations::{Anchor, Bookmark, Note};
use crate::session::{Annotation, Event, EventKind, Part, Session, Unreadable};

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

/// The entries of a session, or of a part of it, with their bytes read back.
pub(super) fn of<'all>(
    session: &'all Session,
    part: Option<&'all Part>,
) -> impl Iterator<Item = Result<Entry, Unreadable>> {
    let note = session.annotations.session_note();
    let session_note = Annotation::SessionNote { note: note.clone() };
    let session_note = (!note.is_empty()).then(|| Ok(Entry::Annotation(Moment::START, session_note)));
    let (events, bookmarks): (Box<dyn Iterator<Item = _>>, Vec<(Anchor, Note)>) = match part {
        Some(part) => (Box::new(part.events(session)), part.bookmarks().to_vec()),
        None => {
            let anchored = |one: &Bookmark| Some((session.anchor(one.frame)?, one.note.clone()));
            (Box::new(session.events()), session.annotations.bookmarks().iter().filter_map(anchored).collect())
        }
    };
    let mut waiting = PerDirection::<VecDeque<(Anchor, Note)>>::default();
    bookmarks.into_iter().for_each(|bookmark| waiting[bookmark.0.direction].push_back(bookmark));
    let mut positions = PerDirection::<u64>::default();
    let events = events.flat_map(move |event| {
        let mut said = Vec::new();
        let passed = match event.as_ref().map(|event| &event.kind) {
            Ok(EventKind::Bytes { direction, bytes }) => Some((*direction, bytes.len() as u64)),
            Ok(EventKind::Missing { direction, gap }) => Some((*direction, gap.length.map_or(0, u64::from))),
            _ => None,
        };
        if let (Ok(event), Some((direction, length))) = (&event, passed) {
            let end = &mut positions[direction];
            *end += length;
            while let Some((frame, note)) = waiting[direction].pop_front_if(|(frame, _)| frame.offset < *end) {
                said.push(Ok(Entry::Annotation(event.at, Annotation::Bookmark { frame, note })));
            }
        }
        said.into_iter().chain([event.map(Entry::Event)])
    });
    session_note.into_iter().chain(events)
}
