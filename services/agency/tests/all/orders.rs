//! Supervision orders at the agency: what comes in, who takes it in hand, what goes back.

use agency::{domain::order::Order, error};
use contracts::{
    Event,
    agency::{
        OrderAcknowledgedV1,
        commands::{AcknowledgeOrder, ListOrders, OrderStep, ReplyOrder},
    },
    codes::{OrderCause, OrderOwed, OrderState, OrderVerdict, SendBackReason},
    supervision::{OrderDispatchV1, VerdictDispatchV1},
};
use kernel::{AssignmentId, ContentId, EventId, MatterId, OrderId, Place, Role, UnixMillis};

use super::support::{code, handler, on, on_each_database, person};

fn order(matter_id: MatterId) -> OrderDispatchV1 {
    OrderDispatchV1 {
        order_id: OrderId::from_parts(UnixMillis(1), 1),
        matter_id,
        assignment_id: AssignmentId::from_parts(UnixMillis(1), 1),
        agency: code("renshe"),
        cause: OrderCause::AcceptanceRulesBreached,
        rule: None,
        due: None,
        owed: OrderOwed::AcceptanceNotice,
        issued_on: on("2026-08-03"),
        due_on: on("2026-08-10"),
        document_number: "信督〔2026〕1号".to_owned(),
        restricted: false,
    }
}

fn received() -> Order {
    let matter = MatterId::from_parts(UnixMillis(1), 1);
    Order::received(order(matter), EventId::from_parts(UnixMillis(1), 1))
}

fn verdict(verdict: OrderVerdict, due_on: Option<&str>) -> VerdictDispatchV1 {
    VerdictDispatchV1 {
        order_id: OrderId::from_parts(UnixMillis(1), 1),
        matter_id: MatterId::from_parts(UnixMillis(1), 1),
        agency: code("renshe"),
        verdict,
        reason: due_on.map(|_| SendBackReason::NoProof),
        due_on: due_on.map(on),
        judged_on: on("2026-08-06"),
    }
}

#[test]
fn an_order_is_replied_to_until_the_office_accepts() {
    let (mut order, today) = (received(), on("2026-08-05"));
    let paper = |n: u128| ContentId::from_parts(UnixMillis(1), n);
    assert!(!order.judged(&verdict(OrderVerdict::Accept, None)), "nothing was replied");
    order.acknowledge(today).expect("in hand");
    assert_eq!(order.acknowledge(today).expect_err("twice").code, error::ORDER_WRONG_STATE.code);
    let first = order.round();
    order.reply(paper(1), today).expect("replied");
    assert!(order.judged(&verdict(OrderVerdict::SendBack, Some("2026-08-12"))));
    assert_eq!((order.state, order.due_on), (OrderState::SentBack, on("2026-08-12")));
    assert_ne!(order.round(), first, "each reply is a paper of its own");
    order.reply(paper(2), today).expect("replied anew");
    assert!(order.judged(&verdict(OrderVerdict::Accept, None)));
    assert!(!order.is_open() && order.may_reply().is_err());
}

#[tokio::test]
async fn an_order_comes_in_once_and_is_acknowledged_by_the_agencys_own_people() {
    on_each_database(|world| async move {
        let dispatch = order(world.matter);
        world.dispatch(&code("renshe"), world.matter, &dispatch).await;
        world.deliver().await;
        let list = world.ask(&handler(), &ListOrders::default()).await.expect("orders");
        let [got] = list.items.as_slice() else { panic!("{list:?}") };
        assert_eq!((got.state, &got.dispatch), (OrderState::Issued, &dispatch));
        let step = |version| OrderStep {
            order_id: dispatch.order_id,
            expected_version: version,
            on_behalf_paper: None,
        };
        let stranger = person(Place::Agency(code("jiaotong")), &[Role::Handler]);
        assert_eq!(world.refused(&stranger, &AcknowledgeOrder { step: step(1) }).await, "no_such_task");
        let stale = world.refused(&handler(), &AcknowledgeOrder { step: step(7) }).await;
        assert_eq!(stale, error::ORDER_STALE.code);
        let taken = world.ask(&handler(), &AcknowledgeOrder { step: step(1) }).await.expect("in hand");
        assert_eq!((taken.state, taken.version), (OrderState::Acknowledged, 2));
        let returned = world.everything_returned().await;
        let back = returned.iter().find(|m| m.event_type == OrderAcknowledgedV1::TYPE).expect("a return");
        let body: OrderAcknowledgedV1 = back.decode().expect("body");
        assert_eq!(body.order_id, dispatch.order_id);
        // Its task never came: there is no key to seal a reply under.
        let reply = ReplyOrder { step: step(2), text: "已办理".to_owned() };
        assert_eq!(world.refused(&handler(), &reply).await, error::NO_SUCH_TASK.code);
    })
    .await;
}
