//! Typed access to the tables of meetings: what it knows of matters and units here, its own things beside.

pub mod items;
pub mod meetings;
pub mod rows;
pub mod sql;
pub mod tasks;

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    meetings::commands::{MeetingCounts, PositionView},
    routing::AgencyListedV1,
};
use db::{JsonText, Sql, StoreError, Tx, parse};
use kernel::{AgencyCode, Clock, ContentId, MatterId, UnixMillis, civil_date};

use crate::domain::body::Body;

/// A matter as meetings knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Public number; absent for an accusation.
    pub number: Option<String>,
    /// 检举控告.
    pub restricted: bool,
}

/// Loads a matter that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<Matter>, StoreError> {
    if tx.query(&sql::HOLD_MATTER).bind(id).run().await? == 0 {
        return Ok(None);
    }
    let row: Option<(Option<String>, i64)> = tx.query(&sql::LOAD_MATTER).bind(id).optional().await?;
    Ok(row.map(|(number, restricted)| Matter { number, restricted: restricted == 1 }))
}

/// Enters a matter. A second time it changes nothing.
pub async fn enter(tx: &mut Tx<'_>, id: MatterId, number: Option<&str>) -> Result<(), StoreError> {
    let restricted = i64::from(number.is_none());
    tx.query(&sql::INSERT_MATTER).bind(id).bind(number).bind(restricted).run().await.map(drop)
}

/// It turned out to be an accusation.
pub async fn restrict(tx: &mut Tx<'_>, id: MatterId) -> Result<(), StoreError> {
    tx.query(&sql::RESTRICT_MATTER).bind(id).run_one().await
}

/// Enters a unit of the register, or what changed of it.
pub async fn list_unit(tx: &mut Tx<'_>, unit: &AgencyListedV1) -> Result<(), StoreError> {
    let query = tx.query(&sql::INSERT_UNIT).bind(&unit.agency).bind(unit.valid_from.to_string());
    query.bind(unit.valid_to.map(|d| d.to_string())).run_one().await
}

/// Every unit of the register that exists today.
pub async fn units(tx: &mut Tx<'_>) -> Result<BTreeSet<AgencyCode>, StoreError> {
    let today = civil_date(tx.clocks().business.now()).to_string();
    let rows: Vec<(String,)> = tx.query(&sql::UNITS).bind(today).all().await?;
    rows.into_iter().map(|(agency,)| parse("unit", "agency", &agency, &agency)).collect()
}

/// A letter of objection with the unit that it holds for competent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The position that it is.
    pub position: PositionView,
    /// The unit that it holds for competent.
    pub proposed: Option<AgencyCode>,
}

/// Keeps a letter of objection.
pub async fn keep_objection(
    tx: &mut Tx<'_>,
    matter: MatterId,
    content_id: ContentId,
    objection: &Objection,
) -> Result<(), StoreError> {
    let query = tx.query(&sql::INSERT_OBJECTION).bind(content_id).bind(matter);
    let query = query.bind(&objection.position.agency).bind(objection.position.on);
    query.bind(objection.proposed.as_ref()).run().await.map(drop)
}

/// The letters of objection about a matter, the oldest first.
pub async fn objections(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<Objection>, StoreError> {
    const TABLE: &str = "objection";
    let rows: Vec<(String, String, String, Option<String>)> =
        tx.query(&sql::OBJECTIONS_OF_MATTER).bind(matter).all().await?;
    let read = |(id, agency, on, proposed): (String, String, String, Option<String>)| {
        Ok(Objection {
            position: PositionView {
                agency: parse(TABLE, "agency", &id, &agency)?,
                on: parse(TABLE, "objected_on", &id, &on)?,
                content_id: Some(parse(TABLE, "content_id", &id, &id)?),
                words: None,
            },
            proposed: proposed.map(|unit| parse(TABLE, "proposed", &id, &unit)).transpose()?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Keeps a conference as the profile describes it.
pub async fn keep_body(tx: &mut Tx<'_>, body: &Body) -> Result<(), StoreError> {
    tx.query(&sql::KEEP_BODY).bind(&body.code).bind(JsonText(body)).run().await.map(drop)
}

/// Every conference.
pub async fn bodies(tx: &mut Tx<'_>) -> Result<Vec<Body>, StoreError> {
    let rows: Vec<(JsonText<Body>,)> = tx.query(&sql::BODIES).all().await?;
    Ok(rows.into_iter().map(|(body,)| body.0).collect())
}

/// One conference.
pub async fn body(tx: &mut Tx<'_>, code: &str) -> Result<Option<Body>, StoreError> {
    let row: Option<(JsonText<Body>,)> = tx.query(&sql::BODY).bind(code).optional().await?;
    Ok(row.map(|(body,)| body.0))
}

/// How many of everything, and what is late.
pub async fn counts(tx: &mut Tx<'_>, now: UnixMillis) -> Result<MeetingCounts, StoreError> {
    let overdue: Option<(i64,)> = tx.query(&sql::COUNT_OVERDUE).optional().await?;
    let late: Option<(i64,)> = tx.query(&sql::COUNT_LATE_REPLIES).bind(civil_date(now)).optional().await?;
    Ok(MeetingCounts {
        items: by_state(tx, &sql::COUNT_ITEMS).await?,
        meetings: by_state(tx, &sql::COUNT_MEETINGS).await?,
        resolutions: by_state(tx, &sql::COUNT_RESOLUTIONS).await?,
        tasks: by_state(tx, &sql::COUNT_TASKS).await?,
        overdue_tasks: overdue.unwrap_or_default().0,
        late_replies: late.unwrap_or_default().0,
    })
}

async fn by_state(tx: &mut Tx<'_>, statement: &'static Sql) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows: Vec<(String, i64)> = tx.query(statement).all().await?;
    Ok(rows.into_iter().collect())
}

/// Whether this is the site that answers for the agency; the first one that does, stays.
pub async fn is_its_site(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    site: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    tx.query(&sql::CLAIM_SITE).bind(agency).bind(site).bind(now).run().await?;
    let row: Option<(String,)> = tx.query(&sql::SITE_OF).bind(agency).optional().await?;
    Ok(row.is_some_and(|(known,)| known == site))
}
