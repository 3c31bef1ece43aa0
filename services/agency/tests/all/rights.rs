//! Denied unless granted: own people, the office on behalf of an agency without computers, nobody else.

use agency::error;
use contracts::{
    agency::commands::{CountTasks, ListTasks, Open, ShowPaper, ShowTask, Task},
    agency::{AcceptanceNotifiedV1, SignedV1},
    codes::{AssignmentState, ContentPart, OpenPurpose},
};
use kernel::{Actor, Place, Role};

use crate::support::{
    World, accusation, claim, code, handler, head, mint, notify, on_each_database,
    on_each_database_without_computers, opinion, person, screener, sign,
};

fn show(task: &Task) -> ShowTask {
    ShowTask { assignment_id: task.dispatch.assignment_id }
}

fn read(task: &Task) -> Open {
    Open {
        assignment_id: task.dispatch.assignment_id,
        part: ContentPart::Text,
        attachment: None,
        purpose: OpenPurpose::Handling,
    }
}

/// What a person is told at every endpoint.
async fn everywhere(world: &World, actor: &Actor, task: &Task) -> Vec<String> {
    let paper = ShowPaper { assignment_id: task.dispatch.assignment_id, content_id: mint().mint() };
    vec![
        world.refused(actor, &ListTasks::default()).await,
        world.refused(actor, &CountTasks {}).await,
        world.refused(actor, &show(task)).await,
        world.refused(actor, &sign(task)).await,
        world.refused(actor, &read(task)).await,
        world.refused(actor, &paper).await,
    ]
}

#[tokio::test]
async fn people_of_another_agency_and_of_the_portal_find_nothing() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let roles = [Role::Handler, Role::AgencyHead];
        for stranger in [person(Place::Agency(code("jiaotong")), &roles), person(Place::Portal, &roles)] {
            for told in everywhere(&world, &stranger, &task).await {
                assert_eq!(told, error::NO_SUCH_TASK.code);
            }
        }
        assert_eq!(world.task(task.dispatch.assignment_id).await.version, 1);
    })
    .await;
}

#[tokio::test]
async fn a_role_of_the_agency_that_does_not_handle_tasks_is_refused() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let leader = person(Place::Agency(code("renshe")), &[Role::Leader, Role::Auditor]);
        for told in everywhere(&world, &leader, &task).await {
            assert_eq!(told, error::TASK_NOT_ALLOWED.code);
        }
    })
    .await;
}

#[tokio::test]
async fn an_opinion_is_signed_by_the_head_alone() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let task = world.done(&handler(), &notify(&task), &task).await;
        assert_eq!(world.refused(&handler(), &opinion(&task)).await, error::HEAD_SIGNS.code);
        let task = world.done(&head(), &opinion(&task), &task).await;
        assert_eq!(task.state, AssignmentState::OpinionIssued);
    })
    .await;
}

#[tokio::test]
async fn the_office_records_nothing_for_an_agency_that_works_in_the_system() {
    on_each_database(|world| async move {
        let task = world.given(claim(world.matter)).await;
        let mut command = sign(&task);
        command.step.on_behalf_paper = Some(mint().mint());
        let refused = error::ON_BEHALF_NOT_NEEDED.code;
        assert_eq!(world.refused(&screener(), &command).await, refused);
        assert_eq!(world.refused(&screener(), &ListTasks::default()).await, refused);
        assert_eq!(world.refused(&handler(), &command).await, error::ON_BEHALF_NOT_YOURS.code);
    })
    .await;
}

#[tokio::test]
async fn for_an_agency_without_computers_the_office_records_from_the_paper() {
    on_each_database_without_computers(|world| async move {
        let dispatch = claim(world.matter);
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        world.deliver().await;
        let registrar = person(Place::Office, &[Role::Registrar]);
        let task =
            world.ask(&registrar, &ShowTask { assignment_id: dispatch.assignment_id }).await.expect("task");
        assert_eq!(world.refused(&screener(), &sign(&task)).await, error::PAPER_OWED_ON_BEHALF.code);
        let paper = mint().mint();
        let mut command = notify(&task);
        command.step.on_behalf_paper = Some(paper);
        let changed = world.ask(&screener(), &command).await.expect("recorded");
        let mut head_signed = opinion(&task);
        head_signed.step.expected_version = changed.version;
        head_signed.step.on_behalf_paper = Some(paper);
        world.ask(&registrar, &head_signed).await.expect("the signer is named in the paper");
        let returns = world.returns().await;
        let signed = returns[0].decode::<SignedV1>().expect("signed");
        let accepted = returns[1].decode::<AcceptanceNotifiedV1>().expect("accepted");
        assert_eq!(
            (signed.answers.on_behalf_paper, accepted.answers.on_behalf_paper),
            (Some(paper), Some(paper))
        );
        // What is sealed stays shut: the office has its own door, which logs.
        assert_eq!(world.refused(&screener(), &read(&task)).await, error::TASK_NOT_ALLOWED.code);
        let auditor = person(Place::Office, &[Role::Auditor, Role::OfficeDirector]);
        assert_eq!(world.refused(&auditor, &ListTasks::default()).await, error::TASK_NOT_ALLOWED.code);
    })
    .await;
}

#[tokio::test]
async fn an_accusation_exists_for_the_restricted_officer_alone() {
    on_each_database_without_computers(|world| async move {
        let task = world.given(accusation(world.matter)).await;
        let (open, restricted) = (screener(), person(Place::Office, &[Role::RestrictedOfficer]));
        assert_eq!(world.refused(&open, &show(&task)).await, error::NO_SUCH_TASK.code);
        let mut command = sign(&task);
        command.step.on_behalf_paper = Some(mint().mint());
        assert_eq!(world.refused(&open, &command).await, error::NO_SUCH_TASK.code);
        assert!(world.ask(&open, &ListTasks::default()).await.expect("list").items.is_empty());
        assert!(world.ask(&open, &CountTasks {}).await.expect("counts").by_state.is_empty());
        assert_eq!(world.ask(&restricted, &ListTasks::default()).await.expect("list").items.len(), 1);
        world.ask(&restricted, &command).await.expect("recorded");
        let plain = world.given(claim(mint().mint())).await;
        assert_eq!(world.refused(&restricted, &show(&plain)).await, error::NO_SUCH_TASK.code);
    })
    .await;
}

#[tokio::test]
async fn without_a_signed_actor_nothing_answers() {
    on_each_database(|world| async move {
        let world = &world;
        let console = bus::Bus::Memory(world.bus.core("console"));
        for token in [None, Some("v1.not.signed")] {
            let refusal = web::ask::ask_agency(&console, &code("renshe"), token, None, &CountTasks {}).await;
            assert_eq!(refusal.expect_err("refused").code, "not_signed_in");
        }
    })
    .await;
}
