//! Durations as a person writes them: `500ms`, `8s`, `2m`.

use std::time::Duration;

/// Why a text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write a whole number with its unit, as in 500ms, 8s or 2m")]
pub(super) struct DurationError;

/// Reads a whole number of milliseconds, seconds, minutes or hours.
pub(super) fn parse(text: &str) -> Result<Duration, DurationError> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).ok_or(DurationError)?;
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(DurationError),
    };
    let number: u64 = number.parse().map_err(|_| DurationError)?;
    number.checked_mul(milliseconds).map(Duration::from_millis).ok_or(DurationError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        for (text, milliseconds) in [("500ms", 500), ("8s", 8_000), ("2m", 120_000), ("1h", 3_600_000), ("0s", 0)] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", "8", "s", "-1s", "1.5s", "8 s", "8S", "1d", "99999999999999999999s", "18446744073709551615h"] {
            assert_eq!(parse(text), Err(DurationError), "{text}");
        }
    }
}
