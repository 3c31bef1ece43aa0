//! A command under its caller's key is done once, in the transaction of its effect. A refusal is not kept: nothing
//! was done, and the same request may come again.

use contracts::Command;
use db::{
    BoxFuture, Db, StoreError, Tx,
    answered::{self, Claim, Request},
};
use kernel::{ErrorDef, ErrorKind, Refusal, WhoActs};
use serde::{Serialize, de::DeserializeOwned};

use crate::door::Asked;

/// The key stands for another request of the same caller.
pub static REQUEST_REUSED: ErrorDef = ErrorDef {
    code: "request_reused",
    kind: ErrorKind::Invalid,
    acts: WhoActs::Sender,
    article: None,
    zh: "同一请求号（Idempotency-Key）已用于另一项内容不同的请求；请换用新的请求号。",
    en: "This idempotency key was used for another request; send this one with a key of its own.",
};

/// What a job of a command says: a refusal is a value and commits.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

impl<C: Command> Asked<C> {
    /// The request under its caller's key, when it has one.
    #[must_use]
    pub fn request(&self) -> Option<Request> {
        let key = self.idempotency_key.as_deref()?;
        let body = serde_json::to_vec(&self.command).ok()?;
        Some(Request::of(&self.actor.user.to_string(), key, C::NAME, &body))
    }
}

/// Runs a command's one transaction; under a key once.
///
/// # Errors
/// What the job says, or the store.
pub async fn write<R, F>(db: &Db, request: Option<Request>, job: F) -> Outcome<R>
where
    R: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Outcome<R>> + Send + Sync + Clone + 'static,
{
    turn(db, request, (|reply| reply, |reply| Some(reply)), job).await
}

/// Runs one transaction of a command that takes several: `done` makes the outcome of an answer that is known, and
/// `answer` says what the command's answer is, if this turn was the last.
///
/// # Errors
/// What the job says, or the store.
pub async fn turn<R, T, F>(
    db: &Db,
    request: Option<Request>,
    (done, answer): (fn(R) -> T, fn(&T) -> Option<&R>),
    job: F,
) -> Outcome<T>
where
    R: Serialize + DeserializeOwned + Send + Sync + 'static,
    T: Send + Sync + 'static,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Outcome<T>> + Send + Sync + Clone + 'static,
{
    let Some(request) = request else { return db.write(job).await };
    let outcome = db
        .write(move |tx| {
            let (request, job) = (request.clone(), job.clone());
            Box::pin(async move {
                match tx.claim::<R>(&request).await? {
                    Claim::New => {}
                    Claim::Answered(reply) => return Ok(Ok(done(reply))),
                    Claim::Other => return Ok(Err(REQUEST_REUSED.refuse().at("idempotency-key"))),
                }
                let outcome = job(tx).await?;
                match outcome.as_ref().ok().and_then(answer) {
                    Some(reply) => tx.keep_answer(&request, reply).await?,
                    None => tx.give_up(&request).await?,
                }
                Ok(outcome)
            })
        })
        .await;
    if let Err(error) = answered::forget_now_and_then(db).await {
        tracing::warn!(%error, "old answers are forgotten later");
    }
    outcome
}
