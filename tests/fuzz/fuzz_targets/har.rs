//! Any bytes as a HAR: what can be read is no larger than the file allows, and a HAR of it has the same frames again.
#![no_main]

use closelook_fuzz::logs::{self, Format, MOST_CONVERSATIONS};
use closelook_fuzz::protocol::finding::Rule;
use closelook_fuzz::saved::read;
use closelook_fuzz::session::Session;
use libfuzzer_sys::fuzz_target;

fn frames(session: &Session) -> Vec<(bool, u8, Vec<u8>)> {
    let frame = |row: &closelook_fuzz::session::FrameRow| {
        (row.is_masked(), row.opcode().bits(), session.payload(row, u64::MAX))
    };
    session.frames.iter().map(frame).collect()
}

fuzz_target!(|input: &[u8]| {
    let Ok(opened) = read(Format::Har, input) else { return };
    assert!(opened.others.len() < MOST_CONVERSATIONS && opened.damage.len() <= 1_001);
    for session in opened.into_conversations() {
        assert!(session.is_reconstructed());
        assert!(session.frames.len() <= input.len());
        let made_up = [Rule::ClientFrameNotMasked, Rule::ServerFrameMasked, Rule::MaskingKeyZero, Rule::MaskingKeyRepeated];
        assert!(!session.findings.iter().any(|finding| made_up.contains(&finding.rule)));
        let mut file = Vec::new();
        logs::write(&session, Format::Har, &mut file, &mut |_| std::ops::ControlFlow::Continue(())).expect("memory takes it");
        let again = read(Format::Har, &file).expect("what was saved opens");
        assert_eq!(frames(&again.session), frames(&session));
    }
});
