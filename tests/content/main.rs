//! What applications put into their messages. Bytes that a real program made are marked with its name; the others are from the
//! format's own specification.

mod difference;
mod encodings;
mod pairing;
mod properties;
mod recognition;
mod summaries;

use closelook::content::tree::{End, Tree, Value};
use closelook::protocol::hexadecimal;

/// The bytes of hexadecimal digits.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    hexadecimal::decode(digits.replace(' ', "")).unwrap()
}

/// A tree in one line: labels, values, and members in brackets.
pub(crate) fn outline(tree: &Tree) -> String {
    fn write(value: Value<'_>) -> String {
        let node = value.node();
        let members: Vec<String> = value.members().map(write).collect();
        let label = if node.label.is_empty() { String::new() } else { format!("{}=", node.label) };
        let members = if members.is_empty() { String::new() } else { format!("({})", members.join(" ")) };
        format!("{label}{}{members}", node.value)
    }
    let roots: Vec<String> = tree.roots().map(write).collect();
    let end = match &tree.end {
        End::Complete => String::new(),
        End::Cut { at, bound } => format!(" ! {bound} ({at})"),
        End::Fault(fault) => format!(" ! {fault}"),
    };
    format!("{}{end}", roots.join(" "))
}
