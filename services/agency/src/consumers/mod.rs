//! What comes from the office: the table dispatch → what the agency does. The order of each sender's
//! numbers, parked gaps and the receipts are the bus's ([`bus::ConsumerLoop::dispatches`]).

mod assignment;
mod co;
mod meeting;
mod order;
mod recall;
mod resolution_task;
mod ruling;

use std::sync::Arc;

use bus::{Applied, Handler};
use contracts::{
    Event, Message,
    meetings::{
        CancellationDispatchV1, MeetingDispatchV1, MinutesDispatchV1, TaskDispatchV1, TaskVerdictDispatchV1,
    },
    routing::{
        AssignmentDispatchV1, CoAnswerDispatchV1, CoChangeDispatchV1, RecallDispatchV1, RulingDispatchV1,
    },
    supervision::{OrderDispatchV1, VerdictDispatchV1},
};
use db::{BoxFuture, StoreError, Tx};
use kernel::{AgencyCode, MatterId, MeetingId};

use crate::{
    Deps,
    store::webhooks::{self, Dispatched},
    webhooks::event,
};

/// The consumer's name: the key of its inbox. One database has one agency, so one name serves.
pub const NAME: &str = "agency";

/// Who numbers dispatches for an agency.
pub const SENDERS: &[&str] = &["routing", "supervision", "meetings"];

/// Every type of dispatch that an agency acts on.
pub const TYPES: &[&str] = &[
    AssignmentDispatchV1::TYPE,
    RecallDispatchV1::TYPE,
    OrderDispatchV1::TYPE,
    VerdictDispatchV1::TYPE,
    RulingDispatchV1::TYPE,
    MeetingDispatchV1::TYPE,
    CancellationDispatchV1::TYPE,
    MinutesDispatchV1::TYPE,
    TaskDispatchV1::TYPE,
    TaskVerdictDispatchV1::TYPE,
    CoAnswerDispatchV1::TYPE,
    CoChangeDispatchV1::TYPE,
];

/// Takes in what is dispatched to one agency.
pub struct Dispatches {
    deps: Arc<Deps>,
}

impl Dispatches {
    /// The consumer of an agency.
    #[must_use]
    pub fn new(deps: Arc<Deps>) -> Self {
        Self { deps }
    }

    async fn take(&self, tx: &mut Tx<'_>, message: &Message) -> Result<Applied, StoreError> {
        let envelope = match message.event_type.as_str() {
            AssignmentDispatchV1::TYPE => {
                message.decode::<AssignmentDispatchV1>().map(|d| Dispatch::Assignment(Box::new(d)))
            }
            RecallDispatchV1::TYPE => message.decode::<RecallDispatchV1>().map(Dispatch::Recall),
            RulingDispatchV1::TYPE => message.decode::<RulingDispatchV1>().map(Dispatch::Ruling),
            CoAnswerDispatchV1::TYPE => message.decode().map(|d| Dispatch::CoAnswer(Box::new(d))),
            CoChangeDispatchV1::TYPE => message.decode().map(|d| Dispatch::CoChange(Box::new(d))),
            MeetingDispatchV1::TYPE => message.decode().map(|d| Dispatch::Meeting(Box::new(d))),
            CancellationDispatchV1::TYPE => message.decode().map(Dispatch::Cancellation),
            MinutesDispatchV1::TYPE => message.decode().map(Dispatch::Minutes),
            TaskDispatchV1::TYPE => message.decode().map(|d| Dispatch::Task(Box::new(d))),
            TaskVerdictDispatchV1::TYPE => message.decode().map(Dispatch::TaskVerdict),
            OrderDispatchV1::TYPE => message.decode().map(|d| Dispatch::Order(Box::new(d))),
            VerdictDispatchV1::TYPE => message.decode().map(Dispatch::Verdict),
            other => return Ok(Applied::Poison(format!("an agency does not know `{other}`"))),
        };
        let dispatch = match envelope {
            Ok(dispatch) => dispatch,
            // The reason names type and field, never a value.
            Err(_) => return Ok(Applied::Poison(format!("body of `{}` does not fit", message.event_type))),
        };
        if let Some(why) = self.foreign(message, &dispatch) {
            return Ok(Applied::Poison(why.to_owned()));
        }
        match dispatch {
            Dispatch::Assignment(assignment) => {
                assignment::take(tx, &self.deps.law, *assignment, message.id).await
            }
            Dispatch::Recall(recall) => recall::take(tx, &recall).await,
            Dispatch::Ruling(ruling) => ruling::take(tx, &ruling).await,
            Dispatch::CoAnswer(answer) => co::answered(tx, &answer).await,
            Dispatch::CoChange(change) => co::changed(tx, &change).await,
            Dispatch::Meeting(d) => meeting::invited(tx, *d, message.id).await,
            Dispatch::Cancellation(d) => meeting::cancelled(tx, &d).await,
            Dispatch::Minutes(d) => meeting::fixed(tx, &d).await,
            Dispatch::Task(d) => resolution_task::take(tx, *d, message.id).await,
            Dispatch::TaskVerdict(d) => resolution_task::judged(tx, &d).await,
            Dispatch::Order(order) => order::take(tx, *order, message.id).await,
            Dispatch::Verdict(verdict) => order::judged(tx, &verdict).await,
        }
    }

