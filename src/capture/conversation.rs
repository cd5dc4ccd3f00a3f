//! A client's conversation after the upgrade: one loop of commands, steps of a sequence or a replay, reading and writing, and an orderly end.

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use crate::protocol::direction::Side;
use crate::protocol::verdict::TransportEnd;

use super::client::Boards;
use super::command::Command;
use super::compliant::CompliantEndpoint;
use super::dial::Opened;
use super::endpoint::{ClosingProgress, Endpoint, LARGEST_MESSAGE, Outgoing, TURN};
use super::manual::ManualEndpoint;
use super::options::{ConnectOptions, EndpointMode};
use super::reactor::Reactor;
use super::replay::{Act, Player, Replay, Stage};
use super::sequence::RunningSequence;
use super::tap::{StreamEnd, Tap};
use super::transport::Transport;

/// How many steps of a sequence are carried out before reading gets its turn.
const STEPS_A_TURN: usize = 64;

/// How this side's half of the connection stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Output {
    Open,
    /// It ends once everything is written.
    Ending,
    Ended,
}

/// Why the conversation is over.
enum Ending {
    /// This side ends in good order, in this way.
    Finish(TransportEnd),
    /// Both halves have ended, and both ends are recorded.
    BothHalvesEnded,
    /// The server reset the connection, or it broke.
    Broken,
    /// The server reset the connection after it had ended its half.
    ResetAfterFin,
    /// The person ended it at once.
    Abort,
}

pub(super) struct Conversation {
    endpoint: Box<dyn Endpoint>,
    commands: Receiver<Command>,
    close_patience: Duration,
    output: Output,
    sequence: Option<RunningSequence>,
    replay: Option<Player>,
    boards: Boards,
    /// A step of a sequence or a replay asked for the end, and which.
    asked_end: Option<Ending>,
    /// Whether a sequence or a replay stopped only to let others have their turn.
    is_turn_over: bool,
    progress: Option<ClosingProgress>,
    deadline: Option<Instant>,
}

impl Conversation {
    pub(super) fn new(
        opened: Opened,
        commands: Receiver<Command>,
        options: &ConnectOptions,
        replay: Option<Replay>,
        boards: Boards,
    ) -> Conversation {
        let agreed = opened.terms.map(|terms| terms.compression.client_to_server);
        let endpoint: Box<dyn Endpoint> = match options.endpoint {
            _ if replay.is_some() => Box::new(ManualEndpoint::listening(opened)),
            EndpointMode::Compliant => Box::new(CompliantEndpoint::new(opened, options.echo)),
            EndpointMode::Manual => Box::new(ManualEndpoint::new(opened)),
        };
        let replay = replay.map(|replay| Player::start(replay, agreed, boards.replay.clone(), Instant::now()));
        Conversation {
            endpoint,
            commands,
            close_patience: options.close_patience,
            output: Output::Open,
            sequence: None,
            replay,
            boards,
            asked_end: None,
            is_turn_over: false,
            progress: None,
            deadline: None,
        }
    }

    /// Talks until the connection has ended.
    pub(super) fn run(mut self, reactor: &mut Reactor) {
        let ending = loop {
            // Read before the commands, so that what was asked for before the abort is still done.
            let is_aborted = reactor.signal().is_aborted();
            self.endpoint.allow(TURN);
            self.take_commands();
            self.endpoint.read();
            self.endpoint.flush();
            self.continue_sequence();
            self.continue_replay();
            self.end_output_once_written();
            self.renew_patience();
            if let Some(ending) = self.ending(is_aborted) {
                break ending;
            }
            if self.endpoint.recording().recorder().is_full() {
                let sentence = "The journal is not written, and no more can be kept in memory: the session was ended.";
                self.endpoint.note(sentence.into());
                break Ending::Abort;
            }
            // Commands that waited for room in the output wake nobody once there is some.
            let can_take_more = !self.commands.is_empty() && !self.endpoint.is_full();
            if !self.endpoint.is_used_up()
                && !self.is_turn_over
                && !can_take_more
                && let Err(error) = self.wait(reactor)
            {
                self.endpoint.note(format!("The system does not let this connection wait for its socket: {error}."));
                break Ending::Abort;
            }
        };
        self.end(ending);
    }

    fn take_commands(&mut self) {
        while !self.endpoint.is_full()
            && let Ok(command) = self.commands.try_recv()
        {
            self.apply(command);
        }
    }

    fn apply(&mut self, command: Command) {
        match command {
            Command::SendText(text) => self.send(text.len(), Outgoing::Text(text)),
            Command::SendBinary(bytes) => self.send(bytes.len(), Outgoing::Binary(bytes)),
            Command::SendPing(payload) => self.send(0, Outgoing::Ping(payload.bytes().clone())),
            Command::SendPong(payload) => self.send(0, Outgoing::Pong(payload.bytes().clone())),
            Command::Close(request) => self.send(0, Outgoing::Close(request)),
            Command::CloseEmpty => self.send(0, Outgoing::EmptyClose),
            Command::SendRaw(bytes) => self.send(0, Outgoing::Raw(bytes)),
            Command::EndOutput if self.output == Output::Open => self.output = Output::Ending,
            Command::EndOutput => {}
            Command::Run(steps) => {
                self.stop_sequence();
                if !steps.is_empty() {
                    self.sequence = Some(RunningSequence::start(steps, self.boards.sequence.clone()));
                }
            }
            Command::StopSequence => self.stop_sequence(),
            Command::Replay(control) => {
                if let Some(replay) = &mut self.replay {
                    replay.control(control, Instant::now());
                }
            }
            // The signal says it, so that it does not have to wait in the queue.
            Command::Abort => {}
        }
    }

