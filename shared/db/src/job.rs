//! A job of the write path, with its type forgotten, as the writer sees it.

use futures::future::BoxFuture;
use kernel::By;
use tokio::sync::oneshot;
use tracing::{Instrument, Span};

use crate::{StoreError, Tx};

/// Runs once or more often, then answers once.
pub(crate) trait Job: Send {
    /// Runs it inside a transaction and keeps what it gives.
    fn run<'t>(&'t mut self, tx: &'t mut Tx<'_>) -> BoxFuture<'t, Result<(), StoreError>>;
    /// Tells the caller: what the last run gave when the commit went well, else why not.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

pub(crate) struct Asked<T, F> {
    pub(crate) work: F,
    pub(crate) given: Option<T>,
    pub(crate) reply: oneshot::Sender<Result<T, StoreError>>,
    /// The caller's span: what the job publishes belongs to the caller's trace.
    pub(crate) span: Span,
    /// The person who gave the command: what the job publishes is in that person's name.
    pub(crate) by: Option<By>,
}

impl<T, F> Job for Asked<T, F>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx<'_>) -> BoxFuture<'t, Result<(), StoreError>> {
        Box::pin(async move {
            self.given = None;
            tx.act_for(self.by.clone());
            let run = (self.work)(tx);
            self.given = Some(run.instrument(self.span.clone()).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { given, reply, .. } = *self;
        let answer = outcome.and_then(|()| given.ok_or_else(|| StoreError::other("the job gave nothing")));
        // A caller that went away does not want the answer; its work stands all the same.
        drop(reply.send(answer));
    }
}
