//! What intake does with routing's facts: who may open which matter, which are accusations, which are closed.

mod assignment_recalled;
mod co;
mod matter_closed;
mod matter_forwarded;
mod matter_screened;
mod objection;

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    routing::{
        AcceptanceDeemedV1, AgencyChangedV1, AgencyEndedV1, AgencyListedV1, AssignmentDeliveredV1,
        AssignmentObjectedV1, AssignmentRecalledV1, AssignmentSignedV1, CoAssignedV1, CoReleasedV1,
        CompetenceDecidedV1, DisputeRaisedV1, HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1,
        MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1, MatterOpinionServedV1,
        MatterProposedV1, MatterScreenedV1, ObjectionDecidedV1, ResolutionSetAsideV1, ReturnSetAsideV1,
        SuggestionsChangedV1,
    },
};
use db::{BoxFuture, StoreError, Tx};

/// The consumer's name: its durable, and the key of its inbox.
pub const NAME: &str = "intake";

/// Facts that change nothing here, each by name.
pub const IGNORED: &[&str] = &[
    MatterProposedV1::TYPE,
    AssignmentDeliveredV1::TYPE,
    AssignmentSignedV1::TYPE,
    MatterAcceptanceNotifiedV1::TYPE,
    AcceptanceDeemedV1::TYPE,
    MatterOpinionIssuedV1::TYPE,
    MatterOpinionServedV1::TYPE,
    ReturnSetAsideV1::TYPE,
    AgencyListedV1::TYPE,
    AgencyChangedV1::TYPE,
    AgencyEndedV1::TYPE,
    AssignmentObjectedV1::TYPE,
    CompetenceDecidedV1::TYPE,
    HandlingExtendedV1::TYPE,
    ResolutionSetAsideV1::TYPE,
    SuggestionsChangedV1::TYPE,
];

/// Facts that are applied, each by name.
pub const APPLIED: &[&str] = &[
    MatterScreenedV1::TYPE,
    MatterForwardedV1::TYPE,
    AssignmentRecalledV1::TYPE,
    MatterClosedV1::TYPE,
    ObjectionDecidedV1::TYPE,
    DisputeRaisedV1::TYPE,
    CoAssignedV1::TYPE,
    MatterCoAnsweredV1::TYPE,
    CoReleasedV1::TYPE,
];

/// Applies routing's facts.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoutingFacts;

impl Handler for RoutingFacts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            let kind = message.event_type.as_str();
            if IGNORED.contains(&kind) {
                return Ok(Applied::Ignored);
            }
            let done = match kind {
                MatterScreenedV1::TYPE => read(message, |fact| matter_screened::apply(tx, &fact)),
                MatterForwardedV1::TYPE => read(message, |fact| matter_forwarded::apply(tx, fact)),
                AssignmentRecalledV1::TYPE => read(message, |fact| assignment_recalled::apply(tx, fact)),
                MatterClosedV1::TYPE => read(message, |fact| matter_closed::apply(tx, fact)),
                ObjectionDecidedV1::TYPE => read(message, |fact| objection::decided(tx, fact)),
                DisputeRaisedV1::TYPE => read(message, |fact| objection::disputed(tx, &fact)),
                CoAssignedV1::TYPE => read(message, |fact| co::assigned(tx, fact)),
                MatterCoAnsweredV1::TYPE => read(message, |fact| co::answered(tx, fact)),
                CoReleasedV1::TYPE => read(message, |fact| co::released(tx, fact)),
                other => {
                    return Ok(Applied::Poison(format!("`{other}` is not known to this version of intake")));
                }
            };
            match done {
                Ok(applying) => applying.await.map(|()| Applied::Done),
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

/// Decodes a fact and begins to apply it.
fn read<'t, E: Event>(
    message: &Message,
    apply: impl FnOnce(E) -> BoxFuture<'t, Result<(), StoreError>>,
) -> Result<BoxFuture<'t, Result<(), StoreError>>, BadMessage> {
    message.decode::<E>().map(apply)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use contracts::{MessageKind, registry};

    use super::*;

    #[test]
    fn every_fact_of_routing_is_applied_or_ignored_by_name() {
        let published: BTreeSet<&str> = registry::ALL
            .iter()
            .filter(|e| e.kind == MessageKind::Fact && e.event_type.starts_with("lianxi.routing."))
            .map(|e| e.event_type)
            .collect();
        let handled: BTreeSet<&str> = IGNORED.iter().chain(APPLIED).copied().collect();
        assert_eq!(published, handled);
        assert_eq!(handled.len(), IGNORED.len() + APPLIED.len());
    }
}
