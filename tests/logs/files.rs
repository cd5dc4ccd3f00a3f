//! Files on the disk: their endings, their replacement, and what is told when they are none.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use closelook::logs::{self, Format, LogError};
use closelook::protocol::direction::Side;
use closelook::protocol::opcode::Opcode;

use super::scripts::{Script, rich_session};
use super::{assert_same, save};

fn go_on(_: f64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn the_ending_decides_how_a_log_is_saved() {
    assert_eq!(Format::of_path(Path::new("a.b/session.pcapng")).unwrap(), Format::PcapNg);
    assert_eq!(Format::of_path(Path::new("session.JSONL")).unwrap(), Format::JsonLines);
    assert_eq!(Format::of_path(Path::new("session.har")).unwrap(), Format::Har);
    for other in ["session", "session.json", "session.pcap", ".jsonl"] {
        let error = Format::of_path(Path::new(other)).unwrap_err().to_string();
        assert!(error.contains(other) && error.contains(".pcapng, .jsonl, .har"), "{error}");
    }
}

#[test]
fn the_content_decides_how_a_log_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    for (format, wrong_name) in
        [(Format::PcapNg, "a.jsonl"), (Format::JsonLines, "b.pcapng"), (Format::PcapNg, "c.bin")]
    {
        let path = folder.path().join(wrong_name);
        logs::save(&session, &path, format, &mut go_on).unwrap();
        let mut fractions = Vec::new();
        let opened = logs::open(&path, &mut |so_far| {
            fractions.push(so_far.part);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_same(&session, &opened.session);
        assert!(
            fractions.is_sorted() && fractions.first() == Some(&0.0) && fractions.last() == Some(&1.0),
            "{fractions:?}"
        );
    }
}

#[test]
fn saving_replaces_the_file_in_one_step_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.jsonl");
    fs::write(&path, "what was there before").unwrap();
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let cancelled = logs::save(&session, &path, Format::JsonLines, &mut |fraction| {
        if fraction < 1.0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert!(matches!(cancelled, Err(LogError::Cancelled)));
    assert_eq!(fs::read_to_string(&path).unwrap(), "what was there before");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    logs::save(&session, &path, Format::JsonLines, &mut go_on).unwrap();
    assert!(fs::read(&path).unwrap() == save(&session, Format::JsonLines));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_log_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        logs::open(&path, &mut |_| ControlFlow::Continue(())).unwrap_err()
    };
    assert!(matches!(open("empty.jsonl", b""), LogError::Empty { .. }));
    assert!(matches!(open("picture.png", b"\x89PNG\r\n"), LogError::NotALog { .. }));
    assert!(matches!(open("noise.jsonl", b"\x00\x01\x02\xFF"), LogError::NothingReadable { .. }));
    assert!(matches!(open("list.jsonl", b"{\"a\":1}\n{}\n"), LogError::NothingReadable { .. }));
    assert!(matches!(open("short.pcapng", b"\x0A\x0D"), LogError::NothingReadable { .. }));
    assert!(matches!(open("short.pcap", b"\xD4\xC3\xB2\xA1\x02\x00\x04\x00"), LogError::NothingReadable { .. }));
    let absent = logs::open(&folder.path().join("absent.jsonl"), &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(absent.to_string().contains("absent.jsonl could not be opened"), "{absent}");
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let nowhere = folder.path().join("no such folder").join("a.jsonl");
    assert!(matches!(logs::save(&session, &nowhere, Format::JsonLines, &mut go_on), Err(LogError::Save { .. })));
}

#[test]
fn a_packed_log_of_any_format_opens() {
    let folder = tempfile::tempdir().unwrap();
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    for format in Format::ALL {
        let log = save(&session, format);
        let whole = super::open_whole(&log, format);
        let halves = log.split_at(log.len() / 2);
        // Both kinds may be written one after the other.
        for packed in [
            gzip(&log),
            zstd(&log),
            [gzip(halves.0), gzip(halves.1)].concat(),
            [zstd(halves.0), b"\x50\x2A\x4D\x18\x03\x00\x00\x00any".to_vec(), zstd(halves.1)].concat(),
        ] {
            let path = folder.path().join("packed");
            fs::write(&path, packed).unwrap();
            let mut parts = Vec::new();
            let opened = logs::open(&path, &mut |so_far| {
                parts.push(so_far.part);
                ControlFlow::Continue(())
            })
            .unwrap();
            assert_same(&whole, &opened.session);
            assert_eq!(opened.damage, []);
            assert!(parts.is_sorted() && parts.last() == Some(&1.0), "{parts:?}");
        }
    }
}

#[test]
fn a_packed_log_that_is_damaged_opens_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packed");
    let mut script = Script::new();
    script.connected("192.0.2.7:50123", "198.51.100.4:80");
    script.upgrade();
    (0..50_u8).for_each(|number| script.frame(Side::Server, Opcode::Binary, true, &[number; 30]));
    let session = script.session();
    let log = save(&session, Format::JsonLines);
    for packed in [gzip(&log), zstd(&log)] {
        // The checksum, the middle, and cuts everywhere.
        let mut wrong_sum = packed.clone();
        let sum = packed.len() - if packed[0] == 0x1F { 8 } else { 4 };
        wrong_sum[sum] ^= 1;
        let mut wrong_content = packed.clone();
        wrong_content[packed.len() / 2] ^= 0xFF;
        let cuts = (1..50).chain((50..packed.len()).step_by(7)).map(|cut| packed[..cut].to_vec());
        for damaged in cuts.chain([wrong_sum, wrong_content]) {
            fs::write(&path, damaged).unwrap();
            match logs::open(&path, &mut |_| ControlFlow::Continue(())) {
                Ok(opened) => {
                    let problem = &opened.damage[0].problem;
                    assert!(problem.contains("can be unpacked"), "{problem}");
                    assert!(opened.session.event_count() <= session.event_count());
                }
                Err(error) => {
                    let told = error.to_string();
                    assert!(told.contains("can be unpacked") || told.contains("is no log"), "{told}");
                }
            }
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn a_session_is_seen_while_its_log_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.log");
    let mut script = Script::new();
    script.connected("192.0.2.7:50123", "198.51.100.4:80");
    script.upgrade();
    for _ in 0..2_000 {
        script.frame(Side::Client, Opcode::Text, true, b"again");
    }
    let session = script.session();
    for format in Format::ALL {
        logs::save(&session, &path, format, &mut go_on).unwrap();
        let mut seen = Vec::new();
        let opened = logs::open(&path, &mut |mut so_far| {
            seen.extend(so_far.session());
            ControlFlow::Continue(())
        });
        let counts: Vec<usize> = seen.iter().map(|session| session.frames.len()).collect();
        assert!(counts.len() > 3 && counts.is_sorted() && counts[counts.len() / 2] > 500, "{counts:?}");
        assert_eq!(opened.unwrap().session.frames.len(), 2_000);
        // What was seen early can be looked into.
        let early = &seen[counts.len() / 2];
        assert_eq!(early.payload(early.frames.get(0).unwrap(), 100), b"again");
    }
}

#[test]
fn opening_can_be_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.pcapng");
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    logs::save(&session, &path, Format::PcapNg, &mut go_on).unwrap();
    assert!(matches!(logs::open(&path, &mut |_| ControlFlow::Break(())), Err(LogError::Cancelled)));
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("target.jsonl"), folder.path().join("link.jsonl"));
    fs::write(&target, "").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    logs::save(&session, &link, Format::JsonLines, &mut go_on).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read(&target).unwrap() == save(&session, Format::JsonLines));
}