    /// Sends what carries a message of this length.
    fn send(&mut self, length: usize, outgoing: Outgoing) {
        if self.output != Output::Open {
            self.endpoint.note("Not sent: this side has ended its half of the connection (FIN).".into());
        } else if length > LARGEST_MESSAGE {
            self.endpoint.note(format!("Not sent: the message has {length} bytes; the limit is {LARGEST_MESSAGE}."));
        } else {
            self.endpoint.send(outgoing);
        }
    }

    fn continue_sequence(&mut self) {
        self.is_turn_over = false;
        for _ in 0..STEPS_A_TURN {
            let is_ready = !self.endpoint.is_output_pending() && self.output != Output::Ending;
            let Some(sequence) = self.sequence.as_mut().filter(|_| is_ready) else { return };
            let Some(command) = sequence.take_due() else { return };
            if sequence.is_done() {
                self.sequence = None;
            }
            match command {
                Command::Abort => self.asked_end = Some(Ending::Abort),
                command => self.apply(command),
            }
            self.endpoint.flush();
            self.end_output_once_written();
        }
        self.is_turn_over = true;
    }

    fn continue_replay(&mut self) {
        let has_server_ended = self.tap().end() == Some(StreamEnd::Fin);
        for _ in 0..STEPS_A_TURN {
            let is_ready =
                !self.endpoint.is_output_pending() && self.output != Output::Ending && self.asked_end.is_none();
            let Some((replay, ear)) = self.replay.as_mut().filter(|_| is_ready).zip(self.endpoint.ear()) else {
                return;
            };
            let Some(act) = replay.next_act(&mut Stage { now: Instant::now(), ear, has_server_ended }) else { return };
            match act {
                Act::Send(bytes) => self.apply(Command::SendRaw(bytes)),
                Act::Say(sentence) => self.endpoint.note(sentence),
                Act::EndOutput => self.apply(Command::EndOutput),
                Act::Reset => self.asked_end = Some(Ending::Abort),
                Act::GiveUp => self.asked_end = Some(Ending::Finish(TransportEnd::Timeout)),
            }
            self.endpoint.flush();
            self.end_output_once_written();
        }
        self.is_turn_over = true;
    }

    fn stop_sequence(&mut self) {
        if let Some(sequence) = self.sequence.take() {
            let sentence = sequence.stop();
            self.endpoint.note(sentence);
        }
    }

    fn end_output_once_written(&mut self) {
        if self.output == Output::Ending && !self.endpoint.is_output_pending() {
            self.output = Output::Ended;
            self.endpoint.end_output(TransportEnd::Fin);
        }
    }

    /// Once a Close is on its way, waits anew after each step: bytes that the server takes, and its own Close.
    fn renew_patience(&mut self) {
        if let Some(progress) = self.endpoint.closing()
            && self.progress.replace(progress) != Some(progress)
        {
            self.deadline = Instant::now().checked_add(self.close_patience);
        }
    }

    fn ending(&mut self, is_aborted: bool) -> Option<Ending> {
        match self.tap().end() {
            Some(StreamEnd::Fin) if self.output == Output::Ended => return Some(Ending::BothHalvesEnded),
            Some(StreamEnd::Fin) if self.endpoint.answers_fin() => return Some(Ending::Finish(TransportEnd::Fin)),
            Some(StreamEnd::Fin) if self.is_reset() => return Some(Ending::ResetAfterFin),
            Some(StreamEnd::Reset | StreamEnd::Broken) => return Some(Ending::Broken),
            Some(StreamEnd::Fin) | None => {}
        }
        if is_aborted || self.endpoint.is_output_lost() {
            return Some(Ending::Abort);
        }
        if let Some(ending) = self.asked_end.take() {
            return Some(ending);
        }
        let is_too_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        is_too_late.then_some(Ending::Finish(TransportEnd::Timeout))
    }

    /// Whether a server that has ended its half has reset the connection since: reading says only that there is no more.
    fn is_reset(&mut self) -> bool {
        let tap = self.endpoint.tap_mut();
        tap.is_broken() || !matches!(tap.stream().take_error(), Ok(None))
    }

    fn wait(&mut self, reactor: &mut Reactor) -> std::io::Result<()> {
        let due = self.sequence.as_ref().and_then(RunningSequence::due);
        let replay_due = self.replay.as_ref().and_then(Player::due);
        let deadline = self.deadline.into_iter().chain(due).chain(replay_due).min();
        let is_output_pending = self.endpoint.is_output_pending();
        let tap = self.endpoint.tap_mut();
        let wants_write = is_output_pending || tap.stream().wants_write();
        reactor.watch(tap.stream_mut().socket(), wants_write)?;
        reactor.wait(tap.recording(), deadline)
    }

    fn end(mut self, ending: Ending) {
        self.stop_sequence();
        if let Some(replay) = self.replay.take() {
            replay.end();
        }
        match ending {
            Ending::Finish(how) => self.endpoint.end_output(how),
            Ending::BothHalvesEnded => {}
            Ending::Broken => {
                // A write can learn of the reset while bytes that came before it have not been read.
                self.endpoint.tap_mut().allow(usize::MAX);
                self.endpoint.tap_mut().read_for_the_record();
            }
            Ending::ResetAfterFin => self.endpoint.recording().transport_ended(Side::Server, TransportEnd::Rst),
            Ending::Abort => {
                self.endpoint.recording().transport_ended(Side::Client, TransportEnd::Local);
                self.endpoint.into_transport().reset();
            }
        }
    }

    fn tap(&self) -> &Tap<Transport> {
        self.endpoint.tap()
    }
}
