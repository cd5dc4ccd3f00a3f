//! Searching a session of a million frames, beside ripgrep on the same session as JSON Lines.
//!
//! ripgrep searches one file in one thread; closelook has as many as the machine has processors, four at most. Literals ripgrep looks
//! for in the log that `closelook convert` writes, in which payloads are hexadecimal, and in the lines of `closelook inspect --format
//! jsonl`, in which they are text; the faster one counts. Other searches it can do in the latter only. Of payloads that are masked,
//! fragmented or compressed a log has no readable text; ripgrep looks at as many bytes then.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use closelook::logs::{self, Format};
use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::hexadecimal;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{SideCompression, WindowBits};
use closelook::reading::frame_record::FrameRecord;
use closelook::search::{Filter, Pass};
use closelook::session::{MessageReader, Session};
use tempfile::TempDir;

use crate::conversation;
use crate::row::{Figure, Goal, compared, left_out};

const MESSAGES: usize = 1_000_000;
const PAYLOAD: usize = 120;
const NEEDLE: &str = "needle-in-the-hay";
/// One message in so many has the needle.
const RARE: usize = 10_000;
const ROUNDS: usize = 7;

/// How messages are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Masked,
    /// In two frames each.
    Fragmented,
    Compressed,
}

/// A search, and what ripgrep is asked for the same.
struct Search {
    name: &'static str,
    filter: String,
    arguments: Vec<String>,
    goal: Goal,
}

pub(crate) fn run() {
    let folder = TempDir::new().unwrap();
    if Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_err() {
        return left_out("searches", "not measured: ripgrep (rg) is not installed");
    }
    let readable = folder.path().join("readable.jsonl");
    for form in [Form::Plain, Form::Masked, Form::Fragmented, Form::Compressed] {
        let session = Arc::new(session(form));
        if form == Form::Plain {
            write_readable(&session, &readable);
        }
        measure(&format!("{form:?}").to_lowercase(), &session, form, &readable, folder.path());
        if form == Form::Plain {
            let log = save(&session, Format::PcapNg, folder.path());
            let opened = logs::open(&log, &mut |_| ControlFlow::Continue(())).unwrap().session;
            measure("plain, in a pcapng", &Arc::new(opened), form, &readable, folder.path());
        }
    }
}

fn measure(name: &str, session: &Arc<Session>, form: Form, readable: &Path, folder: &Path) {
    let log = save(session, Format::JsonLines, folder);
    for Search { name: search, filter, arguments, goal } in searches(form) {
        let filter = Filter::parse(&filter).unwrap();
        let (mut ours, mut hexadecimal, mut text) = (f64::MAX, f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            ours = ours.min(seconds(|| assert_eq!(matches(&filter, session), MESSAGES / RARE)));
            text = text.min(seconds(|| ripgrep(&arguments, readable)));
            if search == "literal" {
                let needle = hexadecimal::encode(NEEDLE.as_bytes());
                hexadecimal = hexadecimal.min(seconds(|| ripgrep(&["--fixed-strings".into(), needle.clone()], &log)));
            }
        }
        let what = format!("search of {MESSAGES} messages, {name}: {search}");
        let beside = Figure::Seconds(text.min(hexadecimal));
        compared(&what, Figure::Seconds(ours), beside, "ripgrep", goal);
    }
    fs::remove_file(log).unwrap();
}

fn searches(form: Form) -> Vec<Search> {
    let goal = |most| if form == Form::Compressed { Goal::None } else { Goal::AtMost(most) };
    let upper = NEEDLE.to_uppercase();
    let (expression, unanchored) = ("needle-[a-z]+-the-h.y", "[a-z]+-in-[a-z]+-h.y");
    let search = |name, filter, arguments: &[&str], most| Search {
        name,
        filter,
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        goal: goal(most),
    };
    vec![
        search("literal", format!("payload contains \"{NEEDLE}\""), &["--fixed-strings", NEEDLE], 0.5),
        search("any case", format!("payload icontains \"{upper}\""), &["--fixed-strings", "-i", &upper], 0.7),
        search("expression", format!("payload matches /{expression}/"), &[expression], 0.7),
        search("expression without a start", format!("payload matches /{unanchored}/"), &[unanchored], 0.7),
    ]
}

fn matches(filter: &Filter, session: &Arc<Session>) -> usize {
    let mut pass = Pass::new(filter, Arc::clone(session));
    while !pass.step() {}
    black_box(pass.found().matches.len())
}

fn ripgrep(arguments: &[String], path: &Path) {
    Command::new("rg").arg("--count").args(arguments).arg(path).stdout(Stdio::null()).status().unwrap();
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

// --- the sessions -----------------------------------------------------------------------------------------------------------------

fn payload(number: usize) -> Vec<u8> {
    let needle = if number % RARE == RARE / 2 { NEEDLE } else { "nothing-but-dry-hay" };
    let mut text = format!("{{\"seq\":{number},\"symbol\":\"ABC\",\"note\":\"{needle}\",\"rest\":\"");
    text.extend(std::iter::repeat_n('.', PAYLOAD - text.len() - 2));
    text.push_str("\"}");
    text.into_bytes()
}

/// A session in which one side sends all messages, some in each read of the socket.
fn session(form: Form) -> Session {
    let side = if form == Form::Masked { Side::Client } else { Side::Server };
    let compression = SideCompression { window_bits: WindowBits::LARGEST, takes_over_context: true };
    let mut deflater = Deflater::new(compression).unwrap();
    let mut frames = move |number: usize| {
        let (payload, key) = (payload(number), (number as u32).wrapping_mul(0x9E37_79B1).wrapping_add(1).to_be_bytes());
        let header = |length: usize| FrameHeader::new(Opcode::Text, length as u64);
        match form {
            Form::Plain => header(PAYLOAD).with_payload(&payload),
            Form::Masked => {
                FrameHeader { masking_key: Some(MaskingKey(key)), ..header(PAYLOAD) }.with_payload(&payload)
            }
            Form::Fragmented => {
                let (first, rest) = payload.split_at(PAYLOAD / 2);
                let first = FrameHeader { fin: false, ..header(first.len()) }.with_payload(first);
                let rest = FrameHeader { opcode: Opcode::Continuation, ..header(rest.len()) }.with_payload(rest);
                [first, rest].concat()
            }
            Form::Compressed => {
                let deflated = deflater.deflate(&payload, true).unwrap();
                FrameHeader { rsv1: true, ..header(deflated.len()) }.with_payload(&deflated)
            }
        }
    };
    conversation::session(
        side,
        (0..MESSAGES / 8).map(move |read| (read * 8..read * 8 + 8).flat_map(&mut frames).collect()),
    )
}

fn save(session: &Session, format: Format, folder: &Path) -> PathBuf {
    let path = folder.join(format!("session.{}", format.ending()));
    logs::save(session, &path, format, &mut |_| ControlFlow::Continue(())).unwrap();
    path
}

/// The lines that `inspect` prints.
fn write_readable(session: &Session, path: &Path) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let mut reader = MessageReader::default();
    for (index, row) in session.frames.iter().enumerate() {
        let record = FrameRecord::of(session, index, row, &[], &mut reader);
        serde_json::to_writer(&mut file, &record).unwrap();
        file.write_all(b"\n").unwrap();
    }
    file.flush().unwrap();
}
