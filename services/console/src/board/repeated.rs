//! 可能的重复件 of rows on their way out: which matter a proposal names is looked up when it is shown, so that one
//! that was closed, was linked itself or turned out an accusation since is named no more.

use std::collections::HashMap;

use contracts::codes::MatterState;
use db::{Db, JsonText, StoreError};
use kernel::MatterId;

use super::store::Listed;
use crate::store::board as sql;

/// Gives rows the number of the matter that they may repeat, or takes the proposal away.
///
/// # Errors
/// What the store says.
pub async fn name(db: &Db, rows: &mut [Listed]) -> Result<(), StoreError> {
    let ids: Vec<MatterId> = rows.iter().filter_map(|listed| listed.row.repeat_of).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let found: Vec<(String, String, String)> = db
        .peek(move |tx| Box::pin(async move { tx.query(&sql::NUMBERS_OF).bind(JsonText(&ids)).all().await }))
        .await?;
    let gone = [MatterState::Closed.code(), MatterState::Attached.code()];
    let open = found.into_iter().filter(|(_, _, state)| !gone.contains(&state.as_str()));
    let numbers: HashMap<String, String> = open.map(|(id, number, _)| (id, number)).collect();
    for listed in rows {
        listed.repeat_number = listed.row.repeat_of.and_then(|id| numbers.get(&id.to_string()).cloned());
        if listed.repeat_number.is_none() {
            listed.row.repeat_of = None;
        }
    }
    Ok(())
}
