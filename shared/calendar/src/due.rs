//! A due date: what events and pages carry, complete enough to be reckoned again and to explain itself.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Calendar, CalendarUnknown, Limit, LimitRefused, MOST_DAYS, Pause, Profile, Reckoning, RuleId, Tier, Unit,
    catalogue::{Duty, Shape},
    limit::{self, BadLimit},
};

/// 延期: a granted extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extension {
    /// Days added, of the limit's own unit.
    pub days: u32,
    /// The day it was granted; it must lie within the limit that it lengthens.
    pub granted_on: NaiveDate,
}

/// What a single case adds to the rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terms {
    /// The limit that the assigner named (T05 alone).
    #[serde(default)]
    pub named: Option<Limit>,
    /// The tier of the petition department, where it is not the profile's own (T01a alone).
    #[serde(default)]
    pub tier: Option<Tier>,
    /// Days that are not counted.
    #[serde(default)]
    pub pauses: Vec<Pause>,
    /// The extension.
    #[serde(default)]
    pub extension: Option<Extension>,
}

/// 到期日: the end of a limit, with what it was reckoned from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueDate {
    /// The rule.
    pub rule: RuleId,
    /// The start, which is not counted (T17: the day of the hearing).
    pub start_on: NaiveDate,
    /// 期满日: alarms and ordering of an agency's duty use it.
    pub nominal_on: NaiveDate,
    /// 法定截止日: rolled to a working day; a breach and a petitioner's right are measured by it.
    pub legal_on: NaiveDate,
    /// The calendar of a needed year is unknown: `legal_on` is the earliest it can be, never a breach.
    pub provisional: bool,
    /// Days of the rule, without the extension.
    pub days: u32,
    /// Which days.
    pub unit: Unit,
    /// Days added by the extension, 0 without.
    pub extended_days: u32,
    /// The version of the profile that gave the days.
    pub profile_version: String,
    /// Days that are not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
}

/// The due date of a rule without pauses or extension.
///
/// # Errors
/// When the rule has no number of days in force on that day.
pub fn due(
    rule: RuleId,
    start_on: NaiveDate,
    profile: &Profile,
    calendar: &Calendar,
) -> Result<DueDate, LimitRefused> {
    due_with(rule, start_on, &Terms::default(), profile, calendar)
}

/// The due date of a rule with what the case adds.
///
/// # Errors
/// When the rule has no number of days in force, or the terms do not fit it.
pub fn due_with(
    rule: RuleId,
    start_on: NaiveDate,
    terms: &Terms,
    profile: &Profile,
    calendar: &Calendar,
) -> Result<DueDate, LimitRefused> {
    let numbers = profile.terms(rule, start_on)?;
    let shape = rule.def().shape;
    if terms.named.is_some() && shape != Shape::Named {
        return Err(LimitRefused::LimitNotNameable { rule });
    }
    let limit = match shape {
        Shape::After | Shape::AfterByTier | Shape::Before => {
            numbers.limit(terms.tier.unwrap_or(profile.tier())).ok_or(LimitRefused::NoDays { rule })?
        }
        Shape::Named => terms.named.ok_or(LimitRefused::LimitNotNamed { rule })?,
        Shape::Yearly => Limit { days: days_left_in_year(start_on), unit: Unit::Natural },
        Shape::Promptly | Shape::Bar => return Err(LimitRefused::NoDays { rule }),
    };
    if let Some(pause) = terms.pauses.iter().find(|p| !numbers.pauses.contains(&p.reason)) {
        return Err(LimitRefused::PauseNotAllowed { rule, reason: pause.reason });
    }
    let blank = DueDate {
        rule,
        start_on,
        nominal_on: start_on,
        legal_on: start_on,
        provisional: false,
        days: limit.days,
        unit: limit.unit,
        extended_days: 0,
        profile_version: profile.version().to_owned(),
        pauses: terms.pauses.clone(),
    };
    let due = blank.settle(calendar)?;
    match terms.extension {
        Some(extension) => due.extended(extension, profile, calendar),
        None => Ok(due),
    }
}

impl DueDate {
    /// The date with the extension: once, within the profile's cap, and granted while the limit ran.
    ///
    /// # Errors
    /// When one of these does not hold.
    pub fn extended(
        &self,
        extension: Extension,
        profile: &Profile,
        calendar: &Calendar,
    ) -> Result<Self, LimitRefused> {
        let rule = self.rule;
        let most = profile.terms(rule, self.start_on)?.extension_days;
        if most == 0 {
            return Err(LimitRefused::NotExtendable { rule });
        }
        if self.extended_days > 0 {
            return Err(LimitRefused::SecondExtension { rule, extended_days: self.extended_days });
        }
        if extension.days == 0 || extension.days > most {
            return Err(LimitRefused::ExtensionOutOfBounds { rule, asked: extension.days, most });
        }
        // While the legal date is provisional nobody can say that the grant came too late.
        let late = extension.granted_on > self.legal_on && !self.provisional;
        if late || extension.granted_on < self.start_on {
            return Err(LimitRefused::ExtensionOutOfTime {
                rule,
                granted_on: extension.granted_on,
                start_on: self.start_on,
                legal_on: self.legal_on,
            });
        }
        Self { extended_days: extension.days, ..self.clone() }.settle(calendar)
    }

