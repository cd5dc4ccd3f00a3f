//! Engine.IO 3 and 4 (<https://socket.io/docs/v4/engine-io-protocol/>) and the packets of Socket.IO in its messages
//! (<https://socket.io/docs/v4/socket-io-protocol/>).

use super::Content;
use super::summary::{Summary, brief, briefs, bytes};
use crate::content::correlation::{Correlation, Role};
use crate::content::json;
use crate::content::tree::{Limits, Value};

const LIMITS: Limits = Limits { depth: 3, nodes: 1024 };

/// A packet of Socket.IO; the attachments of a binary one follow as binary messages.
struct Packet<'payload> {
    kind: u8,
    attachments: Option<&'payload str>,
    namespace: Option<&'payload str>,
    acknowledgement: Option<&'payload str>,
    data: &'payload str,
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

fn packet(text: &str) -> Option<Packet<'_>> {
    let kind = *text.as_bytes().first().filter(|kind| matches!(kind, b'0'..=b'6'))?;
    let mut rest = text.get(1..)?;
    let mut attachments = None;
    if matches!(kind, b'5' | b'6') {
        let (count, after) = rest.split_once('-')?;
        attachments = Some(count).filter(|count| !count.is_empty() && digits(count).1.is_empty());
        rest = attachments.map(|_| after)?;
    }
    let mut namespace = None;
    if rest.starts_with('/') {
        let end = rest.find(',').unwrap_or(rest.len());
        namespace = rest.get(..end);
        rest = rest.get(end..)?.trim_start_matches(',');
    }
    let (number, data) = digits(rest);
    let is_json = data.is_empty() || data.starts_with(['[', '{', '"', 'n']);
    let acknowledgement = Some(number).filter(|number| !number.is_empty());
    is_json.then_some(Packet { kind, attachments, namespace, acknowledgement, data })
}

pub(super) fn is_open(content: &Content<'_>) -> bool {
    let Some(text) = content.text().filter(|text| content.is_text && text.starts_with("0{")) else { return false };
    let tree = json::tree(text.as_bytes().get(1..).unwrap_or_default(), LIMITS);
    tree.root().is_some_and(|root| root.get("sid").is_some() && root.get("pingInterval").is_some())
}

pub(super) fn summary(content: &Content<'_>, is_socket_io: bool) -> Option<String> {
    if !content.is_text {
        let name = if is_socket_io { "attachment" } else { "binary message" };
        return Some(Summary::of(name).part(&bytes(content.length)).line());
    }
    let text = content.text()?;
    let rest = text.get(1..).unwrap_or_default();
    Some(match text.as_bytes().first()? {
        b'0' => {
            let tree = json::tree(rest.as_bytes(), LIMITS);
            let root = tree.root()?;
            let field = |name: &str| root.get(name).and_then(Value::identifier).map(|value| format!("{name} {value}"));
            Summary::of("open").maybe(field("sid")).maybe(field("pingInterval")).maybe(field("pingTimeout")).line()
        }
        b'1' => "close".into(),
        b'2' => Summary::of("ping").word(rest).line().trim_end().into(),
        b'3' => Summary::of("pong").word(rest).line().trim_end().into(),
        b'4' => match packet(rest).filter(|_| is_socket_io) {
            Some(packet) => packet.summary(),
            None => Summary::of("message").part(rest).line(),
        },
        b'5' => "upgrade".into(),
        b'6' => "noop".into(),
        // Engine.IO 3 sends bytes as text after a b.
        b'b' => Summary::of("binary message in base64").part(&bytes(content.length)).line(),
        _ => return None,
    })
}

impl Packet<'_> {
    fn summary(&self) -> String {
        let tree = json::tree(self.data.as_bytes(), LIMITS);
        let json = Some(self.data.as_bytes());
        let root = tree.root();
        let members = || root.into_iter().flat_map(|root| root.members());
        let number = self.acknowledgement.unwrap_or_default();
        let summary = match self.kind {
            b'0' => Summary::of("connect").maybe(root.map(|root| brief(root, json))),
            b'1' => Summary::of("disconnect"),
            b'2' | b'5' => {
                let name = members().next().map(|name| brief(name, json)).unwrap_or_default();
                Summary::of("event").word(&name).part(&briefs(members().skip(1), json))
            }
            b'3' | b'6' => Summary::of("ack").word(&format!("#{number}")).part(&briefs(members(), json)),
            _ => Summary::of("connect error").maybe(root.map(|root| {
                root.get("message").and_then(Value::text).map_or_else(|| brief(root, json), str::to_owned)
            })),
        };
        let asks = matches!(self.kind, b'2' | b'5') && self.acknowledgement.is_some();
        let attachments = self.attachments.map(|count| match count {
            "1" => "1 attachment follows".into(),
            count => format!("{count} attachments follow"),
        });
        let namespace = self.namespace.map(|namespace| format!("in {namespace}"));
        summary.maybe(asks.then(|| format!("ack #{number} wanted"))).maybe(attachments).maybe(namespace).line()
    }
}

pub(super) fn correlations(content: &Content<'_>, is_socket_io: bool) -> Vec<Correlation> {
    let found = || {
        let text = content.text().filter(|_| content.is_text)?;
        let rest = text.get(1..)?;
        match text.as_bytes().first()? {
            b'2' => return Correlation::new(format!("ping {rest}").trim_end().into(), Role::Request),
            b'3' => return Correlation::new(format!("ping {rest}").trim_end().into(), Role::Reply),
            b'4' if is_socket_io => {}
            _ => return None,
        }
        let packet = packet(rest)?;
        let namespace = packet.namespace.unwrap_or("/");
        let connection = || format!("connection {namespace}");
        let acknowledgement = || Some(format!("ack {namespace} {}", packet.acknowledgement?));
        use crate::protocol::direction::Direction::ClientToServer;
        let (key, role) = match packet.kind {
            b'0' if content.direction == ClientToServer => (connection(), Role::Request),
            b'0' | b'4' => (connection(), Role::Reply),
            b'2' | b'5' => (acknowledgement()?, Role::Request),
            b'3' | b'6' => (acknowledgement()?, Role::Reply),
            _ => return None,
        };
        Correlation::new(key, role)
    };
    found().into_iter().collect()
}
