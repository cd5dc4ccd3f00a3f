//! pcapng: a session as a capture that Wireshark dissects without options, and the reading of it and of simple foreign captures.
//!
//! ```text
//! write:  Event ─► conversation (made-up IP and TCP headers) ─► blocks ─► file
//! read:   file ─► blocks ─► packet (link, IP and TCP headers) ─► flow (each direction's stream in order) ─┬─► own:     every part
//!                                                                                                        └─► foreign: the first
//!                                                                                                             WebSocket flow
//! ```
//!
//! Events that no packet can hold are comments: `closelook: ` and the event's line of the JSON Lines format.

mod blocks;
mod comments;
mod conversation;
mod flow;
mod foreign;
mod own;
mod packet;
mod reader;
mod stream;
mod writer;

pub use reader::read;
pub(in crate::logs) use writer::CaptureWriter;
pub use writer::write;
