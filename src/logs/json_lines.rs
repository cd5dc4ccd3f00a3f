//! JSON Lines: a header line with the origin, then one entry a line; saving, opening and saving again gives the same bytes.

use std::io::{Read, Write};

use crate::session::{Origin, Perspective, Recorder, Session};

use super::damage::{DamageList, Place};
use super::entries::{self, Entry};
use super::error::LogError;
use super::window::Window;
use super::{BytesRead, Opened, Progress, cancelled, finished, record};

/// The longest line that is read, in bytes; a file without line ends must not fill the memory.
pub const LONGEST_LINE: usize = 64 << 20;

/// How many entries are written between two questions to the progress callback.
const ENTRIES_A_STEP: usize = 256;

/// How many bytes of a line that is too long are passed over together.
const PASSED_TOGETHER: usize = 1 << 20;

/// How many lines are read between two questions to the progress callback.
const LINES_A_STEP: u64 = 256;

/// Writes a session as JSON Lines.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub(super) fn write(session: &Session, out: &mut impl Write, progress: &mut Progress<'_>) -> Result<(), LogError> {
    let total = entries::count(session).max(1);
    write_line(out, record::header_line(&session.origin))?;
    for (index, entry) in entries::of(session).enumerate() {
        if index % ENTRIES_A_STEP == 0 {
            cancelled(progress(index as f64 / total as f64))?;
        }
        write_line(out, record::line(&entry?))?;
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
pub(super) fn read(input: impl Read, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut damage = DamageList::default();
    let mut recorder: Option<Recorder> = None;
    let mut window = Window::new(input);
    for number in 1.. {
        if number % LINES_A_STEP == 1 {
            cancelled(progress(window.offset(), recorder.as_mut()))?;
        }
        let place = Place::Line(number);
        let line = match window.see_line(LONGEST_LINE) {
            Ok([]) => break,
            Ok(line) => line,
            Err(error) => {
                damage.add(place, format!("the file cannot be read further: {error}"));
                break;
            }
        };
        let (length, whole) = (line.len(), line.ends_with(b"\n"));
        if length == LONGEST_LINE && !whole {
            damage.add(place, format!("longer than {LONGEST_LINE} bytes"));
            pass_line(&mut window, progress)?;
            continue;
        }
        match (record::read_bytes(line), &mut recorder) {
            (Some(event), Some(recorder)) => recorder.record(event),
            _ => read_line(line, whole, place, &mut recorder, &mut damage),
        }
        window.pass(length);
    }
    cancelled(progress(window.offset(), None))?;
    match recorder {
        Some(recorder) => Ok(Opened::of_one(finished(recorder, &mut damage), damage)),
        None => Err(LogError::NothingReadable { first: damage.into_first() }),
    }
}

/// Takes what any line may hold.
fn read_line(line: &[u8], whole: bool, place: Place, recorder: &mut Option<Recorder>, damage: &mut DamageList) {
    let Ok(text) = std::str::from_utf8(line) else { return damage.add(place, "not text in UTF-8") };
    let text = text.trim_start_matches('\u{FEFF}').trim();
    if text.is_empty() {
        return;
    }
    if recorder.is_none()
        && let Some((origin, problem)) = record::read_header(text)
    {
        *recorder = Some(Recorder::new(origin));
        return problem.into_iter().for_each(|problem| damage.add(place, problem));
    }
    match record::read(text) {
        Ok(entry) => {
            let recorder = recorder.get_or_insert_with(|| {
                damage.add(place, "an event without a header before it: when and where it was recorded is not known");
                Recorder::new(Origin { started_at: 0, url: None, perspective: Perspective::Observer })
            });
            match entry {
                Entry::Event(event) => recorder.record(event),
                Entry::Annotation(_, annotation) => recorder.annotate_anchored(annotation),
            }
        }
        Err(problem) if whole => damage.add(place, problem),
        Err(_) => damage.add(place, "the file ends in the middle of this line"),
    }
}

/// Passes over the rest of a line without keeping it. A file that cannot be read further is found by who reads on.
fn pass_line(window: &mut Window<impl Read>, progress: &mut BytesRead<'_>) -> Result<(), LogError> {
    while let Ok(part @ [_, ..]) = window.see_line(PASSED_TOGETHER) {
        let (length, ended) = (part.len(), part.ends_with(b"\n"));
        window.pass(length);
        if ended {
            break;
        }
        cancelled(progress(window.offset(), None))?;
    }
    Ok(())
}
