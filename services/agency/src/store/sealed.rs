//! Sealing at rest (个人信息保护法 Art. 51): a data key per task, wrapped under the agency's own ring.
//! Deleting the wrapped key erases what it sealed.

use db::{Db, StoreError, Tx};
use kernel::{AssignmentId, IdMint, UnixMillis};
use trust::{Cell, DataKey, KeyRing, SealError, SecretText};

use super::sql;

/// Tables whose bytes are sealed: a corrupt value there is a matter of keys.
pub const TABLES: &[&str] = &["task_key", "text_copy", "paper", "part_draft"];

fn key_cell(row: &str) -> Cell<'_> {
    Cell { table: "task_key", column: "wrapped", row }
}

fn text_cell(row: &str) -> Cell<'_> {
    Cell { table: "text_copy", column: "sealed", row }
}

fn draft_cell(row: &str) -> Cell<'_> {
    Cell { table: "part_draft", column: "sealed", row }
}

pub(super) fn paper_cell(row: &str) -> Cell<'_> {
    Cell { table: "paper", column: "sealed", row }
}

fn unreadable(cell: &Cell<'_>, table: &'static str, error: &SealError) -> StoreError {
    tracing::error!(table, %error, "a sealed value cannot be used");
    StoreError::corrupt(table, "sealed", cell.row)
}

async fn find_key(tx: &mut Tx<'_>, ring: &KeyRing, id: AssignmentId) -> Result<Option<DataKey>, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.query(&sql::LOAD_KEY).bind(id).optional().await?;
    let Some((wrapped,)) = row else { return Ok(None) };
    let name = id.to_string();
    let cell = key_cell(&name);
    ring.unwrap(&cell, &wrapped).map(Some).map_err(|e| unreadable(&cell, "task_key", &e))
}

/// The data key of a held task; minted the first time.
pub(super) async fn key(tx: &mut Tx<'_>, ring: &KeyRing, id: AssignmentId) -> Result<DataKey, StoreError> {
    if let Some(key) = find_key(tx, ring, id).await? {
        return Ok(key);
    }
    let mint: IdMint = tx.mint().clone();
    let fresh = DataKey::mint(&mint);
    let name = id.to_string();
    let cell = key_cell(&name);
    let wrapped = ring.wrap(&mint, &cell, &fresh).map_err(|e| unreadable(&cell, "task_key", &e))?;
    tx.query(&sql::INSERT_KEY).bind(id).bind(wrapped.into_bytes()).run_one().await?;
    Ok(fresh)
}

/// The data key of a task, if it ever sealed anything.
pub(super) async fn key_for_reading(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
) -> Result<Option<DataKey>, StoreError> {
    find_key(tx, ring, id).await
}

pub(super) fn seal(
    mint: &IdMint,
    key: &DataKey,
    cell: &Cell<'_>,
    table: &'static str,
    plain: &str,
) -> Result<Vec<u8>, StoreError> {
    let sealed = key.seal(mint, cell, plain.as_bytes()).map_err(|e| unreadable(cell, table, &e))?;
    Ok(sealed.into_bytes())
}

pub(super) fn open(
    key: &DataKey,
    cell: &Cell<'_>,
    table: &'static str,
    sealed: &[u8],
) -> Result<SecretText, StoreError> {
    key.open_text(cell, sealed).map_err(|e| unreadable(cell, table, &e))
}

