//! Dates that a person states: never in the future, never before what must come first.

use chrono::NaiveDate;
use kernel::Refusal;

use crate::error;

/// Checks a stated date against today and the day of the step before.
///
/// # Errors
/// `step_in_future`, `step_too_early`.
pub fn within(
    stated: NaiveDate,
    earliest: NaiveDate,
    today: NaiveDate,
    field: &str,
) -> Result<NaiveDate, Refusal> {
    if stated > today {
        return Err(error::DATE_IN_FUTURE.refuse().at(field).with("today", today));
    }
    if stated < earliest {
        return Err(error::DATE_TOO_EARLY.refuse().at(field).with("earliest", earliest));
    }
    Ok(stated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_lies_between_the_step_before_and_today() {
        let day = |d: u32| NaiveDate::from_ymd_opt(2026, 8, d).expect("date");
        for good in 3..=6 {
            assert_eq!(within(day(good), day(3), day(6), "on"), Ok(day(good)));
        }
        assert_eq!(within(day(7), day(3), day(6), "on").expect_err("future").code, "step_in_future");
        let early = within(day(2), day(3), day(6), "on").expect_err("early");
        assert_eq!((early.code.as_ref(), early.field.as_deref()), ("step_too_early", Some("on")));
    }
}
