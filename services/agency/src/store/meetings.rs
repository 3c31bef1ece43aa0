//! Typed access to the meetings that the agency is invited to.

use contracts::{
    Page,
    agency::commands::{Invitation, ListInvitations},
    meetings::{MeetingDispatchV1, commands::ReplyView},
};
use db::{JsonText, StoreError, Tx, parse};
use kernel::{AgendaItemId, ContentId, MeetingId};

use super::sql;
use crate::domain::meeting::Invited;

#[derive(sqlx::FromRow)]
struct MeetingRow {
    meeting_id: String,
    dispatch: JsonText<MeetingDispatchV1>,
    dispatched_by: String,
    version: i64,
    starts_at: i64,
    reply: Option<JsonText<ReplyView>>,
    cancelled_on: Option<String>,
    minutes_number: Option<String>,
    positions: JsonText<Vec<(AgendaItemId, ContentId)>>,
}

impl MeetingRow {
    fn into_invited(self) -> Result<Invited, StoreError> {
        const TABLE: &str = "received_meeting";
        let id = self.meeting_id;
        let view = Invitation {
            dispatch: self.dispatch.0,
            version: self.version,
            reply: self.reply.map(|r| r.0),
            cancelled_on: self.cancelled_on.map(|t| parse(TABLE, "cancelled_on", &id, &t)).transpose()?,
            minutes_number: self.minutes_number,
            positions: self.positions.0,
        };
        Ok(Invited { view, dispatched_by: parse(TABLE, "dispatched_by", &id, &self.dispatched_by)? })
    }
}

/// Enters a meeting.
pub async fn insert(tx: &mut Tx<'_>, invited: &Invited) -> Result<(), StoreError> {
    let view = &invited.view;
    tx.query(&sql::INSERT_MEETING)
        .bind(view.dispatch.terms.meeting_id)
        .bind(JsonText(&view.dispatch))
        .bind(invited.dispatched_by)
        .bind(view.version)
        .bind(view.dispatch.terms.starts_at)
        .bind(JsonText(&view.positions))
        .run_one()
        .await
}

/// Stores a changed meeting over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, invited: &Invited, loaded: i64) -> Result<(), StoreError> {
    let view = &invited.view;
    tx.query(&sql::UPDATE_MEETING)
        .bind(view.dispatch.terms.meeting_id)
        .bind(loaded)
        .bind(JsonText(&view.dispatch))
        .bind(invited.dispatched_by)
        .bind(view.version)
        .bind(view.dispatch.terms.starts_at)
        .bind(view.reply.as_ref().map(JsonText))
        .bind(view.cancelled_on)
        .bind(view.minutes_number.as_deref())
        .bind(JsonText(&view.positions))
        .run_one()
        .await
}

/// One meeting.
pub async fn load(tx: &mut Tx<'_>, id: MeetingId) -> Result<Option<Invited>, StoreError> {
    let row: Option<MeetingRow> = tx.query(&sql::LOAD_MEETING).bind(id).optional().await?;
    row.map(MeetingRow::into_invited).transpose()
}

/// Loads a meeting that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: MeetingId) -> Result<Option<Invited>, StoreError> {
    if tx.query(&sql::HOLD_MEETING).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// One page of meetings, the latest first.
pub async fn page(tx: &mut Tx<'_>, wish: &ListInvitations) -> Result<Page<Invitation>, StoreError> {
    let limit = wish.page.rows();
    let after = wish.page.after.as_deref().and_then(|a| a.split_once('~'));
    let (starts_at, id) =
        after.and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id))).unwrap_or((i64::MAX, ""));
    let query = tx.query(&sql::PAGE_OF_MEETINGS).bind(starts_at).bind(id).bind(limit);
    let rows: Vec<MeetingRow> = query.all().await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}~{}", row.starts_at, row.meeting_id));
    let views = rows.into_iter().map(|row| row.into_invited().map(|i| i.view));
    Ok(Page { items: views.collect::<Result<_, _>>()?, next })
}
