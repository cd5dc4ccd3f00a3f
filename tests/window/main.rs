//! The window, driven as a person with a screen reader drives it: by the names and roles of what is on the screen.

mod driver;
#[path = "../raw_server/mod.rs"]
mod raw_server;

mod composing;
mod connecting;
mod endings;
mod files;
mod flood;
mod frames;
mod latency;
mod raw;
mod settings;
mod sizes;
mod welcome;
