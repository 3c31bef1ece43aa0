//! 议定结果: whether what a meeting decided is complete. Pure.

use chrono::NaiveDate;
use contracts::{
    codes::{AgendaOutcome, Attendance},
    meetings::commands::{Decision, Dissent, Resolved},
};
use kernel::{AgencyCode, Refusal};

use super::{
    meeting::Invited,
    text::{at_most, owed},
};
use crate::error;

/// The longest time of a task or a deferral, in days from today.
const DAYS_AT_MOST: i64 = 365;
/// Most co-handling units of a resolution.
const CO_AT_MOST: usize = 10;

/// Checks a decision and trims its texts.
///
/// # Errors
/// What is missing, too much or wrong.
pub fn checked(
    mut decision: Decision,
    invited: &[Invited],
    listed: impl Fn(&AgencyCode) -> bool,
    today: NaiveDate,
) -> Result<Decision, Refusal> {
    decision.facts = owed(&decision.facts, at_most::PAGES, "facts", true)?;
    let resolved = decision.outcome == AgendaOutcome::Resolved;
    decision.resolved = match (resolved, decision.resolved) {
        (true, Some(wish)) => Some(complete(wish, listed, today)?),
        (false, None) => None,
        (true, None) | (false, Some(_)) => return Err(error::RESOLVED_OWED.refuse().at("resolved")),
    };
    match (decision.outcome, decision.until_on) {
        (AgendaOutcome::Deferred, Some(until)) if within(until, today) => {}
        (AgendaOutcome::Deferred, _) | (_, Some(_)) => return Err(error::UNTIL_OWED.refuse().at("until_on")),
        (_, None) => {}
    }
    decision.dissent = dissent(decision.dissent, invited)?;
    Ok(decision)
}

fn complete(
    mut wish: Resolved,
    listed: impl Fn(&AgencyCode) -> bool,
    today: NaiveDate,
) -> Result<Resolved, Refusal> {
    wish.action = owed(&wish.action, at_most::PARAGRAPH, "action", true)?;
    if !within(wish.due_on, today) {
        return Err(error::DUE_OUT_OF_RANGE.refuse().at("due_on"));
    }
    for unit in std::iter::once(&wish.lead).chain(wish.co.iter().map(|co| &co.agency)) {
        if !listed(unit) {
            return Err(error::NO_SUCH_UNIT.refuse().with("unit", unit));
        }
    }
    let mut seen = vec![&wish.lead];
    for co in &wish.co {
        if seen.contains(&&co.agency) || co.due_on <= today || co.due_on >= wish.due_on {
            return Err(error::CO_WRONG.refuse().at("co"));
        }
        seen.push(&co.agency);
    }
    if wish.co.len() > CO_AT_MOST {
        return Err(error::CO_WRONG.refuse().at("co"));
    }
    Ok(wish)
}

fn within(on: NaiveDate, today: NaiveDate) -> bool {
    on > today && (on - today).num_days() <= DAYS_AT_MOST
}

/// Who was invited and came may have a dissent on record (domain.md 1.8), each once.
fn dissent(all: Vec<Dissent>, invited: &[Invited]) -> Result<Vec<Dissent>, Refusal> {
    let mut kept: Vec<Dissent> = Vec::new();
    for one in all {
        let came = invited.iter().any(|i| {
            i.agency == one.agency && i.attendance.is_some_and(|a| a != Attendance::Absent) && !i.dropped
        });
        if !came || kept.iter().any(|k| k.agency == one.agency) {
            return Err(error::DISSENT_NOT_INVITED.refuse().at("dissent"));
        }
        let words = owed(&one.words, at_most::PARAGRAPH, "dissent", true)?;
        kept.push(Dissent { agency: one.agency, words });
    }
    Ok(kept)
}
