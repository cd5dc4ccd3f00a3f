//! Templates and the planned sequence in the settings: each entry a line of JSON by itself, so that a damaged one harms no other.

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny};
use serde::{Deserialize, Serialize};

use crate::ui::raw_form::{FrameForm, PayloadChoice, RawForm, Template};

/// How many templates are kept, and how many steps a sequence has.
pub(super) const MOST_ENTRIES: usize = 200;

/// The longest template, in bytes of its entry.
const LONGEST_ENTRY: usize = 256 * 1024;

/// Why a template cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TemplateProblem {
    /// It has no name.
    #[error("Write a name for the template.")]
    NoName,
    /// Its payload is a file.
    #[error("A template keeps text or hexadecimal; the content of a file is not kept.")]
    File,
    /// It is too long.
    #[error("This is too long for a template, which holds up to {} KiB.", LONGEST_ENTRY / 1024)]
    TooLong,
    /// There are too many.
    #[error("There are {MOST_ENTRIES} templates already. Delete one that is not needed.")]
    TooMany,
}

/// Puts a template among the others, in the place of the one of its name.
pub(super) fn keep(templates: &mut Vec<Template>, template: Template) -> Result<(), TemplateProblem> {
    if template.name.is_empty() {
        return Err(TemplateProblem::NoName);
    }
    if matches!(&template.content, RawForm::Frame(FrameForm { payload: PayloadChoice::File, .. })) {
        return Err(TemplateProblem::File);
    }
    if entry(&template).len() > LONGEST_ENTRY {
        return Err(TemplateProblem::TooLong);
    }
    let count = templates.len();
    match templates.iter_mut().find(|known| known.name == template.name) {
        Some(known) => *known = template,
        None if count >= MOST_ENTRIES => return Err(TemplateProblem::TooMany),
        None => templates.push(template),
    }
    Ok(())
}

/// The entries of these values.
pub(super) fn entries<T: Serialize>(values: &[T]) -> Vec<String> {
    values.iter().map(entry).collect()
}

/// The values of the entries that can be read, and how many cannot.
pub(super) fn read<T: DeserializeOwned>(entries: &[String]) -> (Vec<T>, usize) {
    let values: Vec<T> =
        entries.iter().take(MOST_ENTRIES).filter_map(|entry| serde_json::from_str(entry).ok()).collect();
    let damaged = entries.len() - values.len();
    (values, damaged)
}

/// A list of texts in which anything else becomes an empty text, and anything that is no list an empty list.
pub(super) fn lenient_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Entry {
        Text(String),
        Other(IgnoredAny),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum List {
        Entries(Vec<Entry>),
        Other(IgnoredAny),
    }
    let text = |entry: Entry| match entry {
        Entry::Text(text) => text,
        Entry::Other(_) => String::new(),
    };
    Ok(match List::deserialize(deserializer)? {
        List::Entries(entries) => entries.into_iter().map(text).collect(),
        List::Other(_) => vec![String::new()],
    })
}

fn entry<T: Serialize>(value: &T) -> String {
    // These values are made of texts, numbers and truths, which JSON can always hold.
    serde_json::to_string(value).unwrap_or_default()
}
