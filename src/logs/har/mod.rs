//! HAR, the HTTP archive, with WebSocket messages in `_webSocketMessages` as Chromium writes them. A HAR holds messages and no bytes:
//! a session that is opened from one is written again from them and says so; one that is saved keeps its messages and control frames.
//!
//! ```text
//! json        values one after another, through a window     handshake   heads from header fields, what is missing added
//! read        the file ─► entries                            entry       messages ─► frames ─► Recorder
//! time        units, dates                                   write       Session ─► one entry
//! ```

mod entry;
mod json;
mod read;
mod time;
mod write;

pub(super) use read::read;
pub use write::write;