/// Whether the ring still opens what was wrapped before: asked once at the start, of the newest task.
///
/// # Errors
/// [`StoreError::Corrupt`] of `task_key` when it does not; else what the store says.
pub async fn check_ring(db: &Db, ring: &KeyRing) -> Result<(), StoreError> {
    let ring = ring.clone();
    db.read(move |tx| {
        Box::pin(async move {
            let newest: Option<(String,)> = tx.query(&sql::NEWEST_KEY).optional().await?;
            if let Some((id,)) = newest {
                find_key(tx, &ring, db::parse("task_key", "assignment_id", &id, &id)?).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Wraps every data key anew under another ring, when the books move to a site of their own. What the data keys
/// sealed stays as it is.
///
/// # Errors
/// [`StoreError::Corrupt`] of `task_key` when the old ring does not open one; else what the store says.
pub async fn rewrap(db: &Db, from: &KeyRing, to: &KeyRing) -> Result<(), StoreError> {
    let rings = (from.clone(), to.clone());
    db.write(move |tx| {
        let rings = rings.clone();
        Box::pin(async move {
            let mut last = String::new();
            loop {
                let page: Vec<(String, Vec<u8>)> = tx.query(&sql::KEYS_AFTER).bind(&last).all().await?;
                let Some((newest, _)) = page.last() else {
                    return super::webhooks::rewrap(tx, &rings.0, &rings.1).await;
                };
                last.clone_from(newest);
                for (id, wrapped) in page {
                    let fresh = wrapped_anew(tx.mint(), &rings, &id, &wrapped)?;
                    tx.query(&sql::REPLACE_KEY).bind(&id).bind(fresh).run_one().await?;
                }
            }
        })
    })
    .await
}

fn wrapped_anew(
    mint: &IdMint,
    (from, to): &(KeyRing, KeyRing),
    id: &str,
    wrapped: &[u8],
) -> Result<Vec<u8>, StoreError> {
    let cell = key_cell(id);
    let key = from.unwrap(&cell, wrapped).map_err(|e| unreadable(&cell, "task_key", &e))?;
    let fresh = to.wrap(mint, &cell, &key).map_err(|e| unreadable(&cell, "task_key", &e))?;
    Ok(fresh.into_bytes())
}

/// Keeps the text of a held task, sealed; the newest replaces the one before.
pub async fn keep_text(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
    text: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let key = key(tx, ring, id).await?;
    let name = id.to_string();
    let sealed = seal(tx.mint(), &key, &text_cell(&name), "text_copy", text)?;
    tx.query(&sql::KEEP_TEXT).bind(id).bind(sealed).bind(now).run_one().await
}

/// The text of a task, from the sealed copy.
pub async fn kept_text(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
) -> Result<Option<SecretText>, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.query(&sql::LOAD_TEXT).bind(id).optional().await?;
    let (Some((sealed,)), Some(key)) = (row, key_for_reading(tx, ring, id).await?) else { return Ok(None) };
    let name = id.to_string();
    open(&key, &text_cell(&name), "text_copy", &sealed).map(Some)
}

/// Keeps the draft of a held task's part, sealed; the newest replaces the one before.
pub async fn keep_draft(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
    text: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let key = key(tx, ring, id).await?;
    let name = id.to_string();
    let sealed = seal(tx.mint(), &key, &draft_cell(&name), "part_draft", text)?;
    tx.query(&sql::KEEP_DRAFT).bind(id).bind(sealed).bind(now).run_one().await
}

/// The draft of a task's part.
pub async fn kept_draft(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
) -> Result<Option<SecretText>, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.query(&sql::LOAD_DRAFT).bind(id).optional().await?;
    let (Some((sealed,)), Some(key)) = (row, key_for_reading(tx, ring, id).await?) else { return Ok(None) };
    let name = id.to_string();
    open(&key, &draft_cell(&name), "part_draft", &sealed).map(Some)
}

/// The draft has become a paper.
pub async fn drop_draft(tx: &mut Tx<'_>, id: AssignmentId) -> Result<(), StoreError> {
    tx.query(&sql::DROP_DRAFT).bind(id).run().await.map(drop)
}

/// A recalled task: its text goes, unfinished papers become void, and with them the key, unless a filed
/// paper of the agency still lies under it.
pub async fn forget(tx: &mut Tx<'_>, id: AssignmentId, now: UnixMillis) -> Result<(), StoreError> {
    tx.query(&sql::DROP_TEXT).bind(id).run().await?;
    drop_draft(tx, id).await?;
    tx.query(&sql::VOID_PENDING_PAPERS).bind(id).bind(now).run().await?;
    tx.query(&sql::DROP_KEY).bind(id).run().await?;
    Ok(())
}
