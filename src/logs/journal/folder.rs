//! The folder of the journals: what is in it, how much it may hold, and the one way in which a journal is deleted.

use std::convert::Infallible;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use crate::session::{self, Journals, Origin};

use super::writer::JournalWriter;

/// The ending of a journal whose session has not ended.
const RECORDING: &str = ".recording.pcapng";

/// The ending of one whose session has.
const FINISHED: &str = ".pcapng";

/// How much the folder holds unless another limit is set, in bytes.
const USUAL_LIMIT: u64 = 4 << 30;

/// How many journals of one moment are told apart.
const MOST_AT_ONCE: u32 = 1_000;

/// A folder of journals.
#[derive(Debug, Clone)]
pub struct JournalFolder {
    path: PathBuf,
    limit: Arc<AtomicU64>,
    /// Disconnected when a journal's thread has done its work.
    carriers: Arc<Mutex<Vec<Receiver<Infallible>>>>,
}

/// How far a journal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JournalStage {
    /// Its program ended before its session did: what it holds has not been offered yet.
    Unfinished,
    /// It is being written, or shown, by this program or another one.
    InUse,
    /// Its session has ended, or was offered.
    Finished,
}

/// A journal in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written last.
    pub written: SystemTime,
    /// How far it is.
    pub stage: JournalStage,
}

impl JournalFolder {
    /// The folder at this path, which need not be there yet.
    pub fn new(path: PathBuf) -> JournalFolder {
        JournalFolder { path, limit: Arc::new(AtomicU64::new(USUAL_LIMIT)), carriers: Arc::default() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much it may hold, in bytes.
    pub fn limit(&self) -> u64 {
        self.limit.load(Ordering::Relaxed)
    }

    /// Sets how much it may hold; takes effect when a session begins, and with [`prune`](Self::prune).
    pub fn set_limit(&self, bytes: u64) {
        self.limit.store(bytes, Ordering::Relaxed);
    }

    /// The journals, the newest first; none when there is no folder yet.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<Journal>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // A file that is gone in between is not in the folder any more.
        let mut journals: Vec<_> = entries.flatten().filter_map(|entry| journal(entry.path())).collect();
        journals.sort_by(|one, other| (other.written, &other.path).cmp(&(one.written, &one.path)));
        Ok(journals)
    }

    /// Deletes a journal that is not in use.
    ///
    /// # Errors
    /// When it is in use, or the system refuses.
    pub fn delete(&self, path: &Path) -> io::Result<()> {
        if stage(path) == JournalStage::InUse {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "it is in use: close its session first"));
        }
        fs::remove_file(path)
    }

    /// Takes an unfinished journal for finished, since it was offered; says where it is now.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn finish(&self, path: &Path) -> io::Result<PathBuf> {
        let finished = finished_name(path);
        fs::rename(path, &finished)?;
        Ok(finished)
    }

    /// Deletes the oldest journals that are finished until the rest is within the limit; says how many went.
    pub fn prune(&self) -> usize {
        let journals = self.list().unwrap_or_default();
        let mut total: u64 = journals.iter().map(|journal| journal.size).sum();
        let mut deleted = 0;
        for journal in journals.iter().rev().filter(|journal| journal.stage == JournalStage::Finished) {
            if total <= self.limit() {
                break;
            }
            if self.delete(&journal.path).is_ok() {
                total -= journal.size;
                deleted += 1;
            }
        }
        deleted
    }

    /// Waits until the journals of sessions that have ended are whole, but no longer than this; to be called before the program ends.
    pub fn wait(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        let carriers = std::mem::take(&mut *self.carriers.lock().unwrap_or_else(PoisonError::into_inner));
        for ended in carriers {
            let _ = ended.recv_deadline(deadline);
        }
    }

    /// A new file for the session that began then, locked for as long as it is open.
    fn create(&self, started_at: u64) -> (PathBuf, io::Result<File>) {
        let began = jiff::Timestamp::from_nanosecond(i128::from(started_at)).unwrap_or_default();
        let began = began.strftime("%Y-%m-%d %H.%M.%S%.3fZ");
        let mut path = self.path.clone();
        for number in 1..=MOST_AT_ONCE {
            let suffix = if number == 1 { String::new() } else { format!(" {number}") };
            path = self.path.join(format!("{began}{suffix}{RECORDING}"));
            if finished_name(&path).exists() {
                continue;
            }
            let created = fs::create_dir_all(&self.path)
                .and_then(|()| OpenOptions::new().read(true).write(true).create_new(true).open(&path));
            match created {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Ok(file) => {
                    // Without locks, as on some network disks, a journal is one all the same.
                    let _ = file.try_lock();
                    return (path, Ok(file));
                }
                Err(error) => return (path, Err(error)),
            }
        }
        (path, Err(io::ErrorKind::AlreadyExists.into()))
    }
}

impl Journals for JournalFolder {
    fn begin(&self, origin: &Origin) -> Box<dyn session::Journal> {
        self.prune();
        let (path, file) = self.create(origin.started_at);
        let finished = finished_name(&path);
        let (running, ended) = bounded(0);
        let mut carriers = self.carriers.lock().unwrap_or_else(PoisonError::into_inner);
        carriers.retain(|ended: &Receiver<Infallible>| ended.try_recv() == Err(TryRecvError::Empty));
        carriers.push(ended);
        Box::new(JournalWriter::begin(origin, path, finished, file, running))
    }
}

fn journal(path: PathBuf) -> Option<Journal> {
    let is_journal = path.file_name()?.to_str()?.ends_with(FINISHED);
    let metadata = fs::metadata(&path).ok().filter(|metadata| is_journal && metadata.is_file())?;
    let stage = stage(&path);
    Some(Journal { path, size: metadata.len(), written: metadata.modified().ok()?, stage })
}

fn stage(path: &Path) -> JournalStage {
    let is_free = File::open(path).is_ok_and(|file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock)));
    match (is_free, path.to_string_lossy().ends_with(RECORDING)) {
        (false, _) => JournalStage::InUse,
        (true, true) => JournalStage::Unfinished,
        (true, false) => JournalStage::Finished,
    }
}

fn finished_name(path: &Path) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{}{FINISHED}", name.trim_end_matches(RECORDING).trim_end_matches(FINISHED)))
}
