//! The dates of the law, as routing needs them.

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
    /// One limit from its start.
    ///
    /// # Errors
    /// When the profile has no number for the rule on that day.
    pub fn due(&self, rule: RuleId, start_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        calendar::due(rule, start_on, &self.profile, &self.calendar)
    }

    /// T05: the limit that the office named in a 交办函 (Art. 22), in days from delivery.
    ///
    /// # Errors
    /// When the profile does not know T05 on that day.
    pub fn named(&self, start_on: NaiveDate, limit_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        let days = u32::try_from((limit_on - start_on).num_days().max(0)).unwrap_or(0);
        let named = calendar::Limit { days, unit: calendar::Unit::Natural };
        let terms = calendar::Terms { named: Some(named), ..calendar::Terms::default() };
        calendar::due_with(RuleId::T05, start_on, &terms, &self.profile, &self.calendar)
    }
}
