//! 居民身份证号码 (GB 11643-1999): 6 digits of region, 8 of birth date, 3 of sequence, one check character.
//!
//! A number of another length or with an impossible date is no citizen's number and is refused; one whose
//! check character fails may still be what the paper says, and is only doubted. Neither sex nor age is
//! derived from it.

use chrono::NaiveDate;

use super::digits::all_digits;

const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not 17 digits and a digit or X. The 15-digit numbers of before 1999 ended in 2013.
    Shape,
    /// The birth date is no date, or lies after today.
    BirthDate,
    /// The check character is another one: a doubt, no refusal.
    CheckDigit,
}

/// Checks a number in folded form (`super::digits`).
///
/// # Errors
/// The first fault, worst first.
pub fn check(number: &str, today: NaiveDate) -> Result<(), Fault> {
    let (body, last) = number.split_at_checked(LENGTH - 1).ok_or(Fault::Shape)?;
    let check = match last.as_bytes() {
        [c] if c.is_ascii_digit() || *c == b'X' => *c,
        _ => return Err(Fault::Shape),
    };
    if !all_digits(body) {
        return Err(Fault::Shape);
    }
    let born = body.get(6..14).and_then(|d| NaiveDate::parse_from_str(d, "%Y%m%d").ok());
    let earliest = NaiveDate::from_ymd_opt(1880, 1, 1);
    if born.is_none_or(|day| day > today || Some(day) < earliest) {
        return Err(Fault::BirthDate);
    }
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    let owed = usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at));
    if owed == Some(&check) { Ok(()) } else { Err(Fault::CheckDigit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_at_2026(number: &str) -> Result<(), Fault> {
        check(number, NaiveDate::from_ymd_opt(2026, 8, 3).expect("date"))
    }

    /// domain.md 4.10: the standard's own two, and fictional ones.
    #[test]
    fn good_numbers_pass() {
        for good in ["11010519491231002X", "440524188001010014", "990000199001010017", "99000019851230002X"] {
            assert_eq!(check_at_2026(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_wrong_check_character_is_a_doubt() {
        for bad in ["110105194912310021", "990000199001010018", "990000198512300020", "99000019900101001X"] {
            assert_eq!(check_at_2026(bad), Err(Fault::CheckDigit), "{bad}");
        }
    }

    #[test]
    fn impossible_dates_and_shapes_are_faults_even_with_a_right_sum() {
        for bad in [
            "990000198502300010",
            "990000202702300010",
            "990000199013010010",
            "990000187912310010",
            "990000199000000010",
        ] {
            assert_eq!(check_at_2026(bad), Err(Fault::BirthDate), "{bad}");
        }
        for bad in [
            "",
            "99000019851230002",
            "99000019851230002XX",
            "9900001985123000２X",
            "A90000198512300020",
            "990000198512300Y0X",
            "990000851230002",
        ] {
            assert_eq!(check_at_2026(bad), Err(Fault::Shape), "{bad}");
        }
    }

    #[test]
    fn a_leap_day_counts_only_in_a_leap_year() {
        assert_ne!(check_at_2026("990000200002290013"), Err(Fault::BirthDate));
        assert_eq!(check_at_2026("990000190002290013"), Err(Fault::BirthDate));
    }
}
