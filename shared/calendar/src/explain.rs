//! 时限说明: the working of a due date — start, rule, article, days counted, holidays met, pauses,
//! extension, nominal and legal date — as data. [`crate::prose`] makes it readable.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Calendar, Day, DayKind, DueDate, Duty, LimitRefused, PauseReason, Profile, RuleId, Standing, Terms, Unit,
    Words, catalogue::Shape, days::civil, due_with, limit,
};

/// Consecutive days off of one holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HolidayMet {
    /// Its name.
    pub name: Words,
    /// First day off that was met.
    pub from_on: NaiveDate,
    /// Last day off that was met.
    pub to_on: NaiveDate,
    /// The number of the notice that gives it.
    pub notice: String,
}

/// 调休上班: a Saturday or Sunday that is worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MakeUpMet {
    /// The day.
    pub on: NaiveDate,
    /// The holiday it makes up for.
    pub name: Words,
    /// The number of the notice that gives it.
    pub notice: String,
}

/// A pause, with what it took out of the count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PauseMet {
    /// Why.
    pub reason: PauseReason,
    /// First day not counted.
    pub from_on: NaiveDate,
    /// Last day not counted.
    pub to_on: NaiveDate,
}

/// What kind of day a date is, as far as known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DayNote {
    /// 工作日.
    Working,
    /// 调休上班.
    MakeUp {
        /// The holiday it makes up for.
        name: Words,
    },
    /// 周末.
    Weekend,
    /// 放假.
    Holiday {
        /// The holiday.
        name: Words,
    },
    /// The calendar of its year is not known.
    Unknown,
}

/// The working of a due date. Complete: everything a page or a letter shows stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: Words,
    /// Whose duty it is.
    pub duty: Duty,
    /// How the end follows from the start.
    pub shape: Shape,
    /// The law; its Chinese title stands in 《》.
    pub law: Words,
    /// The article (`Art. 34`); empty where a number rests on no article.
    pub article: String,
    /// The words of the article, in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article_text: Option<String>,
    /// How firm the number stands.
    pub standing: Standing,
    /// From which event the limit runs.
    pub start_event: Words,
    /// Which event ends it.
    pub stop_event: Words,
    /// The start, not counted.
    pub start_on: NaiveDate,
    /// The first day counted; none when nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_counted_on: Option<NaiveDate>,
    /// Days of the rule.
    pub days: u32,
    /// Which days.
    pub unit: Unit,
    /// Days added by the extension.
    pub extended_days: u32,
    /// Days counted in all.
    pub counted_days: u32,
    /// Days not counted.
    pub pauses: Vec<PauseMet>,
    /// Civil days that the pauses took out of the count.
    pub paused_days: u32,
    /// Days off met between the start and the legal date.
    pub holidays: Vec<HolidayMet>,
    /// Make-up working days met.
    pub make_up_days: Vec<MakeUpMet>,
    /// The last day counted.
    pub nominal_on: NaiveDate,
    /// What kind of day that is.
    pub nominal_day: DayNote,
    /// The date that binds.
    pub legal_on: NaiveDate,
    /// Days from the nominal to the legal date.
    pub rolled_days: u32,
    /// The legal date may still move (see [`DueDate::provisional`]).
    pub provisional: bool,
    /// The years whose calendar is missing.
    pub missing_years: Vec<i32>,
    /// The version of the profile that gave the days.
    pub profile_version: String,
}

/// The working of the due date of a rule.
///
/// # Errors
/// As [`due_with`].
pub fn explain(
    rule: RuleId,
    start_on: NaiveDate,
    terms: &Terms,
    profile: &Profile,
    calendar: &Calendar,
) -> Result<Explanation, LimitRefused> {
    due_with(rule, start_on, terms, profile, calendar)?.explain(profile, calendar)
}

