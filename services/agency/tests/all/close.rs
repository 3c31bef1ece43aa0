//! Close codes: by class, by route, by what lies behind the task, and in agreement with the opinion.

use contracts::codes::{AssignmentMode, AssignmentState, CloseCode, Outcome, Purpose, Route};

use crate::{
    domain::{Given, given},
    support::{accusation, claim, complete, mint},
};

fn of(purpose: Purpose, route: Option<Route>) -> Given {
    let mut dispatch = claim(mint().mint());
    dispatch.summary.purpose = purpose;
    dispatch.summary.route = route;
    given(dispatch).accepted()
}

fn allowed(task: &Given, code: CloseCode) -> Result<(), String> {
    let command = complete(&task.seen(), code);
    task.when("2026-08-25", &command).map(drop).map_err(|r| r.code.into_owned())
}

fn refused(code: &str) -> Result<(), String> {
    Err(code.to_owned())
}

#[test]
fn a_reply_or_a_transfer_needs_acceptance_and_no_opinion() {
    for purpose in [Purpose::Suggestion, Purpose::Inquiry, Purpose::Accusation, Purpose::Other] {
        let task = of(purpose, None);
        assert_eq!(allowed(&task, CloseCode::Replied), Ok(()));
        assert_eq!(allowed(&task, CloseCode::Transferred), Ok(()));
        assert_eq!(allowed(&task, CloseCode::SupportedExecuted), refused("task_wrong_state"));
    }
    let restricted = given(accusation(mint().mint())).accepted();
    assert_eq!(allowed(&restricted, CloseCode::Transferred), Ok(()));
}

#[test]
fn a_claim_closes_after_opinion_and_service() {
    for purpose in [Purpose::Claim, Purpose::Appeal] {
        let accepted = of(purpose, Some(Route::R6));
        for code in
            [CloseCode::SupportedExecuted, CloseCode::Agreement, CloseCode::Diverted, CloseCode::Transferred]
        {
            assert_eq!(allowed(&accepted, code), refused("task_wrong_state"), "{code}");
        }
        assert_eq!(allowed(&accepted, CloseCode::Replied), refused("close_code_not_for_class"));
        let issued = accepted.answered(&[Outcome::Supported]);
        assert_eq!(allowed(&issued, CloseCode::SupportedExecuted), refused("task_wrong_state"));
        assert_eq!(allowed(&issued.served(), CloseCode::SupportedExecuted), Ok(()));
    }
}

#[test]
fn a_claim_of_another_procedure_is_diverted_without_an_opinion() {
    for route in [Route::R1, Route::R2, Route::R3, Route::R4, Route::R5] {
        assert_eq!(allowed(&of(Purpose::Claim, Some(route)), CloseCode::Diverted), Ok(()));
    }
    assert_eq!(allowed(&of(Purpose::Claim, None), CloseCode::Diverted), refused("task_wrong_state"));
}

#[test]
fn an_opinion_that_was_issued_is_served_before_anything_closes() {
    let issued = of(Purpose::Suggestion, None).answered(&[Outcome::Supported]);
    assert_eq!(allowed(&issued, CloseCode::Replied), refused("task_wrong_state"));
    assert_eq!(allowed(&issued.served(), CloseCode::Replied), Ok(()));
}

#[test]
fn the_code_says_what_the_opinion_says() {
    use CloseCode as C;
    use Outcome as O;
    let cases: [(&[O], &[C], &[C]); 4] = [
        (&[O::Supported], &[C::SupportedExecuted, C::Partly, C::Agreement], &[C::Explained, C::Unsupported]),
        (
            &[O::Supported, O::NotSupported],
            &[C::Partly, C::Agreement],
            &[C::SupportedExecuted, C::Unsupported],
        ),
        (&[O::ReasonableNoBasis], &[C::Explained, C::Agreement], &[C::SupportedExecuted, C::Partly]),
        (&[O::NotSupported], &[C::Unsupported, C::Explained], &[C::SupportedExecuted, C::Partly]),
    ];
    for (outcomes, fit, clash) in cases {
        let task = of(Purpose::Claim, Some(Route::R6)).answered(outcomes).served();
        for code in fit {
            assert_eq!(allowed(&task, *code), Ok(()), "{outcomes:?} {code}");
        }
        for code in clash {
            assert_eq!(allowed(&task, *code), refused("close_code_not_of_opinion"), "{outcomes:?} {code}");
        }
    }
}

#[test]
fn under_an_assignment_letter_a_report_is_owed() {
    let mut dispatch = claim(mint().mint());
    dispatch.mode = AssignmentMode::Assign;
    dispatch.limit_on = "2026-09-30".parse().ok();
    let task = given(dispatch).accepted().answered(&[Outcome::Supported]).served();
    let mut command = complete(&task.seen(), CloseCode::SupportedExecuted);
    for empty in [None, Some(" ".to_owned())] {
        command.report = empty;
        assert_eq!(task.refusal("2026-08-25", &command), ("report_owed".to_owned(), "report".to_owned()));
    }
    command.report = Some("字".repeat(20_001));
    assert_eq!(task.refusal("2026-08-25", &command).0, "paper_field_too_long");
    command.report = Some("已结清工资。".to_owned());
    let task = task.then("2026-08-25", &command);
    assert_eq!((task.task.state, task.task.papers.len()), (AssignmentState::Closed, 4));
    assert_eq!(task.refusal("2026-08-26", &command).0, "task_wrong_state");
}
