//! Sketches of open submissions, and what a look at a pair must know beside the two rows.

use std::collections::HashMap;

use db::{StoreError, Tx, parse};
use kernel::{AgencyCode, MatterId, SubmissionId};
use suggest::repeats::Sketch;

use super::{json, rows, sql};

/// Whoever enters, moves or drops a sketch holds this series to the commit: so numbers become visible in their
/// order, and nobody enters one that another finds to be an accusation's.
const SERIES: &str = "sketch";

/// The next numbers in the order of entries; the first of them.
///
/// # Errors
/// What the store says.
pub async fn numbers(tx: &mut Tx<'_>, count: i64) -> Result<i64, StoreError> {
    tx.next_number(SERIES, count).await
}

/// One entry, as an index takes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub seq: i64,
    /// Whose.
    pub id: SubmissionId,
    /// Where the problem is.
    pub place: String,
    /// The agency that got it, if one did.
    pub agency: Option<String>,
    /// The sketch.
    pub sketch: Sketch,
}

/// Entries behind a number, in order.
///
/// # Errors
/// What the store says.
pub async fn after(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let lines: Vec<rows::EntryLine> = tx.query(&sql::SKETCHES_AFTER).bind(seq).bind(limit).all().await?;
    lines.into_iter().map(rows::EntryLine::read).collect()
}

/// How many there are: the room that an index makes at its start.
///
/// # Errors
/// What the store says.
pub async fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let (count,): (i64,) = tx.query(&sql::COUNT_SKETCHES).one().await?;
    Ok(count)
}

/// A matter went to an agency: its entry comes once more, with that agency.
///
/// # Errors
/// What the store says.
pub async fn moved(tx: &mut Tx<'_>, matter: MatterId, agency: &AgencyCode) -> Result<(), StoreError> {
    let seq = numbers(tx, 1).await?;
    tx.query(&sql::MOVE_SKETCH).bind(matter).bind(seq).bind(agency).run().await.map(drop)
}

/// A matter was found to be an accusation: no sketch of it stays, nor of its repeats (Art. 30).
///
/// # Errors
/// What the store says.
pub async fn forget(tx: &mut Tx<'_>, matter: MatterId) -> Result<(), StoreError> {
    numbers(tx, 1).await?;
    tx.query(&sql::DROP_SKETCHES).bind(matter).run().await.map(drop)
}

/// Where the reconciler has come, while it has something to do.
///
/// # Errors
/// What the store says.
pub async fn owed_after(tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::SKETCH_OWED).optional().await?;
    Ok(row.map(|(after,)| after))
}

/// Open submissions behind an id that have no sketch.
///
/// # Errors
/// What the store says.
pub async fn missing(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<SubmissionId>, StoreError> {
    let lines: Vec<(String,)> = tx.query(&sql::UNSKETCHED).bind(after).bind(limit).all().await?;
    lines.into_iter().map(|(id,)| parse("submission", "id", &id, &id)).collect()
}

/// Enters sketches of submissions that were there before, those alone that are no accusation now.
///
/// # Errors
/// What the store says.
pub async fn enter(tx: &mut Tx<'_>, made: &[(SubmissionId, Sketch)]) -> Result<(), StoreError> {
    if made.is_empty() {
        return Ok(());
    }
    // The series is held before it is read who is an accusation: a finding comes wholly before or wholly behind.
    let first = numbers(tx, i64::try_from(made.len()).unwrap_or(i64::MAX)).await?;
    let ids: Vec<SubmissionId> = made.iter().map(|(id, _)| *id).collect();
    let open: HashMap<SubmissionId, String> = super::submissions(tx, &ids)
        .await?
        .into_iter()
        .filter(|row| !row.restricted)
        .map(|row| (row.id, row.place_region.to_string()))
        .collect();
    for ((id, sketch), seq) in made.iter().zip(first..) {
        let Some(place) = open.get(id) else { continue };
        let query = tx.query(&sql::ADD_SKETCH).bind(*id).bind(seq).bind(place.as_str());
        query.bind(sketch.0.to_vec()).run().await?;
    }
    Ok(())
}

/// Notes how far the reconciler has come; none is left behind the last one.
///
/// # Errors
/// What the store says.
pub async fn came_to(tx: &mut Tx<'_>, last: Option<SubmissionId>) -> Result<(), StoreError> {
    match last {
        Some(last) => tx.query(&sql::SKETCHED_TO).bind(last).run().await.map(drop),
        None => tx.query(&sql::SKETCHED_ALL).run().await.map(drop),
    }
}

/// What a look must know of a submission beside its row.
#[derive(Clone, Debug, Default)]
pub struct Lying {
    /// Its matter is closed: it takes no repeat.
    pub closed: bool,
    /// The agency that holds it, or held it last.
    pub agency: Option<AgencyCode>,
}

/// Where submissions lie, at most 256.
///
/// # Errors
/// What the store says.
pub async fn lying(
    tx: &mut Tx<'_>,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Lying>, StoreError> {
    let lines: Vec<rows::LyingLine> = tx.query(&sql::LOAD_PLACES).bind(json(ids)?).all().await?;
    lines.into_iter().map(rows::LyingLine::read).collect()
}

/// With which of the others a submission has a petitioner in common, by blind index; those are absent with which
/// there is nothing to compare. Asked of pairs that passed, and of nothing else.
///
/// # Errors
/// What the store says.
pub async fn same_person(
    tx: &mut Tx<'_>,
    one: SubmissionId,
    others: &[SubmissionId],
) -> Result<HashMap<SubmissionId, bool>, StoreError> {
    let lines: Vec<(String, i64)> = tx.query(&sql::SAME_PERSON).bind(one).bind(json(others)?).all().await?;
    let read = |(id, same): (String, i64)| Ok((parse("identity", "submission_id", &id, &id)?, same > 0));
    lines.into_iter().map(read).collect()
}
