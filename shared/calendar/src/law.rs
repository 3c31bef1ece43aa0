//! What dates are worked out with: the numbers of the limits and the working days, in force together.

use chrono::NaiveDate;

use crate::{Calendar, DueDate, Extension, Limit, LimitRefused, Profile, RuleId, Terms, Unit, due, due_with};

/// The rules and the working days of a place.
#[derive(Clone, Debug)]
pub struct Law {
    /// National base and locality.
    pub profile: Profile,
    /// Working days.
    pub calendar: Calendar,
}

impl Law {
    /// The due date of a rule without pauses or extension.
    ///
    /// # Errors
    /// When the rule has no number of days in force on that day.
    pub fn due(&self, rule: RuleId, start_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        due(rule, start_on, &self.profile, &self.calendar)
    }

    /// 延期: a limit with days added, as the profile allows it (Art. 34).
    ///
    /// # Errors
    /// A second one, too long, or granted too late; or a limit that is not extended at all.
    pub fn extended(&self, due: &DueDate, days: u32, granted_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        due.extended(Extension { days, granted_on }, &self.profile, &self.calendar)
    }

    /// T05: the limit that the office named in a 交办函 (Art. 22), as natural days from its start.
    ///
    /// # Errors
    /// When the profile does not know T05 on that day, or the named day is out of range.
    pub fn named(&self, start_on: NaiveDate, limit_on: NaiveDate) -> Result<DueDate, LimitRefused> {
        let days = u32::try_from((limit_on - start_on).num_days().max(0)).unwrap_or(u32::MAX);
        let named = Some(Limit { days, unit: Unit::Natural });
        due_with(RuleId::T05, start_on, &Terms { named, ..Terms::default() }, &self.profile, &self.calendar)
    }
}
