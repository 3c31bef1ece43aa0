//! A resolution of the joint conference becomes a binding assignment, once, or is set aside; on both databases.

use contracts::{
    MessageKind,
    agency::{Answers, ObjectedV1},
    codes::{AgendaKind, AssignmentMode, MatterState as M, TaskChecker},
    meetings::ResolutionAdoptedV1,
    routing::{
        AssignmentDispatchV1, CompetenceDecidedV1, ResolutionSetAsideV1,
        commands::{Forward, HandOver, RuleOnObjection, UpholdObjection},
    },
};
use kernel::{AgendaItemId, ContentId, MeetingId, ResolutionId, Role, UnixMillis};

use super::{
    fixtures::{code, day, forward_to, matter_id},
    service::{World, envelope, on_both},
};

const SCREENER: &[Role] = &[Role::Screener];

fn adopted(kind: AgendaKind, lead: &str, due_on: &str) -> ResolutionAdoptedV1 {
    ResolutionAdoptedV1 {
        resolution_id: ResolutionId::from_parts(UnixMillis(9), 1),
        document_number: "信议〔2026〕1号".to_owned(),
        meeting_id: MeetingId::from_parts(UnixMillis(9), 2),
        item_id: AgendaItemId::from_parts(UnixMillis(9), 3),
        matter_id: matter_id(1),
        kind,
        lead: code(lead),
        co: Vec::new(),
        due_on: day(due_on),
        checker: TaskChecker::Supervisor,
        dissent: true,
        adopted_on: day("2026-08-03"),
    }
}

/// Two units of different lines refuse: nobody is above both.
async fn in_dispute(world: &World) {
    world.screened_and_forwarded().await;
    object(world, 300).await;
    let view = world.view(SCREENER).await.expect("view");
    let hand_over = HandOver { mode: AssignmentMode::Forward, ..forward_to("jiwei") };
    let command = Forward { matter_id: matter_id(1), expected_version: view.version, hand_over };
    world.ask(SCREENER, &command).await.expect("re-routed");
    object(world, 301).await;
    let view = world.view(SCREENER).await.expect("view");
    assert_eq!(view.state, M::Disputed);
    assert_eq!(view.dispute.expect("raised").deciders, contracts::routing::Decider::Conference);
}

async fn object(world: &World, n: u128) {
    let view = world.view(SCREENER).await.expect("view");
    let last = view.assignments.last().expect("handed over").clone();
    let objected = ObjectedV1 {
        answers: Answers {
            matter_id: matter_id(1),
            assignment_id: last.assignment_id,
            assignment_no: last.assignment_no,
            on_behalf_paper: None,
        },
        objected_on: day("2026-08-03"),
        proposed_agency: None,
        content_id: ContentId::from_parts(UnixMillis(1), n),
        content_hash: String::new(),
    };
    let source = format!("lianxi/agency/{}", last.agency);
    let message = envelope(&source, n, 1, matter_id(1).to_string(), &objected);
    world.arrives(&message, MessageKind::Return).await;
    world.settle().await;
    let view = world.view(SCREENER).await.expect("view");
    let rule = RuleOnObjection {
        matter_id: matter_id(1),
        expected_version: view.version,
        assignment_id: last.assignment_id,
        reason: "other".to_owned(),
        note: None,
    };
    world.ask(SCREENER, &UpholdObjection { rule }).await.expect("upheld");
}

async fn resolve(world: &World, n: u128, resolution: &ResolutionAdoptedV1) {
    let version = i64::try_from(n - 399).expect("version");
    let message = envelope("lianxi/meetings", n, version, matter_id(1).to_string(), resolution);
    world.arrives(&message, MessageKind::Fact).await;
    world.arrives(&message, MessageKind::Fact).await;
    world.settle().await;
}

#[tokio::test]
async fn a_resolution_binds_once_and_a_second_one_is_set_aside() {
    on_both(|world| async move {
        in_dispute(&world).await;
        let resolution = adopted(AgendaKind::Competence, "renshe", "2026-10-08");
        resolve(&world, 400, &resolution).await;
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.dispute), (M::Assigned, None));
        let last = view.assignments.last().expect("made");
        assert!(last.binding && last.agency == code("renshe"));
        let decided: Vec<CompetenceDecidedV1> = world.facts().await;
        assert_eq!(decided.len(), 1);
        assert_eq!(decided[0].by, format!("resolution:{}", resolution.resolution_id));
        assert!(decided[0].dissent);
        let binding = world.dispatches("renshe").await;
        let binding: Vec<AssignmentDispatchV1> =
            binding.iter().filter_map(|(_, m)| m.decode().ok()).collect();
        assert_eq!(binding.iter().filter(|d| d.binding).count(), 1);
        resolve(&world, 401, &resolution).await;
        let aside: Vec<ResolutionSetAsideV1> = world.facts().await;
        assert_eq!((aside.len(), aside[0].reason.as_str()), (1, "wrong_state"));
        assert_eq!(world.view(SCREENER).await.expect("view").assignments.len(), 3, "nothing was made");
    })
    .await;
}

#[tokio::test]
async fn what_the_guard_refuses_is_set_aside_and_the_dispute_stands() {
    on_both(|world| async move {
        in_dispute(&world).await;
        resolve(&world, 400, &adopted(AgendaKind::Competence, "nobody", "2026-10-08")).await;
        resolve(&world, 401, &adopted(AgendaKind::Competence, "renshe", "2026-08-03")).await;
        let aside: Vec<ResolutionSetAsideV1> = world.facts().await;
        let reasons: Vec<_> = aside.iter().map(|f| f.reason.clone()).collect();
        assert_eq!(reasons, ["unknown_agency", "limit_out_of_range"]);
        let view = world.view(SCREENER).await.expect("view");
        assert!(view.state == M::Disputed && view.dispute.is_some());
        // What is only to be coordinated makes no assignment.
        resolve(&world, 402, &adopted(AgendaKind::Coordination, "renshe", "2026-10-08")).await;
        assert_eq!(world.view(SCREENER).await.expect("view").state, M::Disputed);
        assert_eq!(world.facts::<ResolutionSetAsideV1>().await.len(), 2);
    })
    .await;
}
