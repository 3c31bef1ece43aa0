//! Typed access to the board's tables.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use contracts::{Message, routing::AgencyListedV1};
use db::{Db, JsonText, StoreError, Tx, parse};
use kernel::{AgencyCode, MatterId, UnixMillis, civil_date};
use schemars::JsonSchema;
use serde::Serialize;

use super::{milestones::Detail, row::BoardRow};
use crate::store::board as sql;

/// Holder of what lies with the office.
pub(super) const OFFICE: &str = "office";
/// A date after all others: nothing is due.
pub(super) const NEVER: &str = "9999-12-31";
/// The counter of accusations: a bare total.
const RESTRICTED: &str = "restricted";
/// Lines of a timeline that are shown; a matter has some dozens.
const EVENTS_MAX: i64 = 1_000;

/// What the board knows of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has a row.
    Open(Box<BoardRow>),
    /// It is an accusation; the versions of intake and routing seen so far.
    Restricted((i64, i64)),
    /// Nothing yet.
    Nothing,
}

impl Known {
    /// The last version seen of a context.
    #[must_use]
    pub fn version_of(&self, context: &str) -> i64 {
        match (self, context) {
            (Self::Open(row), "intake") => row.intake_version,
            (Self::Open(row), "supervision") => row.supervision_version,
            (Self::Open(row), _) => row.routing_version,
            (Self::Restricted(seen), "intake") => seen.0,
            // The board keeps nothing of it, so nobody needs to wait.
            (Self::Restricted(_), "supervision") => i64::MAX,
            (Self::Restricted(seen), _) => seen.1,
            (Self::Nothing, _) => 0,
        }
    }
}

/// Where a row counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    state: &'static str,
    agency: String,
}

impl Slot {
    /// That of a row.
    #[must_use]
    pub fn of(row: &BoardRow) -> Self {
        Self { state: row.state.code(), agency: holder(row) }
    }
}

fn holder(row: &BoardRow) -> String {
    row.agency.as_ref().map_or_else(|| OFFICE.to_owned(), ToString::to_string)
}

/// The agencies that help, for their own lists: `,zhujian,shuiwu,`.
fn helpers(row: &BoardRow) -> String {
    let standing = row.co.iter().filter(|co| co.stands()).map(|co| co.agency.as_str());
    let list = standing.collect::<Vec<_>>().join(",");
    if list.is_empty() { list } else { format!(",{list},") }
}

/// A fact that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// `intake`, `routing`.
    pub context: String,
    /// Its version there.
    pub version: i64,
}

/// What the board knows of a matter.
///
/// # Errors
/// What the store says.
pub async fn known(tx: &mut Tx<'_>, id: MatterId) -> Result<Known, StoreError> {
    let row: Option<(JsonText<BoardRow>,)> = tx.query(&sql::LOAD).bind(id).optional().await?;
    if let Some((JsonText(row),)) = row {
        return Ok(Known::Open(Box::new(row)));
    }
    let seen: Option<(i64, i64)> = tx.query(&sql::LOAD_RESTRICTED).bind(id).optional().await?;
    Ok(seen.map_or(Known::Nothing, Known::Restricted))
}

/// What a batch has loaded or changed so far; its rows are written at the end.
#[derive(Default)]
struct Seen(HashMap<MatterId, Known>);

/// Loads what many facts will ask for.
///
/// # Errors
/// What the store says.
pub(super) async fn expect(tx: &mut Tx<'_>, ids: &[MatterId]) -> Result<(), StoreError> {
    type Columns = (String, Option<JsonText<BoardRow>>, Option<i64>, Option<i64>);
    let rows: Vec<Columns> = tx.query(&sql::LOAD_ALL).bind(JsonText(ids)).all().await?;
    for (id, row, intake, routing) in rows {
        let known = match (row, intake, routing) {
            (Some(JsonText(row)), ..) => Known::Open(Box::new(row)),
            (None, Some(intake), Some(routing)) => Known::Restricted((intake, routing)),
            _ => Known::Nothing,
        };
        tx.kept::<Seen>().0.insert(parse("board", "id", &id, &id)?, known);
    }
    Ok(())
}

/// What the board knows of a matter, with what this batch has made of it.
///
/// # Errors
/// What the store says.
pub(super) async fn seen(tx: &mut Tx<'_>, id: MatterId) -> Result<Known, StoreError> {
    if let Some(known) = tx.kept::<Seen>().0.get(&id) {
        return Ok(known.clone());
    }
    let known = known(tx, id).await?;
    tx.kept::<Seen>().0.insert(id, known.clone());
    Ok(known)
}

