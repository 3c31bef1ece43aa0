//! 文书登记: the register of the agency's papers and their numbers.
//!
//! A paper is entered as pending before it goes to intake, with its content id and its document number. The
//! same paper sent again finds its entry and keeps both, so a lost answer leaves nothing twice. A corrected
//! paper keeps the number and gets a content id of its own; the text sent before stays in intake's store,
//! sealed under the submission's key and named by nothing, and is erased with that key. A number that was
//! given and never used stays in the register as void (作废): the series has no gap.

use contracts::agency::commands::PaperBody;
use db::{StoreError, Tx, parse};
use kernel::{AssignmentId, ContentId, UnixMillis};
use trust::{DataKey, KeyRing, SecretText, chain::Hash};

use super::{
    rows::PendingRow,
    sealed::{self, paper_cell},
    sql,
};
use crate::domain::paper;

/// A paper that is entered and goes to intake next.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Its id in both stores.
    pub content_id: ContentId,
    /// Its JSON.
    pub text: SecretText,
    /// SHA-256 of that, hex.
    pub sha256: String,
}

/// What the register needs besides the paper.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    /// The agency's keys.
    pub ring: &'a KeyRing,
    /// 机关代字
    pub prefix: &'a str,
    /// Now.
    pub now: UnixMillis,
}

/// Enters the paper of a held task, or finds it entered before.
pub async fn enter(
    tx: &mut Tx<'_>,
    register: &Register<'_>,
    id: AssignmentId,
    body: PaperBody,
) -> Result<Entered, StoreError> {
    enter_round(tx, register, id, "", body).await
}

/// [`enter`] for a kind of paper that a task may have several of, one per round.
pub async fn enter_round(
    tx: &mut Tx<'_>,
    register: &Register<'_>,
    id: AssignmentId,
    round: &str,
    body: PaperBody,
) -> Result<Entered, StoreError> {
    let kind = paper::kind(&body);
    let series = paper::series(kind, kernel::civil_date(register.now));
    let key = sealed::key(tx, register.ring, id).await?;
    let pending: Option<PendingRow> =
        tx.query(&sql::PENDING_PAPER).bind(id).bind(paper::code(kind)).bind(round).optional().await?;
    let mut number = None;
    if let Some(pending) = pending {
        if pending.series != series {
            // The year turned: the old number is void, the paper gets one of the new series.
            tx.query(&sql::VOID_PAPER).bind(&pending.content_id).bind(register.now).run_one().await?;
        } else {
            number = pending.number;
            let text = text_of(register, series.as_deref(), number, body.clone())?;
            if let Some(entered) = same(&key, &pending, text)? {
                return Ok(entered);
            }
            tx.query(&sql::DROP_PENDING_PAPER).bind(&pending.content_id).run_one().await?;
        }
    }
    if let (Some(series), None) = (&series, number) {
        number = Some(tx.next_number(series, 1).await?);
    }
    let text = text_of(register, series.as_deref(), number, body)?;
    let content_id: ContentId = tx.mint().mint();
    let name = content_id.to_string();
    let sealed = sealed::seal(tx.mint(), &key, &paper_cell(&name), "paper", &text)?;
    let sha256 = Hash::of(text.as_bytes()).to_hex();
    tx.query(&sql::INSERT_PAPER)
        .bind(content_id)
        .bind(id)
        .bind(paper::code(kind))
        .bind(series)
        .bind(number)
        .bind(sealed)
        .bind(&sha256)
        .bind(register.now)
        .bind(round)
        .run_one()
        .await?;
    Ok(Entered { content_id, text: text.into(), sha256 })
}

fn text_of(
    register: &Register<'_>,
    series: Option<&str>,
    number: Option<i64>,
    body: PaperBody,
) -> Result<String, StoreError> {
    let body = match (series, number) {
        (Some(series), Some(number)) => {
            paper::numbered(body, &paper::document_number(register.prefix, series, number))
        }
        _ => body,
    };
    serde_json::to_string(&body).map_err(|e| StoreError::other(format!("a paper does not serialise: {e}")))
}

/// The pending entry, if it holds this very text.
fn same(key: &DataKey, pending: &PendingRow, text: String) -> Result<Option<Entered>, StoreError> {
    let cell = paper_cell(&pending.content_id);
    let entered = sealed::open(key, &cell, "paper", &pending.sealed)?;
    if entered.expose() != text {
        return Ok(None);
    }
    let content_id = parse("paper", "content_id", &pending.content_id, &pending.content_id)?;
    Ok(Some(Entered { content_id, text: text.into(), sha256: pending.sha256.clone() }))
}

/// Files a paper with its step. `false` when it is not pending any more.
pub async fn file(
    tx: &mut Tx<'_>,
    id: AssignmentId,
    content_id: ContentId,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    Ok(tx.query(&sql::FILE_PAPER).bind(content_id).bind(id).bind(now).run().await? == 1)
}

/// The text of a filed paper, from the agency's own sealed copy.
pub async fn filed(
    tx: &mut Tx<'_>,
    ring: &KeyRing,
    id: AssignmentId,
    content_id: ContentId,
) -> Result<Option<SecretText>, StoreError> {
    let row: Option<(Vec<u8>,)> = tx.query(&sql::FILED_PAPER).bind(content_id).bind(id).optional().await?;
    let (Some((sealed,)), Some(key)) = (row, sealed::key_for_reading(tx, ring, id).await?) else {
        return Ok(None);
    };
    let name = content_id.to_string();
    sealed::open(&key, &paper_cell(&name), "paper", &sealed).map(Some)
}
