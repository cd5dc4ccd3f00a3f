//! JSON-RPC 2.0 (<https://www.jsonrpc.org/specification>), and the JSON of others that has `method` and `id`.

use super::Content;
use super::summary::{Summary, brief, briefs};
use crate::content::correlation::{Correlation, KEYS, by_id, objects};
use crate::content::json;
use crate::content::tree::{Tree, Value};

fn read(content: &Content<'_>) -> Option<Tree> {
    content.is_text.then(|| json::tree(content.payload, KEYS))
}

pub(super) fn is_version_2(content: &Content<'_>) -> bool {
    read(content).is_some_and(|tree| {
        objects(&tree).next().is_some_and(|object| object.get("jsonrpc").and_then(Value::text) == Some("2.0"))
    })
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    let tree = read(content)?;
    let mut all = objects(&tree);
    let first = one(all.next()?, content.payload)?;
    Some(match all.count() {
        0 => first.line(),
        more => first.part(&format!("and {more} more in this batch")).line(),
    })
}

fn one(object: Value<'_>, payload: &[u8]) -> Option<Summary> {
    let id = object.get("id").and_then(Value::identifier);
    let numbered = |summary: Summary| match id {
        Some(id) => summary.word(&format!("#{id}")),
        None => summary,
    };
    if let Some(method) = object.get("method").and_then(Value::text) {
        let kind = if id.is_some() { "request" } else { "notification" };
        let parameters = object.get("params").map(|parameters| match parameters.is_sequence() {
            true => briefs(parameters.members(), Some(payload)),
            false => brief(parameters, Some(payload)),
        });
        return Some(numbered(Summary::of(kind)).word(method).maybe(parameters));
    }
    if let Some(error) = object.get("error") {
        let code = error.get("code").and_then(Value::number).map(|code| code.to_string());
        let message = error.get("message").and_then(Value::text).map(str::to_owned);
        return Some(numbered(Summary::of("error")).maybe(code).maybe(message));
    }
    let result = object.get("result")?;
    Some(numbered(Summary::of("result")).part(&brief(result, Some(payload))))
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    read(content).map(|tree| objects(&tree).filter_map(by_id).collect()).unwrap_or_default()
}
