//! The `closelook` program; everything that it does lives in the library.

fn main() -> std::process::ExitCode {
    closelook::cli::run(std::env::args_os())
}
