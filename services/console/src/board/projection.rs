//! Facts → rows, pure: what a fact makes of the row it finds.

use calendar::RuleId;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, MatterState},
    intake::OpenSummary,
    routing::{
        AcceptanceDeemedV1, AssignmentDeliveredV1, AssignmentObjectedV1, AssignmentRecalledV1,
        AssignmentSignedV1, CoAssignedV1, CoReleasedV1, CompetenceDecidedV1, DisputeRaisedV1,
        HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1, MatterCoAnsweredV1,
        MatterForwardedV1, MatterOpinionIssuedV1, MatterOpinionServedV1, MatterProposedV1, MatterScreenedV1,
        ObjectionDecidedV1, ResolutionSetAsideV1, ReturnSetAsideV1,
    },
};
use contracts::{
    intake::{ContentOpenedV1, QueryCodeReissuedV1, SubmissionLinkedV1, SubmissionRegisteredV1},
    routing::AgencyListedV1,
};
use kernel::{AgencyCode, AssignmentId, MatterId, UnixMillis};

use super::{
    conferred::Conferred,
    notified::Notified,
    row::{BoardRow, CoRow, ProposalSummary},
    supervised::Supervised,
};

/// A fact of intake, routing or supervision, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoardFact {
    /// 登记
    Registered(Box<SubmissionRegisteredV1>),
    /// 重复件并入
    Linked(SubmissionLinkedV1),
    /// 查阅
    Opened(ContentOpenedV1),
    /// Proposal by the rules.
    Proposed(MatterProposedV1),
    /// 甄别
    Screened(MatterScreenedV1),
    /// 转送、交办
    Forwarded(MatterForwardedV1),
    /// 撤回
    Recalled(AssignmentRecalledV1),
    /// 送达单位
    Delivered(AssignmentDeliveredV1),
    /// 签收
    Signed(AssignmentSignedV1),
    /// 受理告知
    Accepted(MatterAcceptanceNotifiedV1),
    /// 视为受理
    Deemed(AcceptanceDeemedV1),
    /// 出具意见
    Issued(MatterOpinionIssuedV1),
    /// 送达信访人
    Served(MatterOpinionServedV1),
    /// 办结
    Closed(MatterClosedV1),
    /// 延期
    Extended(HandlingExtendedV1),
    /// 异议
    Objected(AssignmentObjectedV1),
    /// 异议核实
    ObjectionDecided(ObjectionDecidedV1),
    /// 管辖争议
    DisputeRaised(DisputeRaisedV1),
    /// 指定管辖
    CompetenceDecided(CompetenceDecidedV1),
    /// 议定事项未能执行
    ResolutionSetAside(ResolutionSetAsideV1),
    /// 协办
    CoAssigned(CoAssignedV1),
    /// 已答复主办
    CoAnswered(MatterCoAnsweredV1),
    /// 解除协办
    CoReleased(CoReleasedV1),
    /// A return that changed nothing.
    SetAside(ReturnSetAsideV1),
    /// 单位名录
    AgencyListed(AgencyListedV1),
    /// 督查督办
    Supervised(Supervised),
    /// 通知
    Notified(Notified),
    /// 补发查询码
    CodeReissued(QueryCodeReissuedV1),
    /// 联席会议
    Conferred(Conferred),
}

/// What becomes of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new row.
    Enter(Box<BoardRow>),
    /// The row is changed.
    Change(Box<BoardRow>),
    /// It is an accusation: the row and everything beside it goes, for good.
    Hide,
    /// The fact a row begins with is not here yet.
    Wait,
}

/// The row after a fact. `version` is the fact's own within its context; `at` the business clock's.
#[must_use]
pub fn apply(row: Option<BoardRow>, fact: &BoardFact, version: i64, at: UnixMillis) -> Step {
    if let BoardFact::Registered(fact) = fact {
        return match &fact.open {
            Some(open) => Step::Enter(Box::new(registered(fact.submission_id, open, version, at))),
            None => Step::Hide,
        };
    }
    let Some(mut row) = row else { return Step::Wait };
    if matches!(fact, BoardFact::Screened(f) if f.restricted) {
        return Step::Hide;
    }
    match fact {
        BoardFact::Linked(_) | BoardFact::Opened(_) | BoardFact::CodeReissued(_) => {
            row.intake_version = version;
        }
        // Nobody waits for what is told of a notice.
        BoardFact::Notified(_) => {}
        BoardFact::Supervised(_) => row.supervision_version = version,
        // Pages of the conference ask its own service; nobody waits for its version here.
        BoardFact::Conferred(_) => {}
        _ => row.routing_version = version,
    }
    // Facts of the two contexts come in any order.
    row.changed_at = row.changed_at.max(at);
    change(&mut row, fact);
    Step::Change(Box::new(row))
}

