//! Connections of which the capture lacks the beginning: whether they carry WebSocket frames is judged by the pieces in which their
//! bytes come. A session has to begin with a handshake, so one is made up, and a note says so.

use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::frame::{FrameHeader, HeaderParse, LengthEncoding};
use crate::protocol::opcode::Opcode;
use crate::session::{ByteSource, EventKind};

use super::super::damage::{DamageList, Place};
use super::super::heads::{Fields, Heads, Request, Response};
use super::flow::{Flow, Output};
use super::packet::Segment;
use super::recorded::Recorded;

/// How many whole frames leave no doubt.
const ENOUGH: u32 = 4;

/// The most pieces that are looked at.
const MOST_PIECES: usize = 256;

/// The most bytes that are held of one connection.
const MOST_HELD: usize = 1 << 20;

/// The longest payload of a frame that is taken for one, in bytes.
const LONGEST: u64 = 256 << 20;

/// One such connection.
#[derive(Debug)]
pub(super) struct Midway {
    flow: Flow,
    first_at: u64,
    held: Vec<(u64, Output<'static>)>,
    held_bytes: usize,
    walks: PerDirection<Walk>,
}

/// What it turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    Wait,
    Frames,
    SomethingElse,
}

/// A way through one direction from frame to frame.
#[derive(Debug, Default)]
struct Walk {
    has_bytes: bool,
    /// The place in the list of the piece that begins the first frame.
    first: Option<usize>,
    is_masked: bool,
    is_compressed: bool,
    whole_frames: u32,
    /// Whether the newest message goes on; not known before the first frame.
    is_message_open: Option<bool>,
    /// How much of the newest frame is still to come.
    missing: u64,
}

impl Midway {
    /// A connection whose first segment is this one.
    pub(super) fn new(segment: &Segment<'_>, nanoseconds: u64) -> Midway {
        // Until the masks tell, the one with the higher port is taken for the client.
        let flow = Flow::new(segment, segment.from.port() > segment.to.port());
        Midway { flow, first_at: nanoseconds, held: Vec::new(), held_bytes: 0, walks: PerDirection::default() }
    }

    /// When the first segment was captured.
    pub(super) fn first_at(&self) -> u64 {
        self.first_at
    }

    /// How many bytes are held.
    pub(super) fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Takes a segment.
    pub(super) fn take(&mut self, segment: &Segment<'_>, nanoseconds: u64) -> Judgement {
        self.held_bytes += segment.payload.len();
        let Midway { flow, held, walks, .. } = self;
        flow.accept(segment, &mut |output| {
            if let Output::Bytes(direction, piece) = &output {
                walks[*direction].go_on(held.len(), &piece.bytes);
            }
            held.push((nanoseconds, output.into_owned()));
        });
        let whole_frames: u32 = Direction::BOTH.map(|direction| self.walks[direction].whole_frames).iter().sum();
        if whole_frames >= ENOUGH && self.agrees() {
            Judgement::Frames
        } else if self.held.len() > MOST_PIECES || self.held_bytes > MOST_HELD {
            Judgement::SomethingElse
        } else {
            Judgement::Wait
        }
    }

    /// Whether everything that came was frames, although not many: some each way.
    pub(super) fn is_likely(&self) -> bool {
        self.agrees() && Direction::BOTH.iter().all(|direction| self.walks[*direction].whole_frames > 0)
    }

    /// Whether all bytes are frames from some place on, and one side at most masks its own.
    fn agrees(&self) -> bool {
        let walks = Direction::BOTH.map(|direction| &self.walks[direction]);
        let are_frames = walks.iter().all(|walk| walk.first.is_some() || !walk.has_bytes);
        are_frames && !(walks.iter().all(|walk| walk.has_bytes) && walks[0].is_masked == walks[1].is_masked)
    }

