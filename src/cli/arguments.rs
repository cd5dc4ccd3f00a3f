//! The grammar of the command line.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{ArgGroup, Args, CommandFactory, Parser, ValueEnum};

use crate::capture::command::{CloseRequest, Refusal};
use crate::capture::lab::Lab;
use crate::capture::replay::Pace;
use crate::content::json_path::Step;
use crate::explain::language::Language;
use crate::logs::LogError;
use crate::protocol::close::CloseCode;
use crate::protocol::frame::FrameNumber;
use crate::protocol::inflater;
use crate::protocol::permessage_deflate::{self, Offer};
use crate::reading::copied::CopyForm;
use crate::report::Form;
use crate::search::Filter;
use crate::session::Annotation;
use crate::session::annotations::{LONGEST_NOTE, Note};

use super::dialing::DialingArguments;
use super::durations;
use super::reading::Reading;
use super::sends::Sends;

/// A WebSocket inspector: every frame on a timeline, and why a session ended with 1000 or 1005.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Without a subcommand the window opens. Exit status: 0 success, 1 a failed run, 2 bad usage; of replay: 0 the \
                  same, 1 different, 2 trouble."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) subcommand: Option<Subcommand>,

    /// Addresses to connect to and saved sessions to open, in the window
    #[arg(value_name = "URL or FILE")]
    pub(super) targets: Vec<String>,
}

impl Arguments {
    /// Reads a command line.
    ///
    /// # Errors
    /// When it cannot be understood, with the words for the person and the exit status.
    pub(super) fn of(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
        let arguments = Arguments::try_parse_from(arguments)?;
        let problem = match &arguments.subcommand {
            Some(Subcommand::Convert(convert)) => {
                convert.form().err().map(|error| format!("{error}; or say it with --to"))
            }
            Some(Subcommand::Explain(explain)) => explain.question().err(),
            Some(Subcommand::Inspect(inspect)) => inspect.statistics_problem().map(str::to_owned),
            _ => None,
        };
        match problem {
            Some(problem) => Err(Arguments::command().error(ErrorKind::ValueValidation, problem)),
            None => Ok(arguments),
        }
    }
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Subcommand {
    /// Connect, record the session until it ends, and say why it ended
    Record(Box<RecordArguments>),
    /// Show the frames, findings and verdict of a saved session
    Inspect(InspectArguments),
    /// Say what a close code means, compare two, or look one up by words
    Explain(ExplainArguments),
    /// Run the lab: a server with a scenario behind each path
    Lab(LabArguments),
    /// Run a session that ends with 1000 and one that ends with 1005, and compare them
    Demo(DemoArguments),
    /// Send what a saved session's client sent to a server once more, and compare what comes back; exit status 0 when it is the
    /// same, 1 when it is not, 2 when that failed
    Replay(Box<ReplayArguments>),
    /// Save a session in another format: .pcapng, .jsonl, .har, .csv, .txt or .html
    Convert(ConvertArguments),
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum OutputFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// How a saved session is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum InspectFormat {
    /// For reading
    #[default]
    Text,
    /// One JSON document
    Json,
    /// The frames, one JSON object a line
    Jsonl,
    /// The frames as a table, one a row
    Csv,
    /// A web page
    Html,
    /// An HTTP archive with the messages
    Har,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("ending"))]
pub(super) struct RecordArguments {
    /// Where to connect, as ws:// or wss://
    pub(super) url: String,

    #[command(flatten)]
    pub(super) sends: Sends,

    #[command(flatten)]
    pub(super) compression: CompressionArguments,

    /// Answer nothing by itself, neither a Ping nor a Close nor a FIN: what is sent is what you write here
    #[arg(long)]
    pub(super) manual: bool,

    /// Answer each text or binary message with itself
    #[arg(long, conflicts_with = "manual")]
    pub(super) echo: bool,

    /// Close the session when it has lasted this long (500ms, 8s, 2m): with 1000, or as a close option says
    #[arg(long = "for", value_name = "DURATION", value_parser = durations::parse)]
    pub(super) bound: Option<Duration>,

    /// Close with this code after the last send, or when --for has passed
    #[arg(long, value_name = "CODE[:REASON]", value_parser = parse_close, group = "ending")]
    pub(super) close: Option<CloseRequest>,

    /// The same with an empty Close frame, so that the server reports 1005
    #[arg(long, group = "ending")]
    pub(super) close_empty: bool,

    /// The same with a TCP reset and no Close frame
    #[arg(long, group = "ending")]
    pub(super) abort: bool,

    #[command(flatten)]
    pub(super) dialing: DialingArguments,

    /// Save the session here; the ending decides on the format (.pcapng, .jsonl, .har, .csv, .txt or .html)
    #[arg(long, value_name = "FILE", value_parser = parse_log)]
    pub(super) log: Option<LogFile>,

