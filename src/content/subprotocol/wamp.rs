//! WAMP 2 (<https://wamp-proto.org>): arrays that begin with a message code, in JSON, MessagePack or CBOR.

use super::Content;
use super::summary::{Summary, brief};
use crate::content::correlation::{Correlation, Role};
use crate::content::tree::{Limits, Tree, Value};
use crate::content::{cbor, json, message_pack};

const LIMITS: Limits = Limits { depth: 3, nodes: 1024 };

/// What ends a message in a batch of JSON.
const BATCH_END: u8 = 0x18;

fn read<'payload>(content: &Content<'payload>) -> (Tree, Option<&'payload [u8]>) {
    if content.is_text {
        let end = content.payload.iter().position(|byte| *byte == BATCH_END);
        let text = end.and_then(|end| content.payload.get(..end)).unwrap_or(content.payload);
        return (json::tree(text, LIMITS), Some(text));
    }
    // An array of fewer than 16 values begins with 9x in MessagePack and with 8x in CBOR, and no WAMP message has more.
    match content.payload.first() {
        Some(0x80..=0x8F) => (cbor::read(content.payload, LIMITS).0, None),
        _ => (message_pack::read(content.payload, LIMITS).0, None),
    }
}

fn code(tree: &Tree) -> Option<(Value<'_>, i64)> {
    let root = tree.root().filter(|root| root.is_sequence())?;
    Some((root, root.at(0)?.number()?))
}

fn name(code: i64) -> Option<&'static str> {
    Some(match code {
        1 => "HELLO",
        2 => "WELCOME",
        3 => "ABORT",
        4 => "CHALLENGE",
        5 => "AUTHENTICATE",
        6 => "GOODBYE",
        8 => "ERROR",
        16 => "PUBLISH",
        17 => "PUBLISHED",
        32 => "SUBSCRIBE",
        33 => "SUBSCRIBED",
        34 => "UNSUBSCRIBE",
        35 => "UNSUBSCRIBED",
        36 => "EVENT",
        48 => "CALL",
        49 => "CANCEL",
        50 => "RESULT",
        64 => "REGISTER",
        65 => "REGISTERED",
        66 => "UNREGISTER",
        67 => "UNREGISTERED",
        68 => "INVOCATION",
        69 => "INTERRUPT",
        70 => "YIELD",
        _ => return None,
    })
}

pub(super) fn is_hello(content: &Content<'_>) -> bool {
    let (tree, _) = read(content);
    code(&tree).is_some_and(|(root, code)| {
        code == 1
            && root.at(1).is_some_and(|realm| realm.text().is_some())
            && root.at(2).is_some_and(|details| details.get("roles").is_some())
    })
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    let (tree, json) = read(content);
    let (root, code) = code(&tree)?;
    let mut summary = Summary::of(name(code)?);
    let identifier = |place| root.at(place).and_then(Value::identifier).map(str::to_owned);
    let arguments = |place| root.at(place).map(|arguments| brief(arguments, json));
    // By code: the place of the request, of the URI or another identifier, and of the arguments.
    let (request, subject, list): (Option<usize>, Option<usize>, Option<usize>) = match code {
        1 => (None, Some(1), None),
        2 => (Some(1), None, None),
        3 | 6 => (None, Some(2), Some(1)),
        4 | 5 => (None, Some(1), None),
        8 => (Some(2), Some(4), Some(5)),
        16 | 48 => (Some(1), Some(3), Some(4)),
        32 | 64 => (Some(1), Some(3), None),
        36 => (Some(1), None, Some(4)),
        50 | 70 => (Some(1), None, Some(3)),
        68 => (Some(1), Some(2), Some(4)),
        17 | 33 | 34 | 65 | 66 => (Some(1), Some(2), None),
        _ => (Some(1), None, None),
    };
    if let Some(request) = request.and_then(identifier) {
        summary = summary.word(&format!("#{request}"));
    }
    if let Some(subject) = subject.and_then(identifier) {
        summary = summary.word(&subject);
    }
    Some(summary.maybe(list.and_then(arguments)).line())
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    let found = || {
        let (tree, _) = read(content);
        let (root, code) = code(&tree)?;
        // A request is known by its own code, since the identifiers of several kinds of request may be counted apart.
        let (asked, role, place) = match code {
            1 => return Correlation::new("session".into(), Role::Request),
            2 | 3 => return Correlation::new("session".into(), Role::Reply),
            8 => (root.at(1)?.number()?, Role::Reply, 2),
            // Without `acknowledge` nothing answers a publication.
            16 if root.at(2)?.get("acknowledge").is_none_or(|wanted| wanted.node().value != "true") => return None,
            16 | 32 | 34 | 48 | 64 | 66 | 68 => (code, Role::Request, 1),
            17 | 33 | 35 | 65 | 67 => (code - 1, Role::Reply, 1),
            50 => (48, Role::Reply, 1),
            70 => (68, Role::Reply, 1),
            _ => return None,
        };
        Correlation::new(format!("{} {}", name(asked)?, root.at(place)?.identifier()?), role)
    };
    found().into_iter().collect()
}
