//! 主办与协办 (Art. 24): one unit leads and answers the petitioner; others give it their parts by earlier days.
//!
//! A co-agency owes its part to the lead, not to the petitioner: it notifies nobody and issues no opinion. Each
//! has an assignment of its own, with number, letter and limit, and may object within T04.

use std::collections::{BTreeMap, BTreeSet};

use calendar::{Law, RuleId};
use chrono::{NaiveDate, TimeDelta};
use contracts::{
    agency::ClaimOutcome,
    codes::{AssignmentMode, AssignmentRole, AssignmentState, CoReleaseReason, CoTask, Route},
    routing::{
        AssignmentDispatchV1, CoAsked, CoAssignedV1,
        commands::{AddCo, CoHandler, HandOver},
    },
};
use kernel::{AgencyCode, AssignmentId, Refusal};
use serde::{Deserialize, Serialize};

use super::{
    agency::Register,
    fact::Fact,
    guard,
    hand_over::{HandedOver, LIMIT_DAYS_AT_MOST, may_travel, summary},
    matter::{Assignment, Matter},
    objection,
};
use crate::error;

/// Co-agencies of one lead, at most.
pub const CO_AT_MOST: usize = 8;

/// The series of its letters: 信协 [D].
pub const SERIES: &str = "信协";

/// 协办分工: what the assignment of a co-agency is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Number of the lead's assignment.
    pub lead_no: i64,
    /// The claims it is asked about, by number.
    pub claims: Vec<i64>,
    /// What it is asked for.
    pub task: Option<CoTask>,
    /// Whether it may open the contact.
    pub with_identity: bool,
    /// Came after the hand-over: the lead may not have known of it when it signed.
    pub added: bool,
    /// The outcomes of its part, once it is here.
    pub outcomes: Vec<ClaimOutcome>,
    /// Why it was released.
    pub released: Option<CoReleaseReason>,
}

/// What decisions about co-agencies go by.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Who exists, who is above whom.
    pub register: &'a Register,
    /// Dates of the law.
    pub law: &'a Law,
    /// The day.
    pub today: NaiveDate,
}

/// The lead that co-agencies give their parts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Who.
    pub agency: AgencyCode,
    /// Number of its assignment.
    pub no: i64,
    /// Follows a decision on competence: the co-agencies cannot object either.
    pub binding: bool,
    /// The first day that is too late for a part.
    pub before: NaiveDate,
}

/// A co-agency that was allowed and still lacks its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    agency: AgencyCode,
    no: i64,
    due_on: NaiveDate,
    claims: Vec<i64>,
    task: Option<CoTask>,
    with_identity: bool,
    added: bool,
    override_reason: Option<String>,
    lead: Lead,
}

/// The lead of a hand-over. Its parts are owed before its own limit: the day named in a 交办, else sixty days
/// from today, which is the earliest end that T06 can have.
///
/// # Errors
/// When the profile lacks a limit.
pub fn lead_of(
    matter: &Matter,
    wish: &HandOver,
    no: i64,
    binding: bool,
    desk: Desk<'_>,
) -> Result<Lead, Refusal> {
    let before = match (wish.mode, wish.limit_on) {
        (AssignmentMode::Assign, Some(limit_on)) => limit_on,
        _ => own_end(matter, desk)?,
    };
    Ok(Lead { agency: wish.agency.clone(), no, binding, before })
}

fn own_end(matter: &Matter, desk: Desk<'_>) -> Result<NaiveDate, Refusal> {
    match matter.route {
        Some(Route::R6) => Ok(desk.law.due(RuleId::T06, desk.today)?.nominal_on),
        _ => Ok(desk.today.checked_add_signed(TimeDelta::days(LIMIT_DAYS_AT_MOST)).unwrap_or(desk.today)),
    }
}

