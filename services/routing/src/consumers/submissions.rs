//! Facts of intake → matters.

use bus::{Applied, Handler};
use contracts::{
    Event, Message,
    codes::{MatterState, Purpose},
    intake::{ContentOpenedV1, OpenSummary, QueryCodeReissuedV1, SubmissionLinkedV1, SubmissionRegisteredV1},
};
use db::{BoxFuture, StoreError, Tx};
use kernel::{Clock, MatterId, civil_date};

use crate::{
    Rules,
    domain::matter::{Claim, Matter, OFFICE, Summary},
    store,
};
use calendar::RuleId;
use std::sync::Arc;

/// Enters matters and attaches repeats.
pub struct Submissions {
    /// Dates and rules.
    pub rules: Arc<Rules>,
}

impl Handler for Submissions {
    fn name(&self) -> &'static str {
        "routing-intake"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            match message.event_type.as_str() {
                SubmissionRegisteredV1::TYPE => match message.decode::<SubmissionRegisteredV1>() {
                    Ok(fact) => self.enter(tx, message, fact).await,
                    Err(bad) => Ok(Applied::Poison(bad.to_string())),
                },
                SubmissionLinkedV1::TYPE => match message.decode::<SubmissionLinkedV1>() {
                    Ok(fact) => attach(tx, &fact).await,
                    Err(bad) => Ok(Applied::Poison(bad.to_string())),
                },
                ContentOpenedV1::TYPE | QueryCodeReissuedV1::TYPE => Ok(Applied::Ignored),
                other => Ok(Applied::Poison(format!("routing knows no type `{other}`"))),
            }
        })
    }
}

impl Submissions {
    async fn enter(
        &self,
        tx: &mut Tx<'_>,
        message: &Message,
        fact: SubmissionRegisteredV1,
    ) -> Result<Applied, StoreError> {
        let now = tx.clocks().business.now();
        let matter = match fact.open {
            Some(open) => ordinary(fact.submission_id, open),
            None => self.accusation(fact.submission_id, message)?,
        };
        store::insert(tx, &matter, now)?;
        Ok(Applied::Done)
    }

    /// Of an accusation the id alone travels; dates and accused units are asked of intake (Art. 30).
    fn accusation(&self, id: MatterId, message: &Message) -> Result<Matter, StoreError> {
        let seen_on = civil_date(message.at);
        let t01 = self.rules.law.due(RuleId::T01, seen_on).map_err(|e| StoreError::other(e.to_string()))?;
        Ok(Matter {
            id,
            version: 0,
            state: MatterState::Registered,
            purpose: Purpose::Accusation,
            category: None,
            route: None,
            restricted: true,
            facts_known: false,
            place_region: None,
            received_on: seen_on,
            t01,
            summary: Summary {
                number: None,
                channel: None,
                heads: 1,
                joint: false,
                anonymous: false,
                identity_withheld: true,
                content_id: None,
                content_hash: None,
            },
            claims: claims(1),
            assignments: Vec::new(),
            accused: Vec::new(),
            categories: Vec::new(),
            agencies: Vec::new(),
            bounces: 0,
            dispute: None,
        })
    }
}

fn ordinary(id: MatterId, open: OpenSummary) -> Matter {
    Matter {
        id,
        version: 0,
        state: MatterState::Registered,
        purpose: open.purpose,
        category: None,
        route: None,
        restricted: false,
        facts_known: true,
        place_region: Some(open.place_region),
        received_on: open.received_on,
        t01: open.t01,
        summary: Summary {
            number: Some(open.number),
            channel: Some(open.channel),
            heads: open.heads,
            joint: open.joint,
            anonymous: open.anonymous,
            identity_withheld: open.identity_withheld,
            content_id: Some(open.content_id),
            content_hash: Some(open.content_hash),
        },
        claims: claims(open.claims),
        assignments: Vec::new(),
        accused: Vec::new(),
        categories: Vec::new(),
        agencies: Vec::new(),
        bounces: 0,
        dispute: None,
    }
}

/// Claims lie with the office until the matter is handed over.
pub fn claims(count: i64) -> Vec<Claim> {
    (1..=count.clamp(1, 100)).map(|no| Claim { no, holder: OFFICE.to_owned(), outcome: None }).collect()
}

/// A repeat keeps its number and receipt; its own matter ends here.
async fn attach(tx: &mut Tx<'_>, fact: &SubmissionLinkedV1) -> Result<Applied, StoreError> {
    let now = tx.clocks().business.now();
    // It may have been entered by this very batch.
    tx.settle().await?;
    let Some(mut matter) = store::load(tx, fact.submission_id).await? else { return Ok(Applied::Wait) };
    if !matches!(matter.state, MatterState::Registered | MatterState::Screened) || matter.active().is_some() {
        // Handed over meanwhile: the assignment stands, and the link is shown from intake's fact alone.
        return Ok(Applied::Ignored);
    }
    matter.state = MatterState::Attached;
    let version = matter.version;
    store::save(tx, &matter, version, now).await?;
    Ok(Applied::Done)
}
