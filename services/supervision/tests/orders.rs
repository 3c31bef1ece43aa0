//! Orders: proposed by a breach, issued by a person, answered by the agency, judged; on both databases.

use contracts::{
    MessageKind,
    agency::{OrderAcknowledgedV1, OrderRepliedV1, ReceivedV1},
    codes::{OrderCause, OrderOwed, OrderState, OrderVerdict, SendBackReason},
    supervision::commands::{DropOrder, IssueOrder, JudgeOrder, ListOrders, OrderView},
};
use kernel::{ContentId, OrderId, Role, UnixMillis};

use super::fixtures::{
    World, assignment_id, day, delivered, forwarded, matter_id, nine, on_both, registered,
};

/// An agency that lets T03 pass: a draft lies ready on 2026-08-19.
async fn breached(world: &World, n: u128) {
    world.intake(n, 1, &registered(n, "2026-08-03")).await;
    world.routing(n, 1, &forwarded(n, "2026-08-03")).await;
    world.routing(n, 2, &delivered(n, "2026-08-03")).await;
    world.hear().await;
    world.at(nine("2026-08-19")).await;
}

async fn orders(world: &World) -> Vec<OrderView> {
    world.ask(Role::Supervisor, &ListOrders::default()).await.expect("orders").items
}

fn issue(n: u128, order_id: Option<OrderId>) -> IssueOrder {
    IssueOrder {
        matter_id: matter_id(n),
        assignment_id: assignment_id(n),
        order_id,
        cause: OrderCause::AcceptanceRulesBreached,
        owed: OrderOwed::AcceptanceNotice,
        due_on: day("2026-08-26"),
    }
}

/// What the agency's node returns, numbered within the matter.
async fn returns<E: contracts::Event>(world: &World, n: u128, version: i64, answer: &E) {
    let message = world.message("lianxi/agency/renshe", &matter_id(n), version, answer);
    world.send(&message, MessageKind::Return).await;
    world.hear().await;
}

#[tokio::test]
async fn a_breach_proposes_and_only_a_person_issues() {
    on_both(|world| async move {
        breached(&world, 1).await;
        let [draft] = &orders(&world).await[..] else { panic!("one draft") };
        assert_eq!((draft.state, draft.owed), (OrderState::Draft, OrderOwed::AcceptanceNotice));
        assert_eq!(draft.document_number, None);
        assert!(!world.told().await.contains(&"order_issued".to_owned()));
        for role in [Role::Screener, Role::Leader, Role::Registrar] {
            let barred = world.ask(role, &issue(1, Some(draft.order_id))).await;
            assert_eq!(barred.expect_err("not theirs").code, "supervision_not_allowed");
        }
        let changed = world.ask(Role::Supervisor, &issue(1, Some(draft.order_id))).await.expect("issued");
        assert_eq!((changed.state, changed.order_id), (OrderState::Issued, draft.order_id));
        let again = world.ask(Role::Supervisor, &issue(1, Some(draft.order_id))).await;
        assert_eq!(again.expect_err("issued before").code, "order_wrong_state");
        let second = world.ask(Role::Supervisor, &issue(1, None)).await;
        assert_eq!(second.expect_err("one at a time").code, "order_open_already");
    })
    .await;
}

#[tokio::test]
async fn numbers_have_no_gap_and_the_letter_goes_out_numbered_by_its_own_sender() {
    on_both(|world| async move {
        for n in 1..=3 {
            breached(&world, n).await;
        }
        for n in 1..=3 {
            // A refused command takes no number.
            let early = IssueOrder { due_on: day("2026-08-19"), ..issue(n, None) };
            assert!(world.ask(Role::OfficeDirector, &early).await.is_err());
            let drafts = orders(&world).await;
            let draft = drafts.iter().find(|o| o.matter_id == matter_id(n)).expect("draft");
            world.ask(Role::OfficeDirector, &issue(n, Some(draft.order_id))).await.expect("issued");
        }
        let mut numbers: Vec<_> =
            orders(&world).await.into_iter().filter_map(|o| o.document_number).collect();
        numbers.sort();
        assert_eq!(numbers, ["信督〔2026〕1号", "信督〔2026〕2号", "信督〔2026〕3号"]);
        let rows = db::outbox::page(&world.db, None, 0, 1_000).await.expect("outbox");
        let seals: Vec<_> = rows.into_iter().filter_map(|row| row.message.dispatch).collect();
        let seqs: Vec<_> = seals.iter().map(|seal| (seal.sender.as_str(), seal.seq)).collect();
        assert_eq!(seqs, [("supervision", 1), ("supervision", 2), ("supervision", 3)]);
    })
    .await;
}