fn registered(id: MatterId, open: &OpenSummary, version: i64, at: UnixMillis) -> BoardRow {
    let mut row = BoardRow {
        matter_id: id,
        number: open.number.clone(),
        channel: open.channel,
        purpose: open.purpose,
        petitioner_kind: open.petitioner_kind,
        anonymous: open.anonymous,
        joint: open.joint,
        heads: open.heads,
        identity_withheld: open.identity_withheld,
        claims: open.claims,
        attachments: open.attachments,
        place_region: open.place_region.clone(),
        received_on: open.received_on,
        registered_at: at,
        changed_at: at,
        state: MatterState::Registered,
        category: None,
        route: None,
        level: None,
        agency: None,
        assignment_id: None,
        assignment_no: None,
        assignment_state: None,
        mode: None,
        document_number: None,
        limit_on: None,
        t01: open.t01.clone(),
        dues: Vec::new(),
        due: None,
        proposal: None,
        recalled: false,
        bounces: 0,
        before_objection: None,
        attached_to: None,
        repeat_of: None,
        close_code: None,
        intake_version: version,
        routing_version: 0,
        supervision_version: 0,
        deemed: false,
        co: Vec::new(),
    };
    row.set_dues(vec![open.t01.clone()]);
    row
}

fn change(row: &mut BoardRow, fact: &BoardFact) {
    if let Some((assignment, state)) = of_co(fact) {
        // A co-agency's steps are its own: the matter stays with the lead.
        let found = row.co.iter_mut().find(|co| co.assignment_id == assignment);
        if let Some(co) = found {
            co.state = state;
        }
        return;
    }
    match fact {
        BoardFact::Linked(f) => {
            row.attached_to = Some(f.matter_id);
            row.repeat_of = None;
            // Handed over meanwhile: the assignment stands, as at routing.
            if !is_handed_over(row) {
                row.state = MatterState::Attached;
                row.set_dues(Vec::new());
            }
        }
        BoardFact::Proposed(f) => {
            row.proposal = proposal(f);
            row.repeat_of = f.repeat_of.filter(|_| row.state == MatterState::Registered);
        }
        BoardFact::Screened(f) => {
            // A person has looked at it: what was proposed is not said again.
            row.repeat_of = None;
            // Routing may have screened before it took the link in.
            if row.attached_to.is_none() {
                row.state = MatterState::Screened;
            }
            row.purpose = f.purpose;
            row.category.clone_from(&f.category);
            row.route = f.route;
            row.level = Some(f.level);
        }
        BoardFact::Forwarded(f) => forwarded(row, f),
        BoardFact::Recalled(_) => {
            back_at_office(row, MatterState::Screened, AssignmentState::Recalled);
            row.recalled = true;
        }
        BoardFact::Extended(f) => {
            row.state = MatterState::Extended;
            let kept = kept_dues(row, &[f.due.rule]);
            row.set_dues([kept, vec![f.due.clone()]].concat());
        }
        BoardFact::Objected(_) => {
            row.bounces += 1;
            row.state = MatterState::Objected;
            row.before_objection = row.assignment_state;
            row.assignment_state = Some(AssignmentState::Objected);
            // T03 goes on (domain.md 1.5, trap c).
        }
        BoardFact::ObjectionDecided(f) if f.upheld => {
            back_at_office(row, MatterState::Returned, AssignmentState::Returned);
        }
        BoardFact::ObjectionDecided(_) => {
            row.state = at_agency(row.mode.unwrap_or(AssignmentMode::Forward));
            row.assignment_state = row.before_objection.take();
        }
        BoardFact::DisputeRaised(_) => back_at_office(row, MatterState::Disputed, AssignmentState::Returned),
        BoardFact::Delivered(f) => {
            // The receipt travels apart from the steps, and may come after some of them.
            if row.assignment_state == Some(AssignmentState::Sent) {
                row.assignment_state = Some(AssignmentState::Delivered);
            }
            let met: Vec<RuleId> = f.met.iter().map(|(rule, _)| *rule).collect();
            let fresh = f.dues.iter().filter(|due| !met.contains(&due.rule)).cloned();
            row.set_dues(row.dues.iter().cloned().chain(fresh).collect());
        }
        BoardFact::CoAssigned(f) => row.co.push(CoRow {
            agency: f.agency.clone(),
            assignment_id: f.assignment_id,
            due_on: f.due_on,
            state: AssignmentState::Sent,
        }),
        BoardFact::Signed(_) => row.assignment_state = Some(AssignmentState::Signed),
        BoardFact::Accepted(f) => {
            row.state = MatterState::Handling;
            row.assignment_state = Some(AssignmentState::Accepted);
            // T06 of a deemed acceptance runs already, and the notice names it again.
            let kept = kept_dues(row, &[RuleId::T03, RuleId::T04, RuleId::T06]);
            row.set_dues([kept, f.dues.clone()].concat());
        }
        BoardFact::Deemed(f) => {
            row.deemed = true;
            row.set_dues([row.dues.clone(), f.dues.clone()].concat());
        }
        BoardFact::Issued(_) => {
            row.state = MatterState::OpinionIssued;
            row.assignment_state = Some(AssignmentState::OpinionIssued);
            row.set_dues(kept_dues(row, &[RuleId::T06]));
        }
        BoardFact::Served(f) => {
            row.state = MatterState::Served;
            row.assignment_state = Some(AssignmentState::Served);
            let kept = kept_dues(row, &[]);
            row.set_dues([kept, f.dues.clone()].concat());
        }
        BoardFact::Closed(f) => {
            row.state = MatterState::Closed;
            row.assignment_state = Some(AssignmentState::Closed);
            row.close_code = Some(f.close_code);
            // The petitioner's right to a review outlives the closing.
            row.set_dues(row.dues.iter().filter(|due| due.rule == RuleId::T07).cloned().collect());
        }
        BoardFact::Registered(_)
        | BoardFact::CoAnswered(_)
        | BoardFact::CoReleased(_)
        | BoardFact::Opened(_)
        | BoardFact::CompetenceDecided(_)
        | BoardFact::ResolutionSetAside(_)
        | BoardFact::SetAside(_)
        | BoardFact::AgencyListed(_)
        | BoardFact::Supervised(_)
        | BoardFact::Conferred(_)
        | BoardFact::Notified(_)
        | BoardFact::CodeReissued(_) => {}
    }
}

