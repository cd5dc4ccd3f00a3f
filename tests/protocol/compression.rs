//! RFC 7692: permessage-deflate as it is negotiated and as it is inflated.

use closelook::protocol::deflater::Deflater;
use closelook::protocol::direction::{Direction, Side};
use closelook::protocol::dissector::{Dissector, Fact};
use closelook::protocol::finding::Rule;
use closelook::protocol::frame::FrameHeader;
use closelook::protocol::inflater::{InflateError, Inflater};
use closelook::protocol::moment::Moment;
use closelook::protocol::opcode::Opcode;
use closelook::protocol::permessage_deflate::{
    Answer, ClientWindow, Offer, ParameterError, SideCompression, WindowBits,
};
use closelook::session::MessageReader;

use crate::transcript::{REQUEST, RESPONSE, Transcript, hex, request_with, response_with};

fn bits(bits: u8) -> WindowBits {
    WindowBits::new(bits).unwrap()
}

fn content(transcript: &Transcript, index: usize) -> Vec<u8> {
    let session = transcript.session();
    let message = session.messages().nth(index).unwrap();
    session.message_content(&message, u64::MAX)
}

/// A final, compressed frame of the server.
fn compressed(payload: &[u8]) -> Vec<u8> {
    FrameHeader { rsv1: true, ..FrameHeader::new(Opcode::Binary, payload.len() as u64) }.with_payload(payload)
}

/// The examples of section 7.2.3, each as the server's bytes and what its messages hold.
#[test]
fn the_examples_of_section_7_2_3() {
    let rows = [
        // 7.2.3.1: one block, in one frame and in two.
        ("c1 07 f2 48 cd c9 c9 07 00", vec!["Hello"]),
        ("41 03 f2 48 cd 80 04 c9 c9 07 00", vec!["Hello"]),
        // 7.2.3.2: the second message refers to the first.
        ("c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00", vec!["Hello", "Hello"]),
        // Without the context of the first it is as long again.
        ("c1 07 f2 48 cd c9 c9 07 00 c1 07 f2 48 cd c9 c9 07 00", vec!["Hello", "Hello"]),
        // 7.2.3.3: a block without compression.
        ("c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00", vec!["Hello"]),
        // 7.2.3.4: a block with BFINAL, and an empty one behind it.
        ("c1 08 f3 48 cd c9 c9 07 00 00", vec!["Hello"]),
        // 7.2.3.5: two blocks.
        ("c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00", vec!["Hello"]),
        // 7.2.3.6: an empty message.
        ("c1 01 00", vec![""]),
        // A message that is not compressed between two that are.
        ("c1 07 f2 48 cd c9 c9 07 00 81 02 68 69 c1 05 f2 00 11 00 00", vec!["Hello", "hi", "Hello"]),
    ];
    for (bytes, expected) in rows {
        let transcript = Transcript::upgraded_with_compression().server(hex(bytes));
        assert_eq!(transcript.rules(), [], "{bytes}");
        for (index, text) in expected.iter().enumerate() {
            assert_eq!(content(&transcript, index), text.as_bytes(), "{bytes}");
            let message = transcript.messages()[index];
            assert_eq!(message.content_length(), text.len() as u64, "{bytes}");
        }
        let slowly = Transcript::upgraded_with_compression().says_slowly(Side::Server, hex(bytes));
        assert_eq!(slowly.rules(), []);
        let lengths = |transcript: &Transcript| -> Vec<u64> {
            transcript.messages().iter().map(|message| message.content_length()).collect()
        };
        assert_eq!(lengths(&slowly), lengths(&transcript), "{bytes}");
    }
}

#[test]
fn each_direction_has_its_own_context() {
    let masked = "c1 85 00 00 00 00 f2 00 11 00 00";
    let transcript =
        Transcript::upgraded_with_compression().server(hex("c1 07 f2 48 cd c9 c9 07 00")).client(hex(masked));
    assert_eq!(
        transcript.findings(),
        [
            (Some(2), Some(Side::Client), Rule::MaskingKeyZero),
            (Some(2), Some(Side::Client), Rule::CompressedDataInvalid { at: 3 })
        ]
    );
}

