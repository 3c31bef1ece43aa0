//! Limits as people need them: how many days are left, and the whole working on request.

use serde::Serialize;

/// A running limit, short.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Due {
    /// `T01` … `T21` (texts `rule-*`).
    pub rule: String,
    /// Whose duty: `office`, `agency` or `petitioner` (texts `duty-*`).
    pub duty_of: String,
    /// The article, e.g. 《信访工作条例》第二十三条.
    pub article: String,
    /// The first day of the limit is the day after this one (ISO).
    pub started_on: String,
    /// Length.
    pub days: u32,
    /// `N` natural days, `W` working days (texts `unit-*`).
    pub unit: String,
    /// Without rolling forward (ISO); alarms and order use it.
    pub nominal_on: String,
    /// Rolled forward over rest days (ISO); a breach uses it.
    pub legal_on: String,
    /// The legal date lies beyond the published calendar.
    pub provisional: bool,
    /// Days from today to the nominal date; negative when past.
    pub nominal_in_days: i64,
    /// Days from today to the legal date; negative when overdue.
    pub legal_in_days: i64,
    /// `overdue`, `today`, `three_days`, `week` or `later` (texts `bucket-*`).
    pub bucket: String,
}

/// How a date was worked out, step by step.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Working {
    /// The limit.
    pub due: Due,
    /// The event that started it (texts `start-*`): `received`, `delivered`, `accepted` …
    pub start_event: String,
    /// `running`, `met`, `met_late`, `missed` or `ended` (texts `working-state-*`).
    pub state: String,
    /// The day its duty was done (ISO).
    pub met_on: Option<String>,
    /// The start was deemed, not recorded (domain.md 1.5, trap d).
    pub deemed: bool,
    /// The first day counted (ISO).
    pub first_day_on: String,
    /// Rest days met on the way that mattered.
    pub rest_days: Vec<RestDays>,
    /// Weekend days that are working days by notice (ISO).
    pub make_up_days: Vec<String>,
    /// An extension, once.
    pub extension: Option<Extension>,
    /// Days excluded (hearing in a re-review).
    pub paused_days: u32,
}

/// A run of rest days.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RestDays {
    /// The feast's name, or `None` for a plain weekend.
    pub name: Option<String>,
    /// First day (ISO).
    pub from: String,
    /// Last day (ISO).
    pub to: String,
}

/// A prolongation under article 34.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Extension {
    /// Days added.
    pub days: u32,
    /// The day it was granted by the head of the unit (ISO).
    pub approved_on: Option<String>,
    /// The nominal date before (ISO).
    pub old_nominal_on: String,
    /// The legal date before (ISO).
    pub old_legal_on: String,
}
