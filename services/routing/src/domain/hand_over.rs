//! 转送, 交办 and 撤回 (Art. 22): to whom, on which ground, by which day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, AssignmentState, Level, MatterState},
    routing::{
        AssignmentDispatchV1, AssignmentRecalledV1, DispatchSummary, MatterForwardedV1, RecallDispatchV1,
        commands::{HandOver, Recall},
    },
};
use kernel::{AssignmentId, Refusal};

use super::{
    agency::{Agency, Register},
    fact::Fact,
    guard,
    matter::{Assignment, Matter},
    objection,
};
use crate::error;

/// The longest limit of a 交办, in days from today.
pub(super) const LIMIT_DAYS_AT_MOST: i64 = 365;

/// A hand-over that was allowed and still lacks its number.
#[derive(Debug)]
pub struct Order {
    agency: Agency,
    mode: AssignmentMode,
    limit_on: Option<NaiveDate>,
    today: NaiveDate,
    no: i64,
    binding: bool,
    override_reason: Option<String>,
}

/// The assignment, the fact and the dispatch of one hand-over.
#[derive(Debug)]
pub struct HandedOver {
    /// To be stored.
    pub assignment: Assignment,
    /// To be published.
    pub fact: Fact,
    /// To be dispatched.
    pub dispatch: AssignmentDispatchV1,
}

/// Decides whether a matter may go to an agency today.
///
/// # Errors
/// Wrong state, an unknown or ended agency, the guard of Art. 30, a limit that is missing or does not fit.
pub fn order(
    matter: &Matter,
    wish: &HandOver,
    register: &Register,
    today: NaiveDate,
) -> Result<Order, Refusal> {
    // A decided dispute has none any more; what it hands over is binding (Art. 24).
    let binding = matter.state == MatterState::Disputed && matter.dispute.is_none();
    let with_office = binding || matches!(matter.state, MatterState::Screened | MatterState::Returned);
    if !with_office || matter.active().is_some() {
        return Err(matter.forbids(wish.mode.code()));
    }
    if !matter.facts_known {
        return Err(error::ACCUSED_NOT_KNOWN_YET.refuse());
    }
    let agency = register.open_on(&wish.agency, today).map_err(|r| r.at("hand_over.agency"))?;
    guard::keep_from_accused(&wish.agency, &matter.accused, register)?;
    match (wish.mode, wish.limit_on) {
        (AssignmentMode::Assign, None) => return Err(error::LIMIT_OWED.refuse().at("hand_over.limit_on")),
        (AssignmentMode::Forward, Some(_)) => {
            return Err(error::LIMIT_WITHOUT_ASSIGNMENT.refuse().at("hand_over.limit_on"));
        }
        (AssignmentMode::Assign, Some(limit))
            if limit <= today || (limit - today).num_days() > LIMIT_DAYS_AT_MOST =>
        {
            return Err(error::LIMIT_OUT_OF_RANGE.refuse().at("hand_over.limit_on"));
        }
        _ => {}
    }
    let no = matter.next_no();
    let override_reason = if binding { None } else { excuse(matter, wish)? };
    Ok(Order {
        agency: agency.clone(),
        mode: wish.mode,
        limit_on: wish.limit_on,
        today,
        no,
        binding,
        override_reason,
    })
}

/// A unit whose refusal stands does not get the matter again without a reason (Art. 23).
fn excuse(matter: &Matter, wish: &HandOver) -> Result<Option<String>, Refusal> {
    if !matter.assignments.iter().any(|a| a.agency == wish.agency && a.was_refused()) {
        return Ok(None);
    }
    match objection::note(wish.override_reason.as_deref(), "hand_over.override_reason")? {
        Some(reason) => Ok(Some(reason)),
        None => Err(error::UNIT_REFUSED_BEFORE.refuse().at("hand_over.override_reason")),
    }
}

impl Order {
    /// Fencing number of its assignment.
    #[must_use]
    pub const fn no(&self) -> i64 {
        self.no
    }

    /// Whether it follows a decision on competence.
    #[must_use]
    pub const fn is_binding(&self) -> bool {
        self.binding
    }

