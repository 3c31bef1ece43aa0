//! 转送, 交办 and 撤回 (Art. 22): to whom, on which ground, by which day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentState, Level, MatterState},
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
};
use crate::error;

/// The longest limit of a 交办, in days from today.
const LIMIT_DAYS_AT_MOST: i64 = 365;

/// A hand-over that was allowed and still lacks its number.
#[derive(Debug)]
pub struct Order {
    agency: Agency,
    mode: AssignmentMode,
    limit_on: Option<NaiveDate>,
    today: NaiveDate,
    no: i64,
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
    if matter.state != MatterState::Screened || matter.active().is_some() {
        return Err(matter.forbids(wish.mode.code()));
    }
    if !matter.facts_known {
        return Err(error::ACCUSED_NOT_KNOWN_YET.refuse());
    }
    let agency = register
        .get(&wish.agency)
        .filter(|a| a.exists_on(today))
        .ok_or_else(|| error::UNKNOWN_AGENCY.refuse().at("hand_over.agency").with("code", &wish.agency))?;
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
    let no = matter.assignments.iter().map(|a| a.no).max().unwrap_or(0) + 1;
    Ok(Order { agency: agency.clone(), mode: wish.mode, limit_on: wish.limit_on, today, no })
}

impl Order {
    /// The series of its document number: 信转 or 信交.
    #[must_use]
    pub const fn series(&self) -> &'static str {
        match self.mode {
            AssignmentMode::Forward => "信转",
            AssignmentMode::Assign => "信交",
        }
    }

    /// Ground in Art. 22: (1) an agency of the same level, (2) a lower one, (3) with feedback owed.
    fn legal_ground(&self) -> &'static str {
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
        let identity_travels =
            !matter.restricted && !matter.summary.identity_withheld && !matter.summary.anonymous;
        let assignment = Assignment {
            id,
            no: self.no,
            agency: self.agency.code.clone(),
            mode: self.mode,
            state: AssignmentState::Sent,
            document_number: number.clone(),
            legal_ground: self.legal_ground().to_owned(),
            sent_on: self.today,
            limit_on: self.limit_on,
            dispatch_seq: 0,
            days: BTreeMap::from([(AssignmentState::Sent.code().to_owned(), self.today)]),
            stated: BTreeMap::new(),
            dues: Vec::new(),
            papers: Vec::new(),
            close_code: None,
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
            legal_ground: self.legal_ground().to_owned(),
            sent_on: self.today,
            limit_on: self.limit_on,
            claims,
            restricted: matter.restricted,
            identity_travels,
            summary: summary(matter),
            content_id: matter.summary.content_id,
            content_hash: matter.summary.content_hash.clone(),
            office_contact: office_contact.to_owned(),
        };
        HandedOver { assignment, fact, dispatch }
    }
}

fn summary(matter: &Matter) -> DispatchSummary {
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