    #[command(flatten)]
    pub(super) reading: Reading,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(super) struct CompressionArguments {
    #[command(flatten)]
    pub(super) offer: OfferArguments,

    /// Send messages of fewer bytes without compression
    #[arg(long = "compress-from", value_name = "BYTES", default_value_t = permessage_deflate::USUAL_COMPRESS_FROM)]
    pub(super) compress_from: u64,

    #[command(flatten)]
    pub(super) inflation: InflationArguments,
}

#[derive(Debug, Args)]
pub(super) struct OfferArguments {
    /// Offer permessage-deflate with these parameters of RFC 7692 7.1 and no others, such as
    /// 'server_no_context_takeover; client_max_window_bits=10'
    #[arg(long = "offer-compression", value_name = "PARAMETERS", value_parser = Offer::with_parameters)]
    pub(super) offer: Option<Offer>,

    /// Offer no compression
    #[arg(long, conflicts_with = "offer")]
    pub(super) no_compression: bool,
}

impl OfferArguments {
    /// What is offered.
    pub(super) fn offer(&self) -> Option<Offer> {
        if self.no_compression { None } else { Some(self.offer.unwrap_or(Offer::USUAL)) }
    }

    /// Whether anything was said about it.
    pub(super) fn is_given(&self) -> bool {
        self.no_compression || self.offer.is_some()
    }
}

#[derive(Debug, Args)]
pub(super) struct InflationArguments {
    /// How many bytes a compressed message may inflate to
    #[arg(long = "inflate-limit", value_name = "BYTES", default_value_t = inflater::DEFAULT_LIMIT)]
    pub(super) limit: u64,
}

/// The language of filters, for those who only need to be reminded of it.
const FILTERS: &str = r#"Filters:
  opcode == text && dir == server          text, binary, continuation, close, ping, pong, reserved; client, server
  len > 1 KiB || message.len > 1 MiB       also message.inflated; == != < <= > >= and in {1, 2}
  payload contains "needle"                icontains ignores case; 0x48656c are bytes; frame.payload is one frame's
  payload matches /user-[0-9]+/i           a regular expression, with the flags i, m and s
  json.user.id == 7                        json["odd key"], json.items[0] or [*]; texts, numbers, true, false, null
  close.code == 1005 or close.reason       code and reason of a Close
  finding.severity >= warning              finding, or finding == "masking-key-zero"
  compressed, fragmented, fin, masked      also rsv1, rsv2, rsv3; with ! or not for the opposite
  time > 1.5 && time.after_previous > 10ms  since the session began, and since the frame before
  number <= 100, summary contains "sub"    the frame's number; what the subprotocol says of a message
  bookmark || note contains "here"         what a person bookmarked, and what they wrote to it"#;

#[derive(Debug, Args)]
#[command(after_help = FILTERS)]
pub(super) struct InspectArguments {
    /// A saved session
    pub(super) file: PathBuf,

    /// Which conversation of a file with several, counted from 1; without it the first is shown and all are listed
    #[arg(long, value_name = "NUMBER")]
    pub(super) conversation: Option<NonZeroUsize>,

    /// Show only these frames, as in: opcode == text && payload contains "error"
    #[arg(long, value_name = "EXPRESSION", value_parser = parse_filter)]
    pub(super) filter: Option<Filter>,

    /// Print this frame only, in the form of --copy-as
    #[arg(long, value_name = "NUMBER", requires = "copy_as")]
    pub(super) frame: Option<u64>,

    /// As what: hex, text, json, rust, javascript, python or websocat
    #[arg(long, value_name = "FORM", value_parser = parse_copy_form, requires = "frame")]
    pub(super) copy_as: Option<CopyForm>,

    /// Print statistics of the frames instead of them; in the JSON document beside the rest
    #[arg(long, conflicts_with = "frame")]
    pub(super) statistics: bool,

    #[command(flatten)]
    pub(super) reading: Reading,

    #[command(flatten)]
    pub(super) inflation: InflationArguments,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: InspectFormat,
}

impl InspectArguments {
    /// Why statistics cannot be printed in the form that was asked for, when both were.
    fn statistics_problem(&self) -> Option<&'static str> {
        let has_them = matches!(self.format, InspectFormat::Text | InspectFormat::Json | InspectFormat::Csv);
        let problem = "--statistics is printed as --format text, json or csv; a web page has it anyway";
        (self.statistics && !has_them).then_some(problem)
    }
}

