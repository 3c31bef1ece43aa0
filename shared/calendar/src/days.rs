//! 工作日历: which civil days are worked, as the State Council's yearly notices arrange them.
//!
//! A year is *known* when its notice has been loaded. Outside the known years nothing is guessed: every
//! answer is a bound together with the [`CalendarUnknown`] years that would make it firm. Counting works
//! on a rank table per run of known years, so a limit of any length costs two look-ups per run.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use chrono::{Datelike, NaiveDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::{self, ArrangedDay, CalendarError, DayKind, YearTable};

/// The arrangement of a year is not known: nobody has loaded its notice yet. One alarm per year.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    thiserror::Error,
)]
#[error("the working-day calendar of {year} is unknown: load it with `lianxi calendar load`")]
pub struct CalendarUnknown {
    /// The civil year whose notice is missing.
    pub year: i32,
}

/// What a civil day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// An ordinary Monday to Friday.
    Working,
    /// 调休上班: a Saturday or Sunday that is worked, and for which holiday.
    MakeUp(&'a ArrangedDay),
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// 放假: a day off of a holiday.
    Holiday(&'a ArrangedDay),
    /// The year is not known.
    Unknown(CalendarUnknown),
}

impl Day<'_> {
    /// Whether the day is worked; `None` when its year is not known.
    #[must_use]
    pub const fn is_worked(self) -> Option<bool> {
        match self {
            Self::Working | Self::MakeUp(_) => Some(true),
            Self::Weekend | Self::Holiday(_) => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// A date that is firm when nothing is missing, and otherwise the earliest (looking back: the latest)
/// date it can turn out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The date.
    pub on: NaiveDate,
    /// The years that were needed and are not known, ascending.
    pub missing: Vec<CalendarUnknown>,
}

/// Consecutive known years, as ranks. Days are counted from 1970-01-01.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    /// First of January of the first year.
    first: i32,
    /// Last of December of the last year.
    last: i32,
    /// Every working day, ascending.
    worked: Vec<i32>,
    /// For each day of the run, how many working days there are up to and with it.
    rank: Vec<u32>,
}

/// The known years and the arithmetic over them. Cheap to share, costly (about a millisecond) to build.
///
/// A year can become known while the suite runs: [`Calendar::learn`] gives a calendar a successor, which every clone
/// of it answers with from then on. What was known before is kept, so that nothing borrowed of it goes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, YearTable>,
    arranged: BTreeMap<NaiveDate, ArrangedDay>,
    runs: Vec<Run>,
    next: Arc<OnceLock<Calendar>>,
}

impl Calendar {
    /// The years shipped with the suite (2016–2026). A table that could not be read would leave every
    /// year unknown, which shows as provisional dates and alarms, never as a wrong date; a test reads it.
    #[must_use]
    pub fn shipped() -> Self {
        let mut calendar = Self::default();
        match calendar.load_csv(table::SHIPPED) {
            Ok(_) => calendar,
            Err(_) => Self::default(),
        }
    }

    /// Loads years from CSV text `year,date,kind,name,notice` (see [`YearTable::read_csv`]), each
    /// replacing what was known of that year. All or nothing. Returns the years loaded.
    ///
    /// # Errors
    /// When a line is wrong (line and field are named) or a year is not a whole arrangement.
    pub fn load_csv(&mut self, text: &str) -> Result<Vec<i32>, CalendarError> {
        let tables = YearTable::read_csv(text)?;
        let years = tables.iter().map(YearTable::year).collect();
        *self = self.fork();
        for table in tables {
            self.years.insert(table.year(), table);
        }
        self.rebuild();
        Ok(years)
    }

    /// Loads years as [`Calendar::load_csv`] does, for this calendar and every clone of it at once. Says whether that
    /// changed anything.
    ///
    /// # Errors
    /// As [`Calendar::load_csv`]; then everything stays as it was.
    pub fn learn(&self, text: &str) -> Result<bool, CalendarError> {
        let mut fresh = self.now().clone();
        fresh.load_csv(text)?;
        if fresh.years == self.now().years {
            return Ok(false);
        }
        // Somebody else was first: then on behind what they learned.
        while let Err(back) = self.now().next.set(fresh) {
            fresh = self.now().clone();
            fresh.load_csv(text)?;
            drop(back);
        }
        Ok(true)
    }

