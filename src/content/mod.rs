//! What applications put into their messages: payload encodings, subprotocols, one-line summaries, and which message answers which.
//! Frames, files and screens are not known here: bytes of one message come in, and values that a view can draw go out.
//!
//! ```text
//! payload ─┬─► encoding ─► json, message_pack, cbor, protocol_buffers ─► tree     within bounds that the tree names
//!          ├─► subprotocol ─┬─► summary                                           one line from a bounded start
//!          │                └─► correlation ─► pairing                            request, first reply, the time between
//!          ├─► difference                                                         what two payloads differ in
//!          └─► preview                                                            the line of a frame in every table
//! ```

use std::borrow::Cow;

pub mod cbor;
pub mod correlation;
pub mod difference;
pub mod encoding;
mod items;
pub mod json;
pub mod json_path;
pub mod literal;
pub mod message_pack;
pub mod one_line;
pub mod preview;
pub mod protocol_buffers;
pub mod subprotocol;
pub mod tree;

/// How many members a value has, for a reader.
fn members(kind: tree::Kind, count: u64) -> Cow<'static, str> {
    let noun = match (kind, count) {
        (tree::Kind::Map, 1) => "member",
        (tree::Kind::Map, _) => "members",
        (_, 1) => "element",
        _ => "elements",
    };
    format!("{count} {noun}").into()
}
