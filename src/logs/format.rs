//! Which format a log has: by the ending of its name when it is saved, by its first bytes when it is opened.

use std::path::Path;

use super::error::LogError;
use super::packets;

/// How many bytes at the start of a file decide on its format.
pub(super) const SNIFFED: u64 = 64;

/// The block type of a pcapng section header, the same in either byte order.
const SECTION_HEADER: [u8; 4] = [0x0A, 0x0D, 0x0D, 0x0A];

/// The format of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A capture that Wireshark opens, `.pcapng`; one in the older `.pcap` format is read too.
    PcapNg,
    /// One JSON object a line, `.jsonl`.
    JsonLines,
    /// An HTTP archive with `_webSocketMessages`, as browsers save it, `.har`.
    Har,
}

impl Format {
    /// Every format, the native one first.
    pub const ALL: [Format; 3] = [Format::PcapNg, Format::JsonLines, Format::Har];

    /// The ending of file names, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Format::PcapNg => "pcapng",
            Format::JsonLines => "jsonl",
            Format::Har => "har",
        }
    }

    /// The format that a file's name asks for; case does not count.
    ///
    /// # Errors
    /// [`LogError::UnknownEnding`] for every other ending.
    pub fn of_path(path: &Path) -> Result<Format, LogError> {
        let found = path.extension().unwrap_or_default();
        let format = Format::ALL.into_iter().find(|format| found.eq_ignore_ascii_case(format.ending()));
        format.ok_or_else(|| LogError::UnknownEnding { path: path.into() })
    }
}

/// The format of a file that starts with these bytes; its name decides when they are of no known kind.
pub(super) fn sniff(start: &[u8], path: &Path) -> Result<Format, LogError> {
    if start.is_empty() {
        return Err(LogError::Empty { path: path.into() });
    }
    if start.starts_with(&SECTION_HEADER) || packets::is_pcap(start) {
        return Ok(Format::PcapNg);
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    if let Some(object) = text.trim_ascii_start().strip_prefix(b"{") {
        // Only the first key tells them apart; where it tells nothing, the name does.
        let key = object.trim_ascii_start();
        let is_record = [&b"\"closelook\""[..], b"\"at\""].iter().any(|start| key.starts_with(start));
        let is_har = key.starts_with(b"\"log\"")
            || (!is_record && Format::of_path(path).is_ok_and(|by_name| by_name == Format::Har));
        return Ok(if is_har { Format::Har } else { Format::JsonLines });
    }
    Format::of_path(path).map_err(|_| LogError::NotALog { path: path.into() })
}
