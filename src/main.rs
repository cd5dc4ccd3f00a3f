//! The `closelook` program: its command line, and the window when no subcommand is given.

fn main() -> std::process::ExitCode {
    match closelook::app::run(std::env::args().skip(1).collect()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}
