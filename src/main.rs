//! The `closelook` program: its command line, and the window when no subcommand is given.

fn main() {}
