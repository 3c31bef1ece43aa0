//! 异议: with an agreed objection, or a dispute, the agency loses access to the matter (Art. 23, 24).

use contracts::routing::{DisputeRaisedV1, ObjectionDecidedV1};
use db::{BoxFuture, StoreError, Tx};

use crate::{
    domain::access::RightState,
    store::standing::{self, Assignment},
};

pub(super) fn decided<'t>(
    tx: &'t mut Tx<'_>,
    fact: ObjectionDecidedV1,
) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        if !fact.upheld {
            return Ok(());
        }
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::end(tx, &assignment, RightState::Recalled).await
    })
}

/// The last to refuse is the one whose assignment ends with the dispute.
pub(super) fn disputed<'t>(
    tx: &'t mut Tx<'_>,
    fact: &DisputeRaisedV1,
) -> BoxFuture<'t, Result<(), StoreError>> {
    let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
    Box::pin(async move {
        let Some(right) = standing::right(tx, id).await? else { return Ok(()) };
        let assignment = Assignment { id, matter_id, agency: &right.agency, no };
        standing::end(tx, &assignment, RightState::Recalled).await
    })
}
