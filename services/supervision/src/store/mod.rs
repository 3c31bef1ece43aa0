//! Typed access to supervision's tables: matters and duties here, orders beside.

pub mod orders;
pub mod rows;
pub mod sql;

use contracts::{codes::AssignmentRole, supervision::commands::ListDuties};
use db::{JsonText, StoreError, Tx};
use kernel::{AgencyCode, AssignmentId, MatterId, UnixMillis};

use crate::{
    domain::duty::{Alarm, Duty},
    rights::Sight,
};
use rows::{DutyRow, ListedDuty, Ripe};

/// A matter as supervision knows it.
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
    matter(tx, id).await
}

/// Loads a matter.
pub async fn matter(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<Matter>, StoreError> {
    let row: Option<(Option<String>, i64)> = tx.query(&sql::LOAD_MATTER).bind(id).optional().await?;
    Ok(row.map(|(number, restricted)| Matter { number, restricted: restricted == 1 }))
}

/// Enters a matter. A second time it changes nothing.
pub async fn enter(
    tx: &mut Tx<'_>,
    id: MatterId,
    number: Option<&str>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let restricted = i64::from(number.is_none());
    tx.query(&sql::INSERT_MATTER).bind(id).bind(number).bind(restricted).bind(now).run().await.map(drop)
}

/// It turned out to be an accusation.
pub async fn restrict(tx: &mut Tx<'_>, id: MatterId) -> Result<(), StoreError> {
    tx.query(&sql::RESTRICT_MATTER).bind(id).run_one().await
}

/// Enters an assignment.
pub async fn assign(
    tx: &mut Tx<'_>,
    id: AssignmentId,
    matter: MatterId,
    agency: &AgencyCode,
    role: AssignmentRole,
) -> Result<(), StoreError> {
    let query = tx.query(&sql::INSERT_ASSIGNMENT).bind(id).bind(matter).bind(agency);
    query.bind(role.code()).run().await.map(drop)
}

/// Whether an assignment leads its case or gives a part to it.
pub async fn role_of(tx: &mut Tx<'_>, id: AssignmentId) -> Result<AssignmentRole, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::ROLE_OF_ASSIGNMENT).bind(id).optional().await?;
    let role = row.map_or(Some(AssignmentRole::Lead), |(role,)| AssignmentRole::from_code(&role));
    role.ok_or_else(|| StoreError::corrupt("assignment", "role", id))
}

/// It was taken back.
pub async fn recall(tx: &mut Tx<'_>, id: AssignmentId) -> Result<(), StoreError> {
    tx.query(&sql::RECALL_ASSIGNMENT).bind(id).run().await.map(drop)
}

/// The agency of an assignment that was not taken back.
pub async fn holder(
    tx: &mut Tx<'_>,
    id: AssignmentId,
    matter: MatterId,
) -> Result<Option<AgencyCode>, StoreError> {
    let row: Option<(String,)> = tx.query(&sql::LOAD_ASSIGNMENT).bind(id).bind(matter).optional().await?;
    row.map(|(agency,)| db::parse("assignment", "agency", id, &agency)).transpose()
}

/// Enters a duty with its alarms. A second time it changes nothing.
pub async fn start(tx: &mut Tx<'_>, duty: &Duty, alarms: &[Alarm]) -> Result<(), StoreError> {
    let (assignment, agency) = match &duty.hangs_on {
        Some((assignment, agency)) => (Some(*assignment), Some(agency)),
        None => (None, None),
    };
    let added = tx
        .query(&sql::INSERT_DUTY)
        .bind(duty.id())
        .bind(duty.matter_id)
        .bind(duty.due.rule.code())
        .bind(assignment)
        .bind(agency)
        .bind(JsonText(&duty.due))
        .bind(duty.due.nominal_on)
        .bind(i64::from(duty.due.provisional))
        .bind(duty.state.code())
        .bind(duty.version)
        .run()
        .await?;
    if added == 1 { arm(tx, duty, alarms).await } else { Ok(()) }
}

/// Sets the alarms of a duty; one that has rung is not set again.
pub async fn arm(tx: &mut Tx<'_>, duty: &Duty, alarms: &[Alarm]) -> Result<(), StoreError> {
    for alarm in alarms {
        let query = tx.query(&sql::INSERT_ALARM).bind(duty.id()).bind(alarm.kind.code());
        query.bind(duty.matter_id).bind(alarm.on).bind(alarm.at()).run().await?;
    }
    Ok(())
}

/// Takes back the alarms of a duty that have not rung.
pub async fn disarm(tx: &mut Tx<'_>, duty: &Duty) -> Result<(), StoreError> {
    tx.query(&sql::DROP_WAITING_ALARMS).bind(duty.id()).run().await.map(drop)
}

/// Claims an alarm: `false` when it has rung or was taken back.
pub async fn claim(tx: &mut Tx<'_>, ripe: &Ripe, now: UnixMillis) -> Result<bool, StoreError> {
    let query = tx.query(&sql::CLAIM_ALARM).bind(&ripe.duty_id).bind(ripe.alarm.kind.code()).bind(now);
    Ok(query.run().await? == 1)
}

/// Alarms whose time has come, the earliest first.
pub async fn ripe(tx: &mut Tx<'_>, now: UnixMillis, limit: i64) -> Result<Vec<Ripe>, StoreError> {
    let rows: Vec<(String, String, String, String)> =
        tx.query(&sql::RIPE_ALARMS).bind(now).bind(limit).all().await?;
    rows.into_iter().map(Ripe::of).collect()
}

/// The same of one matter.
pub async fn ripe_of(tx: &mut Tx<'_>, matter: MatterId, now: UnixMillis) -> Result<Vec<Ripe>, StoreError> {
    let rows: Vec<(String, String, String, String)> =
        tx.query(&sql::RIPE_ALARMS_OF_MATTER).bind(matter).bind(now).all().await?;
    rows.into_iter().map(Ripe::of).collect()
}

/// One duty by its name.
pub async fn duty(tx: &mut Tx<'_>, id: &str) -> Result<Option<Duty>, StoreError> {
    let row: Option<DutyRow> = tx.query(&sql::LOAD_DUTY).bind(id).optional().await?;
    row.map(DutyRow::into_duty).transpose()
}

/// Stores a changed duty over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, duty: &Duty, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_DUTY)
        .bind(duty.id())
        .bind(loaded)
        .bind(duty.version)
        .bind(JsonText(&duty.due))
        .bind(duty.due.nominal_on)
        .bind(i64::from(duty.due.provisional))
        .bind(duty.state.code())
        .bind(i64::from(duty.open))
        .bind(duty.warned)
        .bind(duty.breached_on)
        .bind(duty.met_on)
        .run_one()
        .await
}

