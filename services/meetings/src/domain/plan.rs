//! When, where, with whom: whether a plan for a meeting will do. Pure.

use chrono::NaiveDate;
use contracts::meetings::{Invitee, commands::MeetingPlan};
use kernel::{AgencyCode, Refusal, UnixMillis, civil_date};

use super::text::{at_most, owed};
use crate::error;

/// Most units of an invitation.
pub const UNITS_AT_MOST: usize = 60;
/// Most items of an agenda.
pub const ITEMS_AT_MOST: usize = 30;

/// Checks a plan, trims its texts and invites every party of its items.
///
/// # Errors
/// What is wrong with it.
pub fn checked(
    mut plan: MeetingPlan,
    parties: &[AgencyCode],
    notice_days: i64,
    listed: impl Fn(&AgencyCode) -> bool,
    now: UnixMillis,
) -> Result<MeetingPlan, Refusal> {
    let (today, on) = (civil_date(now), civil_date(plan.starts_at));
    if plan.starts_at <= now || plan.ends_at <= plan.starts_at || civil_date(plan.ends_at) != on {
        return Err(error::TIMES_WRONG.refuse().at("starts_at"));
    }
    if plan.reply_by < today || plan.reply_by > on {
        return Err(error::REPLY_BY_WRONG.refuse().at("reply_by"));
    }
    plan.place = owed(&plan.place, at_most::LINE, "place", false)?;
    plan.short_notice_reason = short_notice(&plan, notice_days, today, on)?;
    for party in parties {
        if !plan.agencies.iter().any(|i| i.agency == *party) {
            plan.agencies.push(Invitee { agency: party.clone(), required: true });
        }
    }
    let twice = |i: &Invitee| plan.agencies.iter().filter(|o| o.agency == i.agency).count() > 1;
    if plan.agencies.is_empty() || plan.agencies.len() > UNITS_AT_MOST || plan.agencies.iter().any(twice) {
        return Err(error::NOBODY_INVITED.refuse().at("agencies").with("most", UNITS_AT_MOST));
    }
    if let Some(unknown) = plan.agencies.iter().find(|i| !listed(&i.agency)) {
        return Err(error::NO_SUCH_UNIT.refuse().at("agencies").with("unit", &unknown.agency));
    }
    let doubled = |id| plan.items.iter().filter(|other| *other == id).count() > 1;
    if plan.items.len() > ITEMS_AT_MOST || plan.items.iter().any(doubled) {
        return Err(error::AGENDA_WRONG.refuse().at("items").with("most", ITEMS_AT_MOST));
    }
    Ok(plan)
}

/// Less notice than the kind of meeting has is warned of, and goes with a reason. Without need none is kept.
fn short_notice(
    plan: &MeetingPlan,
    owed_days: i64,
    today: NaiveDate,
    on: NaiveDate,
) -> Result<Option<String>, Refusal> {
    let given = (on - today).num_days();
    if given >= owed_days {
        return Ok(None);
    }
    let reason = plan.short_notice_reason.as_deref().unwrap_or_default();
    if reason.trim().is_empty() {
        let refusal = error::NOTICE_SHORT.refuse().at("short_notice_reason");
        return Err(refusal.with("owed", owed_days).with("given", given));
    }
    owed(reason, at_most::PARAGRAPH, "short_notice_reason", false).map(Some)
}
