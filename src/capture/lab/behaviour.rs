//! What the lab says and does in each scenario, from the upgrade to the end.

use std::time::Instant;

use super::endpoint::{Ended, Endpoint};
use super::receiver::Incoming;
use super::scenario::{Flood, Scenario, Ticker};
use crate::protocol::close::{CloseCode, CloseCodeRange, ClosePayload};
use crate::protocol::direction::Side;
use crate::protocol::frame::FrameHeader;
use crate::protocol::message::MessageKind;
use crate::protocol::opcode::Opcode;

/// How many bytes of a flood are written at a time.
const FLOOD_BATCH: usize = 64 * 1024;

/// How an echo answers a Close.
enum CloseAnswer {
    /// With the code that it received, or with none.
    Same,
    /// With an empty Close.
    Empty,
    /// With this code.
    Code(CloseCode),
    /// Not at all.
    Never,
}

/// Plays a scenario to its end.
pub(super) fn play(scenario: &Scenario, endpoint: &mut Endpoint) -> Result<(), Ended> {
    match scenario {
        Scenario::Echo => echo(endpoint, &CloseAnswer::Same),
        Scenario::EchoButReplyEmpty => echo(endpoint, &CloseAnswer::Empty),
        Scenario::EchoButReply1000 => echo(endpoint, &CloseAnswer::Code(CloseCode::NORMAL_CLOSURE)),
        Scenario::SilentClose => echo(endpoint, &CloseAnswer::Never),
        Scenario::Ticker(ticker) => tick(endpoint, ticker),
        Scenario::Close(code) => close_with_code(endpoint, *code),
        Scenario::CloseEmpty => {
            greet(endpoint, "Next comes a Close frame with nothing in it.")?;
            endpoint.close(&[])
        }
        Scenario::Drop => {
            greet(endpoint, "Next the connection ends with a FIN, and without a Close frame.")?;
            endpoint.end_with_fin()
        }
        Scenario::Reset => {
            greet(endpoint, "Next the connection is reset, without a Close frame.")?;
            endpoint.end_with_reset()
        }
        Scenario::Fragments => fragments(endpoint),
        Scenario::Compressed => compressed(endpoint),
        Scenario::Pings => pings(endpoint),
        Scenario::Flood(flood) => send_flood(endpoint, flood),
    }
}

fn greet(endpoint: &mut Endpoint, what_comes: &str) -> Result<(), Ended> {
    endpoint.send_text("Hello from the lab.")?;
    endpoint.send_text(what_comes)
}

fn echo(endpoint: &mut Endpoint, answer: &CloseAnswer) -> Result<(), Ended> {
    loop {
        match (endpoint.receive()?, answer) {
            (Incoming::Message { kind, payload, was_compressed }, _) => {
                let opcode = match kind {
                    MessageKind::Text => Opcode::Text,
                    MessageKind::Binary => Opcode::Binary,
                };
                if was_compressed {
                    endpoint.send_compressed(opcode, &payload)?;
                } else {
                    endpoint.send(opcode, &payload)?;
                }
            }
            (Incoming::Close(_), CloseAnswer::Empty) => endpoint.answer_close(&[])?,
            (Incoming::Close(_), CloseAnswer::Code(code)) => endpoint.answer_close(&ClosePayload::bytes(*code, ""))?,
            (Incoming::Close(_), CloseAnswer::Never) => endpoint.wait_for_end(None)?,
            (incoming, _) => endpoint.attend(incoming)?,
        }
    }
}

