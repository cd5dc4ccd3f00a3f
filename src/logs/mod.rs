//! Sessions in files: saving and opening them as pcapng, as JSON Lines and as HAR; knows nothing of sockets or screens.
//!
//! ```text
//! Session ─ save ─► Event by Event ─► json_lines  one record a line
//!                                  └► packets     bytes as TCP segments, every other record as a comment
//! file ── open ─► (packed) ─► input ─► Event by Event ─► Recorder ─► Session, and a list of what could not be read
//! ```
//!
//! A log holds the origin and the events of a session, what a person said of it, and nothing that can be derived from them.

pub mod damage;
pub mod error;
pub mod format;
pub mod har;
pub mod journal;
pub mod json_lines;
pub mod selection;

mod entries;
mod heads;
mod input;
mod masking;
mod number;
mod packed;
mod packets;
mod positioned;
mod record;
mod replacement;
mod window;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use crate::session::{Recorder, Session};

use damage::DamageList;
pub use damage::{Damage, Place};
pub use error::LogError;
pub use format::Format;
use input::Input;
pub use masking::without_secrets;
use packed::Packing;
pub use selection::Selection;

/// Asked again and again while a log is written; `Break` cancels. The number is the part that is done, from 0 to 1.
pub type Progress<'asker> = dyn FnMut(f64) -> ControlFlow<()> + 'asker;

/// Asked again and again while a log is read; `Break` cancels.
pub type ReadProgress<'asker> = dyn FnMut(SoFar<'_>) -> ControlFlow<()> + 'asker;

/// The same, told how many bytes were read, and with the first session so far.
type BytesRead<'asker> = dyn FnMut(u64, Option<&mut Recorder>) -> ControlFlow<()> + 'asker;

/// How far the reading of a log is.
#[derive(Debug)]
pub struct SoFar<'reader> {
    /// The part that is read, from 0 to 1.
    pub part: f64,
    recorder: Option<&'reader mut Recorder>,
}

impl SoFar<'_> {
    /// The first session of the log as far as it has been read, when there is one and its format lets it be shown early.
    pub fn session(&mut self) -> Option<Session> {
        self.recorder.as_mut().map(|recorder| recorder.snapshot())
    }
}

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
    write_selected(session, &Selection::All, format, out, progress)
}

/// Writes some of a session's frames in this format, with the opening handshake and the other frames of their messages.
///
/// # Errors
/// When `out` fails, `progress` cancels, or a message cannot be read without one that was not chosen.
pub fn write_selected(
    session: &Session,
    selection: &Selection,
    format: Format,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let part = match (format, selection) {
        (Format::Har, _) | (_, Selection::All) => None,
        (_, Selection::Range(_) | Selection::Frames(_)) => {
            let part = session.part(selection.numbers(session));
            Some(part.map_err(|source| LogError::NotInParts { ending: format.ending(), source })?)
        }
    };
    match format {
        Format::JsonLines => json_lines::write(session, part.as_ref(), out, progress),
        Format::PcapNg => packets::write(session, part.as_ref(), out, progress),
        Format::Har => har::write(session, selection, out, progress),
    }
}

/// Opens a log, packed with gzip or zstd or not. Its first bytes decide on the format; its ending does when they say nothing.
///
/// Sessions read their bytes back from the file, which should stay as it is while they are looked at.
///
/// # Errors
/// When the file cannot be opened, is no log, has nothing readable in it, or `progress` cancels. A log that is damaged in parts is
/// no error: see [`Opened::damage`].
pub fn open(path: &Path, progress: &mut ReadProgress<'_>) -> Result<Opened, LogError> {
    let fail = |source| LogError::Open { path: path.into(), source };
    let mut file = File::open(path).map_err(fail)?;
    let mut length = file.metadata().map_err(fail)?.len();
    let mut start = first_bytes(&mut file).map_err(fail)?;
    let mut damage = DamageList::default();
    let mut before = 0.0;
    if let Some(packing) = Packing::of(&start) {
        before = UNPACKING;
        let mut watch = |read: u64| {
            let part = UNPACKING * part_of(read, length);
            cancelled(progress(SoFar { part, recorder: None }))
        };
        file = packing.unpack(file, &mut damage, &mut watch)?;
        length = file.metadata().map_err(fail)?.len();
        start = first_bytes(&mut file).map_err(fail)?;
        if start.is_empty() && !damage.is_empty() {
            return Err(LogError::NothingReadable { first: damage.into_first() });
        }
    }
    let format = format::sniff(&start, path)?;
    let mut watch = |read, recorder: Option<&mut Recorder>| {
        progress(SoFar { part: before + (1.0 - before) * part_of(read, length), recorder })
    };
    match read_input(format, Input::File(Arc::new(file)), &mut watch) {
        Ok(mut opened) => {
            opened.damage.splice(..0, damage.into_vec());
            Ok(opened)
        }
        // Too little came out of the package.
        Err(LogError::NothingReadable { .. }) if !damage.is_empty() => {
            Err(LogError::NothingReadable { first: damage.into_first() })
        }
        Err(error) => Err(error),
    }
}

/// How much of the opening of a packed log is its unpacking.
const UNPACKING: f64 = 0.5;

fn part_of(read: u64, length: u64) -> f64 {
    (read as f64 / length.max(1) as f64).min(1.0)
}

fn first_bytes(file: &mut File) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.take(format::SNIFFED).read_to_end(&mut start)?;
    Ok(start)
}

/// Reads a log in this format from memory.
///
/// # Errors
/// When nothing in it is readable, or `progress` cancels.
pub fn read(format: Format, log: impl Into<Bytes>, progress: &mut ReadProgress<'_>) -> Result<Opened, LogError> {
    let log = log.into();
    let length = log.len() as u64;
    let mut watch = |read, recorder: Option<&mut Recorder>| progress(SoFar { part: part_of(read, length), recorder });
    read_input(format, Input::Memory(log), &mut watch)
}

fn read_input(format: Format, input: Input, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    match format {
        Format::JsonLines => json_lines::read(input, progress),
        Format::PcapNg => packets::read(input, progress),
        Format::Har => har::read(input, progress),
    }
}

/// The session of a recorder that has been given everything that a log holds.
fn finished(mut recorder: Recorder, damage: &mut DamageList) -> Session {
    recorder.end();
    let session = recorder.snapshot();
    match recorder.misplaced_bookmarks() {
        0 => {}
        1 => damage.add(Place::Whole, "a bookmark was left out: no frame begins where it says"),
        count => {
            damage.add(Place::Whole, format!("{count} bookmarks were left out: no frames begin where they say"));
        }
    }
    session
}

/// `Err(Cancelled)` for `Break`.
fn cancelled(answer: ControlFlow<()>) -> Result<(), LogError> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(LogError::Cancelled),
    }
}