#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// A saved session
    #[arg(value_name = "LOG")]
    pub(super) file: PathBuf,

    /// Where to connect, as ws:// or wss://; without it, to where the session went; without a path, with the recorded one
    pub(super) url: Option<String>,

    /// Which conversation of a file with several, counted from 1
    #[arg(long, value_name = "NUMBER")]
    pub(super) conversation: Option<NonZeroUsize>,

    /// Send only these frames of the client, as in: opcode == text && payload contains "subscribe"
    #[arg(long, value_name = "EXPRESSION", value_parser = parse_filter)]
    pub(super) filter: Option<Filter>,

    /// How fast: a factor such as 2, or original, or max
    #[arg(long, value_name = "SPEED", default_value = "original")]
    pub(super) speed: Pace,

    /// Send a frame each time that Enter is pressed; the end of the input stops the replay
    #[arg(long, conflicts_with = "speed")]
    pub(super) step: bool,

    /// Send frames without waiting for the messages of the server that had come before them
    #[arg(long)]
    pub(super) no_wait: bool,

    /// How long to wait for the server beyond the time that it took then
    #[arg(long, value_name = "DURATION", value_parser = durations::parse, default_value = "10s")]
    pub(super) patience: Duration,

    /// Mask frames under new random keys, and not under the recorded ones
    #[arg(long)]
    pub(super) new_masking_keys: bool,

    /// Send the recorded credentials, cookies and tokens to another server than the recorded one too
    #[arg(long)]
    pub(super) send_secrets: bool,

    /// A value of JSON that is other each time and no difference, as in json.timestamp; may be repeated
    #[arg(long = "ignore", value_name = "PATH", value_parser = parse_json_path)]
    pub(super) ignored: Vec<JsonPath>,

    #[command(flatten)]
    pub(super) offer: OfferArguments,

    #[command(flatten)]
    pub(super) inflation: InflationArguments,

    #[command(flatten)]
    pub(super) dialing: DialingArguments,

    /// Save the new session here; the ending decides on the format (.pcapng, .jsonl, .har, .csv, .txt or .html)
    #[arg(long, value_name = "FILE", value_parser = parse_log)]
    pub(super) log: Option<LogFile>,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: OutputFormat,
}

/// A path into JSON.
#[derive(Debug, Clone)]
pub(super) struct JsonPath(pub(super) Vec<Step>);

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// One code, two to compare, or words to look for, as in: explain "going away"
    #[arg(value_name = "CODE or WORDS", required = true, value_parser = CodeOrWords::parse)]
    question: Vec<CodeOrWords>,

    /// The language of the words, by default that of the system
    #[arg(long, value_name = "LANGUAGE", default_value_t = Language::of_the_system())]
    pub(super) lang: Language,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: OutputFormat,
}

impl ExplainArguments {
    /// What is asked for.
    ///
    /// # Errors
    /// When there are more codes than can be compared, or codes among words.
    pub(super) fn question(&self) -> Result<Question, String> {
        match self.question.as_slice() {
            [CodeOrWords::Code(code)] => Ok(Question::Code(*code)),
            [CodeOrWords::Code(left), CodeOrWords::Code(right)] => Ok(Question::Comparison(*left, *right)),
            parts => {
                let words = parts.iter().map(|part| match part {
                    CodeOrWords::Words(words) => Ok(words.as_str()),
                    CodeOrWords::Code(code) => {
                        Err(format!("{code} is one code too many: give one code, two, or words"))
                    }
                });
                Ok(Question::Words(words.collect::<Result<Vec<_>, _>>()?.join(" ")))
            }
        }
    }
}

/// One argument of `explain`.
#[derive(Debug, Clone)]
enum CodeOrWords {
    Code(CloseCode),
    Words(String),
}

impl CodeOrWords {
    fn parse(text: &str) -> Result<CodeOrWords, String> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(code) => Ok(CodeOrWords::Code(CloseCode(code))),
            Err(_) if is_number => {
                Err("a close code is two bytes in a Close frame, so there is none above 65535".to_owned())
            }
            Err(_) => Ok(CodeOrWords::Words(text.to_owned())),
        }
    }
}

/// What `explain` is asked for.
#[derive(Debug)]
pub(super) enum Question {
    /// The article on a code.
    Code(CloseCode),
    /// Two codes side by side.
    Comparison(CloseCode, CloseCode),
    /// The articles that these words are in.
    Words(String),
}

#[derive(Debug, Args)]
pub(super) struct LabArguments {
    /// The address and port to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = Lab::LOOPBACK, value_parser = parse_listen)]
    pub(super) listen: SocketAddr,

    /// How the address and the scenarios are printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: OutputFormat,
}

#[derive(Debug, Args)]
pub(super) struct ConvertArguments {
    /// A saved session
    #[arg(value_name = "IN")]
    pub(super) input: PathBuf,

    /// Where to save it; the ending decides on the format, unless --to does
    #[arg(value_name = "OUT")]
    pub(super) output: PathBuf,

