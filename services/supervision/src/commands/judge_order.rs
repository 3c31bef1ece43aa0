//! 审核回复: a person accepts the reply, which closes the order, or sends it back with a reason and another day.

use contracts::{
    codes::OrderVerdict,
    supervision::{
        OrderClosedV1, OrderSentBackV1, VerdictDispatchV1,
        commands::{JudgeOrder, OrderChanged},
    },
};
use db::{Draft, Tx};
use kernel::{Actor, Clock, civil_date};

use super::{Outcome, changed, load_for};
use crate::{domain::fact::Fact, publish::publish, store};

/// Judges a reply and tells the agency.
pub async fn run(tx: &mut Tx<'_>, actor: &Actor, command: &JudgeOrder) -> Outcome<OrderChanged> {
    let now = tx.clocks().business.now();
    let (mut order, _) = match load_for(tx, actor, command.order_id).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let loaded = order.version;
    let decided = order
        .expect_version(command.expected_version)
        .and_then(|()| order.judge(command.verdict, command.reason, command.due_on, civil_date(now)));
    let verdict = match decided {
        Ok(verdict) => verdict,
        Err(refusal) => return Ok(Err(refusal)),
    };
    store::orders::save(tx, &order, loaded).await?;
    let published = publish(tx, order.matter_id, &fact(&verdict), now, None).await?;
    tx.dispatch(&order.agency, Draft::of(order.matter_id, now, &verdict)?).await?;
    Ok(Ok(changed(&order, published.version)))
}

fn fact(verdict: &VerdictDispatchV1) -> Fact {
    let (order_id, matter_id) = (verdict.order_id, verdict.matter_id);
    let (agency, on) = (verdict.agency.clone(), verdict.judged_on);
    match (verdict.verdict, verdict.reason, verdict.due_on) {
        (OrderVerdict::SendBack, Some(reason), Some(due_on)) => {
            Fact::SentBack(OrderSentBackV1 { order_id, matter_id, agency, reason, due_on, sent_back_on: on })
        }
        _ => Fact::Closed(OrderClosedV1 { order_id, matter_id, agency, closed_on: on }),
    }
}
