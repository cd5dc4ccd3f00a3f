//! The hostile lab: servers that do what no server should. Memory stays within a bound that the test states, the cause is named, and the
//! session ends or can be ended at once, whatever the server does.
//!
//! What the program takes is measured in a process of its own (`closelook record`), so that tests do not measure each other; what a
//! painted frame or a recorded byte costs is counted in allocations.

#[path = "window/driver.rs"]
#[allow(dead_code, reason = "the tests of the window use all of it")]
mod driver;
mod raw_server;

#[path = "hostile/deflate.rs"]
mod deflate;
#[path = "hostile/frames.rs"]
mod frames;
#[path = "hostile/handshake.rs"]
mod handshake;
#[path = "hostile/recording.rs"]
mod recording;
#[path = "hostile/slow.rs"]
mod slow;
#[path = "hostile/unread.rs"]
mod unread;
#[path = "hostile/window.rs"]
mod window;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
