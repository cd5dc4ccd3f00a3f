//! A conversation written down as a test reads it: who said which bytes, and how it ended.

use std::cell::RefCell;

use bytes::Bytes;
use closelook::protocol::close::CloseCode;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::dissector::{Dissector, Fact, Frame};
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::gap::Gap;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::message::Message;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::verdict::{ConnectStage, TransportEnd, Verdict};
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

/// The request of RFC 6455 1.2, without what a browser adds.
pub(crate) const REQUEST: &str = "GET /chat HTTP/1.1\r\n\
    Host: server.example.com\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n\r\n";

/// The response of RFC 6455 1.3.
pub(crate) const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// The masking key of RFC 6455 5.7.
pub(crate) const KEY: MaskingKey = MaskingKey([0x37, 0xfa, 0x21, 0x3d]);

/// Bytes from hexadecimal digits; spaces are for the reader.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

/// A final frame as the given side sends it.
pub(crate) fn frame(side: Side, opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    fragment(side, true, opcode, payload)
}

/// A frame as the given side sends it.
pub(crate) fn fragment(side: Side, fin: bool, opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let masking_key = (side == Side::Client).then_some(KEY);
    FrameHeader { fin, masking_key, ..FrameHeader::new(opcode, payload.len() as u64) }.with_payload(payload)
}

/// A Close frame of that side; no code means no payload.
pub(crate) fn close(side: Side, code: Option<u16>) -> Vec<u8> {
    frame(side, Opcode::Close, &code.map(|code| code.to_be_bytes().to_vec()).unwrap_or_default())
}

/// The request with one header line replaced by another (or by nothing, or by more than one).
pub(crate) fn request_with(line: &str, replacement: &str) -> String {
    with(REQUEST, line, replacement)
}

/// The response with one header line replaced.
pub(crate) fn response_with(line: &str, replacement: &str) -> String {
    with(RESPONSE, line, replacement)
}

fn with(head: &str, line: &str, replacement: &str) -> String {
    assert!(head.contains(line), "the head has no {line:?}");
    head.replacen(line, replacement, 1)
}

/// A conversation and all that the dissector learned from it.
pub(crate) struct Transcript {
    dissector: Dissector,
    recorder: RefCell<Recorder>,
    now: u64,
    pub(crate) facts: Vec<Fact>,
}

impl Transcript {
    /// Nothing has been said yet.
    pub(crate) fn new() -> Transcript {
        let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
        Transcript {
            dissector: Dissector::new(),
            recorder: RefCell::new(Recorder::new(origin)),
            now: 0,
            facts: Vec::new(),
        }
    }

    /// The opening handshake of RFC 6455 1.3 is done; its facts are not kept.
    pub(crate) fn upgraded() -> Transcript {
        let mut transcript = Transcript::new().client(REQUEST).server(RESPONSE);
        assert_eq!(transcript.rules(), [], "the handshake of the RFC breaks no rule");
        transcript.facts.clear();
        transcript
    }

    /// An opening handshake in which permessage-deflate was agreed.
    pub(crate) fn upgraded_with_compression() -> Transcript {
        Transcript::upgraded_with_extension("permessage-deflate")
    }

    /// An opening handshake in which this extension was offered and agreed.
    pub(crate) fn upgraded_with_extension(extension: &str) -> Transcript {
        let line = format!("Upgrade: websocket\r\nSec-WebSocket-Extensions: {extension}\r\n");
        let mut transcript = Transcript::new()
            .client(request_with("Upgrade: websocket\r\n", &line))
            .server(response_with("Upgrade: websocket\r\n", &line));
        assert_eq!(transcript.rules(), []);
        transcript.facts.clear();
        transcript
    }

    /// The client's bytes.
    pub(crate) fn client(self, bytes: impl AsRef<[u8]>) -> Transcript {
        self.says(Side::Client, bytes)
    }

    /// The server's bytes.
    pub(crate) fn server(self, bytes: impl AsRef<[u8]>) -> Transcript {
        self.says(Side::Server, bytes)
    }

    /// The bytes of either side.
    pub(crate) fn says(mut self, side: Side, bytes: impl AsRef<[u8]>) -> Transcript {
        let at = self.tick();
        let Transcript { dissector, facts, .. } = &mut self;
        dissector.receive(side.sends(), at, bytes.as_ref(), &mut |fact| facts.push(fact));
        let bytes = Bytes::copy_from_slice(bytes.as_ref());
        self.recorder.borrow_mut().record(Event { at, kind: EventKind::Bytes { direction: side.sends(), bytes } });
        self
    }