/// What a fact makes of a co-agency's assignment, if it is about one.
const fn of_co(fact: &BoardFact) -> Option<(AssignmentId, AssignmentState)> {
    let (id, role, state) = match fact {
        BoardFact::Delivered(f) => (f.assignment_id, f.role, AssignmentState::Delivered),
        BoardFact::Signed(f) => (f.assignment_id, f.role, AssignmentState::Signed),
        BoardFact::Objected(f) => (f.assignment_id, f.role, AssignmentState::Objected),
        BoardFact::ObjectionDecided(f) if f.upheld => (f.assignment_id, f.role, AssignmentState::Returned),
        BoardFact::ObjectionDecided(f) => (f.assignment_id, f.role, AssignmentState::Signed),
        BoardFact::CoAnswered(f) => (f.assignment_id, AssignmentRole::Co, AssignmentState::Answered),
        BoardFact::CoReleased(f) => (f.assignment_id, AssignmentRole::Co, AssignmentState::Recalled),
        _ => return None,
    };
    match role {
        AssignmentRole::Co => Some((id, state)),
        AssignmentRole::Lead => None,
    }
}

/// The matter lies with the office again, whose limit never stopped.
fn back_at_office(row: &mut BoardRow, state: MatterState, assignment: AssignmentState) {
    row.state = state;
    row.agency = None;
    row.assignment_state = Some(assignment);
    row.limit_on = None;
    row.deemed = false;
    row.set_dues(vec![row.t01.clone()]);
}

const fn at_agency(mode: AssignmentMode) -> MatterState {
    match mode {
        AssignmentMode::Forward => MatterState::Forwarded,
        AssignmentMode::Assign => MatterState::Assigned,
    }
}

/// Whether it lies, or lay to its end, with an agency.
fn is_handed_over(row: &BoardRow) -> bool {
    row.assignment_state.is_some_and(|state| state != AssignmentState::Recalled)
}

