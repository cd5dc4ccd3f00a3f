//! MQTT 3.1.1 and 5 (OASIS): control packets in binary messages, several in one or one over several.

use super::Content;
use super::summary::{Summary, bytes};
use crate::content::correlation::{Correlation, MOST_IN_A_MESSAGE, Role};

/// A control packet, as far as it is at hand.
struct Packet<'payload> {
    kind: u8,
    flags: u8,
    /// What follows the fixed header.
    body: &'payload [u8],
    /// How long that is by the fixed header.
    length: u64,
    /// The fixed header's length.
    header: u64,
}

struct Packets<'payload> {
    rest: &'payload [u8],
}

impl<'payload> Iterator for Packets<'payload> {
    type Item = Packet<'payload>;

    /// `None` also at what cannot be a packet: the kind 0, or flags that the kind does not have (2.2.2).
    fn next(&mut self) -> Option<Packet<'payload>> {
        let (first, rest) = self.rest.split_first()?;
        let (kind, flags) = (first >> 4, first & 0x0F);
        let has_its_flags = match kind {
            0 => false,
            3 => flags >> 1 & 3 != 3,
            6 | 8 | 10 => flags == 2,
            _ => flags == 0,
        };
        let (length, used) = variable_length(rest).filter(|_| has_its_flags)?;
        let rest = rest.get(used..)?;
        let end = usize::try_from(length).unwrap_or(usize::MAX);
        let body = rest.get(..end).unwrap_or(rest);
        self.rest = rest.get(end..).unwrap_or_default();
        Some(Packet { kind, flags, body, length, header: 1 + used as u64 })
    }
}

/// A length of one to four bytes (1.5.5 of MQTT 5).
fn variable_length(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut length = 0;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        length |= u64::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((length, place + 1));
        }
    }
    None
}

fn number(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<2>()?;
    Some((u16::from_be_bytes(*number), rest))
}

/// Text after its length in two bytes.
fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = number(bytes)?;
    let (text, rest) = rest.split_at_checked(usize::from(length))?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

