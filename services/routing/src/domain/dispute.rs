//! 管辖争议 (Art. 24): when it arises, who decides, and what the decision binds.

use calendar::DisputeStep;
use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, MatterState},
    routing::{
        CompetenceDecidedV1, Decider, DisputeRaisedV1, Ruling, RulingDispatchV1,
        commands::{DecideCompetence, HandOver},
    },
};
use kernel::{AgencyCode, AssignmentId, Refusal};
use serde::{Deserialize, Serialize};

use super::{
    agency::Register,
    fact::Fact,
    matter::{Assignment, Matter, REPEATED},
};
use crate::error;

/// The second refusal raises a dispute [D].
const BOUNCES_OF_DISPUTE: i64 = 2;
/// The most characters of the number of a written decision.
const NUMBER_AT_MOST: usize = 60;
/// The most characters of a resolution's id.
const RESOLUTION_AT_MOST: usize = 64;

/// A dispute that waits for its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Who refused.
    pub agencies: Vec<AgencyCode>,
    /// The day.
    pub raised_on: NaiveDate,
    /// Who decides.
    pub deciders: Decider,
}

impl Dispute {
    /// As it was raised.
    #[must_use]
    pub fn of(fact: &DisputeRaisedV1) -> Self {
        Self { agencies: fact.agencies.clone(), raised_on: fact.raised_on, deciders: fact.deciders.clone() }
    }
}

/// Who knows who is above whom, and who decides in turn.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The register.
    pub register: &'a Register,
    /// The policy profile's `dispute_route`.
    pub route: &'a [DisputeStep],
}

/// After an upheld objection: a dispute if it was the second refusal.
#[must_use]
pub fn after_upholding(
    matter: &Matter,
    id: AssignmentId,
    order: Order<'_>,
    today: NaiveDate,
) -> Option<Fact> {
    let assignment = matter.assignments.iter().find(|a| a.id == id && a.role == AssignmentRole::Lead)?;
    (matter.bounces >= BOUNCES_OF_DISPUTE).then(|| raised(matter, assignment, order, today))
}

/// After an objection came in: a dispute if this unit's objection was refused before. Its task ends.
#[must_use]
pub fn after_objection(
    matter: &Matter,
    id: AssignmentId,
    order: Order<'_>,
    today: NaiveDate,
) -> Option<(Fact, RulingDispatchV1)> {
    let assignment = matter.assignments.iter().find(|a| a.id == id && a.role == AssignmentRole::Lead)?;
    let refused =
        |o: &super::objection::Objection| o.ruling.as_ref().is_some_and(|r| r.ruling == Ruling::Rejected);
    if !assignment.objections.iter().any(refused) {
        return None;
    }
    let dispatch = RulingDispatchV1 {
        matter_id: matter.id,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        agency: assignment.agency.clone(),
        ruling: Ruling::Disputed,
        reason: REPEATED.to_owned(),
        decided_on: today,
    };
    Some((raised(matter, assignment, order, today), dispatch))
}

fn raised(matter: &Matter, assignment: &Assignment, order: Order<'_>, today: NaiveDate) -> Fact {
    let mut agencies: Vec<AgencyCode> = Vec::new();
    // A co-agency's refusal disputes nobody's competence for the case.
    let leads = |a: &&Assignment| a.role == AssignmentRole::Lead && !a.objections.is_empty();
    for refusing in matter.assignments.iter().filter(leads) {
        if !agencies.contains(&refusing.agency) {
            agencies.push(refusing.agency.clone());
        }
    }
    // One unit alone disputes with the one that it holds for competent.
    let mut units = agencies.clone();
    if units.len() == 1 {
        let proposed = assignment.objections.iter().rev().find_map(|o| o.proposed_agency.clone());
        units
            .extend(proposed.filter(|unit| *unit != assignment.agency && order.register.get(unit).is_some()));
    }
    Fact::DisputeRaised(DisputeRaisedV1 {
        matter_id: matter.id,
        agencies,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        raised_on: today,
        deciders: decider(&units, order),
    })
}

/// The first of the route that can decide: the lowest unit above all, else the joint conference. A unit that
/// is accused never decides (Art. 30): it is not looked for here, because nothing is sent to a decider.
#[must_use]
pub fn decider(units: &[AgencyCode], order: Order<'_>) -> Decider {
    for step in order.route {
        match step {
            DisputeStep::Superior => {
                if let Some(superior) = order.register.common_superior(units) {
                    return Decider::Superior(superior);
                }
            }
            DisputeStep::Conference => return Decider::Conference,
        }
    }
    Decider::Conference
}

/// What a decision on competence comes to: the fact, and the hand-over that follows from it.
#[derive(Debug)]
pub struct Competence {
    /// To be published first.
    pub fact: Fact,
    /// Then carried out, and binding.
    pub hand_over: HandOver,
}

/// Records the written decision of the one who may decide.
///
/// # Errors
/// Wrong state, `not_the_decider`, `decision_number_owed`.
pub fn decide(matter: &Matter, command: &DecideCompetence, today: NaiveDate) -> Result<Competence, Refusal> {
    let (MatterState::Disputed, Some(dispute)) = (matter.state, &matter.dispute) else {
        return Err(matter.forbids("decide_competence"));
    };
    if !may_decide(&dispute.deciders, &command.by) {
        return Err(error::NOT_THE_DECIDER.refuse().at("by"));
    }
    let number = command.document_number.trim();
    if number.is_empty() || number.chars().count() > NUMBER_AT_MOST || number.chars().any(char::is_control) {
        return Err(error::DECISION_NUMBER_OWED.refuse().at("document_number").with("most", NUMBER_AT_MOST));
    }
    let fact = Fact::CompetenceDecided(CompetenceDecidedV1 {
        matter_id: matter.id,
        lead: command.lead.clone(),
        co: command.co.iter().map(|c| c.agency.clone()).collect(),
        decided_on: today,
        by: command.by.clone(),
        document_number: number.to_owned(),
        dissent: command.dissent,
    });
    let hand_over = HandOver {
        agency: command.lead.clone(),
        mode: AssignmentMode::Assign,
        limit_on: Some(command.due_on),
        override_reason: None,
        co: command.co.clone(),
    };
    Ok(Competence { fact, hand_over })
}

fn may_decide(decider: &Decider, by: &str) -> bool {
    match (decider, by.split_once(':')) {
        (Decider::Superior(unit), Some(("superior", code))) => unit.as_str() == code,
        (Decider::Conference, Some(("resolution", id))) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            !id.is_empty() && id.len() <= RESOLUTION_AT_MOST && id.chars().all(plain)
        }
        _ => false,
    }
}
