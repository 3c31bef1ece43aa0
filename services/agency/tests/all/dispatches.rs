//! What comes from the office: once, twice, late, out of order, for somebody else, unreadable.

use agency::{consumers, error};
use contracts::{
    DispatchSeal, Event, Message, MessageKind,
    agency::ReceivedV1,
    agency::commands::{CountTasks, ListTasks},
    codes::AssignmentState,
    registry,
    routing::{AssignmentDispatchV1, RecallDispatchV1},
};
use db::Sql;
use kernel::Clock;

use crate::support::{World, claim, code, handler, mint, on, on_each_database, sign};

static DEAD: Sql = Sql::same("SELECT count(*) FROM dead_letter");
static TASKS: Sql = Sql::same("SELECT count(*) FROM task");
static REMEMBERED: Sql = Sql::same("SELECT count(*) FROM recalled_before");

async fn receipts(world: &World) -> Vec<ReceivedV1> {
    let all = world.everything_returned().await;
    all.iter().filter_map(|m| m.decode::<ReceivedV1>().ok()).collect()
}

/// Puts what waits in the office's outbox onto the bus in an order of the test's own.
async fn send(world: &World, order: &[usize]) {
    let rows = db::outbox::unsent(&world.office.db, &[], 100).await.expect("rows");
    let routing = bus::Bus::Memory(world.bus.core("routing"));
    for (attempt, at) in order.iter().enumerate() {
        let row = &rows[*at];
        let attempt = i64::try_from(attempt).expect("attempt");
        routing.publish(&row.subject(), &row.message, attempt).await.expect("published");
    }
}

#[test]
fn the_table_names_every_dispatch_of_the_registry() {
    let mut known: Vec<_> =
        registry::ALL.iter().filter(|e| e.kind == MessageKind::Dispatch).map(|e| e.event_type).collect();
    let mut taken = consumers::TYPES.to_vec();
    known.sort_unstable();
    taken.sort_unstable();
    assert_eq!(known, taken);
}

#[tokio::test]
async fn an_assignment_becomes_a_task_and_one_receipt_answers_the_batch() {
    on_each_database(|world| async move {
        for no in 1..=3 {
            let mut dispatch = claim(mint().mint());
            dispatch.document_number = format!("云联信转〔2026〕{no}号");
            world.dispatch(&code("renshe"), dispatch.matter_id, &dispatch).await;
        }
        let consumed = world.deliver().await;
        assert_eq!((consumed.fetched, consumed.applied), (3, 3));
        let page = world.ask(&handler(), &ListTasks::default()).await.expect("tasks");
        assert_eq!(page.items.len(), 3);
        assert!(page.items.iter().all(|t| t.state == AssignmentState::Delivered && t.version == 1));
        let received = receipts(&world).await;
        let [receipt] = received.as_slice() else { panic!("{received:?}") };
        assert_eq!((receipt.sender.as_str(), receipt.from_seq, receipt.to_seq), ("routing", 1, 3));
        assert_eq!((receipt.site.as_str(), receipt.missing_from), ("site-1", None));
        let counts = world.ask(&handler(), &CountTasks {}).await.expect("counts");
        assert_eq!(counts.by_state.get("delivered"), Some(&3));
        assert_eq!(counts.received.get("routing"), Some(&3));
    })
    .await;
}