/// The duties of an assignment.
pub async fn of_assignment(
    tx: &mut Tx<'_>,
    matter: MatterId,
    id: AssignmentId,
) -> Result<Vec<Duty>, StoreError> {
    let rows: Vec<DutyRow> = tx.query(&sql::DUTIES_OF_ASSIGNMENT).bind(matter).bind(id).all().await?;
    rows.into_iter().map(DutyRow::into_duty).collect()
}

/// Every duty of a matter, with its number.
pub async fn of_matter(tx: &mut Tx<'_>, matter: MatterId) -> Result<Vec<(Duty, Option<String>)>, StoreError> {
    let rows: Vec<ListedDuty> = tx.query(&sql::DUTIES_OF_MATTER).bind(matter).all().await?;
    rows.into_iter().map(|row| Ok((row.duty.into_duty()?, row.number))).collect()
}

/// One page of the duties that are owed; the cursor is the last row's place.
pub async fn page(
    tx: &mut Tx<'_>,
    wish: &ListDuties,
    sight: Sight,
) -> Result<(Vec<(Duty, Option<String>)>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let (due_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('~').unwrap_or_default();
    let rows: Vec<ListedDuty> = tx
        .query(&sql::PAGE_OF_DUTIES)
        .bind(wish.agency.as_ref())
        .bind(wish.rule.map(calendar::RuleId::code))
        .bind(i64::from(wish.breached_only))
        .bind(i64::from(sight.open))
        .bind(i64::from(sight.restricted))
        .bind(due_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let items: Vec<(Duty, Option<String>)> = rows
        .into_iter()
        .map(|row| Ok((row.duty.into_duty()?, row.number)))
        .collect::<Result<_, StoreError>>()?;
    let next = items.last().filter(|_| full).map(|(d, _)| format!("{}~{}", d.due.nominal_on, d.id()));
    Ok((items, next))
}

/// Running, warned of, overdue, ever overdue.
pub async fn counts(tx: &mut Tx<'_>, sight: Sight) -> Result<(i64, i64, i64, i64), StoreError> {
    tx.query(&sql::COUNT_DUTIES).bind(i64::from(sight.open)).bind(i64::from(sight.restricted)).one().await
}

/// Duties whose date waits for a year of the calendar, after one of them.
pub async fn provisional(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<Duty>, StoreError> {
    let rows: Vec<DutyRow> = tx.query(&sql::PROVISIONAL).bind(after).bind(limit).all().await?;
    rows.into_iter().map(DutyRow::into_duty).collect()
}

/// Whether `site` is the one that answers for an agency; the first to answer becomes it.
pub async fn is_its_site(
    tx: &mut Tx<'_>,
    agency: &AgencyCode,
    site: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    tx.query(&sql::CLAIM_SITE).bind(agency).bind(site).bind(now).run().await?;
    let found: (String,) = tx.query(&sql::SITE_OF).bind(agency).one().await?;
    Ok(found.0 == site)
}
