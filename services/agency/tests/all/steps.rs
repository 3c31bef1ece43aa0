//! The whole path over the bus, and what the office hears of it.

use agency::error;
use contracts::{
    agency::{
        AcceptanceNotifiedV1, CompletedV1, OpinionIssuedV1, OpinionServedV1, SignedV1,
        commands::{ListTasks, ShowTask},
    },
    codes::{AssignmentMode, AssignmentState, CloseCode},
};

use crate::support::{
    DAY_MS, accusation, claim, complete, handler, head, mint, notify, on, on_each_database, opinion, serve,
    sign,
};

#[tokio::test]
async fn a_claim_is_signed_accepted_answered_served_and_closed() {
    on_each_database(|world| async move {
        let mut dispatch = claim(world.matter);
        dispatch.mode = AssignmentMode::Assign;
        dispatch.limit_on = Some(on("2026-09-30"));
        let task = world.given(dispatch).await;
        let task = world.done(&handler(), &sign(&task), &task).await;
        world.clock.advance_ms(2 * DAY_MS);
        let task = world.done(&handler(), &notify(&task), &task).await;
        world.clock.advance_ms(10 * DAY_MS);
        let task = world.done(&head(), &opinion(&task), &task).await;
        world.clock.advance_ms(DAY_MS);
        let task = world.done(&handler(), &serve(&task, "2026-08-16"), &task).await;
        let mut last = complete(&task, CloseCode::SupportedExecuted);
        assert_eq!(world.refused(&handler(), &last).await, error::REPORT_OWED.code);
        last.report = Some("工资已结清，信访人满意。".to_owned());
        let task = world.done(&handler(), &last, &task).await;
        assert_eq!((task.state, task.version, task.papers.len()), (AssignmentState::Closed, 6, 4));

        let returns = world.returns().await;
        let versions: Vec<i64> = returns.iter().map(|m| m.version).collect();
        assert_eq!(versions, [1, 2, 3, 4, 5], "gapless per matter");
        let [signed, accepted, issued, served, closed] = returns.as_slice() else {
            panic!("{}", returns.len())
        };
        assert_eq!(signed.decode::<SignedV1>().expect("signed").signed_on, on("2026-08-03"));
        let accepted = accepted.decode::<AcceptanceNotifiedV1>().expect("accepted");
        assert_eq!((accepted.accepted_on, accepted.answers.assignment_no), (on("2026-08-05"), 1));
        let issued = issued.decode::<OpinionIssuedV1>().expect("issued");
        assert_eq!((issued.issued_on, issued.claims.len()), (on("2026-08-15"), 2));
        let served = served.decode::<OpinionServedV1>().expect("served");
        assert_eq!((served.served_on, served.opinion_id), (on("2026-08-16"), issued.opinion_id));
        let closed = closed.decode::<CompletedV1>().expect("closed");
        assert_eq!(closed.close_code, CloseCode::SupportedExecuted);
        assert!(closed.report_content_id.is_some() && closed.report_hash.is_some());
        assert!(returns.iter().all(|m| m.causation.is_some() && m.source == "lianxi/agency/renshe"));

        // What the returns name lies in intake, each once, with the hash that the return states.
        world.manners(|intake| {
            assert_eq!(intake.papers.len(), 4);
            let (notice, times) = intake.papers.get(&accepted.content_id.to_string()).expect("notice");
            assert_eq!(*times, 1);
            assert_eq!(trust::chain::Hash::of(notice.body.as_bytes()).to_hex(), accepted.content_hash);
            assert!(notice.body.contains("云人社信告〔2026〕1号"), "{}", notice.body);
        });
    })
    .await;
}

#[tokio::test]
async fn notifying_an_unsigned_task_returns_both_at_once() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        assert_eq!((task.state, task.version), (AssignmentState::Accepted, 3));
        let types: Vec<String> = world.returns().await.iter().map(|m| m.type_token().to_owned()).collect();
        assert_eq!(types, ["signed", "acceptance_notified"]);
    })
    .await;
}

#[tokio::test]
async fn an_accusation_is_closed_by_its_transfer() {
    on_each_database(|world| async move {
        let task = world.given(accusation(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        let task = world.done(&handler(), &complete(&task, CloseCode::Transferred), &task).await;
        assert_eq!(task.state, AssignmentState::Closed);
    })
    .await;
}

#[tokio::test]
async fn of_two_people_with_the_same_page_the_second_is_told() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let (command, person) = (sign(&task), handler());
        let (first, second) = tokio::join!(world.ask(&person, &command), world.ask(&person, &command));
        let lost = match (first, second) {
            (Ok(_), Err(lost)) | (Err(lost), Ok(_)) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(lost.code, error::TASK_STALE.code);
        assert_eq!(world.returns().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn after_a_recall_every_step_is_refused_with_its_reason() {
    on_each_database(|world| async move {
        let seen = world.given(claim(world.matter)).await;
        world.taken_back(&seen).await;
        let recalled = error::TASK_RECALLED.code;
        // Whether the page is older than the recall or newer.
        for task in [&seen, &world.task(seen.dispatch.assignment_id).await] {
            assert_eq!(world.refused(&handler(), &sign(task)).await, recalled);
            assert_eq!(world.refused(&handler(), &notify(task)).await, recalled);
            assert_eq!(world.refused(&head(), &opinion(task)).await, recalled);
            assert_eq!(world.refused(&handler(), &serve(task, "2026-08-03")).await, recalled);
            assert_eq!(world.refused(&handler(), &complete(task, CloseCode::Agreement)).await, recalled);
        }
        assert!(world.returns().await.is_empty());
        let open = ListTasks { open_only: true, ..ListTasks::default() };
        assert!(world.ask(&handler(), &open).await.expect("tasks").items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_list_is_ordered_by_due_filtered_by_state_and_paged() {
    on_each_database(|world| async move {
        let mut late = claim(mint().mint());
        late.mode = AssignmentMode::Assign;
        late.limit_on = Some(on("2026-08-10"));
        let soon = late.assignment_id;
        let mut tasks = Vec::new();
        for dispatch in [claim(mint().mint()), late, claim(world.matter)] {
            tasks.push(world.given(dispatch).await);
        }
        let first = tasks.first().expect("task");
        world.done(&handler(), &sign(first), first).await;
        let mut wish = ListTasks::default();
        wish.page.limit = Some(1);
        let mut order = Vec::new();
        loop {
            let page = world.ask(&handler(), &wish).await.expect("page");
            order.extend(page.items.iter().map(|t| t.dispatch.assignment_id));
            match page.next {
                Some(next) => wish.page.after = Some(next),
                None => break,
            }
        }
        assert_eq!((order.len(), order.first()), (3, Some(&soon)));
        let signed = ListTasks { state: Some(AssignmentState::Signed), ..ListTasks::default() };
        let page = world.ask(&handler(), &signed).await.expect("page");
        assert_eq!(page.items.len(), 1);
        let nobody = ShowTask { assignment_id: mint().mint() };
        assert_eq!(world.refused(&handler(), &nobody).await, error::NO_SUCH_TASK.code);
        let mut unknown = sign(first);
        unknown.step.assignment_id = mint().mint();
        assert_eq!(world.refused(&handler(), &unknown).await, error::NO_SUCH_TASK.code);
    })
    .await;
}