#[tokio::test]
async fn the_same_dispatch_twice_is_one_task_and_is_receipted_again() {
    on_each_database(|world| async move {
        let dispatch = claim(world.matter);
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        send(&world, &[0]).await;
        world.take_in().await.expect("first");
        let task = world.task(dispatch.assignment_id).await;
        world.done(&handler(), &sign(&task), &task).await;
        // The office did not hear the receipt and sends again under a fresh Nats-Msg-Id.
        send(&world, &[0, 0]).await;
        let again = world.take_in().await.expect("second");
        assert_eq!((again.duplicates, again.applied), (again.fetched, 0));
        assert_eq!(world.number(&TASKS).await, 1);
        assert_eq!(world.task(dispatch.assignment_id).await.state, AssignmentState::Signed);
        assert_eq!(receipts(&world).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_recall_that_overtakes_its_assignment_waits_for_it() {
    on_each_database(|world| async move {
        let dispatch = claim(world.matter);
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        world.dispatch(&code("renshe"), world.matter, &world.recall(&dispatch, "wrong_category")).await;
        send(&world, &[1]).await;
        let early = world.take_in().await.expect("early");
        assert_eq!((early.parked, early.applied), (1, 0));
        let asked = receipts(&world).await;
        assert_eq!(asked.first().map(|r| (r.to_seq, r.missing_from)), Some((0, Some(1))));
        send(&world, &[0]).await;
        world.take_in().await.expect("late");
        let task = world.task(dispatch.assignment_id).await;
        assert_eq!((task.state, task.version), (AssignmentState::Recalled, 2));
        assert_eq!(receipts(&world).await.last().map(|r| (r.to_seq, r.missing_from)), Some((2, None)));
    })
    .await;
}

#[tokio::test]
async fn a_recall_of_what_never_came_keeps_a_late_assignment_shut() {
    on_each_database(|world| async move {
        let dispatch = claim(world.matter);
        world.dispatch(&code("renshe"), world.matter, &world.recall(&dispatch, "duplicate")).await;
        world.deliver().await;
        assert_eq!(world.number(&REMEMBERED).await, 1);
        let task = world.given(dispatch).await;
        assert_eq!(task.state, AssignmentState::Recalled);
        assert_eq!(world.refused(&handler(), &sign(&task)).await, error::TASK_RECALLED.code);
    })
    .await;
}

#[tokio::test]
async fn a_dispatch_of_another_agency_does_not_enter_by_any_way() {
    on_each_database(|world| async move {
        // The office sends it to its own stream: this node never sees it.
        let mut foreign = claim(world.matter);
        foreign.agency = code("jiaotong");
        world.dispatch(&code("jiaotong"), world.matter, &foreign).await;
        assert_eq!(world.deliver().await.fetched, 0);
        // The body names another agency than the envelope.
        world.dispatch(&code("renshe"), world.matter, &foreign).await;
        let consumed = world.deliver().await;
        assert_eq!((consumed.buried, consumed.applied), (1, 0));
        assert_eq!((world.number(&TASKS).await, world.number(&DEAD).await), (0, 1));
        // The numbering goes on behind it.
        let task = world.given(claim(world.matter)).await;
        assert_eq!(task.state, AssignmentState::Delivered);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_its_envelope_is_buried_and_the_next_one_enters() {
    on_each_database(|world| async move {
        let dispatch = claim(world.matter);
        // Another matter in the envelope than in the body.
        world.dispatch(&code("renshe"), mint().mint(), &dispatch).await;
        // A recall that names another number than the assignment it recalls.
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        let mut recall = world.recall(&dispatch, "other");
        recall.assignment_no = 9;
        world.dispatch(&code("renshe"), world.matter, &recall).await;
        // Limits that cannot be reckoned.
        let mut absurd = claim(mint().mint());
        absurd.mode = contracts::codes::AssignmentMode::Assign;
        absurd.limit_on = Some(on("9000-01-01"));
        world.dispatch(&code("renshe"), absurd.matter_id, &absurd).await;
        let consumed = world.deliver().await;
        assert_eq!((consumed.buried, consumed.applied), (3, 1));
        assert_eq!(world.task(dispatch.assignment_id).await.state, AssignmentState::Delivered);
    })
    .await;
}

#[tokio::test]
async fn a_dispatch_by_one_who_does_not_own_the_type_is_poison() {
    on_each_database(|world| async move {
        let dispatch = claim(world.matter);
        let now = world.clock.now();
        let body = serde_json::to_string(&dispatch).expect("json");
        let handler =
            std::sync::Arc::new(consumers::Dispatches::new(std::sync::Arc::new(world.deps.clone())));
        let forged = |event_type: &str, sender: &str, body: &str| Message {
            id: mint().mint(),
            event_type: event_type.to_owned(),
            source: format!("lianxi/{sender}"),
            subject_id: world.matter.to_string(),
            at: now,
            version: 1,
            causation: None,
            by: None,
            traceparent: None,
            dispatch: Some(DispatchSeal {
                agency: code("renshe"),
                sender: sender.to_owned(),
                seq: 1,
                prev_hash: "0".repeat(64),
                hash: "0".repeat(64),
            }),
            body: body.to_owned(),
        };
        let mut unnumbered = forged(AssignmentDispatchV1::TYPE, "routing", &body);
        unnumbered.dispatch = None;
        for message in [
            forged(AssignmentDispatchV1::TYPE, "meetings", &body),
            forged("lianxi.routing.unheard_of.v1", "routing", &body),
            forged(RecallDispatchV1::TYPE, "routing", "{}"),
            unnumbered,
        ] {
            let handler = handler.clone();
            let applied = world
                .db
                .write(move |tx| {
                    let (handler, message) = (handler.clone(), message.clone());
                    Box::pin(async move { bus::Handler::apply(handler.as_ref(), tx, &message).await })
                })
                .await
                .expect("applied");
            assert!(matches!(applied, bus::Applied::Poison(_)), "{applied:?}");
        }
        assert_eq!(world.number(&TASKS).await, 0);
    })
    .await;
}
