//! GraphQL over WebSocket: `graphql-transport-ws`, and the older `graphql-ws` of subscriptions-transport-ws.

use super::Content;
use super::summary::{Summary, brief};
use crate::content::correlation::{Correlation, Role};
use crate::content::json;
use crate::content::tree::{Limits, Tree, Value};

const LIMITS: Limits = Limits { depth: 4, nodes: 1024 };

fn read(content: &Content<'_>) -> Option<Tree> {
    content.is_text.then(|| json::tree(content.payload, LIMITS))
}

fn kind(tree: &Tree) -> Option<(Value<'_>, &str)> {
    let root = tree.root()?;
    Some((root, root.get("type")?.text()?))
}

pub(super) fn is_start(content: &Content<'_>) -> bool {
    let Some(tree) = read(content) else { return false };
    kind(&tree).is_some_and(|(_, kind)| kind == "connection_init")
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    let tree = read(content)?;
    let (root, kind) = kind(&tree)?;
    let mut summary = Summary::of(kind);
    if let Some(id) = root.get("id").and_then(Value::identifier) {
        summary = summary.word(&format!("#{id}"));
    }
    let Some(payload) = root.get("payload") else { return Some(summary.line()) };
    let about = match kind {
        "subscribe" | "start" => {
            let named = payload.get("operationName").and_then(Value::text).map(str::to_owned);
            let query = payload.get("query").and_then(Value::text);
            named.or_else(|| query.map(|query| query.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        "error" | "connection_error" => {
            let first = if payload.is_sequence() { payload.at(0) } else { Some(payload) };
            first.and_then(|error| error.get("message")).and_then(Value::text).map(str::to_owned)
        }
        "next" | "data" => {
            let errors = payload.get("errors").map(|errors| {
                if errors.node().members == 1 { "1 error".into() } else { format!("{} errors", errors.node().members) }
            });
            let data = payload.get("data").map(|data| brief(data, Some(content.payload)));
            return Some(summary.maybe(errors).maybe(data).line());
        }
        _ => None,
    };
    Some(summary.part(&about.unwrap_or_else(|| brief(payload, Some(content.payload)))).line())
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    let found = || {
        let tree = read(content)?;
        let (root, kind) = kind(&tree)?;
        let id = || Some(format!("operation {}", root.get("id")?.identifier()?));
        let (key, role) = match kind {
            "connection_init" => ("connection".into(), Role::Request),
            "connection_ack" | "connection_error" => ("connection".into(), Role::Reply),
            "ping" => ("ping".into(), Role::Request),
            "pong" => ("ping".into(), Role::Reply),
            "subscribe" | "start" => (id()?, Role::Request),
            "next" | "data" | "error" | "complete" => (id()?, Role::Reply),
            _ => return None,
        };
        Correlation::new(key, role)
    };
    found().into_iter().collect()
}
