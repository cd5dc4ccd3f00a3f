//! A certificate that can be read has names, dates and a fingerprint to show, whatever its bytes are.
#![no_main]

use closelook_fuzz::protocol::certificate::{Certificate, UnixSeconds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(certificate) = Certificate::parse(input) else { return };
    assert_eq!(certificate.fingerprint_text().len(), 32 * 3 - 1);
    certificate.serial_text();
    for now in [0, 1, 1_700_000_000, u64::MAX] {
        certificate.validity_at(UnixSeconds(now));
    }
});