/// Stores a row and moves its counters.
///
/// # Errors
/// What the store says.
pub(super) fn put(tx: &mut Tx<'_>, row: BoardRow, before: Option<&Slot>) -> Result<(), StoreError> {
    let due_on = row.due.as_ref().map_or_else(|| NEVER.to_owned(), |due| due.alarm_on().to_string());
    let firm = row.due.as_ref().filter(|due| !due.provisional);
    let breach_on = firm.map_or_else(|| NEVER.to_owned(), |due| due.legal_on.to_string());
    let body = serde_json::to_string(&row).map_err(|e| StoreError::other(e.to_string()))?;
    let columns = (
        row.matter_id,
        row.number.as_str(),
        row.state.code(),
        holder(&row),
        row.category.as_deref().unwrap_or_default(),
        row.channel.code(),
        row.purpose.code(),
        row.received_on,
        civil_date(row.registered_at),
        due_on,
        breach_on,
        row.changed_at.0,
        body,
        helpers(&row),
    );
    tx.replace_later(&sql::PUT, row.matter_id.to_string(), &columns)?;
    let after = Slot::of(&row);
    tx.kept::<Seen>().0.insert(row.matter_id, Known::Open(Box::new(row)));
    if before == Some(&after) {
        return Ok(());
    }
    if let Some(before) = before {
        count(tx, before.state, &before.agency, -1)?;
    }
    count(tx, after.state, &after.agency, 1)
}

fn count(tx: &mut Tx<'_>, state: &str, agency: &str, n: i64) -> Result<(), StoreError> {
    tx.append_later(&sql::COUNT, &(state, agency, n))
}

/// A line of a timeline.
///
/// # Errors
/// What the store says.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    matter: MatterId,
    message: &Message,
    detail: &Detail,
) -> Result<(), StoreError> {
    let detail = serde_json::to_string(detail).map_err(|e| StoreError::other(e.to_string()))?;
    let (context, subject, at) = (message.context(), message.subject_id.as_str(), message.at.0);
    tx.append_later(
        &sql::TELL,
        &(matter, context, subject, message.version, at, message.type_token(), detail),
    )
}

/// Takes everything about an accusation off the board; that there is one more is all that stays.
///
/// # Errors
/// What the store says.
pub(super) async fn hide(
    tx: &mut Tx<'_>,
    matter: MatterId,
    before: Option<Slot>,
    mark: &Mark,
) -> Result<(), StoreError> {
    // What this batch said of it goes, too.
    tx.settle().await?;
    if let Some(before) = before {
        let seen = known(tx, matter).await?;
        count(tx, before.state, &before.agency, -1)?;
        for drop_what in [&sql::DROP_ROW, &sql::DROP_EVENTS, &sql::DROP_MENTIONS, &sql::DROP_TEXT] {
            tx.query(drop_what).bind(matter).run().await?;
        }
        let (intake, routing) = (seen.version_of("intake"), seen.version_of("routing"));
        tx.query(&sql::RESTRICT).bind(matter).bind(intake).bind(routing).run().await?;
    } else {
        tx.query(&sql::RESTRICT).bind(matter).bind(0_i64).bind(0_i64).run().await?;
    }
    count(tx, RESTRICTED, OFFICE, 1)?;
    mark_restricted(tx, matter, mark).await
}

/// More facts of an accusation were seen.
///
/// # Errors
/// What the store says.
pub(super) async fn mark_restricted(
    tx: &mut Tx<'_>,
    matter: MatterId,
    mark: &Mark,
) -> Result<(), StoreError> {
    tx.kept::<Seen>().0.remove(&matter);
    let query = tx.query(&sql::MARK_RESTRICTED).bind(matter).bind(mark.context.as_str());
    query.bind(mark.version).run_one().await
}

/// Enters an agency's name.
///
/// # Errors
/// What the store says.
pub(super) async fn list_agency(tx: &mut Tx<'_>, listed: &AgencyListedV1) -> Result<(), StoreError> {
    tx.query(&sql::LIST_AGENCY).bind(&listed.agency).bind(JsonText(listed)).run_one().await
}

/// Enters the register as the bundle of an agency's own site has it: routing's facts do not come there.
///
/// # Errors
/// What the store says.
pub async fn enter_register(db: &Db, register: Vec<AgencyListedV1>) -> Result<(), StoreError> {
    db.write(move |tx| {
        let register = register.clone();
        Box::pin(async move {
            for listed in &register {
                list_agency(tx, listed).await?;
            }
            Ok(())
        })
    })
    .await
}

/// The register as routing published it.
///
/// # Errors
/// What the store says.
pub async fn agencies(db: &Db) -> Result<Vec<AgencyListedV1>, StoreError> {
    let rows: Vec<(JsonText<AgencyListedV1>,)> =
        db.peek(|tx| Box::pin(async move { tx.query(&sql::AGENCIES).all().await })).await?;
    Ok(rows.into_iter().map(|(body,)| body.0).collect())
}

/// A row with its masked title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Listed {
    /// The row.
    #[serde(flatten)]
    pub row: BoardRow,
    /// Masked; absent until intake has been asked for it.
    pub title: Option<String>,
    /// The public number of the matter that it may repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat_number: Option<String>,
}

