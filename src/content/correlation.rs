//! Which message answers which: by the identifiers that applications put into them, never by guessing from the order.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::protocol::direction::Direction;
use crate::protocol::moment::Moment;

use super::json;
use super::subprotocol::{Content, Subprotocol};
use super::tree::{Limits, Tree, Value};

/// Longer identifiers are not followed, in bytes.
const LONGEST_KEY: usize = 200;

/// At most this many requests or replies are looked for in one message.
pub(super) const MOST_IN_A_MESSAGE: usize = 64;

/// What identifiers need of a JSON object; of a batch it is one level more.
pub(super) const KEYS: Limits = Limits { depth: 3, nodes: 1024 };

/// What a message is to those with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// It asks.
    Request,
    /// It answers, or is a part of an answer.
    Reply,
    /// It carries an identifier and does not say more: the first one asks, one from the other side answers.
    Either,
}

/// An identifier that a request and its replies have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Correlation {
    /// The identifier, with what it counts before it where a subprotocol counts several things: `subscribe 12`.
    pub key: String,
    /// What this message is.
    pub role: Role,
}

impl Correlation {
    /// A correlation; `None` when the key is longer than anything that is meant as one.
    pub(super) fn new(key: String, role: Role) -> Option<Correlation> {
        (key.len() <= LONGEST_KEY).then_some(Correlation { key, role })
    }
}

/// The requests and replies in a message, by its subprotocol; without one, by `id` in JSON.
pub fn correlations(subprotocol: Option<Subprotocol>, content: &Content<'_>) -> Vec<Correlation> {
    match subprotocol {
        Some(subprotocol) => subprotocol.correlations(content),
        None if content.is_text => objects(&json::tree(content.payload, KEYS)).filter_map(by_id).collect(),
        None => Vec::new(),
    }
}

/// The JSON object of a message, or the objects of its array.
pub(super) fn objects(tree: &Tree) -> impl Iterator<Item = Value<'_>> {
    let root = tree.root();
    let single = root.filter(|root| root.is_map());
    let several = root.filter(|root| root.is_sequence()).into_iter().flat_map(|root| root.members());
    single.into_iter().chain(several.filter(|member| member.is_map())).take(MOST_IN_A_MESSAGE)
}

/// JSON-RPC says what asks and what answers; other JSON only has its `id`.
pub(super) fn by_id(object: Value<'_>) -> Option<Correlation> {
    let id = object.get("id")?;
    let identifier = id.identifier()?;
    // The number 1 and the text "1" are two identifiers.
    let key = if id.text().is_some() { format!("\"{identifier}\"") } else { identifier.to_owned() };
    let role = if object.get("method").is_some() {
        Role::Request
    } else if object.get("result").is_some() || object.get("error").is_some() {
        Role::Reply
    } else {
        Role::Either
    };
    Correlation::new(key, role)
}

/// A request with its first reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What both had in common.
    pub key: String,
    /// The number of the message that asked.
    pub request: u64,
    /// The number of the message that answered first.
    pub reply: u64,
    /// Which way the request went.
    pub direction: Direction,
    /// When the request came.
    pub at: Moment,
    /// The time from the request to the reply.
    pub after: Duration,
}

/// A request that waits for its reply.
#[derive(Debug, Clone)]
struct Open {
    message: u64,
    at: Moment,
    /// Told apart from an earlier request with the same key.
    serial: u64,
}

/// Requests that wait for their replies, while messages are fed in their order.
#[derive(Debug, Clone)]
pub struct Pairing {
    subprotocol: Option<Subprotocol>,
    open: HashMap<(Direction, String), Open>,
    /// The open requests by age; one that was answered or replaced is skipped when its turn comes.
    ages: VecDeque<(u64, Direction, String)>,
    serial: u64,
    forgotten: u64,
}

impl Pairing {
    /// At most this many requests are open; of more, the oldest is forgotten.
    pub const MOST_OPEN: usize = 4096;

    /// No request is open; messages are read by this subprotocol.
    pub fn new(subprotocol: Option<Subprotocol>) -> Pairing {
        Pairing { subprotocol, open: HashMap::new(), ages: VecDeque::new(), serial: 0, forgotten: 0 }
    }

    /// Takes the next message with its number and its moment; gives the pairs that it completes.
    pub fn feed(&mut self, message: u64, at: Moment, content: &Content<'_>) -> Vec<Pair> {
        let direction = content.direction;
        let mut pairs = Vec::new();
        for Correlation { key, role } in correlations(self.subprotocol, content) {
            let asked = (direction.receiver().sends(), key);
            if role != Role::Request
                && let Some(open) = self.open.remove(&asked)
            {
                let (direction, key) = asked;
                pairs.push(Pair {
                    key,
                    request: open.message,
                    reply: message,
                    direction,
                    at: open.at,
                    after: at.since(open.at),
                });
            } else if role != Role::Reply {
                self.ask((direction, asked.1), message, at);
            }
        }
        pairs
    }

    /// How many requests wait for a reply.
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// How many requests were forgotten because too many were open.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn ask(&mut self, key: (Direction, String), message: u64, at: Moment) {
        self.serial += 1;
        self.ages.push_back((self.serial, key.0, key.1.clone()));
        self.open.insert(key, Open { message, at, serial: self.serial });
        // What was answered stays among the ages until here, so both bounds are needed.
        while self.open.len() > Pairing::MOST_OPEN || self.ages.len() > 2 * Pairing::MOST_OPEN {
            let Some((serial, direction, key)) = self.ages.pop_front() else { break };
            let key = (direction, key);
            if self.open.get(&key).is_some_and(|open| open.serial == serial) {
                self.open.remove(&key);
                self.forgotten += 1;
            }
        }
    }
}
