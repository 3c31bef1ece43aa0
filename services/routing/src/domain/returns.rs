//! What agencies answer. A return that is stale or does not fit is set aside, recorded, and changes nothing
//! (invariant 5).

use calendar::Law;
use calendar::{DueDate, LimitRefused, RuleId};
use chrono::NaiveDate;
use contracts::{
    agency::{
        AcceptanceNotifiedV1, Answers, CoAnsweredV1, CompletedV1, ExtendedV1, ObjectedV1, OpinionIssuedV1,
        OpinionServedV1, SignedV1,
    },
    codes::{AssignmentMode, AssignmentRole, AssignmentState, CloseCode, Purpose, Route},
    routing::{
        AcceptanceDeemedV1, AssignmentDeliveredV1, AssignmentObjectedV1, AssignmentSignedV1,
        HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1, MatterOpinionIssuedV1,
        MatterOpinionServedV1, ReturnSetAsideV1,
    },
};
use kernel::{AgencyCode, AssignmentId, EventId};

use super::{
    clamp::clamp,
    extension,
    fact::Fact,
    matter::{Assignment, Matter},
    objection, parts,
};

/// One return, as its type says.
#[derive(Clone, Debug)]
pub enum Return {
    /// 签收
    Signed(SignedV1),
    /// 受理告知
    Accepted(AcceptanceNotifiedV1),
    /// 出具意见
    Issued(OpinionIssuedV1),
    /// 送达
    Served(OpinionServedV1),
    /// 办结
    Completed(CompletedV1),
    /// 异议
    Objected(ObjectedV1),
    /// 延期
    Extended(ExtendedV1),
    /// 协办意见
    CoAnswered(CoAnsweredV1),
}

impl Return {
    /// Which assignment it answers.
    #[must_use]
    pub const fn answers(&self) -> &Answers {
        match self {
            Self::Signed(r) => &r.answers,
            Self::Accepted(r) => &r.answers,
            Self::Issued(r) => &r.answers,
            Self::Served(r) => &r.answers,
            Self::Completed(r) => &r.answers,
            Self::Objected(r) => &r.answers,
            Self::Extended(r) => &r.answers,
            Self::CoAnswered(r) => &r.answers,
        }
    }

    /// The type in one token.
    #[must_use]
    pub const fn token(&self) -> &'static str {
        match self {
            Self::Signed(_) => "signed",
            Self::Accepted(_) => "acceptance_notified",
            Self::Issued(_) => "opinion_issued",
            Self::Served(_) => "opinion_served",
            Self::Completed(_) => "completed",
            Self::Objected(_) => "objected",
            Self::Extended(_) => "extended",
            Self::CoAnswered(_) => "co_answered",
        }
    }
}

/// Where a return comes from and when the office got it.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The message.
    pub id: EventId,
    /// The agency, vouched for by the bus.
    pub agency: AgencyCode,
    /// The day the office got it.
    pub on: NaiveDate,
}

/// 送达单位收件箱: T03 and T04 start, and T05 under a 交办; of a co-agency T04 and its internal limit alone. `None`
/// when it was delivered before, or has ended. A receipt travels apart from the steps and may come after them: the
/// limits start all the same, and those that a step had met by then are named as met.
///
/// # Errors
/// When the profile lacks a limit.
pub fn delivered(
    matter: &Matter,
    assignment: &Assignment,
    on: NaiveDate,
    law: &Law,
) -> Result<Option<Fact>, LimitRefused> {
    if assignment.is_delivered() || !assignment.is_active() {
        return Ok(None);
    }
    let steps = assignment.days.iter().filter(|(state, _)| *state != AssignmentState::Sent.code());
    let first_step = steps.map(|(_, on)| *on).min();
    let on = first_step.map_or(on, |first| on.min(first)).max(assignment.sent_on);
    let mut dues = match assignment.role {
        AssignmentRole::Lead => vec![law.due(RuleId::T03, on)?, law.due(RuleId::T04, on)?],
        AssignmentRole::Co => vec![law.due(RuleId::T04, on)?],
    };
    if let (AssignmentMode::Assign, Some(limit_on)) = (assignment.mode, assignment.limit_on) {
        dues.push(law.named(on, limit_on)?);
    }
    Ok(Some(Fact::Delivered(AssignmentDeliveredV1 {
        matter_id: matter.id,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        agency: assignment.agency.clone(),
        delivered_on: on,
        dues,
        role: assignment.role,
        met: met_before(assignment),
    })))
}

fn met_before(assignment: &Assignment) -> Vec<(RuleId, NaiveDate)> {
    let day = |state: AssignmentState| assignment.days.get(state.code()).copied();
    let (accepted, objected) = (day(AssignmentState::Accepted), day(AssignmentState::Objected));
    let t03 = accepted.map(|on| (RuleId::T03, on));
    let t04 = accepted.into_iter().chain(objected).min().map(|on| (RuleId::T04, on));
    t03.into_iter().chain(t04).collect()
}

