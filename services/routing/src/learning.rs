//! It learns on: from what people confirmed and corrected, when somebody asks or, once a day, when enough is new. One
//! learning at a time, on a thread of its own, away from commands; a newcomer takes over only when it is not worse.

use std::{collections::HashMap, sync::Arc};

use bus::Bus;
use chrono::NaiveDate;
use contracts::{
    codes::{LearningEnd, Purpose, SuggestionChange, SuggestionKind},
    intake::commands::{MaskedText, MaskedTexts},
    routing::{SuggestionsChangedV1, suggestions::Learned},
};
use db::{Db, Draft, StoreError};
use kernel::{Clock, MatterId, Refusal, UnixMillis, civil_date};
use suggest::{Example, Standing, VersionError, Word};
use tokio::sync::oneshot;
use web::{SuiteActor, ask::ask};

use crate::{
    Rules,
    domain::{
        agency::Register,
        propose::{Looked, Proposer},
        taught,
    },
    store::suggestions::{self as store, Confirmed, Learning as Kept},
    suggester::Suggester,
    sweeps::SweepError,
};

/// Confirmed matters that are learned from: the newest.
const NEWEST: i64 = 50_000;
/// Matters on the shelf when it is filled first; it is begun anew when it has grown to twice as many.
const SHELVED: usize = 20_000;
/// Masked texts of one question.
const AT_ONCE: usize = 256;

/// What learning needs.
pub struct Learning {
    /// Routing's store.
    pub db: Db,
    /// To ask intake.
    pub bus: Bus,
    /// The catalogue's words.
    pub rules: Arc<Rules>,
    /// The suite's own token, for asking intake.
    pub suite: SuiteActor,
    /// Where versions are.
    pub suggester: Arc<Suggester>,
    /// So many new confirmations are learned from by themselves, once a day; 0: none.
    pub after: i64,
}

/// The id under which facts about a kind stand.
pub fn subject(kind: SuggestionKind) -> String {
    format!("suggest-{kind}")
}

/// What was confirmed of one matter, and what the rules alone say of it.
struct Lesson {
    text: String,
    label: String,
    by_rules: Option<String>,
}

impl Lesson {
    fn example(&self) -> Example<'_> {
        Example { text: &self.text, label: &self.label, standing: Standing::Open }
    }
}

/// One kind's lessons, and its words.
type Work = (SuggestionKind, Vec<Lesson>, Vec<Word>);

/// What the rules go by on the day of learning.
struct Desk {
    proposer: Arc<Proposer>,
    register: Register,
    today: NaiveDate,
}

impl Learning {
    /// Puts newly confirmed matters on the shelf, then learns if it is time. Says how many were read.
    ///
    /// # Errors
    /// Store or intake; the next run tries again.
    pub async fn step(&self) -> Result<usize, SweepError> {
        let read = self.shelve().await?;
        match self.suggester.asked() {
            Some(actor) => db::acting_as(&actor, self.learn(SuggestionKind::ALL.to_vec())).await?,
            None if self.is_due().await? => {
                let on = SuggestionKind::ALL.iter().filter(|kind| !self.suggester.now(**kind).state.off);
                self.learn(on.copied().collect()).await?;
            }
            None => return Ok(read),
        }
        self.suggester.answered();
        Ok(read)
    }

    async fn is_due(&self) -> Result<bool, SweepError> {
        let off = SuggestionKind::ALL.iter().all(|kind| self.suggester.now(*kind).state.off);
        if self.after <= 0 || off {
            return Ok(false);
        }
        let (after, now) = (self.after, self.db.clocks().business.now());
        let due = self.db.read(move |tx| {
            Box::pin(async move {
                let done = store::learnings(tx).await?;
                if done.iter().any(|l| l.learned.learned_on >= civil_date(now)) {
                    return Ok(false);
                }
                let since = done.iter().map(|l| l.at).max().unwrap_or(UnixMillis(0));
                Ok(store::count_confirmed(tx, since, after).await? >= after)
            })
        });
        Ok(due.await?)
    }

    /// Learns these kinds from all confirmed matters, in the order of their confirmation.
    async fn learn(&self, kinds: Vec<SuggestionKind>) -> Result<(), SweepError> {
        let now = self.db.clocks().business.now();
        let confirmed =
            self.db.peek(|tx| Box::pin(async move { store::confirmed(tx, NEWEST).await })).await?;
        let texts = self.texts(confirmed.iter().map(|c| c.id).collect()).await?;
        let register = self.db.peek(|tx| Box::pin(async move { crate::store::register(tx).await })).await?;
        let today = civil_date(now);
        let desk = Desk { proposer: self.rules.proposers.on(today), register, today };
        let work = kinds.into_iter().map(|kind| self.work(kind, &confirmed, &texts, &desk)).collect();
        drop(texts);
        for (kind, end, texts) in self.aside(work).await? {
            self.keep(kind, now, end, texts).await?;
        }
        Ok(())
    }

    fn work(
        &self,
        kind: SuggestionKind,
        confirmed: &[Confirmed],
        texts: &HashMap<MatterId, MaskedText>,
        desk: &Desk,
    ) -> Work {
        let catalogue = desk.proposer.catalogue();
        let words = match kind {
            SuggestionKind::Category => taught::category_words(catalogue),
            SuggestionKind::Agency => {
                taught::agency_words(catalogue, &desk.register, self.suggester.regions(), desk.today)
            }
        };
        let lesson = |c: &Confirmed| {
            // Intake gives no text of an accusation, whatever is known of it here.
            let said = texts.get(&c.id)?;
            let label = match kind {
                SuggestionKind::Category => c.category.clone(),
                SuggestionKind::Agency => c.agency.clone()?,
            };
            let text = self.suggester.heard(kind, c.place.as_ref(), &said.title, &said.text);
            Some(Lesson { text, label, by_rules: by_rules(kind, c, said, desk) })
        };
        (kind, confirmed.iter().filter_map(lesson).collect(), words)
    }

