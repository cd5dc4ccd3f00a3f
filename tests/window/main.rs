//! The window, driven as a person with a screen reader drives it: by the names and roles of what is on the screen.

mod driver;
#[path = "../raw_server/mod.rs"]
mod raw_server;
#[path = "../spoken_log/mod.rs"]
mod spoken_log;

mod composing;
mod connecting;
mod endings;
mod files;
mod filtering;
mod flood;
mod frames;
mod journals;
mod latency;
mod payloads;
mod raw;
mod settings;
mod sizes;
mod statistics;
mod timeline;
mod welcome;
