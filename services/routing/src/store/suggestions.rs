//! What was proposed, what people confirmed, and how learning went.

use chrono::NaiveDate;
use contracts::{
    codes::{LearningEnd, SuggestionKind},
    routing::{
        ProposalUse,
        suggestions::{CategoryAgreement, Earlier, Learned, Uses},
    },
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{MatterId, RegionCode, UnixMillis, civil_date};

use super::{rows::code, sql};
use crate::domain::{fact::Fact, matter::Summary};

const fn word(used: ProposalUse) -> &'static str {
    match used {
        ProposalUse::None => "none",
        ProposalUse::Taken => "taken",
        ProposalUse::Overruled => "overruled",
    }
}

/// Keeps what a screening decided and what had been proposed first; of an accusation nothing.
pub async fn keep_screening(
    tx: &mut Tx<'_>,
    fact: &Fact,
    proposed: Option<String>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let Fact::Screened(fact) = fact else { return Ok(()) };
    let Some(category) = fact.category.as_deref().filter(|_| !fact.restricted) else {
        return tx.query(&sql::FORGET_SCREENING).bind(fact.matter_id).run().await.map(drop);
    };
    let query = tx.query(&sql::KEEP_SCREENING).bind(fact.matter_id).bind(category).bind(proposed);
    let query = query.bind(word(fact.proposal)).bind(fact.agency_proposal.map(word));
    query.bind(civil_date(now).to_string()).bind(now).run().await.map(drop)
}

/// A matter as people decided it.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// The matter.
    pub id: MatterId,
    /// Category of the last screening.
    pub category: String,
    /// The lead that kept it.
    pub agency: Option<String>,
    /// Where the problem is.
    pub place: Option<RegionCode>,
}

/// The newest confirmed matters, in the order in which they were confirmed; no accusation.
pub async fn confirmed(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Confirmed>, StoreError> {
    let rows: Vec<(String, String, Option<String>, Option<String>)> =
        tx.query(&sql::CONFIRMED).bind(most).all().await?;
    let read = |(id, category, agency, place): (String, String, Option<String>, Option<String>)| {
        let place = place.map(|p| parse("matter", "place_region", &id, &p)).transpose()?;
        Ok(Confirmed { id: parse("screening", "matter_id", &id, &id)?, category, agency, place })
    };
    rows.into_iter().rev().map(read).collect()
}

/// Where reading on begins: the moment and the matter last read.
pub type Cursor = (UnixMillis, String);

/// Confirmed matters behind a cursor, with the cursor behind each.
pub async fn confirmed_after(
    tx: &mut Tx<'_>,
    (at, id): &Cursor,
    limit: i64,
) -> Result<Vec<(MatterId, String, Cursor)>, StoreError> {
    let query = tx.query(&sql::CONFIRMED_AFTER).bind(*at).bind(id.as_str()).bind(limit);
    let rows: Vec<(String, String, i64)> = query.all().await?;
    let read = |(id, category, at): (String, String, i64)| {
        Ok((parse("screening", "matter_id", &id, &id)?, category, (UnixMillis(at), id)))
    };
    rows.into_iter().map(read).collect()
}

/// A cursor before the newest so many.
pub async fn before_newest(tx: &mut Tx<'_>, most: i64) -> Result<Cursor, StoreError> {
    let at: Option<(i64,)> = tx.query(&sql::NEWEST_CONFIRMED_FROM).bind(most).optional().await?;
    Ok((UnixMillis(at.map_or(0, |(at,)| at)), String::new()))
}

/// How many were confirmed or corrected after a moment, counted up to `most`.
pub async fn count_confirmed(tx: &mut Tx<'_>, after: UnixMillis, most: i64) -> Result<i64, StoreError> {
    let (count,): (i64,) = tx.query(&sql::COUNT_CONFIRMED).bind(after).bind(most).one().await?;
    Ok(count)
}

/// An earlier matter with what was decided.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The matter and its number.
    pub matter: Earlier,
    /// Its category.
    pub category: String,
    /// The lead that kept it.
    pub agency: Option<String>,
}

/// Earlier matters by their ids, as they are now; whatever is an accusation by now is absent.
pub async fn earlier(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<Decided>, StoreError> {
    let rows: Vec<(String, JsonText<Summary>, String, Option<String>)> =
        tx.query(&sql::EARLIER).bind(JsonText(ids)).all().await?;
    let read = |(id, summary, category, agency): (String, JsonText<Summary>, String, Option<String>)| {
        let matter_id = parse("matter", "id", &id, &id)?;
        // A matter without a public number is none that a list may name.
        let matter = summary.0.number.map(|number| Earlier { matter_id, number });
        Ok(matter.map(|matter| Decided { matter, category, agency }))
    };
    rows.into_iter().filter_map(|row| read(row).transpose()).collect()
}

/// What became of proposals, by category.
pub async fn agreement(
    tx: &mut Tx<'_>,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<CategoryAgreement>, StoreError> {
    let query = tx.query(&sql::AGREEMENT).bind(from.to_string()).bind(to.to_string());
    let rows: Vec<(String, String, i64)> = query.all().await?;
    let mut found: Vec<CategoryAgreement> = Vec::new();
    for (category, used, count) in rows {
        if found.last().is_none_or(|last| last.category != category) {
            found.push(CategoryAgreement { category, uses: Uses::default() });
        }
        if let Some(last) = found.last_mut() {
            add(&mut last.uses, &used, count);
        }
    }
    Ok(found)
}

/// What became of proposed agencies.
pub async fn agency_agreement(tx: &mut Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Uses, StoreError> {
    let query = tx.query(&sql::AGENCY_AGREEMENT).bind(from.to_string()).bind(to.to_string());
    let rows: Vec<(String, i64)> = query.all().await?;
    let mut uses = Uses::default();
    rows.into_iter().for_each(|(used, count)| add(&mut uses, &used, count));
    Ok(uses)
}

fn add(uses: &mut Uses, used: &str, count: i64) {
    match used {
        "taken" => uses.taken += count,
        "overruled" => uses.overruled += count,
        _ => uses.none += count,
    }
    uses.proposed = uses.taken + uses.overruled;
}

/// How the last learning of a kind went, and until when it had read.
#[derive(Clone, Debug)]
pub struct Learning {
    /// Of what.
    pub kind: SuggestionKind,
    /// How it ended.
    pub learned: Learned,
    /// What was confirmed later is new to it.
    pub at: UnixMillis,
}

/// Keeps how a learning went.
pub async fn keep_learning(tx: &mut Tx<'_>, learning: &Learning) -> Result<(), StoreError> {
    let query = tx.query(&sql::KEEP_LEARNING).bind(learning.kind.code());
    let query = query.bind(learning.learned.learned_on.to_string()).bind(learning.at);
    query.bind(learning.learned.end.code()).bind(learning.learned.texts).run().await.map(drop)
}

/// The last learning of each kind.
pub async fn learnings(tx: &mut Tx<'_>) -> Result<Vec<Learning>, StoreError> {
    let rows: Vec<(String, String, i64, String, i64)> = tx.query(&sql::LEARNINGS).all().await?;
    let read = |(kind, on, at, end, texts): (String, String, i64, String, i64)| {
        let learned = Learned {
            learned_on: parse("learning", "learned_on", &kind, &on)?,
            end: code("learning", "ended", &kind, &end, LearningEnd::from_code)?,
            texts,
        };
        let kind = code("learning", "kind", &kind, &kind, SuggestionKind::from_code)?;
        Ok(Learning { kind, learned, at: UnixMillis(at) })
    };
    rows.into_iter().map(read).collect()
}
