//! The scenarios of the lab: their paths, their parameters, and the words that list them.

use std::borrow::Cow;
use std::time::Duration;

use url::Url;
use url::form_urlencoded;

use crate::protocol::close::{CloseCode, CloseCodeRange};
use crate::protocol::direction::Side;

/// What the lab does on a connection, chosen by the path of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// `/echo`: a server as RFC 6455 wants it, which sends every message back.
    Echo,
    /// `/ticker`: a text message at regular times.
    Ticker(Ticker),
    /// `/close/<code>`: a greeting, then a Close with this code, allowed or not.
    Close(CloseCode),
    /// `/close/empty`: a greeting, then an empty Close.
    CloseEmpty,
    /// `/drop`: a greeting, then a FIN without a Close.
    Drop,
    /// `/reset`: a greeting, then a RST.
    Reset,
    /// `/silent-close`: an echo that never answers a Close.
    SilentClose,
    /// `/fragments`: messages in several frames, with a Ping between two of them.
    Fragments,
    /// `/compressed`: messages that are compressed with permessage-deflate, and one between them that is not.
    Compressed,
    /// `/pings`: Pings, each after the Pong to the one before.
    Pings,
    /// `/echo-but-reply-empty`: an echo that answers any valid Close with an empty one.
    EchoButReplyEmpty,
    /// `/echo-but-reply-1000`: an echo that answers any valid Close with 1000.
    EchoButReply1000,
    /// `/flood`: binary messages as fast as they can be written.
    Flood(Flood),
}

/// The parameters of `/ticker`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticker {
    /// The time from one message to the next, 10 ms to an hour.
    pub every: Duration,
    /// How many messages, then Close 1000; without it they go on.
    pub count: Option<u64>,
}

/// The parameters of `/flood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flood {
    /// How many messages, at most 100,000,000.
    pub count: u64,
    /// The payload of each in bytes, at most 1 MiB.
    pub size: usize,
}

/// Why a request's target names no scenario.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// No scenario has this path.
    #[error("The lab has no scenario at `{0}`.")]
    UnknownPath(String),
    /// `/close/` with something else than a code.
    #[error("`{0}` is no close code: write `/close/` and a number from 0 to 65535, or `/close/empty`.")]
    CloseCode(String),
    /// A parameter that the scenario does not have.
    #[error("{path} has no parameter `{name}`; it has {known}.")]
    UnknownParameter {
        /// The scenario's path.
        path: &'static str,
        /// The name that was given.
        name: String,
        /// The names that there are.
        known: &'static str,
    },
    /// A value that the parameter does not take.
    #[error("`{value}` does not fit `{name}`, which takes {wanted}.")]
    ParameterValue {
        /// The parameter's name.
        name: &'static str,
        /// The value that was given.
        value: String,
        /// What it takes.
        wanted: &'static str,
    },
}

const TICKER: &str = "/ticker";
const FLOOD: &str = "/flood";
const EVERY: &str = "every";
const COUNT: &str = "count";
const SIZE: &str = "size";

impl Ticker {
    const DEFAULT: Ticker = Ticker { every: Duration::from_millis(500), count: None };
}

impl Flood {
    const DEFAULT: Flood = Flood { count: 200_000, size: 32 };
}

impl Scenario {
    /// The scenarios in the order in which they are listed, with a few close codes that stand for all.
    pub const ALL: [Scenario; 18] = [
        Scenario::Close(CloseCode::NORMAL_CLOSURE),
        Scenario::CloseEmpty,
        Scenario::Echo,
        Scenario::EchoButReplyEmpty,
        Scenario::EchoButReply1000,
        Scenario::Drop,
        Scenario::Reset,
        Scenario::SilentClose,
        Scenario::Close(CloseCode(1001)),
        Scenario::Close(CloseCode(1011)),
        Scenario::Close(CloseCode(3000)),
        Scenario::Close(CloseCode(4001)),
        Scenario::Close(CloseCode::NO_STATUS_RECEIVED),
        Scenario::Ticker(Ticker::DEFAULT),
        Scenario::Fragments,
        Scenario::Compressed,
        Scenario::Pings,
        Scenario::Flood(Flood::DEFAULT),
    ];

