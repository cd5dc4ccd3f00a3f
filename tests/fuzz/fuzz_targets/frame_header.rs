//! A frame header that can be read is written with the same bytes, and says beforehand how many it needs.
#![no_main]

use closelook_fuzz::protocol::frame::{FrameHeader, HeaderParse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    match FrameHeader::parse(input) {
        HeaderParse::Needs(needed) => assert!(needed > input.len()),
        HeaderParse::Complete(header) => {
            let mut written = Vec::new();
            header.write(&mut written);
            assert_eq!(written.len(), header.header_length());
            assert!(input.starts_with(&written));
            for short in 0..written.len() {
                assert!(matches!(FrameHeader::parse(&written[..short]), HeaderParse::Needs(needed) if needed > short));
            }
        }
    }
});
