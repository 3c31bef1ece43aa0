//! Reconcilers: they take no input, look for what is owed, and are woken by commits.

use std::{collections::HashMap, sync::Arc};
use web::SuiteActor;

use bus::Bus;
use contracts::{
    intake::commands::{LikeSubmissions, MaskedTexts, RestrictedFacts, SameMatter},
    routing::{MatterProposedV1, Proposal},
};
use db::{Db, StoreError};
use kernel::{Clock, MatterId, Refusal, civil_date};
use web::ask::ask;

use crate::{
    Rules,
    domain::{fact::Fact, propose::Looked},
    hearing::Heard,
    publish,
    store::{self, Proposed, Wanting},
    suggester::Suggester,
};

/// Matters proposed for in one step.
const AT_ONCE: i64 = 256;

/// Why a sweep did not finish; the next run tries again.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Intake said no or is away.
    #[error("intake: {0}")]
    Intake(Refusal),
}

/// What both sweeps need.
#[derive(Clone)]
pub struct Sweeps {
    /// Routing's store.
    pub db: Db,
    /// To ask intake.
    pub bus: Bus,
    /// Dates, catalogue.
    pub rules: Arc<Rules>,
    /// The suite's own token, for asking intake.
    pub suite: SuiteActor,
    /// Learned versions that propose beside the rules.
    pub suggester: Arc<Suggester>,
}

impl Sweeps {
    /// Proposes category and agency for matters that wait for it, and the earlier matter that they may repeat; says
    /// how many.
    ///
    /// # Errors
    /// Store or intake; nothing is half done.
    pub async fn propose(&self) -> Result<usize, SweepError> {
        let wanting = self.db.peek(|tx| Box::pin(async move { store::wanting(tx, AT_ONCE).await })).await?;
        if wanting.is_empty() {
            return Ok(0);
        }
        let submissions = wanting.iter().map(|w| w.id).collect();
        let token = self.suite.token().map_err(SweepError::Intake)?;
        let texts = ask(&self.bus, "intake", Some(token.expose()), None, &MaskedTexts { submissions })
            .await
            .map_err(SweepError::Intake)?;
        let texts: HashMap<_, _> = texts.into_iter().map(|t| (t.submission_id, t)).collect();
        let register = self.db.peek(|tx| Box::pin(async move { store::register(tx).await })).await?;
        let today = civil_date(self.db.clocks().business.now());
        let proposer = self.rules.proposers.on(today);
        let mut heard = Heard::now(&self.suggester);
        let mut made = Vec::with_capacity(wanting.len());
        for matter in wanting {
            let (title, text) =
                texts.get(&matter.id).map_or(("", ""), |t| (t.title.as_str(), t.text.as_str()));
            let looked = Looked { title, text, purpose: matter.purpose, place: &matter.place };
            let (categories, agencies) = heard.propose(&proposer, looked, (&register, today));
            made.push((matter, categories, agencies));
            if heard.learned() {
                // A batch is some milliseconds of work: others get their turn in between.
                tokio::task::yield_now().await;
            }
        }
        let repeats = self.repeats(&made).await?;
        Ok(self.store(made, repeats).await?)
    }

    /// Which of them may repeat an earlier open matter, as intake compares their texts. A person confirms.
    async fn repeats(
        &self,
        made: &[(Wanting, Vec<Proposal>, Vec<Proposal>)],
    ) -> Result<HashMap<MatterId, MatterId>, SweepError> {
        let asked = made.iter().map(|(matter, _, agencies)| LikeSubmissions {
            submission_id: matter.id,
            agency: agencies.first().and_then(|best| best.code.parse().ok()),
        });
        let command = SameMatter { submissions: asked.collect() };
        let token = self.suite.token().map_err(SweepError::Intake)?;
        let found = ask(&self.bus, "intake", Some(token.expose()), None, &command)
            .await
            .map_err(SweepError::Intake)?;
        Ok(found.into_iter().map(|one| (one.submission_id, one.matter_id)).collect())
    }

    async fn store(
        &self,
        made: Vec<(Wanting, Vec<Proposal>, Vec<Proposal>)>,
        repeats: HashMap<MatterId, MatterId>,
    ) -> Result<usize, StoreError> {
        let (made, repeats) = (Arc::new(made), Arc::new(repeats));
        self.db
            .write(move |tx| {
                let (made, repeats) = (made.clone(), repeats.clone());
                Box::pin(async move {
                    let now = tx.clocks().business.now();
                    let rows: Vec<Proposed> = made
                        .iter()
                        .map(|(matter, categories, agencies)| Proposed::new(matter, categories, agencies))
                        .collect::<Result<_, _>>()?;
                    let stored: std::collections::HashSet<_> =
                        store::store_proposals(tx, &rows, now).await?.into_iter().collect();
                    let drafts = made.iter().filter(|(matter, ..)| stored.contains(&matter.id)).map(
                        |(matter, categories, agencies)| {
                            let fact = Fact::Proposed(MatterProposedV1 {
                                matter_id: matter.id,
                                categories: categories.clone(),
                                agencies: agencies.clone(),
                                repeat_of: repeats.get(&matter.id).copied(),
                            });
                            publish::draft(matter.id, &fact, now)
                        },
                    );
                    let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
                    tx.publish_all(drafts).await?;
                    Ok(stored.len())
                })
            })
            .await
    }

    /// Fetches dates and accused units of accusations, of which the id alone travels (Art. 30).
    ///
    /// # Errors
    /// Store or intake; what is missing stays unknown, and such a matter cannot be handed over.
    pub async fn learn_accused(&self) -> Result<usize, SweepError> {
        let unknown =
            self.db.peek(|tx| Box::pin(async move { store::unknown_accusations(tx, AT_ONCE).await })).await?;
        let count = unknown.len();
        for submission_id in unknown {
            let token = self.suite.token().map_err(SweepError::Intake)?;
            let facts =
                ask(&self.bus, "intake", Some(token.expose()), None, &RestrictedFacts { submission_id })
                    .await
                    .map_err(SweepError::Intake)?;
            self.db
                .write(move |tx| {
                    let facts = facts.clone();
                    Box::pin(async move { learn(tx, facts).await })
                })
                .await?;
        }
        Ok(count)
    }
}

async fn learn(
    tx: &mut db::Tx<'_>,
    facts: contracts::intake::commands::RestrictedSummary,
) -> Result<(), StoreError> {
    let now = tx.clocks().business.now();
    let Some(mut matter) = store::load(tx, facts.submission_id).await? else { return Ok(()) };
    let loaded = matter.version;
    matter.facts_known = true;
    matter.received_on = facts.received_on;
    matter.t01 = facts.t01;
    matter.summary.heads = facts.heads;
    matter.summary.joint = facts.joint;
    matter.summary.anonymous = facts.anonymous;
    matter.summary.content_id = Some(facts.content_id);
    matter.summary.content_hash = Some(facts.content_hash);
    matter.claims = crate::consumers::submissions::claims(facts.claims);
    for unit in facts.accused_agencies {
        if !matter.accused.contains(&unit) {
            matter.accused.push(unit);
        }
    }
    store::save(tx, &matter, loaded, now).await
}