    /// The bytes of either side, one by one.
    pub(crate) fn says_slowly(mut self, side: Side, bytes: impl AsRef<[u8]>) -> Transcript {
        for byte in bytes.as_ref() {
            self = self.says(side, [*byte]);
        }
        self
    }

    /// Bytes of the side cross and are not recorded, so many that a frame begins behind them when that is known.
    pub(crate) fn misses(
        mut self,
        side: Side,
        length: impl Into<Option<u32>>,
        next_frame: impl Into<Option<u32>>,
    ) -> Transcript {
        let at = self.tick();
        let gap = Gap { length: length.into(), next_frame: next_frame.into() };
        let Transcript { dissector, facts, .. } = &mut self;
        dissector.bytes_missing(side.sends(), at, gap, &mut |fact| facts.push(fact));
        self.recorder.borrow_mut().record(Event { at, kind: EventKind::Missing { direction: side.sends(), gap } });
        self
    }

    /// The side has no more to send.
    pub(crate) fn fin(self, side: Side) -> Transcript {
        self.ends(side, TransportEnd::Fin)
    }

    /// The side gives up the connection.
    pub(crate) fn rst(self, side: Side) -> Transcript {
        self.ends(side, TransportEnd::Rst)
    }

    /// The side's half of the connection ends.
    pub(crate) fn ends(mut self, side: Side, how: TransportEnd) -> Transcript {
        let at = self.tick();
        let Transcript { dissector, facts, .. } = &mut self;
        dissector.transport_ended(side, how, at, &mut |fact| facts.push(fact));
        self
    }

    /// Nothing more was recorded.
    pub(crate) fn recording_ends(mut self) -> Transcript {
        let at = self.tick();
        let Transcript { dissector, facts, .. } = &mut self;
        dissector.recording_ended(at, &mut |fact| facts.push(fact));
        self
    }

    /// Connecting failed.
    pub(crate) fn fails(mut self, stage: ConnectStage) -> Transcript {
        self.dissector.connect_failed(stage);
        self
    }

    fn tick(&mut self) -> Moment {
        self.now += 1;
        Moment(self.now)
    }

    pub(crate) fn dissector(&self) -> &Dissector {
        &self.dissector
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.dissector.verdict()
    }

    /// What client and server report.
    pub(crate) fn reports(&self) -> [Option<u16>; 2] {
        let verdict = self.verdict();
        Side::BOTH.map(|side| verdict.sides[side].reports.map(|CloseCode(code)| code))
    }

    /// The broken rules in their order.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        self.findings().into_iter().map(|(_, _, rule)| rule).collect()
    }

    /// The broken rules with the number of the frame and the side at fault, but for the one masking key that all transcripts use.
    pub(crate) fn findings(&self) -> Vec<(Option<u64>, Option<Side>, Rule)> {
        let side = |direction: Direction| direction.sender();
        self.facts
            .iter()
            .filter_map(|fact| match fact {
                Fact::Finding(finding) if finding.rule != Rule::MaskingKeyRepeated => {
                    Some((finding.frame.map(|number| number.0), finding.direction.map(side), finding.rule))
                }
                _ => None,
            })
            .collect()
    }

    /// The frames in their order.
    pub(crate) fn frames(&self) -> Vec<Frame> {
        let frames = self.facts.iter().filter_map(|fact| match fact {
            Fact::Frame(frame) => Some(*frame),
            _ => None,
        });
        frames.collect()
    }

    /// The opcodes of the frames in their order.
    pub(crate) fn opcodes(&self) -> Vec<Opcode> {
        self.frames().iter().map(|frame| frame.header.opcode).collect()
    }

    /// The session that these bytes make.
    pub(crate) fn session(&self) -> Session {
        self.recorder.borrow_mut().snapshot()
    }

    /// Every message as it stands.
    pub(crate) fn messages(&self) -> Vec<Message> {
        self.session().messages().collect()
    }

    /// The heads in their order: `request` or the response's status.
    pub(crate) fn heads(&self) -> Vec<String> {
        let heads = self.facts.iter().filter_map(|fact| match fact {
            Fact::Request(head) => Some(head.method.clone()),
            Fact::Response { head, .. } => Some(head.status.to_string()),
            _ => None,
        });
        heads.collect()
    }
}
