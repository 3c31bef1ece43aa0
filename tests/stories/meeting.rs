//! 联席会议 (Art. 24, 12): two units of different lines refuse, the conference decides, routing makes the binding
//! assignment, the tasks are reported and checked; another meeting is called off.

use contracts::{
    Page,
    agency::commands::{Invitation, PaperBody, ResolutionTask, ResolutionTaskTaken},
    codes::{AgendaState, AssignmentState as S, MeetingState, ResolutionState, ResolutionTaskState as T},
    meetings::commands::{ItemView, MeetingChanged, MeetingCounts, MeetingView, TaskView},
};
use kernel::MeetingId;
use serde_json::{Value, json};
use suite::client::Client;

use crate::office::{
    Office, Store,
    dispute::disputed,
    letter::{at, claim, code_of, notice, on_board, register, step},
    wait::wait_for,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_joint_conference_settles_a_dispute_on_sqlite() {
    let office = Office::start(&["renshe", "jiwei", "zhujian"]).await;
    conference(&office).await;
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_joint_conference_settles_a_dispute_on_postgresql() {
    let Some(office) = Office::start_on(Store::Postgres, &["renshe", "jiwei", "zhujian"]).await else {
        return;
    };
    conference(&office).await;
    office.stop().await;
}

struct People {
    screener: Client,
    director: Client,
    supervisor: Client,
    renshe: Client,
    jiwei: Client,
}

async fn conference(office: &Office) {
    let people = People {
        screener: office.person("screener").await,
        director: office.person("director").await,
        supervisor: office.person("supervisor").await,
        renshe: office.person("renshe.handler").await,
        jiwei: office.person("jiwei.handler").await,
    };
    let receipt = register(&office.person("registrar").await, "conference-1", &claim()).await;
    let id = receipt.submission_id.to_string();
    disputed(&people.screener, [("renshe", &people.renshe), ("jiwei", &people.jiwei)], &id).await;
    let item = listed(&people, &id).await;
    let meeting = called(&people, &item).await;
    let moved = replied_and_moved(&people, &item, &meeting).await;
    office.set_clock("2026-08-14T10:00:00+08:00");
    let held = held(&people, &moved).await;
    decided(&people, &id, &held).await;
    assigned(&people, &id).await;
    reported(&people, &id).await;
    called_off(&people).await;
    let canary = "欠薪属实，应由人社牵头";
    assert!(office.folder.files_with(&["劳务公司承诺书"]).is_empty(), "a sealed report lies in plain text");
    let shown: MeetingView =
        people.renshe.get(&format!("/api/v1/meetings/{}", moved.meeting_id)).await.expect("minutes");
    assert!(shown.items[0].decision.as_ref().is_some_and(|d| d.facts.contains(canary)));
}

async fn item_of(by: &Client, id: &str) -> Option<ItemView> {
    let page: Page<ItemView> = by.get(&format!("/api/v1/agenda?matter_id={id}")).await.expect("agenda");
    page.items.into_iter().next()
}

/// The dispute came onto the agenda by itself, with both letters; the screener takes it.
async fn listed(people: &People, id: &str) -> ItemView {
    let item = wait_for("the item is proposed", || item_of(&people.screener, id)).await;
    assert_eq!((item.state, item.positions.len()), (AgendaState::Proposed, 2));
    let path = format!("/api/v1/agenda/{}/screen_item", item.item_id);
    let take = json!({ "expected_version": item.version, "take": true });
    people.screener.post::<Value>(&path, &take).await.expect("taken");
    item
}

fn plan(start: &str, end: &str, items: &Value) -> Value {
    json!({
        "starts_at": start,
        "ends_at": end,
        "place": "市民中心A座301会议室",
        "reply_by": "2026-08-10",
        "agencies": [{ "agency": "zhujian", "required": false }],
        "items": items,
    })
}

async fn called(people: &People, item: &ItemView) -> MeetingChanged {
    let items = json!([item.item_id]);
    let plan = plan("2026-08-13T09:00:00+08:00", "2026-08-13T11:00:00+08:00", &items);
    let call = json!({ "body": "shilianxi", "kind": "working", "plan": plan });
    let refused = people.screener.post::<Value>("/api/v1/meetings", &call).await;
    code_of(refused);
    let called: MeetingChanged = people.director.post("/api/v1/meetings", &call).await.expect("called");
    assert_eq!((called.state, called.sequence), (MeetingState::Called, 0));
    called
}

async fn invitation(by: &Client, id: MeetingId, sequence: i64) -> Invitation {
    wait_for("the invitation arrives", || async {
        let page: Page<Invitation> = by.get("/api/v1/tasks/meetings").await.expect("invitations");
        page.items
            .into_iter()
            .find(|i| i.dispatch.terms.meeting_id == id && i.dispatch.terms.sequence >= sequence)
    })
    .await
}

async fn replied_and_moved(people: &People, item: &ItemView, called: &MeetingChanged) -> MeetingChanged {
    let id = called.meeting_id;
    let got = invitation(&people.jiwei, id, 0).await;
    assert_eq!(got.dispatch.party_to, [item.item_id]);
    let path = format!("/api/v1/tasks/meetings/{id}/reply_invitation");
    let bare = json!({ "expected_version": got.version, "reply": "declined" });
    assert_eq!(code_of(people.jiwei.post::<Value>(&path, &bare).await), "reply_reason_owed");
    let declined = json!({ "expected_version": got.version, "reply": "declined", "reason": "other_meeting" });
    people.jiwei.post::<Value>(&path, &declined).await.expect("declined");
    let view = shown(people, id, |v| v.invitations.iter().any(|i| i.reply.is_some())).await;
    let plan = plan("2026-08-14T09:00:00+08:00", "2026-08-14T11:00:00+08:00", &json!([item.item_id]));
    let path = format!("/api/v1/meetings/{id}/move_meeting");
    let command = json!({ "expected_version": view.version, "plan": plan });
    let moved: MeetingChanged = people.director.post(&path, &command).await.expect("moved");
    assert_eq!(moved.sequence, 1);
    for handler in [&people.renshe, &people.jiwei] {
        let got = invitation(handler, id, 1).await;
        assert_eq!(got.dispatch.terms.uid, view.terms.uid, "the uid stays");
        let path = format!("/api/v1/tasks/meetings/{id}/reply_invitation");
        let accepted =
            json!({ "expected_version": got.version, "reply": "accepted", "substitute_post": "副局长" });
        handler.post::<Value>(&path, &accepted).await.expect("accepted");
    }
    positioned(people, item, id).await;
    shown(people, id, |v| {
        v.invitations.iter().filter(|i| i.reply.as_ref().is_some_and(|r| r.sequence == 1)).count() == 2
    })
    .await;
    moved
}

/// 纪委 adds to its letter of objection; the office reads it where it lies sealed.
async fn positioned(people: &People, item: &ItemView, id: MeetingId) {
    let got = invitation(&people.jiwei, id, 1).await;
    let path = format!("/api/v1/tasks/meetings/{id}/file_position");
    let paper = json!({
        "item_id": item.item_id,
        "expected_version": got.version,
        "text": "本件不涉及监察对象履职问题。",
        "own_duties": "监察法第十一条",
    });
    people.jiwei.post::<Value>(&path, &paper).await.expect("filed");
    let matter = item.matter_id.to_string();
    let item = wait_for("the position is here", || async {
        item_of(&people.screener, &matter).await.filter(|i| i.positions.len() == 3)
    })
    .await;
    let asked = json!({ "content_id": item.positions[2].content_id, "purpose": "auditing" });
    let path = format!("/api/v1/matters/{matter}/paper");
    let opened: Value = people.screener.post(&path, &asked).await.expect("opened");
    let body: PaperBody = serde_json::from_str(at(&opened, "/body").as_str().expect("body")).expect("paper");
    assert!(matches!(body, PaperBody::Position { text, .. } if text.contains("监察对象")));
}

async fn shown(people: &People, id: MeetingId, ready: impl Fn(&MeetingView) -> bool) -> MeetingView {
    wait_for("the meeting is as it shall be", || async {
        let view: MeetingView =
            people.screener.get(&format!("/api/v1/meetings/{id}")).await.expect("meeting");
        ready(&view).then_some(view)
    })
    .await
}

async fn held(people: &People, moved: &MeetingChanged) -> MeetingChanged {
    let attendance = json!([
        { "agency": "renshe", "attendance": "present", "who": "副局长 甲" },
        { "agency": "jiwei", "attendance": "substitute", "who": "信访室主任 乙" },
        { "agency": "zhujian", "attendance": "absent" },
    ]);
    let path = format!("/api/v1/meetings/{}/hold_meeting", moved.meeting_id);
    let command = json!({ "expected_version": moved.version, "attendance": attendance });
    let held: MeetingChanged = people.director.post(&path, &command).await.expect("held");
    assert_eq!(held.state, MeetingState::Held);
    held
}

async fn decided(people: &People, id: &str, held: &MeetingChanged) {
    let item = item_of(&people.screener, id).await.expect("item");
    assert_eq!(item.state, AgendaState::Discussed);
    let decision = json!({
        "outcome": "resolved",
        "facts": "欠薪属实，应由人社牵头。",
        "resolved": {
            "lead": "renshe",
            "due_on": "2026-09-25",
            "co": [{ "agency": "zhujian", "due_on": "2026-09-15" }],
            "action": "核实欠薪并督促支付。",
            "checker": "supervisor",
        },
        "dissent": [{ "agency": "jiwei", "words": "应一并移送线索。" }],
    });
    let path = format!("/api/v1/agenda/{}/decide_item", item.item_id);
    let command = json!({ "expected_version": item.version, "decision": decision });
    people.director.post::<Value>(&path, &command).await.expect("decided");
    let path = format!("/api/v1/meetings/{}/fix_minutes", held.meeting_id);
    let fix = json!({ "expected_version": held.version, "convener": "召集人 市委常委" });
    people.director.post::<Value>(&path, &fix).await.expect("fixed");
    let item = wait_for("routing carries the resolution out", || async {
        let item = item_of(&people.screener, id).await?;
        let bound = item.resolution.as_ref().is_some_and(|r| r.state == ResolutionState::Binding);
        bound.then_some(item)
    })
    .await;
    assert_eq!((item.state, item.tasks.len()), (AgendaState::Resolved, 2));
}

/// The lead got it, binding; it cannot object any more.
async fn assigned(people: &People, id: &str) {
    let view = on_board(&people.screener, id, "assigned").await;
    assert_eq!(at(&view, "/board/agency"), "renshe");
    let mut binding = wait_for("the binding task arrives", || async {
        let page: Page<contracts::agency::commands::Task> =
            people.renshe.get("/api/v1/tasks?open_only=true").await.expect("tasks");
        page.items.into_iter().find(|t| t.dispatch.matter_id.to_string() == *id)
    })
    .await;
    assert!(binding.dispatch.binding);
    let reasons = json!({ "reasons": "不属本单位职责。", "own_duties": "第三条", "proposed_agency": null });
    let refused = step(&people.renshe, &mut binding, "object", reasons, "").await;
    assert_eq!(code_of(refused), "competence_decided");
    step(&people.renshe, &mut binding, "notify_acceptance", notice(), "").await.expect("accepted");
    assert_eq!(binding.state, S::Accepted);
}

/// Received, reported, sent back, reported, checked.
async fn reported(people: &People, id: &str) {
    let got = wait_for("the task of the resolution arrives", || async {
        let page: Page<ResolutionTask> = people.renshe.get("/api/v1/tasks/resolutions").await.expect("tasks");
        page.items.into_iter().find(|t| t.dispatch.matter_id.to_string() == *id)
    })
    .await;
    let path = format!("/api/v1/tasks/resolutions/{}", got.dispatch.task_id);
    let report =
        |version: i64| json!({ "expected_version": version, "text": "劳务公司承诺书已取得，正在支付。" });
    let taken: ResolutionTaskTaken = people
        .renshe
        .post(&format!("{path}/report_resolution_task"), &report(got.version))
        .await
        .expect("reported");
    assert_eq!(taken.state, T::Reported);
    let task = lead_task(people, T::Reported).await;
    let check = format!("/api/v1/resolution_tasks/{}/check_task", task.task_id);
    let back = json!({ "expected_version": task.version, "verdict": "send_back", "reason": "no_proof",
        "due_on": "2026-09-30" });
    code_of(people.screener.post::<Value>(&check, &back).await);
    people.supervisor.post::<Value>(&check, &back).await.expect("sent back");
    let again = wait_for("the verdict arrives", || async {
        let page: Page<ResolutionTask> = people.renshe.get("/api/v1/tasks/resolutions").await.expect("tasks");
        page.items.into_iter().find(|t| t.state == T::SentBack)
    })
    .await;
    people
        .renshe
        .post::<ResolutionTaskTaken>(&format!("{path}/report_resolution_task"), &report(again.version))
        .await
        .expect("reported anew");
    let task = lead_task(people, T::Reported).await;
    assert_eq!(task.reports.len(), 2);
    let done = json!({ "expected_version": task.version, "verdict": "done" });
    people.supervisor.post::<Value>(&check, &done).await.expect("done");
    lead_task(people, T::Done).await;
}

async fn lead_task(people: &People, state: T) -> TaskView {
    wait_for(&format!("the lead's task is {state}"), || async {
        let page: Page<TaskView> =
            people.supervisor.get("/api/v1/resolution_tasks?agency=renshe").await.expect("tasks");
        page.items.into_iter().find(|t| t.state == state)
    })
    .await
}

async fn called_off(people: &People) {
    let plan = json!({
        "starts_at": "2026-08-21T09:00:00+08:00",
        "ends_at": "2026-08-21T10:00:00+08:00",
        "place": "市民中心A座301会议室",
        "reply_by": "2026-08-20",
        "agencies": [{ "agency": "renshe", "required": true }],
        "items": [],
    });
    let call = json!({ "body": "shilianxi", "kind": "working", "plan": plan });
    let called: MeetingChanged = people.director.post("/api/v1/meetings", &call).await.expect("called");
    invitation(&people.renshe, called.meeting_id, 0).await;
    let path = format!("/api/v1/meetings/{}/call_off_meeting", called.meeting_id);
    let off = json!({ "expected_version": called.version, "reason": "merged" });
    let off: MeetingChanged = people.director.post(&path, &off).await.expect("called off");
    assert_eq!(off.sequence, 1);
    wait_for("the cancellation arrives", || async {
        let path = format!("/api/v1/tasks/meetings/{}", called.meeting_id);
        let got: Invitation = people.renshe.get(&path).await.expect("invitation");
        got.cancelled_on
    })
    .await;
    let counts: MeetingCounts = people.screener.get("/api/v1/meetings/counts").await.expect("counts");
    assert_eq!((counts.meetings["called_off"], counts.meetings["minutes_fixed"]), (1, 1));
}
