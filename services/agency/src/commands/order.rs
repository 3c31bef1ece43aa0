//! 签收, 回复督办函. A reply takes three turns, as a step with a paper does: enter the paper in the register and
//! decide, put it into intake's content store, then decide again and record reply and return in one transaction.

use std::sync::Arc;

use contracts::{
    Page,
    agency::commands::{
        AcknowledgeOrder, ListOrders, OrderStep, OrderTaken, PaperBody, ReceivedOrder, ReplyOrder, ShowOrder,
    },
};
use db::{StoreError, Tx};
use kernel::{Actor, AttachmentId, Clock, Refusal, UnixMillis, civil_date};
use web::{door::Asked, once};

use super::{First, Outcome, heard};
use crate::{
    Deps,
    domain::{
        order::Order,
        paper::{self, Filed},
        steps::at_most,
        text,
    },
    error, intake,
    publish::{OrderReturn, publish_order},
    rights,
    store::{
        self, orders,
        papers::{self, Register},
    },
};

/// The orders that the agency got, the earliest due first.
///
/// # Errors
/// The refusals of rights and store.
pub async fn list(deps: Arc<Deps>, asked: Asked<ListOrders>) -> Result<Page<ReceivedOrder>, Refusal> {
    let sight = rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let page = deps
        .db
        .read(move |tx| Box::pin(async move { Ok(Ok(orders::page(tx, &asked.command, sight).await?)) }));
    let page = heard(page.await)?;
    Ok(Page { items: page.items.into_iter().map(view).collect(), next: page.next })
}

/// One of the orders that the agency got.
///
/// # Errors
/// The refusals of rights and store.
pub async fn show(deps: Arc<Deps>, asked: Asked<ShowOrder>) -> Result<ReceivedOrder, Refusal> {
    let sight = rights::sight(&asked.actor, &deps.code, &deps.config)?;
    let id = asked.command.order_id;
    let found = deps.db.read(move |tx| Box::pin(async move { Ok(Ok(orders::load(tx, id).await?)) }));
    let sees = |order: &Order| if order.dispatch.restricted { sight.restricted } else { sight.open };
    heard(found.await)?.filter(sees).map(view).ok_or_else(|| error::NO_SUCH_ORDER.refuse())
}

fn view(order: Order) -> ReceivedOrder {
    ReceivedOrder {
        state: order.state,
        version: order.version,
        due_on: order.due_on,
        days: order.days,
        sent_back: order.sent_back,
        replies: order.replies,
        dispatch: order.dispatch,
    }
}

