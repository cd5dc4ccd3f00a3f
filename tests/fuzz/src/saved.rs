//! What holds of every session that was read from a file: it is no larger than the file, and it survives both formats.

use std::ops::ControlFlow;

use crate::logs::{self, Format, LogError, Opened};
use crate::session::{Event, EventKind, Session, Unreadable};

/// Reads a log of these bytes.
pub fn read(format: Format, file: &[u8]) -> Result<Opened, LogError> {
    logs::read(format, file.to_vec(), &mut |_| ControlFlow::Continue(()))
}

fn write(format: Format, session: &Session) -> Vec<u8> {
    let mut file = Vec::new();
    logs::write(session, format, &mut file, &mut |_| ControlFlow::Continue(())).expect("memory takes every log");
    file
}

/// Checks what came out of a file of this length.
pub fn check(opened: &Opened, length: usize) {
    let session = &opened.session;
    let bytes = |event: Result<Event, Unreadable>| match event.expect("memory can be read").kind {
        EventKind::Bytes { bytes, .. } => bytes.len(),
        _ => 0,
    };
    assert!(session.events().map(bytes).sum::<usize>() <= length);
    assert!(session.frames.len() <= length / 2);
    assert!(opened.damage.len() <= 1_001);
    for format in [Format::JsonLines, Format::PcapNg] {
        let file = write(format, session);
        let again = read(format, &file).expect("what was saved opens");
        assert_eq!(again.damage, []);
        assert_eq!(again.session.origin, session.origin);
        assert_eq!(again.session.annotations, session.annotations);
        assert!(again.session.events().eq(session.events()));
        assert!(write(format, &again.session) == file);
    }
}
