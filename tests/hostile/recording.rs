//! `closelook record` in a process of its own, and what it takes of the memory.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use serde_json::Value;

use crate::raw_server::{LIMIT, Peer, frame};

/// The program recording a session.
pub(crate) struct Recording {
    child: Child,
    stderr: BufReader<ChildStderr>,
    report: Receiver<String>,
}

/// A recording does not outlive its test.
impl Drop for Recording {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Recording {
    /// Begins to record.
    pub(crate) fn start(url: &str, options: &[&str]) -> Recording {
        let mut child = Command::new(env!("CARGO_BIN_EXE_closelook"))
            .args(["record", url, "--no-proxy", "--format", "json"])
            .args(options)
            .env("CLOSELOOK_JOURNALS", "")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (tell, report) = channel();
        thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).unwrap();
            // Nobody listens when the test has failed.
            let _ = tell.send(text);
        });
        Recording { child, stderr, report }
    }

    /// The most memory that it has occupied so far, in bytes; `None` where the system does not tell.
    pub(crate) fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().unwrap() * 1024)
    }

    /// Closes and, once that is told, ends the connection, as a person does with two interrupts.
    #[cfg(unix)]
    pub(crate) fn interrupt_twice(&mut self) {
        self.interrupt();
        let mut told = String::new();
        self.stderr.read_line(&mut told).unwrap();
        assert!(told.contains("Closing with 1000"), "{told}");
        self.interrupt();
    }

    #[cfg(unix)]
    fn interrupt(&self) {
        let id = self.child.id().to_string();
        // The shell has the command built in; the program of that name may not be installed.
        assert!(Command::new("sh").args(["-c", "kill -INT \"$0\"", &id]).status().unwrap().success());
    }

    /// What it printed when it had ended.
    #[track_caller]
    pub(crate) fn report(self) -> Report {
        let text = self.report.recv_timeout(LIMIT).expect("the recording ends");
        Report(serde_json::from_str(&text).unwrap())
    }
}

/// What was printed about a session.
#[derive(Debug)]
pub(crate) struct Report(pub(crate) Value);

impl Report {
    /// The rules that were broken, in order.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.0["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
    }

    /// Whether a note holds this.
    #[track_caller]
    pub(crate) fn assert_note(&self, part: &str) {
        let notes = self.0["notes"].as_array().unwrap();
        assert!(notes.iter().any(|note| note.as_str().unwrap().contains(part)), "{part} is missing in {notes:?}");
    }

    /// Whether the reason for which there is no session holds this.
    #[track_caller]
    pub(crate) fn assert_failure(&self, part: &str) {
        let problem = self.0["failure"]["problem"].as_str().unwrap_or_default();
        assert!(problem.contains(part), "{part} is missing in {problem:?}");
    }

    pub(crate) fn frames(&self) -> u64 {
        self.0["frames"]["count"].as_u64().unwrap()
    }
}

/// The server's end of a measurement: it says when a part of its work is done, and waits until that was measured.
pub(crate) struct Pause {
    reached: Sender<()>,
    measured: Receiver<()>,
}

/// The test's end of a measurement.
pub(crate) struct Gauge {
    reached: Receiver<()>,
    measured: Sender<()>,
}

/// Both ends.
pub(crate) fn gauge() -> (Pause, Gauge) {
    let (reached, is_reached) = channel();
    let (measured, is_measured) = channel();
    (Pause { reached, measured: is_measured }, Gauge { reached: is_reached, measured })
}

impl Pause {
    /// What was to be measured has happened.
    pub(crate) fn here(&self) {
        self.reached.send(()).unwrap();
        self.measured.recv_timeout(LIMIT).unwrap();
    }
}

impl Gauge {
    /// The memory at the server's next pause; it goes on then.
    pub(crate) fn peak(&self, recording: &Recording) -> Option<u64> {
        self.reached.recv_timeout(LIMIT).unwrap();
        let peak = recording.peak();
        self.measured.send(()).unwrap();
        peak
    }

    /// By how much the memory has grown between the server's next two pauses is at most `bound`.
    #[track_caller]
    pub(crate) fn assert_growth(&self, recording: &Recording, bound: u64) {
        // The program may be gone by the time that the server learns of it; then nothing is left to measure.
        let (before, after) = (self.peak(recording), self.peak(recording));
        if let (Some(before), Some(after)) = (before, after) {
            let growth = after.saturating_sub(before);
            assert!(growth <= bound, "{growth} bytes more are occupied; the bound is {bound}");
        }
    }
}

impl Peer<TcpStream> {
    /// Waits until everything that was sent has been read: a Ping behind it is answered.
    pub(crate) fn await_reader(&mut self) {
        self.send(&frame(0x89, b"read?"));
        let answer = self.read_frame();
        assert_eq!((answer.first_byte, answer.payload.as_slice()), (0x8A, b"read?".as_slice()));
    }

    /// Sends the same again and again until the client takes no more.
    pub(crate) fn flood(&mut self, bytes: &[u8]) {
        while self.stream.write_all(bytes).is_ok() {}
    }

    /// Sends these bytes, many times together; errors are the client's end.
    pub(crate) fn send_times(&mut self, bytes: &[u8], times: usize) {
        let batch = bytes.repeat(times.min(1 + 256 * 1024 / bytes.len()));
        let mut left = times * bytes.len();
        while left > 0 {
            let part = left.min(batch.len());
            if self.stream.write_all(&batch[..part]).is_err() {
                return;
            }
            left -= part;
        }
    }
}
