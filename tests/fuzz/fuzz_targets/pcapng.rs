//! Any bytes as a pcapng file, of this program or another: what can be read is no larger than the file and survives both formats.
#![no_main]

use closelook_fuzz::logs::Format;
use closelook_fuzz::saved::{check, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(opened) = read(Format::PcapNg, input) {
        check(&opened, input.len());
    }
});
