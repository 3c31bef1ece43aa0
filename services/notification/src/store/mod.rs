//! Typed access to notification's tables.

pub mod rows;
pub mod sql;

use contracts::{notification::commands::ListNotices, routing::AgencyListedV1};
use db::{JsonText, StoreError, Tx};
use kernel::{AgencyCode, MatterId, NoticeId, UnixMillis};

use crate::domain::notice::Notice;
use rows::{Listed, NoticeRow};

/// A matter as notification knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Public number; absent for an accusation.
    pub number: Option<String>,
    /// 检举控告.
    pub restricted: bool,
    /// Nobody gave a name.
    pub anonymous: bool,
}

/// An agency as notices name it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Agency {
    /// Its code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Its petition desk's mailbox.
    pub email: Option<String>,
}

/// Enters a matter. A second time it changes nothing.
pub async fn enter(
    tx: &mut Tx<'_>,
    id: MatterId,
    matter: &Matter,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let query = tx.query(&sql::ENTER_MATTER).bind(id).bind(matter.number.as_deref());
    let query = query.bind(i64::from(matter.restricted)).bind(i64::from(matter.anonymous));
    query.bind(now).run().await.map(drop)
}

/// Loads a matter.
pub async fn matter(tx: &mut Tx<'_>, id: MatterId) -> Result<Option<Matter>, StoreError> {
    let row: Option<(Option<String>, i64, i64)> = tx.query(&sql::LOAD_MATTER).bind(id).optional().await?;
    Ok(row.map(|(number, restricted, anonymous)| Matter {
        number,
        restricted: restricted == 1,
        anonymous: anonymous == 1,
    }))
}

/// It turned out to be an accusation.
pub async fn restrict(tx: &mut Tx<'_>, id: MatterId) -> Result<(), StoreError> {
    tx.query(&sql::RESTRICT_MATTER).bind(id).run_one().await
}

/// Enters an agency, or what changed of it.
pub async fn list_agency(tx: &mut Tx<'_>, listed: &AgencyListedV1) -> Result<(), StoreError> {
    let query = tx.query(&sql::LIST_AGENCY).bind(&listed.agency).bind(&listed.name_zh).bind(&listed.name_en);
    query.bind(listed.email.as_deref()).run().await.map(drop)
}

/// Every agency.
pub async fn agencies(tx: &mut Tx<'_>) -> Result<Vec<Agency>, StoreError> {
    tx.query(&sql::ALL_AGENCIES).all().await
}

/// Where an agency's petition desk gets its mail.
pub async fn desk_of(tx: &mut Tx<'_>, agency: &AgencyCode) -> Result<Option<String>, StoreError> {
    let found = agencies(tx).await?.into_iter().find(|a| a.code == agency.as_str());
    Ok(found.and_then(|a| a.email))
}

/// Enters a notice; `false` when this audience was told of this fact already.
pub async fn insert(tx: &mut Tx<'_>, n: &Notice) -> Result<bool, StoreError> {
    let added = tx
        .query(&sql::INSERT_NOTICE)
        .bind(n.id)
        .bind(n.event_id)
        .bind(&n.event_type)
        .bind(n.audience.to_string())
        .bind(&n.subject_id)
        .bind(n.matter_id)
        .bind(&n.template)
        .bind(n.template_version)
        .bind(JsonText(&n.told))
        .bind(n.channel.code())
        .bind(JsonText(&n.ways))
        .bind(i64::from(n.restricted))
        .bind(n.state.code())
        .bind(n.trouble.map(contracts::codes::NoticeTrouble::code))
        .bind(n.next_attempt_at)
        .bind(n.queued_at)
        .bind(n.sent_on)
        .bind(n.delivered_on)
        .bind(n.way.map(contracts::codes::ServiceWay::code))
        .bind(n.proof.as_deref())
        .run()
        .await?;
    Ok(added == 1)
}

/// Stores a changed notice over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, n: &Notice, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_NOTICE)
        .bind(n.id)
        .bind(loaded)
        .bind(n.version)
        .bind(n.channel.code())
        .bind(JsonText(&n.ways))
        .bind(i64::from(n.restricted))
        .bind(n.state.code())
        .bind(n.trouble.map(contracts::codes::NoticeTrouble::code))
        .bind(n.attempts)
        .bind(n.next_attempt_at)
        .bind(n.sent_on)
        .bind(n.delivered_on)
        .bind(n.way.map(contracts::codes::ServiceWay::code))
        .bind(n.proof.as_deref())
        .run_one()
        .await
}

