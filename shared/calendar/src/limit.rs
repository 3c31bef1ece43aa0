//! 期限: limit arithmetic. The statute has no counting rule, so the civil-procedure rule is used
//! (民事诉讼法 2023, Art. 85; domain.md 1.5): the start day is not counted; a period whose last day is
//! a rest day ends on the first working day after it. Days of a pause (听证所需时间) are not counted.

use std::{fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Bound, Calendar, CalendarUnknown, days::civil, table::clip};

/// Days that one limit may have, a hundred years; more is a mistype.
pub const MOST_DAYS: u32 = 36_500;
/// Pauses that one limit may have.
pub const MOST_PAUSES: usize = 32;
/// Years in which a limit may start.
pub const START_YEARS: std::ops::RangeInclusive<i32> = 1949..=2200;

/// What kind of days a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 日: every civil day.
    Natural,
    /// 工作日: working days alone.
    Working,
}

impl Unit {
    /// The letter of the batch format: `N` or `W`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Natural => 'N',
            Self::Working => 'W',
        }
    }
}

/// The text names no unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither N (natural days) nor W (working days)")]
pub struct UnknownUnit(pub(crate) String);

impl FromStr for Unit {
    type Err = UnknownUnit;
    fn from_str(text: &str) -> Result<Self, UnknownUnit> {
        match text {
            "N" | "n" | "natural" => Ok(Self::Natural),
            "W" | "w" | "working" => Ok(Self::Working),
            other => Err(UnknownUnit(clip(other))),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

/// So many days of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// How many.
    pub days: u32,
    /// Of which kind.
    pub unit: Unit,
}

/// Why days are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// 听证: by statute only in a re-review (Art. 36).
    Hearing,
    /// 鉴定: only where local rules say so.
    Appraisal,
    /// 勘验: only where local rules say so.
    SiteInspection,
    /// 中止: only where the profile says so.
    Suspension,
}

/// Days that are not counted, both ends included. While a hearing is still running its caller gives
/// today as the end and reckons again tomorrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// First day not counted.
    pub from_on: NaiveDate,
    /// Last day not counted.
    pub to_on: NaiveDate,
}

/// Where a limit ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reckoning {
    /// 期满日: the last day counted. Alarms and ordering use it.
    pub nominal_on: NaiveDate,
    /// 法定截止日: the nominal date rolled to a working day. A breach is measured by it.
    pub legal_on: NaiveDate,
    /// The known calendar does not reach: the legal date (and, of a working-day limit, the nominal date)
    /// is the earliest that it can turn out to be. Never a breach until the year is loaded.
    pub provisional: bool,
    /// The years that would make it firm; one alarm each.
    pub missing: Vec<CalendarUnknown>,
}

/// The numbers given to the arithmetic make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLimit {
    /// More days than any limit has.
    #[error("{0} days: a limit has at most {MOST_DAYS}")]
    TooLong(u32),
    /// Start far outside anything the suite holds.
    #[error("the start {0} lies outside the years {first} to {last}", first = START_YEARS.start(), last = START_YEARS.end())]
    StartOutOfRange(NaiveDate),
    /// A pause that ends before it begins.
    #[error("a pause ends on {to_on}, before it begins on {from_on}")]
    PauseReversed {
        /// Its first day.
        from_on: NaiveDate,
        /// Its last day.
        to_on: NaiveDate,
    },
    /// A pause that lies outside anything the suite holds, or is longer than any limit.
    #[error("the pause {from_on} to {to_on} is out of range")]
    PauseOutOfRange {
        /// Its first day.
        from_on: NaiveDate,
        /// Its last day.
        to_on: NaiveDate,
    },
    /// More pauses than any limit has.
    #[error("{0} pauses: a limit has at most {MOST_PAUSES}")]
    TooManyPauses(usize),
}

/// Where a limit ends: start day not counted, paused days not counted, legal date rolled to the first
/// working day that is not paused. A limit of 0 days ends on the start day (T21).
///
/// # Errors
/// When the numbers make no sense; an unknown calendar is no error but `provisional`.
pub fn reckon(
    start_on: NaiveDate,
    limit: Limit,
    pauses: &[Pause],
    calendar: &Calendar,
) -> Result<Reckoning, BadLimit> {
    check(start_on, limit)?;
    let stops = merge(pauses)?;
    let mut missing = Vec::new();
    let nominal_on = last_counted(start_on, limit, &stops, calendar, &mut missing);
    let legal_on = roll(nominal_on, &stops, calendar, &mut missing);
    Ok(settle(nominal_on, legal_on, missing))
}

