//! Frames as a person drafts them: the examples of RFC 6455 section 5.7, and every way to break its rules.

use std::num::NonZeroU32;

use bytes::Bytes;
use closelook::protocol::frame::{FrameHeader, HeaderParse, LengthEncoding};
use closelook::protocol::frame_draft::{DraftLength, DraftMasking, DraftProblem, FrameDraft, MOST_FRAGMENTS};
use closelook::protocol::masking::MaskingKey;
use closelook::protocol::opcode::Opcode;
use proptest::prelude::*;

use crate::transcript::{KEY, hex};

fn unmasked(opcode: Opcode, payload: &'static [u8]) -> FrameDraft {
    FrameDraft { masking: DraftMasking::Off, ..FrameDraft::new(opcode, payload) }
}

fn split(draft: FrameDraft, fragments: u32) -> FrameDraft {
    FrameDraft { fragments: NonZeroU32::new(fragments).unwrap(), ..draft }
}

fn with_length(draft: FrameDraft, encoding: Option<LengthEncoding>, claimed: Option<u64>) -> FrameDraft {
    FrameDraft { length: DraftLength { encoding, claimed }, ..draft }
}

fn no_key() -> MaskingKey {
    panic!("no random key is needed")
}

#[test]
fn the_examples_of_section_5_7_and_their_illegal_relatives() {
    let hello = || unmasked(Opcode::Text, b"Hello");
    let masked = FrameDraft { masking: DraftMasking::Given(KEY), ..hello() };
    let (seven, sixteen, sixty_four) =
        (LengthEncoding::SevenBits, LengthEncoding::SixteenBits, LengthEncoding::SixtyFourBits);
    for (draft, wire) in [
        // The examples.
        (hello(), "81 05 48 65 6c 6c 6f"),
        (masked.clone(), "81 85 37 fa 21 3d 7f 9f 4d 51 58"),
        (split(hello(), 2), "01 03 48 65 6c 80 02 6c 6f"),
        (unmasked(Opcode::Ping, b"Hello"), "89 05 48 65 6c 6c 6f"),
        (FrameDraft { opcode: Opcode::Pong, ..masked.clone() }, "8a 85 37 fa 21 3d 7f 9f 4d 51 58"),
        // What nobody may send.
        (FrameDraft { fin: false, ..unmasked(Opcode::Close, &[3, 0xED]) }, "08 02 03 ed"),
        (split(unmasked(Opcode::Ping, b"ab"), 2), "09 01 61 80 01 62"),
        (FrameDraft { rsv1: true, rsv3: true, ..unmasked(Opcode::Reserved(0xF), b"") }, "df 00"),
        (FrameDraft { rsv2: true, ..split(unmasked(Opcode::Text, b"ab"), 2) }, "21 01 61 80 01 62"),
        (
            FrameDraft { masking: DraftMasking::Given(MaskingKey([0; 4])), ..hello() },
            "81 85 00 00 00 00 48 65 6c 6c 6f",
        ),
        (with_length(hello(), Some(sixteen), None), "81 7e 00 05 48 65 6c 6c 6f"),
        (with_length(hello(), Some(sixty_four), None), "81 7f 00 00 00 00 00 00 00 05 48 65 6c 6c 6f"),
        (with_length(hello(), None, Some(2)), "81 02 48 65 6c 6c 6f"),
        (with_length(hello(), Some(seven), Some(125)), "81 7d 48 65 6c 6c 6f"),
        (with_length(hello(), None, Some(u64::MAX)), "81 7f ff ff ff ff ff ff ff ff 48 65 6c 6c 6f"),
        // A false length is masked like any other payload: as far as there are bytes.
        (with_length(masked, None, Some(126)), "81 fe 00 7e 37 fa 21 3d 7f 9f 4d 51 58"),
        // An unfinished message, in pieces of which the last are empty.
        (FrameDraft { fin: false, ..split(unmasked(Opcode::Binary, b"x"), 3) }, "02 01 78 00 00 00 00"),
    ] {
        assert_eq!(draft.write(no_key), Ok(hex(wire)), "{draft:?}");
    }
}

