//! Reading a file that is to be sent as one message: bounded by what a message may hold, and cancellable.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::LARGEST_MESSAGE;

/// How much is read at a time, in bytes.
const PART: u64 = 1024 * 1024;

/// Why a file cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MessageFileError {
    /// The file cannot be read.
    #[error("{} could not be read: {source}.", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds more than a message may.
    #[error("{} has {length} bytes or more, and a message may have {LARGEST_MESSAGE}. Send it in parts.", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length as far as it is known, in bytes.
        length: u64,
    },
    /// Reading was given up.
    #[error("{} was not read: it was cancelled.", .0.display())]
    Cancelled(PathBuf),
}

/// Reads a whole file; `progress` is told the part that is done, from 0 to 1, and may give up.
///
/// # Errors
/// See [`MessageFileError`].
pub fn read(path: &Path, progress: &mut dyn FnMut(f64) -> ControlFlow<()>) -> Result<Vec<u8>, MessageFileError> {
    let unreadable = |source| MessageFileError::Unreadable { path: path.into(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut bytes = Vec::new();
    // Files that are longer than they say, such as devices, are bounded too.
    while bytes.len() <= LARGEST_MESSAGE {
        if (&mut file).take(PART).read_to_end(&mut bytes).map_err(unreadable)? == 0 {
            return Ok(bytes);
        }
        if progress((bytes.len() as f64 / length.max(1) as f64).min(1.0)).is_break() {
            return Err(MessageFileError::Cancelled(path.into()));
        }
    }
    Err(MessageFileError::TooLarge { path: path.into(), length: length.max(bytes.len() as u64) })
}
