//! Whole numbers as texts have them.

/// The number that the digits at the start make, and what is behind them; `None` when it is too large.
pub(super) fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let (mut number, mut rest) = (0_u64, text);
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        number = number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
        rest = behind;
    }
    Some((number, rest))
}
