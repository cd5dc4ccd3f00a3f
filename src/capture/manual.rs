//! The manual endpoint: everything is read for the record, and nothing is sent that was not asked for.

use std::io::Write;

use crate::protocol::frame::FrameHeader;
use crate::protocol::opcode::Opcode;

use super::dial::Opened;
use super::ear::Ear;
use super::endpoint::{ClosingProgress, Endpoint, OUTPUT_LIMIT, Outgoing, TURN};
use super::masking_keys::MaskingKeys;
use super::outlet::Outlet;
use super::tap::Tap;
use super::transport::Transport;

pub(super) struct ManualEndpoint {
    outlet: Outlet<Tap<Transport>>,
    keys: MaskingKeys,
    /// Present when somebody answers by a plan.
    ear: Option<Ear>,
    is_output_pending: bool,
    has_ended_output: bool,
}

impl ManualEndpoint {
    /// What came with the response is recorded already, and nobody else asks for it.
    pub(super) fn new(opened: Opened) -> ManualEndpoint {
        let mut endpoint = ManualEndpoint::silent(opened.tap);
        endpoint.note("A manual endpoint: nothing that the server sends is answered by itself.".into());
        endpoint
    }

    /// The endpoint of a replay, which hears what the server says.
    pub(super) fn listening(opened: Opened) -> ManualEndpoint {
        let mut ear = Ear::new();
        ear.hear(&opened.rest);
        ManualEndpoint { ear: Some(ear), ..ManualEndpoint::silent(opened.tap) }
    }

    fn silent(tap: Tap<Transport>) -> ManualEndpoint {
        ManualEndpoint {
            outlet: Outlet::new(tap),
            keys: MaskingKeys::default(),
            ear: None,
            is_output_pending: false,
            has_ended_output: false,
        }
    }

    fn push(&mut self, opcode: Opcode, payload: &[u8]) {
        let header =
            FrameHeader { masking_key: Some(self.keys.next()), ..FrameHeader::new(opcode, payload.len() as u64) };
        self.outlet.push(header.with_payload(payload).into());
    }
}

impl Endpoint for ManualEndpoint {
    fn send(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Text(text) => self.push(Opcode::Text, text.as_bytes()),
            Outgoing::Binary(bytes) => self.push(Opcode::Binary, &bytes),
            Outgoing::Ping(bytes) => self.push(Opcode::Ping, &bytes),
            Outgoing::Pong(bytes) => self.push(Opcode::Pong, &bytes),
            Outgoing::Close(request) => {
                let payload = [&request.code().0.to_be_bytes(), request.reason().as_bytes()].concat();
                self.push(Opcode::Close, &payload);
            }
            Outgoing::EmptyClose => self.push(Opcode::Close, &[]),
            Outgoing::Raw(bytes) => self.outlet.push(bytes),
        }
    }

    fn is_full(&self) -> bool {
        self.outlet.queued() >= OUTPUT_LIMIT
    }

    fn read(&mut self) {
        self.outlet.stream_mut().allow(TURN);
        match &mut self.ear {
            None => self.outlet.stream_mut().read_for_the_record(),
            Some(ear) => self.outlet.stream_mut().read_along(|bytes| ear.hear(bytes)),
        }
    }

    fn flush(&mut self) {
        // Why it failed is with the tap; what could not be written is still there.
        self.is_output_pending = !self.has_ended_output && self.outlet.flush().is_err();
    }

    fn is_output_pending(&self) -> bool {
        self.is_output_pending
    }

    fn output_ended(&mut self) {
        self.has_ended_output = true;
    }

    fn closing(&self) -> Option<ClosingProgress> {
        None
    }

    fn answers_fin(&self) -> bool {
        false
    }

    fn ear(&mut self) -> Option<&mut Ear> {
        self.ear.as_mut()
    }

    fn tap(&self) -> &Tap<Transport> {
        self.outlet.stream()
    }

    fn tap_mut(&mut self) -> &mut Tap<Transport> {
        self.outlet.stream_mut()
    }

    fn into_transport(self: Box<Self>) -> Transport {
        self.outlet.into_stream().into_stream()
    }
}
