//! 系统建议: which versions there are, whether people take what they propose, switching and learning.

use chrono::Days;
use contracts::{
    codes::{SuggestionChange, SuggestionKind},
    routing::{
        SuggestionsChangedV1,
        suggestions::{
            Agreement, Figures, LearnNow, LearningAsked, ShowAgreement, ShowSuggestions, SuggestionSwitch,
            SuggestionVersion, SuggestionView, SuggestionsView, SwitchSuggestions,
        },
    },
};
use db::{Draft, Tx};
use kernel::{Actor, Clock, Refusal, UnixMillis, civil_date};
use suggest::{Entry, Metrics, State, VersionError};
use web::door::Asked;

use super::Outcome;
use crate::{
    Deps, error,
    learning::subject,
    rights,
    store::suggestions::{self as store, Learning},
    suggester::Now,
};

/// Versions shown of a kind.
const VERSIONS_SHOWN: usize = 8;
/// Days of a period that names no beginning.
const PERIOD_DAYS: u64 = 90;

/// Which versions there are, and how learning goes.
///
/// # Errors
/// Whoever does not look after them; the store.
pub async fn show(deps: &Deps, asked: Asked<ShowSuggestions>) -> Result<SuggestionsView, Refusal> {
    rights::may_keep_suggestions(&asked.actor)?;
    let after = deps.config.learns_after.max(0);
    let read = deps.db.read(move |tx| {
        Box::pin(async move {
            let learnings = store::learnings(tx).await?;
            let since = learnings.iter().map(|l| l.at).max().unwrap_or(UnixMillis(0));
            let fresh = store::count_confirmed(tx, since, after).await?;
            Ok((learnings, fresh))
        })
    });
    let (learnings, fresh) = read.await.map_err(|e| error::away(&e))?;
    let kinds = SuggestionKind::ALL.iter().map(|kind| view(*kind, &deps.suggester.now(*kind), &learnings));
    let learning = deps.suggester.asked().is_some();
    Ok(SuggestionsView { kinds: kinds.collect(), learning, fresh, learns_after: after })
}

fn view(kind: SuggestionKind, now: &Now, learnings: &[Learning]) -> SuggestionView {
    let state = &now.state;
    SuggestionView {
        kind,
        in_use: used(state),
        off: state.off,
        damaged: now.damaged,
        can_go_back: state.used.len() > 1,
        versions: state.versions.iter().rev().take(VERSIONS_SHOWN).map(version).collect(),
        last: learnings.iter().find(|l| l.kind == kind).map(|l| l.learned.clone()),
    }
}

fn used(state: &State) -> Option<i64> {
    state.used.last().map(|number| i64::from(*number))
}

fn version(entry: &Entry) -> SuggestionVersion {
    SuggestionVersion {
        number: i64::from(entry.number),
        texts: i64::try_from(entry.texts).unwrap_or(i64::MAX),
        taken: entry.taken,
        figures: figures(&entry.newcomer),
        rules_right: entry.without.map(permille),
        before: entry.in_use.as_ref().map(figures),
    }
}

fn permille(share: f64) -> i64 {
    (share * 1000.0).round() as i64
}

fn figures(metrics: &Metrics) -> Figures {
    Figures {
        texts: i64::try_from(metrics.texts).unwrap_or(i64::MAX),
        first_right: permille(metrics.accuracy),
        among_three: permille(metrics.top3),
        confidence_off: permille(metrics.calibration_error),
    }
}

/// Asks for learning, which is done beside everything else.
///
/// # Errors
/// Whoever does not look after it.
pub fn learn_now(deps: &Deps, asked: &Asked<LearnNow>) -> Result<LearningAsked, Refusal> {
    rights::may_keep_suggestions(&asked.actor)?;
    Ok(LearningAsked { under_way: deps.suggester.ask(&asked.actor) })
}

/// Switches a kind, and puts on record who did. The files lead, also for `lianxi suggest off`; where the record cannot be
/// written they are put back.
///
/// # Errors
/// Whoever does not look after it, a version that is no more in use, the files, the store.
pub async fn switch(deps: &Deps, asked: Asked<SwitchSuggestions>) -> Result<SuggestionView, Refusal> {
    rights::may_keep_suggestions(&asked.actor)?;
    let SwitchSuggestions { kind, switch, in_use } = asked.command;
    let before = deps.suggester.now(kind);
    if used(&before.state) != in_use {
        let found = used(&before.state).unwrap_or(0);
        return Err(error::SUGGESTIONS_STALE.refuse().at("in_use").with("found", found));
    }
    let as_it_is = match switch {
        SuggestionSwitch::Off => before.state.off,
        SuggestionSwitch::On => !before.state.off,
        SuggestionSwitch::Back => false,
    };
    if !as_it_is {
        let suggester = deps.suggester.clone();
        // A version is read whole before it is used.
        let switched = tokio::task::spawn_blocking(move || suggester.switch(kind, switch)).await;
        match switched {
            Ok(Ok(())) => {}
            Ok(Err(VersionError::NoEarlier)) => return Err(error::NO_EARLIER_VERSION.refuse()),
            Ok(Err(error)) => return Err(unreadable(&error)),
            Err(error) => return Err(unreadable(&error)),
        }
        if let Err(error) = record(deps, kind, switch).await {
            if let Err(error) = deps.suggester.restore(kind, &before.state) {
                tracing::error!(%error, "a switch that is not on record could not be taken back");
            }
            return Err(error::away(&error));
        }
    }
    let learnings = deps.db.peek(|tx| Box::pin(async move { store::learnings(tx).await })).await;
    Ok(view(kind, &deps.suggester.now(kind), &learnings.map_err(|e| error::away(&e))?))
}

fn unreadable(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "the files of learned versions");
    error::SUGGESTION_FILES.refuse()
}

async fn record(deps: &Deps, kind: SuggestionKind, switch: SuggestionSwitch) -> Result<(), db::StoreError> {
    let change = match switch {
        SuggestionSwitch::Off => SuggestionChange::Off,
        SuggestionSwitch::On => SuggestionChange::On,
        SuggestionSwitch::Back => SuggestionChange::Back,
    };
    let in_use = deps.suggester.in_use(kind).map(|i| i64::from(i.version));
    let published = deps.db.write(move |tx| {
        Box::pin(async move {
            let fact = SuggestionsChangedV1 { kind, change, in_use };
            let draft = Draft::of(subject(kind), tx.clocks().business.now(), &fact)?;
            tx.publish(draft).await.map(drop)
        })
    });
    published.await?;
    tracing::info!(kind = %kind, change = %change, "proposals of a learned version were switched");
    Ok(())
}

/// Whether people take what is proposed.
pub async fn agreement(tx: &mut Tx<'_>, actor: &Actor, asked: &ShowAgreement) -> Outcome<Agreement> {
    if let Err(refusal) = rights::may_keep_suggestions(actor) {
        return Ok(Err(refusal));
    }
    let to = asked.to.unwrap_or_else(|| civil_date(tx.clocks().business.now()));
    let from = asked.from.or_else(|| to.checked_sub_days(Days::new(PERIOD_DAYS))).unwrap_or(to);
    if from > to {
        return Ok(Err(error::PERIOD_UPSIDE_DOWN.refuse().at("from")));
    }
    let categories = store::agreement(tx, from, to).await?;
    let agencies = store::agency_agreement(tx, from, to).await?;
    Ok(Ok(Agreement { from, to, categories, agencies }))
}
