//! One way to break each rule, put into a conversation that is legal otherwise.

use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::Side;
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::{FrameHeader, LengthEncoding};
use closelook::protocol::handshake::accept_for_key;
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{Answer, Offer, SideCompression};
use closelook::protocol::verdict::TransportEnd;
use proptest::sample::Index;

use super::INFLATION_LIMIT;
use super::plan::{Closing, Plan};
use super::talk::{Conversation, Heads, Talk};
use super::view::Found;

/// Where the violation has to be found: the frame, counted over both directions, and the side at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) frame: Option<usize>,
    pub(super) side: Option<Side>,
}

/// What has to be found.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    pub(super) places: Vec<Place>,
    /// Rules that are broken in consequence.
    consequences: &'static [&'static str],
}

impl Expected {
    /// Whether a finding is the violation, or follows from it.
    pub(super) fn explains(&self, violation: &Violation, found: &Found) -> bool {
        let is_here = self.places.contains(&Place { frame: found.frame, side: found.side });
        (is_here && (violation.is_it)(&found.rule)) || self.consequences.contains(&found.rule.name())
    }
}

/// On a frame of a side.
fn on(frame: usize, side: Side) -> Expected {
    Expected { places: vec![Place { frame: Some(frame), side: Some(side) }], consequences: &[] }
}

/// Not on any frame.
fn nowhere(side: Option<Side>) -> Expected {
    Expected { places: vec![Place { frame: None, side }], consequences: &[] }
}

impl Expected {
    fn and(mut self, other: Expected) -> Expected {
        self.places.extend(other.places);
        self
    }

    fn causing(self, consequences: &'static [&'static str]) -> Expected {
        Expected { consequences, ..self }
    }
}

/// How a rule is broken.
enum Breach {
    /// A head that is not as it should be, and whose it is.
    Head(Side, fn(&mut Heads)),
    /// Frames of the client before the response.
    Early,
    /// Somewhere between the frames, by either side.
    Between(fn(&mut Talk, Side) -> Expected),
    /// The same, where permessage-deflate was agreed.
    Compressed(fn(&mut Talk, Side) -> Expected),
    /// In place of the ending, once everything has been said.
    Ending(fn(&mut Talk, Side) -> Expected),
}

/// A rule and how it is broken here.
pub(super) struct Violation {
    pub(super) name: &'static str,
    pub(super) is_it: fn(&Rule) -> bool,
    breach: Breach,
}

impl Violation {
    /// A conversation with this violation, and what has to be found.
    pub(super) fn commit(&self, mut plan: Plan, by_client: bool, place: Index) -> (Conversation, Expected) {
        let side = if by_client { Side::Client } else { Side::Server };
        let turns = std::mem::take(&mut plan.turns);
        let (before, after) = turns.split_at(place.index(turns.len() + 1));
        let closing = plan.closing.clone();
        let finish = |mut talk: Talk, expected: Expected| {
            talk.take_turns(after);
            talk.close(&closing);
            (talk.said(), expected)
        };
        match self.breach {
            Breach::Head(side, change) => {
                plan.agreement = None;
                plan.has_subprotocol = false;
                let mut talk = Talk::open(&plan, change);
                talk.take_turns(before);
                finish(talk, nowhere(Some(side)))
            }
            Breach::Early => {
                let mut talk = Talk::open_too_early(&plan);
                talk.take_turns(before);
                finish(talk, nowhere(Some(Side::Client)))
            }
            Breach::Between(commit) | Breach::Compressed(commit) => {
                if matches!(self.breach, Breach::Compressed(_)) {
                    plan.agreement = Some((Offer::default(), Answer::default()));
                }
                let mut talk = Talk::open(&plan, |_| ());
                talk.take_turns(before);
                talk.finish_message(side);
                let expected = commit(&mut talk, side);
                finish(talk, expected)
            }
            Breach::Ending(commit) => {
                let mut talk = Talk::open(&plan, |_| ());
                talk.take_turns(&turns);
                talk.close(&Closing::NotYet);
                let expected = commit(&mut talk, side);
                (talk.said(), expected)
            }
        }
    }
}