    /// The path, with the parameters that differ from the default.
    pub fn path(&self) -> Cow<'static, str> {
        match self {
            Scenario::Echo => "/echo".into(),
            Scenario::Ticker(ticker) => {
                let every =
                    (ticker.every != Ticker::DEFAULT.every).then(|| format!("{EVERY}={}ms", ticker.every.as_millis()));
                let count = ticker.count.map(|count| format!("{COUNT}={count}"));
                with_parameters(TICKER, [every, count])
            }
            Scenario::Close(code) => format!("/close/{code}").into(),
            Scenario::CloseEmpty => "/close/empty".into(),
            Scenario::Drop => "/drop".into(),
            Scenario::Reset => "/reset".into(),
            Scenario::SilentClose => "/silent-close".into(),
            Scenario::Fragments => "/fragments".into(),
            Scenario::Compressed => "/compressed".into(),
            Scenario::Pings => "/pings".into(),
            Scenario::EchoButReplyEmpty => "/echo-but-reply-empty".into(),
            Scenario::EchoButReply1000 => "/echo-but-reply-1000".into(),
            Scenario::Flood(flood) => {
                let count = (flood.count != Flood::DEFAULT.count).then(|| format!("{COUNT}={}", flood.count));
                let size = (flood.size != Flood::DEFAULT.size).then(|| format!("{SIZE}={}", flood.size));
                with_parameters(FLOOD, [count, size])
            }
        }
    }

    /// A few words for a list.
    pub fn title(&self) -> Cow<'static, str> {
        match self {
            Scenario::Echo => "Echo".into(),
            Scenario::Ticker(_) => "Ticker".into(),
            Scenario::Close(code) => match code.name() {
                Some(name) => format!("Close {code} {name}").into(),
                None => format!("Close {code}").into(),
            },
            Scenario::CloseEmpty => "Close without a code".into(),
            Scenario::Drop => "Drop".into(),
            Scenario::Reset => "Reset".into(),
            Scenario::SilentClose => "Close is never answered".into(),
            Scenario::Fragments => "Fragments".into(),
            Scenario::Compressed => "Compression".into(),
            Scenario::Pings => "Pings".into(),
            Scenario::EchoButReplyEmpty => "Echo, empty Close as reply".into(),
            Scenario::EchoButReply1000 => "Echo, Close 1000 as reply".into(),
            Scenario::Flood(_) => "Flood".into(),
        }
    }

    /// What happens, in a sentence.
    pub fn description(&self) -> Cow<'static, str> {
        match self {
            Scenario::Echo => {
                "Sends every message back, answers every Ping, and repeats the code of your Close.".into()
            }
            Scenario::Ticker(Ticker { every, count }) => {
                let every = every.as_millis();
                match count {
                    None => format!("Sends a small JSON text every {every} ms until you close.").into(),
                    Some(count) => format!("Sends a small JSON text every {every} ms, {count} in all, then Close 1000.").into(),
                }
            }
            Scenario::Close(code) => describe_close(*code),
            Scenario::CloseEmpty => {
                "Greets you and sends a Close frame with nothing in it, so both sides report 1005.".into()
            }
            Scenario::Drop => "Greets you and ends TCP with a FIN and no Close frame, so you report 1006.".into(),
            Scenario::Reset => "Greets you and resets the TCP connection, so you report 1006.".into(),
            Scenario::SilentClose => {
                "Echoes, and never answers your Close, which RFC 6455 5.5.1 demands: you end the connection or wait."
                    .into()
            }
            Scenario::Fragments => {
                "Sends a text and a binary message in three frames each, with a Ping between two of them, then Close 1000."
                    .into()
            }
            Scenario::Compressed => {
                "Sends compressed messages that repeat themselves, one in fragments, one that is not compressed and an empty one, then Close 1000.".into()
            }
            Scenario::Pings => "Sends three Pings, waits for the Pong to each, then Close 1000.".into(),
            Scenario::EchoButReplyEmpty => {
                "Echoes, and answers any valid Close with an empty one, so you report 1005 although you sent a code.".into()
            }
            Scenario::EchoButReply1000 => {
                "Echoes, and answers any valid Close with 1000, so you report 1000 although you sent no code.".into()
            }
            Scenario::Flood(Flood { count, size }) => {
                format!("Sends {count} binary messages of {size} bytes as fast as you read them, then Close 1000.").into()
            }
        }
    }

    /// Whether permessage-deflate is agreed to; the bytes of the other scenarios stay readable.
    pub(super) fn compresses(&self) -> bool {
        matches!(
            self,
            Scenario::Echo
                | Scenario::EchoButReplyEmpty
                | Scenario::EchoButReply1000
                | Scenario::SilentClose
                | Scenario::Compressed
        )
    }

    /// Reads the target of a request: a path and perhaps a query, or a whole URL.
    ///
    /// # Errors
    /// The path is unknown, or a parameter does not fit.
    pub fn parse(target: &str) -> Result<Scenario, ScenarioError> {
        let absolute = if target.starts_with('/') { None } else { Url::parse(target).ok() };
        let (path, query) = match &absolute {
            Some(url) => (url.path(), url.query().unwrap_or_default()),
            None => target.split_once('?').unwrap_or((target, "")),
        };
        match path {
            "/echo" => Ok(Scenario::Echo),
            TICKER => parse_ticker(query),
            "/close/empty" => Ok(Scenario::CloseEmpty),
            "/drop" => Ok(Scenario::Drop),
            "/reset" => Ok(Scenario::Reset),
            "/silent-close" => Ok(Scenario::SilentClose),
            "/fragments" => Ok(Scenario::Fragments),
            "/compressed" => Ok(Scenario::Compressed),
            "/pings" => Ok(Scenario::Pings),
            "/echo-but-reply-empty" => Ok(Scenario::EchoButReplyEmpty),
            "/echo-but-reply-1000" => Ok(Scenario::EchoButReply1000),
            FLOOD => parse_flood(query),
            _ => match path.strip_prefix("/close/") {
                Some(code) => match parse_digits(code) {
                    Some(code) => Ok(Scenario::Close(CloseCode(code))),
                    None => Err(ScenarioError::CloseCode(code.into())),
                },
                None => Err(ScenarioError::UnknownPath(path.into())),
            },
        }
    }
}

