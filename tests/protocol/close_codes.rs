//! Close codes: the ranges of RFC 6455 7.4.2, the IANA registry, and who may send what.

use closelook::protocol::close::{CloseCode, CloseCodeRange, CloseCodeRefusal};
use closelook::protocol::direction::Side;

#[test]
fn ranges_at_their_edges() {
    use CloseCodeRange::{NotUsed, Private, Protocol, Registered, Undefined};
    let rows = [
        (0, NotUsed),
        (999, NotUsed),
        (1000, Protocol),
        (2999, Protocol),
        (3000, Registered),
        (3999, Registered),
        (4000, Private),
        (4999, Private),
        (5000, Undefined),
        (65535, Undefined),
    ];
    for (code, range) in rows {
        assert_eq!(CloseCode(code).range(), range, "{code}");
    }
}

#[test]
fn who_may_send_which() {
    use CloseCodeRefusal::{
        AbnormalClosure, ClientOnly, NoStatusReceived, OutsideRanges, Reserved, ServerOnly, TlsHandshake, Unregistered,
    };
    // Each row: code, what a client is told, what a server is told.
    let rows = [
        (0, Err(OutsideRanges(0)), Err(OutsideRanges(0))),
        (999, Err(OutsideRanges(999)), Err(OutsideRanges(999))),
        (1000, Ok(()), Ok(())),
        (1001, Ok(()), Ok(())),
        (1002, Ok(()), Ok(())),
        (1003, Ok(()), Ok(())),
        (1004, Err(Reserved), Err(Reserved)),
        (1005, Err(NoStatusReceived), Err(NoStatusReceived)),
        (1006, Err(AbnormalClosure), Err(AbnormalClosure)),
        (1007, Ok(()), Ok(())),
        (1008, Ok(()), Ok(())),
        (1009, Ok(()), Ok(())),
        (1010, Ok(()), Err(ClientOnly)),
        (1011, Ok(()), Ok(())),
        (1012, Err(ServerOnly(1012)), Ok(())),
        (1013, Err(ServerOnly(1013)), Ok(())),
        (1014, Err(ServerOnly(1014)), Ok(())),
        (1015, Err(TlsHandshake), Err(TlsHandshake)),
        (1016, Err(Unregistered(1016)), Err(Unregistered(1016))),
        (2999, Err(Unregistered(2999)), Err(Unregistered(2999))),
        (3000, Ok(()), Ok(())),
        (3999, Ok(()), Ok(())),
        (4000, Ok(()), Ok(())),
        (4999, Ok(()), Ok(())),
        (5000, Err(OutsideRanges(5000)), Err(OutsideRanges(5000))),
        (65535, Err(OutsideRanges(65535)), Err(OutsideRanges(65535))),
    ];
    for (code, client, server) in rows {
        assert_eq!(CloseCode(code).check_sendable_by(Side::Client), client, "{code}");
        assert_eq!(CloseCode(code).check_sendable_by(Side::Server), server, "{code}");
        assert_eq!(CloseCode(code).may_be_on_the_wire(), client.is_ok() || server.is_ok(), "{code}");
    }
}

#[test]
fn a_refusal_says_what_to_do() {
    for code in [0, 1004, 1005, 1006, 1012, 1015, 2000, 5000] {
        let refusal = CloseCode(code).check_sendable_by(Side::Client).unwrap_err().to_string();
        assert!(refusal.contains(&code.to_string()) && refusal.ends_with('.'), "{refusal}");
    }
}

#[test]
fn exactly_the_registered_codes_have_names() {
    let named: Vec<CloseCode> = (0..=u16::MAX).map(CloseCode).filter(|code| code.name().is_some()).collect();
    assert_eq!(named, CloseCode::REGISTERED);
    assert_eq!(CloseCode(1000).name(), Some("Normal Closure"));
    assert_eq!(CloseCode(1005).name(), Some("No Status Received"));
}