/// A list of violations in which no rule can be left out.
macro_rules! violations {
    ($($rule:pat => $breach:expr,)*) => {
        /// Every rule.
        pub(super) const VIOLATIONS: &[Violation] = &[$(Violation {
            name: stringify!($rule),
            is_it: |rule| matches!(rule, $rule),
            breach: $breach,
        },)*];

        /// Does not compile while a rule is missing above.
        const _: fn(&Rule) = |rule| match rule {
            $($rule => (),)*
            // Nobody breaks a rule with what was not recorded.
            Rule::BytesMissing { .. } | Rule::FramesMissing { .. } | Rule::CompressionContextUnknown => (),
        };
    };
}

use Breach::{Between, Compressed, Early, Ending, Head};
use Side::{Client, Server};

violations! {
    Rule::RequestMethodNotGet => Head(Client, |heads| in_request(heads, "GET", "PUT")),
    Rule::RequestVersionNotHttp11 => Head(Client, |heads| in_request(heads, "HTTP/1.1", "HTTP/1.0")),
    Rule::RequestHostMissing => Head(Client, |heads| in_request(heads, "Host: a\r\n", "")),
    Rule::RequestUpgradeMissing => Head(Client, |heads| in_request(heads, "Upgrade: websocket", "Upgrade: h2c")),
    Rule::RequestConnectionMissing => Head(Client, |heads| in_request(heads, "keep-alive, Upgrade", "keep-alive")),
    Rule::RequestKeyMissing => Head(Client, |heads| in_request(heads, "Sec-WebSocket-Key", "X-Key")),
    Rule::RequestKeyNotSixteenBytes => Head(Client, |heads| {
        in_request(heads, "dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ=");
        in_response(heads, &accept_for_key("dGhlIHNhbXBsZSBub25jZQ=="), &accept_for_key("c2hvcnQ="));
    }),
    Rule::RequestKeyRepeated => Head(Client, |heads| heads.request_line("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==")),
    Rule::RequestWebSocketVersionNot13 => Head(Client, |heads| in_request(heads, "Version: 13", "Version: 8")),
    Rule::RequestWebSocketVersionRepeated => Head(Client, |heads| heads.request_line("Sec-WebSocket-Version: 8")),
    Rule::CompressionOfferInvalid => Head(Client, |heads| {
        heads.request_line("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7");
    }),
    Rule::HeadMalformed => Head(Client, |heads| heads.request_line("no colon")),
    Rule::ResponseVersionNotHttp11 => Head(Server, |heads| in_response(heads, "HTTP/1.1", "HTTP/1.0")),
    Rule::ResponseUpgradeMissing => Head(Server, |heads| in_response(heads, "upgrade: WebSocket\r\n", "")),
    Rule::ResponseConnectionMissing => Head(Server, |heads| in_response(heads, "Connection: upgrade", "Connection: close")),
    Rule::ResponseAcceptMissing => Head(Server, |heads| in_response(heads, "Sec-WebSocket-Accept", "X-Accept")),
    Rule::ResponseAcceptWrong => Head(Server, |heads| in_response(heads, "Accept: s3", "Accept: S3")),
    Rule::ResponseAcceptRepeated => Head(Server, |heads| heads.response_line("Sec-WebSocket-Accept: again")),
    Rule::ResponseSubprotocolNotOffered => Head(Server, |heads| {
        heads.request_line("Sec-WebSocket-Protocol: one, two");
        heads.response_line("Sec-WebSocket-Protocol: three");
    }),
    Rule::ResponseExtensionNotOffered => Head(Server, |heads| heads.response_line("Sec-WebSocket-Extensions: x-unasked")),
    Rule::ResponseSubprotocolRepeated => Head(Server, |heads| {
        heads.request_line("Sec-WebSocket-Protocol: one, two");
        heads.response_line("Sec-WebSocket-Protocol: one");
        heads.response_line("Sec-WebSocket-Protocol: two");
    }),
    Rule::CompressionAnswerInvalid => Head(Server, |heads| {
        heads.request_line("Sec-WebSocket-Extensions: permessage-deflate");
        heads.response_line("Sec-WebSocket-Extensions: permessage-deflate; fast");
    }),
    Rule::CompressionAnswerNotOffered => Head(Server, |heads| {
        heads.request_line("Sec-WebSocket-Extensions: permessage-deflate");
        heads.response_line("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10");
    }),
    Rule::FramesBeforeResponse => Early,
    Rule::ReservedBitWithoutExtension => Between(|talk, side| {
        on(talk.exchange(side, b"bit", |header| header.rsv2 = true), side)
    }),
    Rule::CompressedBitOnContinuation => Compressed(|talk, side| {
        talk.send(side, FrameHeader { fin: false, ..FrameHeader::new(Opcode::Text, 1) }, b"a".to_vec());
        let header = FrameHeader { rsv1: true, ..FrameHeader::new(Opcode::Continuation, 1) };
        on(talk.send(side, header, b"b".to_vec()), side)
    }),
    Rule::CompressedBitOnControlFrame => Compressed(|talk, side| {
        on(talk.exchange(side, b"bit", |header| header.rsv1 = true), side)
    }),
    Rule::ReservedOpcode { .. } => Between(|talk, side| {
        let first = talk.send(side, FrameHeader::new(Opcode::Reserved(0x3), 1), b"x".to_vec());
        on(first, side).and(on(talk.send(side, FrameHeader::new(Opcode::Reserved(0xF), 1), b"x".to_vec()), side))
    }),
    Rule::ClientFrameNotMasked => Between(|talk, _| {
        on(talk.exchange(Client, b"bare", |header| header.masking_key = None), Client)
    }),
    Rule::ServerFrameMasked => Between(|talk, _| {
        on(talk.exchange(Server, b"masked", |header| header.masking_key = Some(MaskingKey([1, 2, 3, 4]))), Server)
    }),
    Rule::MaskingKeyZero => Between(|talk, _| {
        on(talk.exchange(Client, b"zero", |header| header.masking_key = Some(MaskingKey([0; 4]))), Client)
    }),
    Rule::MaskingKeyRepeated => Between(|talk, _| {
        let key = talk.key();
        talk.exchange(Client, b"once", |header| header.masking_key = Some(key));
        on(talk.exchange(Client, b"twice", |header| header.masking_key = Some(key)), Client)
    }),
    Rule::LengthNotMinimal { .. } => Between(|talk, side| {
        let first = talk.exchange(side, b"short", |header| header.length_encoding = LengthEncoding::SixteenBits);
        on(first, side).and(on(
            talk.exchange(side, b"shorter", |header| header.length_encoding = LengthEncoding::SixtyFourBits),
            side,
        ))
    }),
    Rule::LengthTopBitSet => Between(|talk, side| {
        let frame = talk.send(side, FrameHeader::new(Opcode::Binary, 1 << 63), Vec::new());
        talk.lose(side);
        on(frame, side).causing(&["ended-inside-frame", "ended-without-close", "close-not-answered", "ping-not-answered"])
    }),
    Rule::ControlFrameFragmented => Between(|talk, side| {
        on(talk.exchange(side, b"fragment", |header| header.fin = false), side)
    }),
    Rule::ControlFrameTooLong { .. } => Between(|talk, side| {
        let ping = talk.exchange(side, &[b'l'; 126], |_| ());
        // The Pong has to repeat it.
        on(ping, side).and(on(ping + 1, side.peer()))
    }),
    Rule::ContinuationWithoutStart => Between(|talk, side| {
        on(talk.send(side, FrameHeader::new(Opcode::Continuation, 1), b"x".to_vec()), side)
    }),
    Rule::DataFrameInsideMessage => Between(|talk, side| {
        talk.send(side, FrameHeader { fin: false, ..FrameHeader::new(Opcode::Text, 1) }, b"a".to_vec());
        on(talk.send(side, FrameHeader::new(Opcode::Binary, 1), b"b".to_vec()), side)
    }),
    Rule::TextNotUtf8 { .. } => Between(|talk, side| {
        on(talk.send(side, FrameHeader::new(Opcode::Text, 4), b"ab\xC3\x28".to_vec()), side)
    }),
    Rule::CompressedDataInvalid { .. } => Compressed(|talk, side| {
        on(compressed(talk, side, &[0x07]), side).causing(&["compression-context-lost"])
    }),
    Rule::CompressedDataIncomplete => Compressed(|talk, side| {
        on(compressed(talk, side, &[0xF2, 0x48, 0xCD, 0xC9]), side).causing(&["compression-context-lost"])
    }),
    Rule::InflatesBeyondLimit { limit: _ } => Compressed(|talk, side| {
        let mut deflater = Deflater::new(SideCompression::default()).unwrap();
        let bomb = deflater.deflate(&vec![0; INFLATION_LIMIT as usize + 1], true).unwrap();
        on(compressed(talk, side, &bomb), side).causing(&["compression-context-lost"])
    }),
    Rule::CompressionContextLost => Compressed(|talk, side| {
        compressed(talk, side, &[0x07]);
        let hello = compressed(talk, side, &[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]);
        on(hello, side).causing(&["compressed-data-invalid", "compression-context-lost"])
    }),
    Rule::CloseOfOneByte => Ending(|talk, side| {
        let [close, _] = talk.handshake_of_closes(side, &[3], &[]);
        talk.end_both();
        on(close, side)
    }),
    Rule::CloseCodeNotAllowed { .. } => Ending(|talk, side| {
        let [close, answer] = talk.handshake_of_closes(side, &1005_u16.to_be_bytes(), &1005_u16.to_be_bytes());
        talk.end_both();
        on(close, side).and(on(answer, side.peer()))
    }),
    Rule::CloseReasonNotUtf8 { .. } => Ending(|talk, side| {
        let [close, _] = talk.handshake_of_closes(side, b"\x03\xe8bye\xFF", b"\x03\xe8");
        talk.end_both();
        on(close, side)
    }),
    Rule::CloseReplyChangesCode { .. } => Ending(|talk, side| {
        let [_, answer] = talk.handshake_of_closes(side, b"\x03\xe8", b"\x03\xe9");
        talk.end_both();
        on(answer, side.peer())
    }),
    Rule::FrameAfterClose => Ending(|talk, side| {
        talk.handshake_of_closes(side, b"\x03\xe8", b"\x03\xe8");
        let late = talk.send(side, FrameHeader::new(Opcode::Text, 4), b"wait".to_vec());
        talk.end_both();
        on(late, side)
    }),
    Rule::EndedInsideFrame => Ending(|talk, side| {
        let frame = talk.send(side, FrameHeader::new(Opcode::Binary, 10), b"cut".to_vec());
        talk.end_both();
        on(frame, side).causing(&["ended-without-close"])
    }),
    Rule::EndedInsideMessage => Ending(|talk, side| {
        let frame = talk.send(side, FrameHeader { fin: false, ..FrameHeader::new(Opcode::Text, 1) }, b"a".to_vec());
        talk.handshake_of_closes(side, b"\x03\xe8", b"\x03\xe8");
        talk.end_both();
        on(frame, side)
    }),
    Rule::PongWithoutPing => Between(|talk, side| {
        talk.answer_all(side);
        on(talk.send(side, FrameHeader::new(Opcode::Pong, 5), b"alone".to_vec()), side)
    }),
    Rule::PongMatchesNoPing => Between(|talk, side| {
        talk.answer_all(side);
        talk.ping(side.peer(), b"question".to_vec());
        let wrong = talk.send(side, FrameHeader::new(Opcode::Pong, 9), b"something".to_vec());
        talk.answer_all(side);
        on(wrong, side)
    }),
    Rule::PingNotAnswered => Ending(|talk, side| {
        let ping = talk.ping(side, b"anybody?".to_vec());
        talk.handshake_of_closes(side, b"\x03\xe8", b"\x03\xe8");
        talk.end_both();
        on(ping, side.peer())
    }),
    Rule::EndedWithoutClose => Ending(|talk, _| {
        talk.end_both();
        nowhere(None)
    }),
    Rule::CloseNotAnswered => Ending(|talk, side| {
        let close = talk.close_frame(side, b"\x03\xe8");
        talk.end_both();
        on(close, side.peer())
    }),
    Rule::CloseNotAnsweredInTime => Ending(|talk, side| {
        let close = talk.close_frame(side, b"\x03\xe8");
        talk.end(side, TransportEnd::Timeout);
        on(close, side.peer())
    }),
    Rule::ClientEndedTransportFirst => Ending(|talk, side| {
        talk.handshake_of_closes(side, b"\x03\xe8", b"\x03\xe8");
        talk.end(Client, TransportEnd::Fin);
        talk.end(Server, TransportEnd::Fin);
        nowhere(Some(Client))
    }),
}

/// A compressed message of one frame with this payload.
fn compressed(talk: &mut Talk, side: Side, payload: &[u8]) -> usize {
    let header = FrameHeader { rsv1: true, ..FrameHeader::new(Opcode::Binary, payload.len() as u64) };
    talk.send(side, header, payload.to_vec())
}

fn in_request(heads: &mut Heads, text: &str, replacement: &str) {
    assert!(heads.request.contains(text), "{text}");
    heads.request = heads.request.replacen(text, replacement, 1);
}

fn in_response(heads: &mut Heads, text: &str, replacement: &str) {
    assert!(heads.response.contains(text), "{text}");
    heads.response = heads.response.replacen(text, replacement, 1);
}
