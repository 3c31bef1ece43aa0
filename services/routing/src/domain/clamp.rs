//! A date that an agency states is kept, and used within what the office itself saw.

use chrono::NaiveDate;

/// The day as used: the stated one, within [sent, received by the office] (architecture.md section 5).
#[must_use]
pub fn clamp(stated: NaiveDate, sent_on: NaiveDate, received_on: NaiveDate) -> NaiveDate {
    stated.clamp(sent_on, received_on.max(sent_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_date_cannot_leave_what_the_office_saw() {
        let day = |d: u32| NaiveDate::from_ymd_opt(2026, 8, d).expect("date");
        assert_eq!(clamp(day(5), day(4), day(6)), day(5));
        assert_eq!(clamp(day(1), day(4), day(6)), day(4));
        assert_eq!(clamp(day(9), day(4), day(6)), day(6));
        assert_eq!(clamp(day(9), day(4), day(3)), day(4));
    }
}
