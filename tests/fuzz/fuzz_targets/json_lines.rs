//! Any bytes as a JSON Lines log: what can be read is no larger than the file and survives both formats.
#![no_main]

use closelook_fuzz::logs::Format;
use closelook_fuzz::saved::{check, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(opened) = read(Format::JsonLines, input) {
        check(&opened, input.len());
    }
});
