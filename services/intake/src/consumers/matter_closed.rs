//! 办结: the agency keeps the text and loses the contact; nothing more is linked to the matter.

use contracts::routing::MatterClosedV1;
use db::{BoxFuture, StoreError, Tx};

use crate::{
    domain::access::RightState,
    store::standing::{self, Assignment},
};

pub(super) fn apply<'t>(tx: &'t mut Tx<'_>, fact: MatterClosedV1) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::end(tx, &assignment, RightState::Closed).await?;
        standing::close(tx, matter_id).await
    })
}