#[test]
fn what_may_not_refer_back_does_not() {
    let agreed = "permessage-deflate; server_no_context_takeover";
    let transcript = Transcript::upgraded_with_extension(agreed)
        .server(hex("c1 07 f2 48 cd c9 c9 07 00"))
        .server(hex("c1 05 f2 00 11 00 00"))
        .server(hex("c1 07 f2 48 cd c9 c9 07 00"));
    assert_eq!(transcript.findings(), [(Some(2), Some(Side::Server), Rule::CompressedDataInvalid { at: 3 })]);
    assert_eq!(content(&transcript, 2), b"Hello", "each message stands for itself");
}

#[test]
fn after_a_broken_message_the_context_is_lost() {
    let transcript = Transcript::upgraded_with_compression()
        .server(hex("c1 02 07 ff"))
        .server(hex("81 02 68 69"))
        .server(hex("c1 07 f2 48 cd c9 c9 07 00"));
    assert_eq!(
        transcript.findings(),
        [
            (Some(1), Some(Side::Server), Rule::CompressedDataInvalid { at: 1 }),
            (Some(3), Some(Side::Server), Rule::CompressionContextLost),
        ]
    );
    let messages = transcript.messages();
    assert!(messages[0].inflated.unwrap().problem.is_some() && messages[0].completed_at.is_some());
    assert_eq!(messages[1].inflated, None);
    assert_eq!(messages[2].inflated.unwrap().problem, Some(InflateError::ContextLost));
    assert_eq!(content(&transcript, 2), b"");
}

/// What stands for the tail would be taken for more of the header, and gives nothing.
#[test]
fn a_message_that_ends_inside_the_header_of_a_block() {
    let transcript =
        Transcript::upgraded_with_compression().server(hex("c1 01 04")).server(hex("c1 07 f2 48 cd c9 c9 07 00"));
    assert_eq!(transcript.rules(), [Rule::CompressedDataIncomplete, Rule::CompressionContextLost]);
    assert_eq!(Transcript::upgraded_with_compression().server(hex("c1 00")).rules(), [Rule::CompressedDataIncomplete]);
}

#[test]
fn a_final_block_without_an_empty_one_behind_it() {
    let transcript = Transcript::upgraded_with_compression()
        .server(hex("c1 07 f3 48 cd c9 c9 07 00"))
        .server(hex("c1 05 f2 00 11 00 00"));
    assert_eq!(transcript.rules(), []);
    assert_eq!(content(&transcript, 1), b"Hello");
}

/// Messages that end just before, at and behind the end of the window, once and again.
#[test]
fn the_end_of_a_message_at_any_place_of_the_window() {
    let compression = SideCompression { window_bits: bits(8), ..SideCompression::default() };
    for length in 1..=257_u16 {
        let mut inflater = Inflater::new(compression, u64::MAX);
        let mut compressed = vec![0];
        compressed.extend([length.to_le_bytes(), (!length).to_le_bytes()].concat());
        let text: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        compressed.extend_from_slice(&text);
        compressed.push(0);
        for _ in 0..3 {
            let mut inflated = Vec::new();
            inflater.begin_message().unwrap();
            inflater.inflate(&compressed, &mut |part| inflated.extend_from_slice(part)).unwrap();
            inflater.end_message(&mut |part| inflated.extend_from_slice(part)).unwrap();
            assert_eq!(inflated, text);
            let context = inflater.context();
            assert!(context.ends_with(&text[text.len().saturating_sub(256)..]), "{length}");
        }
    }
}

#[test]
fn a_message_that_ends_inside_a_block() {
    let transcript = Transcript::upgraded_with_compression().server(hex("c1 05 f2 48 cd c9 c9"));
    assert_eq!(transcript.rules(), [Rule::CompressedDataIncomplete]);
}

