//! Typed access to agenda items and resolutions.

use contracts::{
    codes::{AgendaKind, ResolutionState},
    meetings::commands::{ListItems, ResolutionView},
};
use db::{JsonText, StoreError, Tx};
use kernel::{AgendaItemId, MatterId, MeetingId, ResolutionId};

use super::{
    rows::{ItemRow, ResolutionRow},
    sql,
};
use crate::domain::item::Item;

/// Sorts behind every date.
const ENDED: &str = "9999-12-31";

fn sort_on(item: &Item) -> String {
    if item.is_open() { item.proposed_on.to_string() } else { ENDED.to_owned() }
}

/// Enters an item; `false` when the matter has an open one already.
pub async fn insert(tx: &mut Tx<'_>, item: &Item) -> Result<bool, StoreError> {
    let added = tx
        .query(&sql::INSERT_ITEM)
        .bind(item.id)
        .bind(item.version)
        .bind(item.matter_id)
        .bind(item.kind.code())
        .bind(item.state.code())
        .bind(i64::from(item.is_open()))
        .bind(JsonText(&item.parties))
        .bind(item.proposed_on)
        .bind(item.meeting_id)
        .bind(item.until_on)
        .bind(JsonText(&item.positions))
        .bind(item.decision.as_ref().map(JsonText))
        .bind(item.resolution_id)
        .bind(sort_on(item))
        .run()
        .await?;
    Ok(added == 1)
}

/// Stores a changed item over the version that was loaded.
pub async fn save(tx: &mut Tx<'_>, item: &Item, loaded: i64) -> Result<(), StoreError> {
    tx.query(&sql::UPDATE_ITEM)
        .bind(item.id)
        .bind(loaded)
        .bind(item.version)
        .bind(item.state.code())
        .bind(i64::from(item.is_open()))
        .bind(JsonText(&item.parties))
        .bind(item.meeting_id)
        .bind(item.until_on)
        .bind(JsonText(&item.positions))
        .bind(item.decision.as_ref().map(JsonText))
        .bind(item.resolution_id)
        .bind(sort_on(item))
        .run_one()
        .await
}

/// One item; none where its matter is an accusation.
pub async fn load(tx: &mut Tx<'_>, id: AgendaItemId) -> Result<Option<Item>, StoreError> {
    let row: Option<ItemRow> = tx.query(&sql::LOAD_ITEM).bind(id).optional().await?;
    row.map(ItemRow::into_item).transpose()
}

/// Loads an item that is about to change: a second writer waits here until the first has committed.
pub async fn hold(tx: &mut Tx<'_>, id: AgendaItemId) -> Result<Option<Item>, StoreError> {
    if tx.query(&sql::HOLD_ITEM).bind(id).run().await? == 0 {
        return Ok(None);
    }
    load(tx, id).await
}

/// The item of a held matter that still waits for something, also of an accusation.
pub async fn open_of(tx: &mut Tx<'_>, matter: MatterId) -> Result<Option<Item>, StoreError> {
    let row: Option<ItemRow> = tx.query(&sql::OPEN_ITEM_OF_MATTER).bind(matter).optional().await?;
    let Some(row) = row else { return Ok(None) };
    // It is held before it is read for good.
    tx.query(&sql::HOLD_ITEM).bind(&row.id).run().await?;
    let row: Option<ItemRow> = tx.query(&sql::OPEN_ITEM_OF_MATTER).bind(matter).optional().await?;
    row.map(ItemRow::into_item).transpose()
}

/// One page of items; the cursor is the last row's place.
pub async fn page(tx: &mut Tx<'_>, wish: &ListItems) -> Result<(Vec<Item>, Option<String>), StoreError> {
    let limit = wish.page.rows();
    let (sort_on, id) = wish.page.after.as_deref().unwrap_or_default().split_once('~').unwrap_or_default();
    let rows: Vec<ItemRow> = tx
        .query(&sql::PAGE_OF_ITEMS)
        .bind(wish.state.map(contracts::codes::AgendaState::code))
        .bind(wish.matter_id)
        .bind(i64::from(wish.open_only))
        .bind(sort_on)
        .bind(id)
        .bind(limit)
        .all()
        .await?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}~{}", row.sort_on, row.id));
    Ok((rows.into_iter().map(ItemRow::into_item).collect::<Result<_, _>>()?, next))
}

/// Enters a resolution.
pub async fn adopt(
    tx: &mut Tx<'_>,
    item: &Item,
    meeting: MeetingId,
    kind: AgendaKind,
    view: &ResolutionView,
) -> Result<(), StoreError> {
    tx.query(&sql::INSERT_RESOLUTION)
        .bind(view.resolution_id)
        .bind(&view.document_number)
        .bind(meeting)
        .bind(item.id)
        .bind(item.matter_id)
        .bind(kind.code())
        .bind(view.state.code())
        .bind(view.set_aside.as_deref())
        .bind(view.adopted_on)
        .run_one()
        .await
}

/// One resolution.
pub async fn resolution(tx: &mut Tx<'_>, id: ResolutionId) -> Result<Option<ResolutionView>, StoreError> {
    let row: Option<ResolutionRow> = tx.query(&sql::LOAD_RESOLUTION).bind(id).optional().await?;
    row.map(ResolutionRow::into_view).transpose()
}

/// Moves a resolution from one state to another; `false` when it was not in that state.
pub async fn settle(
    tx: &mut Tx<'_>,
    id: ResolutionId,
    (from, to): (ResolutionState, ResolutionState),
    set_aside: Option<&str>,
) -> Result<bool, StoreError> {
    let query = tx.query(&sql::SETTLE_RESOLUTION).bind(id).bind(from.code()).bind(to.code());
    Ok(query.bind(set_aside).run().await? == 1)
}
