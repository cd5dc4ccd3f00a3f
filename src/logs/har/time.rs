//! The times of a HAR: decimal numbers whose unit differs between writers, and dates.

use jiff::Timestamp;

use super::super::number::leading_number;

/// The unit is milliseconds from here on, and seconds below; as seconds this is the year 5138, as milliseconds 1973.
const SECONDS_BELOW: u64 = 100_000_000_000;

/// A number that is not negative, to nine places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    whole: u64,
    billionths: u64,
}

impl Decimal {
    /// A billion times as much.
    fn billionfold(self) -> Option<u64> {
        self.whole.checked_mul(1_000_000_000)?.checked_add(self.billionths)
    }

    /// A million times as much.
    fn millionfold(self) -> Option<u64> {
        self.whole.checked_mul(1_000_000)?.checked_add(self.billionths / 1_000)
    }
}

/// The time of a message, in nanoseconds since 1970: seconds or milliseconds by their size, `None` when it is negative and so unknown.
pub(super) fn of_message(number: &[u8]) -> Option<u64> {
    let decimal = decimal(number)?;
    if decimal.whole < SECONDS_BELOW { decimal.billionfold() } else { decimal.millionfold() }
}

/// A span in milliseconds, in nanoseconds; `None` when it is negative and so does not apply.
pub(super) fn milliseconds(number: &[u8]) -> Option<u64> {
    decimal(number)?.millionfold()
}

/// A date with a time, in nanoseconds since 1970.
pub(super) fn of_date(text: &str) -> Option<u64> {
    u64::try_from(text.parse::<Timestamp>().ok()?.as_nanosecond()).ok()
}

/// A date with a time as a HAR has it.
pub(super) fn date(nanoseconds: u64) -> String {
    // Every u64 of nanoseconds is before the year 2555 and so within what a timestamp holds.
    let timestamp = Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{timestamp:.9}")
}

/// Nanoseconds as seconds, every digit of them; a double would lose the last ones.
pub(super) fn seconds(nanoseconds: u64) -> String {
    format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000)
}

/// Nanoseconds as milliseconds.
pub(super) fn in_milliseconds(nanoseconds: u64) -> String {
    format!("{}.{:06}", nanoseconds / 1_000_000, nanoseconds % 1_000_000)
}

fn decimal(number: &[u8]) -> Option<Decimal> {
    let (whole, rest) = leading_number(number)?;
    match rest {
        [] => Some(Decimal { whole, billionths: 0 }),
        [b'.', rest @ ..] => {
            // Digits behind the ninth are left out.
            let (kept, beyond) = rest.split_at(rest.len().min(9));
            let (fraction, behind) = leading_number(kept)?;
            let is_plain = behind.is_empty() && beyond.iter().all(u8::is_ascii_digit);
            let missing = 9 - kept.len() as u32;
            if is_plain {
                Some(Decimal { whole, billionths: fraction * 10_u64.pow(missing) })
            } else {
                with_exponent(number)
            }
        }
        _ => with_exponent(number),
    }
}

/// The rare number with an exponent, to the microsecond.
fn with_exponent(number: &[u8]) -> Option<Decimal> {
    let value: f64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    let is_time = (0.0..1e13).contains(&value);
    let millionths = (value * 1e6) as u64;
    is_time.then_some(Decimal { whole: millionths / 1_000_000, billionths: millionths % 1_000_000 * 1_000 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_time_tells_its_unit() {
        for (written, nanoseconds) in [
            ("1760000000.1234567", Some(1_760_000_000_123_456_700)),
            ("1760000000", Some(1_760_000_000_000_000_000)),
            ("1760000000123", Some(1_760_000_000_123_000_000)),
            ("1760000000123.25", Some(1_760_000_000_123_250_000)),
            ("1.7600000001e9", Some(1_760_000_000_100_000_000)),
            ("1760000000.12345678901234567890", Some(1_760_000_000_123_456_789)),
            ("0", Some(0)),
            ("-1", None),
            ("-1.5", None),
            ("1e99", None),
            ("99999999999999999999999", None),
        ] {
            assert_eq!(of_message(written.as_bytes()), nanoseconds, "{written}");
        }
        assert_eq!(milliseconds(b"20.5"), Some(20_500_000));
        assert_eq!(milliseconds(b"-1"), None);
    }

    #[test]
    fn what_is_written_is_read_to_the_nanosecond() {
        for time in [0, 1, 1_790_000_000_123_456_789, 99_999_999_999_999_999] {
            assert_eq!(of_message(seconds(time).as_bytes()), Some(time));
            assert_eq!(of_date(&date(time)), Some(time));
            assert_eq!(milliseconds(in_milliseconds(time).as_bytes()), Some(time));
        }
    }
}
