//! JSON Lines: a header line with the origin, then one entry a line; saving, opening and saving again gives the same bytes.

use std::io::Write;
use std::sync::Arc;

use crate::protocol::{hexadecimal, inflater};
use crate::session::{ByteSource, Kept, Origin, Part, PartReader, Perspective, Recorder, Session};

use super::damage::{DamageList, Place};
use super::entries::{self, Entry};
use super::error::LogError;
use super::input::Input;
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

/// Writes a session, or a part of it, as JSON Lines.
///
/// # Errors
/// When `out` fails, or `progress` cancels.
pub(super) fn write(
    session: &Session,
    part: Option<&Part>,
    out: &mut impl Write,
    progress: &mut Progress<'_>,
) -> Result<(), LogError> {
    let total = entries::count(session).max(1);
    write_line(out, record::header_line(&session.origin))?;
    for (index, entry) in entries::of(session, part).enumerate() {
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
pub(super) fn read(input: Input, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut window = Window::new(input.clone());
    let mut lines = Lines { input, recorder: None, damage: DamageList::default(), bytes: Vec::new() };
    for number in 1.. {
        if number % LINES_A_STEP == 1 {
            cancelled(progress(window.offset(), lines.recorder.as_mut()))?;
        }
        let (place, offset) = (Place::Line(number), window.offset());
        let line = match window.see_line(LONGEST_LINE) {
            Ok([]) => break,
            Ok(line) => line,
            Err(error) => {
                lines.damage.add(place, format!("the file cannot be read further: {error}"));
                break;
            }
        };
        let (length, whole) = (line.len(), line.ends_with(b"\n"));
        if length == LONGEST_LINE && !whole {
            lines.damage.add(place, format!("longer than {LONGEST_LINE} bytes"));
            pass_line(&mut window, progress)?;
            continue;
        }
        if !lines.take_bytes(line, offset) {
            lines.take(line, whole, place);
        }
        window.pass(length);
    }
    cancelled(progress(window.offset(), None))?;
    let Lines { recorder, mut damage, .. } = lines;
    match recorder {
        Some(recorder) => Ok(Opened::of_one(finished(recorder, &mut damage), damage)),
        None => Err(LogError::NothingReadable { first: damage.into_first() }),
    }
}

/// A session as far as its lines have been read.
struct Lines {
    input: Input,
    recorder: Option<Recorder>,
    damage: DamageList,
    /// Decoded from the newest line.
    bytes: Vec<u8>,
}

impl Lines {
    fn begin(&self, origin: Origin) -> Recorder {
        Recorder::over(origin, inflater::DEFAULT_LIMIT, Arc::new(Digits(self.input.clone())))
    }

    /// Takes a line that holds bytes in the form in which they are written here; they stay in the file. Says whether it was one.
    fn take_bytes(&mut self, line: &[u8], offset: u64) -> bool {
        let (Some(written), Some(recorder)) = (record::written_bytes(line), &mut self.recorder) else { return false };
        self.bytes.resize(self.bytes.len().max(written.digits.len() / 2), 0);
        let Some(bytes) = hexadecimal::decode_into(written.digits, &mut self.bytes) else { return false };
        recorder.record_kept(written.at, written.direction, bytes, offset + written.place as u64);
        true
    }

    /// Takes what any line may hold.
    fn take(&mut self, line: &[u8], whole: bool, place: Place) {
        let Ok(text) = std::str::from_utf8(line) else { return self.damage.add(place, "not text in UTF-8") };
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            return;
        }
        if self.recorder.is_none()
            && let Some((origin, problem)) = record::read_header(text)
        {
            self.recorder = Some(self.begin(origin));
            return problem.into_iter().for_each(|problem| self.damage.add(place, problem));
        }
        match record::read(text) {
            Ok(entry) => {
                let recorder = match &mut self.recorder {
                    Some(recorder) => recorder,
                    None => {
                        let problem =
                            "an event without a header before it: when and where it was recorded is not known";
                        self.damage.add(place, problem);
                        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Observer };
                        self.recorder.insert(self.begin(origin))
                    }
                };
                match entry {
                    Entry::Event(event) => recorder.record(event),
                    Entry::Annotation(_, annotation) => recorder.annotate_anchored(annotation),
                }
            }
            Err(problem) if whole => self.damage.add(place, problem),
            Err(_) => self.damage.add(place, "the file ends in the middle of this line"),
        }
    }
}

/// Passes over the rest of a line without keeping it. A file that cannot be read further is found by who reads on.
fn pass_line(window: &mut Window, progress: &mut BytesRead<'_>) -> Result<(), LogError> {
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

/// The hexadecimal digits in the lines of a log; a part stands where the first of its digits does.
#[derive(Debug)]
struct Digits(Input);

impl ByteSource for Digits {
    fn reader(&self) -> Box<dyn PartReader + '_> {
        Box::new(DigitsReader(Window::new(self.0.clone())))
    }
}

struct DigitsReader(Window);

impl PartReader for DigitsReader {
    fn read(&mut self, kept: Kept, skipped: usize, buffer: &mut [u8]) -> usize {
        self.0.go_to(kept.position + 2 * skipped as u64);
        // What cannot be read, or is no digits any more, is missing.
        let digits = self.0.see(2 * buffer.len()).unwrap_or_default();
        hexadecimal::decode_into(digits, buffer).map_or(0, <[u8]>::len)
    }
}
