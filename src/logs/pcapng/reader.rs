//! Reading a pcapng file: from blocks to a session, whether this program wrote it or another one.

use std::io::BufRead;

use bytes::Bytes;

use super::super::damage::{DamageList, Place};
use super::super::error::LogError;
use super::super::{BytesRead, Opened, cancelled, record};
use super::blocks::{Block, BlockReader};
use super::comments::Records;
use super::foreign::ForeignCapture;
use super::own::OwnLog;

/// How many blocks are read between two questions to the progress callback.
const BLOCKS_A_STEP: u64 = 256;

/// Whose file it is.
#[derive(Debug)]
enum Contents {
    Own(Box<OwnLog>),
    Foreign(Box<ForeignCapture>),
}

/// Reads a session from a pcapng file. From the first block on that is not readable the file is left out, and that is reported; so
/// are other WebSocket conversations than the first.
///
/// # Errors
/// When nothing is readable, the file has no WebSocket conversation, or `progress` cancels.
pub fn read(input: impl BufRead, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let mut damage = DamageList::default();
    let mut blocks = BlockReader::new(input);
    let mut contents: Option<Contents> = None;
    for number in 0_u64.. {
        if number % BLOCKS_A_STEP == 0 {
            cancelled(progress(blocks.offset))?;
        }
        let place = Place::Byte(blocks.offset);
        let block = match blocks.next() {
            Ok(Some(block)) => block,
            Ok(None) => break,
            Err(error) => {
                damage.add(place, format!("{error}; nothing from here on was read"));
                break;
            }
        };
        match (block, &mut contents) {
            (Block::Section { comments }, None) => contents = Some(section(&comments, place, &mut damage)),
            (Block::Section { comments }, Some(Contents::Foreign(_))) if !has_record(&comments) => {}
            (Block::Section { .. }, Some(_)) => {
                damage.add(place, "another session begins here; nothing from here on was read");
                break;
            }
            (Block::Packet(packet), Some(Contents::Own(log))) => log.packet(&packet, place, &mut damage),
            (Block::Packet(packet), Some(Contents::Foreign(capture))) => capture.packet(&packet, place, &mut damage),
            (Block::NoInterface(interface), _) => {
                damage.add(place, format!("a packet of interface {interface}, which the file does not describe"));
            }
            (Block::Packet(_), None) | (Block::Other, _) => {}
        }
    }
    cancelled(progress(blocks.offset))?;
    let session = match contents {
        Some(Contents::Own(log)) => log.finish(&mut damage),
        Some(Contents::Foreign(capture)) => {
            let conversations = capture.conversations();
            match capture.finish(&mut damage) {
                Some(session) => session,
                None if conversations == 0 && !damage.is_empty() => {
                    return Err(LogError::NothingReadable { first: damage.into_first() });
                }
                None => return Err(LogError::NoWebSocket { conversations }),
            }
        }
        None => return Err(LogError::NothingReadable { first: damage.into_first() }),
    };
    Ok(Opened::of_one(session, damage))
}

/// What the first section header says of the file.
fn section(comments: &[Bytes], place: Place, damage: &mut DamageList) -> Contents {
    let mut records = Records::default();
    let mut own: Option<OwnLog> = None;
    for line in comments.iter().filter_map(|comment| records.take(comment)) {
        match &mut own {
            Some(log) => {
                log.record(&line, place, damage);
            }
            None => match record::read_header(&line) {
                Some((origin, problem)) => {
                    problem.into_iter().for_each(|problem| damage.add(place, problem));
                    own = Some(OwnLog::new(origin));
                }
                None => damage.add(place, "a comment is not the header of a log of closelook"),
            },
        }
    }
    match own {
        Some(log) => Contents::Own(Box::new(log)),
        None => Contents::Foreign(Box::default()),
    }
}

fn has_record(comments: &[Bytes]) -> bool {
    let mut records = Records::default();
    comments.iter().any(|comment| records.take(comment).is_some())
}
