//! Any text is a place to connect to, or an error in words; the normal form reads the same, and no screen shows a password.
#![no_main]

use closelook_fuzz::capture::target::{Target, masked};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    masked(input);
    match Target::parse(input) {
        Ok(target) => {
            assert!(target.resource().starts_with('/'));
            assert!(!target.host_header().is_empty());
            assert!(target.resource().bytes().all(|byte| byte.is_ascii_graphic()));
            assert!(target.host_header().bytes().all(|byte| byte.is_ascii_graphic()));
            target.authorization();
            target.masked();
            let again = Target::parse(&target.url()).expect("the normal form is an address");
            assert_eq!(again.url(), target.url());
            assert_eq!(again.authorization(), None);
            assert_eq!((again.host(), again.port(), again.is_secure()), (target.host(), target.port(), target.is_secure()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