/// 视为受理: T03 of an assignment has passed without a notice; T06 runs from its nominal end, receipt and 15
/// days (domain.md 1.5 d). `None` when it was accepted or taken back meanwhile, or deemed before. Accusations
/// follow rules of their own.
///
/// # Errors
/// When the profile lacks a limit.
pub fn deemed(matter: &Matter, assignment: AssignmentId, law: &Law) -> Result<Option<Fact>, LimitRefused> {
    let found = matter.assignments.iter().find(|a| a.id == assignment);
    let Some(found) = found.filter(|a| !matter.restricted && a.deemed_on().is_none()) else {
        return Ok(None);
    };
    let Some(owed) = found.dues.iter().find(|due| due.rule == RuleId::T03) else { return Ok(None) };
    // An objection does not stop T03, so it may pass while nobody has ruled yet.
    let unaccepted = [AssignmentState::Delivered, AssignmentState::Signed, AssignmentState::Objected];
    if !unaccepted.contains(&found.state) {
        return Ok(None);
    }
    let accepted_on = owed.nominal_on;
    Ok(Some(Fact::Deemed(AcceptanceDeemedV1 {
        matter_id: matter.id,
        assignment_id: found.id,
        assignment_no: found.no,
        agency: found.agency.clone(),
        accepted_on,
        dues: handling_limit(matter, accepted_on, law)?,
    })))
}

/// What a return makes of the matter.
///
/// # Errors
/// When the profile lacks a limit.
pub fn decide(matter: &Matter, answer: &Return, arrival: &Arrival, law: &Law) -> Result<Fact, LimitRefused> {
    let answers = answer.answers();
    let set_aside = |why: &str| {
        Fact::SetAside(ReturnSetAsideV1 {
            matter_id: matter.id,
            assignment_id: answers.assignment_id,
            assignment_no: answers.assignment_no,
            agency: arrival.agency.clone(),
            return_id: arrival.id,
            return_type: answer.token().to_owned(),
            why: why.to_owned(),
        })
    };
    let Some(assignment) = matter.assignments.iter().find(|a| a.id == answers.assignment_id) else {
        return Ok(set_aside("no_such_assignment"));
    };
    if assignment.agency != arrival.agency {
        return Ok(set_aside("not_its_assignment"));
    }
    if assignment.no != answers.assignment_no || !assignment.is_active() {
        return Ok(set_aside("stale_assignment"));
    }
    match fit(matter, assignment, answer) {
        Err(why) => Ok(set_aside(why)),
        Ok(()) => Ok(fact(matter, assignment, answer, arrival.on, law)?.unwrap_or_else(set_aside)),
    }
}

/// Whether the state allows the return.
fn fit(matter: &Matter, assignment: &Assignment, answer: &Return) -> Result<(), &'static str> {
    use AssignmentState as S;
    let step_of = match answer {
        Return::Signed(_) | Return::Objected(_) => assignment.role,
        Return::CoAnswered(_) => AssignmentRole::Co,
        Return::Accepted(_)
        | Return::Issued(_)
        | Return::Served(_)
        | Return::Completed(_)
        | Return::Extended(_) => AssignmentRole::Lead,
    };
    if step_of != assignment.role {
        return Err("not_of_its_role");
    }
    let allowed = match answer {
        // The receipt travels apart and may come later than the signature.
        Return::Signed(_) => matches!(assignment.state, S::Sent | S::Delivered),
        Return::Accepted(_) | Return::Objected(_) | Return::CoAnswered(_) => {
            matches!(assignment.state, S::Sent | S::Delivered | S::Signed)
        }
        Return::Issued(_) | Return::Extended(_) => assignment.state == S::Accepted,
        Return::Served(_) => assignment.state == S::OpinionIssued,
        Return::Completed(r) => match r.close_code {
            // A reply or a transfer needs no opinion (Art. 29, 30); everything else is served first.
            CloseCode::Replied | CloseCode::Transferred | CloseCode::Diverted => {
                matches!(assignment.state, S::Accepted | S::OpinionIssued | S::Served)
            }
            _ => assignment.state == S::Served,
        },
    };
    if !allowed {
        return Err("wrong_state");
    }
    match answer {
        Return::Objected(_) if assignment.binding => Err("competence_decided"),
        Return::Issued(r) if !answers_each_claim(matter, r) => Err("claims_not_answered"),
        Return::Issued(r) if !parts::are_here(matter, assignment, &r.co_known) => Err("co_part_missing"),
        // A reply is the answer of a matter without an opinion (Art. 29).
        Return::Completed(r)
            if r.close_code == CloseCode::Replied && !parts::are_here(matter, assignment, &[]) =>
        {
            Err("co_part_missing")
        }
        Return::CoAnswered(r)
            if !assignment.share.as_ref().is_some_and(|share| parts::answers_its_share(share, r)) =>
        {
            Err("claims_not_answered")
        }
        Return::Completed(r)
            if assignment.mode == AssignmentMode::Assign && r.report_content_id.is_none() =>
        {
            Err("report_owed")
        }
        _ => Ok(()),
    }
}

