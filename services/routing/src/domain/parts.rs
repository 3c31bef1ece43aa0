//! 协办意见: what the lead waits for before it answers (Art. 24), and how a co-agency is released.

use chrono::NaiveDate;
use contracts::{
    agency::CoAnsweredV1,
    codes::{AssignmentRole, CoReleaseReason},
    routing::{
        CoAnswerDispatchV1, CoAsked, CoChangeDispatchV1, CoReleasedV1, MatterCoAnsweredV1, RecallDispatchV1,
        commands::ReleaseCo,
    },
};
use kernel::Refusal;

use super::{
    co::{Planned, Share},
    fact::Fact,
    matter::{Assignment, Matter},
};
use crate::error;

/// The reasons that a person gives; the others follow from what happened.
pub const REASONS: &[CoReleaseReason] = &[
    CoReleaseReason::NotNeeded,
    CoReleaseReason::NotCompetent,
    CoReleaseReason::Overdue,
    CoReleaseReason::Other,
];

/// A co-agency let go: what is published, what it is told, and what the lead is told.
#[derive(Debug)]
pub struct Released {
    /// To be published.
    pub fact: Fact,
    /// To the co-agency: it stops.
    pub recall: RecallDispatchV1,
    /// To the lead, where it is still at work.
    pub told: Option<CoChangeDispatchV1>,
}

/// Whether the lead may answer: no part that it knew of is missing. One that the office added after the head had
/// signed was not known; the signed answer stands and that unit is released with it.
#[must_use]
pub fn are_here(matter: &Matter, lead: &Assignment, known: &[i64]) -> bool {
    !open_parts(matter, lead.no).any(|(a, share)| !share.added || known.contains(&a.no))
}

/// Parts of a lead that are still owed.
pub fn open_parts(matter: &Matter, lead_no: i64) -> impl Iterator<Item = (&Assignment, &Share)> {
    let active = matter.assignments.iter().filter(|a| a.is_active());
    active.filter_map(|a| a.share.as_ref().map(|s| (a, s))).filter(move |(_, s)| s.lead_no == lead_no)
}

/// 解除协办, by a person.
///
/// # Errors
/// An unknown, ended or leading assignment; a reason that is not a person's to give.
pub fn release(matter: &Matter, command: &ReleaseCo, today: NaiveDate) -> Result<Released, Refusal> {
    if !REASONS.contains(&command.reason) {
        return Err(error::CO_REASON_OWED.refuse().at("reason"));
    }
    let found = matter.assignments.iter().find(|a| a.id == command.assignment_id && a.is_active());
    let share = found.and_then(|a| a.share.as_ref().map(|share| (a, share)));
    let (a, share) = share.ok_or_else(|| error::NO_SUCH_ASSIGNMENT.refuse().at("assignment_id"))?;
    Ok(let_go(matter, a, share, command.reason, today))
}

/// What ends with the lead, its opinion or the matter: every part that is still owed.
#[must_use]
pub fn release_all(
    matter: &Matter,
    lead_no: i64,
    reason: CoReleaseReason,
    today: NaiveDate,
) -> Vec<Released> {
    open_parts(matter, lead_no).map(|(a, share)| let_go(matter, a, share, reason, today)).collect()
}

fn let_go(
    matter: &Matter,
    a: &Assignment,
    share: &Share,
    reason: CoReleaseReason,
    today: NaiveDate,
) -> Released {
    let lead = matter.assignments.iter().find(|l| l.no == share.lead_no);
    let fact = Fact::CoReleased(CoReleasedV1 {
        matter_id: matter.id,
        assignment_id: a.id,
        assignment_no: a.no,
        agency: a.agency.clone(),
        lead: lead.map_or_else(|| a.agency.clone(), |l| l.agency.clone()),
        lead_no: share.lead_no,
        released_on: today,
        reason,
    });
    let recall = RecallDispatchV1 {
        matter_id: matter.id,
        assignment_id: a.id,
        assignment_no: a.no,
        agency: a.agency.clone(),
        reason: reason.code().to_owned(),
    };
    // A lead whose own task ends has no use for the news.
    let told = match reason {
        CoReleaseReason::LeadEnded => None,
        _ => change(matter, a, today, Some(reason)),
    };
    Released { fact, recall, told }
}

/// What the lead is told of a co-agency that came or went.
#[must_use]
pub fn change(
    matter: &Matter,
    a: &Assignment,
    on: NaiveDate,
    released: Option<CoReleaseReason>,
) -> Option<CoChangeDispatchV1> {
    let share = a.share.as_ref()?;
    let co = CoAsked {
        agency: a.agency.clone(),
        assignment_no: a.no,
        due_on: a.limit_on.unwrap_or(a.sent_on),
        claims: share.claims.clone(),
        task: share.task,
    };
    tell(matter, share.lead_no, co, on, released)
}

/// What the lead is told of a co-agency that is being added.
#[must_use]
pub fn added(matter: &Matter, planned: &Planned, on: NaiveDate) -> Option<CoChangeDispatchV1> {
    tell(matter, matter.active()?.no, planned.asked(), on, None)
}

fn tell(
    matter: &Matter,
    lead_no: i64,
    co: CoAsked,
    changed_on: NaiveDate,
    released: Option<CoReleaseReason>,
) -> Option<CoChangeDispatchV1> {
    let lead = matter.assignments.iter().find(|l| l.no == lead_no && l.role == AssignmentRole::Lead)?;
    Some(CoChangeDispatchV1 {
        matter_id: matter.id,
        assignment_id: lead.id,
        assignment_no: lead.no,
        agency: lead.agency.clone(),
        co,
        changed_on,
        released,
    })
}

/// Whether a part answers each claim it was asked about, once.
#[must_use]
pub fn answers_its_share(share: &Share, part: &CoAnsweredV1) -> bool {
    let mut answered: Vec<i64> = part.claims.iter().map(|c| c.claim_no).collect();
    answered.sort_unstable();
    answered == share.claims
}

/// The fact of a part that came.
///
/// # Errors
/// Why it is set aside: it is no co-agency's, or its lead is gone.
pub fn answered(
    matter: &Matter,
    a: &Assignment,
    part: &CoAnsweredV1,
    answered_on: NaiveDate,
) -> Result<Fact, &'static str> {
    let share = a.share.as_ref().ok_or("not_a_co_assignment")?;
    let lead = matter.active().filter(|lead| lead.no == share.lead_no).ok_or("lead_is_gone")?;
    Ok(Fact::CoAnswered(MatterCoAnsweredV1 {
        matter_id: matter.id,
        assignment_id: a.id,
        assignment_no: a.no,
        agency: a.agency.clone(),
        lead: lead.agency.clone(),
        lead_no: lead.no,
        lead_assignment_id: lead.id,
        answered_on,
        claims: part.claims.clone(),
        content_id: part.content_id,
        content_hash: part.content_hash.clone(),
        on_behalf: part.answers.on_behalf_paper.is_some(),
    }))
}

/// What the lead is told of a part that came.
#[must_use]
pub fn passed_on(part: &MatterCoAnsweredV1) -> CoAnswerDispatchV1 {
    CoAnswerDispatchV1 {
        matter_id: part.matter_id,
        assignment_id: part.lead_assignment_id,
        assignment_no: part.lead_no,
        agency: part.lead.clone(),
        co_no: part.assignment_no,
        co: part.agency.clone(),
        answered_on: part.answered_on,
        claims: part.claims.clone(),
        content_id: part.content_id,
        content_hash: part.content_hash.clone(),
    }
}
