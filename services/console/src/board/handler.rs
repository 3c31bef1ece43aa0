//! The board's consumer: each fact of intake, routing, supervision, meetings and notification changes a row, a
//! timeline and the counters in
//! one transaction.

use std::{collections::BTreeSet, sync::Arc};

use bus::{Applied, Handler};
use contracts::{
    BadMessage, Event, Message,
    intake::{ContentOpenedV1, QueryCodeReissuedV1, SubmissionLinkedV1, SubmissionRegisteredV1},
    meetings::{
        InvitationRepliedV1, ItemProposedV1, ItemSettledV1, MeetingCalledOffV1, MeetingCalledV1,
        MeetingHeldV1, MeetingMovedV1, MinutesFixedV1, ResolutionAdoptedV1, TaskCheckedV1, TaskIssuedV1,
        TaskOverdueV1, TaskReceivedV1, TaskReportedV1,
    },
    notification::{NoticeDeliveredV1, NoticeFailedV1, NoticeQueuedV1, NoticeSentV1},
    routing::{
        AcceptanceDeemedV1, AgencyChangedV1, AgencyEndedV1, AgencyListedV1, AssignmentDeliveredV1,
        AssignmentObjectedV1, AssignmentRecalledV1, AssignmentSignedV1, CoAssignedV1, CoReleasedV1,
        CompetenceDecidedV1, DisputeRaisedV1, HandlingExtendedV1, MatterAcceptanceNotifiedV1, MatterClosedV1,
        MatterCoAnsweredV1, MatterForwardedV1, MatterOpinionIssuedV1, MatterOpinionServedV1,
        MatterProposedV1, MatterScreenedV1, ObjectionDecidedV1, ResolutionSetAsideV1, ReturnSetAsideV1,
        SuggestionsChangedV1,
    },
    supervision::{
        DutyBreachedV1, DutyWarnedV1, OrderAcknowledgedV1, OrderClosedV1, OrderIssuedV1, OrderRepliedV1,
        OrderSentBackV1,
    },
};
use db::{BoxFuture, StoreError, Tx};
use kernel::MatterId;

use super::{
    conferred,
    milestones::Detail,
    notified,
    projection::{BoardFact, Step, apply},
    store::{self, Known, Mark, Slot},
    supervised,
};

/// The inbox of the board.
pub(super) const NAME: &str = "board";

