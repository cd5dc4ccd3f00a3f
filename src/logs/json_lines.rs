//! JSON Lines: a header line with the origin, then one event a line; saving, opening and saving again gives the same bytes.

use std::io::{self, BufRead, Write};

use crate::session::{Origin, Perspective, Recorder, Session};

use super::damage::{DamageList, Place};
use super::error::LogError;
use super::{BytesRead, Opened, Progress, cancelled, record};

/// The longest line that is read, in bytes; a file without line ends must not fill the memory.
pub const LONGEST_LINE: usize = 64 << 20;

/// How many events are written between two questions to the progress callback.
const EVENTS_A_STEP: usize = 256;

/// How many lines are read between two questions to the progress callback.
const LINES_A_STEP: u64 = 256;

/// Writes a session as JSON Lines.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub(super) fn write(session: &Session, out: &mut impl Write, progress: &mut Progress<'_>) -> Result<(), LogError> {
    let total = session.event_count().max(1);
    write_line(out, record::header_line(&session.origin))?;
    for (index, event) in session.events().enumerate() {
        if index % EVENTS_A_STEP == 0 {
            cancelled(progress(index as f64 / total as f64))?;
        }
        write_line(out, record::event_line(&event?))?;
    }
    out.flush().map_err(LogError::Write)?;
    cancelled(progress(1.0))
}

fn write_line(out: &mut impl Write, line: Result<String, serde_json::Error>) -> Result<(), LogError> {
    let mut line = line.map_err(|error| LogError::Write(error.into()))?;
    line.push('\n');
    out.write_all(line.as_bytes()).map_err(LogError::Write)
}

/// Reads a session from JSON Lines. A line that is not readable is left out and reported.
///
/// # Errors
/// When no line is readable, or `progress` cancels.
pub(super) fn read(mut input: impl BufRead, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut damage = DamageList::default();
    let mut recorder: Option<Recorder> = None;
    let mut line = Vec::new();
    let mut bytes_read = 0;
    for number in 1.. {
        if number % LINES_A_STEP == 1 {
            cancelled(progress(bytes_read, recorder.as_mut()))?;
        }
        let place = Place::Line(number);
        let read = match read_line(&mut input, &mut line) {
            Ok(Some(read)) => read,
            Ok(None) => break,
            Err(error) => {
                damage.add(place, format!("the file cannot be read further: {error}"));
                break;
            }
        };
        bytes_read += read.bytes;
        let text = match std::str::from_utf8(&line) {
            _ if read.too_long => {
                damage.add(place, format!("longer than {LONGEST_LINE} bytes"));
                continue;
            }
            Ok(text) => text.trim_start_matches('\u{FEFF}').trim(),
            Err(_) => {
                damage.add(place, "not text in UTF-8");
                continue;
            }
        };
        if text.is_empty() {
            continue;
        }
        if recorder.is_none()
            && let Some((origin, problem)) = record::read_header(text)
        {
            recorder = Some(Recorder::new(origin));
            problem.into_iter().for_each(|problem| damage.add(place, problem));
            continue;
        }
        match record::read_event(text) {
            Ok(event) => {
                let recorder = recorder.get_or_insert_with(|| {
                    damage
                        .add(place, "an event without a header before it: when and where it was recorded is not known");
                    Recorder::new(Origin { started_at: 0, url: None, perspective: Perspective::Observer })
                });
                recorder.record(event);
            }
            Err(problem) if read.ended => damage.add(place, problem),
            Err(_) => damage.add(place, "the file ends in the middle of this line"),
        }
    }
    cancelled(progress(bytes_read, None))?;
    match recorder {
        Some(recorder) => Ok(Opened::of_one(recorder.finish(), damage)),
        None => Err(LogError::NothingReadable { first: damage.into_first() }),
    }
}

/// What is known of a line beside its text.
struct LineRead {
    /// Its length in the file, line end included.
    bytes: u64,
    /// Whether it was longer than what is kept.
    too_long: bool,
    /// Whether there was a line end.
    ended: bool,
}

/// Reads the next line without its line end; `None` at the end of the file.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<LineRead>> {
    line.clear();
    let mut read = LineRead { bytes: 0, too_long: false, ended: false };
    while !read.ended {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            answer => answer?,
        };
        if available.is_empty() {
            break;
        }
        let end = memchr::memchr(b'\n', available);
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or(available);
        read.ended = end.is_some();
        read.too_long |= line.len() + part.len() > LONGEST_LINE;
        if !read.too_long {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(read.ended);
        input.consume(used);
        read.bytes += used as u64;
    }
    Ok((read.bytes > 0).then_some(read))
}
