//! The rooms that read what a peer, a file or a person wrote. They need nothing of the others, and so a fuzz target builds without a
//! window.

#[path = "../../../src/content/mod.rs"]
pub mod content;
#[path = "../../../src/logs/mod.rs"]
pub mod logs;
#[path = "../../../src/protocol/mod.rs"]
pub mod protocol;
#[path = "../../../src/reading/mod.rs"]
pub mod reading;
#[path = "../../../src/search/mod.rs"]
pub mod search;
#[path = "../../../src/session/mod.rs"]
pub mod session;

/// Of the room that opens sockets, what reads an address.
#[path = "../../../src/capture"]
pub mod capture {
    pub mod host_and_port;
    pub mod options;
    pub mod target;
}

pub mod saved;
pub mod talk;