/// Types of `evt.>` and what the board does with them; a test compares the table with the registry.
pub const FACTS: &[(&str, &str)] = &[
    (SubmissionRegisteredV1::TYPE, "enters a row; of an accusation its id alone, for the count"),
    (SubmissionLinkedV1::TYPE, "the repeat is attached; both timelines say so"),
    (ContentOpenedV1::TYPE, "a line of the timeline"),
    (MatterProposedV1::TYPE, "the best proposal"),
    (MatterScreenedV1::TYPE, "class, category, route; an accusation leaves the board"),
    (MatterForwardedV1::TYPE, "the agency holds it; T01 met"),
    (AssignmentRecalledV1::TYPE, "the office holds it again"),
    (AssignmentDeliveredV1::TYPE, "T03 and T04 (T05) run"),
    (AssignmentSignedV1::TYPE, "signed for"),
    (MatterAcceptanceNotifiedV1::TYPE, "T03 met, T06 runs"),
    (AcceptanceDeemedV1::TYPE, "T06 runs, the notice stays owed"),
    (MatterOpinionIssuedV1::TYPE, "T06 met"),
    (MatterOpinionServedV1::TYPE, "T07 runs for the petitioner"),
    (MatterClosedV1::TYPE, "closed"),
    (ReturnSetAsideV1::TYPE, "a line of the timeline"),
    (AgencyListedV1::TYPE, "a name of the register"),
    (AgencyChangedV1::TYPE, "the entry as it is now"),
    (AgencyEndedV1::TYPE, "its last day, and its successors"),
    (DutyWarnedV1::TYPE, "a line of the timeline"),
    (DutyBreachedV1::TYPE, "a line of the timeline"),
    (OrderIssuedV1::TYPE, "a line of the timeline"),
    (OrderAcknowledgedV1::TYPE, "a line of the timeline"),
    (OrderRepliedV1::TYPE, "a line of the timeline, with the paper"),
    (OrderClosedV1::TYPE, "a line of the timeline"),
    (OrderSentBackV1::TYPE, "a line of the timeline"),
    (HandlingExtendedV1::TYPE, "T06 runs longer"),
    (AssignmentObjectedV1::TYPE, "an objection to rule on; T03 goes on"),
    (ObjectionDecidedV1::TYPE, "the office holds it again, or the agency goes on"),
    (DisputeRaisedV1::TYPE, "waits for a decision on competence"),
    (CoAssignedV1::TYPE, "another agency gives the lead a part; it sees the matter in its own list"),
    (MatterCoAnsweredV1::TYPE, "one part fewer is awaited"),
    (CoReleasedV1::TYPE, "one part fewer is awaited; that agency sees the matter no longer"),
    (CompetenceDecidedV1::TYPE, "a line of the timeline; the binding hand-over follows"),
    (QueryCodeReissuedV1::TYPE, "a line of the timeline"),
    (NoticeQueuedV1::TYPE, "ignored: a queue is notification's own to show"),
    (NoticeSentV1::TYPE, "a line of the timeline"),
    (NoticeDeliveredV1::TYPE, "a line of the timeline"),
    (NoticeFailedV1::TYPE, "a line of the timeline"),
    (ItemProposedV1::TYPE, "a line of the timeline"),
    (ItemSettledV1::TYPE, "a line of the timeline"),
    (MeetingCalledV1::TYPE, "ignored: of no matter"),
    (MeetingMovedV1::TYPE, "ignored: of no matter"),
    (MeetingCalledOffV1::TYPE, "ignored: of no matter"),
    (InvitationRepliedV1::TYPE, "ignored: of no matter"),
    (MeetingHeldV1::TYPE, "ignored: of no matter"),
    (ResolutionAdoptedV1::TYPE, "a line of the timeline; the binding hand-over follows"),
    (MinutesFixedV1::TYPE, "ignored: of no matter"),
    (TaskIssuedV1::TYPE, "a line of the timeline"),
    (TaskReceivedV1::TYPE, "a line of the timeline"),
    (TaskReportedV1::TYPE, "a line of the timeline, with the paper"),
    (TaskCheckedV1::TYPE, "a line of the timeline"),
    (TaskOverdueV1::TYPE, "a line of the timeline"),
    (ResolutionSetAsideV1::TYPE, "a line of the timeline"),
    (SuggestionsChangedV1::TYPE, "ignored: of no matter"),
];

/// Builds the board.
pub struct BoardHandler;

