//! The table of agencies, and the cases that ended ones hold.

use contracts::{
    codes::{AssignmentRole, AssignmentState},
    routing::register::Orphan,
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{AgencyCode, RegionCode, UnixMillis};

use super::{rows::code, sql};
use crate::domain::{
    agency::{Agency, Register},
    succession::About,
};

/// Enters an agency into the register; `false` when it was there.
pub async fn list_agency(tx: &mut Tx<'_>, agency: &Agency, now: UnixMillis) -> Result<bool, StoreError> {
    let last_on = agency.valid_to.map(|d| d.to_string());
    let query = tx.query(&sql::LIST_AGENCY).bind(&agency.code).bind(JsonText(agency)).bind(now);
    Ok(query.bind(last_on).run().await? == 1)
}

/// The register.
pub async fn register(tx: &mut Tx<'_>) -> Result<Register, StoreError> {
    let rows: Vec<(String, JsonText<Agency>)> = tx.query(&sql::ALL_AGENCIES).all().await?;
    Ok(Register::new(rows.into_iter().map(|(_, entry)| entry.0)))
}

/// One entry with its version.
pub async fn kept(tx: &mut Tx<'_>, agency: &AgencyCode) -> Result<Option<(Agency, i64)>, StoreError> {
    let row: Option<(JsonText<Agency>, i64)> = tx.query(&sql::LOAD_AGENCY).bind(agency).optional().await?;
    Ok(row.map(|(entry, version)| (entry.0, version)))
}

/// Stores a changed entry over the version that was loaded.
pub async fn keep(
    tx: &mut Tx<'_>,
    agency: &Agency,
    loaded: i64,
    version: i64,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let last_on = agency.valid_to.map(|d| d.to_string());
    let query = tx.query(&sql::KEEP_AGENCY).bind(&agency.code).bind(loaded).bind(JsonText(agency));
    query.bind(version).bind(last_on).bind(now).run_one().await
}

/// One page of the register, by code.
pub async fn page(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<(Agency, i64)>, StoreError> {
    let rows: Vec<(JsonText<Agency>, i64)> =
        tx.query(&sql::AGENCIES_PAGE).bind(after).bind(limit).all().await?;
    Ok(rows.into_iter().map(|(entry, version)| (entry.0, version)).collect())
}

/// Two numbers that differ after every change of the register.
pub async fn mark(tx: &mut Tx<'_>) -> Result<(i64, i64), StoreError> {
    tx.query(&sql::REGISTER_MARK).one().await
}

/// Whose cases are asked for: open ones, accusations.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// Cases that are no accusations.
    pub open: bool,
    /// Accusations.
    pub restricted: bool,
}

type Row = (String, String, i64, i64, String, String, String, String, Option<String>, Option<String>);

/// One page of the cases that ending agencies hold, each with the cursor behind it; successors are proposed from the
/// register.
pub async fn orphans(
    tx: &mut Tx<'_>,
    sight: Sight,
    (after, limit): (&str, i64),
    today: chrono::NaiveDate,
) -> Result<Vec<(String, Orphan)>, StoreError> {
    let query = tx.query(&sql::ORPHANS).bind(after).bind(i64::from(sight.open));
    let rows: Vec<Row> = query.bind(i64::from(sight.restricted)).bind(limit).all().await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let register = register(tx).await?;
    rows.into_iter().map(|row| orphan(row, &register, today)).collect()
}

fn orphan(row: Row, register: &Register, today: chrono::NaiveDate) -> Result<(String, Orphan), StoreError> {
    let (id, matter, version, no, role, state, agency, last_on, category, place) = row;
    let agency: AgencyCode = parse("assignment", "agency", &id, &agency)?;
    let place: Option<RegionCode> =
        place.map(|p| parse("matter", "place_region", &matter, &p)).transpose()?;
    let last_on: chrono::NaiveDate = parse("agency", "last_on", agency.as_str(), &last_on)?;
    let about = About { category: category.as_deref(), place: place.as_ref() };
    let orphan = Orphan {
        matter_id: parse("assignment", "matter_id", &id, &matter)?,
        version,
        assignment_no: no,
        role: code("assignment", "role", &id, &role, AssignmentRole::from_code)?,
        state: code("assignment", "state", &id, &state, AssignmentState::from_code)?,
        successors: register.heirs_for(&agency, about, today),
        agency,
        last_on,
        ended: last_on < today,
    };
    Ok((id, orphan))
}