/// Takes an order in hand.
///
/// # Errors
/// The refusals of rights, state and store.
pub async fn acknowledge(deps: Arc<Deps>, asked: Asked<AcknowledgeOrder>) -> Result<OrderTaken, Refusal> {
    let asked = Arc::new(asked);
    let db = deps.db.clone();
    let done = once::write(&db, asked.request(), move |tx| {
        let (deps, asked) = (deps.clone(), asked.clone());
        Box::pin(async move {
            let now = deps.clocks.business.now();
            let step = &asked.command.step;
            let (mut order, on_behalf) = match find(tx, &deps, &asked.actor, step).await? {
                Ok(found) => found,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let loaded = order.version;
            let on = today(&order, now);
            if let Err(refusal) = order.acknowledge(on) {
                return Ok(Err(refusal));
            }
            orders::save(tx, &order, loaded).await?;
            publish_order(tx, &deps.code, &order, OrderReturn::Acknowledged(on), on_behalf, now).await?;
            Ok(Ok(taken(&order)))
        })
    });
    heard(done.await)
}

/// Replies to an order in writing.
///
/// # Errors
/// The refusals of rights, state, text, intake and store.
pub async fn reply(deps: Arc<Deps>, asked: Asked<ReplyOrder>) -> Result<OrderTaken, Refusal> {
    let replying = Arc::new(Replying { now: deps.clocks.business.now(), deps, asked });
    let (task, entered) = match replying.first().await? {
        First::Done(taken) => return Ok(taken),
        First::Paper(task, entered) => (task, entered),
    };
    let filed = intake::put(&replying.deps, &task, &entered).await?;
    replying.last(filed).await
}

struct Replying {
    deps: Arc<Deps>,
    asked: Asked<ReplyOrder>,
    now: UnixMillis,
}

impl Replying {
    async fn first(self: &Arc<Self>) -> Result<First<OrderTaken>, Refusal> {
        let replying = self.clone();
        let entered = once::turn(&self.deps.db, self.asked.request(), First::TURN, move |tx| {
            let replying = replying.clone();
            Box::pin(async move { replying.enter(tx).await })
        });
        heard(entered.await)
    }

    async fn last(self: &Arc<Self>, filed: Filed) -> Result<OrderTaken, Refusal> {
        let replying = self.clone();
        let done = once::write(&self.deps.db, self.asked.request(), move |tx| {
            let (replying, filed) = (replying.clone(), filed.clone());
            Box::pin(async move { replying.finish(tx, filed).await })
        });
        heard(done.await)
    }

    async fn decide(&self, tx: &mut Tx<'_>) -> Outcome<(Order, Option<AttachmentId>)> {
        let found = find(tx, &self.deps, &self.asked.actor, &self.asked.command.step).await?;
        Ok(found.and_then(|(order, on_behalf)| order.may_reply().map(|()| (order, on_behalf))))
    }

    async fn enter(&self, tx: &mut Tx<'_>) -> Outcome<First<OrderTaken>> {
        let order = match self.decide(tx).await? {
            Ok((order, _)) => order,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The reply is sealed with the task's papers, under the task's key.
        let Some(task) = store::hold(tx, order.dispatch.assignment_id).await? else {
            return Ok(Err(error::NO_SUCH_TASK.refuse()));
        };
        let body = match text::owed(&self.asked.command.text, at_most::PAGES, "text") {
            Ok(text) => PaperBody::OrderReply {
                order_number: order.dispatch.document_number.clone(),
                text,
                replied_on: today(&order, self.now),
            },
            Err(refusal) => return Ok(Err(refusal)),
        };
        let written = serde_json::to_string(&body).map_err(|e| StoreError::other(e.to_string()))?;
        if let Err(refusal) = paper::fits(&written) {
            return Ok(Err(refusal));
        }
        let register =
            Register { ring: &self.deps.key_ring, prefix: &self.deps.config.doc_prefix, now: self.now };
        let entered = papers::enter_round(tx, &register, task.id(), &order.round(), body).await?;
        Ok(Ok(First::Paper(Box::new(task), Box::new(entered))))
    }

    async fn finish(&self, tx: &mut Tx<'_>, filed: Filed) -> Outcome<OrderTaken> {
        let (mut order, on_behalf) = match self.decide(tx).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !papers::file(tx, order.dispatch.assignment_id, filed.content_id, self.now).await? {
            // Somebody entered another text for the same reply meanwhile; theirs stands.
            return Ok(Err(error::ORDER_STALE.refuse().at("expected_version").with("found", order.version)));
        }
        let (loaded, on) = (order.version, today(&order, self.now));
        // Who replies has the order in hand: one that was not acknowledged is so on that day.
        if order.acknowledge(on).is_ok() {
            publish_order(tx, &self.deps.code, &order, OrderReturn::Acknowledged(on), on_behalf, self.now)
                .await?;
        }
        if let Err(refusal) = order.reply(filed.content_id, on) {
            return Ok(Err(refusal));
        }
        orders::save(tx, &order, loaded).await?;
        let back = OrderReturn::Replied(on, filed);
        publish_order(tx, &self.deps.code, &order, back, on_behalf, self.now).await?;
        Ok(Ok(taken(&order)))
    }
}

/// Holds an order and checks who asks and what they saw.
async fn find(
    tx: &mut Tx<'_>,
    deps: &Deps,
    actor: &Actor,
    step: &OrderStep,
) -> Outcome<(Order, Option<AttachmentId>)> {
    let found = orders::hold(tx, step.order_id).await?;
    let (code, config) = (&deps.code, &deps.config);
    let Some(order) = found else {
        return Ok(rights::sight(actor, code, config).and_then(|_| Err(error::NO_SUCH_ORDER.refuse())));
    };
    let asked = rights::may_take_order(actor, code, config, &order, step.on_behalf_paper);
    Ok(asked.and_then(|paper| order.expect_version(step.expected_version).map(|()| (order, paper))))
}

/// Today by the business clock; never before the order's latest day, should the clock lag.
fn today(order: &Order, now: UnixMillis) -> chrono::NaiveDate {
    order.days.values().max().copied().unwrap_or_default().max(civil_date(now))
}

fn taken(order: &Order) -> OrderTaken {
    OrderTaken {
        order_id: order.dispatch.order_id,
        matter_id: order.dispatch.matter_id,
        version: order.version,
        state: order.state,
    }
}
