//! Finding the WebSocket conversations in the capture of another program.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::protocol::direction::{Direction, PerDirection, Side};
use crate::protocol::http::RequestHead;
use crate::session::{ByteSource, EventKind, Recorder, Session};

use super::super::MOST_CONVERSATIONS;
use super::super::damage::{DamageList, Place};
use super::blocks::CapturedPacket;
use super::captured_head::{self, CapturedHead};
use super::flow::{Flow, Output};
use super::midway::{Judgement, Midway, url_of};
use super::packet::{Packet, Segment};
use super::recorded::Recorded;

/// The most conversations that are followed at a time.
const MOST_FOLLOWED: usize = 65_536;

/// The most bytes that are held of conversations whose request is not complete.
const MOST_UNDECIDED: usize = 64 << 20;

type Key = (SocketAddr, SocketAddr);

/// The capture as far as it has been read.
#[derive(Debug)]
pub(super) struct ForeignCapture {
    source: Arc<dyn ByteSource>,
    conversations: HashMap<Key, Conversation>,
    seen: u64,
    undecided_bytes: usize,
    /// The WebSocket conversations, in the order in which they were known to be that.
    recorded: Vec<Recorded>,
    /// The one of the packet before, which the next packet often has too.
    newest_recorded: Option<usize>,
    left_out: u64,
    unknown_links: Vec<u16>,
    fragments: u64,
    newest: u64,
}

#[derive(Debug)]
enum Conversation {
    /// It may become a WebSocket conversation.
    Undecided(Box<Candidate>),
    /// The same, without its beginning or a part of it.
    Midway(Box<Midway>),
    /// It is one, at this place in the list.
    Recorded(usize),
    /// It is none, or one too many.
    Dismissed,
}

#[derive(Debug)]
struct Candidate {
    flow: Flow,
    first_at: u64,
    connected_at: u64,
    heads: PerDirection<CapturedHead>,
    outputs: Vec<(u64, Output<'static>)>,
    held_bytes: usize,
}

/// What a candidate turned out to be.
enum Decision {
    Wait,
    Upgrade,
    /// Not all of the handshake is in the capture.
    Midway,
    SomethingElse,
}

impl ForeignCapture {
    /// A capture of which nothing has been read, in a file that can be read again.
    pub(super) fn new(source: Arc<dyn ByteSource>) -> ForeignCapture {
        ForeignCapture {
            source,
            conversations: HashMap::new(),
            seen: 0,
            undecided_bytes: 0,
            recorded: Vec::new(),
            newest_recorded: None,
            left_out: 0,
            unknown_links: Vec::new(),
            fragments: 0,
            newest: 0,
        }
    }

    /// How many TCP conversations were seen.
    pub(super) fn conversations(&self) -> u64 {
        self.seen
    }

    /// The first WebSocket conversation so far.
    pub(super) fn recorder(&mut self) -> Option<&mut Recorder> {
        self.recorded.first_mut().map(|recorded| &mut recorded.resuming.recorder)
    }

