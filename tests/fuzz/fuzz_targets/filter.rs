//! Any text is a filter, or an error that points into it; a filter can be asked of every frame, and reads the same when written out.
#![no_main]

use std::sync::LazyLock;

use closelook_fuzz::protocol::direction::Side;
use closelook_fuzz::protocol::frame::{FrameHeader, FrameNumber};
use closelook_fuzz::protocol::moment::Moment;
use closelook_fuzz::protocol::opcode::Opcode;
use closelook_fuzz::search::{Completion, Filter};
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

fn matching(filter: &Filter) -> usize {
    let mut matcher = filter.matcher();
    let numbers = (0..SESSION.frames.len()).map(FrameNumber::from_index);
    numbers.filter(|number| matcher.matches(&SESSION, *number)).count()
}

fuzz_target!(|input: &str| match Filter::parse(input) {
    Ok(filter) => {
        // Written out it can be longer than a filter may be.
        let written = filter.to_string();
        if written.len() < 16 * 1024 {
            assert_eq!(Filter::parse(&written).expect("what is written out is a filter"), filter);
        }
        if let Ok(opposite) = Filter::parse(&format!("!({input})")) {
            assert_eq!(matching(&filter) + matching(&opposite), SESSION.frames.len());
        }
    }
    Err(error) => {
        assert!(error.at <= input.chars().count());
        assert!(!error.problem.is_empty());
        error.pointing_into(input);
        Completion::at(input, error.at);
    }
});
