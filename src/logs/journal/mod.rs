//! Journals: sessions in a folder of their own while they run, as captures that outlive the program; one session is one file.
//!
//! ```text
//! Event ─► JournalWriter ─► blocks in memory ─► a thread of its own ─► DATE.recording.pcapng ─► DATE.pcapng once it has ended
//!                              ▲ read back ▲                              ▲ read back ▲
//! ```
//!
//! A file that ends in `.recording.pcapng` and that nobody has locked is of a program that was killed.

mod blocks;
mod folder;
mod writer;

pub use folder::{Journal, JournalFolder, JournalStage};