/// Decides on the co-agencies of a hand-over, in the order of their numbers.
///
/// # Errors
/// Too many, a unit that leads or is named twice, the guard of Art. 30, a limit or claim that does not fit.
pub fn plan(matter: &Matter, wish: &HandOver, lead: &Lead, desk: Desk<'_>) -> Result<Vec<Planned>, Refusal> {
    if wish.co.len() > CO_AT_MOST {
        return Err(error::CO_TOO_MANY.refuse().at("hand_over.co").with("most", CO_AT_MOST));
    }
    let mut planned: Vec<Planned> = Vec::with_capacity(wish.co.len());
    for (at, co) in wish.co.iter().enumerate() {
        let field = format!("hand_over.co[{at}]");
        if planned.iter().any(|p| p.agency == co.agency) {
            return Err(error::CO_TWICE.refuse().at(format!("{field}.agency")).with("agency", &co.agency));
        }
        let no = lead.no + 1 + i64::try_from(at).unwrap_or_default();
        let reason = wish.override_reason.as_deref();
        let one = one(matter, (co, &field), (no, reason, false), lead, desk)?;
        planned.push(one);
    }
    Ok(planned)
}

/// 增加协办: decides on one more, while the lead has not answered.
///
/// # Errors
/// Without a lead at work, and as [`plan`].
pub fn add(matter: &Matter, command: &AddCo, desk: Desk<'_>) -> Result<Planned, Refusal> {
    use AssignmentState as S;
    let at_work = |a: &&Assignment| matches!(a.state, S::Sent | S::Delivered | S::Signed | S::Accepted);
    let leading = matter.active().filter(at_work).ok_or_else(|| matter.forbids("add_co"))?;
    let ours: Vec<&Assignment> = matter.parts_of(leading.no).filter(|a| !a.is_given_up()).collect();
    if ours.len() >= CO_AT_MOST {
        return Err(error::CO_TOO_MANY.refuse().at("co").with("most", CO_AT_MOST));
    }
    if ours.iter().any(|a| a.agency == command.co.agency) {
        return Err(error::CO_TWICE.refuse().at("co.agency").with("agency", &command.co.agency));
    }
    let running = leading.dues.iter().filter(|due| matches!(due.rule, RuleId::T05 | RuleId::T06));
    let end = running.map(|due| due.nominal_on).chain(leading.limit_on).min();
    let before = match end {
        Some(end) => end,
        None => own_end(matter, desk)?,
    };
    let (agency, no, binding) = (leading.agency.clone(), leading.no, leading.binding);
    let lead = Lead { agency, no, binding, before };
    let reason = command.override_reason.as_deref();
    one(matter, (&command.co, "co"), (matter.next_no(), reason, true), &lead, desk)
}

fn one(
    matter: &Matter,
    (co, field): (&CoHandler, &str),
    (no, reason, added): (i64, Option<&str>, bool),
    lead: &Lead,
    desk: Desk<'_>,
) -> Result<Planned, Refusal> {
    let at = |name: &str| format!("{field}.{name}");
    if co.agency == lead.agency {
        return Err(error::CO_IS_LEAD.refuse().at(at("agency")));
    }
    desk.register.open_on(&co.agency, desk.today).map_err(|r| r.at(at("agency")))?;
    guard::keep_from_accused(&co.agency, &matter.accused, desk.register).map_err(|r| r.at(at("agency")))?;
    if co.due_on <= desk.today || co.due_on >= lead.before {
        let last = lead.before.pred_opt().unwrap_or(lead.before);
        return Err(error::CO_DUE_OUT_OF_RANGE
            .refuse()
            .at(at("due_on"))
            .with("before", lead.before)
            .with("last", last));
    }
    let all: BTreeSet<i64> = matter.claims.iter().map(|c| c.no).collect();
    let asked: BTreeSet<i64> = co.claims.iter().copied().collect();
    if !asked.is_subset(&all) || asked.len() != co.claims.len() {
        return Err(error::CO_CLAIM_UNKNOWN.refuse().at(at("claims")));
    }
    let claims = if asked.is_empty() { all } else { asked };
    let refused =
        !lead.binding && matter.assignments.iter().any(|a| a.agency == co.agency && a.was_refused());
    let override_reason = match (refused, objection::note(reason, "override_reason")?) {
        (false, _) => None,
        (true, Some(reason)) => Some(reason),
        (true, None) => return Err(error::UNIT_REFUSED_BEFORE.refuse().at("override_reason")),
    };
    Ok(Planned {
        agency: co.agency.clone(),
        no,
        due_on: co.due_on,
        claims: claims.into_iter().collect(),
        task: co.task,
        with_identity: co.with_identity && may_travel(matter),
        added,
        override_reason,
        lead: lead.clone(),
    })
}

