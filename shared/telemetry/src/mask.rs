//! The last net under the logs: digits that look like a telephone or an identity number are masked
//! before a line reaches stderr. Code must not log them in the first place; this catches the slip
//! (a driver's error text that quotes a parameter, say).

use std::{borrow::Cow, io};

use tracing_subscriber::fmt::MakeWriter;

/// Length of a mainland mobile number.
const TELEPHONE: usize = 11;
/// Length of a citizen identity number (GB 11643), check digit included.
const CITIZEN_ID: usize = 18;
const BIRTH_CENTURIES: [&[u8]; 2] = [b"19", b"20"];

/// Replaces the middle of telephone and identity numbers by stars; other text is returned as it is.
#[must_use]
pub fn masked(line: &str) -> Cow<'_, str> {
    let mut spans = Vec::new();
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|r| !r.is_empty()) {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            at += 1;
            continue;
        }
        let mut length = digits;
        if digits == CITIZEN_ID - 1 && rest.get(digits).is_some_and(|b| matches!(b, b'x' | b'X')) {
            length += 1;
        }
        if rest.get(..length).is_some_and(is_personal) {
            spans.push((at, length));
        }
        at += length;
    }
    if spans.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    let mut from = 0;
    for (start, length) in spans {
        // Three digits in front tell an operator what kind of number slipped, and no more.
        text.push_str(line.get(from..start + 3).unwrap_or_default());
        text.extend(std::iter::repeat_n('*', length - 3));
        from = start + length;
    }
    text.push_str(line.get(from..).unwrap_or_default());
    Cow::Owned(text)
}

fn is_personal(run: &[u8]) -> bool {
    match run.len() {
        TELEPHONE => run.first() == Some(&b'1') && run.get(1).is_some_and(|d| (b'3'..=b'9').contains(d)),
        CITIZEN_ID => {
            let century = run.get(6..8).unwrap_or_default();
            let month = two_digits(run, 10);
            let day = two_digits(run, 12);
            BIRTH_CENTURIES.contains(&century) && (1..=12).contains(&month) && (1..=31).contains(&day)
        }
        _ => false,
    }
}

fn two_digits(run: &[u8], at: usize) -> u8 {
    let digit = |i: usize| run.get(i).map_or(0, |d| d.wrapping_sub(b'0'));
    digit(at) * 10 + digit(at + 1)
}

/// Standard error behind the mask. A log line arrives here whole, in one write.
#[derive(Clone, Copy, Debug, Default)]
pub struct MaskedStderr;

impl io::Write for MaskedStderr {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(buf);
        io::stderr().lock().write_all(masked(&line).as_bytes())?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for MaskedStderr {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_and_identity_numbers_are_masked() {
        assert_eq!(masked("call 13800138000 now"), "call 138******** now");
        assert_eq!(masked("id=11010519491231002X."), "id=110***************.");
        assert_eq!(masked("信访人110105194912310021，"), "信访人110***************，");
    }

    #[test]
    fn instants_ids_and_counts_stay_readable() {
        for line in [
            "at 1785686400000 ms",
            "xf_01j4c3k5m7n9p1q3r5s7t9v1w3",
            "rows=12345678901 took 18 ms",
            "traceparent 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "999999999999999999",
            "",
        ] {
            assert_eq!(masked(line), line);
        }
    }
}
