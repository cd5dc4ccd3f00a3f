//! Replacing a file in one step, so that a failure loses neither the old file nor half of the new one.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::error::LogError;

/// How many names for the new file are tried before giving up.
const ATTEMPTS: u32 = 100;

/// Writes a new file beside `path` and, once it is on the disk, puts it in the place of `path`.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut File) -> Result<(), LogError>) -> Result<(), LogError> {
    let fail = |source| LogError::Save { path: path.into(), source };
    // A link is followed, so that it goes on to be one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.into());
    let (mut file, new_path) = create_beside(&target).map_err(fail)?;
    let written = write(&mut file).and_then(|()| file.sync_all().map_err(LogError::Write));
    // Closed first: an open file cannot be renamed everywhere.
    drop(file);
    let replaced = written.and_then(|()| fs::rename(&new_path, &target).map_err(fail));
    if replaced.is_err() {
        // The first failure is the one to tell; a left-over file is not.
        let _ = fs::remove_file(&new_path);
    } else {
        sync_directory(&target);
    }
    replaced
}

fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    let mut number = 0;
    loop {
        let mut new_name = std::ffi::OsString::from(".");
        new_name.push(name);
        new_name.push(format!(".{}-{number}.new", std::process::id()));
        let new_path = target.with_file_name(new_name);
        match OpenOptions::new().write(true).create_new(true).open(&new_path) {
            Ok(file) => return Ok((file, new_path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < ATTEMPTS => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Makes the rename itself durable where folders can be synchronised; elsewhere the file system does it in its own time.
fn sync_directory(target: &Path) {
    if cfg!(unix)
        && let Some(parent) = target.parent()
        && let Ok(directory) = File::open(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
    {
        let _ = directory.sync_all();
    }
}