impl Handler for BoardHandler {
    fn name(&self) -> &'static str {
        NAME
    }

    fn expect<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        messages: &'t [Arc<Message>],
    ) -> BoxFuture<'t, Result<(), StoreError>> {
        Box::pin(async move {
            let ids: BTreeSet<MatterId> = messages.iter().filter_map(|m| m.subject_id.parse().ok()).collect();
            store::expect(tx, &ids.into_iter().collect::<Vec<_>>()).await
        })
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            if [NoticeQueuedV1::TYPE, SuggestionsChangedV1::TYPE].contains(&message.event_type.as_str()) {
                return Ok(Applied::Ignored);
            }
            match decode(message) {
                Ok(fact) => take(tx, &fact, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

fn decode(m: &Message) -> Result<BoardFact, BadMessage> {
    if let Some(read) = conferred::decode(m) {
        return read.map(BoardFact::Conferred);
    }
    if let Some(read) = supervised::decode(m) {
        return read.map(BoardFact::Supervised);
    }
    if let Some(read) = notified::decode(m) {
        return read.map(BoardFact::Notified);
    }
    Ok(match m.event_type.as_str() {
        SubmissionRegisteredV1::TYPE => BoardFact::Registered(Box::new(m.decode()?)),
        SubmissionLinkedV1::TYPE => BoardFact::Linked(m.decode()?),
        ContentOpenedV1::TYPE => BoardFact::Opened(m.decode()?),
        QueryCodeReissuedV1::TYPE => BoardFact::CodeReissued(m.decode()?),
        MatterProposedV1::TYPE => BoardFact::Proposed(m.decode()?),
        MatterScreenedV1::TYPE => BoardFact::Screened(m.decode()?),
        MatterForwardedV1::TYPE => BoardFact::Forwarded(m.decode()?),
        AssignmentRecalledV1::TYPE => BoardFact::Recalled(m.decode()?),
        AssignmentDeliveredV1::TYPE => BoardFact::Delivered(m.decode()?),
        AssignmentSignedV1::TYPE => BoardFact::Signed(m.decode()?),
        MatterAcceptanceNotifiedV1::TYPE => BoardFact::Accepted(m.decode()?),
        AcceptanceDeemedV1::TYPE => BoardFact::Deemed(m.decode()?),
        MatterOpinionIssuedV1::TYPE => BoardFact::Issued(m.decode()?),
        MatterOpinionServedV1::TYPE => BoardFact::Served(m.decode()?),
        MatterClosedV1::TYPE => BoardFact::Closed(m.decode()?),
        ReturnSetAsideV1::TYPE => BoardFact::SetAside(m.decode()?),
        HandlingExtendedV1::TYPE => BoardFact::Extended(m.decode()?),
        AssignmentObjectedV1::TYPE => BoardFact::Objected(m.decode()?),
        ObjectionDecidedV1::TYPE => BoardFact::ObjectionDecided(m.decode()?),
        DisputeRaisedV1::TYPE => BoardFact::DisputeRaised(m.decode()?),
        CoAssignedV1::TYPE => BoardFact::CoAssigned(m.decode()?),
        MatterCoAnsweredV1::TYPE => BoardFact::CoAnswered(m.decode()?),
        CoReleasedV1::TYPE => BoardFact::CoReleased(m.decode()?),
        CompetenceDecidedV1::TYPE => BoardFact::CompetenceDecided(m.decode()?),
        ResolutionSetAsideV1::TYPE => BoardFact::ResolutionSetAside(m.decode()?),
        AgencyListedV1::TYPE => BoardFact::AgencyListed(m.decode()?),
        AgencyChangedV1::TYPE => BoardFact::AgencyListed(m.decode::<AgencyChangedV1>()?.entry),
        AgencyEndedV1::TYPE => BoardFact::AgencyListed(m.decode::<AgencyEndedV1>()?.entry),
        other => {
            let why = "the board knows no fact of this type".to_owned();
            return Err(BadMessage::BadBody { event_type: other.to_owned(), why });
        }
    })
}

async fn take(tx: &mut Tx<'_>, fact: &BoardFact, message: &Message) -> Result<Applied, StoreError> {
    if let BoardFact::AgencyListed(listed) = fact {
        store::list_agency(tx, listed).await?;
        return Ok(Applied::Done);
    }
    let Some(matter) = fact.matter() else { return Ok(Applied::Ignored) };
    if let BoardFact::Linked(linked) = fact
        && matches!(store::seen(tx, linked.matter_id).await?, Known::Nothing)
    {
        // Facts of different submissions come in any order; the other one's timeline must be there.
        return Ok(Applied::Wait);
    }
    let mark = Mark { context: message.context().to_owned(), version: message.version };
    let found = store::seen(tx, matter).await?;
    let row = match found {
        // Nothing that supervision, the conference or notification says of an accusation is kept here.
        Known::Restricted(_)
            if matches!(
                fact,
                BoardFact::Supervised(_) | BoardFact::Conferred(_) | BoardFact::Notified(_)
            ) =>
        {
            return Ok(Applied::Done);
        }
        Known::Restricted(_) => {
            store::mark_restricted(tx, matter, &mark).await?;
            return Ok(Applied::Done);
        }
        Known::Open(row) => Some(*row),
        Known::Nothing => None,
    };
    let before = row.as_ref().map(Slot::of);
    match apply(row, fact, message.version, message.at) {
        Step::Wait => Ok(Applied::Wait),
        Step::Hide => {
            store::hide(tx, matter, before, &mark).await?;
            Ok(Applied::Done)
        }
        Step::Enter(row) | Step::Change(row) => {
            store::put(tx, *row, before.as_ref())?;
            let detail = Detail { by: message.by.clone(), ..Detail::of(fact) };
            store::tell(tx, matter, message, &detail)?;
            if let BoardFact::Linked(linked) = fact {
                // The matter it was attached to may itself be an accusation by now: then it has no timeline.
                if matches!(store::seen(tx, linked.matter_id).await?, Known::Open(_)) {
                    store::tell(tx, linked.matter_id, message, &detail)?;
                }
            }
            Ok(Applied::Done)
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::{MessageKind, registry};

    use super::*;

    #[test]
    fn every_fact_of_the_registry_is_in_the_table() {
        let known: BTreeSet<&str> = FACTS.iter().map(|(name, _)| *name).collect();
        let all: BTreeSet<&str> =
            registry::ALL.iter().filter(|e| e.kind == MessageKind::Fact).map(|e| e.event_type).collect();
        assert_eq!(known, all);
    }
}
