//! Objections and disputes through store and bus, on both databases.

use contracts::{
    MessageKind,
    agency::{Answers, ObjectedV1},
    codes::{AssignmentState as S, MatterState as M},
    routing::{
        AssignmentDispatchV1, Decider, Ruling, RulingDispatchV1,
        commands::{DecideCompetence, Forward, HandOver, RejectObjection, RuleOnObjection, UpholdObjection},
    },
};
use kernel::{ContentId, Role, UnixMillis};

use super::{
    fixtures::{code, day, forward_to, matter_id},
    service::{World, envelope, on_both},
};

const SCREENER: &[Role] = &[Role::Screener];
const DIRECTOR: &[Role] = &[Role::OfficeDirector];

/// The agency of the last assignment objects.
async fn object(world: &World, n: u128, version: i64) {
    let view = world.view(SCREENER).await.expect("view");
    let last = view.assignments.last().expect("handed over");
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
    world
        .arrives(&envelope(&source, n, version, matter_id(1).to_string(), &objected), MessageKind::Return)
        .await;
    world.settle().await;
}

async fn rule(world: &World) -> RuleOnObjection {
    let view = world.view(SCREENER).await.expect("view");
    assert_eq!(view.state, M::Objected);
    RuleOnObjection {
        matter_id: matter_id(1),
        expected_version: view.version,
        assignment_id: view.assignments.last().expect("one").assignment_id,
        reason: "other".to_owned(),
        note: Some("已核实".to_owned()),
    }
}

async fn rulings(world: &World, agency: &str) -> Vec<Ruling> {
    let all = world.dispatches(agency).await;
    all.iter().filter_map(|(_, m)| m.decode::<RulingDispatchV1>().ok()).map(|r| r.ruling).collect()
}

#[tokio::test]
async fn two_upheld_objections_are_a_dispute_and_its_decision_binds() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        object(&world, 300, 1).await;
        let command = UpholdObjection { rule: rule(&world).await };
        let stranger = world.ask(&[Role::Registrar], &command).await.expect_err("may not");
        assert_eq!(stranger.code, "routing_not_allowed");
        world.ask(SCREENER, &command).await.expect("upheld");
        assert_eq!(world.ask(SCREENER, &command).await.expect_err("once").code, "stale_version");
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.bounces), (M::Returned, 1));
        let ruling = view.assignments[0].objections[0].ruling.as_ref().expect("ruled");
        assert_eq!((ruling.ruling, ruling.note.as_deref()), (Ruling::Upheld, Some("已核实")));

        let mut wish = Forward {
            matter_id: matter_id(1),
            expected_version: view.version,
            hand_over: forward_to("renshe"),
        };
        assert_eq!(world.ask(SCREENER, &wish).await.expect_err("refused before").code, "unit_refused_before");
        wish.hand_over = HandOver { override_reason: None, ..forward_to("qingyan") };
        world.ask(SCREENER, &wish).await.expect("re-routed");
        object(&world, 301, 1).await;
        world.ask(DIRECTOR, &UpholdObjection { rule: rule(&world).await }).await.expect("upheld");
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.bounces), (M::Disputed, 2));
        let dispute = view.dispute.expect("raised");
        assert_eq!(dispute.deciders, Decider::Superior(code("shifu")));
        assert_eq!(dispute.agencies, [code("renshe"), code("qingyan")]);

        let mut decision = DecideCompetence {
            matter_id: matter_id(1),
            expected_version: view.version,
            lead: code("nobody"),
            due_on: day("2026-10-08"),
            by: "superior:shifu".to_owned(),
            document_number: "云政办函〔2026〕3号".to_owned(),
            dissent: false,
            co: Vec::new(),
        };
        assert_eq!(world.ask(SCREENER, &decision).await.expect_err("nobody").code, "unknown_agency");
        decision.lead = code("renshe");
        world.ask(SCREENER, &decision).await.expect("decided");
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.dispute, view.assignments.len()), (M::Assigned, None, 3));
        assert!(view.assignments[2].binding && view.claims.iter().all(|c| c.holder == "renshe"));
        world.settle().await;
        assert_eq!(rulings(&world, "qingyan").await, [Ruling::Upheld]);
        object(&world, 302, 2).await;
        assert_eq!(world.view(SCREENER).await.expect("view").state, M::Assigned, "set aside");
    })
    .await;
}

#[tokio::test]
async fn a_rejected_objection_raised_again_is_a_dispute_at_once() {
    on_both(|world| async move {
        world.screened_and_forwarded().await;
        object(&world, 300, 1).await;
        world.ask(SCREENER, &RejectObjection { rule: rule(&world).await }).await.expect("rejected");
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.assignments[0].state), (M::Forwarded, S::Sent));
        object(&world, 301, 2).await;
        let view = world.view(SCREENER).await.expect("view");
        assert_eq!((view.state, view.assignments[0].state), (M::Disputed, S::Returned));
        assert!(view.claims.iter().all(|c| c.holder == "office"));
        let all = world.dispatches("renshe").await;
        assert_eq!(all.iter().filter(|(_, m)| m.decode::<AssignmentDispatchV1>().is_ok()).count(), 1);
        let told: Vec<_> =
            all.iter().filter_map(|(_, m)| m.decode::<RulingDispatchV1>().ok()).map(|r| r.ruling).collect();
        assert_eq!(told, [Ruling::Rejected, Ruling::Disputed]);
    })
    .await;
}