    /// Nothing of another agency, and nothing from a sender that does not own the type, can enter.
    fn foreign(&self, message: &Message, dispatch: &Dispatch) -> Option<&'static str> {
        let Some(seal) = &message.dispatch else { return Some("a dispatch without its number") };
        if seal.agency != self.deps.code || *dispatch.agency() != self.deps.code {
            return Some("dispatched to another agency");
        }
        if seal.sender != message.context() || message.source != format!("lianxi/{}", seal.sender) {
            return Some("sent by one who does not own the type");
        }
        if message.subject_id != dispatch.subject() {
            return Some("envelope and body name different matters");
        }
        None
    }
}

enum Dispatch {
    Assignment(Box<AssignmentDispatchV1>),
    Recall(RecallDispatchV1),
    Ruling(RulingDispatchV1),
    CoAnswer(Box<CoAnswerDispatchV1>),
    CoChange(Box<CoChangeDispatchV1>),
    Meeting(Box<MeetingDispatchV1>),
    Cancellation(CancellationDispatchV1),
    Minutes(MinutesDispatchV1),
    Task(Box<TaskDispatchV1>),
    TaskVerdict(TaskVerdictDispatchV1),
    Order(Box<OrderDispatchV1>),
    Verdict(VerdictDispatchV1),
}

impl Dispatch {
    fn agency(&self) -> &AgencyCode {
        match self {
            Self::Assignment(d) => &d.agency,
            Self::Recall(d) => &d.agency,
            Self::Ruling(d) => &d.agency,
            Self::CoAnswer(d) => &d.agency,
            Self::CoChange(d) => &d.agency,
            Self::Meeting(d) => &d.agency,
            Self::Cancellation(d) => &d.agency,
            Self::Minutes(d) => &d.agency,
            Self::Task(d) => &d.agency,
            Self::TaskVerdict(d) => &d.agency,
            Self::Order(d) => &d.agency,
            Self::Verdict(d) => &d.agency,
        }
    }

    /// What the envelope names: the matter, or the meeting.
    fn subject(&self) -> String {
        self.matter_id().map_or_else(|meeting| meeting.to_string(), |matter| matter.to_string())
    }

    fn matter_id(&self) -> Result<MatterId, MeetingId> {
        match self {
            Self::Assignment(d) => Ok(d.matter_id),
            Self::Recall(d) => Ok(d.matter_id),
            Self::Ruling(d) => Ok(d.matter_id),
            Self::CoAnswer(d) => Ok(d.matter_id),
            Self::CoChange(d) => Ok(d.matter_id),
            Self::Meeting(d) => Err(d.terms.meeting_id),
            Self::Cancellation(d) => Err(d.meeting_id),
            Self::Minutes(d) => Err(d.meeting_id),
            Self::Task(d) => Ok(d.matter_id),
            Self::TaskVerdict(d) => Ok(d.matter_id),
            Self::Order(d) => Ok(d.matter_id),
            Self::Verdict(d) => Ok(d.matter_id),
        }
    }
}

impl Handler for Dispatches {
    fn name(&self) -> &'static str {
        NAME
    }

    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx<'_>,
        message: &'t Message,
    ) -> BoxFuture<'t, Result<Applied, StoreError>> {
        Box::pin(async move {
            let applied = self.take(tx, message).await?;
            // With its effect, in the same transaction: what was taken in is announced, once.
            if applied == Applied::Done {
                let body = event::of(message);
                let dispatched = Dispatched { id: message.id, event_type: &message.event_type, body: &body };
                webhooks::queue(tx, &dispatched).await?;
            }
            Ok(applied)
        })
    }
}