    /// The format: pcapng, jsonl, har, csv, txt or html
    #[arg(long, value_name = "FORMAT", value_parser = parse_form)]
    pub(super) to: Option<Form>,

    /// Save only these frames, in the formats that can do without the others: har, csv, txt and html
    #[arg(long, value_name = "EXPRESSION", value_parser = parse_filter)]
    pub(super) filter: Option<Filter>,

    /// Overwrite the secrets of the handshake with marks of the same length: credentials, cookies, tokens in the address and
    /// among the subprotocols; what is inside messages stays
    #[arg(long)]
    pub(super) mask_secrets: bool,

    /// Which conversation of a file with several, counted from 1
    #[arg(long, value_name = "NUMBER")]
    pub(super) conversation: Option<NonZeroUsize>,

    /// Bookmark this frame, with a note if you like; may be repeated
    #[arg(long = "bookmark", value_name = "FRAME[=NOTE]", value_parser = parse_bookmark)]
    pub(super) bookmarks: Vec<Annotation<FrameNumber>>,

    /// Take the bookmark of this frame away; may be repeated
    #[arg(long = "remove-bookmark", value_name = "FRAME", value_parser = parse_removal)]
    pub(super) removals: Vec<Annotation<FrameNumber>>,

    /// Write this to the whole session, in the place of what was written to it before
    #[arg(long = "session-note", value_name = "NOTE", value_parser = parse_session_note)]
    pub(super) session_note: Option<Annotation<FrameNumber>>,
}

impl ConvertArguments {
    /// What is to be said of the session.
    pub(super) fn annotations(&self) -> impl Iterator<Item = &Annotation<FrameNumber>> {
        self.removals.iter().chain(&self.bookmarks).chain(&self.session_note)
    }

    /// The form that was asked for, by the option or by the name.
    ///
    /// # Errors
    /// When neither says.
    pub(super) fn form(&self) -> Result<Form, LogError> {
        self.to.map_or_else(|| Form::of_path(&self.output), Ok)
    }
}

/// A place to save a log, with the format that its ending names.
#[derive(Debug, Clone)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    pub(super) form: Form,
}

fn parse_close(text: &str) -> Result<CloseRequest, String> {
    let (code, reason) = text.split_once(':').unwrap_or((text, ""));
    let code = code.parse().map_err(|_| "write a code from 1000 to 4999, and a reason after a colon if you like")?;
    CloseRequest::new(CloseCode(code), reason).map_err(|refusal: Refusal| refusal.to_string())
}

fn parse_log(text: &str) -> Result<LogFile, LogError> {
    let path = Path::new(text);
    Ok(LogFile { path: path.into(), form: Form::of_path(path)? })
}

fn parse_form(text: &str) -> Result<Form, String> {
    let known = || Form::ALL.map(Form::ending).join(", ");
    Form::of_ending(text).ok_or_else(|| format!("there are: {}", known()))
}

fn parse_copy_form(text: &str) -> Result<CopyForm, String> {
    let known = || CopyForm::ALL.map(CopyForm::name).join(", ");
    CopyForm::ALL.into_iter().find(|form| form.name() == text).ok_or_else(|| format!("there are: {}", known()))
}

fn parse_json_path(text: &str) -> Result<JsonPath, String> {
    let filter = Filter::parse(text).map_err(|error| error.pointing_into(text))?;
    let path = filter.json_path().filter(|path| !path.is_empty());
    path.map(|path| JsonPath(path.to_vec()))
        .ok_or_else(|| "write a path, as in json.timestamp or json.items[*].id".into())
}

fn parse_filter(text: &str) -> Result<Filter, String> {
    Filter::parse(text).map_err(|error| error.pointing_into(text))
}

fn parse_frame(text: &str) -> Result<FrameNumber, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.map(FrameNumber).ok_or_else(|| format!("“{text}” is not the number of a frame"))
}

fn parse_note(text: &str) -> Result<Note, String> {
    match text.len() {
        0..=LONGEST_NOTE => Ok(Note::new(text)),
        length => Err(format!("a note has at most {LONGEST_NOTE} bytes, and this one has {length}")),
    }
}

fn parse_bookmark(text: &str) -> Result<Annotation<FrameNumber>, String> {
    let (frame, note) = text.split_once('=').unwrap_or((text, ""));
    Ok(Annotation::Bookmark { frame: parse_frame(frame)?, note: parse_note(note)? })
}

fn parse_removal(text: &str) -> Result<Annotation<FrameNumber>, String> {
    Ok(Annotation::BookmarkRemoved { frame: parse_frame(text)? })
}

fn parse_session_note(text: &str) -> Result<Annotation<FrameNumber>, String> {
    Ok(Annotation::SessionNote { note: parse_note(text)? })
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "write an address and a port, as in 127.0.0.1:9001 or [::1]:9001".to_owned())
}
