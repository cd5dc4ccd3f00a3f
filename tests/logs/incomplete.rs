//! Logs of every format, packed or not, that are cut at every byte, that are garbage, that grow or that shrink: the readable part opens,
//! or a sentence says why none does.

use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use closelook::logs::{self, Format, LogError, Opened};
use closelook::protocol::direction::Side;
use closelook::protocol::opcode::Opcode;
use closelook::session::Session;

use super::files::{gzip, zstd};
use super::scripts::Script;
use super::{foreign, har, save};

/// A small log of each kind, each with these frames.
fn logs() -> [(&'static str, Vec<u8>); 6] {
    let mut script = Script::new();
    script.upgrade();
    script.frame(Side::Client, Opcode::Text, true, "Grüße \"\n".as_bytes());
    script.frame(Side::Server, Opcode::Binary, true, &[0, 1, 2, 3, 255]);
    let session = script.session();
    [
        ("own.pcapng", save(&session, Format::PcapNg)),
        ("foreign.pcapng", foreign::conversation(1, false)),
        ("older.pcap", foreign::older_conversation(0xA1B2_C3D4, false, 1_000)),
        ("lines.jsonl", save(&session, Format::JsonLines)),
        ("heads first.har", save(&session, Format::Har)),
        ("messages first.har", har::messages_first()),
    ]
}

/// How a log may be packed, and how its bytes are then.
type Packing = (&'static str, fn(&[u8]) -> Vec<u8>);
const PACKINGS: [Packing; 3] = [("", <[u8]>::to_vec), (".gz", gzip), (".zst", zstd)];

fn open(path: &Path) -> Result<Opened, LogError> {
    logs::open(path, &mut |_| ControlFlow::Continue(()))
}

/// Writes a new file: some systems write one that is cut and filled again to the disk at once, which takes long.
fn write_anew(path: &Path, content: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, content).unwrap();
}

fn frames(session: &Session) -> Vec<(Side, Opcode, u64, Vec<u8>)> {
    let frame = |row: &closelook::session::FrameRow| {
        (row.direction.sender(), row.opcode(), row.payload_length, session.payload(row, u64::MAX))
    };
    session.frames.iter().map(frame).collect()
}

/// What was read of a log is the start of what the whole log has, and can be saved; says how much it was.
fn assert_start(name: &str, opened: &Opened, whole: &Session) -> usize {
    let (part, whole) = (frames(&opened.session), frames(whole));
    // The last frame may be cut off.
    for (read, wanted) in part.iter().zip(&whole) {
        assert!((read.0, read.1, read.2) == (wanted.0, wanted.1, wanted.2), "{name}");
        assert!(wanted.3.starts_with(&read.3), "{name}");
    }
    assert!(part.len() <= whole.len(), "{name}");
    logs::write(&opened.session, Format::JsonLines, &mut Vec::new(), &mut |_| ControlFlow::Continue(())).unwrap();
    part.len()
}

#[test]
fn a_log_that_is_cut_at_any_byte_opens_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    for (name, log) in logs() {
        for (packed_as, pack) in PACKINGS {
            let path = folder.path().join(format!("{name}{packed_as}"));
            let file = pack(&log);
            fs::write(&path, &file).unwrap();
            let whole = open(&path).unwrap();
            assert!(
                whole.damage.is_empty() && whole.session.frames.len() >= 2,
                "{name}{packed_as}: {:?}",
                whole.damage
            );
            let mut growing = File::create(&path).unwrap();
            let mut most = 0;
            for cut in 0..file.len() {
                let name = format!("{name}{packed_as}, {cut} bytes");
                match open(&path) {
                    Ok(opened) => {
                        let read = assert_start(&name, &opened, &whole.session);
                        assert!(read >= most, "{name}: a longer file gave less");
                        most = read;
                    }
                    Err(LogError::Empty { .. }) => assert_eq!(cut, 0),
                    Err(error) => {
                        assert_eq!(most, 0, "{name}: a longer file gave nothing: {error}");
                        assert!(!error.to_string().is_empty());
                    }
                }
                growing.write_all(&file[cut..=cut]).unwrap();
            }
            let last = whole.session.frames.len();
            assert!(most + 1 >= last || !packed_as.is_empty(), "{name}{packed_as}: {most} of {last}");
        }
    }
}

#[test]
fn garbage_is_refused_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let starts: [&[u8]; 9] = [
        b"",
        b"\x0A\x0D\x0D\x0A",
        b"\xD4\xC3\xB2\xA1\x02\x00\x04\x00",
        b"\x1F\x8B\x08",
        b"\x28\xB5\x2F\xFD",
        b"{",
        b"{\"log\":{\"entries\":[{\"_webSocketMessages\":[{\"data\":\"",
        b"{\"closelook\":",
        b"[",
    ];
    for length in [1, 16, 100, 5_000] {
        for start in starts {
            for ending in ["pcapng", "pcap", "jsonl", "har", "gz", "bin"] {
                for (packed_as, pack) in PACKINGS {
                    let path = folder.path().join(format!("garbage.{ending}{packed_as}"));
                    let garbage = start.iter().copied().chain(std::iter::repeat_with(&mut noise).take(length));
                    write_anew(&path, &pack(&garbage.collect::<Vec<u8>>()));
                    match open(&path) {
                        Ok(opened) => assert!(!opened.damage.is_empty(), "{start:?} as {}", path.display()),
                        Err(error) => assert!(!error.to_string().is_empty()),
                    }
                }
            }
        }
    }
}

#[test]
fn a_log_that_grows_while_it_is_read_or_looked_at_stays_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for (name, log) in logs() {
        let path = folder.path().join(name);
        fs::write(&path, &log).unwrap();
        let whole = open(&path).unwrap().session;
        for cut in (log.len() / 4..log.len()).step_by(11) {
            let (first, rest) = log.split_at(cut);
            write_anew(&path, first);
            let grow = || File::options().append(true).open(&path).unwrap().write_all(rest).unwrap();
            // Read while it is short, looked at when it is long.
            let before = open(&path);
            grow();
            let before = before.map_or(0, |opened| assert_start(name, &opened, &whole));
            // Short at the first look at it, long soon after.
            write_anew(&path, first);
            let mut grow = Some(grow);
            let opened = logs::open(&path, &mut |_| {
                grow.take().into_iter().for_each(|grow| grow());
                ControlFlow::Continue(())
            });
            let meanwhile = opened.map_or(0, |opened| assert_start(name, &opened, &whole));
            assert!(meanwhile >= before, "{name}");
            assert_eq!(frames(&open(&path).unwrap().session), frames(&whole), "{name}");
        }
    }
}

#[test]
fn what_was_taken_out_of_a_log_that_is_looked_at_is_told_to_be_gone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, log) in logs() {
        let path = folder.path().join(name);
        fs::write(&path, &log).unwrap();
        let opened = open(&path).unwrap().session;
        let before = opened.frames.len();
        for (left, change) in [(log.len(), b'\n'), (100, b'x')] {
            fs::write(&path, vec![change; left]).unwrap();
            // Where other bytes stand now they may be taken for those of before.
            let _ = frames(&opened);
        }
        let error = logs::write(&opened, Format::JsonLines, &mut Vec::new(), &mut |_| ControlFlow::Continue(()));
        assert!(error.unwrap_err().to_string().contains("cannot be read back"), "{name}");
        assert_eq!(opened.frames.len(), before);
    }
}