    /// How often years were learned.
    #[must_use]
    pub fn generation(&self) -> usize {
        std::iter::successors(self.next.get(), |calendar| calendar.next.get()).count()
    }

    /// What is known now.
    fn now(&self) -> &Self {
        let mut at = self;
        while let Some(next) = at.next.get() {
            at = next;
        }
        at
    }

    /// What is known now, on its own from here on.
    fn fork(&self) -> Self {
        Self { next: Arc::default(), ..self.now().clone() }
    }

    /// This calendar with one more year (or that year replaced).
    #[must_use]
    pub fn with_year(mut self, table: YearTable) -> Self {
        self = self.fork();
        self.years.insert(table.year(), table);
        self.rebuild();
        self
    }

    /// This calendar without a year, as it was before the notice came out.
    #[must_use]
    pub fn without_year(mut self, year: i32) -> Self {
        self = self.fork();
        self.years.remove(&year);
        self.rebuild();
        self
    }

    /// The known years, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.now().years.keys().copied()
    }

    /// The table of a year, if known.
    #[must_use]
    pub fn year(&self, year: i32) -> Option<&YearTable> {
        self.now().years.get(&year)
    }

    /// What a civil day is.
    #[must_use]
    pub fn day(&self, on: NaiveDate) -> Day<'_> {
        let known = self.now();
        if !known.years.contains_key(&on.year()) {
            return Day::Unknown(CalendarUnknown { year: on.year() });
        }
        match known.arranged.get(&on) {
            Some(day) if day.kind == DayKind::Off => Day::Holiday(day),
            Some(day) => Day::MakeUp(day),
            None if is_weekend(on) => Day::Weekend,
            None => Day::Working,
        }
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// When its year is not known.
    pub fn is_working(&self, on: NaiveDate) -> Result<bool, CalendarUnknown> {
        self.day(on).is_worked().ok_or(CalendarUnknown { year: on.year() })
    }

    /// The arranged days (days off and make-up days) of known years, both ends included.
    pub fn arranged_between(&self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = &ArrangedDay> {
        let known = self.now();
        let range = (from <= to).then(|| known.arranged.range(from..=to));
        range.into_iter().flatten().map(|(_, day)| day).filter(|d| known.years.contains_key(&d.on.year()))
    }

    /// The `n`-th working day after a day (`n` = 0: the day itself). Days of unknown years count as if
    /// all were worked, so a provisional answer is never later than the true one.
    #[must_use]
    pub fn nth_working_after(&self, start: NaiveDate, n: u32) -> Bound {
        let mut missing = Vec::new();
        let (mut day, mut left) = (start.to_epoch_days(), n);
        while left > 0 {
            match self.stretch_after(day) {
                Stretch::Known(run) => {
                    let passed = run.rank_of(day);
                    let wanted = usize::try_from(passed + left - 1).unwrap_or(usize::MAX);
                    if let Some(&hit) = run.worked.get(wanted) {
                        return Bound { on: civil(hit), missing };
                    }
                    left -= run.total() - passed;
                    day = run.last;
                }
                Stretch::Unknown { last } => {
                    let length = (last - day).unsigned_abs();
                    let step = left.min(length);
                    let end = day + i32::try_from(step).unwrap_or(i32::MAX);
                    note_years(&mut missing, day + 1, end);
                    left -= step;
                    day = end;
                }
            }
        }
        Bound { on: civil(day), missing }
    }

    /// 顺延: the first working day on or after a day.
    #[must_use]
    pub fn working_on_or_after(&self, on: NaiveDate) -> Bound {
        self.nth_working_after(civil(on.to_epoch_days() - 1), 1)
    }

    /// The last working day on or before a day; in an unknown year the day itself, as the latest it can be.
    #[must_use]
    pub fn working_on_or_before(&self, on: NaiveDate) -> Bound {
        let day = on.to_epoch_days();
        let run = self.now().runs.iter().find(|r| r.holds(day));
        let hit = run.and_then(|r| {
            let rank = usize::try_from(r.rank_of(day)).unwrap_or(0);
            rank.checked_sub(1).and_then(|at| r.worked.get(at))
        });
        match (run, hit) {
            (Some(_), Some(&hit)) => Bound { on: civil(hit), missing: Vec::new() },
            (Some(run), None) => before_run(run.first),
            (None, _) => Bound { on, missing: vec![CalendarUnknown { year: on.year() }] },
        }
    }

    /// How many working days lie after one day up to and with another, days of unknown years counted as
    /// worked (at most so many), with the unknown years touched.
    #[must_use]
    pub fn count_working(&self, after: NaiveDate, through: NaiveDate) -> (u32, Vec<CalendarUnknown>) {
        let (mut day, end) = (after.to_epoch_days(), through.to_epoch_days());
        let (mut count, mut missing) = (0, Vec::new());
        while day < end {
            match self.stretch_after(day) {
                Stretch::Known(run) => {
                    let stop = run.last.min(end);
                    count += run.rank_of(stop) - run.rank_of(day);
                    day = stop;
                }
                Stretch::Unknown { last } => {
                    let stop = last.min(end);
                    note_years(&mut missing, day + 1, stop);
                    count += (stop - day).unsigned_abs();
                    day = stop;
                }
            }
        }
        (count, missing)
    }

    /// The run, or the unknown stretch, that begins with the day after `day` or holds it.
    fn stretch_after(&self, day: i32) -> Stretch<'_> {
        let next = day + 1;
        match self.now().runs.iter().find(|r| r.last >= next) {
            Some(run) if run.first <= next => Stretch::Known(run),
            Some(run) => Stretch::Unknown { last: run.first - 1 },
            None => Stretch::Unknown { last: i32::MAX },
        }
    }

    fn rebuild(&mut self) {
        // A later year's notice may arrange the last days of December and then has the last word.
        self.arranged = self.years.values().flat_map(YearTable::days).map(|d| (d.on, d.clone())).collect();
        let mut runs: Vec<Run> = Vec::new();
        for &year in self.years.keys() {
            let follows = runs.last().is_some_and(|r| civil(r.last).year() + 1 == year);
            let mut run = if follows { runs.pop().unwrap_or_default() } else { Run::default() };
            run.append_year(year, &self.arranged);
            runs.push(run);
        }
        self.runs = runs;
    }
}

