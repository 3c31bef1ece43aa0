//! Tasks of resolutions: received, reported, sent back, checked, overdue; on both databases.

use contracts::{
    agency::{TaskReceivedV1, TaskReportedV1},
    codes::{ResolutionTaskState, ResolutionTaskVerdict, SendBackReason},
    meetings::commands::{CheckTask, ListTasks, ShowTask, TaskView},
};
use kernel::{Place, ResolutionTaskId, Role};

use super::fixtures::{World, code, content, day, matter_id, nine, on_both};

async fn tasks(world: &World) -> Vec<TaskView> {
    world.ask(Role::Supervisor, &ListTasks::default()).await.expect("tasks").items
}

async fn lead(world: &World) -> TaskView {
    tasks(world).await.into_iter().find(|t| t.agency == code("renshe")).expect("the lead's task")
}

fn report(task_id: ResolutionTaskId, on: &str, paper: u128) -> TaskReportedV1 {
    TaskReportedV1 {
        task_id,
        matter_id: matter_id(1),
        reported_on: day(on),
        content_id: content(paper),
        content_hash: "ab".repeat(32),
        on_behalf_paper: None,
    }
}

fn check(task: &TaskView, verdict: ResolutionTaskVerdict) -> CheckTask {
    let back = verdict == ResolutionTaskVerdict::SendBack;
    CheckTask {
        task_id: task.task_id,
        expected_version: task.version,
        verdict,
        reason: back.then_some(SendBackReason::NoProof),
        due_on: back.then(|| day("2026-09-30")),
    }
}

#[tokio::test]
async fn a_task_is_received_reported_sent_back_reported_and_checked() {
    on_both(|world| async move {
        world.adopted(1).await;
        let task = lead(&world).await;
        assert_eq!((task.state, task.due_on), (ResolutionTaskState::Issued, day("2026-09-25")));
        let received = TaskReceivedV1 {
            task_id: task.task_id,
            matter_id: matter_id(1),
            received_on: day("2026-08-14"),
            on_behalf_paper: None,
        };
        world.returns("renshe", &matter_id(1), 1, &received).await;
        let early = world.ask(Role::Supervisor, &check(&task, ResolutionTaskVerdict::Done)).await;
        assert_eq!(early.expect_err("stale").code, "conference_stale");
        world.at(nine("2026-09-20")).await;
        world.returns("renshe", &matter_id(1), 2, &report(task.task_id, "2026-09-20", 81)).await;
        let task = lead(&world).await;
        assert_eq!(task.state, ResolutionTaskState::Reported);
        let refused = world.ask(Role::Screener, &check(&task, ResolutionTaskVerdict::Done)).await;
        assert_eq!(refused.expect_err("not named").code, "meetings_not_allowed");
        let incomplete = CheckTask { due_on: None, ..check(&task, ResolutionTaskVerdict::SendBack) };
        let refused = world.ask(Role::Supervisor, &incomplete).await.expect_err("no day");
        assert_eq!(refused.code, "task_send_back_incomplete");
        world.ask(Role::Supervisor, &check(&task, ResolutionTaskVerdict::SendBack)).await.expect("sent back");
        world.returns("renshe", &matter_id(1), 3, &report(task.task_id, "2026-09-22", 82)).await;
        let task = lead(&world).await;
        assert_eq!(task.reports.len(), 2);
        world.ask(Role::OfficeDirector, &check(&task, ResolutionTaskVerdict::Done)).await.expect("done");
        assert_eq!(lead(&world).await.state, ResolutionTaskState::Done);
        let told: Vec<_> =
            world.of_type("task_verdict_dispatched").await.iter().map(|b| b["verdict"].clone()).collect();
        assert_eq!(told, ["send_back", "done"]);
        // Nothing rings for the lead any more; the other unit's day passed.
        world.at(nine("2026-12-01")).await;
        let overdue: Vec<_> =
            world.of_type("task_overdue").await.iter().map(|b| b["agency"].clone()).collect();
        assert_eq!(overdue, ["zhujian"]);
        assert_eq!(world.dead().await, 0);
    })
    .await;
}

/// Art. 12: whatever was done, a date without a report is a breach.
#[tokio::test]
async fn a_date_without_a_report_is_said_once_never_early_whatever_pause_there_was() {
    on_both(|world| async move {
        world.adopted(1).await;
        world.at(nine("2026-09-25")).await;
        let said = world.of_type("task_overdue").await;
        assert_eq!(said.len(), 1, "the co-handling unit's alone: the lead has its whole day");
        // The sweep stands still for days; the report that comes finds the breach.
        world.clock.set(nine("2026-10-03"));
        let task = lead(&world).await;
        world.returns("renshe", &matter_id(1), 1, &report(task.task_id, "2026-10-03", 81)).await;
        let said = world.of_type("task_overdue").await;
        assert_eq!((&said[1]["agency"], &said[1]["overdue_on"]), (&"renshe".into(), &"2026-09-26".into()));
        assert_eq!(world.of_type("task_reported").await[0]["late"], true);
        for day in ["2026-10-03", "2026-10-04", "2026-11-01"] {
            world.at(nine(day)).await;
        }
        assert_eq!(world.of_type("task_overdue").await.len(), 2);
        let task = lead(&world).await;
        assert_eq!((task.state, task.overdue_on), (ResolutionTaskState::Reported, Some(day("2026-09-26"))));
        let overdue = ListTasks { overdue_only: true, ..ListTasks::default() };
        let [late] = &world.ask(Role::Supervisor, &overdue).await.expect("tasks").items[..] else {
            panic!("the other unit still owes")
        };
        assert_eq!(late.agency, code("zhujian"));
    })
    .await;
}

#[tokio::test]
async fn an_agency_sees_its_own_tasks_and_returns_about_no_other() {
    on_both(|world| async move {
        world.adopted(1).await;
        let task = lead(&world).await;
        let other = Place::Agency(code("zhujian"));
        let list = ListTasks { agency: Some(code("renshe")), ..ListTasks::default() };
        let own = world.ask_at(other.clone(), Role::AgencyHead, &list).await.expect("tasks").items;
        assert_eq!(own.iter().map(|t| t.agency.clone()).collect::<Vec<_>>(), [code("zhujian")]);
        let show = ShowTask { task_id: task.task_id };
        let refused = world.ask_at(other, Role::AgencyHead, &show).await.expect_err("another's");
        assert_eq!(refused.code, "no_such_resolution_task");
        world.returns("zhujian", &matter_id(1), 1, &report(task.task_id, "2026-08-14", 81)).await;
        assert_eq!(world.dead().await, 1);
        assert_eq!(lead(&world).await.state, ResolutionTaskState::Issued);
    })
    .await;
}
