//! Facts of intake and routing → the agenda: a dispute comes onto it by itself, and leaves it when it is settled
//! elsewhere.

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    codes::{AgendaKind, AssignmentRole, ResolutionState, WithdrawalReason},
    intake::{ContentOpenedV1, SubmissionLinkedV1, SubmissionRegisteredV1},
    meetings::commands::PositionView,
    routing::{
        AcceptanceDeemedV1, AgencyChangedV1, AgencyEndedV1, AgencyListedV1, AssignmentDeliveredV1,
        AssignmentObjectedV1, AssignmentRecalledV1, AssignmentSignedV1, CoAssignedV1, CoReleasedV1,
        CompetenceDecidedV1, Decider, DisputeRaisedV1, HandlingExtendedV1, MatterAcceptanceNotifiedV1,
        MatterClosedV1, MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1, MatterOpinionServedV1,
        MatterProposedV1, MatterScreenedV1, ObjectionDecidedV1, ResolutionSetAsideV1, ReturnSetAsideV1,
        SuggestionsChangedV1,
    },
};
use db::{BoxFuture, StoreError, Tx};
use kernel::{Clock, MatterId, ResolutionId, civil_date};

use crate::{
    domain::{
        fact::Fact,
        item::{About, Item},
    },
    publish::publish,
    store::{self, Matter, Objection, items},
};

/// Keeps the agenda up to what happens to matters.
pub struct Facts;