    /// Trains on a thread of its own, which ends with the process and never holds it up.
    async fn aside(&self, work: Vec<Work>) -> Result<Vec<(SuggestionKind, LearningEnd, usize)>, SweepError> {
        let (tell, told) = oneshot::channel();
        let suggester = self.suggester.clone();
        let train = move || {
            let trained = work.into_iter().map(|(kind, lessons, words)| {
                let by_rules: Vec<_> = lessons.iter().map(|l| l.by_rules.clone()).collect();
                let examples: Vec<Example<'_>> = lessons.iter().map(Lesson::example).collect();
                let rules = suggest::Rules { regions: Vec::new(), words };
                (kind, end(suggester.learn(kind, &examples, &by_rules, &rules)), examples.len())
            });
            // Nobody waits for it any more when the process ends.
            drop(tell.send(trained.collect()));
        };
        let spawned = std::thread::Builder::new().name("learning".to_owned()).spawn(train);
        spawned.map_err(|e| StoreError::other(format!("no thread to learn on: {e}")))?;
        Ok(told.await.map_err(|_| StoreError::other("learning broke off"))?)
    }

    /// Keeps how it ended; a version that was made is a fact.
    async fn keep(
        &self,
        kind: SuggestionKind,
        at: UnixMillis,
        end: LearningEnd,
        texts: usize,
    ) -> Result<(), StoreError> {
        let change = match end {
            LearningEnd::Taken => Some(SuggestionChange::Learned),
            LearningEnd::Kept => Some(SuggestionChange::Kept),
            LearningEnd::TooFew | LearningEnd::Failed => None,
        };
        let in_use = self.suggester.in_use(kind).map(|i| i64::from(i.version));
        let texts = i64::try_from(texts).unwrap_or(i64::MAX);
        let learned = Learned { learned_on: civil_date(at), end, texts };
        let kept = Kept { kind, learned, at };
        let job = self.db.write(move |tx| {
            let kept = kept.clone();
            Box::pin(async move {
                store::keep_learning(tx, &kept).await?;
                if let Some(change) = change {
                    let fact = SuggestionsChangedV1 { kind, change, in_use };
                    tx.publish(Draft::of(subject(kind), at, &fact)?).await?;
                }
                Ok(())
            })
        });
        job.await?;
        tracing::info!(kind = %kind, end = %end, texts, "learning ended");
        Ok(())
    }

    /// Masked texts, batch by batch. What intake does not give is an accusation by now, or unknown.
    async fn texts(&self, ids: Vec<MatterId>) -> Result<HashMap<MatterId, MaskedText>, SweepError> {
        let mut texts = HashMap::with_capacity(ids.len());
        for batch in ids.chunks(AT_ONCE) {
            let token = self.suite.token().map_err(SweepError::Intake)?;
            let asked = MaskedTexts { submissions: batch.to_vec() };
            let found: Result<_, Refusal> =
                ask(&self.bus, "intake", Some(token.expose()), None, &asked).await;
            texts.extend(found.map_err(SweepError::Intake)?.into_iter().map(|t| (t.submission_id, t)));
        }
        Ok(texts)
    }

    /// Puts one batch of confirmed matters on the shelf, while a learned version proposes.
    async fn shelve(&self) -> Result<usize, SweepError> {
        if !self.suggester.proposes() {
            return Ok(0);
        }
        let from = self.suggester.shelved_to();
        let batch = self.db.read(move |tx| {
            Box::pin(async move {
                let most = i64::try_from(SHELVED).unwrap_or(i64::MAX);
                let from = match from {
                    Some(from) => from,
                    None => store::before_newest(tx, most).await?,
                };
                let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
                store::confirmed_after(tx, &from, limit).await
            })
        });
        let batch = batch.await?;
        let Some((.., cursor)) = batch.last().cloned() else { return Ok(0) };
        let texts = self.texts(batch.iter().map(|(id, ..)| *id).collect()).await?;
        let read = batch.len();
        let matters: Vec<_> = batch
            .into_iter()
            .filter_map(|(id, category, _)| {
                let text = texts.get(&id)?;
                let heard = self.suggester.heard(SuggestionKind::Category, None, &text.title, &text.text);
                Some((id, category, heard))
            })
            .collect();
        self.suggester.shelve(&matters, cursor, 2 * SHELVED);
        Ok(read)
    }
}

/// What the rules alone propose first, as if the matter came today.
fn by_rules(kind: SuggestionKind, c: &Confirmed, said: &MaskedText, desk: &Desk) -> Option<String> {
    let (title, text, place) = (said.title.as_str(), said.text.as_str(), c.place.as_ref()?);
    let looked = Looked { title, text, purpose: Purpose::Claim, place };
    let category = desk.proposer.categories(looked).into_iter().next()?.code;
    match kind {
        SuggestionKind::Category => Some(category),
        SuggestionKind::Agency => {
            let found = desk.proposer.agencies(&category, looked, &desk.register, desk.today);
            found.into_iter().next().map(|p| p.code)
        }
    }
}

fn end(learned: Result<Option<suggest::Entry>, VersionError>) -> LearningEnd {
    match learned {
        Ok(Some(entry)) if entry.taken => LearningEnd::Taken,
        Ok(Some(_)) => LearningEnd::Kept,
        Ok(None) | Err(VersionError::Train(suggest::TrainError::TooFew { .. })) => LearningEnd::TooFew,
        Err(error) => {
            tracing::warn!(%error, "nothing was learned");
            LearningEnd::Failed
        }
    }
}
