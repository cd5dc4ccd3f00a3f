//! What holds of the protocol room for any bytes.

use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::dissector::{Dissector, Fact};
use closelook::protocol::frame::{FrameHeader, HeaderParse, LengthEncoding};
use closelook::protocol::http::{HeadParse, RequestHead, ResponseHead};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::utf8::Utf8Validator;
use closelook::protocol::verdict::{TransportEnd, Verdict};
use proptest::prelude::*;

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
const RESPONSE: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

/// What one step of a conversation tells the dissector.
#[derive(Debug, Clone)]
enum Step {
    Bytes(Direction, Vec<u8>),
    End(Side, TransportEnd),
}

/// All that a conversation shows. Every moment is the same, because it depends on the cuts.
fn dissect(steps: &[Step]) -> (Vec<Fact>, Verdict) {
    let at = Moment(7);
    let (mut dissector, mut facts) = (Dissector::new(), Vec::new());
    for step in steps {
        match step {
            Step::Bytes(direction, bytes) => dissector.receive(*direction, at, bytes, &mut |fact| facts.push(fact)),
            Step::End(side, how) => dissector.transport_ended(*side, *how, at, &mut |fact| facts.push(fact)),
        }
    }
    dissector.recording_ended(at, &mut |fact| facts.push(fact));
    (facts, dissector.verdict())
}

/// The same steps, their bytes cut into pieces whose sizes are taken from `sizes` in turn; a size of zero is an empty piece.
fn cut(steps: &[Step], sizes: &[usize]) -> Vec<Step> {
    let mut sizes = sizes.iter().copied().cycle();
    let mut pieces = Vec::new();
    for step in steps {
        match step {
            Step::Bytes(direction, bytes) => {
                let mut rest = bytes.as_slice();
                while !rest.is_empty() {
                    let (piece, after) = rest.split_at(sizes.next().unwrap_or(1).min(rest.len()));
                    pieces.push(Step::Bytes(*direction, piece.to_vec()));
                    rest = after;
                }
            }
            end => pieces.push(end.clone()),
        }
    }
    pieces
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(Direction::BOTH.to_vec())
}

fn header() -> impl Strategy<Value = FrameHeader> {
    let length = prop_oneof![
        4 => 0..200_u64,
        1 => prop::sample::select(vec![125, 126, 65535, 65536, 1 << 63, u64::MAX]),
        1 => any::<u64>(),
    ];
    (any::<[bool; 4]>(), 0..16_u8, any::<Option<[u8; 4]>>(), length, 0..3_u8).prop_map(
        |([fin, rsv1, rsv2, rsv3], opcode, key, length, encoding)| {
            let (length_encoding, payload_length) = match encoding {
                0 => (LengthEncoding::SevenBits, length % 126),
                1 => (LengthEncoding::SixteenBits, length & 0xFFFF),
                _ => (LengthEncoding::SixtyFourBits, length),
            };
            FrameHeader {
                fin,
                rsv1,
                rsv2,
                rsv3,
                opcode: Opcode::from_bits(opcode),
                masking_key: key.map(MaskingKey),
                length_encoding,
                payload_length,
            }
        },
    )
}

/// A frame that is whole, mostly with an opcode that has a meaning.
fn frame() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        3 => "[a-z\u{e9}\u{20ac}\u{1f600}]{0,40}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..200),
        1 => Just(vec![0x03, 0xe8]),
        1 => Just(Vec::new()),
    ];
    let opcode = prop::sample::select(vec![0, 0, 1, 1, 2, 8, 9, 10, 3, 11]);
    (header(), opcode, payload).prop_map(|(header, opcode, payload)| {
        let rare = header.payload_length % 8 == 0;
        let length = payload.len() as u64;
        FrameHeader {
            rsv1: header.rsv1 && rare,
            rsv2: header.rsv2 && rare,
            rsv3: false,
            opcode: Opcode::from_bits(opcode),
            payload_length: length,
            length_encoding: LengthEncoding::minimal(length).max(header.length_encoding),
            ..header
        }
        .with_payload(&payload)
    })
}

