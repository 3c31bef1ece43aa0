//! 办结方式: which close code fits which class of matter (Art. 29–32; domain.md 4.4).

use contracts::{
    agency::ClaimOutcome,
    codes::{AssignmentState, CloseCode, Outcome, Purpose, Route},
};
use kernel::Refusal;

use super::task::Task;
use crate::error;

/// What must lie behind a task before it closes with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// Acceptance is enough; an opinion that was issued is served first.
    Acceptance,
    /// The opinion was issued and served.
    Service,
}

/// Decides whether a task may close with a code in its state.
///
/// # Errors
/// `close_code_not_for_class`, `task_wrong_state`, `close_code_not_of_opinion`.
pub fn fits(task: &Task, code: CloseCode) -> Result<(), Refusal> {
    let summary = &task.dispatch.summary;
    let behind = behind(summary.purpose, summary.route, code)
        .ok_or_else(|| error::CLOSE_CODE_NOT_FOR_CLASS.refuse().at("close_code").with("code", code))?;
    match (task.state, behind) {
        (AssignmentState::Accepted, Behind::Acceptance) => Ok(()),
        (AssignmentState::Served, Behind::Acceptance | Behind::Service) if agrees(&task.outcomes, code) => {
            Ok(())
        }
        (AssignmentState::Served, Behind::Acceptance | Behind::Service) => {
            Err(error::CLOSE_CODE_NOT_OF_OPINION.refuse().at("close_code").with("code", code))
        }
        _ => Err(task.forbids("complete")),
    }
}

fn behind(purpose: Purpose, route: Option<Route>, code: CloseCode) -> Option<Behind> {
    use CloseCode as C;
    let claim = matches!(purpose, Purpose::Claim | Purpose::Appeal);
    match code {
        // A reply or a transfer needs no opinion (Art. 29, 30).
        C::Replied if !claim => Some(Behind::Acceptance),
        C::Replied => None,
        C::Transferred if !claim => Some(Behind::Acceptance),
        C::Transferred => Some(Behind::Service),
        // R1 to R5 go into their own procedure, which gives no 信访处理意见书 (Art. 31).
        C::Diverted if claim && !matches!(route, Some(Route::R6) | None) => Some(Behind::Acceptance),
        C::Diverted => Some(Behind::Service),
        C::SupportedExecuted | C::Partly | C::Explained | C::Unsupported | C::Agreement => {
            Some(Behind::Service)
        }
    }
}

/// Whether the opinion says what the code says.
fn agrees(outcomes: &[ClaimOutcome], code: CloseCode) -> bool {
    let any = |wanted: Outcome| outcomes.iter().any(|o| o.outcome == wanted);
    let (yes, no_basis, no) =
        (any(Outcome::Supported), any(Outcome::ReasonableNoBasis), any(Outcome::NotSupported));
    match code {
        CloseCode::SupportedExecuted => yes && !no_basis && !no,
        CloseCode::Partly => yes,
        CloseCode::Explained | CloseCode::Unsupported => !yes,
        CloseCode::Agreement | CloseCode::Replied | CloseCode::Diverted | CloseCode::Transferred => true,
    }
}
