//! The standard output and the standard error; the one place that text from peers and files passes on its way to a terminal.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;

use crate::explain::marked_close::printable;

/// The standard output. Nothing that a peer sent reaches it raw: control and direction characters are escaped in text, and by
/// the rules of JSON in documents.
pub(super) struct Output {
    out: BufWriter<Stdout>,
}

impl Output {
    pub(super) fn new() -> Output {
        Output { out: BufWriter::with_capacity(1 << 16, io::stdout()) }
    }

    /// One line; a line feed inside it is escaped like every other control character.
    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", printable(line))
    }

    /// Several lines.
    pub(super) fn page(&mut self, page: &str) -> io::Result<()> {
        page.lines().try_for_each(|line| self.line(line))
    }

    /// One JSON document, laid out for reading.
    pub(super) fn document(&mut self, document: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, document)?;
        self.out.write_all(b"\n")
    }

    /// One JSON value on a line of its own.
    pub(super) fn json_line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// Where a document goes that has its own rules of escaping, and obeys them.
    pub(super) fn document_writer(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Hands everything to the reader.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A message for the person, on the standard error.
pub(super) fn complain(message: &str) {
    let mut standard_error = io::stderr().lock();
    for line in message.lines() {
        // Nobody is left to tell when this fails.
        let _ = writeln!(standard_error, "{}", printable(line));
    }
}