impl Packet<'_> {
    fn name(&self) -> &'static str {
        match self.kind {
            1 => "CONNECT",
            2 => "CONNACK",
            3 => "PUBLISH",
            4 => "PUBACK",
            5 => "PUBREC",
            6 => "PUBREL",
            7 => "PUBCOMP",
            8 => "SUBSCRIBE",
            9 => "SUBACK",
            10 => "UNSUBSCRIBE",
            11 => "UNSUBACK",
            12 => "PINGREQ",
            13 => "PINGRESP",
            14 => "DISCONNECT",
            _ => "AUTH",
        }
    }

    fn quality(&self) -> u8 {
        self.flags >> 1 & 3
    }

    fn identifier(&self) -> Option<u16> {
        let body = match self.kind {
            3 if self.quality() == 0 => return None,
            3 => text(self.body)?.1,
            4..=11 => self.body,
            _ => return None,
        };
        number(body).map(|(identifier, _)| identifier)
    }

    fn summary(&self) -> Summary {
        let summary = Summary::of(self.name());
        let identifier = self.identifier().map(|identifier| format!("id {identifier}"));
        match self.kind {
            1 => self.connect(summary),
            2 => {
                let code = self.body.get(1).map(|code| match code {
                    0 => "accepted".into(),
                    code => format!("refused with 0x{code:02x}"),
                });
                let session = self.body.first().is_some_and(|flags| flags & 1 == 1);
                summary.maybe(code).maybe(session.then(|| "session present".into()))
            }
            3 => self.publish(summary, identifier),
            8 | 10 => {
                let filters = self.filters();
                let more = filters.len().saturating_sub(1);
                let first = filters.into_iter().next().unwrap_or_default();
                summary.word(&first).maybe((more > 0).then(|| format!("and {more} more"))).maybe(identifier)
            }
            4..=7 => {
                let reason = self.body.get(2).filter(|reason| **reason != 0);
                summary.maybe(identifier).maybe(reason.map(|reason| format!("reason 0x{reason:02x}")))
            }
            9 => {
                let codes = self.body.get(2..).unwrap_or_default();
                let refused = codes.last().is_some_and(|code| *code >= 0x80);
                summary.maybe(identifier).maybe(refused.then(|| "refused".into()))
            }
            14 | 15 => {
                let reason = self.body.first().filter(|reason| **reason != 0);
                summary.maybe(reason.map(|reason| format!("reason 0x{reason:02x}")))
            }
            _ => summary.maybe(identifier),
        }
    }

    fn connect(&self, summary: Summary) -> Summary {
        let fields = || {
            let (_, rest) = text(self.body)?;
            let (level, rest) = rest.split_first()?;
            let (flags, rest) = rest.split_first()?;
            let (keep_alive, mut rest) = number(rest)?;
            if *level == 5 {
                let (length, used) = variable_length(rest)?;
                rest = rest.get(used..)?.get(usize::try_from(length).ok()?..)?;
            }
            Some((*level, *flags, keep_alive, text(rest)?.0))
        };
        let Some((level, flags, keep_alive, client)) = fields() else { return summary };
        let version = match level {
            3 => "MQTT 3.1".into(),
            4 => "MQTT 3.1.1".into(),
            5 => "MQTT 5".into(),
            other => format!("level {other}"),
        };
        let summary = summary.part(&version).part(&format!("client \"{client}\""));
        let clean = (flags & 2 != 0).then(|| "clean".into());
        let will = (flags & 4 != 0).then(|| "with a will".into());
        summary.part(&format!("keep alive {keep_alive} s")).maybe(clean).maybe(will)
    }

    fn publish(&self, summary: Summary, identifier: Option<String>) -> Summary {
        let Some((topic, rest)) = text(self.body) else { return summary };
        let taken = (self.body.len() - rest.len()) as u64 + if identifier.is_some() { 2 } else { 0 };
        let flag = |bit: u8, name: &str| (self.flags & bit != 0).then(|| name.to_owned());
        let summary = summary.word(topic).part(&format!("QoS {}", self.quality())).maybe(identifier);
        // In MQTT 5 the properties are among these bytes.
        summary.maybe(flag(8, "again")).maybe(flag(1, "retain")).part(&bytes(self.length.saturating_sub(taken)))
    }

    /// The topic filters of SUBSCRIBE and UNSUBSCRIBE. Only MQTT 5 has properties before them, and nothing in the packet says which
    /// version it is, so both are tried.
    fn filters(&self) -> Vec<String> {
        let Some((_, body)) = number(self.body) else { return Vec::new() };
        let with_options = self.kind == 8;
        let read = |mut rest: &[u8]| {
            let mut filters = Vec::new();
            while !rest.is_empty() && filters.len() < MOST_IN_A_MESSAGE {
                let (filter, after) = text(rest).filter(|(filter, _)| !filter.is_empty())?;
                filters.push(filter.to_owned());
                rest = if with_options { after.get(1..)? } else { after };
            }
            Some(filters)
        };
        let after_properties = || {
            let (length, used) = variable_length(body)?;
            read(body.get(used..)?.get(usize::try_from(length).ok()?..)?)
        };
        read(body).or_else(after_properties).unwrap_or_default()
    }

    fn correlation(&self) -> Option<Correlation> {
        let identified = |kind: &str| Some(format!("{kind} {}", self.identifier()?));
        let (key, role) = match self.kind {
            1 => ("connection".into(), Role::Request),
            2 => ("connection".into(), Role::Reply),
            3 => (identified("publish")?, Role::Request),
            4 | 5 => (identified("publish")?, Role::Reply),
            6 => (identified("release")?, Role::Request),
            7 => (identified("release")?, Role::Reply),
            8 => (identified("subscribe")?, Role::Request),
            9 => (identified("subscribe")?, Role::Reply),
            10 => (identified("unsubscribe")?, Role::Request),
            11 => (identified("unsubscribe")?, Role::Reply),
            12 => ("ping".into(), Role::Request),
            13 => ("ping".into(), Role::Reply),
            _ => return None,
        };
        Correlation::new(key, role)
    }
}

pub(super) fn is_connect(content: &Content<'_>) -> bool {
    let first = (Packets { rest: content.payload }).next().filter(|packet| packet.kind == 1 && !content.is_text);
    first.and_then(|packet| text(packet.body)).is_some_and(|(name, _)| matches!(name, "MQTT" | "MQIsdp"))
}

pub(super) fn summary(content: &Content<'_>) -> Option<String> {
    if content.is_text || content.payload.is_empty() {
        return None;
    }
    let mut packets = Packets { rest: content.payload };
    let Some(first) = packets.next() else {
        return Some("no packet begins here: one that continues, or not MQTT".into());
    };
    let (mut count, mut taken) = (1_u64, first.header + first.length);
    for packet in packets.by_ref().take(MOST_IN_A_MESSAGE) {
        count += 1;
        taken = taken.saturating_add(packet.header + packet.length);
    }
    let summary = first.summary();
    let more = match count - 1 {
        0 => None,
        1 => Some("and 1 more packet".into()),
        more => Some(format!("and {more} more packets")),
    };
    let continues = (taken > content.length).then(|| "continues in the next message".into());
    Some(summary.maybe(more).maybe(continues).line())
}

pub(super) fn correlations(content: &Content<'_>) -> Vec<Correlation> {
    if content.is_text {
        return Vec::new();
    }
    (Packets { rest: content.payload }).take(MOST_IN_A_MESSAGE).filter_map(|packet| packet.correlation()).collect()
}
