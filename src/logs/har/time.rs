//! The times of a HAR: decimal numbers whose unit differs between writers, and dates.

use jiff::Timestamp;

/// The unit is milliseconds from here on, and seconds below; as seconds this is the year 5138, as milliseconds 1973.
const SECONDS_BELOW: u64 = 100_000_000_000;

/// A number as it is written: `digits / 10^places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    digits: u64,
    places: u32,
}

/// The time of a message, in nanoseconds since 1970: seconds or milliseconds by their size, `None` when it is negative and so unknown.
pub(super) fn of_message(number: &[u8]) -> Option<u64> {
    let decimal = decimal(number)?;
    let whole = decimal.digits / 10_u64.checked_pow(decimal.places)?;
    scaled(decimal, if whole < SECONDS_BELOW { 9 } else { 6 })
}

/// A span in milliseconds, in nanoseconds; `None` when it is negative and so does not apply.
pub(super) fn milliseconds(number: &[u8]) -> Option<u64> {
    scaled(decimal(number)?, 6)
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
    let mut decimal = Decimal { digits: 0, places: 0 };
    let mut is_fraction = false;
    for byte in number {
        match byte {
            b'0'..=b'9' => {
                let Some(digits) =
                    decimal.digits.checked_mul(10).and_then(|digits| digits.checked_add(u64::from(byte - b'0')))
                else {
                    // More digits of a fraction than are needed are left out; more of a whole number are no time.
                    if is_fraction { break } else { return None }
                };
                decimal.digits = digits;
                decimal.places += u32::from(is_fraction);
            }
            b'.' if !is_fraction => is_fraction = true,
            _ => return with_exponent(number),
        }
    }
    Some(decimal)
}

/// The rare number with an exponent, to the microsecond.
fn with_exponent(number: &[u8]) -> Option<Decimal> {
    let value: f64 = std::str::from_utf8(number).ok()?.parse().ok()?;
    let is_time = (0.0..1e13).contains(&value);
    is_time.then_some(Decimal { digits: (value * 1e6) as u64, places: 6 })
}

fn scaled(decimal: Decimal, power: u32) -> Option<u64> {
    if decimal.places <= power {
        decimal.digits.checked_mul(10_u64.checked_pow(power - decimal.places)?)
    } else {
        Some(decimal.digits / 10_u64.checked_pow(decimal.places - power)?)
    }
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