    /// The series of its document number: 信转 or 信交.
    #[must_use]
    pub const fn series(&self) -> &'static str {
        match self.mode {
            AssignmentMode::Forward => "信转",
            AssignmentMode::Assign => "信交",
        }
    }

    /// Ground in Art. 22: (1) an agency of the same level, (2) a lower one, (3) with feedback owed; after a
    /// dispute Art. 24.
    fn legal_ground(&self) -> &'static str {
        if self.binding {
            return "Art. 24";
        }
        match (self.mode, self.agency.level) {
            (AssignmentMode::Assign, _) => "Art. 22(3)",
            (AssignmentMode::Forward, Level::City) => "Art. 22(1)",
            (AssignmentMode::Forward, Level::County | Level::Township) => "Art. 22(2)",
        }
    }

    /// The hand-over with its id and number.
    #[must_use]
    pub fn numbered(
        self,
        matter: &Matter,
        id: AssignmentId,
        number: String,
        office_contact: &str,
    ) -> HandedOver {
        let claims: Vec<i64> = matter.claims.iter().map(|c| c.no).collect();
        let identity_travels = may_travel(matter);
        let legal_ground = self.legal_ground().to_owned();
        let assignment = Assignment {
            id,
            no: self.no,
            agency: self.agency.code.clone(),
            mode: self.mode,
            state: AssignmentState::Sent,
            document_number: number.clone(),
            legal_ground: legal_ground.clone(),
            sent_on: self.today,
            limit_on: self.limit_on,
            dispatch_seq: 0,
            days: BTreeMap::from([(AssignmentState::Sent.code().to_owned(), self.today)]),
            stated: BTreeMap::new(),
            dues: Vec::new(),
            papers: Vec::new(),
            close_code: None,
            binding: self.binding,
            override_reason: self.override_reason,
            objections: Vec::new(),
            role: AssignmentRole::Lead,
            share: None,
        };
        let fact = Fact::Forwarded(MatterForwardedV1 {
            matter_id: matter.id,
            assignment_id: id,
            assignment_no: self.no,
            agency: self.agency.code.clone(),
            mode: self.mode,
            claims: claims.clone(),
            forwarded_on: self.today,
            limit_on: self.limit_on,
            document_number: number.clone(),
            identity_travels,
        });
        let dispatch = AssignmentDispatchV1 {
            matter_id: matter.id,
            assignment_id: id,
            assignment_no: self.no,
            agency: self.agency.code.clone(),
            mode: self.mode,
            document_number: number,
            legal_ground,
            sent_on: self.today,
            limit_on: self.limit_on,
            claims,
            restricted: matter.restricted,
            identity_travels,
            summary: summary(matter),
            content_id: matter.summary.content_id,
            content_hash: matter.summary.content_hash.clone(),
            office_contact: office_contact.to_owned(),
            binding: self.binding,
            role: AssignmentRole::Lead,
            lead: None,
            task: None,
            co: Vec::new(),
        };
        HandedOver { assignment, fact, dispatch }
    }
}

/// Whether the contact may go with a matter at all.
pub(super) fn may_travel(matter: &Matter) -> bool {
    !matter.restricted && !matter.summary.identity_withheld && !matter.summary.anonymous
}

pub(super) fn summary(matter: &Matter) -> DispatchSummary {
    DispatchSummary {
        number: matter.summary.number.clone(),
        channel: matter.summary.channel,
        purpose: matter.purpose,
        category: matter.category.clone(),
        route: matter.route,
        place_region: matter.place_region.clone(),
        received_on: matter.received_on,
        heads: matter.summary.heads,
        joint: matter.summary.joint,
        anonymous: matter.summary.anonymous,
    }
}

/// Codes of the reasons for a recall.
pub const RECALL_REASONS: &[&str] = &["wrong_agency", "wrong_category", "duplicate", "other"];

/// Decides a recall: only of the assignment that counts, and only before the agency accepted.
///
/// # Errors
/// An unknown assignment or reason, or one already accepted.
pub fn recall(
    matter: &Matter,
    command: &Recall,
    today: NaiveDate,
) -> Result<(Fact, RecallDispatchV1), Refusal> {
    if !RECALL_REASONS.contains(&command.reason.as_str()) {
        return Err(error::UNKNOWN_REASON.refuse().at("reason"));
    }
    let assignment = matter
        .active()
        .filter(|a| a.id == command.assignment_id)
        .ok_or_else(|| error::NO_SUCH_ASSIGNMENT.refuse().at("assignment_id"))?;
    if !matches!(
        assignment.state,
        AssignmentState::Sent | AssignmentState::Delivered | AssignmentState::Signed
    ) {
        return Err(error::ALREADY_ACCEPTED.refuse().when(assignment.state.code(), "recall"));
    }
    let fact = Fact::Recalled(AssignmentRecalledV1 {
        matter_id: matter.id,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        agency: assignment.agency.clone(),
        recalled_on: today,
        reason: command.reason.clone(),
    });
    let dispatch = RecallDispatchV1 {
        matter_id: matter.id,
        assignment_id: assignment.id,
        assignment_no: assignment.no,
        agency: assignment.agency.clone(),
        reason: command.reason.clone(),
    };
    Ok((fact, dispatch))
}