impl Planned {
    /// What the lead is told of it.
    #[must_use]
    pub fn asked(&self) -> CoAsked {
        CoAsked {
            agency: self.agency.clone(),
            assignment_no: self.no,
            due_on: self.due_on,
            claims: self.claims.clone(),
            task: self.task,
        }
    }

    /// The co-agency's assignment with its id and letter.
    #[must_use]
    pub fn numbered(
        self,
        matter: &Matter,
        (id, number): (AssignmentId, String),
        office_contact: &str,
        today: NaiveDate,
    ) -> HandedOver {
        let fact = Fact::CoAssigned(CoAssignedV1 {
            matter_id: matter.id,
            assignment_id: id,
            assignment_no: self.no,
            agency: self.agency.clone(),
            lead: self.lead.agency.clone(),
            lead_no: self.lead.no,
            claims: self.claims.clone(),
            task: self.task,
            assigned_on: today,
            due_on: self.due_on,
            document_number: number.clone(),
            identity_travels: self.with_identity,
        });
        let dispatch = self.dispatch(matter, (id, &number), office_contact, today);
        HandedOver { assignment: self.assignment((id, number), today), fact, dispatch }
    }

    fn dispatch(
        &self,
        matter: &Matter,
        (id, number): (AssignmentId, &str),
        office_contact: &str,
        today: NaiveDate,
    ) -> AssignmentDispatchV1 {
        AssignmentDispatchV1 {
            matter_id: matter.id,
            assignment_id: id,
            assignment_no: self.no,
            agency: self.agency.clone(),
            mode: AssignmentMode::Assign,
            document_number: number.to_owned(),
            legal_ground: GROUND.to_owned(),
            sent_on: today,
            limit_on: Some(self.due_on),
            claims: self.claims.clone(),
            restricted: matter.restricted,
            identity_travels: self.with_identity,
            summary: summary(matter),
            content_id: matter.summary.content_id,
            content_hash: matter.summary.content_hash.clone(),
            office_contact: office_contact.to_owned(),
            binding: self.lead.binding,
            role: AssignmentRole::Co,
            lead: Some(self.lead.agency.clone()),
            task: self.task,
            co: Vec::new(),
        }
    }

    fn assignment(self, (id, document_number): (AssignmentId, String), today: NaiveDate) -> Assignment {
        Assignment {
            id,
            no: self.no,
            agency: self.agency,
            mode: AssignmentMode::Assign,
            state: AssignmentState::Sent,
            document_number,
            legal_ground: GROUND.to_owned(),
            sent_on: today,
            limit_on: Some(self.due_on),
            dispatch_seq: 0,
            days: BTreeMap::from([(AssignmentState::Sent.code().to_owned(), today)]),
            stated: BTreeMap::new(),
            dues: Vec::new(),
            papers: Vec::new(),
            close_code: None,
            binding: self.lead.binding,
            override_reason: self.override_reason,
            objections: Vec::new(),
            role: AssignmentRole::Co,
            share: Some(Share {
                lead_no: self.lead.no,
                claims: self.claims,
                task: self.task,
                with_identity: self.with_identity,
                added: self.added,
                outcomes: Vec::new(),
                released: None,
            }),
        }
    }
}

/// Competence of several agencies.
const GROUND: &str = "Art. 24";
