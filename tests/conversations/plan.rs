//! What a random legal conversation is going to be.

use closelook::protocol::direction::Side;
use closelook::protocol::message::MessageKind;
use closelook::protocol::permessage_deflate::{Answer, ClientWindow, Offer, WindowBits};
use proptest::prelude::*;

use super::talk::Talk;

/// A message that one side is going to send.
#[derive(Debug, Clone)]
pub(super) struct PlannedMessage {
    pub(super) side: Side,
    pub(super) kind: MessageKind,
    pub(super) length: usize,
    pub(super) seed: u64,
    /// Where it is cut into fragments, in 65,536ths of the payload as sent.
    pub(super) cuts: Vec<u16>,
    /// Whether it is compressed when that was agreed.
    pub(super) is_compressed: bool,
    /// In how many parts it is given to the compressor.
    pub(super) parts: usize,
}

/// What happens next.
#[derive(Debug, Clone)]
pub(super) enum Turn {
    /// The side sends the next fragment of its messages.
    Fragment(Side),
    /// The side sends a Ping.
    Ping(Side, Vec<u8>),
    /// The side answers the newest Ping alone, or else the oldest.
    Answer(Side, bool),
}

/// How it ends.
#[derive(Debug, Clone)]
pub(super) enum Closing {
    /// Nobody has closed yet.
    NotYet,
    /// One side closes and the other answers, perhaps after what it still had to say.
    Answered { first: Side, payload: Vec<u8>, says_the_rest: bool },
    /// Both close at the same time.
    Crossing { payload: Vec<u8> },
}

/// A whole conversation.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) agreement: Option<(Offer, Answer)>,
    pub(super) offers_more: bool,
    pub(super) has_subprotocol: bool,
    pub(super) messages: Vec<PlannedMessage>,
    pub(super) turns: Vec<Turn>,
    pub(super) closing: Closing,
    pub(super) seed: u64,
}

impl Plan {
    /// The conversation.
    pub(super) fn talk(self) -> Talk {
        let mut talk = Talk::open(&self, |_| ());
        talk.take_turns(&self.turns);
        talk.close(&self.closing);
        talk
    }
}

pub(super) fn any_side() -> impl Strategy<Value = Side> {
    prop::sample::select(Side::BOTH.to_vec())
}

fn any_bits() -> impl Strategy<Value = WindowBits> {
    (9..=15_u8).prop_map(|bits| WindowBits::new(bits).unwrap())
}

/// An offer and an answer that fits it.
fn any_agreement() -> impl Strategy<Value = (Offer, Answer)> {
    let client_window =
        prop_oneof![Just(ClientWindow::NotOffered), Just(ClientWindow::Any), any_bits().prop_map(ClientWindow::UpTo)];
    let offer = (any::<[bool; 2]>(), prop::option::of(any_bits()), client_window);
    let answer = (any::<[bool; 2]>(), prop::option::of(any_bits()), prop::option::of(any_bits()));
    (offer, answer).prop_map(|((offered, server_bits, client_window), (answered, server_answer, client_answer))| {
        let offer = Offer {
            server_no_context_takeover: offered[0],
            client_no_context_takeover: offered[1],
            server_max_window_bits: server_bits,
            client_max_window_bits: client_window,
        };
        let answer = Answer {
            server_no_context_takeover: offered[0] || answered[0],
            client_no_context_takeover: answered[1],
            server_max_window_bits: match server_bits {
                Some(offered) => Some(server_answer.map_or(offered, |bits| bits.min(offered))),
                None => server_answer,
            },
            client_max_window_bits: client_answer.filter(|_| client_window != ClientWindow::NotOffered),
        };
        assert!(offer.allows(&answer));
        (offer, answer)
    })
}

fn any_length() -> impl Strategy<Value = usize> {
    prop_oneof![
        12 => prop::sample::select(vec![0, 1, 2, 124, 125, 126, 127, 128, 511, 512, 513]),
        8 => 0..2_000_usize,
        1 => prop::sample::select(vec![65_534, 65_535, 65_536, 65_537, 100_000]),
    ]
}

fn any_message() -> impl Strategy<Value = PlannedMessage> {
    let kind = prop::sample::select(vec![MessageKind::Text, MessageKind::Binary]);
    let cuts = prop_oneof![2 => Just(Vec::new()), 2 => prop::collection::vec(any::<u16>(), 1..6)];
    (any_side(), kind, any_length(), any::<u64>(), cuts, any::<bool>(), 1..4_usize).prop_map(
        |(side, kind, length, seed, cuts, is_compressed, parts)| PlannedMessage {
            side,
            kind,
            length,
            seed,
            cuts,
            is_compressed,
            parts,
        },
    )
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let ping = prop_oneof![
        prop::sample::select(vec![b"".to_vec(), b"same".to_vec(), vec![0xFF; 125]]),
        prop::collection::vec(any::<u8>(), 0..126),
    ];
    prop_oneof![
        4 => any_side().prop_map(Turn::Fragment),
        2 => (any_side(), ping).prop_map(|(side, payload)| Turn::Ping(side, payload)),
        2 => (any_side(), any::<bool>()).prop_map(|(side, newest)| Turn::Answer(side, newest)),
    ]
}

/// The payload of a Close with a code that either side may send.
fn any_close() -> impl Strategy<Value = Vec<u8>> {
    let code =
        prop_oneof![prop::sample::select(vec![1000_u16, 1001, 1002, 1003, 1007, 1008, 1009, 1011]), 3000..=4999_u16];
    let reason = prop_oneof![Just(String::new()), "[a-z\u{e9}\u{20ac}\u{1f600}]{0,30}", Just("r".repeat(123))];
    let with_code = (code, reason).prop_map(|(code, reason)| [&code.to_be_bytes(), reason.as_bytes()].concat());
    prop_oneof![1 => Just(Vec::new()), 4 => with_code]
}

fn any_closing() -> impl Strategy<Value = Closing> {
    prop_oneof![
        1 => Just(Closing::NotYet),
        6 => (any_side(), any_close(), any::<bool>())
            .prop_map(|(first, payload, says_the_rest)| Closing::Answered { first, payload, says_the_rest }),
        1 => any_close().prop_map(|payload| Closing::Crossing { payload }),
    ]
}

/// Any legal conversation.
pub(super) fn any_plan() -> impl Strategy<Value = Plan> {
    (
        prop::option::weighted(0.7, any_agreement()),
        any::<[bool; 2]>(),
        prop::collection::vec(any_message(), 0..8),
        prop::collection::vec(any_turn(), 0..30),
        any_closing(),
        any::<u64>(),
    )
        .prop_map(|(agreement, [offers_more, has_subprotocol], messages, turns, closing, seed)| Plan {
            agreement,
            offers_more,
            has_subprotocol,
            messages,
            turns,
            closing,
            seed,
        })
}
