//! From what the composer holds to a command, or to the reason why it cannot be one.

use crate::capture::command::{CloseRequest, Command, ControlPayload, Refusal};
use crate::protocol::close::CloseCode;
use crate::ui::action::Draft;

/// Why a draft cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum DraftError {
    /// A character that is no hexadecimal digit.
    #[error("“{0}” is not a hexadecimal digit. Write bytes as pairs of 0-9 and a-f, spaces are fine.")]
    NotHexadecimal(char),
    /// Half a byte is left.
    #[error("The last byte has only one digit. Write two for each byte.")]
    OddDigits,
    /// The code is not a number.
    #[error("“{0}” is not a close code. Write a number such as 1000 or 4001.")]
    NotACode(String),
    /// The protocol does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The command of a draft.
pub(super) fn command(draft: &Draft) -> Result<Command, DraftError> {
    Ok(match draft {
        Draft::Text(text) => Command::SendText(text.clone()),
        Draft::Hexadecimal(text) => Command::SendBinary(hexadecimal(text)?.into()),
        Draft::Ping(text) => Command::SendPing(ControlPayload::new(text.clone().into_bytes())?),
        Draft::Pong(text) => Command::SendPong(ControlPayload::new(text.clone().into_bytes())?),
        Draft::Close { code, reason } => {
            let number = code.parse().map_err(|_| DraftError::NotACode(code.clone()))?;
            Command::Close(CloseRequest::new(CloseCode(number), reason.clone())?)
        }
        Draft::EmptyClose => Command::CloseEmpty,
        Draft::Abort => Command::Abort,
    })
}

fn hexadecimal(text: &str) -> Result<Vec<u8>, DraftError> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| character.to_digit(16).map(|digit| digit as u8).ok_or(DraftError::NotHexadecimal(character)))
        .collect::<Result<_, _>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(DraftError::OddDigits);
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
