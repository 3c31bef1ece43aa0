//! 逾期 → 视为受理: a breach of T03 that supervision found keeps T06 from staying dormant (domain.md 1.5 d).

use std::sync::Arc;

use bus::{Applied, Handler};
use calendar::RuleId;
use contracts::{
    Event, Message,
    supervision::{
        DutyBreachedV1, DutyWarnedV1, OrderAcknowledgedV1, OrderClosedV1, OrderIssuedV1, OrderRepliedV1,
        OrderSentBackV1,
    },
};
use db::{BoxFuture, StoreError, Tx};
use kernel::Clock;

use crate::{Rules, domain::returns, publish::publish, store};

/// Hears supervision's facts.
pub struct Duties {
    /// Dates and rules.
    pub rules: Arc<Rules>,
}

impl Handler for Duties {
    fn name(&self) -> &'static str {
        "routing-supervision"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            match message.event_type.as_str() {
                DutyBreachedV1::TYPE => match message.decode::<DutyBreachedV1>() {
                    Ok(breach) => self.deem(tx, &breach, message).await,
                    Err(bad) => Ok(Applied::Poison(bad.to_string())),
                },
                DutyWarnedV1::TYPE
                | OrderIssuedV1::TYPE
                | OrderAcknowledgedV1::TYPE
                | OrderRepliedV1::TYPE
                | OrderClosedV1::TYPE
                | OrderSentBackV1::TYPE => Ok(Applied::Ignored),
                other => Ok(Applied::Poison(format!("routing knows no type `{other}`"))),
            }
        })
    }
}

impl Duties {
    async fn deem(
        &self,
        tx: &mut Tx<'_>,
        breach: &DutyBreachedV1,
        message: &Message,
    ) -> Result<Applied, StoreError> {
        let (RuleId::T03, Some(assignment)) = (breach.rule, breach.assignment_id) else {
            return Ok(Applied::Ignored);
        };
        let now = tx.clocks().business.now();
        let Some(mut matter) = store::load(tx, breach.matter_id).await? else {
            return Ok(Applied::Poison("a breach of a matter that routing does not have".to_owned()));
        };
        let loaded = matter.version;
        let decided = returns::deemed(&matter, assignment, &self.rules.law);
        let Some(fact) = decided.map_err(|e| StoreError::other(e.to_string()))? else {
            return Ok(Applied::Ignored);
        };
        publish(tx, &mut matter, fact, now, Some(message.id)).await?;
        if let Some(deemed) = matter.assignments.iter().find(|a| a.id == assignment) {
            store::save_assignment(tx, matter.id, deemed).await?;
        }
        store::save(tx, &matter, loaded, now).await?;
        Ok(Applied::Done)
    }
}
