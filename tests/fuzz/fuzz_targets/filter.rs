//! Any text is a filter, or an error that points into it; a filter can be asked of every frame.
#![no_main]

use std::sync::LazyLock;

use closelook_fuzz::protocol::direction::Side;
use closelook_fuzz::protocol::frame::FrameHeader;
use closelook_fuzz::protocol::moment::Moment;
use closelook_fuzz::protocol::opcode::Opcode;
use closelook_fuzz::session::filter::Filter;
use closelook_fuzz::session::{Event, EventKind, Origin, Perspective, Session};
use closelook_fuzz::talk::upgrade;
use libfuzzer_sys::fuzz_target;

static SESSION: LazyLock<Session> = LazyLock::new(|| {
    let [request, response] = upgrade(0);
    let frame = |opcode, payload: &[u8]| FrameHeader::new(opcode, payload.len() as u64).with_payload(payload);
    let parts = [
        (Side::Client, request),
        (Side::Server, response),
        (Side::Server, frame(Opcode::Text, "say \"grüße\"".as_bytes())),
        (Side::Client, frame(Opcode::Ping, b"")),
        (Side::Server, frame(Opcode::Reserved(3), b"x")),
    ];
    let origin = Origin { started_at: 0, url: None, perspective: Perspective::Client };
    let kind = |side: Side, bytes: Vec<u8>| EventKind::Bytes { direction: side.sends(), bytes: bytes.into() };
    Session::replay(origin, parts.into_iter().map(|(side, bytes)| Event { at: Moment(1), kind: kind(side, bytes) }))
});

fuzz_target!(|input: &str| match Filter::parse(input) {
    Ok(filter) => {
        let matching = SESSION.frames.iter().filter(|row| filter.matches(&SESSION, row)).count();
        let both = Filter::parse(&format!("{input} && {input}")).expect("two conditions are a filter");
        assert_eq!(SESSION.frames.iter().filter(|row| both.matches(&SESSION, row)).count(), matching);
    }
    Err(error) => {
        assert!(error.at <= input.chars().count());
        assert!(!error.problem.is_empty());
        error.pointing_into(input);
    }
});