    /// Takes a packet.
    pub(super) fn packet(&mut self, captured: &CapturedPacket<'_>, place: Place, damage: &mut DamageList) {
        // A packet without a time happened, as far as is known, when the one before it did.
        let nanoseconds = captured.nanoseconds.unwrap_or(self.newest);
        self.newest = nanoseconds;
        match Packet::parse(captured) {
            Packet::Tcp(segment) => self.segment(&segment, nanoseconds),
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

    fn segment(&mut self, segment: &Segment<'_>, nanoseconds: u64) {
        if !segment.syn
            && let Some(recorded) = self.newest_recorded.and_then(|newest| self.recorded.get_mut(newest))
            && recorded.flow.has(segment)
        {
            return recorded.take(segment, nanoseconds);
        }
        let key = Flow::key(segment);
        let opens_another = segment.syn
            && match self.conversations.get(&key) {
                None => true,
                Some(Conversation::Dismissed) => !segment.ack,
                Some(Conversation::Undecided(candidate)) => candidate.flow.is_contradicted_by(segment),
                Some(Conversation::Midway(_)) => !segment.ack,
                Some(Conversation::Recorded(index)) => {
                    self.recorded.get(*index).is_some_and(|recorded| recorded.flow.is_contradicted_by(segment))
                }
            };
        let is_new = opens_another || !self.conversations.contains_key(&key);
        if is_new && !self.begin(key, segment, nanoseconds) {
            return;
        }
        self.newest_recorded = None;
        match self.conversations.get_mut(&key) {
            Some(Conversation::Undecided(candidate)) => {
                let held_before = candidate.held_bytes;
                let decision = candidate.take(segment, nanoseconds);
                self.undecided_bytes += candidate.held_bytes - held_before;
                match decision {
                    Decision::Wait if self.undecided_bytes <= MOST_UNDECIDED => {}
                    Decision::Upgrade => self.upgrade(key),
                    Decision::Midway => self.lose_beginning(key),
                    Decision::Wait | Decision::SomethingElse => {
                        self.undecided_bytes -= candidate.held_bytes;
                        self.conversations.insert(key, Conversation::Dismissed);
                    }
                }
            }
            Some(Conversation::Midway(midway)) => {
                let held_before = midway.held_bytes();
                let judgement = midway.take(segment, nanoseconds);
                self.undecided_bytes += midway.held_bytes() - held_before;
                match judgement {
                    Judgement::Wait if self.undecided_bytes <= MOST_UNDECIDED => {}
                    Judgement::Frames => self.join(key),
                    Judgement::Wait | Judgement::SomethingElse if midway.has_request() => self.join(key),
                    Judgement::Wait | Judgement::SomethingElse => {
                        self.undecided_bytes -= midway.held_bytes();
                        self.conversations.insert(key, Conversation::Dismissed);
                    }
                }
            }
            Some(Conversation::Recorded(index)) => {
                if let Some(recorded) = self.recorded.get_mut(*index) {
                    self.newest_recorded = Some(*index);
                    recorded.take(segment, nanoseconds);
                }
            }
            Some(Conversation::Dismissed) | None => {}
        }
    }

    /// Begins to follow a conversation; says whether it did.
    fn begin(&mut self, key: Key, segment: &Segment<'_>, nanoseconds: u64) -> bool {
        if !segment.syn && segment.payload.is_empty() {
            return false;
        }
        if self.conversations.len() >= MOST_FOLLOWED && !self.conversations.contains_key(&key) {
            // Those that are decided are not needed any more, except to count the rest of them only once.
            self.conversations.retain(|_, conversation| !matches!(conversation, Conversation::Dismissed));
            if self.conversations.len() >= MOST_FOLLOWED {
                return false;
            }
        }
        self.seen += 1;
        let may_upgrade = segment.syn || segment.payload.bytes.starts_with(captured_head::REQUEST);
        let conversation = if may_upgrade {
            Conversation::Undecided(Box::new(Candidate {
                flow: Flow::new(segment, !(segment.syn && segment.ack)),
                first_at: nanoseconds,
                connected_at: nanoseconds,
                heads: PerDirection::default(),
                outputs: Vec::new(),
                held_bytes: 0,
            }))
        } else {
            Conversation::Midway(Box::new(Midway::new(segment, nanoseconds)))
        };
        self.undecided_bytes -= match self.conversations.insert(key, conversation) {
            Some(Conversation::Undecided(replaced)) => replaced.held_bytes,
            Some(Conversation::Midway(replaced)) => replaced.held_bytes(),
            Some(Conversation::Recorded(_) | Conversation::Dismissed) | None => 0,
        };
        true
    }

    fn upgrade(&mut self, key: Key) {
        let Some(Conversation::Undecided(candidate)) = self.conversations.remove(&key) else { return };
        self.undecided_bytes -= candidate.held_bytes;
        if let Some(request) = candidate.upgrade()
            && self.has_place(key)
        {
            self.recorded.push(candidate.recorded(&request, &self.source));
        }
    }

    /// Goes on with a conversation of whose handshake a part is missing.
    fn lose_beginning(&mut self, key: Key) {
        let Some(Conversation::Undecided(candidate)) = self.conversations.remove(&key) else { return };
        self.undecided_bytes -= candidate.held_bytes;
        let Candidate { flow, first_at, outputs, .. } = *candidate;
        let mut midway = Midway::of_known_ends(flow, first_at);
        outputs.into_iter().for_each(|(nanoseconds, output)| midway.hold(nanoseconds, output));
        self.undecided_bytes += midway.held_bytes();
        self.conversations.insert(key, Conversation::Midway(Box::new(midway)));
    }

    /// Records a conversation from the middle on.
    fn join(&mut self, key: Key) {
        let Some(Conversation::Midway(midway)) = self.conversations.remove(&key) else { return };
        self.undecided_bytes -= midway.held_bytes();
        if self.has_place(key) {
            self.recorded.push(midway.recorded(&self.source));
        }
    }

    /// Gives a conversation the next place in the list, when there is one.
    fn has_place(&mut self, key: Key) -> bool {
        let has_place = self.recorded.len() < MOST_CONVERSATIONS;
        let conversation =
            if has_place { Conversation::Recorded(self.recorded.len()) } else { Conversation::Dismissed };
        self.left_out += u64::from(!has_place);
        self.conversations.insert(key, conversation);
        has_place
    }

    /// Decides on those that were too short to be sure of.
    fn decide_on_the_short(&mut self) {
        let mut short: Vec<(u64, Key)> = Vec::new();
        for (key, conversation) in &self.conversations {
            match conversation {
                Conversation::Undecided(candidate) => short.push((candidate.first_at, *key)),
                Conversation::Midway(midway) => short.push((midway.first_at(), *key)),
                Conversation::Recorded(_) | Conversation::Dismissed => {}
            }
        }
        short.sort_unstable();
        for (_, key) in short {
            if let Some(Conversation::Undecided(candidate)) = self.conversations.get_mut(&key)
                && let Decision::Midway = candidate.finish()
            {
                self.lose_beginning(key);
            }
            match self.conversations.get_mut(&key) {
                Some(Conversation::Undecided(_)) => self.upgrade(key),
                Some(Conversation::Midway(midway)) => {
                    midway.finish();
                    if midway.is_likely() || midway.has_request() {
                        self.join(key);
                    }
                }
                Some(Conversation::Recorded(_) | Conversation::Dismissed) | None => {}
            }
        }
    }

    /// The sessions of the WebSocket conversations, once everything has been taken.
    pub(super) fn finish(mut self, damage: &mut DamageList) -> Vec<Session> {
        self.decide_on_the_short();
        if self.fragments > 0 {
            let problem = format!("{} fragments of IP packets were left out: they are not joined here", self.fragments);
            damage.add(Place::Whole, problem);
        }
        if self.left_out > 0 {
            let problem = format!(
                "{} more WebSocket conversations were left out: {MOST_CONVERSATIONS} are opened from one capture",
                self.left_out
            );
            damage.add(Place::Whole, problem);
        }
        let is_one_of_several = self.recorded.len() > 1;
        self.recorded.sort_by_key(Recorded::started_at);
        self.recorded.into_iter().map(|recorded| recorded.finish(is_one_of_several, damage)).collect()
    }
}

impl Candidate {
    fn take(&mut self, segment: &Segment<'_>, nanoseconds: u64) -> Decision {
        if segment.syn && segment.ack {
            self.connected_at = nanoseconds;
        }
        // Bytes that wait in the connection are held as well.
        self.held_bytes += segment.payload.len();
        let mut decision = Decision::Wait;
        let Candidate { flow, heads, outputs, .. } = self;
        flow.accept(segment, nanoseconds, &mut |nanoseconds, output| {
            if matches!(decision, Decision::Wait) {
                decision = decide(heads, &output);
            }
            outputs.push((nanoseconds, output.into_owned()));
        });
        decision
    }

    /// Lets out what waits in the connection, since no more segments will come.
    fn finish(&mut self) -> Decision {
        let mut decision = Decision::Wait;
        let Candidate { flow, heads, outputs, .. } = self;
        flow.finish(&mut |nanoseconds, output| {
            if matches!(decision, Decision::Wait) {
                decision = decide(heads, &output);
            }
            outputs.push((nanoseconds, output.into_owned()));
        });
        decision
    }

    /// The request, when it is whole and asks for WebSocket.
    fn upgrade(&self) -> Option<RequestHead> {
        let head = &self.heads.client_to_server;
        head.request().filter(|request| head.is_whole() && request.headers.has_element("Upgrade", "websocket"))
    }

    fn recorded(self, request: &RequestHead, source: &Arc<dyn ByteSource>) -> Recorded {
        let (client, server) = (self.flow.client, self.flow.server);
        let mut recorded = Recorded::new(self.flow, url_of(request, &server.to_string()), self.first_at, source);
        recorded.record(self.connected_at, EventKind::Connected { client, server });
        for (nanoseconds, output) in self.outputs {
            recorded.output(nanoseconds, output);
        }
        recorded
    }
}

/// What is known of a conversation when this is the next of it.
fn decide(heads: &mut PerDirection<CapturedHead>, output: &Output<'_>) -> Decision {
    let PerDirection { client_to_server: request, server_to_client: response } = heads;
    match output {
        Output::Bytes(Direction::ClientToServer, piece) => {
            let was_whole = request.is_whole();
            request.take(&piece.bytes);
            match request.request().filter(|_| request.is_whole()) {
                _ if was_whole => Decision::Upgrade,
                Some(request) if request.headers.has_element("Upgrade", "websocket") => Decision::Wait,
                None if request.side() == Some(Side::Client) => Decision::Wait,
                Some(_) | None => Decision::SomethingElse,
            }
        }
        Output::Bytes(Direction::ServerToClient, piece) => {
            response.take(&piece.bytes);
            match (response.side(), request.is_whole()) {
                (Some(Side::Server), true) if response.is_open() => Decision::Wait,
                (Some(Side::Server), true) => Decision::Upgrade,
                // The request was lost, or the response.
                (Some(Side::Server), false) | (_, true) => Decision::Midway,
                (_, false) => Decision::SomethingElse,
            }
        }
        Output::Missing(..) => Decision::Midway,
        Output::Ended(..) if request.is_whole() => Decision::Upgrade,
        Output::Ended(..) => Decision::SomethingElse,
    }
}
