//! What things cost, each beside a reference that is measured in the same run, in one table.
//!
//! `cargo bench` measures everything, `cargo bench -- search` one part of it; best on an idle machine. A bench never fails for a time:
//! the table says which goals are met. Each part is a process of its own, so that none finds what another left.

mod conversation;
#[path = "../window/driver.rs"]
#[allow(dead_code, reason = "the window's tests do more with it")]
mod driver;
mod painting;
mod row;
mod search;

use std::env;
use std::process::{Command, ExitCode};

const BENCHES: [(&str, fn()); 2] = [("search", search::run), ("painting", painting::run)];

fn main() -> ExitCode {
    // Cargo adds an option of its own.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.as_slice() {
        [] => {
            row::head();
            BENCHES.iter().map(|(name, _)| name).fold(ExitCode::SUCCESS, |code, name| {
                let status = Command::new(env::current_exe().unwrap()).args(["part", name]).status().unwrap();
                if status.success() { code } else { ExitCode::FAILURE }
            })
        }
        [name] | [_, name] => {
            let Some((_, run)) = BENCHES.iter().find(|(bench, _)| bench == name) else {
                let names = BENCHES.map(|(name, _)| name).join(", ");
                eprintln!("There is no bench {name}; there are {names}.");
                return ExitCode::FAILURE;
            };
            if arguments.len() == 1 {
                row::head();
            }
            run();
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