    /// The conversation from its first whole frames on, behind a handshake that is made up.
    pub(super) fn recorded(self, source: &Arc<dyn ByteSource>, place: Place, damage: &mut DamageList) -> Recorded {
        let Midway { flow, first_at, held, walks, .. } = self;
        let masks = |direction: Direction| walks[direction].has_bytes && walks[direction].is_masked;
        // Whose frames are masked is the client (RFC 6455 5.1).
        let server_is_client = masks(Direction::ServerToClient)
            || (walks[Direction::ClientToServer].has_bytes && !masks(Direction::ClientToServer));
        let flow = if server_is_client { flow.swapped() } else { flow };
        let (client, server) = (flow.client, flow.server);
        let is_compressed = Direction::BOTH.iter().any(|direction| walks[*direction].is_compressed);
        let heads = made_up_heads(&format!("ws://{server}/"), is_compressed);
        let mut recorded = Recorded::new(flow, format!("ws://{server}/"), first_at, source);
        recorded.record(first_at, EventKind::Connected { client, server });
        let compression =
            if is_compressed { ", and of compressed messages those that refer to earlier ones" } else { "" };
        let text = format!(
            "The capture begins in the middle of this connection: its handshake is not in it and is made up here. \
             The path, the header fields and the subprotocol are not known{compression}."
        );
        recorded.record(first_at, EventKind::Note { text });
        for (side, head) in [(Side::Client, heads.request), (Side::Server, heads.response)] {
            recorded.record(first_at, EventKind::Bytes { direction: side.sends(), bytes: head.into() });
        }
        let mut left_out = 0;
        for (index, (nanoseconds, output)) in held.into_iter().enumerate() {
            match &output {
                Output::Bytes(direction, piece) if walks[*direction].first.is_none_or(|first| index < first) => {
                    left_out += piece.len();
                }
                _ => {
                    let output = if server_is_client { output.swapped() } else { output };
                    recorded.output(nanoseconds, output, place, damage);
                }
            }
        }
        if left_out > 0 {
            let problem = format!(
                "{left_out} bytes before the first whole frames from {client} to {server} and back were left out"
            );
            damage.add(place, problem);
        }
        recorded
    }
}

impl Walk {
    /// Goes on through the next bytes; from where they make no sense it begins anew.
    fn go_on(&mut self, index: usize, bytes: &[u8]) {
        let is_begun = self.first.is_some();
        let goes_on = self.through(bytes);
        // The first frames have to fill their piece, so that they are none by chance.
        if !goes_on || (!is_begun && (self.missing > 0 || self.whole_frames == 0)) {
            *self = Walk::default();
        } else if !is_begun {
            self.first = Some(index);
        }
        self.has_bytes = true;
    }

    fn through(&mut self, mut bytes: &[u8]) -> bool {
        loop {
            let passed = usize::try_from(self.missing).unwrap_or(usize::MAX).min(bytes.len());
            self.missing -= passed as u64;
            bytes = bytes.get(passed..).unwrap_or_default();
            if bytes.is_empty() {
                return true;
            }
            let HeaderParse::Complete(header) = FrameHeader::parse(bytes) else { return false };
            let is_masked = header.masking_key.is_some();
            if !self.may_follow(&header) || (self.whole_frames > 0 && self.is_masked != is_masked) {
                return false;
            }
            if !header.opcode.is_control() {
                self.is_message_open = Some(!header.fin);
            }
            bytes = bytes.get(header.header_length()..).unwrap_or_default();
            self.is_masked = is_masked;
            self.is_compressed |= header.rsv1;
            self.missing = header.payload_length;
            self.whole_frames += 1;
        }
    }

    /// Whether a peer that keeps to RFC 6455 5.2 and 5.4 may send such a frame now.
    fn may_follow(&self, header: &FrameHeader) -> bool {
        let is_sound = !header.rsv2
            && !header.rsv3
            && header.payload_length <= LONGEST
            && header.length_encoding == LengthEncoding::minimal(header.payload_length);
        // Empty fragments are legal, and a run of zeros would be many.
        let has_something = header.fin || header.payload_length > 0;
        is_sound
            && match header.opcode {
                Opcode::Continuation => has_something && !header.rsv1 && self.is_message_open != Some(false),
                Opcode::Text | Opcode::Binary => has_something && self.is_message_open != Some(true),
                Opcode::Close | Opcode::Ping | Opcode::Pong => {
                    header.fin && !header.rsv1 && header.payload_length <= 125
                }
                _ => false,
            }
    }
}

fn made_up_heads(url: &str, is_compressed: bool) -> Heads {
    let mut fields = Fields::default();
    if is_compressed {
        fields.add("Sec-WebSocket-Extensions", "permessage-deflate");
    }
    let request = Request { url: url.to_owned(), ..Request::default() };
    Heads::of(request, Response { status: 101, fields, ..Response::default() }, true)
}
