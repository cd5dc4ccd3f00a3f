//! How fast the dissector reads: nanoseconds a frame, gigabytes a second, and a ratio against a reference in the same run.
//!
//! `cargo bench --bench dissect`. Small frames are compared with tungstenite reading the same bytes from memory, large ones with a
//! copy of the same bytes. Both sides are the best of several rounds, taken in turn, so that a busy machine hits both alike.

use std::hint::black_box;
use std::io::{self, Cursor, Read, Write};
use std::time::{Duration, Instant};

use bytes::Bytes;
use closelook::protocol::decoder::{DecoderEvent, FrameDecoder};
use closelook::protocol::direction::Side;
use closelook::protocol::dissector::{Dissector, Fact};
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::session::event::LARGEST_PART;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder};
use tungstenite::WebSocket;
use tungstenite::protocol::Role;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// What a socket's read gives at most.
const SLICE: usize = 64 * 1024;
const ROUNDS: usize = 7;

fn main() {
    println!("{:44} {:>10} {:>8} {:>24}", "", "ns/frame", "GB/s", "time over reference");
    let small_text = Load::new("small text of a client", Side::Client, Opcode::Text, &text(32), 1_000_000);
    let small_binary = Load::new("small binary of a server", Side::Server, Opcode::Binary, &text(32), 1_000_000);
    let large_text = Load::new("1 MiB text of a client", Side::Client, Opcode::Text, &text(1 << 20), 64);
    let large_binary = Load::new("1 MiB binary of a client", Side::Client, Opcode::Binary, &text(1 << 20), 64);
    for small in [&small_text, &small_binary] {
        small.measure("dissected", Load::dissect, "tungstenite", Load::read_with_tungstenite);
        small.measure("dissected and indexed", Load::record, "tungstenite", Load::read_with_tungstenite);
    }
    large_text.measure("dissected, unmasked, checked", Load::dissect, "copy", Load::copy);
    large_text.measure("dissected, unmasked, checked", Load::dissect, "tungstenite", Load::read_with_tungstenite);
    large_binary.measure("decoded and unmasked", Load::decode_and_unmask, "copy", Load::copy);
}

fn text(length: usize) -> Vec<u8> {
    br#"{"symbol":"ABC","price":101.25} "#.iter().copied().cycle().take(length).collect()
}

/// Frames of one kind, as one side sends them.
struct Load {
    name: &'static str,
    side: Side,
    bytes: Vec<u8>,
    frames: u64,
}

impl Load {
    fn new(name: &'static str, side: Side, opcode: Opcode, payload: &[u8], frames: u64) -> Load {
        let mut bytes = Vec::new();
        for number in 0..frames {
            let key = MaskingKey((number as u32).wrapping_mul(0x9E37_79B1).wrapping_add(1).to_be_bytes());
            let masking_key = (side == Side::Client).then_some(key);
            let header = FrameHeader { masking_key, ..FrameHeader::new(opcode, payload.len() as u64) };
            bytes.extend_from_slice(&header.with_payload(payload));
        }
        Load { name, side, bytes, frames }
    }

    fn measure(&self, what: &str, ours: fn(&Load) -> Duration, reference_name: &str, reference: fn(&Load) -> Duration) {
        let (mut our_time, mut their_time) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            our_time = our_time.min(ours(self));
            their_time = their_time.min(reference(self));
        }
        let nanoseconds = our_time.as_nanos() as f64;
        println!(
            "{:44} {:10.1} {:8.2} {:8.2} of {:13}",
            format!("{}, {what}", self.name),
            nanoseconds / self.frames as f64,
            self.bytes.len() as f64 / nanoseconds,
            nanoseconds / their_time.as_nanos() as f64,
            reference_name,
        );
    }

    fn dissect(&self) -> Duration {
        let mut dissector = Dissector::new();
        dissector.receive(Side::Client.sends(), Moment(0), REQUEST, &mut |_| ());
        dissector.receive(Side::Server.sends(), Moment(1), RESPONSE, &mut |_| ());
        let mut frames = 0;
        let start = Instant::now();
        for (index, slice) in self.bytes.chunks(SLICE).enumerate() {
            dissector.receive(self.side.sends(), Moment(2 + index as u64), slice, &mut |fact| match black_box(fact) {
                Fact::Frame(_) => frames += 1,
                fact => panic!("these bytes break no rule: {fact:?}"),
            });
        }
        let elapsed = start.elapsed();
        assert_eq!(frames, self.frames);
        elapsed
    }

    /// What a worker does with the bytes that it has read: dissect them and keep every index in step.
    fn record(&self) -> Duration {
        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
        let mut recorder = Recorder::new(origin);
        let event = |direction, at, bytes| Event { at: Moment(at), kind: EventKind::Bytes { direction, bytes } };
        recorder.record(event(Side::Client.sends(), 0, Bytes::from_static(REQUEST)));
        recorder.record(event(Side::Server.sends(), 1, Bytes::from_static(RESPONSE)));
        let slices: Vec<Bytes> = self.bytes.chunks(LARGEST_PART).map(Bytes::copy_from_slice).collect();
        let start = Instant::now();
        for (index, slice) in slices.into_iter().enumerate() {
            recorder.record(event(self.side.sends(), 2 + index as u64, slice));
        }
        let elapsed = start.elapsed();
        assert_eq!(recorder.snapshot().frames.len() as u64, self.frames);
        elapsed
    }

    /// Frame by frame from memory to memory: header, payload, mask.
    fn decode_and_unmask(&self) -> Duration {
        let mut target = vec![1; self.bytes.len()];
        let mut decoder = FrameDecoder::new(0);
        let (mut frames, mut written, mut key) = (0, 0, None);
        let start = Instant::now();
        for slice in self.bytes.chunks(SLICE) {
            decoder.decode(slice, |event| match event {
                DecoderEvent::Header { header, .. } => key = header.masking_key,
                DecoderEvent::Payload { bytes, position } => {
                    let part = &mut target[written..written + bytes.len()];
                    part.copy_from_slice(bytes);
                    key.unwrap().apply(part, position);
                    written += bytes.len();
                }
                DecoderEvent::Finished => frames += 1,
            });
        }
        let elapsed = start.elapsed();
        black_box(target);
        assert_eq!(frames, self.frames);
        elapsed
    }

    fn read_with_tungstenite(&self) -> Duration {
        let role = match self.side {
            Side::Client => Role::Server,
            Side::Server => Role::Client,
        };
        let mut socket = WebSocket::from_raw_socket(ReadOnly(Cursor::new(&self.bytes)), role, None);
        let start = Instant::now();
        for _ in 0..self.frames {
            black_box(socket.read().unwrap());
        }
        start.elapsed()
    }

    fn copy(&self) -> Duration {
        let mut target = vec![1; self.bytes.len()];
        let start = Instant::now();
        target.copy_from_slice(black_box(&self.bytes));
        let elapsed = start.elapsed();
        black_box(target);
        elapsed
    }
}

/// A socket that only brings bytes.
struct ReadOnly<'bytes>(Cursor<&'bytes Vec<u8>>);

impl Read for ReadOnly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for ReadOnly<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
