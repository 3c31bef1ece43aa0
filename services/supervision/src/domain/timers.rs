//! Which fact starts and stops which duty (domain.md 1.5): the one table, exhaustive, of owners' facts alone.

use calendar::RuleId;
use chrono::NaiveDate;
use contracts::{
    Due,
    codes::AssignmentRole,
    routing::{
        AcceptanceDeemedV1, AssignmentDeliveredV1, AssignmentObjectedV1, AssignmentRecalledV1, CoAssignedV1,
        CoReleasedV1, DisputeRaisedV1, HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1,
        MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1, ObjectionDecidedV1,
    },
};
use kernel::{AgencyCode, AssignmentId};

/// A fact that starts or stops a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// 登记, with T01 as the fact names it; of an accusation reckoned from the day it was heard of.
    Registered(Due),
    /// 重复件并入, on a day.
    Attached(NaiveDate),
    /// 转送、交办
    Forwarded(MatterForwardedV1),
    /// 撤回
    Recalled(AssignmentRecalledV1),
    /// 送达单位收件箱
    Delivered(AssignmentDeliveredV1),
    /// 受理告知
    Accepted(MatterAcceptanceNotifiedV1),
    /// 视为受理
    Deemed(AcceptanceDeemedV1),
    /// 出具意见
    Issued(MatterOpinionIssuedV1),
    /// 办结
    Closed(MatterClosedV1),
    /// 延期
    Extended(HandlingExtendedV1),
    /// 异议
    Objected(AssignmentObjectedV1),
    /// 异议核实
    ObjectionDecided(ObjectionDecidedV1),
    /// 管辖争议
    Disputed(DisputeRaisedV1),
    /// 协办
    CoAssigned(CoAssignedV1),
    /// 已答复主办
    CoAnswered(MatterCoAnsweredV1),
    /// 解除协办
    CoReleased(CoReleasedV1),
}

/// What becomes of the duties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// One begins.
    Start(Option<(AssignmentId, AgencyCode)>, Due),
    /// One is met, of an assignment or of the office.
    Meet(RuleId, Option<AssignmentId>, NaiveDate),
    /// All of an assignment fall away.
    Cancel(AssignmentId),
    /// The office owes it again.
    Reopen(RuleId),
    /// Its limit is another one (延期, Art. 34).
    Extend(AssignmentId, Due),
}

/// The effects of a fact, in order.
#[must_use]
pub fn effects(heard: &Heard) -> Vec<Effect> {
    match heard {
        Heard::Registered(t01) => vec![Effect::Start(None, t01.clone())],
        Heard::Attached(on) => vec![Effect::Meet(RuleId::T01, None, *on)],
        Heard::Forwarded(f) => vec![Effect::Meet(RuleId::T01, None, f.forwarded_on)],
        // The matter lies with the office again, whose limit never stopped.
        Heard::Recalled(f) => back_at_office(f.assignment_id),
        Heard::Delivered(f) => {
            let mut all = started(f.assignment_id, &f.agency, &f.dues);
            // Steps that came before the receipt.
            all.extend(f.met.iter().map(|(rule, on)| Effect::Meet(*rule, Some(f.assignment_id), *on)));
            all
        }
        // The delivery starts its internal limit; T01 is the lead's hand-over.
        Heard::CoAssigned(_) => Vec::new(),
        Heard::CoAnswered(f) => met(f.assignment_id, &[RuleId::T04, RuleId::T05], f.answered_on),
        Heard::CoReleased(f) => vec![Effect::Cancel(f.assignment_id)],
        Heard::Accepted(f) => {
            let mut all = met(f.assignment_id, &[RuleId::T03, RuleId::T04], f.accepted_on);
            all.extend(started(f.assignment_id, &f.agency, &f.dues));
            all
        }
        // The notice stays owed, so T03 is not met by it.
        Heard::Deemed(f) => started(f.assignment_id, &f.agency, &f.dues),
        Heard::Issued(f) => met(f.assignment_id, &[RuleId::T06], f.issued_on),
        Heard::Extended(f) => vec![Effect::Extend(f.assignment_id, f.due.clone())],
        // The right to object is used; T03 goes on (domain.md 1.5 c).
        Heard::Objected(f) => met(f.assignment_id, &[RuleId::T04], f.objected_on),
        // A co-agency goes alone; the matter stays with the lead.
        Heard::ObjectionDecided(f) if f.upheld && f.role == AssignmentRole::Co => {
            vec![Effect::Cancel(f.assignment_id)]
        }
        Heard::ObjectionDecided(f) if f.upheld => back_at_office(f.assignment_id),
        // The assignment goes on where it stood.
        Heard::ObjectionDecided(_) => Vec::new(),
        // A dispute after a refused objection ends the assignment without a ruling of its own.
        Heard::Disputed(f) => back_at_office(f.assignment_id),
        Heard::Closed(f) => {
            let all = [RuleId::T03, RuleId::T04, RuleId::T05, RuleId::T06];
            let mut effects = met(f.assignment_id, &all, f.closed_on);
            effects.push(Effect::Meet(RuleId::T01, None, f.closed_on));
            effects
        }
    }
}

/// What an assignment owed falls away; the office's limit goes on.
fn back_at_office(assignment: AssignmentId) -> Vec<Effect> {
    vec![Effect::Cancel(assignment), Effect::Reopen(RuleId::T01)]
}

fn started(assignment: AssignmentId, agency: &AgencyCode, dues: &[Due]) -> Vec<Effect> {
    dues.iter().map(|due| Effect::Start(Some((assignment, agency.clone())), due.clone())).collect()
}

fn met(assignment: AssignmentId, rules: &[RuleId], on: NaiveDate) -> Vec<Effect> {
    rules.iter().map(|rule| Effect::Meet(*rule, Some(assignment), on)).collect()
}
