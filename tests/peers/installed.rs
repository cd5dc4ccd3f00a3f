//! Where the programs are that tests start, and what is said of one that is missing.
#![allow(dead_code, unreachable_pub, reason = "each test program includes this file and uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the libraries are: in the folder `peers` beside the one for temporary files of tests, or where the environment says.
pub fn installed() -> PathBuf {
    let beside = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers");
    std::env::var_os("CLOSELOOK_PEERS").map_or_else(beside, PathBuf::from)
}

/// Where their programs are in the project.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

/// The command that runs a file with Node, when this module of it is installed.
pub fn node(module: &str, file: &str) -> Option<Command> {
    let modules = installed().join("node/node_modules");
    modules.join(module).exists().then(|| {
        let mut command = Command::new("node");
        command.arg(sources().join("node").join(file)).env("NODE_PATH", modules);
        command
    })
}

/// The command that runs a file with Python, when this module of it is installed.
pub fn python(module: &str, file: &str) -> Option<Command> {
    let python = installed().join("python/bin/python3");
    let imported = || Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    (python.exists() && imported().is_ok_and(|status| status.success())).then(|| {
        let mut command = Command::new(&python);
        command.arg(sources().join("python").join(file));
        command
    })
}

/// The command of a program that is looked for in the usual places.
pub fn program(name: &str) -> Option<Command> {
    let places = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&places).map(|place| place.join(name)).find(|path| path.is_file())?;
    Some(Command::new(found))
}

/// Says that something which a test needs is missing.
pub fn missing(what: &str) {
    assert!(std::env::var("CLOSELOOK_REQUIRE_PEERS").as_deref() != Ok("1"), "{what} is not installed: run .ci/run");
    eprintln!("skipped: {what} is not installed (.ci/run installs it)");
}
