//! The kinds of files that a session can be saved as, and the saving.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use crate::logs::{self, Format, LogError, Progress, Selection};
use crate::session::Session;

use super::{csv, html, transcript};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A log that opens again.
    Log(Format),
    /// A table with a frame a row, `.csv`.
    Csv,
    /// A transcript, `.txt`.
    Text,
    /// A web page, `.html`.
    Html,
}

impl Form {
    /// Every form, the native log first.
    pub const ALL: [Form; 6] = [
        Form::Log(Format::PcapNg),
        Form::Log(Format::JsonLines),
        Form::Log(Format::Har),
        Form::Csv,
        Form::Text,
        Form::Html,
    ];

    /// The ending of file names, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Log(format) => format.ending(),
            Form::Csv => "csv",
            Form::Text => "txt",
            Form::Html => "html",
        }
    }

    /// What it is called, and for what it is good.
    pub fn title(self) -> &'static str {
        match self {
            Form::Log(Format::PcapNg) => "pcapng, for Wireshark too",
            Form::Log(Format::JsonLines) => "JSON Lines, for scripts",
            Form::Log(Format::Har) => "HAR, for browsers' tools",
            Form::Csv => "CSV, for spreadsheets",
            Form::Text => "Text transcript",
            Form::Html => "HTML report",
        }
    }

    /// The form whose files have this ending; case does not count.
    pub fn of_ending(ending: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.ending().eq_ignore_ascii_case(ending))
    }

    /// The form that a file's name asks for.
    ///
    /// # Errors
    /// [`LogError::UnknownEnding`] for an ending that none has.
    pub fn of_path(path: &Path) -> Result<Form, LogError> {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        Form::of_ending(&ending).ok_or_else(|| LogError::UnknownEnding { path: path.into() })
    }
}

/// How a session is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saving {
    /// As what.
    pub form: Form,
    /// Which of its frames.
    pub selection: Selection,
    /// Whether the secrets of the handshake are overwritten; transcripts and web pages never have them.
    pub masks_secrets: bool,
}

impl Saving {
    /// The whole session as it is.
    pub fn whole(form: Form) -> Saving {
        Saving { form, selection: Selection::All, masks_secrets: false }
    }
}

/// Saves a session; see [`logs::save`].
///
/// # Errors
/// When the file cannot be written, the selection cannot be read by itself, or `progress` cancels.
pub fn save(session: &Session, path: &Path, saving: &Saving, progress: &mut Progress<'_>) -> Result<(), LogError> {
    logs::save_with(path, |out| write(session, saving, out, progress))
}

/// Writes a session.
///
/// # Errors
/// When `out` fails, the selection cannot be read by itself, or `progress` cancels.
pub fn write(
    session: &Session,
    saving: &Saving,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let Saving { form, selection, masks_secrets } = saving;
    let session = match masks_secrets {
        true => Cow::Owned(logs::without_secrets(session)?),
        false => Cow::Borrowed(session),
    };
    match form {
        Form::Log(format) => logs::write_selected(&session, selection, *format, out, progress),
        Form::Csv => csv::write(&session, selection, out, progress),
        Form::Text => transcript::write(&session, selection, out, progress),
        Form::Html => html::write(&session, selection, out, progress),
    }
}

/// Asks now and then whether to go on.
pub(super) struct Watch<'watch, 'asker> {
    progress: &'watch mut Progress<'asker>,
    total: usize,
    done: usize,
}

impl<'watch, 'asker> Watch<'watch, 'asker> {
    /// How many steps lie between two questions.
    const STEPS: usize = 256;

    pub(super) fn new(progress: &'watch mut Progress<'asker>, total: usize) -> Result<Self, LogError> {
        let mut watch = Watch { progress, total: total.max(1), done: 0 };
        watch.ask(0.0)?;
        Ok(watch)
    }

    /// One more frame is done.
    pub(super) fn step(&mut self) -> Result<(), LogError> {
        self.done += 1;
        if self.done.is_multiple_of(Self::STEPS) { self.ask(self.done as f64 / self.total as f64) } else { Ok(()) }
    }

    /// Everything is done.
    pub(super) fn end(mut self) -> Result<(), LogError> {
        self.ask(1.0)
    }

    fn ask(&mut self, part: f64) -> Result<(), LogError> {
        if (self.progress)(part.min(1.0)).is_break() { Err(LogError::Cancelled) } else { Ok(()) }
    }
}
