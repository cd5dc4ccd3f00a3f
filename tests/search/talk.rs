//! Sessions of which every frame's content is known without reading it back.

use bytes::Bytes;
use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::{PerDirection, Side};
use closelook::protocol::frame::{FrameHeader, FrameNumber};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{SideCompression, WindowBits};
use closelook::search::Filter;
use closelook::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

pub(crate) const ORIGIN: Origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };

/// What is said, in order.
pub(crate) struct Talk {
    /// The bytes with the moments at which they cross, in nanoseconds.
    pub(crate) parts: Vec<(Side, u64, Vec<u8>)>,
    /// What the application sent with each frame: a whole message, nothing, or a control frame's payload.
    pub(crate) contents: Vec<Option<Vec<u8>>>,
    /// Each frame's own payload, unmasked.
    pub(crate) payloads: Vec<Vec<u8>>,
    pub(crate) at: u64,
    deflaters: PerDirection<Option<Deflater>>,
}

impl Talk {
    /// Begins after an opening handshake in which compression was agreed.
    pub(crate) fn begin() -> Talk {
        let request = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Extensions: permessage-deflate\r\n\
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
            Sec-WebSocket-Extensions: permessage-deflate\r\n\
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        let side = SideCompression { window_bits: WindowBits::LARGEST, takes_over_context: true };
        Talk {
            parts: vec![(Side::Client, 0, request.into()), (Side::Server, 0, response.into())],
            contents: Vec::new(),
            payloads: Vec::new(),
            at: 0,
            deflaters: PerDirection::from_fn(|_| Deflater::new(side)),
        }
    }

    /// One frame with this payload on the wire, masked when the client sends it.
    pub(crate) fn frame(&mut self, side: Side, header: FrameHeader, payload: &[u8], content: Option<&[u8]>) {
        let key = MaskingKey((self.at as u32).wrapping_mul(0x9E37_79B1).wrapping_add(7).to_be_bytes());
        let masking_key = (side == Side::Client).then_some(key);
        self.at += 1_000_000;
        self.parts.push((side, self.at, FrameHeader { masking_key, ..header }.with_payload(payload)));
        self.contents.push(content.map(<[u8]>::to_vec));
        self.payloads.push(payload.to_vec());
    }

    /// A frame that is a message, or a control frame.
    pub(crate) fn say(&mut self, side: Side, opcode: Opcode, payload: &[u8]) {
        self.frame(side, FrameHeader::new(opcode, payload.len() as u64), payload, Some(payload));
    }

    /// The payloads of the frames of a message, cut at these places.
    pub(crate) fn fragments(
        &mut self,
        side: Side,
        content: &[u8],
        cuts: &[usize],
        is_compressed: bool,
    ) -> Vec<Vec<u8>> {
        let sent = match &mut self.deflaters[side] {
            Some(deflater) if is_compressed => deflater.deflate(content, true).unwrap(),
            _ => content.to_vec(),
        };
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (sent.len() + 1)).chain([0, sent.len()]).collect();
        places.sort_unstable();
        places.windows(2).map(|pair| sent[pair[0]..pair[1]].to_vec()).collect()
    }

    /// The fragment at a place of a message.
    pub(crate) fn fragment(
        &mut self,
        side: Side,
        parts: &[Vec<u8>],
        place: usize,
        is_compressed: bool,
        content: &[u8],
    ) {
        let opcode = if place == 0 { Opcode::Text } else { Opcode::Continuation };
        let part = &parts[place];
        let header = FrameHeader {
            fin: place + 1 == parts.len(),
            rsv1: is_compressed && place == 0,
            ..FrameHeader::new(opcode, part.len() as u64)
        };
        self.frame(side, header, part, (place == 0).then_some(content));
    }

    /// A message in these fragments.
    pub(crate) fn message(&mut self, side: Side, content: &[u8], cuts: &[usize], is_compressed: bool) {
        let parts = self.fragments(side, content, cuts, is_compressed);
        (0..parts.len()).for_each(|place| self.fragment(side, &parts, place, is_compressed, content));
    }

    /// The events of it.
    pub(crate) fn events(&self) -> impl Iterator<Item = Event> {
        self.parts.iter().map(|(side, at, bytes)| Event {
            at: Moment(*at),
            kind: EventKind::Bytes { direction: side.sends(), bytes: Bytes::copy_from_slice(bytes) },
        })
    }

    /// The session after all of it.
    pub(crate) fn session(&self) -> Session {
        Session::replay(ORIGIN, self.events())
    }

    /// A recorder that knows nothing yet.
    pub(crate) fn recorder() -> Recorder {
        Recorder::new(ORIGIN)
    }
}

/// The numbers of the frames that a filter matches.
#[track_caller]
pub(crate) fn matching(session: &Session, filter: &str) -> Vec<u64> {
    let filter = Filter::parse(filter).unwrap_or_else(|error| panic!("{}", error.pointing_into(filter)));
    let mut matcher = filter.matcher();
    matcher.read_by(closelook::reading::Reading::Automatic.subprotocol(session));
    let numbers = (0..session.frames.len()).map(FrameNumber::from_index);
    numbers.filter(|number| matcher.matches(session, *number)).map(|number| number.0).collect()
}
