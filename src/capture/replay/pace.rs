//! How fast a session is replayed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The slowest and the fastest factor.
const FACTORS: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

/// How fast a session is replayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// So many times as fast as it was recorded.
    Times(f64),
    /// As fast as the server takes it.
    AtOnce,
}

/// Why a text names no pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write a number from 0.001 to 1000000, such as 2 for twice as fast, or original, or max")]
pub struct PaceError;

impl Pace {
    /// As it was recorded.
    pub const RECORDED: Pace = Pace::Times(1.0);

    /// What is left of a recorded time.
    pub(super) fn scaled(self, recorded: Duration) -> Duration {
        match self {
            Pace::AtOnce => Duration::ZERO,
            Pace::Times(1.0) => recorded,
            // A time beyond what can be told never comes.
            Pace::Times(factor) => {
                Duration::try_from_secs_f64(recorded.as_secs_f64() / factor).unwrap_or(Duration::MAX)
            }
        }
    }
}

/// As on the command line: `2`, `original` or `max`.
impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Pace, PaceError> {
        match text {
            "original" => Ok(Pace::RECORDED),
            "max" => Ok(Pace::AtOnce),
            factor => {
                let factor = factor.strip_suffix('x').unwrap_or(factor).parse().map_err(|_| PaceError)?;
                if FACTORS.contains(&factor) { Ok(Pace::Times(factor)) } else { Err(PaceError) }
            }
        }
    }
}

/// In a sentence: `at 2 times its speed`.
impl fmt::Display for Pace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pace::Times(1.0) => formatter.write_str("with its own timing"),
            Pace::Times(factor) => write!(formatter, "at {factor} times its speed"),
            Pace::AtOnce => formatter.write_str("as fast as possible"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paces_are_read_and_told() {
        for (text, pace, told) in [
            ("original", Pace::RECORDED, "with its own timing"),
            ("1", Pace::RECORDED, "with its own timing"),
            ("2", Pace::Times(2.0), "at 2 times its speed"),
            ("2x", Pace::Times(2.0), "at 2 times its speed"),
            ("0.5", Pace::Times(0.5), "at 0.5 times its speed"),
            ("max", Pace::AtOnce, "as fast as possible"),
        ] {
            assert_eq!(text.parse(), Ok(pace), "{text}");
            assert_eq!(pace.to_string(), told);
        }
        for text in ["", "0", "-1", "fast", "NaN", "inf", "0.0001", "1e9"] {
            assert_eq!(text.parse::<Pace>(), Err(PaceError), "{text}");
        }
    }

    #[test]
    fn times_are_divided_by_the_factor() {
        let recorded = Duration::from_millis(100);
        assert_eq!(Pace::RECORDED.scaled(recorded), recorded);
        assert_eq!(Pace::Times(4.0).scaled(recorded), Duration::from_millis(25));
        assert_eq!(Pace::AtOnce.scaled(recorded), Duration::ZERO);
        assert_eq!(Pace::Times(0.001).scaled(Duration::MAX), Duration::MAX);
    }
}