fn describe_close(code: CloseCode) -> Cow<'static, str> {
    if code == CloseCode::NORMAL_CLOSURE {
        return "Greets you and closes with 1000 and a reason, as a session should end.".into();
    }
    match (code.check_sendable_by(Side::Server), code.range()) {
        (Err(_), _) => format!(
            "Greets you and closes with {code}, which a server must not send (RFC 6455 7.4): see what you are told."
        )
        .into(),
        (Ok(()), CloseCodeRange::Private) => {
            format!("Greets you and closes with {code}, a code that applications use by agreement.").into()
        }
        (Ok(()), _) => format!("Greets you and closes with {code} and a reason.").into(),
    }
}

fn with_parameters(path: &'static str, parameters: [Option<String>; 2]) -> Cow<'static, str> {
    let query: Vec<String> = parameters.into_iter().flatten().collect();
    if query.is_empty() { path.into() } else { format!("{path}?{}", query.join("&")).into() }
}

fn parse_ticker(query: &str) -> Result<Scenario, ScenarioError> {
    let mut ticker = Ticker::DEFAULT;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            EVERY => {
                ticker.every = parse_duration(&value)
                    .filter(|every| (Duration::from_millis(10)..=Duration::from_secs(3600)).contains(every))
                    .ok_or_else(|| unfit(EVERY, &value, "a time from 10ms to 60m, such as `250ms` or `2s`"))?;
            }
            COUNT => {
                ticker.count = Some(
                    parse_digits(&value).ok_or_else(|| unfit(COUNT, &value, "the number of ticks, such as `20`"))?,
                );
            }
            _ => return Err(unknown(TICKER, &name, "`every` and `count`")),
        }
    }
    Ok(Scenario::Ticker(ticker))
}

fn parse_flood(query: &str) -> Result<Scenario, ScenarioError> {
    let mut flood = Flood::DEFAULT;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            COUNT => {
                flood.count = parse_digits(&value)
                    .filter(|count| *count <= 100_000_000)
                    .ok_or_else(|| unfit(COUNT, &value, "the number of messages, at most 100000000"))?;
            }
            SIZE => {
                flood.size = parse_digits(&value)
                    .filter(|size| *size <= 1024 * 1024)
                    .ok_or_else(|| unfit(SIZE, &value, "the bytes of each message, at most 1048576"))?;
            }
            _ => return Err(unknown(FLOOD, &name, "`count` and `size`")),
        }
    }
    Ok(Scenario::Flood(flood))
}

fn unfit(name: &'static str, value: &str, wanted: &'static str) -> ScenarioError {
    ScenarioError::ParameterValue { name, value: value.into(), wanted }
}

fn unknown(path: &'static str, name: &str, known: &'static str) -> ScenarioError {
    ScenarioError::UnknownParameter { path, name: name.into(), known }
}

/// A number of nothing but digits: the standard parser would also take a plus sign.
fn parse_digits<Number: std::str::FromStr>(text: &str) -> Option<Number> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// `500ms`, `8s` or `2m`.
fn parse_duration(text: &str) -> Option<Duration> {
    let unit = text.find(|character: char| !character.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u32 = parse_digits(number)?;
    let unit = match unit {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        _ => return None,
    };
    unit.checked_mul(number)
}
