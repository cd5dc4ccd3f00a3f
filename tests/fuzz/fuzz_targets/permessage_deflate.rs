//! Offers and answers that can be read are written so that they read the same; an accepted offer allows its answer.
#![no_main]

use closelook_fuzz::protocol::direction::Direction;
use closelook_fuzz::protocol::permessage_deflate::{Answer, Offer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (offer, answer) = input.split_once(',').unwrap_or((input, input));
    let (offer, answer) = (Offer::parse(offer), Answer::parse(answer));
    if let Ok(offer) = &offer {
        assert_eq!(Offer::parse(&offer.to_string()), Ok(*offer));
        assert!(offer.allows(&offer.accept()));
    }
    if let Ok(answer) = &answer {
        assert_eq!(Answer::parse(&answer.to_string()), Ok(*answer));
        let compression = answer.compression();
        for direction in Direction::BOTH {
            assert!((8..=15).contains(&compression[direction].window_bits.bits()));
        }
    }
    if let (Ok(offer), Ok(answer)) = (&offer, &answer) {
        offer.allows(answer);
    }
});
