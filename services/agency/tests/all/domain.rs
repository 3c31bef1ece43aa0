//! Given a task, when somebody takes a step on a day, then this happened, or this refusal.

use agency::domain::{
    delivery,
    happening::Happening,
    paper::Filed,
    steps::{Desk, Plan, TaskStep},
    task::Task,
};
use calendar::Law;
use calendar::RuleId;
use contracts::{
    agency::commands::{IssueOpinion, NotifyAcceptance, PaperKind, Sign, Step},
    codes::{AssignmentMode, AssignmentState, CloseCode, Outcome, Purpose, Route},
    routing::AssignmentDispatchV1,
};
use kernel::{ContentId, Refusal};

use crate::support::{self, accusation, claim, law, mint, on};

pub struct Given {
    pub task: Task,
    law: Law,
}

pub fn given(dispatch: AssignmentDispatchV1) -> Given {
    let law = law();
    let task = delivery::delivered(dispatch, mint().mint(), on("2026-08-03"), &law).expect("delivered");
    Given { task, law }
}

fn filed() -> Filed {
    let content_id: ContentId = mint().mint();
    Filed { content_id, sha256: "00".repeat(32) }
}

impl Given {
    /// The task as the person saw it.
    pub fn seen(&self) -> contracts::agency::commands::Task {
        contracts::agency::commands::Task {
            dispatch: self.task.dispatch.clone(),
            state: self.task.state,
            version: self.task.version,
            days: self.task.days.clone(),
            dues: self.task.dues.clone(),
            papers: self.task.papers.clone(),
            outcomes: self.task.outcomes.clone(),
            ruling: self.task.ruling.clone(),
            co: self.task.co.clone(),
            drafted: self.task.drafted,
        }
    }

    pub fn when<C: TaskStep>(&self, day: &str, command: &C) -> Result<Vec<Happening>, Refusal> {
        let desk = Desk {
            today: on(day).max(self.task.last_day()),
            law: &self.law,
            review_unit: "",
            opinion_id: mint().mint(),
        };
        Ok(match command.plan(&self.task, &desk)? {
            Plan::Direct(happenings) => happenings,
            Plan::Paper { then, .. } => then(filed()),
        })
    }

    pub fn then<C: TaskStep>(mut self, day: &str, command: &C) -> Self {
        for happening in self.when(day, command).expect("allowed") {
            self.task.apply(&happening);
        }
        self
    }

    pub fn accepted(self) -> Self {
        let command = support::notify(&self.seen());
        self.then("2026-08-05", &command)
    }

    pub fn answered(self, outcomes: &[Outcome]) -> Self {
        let mut command = support::opinion(&self.seen());
        for (answer, outcome) in command.answers.iter_mut().zip(outcomes.iter().cycle()) {
            answer.outcome = *outcome;
        }
        self.then("2026-08-20", &command)
    }

    pub fn served(self) -> Self {
        let command = support::serve(&self.seen(), "2026-08-22");
        self.then("2026-08-22", &command)
    }

    fn due(&self, rule: RuleId) -> Option<(String, String)> {
        let due = self.task.dues.iter().find(|d| d.rule == rule)?;
        Some((due.nominal_on.to_string(), due.legal_on.to_string()))
    }

    pub fn refusal<C: TaskStep>(&self, day: &str, command: &C) -> (String, String) {
        let refusal = self.when(day, command).expect_err("refused");
        (refusal.code.into_owned(), refusal.field.unwrap_or_default())
    }
}

fn pair(a: &str, b: &str) -> Option<(String, String)> {
    Some((a.to_owned(), b.to_owned()))
}

fn at(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), field.to_owned())
}

