//! HAR, the HTTP archive, with WebSocket messages in `_webSocketMessages` as Chromium writes them. A HAR holds messages and no bytes:
//! a session that is opened from one is written again from them and says so; one that is saved keeps its messages and control frames.
//!
//! ```text
//! json        values one after another, through a window     entry       handshake, then messages ─► Recorder
//! read        the file ─► entries                            frames      messages ◄─► frames, when opened and when looked at
//! time        units, dates                                   write       Session ─► one entry
//! ```

mod cursor;
mod entry;
mod frames;
mod json;
mod read;
mod time;
mod write;

pub(super) use read::read;
pub use write::write;