impl DueDate {
    /// Its working, from the numbers it carries, on the calendar known now. Law and article are those that
    /// the profile has for its start; a profile that has none any more leaves the catalogue's article.
    ///
    /// # Errors
    /// When the stored numbers make no sense.
    pub fn explain(&self, profile: &Profile, calendar: &Calendar) -> Result<Explanation, LimitRefused> {
        let def = self.rule.def();
        let end = self.reckon(calendar)?;
        let numbers = profile.terms(self.rule, self.start_on).ok();
        let law = numbers.and_then(|n| profile.law(&n.law)).cloned();
        let (from, to) = span(self.start_on, end.nominal_on, end.legal_on);
        let (holidays, make_up_days) = met(calendar, from, to);
        let counted_days = self.total_days();
        let step = if def.shape == Shape::Before { -1 } else { 1 };
        Ok(Explanation {
            rule: self.rule,
            name: def.words(),
            duty: def.duty,
            shape: def.shape,
            law: law.unwrap_or_else(|| Words::new("《信访工作条例》", "Regulations on Petition Work (2022)")),
            article: numbers.map_or(def.article, |n| &n.article).to_owned(),
            article_text: numbers.and_then(|n| n.text.clone()),
            standing: numbers.map_or(Standing::Config, |n| n.standing),
            start_event: def.start_words(),
            stop_event: def.stop_words(),
            start_on: self.start_on,
            first_counted_on: (counted_days > 0).then(|| civil(self.start_on.to_epoch_days() + step)),
            days: self.days,
            unit: self.unit,
            extended_days: self.extended_days,
            counted_days,
            pauses: self
                .pauses
                .iter()
                .map(|p| PauseMet { reason: p.reason, from_on: p.from_on, to_on: p.to_on })
                .collect(),
            paused_days: self.paused_days(end.nominal_on)?,
            holidays,
            make_up_days,
            nominal_on: end.nominal_on,
            nominal_day: note(calendar, end.nominal_on),
            legal_on: end.legal_on,
            rolled_days: (end.legal_on - end.nominal_on).num_days().unsigned_abs().try_into().unwrap_or(0),
            provisional: end.provisional,
            missing_years: end.missing.iter().map(|m| m.year).collect(),
            profile_version: self.profile_version.clone(),
        })
    }

    /// Civil days after the start up to the nominal date that fall into pauses.
    fn paused_days(&self, nominal_on: NaiveDate) -> Result<u32, LimitRefused> {
        let (first, last) = (self.start_on.to_epoch_days() + 1, nominal_on.to_epoch_days());
        let stops = limit::merge(&self.pauses)?;
        let inside = stops.iter().map(|s| (s.to.min(last) - s.from.max(first) + 1).max(0).unsigned_abs());
        Ok(inside.sum())
    }
}

/// The days looked at: all but the start, up to the later of both ends (looking back: from the earlier).
fn span(start_on: NaiveDate, nominal_on: NaiveDate, legal_on: NaiveDate) -> (NaiveDate, NaiveDate) {
    if legal_on < start_on || nominal_on < start_on {
        (nominal_on.min(legal_on), civil(start_on.to_epoch_days() - 1))
    } else {
        (civil(start_on.to_epoch_days() + 1), nominal_on.max(legal_on))
    }
}

fn met(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> (Vec<HolidayMet>, Vec<MakeUpMet>) {
    let (mut holidays, mut make_up_days) = (Vec::<HolidayMet>::new(), Vec::new());
    for day in calendar.arranged_between(from, to) {
        let name = Words::new(&day.name, day.name_en());
        let notice = day.notice.to_string();
        match (day.kind, holidays.last_mut()) {
            (DayKind::Work, _) => make_up_days.push(MakeUpMet { on: day.on, name, notice }),
            (DayKind::Off, Some(last))
                if last.name == name && last.notice == notice && last.to_on.succ_opt() == Some(day.on) =>
            {
                last.to_on = day.on;
            }
            (DayKind::Off, _) => {
                holidays.push(HolidayMet { name, from_on: day.on, to_on: day.on, notice });
            }
        }
    }
    (holidays, make_up_days)
}

fn note(calendar: &Calendar, on: NaiveDate) -> DayNote {
    match calendar.day(on) {
        Day::Working => DayNote::Working,
        Day::MakeUp(day) => DayNote::MakeUp { name: Words::new(&day.name, day.name_en()) },
        Day::Weekend => DayNote::Weekend,
        Day::Holiday(day) => DayNote::Holiday { name: Words::new(&day.name, day.name_en()) },
        Day::Unknown(_) => DayNote::Unknown,
    }
}
