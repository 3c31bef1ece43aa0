//! 主办与协办 (Art. 24) at an agency: its part as a co-agency, and the parts it waits for as a lead.

use calendar::RuleId;
use contracts::{
    agency::{
        ClaimOutcome, CoAnsweredV1, OpinionIssuedV1,
        commands::{AnswerCo, ClaimAnswer, DraftPart, OpenPart, PaperKind, PartText, ShowDraft, Task},
    },
    codes::{AssignmentMode, AssignmentRole, AssignmentState as S, CoReleaseReason, CoState, Outcome},
    routing::{AssignmentDispatchV1, CoAnswerDispatchV1, CoAsked, CoChangeDispatchV1},
};
use kernel::{ContentId, MatterId};

use crate::{
    domain::given,
    support::{
        CANARY_TEXT, World, claim, code, handler, head, mint, notify, on, on_each_database, opinion, sign,
        step,
    },
};

/// `renshe` helps `shifu` with claim 2 until 2026-08-20.
fn helping(matter: MatterId) -> AssignmentDispatchV1 {
    AssignmentDispatchV1 {
        assignment_no: 2,
        mode: AssignmentMode::Assign,
        limit_on: Some(on("2026-08-20")),
        claims: vec![2],
        identity_travels: false,
        role: AssignmentRole::Co,
        lead: Some(code("shifu")),
        ..claim(matter)
    }
}

fn asked(agency: &str, no: i64) -> CoAsked {
    CoAsked {
        agency: code(agency),
        assignment_no: no,
        due_on: on("2026-08-20"),
        claims: vec![1, 2],
        task: None,
    }
}

/// `renshe` leads; two others give it a part.
fn leading(matter: MatterId) -> AssignmentDispatchV1 {
    AssignmentDispatchV1 { co: vec![asked("jiaotong", 2), asked("zhujian", 3)], ..claim(matter) }
}

fn text(claims: &[i64]) -> PartText {
    let answer =
        |no: &i64| ClaimAnswer {
            claim_no: *no, outcome: Outcome::Supported, opinion: "属实。".to_owned()
        };
    PartText {
        facts: format!("经查，{CANARY_TEXT}。"),
        basis: "《建筑法》".to_owned(),
        answers: claims.iter().map(answer).collect(),
    }
}

fn part(task: &Task, claims: &[i64]) -> AnswerCo {
    AnswerCo { step: step(task), part: text(claims), signer: "沈志强 局长".to_owned() }
}

#[test]
fn a_co_agency_owes_its_part_by_its_own_day_and_neither_notifies_nor_answers() {
    let case = given(helping(mint().mint()));
    let rules: Vec<RuleId> = case.task.dues.iter().map(|due| due.rule).collect();
    assert_eq!(rules, [RuleId::T04, RuleId::T05]);
    assert_eq!(case.task.sort_on(), on("2026-08-20"));
    let of = |role: AssignmentRole, task: &agency::domain::task::Task| {
        task.expect_role(&[role], "step").map_err(|refusal| refusal.code.into_owned())
    };
    assert_eq!(of(AssignmentRole::Lead, &case.task), Err("co_task".to_owned()));
    assert_eq!(of(AssignmentRole::Co, &case.task), Ok(()));
    let lead = given(claim(mint().mint()));
    assert_eq!(of(AssignmentRole::Co, &lead.task), Err("lead_task".to_owned()));

    let refused =
        |claims: &[i64]| case.when("2026-08-05", &part(&case.seen(), claims)).expect_err("refused").code;
    assert_eq!(refused(&[1, 2]), "claims_not_answered");
    assert_eq!(refused(&[]), "claims_not_answered");
    let done = given(helping(mint().mint()));
    let command = part(&done.seen(), &[2]);
    let done = done.then("2026-08-05", &command);
    assert_eq!((done.task.state, done.task.is_open()), (S::Answered, false));
    assert!(done.task.days.contains_key("signed"), "who sends its part has it in hand");
    let again = done.when("2026-08-06", &part(&done.seen(), &[2])).expect_err("once");
    assert_eq!(again.code, "task_wrong_state");
}

#[tokio::test]
async fn the_handler_drafts_and_the_head_sends_the_part() {
    on_each_database(|world| async move {
        let task = world.given(helping(world.matter)).await;
        assert_eq!(world.refused(&handler(), &notify(&task)).await, "co_task");
        let draft = DraftPart { step: step(&task), part: text(&[2]) };
        let show = ShowDraft { assignment_id: task.dispatch.assignment_id };
        assert_eq!(world.refused(&handler(), &show).await, "no_part_draft");
        let drafted = world.done(&handler(), &draft, &task).await;
        assert!(drafted.drafted && drafted.version > task.version);
        assert_eq!(world.ask(&head(), &show).await.expect("the draft"), text(&[2]));
        let bad = DraftPart { step: step(&drafted), part: text(&[7]) };
        assert_eq!(world.refused(&handler(), &bad).await, "claims_not_answered");
        assert_eq!(world.returns().await.len(), 0, "a draft leaves the agency's node for nobody");
        assert_eq!(world.refused(&handler(), &part(&drafted, &[2])).await, "head_signs");
        let signed = world.done(&handler(), &sign(&drafted), &drafted).await;
        let sent = world.done(&head(), &part(&signed, &[2]), &signed).await;
        assert_eq!((sent.state, sent.drafted), (S::Answered, false));
        assert_eq!(world.refused(&head(), &show).await, "no_part_draft");
        assert_eq!(sent.papers[0].0, PaperKind::CoPart);
        let told: Vec<CoAnsweredV1> = world.returns().await.iter().filter_map(|m| m.decode().ok()).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].claims, [ClaimOutcome { claim_no: 2, outcome: Outcome::Supported }]);
        assert_eq!(told[0].content_id, sent.papers[0].1);
    })
    .await;
}

