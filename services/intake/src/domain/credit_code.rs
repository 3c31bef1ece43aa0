//! 统一社会信用代码 (GB 32100-2015): 18 characters of 31; the ninth to seventeenth are the organisation code
//! with a check of its own (GB 11714), the last one checks the whole.

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not 18 characters of the alphabet (no I, O, S, V, Z), or the region is not six digits.
    Shape,
    /// One of the two check characters is another one: a doubt. A genuine code is known that fails.
    CheckDigit,
}

/// Checks a code in folded form (`super::digits`).
///
/// # Errors
/// The first fault, worst first.
pub fn check(code: &str) -> Result<(), Fault> {
    let values: Vec<usize> = code.bytes().filter_map(|c| ALPHABET.iter().position(|a| *a == c)).collect();
    if code.len() != 18 || values.len() != 18 || !code.bytes().skip(2).take(6).all(|c| c.is_ascii_digit()) {
        return Err(Fault::Shape);
    }
    let sum: usize = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
    // The outer remainder matters: a sum divisible by 31 gives the character 0, not the 32nd.
    let owed = (31 - sum % 31) % 31;
    if values.last() == Some(&owed) && organisation_check(code) { Ok(()) } else { Err(Fault::CheckDigit) }
}

/// The seventeenth character: 11 minus the weighted sum modulo 11, 10 as X, 11 as 0.
fn organisation_check(code: &str) -> bool {
    let sum: u32 = code.bytes().skip(8).zip(ORGANISATION_WEIGHTS).map(|(c, w)| value(c) * w).sum();
    let owed = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    code.as_bytes().get(16) == Some(&owed)
}

/// GB 11714 counts all 26 letters: A is 10, Z is 35.
fn value(c: u8) -> u32 {
    if c.is_ascii_digit() { u32::from(c - b'0') } else { u32::from(c.saturating_sub(b'A')) + 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// domain.md 4.11: the standard's, fictional ones, and the wrap of the check character to 0.
    #[test]
    fn good_codes_pass() {
        for good in [
            "91350100M000100Y43",
            "11990000000000019A",
            "11990000MB0000019F",
            "129900000000000272",
            "119900000000000350",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_genuine_code_that_fails_its_check_is_a_doubt() {
        assert_eq!(check("91350211M0000XUF46"), Err(Fault::CheckDigit));
        assert_eq!(check("119900000000000351"), Err(Fault::CheckDigit));
        // The whole is right and the organisation code alone is wrong, or the other way round.
        assert_eq!(check("11990000000000018A"), Err(Fault::CheckDigit));
        assert_eq!(check("11990000000000019B"), Err(Fault::CheckDigit));
    }

    #[test]
    fn other_shapes_are_faults() {
        for bad in [
            "",
            "1199000000000001",
            "11990000000000019AA",
            "11990000000000O19A",
            "119900000000S0019A",
            "11A90000000000019A",
            "1199000000000001９A",
        ] {
            assert_eq!(check(bad), Err(Fault::Shape), "{bad}");
        }
    }
}
