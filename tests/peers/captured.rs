//! Conversations between programs of others, captured on the wire by dumpcap: closelook sees in the capture what tshark sees, and the
//! messages that were sent; also when segments are repeated, late, in parts, and out of order.
//!
//! A test says so and passes where dumpcap may not capture, which takes a permission of the system.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use closelook::logs::{self, Opened};
use closelook::protocol::direction::{Direction, Side};
use closelook::session::Session;
use tempfile::TempDir;

use super::raw_server::LIMIT;
use super::{Library, Server, missing};

/// How many steps at least are left between a segment and where it is put again.
const LATEST: usize = 8;

/// Packets up to the end of the handshake; tshark needs them in order.
const BEFORE_FRAMES: usize = 6;

/// A frame as both list it: sender, opcode, FIN, mask, and the length in 7, 16 or 64 bits.
type Frame = (Side, u64, bool, bool, u64);

/// A running capture.
struct Sniffer {
    child: Child,
    file: PathBuf,
}

impl Sniffer {
    /// Captures what goes to this port and comes from it; `None` where that is not allowed or there is no dumpcap.
    fn start(file: PathBuf, port: &str, older_format: bool) -> Option<Sniffer> {
        let mut command = Command::new("dumpcap");
        command.args(["-i", "lo", "-f", &format!("tcp port {port}"), "--update-interval", "20", "-w"]).arg(&file);
        if older_format {
            command.arg("-P");
        }
        let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
            missing("dumpcap");
            return None;
        };
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let is_capturing = told.any(|line| line.starts_with("File:"));
        // It must not wait for somebody to read the rest.
        std::thread::spawn(move || told.for_each(drop));
        if !is_capturing {
            let _ = child.wait();
            eprintln!("skipped: dumpcap may not capture here");
            return None;
        }
        Some(Sniffer { child, file })
    }

    /// Reads the growing file until this is in it.
    fn wait_for(&self, is_there: impl Fn(&Opened) -> bool) -> Opened {
        let began = Instant::now();
        loop {
            match open(&self.file) {
                Ok(opened) if is_there(&opened) => return opened,
                _ if began.elapsed() > LIMIT => panic!("waited in vain for the capture"),
                _ => std::thread::yield_now(),
            }
        }
    }

    fn stop(mut self) -> PathBuf {
        let id = self.child.id().to_string();
        assert!(Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]).status().unwrap().success());
        self.child.wait().unwrap();
        std::mem::take(&mut self.file)
    }
}

impl Drop for Sniffer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn open(file: &Path) -> Result<Opened, logs::LogError> {
    logs::open(file, &mut |_| ControlFlow::Continue(()))
}

/// What the client sends, each in a message: short, of each kind of length, and larger than a segment.
fn texts() -> Vec<String> {
    let lengths = [1, 2, 125, 126, 127, 5_000, 65_535, 65_536, 200_000];
    let many = (0..60).map(|number| 20 + number * 7);
    lengths.into_iter().chain(many).map(|length| "word".chars().cycle().take(length).collect()).collect()
}

