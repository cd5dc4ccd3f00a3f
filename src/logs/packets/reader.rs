//! Reading a capture: from packets to sessions, whether this program wrote it or another one.

use std::sync::Arc;

use crate::session::{ByteSource, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::super::error::LogError;
use super::super::input::Input;
use super::super::{BytesRead, Opened, cancelled, record};
use super::blocks::{Block, BlockReader, Comments};
use super::comments::Records;
use super::foreign::ForeignCapture;
use super::own::OwnLog;
use super::pcap::{self, PcapReader};
use crate::logs::window::Window;

/// How many blocks are read between two questions to the progress callback.
const BLOCKS_A_STEP: u64 = 256;

/// The file's packets, in either format.
enum Packets {
    PcapNg(BlockReader),
    Pcap(PcapReader),
}

impl Packets {
    fn new(input: Input) -> Packets {
        let mut window = Window::new(input);
        // What cannot be read is told when it is read again.
        let is_pcap = window.see(4).is_ok_and(pcap::is_pcap);
        if is_pcap { Packets::Pcap(PcapReader::new(window)) } else { Packets::PcapNg(BlockReader::new(window)) }
    }

    fn offset(&self) -> u64 {
        match self {
            Packets::PcapNg(blocks) => blocks.offset(),
            Packets::Pcap(packets) => packets.offset(),
        }
    }

    fn next(&mut self) -> Result<Option<Block<'_>>, String> {
        match self {
            Packets::PcapNg(blocks) => blocks.next().map_err(|error| error.to_string()),
            Packets::Pcap(packets) => match packets.next() {
                Ok(packet) => Ok(packet.map(Block::Packet)),
                Err(error) => Err(error.to_string()),
            },
        }
    }
}

/// Whose file it is.
#[derive(Debug)]
enum Contents {
    Own(Box<OwnLog>),
    Foreign(Box<ForeignCapture>),
}

impl Contents {
    fn recorder(&mut self) -> Option<&mut Recorder> {
        match self {
            Contents::Own(log) => Some(log.recorder()),
            Contents::Foreign(capture) => capture.recorder(),
        }
    }

    fn finish(self, damage: &mut DamageList) -> Result<Vec<Session>, LogError> {
        match self {
            Contents::Own(log) => Ok(vec![log.finish(damage)]),
            Contents::Foreign(capture) => {
                let conversations = capture.conversations();
                let sessions = capture.finish(damage);
                if !sessions.is_empty() {
                    Ok(sessions)
                } else if conversations == 0 && !damage.is_empty() {
                    Err(LogError::NothingReadable { first: std::mem::take(damage).into_first() })
                } else {
                    Err(LogError::NoWebSocket { conversations })
                }
            }
        }
    }
}

/// Reads the sessions of a pcapng or pcap file. From the first block on that is not readable the file is left out, and that is
/// reported.
///
/// # Errors
/// When nothing is readable, the file has no WebSocket conversation, or `progress` cancels.
pub(in crate::logs) fn read(input: Input, progress: &mut BytesRead<'_>) -> Result<Opened, LogError> {
    let source: Arc<dyn ByteSource> = Arc::new(input.clone());
    let mut damage = DamageList::default();
    let mut packets = Packets::new(input);
    let mut contents = match packets {
        Packets::PcapNg(_) => None,
        Packets::Pcap(_) => Some(Contents::Foreign(Box::new(ForeignCapture::new(Arc::clone(&source))))),
    };
    for number in 0_u64.. {
        if number % BLOCKS_A_STEP == 0 {
            cancelled(progress(packets.offset(), contents.as_mut().and_then(Contents::recorder)))?;
        }
        let place = Place::Byte(packets.offset());
        let block = match packets.next() {
            Ok(Some(block)) => block,
            Ok(None) => break,
            Err(error) => {
                damage.add(place, format!("{error}; nothing from here on was read"));
                break;
            }
        };
        match (block, &mut contents) {
            (Block::Packet(packet), Some(Contents::Own(log))) => log.packet(&packet, place, &mut damage),
            (Block::Packet(packet), Some(Contents::Foreign(capture))) => capture.packet(&packet, place, &mut damage),
            (Block::Section { comments }, None) => contents = Some(section(comments, &source, place, &mut damage)),
            (Block::Section { comments }, Some(Contents::Foreign(_))) if !has_record(comments.clone()) => {}
            (Block::Section { .. }, Some(_)) => {
                damage.add(place, "another session begins here; nothing from here on was read");
                break;
            }
            (Block::NoInterface(interface), _) => {
                damage.add(place, format!("a packet of interface {interface}, which the file does not describe"));
            }
            (Block::Packet(_), None) | (Block::Other, _) => {}
        }
    }
    cancelled(progress(packets.offset(), None))?;
    let Some(contents) = contents else { return Err(LogError::NothingReadable { first: damage.into_first() }) };
    let mut sessions = contents.finish(&mut damage)?.into_iter();
    match sessions.next() {
        Some(session) => Ok(Opened { session, others: sessions.collect(), damage: damage.into_vec() }),
        None => Err(LogError::NoWebSocket { conversations: 0 }),
    }
}

/// What the first section header says of the file.
fn section(comments: Comments<'_>, source: &Arc<dyn ByteSource>, place: Place, damage: &mut DamageList) -> Contents {
    let mut records = Records::default();
    let mut own: Option<OwnLog> = None;
    for line in comments.filter_map(|comment| records.take(comment)) {
        match &mut own {
            Some(log) => {
                log.record(&line, place, damage);
            }
            None => match record::read_header(&line) {
                Some((origin, problem)) => {
                    problem.into_iter().for_each(|problem| damage.add(place, problem));
                    own = Some(OwnLog::new(origin, Arc::clone(source)));
                }
                None => damage.add(place, "a comment is not the header of a log of closelook"),
            },
        }
    }
    match own {
        Some(log) => Contents::Own(Box::new(log)),
        None => Contents::Foreign(Box::new(ForeignCapture::new(Arc::clone(source)))),
    }
}

fn has_record(mut comments: Comments<'_>) -> bool {
    let mut records = Records::default();
    comments.any(|comment| records.take(comment).is_some())
}
