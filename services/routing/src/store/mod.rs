//! Typed access to routing's tables.

pub mod register;
pub mod rows;
pub mod sql;
pub mod suggestions;

use contracts::{
    Due, codes::MatterState, codes::Purpose, routing::Proposal, routing::commands::RestrictedRow,
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{AgencyCode, AssignmentId, MatterId, RegionCode, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::domain::matter::{Assignment, Matter};
use rows::{AssignmentRow, MatterRow, code};

/// Loads a matter with its assignments.
pub async fn load(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<Matter>, StoreError> {
    let row: Option<MatterRow> = tx.query(&sql::LOAD_MATTER).bind(id).optional().await?;
    let Some(row) = row else { return Ok(None) };
    let assignments: Vec<AssignmentRow> = tx.query(&sql::LOAD_ASSIGNMENTS).bind(id).all().await?;
    row.into_matter(assignments).map(Some)
}

/// Enters a matter, with the others of its batch. A second time it changes nothing.
pub fn insert(tx: &mut Tx<'_>, matter: &Matter, now: UnixMillis) -> Result<(), StoreError> {
    let wanted = if matter.restricted { "none" } else { "wanted" };
    let columns = (
        matter.id,
        matter.version,
        matter.state.code(),
        matter.purpose.code(),
        i64::from(matter.restricted),
        i64::from(matter.facts_known),
        matter.place_region.as_ref().map(RegionCode::as_str),
        matter.received_on,
        json(&matter.t01)?,
        json(&matter.summary)?,
        json(&matter.claims)?,
        wanted,
        now.0,
    );
    tx.append_later(&sql::INSERT_MATTERS, &columns)
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::other(e.to_string()))
}

/// Stores a changed matter over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, matter: &Matter, loaded: i64, now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_MATTER)
        .bind(matter.id)
        .bind(loaded)
        .bind(matter.version)
        .bind(matter.state.code())
        .bind(matter.purpose.code())
        .bind(matter.category.as_deref())
        .bind(matter.route.map(contracts::codes::Route::code))
        .bind(i64::from(matter.restricted))
        .bind(i64::from(matter.facts_known))
        .bind(matter.received_on.to_string())
        .bind(JsonText(&matter.t01))
        .bind(JsonText(&matter.summary))
        .bind(JsonText(&matter.claims))
        .bind(JsonText(&matter.accused))
        .bind(now)
        .bind(matter.bounces)
        .bind(matter.dispute.as_ref().map(JsonText))
        .run_one()
        .await
}

/// Enters or changes one assignment.
pub async fn save_assignment(tx: &mut Tx<'_>, matter: MatterId, a: &Assignment) -> Result<(), StoreError> {
    tx.query(&sql::SAVE_ASSIGNMENT)
        .bind(a.id)
        .bind(matter)
        .bind(a.no)
        .bind(&a.agency)
        .bind(a.mode.code())
        .bind(a.state.code())
        .bind(i64::from(a.is_active()))
        .bind(&a.document_number)
        .bind(&a.legal_ground)
        .bind(a.sent_on.to_string())
        .bind(a.limit_on.map(|d| d.to_string()))
        .bind(a.dispatch_seq)
        .bind(JsonText(&a.days))
        .bind(JsonText(&a.stated))
        .bind(JsonText(&a.dues))
        .bind(JsonText(&a.papers))
        .bind(a.close_code.map(contracts::codes::CloseCode::code))
        .bind(i64::from(a.binding))
        .bind(a.override_reason.as_deref())
        .bind(JsonText(&a.objections))
        .bind(a.role.code())
        .bind(a.share.as_ref().map(JsonText))
        .bind(i64::from(a.is_active() && !a.is_delivered()))
        .run()
        .await?;
    Ok(())
}

/// A matter that wants a proposal.
#[derive(Clone, Debug)]
pub struct Wanting {
    /// The matter.
    pub id: MatterId,
    /// The version it had.
    pub version: i64,
    /// Class as stated.
    pub purpose: Purpose,
    /// Where the problem is.
    pub place: RegionCode,
}

/// Matters that want a proposal, oldest first.
pub async fn wanting(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Wanting>, StoreError> {
    let rows: Vec<(String, i64, String, Option<String>)> =
        tx.query(&sql::WANTING_PROPOSAL).bind(limit).all().await?;
    rows.into_iter()
        .map(|(id, version, purpose, place)| {
            Ok(Wanting {
                id: parse("matter", "id", &id, &id)?,
                version,
                purpose: code("matter", "purpose", &id, &purpose, Purpose::from_code)?,
                place: parse("matter", "place_region", &id, &place.unwrap_or_default())?,
            })
        })
        .collect()
}

/// A proposal to be stored over a version.
#[derive(Serialize, Deserialize)]
pub struct Proposed {
    /// The matter.
    pub id: MatterId,
    /// The version it had.
    pub version: i64,
    /// Proposed categories, JSON text.
    pub categories: String,
    /// Proposed agencies, JSON text.
    pub agencies: String,
}

impl Proposed {
    /// Ready for the bulk statement.
    pub fn new(
        wanting: &Wanting,
        categories: &[Proposal],
        agencies: &[Proposal],
    ) -> Result<Self, StoreError> {
        Ok(Self {
            id: wanting.id,
            version: wanting.version,
            categories: json(&categories)?,
            agencies: json(&agencies)?,
        })
    }
}

/// Stores proposals; gives back the matters that still wanted theirs.
pub async fn store_proposals(
    tx: &mut Tx<'_>,
    proposals: &[Proposed],
    now: UnixMillis,
) -> Result<Vec<MatterId>, StoreError> {
    let rows: Vec<(String,)> =
        tx.query(&sql::STORE_PROPOSALS).bind(JsonText(proposals)).bind(now).all().await?;
    rows.into_iter().map(|(id,)| parse("matter", "id", &id, &id)).collect()
}

/// Accusations whose dates and accused units are not known yet.
pub async fn unknown_accusations(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<MatterId>, StoreError> {
    let rows: Vec<(String,)> = tx.query(&sql::UNKNOWN_ACCUSATIONS).bind(limit).all().await?;
    rows.into_iter().map(|(id,)| parse("matter", "id", &id, &id)).collect()
}

/// One page of the restricted queue.
pub async fn restricted_page(
    tx: &mut Tx<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<RestrictedRow>, StoreError> {
    let rows: Vec<(String, String, String, JsonText<Due>)> =
        tx.query(&sql::RESTRICTED_PAGE).bind(after).bind(limit).all().await?;
    rows.into_iter()
        .map(|(id, state, received_on, t01)| {
            Ok(RestrictedRow {
                matter_id: parse("matter", "id", &id, &id)?,
                state: code("matter", "state", &id, &state, MatterState::from_code)?,
                received_on: parse("matter", "received_on", &id, &received_on)?,
                t01: t01.0,
            })
        })
        .collect()
}

/// Assignments of an agency that a receipt up to `to_seq` shows as delivered.
pub async fn undelivered(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    to_seq: i64,
    limit: i64,
) -> Result<Vec<(AssignmentId, MatterId)>, StoreError> {
    let rows: Vec<(String, String)> =
        tx.query(&sql::UNDELIVERED).bind(agency).bind(to_seq).bind(limit).all().await?;
    rows.into_iter()
        .map(|(id, matter)| {
            Ok((parse("assignment", "id", &id, &id)?, parse("assignment", "matter_id", &id, &matter)?))
        })
        .collect()
}

pub use register::{list_agency, register};

/// Whether `site` is the one that answers for an agency; the first to answer becomes it.
pub async fn is_its_site(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    site: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    Ok(site_of(tx, agency, site, now).await?.0 == site)
}

/// No site answers for an agency any more, until one claims it; late receipts of the one before are refused.
pub async fn release_site(tx: &mut Tx<'_>, agency: &AgencyCode, now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::RELEASE_SITE).bind(agency).bind(now).run_one().await
}

/// The site becomes the one that answers for an agency, if that was let go.
pub async fn claim_released(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    site: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    tx.query(&sql::CLAIM_RELEASED).bind(agency).bind(site).bind(now).run().await.map(drop)
}

/// The site that answers for an agency, and since when: the first to ask becomes it.
pub async fn site_of(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    asking: &str,
    now: UnixMillis,
) -> Result<(String, UnixMillis), StoreError> {
    tx.query(&sql::CLAIM_SITE).bind(agency).bind(asking).bind(now).run().await?;
    let (site, since): (String, i64) = tx.query(&sql::SITE_OF).bind(agency).one().await?;
    Ok((site, UnixMillis(since)))
}
