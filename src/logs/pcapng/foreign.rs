//! Finding the first WebSocket conversation in the capture of another program.

use std::collections::HashMap;
use std::net::SocketAddr;

use crate::protocol::direction::Direction;
use crate::protocol::http::{HeadParse, LONGEST_HEAD, RequestHead};
use crate::protocol::moment::Moment;
use crate::session::{Event, EventKind, Origin, Perspective, Recorder, Session};

use super::super::damage::{DamageList, Place};
use super::blocks::CapturedPacket;
use super::flow::{Flow, Output};
use super::packet::{Packet, Segment};

/// The most conversations that are followed at a time.
const MOST_CONVERSATIONS: usize = 65_536;

/// The most bytes that are held of conversations whose request is not complete.
const MOST_UNDECIDED: usize = 64 << 20;

/// What every upgrade begins with (RFC 6455 4.1).
const METHOD: &[u8] = b"GET ";

type Key = (SocketAddr, SocketAddr);

/// The capture as far as it has been read.
#[derive(Debug, Default)]
pub(super) struct ForeignCapture {
    conversations: HashMap<Key, Conversation>,
    seen: u64,
    undecided_bytes: usize,
    chosen: Option<Chosen>,
    unknown_links: Vec<u16>,
    fragments: u64,
    newest: u64,
}

#[derive(Debug)]
enum Conversation {
    /// It may become a WebSocket conversation.
    Undecided(Box<Candidate>),
    /// The one that is read.
    Chosen,
    /// It is none, or not the first.
    Dismissed,
}

#[derive(Debug)]
struct Candidate {
    flow: Flow,
    first_at: u64,
    connected_at: u64,
    request: Vec<u8>,
    outputs: Vec<(u64, Output)>,
    held_bytes: usize,
}

#[derive(Debug)]
struct Chosen {
    flow: Flow,
    started_at: u64,
    recorder: Recorder,
}

/// What a candidate turned out to be.
enum Decision {
    Wait,
    Upgrade(Box<RequestHead>),
    SomethingElse,
}

impl ForeignCapture {
    /// How many TCP conversations were seen.
    pub(super) fn conversations(&self) -> u64 {
        self.seen
    }

    /// Takes a packet.
    pub(super) fn packet(&mut self, captured: &CapturedPacket, place: Place, damage: &mut DamageList) {
        // A packet without a time happened, as far as is known, when the one before it did.
        let nanoseconds = captured.nanoseconds.unwrap_or(self.newest);
        self.newest = nanoseconds;
        match Packet::parse(captured.link_type, &captured.bytes) {
            Packet::Tcp(segment) => self.segment(&segment, nanoseconds, place, damage),
            Packet::Fragment => self.fragments += 1,
            Packet::Other => {}
            Packet::UnknownLink => {
                if !self.unknown_links.contains(&captured.link_type) {
                    self.unknown_links.push(captured.link_type);
                    let problem = format!(
                        "the packets of interface {} are of link type {}, which is not known here, and were left out",
                        captured.interface, captured.link_type
                    );
                    damage.add(place, problem);
                }
            }
        }
    }