fn forwarded(row: &mut BoardRow, fact: &MatterForwardedV1) {
    row.state = at_agency(fact.mode);
    row.agency = Some(fact.agency.clone());
    row.assignment_id = Some(fact.assignment_id);
    row.assignment_no = Some(fact.assignment_no);
    row.assignment_state = Some(AssignmentState::Sent);
    row.mode = Some(fact.mode);
    row.document_number = Some(fact.document_number.clone());
    row.limit_on = fact.limit_on;
    row.co.clear();
    // T01 is met; the agency's limits begin with the delivery to its own inbox (domain.md 1.5 h).
    row.set_dues(Vec::new());
}

fn kept_dues(row: &BoardRow, met: &[RuleId]) -> Vec<contracts::Due> {
    row.dues.iter().filter(|due| !met.contains(&due.rule)).cloned().collect()
}

fn proposal(fact: &MatterProposedV1) -> Option<ProposalSummary> {
    let (category, agency) = (fact.categories.first(), fact.agencies.first());
    let confidence = [category, agency].into_iter().flatten().map(|p| p.confidence).min()?;
    let code = |p: Option<&contracts::routing::Proposal>| p.map(|p| p.code.clone());
    Some(ProposalSummary { category: code(category), agency: code(agency), confidence })
}

impl BoardFact {
    /// The matter whose row it changes; none for facts without a matter.
    #[must_use]
    pub const fn matter(&self) -> Option<MatterId> {
        Some(match self {
            Self::Registered(f) => f.submission_id,
            Self::Linked(f) => f.submission_id,
            Self::Opened(f) => f.submission_id,
            Self::Proposed(f) => f.matter_id,
            Self::Screened(f) => f.matter_id,
            Self::Forwarded(f) => f.matter_id,
            Self::Recalled(f) => f.matter_id,
            Self::Delivered(f) => f.matter_id,
            Self::Signed(f) => f.matter_id,
            Self::Accepted(f) => f.matter_id,
            Self::Deemed(f) => f.matter_id,
            Self::Issued(f) => f.matter_id,
            Self::Served(f) => f.matter_id,
            Self::Closed(f) => f.matter_id,
            Self::Extended(f) => f.matter_id,
            Self::Objected(f) => f.matter_id,
            Self::ObjectionDecided(f) => f.matter_id,
            Self::DisputeRaised(f) => f.matter_id,
            Self::CompetenceDecided(f) => f.matter_id,
            Self::ResolutionSetAside(f) => f.matter_id,
            Self::CoAssigned(f) => f.matter_id,
            Self::CoAnswered(f) => f.matter_id,
            Self::CoReleased(f) => f.matter_id,
            Self::SetAside(f) => f.matter_id,
            Self::Supervised(f) => f.matter(),
            Self::Notified(f) => f.matter(),
            Self::CodeReissued(f) => f.submission_id,
            Self::Conferred(f) => return f.matter(),
            Self::AgencyListed(_) => return None,
        })
    }

    /// The agency it tells of.
    #[must_use]
    pub const fn agency(&self) -> Option<&AgencyCode> {
        Some(match self {
            Self::Forwarded(f) => &f.agency,
            Self::Recalled(f) => &f.agency,
            Self::Delivered(f) => &f.agency,
            Self::Signed(f) => &f.agency,
            Self::Accepted(f) => &f.agency,
            Self::Deemed(f) => &f.agency,
            Self::Issued(f) => &f.agency,
            Self::Served(f) => &f.agency,
            Self::Closed(f) => &f.agency,
            Self::Extended(f) => &f.agency,
            Self::Objected(f) => &f.agency,
            Self::ObjectionDecided(f) => &f.agency,
            Self::CoAssigned(f) => &f.agency,
            Self::CoAnswered(f) => &f.agency,
            Self::CoReleased(f) => &f.agency,
            Self::SetAside(f) => &f.agency,
            Self::Supervised(f) => return f.agency(),
            Self::Conferred(f) => return f.agency(),
            Self::Opened(ContentOpenedV1 { unit: contracts::intake::Unit::Agency(agency), .. }) => agency,
            Self::Notified(_) | Self::CodeReissued(_) => return None,
            Self::Registered(_)
            | Self::Linked(_)
            | Self::Opened(_)
            | Self::Proposed(_)
            | Self::Screened(_)
            // Who refused and who was found competent is the office's to see.
            | Self::DisputeRaised(_)
            | Self::CompetenceDecided(_)
            | Self::ResolutionSetAside(_)
            | Self::AgencyListed(_) => return None,
        })
    }
}
