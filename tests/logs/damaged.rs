//! Damaged logs: what is readable is kept, the rest is named, and no file makes the program stop.

use closelook::logs::{Format, LogError, Opened, Place};
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::verdict::Outcome;
use closelook::session::{Event, Perspective};
use proptest::prelude::*;

use super::scripts::{Script, never_connected, rich_session};
use super::{any_session, open, save};

fn lines_of(opened: &Opened) -> Vec<Place> {
    opened.damage.iter().map(|damage| damage.place).collect()
}

#[test]
fn a_bad_line_is_left_out_and_the_lines_around_it_are_kept() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let file = save(&session, Format::JsonLines);
    let mut lines: Vec<&[u8]> = file.split_inclusive(|byte| *byte == b'\n').collect();
    lines.insert(3, b"\xFF\xFE not text\n");
    lines.insert(5, b"{\"at\":5,\"event\":\"teleported\",\"to\":\"the moon\"}\n");
    lines.insert(7, b"{\"at\":5,\"event\":\"bytes\",\"from\":\"client\",\"hex\":\"abc\"}\n");
    lines.insert(9, b"\n");
    let opened = open(&lines.concat(), Format::JsonLines).unwrap();
    super::assert_same(&session, &opened.session);
    assert_eq!(lines_of(&opened), [Place::Line(4), Place::Line(6), Place::Line(8)]);
    assert!(
        opened.damage[1].to_string().contains("line 6: an event of the kind \"teleported\""),
        "{:?}",
        opened.damage
    );
    assert!(opened.damage[2].to_string().contains("hexadecimal"), "{:?}", opened.damage);
}

#[test]
fn a_line_that_was_not_finished_is_named() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let file = save(&session, Format::JsonLines);
    let lines = file.iter().filter(|byte| **byte == b'\n').count() as u64;
    let opened = open(&file[..file.len() - 9], Format::JsonLines).unwrap();
    assert_eq!(opened.session.events().count(), session.events().count() - 1);
    assert_eq!(lines_of(&opened), [Place::Line(lines)]);
    assert!(opened.damage[0].problem.contains("ends in the middle"));
}

#[test]
fn a_newer_or_missing_header_is_told_and_the_events_are_kept() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let file = String::from_utf8(save(&session, Format::JsonLines)).unwrap();
    let newer = file.replacen("{\"closelook\":1,", "{\"closelook\":2,\"weather\":\"fine\",", 1);
    let opened = open(newer.as_bytes(), Format::JsonLines).unwrap();
    super::assert_same(&session, &opened.session);
    assert_eq!(lines_of(&opened), [Place::Line(1)]);
    assert!(opened.damage[0].problem.contains("version 2"));

    let (_, headless) = file.split_once('\n').unwrap();
    let opened = open(headless.as_bytes(), Format::JsonLines).unwrap();
    assert!(opened.session.events().eq(session.events()));
    assert_eq!(opened.session.origin.perspective, Perspective::Observer);
    assert_eq!(lines_of(&opened), [Place::Line(1)]);
}

#[test]
fn a_capture_that_was_cut_off_keeps_what_came_before() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let file = save(&session, Format::PcapNg);
    let events: Vec<Event> = session.events().collect::<Result<_, _>>().unwrap();
    let mut most = 0;
    for length in (0..file.len()).step_by(7_919).chain(file.len() - 300..file.len()) {
        match open(&file[..length], Format::PcapNg) {
            Ok(opened) => {
                let kept: Vec<Event> = opened.session.events().collect::<Result<_, _>>().unwrap();
                assert_eq!(kept, events[..kept.len()]);
                assert!(kept.len() >= most, "a longer file gave less");
                most = kept.len();
                // A cut between two blocks cannot be told from an end.
                assert!(opened.damage.len() <= 1);
            }
            Err(error) => {
                assert!(length < 1_000 && matches!(error, LogError::NothingReadable { .. }), "{length}: {error}")
            }
        }
    }
    assert!(most >= events.len() - 1);
    let opened = open(&file[..file.len() - 5], Format::PcapNg).unwrap();
    assert!(
        matches!(opened.damage[..], [ref damage] if matches!(damage.place, Place::Byte(_)) && damage.problem.contains("middle of a block"))
    );
}

#[test]
fn a_bad_block_ends_a_capture_and_is_named_by_its_offset() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let mut file = save(&session, Format::PcapNg);
    // The length of the last block is written at its end.
    let last = file.len() - u32::from_le_bytes(*file.last_chunk().unwrap()) as usize;
    file[last + 4] ^= 0x40;
    let opened = open(&file, Format::PcapNg).unwrap();
    assert_eq!(opened.session.verdict.outcome, Outcome::Closed);
    assert_eq!(opened.session.events().count(), session.events().count() - 1);
    assert_eq!(opened.damage[0].place, Place::Byte(last as u64));
}

