//! 登记编号: the public number of a submission, `XF990100-260803-0001`.
//!
//! It names the office's region and the day of registration, and counts without gaps within the day. It says
//! nothing of class or person; alone it opens nothing.

use chrono::{Datelike, NaiveDate};
use kernel::RegionCode;

use super::digits::fold;

/// Longest text taken as a number, in bytes.
const MAX_TYPED_BYTES: usize = 128;

/// The series that counts the registrations of a day.
#[must_use]
pub fn series(day: NaiveDate) -> String {
    format!("number-{}", yymmdd(day))
}

/// The number of the n-th registration of a day.
#[must_use]
pub fn number(office: &RegionCode, day: NaiveDate, n: i64) -> String {
    let region = office.as_str().get(..6).unwrap_or_default();
    format!("XF{region}-{}-{n:04}", yymmdd(day))
}

fn yymmdd(day: NaiveDate) -> String {
    format!("{:02}{:02}{:02}", day.year().rem_euclid(100), day.month(), day.day())
}

/// The number as stored, from what a person types: any case, full-width forms, with or without hyphens and
/// spaces. `None` when it cannot be a number.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    if typed.len() > MAX_TYPED_BYTES {
        return None;
    }
    let folded: String = typed.chars().filter_map(fold).collect();
    let digits = folded.strip_prefix("XF")?;
    let (region, rest) = digits.split_at_checked(6)?;
    let (day, n) = rest.split_at_checked(6)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    (plain && (4..=9).contains(&n.len())).then(|| format!("XF{region}-{day}-{n}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let office: RegionCode = "990100".parse().expect("region");
        let day = NaiveDate::from_ymd_opt(2026, 8, 3).expect("date");
        let first = number(&office, day, 1);
        assert_eq!(first, "XF990100-260803-0001");
        for typed in
            ["xf990100-260803-0001", "XF9901002608030001", " ＸＦ990100 260803 0001 ", "XF990100—260803—0001"]
        {
            assert_eq!(read(typed).as_deref(), Some(first.as_str()), "{typed}");
        }
        assert_eq!(read(&number(&office, day, 123_456)).as_deref(), Some("XF990100-260803-123456"));
        for bad in [
            "",
            "XF",
            "XF990100-260803-001",
            "AB990100-260803-0001",
            "XF990100-26O803-0001",
            &"X".repeat(500),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_office_of_a_township_numbers_by_its_county() {
        let office: RegionCode = "990102003".parse().expect("region");
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).expect("date");
        assert_eq!(number(&office, day, 7), "XF990102-261231-0007");
        assert_eq!(series(day), "number-261231");
    }
}
