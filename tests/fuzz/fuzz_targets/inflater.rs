//! Any bytes inflate to the same in any cut, never beyond the limit, and the same again behind the context that was handed over.
#![no_main]

use closelook_fuzz::protocol::inflater::{InflateError, Inflater};
use closelook_fuzz::protocol::permessage_deflate::{SideCompression, WindowBits};
use libfuzzer_sys::fuzz_target;

/// The inflated message, and what was wrong with it.
fn message(inflater: &mut Inflater, compressed: &[u8], piece: usize) -> (Vec<u8>, Result<(), InflateError>) {
    let mut inflated = Vec::new();
    let mut output = |part: &[u8]| inflated.extend_from_slice(part);
    let mut result = inflater.begin_message();
    let readable = result.is_ok();
    for part in compressed.chunks(piece) {
        if result.is_ok() {
            result = inflater.inflate(part, &mut output);
        }
    }
    if result.is_ok() {
        result = inflater.end_message(&mut output);
    }
    if readable {
        assert_eq!(inflater.produced(), inflated.len() as u64);
    }
    (inflated, result)
}

fuzz_target!(|input: &[u8]| {
    let [first, second, third, rest @ ..] = input else { return };
    let compression = SideCompression {
        takes_over_context: first & 1 == 0,
        window_bits: WindowBits::new(8 + (first >> 1 & 7)).expect("8 to 15"),
    };
    let limit = 1 << (second % 18);
    let mut whole = Inflater::new(compression, limit);
    let mut cut = Inflater::new(compression, limit);
    for compressed in rest.split(|byte| byte == third) {
        let mut resumed = compression.takes_over_context.then(|| Inflater::resume(compression, limit, &whole.context()));
        let (inflated, result) = message(&mut whole, compressed, usize::MAX);
        assert!(inflated.len() as u64 <= limit);
        assert!(whole.context().len() <= compression.window_bits.size());
        assert!(message(&mut cut, compressed, 1 + usize::from(second >> 5)) == (inflated.clone(), result));
        if result != Err(InflateError::ContextLost)
            && let Some(resumed) = &mut resumed
        {
            assert!(message(resumed, compressed, usize::MAX) == (inflated, result));
        }
    }
});