#[test]
fn a_claim_goes_from_delivery_to_its_closing() {
    let task = given(claim(mint().mint()));
    assert_eq!(task.task.state, AssignmentState::Delivered);
    assert_eq!(task.due(RuleId::T03), pair("2026-08-18", "2026-08-18"), "15 days from delivery");
    assert_eq!(task.due(RuleId::T04), pair("2026-08-10", "2026-08-10"), "5 working days from delivery");
    assert_eq!(task.due(RuleId::T05), None, "a 转送 has no limit of its own");
    assert_eq!(task.task.sort_on(), on("2026-08-18"));

    let sign = support::sign(&task.seen());
    let task = task.then("2026-08-04", &sign).accepted();
    assert_eq!(task.task.day(AssignmentState::Signed), Some(on("2026-08-04")));
    assert_eq!(task.due(RuleId::T06), pair("2026-10-04", "2026-10-08"), "60 days from 2026-08-05");
    assert_eq!(task.task.sort_on(), on("2026-10-04"));

    let task = task.answered(&[Outcome::Supported]).served();
    assert_eq!(task.due(RuleId::T07), pair("2026-09-21", "2026-09-21"), "30 days from 2026-08-22");
    let close = support::complete(&task.seen(), CloseCode::SupportedExecuted);
    let task = task.then("2026-08-25", &close);
    assert_eq!(task.task.state, AssignmentState::Closed);
    assert_eq!((task.task.version, task.task.close_code), (6, Some(CloseCode::SupportedExecuted)));
    let kinds: Vec<PaperKind> = task.task.papers.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [PaperKind::AcceptanceNotice, PaperKind::Opinion, PaperKind::ServiceRecord]);
}

#[test]
fn who_notifies_an_unsigned_task_signs_for_it_on_that_day() {
    let task = given(claim(mint().mint()));
    let mut command = support::notify(&task.seen());
    command.accepted_on = Some(on("2026-08-04"));
    let happened = task.when("2026-08-05", &command).expect("allowed");
    let [Happening::Signed { on: signed }, Happening::Accepted { on: accepted, .. }] = happened.as_slice()
    else {
        panic!("{happened:?}");
    };
    assert_eq!((*signed, *accepted), (on("2026-08-04"), on("2026-08-04")));
}

#[test]
fn a_limit_named_in_a_letter_runs_until_its_day_and_orders_the_list() {
    let mut dispatch = claim(mint().mint());
    dispatch.mode = AssignmentMode::Assign;
    dispatch.limit_on = Some(on("2026-08-13"));
    let task = given(dispatch);
    assert_eq!(task.due(RuleId::T05), pair("2026-08-13", "2026-08-13"));
    assert_eq!(task.task.sort_on(), on("2026-08-13"));
    assert_eq!(task.accepted().task.sort_on(), on("2026-08-13"));
}

#[test]
fn sixty_days_run_for_the_petition_procedure_alone() {
    for route in [None, Some(Route::R1), Some(Route::R5)] {
        let mut dispatch = claim(mint().mint());
        dispatch.summary.route = route;
        assert_eq!(given(dispatch).accepted().due(RuleId::T06), None);
    }
    let mut suggestion = claim(mint().mint());
    suggestion.summary.purpose = Purpose::Suggestion;
    let task = given(suggestion).accepted().answered(&[Outcome::Supported]).served();
    assert_eq!(task.due(RuleId::T07), None, "the review chain is for claims");
}

#[test]
fn a_task_sent_today_by_an_office_ahead_of_our_clock_is_delivered_on_the_day_it_was_sent() {
    let task =
        delivery::delivered(claim(mint().mint()), mint().mint(), on("2026-08-02"), &law()).expect("task");
    assert_eq!(task.delivered_on(), on("2026-08-03"));
}

