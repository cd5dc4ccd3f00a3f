//! Why a log could not be saved or opened at all.

use std::io;
use std::path::PathBuf;

use crate::session::{NeedsEarlier, Unreadable};

use super::damage::Damage;

/// Why a log could not be saved or opened at all.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file's ending names no format.
    #[error("the name {} does not say which kind of log it is: let it end with .pcapng, .jsonl, .har, .csv, .txt or .html", .path.display())]
    UnknownEnding {
        /// The name.
        path: PathBuf,
    },
    /// The file could not be opened.
    #[error("{} could not be opened: {source}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The new file could not be made beside the old one, or could not take its place.
    #[error("{} could not be saved: {source}; choose a folder that you may write to", .path.display())]
    Save {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Writing failed part way.
    #[error("the log could not be written to its end: {0}; a file that was there before is unchanged")]
    Write(#[source] io::Error),
    /// What is to be saved, or read again, is not there any more.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The file has no byte in it.
    #[error("{} is empty: there is no session in it", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Some frames only, that cannot be read without others.
    #[error(
        "this choice of frames cannot be saved as {ending}: {source}; choose har, csv, txt or html, or save everything"
    )]
    NotInParts {
        /// The format's ending.
        ending: &'static str,
        /// Why.
        source: NeedsEarlier,
    },
    /// Neither the content nor the ending is that of a log.
    #[error("{} is no log: neither a pcapng or pcap capture nor a HAR nor JSON Lines of closelook, packed with gzip or zstd or not", .path.display())]
    NotALog {
        /// The file.
        path: PathBuf,
    },
    /// A packed log could not be unpacked, for want of a place or of the file.
    #[error("the packed log could not be unpacked beside it: {0}; unpack it yourself and open what comes out")]
    Unpack(#[source] io::Error),
    /// A packed log that unpacks to more than anybody packs.
    #[error("the packed log unpacks to more than {} GiB; if it is really one, unpack it yourself and open what comes out", .most >> 30)]
    UnpacksToTooMuch {
        /// The most bytes that are unpacked.
        most: u64,
    },
    /// Nothing of the log could be read.
    #[error("nothing in the log could be read; the first problem was: {first}")]
    NothingReadable {
        /// The first thing that was wrong.
        first: Damage,
    },
    /// A capture without a WebSocket conversation that can be read.
    #[error(
        "no WebSocket conversation was found in the capture ({conversations} TCP conversations were looked at); \
         it must be in it unencrypted, best with its upgrade request"
    )]
    NoWebSocket {
        /// How many TCP conversations were looked at.
        conversations: u64,
    },
    /// A HAR without a WebSocket conversation.
    #[error("no WebSocket conversation is in the HAR ({entries} HTTP exchanges were passed over)")]
    NoWebSocketInHar {
        /// How many entries it has.
        entries: u64,
    },
    /// Cancelled by the person who asked for it.
    #[error("cancelled")]
    Cancelled,
}
