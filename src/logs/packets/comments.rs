//! Records in the comments of a capture, in a form that people and the reader understand, and what people said in their own words.

use crate::session::annotations::Note;

/// What a comment with a record begins with.
const MARK: &str = "closelook: ";

/// What a comment with the beginning of a record begins with; the rest follows in the next comment.
const PART_MARK: &str = "closelook part: ";

/// The most bytes of a record that one comment holds; an option of pcapng holds 65,535.
const LARGEST_PART: usize = 60_000;

/// The longest record that is put together again, in bytes.
const LONGEST_RECORD: usize = 64 << 20;

/// The comments that hold a record.
pub(super) fn split(record: &str) -> impl Iterator<Item = String> {
    let mut rest = Some(record);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        match text.split_at_checked(text.floor_char_boundary(LARGEST_PART)) {
            Some((part, after)) if !after.is_empty() => {
                rest = Some(after);
                Some(format!("{PART_MARK}{part}"))
            }
            _ => Some(format!("{MARK}{text}")),
        }
    })
}

/// A note as a comment by itself, for people; an empty one says only that there is a bookmark.
pub(super) fn plain(note: &Note) -> String {
    match note.text() {
        "" => "Bookmark".to_owned(),
        text if text.starts_with("closelook") => format!("“{text}”"),
        text => text.to_owned(),
    }
}

/// Puts records together from comments.
#[derive(Debug, Default)]
pub(super) struct Records {
    beginning: String,
}

impl Records {
    /// The record that is complete with this comment; `None` for a part of one and for the comments of others.
    pub(super) fn take(&mut self, comment: &[u8]) -> Option<String> {
        let comment = String::from_utf8_lossy(comment);
        if let Some(part) = comment.strip_prefix(PART_MARK) {
            if self.beginning.len() + part.len() <= LONGEST_RECORD {
                self.beginning.push_str(part);
            }
            return None;
        }
        let end = comment.strip_prefix(MARK)?;
        let mut record = std::mem::take(&mut self.beginning);
        record.push_str(end);
        Some(record)
    }
}