    fn segment(&mut self, segment: &Segment, nanoseconds: u64, place: Place, damage: &mut DamageList) {
        let key = Flow::key(segment);
        let opens_another = segment.syn
            && match self.conversations.get(&key) {
                None => true,
                Some(Conversation::Dismissed) => !segment.ack,
                Some(Conversation::Undecided(candidate)) => candidate.flow.is_contradicted_by(segment),
                Some(Conversation::Chosen) => {
                    self.chosen.as_ref().is_some_and(|chosen| chosen.flow.is_contradicted_by(segment))
                }
            };
        let is_new = opens_another || !self.conversations.contains_key(&key);
        if is_new && !self.begin(key, segment, nanoseconds) {
            return;
        }
        match self.conversations.get_mut(&key) {
            Some(Conversation::Undecided(candidate)) => {
                let held_before = candidate.held_bytes;
                let decision = candidate.take(segment, nanoseconds);
                self.undecided_bytes += candidate.held_bytes - held_before;
                match decision {
                    Decision::Wait if self.undecided_bytes <= MOST_UNDECIDED => {}
                    Decision::Upgrade(request) => self.upgrade(key, &request, place, damage),
                    Decision::Wait | Decision::SomethingElse => {
                        self.undecided_bytes -= candidate.held_bytes;
                        self.conversations.insert(key, Conversation::Dismissed);
                    }
                }
            }
            Some(Conversation::Chosen) => {
                if let Some(chosen) = &mut self.chosen {
                    chosen.take(segment, nanoseconds, place, damage);
                }
            }
            Some(Conversation::Dismissed) | None => {}
        }
    }

    /// Begins to follow a conversation; says whether it did.
    fn begin(&mut self, key: Key, segment: &Segment, nanoseconds: u64) -> bool {
        if !segment.syn && segment.payload.is_empty() {
            return false;
        }
        if self.conversations.len() >= MOST_CONVERSATIONS && !self.conversations.contains_key(&key) {
            // Those that are decided are not needed any more, except to count the rest of them only once.
            self.conversations.retain(|_, conversation| !matches!(conversation, Conversation::Dismissed));
            if self.conversations.len() >= MOST_CONVERSATIONS {
                return false;
            }
        }
        self.seen += 1;
        let may_upgrade = segment.syn || segment.payload.starts_with(METHOD);
        let conversation = if may_upgrade {
            Conversation::Undecided(Box::new(Candidate {
                flow: Flow::new(segment, !(segment.syn && segment.ack)),
                first_at: nanoseconds,
                connected_at: nanoseconds,
                request: Vec::new(),
                outputs: Vec::new(),
                held_bytes: 0,
            }))
        } else {
            Conversation::Dismissed
        };
        if let Some(Conversation::Undecided(replaced)) = self.conversations.insert(key, conversation) {
            self.undecided_bytes -= replaced.held_bytes;
        }
        true
    }

    fn upgrade(&mut self, key: Key, request: &RequestHead, place: Place, damage: &mut DamageList) {
        let Some(Conversation::Undecided(candidate)) = self.conversations.remove(&key) else { return };
        self.undecided_bytes -= candidate.held_bytes;
        if self.chosen.is_some() {
            self.conversations.insert(key, Conversation::Dismissed);
            let (client, server) = (candidate.flow.client, candidate.flow.server);
            let problem =
                format!("another WebSocket conversation, from {client} to {server}, begins here and was left out");
            damage.add(place, problem);
            return;
        }
        self.conversations.insert(key, Conversation::Chosen);
        self.chosen = Some(candidate.chosen(request, place, damage));
    }

    /// The session of the first WebSocket conversation, once everything has been taken.
    pub(super) fn finish(self, damage: &mut DamageList) -> Option<Session> {
        if self.fragments > 0 {
            let problem = format!("{} fragments of IP packets were left out: they are not joined here", self.fragments);
            damage.add(Place::Whole, problem);
        }
        let chosen = self.chosen?;
        report_gaps(&chosen.flow, damage);
        Some(chosen.recorder.finish())
    }
}

impl Candidate {
    fn take(&mut self, segment: &Segment, nanoseconds: u64) -> Decision {
        if segment.syn && segment.ack {
            self.connected_at = nanoseconds;
        }
        // Bytes that wait in the stream are held as well.
        self.held_bytes += segment.payload.len();
        let mut decision = Decision::Wait;
        for output in self.flow.accept(segment) {
            if matches!(decision, Decision::Wait) {
                decision = match &output {
                    Output::Bytes(Direction::ClientToServer, bytes) => self.request_continues(bytes),
                    Output::Bytes(Direction::ServerToClient, _) if self.request.is_empty() => Decision::SomethingElse,
                    Output::Bytes(Direction::ServerToClient, _) => Decision::Wait,
                    Output::Ended(..) | Output::GivenUp(_) => Decision::SomethingElse,
                };
            }
            self.outputs.push((nanoseconds, output));
        }
        decision
    }

