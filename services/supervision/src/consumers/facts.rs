//! Facts of intake and routing → duties that begin and end.

use std::sync::Arc;

use bus::{Applied, Handler};
use calendar::RuleId;
use contracts::{
    BadMessage, Event, Message,
    codes::AssignmentRole,
    intake::{ContentOpenedV1, QueryCodeReissuedV1, SubmissionLinkedV1, SubmissionRegisteredV1},
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
use kernel::{Clock, MatterId, civil_date};

use super::effects::carry_out;
use crate::{
    Rules,
    domain::timers::{Heard, effects},
    store,
    sweeps::ring_matter,
};

/// Starts and stops duties.
pub struct Facts {
    /// Dates and stages.
    pub rules: Arc<Rules>,
}

impl Handler for Facts {
    fn name(&self) -> &'static str {
        "supervision-facts"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            if IGNORED.contains(&message.event_type.as_str()) {
                return Ok(Applied::Ignored);
            }
            match self.read(message) {
                Ok(told) => self.take(tx, told, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

const IGNORED: &[&str] = &[
    ContentOpenedV1::TYPE,
    QueryCodeReissuedV1::TYPE,
    MatterProposedV1::TYPE,
    AssignmentSignedV1::TYPE,
    MatterOpinionServedV1::TYPE,
    ReturnSetAsideV1::TYPE,
    AgencyListedV1::TYPE,
    AgencyChangedV1::TYPE,
    AgencyEndedV1::TYPE,
    CompetenceDecidedV1::TYPE,
    ResolutionSetAsideV1::TYPE,
    SuggestionsChangedV1::TYPE,
];

/// A fact about a matter.
enum Told {
    /// The matter begins, with its public number.
    Enter(Option<String>, Heard),
    /// 甄别: whether it is an accusation.
    Screened(bool),
    /// Anything else that a duty hangs on.
    Heard(Heard),
}

impl Facts {
    fn read(&self, m: &Message) -> Result<(MatterId, Told), BadMessage> {
        let heard = |matter: MatterId, heard: Heard| Ok((matter, Told::Heard(heard)));
        match m.event_type.as_str() {
            SubmissionRegisteredV1::TYPE => {
                let fact: SubmissionRegisteredV1 = m.decode()?;
                let (number, t01) = match fact.open {
                    Some(open) => (Some(open.number), open.t01),
                    // Of an accusation the id alone travels; its T01 runs from the day it was heard of.
                    None => (None, self.t01(m)?),
                };
                Ok((fact.submission_id, Told::Enter(number, Heard::Registered(t01))))
            }
            SubmissionLinkedV1::TYPE => {
                let fact: SubmissionLinkedV1 = m.decode()?;
                heard(fact.submission_id, Heard::Attached(civil_date(m.at)))
            }
            MatterScreenedV1::TYPE => {
                let fact: MatterScreenedV1 = m.decode()?;
                Ok((fact.matter_id, Told::Screened(fact.restricted)))
            }
            MatterForwardedV1::TYPE => {
                m.decode().and_then(|f: MatterForwardedV1| heard(f.matter_id, Heard::Forwarded(f)))
            }
            AssignmentRecalledV1::TYPE => {
                m.decode().and_then(|f: AssignmentRecalledV1| heard(f.matter_id, Heard::Recalled(f)))
            }
            AssignmentDeliveredV1::TYPE => {
                m.decode().and_then(|f: AssignmentDeliveredV1| heard(f.matter_id, Heard::Delivered(f)))
            }
            MatterAcceptanceNotifiedV1::TYPE => {
                m.decode().and_then(|f: MatterAcceptanceNotifiedV1| heard(f.matter_id, Heard::Accepted(f)))
            }
            AcceptanceDeemedV1::TYPE => {
                m.decode().and_then(|f: AcceptanceDeemedV1| heard(f.matter_id, Heard::Deemed(f)))
            }
            MatterOpinionIssuedV1::TYPE => {
                m.decode().and_then(|f: MatterOpinionIssuedV1| heard(f.matter_id, Heard::Issued(f)))
            }
            HandlingExtendedV1::TYPE => {
                m.decode().and_then(|f: HandlingExtendedV1| heard(f.matter_id, Heard::Extended(f)))
            }
            AssignmentObjectedV1::TYPE => {
                m.decode().and_then(|f: AssignmentObjectedV1| heard(f.matter_id, Heard::Objected(f)))
            }
            ObjectionDecidedV1::TYPE => {
                m.decode().and_then(|f: ObjectionDecidedV1| heard(f.matter_id, Heard::ObjectionDecided(f)))
            }
            DisputeRaisedV1::TYPE => {
                m.decode().and_then(|f: DisputeRaisedV1| heard(f.matter_id, Heard::Disputed(f)))
            }
            MatterClosedV1::TYPE => {
                m.decode().and_then(|f: MatterClosedV1| heard(f.matter_id, Heard::Closed(f)))
            }
            CoAssignedV1::TYPE => {
                m.decode().and_then(|f: CoAssignedV1| heard(f.matter_id, Heard::CoAssigned(f)))
            }
            MatterCoAnsweredV1::TYPE => {
                m.decode().and_then(|f: MatterCoAnsweredV1| heard(f.matter_id, Heard::CoAnswered(f)))
            }
            CoReleasedV1::TYPE => {
                m.decode().and_then(|f: CoReleasedV1| heard(f.matter_id, Heard::CoReleased(f)))
            }
            other => Err(BadMessage::BadBody {
                event_type: other.to_owned(),
                why: "supervision knows no fact of this type".to_owned(),
            }),
        }
    }

    fn t01(&self, message: &Message) -> Result<contracts::Due, BadMessage> {
        self.rules.law.due(RuleId::T01, civil_date(message.at)).map_err(|why| BadMessage::BadBody {
            event_type: message.event_type.clone(),
            why: why.to_string(),
        })
    }

    async fn take(
        &self,
        tx: &mut Tx<'_>,
        (matter, told): (MatterId, Told),
        message: &Message,
    ) -> Result<Applied, StoreError> {
        let now = tx.clocks().business.now();
        let heard = match told {
            Told::Enter(number, heard) => {
                store::enter(tx, matter, number.as_deref(), now).await?;
                heard
            }
            Told::Screened(restricted) => {
                if store::hold(tx, matter).await?.is_none() {
                    return Ok(Applied::Wait);
                }
                if restricted {
                    store::restrict(tx, matter).await?;
                }
                return Ok(Applied::Done);
            }
            Told::Heard(heard) => {
                // Facts of the two contexts come in any order; the matter must be there.
                if store::hold(tx, matter).await?.is_none() {
                    return Ok(Applied::Wait);
                }
                heard
            }
        };
        match &heard {
            Heard::Forwarded(f) => {
                store::assign(tx, f.assignment_id, matter, &f.agency, AssignmentRole::Lead).await?;
            }
            Heard::CoAssigned(f) => {
                store::assign(tx, f.assignment_id, matter, &f.agency, AssignmentRole::Co).await?;
            }
            Heard::CoReleased(f) => store::recall(tx, f.assignment_id).await?,
            Heard::Recalled(f) => store::recall(tx, f.assignment_id).await?,
            Heard::ObjectionDecided(f) if f.upheld => store::recall(tx, f.assignment_id).await?,
            Heard::Disputed(f) => store::recall(tx, f.assignment_id).await?,
            Heard::Registered(_)
            | Heard::Attached(_)
            | Heard::Delivered(_)
            | Heard::Accepted(_)
            | Heard::Deemed(_)
            | Heard::Issued(_)
            | Heard::Extended(_)
            | Heard::Objected(_)
            | Heard::ObjectionDecided(_)
            | Heard::CoAnswered(_)
            | Heard::Closed(_) => {}
        }
        ring_matter(tx, matter, message.at.min(now)).await?;
        carry_out(tx, &self.rules, matter, effects(&heard)).await?;
        Ok(Applied::Done)
    }
}
