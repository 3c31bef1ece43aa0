//! The dates of the law, as intake needs them.

use calendar::{Calendar, DueDate, LimitRefused, Profile, RuleId};
use chrono::NaiveDate;

/// The rules and the calendar that dates are worked out with.
#[derive(Clone, Debug)]
pub struct Limits {
    /// National base and locality.
    pub profile: Profile,
    /// Working days.
    pub calendar: Calendar,
}

impl Limits {
    /// T01: by when a submission must be sent on (Art. 22), from the day the office got it.
    ///
    /// # Errors
    /// When the profile has no number for the rule on that day.
    pub fn forward_by(&self, received_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        calendar::due(RuleId::T01, received_on, &self.profile, &self.calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_days_roll_to_a_working_day() {
        let limits = Limits { profile: Profile::national().expect("profile"), calendar: Calendar::shipped() };
        let due = limits.forward_by("2026-08-03".parse().expect("date")).expect("due");
        assert_eq!(
            (due.nominal_on.to_string(), due.legal_on.to_string()),
            ("2026-08-18".into(), "2026-08-18".into())
        );
        let over_the_holiday = limits.forward_by("2026-09-18".parse().expect("date")).expect("due");
        assert_eq!(over_the_holiday.nominal_on.to_string(), "2026-10-03");
        assert_eq!(over_the_holiday.legal_on.to_string(), "2026-10-08");
    }
}