    fn request_continues(&mut self, bytes: &[u8]) -> Decision {
        let checked = self.request.len().saturating_sub(3);
        self.request.extend_from_slice(bytes);
        if !self.request.iter().zip(METHOD).all(|(found, wanted)| found == wanted) {
            return Decision::SomethingElse;
        }
        let added = self.request.get(checked..).unwrap_or_default();
        let has_empty_line =
            added.windows(2).any(|pair| pair == b"\n\n") || added.windows(3).any(|end| end == b"\n\r\n");
        if !has_empty_line {
            return if self.request.len() > LONGEST_HEAD { Decision::SomethingElse } else { Decision::Wait };
        }
        match RequestHead::parse(&self.request) {
            HeadParse::Complete { head, .. } if head.headers.has_element("Upgrade", "websocket") => {
                Decision::Upgrade(Box::new(head))
            }
            HeadParse::Incomplete => Decision::Wait,
            HeadParse::Complete { .. } | HeadParse::Malformed(_) => Decision::SomethingElse,
        }
    }

    fn chosen(self, request: &RequestHead, place: Place, damage: &mut DamageList) -> Chosen {
        let (client, server) = (self.flow.client, self.flow.server);
        let url = if request.target.starts_with('/') {
            let host = request.headers.first("Host").map_or_else(|| server.to_string(), str::to_owned);
            format!("ws://{host}{}", request.target)
        } else {
            request.target.clone()
        };
        let origin = Origin { started_at: self.first_at, url: Some(url), perspective: Perspective::Observer };
        let recorder = Recorder::new(origin);
        let mut chosen = Chosen { flow: self.flow, started_at: self.first_at, recorder };
        chosen.record(self.connected_at, EventKind::Connected { client, server });
        for (nanoseconds, output) in self.outputs {
            chosen.output(nanoseconds, output, place, damage);
        }
        chosen
    }
}

impl Chosen {
    fn take(&mut self, segment: &Segment, nanoseconds: u64, place: Place, damage: &mut DamageList) {
        if segment.missing > 0 {
            damage.add(place, format!("{} bytes of this packet were not captured", segment.missing));
        }
        for output in self.flow.accept(segment) {
            self.output(nanoseconds, output, place, damage);
        }
    }

    fn output(&mut self, nanoseconds: u64, output: Output, place: Place, damage: &mut DamageList) {
        match output {
            Output::Bytes(direction, bytes) => self.record(nanoseconds, EventKind::Bytes { direction, bytes }),
            Output::Ended(side, how) => self.record(nanoseconds, EventKind::TransportEnded { side, how }),
            Output::GivenUp(direction) => damage.add(place, given_up(direction)),
        }
    }

    fn record(&mut self, nanoseconds: u64, kind: EventKind) {
        let at = Moment(nanoseconds.saturating_sub(self.started_at));
        self.recorder.record(Event { at, kind });
    }
}

/// What is said of a direction that lacks too much.
pub(super) fn given_up(direction: Direction) -> String {
    format!(
        "too much waits for bytes that the {} sent and the capture lacks: the rest of them was left out",
        direction.sender()
    )
}

/// Reports what a connection lacks at its end.
pub(super) fn report_gaps(flow: &Flow, damage: &mut DamageList) {
    for direction in Direction::BOTH {
        if let Some((position, waiting)) = flow.gap(direction) {
            let problem = format!(
                "the capture lacks bytes that the {} sent after its first {position}; the {waiting} bytes after them were left out",
                direction.sender()
            );
            damage.add(Place::Whole, problem);
        }
    }
}
