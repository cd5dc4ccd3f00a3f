//! Reading and writing files on a thread of their own, with progress, and a way to give up.

use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::capture::message_file;
use crate::logs::journal::{Journal, JournalFolder};
use crate::logs::{self, LogError, Opened, Progress, Selection, SoFar};
use crate::protocol::frame::FrameNumber;
use crate::report::{self, Form, Saving};
use crate::search::Matches;
use crate::session::Session;
use crate::ui::action::{PemField, SessionId};
use crate::ui::raw_form::PayloadFile;

use super::raw_draft::LARGEST_PAYLOAD;

/// How long nothing new is shown of a log that is being read.
const BETWEEN_GLANCES: Duration = Duration::from_millis(100);

/// The frames of a session that are saved.
pub(super) enum Chosen {
    /// All of them.
    Everything,
    /// Those between two places.
    Range(Range<usize>),
    /// Those that a filter left.
    Matches(Matches),
}

impl Chosen {
    fn selection(self) -> Selection {
        match self {
            Chosen::Everything => Selection::All,
            Chosen::Range(range) => Selection::Range(range),
            Chosen::Matches(matches) => Selection::Frames(matches.iter().collect()),
        }
    }
}

/// Something to do with a file.
pub(super) enum Work {
    /// Read a log.
    Open {
        /// The log.
        path: PathBuf,
        /// How many bytes a compressed message in it may inflate to.
        inflation_limit: u64,
    },
    /// See which journals there are, and delete those beyond the limit.
    ListJournals(JournalFolder),
    /// Write a log or a document, as the ending of the name says.
    Save {
        /// Where.
        path: PathBuf,
        /// What.
        session: Arc<Session>,
        /// Which of its frames.
        chosen: Chosen,
        /// Whether the secrets of the handshake are overwritten.
        masks_secrets: bool,
    },
    /// Write the payload of a frame.
    SavePayload(PathBuf, Arc<Session>, FrameNumber),
    /// Read a file to send it in this session.
    ReadToSend(PathBuf, SessionId),
    /// Read a file that is to be the payload of a composed frame.
    ReadPayload(PathBuf, SessionId),
    /// The path was chosen for the connection form.
    UsePem(PathBuf, PemField),
}

/// What came of it.
pub(super) enum Done {
    /// A log was read.
    Opened(PathBuf, Box<Opened>),
    /// The journals, or why there is no list.
    Journals(Result<Vec<Journal>, String>),
    /// A file was written.
    Saved(PathBuf),
    /// A file was read to be sent.
    ReadToSend(SessionId, Bytes),
    /// A file was read to be the payload of a composed frame.
    Payload(SessionId, PayloadFile),
    /// A path for the connection form.
    Pem(PathBuf, PemField),
    /// It failed; the sentence says what and why.
    Failed(String),
}

/// What the thread tells the window.
pub(super) enum News {
    /// The first session of a log as far as it has been read.
    SoFar(PathBuf, Box<Session>),
    /// The work is done.
    Done(Done),
}

/// Work that is going on.
struct Running {
    label: String,
    /// Thousandths that are done.
    progress: Arc<AtomicU32>,
    cancel: Arc<AtomicBool>,
}

/// All file work of the window; one thing at a time, the others wait.
pub(super) struct FileWork {
    requests: Sender<Work>,
    requested: Receiver<Work>,
    news: Sender<News>,
    told: Receiver<News>,
    running: Option<Running>,
}

impl Default for FileWork {
    fn default() -> Self {
        let (requests, requested) = unbounded();
        let (news, told) = unbounded();
        FileWork { requests, requested, news, told, running: None }
    }
}

impl FileWork {
    /// A way to hand work in from any thread, such as from a file dialog.
    pub(super) fn requests(&self) -> Sender<Work> {
        self.requests.clone()
    }

    /// Takes what is new and begins what waits.
    pub(super) fn advance(&mut self, wake: &Arc<dyn Fn() + Send + Sync>) -> Option<News> {
        let news = self.told.try_recv().ok();
        if matches!(news, Some(News::Done(_))) {
            self.running = None;
        }
        if self.running.is_none()
            && let Ok(work) = self.requested.try_recv()
        {
            self.begin(work, Arc::clone(wake));
        }
        news
    }

    /// What is going on, and how far it is (0 to 1).
    pub(super) fn progress(&self) -> Option<(&str, f32)> {
        let running = self.running.as_ref()?;
        Some((&running.label, running.progress.load(Ordering::Relaxed) as f32 / 1000.0))
    }

