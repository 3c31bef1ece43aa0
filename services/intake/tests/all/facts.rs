//! Routing's facts come twice, late, out of order, or as nonsense.

use contracts::{codes::ContentPart, routing::AssignmentRecalledV1};
use kernel::{AssignmentId, MatterId};

use crate::office::{Office, claim, code, each, forwarded, opening};

fn recalled(matter: MatterId, assignment: AssignmentId) -> AssignmentRecalledV1 {
    AssignmentRecalledV1 {
        matter_id: matter,
        assignment_id: assignment,
        assignment_no: 1,
        agency: code("renshe"),
        recalled_on: "2026-08-04".parse().expect("date"),
        reason: "other".into(),
    }
}

async fn may_open(office: &Office, matter: MatterId, assignment: AssignmentId) -> String {
    let opened = office.open_as("renshe", &opening(matter, assignment, ContentPart::Text)).await;
    opened.map_or_else(|refusal| refusal.code.into_owned(), |_| "ok".into())
}

#[tokio::test]
async fn a_fact_that_comes_twice_has_one_effect() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.deps.mint.mint();
        let given = office.fact(id, 1, &forwarded(id, assignment, "renshe", true));
        let taken = office.fact(id, 2, &recalled(id, assignment));
        for message in [&given, &given, &taken, &given, &taken] {
            office.say(message).await;
        }
        office.take_in().await;
        assert_eq!(may_open(&office, id, assignment).await, "right_recalled");
        office.say(&given).await;
        office.take_in().await;
        assert_eq!(may_open(&office, id, assignment).await, "right_recalled");
        assert_eq!(office.count("SELECT count(*) FROM agency_right").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_recall_that_overtakes_its_forwarding_waits_for_it() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.deps.mint.mint();
        office.say(&office.fact(id, 2, &recalled(id, assignment))).await;
        office.take_in().await;
        assert_eq!(may_open(&office, id, assignment).await, "right_not_here_yet");
        assert_eq!(office.count("SELECT count(*) FROM parked").await, 1);
        office.say(&office.fact(id, 1, &forwarded(id, assignment, "renshe", true))).await;
        office.take_in().await;
        assert_eq!(may_open(&office, id, assignment).await, "right_recalled");
        assert_eq!(office.count("SELECT count(*) FROM parked").await, 0);
    })
    .await;
}

/// A forwarding may be told before the submission it is about is looked for again: rights need no submission.
#[tokio::test]
async fn facts_of_other_matters_do_not_wait_for_each_other() {
    each(|office| async move {
        let (one, two) =
            (office.register(&claim()).await.submission_id, office.register(&claim()).await.submission_id);
        let assignments: [AssignmentId; 2] = [office.deps.mint.mint(), office.deps.mint.mint()];
        office.say(&office.fact(one, 2, &recalled(one, assignments[0]))).await;
        office.say(&office.fact(two, 1, &forwarded(two, assignments[1], "renshe", true))).await;
        office.take_in().await;
        assert_eq!(may_open(&office, two, assignments[1]).await, "ok");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_buried_and_the_rest_goes_on() {
    each(|office| async move {
        let id = office.register(&claim()).await.submission_id;
        let assignment = office.deps.mint.mint();
        let mut unreadable =
            office.fact(office.deps.mint.mint(), 1, &forwarded(id, assignment, "renshe", true));
        unreadable.body = r#"{"matter_id":"xf_1"}"#.into();
        let mut unknown = office.fact(office.deps.mint.mint(), 1, &forwarded(id, assignment, "renshe", true));
        unknown.event_type = "lianxi.routing.matter_teleported.v1".into();
        office.say(&unreadable).await;
        office.say(&unknown).await;
        office.say(&office.fact(id, 1, &forwarded(id, assignment, "renshe", true))).await;
        office.take_in().await;
        assert_eq!(may_open(&office, id, assignment).await, "ok");
        assert_eq!(db::dead_letter::count(&office.deps.db).await.expect("count"), 2);
    })
    .await;
}
