//! A lost key-encryption key is noticed at the start, before anything is registered under a new one.

use db::{Db, StoreError};
use kernel::IdMint;
use trust::{KeyRing, SealError};

use crate::{sealing, store::papers};

/// The keys do not fit the database.
#[derive(Debug, thiserror::Error)]
pub enum KeysLost {
    /// A key that wrapped data keys here is not in the key folder.
    #[error(
        "key-encryption key {id} is missing or damaged: what it wrapped cannot be opened. Restore the key folder \
         from its backup; do not start with a new one"
    )]
    Missing {
        /// Public id of the key.
        id: String,
        /// What failed.
        #[source]
        source: SealError,
    },
    /// The cipher failed.
    #[error("the current key-encryption key cannot be used")]
    Unusable(#[source] SealError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the probe of every key-encryption key that ever wrapped something in this database, and leaves one of
/// the current key.
///
/// # Errors
/// [`KeysLost::Missing`] when one of them is gone: then nothing may start.
pub async fn check_keys(db: &Db, ring: &KeyRing, mint: &IdMint) -> Result<(), KeysLost> {
    let known = db.read(|tx| Box::pin(async move { papers::keks(tx).await })).await?;
    for (id, stored) in &known {
        sealing::open_probe(ring, id, stored)
            .map_err(|source| KeysLost::Missing { id: id.clone(), source })?;
    }
    let current = ring.current().to_string();
    if known.iter().any(|(id, _)| *id == current) {
        return Ok(());
    }
    let (id, probe) = sealing::probe(ring, mint).map_err(KeysLost::Unusable)?;
    let now = db.clocks().technical.now();
    db.write(move |tx| {
        let (id, probe) = (id.clone(), probe.clone());
        Box::pin(async move { papers::note_kek(tx, &id, &probe, now).await })
    })
    .await?;
    Ok(())
}
