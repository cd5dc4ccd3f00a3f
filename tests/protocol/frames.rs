//! RFC 6455 section 5: frame headers, masking and control frames.

use closelook::protocol::decoder::{DecoderEvent, FrameDecoder};
use closelook::protocol::direction::Side;
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::{FrameHeader, HeaderParse, LengthEncoding};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::message::MessageKind;
use closelook::protocol::opcode::Opcode;

use crate::transcript::{KEY, Transcript, close, fragment, frame, hex};

fn header(bytes: &[u8]) -> FrameHeader {
    match FrameHeader::parse(bytes) {
        HeaderParse::Complete(header) => header,
        HeaderParse::Needs(needed) => panic!("{needed} bytes needed of {bytes:02x?}"),
    }
}

#[test]
fn the_single_frame_examples_of_section_5_7() {
    let unmasked = Transcript::upgraded().server(hex("81 05 48 65 6c 6c 6f"));
    let masked = Transcript::upgraded().client(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    for (transcript, key) in [(unmasked, None), (masked, Some(KEY))] {
        let header = transcript.frames()[0].header;
        assert_eq!(header, FrameHeader { masking_key: key, ..FrameHeader::new(Opcode::Text, 5) });
        let message = transcript.messages()[0];
        assert_eq!((message.kind, message.payload_length, message.fragments), (MessageKind::Text, 5, 1));
        assert!(message.completed_at.is_some());
        assert_eq!(transcript.rules(), []);
    }
    let mut payload = hex("7f 9f 4d 51 58");
    KEY.apply(&mut payload, 0);
    assert_eq!(payload, b"Hello");
}

#[test]
fn the_fragmented_example_of_section_5_7() {
    let transcript = Transcript::upgraded().server(hex("01 03 48 65 6c")).server(hex("80 02 6c 6f"));
    assert_eq!(transcript.opcodes(), [Opcode::Text, Opcode::Continuation]);
    let message = transcript.messages()[0];
    assert_eq!((message.fragments, message.payload_length), (2, 5));
    assert_eq!((message.first_frame.0, message.last_frame.0), (1, 2));
    assert_eq!(transcript.rules(), []);
}

#[test]
fn the_ping_and_pong_examples_of_section_5_7() {
    let transcript =
        Transcript::upgraded().server(hex("89 05 48 65 6c 6c 6f")).client(hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58"));
    assert_eq!(transcript.opcodes(), [Opcode::Ping, Opcode::Pong]);
    assert_eq!(transcript.rules(), []);
    assert_eq!(transcript.messages(), []);
}

#[test]
fn the_long_examples_of_section_5_7() {
    for (start, length) in [("82 7e 01 00", 256), ("82 7f 00 00 00 00 00 01 00 00", 65536)] {
        let transcript = Transcript::upgraded().server(hex(start)).server(vec![7; length]);
        assert_eq!(transcript.frames()[0].header, FrameHeader::new(Opcode::Binary, length as u64));
        assert!(transcript.messages()[0].completed_at.is_some());
        assert_eq!(transcript.rules(), []);
    }
}

#[test]
fn lengths_at_the_edges_of_their_encodings() {
    use LengthEncoding::{SevenBits, SixteenBits, SixtyFourBits};
    let minimal = [
        ("82 00", 0, SevenBits),
        ("82 7d", 125, SevenBits),
        ("82 7e 00 7e", 126, SixteenBits),
        ("82 7e 00 7f", 127, SixteenBits),
        ("82 7e ff ff", 65535, SixteenBits),
        ("82 7f 00 00 00 00 00 01 00 00", 65536, SixtyFourBits),
        ("82 7f 7f ff ff ff ff ff ff ff", (1 << 63) - 1, SixtyFourBits),
    ];
    for (bytes, length, encoding) in minimal {
        let header = header(&hex(bytes));
        assert_eq!((header.payload_length, header.length_encoding), (length, encoding), "{bytes}");
        assert_eq!(LengthEncoding::minimal(length), encoding, "{bytes}");
        assert_eq!(header.header_length(), hex(bytes).len());
        assert_eq!(Transcript::upgraded().server(hex(bytes)).rules(), [], "{bytes}");
    }
    let longer_than_needed = [
        ("82 7e 00 00", 0, SixteenBits),
        ("82 7e 00 7d", 125, SixteenBits),
        ("82 7f 00 00 00 00 00 00 00 00", 0, SixtyFourBits),
        ("82 7f 00 00 00 00 00 00 00 7d", 125, SixtyFourBits),
        ("82 7f 00 00 00 00 00 00 ff ff", 65535, SixtyFourBits),
    ];
    for (bytes, length, encoding) in longer_than_needed {
        let header = header(&hex(bytes));
        assert_eq!((header.payload_length, header.length_encoding), (length, encoding), "{bytes}");
        assert_eq!(Transcript::upgraded().server(hex(bytes)).rules(), [Rule::LengthNotMinimal { length }], "{bytes}");
    }
    for bytes in ["82 7f 80 00 00 00 00 00 00 00", "82 7f ff ff ff ff ff ff ff ff"] {
        let transcript = Transcript::upgraded().server(hex(bytes)).server(vec![0; 4096]);
        assert_eq!(transcript.rules(), [Rule::LengthTopBitSet], "{bytes}");
        assert_eq!(transcript.frames().len(), 1, "all that follows is payload");
    }
}

#[test]
fn a_header_says_how_many_bytes_it_needs() {
    let rows = [
        ("", 2),
        ("81", 2),
        ("81 80", 6),
        ("81 7e", 4),
        ("81 7e 01", 4),
        ("81 fe", 8),
        ("81 7f", 10),
        ("81 ff", 14),
        ("81 ff 00 00 00 00 00 01 00 00 01 02 03", 14),
    ];
    for (bytes, needed) in rows {
        assert_eq!(FrameHeader::parse(&hex(bytes)), HeaderParse::Needs(needed), "{bytes}");
    }
}

#[test]
fn every_first_byte_is_read_and_written() {
    for first in 0..=255 {
        for second in ["05", "85 01 02 03 04", "7e 01 00", "ff 00 00 00 00 00 01 00 00 09 08 07 06"] {
            let bytes = [vec![first], hex(second)].concat();
            let header = header(&bytes);
            assert_eq!(header.first_byte(), first);
            let mut written = Vec::new();
            header.write(&mut written);
            assert_eq!(written, bytes);
        }
    }
}

#[test]
fn reserved_opcodes() {
    for opcode in (0x3..=0x7).chain(0xB..=0xF) {
        let transcript = Transcript::upgraded().server([0x80 | opcode, 2, 0xff, 0xff]).server(hex("81 01 61"));
        assert_eq!(transcript.findings(), [(Some(1), Some(Side::Server), Rule::ReservedOpcode { opcode })]);
        assert_eq!(transcript.opcodes(), [Opcode::Reserved(opcode), Opcode::Text], "the frames go on");
        assert_eq!(transcript.messages().len(), 1);
        assert_eq!(Opcode::Reserved(opcode).is_control(), opcode >= 0x8);
    }
}

#[test]
fn reserved_opcodes_in_a_message_leave_it_alone() {
    let transcript = Transcript::upgraded().server(hex("01 01 61 83 01 ff 80 01 62"));
    assert_eq!(transcript.rules(), [Rule::ReservedOpcode { opcode: 3 }]);
    assert_eq!(transcript.messages()[0].payload_length, 2);
}

#[test]
fn reserved_bits_need_an_extension() {
    let broken = Rule::ReservedBitWithoutExtension;
    // Each row: bytes, rules without an extension, rules with permessage-deflate.
    let rows = [
        ("c1 01 00", vec![broken], vec![]),
        ("c2 01 00", vec![broken], vec![]),
        ("a1 00", vec![broken], vec![broken]),
        ("91 00", vec![broken], vec![broken]),
        ("f1 01 00", vec![broken], vec![broken]),
        // RSV1 belongs on the first frame of a message and never on a control frame (RFC 7692 6).
        ("41 01 00 c0 00", vec![broken, broken], vec![Rule::CompressedBitOnContinuation]),
        ("41 01 00 80 00", vec![broken], vec![]),
        ("c9 00", vec![broken], vec![Rule::CompressedBitOnControlFrame]),
    ];
    for (bytes, without, with) in rows {
        assert_eq!(Transcript::upgraded().server(hex(bytes)).rules(), without, "{bytes}");
        assert_eq!(Transcript::upgraded_with_compression().server(hex(bytes)).rules(), with, "{bytes}");
    }
}

#[test]
fn an_extension_is_known_by_its_whole_name() {
    let tuned = "permessage-deflate; server_max_window_bits=10";
    assert_eq!(Transcript::upgraded_with_extension(tuned).server(hex("a1 00")).rules().len(), 1);
    // An extension that is not known here may give every bit and every opcode a meaning (RFC 6455 5.8).
    for unknown in ["x-webkit-deflate-frame", "permessage-deflate-next"] {
        let transcript = Transcript::upgraded_with_extension(unknown).server(hex("a1 00 d1 00 83 00"));
        assert_eq!(transcript.rules(), [], "{unknown}");
    }
}

#[test]
fn the_client_masks_and_the_server_does_not() {
    let rows = [
        (Side::Client, "81 80 01 02 03 04", vec![]),
        (Side::Client, "81 00", vec![Rule::ClientFrameNotMasked]),
        (Side::Client, "81 80 00 00 00 00", vec![Rule::MaskingKeyZero]),
        (Side::Server, "81 00", vec![]),
        (Side::Server, "81 80 01 02 03 04", vec![Rule::ServerFrameMasked]),
        (Side::Server, "81 80 00 00 00 00", vec![Rule::ServerFrameMasked]),
    ];
    for (side, bytes, rules) in rows {
        assert_eq!(Transcript::upgraded().says(side, hex(bytes)).rules(), rules, "{side} {bytes}");
    }
}

#[test]
fn text_masked_the_wrong_way_round_is_still_read() {
    let text = "ab\u{20ac}".as_bytes();
    let bare = FrameHeader::new(Opcode::Text, 5);
    let masked = FrameHeader { masking_key: Some(KEY), ..bare };
    let transcript = Transcript::upgraded().client(bare.with_payload(text)).server(masked.with_payload(text));
    assert_eq!(transcript.rules(), [Rule::ClientFrameNotMasked, Rule::ServerFrameMasked]);
}

#[test]
fn masking_goes_on_where_it_stopped() {
    let key = MaskingKey([1, 2, 4, 8]);
    let mut masked = [0; 11];
    key.apply(&mut masked, 0);
    assert_eq!(masked, [1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4]);
    let mut later = [0; 5];
    key.apply(&mut later, u64::MAX);
    assert_eq!(later, [8, 1, 2, 4, 8]);
    assert_eq!(key.to_string(), "01 02 04 08");
}

#[test]
fn control_frames_are_short_and_whole() {
    let rows = [
        ("09 00", vec![Rule::ControlFrameFragmented]),
        ("89 7d", vec![]),
        ("89 7e 00 7e", vec![Rule::ControlFrameTooLong { length: 126 }]),
        ("8a 7e 00 7d", vec![Rule::LengthNotMinimal { length: 125 }]),
        ("0b 00", vec![Rule::ReservedOpcode { opcode: 0xB }, Rule::ControlFrameFragmented]),
    ];
    for (bytes, rules) in rows {
        assert_eq!(Transcript::upgraded().server(hex(bytes)).rules(), rules, "{bytes}");
    }
}

#[test]
fn a_pong_answers_a_ping_or_stands_alone() {
    let ping = |payload: &[u8]| frame(Side::Server, Opcode::Ping, payload);
    let pong = |payload: &[u8]| frame(Side::Client, Opcode::Pong, payload);
    let lone = Rule::PongWithoutPing;
    let newest_only = Transcript::upgraded().server(ping(b"a")).server(ping(b"b")).client(pong(b"b"));
    assert_eq!(newest_only.rules(), []);
    assert_eq!(newest_only.client(pong(b"a")).rules(), [lone]);
    let twice = Transcript::upgraded().server(ping(b"")).client(pong(b"")).client(pong(b""));
    assert_eq!(twice.rules(), [lone]);
    let own = Transcript::upgraded().client(frame(Side::Client, Opcode::Ping, b"x")).client(pong(b"x"));
    assert_eq!(own.rules(), [lone], "nobody answers their own Ping");
    let changed = Transcript::upgraded().server(ping(b"abc")).client(pong(b"abd"));
    assert_eq!(changed.rules(), [Rule::PongMatchesNoPing]);
}

#[test]
fn a_frame_is_known_before_its_payload() {
    let transcript = Transcript::upgraded().client(hex("82 85 01 02 03 04"));
    assert_eq!(transcript.frames()[0].header.payload_length, 5);
    assert_eq!(transcript.messages()[0].completed_at, None);
    let transcript = transcript.client(hex("00 00 00 00"));
    assert_eq!(transcript.messages()[0].completed_at, None);
    let transcript = transcript.client(hex("00"));
    assert!(transcript.messages()[0].completed_at.is_some());
}

#[test]
fn frames_are_numbered_over_both_directions_and_placed_in_their_own() {
    let (ping, pong) = (frame(Side::Server, Opcode::Ping, b"12"), frame(Side::Client, Opcode::Pong, b"12"));
    let transcript = Transcript::upgraded().server(&ping).client(&pong).server(&ping).server(&ping);
    let numbers: Vec<u64> = transcript.frames().iter().map(|frame| frame.number.0).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let places: Vec<u64> = transcript.frames().iter().map(|frame| frame.stream_offset).collect();
    let (client, server) = (places[1], places[0]);
    assert_eq!(places, [server, client, server + 4, server + 8]);
}

#[test]
fn the_decoder_reports_bytes_in_their_order() {
    let bytes = [
        fragment(Side::Client, false, Opcode::Text, b"abc"),
        frame(Side::Client, Opcode::Ping, b""),
        fragment(Side::Client, true, Opcode::Continuation, &[b'd'; 300]),
    ]
    .concat();
    for size in [1, 2, 3, 5, 7, bytes.len()] {
        let mut decoder = FrameDecoder::new(1000);
        let (mut seen, mut headers, mut between) = (Vec::new(), Vec::new(), 0);
        for slice in bytes.chunks(size) {
            decoder.decode(slice, |event| match event {
                DecoderEvent::Header { header, stream_offset } => {
                    assert_eq!(stream_offset, 1000 + seen.len() as u64);
                    header.write(&mut seen);
                    headers.push(header);
                }
                DecoderEvent::Payload { bytes, .. } => seen.extend_from_slice(bytes),
                DecoderEvent::Finished => between += 1,
            });
        }
        assert_eq!((&seen, headers.len(), between), (&bytes, 3, 3), "slices of {size}");
        assert!(decoder.is_between_frames());
        decoder.decode(&[0x81], |_| ());
        assert!(!decoder.is_between_frames());
    }
}

#[test]
fn round_trips_are_told_with_their_frames_and_moments() {
    let ping = |payload: &[u8]| frame(Side::Server, Opcode::Ping, payload);
    let pong = |payload: &[u8]| frame(Side::Client, Opcode::Pong, payload);
    let transcript = Transcript::upgraded().server(ping(b"a")).server(ping(b"b")).client(pong(b"a")).client(pong(b"b"));
    let session = transcript.session();
    let trips: Vec<_> = session.round_trips.iter().map(|trip| (trip.ping.0, trip.pong.0)).collect();
    assert_eq!(trips, [(1, 3), (2, 4)]);
    assert!(session.round_trips.iter().all(|trip| trip.answered_at.since(trip.sent_at).as_nanos() == 2));
    let skipped = Transcript::upgraded().server(ping(b"a")).server(ping(b"b")).client(pong(b"b"));
    let trips: Vec<_> = skipped.session().round_trips.iter().map(|trip| (trip.ping.0, trip.pong.0)).collect();
    assert_eq!(trips, [(2, 3)], "one Pong may answer the newest of several Pings");
}

/// Of a flood only the newest Pings are remembered, and nobody is blamed for what was forgotten.
#[test]
fn late_answers_to_a_flood_of_pings_break_no_rule() {
    for alike in [true, false] {
        let payload = |number: u16| if alike { *b"..." } else { [b'p', (number >> 8) as u8, number as u8] };
        let mut transcript = Transcript::upgraded();
        for number in 0..1000 {
            transcript = transcript.server(frame(Side::Server, Opcode::Ping, &payload(number)));
        }
        for number in 0..1000 {
            transcript = transcript.client(frame(Side::Client, Opcode::Pong, &payload(number)));
        }
        assert_eq!(transcript.rules(), [], "alike: {alike}");
        let late = transcript.client(frame(Side::Client, Opcode::Pong, b"one more"));
        assert_eq!(late.findings(), [(Some(2001), Some(Side::Client), Rule::PongWithoutPing)]);
    }
}

#[test]
fn a_ping_that_nobody_answers_is_found_at_the_end() {
    let ping = frame(Side::Server, Opcode::Ping, b"there?");
    let pong = frame(Side::Client, Opcode::Pong, b"there?");
    let unanswered = Transcript::upgraded().server(&ping).fin(Side::Server).fin(Side::Client);
    let expected = (Some(1), Some(Side::Client), Rule::PingNotAnswered);
    assert!(unanswered.findings().contains(&expected), "{:?}", unanswered.findings());
    let answered = Transcript::upgraded().server(&ping).client(pong).fin(Side::Server).fin(Side::Client);
    assert_eq!(answered.rules(), [Rule::EndedWithoutClose]);
    let after_close = Transcript::upgraded()
        .client(close(Side::Client, Some(1000)))
        .server(&ping)
        .server(close(Side::Server, Some(1000)))
        .fin(Side::Server)
        .fin(Side::Client);
    assert_eq!(after_close.rules(), [], "a side that has sent its Close need not answer");
}

#[test]
fn one_masking_key_for_two_frames_is_found_once() {
    let transcript = Transcript::upgraded().client(hex("81 81 01 02 03 04 60 81 81 01 02 03 05 60 82 80 01 02 03 05"));
    let told = |transcript: &Transcript| -> Vec<u64> {
        let session = transcript.session();
        let repeated = session.findings.iter().filter(|finding| finding.rule == Rule::MaskingKeyRepeated);
        repeated.filter_map(|finding| Some(finding.frame?.0)).collect()
    };
    assert_eq!(told(&transcript), [3]);
    assert_eq!(told(&transcript.client(hex("82 80 01 02 03 05"))), [3]);
}

#[test]
fn ordinary_frames_are_told_like_any_others() {
    // The same frames whole, and byte by byte, which goes the longer way.
    let frames =
        hex("81 02 68 69 82 02 ff fe 81 03 61 c3 a9 82 7e 00 7e").into_iter().chain(vec![7; 126]).collect::<Vec<_>>();
    let whole = Transcript::upgraded().server(&frames);
    let slowly = Transcript::upgraded().says_slowly(Side::Server, &frames);
    let told = |transcript: &Transcript| -> Vec<_> {
        transcript
            .frames()
            .iter()
            .map(|frame| (frame.number, frame.stream_offset, frame.header, frame.message))
            .collect()
    };
    assert_eq!(told(&whole), told(&slowly));
    assert_eq!((whole.rules(), slowly.rules()), (vec![], vec![]));
}
