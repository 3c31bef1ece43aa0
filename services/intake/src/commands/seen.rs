//! A look at sealed things is logged and published before anything is answered.

use contracts::{
    codes::{ContentPart, OpenPurpose},
    intake::{ContentOpenedV1, Unit},
};
use db::{StoreError, Tx};
use kernel::{Actor, AgencyCode, Clock, Refusal, SubmissionId, UnixMillis, UserId};

use crate::{
    Intake,
    domain::{fact::Fact, rights},
    error, publish,
    store::{self, Reveal, Seen, Submission},
};

/// Who looks.
#[derive(Clone, Debug)]
pub enum Looker {
    /// A person of the office.
    Office(UserId),
    /// An agency; its own node knows the person.
    Agency(AgencyCode),
    /// The notification service, by itself or for a person who prints.
    Notification(Option<UserId>),
}

/// One look at a part of a submission.
#[derive(Clone, Debug)]
pub struct Look {
    /// Whose.
    pub submission: SubmissionId,
    /// By whom.
    pub by: Looker,
    /// At what.
    pub part: ContentPart,
    /// Why.
    pub purpose: OpenPurpose,
    /// When, business clock.
    pub at: UnixMillis,
}

impl Look {
    /// Writes the log and the fact in the caller's transaction.
    ///
    /// # Errors
    /// What the store says; then nothing may be shown.
    pub async fn record(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let (unit, agency, actor) = match &self.by {
            Looker::Office(user) => (Unit::Office, None, Some(*user)),
            Looker::Agency(code) => (Unit::Agency(code.clone()), Some(code.clone()), None),
            Looker::Notification(user) => (Unit::Notification, None, *user),
        };
        let reveal = Reveal {
            submission: Some(self.submission),
            at: self.at,
            agency,
            notification: matches!(self.by, Looker::Notification(_)),
            actor,
            seen: Seen::Part(self.part),
            purpose: self.purpose,
        };
        store::log_reveal(tx, &reveal).await?;
        let fact = Fact::Opened(ContentOpenedV1 {
            submission_id: self.submission,
            unit,
            part: self.part,
            purpose: self.purpose,
        });
        tx.publish(publish::draft(&fact, self.at)?).await.map(|_| ())
    }
}

/// A look by a person of the office: checked, recorded and committed. The right is judged once more inside the
/// transaction, so that a submission found to be an accusation meanwhile stays shut.
///
/// # Errors
/// A role that may not, a submission that is not there (or not for this role), or the store.
pub async fn by_office(
    intake: &Intake,
    actor: &Actor,
    id: SubmissionId,
    part: ContentPart,
    purpose: OpenPurpose,
) -> Result<Submission, Refusal> {
    let right = match part {
        ContentPart::Text | ContentPart::Attachment => rights::Look::Content,
        ContentPart::Contact => rights::Look::Identity,
    };
    // A refusal costs no place in the queue of writers.
    let row = intake.submission(id).await?;
    rights::look(actor, right, row.map(|r| r.restricted))?;
    let look = Look {
        submission: id,
        by: Looker::Office(actor.user),
        part,
        purpose,
        at: intake.clocks.business.now(),
    };
    let actor = actor.clone();
    intake
        .write(move |tx| {
            let (look, actor) = (look.clone(), actor.clone());
            Box::pin(async move {
                let row = store::submission(tx, look.submission).await?;
                if let Err(refusal) = rights::look(&actor, right, row.as_ref().map(|r| r.restricted)) {
                    return Ok(Err(refusal));
                }
                look.record(tx).await?;
                Ok(row.ok_or_else(|| error::NO_SUCH_SUBMISSION.refuse()))
            })
        })
        .await?
}
