//! Working days, limit arithmetic and the catalogue of limits T01–T21. Pure: no clock, no file, no
//! network; text comes in as strings, dates go out.
//!
//! - [`Calendar`]: the State Council's yearly arrangements, 2016–2026 shipped, later years loaded at run
//!   time. Beyond them nothing is guessed: a date is `provisional`, the earliest it can be, and names the
//!   [`CalendarUnknown`] years that would make it firm.
//! - [`Profile`]: the numbers of the limits as data, each with law, article and validity.
//! - [`due`], [`DueDate`]: the end of a limit as events and pages carry it; [`DueDate::extended`],
//!   [`DueDate::paused`], [`DueDate::refreshed`].
//! - [`Law`]: the two together, as services hold them.
//! - [`explain()`], [`DueDate::explain`]: its working, as data ([`Explanation`]) and as text
//!   ([`Explanation::text`]).
//! - [`cli`]: `lianxi calendar explain` and `lianxi calendar batch`, strings in and strings out.
//!
//! A new rule: variant in `rule.rs`, row in `catalogue.rs`, numbers in `profiles/national.toml`, dates
//! worked by hand over a holiday in `vectors/rules.csv`; the tests name whatever is left out.

mod batch;
mod catalogue;
pub mod cli;
mod days;
mod due;
mod error;
mod explain;
mod law;
mod limit;
mod profile;
mod prose;
mod rule;
mod table;

pub use batch::{BatchError, BatchReport, batch};
pub use catalogue::{Duty, RuleDef, Shape};
pub use days::{Bound, Calendar, CalendarUnknown, Day};
pub use due::{DueDate, Extension, Terms, due, due_with, missing_years};
pub use error::{ALL as REFUSALS, LimitRefused};
pub use explain::{DayNote, Explanation, HolidayMet, MakeUpMet, PauseMet, explain};
pub use law::Law;
pub use limit::{
    BadLimit, Limit, MOST_DAYS, MOST_PAUSES, Pause, PauseReason, Reckoning, START_YEARS, Unit, UnknownUnit,
    reckon, reckon_before,
};
pub use profile::{DisputeStep, Profile, ProfileError, RuleTerms, Standing, Tier, TierDays};
pub use rule::{Lang, RuleId, UnknownLang, UnknownRule, Words};
pub use table::{ArrangedDay, CalendarError, DayKind, YearTable};