pub(super) type ListedRow = (JsonText<BoardRow>, Option<String>);

impl From<ListedRow> for Listed {
    fn from((row, title): ListedRow) -> Self {
        Self { row: row.0, title, repeat_number: None }
    }
}

/// One row.
///
/// # Errors
/// What the store says.
pub async fn load(db: &Db, id: MatterId) -> Result<Option<Listed>, StoreError> {
    let row: Option<ListedRow> =
        db.peek(|tx| Box::pin(async move { tx.query(&sql::SHOW).bind(id).optional().await })).await?;
    let mut row = row.map(Listed::from);
    super::repeated::name(db, row.as_mut_slice()).await?;
    Ok(row)
}

/// The matter with a public number, if it is no accusation.
///
/// # Errors
/// What the store says.
pub async fn numbers(db: &Db, number: &str) -> Result<Option<MatterId>, StoreError> {
    let number = number.trim().to_uppercase();
    let row: Option<(String,)> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::BY_NUMBER).bind(number).optional().await }))
        .await?;
    row.map(|(id,)| parse("board", "id", &id, &id)).transpose()
}

/// The first day after a day on which something is due.
///
/// # Errors
/// What the store says.
pub async fn next_due_after(db: &Db, day: NaiveDate) -> Result<Option<NaiveDate>, StoreError> {
    let row: Option<(String,)> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::NEXT_DUE).bind(day).bind(NEVER).optional().await }))
        .await?;
    row.map(|(day,)| parse("board", "due_on", "next", &day)).transpose()
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventRow {
    /// `intake`, `routing`.
    pub context: String,
    /// The fact's subject: the matter, or a repeat of it.
    pub subject_id: String,
    /// Its version.
    pub version: i64,
    /// When, business clock.
    pub at: UnixMillis,
    /// Token of its type: `matter_forwarded`.
    #[serde(rename = "type")]
    pub event: String,
    /// Codes, days, numbers.
    #[serde(serialize_with = "inner")]
    #[schemars(with = "Detail")]
    pub detail: JsonText<Detail>,
}

impl EventRow {
    /// The line as an agency's people see it: none of another agency's, and of the office's the day, not the person.
    #[must_use]
    pub fn for_agency(mut self, agency: &AgencyCode) -> Option<Self> {
        let detail = &mut self.detail.0;
        if detail.agency.as_ref().is_some_and(|of| of != agency) {
            return None;
        }
        detail.by = detail.by.take().filter(|by| by.agency.as_ref() == Some(agency));
        Some(self)
    }
}

fn inner<S: serde::Serializer>(detail: &JsonText<Detail>, serializer: S) -> Result<S::Ok, S::Error> {
    detail.0.serialize(serializer)
}

type EventColumns = (String, String, i64, i64, String, JsonText<Detail>);

/// A matter's timeline, oldest first.
///
/// # Errors
/// What the store says.
pub async fn event_rows(db: &Db, matter: MatterId) -> Result<Vec<EventRow>, StoreError> {
    let rows: Vec<EventColumns> = db
        .peek(|tx| Box::pin(async move { tx.query(&sql::EVENTS).bind(matter).bind(EVENTS_MAX).all().await }))
        .await?;
    let row = |(context, subject_id, version, at, event, detail): EventColumns| EventRow {
        context,
        subject_id,
        version,
        at: UnixMillis(at),
        event,
        detail,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How many matters there are, by state and by holder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// By state.
    pub by_state: BTreeMap<String, i64>,
    /// By holder: `office` or an agency's code.
    pub by_agency: BTreeMap<String, i64>,
    /// All of them; no accusation among them.
    pub total: i64,
    /// Accusations, for the officer for accusations alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted: Option<i64>,
}

/// The counts; of one agency when `only` names it.
///
/// # Errors
/// What the store says.
pub async fn counts(db: &Db, only: Option<&str>, with_restricted: bool) -> Result<Counts, StoreError> {
    let rows: Vec<(String, String, i64)> =
        db.peek(|tx| Box::pin(async move { tx.query(&sql::COUNTERS).all().await })).await?;
    let mut counts = Counts { restricted: with_restricted.then_some(0), ..Counts::default() };
    for (state, agency, n) in rows {
        if state == RESTRICTED {
            counts.restricted = counts.restricted.map(|so_far| so_far + n);
            continue;
        }
        if only.is_some_and(|only| only != agency) {
            continue;
        }
        *counts.by_state.entry(state).or_default() += n;
        *counts.by_agency.entry(agency).or_default() += n;
        counts.total += n;
    }
    Ok(counts)
}

/// Empties the board and its inbox, so that the facts build it anew.
///
/// # Errors
/// What the store says.
pub async fn clear(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        Box::pin(async move {
            for statement in sql::CLEAR {
                tx.query(statement).run().await?;
            }
            Ok(())
        })
    })
    .await
}