fn said() -> impl Strategy<Value = Vec<Step>> {
    let bytes = prop_oneof![6 => frame(), 1 => prop::collection::vec(any::<u8>(), 0..40)];
    let step = (direction(), bytes).prop_map(|(direction, bytes)| Step::Bytes(direction, bytes));
    prop::collection::vec(step, 0..20)
}

fn ends() -> impl Strategy<Value = Vec<Step>> {
    let how =
        prop::sample::select(vec![TransportEnd::Fin, TransportEnd::Rst, TransportEnd::Timeout, TransportEnd::Local]);
    let end = (direction(), how).prop_map(|(direction, how)| Step::End(direction.sender(), how));
    prop::collection::vec(end, 0..3)
}

/// The beginning of a conversation, good or bad.
fn opening() -> impl Strategy<Value = Vec<Step>> {
    use Direction::{ClientToServer, ServerToClient};
    let step = |direction, text: &str| Step::Bytes(direction, text.as_bytes().to_vec());
    let (request, response) = (step(ClientToServer, REQUEST), step(ServerToClient, RESPONSE));
    let interim = step(ServerToClient, &format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\n\r\n{RESPONSE}"));
    let malformed = step(ClientToServer, "GET / HTTP/1.1\r\nno colon\r\n\r\n");
    let early = Step::Bytes(ClientToServer, [REQUEST.as_bytes(), &[0x89, 0x80, 1, 2, 3, 4]].concat());
    let eager = Step::Bytes(ServerToClient, [RESPONSE.as_bytes(), &[0x81, 0x01, 0x61]].concat());
    prop_oneof![
        6 => Just(vec![request.clone(), response.clone()]),
        1 => Just(vec![request.clone(), interim]),
        1 => Just(vec![early, response.clone()]),
        1 => Just(vec![request.clone(), eager]),
        1 => Just(vec![response.clone(), request.clone()]),
        1 => Just(vec![malformed, response]),
        1 => Just(vec![request, step(ServerToClient, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")]),
        1 => Just(vec![]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_of_the_same_bytes_shows_the_same(
        opening in opening(),
        said in said(),
        ends in ends(),
        sizes in prop::collection::vec(0..30_usize, 1..20),
    ) {
        let steps = [opening, said, ends].concat();
        let whole = dissect(&steps);
        prop_assume!(sizes.iter().any(|size| *size > 0));
        prop_assert_eq!(&dissect(&cut(&steps, &sizes)), &whole);
        prop_assert_eq!(&dissect(&cut(&steps, &[1])), &whole);
    }

    #[test]
    fn a_written_header_reads_the_same(header in header(), after in prop::collection::vec(any::<u8>(), 0..4)) {
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        prop_assert_eq!(bytes.len(), header.header_length());
        for short in 0..bytes.len() {
            let parse = FrameHeader::parse(&bytes[..short]);
            prop_assert!(matches!(parse, HeaderParse::Needs(needed) if needed > short && needed <= bytes.len()));
        }
        bytes.extend_from_slice(&after);
        prop_assert_eq!(FrameHeader::parse(&bytes), HeaderParse::Complete(header));
    }

    #[test]
    fn a_read_header_is_written_the_same(bytes in prop::collection::vec(any::<u8>(), 14)) {
        let HeaderParse::Complete(header) = FrameHeader::parse(&bytes) else {
            return Err(TestCaseError::fail("fourteen bytes hold every header"));
        };
        let mut written = Vec::new();
        header.write(&mut written);
        prop_assert_eq!(&written, &bytes[..header.header_length()]);
    }

    #[test]
    fn masking_is_a_byte_by_byte_xor_and_its_own_inverse(
        key in any::<[u8; 4]>(),
        bytes in prop::collection::vec(any::<u8>(), 0..100),
        position in prop_oneof![0..16_u64, Just(u64::MAX), any::<u64>()],
    ) {
        let mut masked = bytes.clone();
        MaskingKey(key).apply(&mut masked, position);
        let naive: Vec<u8> = bytes
            .iter()
            .enumerate()
            .map(|(index, byte)| byte ^ key[((u128::from(position) + index as u128) % 4) as usize])
            .collect();
        prop_assert_eq!(&masked, &naive);
        MaskingKey(key).apply(&mut masked, position);
        prop_assert_eq!(masked, bytes);
    }

    #[test]
    fn utf8_in_parts_is_what_std_says(
        pieces in prop::collection::vec(
            prop_oneof![
                4 => any::<char>().prop_map(|letter| letter.to_string().into_bytes()),
                1 => prop::collection::vec(0x80_u8.., 1..3),
            ],
            0..12,
        ),
        cut_off in 0..3_usize,
        sizes in prop::collection::vec(1..6_usize, 1..8),
    ) {
        let mut text = pieces.concat();
        text.truncate(text.len().saturating_sub(cut_off));
        let mut validator = Utf8Validator::default();
        let (mut rest, mut sizes) = (text.as_slice(), sizes.iter().cycle());
        let mut result = Ok(());
        while result.is_ok() && !rest.is_empty() {
            let (part, after) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
            result = validator.feed(part);
            rest = after;
        }
        let found = result.and_then(|()| validator.finish()).map_err(|fault| fault.at);
        prop_assert_eq!(found, std::str::from_utf8(&text).map(drop).map_err(|error| error.valid_up_to() as u64));
    }

    #[test]
    fn noise_never_panics(
        opening in opening(),
        noise in prop::collection::vec((direction(), prop::collection::vec(any::<u8>(), 0..2000)), 0..8),
        ends in ends(),
    ) {
        let noise = noise.into_iter().map(|(direction, bytes)| Step::Bytes(direction, bytes)).collect();
        dissect(&[opening, noise, ends].concat());
    }

    #[test]
    fn noise_is_no_head_or_a_head_within_its_bytes(
        start in prop::sample::select(vec!["", "HTTP/1.1 101 ", "GET / HTTP/1.1\r\n"]),
        noise in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\r\n: HTP/1.".to_vec())], 0..300),
    ) {
        let bytes = [start.as_bytes(), &noise].concat();
        if let HeadParse::Complete { length, .. } = RequestHead::parse(&bytes) {
            prop_assert!(length <= bytes.len());
        }
        if let HeadParse::Complete { length, .. } = ResponseHead::parse(&bytes) {
            prop_assert!(length <= bytes.len());
        }
    }

    /// Memory in proportion to such a claim cannot be had on any machine, and what is kept of the payload shows in the debug form.
    #[test]
    fn a_claimed_length_costs_no_memory(mut header in header(), claimed in prop_oneof![1_u64 << 40.., 1_u64 << 62..]) {
        header.payload_length = claimed;
        header.length_encoding = LengthEncoding::SixtyFourBits;
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        let slice = [b'a'; 1024];
        for direction in Direction::BOTH {
            let mut dissector = Dissector::new();
            dissector.receive(Direction::ClientToServer, Moment(0), REQUEST.as_bytes(), &mut |_| ());
            dissector.receive(Direction::ServerToClient, Moment(1), RESPONSE.as_bytes(), &mut |_| ());
            dissector.receive(direction, Moment(2), &bytes, &mut |_| ());
            for _ in 0..2 {
                dissector.receive(direction, Moment(3), &slice, &mut |_| ());
            }
            let early = format!("{dissector:?}").len();
            for _ in 0..64 {
                dissector.receive(direction, Moment(3), &slice, &mut |_| ());
            }
            let late = format!("{dissector:?}").len();
            prop_assert!(late < early + 64, "{early} grew to {late} for {header:?}");
        }
    }
}