async fn answered(world: &World, task: &Task, unit: &str, no: i64) {
    let dispatch = CoAnswerDispatchV1 {
        matter_id: task.dispatch.matter_id,
        assignment_id: task.dispatch.assignment_id,
        assignment_no: task.dispatch.assignment_no,
        agency: task.dispatch.agency.clone(),
        co_no: no,
        co: code(unit),
        answered_on: on("2026-08-03"),
        claims: Vec::new(),
        content_id: ContentId::from_parts(kernel::UnixMillis(5), 5),
        content_hash: "00".repeat(32),
    };
    world.dispatch(&code("renshe"), task.dispatch.matter_id, &dispatch).await;
    world.deliver().await;
}

async fn changed(world: &World, task: &Task, co: CoAsked, released: Option<CoReleaseReason>) {
    let dispatch = CoChangeDispatchV1 {
        matter_id: task.dispatch.matter_id,
        assignment_id: task.dispatch.assignment_id,
        assignment_no: task.dispatch.assignment_no,
        agency: task.dispatch.agency.clone(),
        co,
        changed_on: on("2026-08-03"),
        released,
    };
    world.dispatch(&code("renshe"), task.dispatch.matter_id, &dispatch).await;
    world.deliver().await;
}

#[tokio::test]
async fn the_lead_issues_nothing_before_every_part_is_here_or_released() {
    on_each_database(|world| async move {
        let task = world.given(leading(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        let refusal = world.ask(&head(), &opinion(&task)).await.expect_err("gated");
        assert_eq!(
            (refusal.code.as_ref(), refusal.article.as_deref()),
            ("co_parts_missing", Some("Art. 24"))
        );
        let said = refusal.text(false);
        assert!(
            said.contains("jiaotong") && said.contains("zhujian") && said.contains("2026-08-20"),
            "{said}"
        );

        answered(&world, &task, "jiaotong", 2).await;
        // A part of a unit that was never asked changes nothing.
        answered(&world, &task, "yibao", 3).await;
        changed(&world, &task, asked("yibao", 4), None).await;
        let seen = world.task(task.dispatch.assignment_id).await;
        let states: Vec<CoState> = seen.co.iter().map(|part| part.state).collect();
        assert_eq!(states, [CoState::Answered, CoState::Awaited, CoState::Awaited]);
        let open = |co_no| OpenPart { assignment_id: task.dispatch.assignment_id, co_no };
        assert_eq!(world.refused(&handler(), &open(3)).await, "co_part_not_here");
        assert_eq!(world.refused(&head(), &opinion(&seen)).await, "co_parts_missing");

        changed(&world, &task, asked("zhujian", 3), Some(CoReleaseReason::Overdue)).await;
        changed(&world, &task, asked("yibao", 4), Some(CoReleaseReason::ObjectionUpheld)).await;
        // The same news once more, and a part after its release: neither changes anything.
        changed(&world, &task, asked("zhujian", 3), Some(CoReleaseReason::Overdue)).await;
        answered(&world, &task, "zhujian", 3).await;
        let seen = world.task(task.dispatch.assignment_id).await;
        let states: Vec<CoState> = seen.co.iter().map(|part| part.state).collect();
        assert_eq!(states, [CoState::Answered, CoState::Released, CoState::Released]);
        let issued = world.done(&head(), &opinion(&seen), &seen).await;
        assert_eq!(issued.state, S::OpinionIssued);
        let told: Vec<OpinionIssuedV1> =
            world.returns().await.iter().filter_map(|m| m.decode().ok()).collect();
        assert_eq!(told[0].co_known, [2, 3, 4], "the office sees what the lead knew");
    })
    .await;
}

#[tokio::test]
async fn a_release_before_the_letter_and_after_the_part() {
    on_each_database(|world| async move {
        let dispatch = helping(world.matter);
        let recall = world.recall(&dispatch, "not_needed");
        world.dispatch(&code("renshe"), dispatch.matter_id, &recall).await;
        world.deliver().await;
        let late = world.given(dispatch).await;
        assert_eq!(late.state, S::Recalled, "what was released before it came does not open");
        assert_eq!(world.refused(&head(), &part(&late, &[2])).await, "task_recalled");

        let second = world.given(AssignmentDispatchV1 { assignment_no: 5, ..helping(world.matter) }).await;
        let sent = world.done(&head(), &part(&second, &[2]), &second).await;
        world.taken_back(&sent).await;
        assert_eq!(
            world.task(second.dispatch.assignment_id).await.state,
            S::Answered,
            "what was sent was sent"
        );
    })
    .await;
}
