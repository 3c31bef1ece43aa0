//! 异议 (Art. 23): lodged before acceptance with a paper, answered by the office's ruling.

use contracts::{
    agency::{
        ObjectedV1,
        commands::{Object, Open, PaperBody, PaperKind, ShowPaper, Task},
    },
    codes::{AssignmentState as S, ContentPart, OpenPurpose},
    routing::{Ruling, RulingDispatchV1},
};

use crate::{
    domain::given,
    support::{World, claim, code, handler, mint, notify, on, on_each_database, sign, step},
};

fn object(task: &Task) -> Object {
    Object {
        step: step(task),
        objected_on: None,
        reasons: "该项目属住建部门监管。".to_owned(),
        own_duties: "《市人社局职责规定》第三条".to_owned(),
        proposed_agency: Some(code("zhujian")),
    }
}

#[test]
fn an_objection_is_lodged_before_acceptance_with_reasons_and_never_after_a_decision() {
    let case = given(claim(mint().mint()));
    assert!(case.when("2026-08-05", &object(&case.seen())).is_ok());
    for (wrong, expected) in [
        (Object { reasons: " ".to_owned(), ..object(&case.seen()) }, "paper_field_owed"),
        (Object { own_duties: String::new(), ..object(&case.seen()) }, "paper_field_owed"),
        (Object { proposed_agency: Some(code("renshe")), ..object(&case.seen()) }, "proposes_itself"),
        (Object { objected_on: Some(on("2026-08-06")), ..object(&case.seen()) }, "step_in_future"),
        (Object { objected_on: Some(on("2026-08-04")), ..object(&case.seen()) }, "step_too_early"),
        (Object { objected_on: Some(on("2026-08-01")), ..object(&case.seen()) }, "step_too_early"),
    ] {
        assert_eq!(case.when("2026-08-05", &wrong).expect_err("refused").code, expected);
    }
    let mut binding = claim(mint().mint());
    binding.binding = true;
    let case = given(binding);
    let refused = case.when("2026-08-05", &object(&case.seen())).expect_err("decided");
    assert_eq!((refused.code.as_ref(), refused.article.as_deref()), ("competence_decided", Some("Art. 24")));
}

async fn ruled(world: &World, task: &Task, ruling: Ruling) -> Task {
    let dispatch = RulingDispatchV1 {
        matter_id: task.dispatch.matter_id,
        assignment_id: task.dispatch.assignment_id,
        assignment_no: task.dispatch.assignment_no,
        agency: task.dispatch.agency.clone(),
        ruling,
        reason: "other".to_owned(),
        decided_on: on("2026-08-03"),
    };
    world.dispatch(&code("renshe"), task.dispatch.matter_id, &dispatch).await;
    world.deliver().await;
    world.task(task.dispatch.assignment_id).await
}

#[tokio::test]
async fn a_rejected_objection_leaves_the_task_where_it_stood_and_may_be_raised_again() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &sign(&task), &task).await;
        let t03 = task.dues[0].clone();
        let objected = world.done(&handler(), &object(&task), &task).await;
        assert_eq!(objected.state, S::Objected);
        assert_eq!(world.refused(&handler(), &notify(&objected)).await, "task_wrong_state");
        let (kind, content_id) = objected.papers[0];
        assert_eq!(kind, PaperKind::Objection);
        let show = ShowPaper { assignment_id: task.dispatch.assignment_id, content_id };
        let PaperBody::Objection { document_number, received_on, .. } =
            world.ask(&handler(), &show).await.expect("the letter")
        else {
            panic!("another paper")
        };
        assert!(document_number.contains("信异〔2026〕1号"), "{document_number}");
        assert_eq!(received_on, on("2026-08-03"));

        let back = ruled(&world, &objected, Ruling::Rejected).await;
        assert_eq!((back.state, &back.dues[0]), (S::Signed, &t03), "T03 never stopped");
        assert_eq!(back.ruling.as_ref().map(|r| r.ruling), Some(Ruling::Rejected));
        let again = world.done(&handler(), &object(&back), &back).await;
        assert_eq!((again.state, again.papers.len()), (S::Objected, 2));
        let told: Vec<ObjectedV1> =
            world.everything_returned().await.iter().filter_map(|m| m.decode().ok()).collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].proposed_agency, Some(code("zhujian")));
    })
    .await;
}

#[tokio::test]
async fn an_upheld_objection_and_a_dispute_end_the_task_and_close_its_text() {
    for ruling in [Ruling::Upheld, Ruling::Disputed] {
        on_each_database(move |world| async move {
            let task = world.given(claim(world.matter)).await;
            let objected = world.done(&handler(), &object(&task), &task).await;
            let returned = ruled(&world, &objected, ruling).await;
            assert_eq!(returned.state, S::Returned);
            // The same ruling once more changes nothing.
            assert_eq!(ruled(&world, &objected, ruling).await.version, returned.version);
            assert_eq!(world.refused(&handler(), &sign(&returned)).await, "task_wrong_state");
            let open = Open {
                assignment_id: task.dispatch.assignment_id,
                part: ContentPart::Text,
                attachment: None,
                purpose: OpenPurpose::Handling,
            };
            assert_eq!(world.refused(&handler(), &open).await, "task_wrong_state");
            // Its own letter stays readable.
            let show =
                ShowPaper { assignment_id: task.dispatch.assignment_id, content_id: returned.papers[0].1 };
            assert!(world.ask(&handler(), &show).await.is_ok());
        })
        .await;
    }
}
