//! 甄别: a matter may turn out to be an accusation (Art. 30). It stays one.

use contracts::routing::MatterScreenedV1;
use db::{BoxFuture, StoreError, Tx};

use crate::store::standing;

pub(super) fn apply<'t>(
    tx: &'t mut Tx<'_>,
    fact: &MatterScreenedV1,
) -> BoxFuture<'t, Result<(), StoreError>> {
    let (matter, restricted) = (fact.matter_id, fact.restricted);
    Box::pin(async move { if restricted { standing::restrict(tx, matter).await } else { Ok(()) } })
}
