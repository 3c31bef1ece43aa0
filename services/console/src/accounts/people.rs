//! 经办人: what the accounts are called in whose names facts were recorded.

use std::collections::{BTreeSet, HashMap};

use db::{Db, JsonText, StoreError};
use kernel::{By, UserId};

use crate::store::accounts as sql;

/// Names of accounts of this place, by id. An account of an agency's own site has its name there and none here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People(HashMap<String, String>);

impl People {
    /// Those who acted.
    ///
    /// # Errors
    /// What the store says.
    pub async fn of<'b>(db: &Db, acted: impl Iterator<Item = &'b By>) -> Result<Self, StoreError> {
        let ids: BTreeSet<String> = acted.map(|by| by.user.to_string()).collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<String> = ids.into_iter().collect();
        let rows: Vec<(String, String)> = db
            .peek(|tx| Box::pin(async move { tx.query(&sql::DISPLAYS).bind(JsonText(&ids)).all().await }))
            .await?;
        Ok(Self(rows.into_iter().collect()))
    }

    /// What one is called.
    #[must_use]
    pub fn name(&self, user: UserId) -> Option<&str> {
        self.0.get(&user.to_string()).map(String::as_str)
    }
}