#[test]
fn a_second_log_at_the_end_of_a_capture_is_named() {
    let session = rich_session("192.0.2.7:50123", "198.51.100.4:80");
    let mut file = save(&session, Format::PcapNg);
    let length = file.len() as u64;
    file.extend(save(&never_connected(), Format::PcapNg));
    let opened = open(&file, Format::PcapNg).unwrap();
    super::assert_same(&session, &opened.session);
    assert_eq!(lines_of(&opened), [Place::Byte(length)]);
}

#[test]
fn a_file_of_nothing_but_damage_does_not_fill_the_list() {
    let mut file = save(&Script::new().session(), Format::JsonLines);
    file.extend("{}\n".repeat(5_000).bytes());
    let opened = open(&file, Format::JsonLines).unwrap();
    assert_eq!(opened.damage.len(), 1_001);
    assert!(opened.damage[1_000].problem.contains("4000 more"));
}

#[test]
fn a_packet_that_was_taken_out_leaves_a_gap_that_is_told() {
    let mut script = Script::new();
    script.connected("192.0.2.7:50123", "198.51.100.4:80");
    script.upgrade();
    for text in [&b"first"[..], b"second", b"third"] {
        script.bytes(Side::Server, text.to_vec());
    }
    let session = script.session();
    let file = save(&session, Format::PcapNg);
    let mut blocks = Vec::new();
    let mut rest = &file[..];
    while !rest.is_empty() {
        let (block, after) = rest.split_at(u32::from_le_bytes(rest[4..8].try_into().unwrap()) as usize);
        blocks.push(block);
        rest = after;
    }
    blocks.retain(|block| !block.windows(6).any(|bytes| bytes == b"second"));
    let opened = open(&blocks.concat(), Format::PcapNg).unwrap();
    assert_eq!(opened.session.bytes(Direction::ServerToClient, 129, 100), b"first");
    assert_eq!(opened.session.bytes(Direction::ServerToClient, 140, 100), b"third");
    let missing: Vec<_> = opened.session.missing_in(Direction::ServerToClient, 0..1_000).collect();
    assert_eq!(missing, vec![134..140; 1]);
    assert_eq!(opened.damage.len(), 1);
    assert!(opened.damage[0].problem.starts_with("6 bytes that the server sent"), "{:?}", opened.damage);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_files_are_refused_or_read(start in 0_usize..4, noise in proptest::collection::vec(any::<u8>(), 0..600)) {
        let starts: [&[u8]; 4] = [
            b"",
            b"{\"closelook\":1,\"started_at\":\"2026-01-01T00:00:00Z\",\"perspective\":\"client\"}\n",
            b"\x0A\x0D\x0D\x0A\x1C\x00\x00\x00\x4D\x3C\x2B\x1A\x01\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x1C\x00\x00\x00",
            b"\x0A\x0D\x0D\x0A\x00\x00\x00\x1C\x1A\x2B\x3C\x4D\x00\x01\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00\x00\x1C",
        ];
        let file = [starts[start], &noise].concat();
        for format in Format::ALL {
            let _ = open(&file, format);
        }
    }

    #[test]
    fn mutated_files_are_refused_or_read_and_can_be_saved_again(
        session in any_session(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_u8..4), 1..8),
    ) {
        for format in Format::ALL {
            let mut file = save(&session, format);
            for (place, value, change) in &changes {
                let place = place.index(file.len().max(1)).min(file.len().saturating_sub(1));
                match change {
                    0 => file.truncate(place),
                    1 => file.insert(place, *value),
                    2 => drop(file.splice(place..(place + usize::from(*value)).min(file.len()), [])),
                    _ => file.iter_mut().skip(place).take(1).for_each(|byte| *byte = *value),
                }
            }
            if let Ok(opened) = open(&file, format) {
                super::assert_survives(&opened.session);
            }
        }
    }

    #[test]
    fn mutated_packets_are_read_without_harm(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        link_type in proptest::sample::select(vec![0_u16, 1, 101, 108, 113, 276, 147]),
        big_endian in any::<bool>(),
    ) {
        let mut file = super::foreign::conversation(link_type, big_endian);
        for (place, value) in &changes {
            // The block headers stay, so that the changes reach the packets.
            let place = 80 + place.index(file.len() - 80);
            file[place] = *value;
        }
        if let Ok(opened) = open(&file, Format::PcapNg) {
            super::assert_survives(&opened.session);
        }
    }
}
