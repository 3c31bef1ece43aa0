//! 协办 (Art. 24): a co-agency may open the matter while it works on its part; the lead may open the part.

use contracts::routing::{CoAssignedV1, CoReleasedV1, MatterCoAnsweredV1};
use db::{BoxFuture, StoreError, Tx};

use crate::{
    domain::access::RightState,
    store::standing::{self, Assignment},
};

pub(super) fn assigned<'t>(tx: &'t mut Tx<'_>, fact: CoAssignedV1) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::grant(tx, &assignment, fact.identity_travels).await
    })
}

/// What was answered stays readable to its unit, as after 办结; the contact does not.
pub(super) fn answered<'t>(
    tx: &'t mut Tx<'_>,
    fact: MatterCoAnsweredV1,
) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::end(tx, &assignment, RightState::Closed).await?;
        standing::give_part(tx, fact.content_id, matter_id, fact.lead_assignment_id).await
    })
}

pub(super) fn released<'t>(tx: &'t mut Tx<'_>, fact: CoReleasedV1) -> BoxFuture<'t, Result<(), StoreError>> {
    Box::pin(async move {
        let (id, matter_id, no) = (fact.assignment_id, fact.matter_id, fact.assignment_no);
        let assignment = Assignment { id, matter_id, agency: &fact.agency, no };
        standing::end(tx, &assignment, RightState::Recalled).await
    })
}
