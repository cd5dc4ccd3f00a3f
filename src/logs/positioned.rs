//! Files that are read and written at any place, by several at a time; what stands there is not known here.

use std::fs::File;
use std::io;

/// Reads some bytes from this position on.
#[cfg(unix)]
pub(super) fn read_from(file: &File, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

/// Reads some bytes from this position on.
#[cfg(windows)]
pub(super) fn read_from(file: &File, position: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}

/// Writes everything at this position.
#[cfg(unix)]
pub(super) fn write_to(file: &File, position: u64, bytes: &[u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, position)
}

/// Writes everything at this position.
#[cfg(windows)]
pub(super) fn write_to(file: &File, position: u64, bytes: &[u8]) -> io::Result<()> {
    let mut written = 0;
    while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
        match std::os::windows::fs::FileExt::seek_write(file, rest, position + written as u64)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            more => written += more,
        }
    }
    Ok(())
}
