//! Phoenix channels: objects in version 1 of the serializer, arrays of five and binary frames in version 2.

use super::Content;
use super::summary::{Summary, brief, bytes};
use crate::content::correlation::{Correlation, Role};
use crate::content::json;
use crate::content::tree::{Limits, Value};

const LIMITS: Limits = Limits { depth: 3, nodes: 1024 };

struct Push {
    join_ref: Option<String>,
    reference: Option<String>,
    topic: String,
    event: String,
    status: Option<String>,
    payload: String,
}

impl Push {
    fn is_reply(&self) -> bool {
        self.event == "phx_reply"
    }
}

fn read(content: &Content<'_>) -> Option<Push> {
    if content.is_text { json_push(content.payload) } else { binary_push(content) }
}

fn json_push(payload: &[u8]) -> Option<Push> {
    let tree = json::tree(payload, LIMITS);
    let root = tree.root()?;
    let field = |name, place| if root.is_map() { root.get(name) } else { root.at(place) };
    if !root.is_map() && root.node().members > 5 {
        return None;
    }
    let identifier = |name, place| field(name, place).and_then(Value::identifier).map(str::to_owned);
    let content = field("payload", 4);
    let status = content.and_then(|content| content.get("status")).and_then(Value::text).map(str::to_owned);
    Some(Push {
        join_ref: identifier("join_ref", 0),
        reference: identifier("ref", 1),
        topic: field("topic", 2)?.text()?.to_owned(),
        event: field("event", 3)?.text()?.to_owned(),
        status,
        payload: content.map(|content| brief(content, Some(payload))).unwrap_or_default(),
    })
}

/// The kind, then the lengths of the texts that follow: of a push from the client and of a reply four, of a push from the server three
/// (it has no ref), of a broadcast two.
fn binary_push(content: &Content<'_>) -> Option<Push> {
    use crate::protocol::direction::Direction::ServerToClient;
    let (kind, rest) = content.payload.split_first()?;
    let lengths = match kind {
        0 if content.direction == ServerToClient => 3,
        0 | 1 => 4,
        2 => 2,
        _ => return None,
    };
    let (lengths, mut rest) = rest.split_at_checked(lengths)?;
    let mut texts = Vec::new();
    for length in lengths {
        let (text, after) = rest.split_at_checked(usize::from(*length))?;
        texts.push(std::str::from_utf8(text).ok()?.to_owned());
        rest = after;
    }
    let data = content.length.saturating_sub((content.payload.len() - rest.len()) as u64);
    let mut texts = texts.into_iter();
    let mut next = || texts.next().unwrap_or_default();
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let join_ref = if *kind == 2 { None } else { given(next()) };
    let reference = if lengths.len() == 4 { given(next()) } else { None };
    let topic = next();
    let (event, status) = if *kind == 1 { ("phx_reply".to_owned(), given(next())) } else { (next(), None) };
    Some(Push { join_ref, reference, topic, event, status, payload: bytes(data) })
}

pub(super) fn is_join(content: &Content<'_>) -> bool {
    read(content).is_some_and(|push| push.event == "phx_join" && push.reference.is_some())
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    let push = read(content)?;
    let mut summary = Summary::of(&push.topic).word(&push.event);
    if let Some(status) = &push.status
        && push.is_reply()
    {
        summary = summary.word(status);
    }
    let reference = push.reference.map(|reference| format!("ref {reference}"));
    let join_ref = push.join_ref.map(|reference| format!("join {reference}"));
    Some(summary.maybe(reference).maybe(join_ref).part(&push.payload).line())
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    let found = || {
        let push = read(content)?;
        let role = if push.is_reply() { Role::Reply } else { Role::Request };
        Correlation::new(format!("ref {}", push.reference?), role)
    };
    found().into_iter().collect()
}