fn tick(endpoint: &mut Endpoint, ticker: &Ticker) -> Result<(), Ended> {
    let started = Instant::now();
    let mut next = started;
    let mut ticks = 0;
    while ticker.count.is_none_or(|count| ticks < count) {
        match endpoint.receive_before(next)? {
            Some(incoming) => endpoint.attend(incoming)?,
            None => {
                ticks += 1;
                let elapsed = started.elapsed().as_millis();
                endpoint.send_text(&format!(r#"{{"tick":{ticks},"elapsed_ms":{elapsed}}}"#))?;
                // A client that reads slowly gets fewer ticks, not a burst of late ones.
                next = (next + ticker.every).max(Instant::now());
            }
        }
    }
    endpoint.close(&ClosePayload::bytes(CloseCode::NORMAL_CLOSURE, "that was the last tick"))
}

fn close_with_code(endpoint: &mut Endpoint, code: CloseCode) -> Result<(), Ended> {
    greet(endpoint, &format!("Next comes a Close frame with code {code}."))?;
    endpoint.close(&ClosePayload::bytes(code, reason(code)))
}

/// The reason that goes with a code; 1000 goes alone, so that its bytes stand next to those of an empty Close with nothing but the code
/// between them.
fn reason(code: CloseCode) -> &'static str {
    if code == CloseCode::NORMAL_CLOSURE {
        return "";
    }
    match (code.check_sendable_by(Side::Server), code.name(), code.range()) {
        (Err(_), _, _) => "sent on purpose, though a server must not",
        (Ok(()), Some(name), _) => name,
        (Ok(()), None, CloseCodeRange::Private) => "an application's own code",
        (Ok(()), None, _) => "a code that nobody has registered yet",
    }
}

fn fragments(endpoint: &mut Endpoint) -> Result<(), Ended> {
    endpoint.send_part(Opcode::Text, b"One text message in three frames: ")?;
    endpoint.send_part(Opcode::Continuation, b"the second one ends inside a letter, caf\xC3")?;
    endpoint.send(Opcode::Ping, b"between two fragments")?;
    endpoint.send(Opcode::Continuation, b"\xA9.")?;
    let bytes: Vec<u8> = (0x00..0x30).collect();
    let (first, rest) = bytes.split_at(16);
    let (second, third) = rest.split_at(16);
    endpoint.send_part(Opcode::Binary, first)?;
    endpoint.send_part(Opcode::Continuation, second)?;
    endpoint.send(Opcode::Continuation, third)?;
    endpoint.close(&ClosePayload::bytes(CloseCode::NORMAL_CLOSURE, "both messages are complete"))
}

fn compressed(endpoint: &mut Endpoint) -> Result<(), Ended> {
    if !endpoint.may_compress() {
        endpoint.send_text("Your client did not offer permessage-deflate, so nothing of this is compressed.")?;
    }
    let lines =
        (1..=6).map(|line| format!("Line {line}: what repeats itself is sent once and then only referred to.\n"));
    let text: String = lines.collect();
    // Twice the same: the second one is little more than a reference to the first.
    for _ in 0..2 {
        endpoint.send_compressed(Opcode::Text, text.as_bytes())?;
    }
    let (first, rest) = text.as_bytes().split_at(text.len() / 2);
    endpoint.send_compressed_frame(Opcode::Text, first, false)?;
    endpoint.send(Opcode::Ping, b"between two compressed fragments")?;
    endpoint.send_compressed_frame(Opcode::Continuation, rest, true)?;
    endpoint.send_text("Each message is compressed or not by itself; this one is not.")?;
    endpoint.send_compressed(Opcode::Binary, &[0; 4096])?;
    endpoint.send_compressed(Opcode::Text, b"")?;
    endpoint.close(&ClosePayload::bytes(CloseCode::NORMAL_CLOSURE, "every message was sent"))
}

fn pings(endpoint: &mut Endpoint) -> Result<(), Ended> {
    let longest = "A Ping carries at most 125 bytes, and this one does. ".repeat(3);
    let longest = longest.as_bytes().get(..125).unwrap_or_default();
    for payload in [&b""[..], b"are you there?", longest] {
        endpoint.send(Opcode::Ping, payload)?;
        if !wait_for_pong(endpoint, payload)? {
            let code = CloseCode(1008);
            return endpoint.close(&ClosePayload::bytes(code, "the Ping was not answered in time"));
        }
    }
    endpoint.close(&ClosePayload::bytes(CloseCode::NORMAL_CLOSURE, "every Ping was answered"))
}

/// Whether the Pong came in time.
fn wait_for_pong(endpoint: &mut Endpoint, payload: &[u8]) -> Result<bool, Ended> {
    let deadline = Instant::now() + endpoint.limits().pong_patience;
    loop {
        match endpoint.receive_before(deadline)? {
            None => return Ok(false),
            Some(Incoming::Pong(answer)) if answer == payload => return Ok(true),
            Some(incoming) => endpoint.attend(incoming)?,
        }
    }
}

fn send_flood(endpoint: &mut Endpoint, flood: &Flood) -> Result<(), Ended> {
    let header = FrameHeader::new(Opcode::Binary, flood.size as u64);
    let mut batch = Vec::with_capacity(FLOOD_BATCH + flood.size + header.header_length());
    for number in 1..=flood.count {
        header.write(&mut batch);
        let start = batch.len();
        batch.resize(start + flood.size, 0);
        // The frame's number, so that a reader can see that none is missing.
        for (slot, byte) in batch.iter_mut().skip(start).zip(number.to_be_bytes()) {
            *slot = byte;
        }
        if batch.len() >= FLOOD_BATCH || number == flood.count {
            endpoint.send_bytes(&batch)?;
            batch.clear();
            while let Some(incoming) = endpoint.receive_now()? {
                endpoint.attend(incoming)?;
            }
        }
    }
    endpoint.close(&ClosePayload::bytes(CloseCode::NORMAL_CLOSURE, "the flood is over"))
}
