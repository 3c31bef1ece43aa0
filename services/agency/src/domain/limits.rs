//! The dates of the law, as an agency sees them run (domain.md 1.5).

use calendar::{DueDate, Law, LimitRefused, RuleId};
use chrono::NaiveDate;
use contracts::{
    codes::{AssignmentMode, AssignmentRole, Purpose, Route},
    routing::AssignmentDispatchV1,
};

/// T03 and T04 run from delivery into the unit's inbox (Art. 23), T05 under a 交办 until the named day
/// (Art. 22).
///
/// # Errors
/// When the profile lacks a limit, or the named day is out of range.
pub fn from_delivery(
    law: &Law,
    dispatch: &AssignmentDispatchV1,
    delivered_on: NaiveDate,
) -> Result<Vec<DueDate>, LimitRefused> {
    let mut dues = match dispatch.role {
        AssignmentRole::Lead => {
            vec![law.due(RuleId::T03, delivered_on)?, law.due(RuleId::T04, delivered_on)?]
        }
        // The lead notifies the petitioner; a co-agency does not.
        AssignmentRole::Co => vec![law.due(RuleId::T04, delivered_on)?],
    };
    if let (AssignmentMode::Assign, Some(limit_on)) = (dispatch.mode, dispatch.limit_on) {
        dues.push(law.named(delivered_on, limit_on)?);
    }
    Ok(dues)
}

/// T06 runs from acceptance for R6 matters alone (Art. 34; domain.md 1.5, trap a).
///
/// # Errors
/// When the profile lacks the limit.
pub fn from_acceptance(
    law: &Law,
    route: Option<Route>,
    accepted_on: NaiveDate,
) -> Result<Vec<DueDate>, LimitRefused> {
    match route {
        Some(Route::R6) => Ok(vec![law.due(RuleId::T06, accepted_on)?]),
        Some(Route::R1 | Route::R2 | Route::R3 | Route::R4 | Route::R5) | None => Ok(Vec::new()),
    }
}

/// T07, the petitioner's own, runs from the receipt of a claim's opinion (Art. 35).
///
/// # Errors
/// When the profile lacks the limit.
pub fn from_service(
    law: &Law,
    purpose: Purpose,
    route: Option<Route>,
    served_on: NaiveDate,
) -> Result<Vec<DueDate>, LimitRefused> {
    match (purpose, route) {
        (Purpose::Claim | Purpose::Appeal, Some(Route::R6)) => Ok(vec![law.due(RuleId::T07, served_on)?]),
        _ => Ok(Vec::new()),
    }
}