    /// Gives up what is going on.
    pub(super) fn cancel(&self) {
        if let Some(running) = &self.running {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }

    fn begin(&mut self, work: Work, wake: Arc<dyn Fn() + Send + Sync>) {
        let (progress, cancel) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
        let label = match &work {
            Work::Open { path, .. } => format!("Opening {}", name(path)),
            Work::ListJournals(_) => "Looking for journals".to_owned(),
            Work::Save { path, .. } | Work::SavePayload(path, ..) => format!("Saving {}", name(path)),
            Work::ReadToSend(path, _) | Work::ReadPayload(path, _) | Work::UsePem(path, _) => {
                format!("Reading {}", name(path))
            }
        };
        self.running = Some(Running { label, progress: Arc::clone(&progress), cancel: Arc::clone(&cancel) });
        let news = self.news.clone();
        let failed = self.news.clone();
        let thread = move || {
            let mut watch = |fraction: f64| {
                let thousandths = (fraction * 1000.0) as u32;
                if progress.swap(thousandths, Ordering::Relaxed) != thousandths {
                    wake();
                }
                if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            // The window is gone when nobody receives; then nobody wants the result either.
            let _ = news.send(News::Done(carry_out(work, &news, &mut watch)));
            wake();
        };
        if let Err(error) = std::thread::Builder::new().name("file work".into()).spawn(thread) {
            let problem = format!("No thread could be started for this: {error}.");
            let _ = failed.send(News::Done(Done::Failed(problem)));
            self.running = None;
        }
    }
}

fn open(path: &Path, inflation_limit: u64, news: &Sender<News>, watch: &mut Progress<'_>) -> Result<Opened, LogError> {
    let mut told_at: Option<Instant> = None;
    let mut tell = |mut so_far: SoFar<'_>| {
        if told_at.is_none_or(|told_at| told_at.elapsed() >= BETWEEN_GLANCES)
            && let Some(session) = so_far.session().filter(|session| !session.frames.is_empty())
        {
            told_at = Some(Instant::now());
            let _ = news.send(News::SoFar(path.to_owned(), Box::new(session)));
        }
        watch(so_far.part)
    };
    let Opened { session, others, damage } = logs::open(path, &mut tell)?;
    let others =
        others.into_iter().map(|other| other.with_inflation_limit(inflation_limit)).collect::<Result<_, _>>()?;
    Ok(Opened { session: session.with_inflation_limit(inflation_limit)?, others, damage })
}

fn carry_out(work: Work, news: &Sender<News>, watch: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Done {
    match work {
        Work::Open { path, inflation_limit } => match open(&path, inflation_limit, news, watch) {
            Ok(opened) => Done::Opened(path, Box::new(opened)),
            Err(error) => Done::Failed(format!("{}: {error}", name(&path))),
        },
        Work::ListJournals(folder) => {
            folder.prune();
            Done::Journals(
                folder.list().map_err(|error| format!("{} cannot be read: {error}.", folder.path().display())),
            )
        }
        Work::Save { path, session, chosen, masks_secrets } => {
            let saved = Form::of_path(&path).and_then(|form| {
                let saving = Saving { form, selection: chosen.selection(), masks_secrets };
                report::save(&session, &path, &saving, watch)
            });
            match saved {
                Ok(()) => Done::Saved(path),
                Err(error) => Done::Failed(format!("{}: {error}", name(&path))),
            }
        }
        Work::SavePayload(path, session, number) => {
            let row = session.frame(number);
            if row.is_some_and(|row| !session.is_recorded(row)) {
                let problem = "Not all of this payload was recorded, so there is no whole one to save.";
                return Done::Failed(format!("{problem} “Copy as”, “JSON record” has the parts that were."));
            }
            let payload = row.map(|row| session.payload(row, u64::MAX)).unwrap_or_default();
            match std::fs::write(&path, payload) {
                Ok(()) => Done::Saved(path),
                Err(error) => Done::Failed(format!("{} could not be written: {error}.", path.display())),
            }
        }
        Work::ReadToSend(path, session) => match message_file::read(&path, watch) {
            Ok(bytes) => Done::ReadToSend(session, bytes.into()),
            Err(error) => Done::Failed(error.to_string()),
        },
        Work::UsePem(path, field) => Done::Pem(path, field),
        Work::ReadPayload(path, session) => match message_file::read(&path, watch) {
            Ok(bytes) if bytes.len() > LARGEST_PAYLOAD => Done::Failed(format!(
                "{} has more than the {} MiB that a composed frame may have. “Send file…” sends larger ones.",
                path.display(),
                LARGEST_PAYLOAD / 1024 / 1024
            )),
            Ok(bytes) => Done::Payload(session, PayloadFile { name: name(&path), bytes: bytes.into() }),
            Err(error) => Done::Failed(error.to_string()),
        },
    }
}

/// The file's name without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::logs::Format;
    use crate::protocol::direction::Direction;
    use crate::protocol::moment::Moment;
    use crate::session::{Event, EventKind, Origin, Perspective};

    use super::*;

    const HEADS: [(Direction, &str); 2] = [
        (
            Direction::ClientToServer,
            "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        ),
        (
            Direction::ServerToClient,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        ),
    ];

    #[test]
    fn the_first_rows_of_a_log_come_before_the_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("session.pcapng");
        let heads = HEADS.map(|(direction, head)| (direction, Bytes::from_static(head.as_bytes())));
        let texts = (0..1_000).map(|_| (Direction::ServerToClient, Bytes::from_static(b"\x81\x02hi")));
        let events = heads.into_iter().chain(texts).enumerate().map(|(at, (direction, bytes))| Event {
            at: Moment(at as u64),
            kind: EventKind::Bytes { direction, bytes },
        });
        let session = Session::replay(Origin { started_at: 0, url: None, perspective: Perspective::Client }, events);
        logs::save(&session, &path, Format::PcapNg, &mut |_| ControlFlow::Continue(())).unwrap();

        let mut work = FileWork::default();
        work.requests().send(Work::Open { path: path.clone(), inflation_limit: session.inflation_limit }).unwrap();
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(|| {});
        assert!(work.advance(&wake).is_none());
        assert_eq!(work.progress().map(|(label, _)| label), Some("Opening session.pcapng"));
        let mut told = Vec::new();
        while work.progress().is_some() {
            told.extend(work.advance(&wake));
            std::thread::yield_now();
        }
        let [News::SoFar(early, so_far), .., News::Done(Done::Opened(whole, opened))] = told.as_slice() else {
            panic!("{} pieces of news", told.len())
        };
        assert_eq!((early, whole), (&path, &path));
        assert!((1..1_000).contains(&so_far.frames.len()), "{}", so_far.frames.len());
        assert_eq!(opened.session.frames.len(), 1_000);
    }
}
