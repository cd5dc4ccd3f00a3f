//! The writing end of one journal, and the thread that carries its blocks into the file, so that nobody waits for a disk.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use crate::logs::packets::CaptureWriter;
use crate::logs::positioned::write_to;
use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;
use crate::session::annotations::{Anchor, Annotation};
use crate::session::{ByteSource, Event, Journal, JournalState, Origin};

use super::blocks::{BLOCK, Blocks, cannot_keep};

/// A block that has this age is written, whatever its length.
const OLDEST: Duration = Duration::from_millis(20);

/// How long the thread waits before it tries again to write what could not be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// Keeps one session in a file.
#[derive(Debug)]
pub(super) struct JournalWriter {
    capture: CaptureWriter,
    /// What is not in a block yet.
    open: Vec<u8>,
    /// The moment of the first event in it.
    open_since: Option<Moment>,
    position: u64,
    blocks: Arc<Blocks>,
    /// The way to the thread, which ends when this is dropped.
    errands: Sender<Errand>,
    has_ended: bool,
}

/// What the thread is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Errand {
    /// There is a block to carry into the file.
    Carry,
    /// The session has ended: once everything is in the file, it gets its last name.
    Rename,
}

impl JournalWriter {
    /// Begins to keep a session in a new file, which is renamed to `finished` once the session has ended and everything is in it;
    /// `running` is dropped when nothing more will be written to it.
    pub(super) fn begin(
        origin: &Origin,
        path: PathBuf,
        finished: PathBuf,
        file: io::Result<File>,
        running: Sender<Infallible>,
    ) -> JournalWriter {
        let blocks = Arc::new(Blocks::new(path.clone(), file));
        let (errands, received) = unbounded();
        let carried = Arc::clone(&blocks);
        let carry = move || {
            carry(&carried, &received, path, &finished);
            drop(running);
        };
        if let Err(error) = thread::Builder::new().name("journal".to_owned()).spawn(carry) {
            blocks.set_problem(Some(cannot_keep(&error)));
        }
        let capture = CaptureWriter::new(origin);
        JournalWriter { capture, open: Vec::new(), open_since: None, position: 0, blocks, errands, has_ended: false }
    }

    fn hand_over_when_due(&mut self, now: Moment) {
        let since = *self.open_since.get_or_insert(now);
        if self.open.len() >= BLOCK || now.since(since) >= OLDEST {
            self.hand_over();
        }
    }

    fn hand_over(&mut self) {
        self.open_since = None;
        if self.open.is_empty() {
            return;
        }
        let length = self.open.len() as u64;
        self.blocks.push(self.position, &mut self.open);
        self.position += length;
        // Without the thread they stay in memory.
        let _ = self.errands.send(Errand::Carry);
    }
}

impl Journal for JournalWriter {
    fn keep(&mut self, event: &Event) {
        if let Err(error) = self.capture.write(event, &mut self.open) {
            self.blocks.set_problem(Some(error.to_string().into()));
        }
        self.hand_over_when_due(event.at);
    }

    fn keep_bytes(&mut self, at: Moment, direction: Direction, bytes: &[u8]) -> Option<u64> {
        let place = self.capture.write_bytes(at, direction, bytes, &mut self.open).unwrap_or_else(|error| {
            self.blocks.set_problem(Some(error.to_string().into()));
            None
        });
        let position = place.map(|place| self.position + place as u64);
        self.hand_over_when_due(at);
        position
    }

    fn keep_annotation(&mut self, at: Moment, annotation: &Annotation<Anchor>) {
        if let Err(error) = self.capture.annotate(at, annotation, &mut self.open) {
            self.blocks.set_problem(Some(error.to_string().into()));
        }
    }

    fn settle(&mut self) {
        self.hand_over();
    }

    fn source(&self) -> Arc<dyn ByteSource> {
        Arc::clone(&self.blocks) as Arc<dyn ByteSource>
    }

    fn state(&self) -> JournalState {
        self.blocks.state()
    }

    fn finish(&mut self) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        if let Err(error) = self.capture.finish(&mut self.open) {
            self.blocks.set_problem(Some(error.to_string().into()));
        }
        self.hand_over();
        let _ = self.errands.send(Errand::Rename);
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Carries blocks into the file until no more will come. What cannot be written is tried again.
fn carry(blocks: &Blocks, errands: &Receiver<Errand>, mut path: PathBuf, finished: &Path) {
    let Some(file) = blocks.file() else { return };
    let mut looked_for_file = Instant::now();
    let mut to_be_renamed = false;
    loop {
        let errand = match blocks.first_waiting() {
            Some(_) => errands.recv_timeout(PATIENCE),
            None => errands.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        to_be_renamed |= errand == Ok(Errand::Rename);
        let mut problem = None;
        while let Some(block) = blocks.first_waiting() {
            match write_to(file, block.position, &block.bytes) {
                Ok(()) => blocks.written(block),
                Err(error) => {
                    problem = Some(cannot_keep(&error));
                    break;
                }
            }
        }
        if problem.is_none() && (to_be_renamed || looked_for_file.elapsed() >= PATIENCE) {
            looked_for_file = Instant::now();
            problem = removed(&path);
        }
        // A journal that keeps its first name is offered at the next start, which does no harm.
        if problem.is_none() && std::mem::take(&mut to_be_renamed) && fs::rename(&path, finished).is_ok() {
            path = finished.to_path_buf();
        }
        blocks.set_problem(problem);
        if errand == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// What to say when the file is not in its folder any more.
fn removed(path: &Path) -> Option<Arc<str>> {
    let is_gone = matches!(path.try_exists(), Ok(false));
    is_gone.then(|| {
        "The journal's file was removed. The session can still be saved, but closelook cannot offer it again.".into()
    })
}
