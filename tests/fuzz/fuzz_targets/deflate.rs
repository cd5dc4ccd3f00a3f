//! What was compressed, in any parts and with any parameters, inflates to what it was.
#![no_main]

use closelook_fuzz::protocol::deflater::Deflater;
use closelook_fuzz::protocol::inflater::Inflater;
use closelook_fuzz::protocol::permessage_deflate::{SideCompression, WindowBits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [first, second, rest @ ..] = input else { return };
    let compression = SideCompression {
        takes_over_context: first & 1 == 0,
        window_bits: WindowBits::new(8 + (first >> 1 & 7)).expect("8 to 15"),
    };
    let Some(mut deflater) = Deflater::new(compression) else {
        assert_eq!(compression.window_bits.bits(), 8);
        return;
    };
    let mut inflater = Inflater::new(compression, u64::MAX);
    // Repeated, so that there is more than one window of it.
    let times = 1 + usize::from(first >> 4) * 40;
    for message in rest.split(|byte| byte == second).take(16) {
        let message = message.repeat(times);
        let piece = (message.len() / (1 + usize::from(second % 4))).max(1);
        let mut parts: Vec<&[u8]> = message.chunks(piece).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        let mut inflated = Vec::new();
        inflater.begin_message().expect("nothing was lost");
        for (index, part) in parts.iter().enumerate() {
            let compressed = deflater.deflate(part, index + 1 == parts.len()).expect("there is memory");
            assert!(compressed.len() <= part.len() + part.len() / 8 + 64);
            inflater.inflate(&compressed, &mut |bytes| inflated.extend_from_slice(bytes)).expect("deflate data");
        }
        inflater.end_message(&mut |bytes| inflated.extend_from_slice(bytes)).expect("a whole message");
        assert!(inflated == message);
    }
});
