//! Limits as pages show them.

use calendar::{DayNote, Explanation, Lang, RuleId, Unit};
use chrono::NaiveDate;
use contracts::{Due as DueDate, routing::commands::MatterView};
use web::Language;
pub use web::citation::{basis, ground};

use crate::{
    board::list::Bucket,
    door::Site,
    views::due::{Due, Extension, RestDays, Working},
};

fn lang(language: Language) -> Lang {
    if language.is_english() { Lang::En } else { Lang::Zh }
}

/// A limit, short.
pub fn due(site: &Site, language: Language, due: &DueDate) -> Due {
    let explained = due.explain(&site.deps.policy, &site.deps.calendar).ok();
    let article = explained.map(|e| basis(language, e.law.get(lang(language)), &e.article));
    let today = site.today();
    Due {
        rule: due.rule.to_string(),
        duty_of: duty(due.rule).to_owned(),
        article: article.unwrap_or_default(),
        started_on: due.start_on.to_string(),
        days: due.total_days(),
        unit: unit(due.unit).to_owned(),
        nominal_on: due.nominal_on.to_string(),
        legal_on: due.legal_on.to_string(),
        provisional: due.provisional,
        nominal_in_days: (due.nominal_on - today).num_days(),
        legal_in_days: (due.legal_on - today).num_days(),
        bucket: Bucket::of(due.nominal_on, due.legal_on, due.provisional, today).code().to_owned(),
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Natural => "N",
        Unit::Working => "W",
    }
}

fn duty(rule: RuleId) -> &'static str {
    match rule.def().duty {
        calendar::Duty::PetitionDepartment => "office",
        calendar::Duty::Petitioner => "petitioner",
        calendar::Duty::Agency
        | calendar::Duty::ReviewingUnit
        | calendar::Duty::RereviewingUnit
        | calendar::Duty::ProposalAddressee
        | calendar::Duty::EveryUnit => "agency",
    }
}

/// What became of a limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Course {
    /// The day its duty was done.
    pub met_on: Option<NaiveDate>,
    /// Nobody owes it any more.
    pub ended: bool,
    /// The day it was lengthened.
    pub extended_on: Option<NaiveDate>,
}

/// The extension of a limit with the dates it had before (Art. 34).
fn extension(site: &Site, limit: &DueDate, extended_on: Option<NaiveDate>) -> Option<Extension> {
    if limit.extended_days == 0 {
        return None;
    }
    let before = DueDate { extended_days: 0, ..limit.clone() }.refreshed(&site.deps.calendar).ok()?;
    Some(Extension {
        days: limit.extended_days,
        approved_on: extended_on.map(|on| on.to_string()),
        old_nominal_on: before.nominal_on.to_string(),
        old_legal_on: before.legal_on.to_string(),
    })
}

/// How a limit was worked out, and whether its duty was done.
pub fn working(site: &Site, language: Language, limit: &DueDate, course: Course) -> Option<Working> {
    let Course { met_on, ended, extended_on } = course;
    let explained = limit.explain(&site.deps.policy, &site.deps.calendar).ok()?;
    let today = site.today();
    let state = match met_on {
        Some(on) if on > limit.legal_on && !limit.provisional => "met_late",
        Some(_) => "met",
        None if ended => "ended",
        None if limit.is_breached(today) => "missed",
        None => "running",
    };
    let make_up =
        explained.make_up_days.iter().filter(|_| limit.unit == Unit::Working).map(|d| d.on.to_string());
    Some(Working {
        due: due(site, language, limit),
        start_event: start(limit.rule).to_owned(),
        state: if state == "missed" { "running" } else { state }.to_owned(),
        met_on: met_on.map(|on| on.to_string()),
        deemed: false,
        first_day_on: explained.first_counted_on.unwrap_or(limit.start_on).to_string(),
        rest_days: rest_days(&explained, language),
        make_up_days: make_up.collect(),
        extension: extension(site, limit, extended_on),
        paused_days: explained.paused_days,
    })
}

fn start(rule: RuleId) -> &'static str {
    match rule {
        RuleId::T03 | RuleId::T04 => "delivered",
        RuleId::T05 => "assigned",
        RuleId::T06 => "accepted",
        RuleId::T07 => "served",
        _ => "received",
    }
}

/// Days off that mattered: in working days those that were not counted, in natural days the run that the
/// end was rolled over.
fn rest_days(explained: &Explanation, language: Language) -> Vec<RestDays> {
    let lang = lang(language);
    if explained.unit == Unit::Working {
        let days = explained.holidays.iter().map(|holiday| RestDays {
            name: Some(holiday.name.get(lang).to_owned()),
            from: holiday.from_on.to_string(),
            to: holiday.to_on.to_string(),
        });
        return days.collect();
    }
    let name = match &explained.nominal_day {
        DayNote::Holiday { name } => Some(name.get(lang).to_owned()),
        DayNote::Weekend => None,
        DayNote::Working | DayNote::MakeUp { .. } | DayNote::Unknown => return Vec::new(),
    };
    let last = explained.legal_on.pred_opt().unwrap_or(explained.legal_on);
    vec![RestDays { name, from: explained.nominal_on.to_string(), to: last.to_string() }]
}

/// Every limit of a matter with its working: the newest assignment's first, the office's own last.
pub fn workings(site: &Site, language: Language, view: &MatterView) -> Vec<Working> {
    let mut workings = Vec::new();
    for assignment in view.assignments.iter().rev() {
        let day = |state: &str| assignment.days.get(state).copied();
        let ended = ["recalled", "closed", "returned", "answered"].iter().any(|s| day(s).is_some());
        for limit in &assignment.dues {
            let met_on = match limit.rule {
                RuleId::T03 => day("accepted").or_else(|| day("closed")),
                RuleId::T05 => day("closed").or_else(|| day("answered")),
                RuleId::T06 => day("opinion_issued"),
                _ => None,
            };
            // The right to object lapses with the acceptance.
            let ended =
                ended && limit.rule != RuleId::T07 || limit.rule == RuleId::T04 && day("accepted").is_some();
            let deemed = limit.rule == RuleId::T06 && day("deemed_accepted").is_some();
            let course = Course { met_on, ended, extended_on: day("extended") };
            let worked = working(site, language, limit, course);
            workings.extend(worked.map(|w| Working { deemed, ..w }));
        }
    }
    let sent_on = view.assignments.iter().map(|a| a.sent_on).min();
    let attached = view.state == contracts::codes::MatterState::Attached;
    let course = Course { met_on: sent_on, ended: attached, extended_on: None };
    workings.extend(working(site, language, &view.t01, course));
    workings
}
