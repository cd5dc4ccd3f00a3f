//! Wireshark's command line sees in a saved capture what this program sees, without being told anything.

use std::path::Path;
use std::process::Command;

use closelook::logs::{self, Format};
use closelook::protocol::direction::Side;
use closelook::protocol::frame::FrameNumber;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::TransportEnd;
use closelook::session::{EventKind, FrameRow, Session};

use super::annotations::{annotated, bookmark, session_note};
use super::scripts::{Script, frame, never_connected, request, response, rich_session};

/// Wireshark unmasks no more than this of a frame.
const MOST_UNMASKED: usize = 1 << 18;

/// A frame as tshark lists it.
#[derive(Debug, PartialEq, Eq)]
struct Listed {
    opcode: u64,
    fin: bool,
    masked: bool,
    length: u64,
}

/// Runs tshark on a saved session; `None` when there is no tshark and none is required.
fn tshark(file: &Path, arguments: &[&str]) -> Option<String> {
    match Command::new("tshark").arg("-r").arg(file).args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "tshark: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(error) => {
            assert!(std::env::var("CLOSELOOK_REQUIRE_PEERS").as_deref() != Ok("1"), "tshark does not run: {error}");
            eprintln!("skipped: tshark does not run here ({error})");
            None
        }
    }
}