fn answers_each_claim(matter: &Matter, issued: &OpinionIssuedV1) -> bool {
    let mut answered: Vec<i64> = issued.claims.iter().map(|c| c.claim_no).collect();
    answered.sort_unstable();
    let mut asked: Vec<i64> = matter.claims.iter().map(|c| c.no).collect();
    asked.sort_unstable();
    answered == asked
}

fn fact(
    matter: &Matter,
    assignment: &Assignment,
    answer: &Return,
    today: NaiveDate,
    law: &Law,
) -> Result<Result<Fact, &'static str>, LimitRefused> {
    let used = |stated: NaiveDate| clamp(stated, assignment.sent_on, today);
    let (matter_id, assignment_id, assignment_no) = (matter.id, assignment.id, assignment.no);
    let agency = assignment.agency.clone();
    let on_behalf = answer.answers().on_behalf_paper.is_some();
    Ok(Ok(match answer {
        Return::Signed(r) => Fact::Signed(AssignmentSignedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            on_behalf,
            signed_on: used(r.signed_on),
            role: assignment.role,
        }),
        Return::Accepted(r) => Fact::Accepted(MatterAcceptanceNotifiedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            on_behalf,
            accepted_on: used(r.accepted_on),
            content_id: r.content_id,
            dues: accepted_limit(matter, assignment, used(r.accepted_on), law)?,
        }),
        Return::Issued(r) => Fact::Issued(MatterOpinionIssuedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            on_behalf,
            opinion_id: r.opinion_id,
            issued_on: used(r.issued_on),
            claims: r.claims.clone(),
            content_id: r.content_id,
        }),
        Return::Served(r) => Fact::Served(MatterOpinionServedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            on_behalf,
            opinion_id: r.opinion_id,
            way: r.way,
            served_on: used(r.served_on),
            content_id: r.content_id,
            dues: review_limit(matter, used(r.served_on), law)?,
        }),
        Return::Completed(r) => Fact::Closed(MatterClosedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            on_behalf,
            close_code: r.close_code,
            closed_on: used(r.completed_on),
            report_content_id: r.report_content_id,
        }),
        Return::Extended(r) => match extension::lengthen(assignment, r, used(r.granted_on), law) {
            Ok(due) => extended(matter, assignment, r, used(r.granted_on), due),
            Err(why) => return Ok(Err(why)),
        },
        Return::Objected(r) => Fact::Objected(AssignmentObjectedV1 {
            matter_id,
            assignment_id,
            assignment_no,
            agency,
            objected_on: used(r.objected_on),
            late: objection::is_late(assignment, used(r.objected_on)),
            proposed_agency: r.proposed_agency.clone(),
            content_id: r.content_id,
            on_behalf,
            role: assignment.role,
        }),
        Return::CoAnswered(r) => return Ok(parts::answered(matter, assignment, r, used(r.answered_on))),
    }))
}

fn extended(
    matter: &Matter,
    assignment: &Assignment,
    granted: &ExtendedV1,
    granted_on: NaiveDate,
    due: DueDate,
) -> Fact {
    Fact::Extended(HandlingExtendedV1 {
        matter_id: matter.id,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        agency: assignment.agency.clone(),
        days: granted.days,
        granted_on,
        due,
        content_id: granted.content_id,
        on_behalf: granted.answers.on_behalf_paper.is_some(),
    })
}

/// A notice after a deemed acceptance does not begin T06 anew.
fn accepted_limit(
    matter: &Matter,
    assignment: &Assignment,
    on: NaiveDate,
    law: &Law,
) -> Result<Vec<DueDate>, LimitRefused> {
    match assignment.deemed_on() {
        Some(_) => Ok(assignment.dues.iter().filter(|due| due.rule == RuleId::T06).cloned().collect()),
        None => handling_limit(matter, on, law),
    }
}

/// T06 runs for R6 matters alone (domain.md 1.5, trap a).
fn handling_limit(matter: &Matter, on: NaiveDate, law: &Law) -> Result<Vec<DueDate>, LimitRefused> {
    match matter.route {
        Some(Route::R6) => Ok(vec![law.due(RuleId::T06, on)?]),
        _ => Ok(Vec::new()),
    }
}

/// T07, the petitioner's own, of a claim's opinion (Art. 35).
fn review_limit(matter: &Matter, on: NaiveDate, law: &Law) -> Result<Vec<DueDate>, LimitRefused> {
    match (matter.purpose, matter.route) {
        (Purpose::Claim | Purpose::Appeal, Some(Route::R6)) => Ok(vec![law.due(RuleId::T07, on)?]),
        _ => Ok(Vec::new()),
    }
}