#[test]
fn a_reference_beyond_the_agreed_window_is_a_violation() {
    let mut distant = b"a phrase that is said twice, far apart".to_vec();
    distant.extend((0..600_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8));
    distant.extend_from_slice(b"a phrase that is said twice, far apart");
    let with_window = |sent, read: u8| {
        let sender = SideCompression { window_bits: bits(sent), ..SideCompression::default() };
        let payload = Deflater::new(sender).unwrap().deflate(&distant, true).unwrap();
        let agreed = format!("permessage-deflate; server_max_window_bits={read}");
        let transcript = Transcript::upgraded_with_extension(&agreed).server(compressed(&payload));
        (transcript.rules(), content(&transcript, 0))
    };
    assert_eq!(with_window(9, 9), (vec![], distant.clone()));
    assert_eq!(with_window(10, 10), (vec![], distant.clone()));
    assert_eq!(with_window(9, 15), (vec![], distant.clone()), "a larger window reads what a smaller one wrote");
    let (rules, _) = with_window(15, 9);
    assert!(matches!(rules[..], [Rule::CompressedDataInvalid { at }] if at > 600), "{rules:?}");
}

#[test]
fn a_bomb_is_a_finding() {
    let zeros = Deflater::new(SideCompression::default()).unwrap().deflate(&vec![0; 8 << 20], true).unwrap();
    assert!(zeros.len() < 16 * 1024);
    let mut dissector = Dissector::with_inflation_limit(1 << 20);
    let extension = "Upgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
    let request = request_with("Upgrade: websocket\r\n", extension);
    let response = response_with("Upgrade: websocket\r\n", extension);
    dissector.receive(Direction::ClientToServer, Moment(1), request.as_bytes(), &mut |_| {});
    dissector.receive(Direction::ServerToClient, Moment(2), response.as_bytes(), &mut |_| {});
    let (mut rules, mut length) = (Vec::new(), None);
    dissector.receive(Direction::ServerToClient, Moment(3), &compressed(&zeros), &mut |fact| match fact {
        Fact::Finding(finding) => rules.push(finding.rule),
        Fact::Message { message, .. } => length = message.inflated.map(|inflated| inflated.length),
        _ => {}
    });
    assert_eq!(rules, [Rule::InflatesBeyondLimit { limit: 1 << 20 }]);
    assert_eq!(length, Some(1 << 20), "what came before the limit was inflated");
}

#[test]
fn many_messages_are_read_in_any_order() {
    let mut deflater = Deflater::new(SideCompression::default()).unwrap();
    let text = |number: u32| -> Vec<u8> {
        (0..6000_u32).map(|at| ((at ^ number).wrapping_mul(2_654_435_761) >> 25) as u8).collect()
    };
    let mut transcript = Transcript::upgraded_with_compression();
    for number in 0..200 {
        transcript = transcript.server(compressed(&deflater.deflate(&text(number % 50), true).unwrap()));
    }
    assert_eq!(transcript.rules(), []);
    let session = transcript.session();
    let messages: Vec<_> = session.messages().collect();
    for number in [199, 0, 150, 149, 151, 60, 198] {
        assert_eq!(session.message_content(&messages[number], u64::MAX), text(number as u32 % 50), "{number}");
        assert_eq!(session.message_content(&messages[number], 10), text(number as u32 % 50)[..10]);
    }
    let mut reader = MessageReader::default();
    for (number, message) in messages.iter().enumerate() {
        assert_eq!(reader.content(&session, message, u64::MAX), text(number as u32 % 50), "{number}");
    }
    assert_eq!(reader.content(&session, &messages[3], u64::MAX), text(3), "back again");
}

#[test]
fn offers_are_read_and_written() {
    let rows = [
        ("permessage-deflate", Offer::default()),
        (
            "permessage-deflate; client_max_window_bits",
            Offer { client_max_window_bits: ClientWindow::Any, ..Offer::default() },
        ),
        (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=15",
            Offer {
                server_no_context_takeover: true,
                client_no_context_takeover: true,
                server_max_window_bits: Some(bits(8)),
                client_max_window_bits: ClientWindow::UpTo(bits(15)),
            },
        ),
    ];
    for (text, offer) in rows {
        assert_eq!(Offer::parse(text), Ok(offer), "{text}");
        assert_eq!(offer.to_string(), text);
    }
    let quoted = Offer::parse("permessage-deflate;server_max_window_bits = \"10\"").unwrap();
    assert_eq!(quoted.server_max_window_bits, Some(bits(10)));
}

