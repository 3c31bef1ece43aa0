//! 延期 (Art. 34): once, at most thirty days, before the end, by the head.

use calendar::RuleId;
use contracts::{
    agency::{
        ExtendedV1,
        commands::{Extend, PaperBody, ShowPaper, Task},
    },
    codes::{AssignmentState as S, Route},
};

use crate::{
    domain::given,
    support::{claim, handler, head, mint, notify, on, on_each_database, step},
};

fn extend(task: &Task, days: u32) -> Extend {
    Extend {
        step: step(task), days, reason: "需委托鉴定。".to_owned(), approver: "沈志强 局长".to_owned()
    }
}

#[test]
fn an_extension_is_short_early_and_reasoned() {
    let fresh = given(claim(mint().mint()));
    let notice = notify(&fresh.seen());
    let case = fresh.then("2026-08-03", &notice);
    let at = |day: &str, days| case.when(day, &extend(&case.seen(), days));
    // Sixty days from 3 August end on 2 October, rolled over the holiday to the 8th.
    assert!(at("2026-10-08", 30).is_ok());
    for (day, days, code) in [
        ("2026-10-09", 10, "extension_too_late"),
        ("2026-09-01", 31, "extension_too_long"),
        ("2026-09-01", 0, "extension_too_long"),
    ] {
        let refusal = at(day, days).expect_err("refused");
        assert_eq!((refusal.code.as_ref(), refusal.article.as_deref()), (code, Some("Art. 34")));
    }
    let silent = Extend { reason: " ".to_owned(), ..extend(&case.seen(), 10) };
    assert_eq!(case.when("2026-09-01", &silent).expect_err("a reason").code, "paper_field_owed");
    let first = extend(&case.seen(), 10);
    let case = case.then("2026-09-01", &first);
    let second = case.when("2026-09-02", &extend(&case.seen(), 10)).expect_err("once");
    assert_eq!((second.code.as_ref(), second.article.as_deref()), ("second_extension", Some("Art. 34")));
}

#[test]
fn only_a_matter_of_route_r6_in_handling_is_extended() {
    let case = given(claim(mint().mint()));
    assert_eq!(
        case.when("2026-08-04", &extend(&case.seen(), 10)).expect_err("state").code,
        "task_wrong_state"
    );
    let mut other = claim(mint().mint());
    other.summary.route = Some(Route::R2);
    let fresh = given(other);
    let notice = notify(&fresh.seen());
    let case = fresh.then("2026-08-04", &notice);
    assert_eq!(
        case.when("2026-08-05", &extend(&case.seen(), 10)).expect_err("R2").code,
        "no_limit_to_extend"
    );
}

#[tokio::test]
async fn the_head_extends_the_petitioner_is_told_and_the_limit_moves() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        assert_eq!(world.refused(&handler(), &extend(&task, 30)).await, "head_signs");
        let extended = world.done(&head(), &extend(&task, 30), &task).await;
        assert_eq!(extended.state, S::Accepted);
        let t06 = extended.dues.iter().find(|d| d.rule == RuleId::T06).expect("T06");
        assert_eq!((t06.nominal_on, t06.legal_on), (on("2026-11-01"), on("2026-11-02")));
        assert_eq!(extended.days.get("accepted"), task.days.get("accepted"), "acceptance stays where it was");
        let content_id = extended.papers.last().expect("the notice").1;
        let show = ShowPaper { assignment_id: task.dispatch.assignment_id, content_id };
        let PaperBody::ExtensionNotice { document_number, old_due, new_due, .. } =
            world.ask(&head(), &show).await.expect("the notice")
        else {
            panic!("another paper")
        };
        assert!(document_number.contains("信延〔2026〕1号"), "{document_number}");
        assert_eq!((old_due.legal_on, new_due.as_ref()), (on("2026-10-08"), t06));
        let told: Vec<ExtendedV1> =
            world.everything_returned().await.iter().filter_map(|m| m.decode().ok()).collect();
        assert_eq!(told.iter().map(|r| (r.days, r.approved)).collect::<Vec<_>>(), [(30, true)]);
    })
    .await;
}