/// The last day on which something must be done that is owed so many days *before* an event (T17): the
/// day of the event is not counted, and a rest day rolls back, in favour of whoever must be told.
///
/// # Errors
/// When the numbers make no sense.
pub fn reckon_before(event_on: NaiveDate, limit: Limit, calendar: &Calendar) -> Result<Reckoning, BadLimit> {
    check(event_on, limit)?;
    let mut missing = Vec::new();
    let mut nominal_on = event_on;
    match limit.unit {
        Unit::Natural => nominal_on = civil(event_on.to_epoch_days() - signed(limit.days)),
        Unit::Working => {
            for _ in 0..limit.days {
                let bound = calendar.working_on_or_before(civil(nominal_on.to_epoch_days() - 1));
                nominal_on = take(bound, &mut missing);
            }
        }
    }
    let legal_on = take(calendar.working_on_or_before(nominal_on), &mut missing);
    Ok(settle(nominal_on, legal_on, missing))
}

fn check(start_on: NaiveDate, limit: Limit) -> Result<(), BadLimit> {
    if limit.days > MOST_DAYS {
        return Err(BadLimit::TooLong(limit.days));
    }
    if !START_YEARS.contains(&start_on.year()) {
        return Err(BadLimit::StartOutOfRange(start_on));
    }
    Ok(())
}

fn settle(nominal_on: NaiveDate, legal_on: NaiveDate, mut missing: Vec<CalendarUnknown>) -> Reckoning {
    missing.sort_unstable();
    missing.dedup();
    Reckoning { nominal_on, legal_on, provisional: !missing.is_empty(), missing }
}

/// A stretch of days that are not counted, by number from 1970-01-01, both ends included.
#[derive(Clone, Copy)]
pub(crate) struct Stop {
    pub(crate) from: i32,
    pub(crate) to: i32,
}

/// Joins overlapping and adjoining pauses, ascending.
pub(crate) fn merge(pauses: &[Pause]) -> Result<Vec<Stop>, BadLimit> {
    if pauses.len() > MOST_PAUSES {
        return Err(BadLimit::TooManyPauses(pauses.len()));
    }
    let mut stops = Vec::with_capacity(pauses.len());
    for &Pause { from_on, to_on, .. } in pauses {
        if to_on < from_on {
            return Err(BadLimit::PauseReversed { from_on, to_on });
        }
        let stop = Stop { from: from_on.to_epoch_days(), to: to_on.to_epoch_days() };
        if !START_YEARS.contains(&from_on.year()) || stop.to - stop.from > signed(MOST_DAYS) {
            return Err(BadLimit::PauseOutOfRange { from_on, to_on });
        }
        stops.push(stop);
    }
    stops.sort_unstable_by_key(|s| s.from);
    stops.dedup_by(|next, kept| {
        let joined = next.from <= kept.to + 1;
        if joined {
            kept.to = kept.to.max(next.to);
        }
        joined
    });
    Ok(stops)
}

/// The day on which the count is full, stepping from pause to pause.
fn last_counted(
    start_on: NaiveDate,
    limit: Limit,
    stops: &[Stop],
    calendar: &Calendar,
    missing: &mut Vec<CalendarUnknown>,
) -> NaiveDate {
    let (mut day, mut left) = (start_on.to_epoch_days(), limit.days);
    for stop in stops {
        if left == 0 || stop.to <= day {
            continue;
        }
        let free = match limit.unit {
            Unit::Natural => u32::try_from(stop.from - 1 - day).unwrap_or(0),
            Unit::Working => {
                let (free, unknown) = calendar.count_working(civil(day), civil(stop.from - 1));
                if free < left {
                    missing.extend(unknown);
                }
                free
            }
        };
        if free >= left {
            break;
        }
        left -= free;
        day = stop.to;
    }
    match limit.unit {
        Unit::Natural => civil(day + signed(left)),
        Unit::Working => take(calendar.nth_working_after(civil(day), left), missing),
    }
}

/// 顺延: the first working day on or after the nominal date that is not paused.
fn roll(
    nominal_on: NaiveDate,
    stops: &[Stop],
    calendar: &Calendar,
    missing: &mut Vec<CalendarUnknown>,
) -> NaiveDate {
    let mut legal_on = take(calendar.working_on_or_after(nominal_on), missing);
    for stop in stops {
        let day = legal_on.to_epoch_days();
        if stop.from <= day && day <= stop.to && stop.from > nominal_on.to_epoch_days() {
            legal_on = take(calendar.working_on_or_after(civil(stop.to + 1)), missing);
        }
    }
    legal_on
}

fn take(bound: Bound, missing: &mut Vec<CalendarUnknown>) -> NaiveDate {
    if !bound.missing.is_empty() {
        missing.extend(bound.missing);
    }
    bound.on
}

fn signed(days: u32) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}