    /// The date with one more pause.
    ///
    /// # Errors
    /// When the rule does not pause for this reason, or the pause makes no sense.
    pub fn paused(&self, pause: Pause, profile: &Profile, calendar: &Calendar) -> Result<Self, LimitRefused> {
        let rule = self.rule;
        if !profile.terms(rule, self.start_on)?.pauses.contains(&pause.reason) {
            return Err(LimitRefused::PauseNotAllowed { rule, reason: pause.reason });
        }
        let mut paused = self.clone();
        paused.pauses.push(pause);
        paused.settle(calendar)
    }

    /// The same limit on the calendar known now: what was provisional may have become firm.
    ///
    /// # Errors
    /// When the stored numbers make no sense.
    pub fn refreshed(&self, calendar: &Calendar) -> Result<Self, LimitRefused> {
        self.clone().settle(calendar)
    }

    /// The years that would make it firm, on the calendar known now.
    ///
    /// # Errors
    /// When the stored numbers make no sense.
    pub fn missing_years(&self, calendar: &Calendar) -> Result<Vec<CalendarUnknown>, LimitRefused> {
        Ok(self.reckon(calendar)?.missing)
    }

    /// Whether the limit has run out on a day. A provisional date never has.
    #[must_use]
    pub fn is_breached(&self, today: NaiveDate) -> bool {
        !self.provisional && today > self.legal_on
    }

    /// The date that alarms and ordering use: the nominal one of a duty, the rolled one of a petitioner's
    /// right.
    #[must_use]
    pub fn alarm_on(&self) -> NaiveDate {
        match self.rule.def().duty {
            Duty::Petitioner => self.legal_on,
            Duty::PetitionDepartment
            | Duty::Agency
            | Duty::ReviewingUnit
            | Duty::RereviewingUnit
            | Duty::ProposalAddressee
            | Duty::EveryUnit => self.nominal_on,
        }
    }

    /// Days of the rule and of the extension together.
    #[must_use]
    pub const fn total_days(&self) -> u32 {
        self.days.saturating_add(self.extended_days)
    }

    pub(crate) fn reckon(&self, calendar: &Calendar) -> Result<Reckoning, LimitRefused> {
        // The stored numbers come from an event: each part is bounded before the sum is.
        if self.days > MOST_DAYS || self.extended_days > MOST_DAYS {
            return Err(BadLimit::TooLong(self.days.max(self.extended_days)).into());
        }
        let limit = Limit { days: self.total_days(), unit: self.unit };
        match self.rule.def().shape {
            Shape::Before => Ok(limit::reckon_before(self.start_on, limit, calendar)?),
            // "Each year" is no limit of days: it ends with the year and is not rolled [D].
            Shape::Yearly => {
                let mut end = limit::reckon(self.start_on, limit, &[], &Calendar::default())?;
                end.legal_on = end.nominal_on;
                Ok(Reckoning { provisional: false, missing: Vec::new(), ..end })
            }
            Shape::After | Shape::AfterByTier | Shape::Named | Shape::Promptly | Shape::Bar => {
                Ok(limit::reckon(self.start_on, limit, &self.pauses, calendar)?)
            }
        }
    }

    fn settle(mut self, calendar: &Calendar) -> Result<Self, LimitRefused> {
        let end = self.reckon(calendar)?;
        self.nominal_on = end.nominal_on;
        self.legal_on = end.legal_on;
        self.provisional = end.provisional;
        Ok(self)
    }
}

/// The years that a set of due dates waits for: one alarm per year, however many dates need it.
///
/// # Errors
/// When the stored numbers of a date make no sense.
pub fn missing_years<'a>(
    dates: impl IntoIterator<Item = &'a DueDate>,
    calendar: &Calendar,
) -> Result<BTreeSet<CalendarUnknown>, LimitRefused> {
    let mut years = BTreeSet::new();
    for date in dates {
        years.extend(date.missing_years(calendar)?);
    }
    Ok(years)
}

fn days_left_in_year(on: NaiveDate) -> u32 {
    let end = NaiveDate::from_ymd_opt(on.year(), 12, 31).unwrap_or(on);
    (end.to_epoch_days() - on.to_epoch_days()).unsigned_abs()
}
