//! What a person says of a session: bookmarks on frames, each with a note if they like, and a note on the whole. None of it crossed the
//! wire and none of it is derived from what did, so it stands beside the events and is changed without reading them again.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::protocol::direction::Direction;
use crate::protocol::frame::FrameNumber;

/// The most bytes of a note: what the comment of a packet in a capture holds.
pub const LONGEST_NOTE: usize = 65_535;

/// What somebody wrote; cheap to copy, and empty when nothing was written.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Note(Option<Arc<str>>);

impl Note {
    /// A note with this text, or with its beginning when it is longer than [`LONGEST_NOTE`].
    pub fn new(text: &str) -> Note {
        let text = text.get(..text.floor_char_boundary(LONGEST_NOTE)).unwrap_or_default();
        Note((!text.is_empty()).then(|| text.into()))
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(formatter)
    }
}

/// Where a frame begins in the bytes of its session. Unlike its number, this is known to a log before its frames are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Anchor {
    /// Which way the frame goes.
    pub direction: Direction,
    /// How many bytes go before it the same way.
    pub offset: u64,
}

/// One thing that a person says; what they said of the same before is no longer so. A frame is named by its number in a session, and
/// by its [`Anchor`] in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Annotation<Frame> {
    /// A frame has a bookmark, with this note.
    Bookmark {
        /// The frame.
        frame: Frame,
        /// The note.
        note: Note,
    },
    /// A frame has no bookmark any more.
    BookmarkRemoved {
        /// The frame.
        frame: Frame,
    },
    /// The whole session has this note.
    SessionNote {
        /// The note.
        note: Note,
    },
}

impl<Frame: Copy> Annotation<Frame> {
    /// The same with its frame named otherwise; `None` when that cannot be done.
    pub fn renamed<Other>(&self, name: impl FnOnce(Frame) -> Option<Other>) -> Option<Annotation<Other>> {
        Some(match self {
            Annotation::Bookmark { frame, note } => Annotation::Bookmark { frame: name(*frame)?, note: note.clone() },
            Annotation::BookmarkRemoved { frame } => Annotation::BookmarkRemoved { frame: name(*frame)? },
            Annotation::SessionNote { note } => Annotation::SessionNote { note: note.clone() },
        })
    }
}

/// A bookmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookmark {
    /// The frame that it is on.
    pub frame: FrameNumber,
    /// What was written to it.
    pub note: Note,
}

/// What holds of a session: everything that was said and not said otherwise since. A copy is cheap and stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Annotations {
    session_note: Note,
    /// In the order of the frames.
    bookmarks: Arc<Vec<Bookmark>>,
}

impl PartialEq for Annotations {
    fn eq(&self, other: &Annotations) -> bool {
        let are_shared = Arc::ptr_eq(&self.bookmarks, &other.bookmarks);
        self.session_note == other.session_note && (are_shared || self.bookmarks == other.bookmarks)
    }
}

impl Eq for Annotations {}

impl Annotations {
    /// The note on the whole session.
    pub fn session_note(&self) -> &Note {
        &self.session_note
    }

    /// The bookmarks in the order of their frames.
    pub fn bookmarks(&self) -> &[Bookmark] {
        &self.bookmarks
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.session_note.is_empty() && self.bookmarks.is_empty()
    }

    /// The note of a frame's bookmark; `None` when it has no bookmark.
    pub fn note_on(&self, frame: FrameNumber) -> Option<&Note> {
        self.place(frame).ok().and_then(|place| self.bookmarks.get(place)).map(|bookmark| &bookmark.note)
    }

    /// The bookmarks on frames at these places of the session.
    pub fn within(&self, places: Range<usize>) -> &[Bookmark] {
        let before = |place: usize| self.bookmarks.partition_point(|bookmark| bookmark.frame.index() < place);
        self.bookmarks.get(before(places.start)..before(places.end)).unwrap_or_default()
    }

    /// The next frame after this one that has a bookmark, or the first one of all.
    pub fn next_after(&self, frame: Option<FrameNumber>) -> Option<FrameNumber> {
        let place = frame.map_or(0, |frame| self.bookmarks.partition_point(|bookmark| bookmark.frame <= frame));
        self.bookmarks.get(place).or(self.bookmarks.first()).map(|bookmark| bookmark.frame)
    }

    /// The next frame before this one that has a bookmark, or the last one of all.
    pub fn last_before(&self, frame: Option<FrameNumber>) -> Option<FrameNumber> {
        let before = frame.map_or(0, |frame| self.bookmarks.partition_point(|bookmark| bookmark.frame < frame));
        let found = before.checked_sub(1).and_then(|place| self.bookmarks.get(place));
        found.or(self.bookmarks.last()).map(|bookmark| bookmark.frame)
    }

    /// The frames of which something else is said than in `before`.
    pub fn changed_since(&self, before: &Annotations) -> Vec<FrameNumber> {
        if Arc::ptr_eq(&self.bookmarks, &before.bookmarks) {
            return Vec::new();
        }
        let (mut old, mut new) = (before.bookmarks.iter().peekable(), self.bookmarks.iter().peekable());
        let mut changed = Vec::new();
        loop {
            let frame = match (old.peek(), new.peek()) {
                (Some(old), Some(new)) => old.frame.min(new.frame),
                (Some(one), None) | (None, Some(one)) => one.frame,
                (None, None) => return changed,
            };
            if old.next_if(|old| old.frame == frame) != new.next_if(|new| new.frame == frame) {
                changed.push(frame);
            }
        }
    }

    /// Takes what is said now in the place of what was said before of the same.
    pub fn take(&mut self, annotation: &Annotation<FrameNumber>) {
        match annotation {
            Annotation::SessionNote { note } => self.session_note = note.clone(),
            Annotation::Bookmark { frame, note } => match self.place(*frame) {
                Ok(place) => {
                    if let Some(bookmark) = Arc::make_mut(&mut self.bookmarks).get_mut(place) {
                        bookmark.note = note.clone();
                    }
                }
                Err(place) => {
                    let bookmark = Bookmark { frame: *frame, note: note.clone() };
                    Arc::make_mut(&mut self.bookmarks).insert(place, bookmark);
                }
            },
            Annotation::BookmarkRemoved { frame } => {
                if let Ok(place) = self.place(*frame) {
                    Arc::make_mut(&mut self.bookmarks).remove(place);
                }
            }
        }
    }

    fn place(&self, frame: FrameNumber) -> Result<usize, usize> {
        self.bookmarks.binary_search_by_key(&frame, |bookmark| bookmark.frame)
    }
}