/// The value of an attribute of the first field of this name.
fn attribute<'text>(text: &'text str, field: &str, attribute: &str) -> Option<&'text str> {
    let (_, field) = text.split_once(&format!("<field name=\"{field}\""))?;
    let (field, _) = field.split_once('>')?;
    let (_, value) = field.split_once(&format!(" {attribute}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

fn number(text: &str, field: &str) -> Option<u64> {
    match attribute(text, field, "show")? {
        "True" => Some(1),
        "False" => Some(0),
        shown => shown.parse().ok(),
    }
}

fn listed(frame: &str) -> Listed {
    let lengths = ["websocket.payload_length_ext_64", "websocket.payload_length_ext_16", "websocket.payload_length"];
    Listed {
        opcode: number(frame, "websocket.opcode").unwrap(),
        fin: number(frame, "websocket.fin") == Some(1),
        masked: number(frame, "websocket.mask") == Some(1),
        length: lengths.into_iter().find_map(|field| number(frame, field)).unwrap(),
    }
}

/// The payload as hexadecimal digits, where tshark shows one.
fn shown_payload(frame: &str) -> Option<String> {
    let close = attribute(frame, "websocket.payload.close.status_code", "value")
        .map(|code| format!("{code}{}", attribute(frame, "websocket.payload.close.reason", "value").unwrap_or("")));
    let fields = ["text", "continue", "ping", "pong", "unknown"].map(|kind| format!("websocket.payload.{kind}"));
    let mut fields = fields.iter().map(String::as_str).chain(["data"]);
    close.or_else(|| fields.find_map(|field| attribute(frame, field, "value")).map(str::to_owned))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Saves a session and compares what tshark lists with it. Says how many payloads were compared.
fn assert_same_frames(session: &Session) -> Option<usize> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.pcapng");
    logs::save(session, &file, Format::PcapNg, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();

    // Complete frames: tshark shows one when its last byte has come.
    let numbered = session.frames.iter().enumerate().filter(|(_, row)| session.is_complete(row));
    let (numbers, rows): (Vec<FrameNumber>, Vec<&FrameRow>) =
        numbered.map(|(place, row)| (FrameNumber::from_index(place), row)).unzip();
    let pdml = tshark(&file, &["-Y", "websocket", "-T", "pdml"])?;
    let frames: Vec<&str> = pdml.split("<proto name=\"websocket\"").skip(1).collect();
    let expected: Vec<Listed> = rows
        .iter()
        .map(|row| Listed {
            opcode: row.opcode().bits().into(),
            fin: row.fin(),
            masked: row.is_masked(),
            length: row.payload_length,
        })
        .collect();
    assert_eq!(frames.iter().map(|frame| listed(frame)).collect::<Vec<_>>(), expected);

    let mut compared = 0;
    for (index, (frame, row)) in frames.iter().zip(&rows).enumerate() {
        let Some(shown) = shown_payload(frame) else { continue };
        let payload = session.payload(row, u64::MAX);
        let message = session.message_of(numbers[index]);
        let message = message.map(|message| session.message_payload(&message, u64::MAX)).unwrap_or_default();
        let as_shown =
            |bytes: &[u8]| hex(if row.is_masked() { &bytes[..bytes.len().min(MOST_UNMASKED)] } else { bytes });
        // With the last fragment tshark shows the whole message.
        assert!(shown == as_shown(&payload) || shown == as_shown(&message), "payload of frame {index}");
        compared += 1;
    }

    let checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
    let complaints = "_ws.expert.severity >= 0x600000 || _ws.malformed || tcp.checksum.status != 1 \
        || (ip && ip.checksum.status != 1) || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment \
        || tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.duplicate_ack \
        || tcp.analysis.window_full";
    let arguments =
        [&checks[..], &["-Y", complaints, "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message"]];
    let complaints = tshark(&file, &arguments.concat())?;
    // A connection that was reset is worth a warning; that is how it ended.
    let complaints: Vec<&str> = complaints.lines().filter(|line| !line.contains("(RST)")).collect();
    assert_eq!(complaints, [""; 0]);
    Some(compared)
}

#[test]
fn the_same_frames_over_ipv4_and_ipv6() {
    for (client, server) in [
        ("192.0.2.7:50123", "198.51.100.4:8443"),
        ("[2001:db8::7]:50123", "[2001:db8::4]:8080"),
        // Ports that would make Wireshark guess otherwise, and addresses of two families.
        ("192.0.2.7:53", "198.51.100.4:443"),
        ("192.0.2.7:6000", "[2001:db8::4]:8080"),
    ] {
        let session = rich_session(client, server);
        if let Some(compared) = assert_same_frames(&session) {
            assert!(compared >= 10, "only {compared} payloads were compared");
        }
    }
}

#[test]
fn the_same_frames_when_they_come_with_the_response() {
    let mut script = Script::new();
    script.bytes(Side::Client, request());
    let answer = [
        response(),
        frame(Side::Server, Opcode::Text, true, b"as soon as possible"),
        frame(Side::Server, Opcode::Ping, true, b"1"),
    ];
    script.bytes(Side::Server, answer.concat());
    script.frame(Side::Server, Opcode::Text, true, b"later");
    assert_same_frames(&script.session());
}

#[test]
fn the_same_frames_when_the_sequence_numbers_wrap() {
    for (shift, client) in [(0_u64, "192.0.2.7:50123"), (1 << 31, "[2001:db8::7]:50123")] {
        let session = rich_session(client, "198.51.100.4:80");
        let mut origin = session.origin.clone();
        // One of the two sides begins 100,000 bytes before its numbers wrap.
        let numbers = origin.started_at / 4_000;
        let wanted = (numbers & !0xFFFF_FFFF) | ((shift + (1 << 32) - 100_000) & 0xFFFF_FFFF);
        origin.started_at = wanted * 4_000;
        let session = Session::replay(origin, session.events().map(Result::unwrap));
        super::assert_survives(&session);
        assert_same_frames(&session);
    }
}

#[test]
fn every_end_of_a_connection_is_shown() {
    let flags = |how: TransportEnd| {
        let mut script = Script::new();
        script.connected("192.0.2.7:50123", "198.51.100.4:80");
        script.upgrade();
        script.frame(Side::Server, Opcode::Text, true, b"the last words");
        script.ended(Side::Server, how);
        script.push(EventKind::Note { text: "over".into() });
        let session = script.session();
        assert_same_frames(&session)?;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved.pcapng");
        logs::save(&session, &file, Format::PcapNg, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
        let ends = "tcp.flags.fin == 1 || tcp.flags.reset == 1";
        tshark(&file, &["-Y", ends, "-T", "fields", "-e", "ip.src", "-e", "tcp.flags", "-e", "frame.comment"])
    };
    for (how, expected, comment) in [
        (TransportEnd::Fin, "198.51.100.4\t0x0011", ""),
        (TransportEnd::Rst, "198.51.100.4\t0x0014", ""),
        (TransportEnd::Timeout, "198.51.100.4\t0x0014", "\"how\":\"timeout\""),
        (TransportEnd::Local, "198.51.100.4\t0x0014", "\"how\":\"local\""),
    ] {
        let Some(shown) = flags(how) else { return };
        assert_eq!(shown.lines().count(), 1, "{how:?}: {shown}");
        assert!(shown.starts_with(expected) && shown.contains(comment), "{how:?}: {shown}");
    }
}

#[test]
fn many_small_frames_one_way() {
    let mut script = Script::new();
    script.connected("127.0.0.1:50123", "127.0.0.1:9001");
    script.upgrade();
    for number in 0..3_000_u32 {
        script.frame(Side::Server, Opcode::Text, true, number.to_string().as_bytes());
    }
    assert_same_frames(&script.session());
}

#[test]
fn a_session_that_never_connected_can_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.pcapng");
    logs::save(&never_connected(), &file, Format::PcapNg, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    if let Some(packets) = tshark(&file, &[]) {
        assert_eq!(packets, "");
    }
}

#[test]
fn notes_are_comments_on_the_packets_that_begin_their_frames() {
    let mut script = Script::new();
    script.connected("192.0.2.7:50123", "198.51.100.4:80");
    script.upgrade();
    let two = [Opcode::Text, Opcode::Binary].map(|opcode| frame(Side::Server, opcode, true, b"in one packet"));
    script.bytes(Side::Server, two.concat());
    let long = frame(Side::Client, Opcode::Binary, true, &[7; 5_000]);
    script.bytes(Side::Client, long[..3_000].to_vec());
    script.bytes(Side::Client, long[3_000..].to_vec());
    let said = [bookmark(1, "grüße"), bookmark(2, ""), bookmark(3, "begins here"), session_note("of Monday")];
    let session = annotated(&script.session(), &said);
    assert_same_frames(&session);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("saved.pcapng");
    logs::save(&session, &file, Format::PcapNg, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    let fields = ["-T", "fields", "-e", "tcp.len", "-e", "frame.comment", "-E", "aggregator=|"];
    let Some(shown) = tshark(&file, &[&["-Y", "frame.comment && tcp.len > 0"], &fields[..]].concat()) else { return };
    let lines: Vec<(&str, Vec<&str>)> = shown
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(length, comments)| (length, comments.split('|').filter(|part| !part.starts_with("closelook")).collect()))
        .collect();
    assert_eq!(lines, [("30", vec!["grüße", "Bookmark"]), ("3000", vec!["begins here"])], "{shown}");
}
