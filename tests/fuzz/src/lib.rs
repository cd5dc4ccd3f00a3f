//! The protocol room alone: it needs nothing of the other rooms, and so a fuzz target builds in seconds without a window.

#[path = "../../../src/protocol/mod.rs"]
pub mod protocol;
