//! The hub protocols of SignalR
//! (<https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md>): JSON records that end with 0x1E, and
//! MessagePack arrays after their length.

use super::Content;
use super::summary::{Summary, brief, briefs};
use crate::content::correlation::{Correlation, MOST_IN_A_MESSAGE, Role};
use crate::content::tree::{Limits, Tree, Value};
use crate::content::{json, message_pack};

const LIMITS: Limits = Limits { depth: 3, nodes: 1024 };

/// What ends a record of JSON.
const RECORD_END: u8 = 0x1E;

struct Record<'payload> {
    tree: Tree,
    /// The source when it is JSON.
    json: Option<&'payload [u8]>,
}

fn records<'payload>(content: &Content<'payload>) -> Vec<Record<'payload>> {
    // The handshake is JSON also where MessagePack follows.
    if content.payload.first() == Some(&b'{') {
        let parts = content.payload.split(|byte| *byte == RECORD_END).filter(|part| !part.is_empty());
        let read = |part| Record { tree: json::tree(part, LIMITS), json: Some(part) };
        return parts.take(MOST_IN_A_MESSAGE).map(read).collect();
    }
    let mut records = Vec::new();
    let mut rest = content.payload;
    while !content.is_text && records.len() < MOST_IN_A_MESSAGE {
        let Some((length, after)) = length_prefix(rest) else { break };
        let part = after.get(..length).unwrap_or(after);
        records.push(Record { tree: message_pack::read(part, LIMITS).0, json: None });
        rest = after.get(length..).unwrap_or_default();
    }
    records
}

/// Seven bits of the length a byte, the lowest first, at most five bytes.
fn length_prefix(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0_usize;
    for (place, byte) in bytes.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7F).checked_shl(7 * place as u32)?;
        if byte & 0x80 == 0 {
            return Some((length, bytes.get(place + 1..)?)).filter(|(length, _)| *length > 0);
        }
    }
    None
}

impl Record<'_> {
    /// A field by its name in JSON or its place in MessagePack.
    fn field(&self, name: &str, place: usize) -> Option<Value<'_>> {
        let root = self.tree.root()?;
        if self.json.is_some() { root.get(name) } else { root.at(place) }
    }

    fn kind(&self) -> Option<i64> {
        self.field("type", 0)?.number()
    }

    fn invocation(&self) -> Option<&str> {
        self.field("invocationId", 2)?.identifier()
    }

    fn summary(&self) -> Option<Summary> {
        let root = self.tree.root()?;
        let Some(kind) = self.kind() else { return self.handshake(root) };
        let name = match kind {
            1 => "invocation",
            2 => "stream item",
            3 => "completion",
            4 => "stream invocation",
            5 => "cancel invocation",
            6 => "ping",
            7 => "close",
            8 => "acknowledgement",
            9 => "sequence",
            _ => return None,
        };
        let mut summary = Summary::of(name);
        if matches!(kind, 1..=5)
            && let Some(invocation) = self.invocation()
        {
            summary = summary.word(&format!("#{invocation}"));
        }
        let brief_of = |value| brief(value, self.json);
        Some(match kind {
            1 | 4 => {
                let target = self.field("target", 3).and_then(Value::text).unwrap_or_default();
                let arguments = self.field("arguments", 4).map(|arguments| briefs(arguments.members(), self.json));
                summary.word(target).maybe(arguments)
            }
            2 => summary.maybe(self.field("item", 3).map(brief_of)),
            3 => summary.maybe(self.completion()),
            7 => {
                let error = self.field("error", 1).and_then(Value::text).map(|error| format!("error {error}"));
                let again = self.field("allowReconnect", 2).is_some_and(|again| again.node().value == "true");
                summary.maybe(error).maybe(again.then(|| "may reconnect".into()))
            }
            8 | 9 => summary.maybe(self.field("sequenceId", 1).map(brief_of)),
            _ => summary,
        })
    }

    fn completion(&self) -> Option<String> {
        if self.json.is_some() {
            let error = self.field("error", 0).map(|error| format!("error {}", brief(error, self.json)));
            return error.or_else(|| self.field("result", 0).map(|result| brief(result, self.json)));
        }
        let value = self.field("", 4).map(|value| brief(value, None));
        match self.field("", 3)?.number()? {
            1 => Some(format!("error {}", value.unwrap_or_default())),
            3 => value,
            _ => None,
        }
    }

    fn handshake(&self, root: Value<'_>) -> Option<Summary> {
        self.json.filter(|_| root.is_map())?;
        if let Some(protocol) = root.get("protocol").and_then(Value::text) {
            let version = root.get("version").and_then(Value::identifier).unwrap_or_default();
            return Some(Summary::of("handshake").word(protocol).word(version));
        }
        let error = root.get("error").and_then(Value::text).map(|error| format!("error {error}"));
        let is_response = root.node().members == 0 || error.is_some();
        is_response.then(|| Summary::of("handshake response").maybe(error))
    }

    fn correlation(&self) -> Option<Correlation> {
        let root = self.tree.root()?;
        match self.kind() {
            Some(1 | 4) => Correlation::new(format!("invocation {}", self.invocation()?), Role::Request),
            Some(2 | 3) => Correlation::new(format!("invocation {}", self.invocation()?), Role::Reply),
            Some(_) => None,
            None if root.get("protocol").is_some() => Correlation::new("handshake".into(), Role::Request),
            None if self.json.is_some() && root.is_map() => Correlation::new("handshake".into(), Role::Reply),
            None => None,
        }
    }
}

pub(super) fn is_handshake(content: &Content<'_>) -> bool {
    content.payload.last() == Some(&RECORD_END)
        && records(content).first().and_then(|record| {
            let root = record.tree.root()?;
            Some(root.get("protocol")?.text().is_some() && root.get("version")?.number().is_some())
        }) == Some(true)
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    let records = records(content);
    let first = records.first()?.summary()?;
    Some(match records.len() - 1 {
        0 => first.line(),
        more => first.part(&format!("and {more} more in this message")).line(),
    })
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    records(content).iter().filter_map(Record::correlation).collect()
}