#[test]
fn every_fragment_has_a_random_key_of_its_own() {
    let mut next = 0;
    let draft = split(FrameDraft::new(Opcode::Text, &b"abc"[..]), 3);
    let wire = draft.write(|| {
        next += 1;
        MaskingKey([next, 0, 0, 0])
    });
    assert_eq!(wire, Ok(hex("01 81 01 00 00 00 60  00 81 02 00 00 00 60  80 81 03 00 00 00 60")));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let draft = || unmasked(Opcode::Text, &[7; 300]);
    let encoding = LengthEncoding::SevenBits;
    let refused = |draft: FrameDraft| draft.write(no_key).unwrap_err();
    assert_eq!(
        refused(with_length(draft(), Some(encoding), None)),
        DraftProblem::LengthDoesNotFit { length: 300, encoding }
    );
    assert_eq!(
        refused(with_length(draft(), Some(encoding), Some(126))),
        DraftProblem::LengthDoesNotFit { length: 126, encoding }
    );
    // The parts fit where the whole does not.
    assert!(split(with_length(draft(), Some(encoding), None), 3).write(no_key).is_ok());
    assert_eq!(refused(split(with_length(draft(), None, Some(1)), 2)), DraftProblem::FalseLengthOfFragments);
    let (wanted, most) = (317, 316);
    assert_eq!(refused(split(draft(), wanted)), DraftProblem::TooManyFragments { wanted, most });
    let large = FrameDraft::new(Opcode::Binary, vec![0; 1024 * 1024]);
    assert_eq!(large.most_fragments(), MOST_FRAGMENTS);
}

fn length_encoding() -> impl Strategy<Value = Option<LengthEncoding>> {
    prop_oneof![
        Just(None),
        Just(Some(LengthEncoding::SevenBits)),
        Just(Some(LengthEncoding::SixteenBits)),
        Just(Some(LengthEncoding::SixtyFourBits)),
    ]
}

fn masking() -> impl Strategy<Value = DraftMasking> {
    prop_oneof![
        Just(DraftMasking::Off),
        Just(DraftMasking::Random),
        any::<[u8; 4]>().prop_map(|key| DraftMasking::Given(MaskingKey(key))),
    ]
}

prop_compose! {
    fn draft()(
        opcode in 0u8..16,
        [fin, rsv1, rsv2, rsv3] in any::<[bool; 4]>(),
        masking in masking(),
        encoding in length_encoding(),
        payload in prop::collection::vec(any::<u8>(), 0..400),
        fragments in 1u32..20,
    ) -> FrameDraft {
        FrameDraft {
            opcode: Opcode::from_bits(opcode),
            fin,
            rsv1,
            rsv2,
            rsv3,
            masking,
            length: DraftLength { encoding, claimed: None },
            payload: Bytes::from(payload),
            fragments: NonZeroU32::new(fragments).unwrap(),
        }
    }
}

proptest! {
    /// What was drafted can be read back from the bytes, field by field.
    #[test]
    fn decoding_a_draft_gives_its_fields(draft in draft()) {
        let random = MaskingKey([9, 8, 7, 6]);
        let wire = match draft.write(|| random) {
            Ok(wire) => wire,
            Err(DraftProblem::LengthDoesNotFit { length, .. }) => {
                prop_assert!(length > 125);
                return Ok(());
            }
            Err(DraftProblem::TooManyFragments { most, .. }) => {
                prop_assert_eq!(most, draft.payload.len() as u32 + 16);
                return Ok(());
            }
            Err(problem) => panic!("{problem}"),
        };
        let (mut rest, mut payload, mut headers) = (wire.as_slice(), Vec::new(), Vec::new());
        while !rest.is_empty() {
            let HeaderParse::Complete(header) = FrameHeader::parse(rest) else { panic!("a header is cut off") };
            let (frame, after) = rest.split_at(header.header_length() + header.payload_length as usize);
            let mut part = frame[header.header_length()..].to_vec();
            if let Some(key) = header.masking_key {
                key.apply(&mut part, 0);
            }
            payload.extend(part);
            headers.push(header);
            rest = after;
        }
        prop_assert_eq!(payload, draft.payload.to_vec());
        prop_assert_eq!(headers.len(), draft.fragments.get() as usize);
        let last = headers.len() - 1;
        for (place, header) in headers.iter().enumerate() {
            let is_first = place == 0;
            let expected = FrameHeader {
                fin: draft.fin && place == last,
                rsv1: draft.rsv1 && is_first,
                rsv2: draft.rsv2 && is_first,
                rsv3: draft.rsv3 && is_first,
                opcode: if is_first { draft.opcode } else { Opcode::Continuation },
                masking_key: match draft.masking {
                    DraftMasking::Off => None,
                    DraftMasking::Random => Some(random),
                    DraftMasking::Given(key) => Some(key),
                },
                length_encoding: draft.length.encoding.unwrap_or(LengthEncoding::minimal(header.payload_length)),
                payload_length: header.payload_length,
            };
            prop_assert_eq!(*header, expected);
        }
        let lengths: Vec<_> = headers.iter().map(|header| header.payload_length).collect();
        prop_assert!(lengths.is_sorted_by(|before, after| before >= after && before - after <= 1));
    }
}
