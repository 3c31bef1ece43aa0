//! 异议 (Art. 23): what an objection is, and how the office rules on it.

use chrono::NaiveDate;
use contracts::{
    codes::AssignmentState,
    routing::{
        AssignmentObjectedV1, ObjectionDecidedV1, Ruling, RulingDispatchV1, commands::RuleOnObjection,
    },
};
use kernel::{AgencyCode, ContentId, Refusal};
use serde::{Deserialize, Serialize};

use super::{
    fact::Fact,
    matter::{Assignment, Matter},
};
use crate::error;

/// One objection and its ruling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// The day as used.
    pub objected_on: NaiveDate,
    /// After T04.
    pub late: bool,
    /// The unit that the agency holds for competent.
    pub proposed_agency: Option<AgencyCode>,
    /// Its reasons, sealed in intake.
    pub content_id: ContentId,
    /// The ruling; absent while it is owed.
    pub ruling: Option<Ruled>,
}

impl Objection {
    /// As it came.
    #[must_use]
    pub fn lodged(fact: &AssignmentObjectedV1) -> Self {
        Self {
            objected_on: fact.objected_on,
            late: fact.late,
            proposed_agency: fact.proposed_agency.clone(),
            content_id: fact.content_id,
            ruling: None,
        }
    }
}

/// 异议答复
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// The answer.
    pub ruling: Ruling,
    /// Code of the reason.
    pub reason: String,
    /// The office's own words; they stay here.
    pub note: Option<String>,
    /// The day.
    pub decided_on: NaiveDate,
}

impl Ruled {
    /// A ruling without words.
    #[must_use]
    pub fn new(ruling: Ruling, reason: &str, decided_on: NaiveDate) -> Self {
        Self { ruling, reason: reason.to_owned(), note: None, decided_on }
    }
}

/// Codes of the reasons for agreeing.
pub const UPHOLD_REASONS: &[&str] = &["not_competent", "competent_elsewhere", "duties_moved", "other"];
/// Codes of the reasons for refusing.
pub const REJECT_REASONS: &[&str] = &["within_duties", "not_substantiated", "first_receiver", "other"];
/// The most characters of the office's own words.
pub const NOTE_AT_MOST: usize = 200;

/// T04: whether an objection of this day comes after the five working days (Art. 23). Before the delivery
/// nothing runs.
#[must_use]
pub fn is_late(assignment: &Assignment, objected_on: NaiveDate) -> bool {
    let t04 = assignment.dues.iter().find(|due| due.rule == calendar::RuleId::T04);
    t04.is_some_and(|due| due.is_breached(objected_on))
}

/// What the office decided.
#[derive(Debug)]
pub struct Decided {
    /// To be published.
    pub fact: Fact,
    /// To be dispatched.
    pub dispatch: RulingDispatchV1,
    /// The office's own words.
    pub note: Option<String>,
}

/// Rules on the open objection. `consents` is whether the one who rules may also excuse a late one [D].
///
/// # Errors
/// `no_open_objection`, `ruling_reason_owed`, `office_note_too_long`, `late_objection`.
pub fn rule(
    matter: &Matter,
    command: &RuleOnObjection,
    upheld: bool,
    consents: bool,
    today: NaiveDate,
) -> Result<Decided, Refusal> {
    let event = if upheld { "uphold_objection" } else { "reject_objection" };
    let assignment = matter
        .assignments
        .iter()
        .find(|a| a.id == command.assignment_id && a.state == AssignmentState::Objected)
        .ok_or_else(|| error::NO_OPEN_OBJECTION.refuse().when(matter.state.code(), event))?;
    let reasons = if upheld { UPHOLD_REASONS } else { REJECT_REASONS };
    if !reasons.contains(&command.reason.as_str()) {
        return Err(error::RULING_REASON_OWED.refuse().at("reason"));
    }
    let note = note(command.note.as_deref(), "note")?;
    let late = assignment.objections.last().is_some_and(|o| o.late);
    if upheld && late && !consents {
        return Err(error::LATE_OBJECTION.refuse().when(matter.state.code(), event));
    }
    let (matter_id, assignment_id, assignment_no) = (matter.id, assignment.id, assignment.no);
    let fact = Fact::ObjectionDecided(ObjectionDecidedV1 {
        matter_id,
        assignment_id,
        assignment_no,
        agency: assignment.agency.clone(),
        upheld,
        decided_on: today,
        reason: command.reason.clone(),
        bounces: matter.bounces,
        role: assignment.role,
    });
    let dispatch = RulingDispatchV1 {
        matter_id,
        assignment_id,
        assignment_no,
        agency: assignment.agency.clone(),
        ruling: if upheld { Ruling::Upheld } else { Ruling::Rejected },
        reason: command.reason.clone(),
        decided_on: today,
    };
    Ok(Decided { fact, dispatch, note })
}

/// Short words of the office, trimmed; none when empty.
///
/// # Errors
/// `office_note_too_long`.
pub fn note(text: Option<&str>, field: &str) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    if text.chars().count() > NOTE_AT_MOST || text.contains('\0') {
        return Err(error::NOTE_TOO_LONG.refuse().at(field).with("most", NOTE_AT_MOST));
    }
    Ok(Some(text.to_owned()))
}
