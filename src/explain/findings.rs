//! The sentence for a finding.

use crate::protocol::close::CloseCode;
use crate::protocol::finding::{Finding, Rule};

use super::texts::{Arguments, Texts};

/// Says what a finding found, naming the side and the numbers; the frame and the section are the caller's to show.
pub fn sentence(finding: &Finding, texts: &Texts) -> String {
    let mut arguments = Arguments::new();
    match finding.direction {
        Some(direction) => arguments.set("side", direction.sender().to_string()),
        None => arguments.set("side", "unknown"),
    }
    match finding.rule {
        Rule::ReservedOpcode { opcode } => arguments.set("opcode", opcode),
        Rule::LengthNotMinimal { length } | Rule::ControlFrameTooLong { length } => {
            // As text, since lengths beyond 2^53 would be rounded as numbers.
            arguments.set("length", length.to_string());
        }
        Rule::TextNotUtf8 { at } | Rule::CloseReasonNotUtf8 { at } | Rule::CompressedDataInvalid { at } => {
            arguments.set("at", at.to_string());
        }
        Rule::BytesMissing { length } => arguments.set("length", length),
        Rule::FramesMissing { gap } => {
            match gap.length {
                Some(length) => arguments.set("length", length),
                None => arguments.set("length", "unknown"),
            }
            match gap.next_frame {
                Some(0) => arguments.set("next", "at-once"),
                Some(opaque) => arguments.set("next", opaque),
                None => arguments.set("next", "unknown"),
            }
        }
        Rule::InflatesBeyondLimit { limit } => arguments.set("limit", limit.to_string()),
        Rule::CloseCodeNotAllowed { code } => arguments.set("code", code.0),
        Rule::CloseReplyChangesCode { received, sent } => {
            set_code(&mut arguments, "received", received);
            set_code(&mut arguments, "sent", sent);
        }
        _ => {}
    }
    texts.format(&format!("finding-{}", finding.rule.name()), &arguments)
}

fn set_code(arguments: &mut Arguments<'_>, name: &'static str, code: Option<CloseCode>) {
    match code {
        Some(code) => arguments.set(name, code.0),
        None => arguments.set(name, "none"),
    }
}