#[test]
fn steps_out_of_order_are_refused_with_state_and_event() {
    let task = given(claim(mint().mint()));
    let seen = task.seen();
    for refusal in [
        task.when("2026-08-04", &support::opinion(&seen)).expect_err("opinion before acceptance"),
        task.when("2026-08-04", &support::serve(&seen, "2026-08-04")).expect_err("service before opinion"),
        task.when("2026-08-04", &support::complete(&seen, CloseCode::Replied))
            .expect_err("closing before acceptance"),
    ] {
        assert_eq!(refusal.code, "task_wrong_state");
        assert_eq!(refusal.state.as_deref(), Some("delivered"));
        assert!(refusal.text(false).contains("delivered"), "{refusal}");
    }
    let accepted = task.accepted();
    let sign: Sign = support::sign(&seen);
    assert_eq!(accepted.refusal("2026-08-06", &sign).0, "task_wrong_state");
    assert_eq!(accepted.refusal("2026-08-06", &support::notify(&seen)).0, "task_wrong_state");
}

#[test]
fn a_stated_day_lies_between_the_step_before_and_today() {
    let task = given(claim(mint().mint()));
    let stated = |day: &str| NotifyAcceptance { accepted_on: Some(on(day)), ..support::notify(&task.seen()) };
    assert_eq!(task.refusal("2026-08-05", &stated("2026-08-06")), at("step_in_future", "accepted_on"));
    assert_eq!(task.refusal("2026-08-05", &stated("2026-08-02")), at("step_too_early", "accepted_on"));
    assert!(task.when("2026-08-05", &stated("2026-08-03")).is_ok());

    let issued = task.accepted().answered(&[Outcome::Supported]);
    let serve = |day: &str| support::serve(&issued.seen(), day);
    assert_eq!(issued.refusal("2026-08-21", &serve("2026-08-22")), at("step_in_future", "served_on"));
    assert_eq!(issued.refusal("2026-08-21", &serve("2026-08-19")), at("step_too_early", "served_on"));
    assert!(issued.when("2026-08-21", &serve("2026-08-20")).is_ok());
}

#[test]
fn a_clock_that_lags_does_not_put_a_step_before_the_last_one() {
    let task = given(claim(mint().mint())).accepted();
    let command = support::opinion(&task.seen());
    let happened = task.when("2026-08-01", &command).expect("allowed");
    assert_eq!(happened.first().map(Happening::on), Some(on("2026-08-05")));
}

#[test]
fn an_acceptance_notice_names_handler_telephone_and_procedure() {
    let task = given(claim(mint().mint()));
    let good = support::notify(&task.seen());
    let empty = String::new;
    let cases = [
        (NotifyAcceptance { handler: empty(), ..good.clone() }, "handler"),
        (NotifyAcceptance { telephone: " ".to_owned(), ..good.clone() }, "telephone"),
        (NotifyAcceptance { notice: empty(), ..good.clone() }, "notice"),
    ];
    for (command, field) in cases {
        assert_eq!(task.refusal("2026-08-05", &command), at("paper_field_owed", field));
    }
    let long = NotifyAcceptance { notice: "字".repeat(5_001), ..good.clone() };
    assert_eq!(task.refusal("2026-08-05", &long), at("paper_field_too_long", "notice"));
    let bad = NotifyAcceptance { notice: "收悉\0".to_owned(), ..good };
    assert_eq!(task.refusal("2026-08-05", &bad), at("paper_field_unreadable", "notice"));
}

#[test]
fn an_opinion_answers_each_claim_exactly_once() {
    let task = given(claim(mint().mint())).accepted();
    let good = support::opinion(&task.seen());
    let with = |numbers: &[i64]| {
        let mut command = good.clone();
        let first = good.answers.first().expect("answer");
        command.answers = numbers
            .iter()
            .map(|no| contracts::agency::commands::ClaimAnswer { claim_no: *no, ..first.clone() })
            .collect();
        command
    };
    for numbers in [&[1][..], &[1, 1], &[1, 2, 2], &[1, 2, 3], &[]] {
        let refusal = task.when("2026-08-06", &with(numbers)).expect_err("refused");
        assert_eq!(
            (refusal.code.as_ref(), refusal.article.as_deref()),
            ("claims_not_answered", Some("Art. 32"))
        );
    }
    let happened = task.when("2026-08-06", &with(&[2, 1])).expect("in any order");
    let [Happening::OpinionIssued { outcomes, .. }] = happened.as_slice() else { panic!("{happened:?}") };
    assert_eq!(outcomes.iter().map(|o| o.claim_no).collect::<Vec<_>>(), [1, 2]);
}

