//! What agencies return about orders → facts of supervision; receipts of its dispatches.

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    agency::{
        AcceptanceNotifiedV1, CoAnsweredV1, CompletedV1, ExtendedV1, InvitationRepliedV1, ObjectedV1,
        OpinionIssuedV1, OpinionServedV1, OrderAcknowledgedV1 as Acknowledged, OrderRepliedV1 as Replied,
        PositionFiledV1, ReceivedV1, SignedV1, TaskReceivedV1, TaskReportedV1,
    },
    supervision::{OrderAcknowledgedV1, OrderRepliedV1},
};
use db::{BoxFuture, StoreError, Tx, outbox::Receipt};
use kernel::{AgencyCode, Clock, OrderId, Refusal, civil_date};

use crate::{domain::fact::Fact, domain::order::Order, publish::publish, store};

/// Takes in receipts and steps of orders.
pub struct Returns;

/// Returns of which another service is the owner.
pub(super) const IGNORED: &[&str] = &[
    SignedV1::TYPE,
    AcceptanceNotifiedV1::TYPE,
    OpinionIssuedV1::TYPE,
    OpinionServedV1::TYPE,
    CompletedV1::TYPE,
    ObjectedV1::TYPE,
    ExtendedV1::TYPE,
    InvitationRepliedV1::TYPE,
    PositionFiledV1::TYPE,
    TaskReceivedV1::TYPE,
    TaskReportedV1::TYPE,
    CoAnsweredV1::TYPE,
];

enum Return {
    Acknowledged(Acknowledged),
    Replied(Replied),
}

impl Handler for Returns {
    fn name(&self) -> &'static str {
        "supervision-returns"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            let Some(agency) = message.source_agency() else {
                return Ok(Applied::Poison("a return without an agency".to_owned()));
            };
            let kind = message.event_type.as_str();
            if IGNORED.contains(&kind) {
                return Ok(Applied::Ignored);
            }
            let read = match kind {
                ReceivedV1::TYPE => match message.decode() {
                    Ok(receipt) => return receipts(tx, &agency, &receipt).await,
                    Err(bad) => Err(bad),
                },
                Acknowledged::TYPE => message.decode().map(Return::Acknowledged),
                Replied::TYPE => message.decode().map(Return::Replied),
                other => Err(BadMessage::BadBody {
                    event_type: other.to_owned(),
                    why: "supervision owns no return of this type".to_owned(),
                }),
            };
            match read {
                Ok(answer) => take(tx, agency, answer, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

async fn receipts(tx: &mut Tx<'_>, agency: &AgencyCode, receipt: &ReceivedV1) -> Result<Applied, StoreError> {
    if receipt.sender != "supervision" {
        return Ok(Applied::Ignored);
    }
    let now = tx.clocks().business.now();
    if !store::is_its_site(tx, agency, &receipt.site, now).await? {
        tracing::error!(agency = %agency, site = %receipt.site, "a second site answers for this agency: refused");
        return Ok(Applied::Ignored);
    }
    Ok(match bus::take_receipt(tx, agency, receipt).await?.receipt {
        Receipt::Closed(_) => Applied::Done,
        Receipt::Unknown => Applied::Poison(format!("receipt of dispatch {} never made", receipt.to_seq)),
        Receipt::HeadDiffers => {
            Applied::Poison(format!("receipt of dispatch {}: the site's hash differs", receipt.to_seq))
        }
    })
}

async fn take(
    tx: &mut Tx<'_>,
    agency: AgencyCode,
    answer: Return,
    message: &Message,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let (order_id, matter_id) = match &answer {
        Return::Acknowledged(a) => (a.order_id, a.matter_id),
        Return::Replied(r) => (r.order_id, r.matter_id),
    };
    store::hold(tx, matter_id).await?;
    let found = store::orders::load(tx, order_id).await?;
    let Some(mut order) = found.filter(|o| o.agency == agency && o.matter_id == matter_id) else {
        return Ok(Applied::Poison(format!("a return about {order_id}, which is no order to {agency}")));
    };
    let loaded = order.version;
    let fact = match step(&mut order, &answer, civil_date(now)) {
        Ok(fact) => fact,
        // An agency's node goes through the same states: what does not fit here is looked at by a person.
        Err(refusal) => return Ok(Applied::Poison(set_aside(order_id, &order, &refusal))),
    };
    store::orders::save(tx, &order, loaded).await?;
    publish(tx, matter_id, &fact, now, Some(message.id)).await?;
    Ok(Applied::Done)
}

fn set_aside(id: OrderId, order: &Order, refusal: &Refusal) -> String {
    format!("a return about {id} in state {}: {}", order.state, refusal.code)
}

fn step(order: &mut Order, answer: &Return, today: chrono::NaiveDate) -> Result<Fact, Refusal> {
    let (order_id, matter_id, agency) = (order.id, order.matter_id, order.agency.clone());
    Ok(match answer {
        Return::Acknowledged(a) => Fact::Acknowledged(OrderAcknowledgedV1 {
            order_id,
            matter_id,
            agency,
            acknowledged_on: order.acknowledge(a.acknowledged_on, today)?,
            on_behalf: a.on_behalf_paper.is_some(),
        }),
        Return::Replied(r) => Fact::Replied(OrderRepliedV1 {
            order_id,
            matter_id,
            agency,
            replied_on: order.reply(r.replied_on, r.content_id, today)?,
            content_id: r.content_id,
            on_behalf: r.on_behalf_paper.is_some(),
        }),
    })
}
