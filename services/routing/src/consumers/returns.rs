//! What agencies return about assignments → facts of routing.

use std::sync::Arc;

use bus::{Applied, Handler};
use contracts::codes::{CoReleaseReason, MatterState};
use contracts::{
    BadMessage, Event, Message,
    agency::{
        AcceptanceNotifiedV1, CoAnsweredV1, CompletedV1, ExtendedV1, InvitationRepliedV1, ObjectedV1,
        OpinionIssuedV1, OpinionServedV1, OrderAcknowledgedV1, OrderRepliedV1, PositionFiledV1, ReceivedV1,
        SignedV1, TaskReceivedV1, TaskReportedV1,
    },
};
use db::{BoxFuture, Draft, StoreError, Tx};
use kernel::{AgencyCode, AssignmentId, Clock, civil_date};

use super::receipts;
use crate::{
    Rules,
    commands::release_co,
    domain::{
        dispute,
        fact::Fact,
        matter::Matter,
        parts,
        returns::{self, Arrival, Return},
    },
    publish::publish,
    store,
};

/// Returns of which another service is the owner.
const IGNORED: &[&str] = &[
    OrderAcknowledgedV1::TYPE,
    OrderRepliedV1::TYPE,
    InvitationRepliedV1::TYPE,
    PositionFiledV1::TYPE,
    TaskReceivedV1::TYPE,
    TaskReportedV1::TYPE,
];

/// Takes in receipts and steps of agencies.
pub struct Returns {
    /// Dates and rules.
    pub rules: Arc<Rules>,
}

impl Handler for Returns {
    fn name(&self) -> &'static str {
        "routing-returns"
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            let Some(agency) = message.source_agency() else {
                return Ok(Applied::Poison("a return without an agency".to_owned()));
            };
            if message.event_type == ReceivedV1::TYPE {
                return match message.decode::<ReceivedV1>() {
                    Ok(receipt) => receipts::take(tx, &self.rules, &agency, &receipt, message).await,
                    Err(bad) => Ok(Applied::Poison(bad.to_string())),
                };
            }
            if IGNORED.contains(&message.event_type.as_str()) {
                return Ok(Applied::Ignored);
            }
            match read(message) {
                Ok(answer) => self.answer(tx, agency, &answer, message).await,
                Err(bad) => Ok(Applied::Poison(bad.to_string())),
            }
        })
    }
}

fn read(message: &Message) -> Result<Return, BadMessage> {
    match message.event_type.as_str() {
        SignedV1::TYPE => message.decode().map(Return::Signed),
        AcceptanceNotifiedV1::TYPE => message.decode().map(Return::Accepted),
        OpinionIssuedV1::TYPE => message.decode().map(Return::Issued),
        OpinionServedV1::TYPE => message.decode().map(Return::Served),
        CompletedV1::TYPE => message.decode().map(Return::Completed),
        ExtendedV1::TYPE => message.decode().map(Return::Extended),
        ObjectedV1::TYPE => message.decode().map(Return::Objected),
        CoAnsweredV1::TYPE => message.decode().map(Return::CoAnswered),
        other => Err(BadMessage::BadBody {
            event_type: other.to_owned(),
            why: "routing owns no return of this type".to_owned(),
        }),
    }
}

impl Returns {
    async fn answer(
        &self,
        tx: &mut Tx<'_>,
        agency: AgencyCode,
        answer: &Return,
        message: &Message,
    ) -> Result<Applied, StoreError> {
        let now = tx.clocks().business.now();
        let Some(mut matter) = store::load(tx, answer.answers().matter_id).await? else {
            return Ok(Applied::Poison("a return about a matter that routing does not have".to_owned()));
        };
        let loaded = matter.version;
        let arrival = Arrival { id: message.id, agency, on: civil_date(now) };
        let fact = returns::decide(&matter, answer, &arrival, &self.rules.law)
            .map_err(|e| StoreError::other(e.to_string()))?;
        co(tx, &mut matter, &fact, message).await?;
        publish(tx, &mut matter, fact, now, Some(message.id)).await?;
        if let Return::Objected(_) = answer {
            self.dispute(tx, &mut matter, answer.answers().assignment_id, message).await?;
        }
        let stated = stated_on(answer);
        let id = answer.answers().assignment_id;
        if let Some(assignment) =
            matter.assignments.iter_mut().find(|a| a.id == id && a.agency == arrival.agency)
        {
            // The stated day is kept beside the one that is used (architecture.md section 5).
            assignment.stated.insert(answer.token().to_owned(), stated);
            store::save_assignment(tx, matter.id, assignment).await?;
        }
        store::save(tx, &matter, loaded, now).await?;
        Ok(Applied::Done)
    }

    /// An objection that was refused before and comes again is a dispute (Art. 24).
    async fn dispute(
        &self,
        tx: &mut Tx<'_>,
        matter: &mut Matter,
        id: AssignmentId,
        message: &Message,
    ) -> Result<(), StoreError> {
        if matter.state != MatterState::Objected {
            return Ok(());
        }
        let now = tx.clocks().business.now();
        let register = store::register(tx).await?;
        let order = dispute::Order { register: &register, route: self.rules.law.profile.dispute_route() };
        if let Some((fact, ruling)) = dispute::after_objection(matter, id, order, civil_date(now)) {
            let ended = CoReleaseReason::LeadEnded;
            release_co::all(tx, matter, ruling.assignment_no, ended, now, Some(message.id)).await?;
            publish(tx, matter, fact, now, Some(message.id)).await?;
            tx.dispatch(&ruling.agency, Draft::of(matter.id, now, &ruling)?).await?;
        }
        Ok(())
    }
}

/// What an answer means for the co-agencies: a part goes to the lead; the lead's opinion, or the end of the matter,
/// ends what is still asked.
async fn co(tx: &mut Tx<'_>, matter: &mut Matter, fact: &Fact, message: &Message) -> Result<(), StoreError> {
    let now = tx.clocks().business.now();
    let (lead_no, reason) = match fact {
        Fact::CoAnswered(part) => {
            let told = parts::passed_on(part);
            tx.dispatch(&told.agency, Draft::of(matter.id, now, &told)?).await?;
            return Ok(());
        }
        Fact::Issued(f) => (f.assignment_no, CoReleaseReason::OpinionSigned),
        Fact::Closed(f) => (f.assignment_no, CoReleaseReason::MatterClosed),
        _ => return Ok(()),
    };
    release_co::all(tx, matter, lead_no, reason, now, Some(message.id)).await
}

fn stated_on(answer: &Return) -> chrono::NaiveDate {
    match answer {
        Return::Signed(r) => r.signed_on,
        Return::Accepted(r) => r.accepted_on,
        Return::Issued(r) => r.issued_on,
        Return::Served(r) => r.served_on,
        Return::Completed(r) => r.completed_on,
        Return::Objected(r) => r.objected_on,
        Return::Extended(r) => r.granted_on,
        Return::CoAnswered(r) => r.answered_on,
    }
}