#[test]
fn wrong_parameters_are_named() {
    let rows = [
        ("permessage-deflate; fast", ParameterError::Unknown),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", ParameterError::Repeated),
        ("permessage-deflate; server_no_context_takeover=1", ParameterError::Value),
        ("permessage-deflate; server_max_window_bits", ParameterError::Value),
        ("permessage-deflate; server_max_window_bits=7", ParameterError::Value),
        ("permessage-deflate; server_max_window_bits=16", ParameterError::Value),
        ("permessage-deflate; server_max_window_bits=010", ParameterError::Value),
        ("permessage-deflate; client_max_window_bits=ten", ParameterError::Value),
    ];
    for (text, error) in rows {
        assert_eq!(Offer::parse(text), Err(error), "{text}");
    }
    assert_eq!(Answer::parse("permessage-deflate; client_max_window_bits"), Err(ParameterError::Value));
}

#[test]
fn an_answer_has_to_fit_an_offer() {
    let rows = [
        ("permessage-deflate", "permessage-deflate", true),
        ("permessage-deflate", "permessage-deflate; server_max_window_bits=10", true),
        ("permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover", true),
        ("permessage-deflate", "permessage-deflate; client_max_window_bits=10", false),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate; client_max_window_bits=10", true),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate; server_max_window_bits=11", false),
        ("permessage-deflate; server_max_window_bits=10", "permessage-deflate", false),
        ("permessage-deflate; server_no_context_takeover", "permessage-deflate", false),
        ("permessage-deflate; server_max_window_bits=10, permessage-deflate", "permessage-deflate", true),
    ];
    for (offer, answer, fits) in rows {
        let line = |value| format!("Upgrade: websocket\r\nSec-WebSocket-Extensions: {value}\r\n");
        let transcript = Transcript::new()
            .client(request_with("Upgrade: websocket\r\n", &line(offer)))
            .server(response_with("Upgrade: websocket\r\n", &line(answer)));
        let expected = if fits { vec![] } else { vec![Rule::CompressionAnswerNotOffered] };
        assert_eq!(transcript.rules(), expected, "{offer} / {answer}");
    }
}

#[test]
fn faults_of_the_negotiation_are_findings() {
    let line = |value| format!("Upgrade: websocket\r\nSec-WebSocket-Extensions: {value}\r\n");
    let offer = Transcript::new().client(request_with("Upgrade: websocket\r\n", &line("permessage-deflate; fast")));
    assert_eq!(offer.findings(), [(None, Some(Side::Client), Rule::CompressionOfferInvalid)]);
    for answer in ["permessage-deflate; fast", "permessage-deflate, permessage-deflate"] {
        let transcript = Transcript::new()
            .client(request_with("Upgrade: websocket\r\n", &line("permessage-deflate")))
            .server(response_with("Upgrade: websocket\r\n", &line(answer)));
        assert_eq!(transcript.findings(), [(None, Some(Side::Server), Rule::CompressionAnswerInvalid)], "{answer}");
    }
    let unasked =
        Transcript::new().client(REQUEST).server(response_with("Upgrade: websocket\r\n", &line("permessage-deflate")));
    assert_eq!(unasked.rules(), [Rule::ResponseExtensionNotOffered]);
    assert!(RESPONSE.starts_with("HTTP/1.1"));
}

#[test]
fn what_is_compressed_is_inflated_again() {
    let text: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(at) >> 7) as u8 & 0x3F).collect();
    for takes_over_context in [true, false] {
        for window in 9..=15 {
            let compression = SideCompression { takes_over_context, window_bits: bits(window) };
            let mut deflater = Deflater::new(compression).unwrap();
            let mut inflater = Inflater::new(compression, u64::MAX);
            for length in [100_000, 0, 1, 0, 511, 70_000] {
                let (first, last) = text[..length].split_at(length / 3);
                let parts = [deflater.deflate(first, false).unwrap(), deflater.deflate(last, true).unwrap()];
                let mut inflated = Vec::new();
                inflater.begin_message().unwrap();
                for part in parts {
                    inflater.inflate(&part, &mut |bytes| inflated.extend_from_slice(bytes)).unwrap();
                }
                inflater.end_message(&mut |bytes| inflated.extend_from_slice(bytes)).unwrap();
                assert_eq!(inflated, text[..length], "{compression:?}");
            }
        }
    }
    assert!(Deflater::new(SideCompression { window_bits: bits(8), ..SideCompression::default() }).is_none());
}