/// Lets a client talk to a server while it is captured.
fn captured(server: Library, client: Library, compression: bool, older_format: bool) -> Option<(TempDir, PathBuf)> {
    let mut client_command = client.installed("client")?;
    let server = if compression { Server::start_compressing(server)? } else { Server::start(server, None)? };
    let folder = TempDir::new().unwrap();
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let sniffer = Sniffer::start(folder.path().join("captured"), &port, older_format)?;
    let mut client = client_command
        .arg(server.url("/echo"))
        .env("COMPRESSION", if compression { "1" } else { "0" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = client.stdin.take().unwrap();
    let lines = texts().join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let mut echoed = String::new();
    client.stdout.take().unwrap().read_to_string(&mut echoed).unwrap();
    writer.join().unwrap();
    client.wait().unwrap();
    assert_eq!(echoed.lines().collect::<Vec<_>>(), texts());
    sniffer.wait_for(|opened| opened.session.verdict.second_transport_end.is_some());
    Some((folder, sniffer.stop()))
}

fn sent(session: &Session, side: Side) -> Vec<String> {
    let messages = session.messages().filter(|message| message.direction == side.sends());
    messages.map(|message| String::from_utf8(session.message_content(&message, u64::MAX)).unwrap()).collect()
}

fn assert_whole(file: &Path) {
    let opened = open(file).unwrap();
    assert_eq!(opened.damage, []);
    assert_eq!(opened.others.len(), 0);
    for side in Side::BOTH {
        assert_eq!(sent(&opened.session, side), texts(), "of the {side}");
    }
    assert!(opened.session.verdict.clean);
    if let Some(dissected) = dissected(file) {
        let listed = listed(&opened.session);
        for direction in Direction::BOTH {
            // Which of both directions comes first is not the same for both where segments are out of order.
            let of = |frames: &[Frame]| -> Vec<Frame> {
                frames.iter().copied().filter(|frame| frame.0 == direction.sender()).collect()
            };
            assert_eq!(of(&dissected), of(&listed));
        }
        assert_eq!(dissected.len(), listed.len());
    }
}

fn listed(session: &Session) -> Vec<Frame> {
    let list = |row: &closelook::session::FrameRow| {
        let side = row.direction.sender();
        (side, u64::from(row.opcode().bits()), row.fin(), row.is_masked(), row.payload_length)
    };
    session.frames.iter().map(list).collect()
}

/// The frames that tshark finds.
fn dissected(file: &Path) -> Option<Vec<Frame>> {
    const FIELDS: [&str; 7] = [
        "websocket.opcode",
        "websocket.fin",
        "websocket.mask",
        "websocket.payload_length",
        "websocket.payload_length_ext_16",
        "websocket.payload_length_ext_64",
        "tcp.srcport",
    ];
    let mut command = Command::new("tshark");
    command.arg("-r").arg(file).args(["-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "websocket", "-T", "fields"]);
    FIELDS.iter().for_each(|field| _ = command.args(["-e", field]));
    let Ok(output) = command.output() else {
        missing("tshark");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut frames = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let columns: Vec<Vec<&str>> = line.split('\t').map(|column| column.split(',').collect()).collect();
        let number = |text: &str| text.parse::<u64>().unwrap_or_else(|_| u64::from(text == "True"));
        let [mut medium, mut long] = [4, 5].map(|column: usize| columns[column].iter().map(|text| number(text)));
        for (place, opcode) in columns[0].iter().enumerate() {
            let length = match number(columns[3][place]) {
                126 => medium.next().unwrap(),
                127 => long.next().unwrap(),
                short => short,
            };
            let masked = number(columns[2][place]) == 1;
            // Only a client masks.
            let side = if masked { Side::Client } else { Side::Server };
            frames.push((side, number(opcode), number(columns[1][place]) == 1, masked, length));
        }
    }
    Some(frames)
}

#[test]
fn a_capture_has_what_was_said() {
    for (server, client) in [
        (Library::NodeWs, Library::PythonWebsockets),
        (Library::PythonWebsockets, Library::NodeWs),
        (Library::NodeWs, Library::NodeWs),
    ] {
        for compression in [false, true] {
            // Both formats of captures.
            let Some((_folder, file)) = captured(server, client, compression, compression) else { continue };
            assert_whole(&file);
        }
    }
}

#[test]
fn a_capture_with_loss_and_disorder_has_what_was_said() {
    for compression in [false, true] {
        let captured = captured(Library::PythonWebsockets, Library::NodeWs, compression, true);
        let Some((folder, file)) = captured else { continue };
        let capture = OlderCapture::read(&fs::read(file).unwrap());
        for seed in 0..6 {
            let disturbed = folder.path().join("disturbed.pcap");
            fs::write(&disturbed, capture.disturbed(seed)).unwrap();
            assert_whole(&disturbed);
        }
    }
}

// --- disturbing a capture ---------------------------------------------------------------------------------------------------------

/// A capture in the format pcap of this machine's byte order, over Ethernet and IPv4.
struct OlderCapture {
    header: Vec<u8>,
    packets: Vec<([u8; 8], Vec<u8>)>,
}

impl OlderCapture {
    fn read(file: &[u8]) -> OlderCapture {
        let (header, mut rest) = file.split_at(24);
        let mut packets = Vec::new();
        while let Some((head, after)) = rest.split_at_checked(16) {
            let length = u32::from_ne_bytes(head[8..12].try_into().unwrap()) as usize;
            let (packet, after) = after.split_at(length);
            packets.push((head[..8].try_into().unwrap(), packet.to_vec()));
            rest = after;
        }
        OlderCapture { header: header.to_vec(), packets }
    }

    /// The same conversation as a listener at a bad place would have it: some segments twice, some late, as after a loss, some in two
    /// parts that overlap.
    fn disturbed(&self, seed: u64) -> Vec<u8> {
        let mut random = Random(seed);
        // When each packet comes, in places of the undisturbed capture.
        let mut packets: Vec<(usize, Vec<u8>)> = Vec::new();
        for (place, (_, packet)) in self.packets.iter().enumerate() {
            let payload = packet.len() - payload_start(packet);
            if place < BEFORE_FRAMES || payload < 2 {
                packets.push((place, packet.clone()));
                continue;
            }
            let late = |random: &mut Random| place + 1 + random.below(LATEST);
            match random.below(6) {
                0 => packets.extend([(place, packet.clone()), (late(&mut random), packet.clone())]),
                1 => packets.push((late(&mut random), packet.clone())),
                2 => {
                    let (first, second) = (1 + random.below(payload - 1), random.below(payload - 1));
                    let parts = [part(packet, 0, first.max(second + 1)), part(packet, first.min(second), payload)];
                    packets.extend(parts.into_iter().map(|part| (late(&mut random), part)));
                }
                _ => packets.push((place, packet.clone())),
            }
        }
        packets.sort_by_key(|(place, _)| *place);
        let mut file = self.header.clone();
        for (place, packet) in packets {
            let length = (packet.len() as u32).to_ne_bytes();
            let (time, _) = self.packets[place.min(self.packets.len() - 1)];
            file.extend([&time[..], &length, &length, &packet].concat());
        }
        file
    }
}

const ETHERNET: usize = 14;

fn payload_start(packet: &[u8]) -> usize {
    let ip = usize::from(packet[ETHERNET] & 0x0F) * 4;
    ETHERNET + ip + usize::from(packet[ETHERNET + ip + 12] >> 4) * 4
}

/// A segment with a part of the payload of another.
fn part(packet: &[u8], from: usize, to: usize) -> Vec<u8> {
    let start = payload_start(packet);
    let mut part = [&packet[..start], &packet[start + from..start + to]].concat();
    let length = (part.len() - ETHERNET) as u16;
    part[ETHERNET + 2..ETHERNET + 4].copy_from_slice(&length.to_be_bytes());
    let sequence = ETHERNET + usize::from(packet[ETHERNET] & 0x0F) * 4 + 4;
    let number = u32::from_be_bytes(packet[sequence..sequence + 4].try_into().unwrap()).wrapping_add(from as u32);
    part[sequence..sequence + 4].copy_from_slice(&number.to_be_bytes());
    part
}

/// Numbers without an order, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