impl Handler for Facts {
    fn name(&self) -> &'static str {
        "meetings-facts"
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
            match read(message) {
                Ok(Told::Unit(listed)) => {
                    store::list_unit(tx, &listed).await?;
                    Ok(Applied::Done)
                }
                Ok(Told::Entered(matter, number)) => {
                    store::enter(tx, matter, number.as_deref()).await?;
                    Ok(Applied::Done)
                }
                Ok(Told::Of(id, heard)) => match store::hold(tx, id).await? {
                    // Facts of the two contexts come in any order; whether it is an accusation must be known first.
                    None => Ok(Applied::Wait),
                    Some(matter) => take(tx, (id, matter), heard, message).await,
                },
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

const IGNORED: &[&str] = &[
    SubmissionLinkedV1::TYPE,
    ContentOpenedV1::TYPE,
    MatterProposedV1::TYPE,
    AssignmentDeliveredV1::TYPE,
    AssignmentSignedV1::TYPE,
    MatterAcceptanceNotifiedV1::TYPE,
    AcceptanceDeemedV1::TYPE,
    MatterOpinionIssuedV1::TYPE,
    MatterOpinionServedV1::TYPE,
    ReturnSetAsideV1::TYPE,
    HandlingExtendedV1::TYPE,
    ObjectionDecidedV1::TYPE,
    CoAssignedV1::TYPE,
    MatterCoAnsweredV1::TYPE,
    CoReleasedV1::TYPE,
    SuggestionsChangedV1::TYPE,
];

enum Told {
    Unit(Box<AgencyListedV1>),
    Entered(MatterId, Option<String>),
    Of(MatterId, Heard),
}

/// What is heard of a matter that is known.
enum Heard {
    Screened { restricted: bool },
    Objected(AssignmentObjectedV1),
    Disputed(DisputeRaisedV1),
    Decided(CompetenceDecidedV1),
    SetAside(ResolutionSetAsideV1),
    Forwarded,
    Recalled,
    Closed,
}

fn read(m: &Message) -> Result<Told, BadMessage> {
    Ok(match m.event_type.as_str() {
        AgencyListedV1::TYPE => Told::Unit(Box::new(m.decode()?)),
        AgencyChangedV1::TYPE => Told::Unit(Box::new(m.decode::<AgencyChangedV1>()?.entry)),
        AgencyEndedV1::TYPE => Told::Unit(Box::new(m.decode::<AgencyEndedV1>()?.entry)),
        SubmissionRegisteredV1::TYPE => {
            let fact: SubmissionRegisteredV1 = m.decode()?;
            Told::Entered(fact.submission_id, fact.open.map(|open| open.number))
        }
        MatterScreenedV1::TYPE => {
            let fact: MatterScreenedV1 = m.decode()?;
            Told::Of(fact.matter_id, Heard::Screened { restricted: fact.restricted })
        }
        AssignmentObjectedV1::TYPE => {
            m.decode().map(|f: AssignmentObjectedV1| Told::Of(f.matter_id, Heard::Objected(f)))?
        }
        DisputeRaisedV1::TYPE => {
            m.decode().map(|f: DisputeRaisedV1| Told::Of(f.matter_id, Heard::Disputed(f)))?
        }
        CompetenceDecidedV1::TYPE => {
            m.decode().map(|f: CompetenceDecidedV1| Told::Of(f.matter_id, Heard::Decided(f)))?
        }
        ResolutionSetAsideV1::TYPE => {
            m.decode().map(|f: ResolutionSetAsideV1| Told::Of(f.matter_id, Heard::SetAside(f)))?
        }
        MatterForwardedV1::TYPE => Told::Of(m.decode::<MatterForwardedV1>()?.matter_id, Heard::Forwarded),
        AssignmentRecalledV1::TYPE => {
            Told::Of(m.decode::<AssignmentRecalledV1>()?.matter_id, Heard::Recalled)
        }
        MatterClosedV1::TYPE => Told::Of(m.decode::<MatterClosedV1>()?.matter_id, Heard::Closed),
        other => {
            let why = "meetings knows no fact of this type".to_owned();
            return Err(BadMessage::BadBody { event_type: other.to_owned(), why });
        }
    })
}

async fn take(
    tx: &mut Tx<'_>,
    (id, matter): (MatterId, Matter),
    heard: Heard,
    message: &Message,
) -> Result<Applied, StoreError> {
    match heard {
        Heard::Screened { restricted: false } => return Ok(Applied::Done),
        Heard::Screened { restricted: true } => {
            withdraw(tx, id, WithdrawalReason::MatterEnded, None, message).await?;
            store::restrict(tx, id).await?;
        }
        Heard::Objected(fact) => {
            // A co-agency's refusal disputes nobody's competence for the case.
            if fact.role != AssignmentRole::Lead {
                return Ok(Applied::Done);
            }
            let position = PositionView {
                agency: fact.agency,
                on: fact.objected_on,
                content_id: Some(fact.content_id),
                words: None,
            };
            let objection = Objection { position, proposed: fact.proposed_agency };
            store::keep_objection(tx, id, fact.content_id, &objection).await?;
        }
        Heard::Disputed(fact) => propose(tx, (id, matter), fact, message).await?,
        Heard::Decided(fact) => decided(tx, &fact, message).await?,
        Heard::SetAside(fact) => {
            let from = (ResolutionState::Adopted, ResolutionState::SetAside);
            items::settle(tx, fact.resolution_id, from, Some(&fact.reason)).await?;
        }
        Heard::Forwarded => {
            let of = Some(AgendaKind::Competence);
            withdraw(tx, id, WithdrawalReason::DecidedElsewhere, of, message).await?;
        }
        Heard::Recalled => withdraw(tx, id, WithdrawalReason::Recalled, None, message).await?,
        Heard::Closed => withdraw(tx, id, WithdrawalReason::MatterEnded, None, message).await?,
    }
    Ok(Applied::Done)
}

/// 争议即议题 (Art. 24). An accusation is never put on an agenda: its officer decides by hand (Art. 30).
async fn propose(
    tx: &mut Tx<'_>,
    (id, matter): (MatterId, Matter),
    fact: DisputeRaisedV1,
    message: &Message,
) -> Result<(), StoreError> {
    let (false, Some(number), Decider::Conference) = (matter.restricted, matter.number, fact.deciders) else {
        return Ok(());
    };
    let objections = store::objections(tx, id).await?;
    let mut parties = fact.agencies;
    if parties.len() == 1 {
        // One unit alone disputes with the one that it holds for competent.
        let units = store::units(tx).await?;
        let proposed = objections.iter().rev().find_map(|o| o.proposed.clone());
        parties.extend(proposed.filter(|unit| !parties.contains(unit) && units.contains(unit)));
    }
    let positions = objections.into_iter().map(|o| o.position).filter(|p| parties.contains(&p.agency));
    let about = About { matter_id: id, number, kind: AgendaKind::Competence, parties: parties.clone() };
    let item = Item::propose(tx.mint().mint(), about, positions.collect(), fact.raised_on);
    if !items::insert(tx, &item).await? {
        // Something to coordinate stood on the list already: it is the dispute that waits from now on.
        withdraw(tx, id, WithdrawalReason::MatterEnded, None, message).await?;
        if !items::insert(tx, &item).await? {
            return Err(StoreError::other("an agenda item could not be entered"));
        }
    }
    publish(tx, &Fact::Proposed(item.proposed()), message.at, Some(message.id)).await.map(drop)
}

async fn decided(tx: &mut Tx<'_>, fact: &CompetenceDecidedV1, message: &Message) -> Result<(), StoreError> {
    let resolution: Option<ResolutionId> = fact.by.strip_prefix("resolution:").and_then(|id| id.parse().ok());
    if let Some(id) = resolution {
        let from = (ResolutionState::Adopted, ResolutionState::Binding);
        if items::settle(tx, id, from, None).await? {
            return Ok(());
        }
    }
    let (id, of) = (fact.matter_id, Some(AgendaKind::Competence));
    withdraw(tx, id, WithdrawalReason::DecidedElsewhere, of, message).await
}

/// Takes the open item of a held matter off the agenda; `of`: only of that kind.
async fn withdraw(
    tx: &mut Tx<'_>,
    id: MatterId,
    reason: WithdrawalReason,
    of: Option<AgendaKind>,
    message: &Message,
) -> Result<(), StoreError> {
    let Some(mut item) = items::open_of(tx, id).await? else { return Ok(()) };
    if of.is_some_and(|kind| kind != item.kind) {
        return Ok(());
    }
    let loaded = item.version;
    let now = tx.clocks().business.now();
    if let Some(settled) = item.withdraw(reason, civil_date(now)) {
        items::save(tx, &item, loaded).await?;
        publish(tx, &Fact::Settled(settled), now, Some(message.id)).await?;
    }
    Ok(())
}
