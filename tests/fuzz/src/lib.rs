//! The protocol and content rooms alone: they need nothing of the other rooms, and so a fuzz target builds in seconds without a window.

#[path = "../../../src/content/mod.rs"]
pub mod content;
#[path = "../../../src/protocol/mod.rs"]
pub mod protocol;
