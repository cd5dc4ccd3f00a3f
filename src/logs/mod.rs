//! Sessions in files: saving and opening them as pcapng, as JSON Lines and as HAR; knows nothing of sockets or screens.
//!
//! ```text
//! Session ─ save ─► Event by Event ─► json_lines  one record a line
//!                                  └► pcapng      bytes as TCP segments, every other record as a comment
//! file ── open ──► Event by Event ──► Recorder ─► Session, and a list of what could not be read
//! ```
//!
//! A log holds the origin and the events of a session and nothing that can be derived from them.

pub mod damage;
pub mod error;
pub mod format;
pub mod har;
pub mod journal;
pub mod json_lines;
pub mod pcapng;
pub mod selection;

mod masking;
mod record;
mod replacement;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;

use crate::session::Session;

use damage::DamageList;
pub use damage::{Damage, Place};
pub use error::LogError;
pub use format::Format;
pub use masking::without_secrets;
pub use selection::Selection;

/// Asked again and again while a log is written or read; `Break` cancels. For writers and [`open`] the number is the part that is
/// done, from 0 to 1.
pub type Progress<'asker> = dyn FnMut(f64) -> ControlFlow<()> + 'asker;

/// Asked again and again with how many bytes of a log have been read; `Break` cancels.
pub type BytesRead<'asker> = dyn FnMut(u64) -> ControlFlow<()> + 'asker;

/// The most conversations that are taken from one file; that there are more is told as damage.
pub const MOST_CONVERSATIONS: usize = 100;

/// What came out of a log.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The first conversation of the log: the session that its readable events make.
    pub session: Session,
    /// The further conversations in the order of the file, at most [`MOST_CONVERSATIONS`] with the first; empty for a log of one.
    pub others: Vec<Session>,
    /// What was not readable or was left out, in the order of the file; empty for a whole log.
    pub damage: Vec<Damage>,
}

impl Opened {
    /// A log of one conversation.
    fn of_one(session: Session, damage: DamageList) -> Opened {
        Opened { session, others: Vec::new(), damage: damage.into_vec() }
    }

    /// Every conversation, in the order of the file.
    pub fn into_conversations(self) -> impl Iterator<Item = Session> {
        std::iter::once(self.session).chain(self.others)
    }
}

/// Saves a session. The file at `path` is replaced in one step once everything is on the disk; when saving fails or is cancelled,
/// what was there before is still there.
///
/// # Errors
/// When the file cannot be written, or `progress` cancels.
pub fn save(session: &Session, path: &Path, format: Format, progress: &mut Progress<'_>) -> Result<(), LogError> {
    save_with(path, |out| write(session, format, out, progress))
}

/// Saves what `write` writes, in the same manner.
///
/// # Errors
/// When the file cannot be written, and those of `write`.
pub fn save_with(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), LogError>,
) -> Result<(), LogError> {
    replacement::replace(path, |file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        write(&mut out)?;
        out.flush().map_err(LogError::Write)
    })
}

/// Writes a session in this format.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub fn write(
    session: &Session,
    format: Format,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    match format {
        Format::JsonLines => json_lines::write(session, out, progress),
        Format::PcapNg => pcapng::write(session, out, progress),
        Format::Har => har::write(session, &Selection::All, out, progress),
    }
}

/// Opens a log. Its first bytes decide on the format; its ending does when they say nothing.
///
/// # Errors
/// When the file cannot be opened, is no log, has nothing readable in it, or `progress` cancels. A log that is damaged in parts is
/// no error: see [`Opened::damage`].
pub fn open(path: &Path, progress: &mut Progress<'_>) -> Result<Opened, LogError> {
    let fail = |source| LogError::Open { path: path.into(), source };
    let mut file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?.len();
    let mut start = Vec::new();
    (&mut file).take(format::SNIFFED).read_to_end(&mut start).map_err(fail)?;
    let format = format::sniff(&start, path)?;
    file.seek(SeekFrom::Start(0)).map_err(fail)?;
    let mut watch = |bytes_read: u64| progress((bytes_read as f64 / length.max(1) as f64).min(1.0));
    read(format, BufReader::with_capacity(1 << 16, file), &mut watch)
}

/// Reads a log in this format.
///
/// # Errors
/// When nothing in it is readable, or `progress` cancels.
pub fn read(format: Format, input: impl std::io::BufRead, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    match format {
        Format::JsonLines => json_lines::read(input, progress),
        Format::PcapNg => pcapng::read(input, progress),
        Format::Har => har::read(input, progress),
    }
}

/// `Err(Cancelled)` for `Break`.
fn cancelled(answer: ControlFlow<()>) -> Result<(), LogError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(LogError::Cancelled),
    }
}
