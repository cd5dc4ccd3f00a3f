//! From what the composer holds to a command, or to the reason why it cannot be one.

use crate::capture::command::{CloseRequest, Command, ControlPayload, Refusal};
use crate::capture::masking_keys::MaskingKeys;
use crate::protocol::close::CloseCode;
use crate::protocol::frame_draft::{DraftProblem, FrameDraft};
use crate::protocol::hexadecimal::{self, HexadecimalError};
use crate::ui::action::Draft;

use super::raw_draft::{self, RawProblem};

/// Why a draft cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DraftError {
    /// The text is not bytes in hexadecimal.
    #[error(transparent)]
    Hexadecimal(#[from] HexadecimalError),
    /// The code is not a number.
    #[error("“{0}” is not a close code. Write a number such as 1000 or 4001.")]
    NotACode(String),
    /// The raw composer's form cannot be written.
    #[error(transparent)]
    Raw(#[from] RawProblem),
    /// The frame cannot be written.
    #[error(transparent)]
    Frame(#[from] DraftProblem),
    /// The protocol does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The command of a draft.
pub(super) fn command(draft: &Draft) -> Result<Command, DraftError> {
    Ok(match draft {
        Draft::Text(text) => Command::SendText(text.clone()),
        Draft::Hexadecimal(text) => Command::SendBinary(hexadecimal::parse(text)?.into()),
        Draft::Ping(text) => Command::SendPing(ControlPayload::new(text.clone().into_bytes())?),
        Draft::Pong(text) => Command::SendPong(ControlPayload::new(text.clone().into_bytes())?),
        Draft::Close { code, reason } => {
            let number = code.parse().map_err(|_| DraftError::NotACode(code.clone()))?;
            Command::Close(CloseRequest::new(CloseCode(number), reason.clone())?)
        }
        Draft::EmptyClose => Command::CloseEmpty,
        Draft::Abort => Command::Abort,
        Draft::EndOutput => Command::EndOutput,
        Draft::Answer { opcode, payload } => {
            let keys = MaskingKeys::default();
            Command::SendRaw(FrameDraft::new(*opcode, payload.clone()).write(|| keys.next())?.into())
        }
        Draft::Raw { form, keys } => Command::SendRaw(raw_draft::bytes(form, &mut keys.clone())?),
    })
}