#[tokio::test]
async fn an_order_is_acknowledged_replied_sent_back_and_closed() {
    on_both(|world| async move {
        breached(&world, 1).await;
        let draft = orders(&world).await.remove(0);
        world.ask(Role::Supervisor, &issue(1, Some(draft.order_id))).await.expect("issued");
        let (order_id, matter) = (draft.order_id, matter_id(1));
        let acknowledged = OrderAcknowledgedV1 {
            order_id,
            matter_id: matter,
            acknowledged_on: day("2026-08-19"),
            on_behalf_paper: None,
        };
        returns(&world, 1, 1, &acknowledged).await;
        let reply = |content: u128| OrderRepliedV1 {
            order_id,
            matter_id: matter,
            replied_on: day("2026-08-19"),
            content_id: ContentId::from_parts(UnixMillis(1), content),
            content_hash: String::new(),
            on_behalf_paper: None,
        };
        returns(&world, 1, 2, &reply(1)).await;
        let judge = |version: i64, verdict, reason, due_on| JudgeOrder {
            order_id,
            expected_version: version,
            verdict,
            reason,
            due_on,
        };
        let stale = world.ask(Role::Supervisor, &judge(1, OrderVerdict::Accept, None, None)).await;
        assert_eq!(stale.expect_err("stale").code, "order_stale");
        let back = judge(4, OrderVerdict::SendBack, Some(SendBackReason::NoProof), Some(day("2026-08-29")));
        assert_eq!(world.ask(Role::Supervisor, &back).await.expect("back").state, OrderState::SentBack);
        returns(&world, 1, 3, &reply(2)).await;
        let done = world.ask(Role::Supervisor, &judge(6, OrderVerdict::Accept, None, None)).await;
        assert_eq!(done.expect("closed").state, OrderState::Closed);
        let order = orders(&world).await.remove(0);
        assert_eq!((order.replies.len(), order.sent_back), (2, 1));
        let told: Vec<_> = world.told().await.split_off(3);
        assert_eq!(
            told,
            [
                "order_issued",
                "order_acknowledged",
                "order_replied",
                "order_sent_back",
                "order_replied",
                "order_closed"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_return_of_another_agency_or_state_changes_nothing() {
    on_both(|world| async move {
        breached(&world, 1).await;
        let draft = orders(&world).await.remove(0);
        // Nothing has been issued: a reply makes no sense, and lies among the dead letters.
        let reply = OrderRepliedV1 {
            order_id: draft.order_id,
            matter_id: matter_id(1),
            replied_on: day("2026-08-19"),
            content_id: ContentId::from_parts(UnixMillis(1), 1),
            content_hash: String::new(),
            on_behalf_paper: None,
        };
        returns(&world, 1, 1, &reply).await;
        assert_eq!(orders(&world).await.remove(0).state, OrderState::Draft);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_draft_makes_room_for_another_order() {
    on_both(|world| async move {
        breached(&world, 1).await;
        let draft = orders(&world).await.remove(0);
        let command = DropOrder { order_id: draft.order_id, expected_version: draft.version };
        let dropped = world.ask(Role::Supervisor, &command).await.expect("dropped");
        assert_eq!((dropped.state, dropped.fact_version), (OrderState::Dropped, 0));
        let issued = world.ask(Role::Supervisor, &issue(1, None)).await.expect("issued");
        assert_eq!(issued.state, OrderState::Issued);
        let gone = IssueOrder { assignment_id: assignment_id(7), ..issue(1, None) };
        let refused = world.ask(Role::Supervisor, &gone).await;
        assert_eq!(refused.expect_err("no such").code, "no_assignment_to_urge");
    })
    .await;
}

#[tokio::test]
async fn a_receipt_closes_the_dispatch_of_its_own_sender_alone() {
    on_both(|world| async move {
        breached(&world, 1).await;
        let draft = orders(&world).await.remove(0);
        world.ask(Role::Supervisor, &issue(1, Some(draft.order_id))).await.expect("issued");
        world.hear().await;
        let rows = db::outbox::page(&world.db, None, 0, 1_000).await.expect("outbox");
        let seal = rows.into_iter().find_map(|row| row.message.dispatch).expect("a dispatch");
        let receipt = |sender: &str| ReceivedV1 {
            sender: sender.to_owned(),
            from_seq: 1,
            to_seq: 1,
            head: seal.hash.clone(),
            missing_from: None,
            site: "office".to_owned(),
        };
        for (version, sender, open) in [(1, "routing", 1), (2, "supervision", 0)] {
            let message = world.message("lianxi/agency/renshe", sender, 1, &receipt(sender));
            world.send(&message, MessageKind::Return).await;
            world.hear().await;
            world.clock.advance_ms(1);
            let now = UnixMillis(i64::MAX);
            let unreceipted = db::outbox::unreceipted(&world.db, now, 10).await.expect("outbox");
            assert_eq!(unreceipted.len(), open, "{version}");
        }
    })
    .await;
}
