//! A head that can be read lies within its bytes, ends with an empty line, and is read the same whatever follows; the checks of a
//! handshake take any two heads.
#![no_main]

use closelook_fuzz::protocol::handshake::{Handshake, check_request, check_response};
use closelook_fuzz::protocol::http::{HeadParse, LONGEST_HEAD, RequestHead, ResponseHead};
use libfuzzer_sys::fuzz_target;

fn check<Head: PartialEq>(input: &[u8], parse: impl Fn(&[u8]) -> HeadParse<Head>) -> Option<Head> {
    let whole = parse(input);
    if let HeadParse::Complete { length, .. } = &whole {
        assert!(*length <= input.len().min(LONGEST_HEAD));
        assert!(input[..*length].ends_with(b"\n"));
        assert!(parse(&input[..*length]) == whole);
        assert!(!matches!(parse(&input[..*length - 1]), HeadParse::Complete { .. }));
    }
    match whole {
        HeadParse::Complete { head, .. } => Some(head),
        HeadParse::Incomplete | HeadParse::Malformed(_) => None,
    }
}

fuzz_target!(|input: &[u8]| {
    let request = check(input, RequestHead::parse);
    let response = check(input, ResponseHead::parse);
    if let Some(request) = &request {
        check_request(request);
    }
    if let Some(response) = &response {
        check_response(None, response);
    }
    // Two heads in a row, as the checks of a response against its request need them.
    if let HeadParse::Complete { head: request, length } = RequestHead::parse(input)
        && let HeadParse::Complete { head: response, .. } = ResponseHead::parse(&input[length..])
    {
        let alone = check_response(None, &response);
        let together = check_response(Some(&request), &response);
        assert!(alone.iter().all(|rule| together.contains(rule)));
        let handshake = Handshake { request: Some(request), response: Some(response) };
        handshake.compression();
        assert!(handshake.extensions().iter().chain(&handshake.offered_subprotocols()).all(|part| !part.is_empty()));
        assert!(handshake.expected_accept().is_none_or(|accept| accept.len() == 28));
    }
});
