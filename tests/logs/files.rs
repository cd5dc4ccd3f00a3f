//! Files on the disk: their endings, their replacement, and what is told when they are none.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use closelook::logs::{self, Format, LogError};

use super::scripts::rich_session;
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
        let opened = logs::open(&path, &mut |fraction| {
            fractions.push(fraction);
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
        logs::open(&path, &mut go_on).unwrap_err()
    };
    assert!(matches!(open("empty.jsonl", b""), LogError::Empty { .. }));
    assert!(matches!(open("picture.png", b"\x89PNG\r\n"), LogError::NotALog { .. }));
    assert!(matches!(open("noise.jsonl", b"\x00\x01\x02\xFF"), LogError::NothingReadable { .. }));
    assert!(matches!(open("list.jsonl", b"{\"a\":1}\n{}\n"), LogError::NothingReadable { .. }));
    assert!(matches!(open("short.pcapng", b"\x0A\x0D"), LogError::NothingReadable { .. }));
    let older = open("older.pcap", b"\xD4\xC3\xB2\xA1\x02\x00\x04\x00").to_string();
    assert!(older.contains("editcap -F pcapng"), "{older}");
    let absent = logs::open(&folder.path().join("absent.jsonl"), &mut go_on).unwrap_err();
    assert!(absent.to_string().contains("absent.jsonl could not be opened"), "{absent}");
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let nowhere = folder.path().join("no such folder").join("a.jsonl");
    assert!(matches!(logs::save(&session, &nowhere, Format::JsonLines, &mut go_on), Err(LogError::Save { .. })));
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
