//! Why a run failed, in the words that go to the standard error.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::capture::message_file::MessageFileError;
use crate::capture::replay::RequestProblem;
use crate::explain::language::Language;
use crate::logs::LogError;
use crate::reading::copied::CopyProblem;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The result could not be printed.
    #[error("the result could not be printed: {0}")]
    Output(#[from] io::Error),
    /// A log could not be opened or saved.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A log has no conversation of this number.
    #[error(
        "{path} holds {count} {}, so there is no conversation {number}",
        if *.count == 1 { "conversation" } else { "conversations" },
        path = .path.display()
    )]
    NoConversation {
        /// The log.
        path: PathBuf,
        /// What was asked for, counted from 1.
        number: NonZeroUsize,
        /// How many there are.
        count: usize,
    },
    /// A frame that is to be bookmarked, or not any more, is not there.
    #[error("{} has {count} frames, and one that is to be bookmarked, or not any more, is none of them", .path.display())]
    NoFrame {
        /// The log.
        path: PathBuf,
        /// How many there are.
        count: usize,
    },
    /// A frame cannot be copied in the form that was asked for.
    #[error(transparent)]
    Copy(#[from] CopyProblem),
    /// A file cannot be sent.
    #[error("{0} Nothing was sent.")]
    MessageFile(#[from] MessageFileError),
    /// A session cannot be asked for again.
    #[error(transparent)]
    Request(#[from] RequestProblem),
    /// Secrets are missing.
    #[error(
        "the log has marks in the place of {}: give them on the standard input, a line each and in this order, or their header \
         fields with --header, --cookie or --subprotocol",
        .0.join(", ")
    )]
    MissingSecrets(Vec<String>),
    /// There is no session to speak of.
    #[error("{problem} {advice}")]
    Connect {
        /// What happened.
        problem: String,
        /// What to try.
        advice: String,
    },
    /// No close code is explained with these words.
    #[error("no close code is explained with “{words}” in this language ({language}); try fewer words, or a number")]
    NothingFound {
        /// What was looked for.
        words: String,
        /// In which language.
        language: Language,
    },
    /// The lab could not listen.
    #[error("the lab could not listen at {address}: {source}; choose another address, or port 0 for a free one")]
    Lab {
        /// Where it should have listened.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// Interrupts could not be caught.
    #[error("Ctrl-C could not be watched for: {0}")]
    Interrupts(#[from] ctrlc::Error),
    /// A session did not come to its end.
    #[error("the session at {0} did not end within {1} s")]
    Unfinished(String, u64),
    /// The command line asks for what cannot be.
    #[error("{0}")]
    Question(String),
    /// There is no window for what was asked to be shown in one.
    #[error("{0}")]
    NoWindow(String),
}

impl Failure {
    /// Whether all that happened is that the reader of the output, such as `head`, has had enough.
    pub(super) fn is_reader_gone(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe)
    }
}