fn read(rows: Vec<NoticeRow>) -> Result<Vec<Listed>, StoreError> {
    rows.into_iter().map(NoticeRow::read).collect()
}

/// One notice.
pub async fn load(tx: &mut Tx<'_>, id: NoticeId) -> Result<Option<Listed>, StoreError> {
    let row: Option<NoticeRow> = tx.query(&sql::LOAD_NOTICE).bind(id).optional().await?;
    row.map(NoticeRow::read).transpose()
}

/// Every notice about a matter, to whomever.
pub async fn of_matter(tx: &mut Tx<'_>, id: MatterId) -> Result<Vec<Listed>, StoreError> {
    read(tx.query(&sql::OF_MATTER).bind(id).all().await?)
}

/// One page of notices to petitioners, the oldest first.
pub async fn page(tx: &mut Tx<'_>, wish: &ListNotices) -> Result<(Vec<Listed>, Option<String>), StoreError> {
    let rows: Vec<NoticeRow> = tx
        .query(&sql::PAGE)
        .bind(i64::from(wish.restricted))
        .bind(JsonText(&wish.states))
        .bind(wish.channel.map(contracts::codes::NoticeChannel::code))
        .bind(wish.page.after.as_deref().unwrap_or_default())
        .bind(wish.page.rows())
        .all()
        .await?;
    cut(rows, wish.page.rows())
}

fn cut(rows: Vec<NoticeRow>, limit: i64) -> Result<(Vec<Listed>, Option<String>), StoreError> {
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| row.id.clone());
    Ok((read(rows)?, next))
}

/// Mails whose attempt is due, and attempts that nobody waits for any more.
pub async fn due_mails(tx: &mut Tx<'_>, now: UnixMillis, limit: i64) -> Result<Vec<NoticeId>, StoreError> {
    let rows: Vec<(String,)> = tx.query(&sql::DUE_MAILS).bind(now).bind(limit).all().await?;
    rows.into_iter().map(|(id,)| db::parse("notice", "id", &id, &id)).collect()
}

/// Notices of kinds `petitioner`, `desk` and `inbox` by state.
pub async fn counts(tx: &mut Tx<'_>) -> Result<Vec<(String, String, i64)>, StoreError> {
    tx.query(&sql::COUNT_BY_STATE).all().await
}

/// Facts that one audience was told of twice.
pub async fn twice(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let found: (i64,) = tx.query(&sql::COUNT_TWICE).one().await?;
    Ok(found.0)
}

/// Sorts behind every id.
const LAST: &str = "nt_~";

/// One page of inboxes, the newest first.
pub async fn inbox(
    tx: &mut Tx<'_>,
    audiences: &[String],
    unread_only: bool,
    page: &contracts::PageRequest,
) -> Result<(Vec<Listed>, Option<String>), StoreError> {
    let rows: Vec<NoticeRow> = tx
        .query(&sql::INBOX)
        .bind(JsonText(audiences))
        .bind(i64::from(unread_only))
        .bind(page.after.as_deref().unwrap_or(LAST))
        .bind(page.rows())
        .all()
        .await?;
    cut(rows, page.rows())
}

/// How many nobody has read.
pub async fn unread(tx: &mut Tx<'_>, audiences: &[String]) -> Result<i64, StoreError> {
    let found: (i64,) = tx.query(&sql::COUNT_UNREAD).bind(JsonText(audiences)).one().await?;
    Ok(found.0)
}

/// Notes that notices were read; all when none is named. Says how many.
pub async fn mark_read(
    tx: &mut Tx<'_>,
    audiences: &[String],
    ids: &[NoticeId],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    tx.query(&sql::READ).bind(JsonText(audiences)).bind(JsonText(ids)).bind(now).run().await
}

/// The mark of all inboxes.
pub async fn mark(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let found: Option<(i64,)> = tx.query(&sql::MARK).optional().await?;
    Ok(found.map_or(0, |(mark,)| mark))
}

/// An inbox changed.
pub async fn raise_mark(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.query(&sql::RAISE_MARK).run_one().await
}
