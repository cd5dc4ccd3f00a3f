//! Saving a session as whatever a person asks for: the logs that open again, and documents to read: a table, a transcript, a web page.
//!
//! ```text
//! form   which kinds of files there are ─► logs         pcapng, JSON Lines, HAR
//!                                       ├► csv          a frame a row
//!                                       ├► transcript   plain text, every payload whole
//!                                       └► html         one page with the picture, the frames and the explanation
//! statistics   tables and rows, to be printed or copied
//! ```

pub mod form;
pub mod statistics;

mod bar_picture;
mod csv;
mod html;
mod payload;
mod timeline_picture;
mod transcript;

pub use form::{Form, Saving, save, write};