/// Takes something away from a good opinion.
type Spoil = fn(&mut IssueOpinion);

#[test]
fn an_opinion_states_facts_basis_review_unit_and_signer() {
    let task = given(claim(mint().mint())).accepted();
    let good = support::opinion(&task.seen());
    let fields: [(&str, Spoil); 5] = [
        ("facts", |c| c.facts.clear()),
        ("basis", |c| c.basis = "\n".to_owned()),
        ("review_unit", |c| c.review_unit.clear()),
        ("signer", |c| c.signer.clear()),
        ("answers[1].opinion", |c| c.answers[1].opinion.clear()),
    ];
    for (field, clear) in fields {
        let mut command = good.clone();
        clear(&mut command);
        assert_eq!(task.refusal("2026-08-06", &command), at("paper_field_owed", field));
    }
}

#[test]
fn the_review_unit_of_the_register_serves_where_the_head_names_none() {
    let given = given(claim(mint().mint())).accepted();
    let mut command = support::opinion(&given.seen());
    command.review_unit = " ".to_owned();
    let law = law();
    let desk =
        Desk {
            today: on("2026-08-06"), law: &law, review_unit: "云岭市人民政府", opinion_id: mint().mint()
        };
    let Ok(Plan::Paper { body, .. }) = command.plan(&given.task, &desk) else { panic!("allowed") };
    let contracts::agency::commands::PaperBody::Opinion { review_unit, .. } = body else { panic!("opinion") };
    assert_eq!(review_unit, "云岭市人民政府");
}

#[test]
fn the_proof_of_service_is_there_and_holds_no_identity_number() {
    let task = given(claim(mint().mint())).accepted().answered(&[Outcome::Supported]);
    let mut command = support::serve(&task.seen(), "2026-08-20");
    command.proof = String::new();
    assert_eq!(task.refusal("2026-08-20", &command), at("paper_field_owed", "proof"));
    command.proof = "本人签收，身份证990000199001010017".to_owned();
    assert_eq!(task.refusal("2026-08-20", &command), at("identity_in_proof", "proof"));
}

#[test]
fn a_recalled_task_refuses_every_step_with_the_offices_reason() {
    let mut given = given(claim(mint().mint()));
    assert!(delivery::recall(&mut given.task, "wrong_agency", on("2026-08-04")));
    let refusal = given.task.expect_not_recalled("sign").expect_err("recalled");
    assert_eq!(refusal.code, "task_recalled");
    assert!(refusal.text(false).contains("wrong_agency"));
    assert!(!delivery::recall(&mut given.task, "other", on("2026-08-05")), "once");
    assert_eq!((given.task.recall_reason.as_deref(), given.task.version), (Some("wrong_agency"), 2));
}

#[test]
fn a_closed_task_stays_closed_when_a_recall_crosses_it() {
    let given = given(accusation(mint().mint())).accepted();
    let close = support::complete(&given.seen(), CloseCode::Transferred);
    let mut given = given.then("2026-08-06", &close);
    assert!(!delivery::recall(&mut given.task, "duplicate", on("2026-08-07")));
    assert_eq!(given.task.state, AssignmentState::Closed);
}

#[test]
fn a_writer_who_saw_an_older_version_is_refused() {
    let given = given(claim(mint().mint()));
    let refusal = given.task.expect_version(7).expect_err("stale");
    assert_eq!(refusal.code, "task_stale");
    assert!(refusal.text(true).contains("version 1"));
    let Step { expected_version, .. } = support::step(&given.seen());
    assert_eq!(given.task.expect_version(expected_version), Ok(()));
}
