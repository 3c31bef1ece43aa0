//! What agencies return about meetings and tasks → facts of meetings; receipts of its dispatches.

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    agency::{
        AcceptanceNotifiedV1, CoAnsweredV1, CompletedV1, ExtendedV1, InvitationRepliedV1 as Replied,
        ObjectedV1, OpinionIssuedV1, OpinionServedV1, OrderAcknowledgedV1, OrderRepliedV1, PositionFiledV1,
        ReceivedV1, SignedV1, TaskReceivedV1 as Received, TaskReportedV1 as Reported,
    },
    meetings::{
        InvitationRepliedV1,
        commands::{PositionView, ReplyView},
    },
};
use db::{BoxFuture, StoreError, Tx, outbox::Receipt};
use kernel::{AgencyCode, Clock, civil_date};

use crate::{
    domain::{fact::Fact, task::Stated},
    publish::publish,
    store::{self, items, meetings, tasks},
    sweeps::ring_task,
};

/// Takes in receipts, replies, positions and reports.
pub struct Returns;

/// Returns of which another service is the owner.
const IGNORED: &[&str] = &[
    SignedV1::TYPE,
    AcceptanceNotifiedV1::TYPE,
    OpinionIssuedV1::TYPE,
    OpinionServedV1::TYPE,
    CompletedV1::TYPE,
    ObjectedV1::TYPE,
    ExtendedV1::TYPE,
    OrderAcknowledgedV1::TYPE,
    OrderRepliedV1::TYPE,
    CoAnsweredV1::TYPE,
];

enum Return {
    Receipt(ReceivedV1),
    Replied(Replied),
    Position(PositionFiledV1),
    Received(Received),
    Reported(Reported),
}

impl Handler for Returns {
    fn name(&self) -> &'static str {
        "meetings-returns"
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
            if IGNORED.contains(&message.event_type.as_str()) {
                return Ok(Applied::Ignored);
            }
            match read(message) {
                Ok(Return::Receipt(receipt)) => receipts(tx, &agency, &receipt).await,
                Ok(Return::Replied(reply)) => replied(tx, agency, reply, message).await,
                Ok(Return::Position(paper)) => position(tx, agency, &paper).await,
                Ok(Return::Received(step)) => received(tx, &agency, &step, message).await,
                Ok(Return::Reported(step)) => reported(tx, &agency, &step, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

fn read(message: &Message) -> Result<Return, BadMessage> {
    match message.event_type.as_str() {
        ReceivedV1::TYPE => message.decode().map(Return::Receipt),
        Replied::TYPE => message.decode().map(Return::Replied),
        PositionFiledV1::TYPE => message.decode().map(Return::Position),
        Received::TYPE => message.decode().map(Return::Received),
        Reported::TYPE => message.decode().map(Return::Reported),
        other => Err(BadMessage::BadBody {
            event_type: other.to_owned(),
            why: "meetings owns no return of this type".to_owned(),
        }),
    }
}

async fn receipts(tx: &mut Tx<'_>, agency: &AgencyCode, receipt: &ReceivedV1) -> Result<Applied, StoreError> {
    if receipt.sender != "meetings" {
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

async fn replied(
    tx: &mut Tx<'_>,
    agency: AgencyCode,
    reply: Replied,
    message: &Message,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    meetings::hold(tx, reply.meeting_id).await?;
    let all = meetings::invited(tx, reply.meeting_id).await?;
    let Some(mut invited) = all.into_iter().find(|i| i.agency == agency) else {
        return Ok(Applied::Poison(format!("a reply to {}, to which it is not invited", reply.meeting_id)));
    };
    let on = reply.replied_on.min(civil_date(now));
    let substitute = reply.substitute_post.is_some();
    invited.hear(ReplyView {
        sequence: reply.sequence,
        reply: reply.reply,
        reason: reply.reason,
        substitute_post: reply.substitute_post,
        on,
    });
    meetings::keep_invited(tx, reply.meeting_id, &invited).await?;
    let fact = Fact::Replied(InvitationRepliedV1 {
        meeting_id: reply.meeting_id,
        agency,
        sequence: reply.sequence,
        reply: reply.reply,
        reason: reply.reason,
        substitute,
        replied_on: on,
        on_behalf: reply.on_behalf_paper.is_some(),
    });
    publish(tx, &fact, now, Some(message.id)).await?;
    Ok(Applied::Done)
}

async fn position(
    tx: &mut Tx<'_>,
    agency: AgencyCode,
    paper: &PositionFiledV1,
) -> Result<Applied, StoreError> {
    let today = civil_date(tx.clocks().business.now());
    let Some(mut item) = items::hold(tx, paper.item_id).await? else {
        return Ok(Applied::Poison(format!("a position on {}, which is no item", paper.item_id)));
    };
    if !item.parties.contains(&agency) || item.matter_id != paper.matter_id {
        return Ok(Applied::Poison(format!("a position on {}, to which it is no party", item.id)));
    }
    let loaded = item.version;
    let on = paper.filed_on.min(today);
    item.hear(PositionView { agency, on, content_id: Some(paper.content_id), words: None });
    if item.version != loaded {
        items::save(tx, &item, loaded).await?;
    }
    Ok(Applied::Done)
}

async fn received(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    step: &Received,
    message: &Message,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let found = tasks::hold(tx, step.task_id).await?;
    let Some(mut task) = found.filter(|t| t.agency == *agency && t.matter_id == step.matter_id) else {
        return Ok(Applied::Poison(format!("a return about {}, which is no task of it", step.task_id)));
    };
    let loaded = task.version;
    let stated = Stated { on: step.received_on, on_behalf: step.on_behalf_paper.is_some() };
    let fact = task.receive(stated, civil_date(now));
    if task.version != loaded {
        tasks::save(tx, &task, loaded).await?;
    }
    publish(tx, &Fact::Received(fact), now, Some(message.id)).await?;
    Ok(Applied::Done)
}

async fn reported(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    step: &Reported,
    message: &Message,
) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    let found = tasks::hold(tx, step.task_id).await?;
    let Some(mut task) = found.filter(|t| t.agency == *agency && t.matter_id == step.matter_id) else {
        return Ok(Applied::Poison(format!("a return about {}, which is no task of it", step.task_id)));
    };
    // The breach was there before the report came.
    ring_task(tx, &mut task, message.at.min(now)).await?;
    let loaded = task.version;
    let stated = Stated { on: step.reported_on, on_behalf: step.on_behalf_paper.is_some() };
    let fact = task.report(stated, step.content_id, civil_date(now));
    tasks::save(tx, &task, loaded).await?;
    publish(tx, &Fact::Reported(fact), now, Some(message.id)).await?;
    Ok(Applied::Done)
}
