//! closelook, an inspector for WebSocket sessions.
//!
//! A session is a byte-exact conversation with the time of each part; everything that a person sees is derived from those bytes
//! by one pipeline, whether they come from a live connection or from a saved log.
//!
//! ```text
//! main, cli, app ──► ui, capture, report ──► logs, explain, search ──► reading ──► session, content ──► protocol     (dependencies point one way)
//! ```

pub mod app;
pub mod capture;
pub mod cli;
pub mod content;
pub mod explain;
pub mod logs;
pub mod protocol;
pub mod reading;
pub mod report;
pub mod search;
pub mod session;
pub mod ui;
