//! Numbers as a person reads them: sizes, durations, bytes in hexadecimal.

use std::time::Duration;

/// A number of bytes: `125 bytes`, `1.5 KiB`.
pub fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".into(),
        0..1024 => format!("{count} bytes"),
        _ => {
            let (mut value, mut unit) = (count as f64 / 1024.0, "KiB");
            for larger in ["MiB", "GiB", "TiB", "PiB", "EiB"] {
                if value < 1024.0 {
                    break;
                }
                (value, unit) = (value / 1024.0, larger);
            }
            format!("{value:.1} {unit}")
        }
    }
}

/// A number of bytes in each second: `12 bytes/s`, `1.5 KiB/s`.
pub fn bytes_a_second(rate: f64) -> String {
    format!("{}/s", bytes(rate.round() as u64))
}

/// A duration with three figures: `0 ns`, `12.3 µs`, `4.50 ms`, `1.23 s`, `3 min 05 s`.
pub fn duration(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let three_figures = |value: f64, unit: &str| match value {
        value if value < 10.0 => format!("{value:.2} {unit}"),
        value if value < 100.0 => format!("{value:.1} {unit}"),
        value => format!("{value:.0} {unit}"),
    };
    match nanoseconds {
        0..1_000 => format!("{nanoseconds} ns"),
        1_000..1_000_000 => three_figures(nanoseconds as f64 / 1e3, "µs"),
        1_000_000..1_000_000_000 => three_figures(nanoseconds as f64 / 1e6, "ms"),
        1_000_000_000..60_000_000_000 => three_figures(nanoseconds as f64 / 1e9, "s"),
        _ => format!("{} min {:02} s", duration.as_secs() / 60, duration.as_secs() % 60),
    }
}

/// A count with thousands apart: `1 234 567`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

/// A number of frames: `1 frame`, `4 frames`.
pub fn frames(number: usize) -> String {
    if number == 1 { "1 frame".into() } else { format!("{} frames", count(number as u64)) }
}

/// A part of a whole in per cent: `12.3 %`; what is there is never nothing, and what is missing is never all.
pub fn share(part: u64, whole: u64) -> String {
    match part as f64 * 100.0 / whole.max(1) as f64 {
        0.0 => "0 %".into(),
        share if share < 0.1 => "< 0.1 %".into(),
        share if share > 99.9 && part < whole => "> 99.9 %".into(),
        100.0 => "100 %".into(),
        share => format!("{share:.1} %"),
    }
}

/// How many in a second: `0.25`, `12.3`, `51 204`.
pub fn rate(a_second: f64) -> String {
    match a_second {
        rate if rate < 10.0 => format!("{rate:.2}"),
        rate if rate < 100.0 => format!("{rate:.1}"),
        rate => count(rate.round() as u64),
    }
}

/// A duration in nanoseconds that is round, without the zeros behind the point: `0`, `500 µs`, `20 ms`, `1 000 s`.
pub fn round_duration(nanoseconds: u64) -> String {
    let (divisor, unit) = match nanoseconds {
        0 => return "0".into(),
        1..1_000 => (1, "ns"),
        1_000..1_000_000 => (1_000, "µs"),
        1_000_000..1_000_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    format!("{} {unit}", count(nanoseconds / divisor))
}

/// A moment in seconds, without the zeros at its end: `25`, `0.0125`.
pub fn seconds(nanoseconds: u64) -> String {
    let text = format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A power of two in the largest unit: `0`, `512`, `1 KiB`, `64 MiB`.
pub fn round_bytes(count: u64) -> String {
    let (mut value, mut unit) = (count, "");
    for larger in [" KiB", " MiB", " GiB", " TiB", " PiB", " EiB"] {
        if value < 1024 {
            break;
        }
        (value, unit) = (value / 1024, larger);
    }
    format!("{value}{unit}")
}