enum Stretch<'a> {
    Known(&'a Run),
    Unknown { last: i32 },
}

impl Default for Run {
    fn default() -> Self {
        Self { first: i32::MAX, last: i32::MIN, worked: Vec::new(), rank: Vec::new() }
    }
}

impl Run {
    fn holds(&self, day: i32) -> bool {
        self.first <= day && day <= self.last
    }

    fn total(&self) -> u32 {
        self.rank.last().copied().unwrap_or(0)
    }

    /// Working days of the run up to and with a day (0 before it, all after it).
    fn rank_of(&self, day: i32) -> u32 {
        if day > self.last {
            return self.total();
        }
        let at = usize::try_from(i64::from(day) - i64::from(self.first));
        at.ok().and_then(|at| self.rank.get(at)).copied().unwrap_or(0)
    }

    fn append_year(&mut self, year: i32, arranged: &BTreeMap<NaiveDate, ArrangedDay>) {
        let days = NaiveDate::from_ymd_opt(year, 1, 1).into_iter().flat_map(|d| d.iter_days());
        let mut rank = self.total();
        for on in days.take_while(|d| d.year() == year) {
            let day = on.to_epoch_days();
            let worked = match arranged.get(&on).map(|d| d.kind) {
                Some(DayKind::Off) => false,
                Some(DayKind::Work) => true,
                None => !is_weekend(on),
            };
            if worked {
                rank += 1;
                self.worked.push(day);
            }
            self.rank.push(rank);
            self.first = self.first.min(day);
            self.last = self.last.max(day);
        }
    }
}

/// The known days before the first working day of a run lead into a year that is not known.
fn before_run(first: i32) -> Bound {
    let on = civil(first - 1);
    Bound { on, missing: vec![CalendarUnknown { year: on.year() }] }
}

fn note_years(missing: &mut Vec<CalendarUnknown>, from: i32, to: i32) {
    for year in civil(from).year()..=civil(to).year() {
        let unknown = CalendarUnknown { year };
        if missing.last() != Some(&unknown) {
            missing.push(unknown);
        }
    }
}

/// The civil day with this number from 1970-01-01; the crate's bounds keep it far inside chrono's range.
pub(crate) fn civil(day: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(day).unwrap_or(NaiveDate::MAX)
}

fn is_weekend(on: NaiveDate) -> bool {
    matches!(on.weekday(), Weekday::Sat | Weekday::Sun)
}
