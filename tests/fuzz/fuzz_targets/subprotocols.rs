//! Any messages read by every subprotocol: short harmless lines, few correlations, and a pairing that stays small.
#![no_main]

use closelook_fuzz::content::correlation::{Pairing, correlations};
use closelook_fuzz::content::subprotocol::{Content, Subprotocol};
use closelook_fuzz::protocol::direction::Direction;
use closelook_fuzz::protocol::moment::Moment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut pairings: Vec<_> = Subprotocol::ALL
        .into_iter()
        .map(Some)
        .chain([None])
        .map(|subprotocol| (subprotocol, Pairing::new(subprotocol)))
        .collect();
    // Messages are parted by a byte that is not in UTF-8; the first byte of each says who sends what.
    for (number, message) in (1..).zip(input.split(|byte| *byte == 0xFE).take(32)) {
        let Some((first, payload)) = message.split_first() else { continue };
        let direction = Direction::BOTH[usize::from(first & 1)];
        let length = payload.len() as u64 + u64::from(first >> 4);
        let content = Content { direction, is_text: first & 2 == 0, payload, length };
        Subprotocol::of_content(&content);
        for (subprotocol, pairing) in &mut pairings {
            if let Some(line) = subprotocol.and_then(|subprotocol| subprotocol.summary(&content)) {
                assert!(line.chars().count() <= 201);
                assert!(!line.chars().any(char::is_control));
            }
            let found = correlations(*subprotocol, &content);
            assert!(found.len() <= 64 && found.iter().all(|correlation| correlation.key.len() <= 200));
            assert!(pairing.feed(number, Moment(number), &content).len() <= found.len());
            assert!(pairing.open() <= 32 * 64);
        }
    }
});
