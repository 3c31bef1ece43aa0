//! 转送, 交办: the agency may open the matter from now on.

use contracts::routing::MatterForwardedV1;
use db::{BoxFuture, StoreError, Tx};

use crate::store::{
    sketches,
    standing::{self, Assignment},
};

pub(super) fn apply<'t>(
    tx: &'t mut Tx<'_>,
    fact: MatterForwardedV1,
) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::grant(tx, &assignment, fact.identity_travels).await?;
        sketches::moved(tx, matter_id, &fact.agency).await
    })
}
